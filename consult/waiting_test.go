package consult

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestLateAt(t *testing.T) {
	planned := t0.Add(time.Hour)
	base := func(change func(*Consultation)) Consultation {
		c, _ := consultationWith(situation{role: RolePatient, place: PlaceInvited})
		c.ScheduledAt = planned
		change(&c)
		c.settle(t0)
		return c
	}
	for name, test := range map[string]struct {
		change   func(*Consultation)
		expected bool
	}{
		"has not come":      {func(*Consultation) {}, true},
		"at once":           {func(c *Consultation) { c.ScheduledAt = time.Time{} }, false},
		"waits":             {func(c *Consultation) { c.Participants[1].Place = PlaceWaiting }, false},
		"came and left":     {func(c *Consultation) { c.Participants[1].Place, c.Participants[1].WaitingSince = PlaceLeft, t0 }, true},
		"is in the call":    {func(c *Consultation) { c.Participants[1].Place, c.Participants[1].Admitted = PlaceCall, true }, false},
		"was seen and left": {func(c *Consultation) { c.Participants[1].Place, c.CalledAt = PlaceLeft, t0 }, false},
		"was marked absent": {func(c *Consultation) { c.Participants[1].AbsentAt = t0 }, false},
		"it has ended":      {func(c *Consultation) { c.end(t0) }, false},
		"only a guest was here": {func(c *Consultation) {
			c.Participants = append(c.Participants, Participant{Role: RoleGuest, Place: PlaceWaiting})
		}, true},
	} {
		at, expected := base(test.change).LateAt()
		if expected != test.expected || expected && !at.Equal(planned.Add(10*time.Minute)) {
			t.Errorf("%s: %v %v", name, at, expected)
		}
	}
}

// TestDoor is who may come in when.
func TestDoor(t *testing.T) {
	planned := t0.Add(time.Hour)
	const before = 30 * time.Minute
	for name, test := range map[string]struct {
		at     time.Duration // after t0
		change func(*Consultation)
		want   error
	}{
		"days before":                {-48 * time.Hour, nil, ErrTooEarly},
		"a second before":            {30*time.Minute - time.Second, nil, ErrTooEarly},
		"as it opens":                {30 * time.Minute, nil, nil},
		"late":                       {3 * time.Hour, nil, nil},
		"at once":                    {0, func(c *Consultation) { c.ScheduledAt = time.Time{} }, nil},
		"the practitioner is there":  {0, func(c *Consultation) { c.Participants[0].Place = PlaceCall }, nil},
		"was let in before":          {0, func(c *Consultation) { c.Participants[1].Admitted = true }, nil},
		"waited, then was postponed": {0, func(c *Consultation) { c.Participants[1].WaitingSince = t0.Add(-time.Minute) }, nil},
	} {
		c, patient := consultationWith(situation{role: RolePatient, place: PlaceInvited})
		c.ScheduledAt = planned
		if test.change != nil {
			test.change(&c)
		}
		_, _, err := c.apply(step{action: ActionArrive, participant: patient, opensBefore: before}, t0.Add(test.at))
		if !errors.Is(err, test.want) {
			t.Errorf("%s: %v, want %v", name, err, test.want)
		}
	}
	c, _ := consultationWith(situation{role: RolePractitioner, place: PlaceInvited})
	c.ScheduledAt = planned
	if _, _, err := c.apply(step{action: ActionArrive, participant: thePrac, opensBefore: before}, t0); err != nil {
		t.Errorf("the practitioner's own door: %v", err)
	}
}

