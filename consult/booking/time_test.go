package booking

import (
	"errors"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

// TestNoticeIsAbsolute: a day's notice is 24 hours, whatever clocks do in between, for what is offered, for who cancels, and for reminders.
func TestNoticeIsAbsolute(t *testing.T) {
	for _, c := range []struct{ name, zone, hours, now, offered string }{
		{"Paris, spring: an hour later than clocks say", "Europe/Paris", "09:00-12:00", "2026-03-28T08:30:00Z", "29T10:30 29T11:00 29T11:30"},
		{"Paris, autumn: an hour earlier", "Europe/Paris", "07:30-10:00", "2026-10-24T07:30:00Z", "25T08:30 25T09:00 25T09:30"},
		{"New York, spring", "America/New_York", "09:00-12:00", "2026-03-07T14:30:00Z", "08T10:30 08T11:00 08T11:30"},
		{"New York, autumn", "America/New_York", "07:30-10:00", "2026-10-31T13:30:00Z", "01T08:30 01T09:00 01T09:30"},
		{"Apia, spring, in September", "Pacific/Apia", "09:00-12:00", "2012-09-28T20:30:00Z", "30T10:30 30T11:00 30T11:30"},
		{"Apia, autumn, in April", "Pacific/Apia", "07:30-10:00", "2012-03-30T19:30:00Z", "01T08:30 01T09:00 01T09:30"},
		{"Apia, over the day that there was not", "Pacific/Apia", "09:00-10:30", "2011-12-29T19:30:00Z", "31T09:30 31T10:00"},
		{"Istanbul, where summer stayed", "Europe/Istanbul", "09:00-10:30", "2016-10-29T06:30:00Z", "30T09:30 30T10:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			zone := mustZone(t, c.zone)
			d := newDesk(t)
			d.clock.Set(mustTime(t, c.now))
			doctor := everyDay(t, c.zone, c.hours)
			s := d.offer(func(s *Service) {
				s.MinNotice, s.CutOff, s.Reminders, s.Modalities = 24*time.Hour, 24*time.Hour, []time.Duration{24 * time.Hour}, []Modality{ModalityPhone}
			}, doctor)
			// until the end of the day on which the notice ends
			end := (DateOf(d.clock.Now().Add(24*time.Hour).In(zone)) + 1).utc()
			_, offset := end.In(zone).Zone()
			free, err := d.Free(Query{Service: s.ID, From: d.clock.Now(), To: end.Add(-time.Duration(offset) * time.Second)})
			if err != nil || walls(free, zone) != c.offered {
				t.Fatalf("%v: got %s, want %s", err, walls(free, zone), c.offered)
			}
			if _, err := d.Book.Book(d.ask(s, free[0].Start.Add(-30*time.Minute).Format(time.RFC3339))); !errors.Is(err, ErrTaken) {
				t.Errorf("half an hour too early: %v", err)
			}
			a := d.mustBook(d.ask(s, free[1].Start.Format(time.RFC3339))).Appointment
			if want := free[1].Start.In(zone).Format(wallLayout); a.Wall != want || a.End.Sub(a.Start) != 30*time.Minute {
				t.Errorf("%s, want %s", a.Wall, want)
			}
			if keys := d.dues(); len(keys) != 1 || keys[0] != dueKey(a.Start.Add(-24*time.Hour), taskRemind, a.ID) {
				t.Errorf("%v", keys)
			}
			d.clock.Set(a.Start.Add(-24 * time.Hour))
			moved, err := d.Cancel(a.ID, CancelRequest{By: byPatient()})
			if err != nil || moved.Notice != 24*time.Hour {
				t.Errorf("to the second in time: %v %s", err, moved.Notice)
			}
			b := d.mustBook(Request{By: byPractice(), Service: s.ID, Practitioner: doctor.Practitioner, Start: a.Start, Person: jeanne()}).Appointment
			d.clock.Set(b.Start.Add(-24*time.Hour + time.Second))
			if _, err := d.Cancel(b.ID, CancelRequest{By: byPatient()}); !errors.Is(err, ErrTooLate) {
				t.Errorf("a second late: %v", err)
			}
		})
	}
}

