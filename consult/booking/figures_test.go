package booking

import (
	"fmt"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

// TestFigures: each end counts in one column, in the month of the wall, and booked is their sum.
func TestFigures(t *testing.T) {
	d := newDesk(t)
	dr := everyDay(t, "Europe/Paris", "08:00-18:00")
	s := d.offer(func(s *Service) { s.CutOff = 0 }, dr)
	at := func(clock string) Appointment {
		r := d.ask(s, clock)
		r.By, r.Practitioner = byPractice(), dr.Practitioner
		return d.mustBook(r).Appointment
	}
	must := func(_ Appointment, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	must(d.Act(at("2026-11-23T08:00:00Z").ID, ActionFulfil, byPractice()))
	must(d.Absent(at("2026-11-23T09:00:00Z").ID, AbsentPatient, byPractice()))
	must(d.Absent(at("2026-11-23T10:00:00Z").ID, AbsentPractitioner, byPractice()))
	must(d.Cancel(at("2026-11-23T11:00:00Z").ID, CancelRequest{By: byPractice()}))
	must(d.Cancel(at("2026-11-27T11:00:00Z").ID, CancelRequest{By: byPractice()}))
	must(d.Move(at("2026-11-30T11:00:00Z").ID, MoveRequest{By: byPractice(), Start: mustTime(t, "2026-11-30T23:30:00Z"), Overbook: "late"})) // in Paris it is December
	must(d.Mistake(at("2026-11-24T11:00:00Z").ID, byPractice(), ""))
	// What another book kept: of what was cancelled there nobody knows when, whether it is over or still to come.
	imported := ImportRequest{By: byPractice()}
	for _, start := range []string{"2026-11-20T11:00:00Z", "2026-11-23T15:00:00Z"} {
		imported.Items = append(imported.Items, Imported{State: StateCancelled, Service: s.ID, Practitioner: dr.Practitioner, Start: mustTime(t, start), Person: jeanne()})
	}
	if results, err := d.Import(imported); err != nil || results[0].Err != nil || results[1].Err != nil {
		t.Fatal(results, err)
	}
	over := at("2026-11-23T12:00:00Z")
	asked := d.mustBook(Request{By: byPatient(), Service: s.ID, Person: jeanne()}).Appointment
	must(d.Refuse(asked.ID, byPractice(), ""))
	d.clock.Set(mustTime(t, "2026-11-23T12:00:00Z").Add(s.Duration))

	all, err := d.Figures(t.Context(), []consult.AccountID{dr.Practitioner}, "2026-11", "2026-12")
	if err != nil {
		t.Fatal(err)
	}
	want := []Figures{
		{Month: "2026-11", Service: s.ID, Label: over.Label, Booked: 8, Fulfilled: 1, NoShowPatient: 1, NoShowPractitioner: 1, CancelledLate: 1, CancelledEarly: 3, Unsaid: 1},
		{Month: "2026-12", Service: s.ID, Label: over.Label, Booked: 1, Ahead: 1, Moved: 1},
	}
	if fmt.Sprint(all) != fmt.Sprint(want) {
		t.Errorf("\n%+v\n%+v", all, want)
	}
	unsaid, err := d.Unsaid(t.Context(), []consult.AccountID{dr.Practitioner}, d.clock.Now().Add(-24*time.Hour), 10)
	if err != nil || len(unsaid) != 1 || unsaid[0].ID != over.ID {
		t.Errorf("%v %v", unsaid, err)
	}
	if one, err := d.Figures(t.Context(), []consult.AccountID{dr.Practitioner}, "2026-12", "2026-12"); err != nil || len(one) != 1 {
		t.Errorf("%v %v", one, err)
	}
}
