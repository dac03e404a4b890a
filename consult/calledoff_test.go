package consult

import (
	"maps"
	"net/netip"
	"testing"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// plannedWithOthers is a consultation in two days, with an interpreter who accepted and a carer.
func plannedWithOthers(t *testing.T, h *house, by Practitioner) (Consultation, []Notice) {
	t.Helper()
	c, _, err := h.Start(StartRequest{By: by, Name: "Jeanne Martin", Contact: Contact{Phone: mobile}, ScheduledAt: t0.Add(48 * time.Hour), Duration: 20 * time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	ask := askFor(h)
	asked, err := h.AskForInterpreter(by.ID, c.ID, ask)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.InviteAs(by.ID, c.ID, Invitation{Role: RoleGuest, As: GuestCarer, Name: "Paul", Contact: Contact{Mail: "paul@example.org"}, Tell: true}); err != nil {
		t.Fatal(err)
	}
	if _, err := h.InviteAs(by.ID, c.ID, Invitation{Role: RoleGuest, As: GuestExpert}); err != nil { // handed over: cannot be told
		t.Fatal(err)
	}
	h.outbox.take()
	yes := Acceptance{Name: "Ana Lopes", Language: "en", TimeZone: "Indian/Reunion"}
	from := netip.MustParseAddr("192.0.2.1")
	made, err := h.AcceptRequest(t.Context(), asked.Secret, yes, from)
	if err != nil || !made.Sent {
		t.Fatalf("%+v, %v", made, err)
	}
	told := h.outbox.take()
	again, err := h.AcceptRequest(t.Context(), asked.Secret, yes, from)
	if err != nil || again.Sent || again.Secret == made.Secret || len(h.outbox.take()) != 0 {
		t.Errorf("accepted twice: %+v, %v", again, err)
	}
	seat, err := h.Redeem(t.Context(), made.Secret, from)
	if err != nil || seat.Participant.Name != "Ana Lopes" || seat.Participant.TimeZone != yes.TimeZone {
		t.Errorf("%+v, %v", seat.Participant, err)
	}
	if len(told) == 1 && told[0].Secret != made.Secret {
		t.Error("another link was sent than shown")
	}
	return seat.Consultation, told
}

// TestAcceptedInterpreterIsSentTheLink: with the time, in their language and zone.
func TestAcceptedInterpreterIsSentTheLink(t *testing.T) {
	h, by := newTellingHouse(t), doctor()
	c, told := plannedWithOthers(t, h, by)
	if len(told) != 1 {
		t.Fatalf("%d notices", len(told))
	}
	n := told[0]
	if n.Kind != NoticeInterpreterAccepted || n.To.Mail != "ism@example.org" || n.Language != "en" || n.TimeZone != "Indian/Reunion" || n.Consultation != c.ID ||
		n.Fields[FieldAt] != "2026-11-24T09:00:00Z" || n.Fields[FieldLanguages] != "fr fsl" || n.Kind.LinkPath() != "/c/" {
		t.Errorf("%+v", n)
	}
	for _, zone := range []string{"Local", "Nowhere/At all", "../../etc/passwd"} {
		if got := knownZone(zone); got != "" {
			t.Errorf("%q is taken for %q", zone, got)
		}
	}
}

// TestCalledOff: who was to come beside the patient is told that it will not be, once, and when it will be instead.
func TestCalledOff(t *testing.T) {
	was := t0.Add(48 * time.Hour).Format(time.RFC3339)
	movedTo := t0.Add(72 * time.Hour)
	for name, test := range map[string]struct {
		before func(*house, Consultation)
		do     func(*house, Consultation) error
		want   map[string]string // fields of each notice; nil: nobody is told
	}{
		"ended by hand": {nil, func(h *house, c Consultation) error { _, err := h.End(c.Practitioner, c.ID); return err }, map[string]string{FieldWas: was}},
		"cancelled": {nil, func(h *house, c Consultation) error {
			return h.store.Update(func(tx kv.Txn) error { return h.Withdraw(tx, c.ID, time.Time{}) })
		}, map[string]string{FieldWas: was}},
		"moved": {nil, func(h *house, c Consultation) error {
			return h.store.Update(func(tx kv.Txn) error { return h.Withdraw(tx, c.ID, movedTo) })
		}, map[string]string{FieldWas: was, FieldAt: movedTo.Format(time.RFC3339)}},
		"long past": {func(h *house, _ Consultation) { h.clock.Forward(49 * time.Hour) }, func(h *house, c Consultation) error {
			_, err := h.End(c.Practitioner, c.ID)
			return err
		}, nil},
		"it took place": {func(h *house, c Consultation) {
			h.clock.Forward(48 * time.Hour)
			h.must1(h.Arrive(Seat{c, c.Participants[1]}, Devices{}))
			h.must(h.Admit(c.Practitioner, c.ID, c.Participants[1].ID))
		}, func(h *house, c Consultation) error { _, err := h.End(c.Practitioner, c.ID); return err }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			h, by := newTellingHouse(t), doctor()
			c, _ := plannedWithOthers(t, h, by)
			if test.before != nil {
				test.before(h, c)
			}
			if err := test.do(h, c); err != nil {
				t.Fatal(err)
			}
			told := h.outbox.take()
			if test.want == nil {
				if len(told) != 0 {
					t.Errorf("%+v", told)
				}
				return
			}
			if len(told) != 2 || told[0].To.Mail != "ism@example.org" || told[1].To.Mail != "paul@example.org" {
				t.Fatalf("%+v", told)
			}
			for _, n := range told {
				delete(n.Fields, FieldPractitioner)
				if n.Kind != NoticeCalledOff || n.Secret != "" || !maps.Equal(n.Fields, test.want) {
					t.Errorf("%+v", n)
				}
			}
		})
	}
}
