package booking

import (
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

// wishes is the mail addresses of those who wish to be told.
type wishes map[consult.AccountID]string

func (w wishes) BookContact(of consult.AccountID) (consult.Contact, error) {
	if w[of] == "" {
		return consult.Contact{}, nil
	}
	return consult.Contact{Mail: w[of], Reach: consult.ReachMail}, nil
}

// toStaff is what practitioners were told since, "kind address sequence" each.
func (d *desk) toStaff() string {
	d.outbox.mu.Lock()
	defer d.outbox.mu.Unlock()
	var all []string
	for _, n := range d.outbox.notices {
		if !n.Kind.ToStaff() {
			continue
		}
		text := strings.TrimPrefix(string(n.Kind), "book-") + " " + n.To.Mail
		if n.Event != nil && n.Event.Cancelled {
			text += " gone"
		}
		all = append(all, text)
		if n.Name != "" || n.Secret != "" || strings.Contains(n.Fields[consult.FieldWho], "artin") {
			d.t.Errorf("says too much: %+v", n)
		}
		if n.Kind != consult.NoticeBookAsked && (n.Event == nil || n.Event.UID == "" || n.Event.TimeZone != "Europe/Paris") {
			d.t.Errorf("%s without its event: %+v", n.Kind, n.Event)
		}
	}
	d.outbox.notices = slices.DeleteFunc(d.outbox.notices, func(n consult.Notice) bool { return n.Kind.ToStaff() })
	return strings.Join(all, ", ")
}

// TestPractitionersAreTold of what changes in their book, once, and only who wishes it.
func TestPractitionersAreTold(t *testing.T) {
	d := newDesk(t)
	first, second, third := everyDay(t, "Europe/Paris", "08:00-18:00"), everyDay(t, "Europe/Paris", "08:00-18:00"), everyDay(t, "Europe/Paris", "08:00-18:00")
	d.staff = wishes{first.Practitioner: "first@example.org", second.Practitioner: "second@example.org"}
	s := d.offer(nil, first, second, third)
	must := func(a Appointment, err error) Appointment {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return a
	}
	told := func(what, want string) {
		t.Helper()
		if got := d.toStaff(); got != want {
			t.Errorf("%s: %q, want %q", what, got, want)
		}
	}
	r := d.ask(s, "2026-11-25T08:00:00Z")
	r.Practitioner = first.Practitioner
	a := d.mustBook(r).Appointment
	told("booked", "new first@example.org")
	a = must(d.Move(a.ID, MoveRequest{By: byPractice(), Start: mustTime(t, "2026-11-25T09:00:00Z")}))
	told("moved", "moved first@example.org")
	a = must(d.Move(a.ID, MoveRequest{By: byPractice(), Start: mustTime(t, "2026-11-25T10:00:00Z"), Practitioner: second.Practitioner}))
	told("to a colleague", "cancelled first@example.org gone, new second@example.org")
	a = must(d.Move(a.ID, MoveRequest{By: byPractice(), Start: a.Start, Practitioner: third.Practitioner}))
	told("to who does not wish it", "cancelled second@example.org gone")
	a = must(d.Move(a.ID, MoveRequest{By: byPractice(), Start: a.Start, Practitioner: second.Practitioner}))
	told("and back", "new second@example.org")
	must(d.Act(a.ID, ActionArrive, byPractice()))
	told("arrived", "")
	must(d.Cancel(a.ID, CancelRequest{By: byPractice()}))
	told("cancelled", "cancelled second@example.org gone")
	asked := d.mustBook(Request{By: byPatient(), Service: s.ID, Practitioner: first.Practitioner, Person: jeanne()}).Appointment
	told("asked", "asked first@example.org")
	must(d.Approve(asked.ID, ApproveRequest{By: byPractice(), Start: mustTime(t, "2026-11-26T09:00:00Z")}))
	told("approved", "new first@example.org")
	again := d.mustBook(Request{By: byPatient(), Service: s.ID, Practitioner: first.Practitioner, Person: jeanne()}).Appointment
	d.toStaff()
	must(d.Refuse(again.ID, byPractice(), ""))
	told("refused", "")
}

// TestStartsNow: by video, that it begins is told with the link to the waiting room, unless the patient is there or it was cancelled.
func TestStartsNow(t *testing.T) {
	d := newDesk(t)
	s := d.offer(func(s *Service) { s.Reminders = []time.Duration{time.Hour, 0} }, everyDay(t, "Europe/Paris", "09:00-12:00"))
	a := d.mustBook(d.ask(s, "2026-11-23T08:30:00Z")).Appointment
	d.until("its consultation", func() bool {
		found, err := d.Appointment(a.ID)
		return err == nil && found.Consultation != ""
	})
	starts := func() (found []consult.Notice) {
		d.outbox.mu.Lock()
		defer d.outbox.mu.Unlock()
		for _, n := range d.outbox.notices {
			if n.Kind == consult.NoticeStartsNow && !slices.Contains(d.outbox.gone, n.Key) {
				found = append(found, n)
			}
		}
		return found
	}
	told := starts()
	if len(told) != 1 || !told[0].NotBefore.Equal(a.Start) || told[0].Secret == "" || told[0].To.Phone == "" {
		t.Fatalf("%+v", told)
	}
	if _, err := d.practice.Redeem(t.Context(), told[0].Secret, netip.Addr{}); err != nil {
		t.Errorf("the link leads nowhere: %v", err)
	}
	if _, err := d.Cancel(a.ID, CancelRequest{By: byPractice()}); err != nil {
		t.Fatal(err)
	}
	if told := starts(); len(told) != 0 {
		t.Errorf("cancelled, and told that it begins: %+v", told)
	}
	plain := d.offer(nil, everyDay(t, "Europe/Paris", "09:00-12:00"))
	b := d.mustBook(d.ask(plain, "2026-11-23T09:30:00Z")).Appointment
	d.until("its consultation", func() bool {
		found, err := d.Appointment(b.ID)
		return err == nil && found.Consultation != ""
	})
	if told := starts(); len(told) != 0 {
		t.Errorf("a service without that reminder: %+v", told)
	}
}
