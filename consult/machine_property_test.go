package consult

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
	"time"
)

// TestRandomSequences walks at random through what can happen and checks after each step what must always
// hold. A failure prints the seed and the way there.
func TestRandomSequences(t *testing.T) {
	for seed := range uint64(400) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { walk(t, rand.New(rand.NewPCG(seed, 7))) })
	}
}

// model is the little that the invariants need to know of the past.
type model struct {
	owner    AccountID                   // whose consultation it is now
	admitted map[ParticipantID]bool      // by the practitioner, and not sent back
	since    map[ParticipantID]time.Time // first arrival that counts
	seats    map[ParticipantID]bool      // of practitioners, of now and before
}

const (
	opens = 30 * time.Second // before its time; the walk takes about two minutes
	soon  = time.Minute
)

func walk(t *testing.T, random *rand.Rand) {
	c := newConsultation("c_1", Practitioner{ID: owner}, Participant{ID: thePat, Role: RolePatient, Place: PlaceInvited}, t0)
	if random.IntN(2) == 0 {
		c.ScheduledAt = t0.Add(soon)
	}
	m := model{owner, map[ParticipantID]bool{}, map[ParticipantID]time.Time{}, map[ParticipantID]bool{}}
	m.admitted[c.Participants[0].ID], m.seats[c.Participants[0].ID] = true, true
	var way []string
	now := t0
	for range 120 {
		s := randomStep(random, c, m.owner)
		way = append(way, fmt.Sprintf("%s(%s by %s)", s.action, s.participant, s.by))
		now = now.Add(time.Duration(random.IntN(3)) * time.Second)
		before := deepCopy(c)
		next, changed, err := c.apply(s, now)
		if !reflect.DeepEqual(before, c) {
			t.Fatalf("apply changed its receiver: %v", way)
		}
		if problem := m.checkDoor(before, s, now, err); problem != "" {
			t.Fatalf("%s\nafter %v\n%+v", problem, way, next)
		}
		if err == nil {
			m.note(s, next, now)
		}
		if problem := m.check(before, next, s, changed, err); problem != "" {
			t.Fatalf("%s\nafter %v\n%+v", problem, way, next)
		}
		c = next
	}
}

func randomStep(random *rand.Rand, c Consultation, of AccountID) step {
	actions := []Action{
		ActionArrive, ActionArrive, ActionAdmit, ActionAdmit, ActionSendBack, ActionDecline, ActionLeave,
		ActionConnected, ActionConnected, ActionLost, ActionInvite, ActionTest, ActionAbsent, ActionExpected, ActionMessage,
		ActionPass, ActionPassBack, ActionWhere, ActionIdentify, ActionVerify, ActionPhone, ActionVideo,
	}
	s := step{action: actions[random.IntN(len(actions))], by: of, opensBefore: opens, text: "a moment"}
	if random.IntN(20) == 0 {
		s.by = somebody
	}
	if random.IntN(100) == 0 {
		s.action = ActionEnd
	}
	switch s.action {
	case ActionPhone:
		s.text = []string{"", "+33639980010"}[random.IntN(2)]
	case ActionVerify:
		s.proof = []Proof{"", ProofKnown, ProofCarer}[random.IntN(3)]
	case ActionIdentify:
		s.identity = Identity{Name: []string{"", "Jeanne"}[random.IntN(2)], Whereabouts: Whereabouts{Place: []string{"", "Grenoble"}[random.IntN(2)]}}
	case ActionPass:
		s.to, s.seat = Practitioner{AccountID(fmt.Sprint("a_", random.IntN(3))), "Dr Other"}, newParticipantID()
	case ActionPassBack:
		if len(c.Passes) > 0 && random.IntN(3) > 0 {
			s.by = c.Passes[len(c.Passes)-1].From
		}
		s.to, s.seat = Practitioner{s.by, "Dr First"}, newParticipantID()
	}
	if s.action == ActionInvite {
		role := []Role{RolePatient, RoleInterpreter, RoleGuest}[random.IntN(3)]
		s.newcomer = Participant{ID: newParticipantID(), Role: role, Place: PlaceInvited}
	} else {
		s.participant = c.Participants[random.IntN(len(c.Participants))].ID
	}
	return s
}

// checkDoor: nobody comes in before the room opens, but for who was in and who finds the practitioner there.
func (m *model) checkDoor(before Consultation, s step, now time.Time, err error) string {
	if s.action != ActionArrive || before.ScheduledAt.IsZero() || before.State == StateEnded {
		return ""
	}
	_, came := m.since[s.participant]
	early := now.Before(before.ScheduledAt.Add(-opens)) && !m.admitted[s.participant] && !came && before.Participants[0].Place != PlaceCall
	if early != errors.Is(err, ErrTooEarly) {
		return fmt.Sprintf("early is %v, and the answer %v", early, err)
	}
	return ""
}

