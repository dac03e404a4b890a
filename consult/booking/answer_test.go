package booking

import (
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

// TestAnswers is a patient's calendar that answers: in order, twice, late, for somebody else.
func TestAnswers(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-11:00")
	s := d.offer(nil, doctor)
	now := d.clock.Now()
	by := Actor{Kind: ByPractice, Account: doctor.Practitioner}
	decline := func(a Appointment) Answer {
		return Answer{UID: a.UID, Mail: "JEANNE@example.org", Declined: true, Sequence: a.Sequence, Stamp: now.Add(time.Minute)}
	}
	with := func(change func(*Answer)) func(Appointment) Answer {
		return func(a Appointment) Answer { r := decline(a); change(&r); return r }
	}
	accept := with(func(r *Answer) { r.Declined, r.Stamp = false, r.Stamp.Add(time.Minute) })
	for name, c := range map[string]struct {
		answers []func(Appointment) Answer
		want    bool
		history int // entries about it
	}{
		"declined":                  {[]func(Appointment) Answer{decline}, true, 1},
		"the same mail twice":       {[]func(Appointment) Answer{decline, decline}, true, 1},
		"declined again":            {[]func(Appointment) Answer{decline, with(func(r *Answer) { r.Stamp = r.Stamp.Add(time.Hour) })}, true, 1},
		"accepted":                  {[]func(Appointment) Answer{accept}, false, 0},
		"declined, then accepted":   {[]func(Appointment) Answer{decline, accept}, false, 2},
		"the later arrived first":   {[]func(Appointment) Answer{decline, accept, decline}, false, 2},
		"somebody else's":           {[]func(Appointment) Answer{with(func(r *Answer) { r.Mail = "eve@example.org" })}, false, 0},
		"nobody's":                  {[]func(Appointment) Answer{with(func(r *Answer) { r.Mail = "" })}, false, 0},
		"of a time before":          {[]func(Appointment) Answer{with(func(r *Answer) { r.Sequence-- })}, false, 0},
		"of a time that never was":  {[]func(Appointment) Answer{with(func(r *Answer) { r.Sequence++ })}, false, 0},
		"of another century":        {[]func(Appointment) Answer{with(func(r *Answer) { r.Stamp = r.Stamp.AddDate(100, 0, 0) })}, false, 0},
		"to what is not known here": {[]func(Appointment) Answer{with(func(r *Answer) { r.UID = string(newAppointmentID(now)) })}, false, 0},
		"to what is no appointment": {[]func(Appointment) Answer{with(func(r *Answer) { r.UID = "../x" })}, false, 0},
	} {
		t.Run(name, func(t *testing.T) {
			person := jeanne()
			person.Contact.Mail = "jeanne@example.org"
			a := d.mustBook(Request{By: by, Service: s.ID, Practitioner: doctor.Practitioner, Start: mustTime(t, "2026-11-25T08:00:00Z"), Person: person}).Appointment
			before := a
			for _, of := range c.answers {
				d.mustAnswer(of(a))
			}
			after, err := d.Appointment(a.ID)
			if err != nil {
				t.Fatal(err)
			}
			if after.Declined() != c.want || len(after.History)-len(before.History) != c.history || after.State != StateBooked || !after.Start.Equal(before.Start) || after.Sequence != before.Sequence {
				t.Errorf("%+v", after)
			}
			if _, whole := after.life(); !whole {
				t.Error("its history cannot be replayed")
			}
			listed, err := d.Declined(doctor.Practitioner)
			if err != nil {
				t.Fatal(err)
			}
			if (len(listed) == 1) != c.want {
				t.Error(listed)
			}
			_, err = d.Cancel(a.ID, CancelRequest{By: by, Quiet: true})
			if err != nil {
				t.Fatal(err)
			}
			if listed, err := d.Declined(doctor.Practitioner); err != nil || len(listed) != 0 {
				t.Error("cancelled, and still to be dealt with:", listed, err)
			}
		})
	}
}

// TestKeep: who has declined and comes after all is no more said not to; a mail that arrives late, or again, does not bring it back, and
// another time was not declined.
func TestKeep(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-11:00")
	s := d.offer(nil, doctor)
	by := Actor{Kind: ByPractice, Account: doctor.Practitioner}
	person := jeanne()
	person.Contact = consult.Contact{Mail: "jeanne@example.org"}
	a := d.mustBook(Request{By: by, Service: s.ID, Practitioner: doctor.Practitioner, Start: mustTime(t, "2026-11-25T08:00:00Z"), Person: person}).Appointment
	no := Answer{UID: a.UID, Mail: "jeanne@example.org", Declined: true, Stamp: d.clock.Now()}
	d.mustAnswer(no)
	kept, err := d.Keep(a.ID, by)
	if err != nil {
		t.Fatal(err)
	}
	d.mustAnswer(no)
	again, err := d.Keep(a.ID, by)
	if err != nil {
		t.Fatal(err)
	}
	if kept.Declined() || again.Declined() || len(again.History) != len(kept.History) || kept.History[len(kept.History)-1].Action != ActionKeep {
		t.Errorf("%+v", again)
	}
	no.Stamp = no.Stamp.Add(time.Hour)
	d.mustAnswer(no)
	moved, err := d.Move(a.ID, MoveRequest{By: by, Start: mustTime(t, "2026-11-25T09:00:00Z")})
	if err != nil {
		t.Fatal(err)
	}
	d.mustAnswer(no)
	if moved.Declined() {
		t.Error("the new time was declined before it was known")
	}
	for i := range 3 * maxAnswers { // one that answers without end
		no.Stamp, no.Declined, no.Sequence = no.Stamp.Add(time.Second), i%2 == 0, moved.Sequence
		d.mustAnswer(no)
	}
	last, err := d.Appointment(a.ID)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(last.History); n > maxAnswers+2 {
		t.Errorf("%d entries", n)
	}
}

func (d *desk) mustAnswer(r Answer) {
	d.t.Helper()
	if err := d.Answer(r); err != nil {
		d.t.Fatal(err)
	}
}
