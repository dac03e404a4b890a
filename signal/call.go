package signal

import (
	"context"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/sfu"
	"github.com/gorilla/websocket"
)

// credentialsEvery is how often sessions get fresh TURN credentials; it is well under their lifetime of 5 minutes (turn.Config).
const credentialsEvery = 2 * time.Minute

// call is one consultation with somebody connected: the actor that brings consult's truth, the sessions and the media room into line.
type call struct {
	// static after newCall
	hub  *Hub
	id   consult.ConsultationID
	log  *slog.Logger
	box  *mailbox
	quit chan struct{} // closed by stop

	// guarded by Hub.mu
	needed       int               // sessions, knocks, and joins under way
	practitioner consult.AccountID // written by run alone, which may read it without the lock

	attendance atomic.Pointer[map[consult.ParticipantID]attendance] // what desks read

	// owned by run
	consultation consult.Consultation
	changed      <-chan struct{}    // consult's wake-ups for this practitioner; nil: there are none any more
	unwatch      context.CancelFunc // ends changed
	watchAgain   func()             // for another practitioner
	sessions     map[SessionID]*session
	knocks       map[consult.ParticipantID]*knock
	speaking     []consult.ParticipantID
	quality      map[consult.ParticipantID]sfu.Level
	hasChat      bool // somebody wrote, since this call began here
}

func newCall(h *Hub, c consult.Consultation) *call {
	return &call{
		hub: h, id: c.ID, practitioner: c.Practitioner, log: h.log.With("consultation", c.ID),
		box: newMailbox(), quit: make(chan struct{}),
		consultation: c, sessions: make(map[SessionID]*session), knocks: make(map[consult.ParticipantID]*knock), quality: make(map[consult.ParticipantID]sfu.Level),
	}
}

// stop ends run; the call is out of the registry by then.
func (k *call) stop() { close(k.quit) }

// run does what is posted, in order, and reconciles whenever consult says that something changed.
func (k *call) run(ctx context.Context) {
	ctx, cancel := context.WithCancel(ctx)
	k.watch(ctx)
	k.watchAgain = func() {
		k.unwatch()
		k.watch(ctx)
	}
	credentials := time.NewTicker(credentialsEvery)
	defer func() {
		credentials.Stop()
		cancel()
		k.box.close()
		for _, knocker := range k.knocks {
			knocker.timer.Stop()
		}
		k.disconnectAll()
	}()
	for {
		select {
		case <-k.box.wake:
			for _, f := range k.box.take() {
				k.guard(f)
			}
		case _, ok := <-k.changed:
			if !ok { // the store is closing
				k.changed = nil
				continue
			}
			k.guard(k.reconcile)
		case <-credentials.C:
			for _, s := range k.sessions {
				s.send(iceServersEvent{reply: reply{Type: "ice-servers"}, ICEServers: k.hub.relay.ICEServers(s.id)})
			}
		case <-k.quit:
			return
		case <-ctx.Done():
			return
		}
	}
}

// watch wakes the call whenever consult says that something of this practitioner's changed. Without a store there is nothing to wake for.
func (k *call) watch(ctx context.Context) {
	ctx, k.unwatch = context.WithCancel(ctx)
	changed, err := k.hub.practice.Watch(ctx, k.practitioner)
	if err != nil {
		k.log.Error("can't watch the consultation", "err", err)
	}
	k.changed = changed
}

// moveTo goes over to the colleague to whom the consultation was passed on: who passed it on is out of the call, and those who wait
// come to the colleague's desk. What changed before the new watch began is for the caller to read.
func (k *call) moveTo(c consult.Consultation) {
	for _, s := range k.sessions {
		if _, seated := c.Participant(s.participant); !seated {
			k.end(s, "passed")
		}
	}
	before := k.practitioner
	k.hub.mu.Lock()
	k.practitioner = c.Practitioner
	k.hub.mu.Unlock()
	k.watchAgain()
	k.hub.accountChanged(before)
	k.hub.accountChanged(k.practitioner)
	for _, waits := range c.Waiting() {
		k.hub.announce(c, waits)
	}
}

// guard keeps a panic in one consultation from the others.
func (k *call) guard(f func()) {
	defer func() {
		if p := recover(); p != nil {
			k.hub.panics.Add(1)
			k.log.Error("panic in a call", "panic", p)
		}
	}()
	f()
}

// disconnectAll is the end of run: the peers go, the websockets are closed by whoever stopped us.
func (k *call) disconnectAll() {
	for _, s := range k.sessions {
		k.drop(s)
	}
}

// reconcile brings the sessions into line with what consult holds now.
func (k *call) reconcile() {
	c, err := k.hub.practice.Consultation(k.id)
	if err != nil {
		k.log.Error("can't read the consultation", "err", err)
		return
	}
	k.reconcileWith(c)
}

// reconcileWith is reconcile for who has just read the consultation.
func (k *call) reconcileWith(c consult.Consultation) {
	if c.Practitioner != k.practitioner {
		k.moveTo(c)
		var err error
		if c, err = k.hub.practice.Consultation(k.id); err != nil {
			k.log.Error("can't read the consultation", "err", err)
			return
		}
	}
	k.consultation = c
	for _, s := range k.sessions {
		if c.State == consult.StateEnded {
			k.end(s, "ended")
			continue
		}
		switch place := k.placeOf(s.participant); {
		case place == consult.PlaceCall && !s.inRoom:
			k.enterRoom(s)
		case place == consult.PlaceWaiting && s.inRoom:
			k.withdraw(s)
		case place != consult.PlaceCall && place != consult.PlaceWaiting:
			k.end(s, "declined")
		}
	}
	k.tellParticipants()
	k.tellWaiting()
	k.tellDocuments()
	k.tellVisit()
}

