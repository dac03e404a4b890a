package consult

import (
	"errors"
	"testing"
	"time"
)

var t0 = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// situation is one participant in one place, next to a practitioner who has nothing to do with it.
type situation struct {
	role     Role
	place    Place
	admitted bool
}

func (s situation) String() string {
	text := string(s.role) + " " + string(s.place)
	if s.admitted {
		text += " admitted"
	}
	return text
}

const (
	owner    = AccountID("a_owner")
	somebody = AccountID("a_somebody")
	thePat   = ParticipantID("p_patient")
	thePrac  = ParticipantID("p_practitioner")
)

// consultationWith returns an open consultation in which the participant is as told.
func consultationWith(s situation) (Consultation, ParticipantID) {
	c := Consultation{
		ID: "c_1", Practitioner: owner, State: StateCreated, CreatedAt: t0, Revision: 1,
		Participants: []Participant{
			{ID: thePrac, Role: RolePractitioner, Place: PlaceInvited, Admitted: true},
			{ID: thePat, Role: RolePatient, Place: PlaceInvited},
		},
	}
	i := 1
	if s.role == RolePractitioner {
		i = 0
	}
	p := &c.Participants[i]
	p.Role, p.Place, p.Admitted = s.role, s.place, s.admitted || s.role == RolePractitioner
	if p.Place == PlaceWaiting {
		p.WaitingSince = t0.Add(time.Minute)
	}
	c.settle(t0)
	return c, p.ID
}

