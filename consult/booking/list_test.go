package booking

import (
	"fmt"
	"testing"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// TestEachGoesOn: what stands behind the first thousand of a list is found too, and shown in the grid of its day.
func TestEachGoesOn(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-12:00")
	s := d.offer(nil, doctor)
	r := ImportRequest{By: byPractice()}
	start := mustTime(t, "2026-11-25T08:00:00Z")
	for i := range kv.MaxRange {
		r.Items = append(r.Items, Imported{Key: fmt.Sprint(i), State: StateCancelled, Service: s.ID, Practitioner: doctor.Practitioner, Start: start, Person: jeanne()})
	}
	if _, err := d.Import(r); err != nil {
		t.Fatal(err)
	}
	last := d.mustBook(d.ask(s, "2026-11-25T09:00:00Z")).Appointment
	var seen []AppointmentID
	err := d.Each(t.Context(), doctor.Practitioner, start, start.Add(24*time.Hour), func(a Appointment) error {
		seen = append(seen, a.ID)
		return nil
	})
	if err != nil || len(seen) != kv.MaxRange+1 || seen[len(seen)-1] != last.ID {
		t.Fatalf("%v: %d appointments", err, len(seen))
	}
	day := mustDate(t, "2026-11-25")
	grid, err := d.Grid(t.Context(), doctor.Practitioner, day, day, "")
	if err != nil || len(grid.Appointments) != kv.MaxRange+1 || grid.Appointments[kv.MaxRange].ID != last.ID {
		t.Fatalf("%v: %d appointments in the grid", err, len(grid.Appointments))
	}
}
