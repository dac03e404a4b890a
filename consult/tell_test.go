package consult

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// listOutbox keeps what it is given. It uses up the operations that an outbox may.
type listOutbox struct {
	notices []Notice
	fail    error
}

func (o *listOutbox) Put(tx kv.Txn, n Notice) error {
	if n.To.Reach == ReachHanded || n.To.Reach == "" {
		return ErrUnreachable
	}
	if o.fail != nil {
		return o.fail
	}
	for i := range 6 {
		if err := tx.Put(fmt.Sprintf("v1/test/%d/%s", i, n.Key), nil); err != nil {
			return err
		}
	}
	o.notices = append(o.notices, n)
	return nil
}

func (o *listOutbox) Prepare(n Notice) (func(kv.Txn) error, error) {
	return func(tx kv.Txn) error { return o.Put(tx, n) }, nil
}

func (o *listOutbox) Cancel(kv.Txn, string) (bool, error) { return false, nil }

func (o *listOutbox) take() []Notice {
	taken := o.notices
	o.notices = nil
	return taken
}

func newTellingHouse(t *testing.T) *house {
	h := newHouse(t)
	h.outbox = &listOutbox{}
	h.restart()
	return h
}

const mobile = "+33639980010"

func TestTellInvitation(t *testing.T) {
	h, by := newTellingHouse(t), doctor()
	r := StartRequest{By: by, Name: "Jeanne Martin", Language: "fr", TimeZone: "Indian/Reunion", Contact: Contact{Phone: mobile}, Tell: true}
	now, secret, err := h.Start(r)
	if err != nil {
		t.Fatal(err)
	}
	r.ScheduledAt = t0.Add(48 * time.Hour)
	planned, _, err := h.Start(r)
	if err != nil {
		t.Fatal(err)
	}
	told := h.outbox.take()
	if len(told) != 2 {
		t.Fatalf("%d notices", len(told))
	}
	n := told[0]
	if n.Kind != NoticeInvitation || n.Owner != by.ID || n.Consultation != now.ID || n.Participant != now.Participants[1].ID || n.Secret != secret ||
		n.To.Phone != mobile || n.To.Reach != ReachSMS || n.Name != r.Name || n.Language != "fr" || n.TimeZone != r.TimeZone || !n.Urgent {
		t.Errorf("%+v", n)
	}
	if !maps.Equal(n.Fields, map[string]string{FieldPractitioner: by.Name}) {
		t.Errorf("fields at once: %v", n.Fields)
	}
	if later := told[1]; later.Fields[FieldAt] != "2026-11-24T09:00:00Z" || later.Urgent || later.Consultation != planned.ID || later.Key == n.Key {
		t.Errorf("planned: %+v", later)
	}

	r.Contact = Contact{Phone: "+33199001234"} // no mobile
	c, _, err := h.Start(r)
	if err != nil || c.Participants[1].Contact.Reach != ReachHanded || len(h.outbox.take()) != 0 {
		t.Errorf("who cannot be told: %+v, %v", c.Participants[1].Contact, err)
	}
	r.Contact, r.Tell = Contact{Phone: mobile}, false
	if _, _, err := h.Start(r); err != nil || len(h.outbox.take()) != 0 {
		t.Errorf("told without being asked, or %v", err)
	}
	h.outbox.fail = errors.New("disk")
	r.Tell = true
	before := len(mustList(t, h, by.ID))
	if _, _, err := h.Start(r); !errors.Is(err, ErrInternal) || len(mustList(t, h, by.ID)) != before {
		t.Errorf("a notice that is not written: %v", err)
	}
}

func mustList(t *testing.T, h *house, of AccountID) []Consultation {
	t.Helper()
	open, err := h.OpenConsultations(of)
	if err != nil {
		t.Fatal(err)
	}
	return open
}

