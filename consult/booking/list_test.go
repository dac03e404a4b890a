package booking

import (
	"fmt"
	"strings"
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

// TestGridOfNights: a night's hours are open in both days, cut at midnight, on days of 25 and of 23 hours too.
func TestGridOfNights(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "22:00-06:00")
	d.offer(nil, doctor)
	for day, want := range map[string]string{
		"2026-11-24": "11-23T23:00-11-24T05:00 11-24T21:00-11-24T23:00",
		"2026-10-25": "10-24T22:00-10-25T05:00 10-25T21:00-10-25T23:00", // seven hours after midnight
		"2027-03-28": "03-27T23:00-03-28T04:00 03-28T20:00-03-28T22:00", // five
	} {
		grid, err := d.Grid(t.Context(), doctor.Practitioner, mustDate(t, day), mustDate(t, day), "")
		if err != nil || len(grid.Days) != 1 {
			t.Fatal(grid, err)
		}
		var got []string
		for _, open := range grid.Days[0].Open {
			got = append(got, open.From.Format("01-02T15:04")+"-"+open.To.Format("01-02T15:04"))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %s, want %s", day, strings.Join(got, " "), want)
		}
	}
}