// TestActionsOnPeople is the whole table: who is where × what happens.
func TestActionsOnPeople(t *testing.T) {
	invited, waiting := situation{place: PlaceInvited}, situation{place: PlaceWaiting}
	inCall, left := situation{place: PlaceCall, admitted: true}, situation{place: PlaceLeft}
	leftAdmitted := situation{place: PlaceLeft, admitted: true}
	type outcome struct {
		place    Place
		admitted bool
		err      error
	}
	to := func(p Place, admitted bool) outcome { return outcome{place: p, admitted: admitted} }
	no := func(err error) outcome { return outcome{err: err} }
	guests := []struct {
		action Action
		from   situation
		want   outcome
	}{
		{ActionArrive, invited, to(PlaceWaiting, false)},
		{ActionArrive, waiting, to(PlaceWaiting, false)},
		{ActionArrive, inCall, to(PlaceCall, true)},
		{ActionArrive, left, to(PlaceWaiting, false)},
		{ActionArrive, leftAdmitted, to(PlaceCall, true)},
		{ActionAdmit, invited, no(errNotWaiting)},
		{ActionAdmit, waiting, to(PlaceCall, true)},
		{ActionAdmit, inCall, no(errNotWaiting)},
		{ActionAdmit, left, no(errNotWaiting)},
		{ActionAdmit, leftAdmitted, no(errNotWaiting)},
		{ActionSendBack, invited, no(errNotInCall)},
		{ActionSendBack, waiting, no(errNotInCall)},
		{ActionSendBack, inCall, to(PlaceWaiting, false)},
		{ActionSendBack, left, no(errNotInCall)},
		{ActionSendBack, leftAdmitted, no(errNotInCall)},
		{ActionDecline, invited, no(errNotWaiting)},
		{ActionDecline, waiting, to(PlaceLeft, false)},
		{ActionDecline, inCall, no(errNotWaiting)},
		{ActionDecline, left, no(errNotWaiting)},
		{ActionDecline, leftAdmitted, no(errNotWaiting)},
		{ActionLeave, invited, no(errNotHere)},
		{ActionLeave, waiting, to(PlaceLeft, false)},
		{ActionLeave, inCall, to(PlaceLeft, true)},
		{ActionLeave, left, to(PlaceLeft, false)},
		{ActionLeave, leftAdmitted, to(PlaceLeft, true)},
		{ActionConnected, invited, no(errNotHere)},
		{ActionConnected, waiting, to(PlaceWaiting, false)},
		{ActionConnected, inCall, to(PlaceCall, true)},
		{ActionConnected, left, no(errNotHere)},
		{ActionConnected, leftAdmitted, no(errNotHere)},
		{ActionLost, invited, to(PlaceInvited, false)},
		{ActionLost, waiting, to(PlaceWaiting, false)},
		{ActionLost, inCall, to(PlaceCall, true)},
		{ActionLost, left, to(PlaceLeft, false)},
		{ActionLost, leftAdmitted, to(PlaceLeft, true)},
	}
	practitioner := []struct {
		action Action
		place  Place
		want   outcome
	}{
		{ActionArrive, PlaceInvited, to(PlaceCall, true)},
		{ActionArrive, PlaceCall, to(PlaceCall, true)},
		{ActionArrive, PlaceLeft, to(PlaceCall, true)},
		{ActionAdmit, PlaceInvited, no(errPractitioner)},
		{ActionAdmit, PlaceCall, no(errPractitioner)},
		{ActionAdmit, PlaceLeft, no(errPractitioner)},
		{ActionSendBack, PlaceInvited, no(errPractitioner)},
		{ActionSendBack, PlaceCall, no(errPractitioner)},
		{ActionSendBack, PlaceLeft, no(errPractitioner)},
		{ActionDecline, PlaceInvited, no(errPractitioner)},
		{ActionDecline, PlaceCall, no(errPractitioner)},
		{ActionDecline, PlaceLeft, no(errPractitioner)},
		{ActionLeave, PlaceInvited, no(errNotHere)},
		{ActionLeave, PlaceCall, to(PlaceLeft, true)},
		{ActionLeave, PlaceLeft, to(PlaceLeft, true)},
		{ActionConnected, PlaceInvited, no(errNotHere)},
		{ActionConnected, PlaceCall, to(PlaceCall, true)},
		{ActionConnected, PlaceLeft, no(errNotHere)},
		{ActionLost, PlaceInvited, to(PlaceInvited, true)},
		{ActionLost, PlaceCall, to(PlaceCall, true)},
		{ActionLost, PlaceLeft, to(PlaceLeft, true)},
	}
	check := func(action Action, from situation, want outcome) {
		t.Run(string(action)+"/"+from.String(), func(t *testing.T) {
			c, id := consultationWith(from)
			next, _, err := c.apply(step{action: action, by: owner, participant: id}, t0.Add(time.Hour))
			if !errors.Is(err, want.err) {
				t.Fatalf("error %v, want %v", err, want.err)
			}
			if err != nil {
				return
			}
			got, _ := next.Participant(id)
			if got.Place != want.place || got.Admitted != want.admitted {
				t.Errorf("%s admitted=%v, want %s admitted=%v", got.Place, got.Admitted, want.place, want.admitted)
			}
			if action.byPractitioner() {
				if _, _, err := c.apply(step{action: action, by: somebody, participant: id}, t0); !errors.Is(err, ErrNotFound) {
					t.Errorf("another practitioner gets %v, want ErrNotFound", err)
				}
			}
		})
	}
	for _, role := range []Role{RolePatient, RoleInterpreter, RoleGuest} {
		for _, row := range guests {
			row.from.role = role
			check(row.action, row.from, row.want)
		}
	}
	for _, row := range practitioner {
		check(row.action, situation{role: RolePractitioner, place: row.place}, row.want)
	}
}

// story is a way through the states: each line one step, and the state after it.
type line struct {
	action Action
	who    ParticipantID
	state  State
}

