package signal

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/document"
	"github.com/colloque/colloque/sfu"
)

// The snapshots that a call sends. Each replaces what the one before it said (docs/protocol.md).

// view is the consultation as its participants see it.
func (k *call) view() consultationView {
	c := k.consultation
	v := consultationView{ID: c.ID, State: c.State, Practitioner: c.PractitionerName, CreatedAt: c.CreatedAt.UTC()}
	v.LiveAt, v.ScheduledAt = timeOrNil(c.LiveAt), timeOrNil(c.ScheduledAt)
	return v
}

// timeOrNil leaves out what has not happened.
func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// waitingView is what somebody in the waiting room is told; nil when the participant does not wait.
func (k *call) waitingView(p consult.ParticipantID) *waitingView {
	i := slices.IndexFunc(k.consultation.Participants, func(q consult.Participant) bool { return q.ID == p })
	if i < 0 || k.consultation.Participants[i].Place != consult.PlaceWaiting {
		return nil
	}
	who := k.consultation.Participants[i]
	v := &waitingView{
		Since: who.WaitingSince.UTC(), Practitioner: k.hub.Availability(k.practitioner), Name: k.consultation.PractitionerName,
		Message: messageOf(who),
	}
	if who.Role == consult.RolePatient {
		v.Where = &whereView{who.Where.Place, who.CallBack()}
	}
	if d, ok, err := k.hub.practice.DelayOf(k.practitioner); err != nil {
		k.log.Error("can't read the delay", "err", err)
	} else if ok {
		v.Delay = delayOf(d)
	}
	return v
}

func messageOf(p consult.Participant) *messageView {
	if p.Message == "" {
		return nil
	}
	return &messageView{Text: p.Message, At: p.MessageAt.UTC()}
}

func delayOf(d consult.Delay) *delayView {
	return &delayView{Minutes: d.Minutes, SaidAt: d.SaidAt.UTC()}
}

// tellWaiting sends each who waits how long it may take.
func (k *call) tellWaiting() {
	for _, s := range k.sessions {
		if v := k.waitingView(s.participant); v != nil {
			s.tell(waitingEvent{reply: reply{Type: "waiting"}, waitingView: *v})
		}
	}
}

// participantsEvent names those in the call, and nobody who waits: waiting patients never learn of each other.
func (k *call) participantsEvent() participantsEvent {
	e := participantsEvent{reply: reply{Type: "participants"}, Consultation: k.view(), Participants: []participantView{}}
	for _, p := range k.consultation.Participants {
		if p.Place != consult.PlaceCall {
			continue
		}
		v := participantView{ID: p.ID, Role: p.Role, As: p.As, Name: p.Name, Presence: presenceAway, Publications: []publicationView{}}
		if s := k.byParticipant(p.ID); s != nil {
			v.Presence = s.presence()
			v.Publications = append(v.Publications, s.publications...)
		}
		e.Participants = append(e.Participants, v)
	}
	return e
}

func (k *call) byParticipant(p consult.ParticipantID) *session {
	for _, s := range k.sessions {
		if s.participant == p {
			return s
		}
	}
	return nil
}

// tellParticipants sends everybody in the call who is in it, and the practitioner's desks who is here.
func (k *call) tellParticipants() {
	k.tellCall(k.participantsEvent())
	k.publishPresence()
}

// publishPresence lets desks read who is here.
func (k *call) publishPresence() {
	now := make(map[consult.ParticipantID]attendance, len(k.sessions))
	for _, s := range k.sessions {
		now[s.participant] = attendance{s.presence(), k.knocks[s.participant] != nil}
	}
	if old := k.attendance.Swap(&now); old == nil || !maps.Equal(*old, now) {
		k.hub.presenceChanged(k.practitioner)
	}
}

// tellCall tells those in the call how something stands: the same to all, so it is encoded once.
func (k *call) tellCall(e event) {
	b, err := json.Marshal(e)
	if err != nil {
		k.log.Error("message not encodable", "err", err)
		return
	}
	for _, s := range k.sessions {
		if s.inRoom {
			s.tellBytes(e.kind(), b)
		}
	}
}

func (k *call) speakingEvent() speakingEvent {
	return speakingEvent{reply: reply{Type: "speaking"}, Participants: append([]consult.ParticipantID{}, k.speaking...)}
}

func (k *call) qualityEvent() qualityEvent {
	e := qualityEvent{reply: reply{Type: "quality"}, Participants: []qualityView{}}
	for _, id := range slices.Sorted(maps.Keys(k.quality)) {
		e.Participants = append(e.Participants, qualityView{ID: id, Level: k.quality[id]})
	}
	return e
}

// lanesView names participants where the media server names peers.
func (k *call) lanesView(e sfu.LanesEvent) lanesEvent {
	v := lanesEvent{reply: reply{Type: "lanes"}, Lanes: []laneView{}, Missing: e.Missing}
	for _, l := range e.Lanes {
		if s := k.byPeer(l.Of); s != nil {
			v.Lanes = append(v.Lanes, laneView{Mid: l.Mid, Participant: s.participant, Source: l.Source})
		}
	}
	return v
}

// tellAll sends a session one of each event that holds, after join and resume.
func (k *call) tellAll(s *session) {
	if k.knocks[s.participant] != nil {
		k.tellKnock(s)
	}
	if !s.inRoom {
		return
	}
	s.tell(k.participantsEvent())
	s.tell(s.lanes)
	s.tell(k.speakingEvent())
	s.tell(k.qualityEvent())
}

// tellChat sends the patient who comes in what was written before.
func (k *call) tellChat(s *session) {
	if s.hasChat {
		return
	}
	chat, err := k.hub.chatFor(k.id, s.role)
	if err != nil {
		k.log.Error("can't read the chat", "err", err)
		return
	}
	s.hasChat = true
	if len(chat) > 0 {
		s.send(chatEvent{reply: reply{Type: "chat"}, Messages: chatLines(chat)})
	}
}

// chatFor is what was written so far, for those whom it was written for: guests and interpreters read what is written while they are there.
func (h *Hub) chatFor(id consult.ConsultationID, role consult.Role) ([]consult.Message, error) {
	if role != consult.RolePractitioner && role != consult.RolePatient {
		return nil, nil
	}
	return h.practice.Chat(id, "")
}

func chatLines(ms []consult.Message) []chatLine {
	out := make([]chatLine, 0, len(ms))
	for _, m := range ms {
		out = append(out, chatLine{ID: m.ID, From: m.From, Name: m.Name, Text: m.Text, At: m.At.UTC()})
	}
	return out
}

// tellDocuments sends everybody, those who wait too, the documents that they may know of, and patients whether messages stay for them.
// Before there is one there is nothing to say.
func (k *call) tellDocuments() {
	if k.hub.documents == nil {
		return
	}
	if err := k.hub.documents.EnsureCodes(k.consultation); err != nil {
		k.log.Error("can't give a code for the messages", "err", err)
	}
	for _, s := range k.sessions {
		p, ok := k.consultation.Participant(s.participant)
		if !ok {
			continue
		}
		list, err := k.hub.documents.List(document.Viewer{Consultation: k.consultation, Participant: p})
		if err != nil {
			k.log.Error("can't list the documents", "session", s.id, "err", err)
			continue
		}
		if len(list.Documents) > 0 || list.Messages || s.hasDocuments {
			s.hasDocuments = true
			s.tell(documentsEvent{reply{Type: "documents"}, list})
		}
	}
}
