package booking

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

func everybody(consult.AccountID) bool { return true }

// weekly books a series with a doctor who works around the clock.
func weekly(t *testing.T, d *desk, zone, start string, count int, change func(*Service)) (Service, []Appointment) {
	t.Helper()
	doctor := everyDay(t, zone, "00:00-24:00")
	s := d.offer(change, doctor)
	r := d.ask(s, start)
	r.By, r.Practitioner, r.Quiet = byPractice(), doctor.Practitioner, true
	made, err := d.BookSeries(r, 1, count)
	if err != nil {
		t.Fatal(err)
	}
	series := make([]Appointment, len(made))
	for i, one := range made {
		if one.Err != nil {
			t.Fatal(one.Start, one.Err)
		}
		series[i] = one.Booked.Appointment
	}
	return s, series
}

// stands is how a series stands: what clocks showed when each of its dates was agreed, and what became of it.
func (d *desk) stands(of Appointment) string {
	d.t.Helper()
	in, err := d.InSeries(of)
	if err != nil {
		d.t.Fatal(err)
	}
	var out []string
	for _, one := range in {
		text := strings.TrimPrefix(one.Wall, "20")
		if one.State != StateBooked {
			text += "=" + string(one.State)
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

// TestMoveFollowing: this and what follows is moved by the same time on the wall, also over a change of clocks and into each other's times.
func TestMoveFollowing(t *testing.T) {
	for _, c := range []struct{ name, zone, start, to, want string }{
		{"beside itself, over the spring gap", "Europe/Paris", "2027-03-16T08:00:00Z", "2027-03-23T08:10:00Z",
			"27-03-16T09:00 27-03-23T09:10 27-03-30T09:10 27-04-06T09:10"},
		{"a week later, each into the next's time", "Europe/Paris", "2026-10-13T07:00:00Z", "2026-10-27T08:00:00Z",
			"26-10-13T09:00 26-10-27T09:00 26-11-03T09:00 26-11-10T09:00"},
		{"earlier than the first, another day and hour", "Europe/Paris", "2026-10-13T07:00:00Z", "2026-10-12T13:00:00Z",
			"26-10-12T15:00 26-10-13T09:00 26-10-19T15:00 26-10-26T15:00"},
		{"over midnight", "America/New_York", "2026-10-20T13:00:00Z", "2026-10-28T03:30:00Z",
			"26-10-20T09:00 26-10-27T23:30 26-11-03T23:30 26-11-10T23:30"},
		{"the second 02:30 of the two", "Europe/Paris", "2026-10-18T01:00:00Z", "2026-10-25T01:30:00Z",
			"26-10-18T03:00 26-10-25T02:30 26-11-01T02:30 26-11-08T02:30"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			d.clock.Set(mustTime(t, c.start).Add(-20 * 24 * time.Hour))
			_, series := weekly(t, d, c.zone, c.start, 4, nil)
			results, err := d.MoveFollowing(series[1].ID, SeriesMove{By: byPractice(), Start: mustTime(t, c.to), Quiet: true}, everybody)
			if err != nil || len(results) != 3 {
				t.Fatal(results, err)
			}
			if got := d.stands(series[0]); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			first, err := d.Appointment(series[1].ID)
			if err != nil || !first.Start.Equal(mustTime(t, c.to)) || first.History[len(first.History)-1].Action != ActionMove {
				t.Errorf("%+v %v", first, err)
			}
			again, err := d.MoveFollowing(series[1].ID, SeriesMove{By: byPractice(), Start: mustTime(t, c.to)}, everybody)
			if err != nil || len(again) == 0 || d.stands(series[0]) != c.want {
				t.Errorf("again: %v %v", again, err)
			}
			d.nothingHeld(series[0].Practitioner)
		})
	}
}

// nothingHeld looks for holds that were not given back.
func (d *desk) nothingHeld(of consult.AccountID) {
	d.t.Helper()
	days, err := d.store.Range(dayPrefix(OwnerOf(of)), "", kv.MaxRange)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, stored := range days {
		day, err := dayOfKey(stored.Key)
		if err != nil {
			d.t.Fatal(err)
		}
		doc, err := decodeDay(day, stored.Value)
		if err != nil {
			d.t.Fatal(err)
		}
		for _, e := range doc {
			if e.kind == entryHold {
				d.t.Errorf("held: %+v", e)
			}
		}
	}
	for _, prefix := range []string{"v1/book-hold/", seriesMovePrefix} {
		if left, err := d.store.Range(prefix, "", 1); err != nil || len(left) != 0 {
			d.t.Errorf("%s: %v %v", prefix, left, err)
		}
	}
}

// TestMoveFollowingAllOrNothing: when some dates cannot have their new times, those are named and none moves.
func TestMoveFollowingAllOrNothing(t *testing.T) {
	d := newDesk(t)
	d.clock.Set(mustTime(t, "2027-03-01T08:00:00Z"))
	s, series := weekly(t, d, "Europe/Paris", "2027-03-14T00:30:00Z", 5, nil) // Sundays at 01:30
	paul := d.ask(s, "2027-03-21T01:30:00Z")
	paul.By, paul.Practitioner, paul.Quiet = byPractice(), series[0].Practitioner, true
	paul.Person.Name = "Paul Petit"
	d.mustBook(paul)
	was := d.stands(series[0])
	move := SeriesMove{By: byPractice(), Start: mustTime(t, "2027-03-14T01:30:00Z")}
	var taken *SeriesTakenError
	_, err := d.MoveFollowing(series[0].ID, move, everybody)
	if !errors.As(err, &taken) || len(taken.Taken) != 2 || consult.CodeOf(err) != consult.CodeConflict {
		t.Fatalf("%v %+v", err, taken)
	}
	if one := taken.Taken[0]; one.Appointment.ID != series[1].ID || one.Wall != "2027-03-21T02:30" || one.Skipped {
		t.Errorf("taken: %+v", one)
	}
	if one := taken.Taken[1]; one.Appointment.ID != series[2].ID || one.Wall != "2027-03-28T02:30" || !one.Skipped {
		t.Errorf("skipped: %+v", one)
	}
	if got := d.stands(series[0]); got != was {
		t.Errorf("%s, want %s", got, was)
	}
	d.nothingHeld(series[0].Practitioner)
	if notices := d.outbox.queued(); notices != "" {
		t.Errorf("told: %s", notices)
	}
	if moved, err := d.MoveFollowing(series[3].ID, SeriesMove{By: byPractice(), Start: mustTime(t, "2027-04-04T00:30:00Z")}, everybody); err != nil || len(moved) != 2 {
		t.Errorf("those that can: %v %v", moved, err)
	}
}

// TestMoveFollowingOfOthers: what has begun stays and is named; what is not mine stays; what is no series is none.
func TestMoveFollowingOfOthers(t *testing.T) {
	d := newDesk(t)
	s, series := weekly(t, d, "Europe/Paris", "2026-12-01T08:00:00Z", 3, nil)
	for _, action := range []Action{ActionArrive, ActionBegin} {
		if _, err := d.Act(series[1].ID, action, byPractice()); err != nil {
			t.Fatal(err)
		}
	}
	move := SeriesMove{By: byPractice(), Start: mustTime(t, "2026-12-01T09:00:00Z")}
	if none, err := d.MoveFollowing(series[0].ID, move, func(consult.AccountID) bool { return false }); err != nil || len(none) != 0 {
		t.Error(none, err)
	}
	results, err := d.MoveFollowing(series[0].ID, move, everybody)
	if err != nil || len(results) != 3 || results[0].Err != nil || !errors.Is(results[1].Err, ErrState) || results[2].Err != nil {
		t.Errorf("%+v %v", results, err)
	}
	if got, want := d.stands(series[0]), "26-12-01T10:00 26-12-08T09:00=in-visit 26-12-15T10:00"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if _, err := d.MoveFollowing(series[1].ID, move, everybody); !errors.Is(err, ErrState) {
		t.Error(err)
	}
	alone := d.mustBook(d.ask(s, "2026-12-02T08:00:00Z")).Appointment
	if _, err := d.MoveFollowing(alone.ID, move, everybody); !errors.Is(err, errNoSeries) {
		t.Error(err)
	}
}

// TestMoveFollowingAfterAStop: a program that stops half way goes on when it starts, also when what it held has lapsed; what somebody has moved
// elsewhere since stays there.
func TestMoveFollowingAfterAStop(t *testing.T) {
	for _, late := range []time.Duration{time.Minute, time.Hour} {
		d := newDesk(t)
		_, series := weekly(t, d, "Europe/Paris", "2026-12-01T08:00:00Z", 4, nil)
		r := SeriesMove{By: byPractice(), Start: mustTime(t, "2026-12-08T08:00:00Z")}
		move, err := d.holdSeries(series[0], series, r)
		if err == nil {
			err = d.noteMove(series[0].Series, move)
		}
		if err == nil {
			_, err = d.moveDate(move.Dates[0], move, &several{kind: consult.NoticeAppointmentMoved})
		}
		if err == nil {
			_, err = d.Move(series[2].ID, MoveRequest{By: byPractice(), Start: mustTime(t, "2026-12-16T08:00:00Z")})
		}
		if err != nil {
			t.Fatal(err)
		}
		d.clock.Set(d.clock.Now().Add(late))
		d.restart()
		if got, want := d.stands(series[0]), "26-12-08T09:00 26-12-15T09:00 26-12-16T09:00 26-12-29T09:00"; got != want {
			t.Errorf("%s later: %s, want %s", late, got, want)
		}
		if left, err := d.store.Range(seriesMovePrefix, "", 1); err != nil || len(left) != 0 {
			t.Error(left, err)
		}
	}
}