func TestStates(t *testing.T) {
	const helper = ParticipantID("p_helper")
	stories := map[string][]line{
		"patient first": {
			{ActionArrive, thePat, StateWaiting}, {ActionArrive, thePrac, StateWaiting}, {ActionConnected, thePrac, StateWaiting},
			{ActionAdmit, thePat, StateCalled}, {ActionConnected, thePat, StateLive}, {ActionEnd, "", StateEnded},
		},
		"practitioner first": {
			{ActionArrive, thePrac, StateCreated}, {ActionConnected, thePrac, StateCreated}, {ActionArrive, thePat, StateWaiting},
			{ActionAdmit, thePat, StateCalled}, {ActionConnected, thePat, StateLive},
		},
		"transport prepared in the waiting room": {
			{ActionArrive, thePrac, StateCreated}, {ActionConnected, thePrac, StateCreated},
			{ActionArrive, thePat, StateWaiting}, {ActionConnected, thePat, StateWaiting}, {ActionAdmit, thePat, StateLive},
		},
		"lost and found": {
			{ActionArrive, thePat, StateWaiting}, {ActionAdmit, thePat, StateCalled}, {ActionArrive, thePrac, StateCalled},
			{ActionConnected, thePrac, StateCalled}, {ActionConnected, thePat, StateLive}, {ActionLost, thePat, StateInterrupted},
			{ActionLost, thePrac, StateInterrupted}, {ActionConnected, thePat, StateInterrupted}, {ActionConnected, thePrac, StateLive},
		},
		"reload of the patient": {
			{ActionArrive, thePat, StateWaiting}, {ActionAdmit, thePat, StateCalled}, {ActionArrive, thePrac, StateCalled},
			{ActionConnected, thePrac, StateCalled}, {ActionConnected, thePat, StateLive},
			{ActionArrive, thePat, StateInterrupted}, {ActionConnected, thePat, StateLive},
		},
		"patient leaves and comes back": {
			{ActionArrive, thePat, StateWaiting}, {ActionAdmit, thePat, StateCalled}, {ActionArrive, thePrac, StateCalled},
			{ActionConnected, thePrac, StateCalled}, {ActionConnected, thePat, StateLive},
			{ActionLeave, thePat, StateInterrupted}, {ActionArrive, thePat, StateInterrupted}, {ActionConnected, thePat, StateLive},
		},
		"sent back and called again": {
			{ActionArrive, thePat, StateWaiting}, {ActionAdmit, thePat, StateCalled}, {ActionArrive, thePrac, StateCalled},
			{ActionConnected, thePrac, StateCalled}, {ActionConnected, thePat, StateLive},
			{ActionSendBack, thePat, StateWaiting}, {ActionLost, thePat, StateWaiting}, {ActionAdmit, thePat, StateCalled},
			{ActionConnected, thePat, StateLive},
		},
		"declined": {
			{ActionArrive, thePat, StateWaiting}, {ActionDecline, thePat, StateCreated}, {ActionArrive, thePat, StateWaiting},
		},
		"went away from the waiting room": {
			{ActionArrive, thePat, StateWaiting}, {ActionLeave, thePat, StateCreated}, {ActionArrive, thePat, StateWaiting},
		},
		"an interpreter makes no consultation": {
			{ActionArrive, helper, StateCreated}, {ActionAdmit, helper, StateCreated}, {ActionArrive, thePrac, StateCreated},
			{ActionConnected, thePrac, StateCreated}, {ActionConnected, helper, StateCreated}, {ActionArrive, thePat, StateWaiting},
			{ActionAdmit, thePat, StateCalled}, {ActionConnected, thePat, StateLive}, {ActionLost, helper, StateLive},
			{ActionLeave, helper, StateLive},
		},
		"nobody came": {{ActionEnd, "", StateEnded}},
	}
	for name, story := range stories {
		t.Run(name, func(t *testing.T) {
			c, _ := consultationWith(situation{RolePatient, PlaceInvited, false})
			c.Participants = append(c.Participants, Participant{ID: helper, Role: RoleInterpreter, Place: PlaceInvited})
			now := t0
			for i, l := range story {
				now = now.Add(time.Second)
				var err error
				if c, _, err = c.apply(step{action: l.action, by: owner, participant: l.who}, now); err != nil {
					t.Fatalf("step %d, %s %s: %v", i, l.action, l.who, err)
				}
				if c.State != l.state {
					t.Fatalf("step %d, %s %s: state %s, want %s", i, l.action, l.who, c.State, l.state)
				}
			}
		})
	}
}

