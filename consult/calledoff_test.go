package consult

import (
	"maps"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// plannedWithOthers is a consultation in two days, made by an appointment or not, with an interpreter who accepted and a carer.
func plannedWithOthers(t *testing.T, h *house, by Practitioner, booked bool) (Consultation, []Notice) {
	t.Helper()
	wanted := StartRequest{
		By: by, Name: "Jeanne Martin", Language: "en", TimeZone: "America/Cayenne", Contact: Contact{Phone: mobile},
		ScheduledAt: t0.Add(48 * time.Hour), Duration: 20 * time.Minute,
	}
	var c Consultation
	if booked {
		plan, err := h.Plan(wanted)
		if err != nil {
			t.Fatal(err)
		}
		if err := h.store.Update(plan.Put); err != nil {
			t.Fatal(err)
		}
		c = h.must(h.Consultation(plan.ID()))
	} else {
		var err error
		if c, _, err = h.Start(wanted); err != nil {
			t.Fatal(err)
		}
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
	c, told := plannedWithOthers(t, h, by, false)
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

// TestCalledOff: the patient and who was to come beside them are told that it will not be, once, and when it will be instead. The patient
// of an appointment is told by the appointment book.
func TestCalledOff(t *testing.T) {
	was := t0.Add(48 * time.Hour).Format(time.RFC3339)
	movedTo := t0.Add(72 * time.Hour)
	end := func(h *house, c Consultation) error { _, err := h.End(c.Practitioner, c.ID); return err }
	withdraw := func(movedTo time.Time) func(*house, Consultation) error {
		return func(h *house, c Consultation) error {
			return h.store.Update(func(tx kv.Txn) error { return h.Withdraw(tx, c.ID, movedTo) })
		}
	}
	others := []string{"ism@example.org", "paul@example.org"}
	all := append([]string{mobile}, others...)
	for name, test := range map[string]struct {
		booked bool
		before func(*house, Consultation)
		do     func(*house, Consultation) error
		told   []string          // who is, in this order
		fields map[string]string // of each notice
	}{
		"ended by hand":             {false, nil, end, all, map[string]string{FieldWas: was}},
		"an appointment's, by hand": {true, nil, end, others, map[string]string{FieldWas: was}},
		"cancelled":                 {true, nil, withdraw(time.Time{}), others, map[string]string{FieldWas: was}},
		"moved":                     {true, nil, withdraw(movedTo), others, map[string]string{FieldWas: was, FieldAt: movedTo.Format(time.RFC3339)}},
		"from before there was a mark of appointments": {false, nil, withdraw(time.Time{}), others, map[string]string{FieldWas: was}},
		"the patient did not come": {false, func(h *house, c Consultation) {
			h.clock.Forward(48*time.Hour + 10*time.Minute)
			h.must(h.MarkAbsent(c.Practitioner, c.ID, c.Participants[1].ID))
		}, end, others, map[string]string{FieldWas: was}},
		"long past": {false, func(h *house, _ Consultation) { h.clock.Forward(49 * time.Hour) }, end, nil, nil},
		"it took place": {false, func(h *house, c Consultation) {
			h.clock.Forward(48 * time.Hour)
			h.must1(h.Arrive(Seat{c, c.Participants[1]}, Devices{}))
			h.must(h.Admit(c.Practitioner, c.ID, c.Participants[1].ID))
		}, end, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			h, by := newTellingHouse(t), doctor()
			c, _ := plannedWithOthers(t, h, by, test.booked)
			if test.before != nil {
				test.before(h, c)
			}
			h.outbox.take()
			if err := test.do(h, c); err != nil {
				t.Fatal(err)
			}
			var told []string
			for _, n := range h.outbox.take() {
				told = append(told, n.To.Phone+n.To.Mail)
				delete(n.Fields, FieldPractitioner)
				kind := NoticeCalledOff
				if n.To.Phone == mobile {
					kind = NoticeConsultationCancelled
					if n.Language != "en" || n.TimeZone != "America/Cayenne" || n.Urgent {
						t.Errorf("%+v", n)
					}
				}
				if n.Kind != kind || n.Secret != "" || !maps.Equal(n.Fields, test.fields) {
					t.Errorf("%+v", n)
				}
			}
			if !slices.Equal(told, test.told) {
				t.Errorf("told %v, want %v", told, test.told)
			}
			if _, err := h.End(c.Practitioner, c.ID); CodeOf(err) != CodeConflict || len(h.outbox.take()) != 0 {
				t.Errorf("ended twice: %v", err)
			}
		})
	}
}
