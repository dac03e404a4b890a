package booking

import (
	"cmp"
	"errors"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// TestForgetContact: who was booked with a number only is counted first, not forgotten while something is to come, and then gone from
// appointments, requests and the wait list; who shares the number and has a record, and everybody else, stays.
func TestForgetContact(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-12:00")
	s := d.offer(func(s *Service) { s.Approval = true }, doctor)
	phone := consult.Contact{Phone: "+33639980010", Reach: consult.ReachSMS}
	mail := consult.Contact{Mail: "jeanne@example.org", Reach: consult.ReachMail}
	other := consult.Contact{Phone: "+33639980011", Reach: consult.ReachSMS}
	book := func(c consult.Contact, by Actor, start string, change func(*Request)) Appointment {
		t.Helper()
		r := d.ask(s, cmp.Or(start, "2026-11-27T09:00:00Z"))
		if start == "" { // a call-back
			r.Start = time.Time{}
		}
		r.By, r.Person.Contact, r.Note = by, c, "mal au dos"
		if change != nil {
			change(&r)
		}
		return d.mustBook(r).Appointment
	}
	over := book(phone, byPractice(), "2026-11-25T09:00:00Z", nil)
	cancelled := book(mail, byPractice(), "2026-11-27T10:00:00Z", nil)
	back := book(phone, byPatient(), "", nil)
	asked := book(mail, byPatient(), "2026-11-27T08:30:00Z", nil)
	theirs := book(other, byPractice(), "2026-11-25T10:00:00Z", nil)
	recorded := book(phone, byPractice(), "2026-11-25T10:30:00Z", func(r *Request) { r.Patient = consult.NewPatientID() })
	for _, c := range []consult.Contact{phone, other} {
		person := jeanne()
		person.Contact = c
		if _, err := d.Wait(WaitRequest{Service: s.ID, From: d.clock.Now().Add(400 * time.Hour), To: d.clock.Now().Add(900 * time.Hour), Person: person}); err != nil {
			t.Fatal(err)
		}
	}
	d.clock.Set(theirs.End)
	all := func(consult.AccountID, ServiceID) (bool, error) { return true, nil }
	find := func(concerns func(consult.AccountID, ServiceID) (bool, error)) OfContact {
		t.Helper()
		found, err := d.OfContact(t.Context(), consult.Contact{Phone: "06 39 98 00 10", Mail: mail.Mail}, []consult.AccountID{doctor.Practitioner}, concerns)
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	before := d.store.Revision()
	found := find(all)
	if len(found.Over) != 1 || found.Ahead != 1 || len(found.Requests) != 2 || len(found.Waiting) != 1 || found.Recorded != 1 {
		t.Fatalf("%+v", found)
	}
	none := func(consult.AccountID, ServiceID) (bool, error) { return false, nil }
	if few := find(none); len(few.Requests) != 1 || len(few.Waiting) != 0 { // the one with a time is the practitioner's own
		t.Errorf("%+v", few)
	}
	if err := d.ForgetContact(t.Context(), found, byPractice()); !errors.Is(err, ErrAhead) || d.store.Revision() != before {
		t.Errorf("%v, and something was written: %v", err, d.store.Revision() != before)
	}
	if _, err := d.Cancel(cancelled.ID, CancelRequest{By: byPractice(), Reason: "Jeanne est guérie", Quiet: true}); err != nil {
		t.Fatal(err)
	}
	told := d.outbox.queued()
	for range 2 { // again is no error
		if err := d.ForgetContact(t.Context(), find(all), byPractice()); err != nil {
			t.Fatal(err)
		}
	}
	if now := d.outbox.queued(); len(now) > len(told) {
		t.Errorf("somebody was told: %s", now)
	}
	for _, id := range []AppointmentID{over.ID, cancelled.ID, back.ID, asked.ID} {
		a, err := d.Appointment(id)
		if err != nil || a.Person.Name != Nobody || a.Person.Contact != (consult.Contact{}) || a.Note != "" || len(a.Answers) != 0 {
			t.Errorf("%+v %v", a, err)
		}
		for _, c := range a.History {
			if c.Reason != "" {
				t.Errorf("%+v", c)
			}
		}
	}
	if requests, err := d.Requests(); err != nil || len(requests) != 0 {
		t.Errorf("%v %v", requests, err)
	}
	if taken, err := d.Taken(doctor.Practitioner, asked.Start, asked.End); err != nil || taken {
		t.Errorf("the time that was asked for is still taken: %v %v", taken, err)
	}
	for _, id := range []AppointmentID{theirs.ID, recorded.ID} {
		if a, err := d.Appointment(id); err != nil || a.Person.Name == Nobody || a.Note == "" {
			t.Errorf("somebody else's: %+v %v", a, err)
		}
	}
	if list, err := d.WaitList(s.ID); err != nil || len(list) != 1 || list[0].Person.Contact.Phone != other.Phone {
		t.Errorf("%v %v", list, err)
	}
	if left := find(all); len(left.Over)+len(left.Requests)+len(left.Waiting) != 0 || left.Recorded != 1 {
		t.Errorf("%+v", left)
	}
	for _, contact := range []consult.Contact{{}, {Phone: "12"}} {
		if _, err := d.OfContact(t.Context(), contact, nil, all); consult.CodeOf(err) != consult.CodeBadMessage {
			t.Errorf("%+v: %v", contact, err)
		}
	}
}

// TestForgetBehindManyRequests: who asked is found behind more requests than one page of the store holds.
func TestForgetBehindManyRequests(t *testing.T) {
	d := newDesk(t)
	s := d.offer(nil, everyDay(t, "Europe/Paris", "09:00-12:00"))
	r := d.ask(s, "2026-11-27T09:00:00Z")
	r.Start, r.Practitioner = time.Time{}, ""
	for range kv.MaxRange {
		d.mustBook(r)
		d.clock.Forward(time.Second)
	}
	r.Patient, r.Person.Contact = consult.NewPatientID(), consult.Contact{Phone: "+33639980019", Reach: consult.ReachSMS}
	d.mustBook(r)
	if err := d.Forget(t.Context(), r.Patient); !errors.Is(err, ErrAhead) {
		t.Error(err)
	}
	all := func(consult.AccountID, ServiceID) (bool, error) { return true, nil }
	found, err := d.OfContact(t.Context(), r.Person.Contact, nil, all)
	if err != nil || found.Recorded != 1 {
		t.Errorf("%+v %v", found, err)
	}
}