// enterRoom is the moment of admission: the media flows without a renegotiation.
func (k *call) enterRoom(s *session) {
	if err := k.hub.media.Enter(s.peer, sfu.RoomID(k.id)); err != nil {
		k.log.Error("can't enter the media room", "session", s.id, "err", err)
		return
	}
	s.inRoom, s.told = true, nil
	s.send(admittedEvent{reply: reply{Type: "admitted"}, Consultation: k.view()})
	k.tellChat(s)
	if s.role == consult.RolePractitioner {
		k.hub.practitionerIn(k.practitioner, +1)
	}
	if s.mediaUp {
		k.markConnected(s)
	}
}

// withdraw is the way back to the waiting room.
func (k *call) withdraw(s *session) {
	if err := k.hub.media.Withdraw(s.peer); err != nil {
		k.log.Error("can't leave the media room", "session", s.id, "err", err)
	}
	k.outOfRoom(s)
	s.publications = nil
}

func (k *call) outOfRoom(s *session) {
	if s.inRoom && s.role == consult.RolePractitioner {
		k.hub.practitionerIn(k.practitioner, -1)
	}
	s.inRoom, s.hasChat, s.told = false, false, nil
}

// markConnected and markLost tell consult how the media stands; it decides what state that makes.
func (k *call) markConnected(s *session) {
	k.keep(k.hub.practice.Connected(k.id, s.participant))
}

func (k *call) markLost(s *session) {
	k.keep(k.hub.practice.Lost(k.id, s.participant))
}

// keep takes the consultation over as it is now. Whoever hangs up loses their media in the same moment: then the consultation has ended, or
// they have left, already, and the wake-up that says so is on its way.
func (k *call) keep(c consult.Consultation, err error) {
	switch code := consult.CodeOf(err); {
	case err == nil:
		k.consultation = c
	case code == consult.CodeConflict || code == consult.CodeNotFound:
	default:
		k.log.Error("can't record the state of the call", "err", err)
	}
}

// end is the last that a session hears.
func (k *call) end(s *session, reason string) {
	s.send(endedEvent{reply: reply{Type: "ended"}, Reason: reason})
	if s.conn != nil {
		s.conn.close(websocket.CloseNormalClosure)
	}
	k.drop(s)
}

// drop forgets a session and its peer.
func (k *call) drop(s *session) {
	if s.ended {
		return
	}
	s.ended = true
	if s.expiry != nil {
		s.expiry.Stop()
	}
	k.outOfRoom(s)
	delete(k.sessions, s.id)
	delete(k.quality, s.participant)
	k.hub.unregister(s)
	k.hub.media.Disconnect(s.peer)
	k.hub.relay.Drop(s.id)
	k.seatFree(s.participant)
	k.publishPresence()
	k.hub.release(k)
}

// lose is told when the websocket of a session is gone: the session waits for it to come back.
func (k *call) lose(s *session, c *conn) {
	if s.ended || s.conn != c {
		return
	}
	s.conn = nil
	s.expiry = time.AfterFunc(k.hub.cfg.ResumeWithin, func() {
		k.box.post(func() { k.expire(s) })
	})
	k.seatFree(s.participant)
	k.tellParticipants()
}

// expire gives up on a session whose websocket did not come back. The seat stays: the same ticket joins again.
func (k *call) expire(s *session) {
	if s.ended || s.conn != nil {
		return
	}
	inRoom := s.inRoom
	k.drop(s)
	if inRoom {
		k.markLost(s)
	}
	k.tellParticipants()
}

// handleMedia takes in what the media server says of a peer or of the room.
func (k *call) handleMedia(e sfu.Event) {
	switch e := e.(type) {
	case sfu.PeerUp:
		if s := k.byPeer(e.Peer); s != nil {
			s.mediaUp, s.mediaLost = true, false
			if s.inRoom {
				k.markConnected(s)
			}
			k.tellParticipants()
		}
	case sfu.PeerLost:
		k.mediaGone(e.Peer)
	case sfu.PeerFailed:
		k.mediaGone(e.Peer)
	case sfu.LanesEvent:
		if s := k.byPeer(e.Peer); s != nil {
			s.lanes = k.lanesView(e)
			s.tell(s.lanes)
		}
	case sfu.SpeakingEvent:
		k.speaking = k.participantsOf(e.Peers)
		k.tellCall(k.speakingEvent())
	case sfu.QualityEvent:
		if s := k.byPeer(e.Peer); s != nil {
			k.quality[s.participant] = e.Level
			k.tellCall(k.qualityEvent())
		}
	}
}

func (k *call) mediaGone(p sfu.PeerID) {
	s := k.byPeer(p)
	if s == nil {
		return
	}
	s.mediaLost = true
	if s.inRoom && s.mediaUp {
		k.markLost(s)
	}
	s.mediaUp = false
	k.tellParticipants()
}

func (k *call) byPeer(p sfu.PeerID) *session { return k.sessions[SessionID(p)] }

func (k *call) participantsOf(peers []sfu.PeerID) []consult.ParticipantID {
	out := make([]consult.ParticipantID, 0, len(peers))
	for _, p := range peers {
		if s := k.byPeer(p); s != nil {
			out = append(out, s.participant)
		}
	}
	return out
}

func (k *call) placeOf(p consult.ParticipantID) consult.Place {
	for _, q := range k.consultation.Participants {
		if q.ID == p {
			return q.Place
		}
	}
	return consult.PlaceLeft
}