func TestTimesAreThoseOfTheFirstTime(t *testing.T) {
	c, _ := consultationWith(situation{RolePatient, PlaceInvited, false})
	minute := func(n int) time.Time { return t0.Add(time.Duration(n) * time.Minute) }
	steps := []Action{ActionArrive, ActionAdmit, ActionConnected, ActionLost, ActionConnected, ActionSendBack, ActionAdmit}
	for i, prac := range []Action{ActionArrive, ActionConnected} {
		c = mustApply(t, c, step{action: prac, participant: thePrac}, minute(i))
	}
	for i, action := range steps {
		c = mustApply(t, c, step{action: action, by: owner, participant: thePat}, minute(10+i))
	}
	c = mustApply(t, c, step{action: ActionEnd, by: owner}, minute(30))
	for what, times := range map[string][2]time.Time{
		"called":  {c.CalledAt, minute(11)},
		"live":    {c.LiveAt, minute(12)},
		"ended":   {c.EndedAt, minute(30)},
		"waiting": {c.Participants[1].WaitingSince, minute(10)},
	} {
		if !times[0].Equal(times[1]) {
			t.Errorf("%s at %v, want %v", what, times[0], times[1])
		}
	}
	if c.EndReason != EndReasonPractitioner {
		t.Errorf("end reason %q", c.EndReason)
	}
}

func TestOrderOfArrivalIsKept(t *testing.T) {
	tests := map[string]struct {
		steps []Action
		kept  bool
	}{
		"reload":             {[]Action{ActionArrive}, true},
		"lost":               {[]Action{ActionConnected, ActionLost, ActionArrive}, true},
		"sent back":          {[]Action{ActionAdmit, ActionSendBack}, true},
		"left and came back": {[]Action{ActionLeave, ActionArrive}, true},
		"declined":           {[]Action{ActionDecline, ActionArrive}, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			c, _ := consultationWith(situation{RolePatient, PlaceInvited, false})
			c = mustApply(t, c, step{action: ActionArrive, participant: thePat}, t0)
			for _, action := range test.steps {
				c = mustApply(t, c, step{action: action, by: owner, participant: thePat}, t0.Add(time.Hour))
			}
			since := c.Waiting()[0].WaitingSince
			if since.Equal(t0) != test.kept {
				t.Errorf("waits since %v; place kept should be %v", since, test.kept)
			}
		})
	}
}

func TestEndedIsFinal(t *testing.T) {
	c, _ := consultationWith(situation{RolePatient, PlaceCall, true})
	c = mustApply(t, c, step{action: ActionEnd, by: owner}, t0)
	all := []Action{
		ActionInvite, ActionArrive, ActionAdmit, ActionSendBack, ActionDecline, ActionLeave, ActionConnected, ActionLost, ActionEnd,
	}
	for _, action := range all {
		if _, _, err := c.apply(step{action: action, by: owner, participant: thePat}, t0); !errors.Is(err, ErrEnded) {
			t.Errorf("%s: %v, want ErrEnded", action, err)
		}
	}
	for _, p := range c.Participants {
		if p.Place == PlaceCall || p.Place == PlaceWaiting || p.MediaUp {
			t.Errorf("%s is still %s", p.Role, p.Place)
		}
	}
}

func TestInviteHasALimit(t *testing.T) {
	c, _ := consultationWith(situation{RolePatient, PlaceInvited, false})
	for range maxParticipants - len(c.Participants) {
		c = mustApply(t, c, step{action: ActionInvite, by: owner, newcomer: Participant{ID: newParticipantID(), Role: RoleGuest}}, t0)
	}
	if _, _, err := c.apply(step{action: ActionInvite, by: owner}, t0); !errors.Is(err, errFull) {
		t.Errorf("one too many: %v", err)
	}
	if _, _, err := c.apply(step{action: "dance", participant: thePat}, t0); !errors.Is(err, errUnknownAction) {
		t.Errorf("unknown action: %v", err)
	}
}

func TestDevices(t *testing.T) {
	for _, d := range []Devices{{}, {"ok", "silent", "heard"}, {"refused", "missing", "not-heard"}, {"skipped", "skipped", "skipped"}} {
		if err := d.Validate(); err != nil {
			t.Errorf("%+v: %v", d, err)
		}
	}
	for _, d := range []Devices{{Camera: "silent"}, {Microphone: "heard"}, {Sound: "ok"}, {Camera: "OK"}} {
		if err := d.Validate(); !errors.Is(err, errBadDevices) {
			t.Errorf("%+v: %v", d, err)
		}
	}
}

func mustApply(t *testing.T, c Consultation, s step, now time.Time) Consultation {
	t.Helper()
	next, _, err := c.apply(s, now)
	if err != nil {
		t.Fatalf("%s: %v", s.action, err)
	}
	return next
}
