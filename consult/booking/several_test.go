package booking

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

// said is what goes to patients, one line a message: its kind, and all starts that it tells of.
func (o *listOutbox) said() []string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var out []string
	for _, n := range o.notices {
		if slices.Contains(o.gone, n.Key) || n.Kind == consult.NoticeAppointmentReminder {
			continue
		}
		times := n.Fields[consult.FieldTimes]
		if times == "" {
			times = n.Fields[consult.FieldAt]
		}
		out = append(out, strings.TrimPrefix(string(n.Kind), "appointment-")+" "+times)
	}
	return out
}

// TestToldTogether: of a series that is cancelled or moved at once, one text message tells all; mails are one each, with their calendars.
func TestToldTogether(t *testing.T) {
	const cancelled = "cancelled 2026-12-08T08:00:00Z 2026-12-15T08:00:00Z 2026-12-22T08:00:00Z"
	const moved = "moved 2026-12-09T09:00:00Z 2026-12-16T09:00:00Z 2026-12-23T09:00:00Z"
	cancel := func(d *desk, one Appointment) error {
		_, err := d.CancelFollowing(one.ID, CancelRequest{By: byPractice()}, everybody)
		return err
	}
	move := func(d *desk, one Appointment) error {
		_, err := d.MoveFollowing(one.ID, SeriesMove{By: byPractice(), Start: one.Start.Add(25 * time.Hour)}, everybody)
		return err
	}
	sms := consult.Contact{Phone: "+33639980010", Reach: consult.ReachSMS}
	mail := consult.Contact{Mail: "jeanne@example.org", Reach: consult.ReachMail}
	for _, c := range []struct {
		name string
		to   consult.Contact
		do   func(*desk, Appointment) error
		want []string
	}{
		{"cancelled, by text message", sms, cancel, []string{cancelled}},
		{"moved, by text message", sms, move, []string{moved}},
		{"cancelled, by mail", mail, cancel, []string{"cancelled 2026-12-08T08:00:00Z", "cancelled 2026-12-15T08:00:00Z", "cancelled 2026-12-22T08:00:00Z"}},
		{"moved, by mail", mail, move, []string{"moved 2026-12-09T09:00:00Z", "moved 2026-12-16T09:00:00Z", "moved 2026-12-23T09:00:00Z"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			doctor := everyDay(t, "Europe/Paris", "09:00-12:00")
			s := d.offer(nil, doctor)
			r := d.ask(s, "2026-12-01T08:00:00Z")
			r.By, r.Practitioner, r.Quiet, r.Person.Contact = byPractice(), doctor.Practitioner, true, c.to
			made, err := d.BookSeries(r, 1, 4)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.do(d, made[1].Booked.Appointment); err != nil {
				t.Fatal(err)
			}
			got := d.outbox.said()
			slices.Sort(got)
			if !slices.Equal(got, c.want) {
				t.Errorf("%q, want %q", got, c.want)
			}
			in, err := d.InSeries(made[1].Booked.Appointment)
			if err != nil {
				t.Fatal(err)
			}
			for _, one := range in[1:] {
				if !one.Told {
					t.Errorf("%s: not told", one.Wall)
				}
			}
			if c.to == sms && strings.HasPrefix(c.want[0], "moved") { // one of them changes again: what is said of the others stays
				if _, err := d.Cancel(in[2].ID, CancelRequest{By: byPractice()}); err != nil {
					t.Fatal(err)
				}
				if got := d.outbox.said(); !slices.Equal(got, []string{moved, "cancelled 2026-12-16T09:00:00Z"}) {
					t.Errorf("%q", got)
				}
			}
		})
	}
}

// TestToldTogetherOfMany: a message has an end; what does not fit goes into the next.
func TestToldTogetherOfMany(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-12:00")
	s := d.offer(nil, doctor)
	r := d.ask(s, "2026-12-01T08:00:00Z")
	r.By, r.Practitioner, r.Quiet, r.Person.Contact.Reach = byPractice(), doctor.Practitioner, true, consult.ReachSMS
	made, err := d.BookSeries(r, 1, maxListed+1)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.CancelFollowing(made[0].Booked.Appointment.ID, CancelRequest{By: byPractice()}, everybody); err != nil {
		t.Fatal(err)
	}
	got := d.outbox.said()
	if len(got) != 2 || strings.Count(got[0], " ") != maxListed || strings.Count(got[1], " ") != 1 {
		t.Errorf("%q", got)
	}
}

// TestBookedTogether: of a series that is booked, one text message lists the dates that were, and no other; mails are one each. The same request
// again tells nothing.
func TestBookedTogether(t *testing.T) {
	for _, c := range []struct {
		reach consult.Reach
		want  []string
	}{
		{consult.ReachSMS, []string{" 2026-12-01T08:00:00Z 2026-12-15T08:00:00Z 2026-12-22T08:00:00Z"}},
		{consult.ReachMail, []string{" 2026-12-01T08:00:00Z", " 2026-12-15T08:00:00Z", " 2026-12-22T08:00:00Z"}},
	} {
		t.Run(string(c.reach), func(t *testing.T) {
			d := newDesk(t)
			doctor := everyDay(t, "Europe/Paris", "09:00-12:00")
			s := d.offer(nil, doctor)
			other := d.ask(s, "2026-12-08T08:00:00Z")
			other.By, other.Practitioner, other.Quiet = byPractice(), doctor.Practitioner, true
			if _, err := d.Book.Book(other); err != nil {
				t.Fatal(err)
			}
			r := d.ask(s, "2026-12-01T08:00:00Z")
			r.Key, r.By, r.Practitioner = "series", byPractice(), doctor.Practitioner
			r.Person.Contact = consult.Contact{Phone: "+33639980010", Mail: "jeanne@example.org", Reach: c.reach}
			for range 2 {
				made, err := d.BookSeries(r, 1, 4)
				if err != nil {
					t.Fatal(err)
				}
				for i, one := range made {
					if booked := i != 1; (one.Err == nil) != booked || one.Booked.Appointment.Told != booked {
						t.Errorf("%d: %+v", i, one)
					}
				}
				got := d.outbox.said()
				for i := range got {
					got[i] = strings.TrimPrefix(got[i], string(consult.NoticeAppointment))
				}
				if slices.Sort(got); !slices.Equal(got, c.want) {
					t.Errorf("%q, want %q", got, c.want)
				}
			}
		})
	}
}