// TestPatientElsewhere: what is agreed is the practitioner's clock; what the patient is told is an instant, and their own zone.
func TestPatientElsewhere(t *testing.T) {
	for _, c := range []struct{ practice, patient, start, wall, theirs string }{
		{"Europe/Paris", "Pacific/Apia", "2026-11-25T10:30:00Z", "2026-11-25T11:30", "2026-11-25T23:30"},
		{"Europe/Paris", "Pacific/Apia", "2026-11-25T11:00:00Z", "2026-11-25T12:00", "2026-11-26T00:00"},
		{"Europe/Paris", "America/New_York", "2026-11-25T10:30:00Z", "2026-11-25T11:30", "2026-11-25T05:30"},
		{"America/New_York", "Europe/Paris", "2026-11-25T15:00:00Z", "2026-11-25T10:00", "2026-11-25T16:00"},
		{"Pacific/Apia", "Europe/Paris", "2026-11-24T23:00:00Z", "2026-11-25T12:00", "2026-11-25T00:00"},
		{"Pacific/Apia", "America/New_York", "2026-11-24T23:00:00Z", "2026-11-25T12:00", "2026-11-24T18:00"},
		{"Europe/Paris", "", "2026-11-25T10:30:00Z", "2026-11-25T11:30", "2026-11-25T11:30"},
	} {
		d := newDesk(t)
		s := d.offer(nil, everyDay(t, c.practice, "10:00-13:00"))
		r := d.ask(s, c.start)
		r.Person.TimeZone = c.patient
		a := d.mustBook(r).Appointment
		n := d.outbox.notices[0]
		if a.Wall != c.wall || a.TimeZone != c.practice || n.Fields[consult.FieldAt] != c.start {
			t.Errorf("%+v: %s %s %v", c, a.Wall, a.TimeZone, n.Fields)
		}
		if got := a.Start.In(mustZone(t, n.TimeZone)).Format(wallLayout); got != c.theirs {
			t.Errorf("%+v: the patient reads %s", c, got)
		}
	}
}

// TestMidnights: what goes on past midnight, of the practitioner or of UTC, and over a change of clocks, takes the time of all days that it touches,
// and counts on the day on which it starts.
func TestMidnights(t *testing.T) {
	for _, c := range []struct {
		name, zone, start, end string
		days                   int // of UTC
		inside, after          string
	}{
		{"Paris, the night of the gap", "Europe/Paris", "2026-03-28T22:00:00Z", "2026-03-29T02:00:00Z", 2, "2026-03-29T01:00:00Z", "2026-03-29T02:00:00Z"},
		{"Paris, the night of the fold", "Europe/Paris", "2026-10-24T22:00:00Z", "2026-10-25T02:00:00Z", 2, "2026-10-25T01:00:00Z", "2026-10-25T02:00:00Z"},
		{"New York, where UTC's midnight is in the evening", "America/New_York", "2026-10-31T22:00:00Z", "2026-11-01T02:00:00Z", 2, "2026-11-01T00:30:00Z", "2026-11-01T02:00:00Z"},
		{"Apia, where UTC's is in the afternoon", "Pacific/Apia", "2026-11-24T22:00:00Z", "2026-11-25T02:00:00Z", 2, "2026-11-25T00:30:00Z", "2026-11-25T02:00:00Z"},
		{"Apia, into the day after the one that there was not", "Pacific/Apia", "2011-12-30T08:00:00Z", "2011-12-30T12:00:00Z", 1, "2011-12-30T10:30:00Z", "2011-12-30T12:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			d.clock.Set(mustTime(t, c.start).Add(-48 * time.Hour))
			doctor := everyDay(t, c.zone, "00:00-00:00")
			long := d.offer(func(s *Service) {
				s.Duration, s.Step, s.Modalities = 4*time.Hour, 30*time.Minute, []Modality{ModalityPhone}
			}, doctor)
			short := d.offer(func(s *Service) { s.Modalities = []Modality{ModalityPhone} }, doctor)
			a := d.mustBook(Request{By: byPractice(), Service: long.ID, Practitioner: doctor.Practitioner, Start: mustTime(t, c.start), Person: jeanne()}).Appointment
			if !a.End.Equal(mustTime(t, c.end)) {
				t.Errorf("it ends at %s", a.End)
			}
			first, last := a.padded().utcDays()
			if int(last-first)+1 != c.days {
				t.Errorf("it lies in %d days", last-first+1)
			}
			for day := first; day <= last; day++ {
				if entries, err := d.entries(OwnerOf(doctor.Practitioner), day, day); err != nil || len(entries) != 1 {
					t.Errorf("%s: %v %v", day, entries, err)
				}
			}
			book := func(start string) error {
				_, err := d.Book.Book(Request{By: byPractice(), Service: short.ID, Practitioner: doctor.Practitioner, Start: mustTime(t, start), Person: jeanne()})
				return err
			}
			if err := book(c.inside); !errors.Is(err, ErrTaken) {
				t.Errorf("inside: %v", err)
			}
			if err := book(c.after); err != nil {
				t.Errorf("right behind: %v", err)
			}
			if list, err := d.Appointments(doctor.Practitioner, a.Start, a.Start.Add(time.Second)); err != nil || len(list) != 1 {
				t.Errorf("%v %v", list, err)
			}
		})
	}
}