// TestPeopleOutsideTheCall is who is where × what the practitioner does about somebody who is not in the call.
func TestPeopleOutsideTheCall(t *testing.T) {
	for _, test := range []struct {
		s      situation
		action Action
		want   error
	}{
		{situation{role: RolePatient, place: PlaceInvited}, ActionAbsent, nil},
		{situation{role: RolePatient, place: PlaceLeft}, ActionAbsent, nil},
		{situation{role: RolePatient, place: PlaceWaiting}, ActionAbsent, errIsHere},
		{situation{role: RolePatient, place: PlaceCall, admitted: true}, ActionAbsent, errIsHere},
		{situation{role: RolePractitioner, place: PlaceLeft}, ActionAbsent, errPractitioner},
		{situation{role: RolePatient, place: PlaceInvited}, ActionExpected, nil},
		{situation{role: RolePatient, place: PlaceInvited}, ActionMessage, nil},
		{situation{role: RoleGuest, place: PlaceWaiting}, ActionMessage, nil},
		{situation{role: RolePatient, place: PlaceLeft}, ActionMessage, nil},
		{situation{role: RolePatient, place: PlaceCall, admitted: true}, ActionMessage, errInCall},
		{situation{role: RolePractitioner, place: PlaceInvited}, ActionMessage, errPractitioner},
		{situation{role: RolePatient, place: PlaceInvited}, ActionTest, nil},
		{situation{role: RolePractitioner, place: PlaceInvited}, ActionTest, errPractitioner},
	} {
		c, who := consultationWith(test.s)
		if _, _, err := c.apply(step{action: test.action, by: owner, participant: who, text: "x"}, t0); !errors.Is(err, test.want) {
			t.Errorf("%s, %s: %v, want %v", test.s, test.action, err, test.want)
		}
	}
}

