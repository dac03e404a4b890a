package booking

import (
	"testing"
	"time"
)

// TestRulesOfAZoneChange: the country gives up summer time after somebody has booked for the summer.
func TestRulesOfAZoneChange(t *testing.T) {
	rules := map[bool]*time.Location{false: time.FixedZone("Europe/Paris", 7200), true: time.FixedZone("Europe/Paris", 3600)}
	changed := false
	d := newDesk(t)
	d.zones = func(string) (*time.Location, error) { return rules[changed], nil }
	d.restart()
	doctor := everyDay(t, "Europe/Paris", "09:00-10:00")
	s := d.offer(nil, doctor)
	a := d.mustBook(d.ask(s, "2026-12-01T07:00:00Z")).Appointment
	if got, err := d.Drifted(doctor.Practitioner); err != nil || len(got) != 0 {
		t.Fatal(got, err)
	}
	changed = true
	got, err := d.Drifted(doctor.Practitioner)
	if err != nil || len(got) != 1 || !got[0].Should.Equal(mustTime(t, "2026-12-01T08:00:00Z")) {
		t.Fatal(got, err)
	}
	kept, err := d.Move(a.ID, MoveRequest{By: Actor{Kind: BySystem}, Start: got[0].Should})
	if err != nil || kept.Wall != a.Wall || kept.Sequence != 1 {
		t.Fatalf("%v %+v", err, kept)
	}
	if got, _ := d.Drifted(doctor.Practitioner); len(got) != 0 {
		t.Fatal(got)
	}
}

// TestDriftedInOrder: a full morning is put back where it was agreed, one after another in the order in which they are listed, whichever way
// the rules have moved it.
func TestDriftedInOrder(t *testing.T) {
	for _, c := range []struct {
		name        string
		before, now int // hours east of UTC
		first       string
	}{
		{"summer time is given up: all an hour later", 2, 1, "10:30"},
		{"summer time for good: all an hour earlier", 1, 2, "09:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			offset := c.before
			d := newDesk(t)
			d.zones = func(string) (*time.Location, error) { return time.FixedZone("Europe/Paris", offset*60*60), nil }
			d.restart()
			doctor := everyDay(t, "Europe/Paris", "09:00-11:00")
			s := d.offer(nil, doctor)
			for i := range 4 {
				at := mustTime(t, "2026-12-01T09:00:00Z").Add(time.Duration(i*30-c.before*60) * time.Minute)
				d.mustBook(d.ask(s, at.Format(time.RFC3339)))
			}
			offset = c.now
			drifted, err := d.Drifted(doctor.Practitioner)
			if err != nil || len(drifted) != 4 || drifted[0].Appointment.Wall != "2026-12-01T"+c.first {
				t.Fatalf("%v %v", err, drifted)
			}
			for _, one := range drifted {
				kept, err := d.Move(one.Appointment.ID, MoveRequest{By: byPractice(), Start: one.Should})
				if err != nil || kept.Wall != one.Appointment.Wall {
					t.Errorf("%s: %v %s", one.Appointment.Wall, err, kept.Wall)
				}
			}
			if left, err := d.Drifted(doctor.Practitioner); err != nil || len(left) != 0 {
				t.Errorf("%v %v", err, left)
			}
		})
	}
}