func TestWhoIsToldOfADelay(t *testing.T) {
	type change func(*Consultation, *Participant)
	for name, test := range map[string]struct {
		change change
		want   bool
	}{
		"to come in an hour":          {func(c *Consultation, _ *Participant) { c.ScheduledAt = t0.Add(time.Hour) }, true},
		"to come in the afternoon":    {func(c *Consultation, _ *Participant) { c.ScheduledAt = t0.Add(5 * time.Hour) }, false},
		"was to come an hour ago":     {func(c *Consultation, _ *Participant) { c.ScheduledAt = t0.Add(-time.Hour) }, true},
		"was to come in the morning":  {func(c *Consultation, _ *Participant) { c.ScheduledAt = t0.Add(-5 * time.Hour) }, false},
		"invited just now":            {func(*Consultation, *Participant) {}, true},
		"waits":                       {func(_ *Consultation, p *Participant) { p.Place, p.WaitingSince = PlaceWaiting, t0 }, false},
		"closed the page":             {func(_ *Consultation, p *Participant) { p.Place, p.WaitingSince = PlaceWaiting, t0 }, true},
		"waited and left":             {func(_ *Consultation, p *Participant) { p.Place, p.WaitingSince = PlaceLeft, t0 }, true},
		"was turned away":             {func(_ *Consultation, p *Participant) { p.Place = PlaceLeft }, false},
		"is in the call":              {func(_ *Consultation, p *Participant) { p.Place, p.Admitted = PlaceCall, true }, false},
		"was in the call and left":    {func(_ *Consultation, p *Participant) { p.Place, p.Admitted, p.WaitingSince = PlaceLeft, true, t0 }, false},
		"was marked as absent":        {func(_ *Consultation, p *Participant) { p.AbsentAt = t0 }, false},
		"it has ended":                {func(c *Consultation, _ *Participant) { c.end(t0); c.settle(t0) }, false},
		"the patient is there, guest": {func(c *Consultation, _ *Participant) { c.CalledAt = t0 }, false},
		"the practitioner":            {func(_ *Consultation, p *Participant) { p.Role = RolePractitioner }, false},
	} {
		c, who := consultationWith(situation{role: RolePatient, place: PlaceInvited})
		p := &c.Participants[c.index(who)]
		test.change(&c, p)
		if got := c.awaits(*p, p.Place == PlaceWaiting && name != "closed the page", t0); got != test.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

// TestDelayIsTold: by notice to who is not here, once, and to more of them than fit in one transaction.
func TestDelayIsTold(t *testing.T) {
	h, by := newTellingHouse(t), doctor()
	const many = 40
	for i := range many {
		if _, _, err := h.Start(StartRequest{By: by, Contact: Contact{Phone: mobile}, ScheduledAt: t0.Add(time.Duration(i) * time.Minute)}); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := h.Start(StartRequest{By: by, ScheduledAt: t0}); err != nil { // nowhere to be reached
		t.Fatal(err)
	}
	say := func(minutes, want int) {
		t.Helper()
		if _, err := h.SetDelay(by.ID, minutes, nil); err != nil {
			t.Fatal(err)
		}
		told := h.outbox.take()
		keys := map[string]bool{}
		for _, n := range told {
			keys[n.Key] = true
			if n.Kind != NoticeDelay || n.Fields[FieldMinutes] != fmt.Sprint(minutes) || n.Fields[FieldPractitioner] != by.Name || n.Secret != "" {
				t.Errorf("%+v", n)
			}
		}
		if len(told) != want || len(keys) != want {
			t.Errorf("%d minutes: %d notices, %d keys, want %d", minutes, len(told), len(keys), want)
		}
	}
	say(0, 0) // nobody thought otherwise
	say(10, many)
	say(10, 0)
	h.clock.Forward(time.Minute)
	say(20, many)
	h.clock.Forward(time.Minute)
	say(10, many)
	say(0, many)
}

func TestMessageIsSent(t *testing.T) {
	h, by := newTellingHouse(t), doctor()
	c, first, err := h.Start(StartRequest{By: by, Contact: Contact{Mail: "jeanne@example.org"}})
	if err != nil {
		t.Fatal(err)
	}
	patient := c.Participants[1]
	how, err := h.MessageTo(by.ID, c.ID, patient.ID, "Are you coming?", nil)
	told := h.outbox.take()
	if how != (Told{Sent: 1}) || err != nil || len(told) != 1 || told[0].Kind != NoticeMessage || told[0].Fields[FieldText] != "Are you coming?" {
		t.Fatalf("%v, %v, %+v", how, err, told)
	}
	for _, secret := range []string{first, told[0].Secret} { // the link in the message works, and so does the first one
		seat, err := h.Redeem(t.Context(), secret, guesser)
		if err != nil || seat.Participant.ID != patient.ID {
			t.Errorf("%+v, %v", seat, err)
		}
	}
	h.must1(h.Arrive(Seat{c, patient}, Devices{}))
	if how, err := h.MessageTo(by.ID, c.ID, patient.ID, "A moment, please.", nil); how != (Told{Shown: 1}) || err != nil || len(h.outbox.take()) != 0 {
		t.Errorf("who waits reads it on the page: %v, %v", how, err)
	}
	nobody := func(ConsultationID, ParticipantID) bool { return false }
	if told, err := h.MessageToWaiting(by.ID, "We wait for you.", nobody); told != (Told{Sent: 1}) || err != nil || len(h.outbox.take()) != 1 {
		t.Errorf("who closed the page is sent it: %v, %v", told, err)
	}
	if log := h.log.String(); strings.Contains(log, "coming") || strings.Contains(log, "example.org") {
		t.Errorf("personal data in the log: %s", log)
	}
	if events, err := h.Events(c.ID); err != nil || !slices.ContainsFunc(events, func(e Event) bool { return e.Action == ActionMessage }) {
		t.Errorf("%+v, %v", events, err)
	}
}
