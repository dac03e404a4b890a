package consult

import (
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
	admitted map[ParticipantID]bool      // by the practitioner, and not sent back
	since    map[ParticipantID]time.Time // first arrival that counts
}

func walk(t *testing.T, random *rand.Rand) {
	c := newConsultation("c_1", Practitioner{ID: owner}, Participant{ID: thePat, Role: RolePatient, Place: PlaceInvited}, t0)
	m := model{map[ParticipantID]bool{}, map[ParticipantID]time.Time{}}
	m.admitted[c.Participants[0].ID] = true
	var way []string
	now := t0
	for range 120 {
		s := randomStep(random, c)
		way = append(way, fmt.Sprintf("%s(%s by %s)", s.action, s.participant, s.by))
		now = now.Add(time.Duration(random.IntN(3)) * time.Second)
		before := deepCopy(c)
		next, changed, err := c.apply(s, now)
		if !reflect.DeepEqual(before, c) {
			t.Fatalf("apply changed its receiver: %v", way)
		}
		if err == nil {
			m.note(s, now)
		}
		if problem := m.check(before, next, s, changed, err); problem != "" {
			t.Fatalf("%s\nafter %v\n%+v", problem, way, next)
		}
		c = next
	}
}

func randomStep(random *rand.Rand, c Consultation) step {
	actions := []Action{
		ActionArrive, ActionArrive, ActionAdmit, ActionAdmit, ActionSendBack, ActionDecline, ActionLeave,
		ActionConnected, ActionConnected, ActionLost, ActionInvite,
	}
	s := step{action: actions[random.IntN(len(actions))], by: owner}
	if random.IntN(20) == 0 {
		s.by = somebody
	}
	if random.IntN(100) == 0 {
		s.action = ActionEnd
	}
	if s.action == ActionInvite {
		role := []Role{RolePatient, RoleInterpreter, RoleGuest}[random.IntN(3)]
		s.newcomer = Participant{ID: newParticipantID(), Role: role, Place: PlaceInvited}
	} else {
		s.participant = c.Participants[random.IntN(len(c.Participants))].ID
	}
	return s
}

func (m model) note(s step, now time.Time) {
	switch s.action {
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

func (m model) check(before, after Consultation, s step, changed bool, err error) string {
	if err != nil || !changed {
		if !reflect.DeepEqual(before, after) {
			return "an action that failed, or changed nothing, changed something"
		}
		return ""
	}
	if s.action.byPractitioner() && s.by != owner {
		return "somebody else's practitioner did something"
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
	}
	return checkState(after)
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
	c.Participants = slices.Clone(c.Participants)
	return c
}
