package booking

import (
	"errors"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

// TestForget: what is to come keeps a patient in the book; afterwards nothing says who it was, and the figures stay.
func TestForget(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-12:00")
	s := d.offer(nil, doctor)
	patient, other := consult.NewPatientID(), consult.NewPatientID()
	book := func(of consult.PatientID, start string) Appointment {
		t.Helper()
		r := d.ask(s, start)
		r.Patient, r.By, r.Note = of, byPractice(), "mal au dos"
		return d.mustBook(r).Appointment
	}
	over, theirs := book(patient, "2026-11-25T09:00:00Z"), book(other, "2026-11-25T10:00:00Z")
	ahead := book(patient, "2026-11-27T09:00:00Z")
	for _, of := range []consult.PatientID{patient, other} {
		if _, err := d.Wait(WaitRequest{Service: s.ID, From: d.clock.Now().Add(400 * time.Hour), To: d.clock.Now().Add(900 * time.Hour), Patient: of, Person: jeanne()}); err != nil {
			t.Fatal(err)
		}
	}
	d.clock.Set(over.End)
	if _, err := d.Act(over.ID, ActionFulfil, byPractice()); err != nil {
		t.Fatal(err)
	}
	before := d.store.Revision()
	if err := d.Forget(t.Context(), patient); !errors.Is(err, ErrAhead) || d.store.Revision() != before {
		t.Errorf("%v, and something was written: %v", err, d.store.Revision() != before)
	}
	if _, err := d.Cancel(ahead.ID, CancelRequest{By: byPractice(), Reason: "Jeanne est guérie", Quiet: true}); err != nil {
		t.Fatal(err)
	}
	told := d.outbox.queued()
	for range 2 { // again is no error
		if err := d.Forget(t.Context(), patient); err != nil {
			t.Fatal(err)
		}
	}
	if d.outbox.queued() != told {
		t.Errorf("somebody was told: %s", d.outbox.queued())
	}
	for _, id := range []AppointmentID{over.ID, ahead.ID} {
		a, err := d.Appointment(id)
		if err != nil || a.Patient != "" || a.Person.Name != Nobody || a.Person.Contact != (consult.Contact{}) || a.Person.BirthDate != "" || a.Note != "" || len(a.Answers) != 0 {
			t.Errorf("%+v %v", a, err)
		}
		for _, c := range a.History {
			if c.Reason != "" {
				t.Errorf("%+v", c)
			}
		}
	}
	if a, err := d.Appointment(over.ID); err != nil || a.State != StateFulfilled || !a.Start.Equal(over.Start) || a.Service != s.ID {
		t.Errorf("%+v %v", a, err)
	}
	if left, err := d.AppointmentsOf(patient); err != nil || len(left) != 0 {
		t.Errorf("%v %v", left, err)
	}
	if a, err := d.Appointment(theirs.ID); err != nil || a.Patient != other || a.Note == "" {
		t.Errorf("somebody else's: %+v %v", a, err)
	}
	if list, err := d.WaitList(s.ID); err != nil || len(list) != 1 || list[0].Patient != other {
		t.Errorf("%v %v", list, err)
	}
	if err := d.Forget(t.Context(), "x"); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}