func TestTestedDaysBefore(t *testing.T) {
	h, by := newHouse(t), doctor()
	c, _, err := h.Start(StartRequest{By: by, ScheduledAt: t0.Add(72 * time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	seat := Seat{c, c.Participants[1]}
	found := Devices{Camera: "ok", Microphone: "silent", Sound: "heard"}
	if err := h.TestDevices(seat, found); err != nil {
		t.Fatal(err)
	}
	if err := h.TestDevices(seat, Devices{Camera: "beautiful"}); CodeOf(err) != CodeBadMessage {
		t.Errorf("a word that is not known: %v", err)
	}
	if p := h.must(h.Consultation(c.ID)).Participants[1]; p.Devices != found || !p.TestedAt.Equal(t0) || p.Place != PlaceInvited {
		t.Errorf("%+v", p)
	}
	if _, err := h.Arrive(seat, Devices{}); !errors.Is(err, ErrTooEarly) {
		t.Errorf("three days early: %v", err)
	}
	h.clock.Forward(72 * time.Hour)
	skipped := Devices{"skipped", "skipped", "skipped"}
	if p := h.must1(h.Arrive(seat, skipped)).Participant; p.Devices != found || !p.TestedAt.Equal(t0) {
		t.Errorf("who passes over the test has the earlier one's result: %+v", p)
	}
	if p := h.must1(h.Arrive(seat, Devices{Camera: "ok"})).Participant; p.Devices.Microphone != "" || p.TestedAt.Equal(t0) {
		t.Errorf("a new test counts: %+v", p)
	}
}

func TestAbsent(t *testing.T) {
	h, by := newHouse(t), doctor()
	c, secret := h.mustStart(by)
	id, patient := c.ID, c.Participants[1].ID
	c = h.must(h.MarkAbsent(by.ID, id, patient))
	if c.State != StateCreated || c.Participants[1].AbsentAt.IsZero() {
		t.Fatalf("%+v", c)
	}
	if _, err := h.MarkAbsent(doctor().ID, id, patient); !errors.Is(err, ErrNotFound) {
		t.Errorf("another's patient: %v", err)
	}
	h.must(h.MarkExpected(by.ID, id, patient))
	h.must(h.MarkAbsent(by.ID, id, patient))
	seat, err := h.Redeem(t.Context(), secret, guesser)
	if err != nil {
		t.Fatalf("the link of somebody absent: %v", err)
	}
	if p := h.must1(h.Arrive(seat, Devices{})).Participant; !p.AbsentAt.IsZero() || p.Place != PlaceWaiting {
		t.Errorf("came after all: %+v", p)
	}
}

func TestMessageToWaiting(t *testing.T) {
	h, by := newHouse(t), doctor()
	first, _ := h.mustStart(by)
	second, _ := h.mustStart(by)
	away, _ := h.mustStart(by)
	others, _ := h.mustStart(doctor())
	for _, c := range []Consultation{first, second, others} {
		h.must1(h.Arrive(Seat{c, c.Participants[1]}, Devices{}))
	}
	if told, err := h.MessageToWaiting(by.ID, "  Five minutes, I am on the phone. ", nil); told != (Told{Shown: 2}) || err != nil {
		t.Fatalf("%v, %v", told, err)
	}
	if sent, err := h.MessageTo(by.ID, away.ID, away.Participants[1].ID, "Are you coming?", nil); sent != (Told{}) || err != nil {
		t.Errorf("without an outbox: %v, %v", sent, err)
	}
	for id, want := range map[ConsultationID]string{
		first.ID: "Five minutes, I am on the phone.", second.ID: "Five minutes, I am on the phone.", away.ID: "Are you coming?", others.ID: "",
	} {
		if got := h.must(h.Consultation(id)).Participants[1].Message; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
	if admitted := h.must(h.Admit(by.ID, first.ID, first.Participants[1].ID)); admitted.Participants[1].Message != "" {
		t.Error("a message to who waits is kept in the call")
	}
	for _, bad := range []string{"", "  ", "\x00", "\xff", strings.Repeat("é", 301)} {
		if _, err := h.MessageTo(by.ID, second.ID, second.Participants[1].ID, bad, nil); CodeOf(err) != CodeBadMessage {
			t.Errorf("%q: %v", bad, err)
		}
		if _, err := h.MessageToWaiting(by.ID, bad, nil); CodeOf(err) != CodeBadMessage {
			t.Errorf("%q to all: %v", bad, err)
		}
	}
	if _, err := h.MessageTo(doctor().ID, second.ID, second.Participants[1].ID, "x", nil); !errors.Is(err, ErrNotFound) {
		t.Errorf("to another's patient: %v", err)
	}
}

func TestPass(t *testing.T) {
	h, by, colleague := newHouse(t), doctor(), Practitioner{NewAccountID(), "Dr Paul Durand"}
	practitioner, patient := h.mustLive(by)
	id := practitioner.Consultation.ID
	if _, err := h.AppendChat(id, practitioner.Participant.ID, "I pass you on"); err != nil {
		t.Fatal(err)
	}
	since := h.must(h.Consultation(id)).Participants[1].WaitingSince
	h.clock.Forward(time.Minute)
	if _, err := h.Pass(colleague.ID, id, colleague); !errors.Is(err, ErrNotFound) {
		t.Fatalf("a colleague helps himself: %v", err)
	}
	if _, err := h.Pass(by.ID, id, by); !errors.Is(err, errPassToOneself) {
		t.Fatalf("to oneself: %v", err)
	}
	c := h.must(h.Pass(by.ID, id, colleague))
	if c.Practitioner != colleague.ID || c.PractitionerName != colleague.Name || c.State != StateWaiting {
		t.Fatalf("%+v", c)
	}
	p := c.Participants[1]
	if p.ID != patient.Participant.ID || p.Place != PlaceWaiting || p.Admitted || !p.WaitingSince.Equal(since) {
		t.Errorf("the patient: %+v", p)
	}
	h.wantAt(by.ID)
	h.wantAt(colleague.ID, id)
	if _, err := h.Admit(by.ID, id, p.ID); !errors.Is(err, ErrNotFound) {
		t.Errorf("the old practitioner can still admit: %v", err)
	}
	if _, err := h.PractitionerSeat(by.ID, id); !errors.Is(err, ErrNotFound) {
		t.Errorf("the old practitioner still has a seat: %v", err)
	}
	if chat, err := h.Chat(id, ""); err != nil || len(chat) != 1 || chat[0].Name != by.Name {
		t.Errorf("what was written is its author's: %+v, %v", chat, err)
	}

	if _, err := h.PassBack(doctor(), id); !errors.Is(err, ErrNotFound) {
		t.Errorf("somebody else takes it back: %v", err)
	}
	if c = h.must(h.PassBack(by, id)); c.Practitioner != by.ID {
		t.Fatalf("%+v", c)
	}
	h.wantAt(by.ID, id)
	h.wantAt(colleague.ID)

	h.must(h.Pass(by.ID, id, colleague))
	h.restart()
	h.must(h.Admit(colleague.ID, id, p.ID))
	if _, err := h.PassBack(by, id); !errors.Is(err, errPassTaken) {
		t.Errorf("taken back from under the colleague's hands: %v", err)
	}
	h.must(h.End(colleague.ID, id))
	h.wantAt(by.ID)
	h.wantAt(colleague.ID)
	if left, err := h.store.Range(openPrefix, "", 10); err != nil || len(left) != 0 {
		t.Errorf("left in the index: %v %v", left, err)
	}
}

// wantAt holds that desk, day and open list agree on whose these are.
func (h *house) wantAt(of AccountID, want ...ConsultationID) {
	h.t.Helper()
	for name, list := range map[string]func() ([]Consultation, error){
		"desk": func() ([]Consultation, error) { return h.AtDesk(of) },
		"open": func() ([]Consultation, error) { return h.OpenConsultations(of) },
		"day": func() ([]Consultation, error) {
			day, err := h.Day(of, h.Today())
			return slices.DeleteFunc(day, func(c Consultation) bool { return c.State == StateEnded }), err
		},
	} {
		consultations, err := list()
		var got []ConsultationID
		for _, c := range consultations {
			got = append(got, c.ID)
		}
		if err != nil || !slices.Equal(got, want) {
			h.t.Errorf("%s: %v, %v, want %v", name, got, err, want)
		}
	}
}

// TestAtDesk: what is today, and whoever is here, whenever it was to be.
func TestAtDesk(t *testing.T) {
	h, by := newHouse(t), doctor()
	plan := func(after time.Duration) Consultation {
		c, _, err := h.Start(StartRequest{By: by, ScheduledAt: t0.Add(after)})
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	tomorrow, later, now := plan(24*time.Hour), plan(2*time.Hour), plan(0)
	ended := plan(time.Hour)
	h.must(h.End(by.ID, ended.ID))
	want := func(ids ...ConsultationID) {
		t.Helper()
		desk, err := h.AtDesk(by.ID)
		var got []ConsultationID
		for _, c := range desk {
			got = append(got, c.ID)
		}
		if err != nil || !slices.Equal(got, ids) {
			t.Errorf("%v, %v, want %v", got, err, ids)
		}
	}
	want(now.ID, later.ID)
	h.must1(h.Arrive(Seat{now, now.Participants[1]}, Devices{}))
	want(now.ID, later.ID)
	h.clock.Forward(24 * time.Hour)
	want(now.ID, tomorrow.ID)
	h.restart()
	want(now.ID, tomorrow.ID)
	h.must(h.Leave(now.ID, now.Participants[1].ID))
	want(tomorrow.ID)
}

func TestRename(t *testing.T) {
	h, by := newHouse(t), doctor()
	open, _ := h.mustStart(by)
	ended, _ := h.mustStart(by)
	other, _ := h.mustStart(doctor())
	h.must(h.End(by.ID, ended.ID))
	if err := h.Rename(Practitioner{by.ID, "Dr Claire Moreau-Petit"}); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[ConsultationID]string{open.ID: "Dr Claire Moreau-Petit", ended.ID: by.Name, other.ID: by.Name} {
		c := h.must(h.Consultation(id))
		if c.PractitionerName != want || c.Participants[0].Name != want {
			t.Errorf("%q and %q, want %q", c.PractitionerName, c.Participants[0].Name, want)
		}
	}
}