func (m *model) note(s step, after Consultation, now time.Time) {
	switch s.action {
	case ActionPass, ActionPassBack:
		m.owner = s.to.ID
		for i, p := range after.Participants {
			if i > 0 && m.admitted[p.ID] && p.Place == PlaceWaiting {
				if _, waited := m.since[p.ID]; !waited {
					m.since[p.ID] = now
				}
			}
		}
		clear(m.admitted)
		m.admitted[s.seat], m.seats[s.seat] = true, true
	case ActionAdmit:
		m.admitted[s.participant] = true
	case ActionSendBack:
		m.admitted[s.participant] = false
	case ActionDecline:
		delete(m.since, s.participant)
	case ActionArrive:
		if _, came := m.since[s.participant]; !came && !m.admitted[s.participant] {
			m.since[s.participant] = now
		}
	}
}

func (m *model) check(before, after Consultation, s step, changed bool, err error) string {
	if err != nil || !changed {
		if !reflect.DeepEqual(before, after) {
			return "an action that failed, or changed nothing, changed something"
		}
		return ""
	}
	if s.action.byPractitioner() && s.by != before.Practitioner {
		return "somebody else's practitioner did something"
	}
	if after.Practitioner != m.owner || after.Participants[0].Role != RolePractitioner || !m.seats[after.Participants[0].ID] {
		return "the consultation is not whose it should be"
	}
	if s.action == ActionPassBack && before.somebodyInCall() {
		return "taken back from a colleague who had begun"
	}
	if before.State == StateEnded {
		return "something happened after the end"
	}
	if after.Revision != before.Revision+1 {
		return "the revision did not grow by one"
	}
	for _, p := range after.Participants {
		if p.Place == PlaceCall && !m.admitted[p.ID] {
			return "somebody is in the call who was not admitted: " + string(p.ID)
		}
		if p.Place == PlaceWaiting && !p.WaitingSince.Equal(m.since[p.ID]) {
			return "the place in the order was lost: " + string(p.ID)
		}
		if p.Role == RolePractitioner && p.Place == PlaceWaiting {
			return "the practitioner waits"
		}
		if p.Place == PlaceCall && p.Message != "" {
			return "a message to who waits is kept in the call: " + string(p.ID)
		}
		if !p.AbsentAt.IsZero() && (p.Place == PlaceWaiting || p.Place == PlaceCall) {
			return "somebody is here and absent: " + string(p.ID)
		}
	}
	if problem := checkSpans(after); problem != "" {
		return problem
	}
	return checkState(after)
}

// checkSpans: one after the other, the last one open for as long as they talk.
func checkSpans(c Consultation) string {
	for i, s := range c.Spans {
		switch last := i == len(c.Spans)-1; {
		case s.To.IsZero() && !last, !s.To.IsZero() && s.To.Before(s.From), i > 0 && s.From.Before(c.Spans[i-1].To):
			return fmt.Sprintf("the spans are not one after the other: %+v", c.Spans)
		case last && s.To.IsZero() && c.State == StateEnded:
			return "they talk after the end"
		}
	}
	_, phone := c.OnPhone()
	open := len(c.Spans) > 0 && c.Spans[len(c.Spans)-1].To.IsZero()
	if !phone && open != (c.State == StateLive) {
		return "the video's time is not kept"
	}
	return ""
}

func checkState(c Consultation) string {
	up := func(role Role) bool {
		return slices.ContainsFunc(c.Participants, func(p Participant) bool {
			return p.Role == role && p.Place == PlaceCall && p.MediaUp
		})
	}
	waits := slices.ContainsFunc(c.Participants, func(p Participant) bool {
		return p.Role == RolePatient && p.Place == PlaceWaiting
	})
	switch live := up(RolePractitioner) && up(RolePatient); {
	case (c.State == StateLive) != (live && c.EndedAt.IsZero()):
		return "live is not when practitioner and patient both have media"
	case c.State == StateCreated && waits:
		return "a patient waits and nobody sees it"
	case c.State == StateInterrupted && c.LiveAt.IsZero():
		return "interrupted without having been live"
	case (c.State == StateEnded) == c.EndedAt.IsZero():
		return "ended, or not"
	}
	return ""
}

func deepCopy(c Consultation) Consultation {
	c.Participants, c.Spans = slices.Clone(c.Participants), slices.Clone(c.Spans)
	return c
}
