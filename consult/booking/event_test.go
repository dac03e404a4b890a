package booking

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

func span3(t testing.TB, from, to string) []Interval {
	return []Interval{{mustTime(t, from), mustTime(t, to)}}
}

func dinner(busy ...Interval) EventPut {
	return EventPut{Name: "dinner.ics", UID: "dinner", Text: "BEGIN:VCALENDAR…", Busy: busy}
}

// blocks are all that events take of an owner's days.
func (d *desk) blocks(of OwnerID) []string {
	d.t.Helper()
	entries, err := d.store.Range(dayPrefix(of), "", kv.MaxRange)
	if err != nil {
		d.t.Fatal(err)
	}
	var all []string
	for _, entry := range entries {
		day, err := dayOfKey(entry.Key)
		if err != nil {
			d.t.Fatal(err)
		}
		doc, err := decodeDay(day, entry.Value)
		if err != nil {
			d.t.Fatal(err)
		}
		for _, e := range doc {
			if e.kind == entryBlock {
				all = append(all, fmt.Sprintf("%s %s-%s", day, time.Unix(e.from, 0).UTC().Format("15:04"), time.Unix(e.to, 0).UTC().Format("15:04")))
			}
		}
	}
	return all
}

func TestEventsKeepTimeFree(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-10:00")
	s := d.offer(nil, doctor)
	of := doctor.Practitioner
	a := d.mustBook(d.ask(s, "2026-11-25T08:00:00Z")).Appointment
	over := dinner(span3(t, "2026-11-24T08:15:00Z", "2026-11-26T08:15:00Z")...)
	var overlap *OverlapError
	if _, _, err := d.PutEvent(of, over); !errors.As(err, &overlap) || !overlap.Start.Equal(a.Start) {
		t.Fatalf("over a patient: %v", err)
	}
	if events, err := d.Events(of); err != nil || len(events) != 0 || len(d.blocks(OwnerOf(of))) != 0 {
		t.Fatal("something was left", events, err, d.blocks(OwnerOf(of)))
	}
	if _, err := d.Cancel(a.ID, CancelRequest{By: byPatient()}); err != nil {
		t.Fatal(err)
	}
	put, created, err := d.PutEvent(of, over)
	if err != nil || !created {
		t.Fatal(created, err)
	}
	q := Query{Service: s.ID, From: mustTime(t, "2026-11-24T00:00:00Z"), To: mustTime(t, "2026-11-27T00:00:00Z")}
	if free, err := d.Free(q); err != nil || walls(free, time.UTC) != "26T08:30" {
		t.Fatal(walls(free, time.UTC), err)
	}
	r := d.ask(s, "2026-11-25T08:00:00Z")
	if _, err := d.Book.Book(r); !errors.Is(err, ErrTaken) {
		t.Error("booked over an event:", err)
	}
	if _, created, err := d.PutEvent(of, dinner(span3(t, "2026-11-24T08:15:00Z", "2026-11-24T08:30:00Z")...)); err != nil || created {
		t.Fatal("moved:", created, err)
	}
	if free, _ := d.Free(q); walls(free, time.UTC) != "24T08:30 25T08:00 25T08:30 26T08:00 26T08:30" {
		t.Fatal(walls(free, time.UTC))
	}
	if err := d.DeleteEvent(of, put.ID, nil); err != nil {
		t.Fatal(err)
	}
	if free, _ := d.Free(q); len(free) != 6 {
		t.Fatal(walls(free, time.UTC))
	}
	if err := d.DeleteEvent(of, put.ID, nil); !errors.Is(err, ErrNotFound) {
		t.Error("once more:", err)
	}
	if gone, err := d.Event(of, put.ID); err != nil || !gone.Deleted || gone.Name != "dinner.ics" || gone.Text != "" {
		t.Error(gone, err)
	}
	if changed, _, err := d.Changes(of, 0); err != nil || changed[len(changed)-1].Event != put.ID {
		t.Error(changed, err)
	}
}

// TestLongEvents: what touches more days than a transaction takes is there, or not, and never half.
func TestLongEvents(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-10:00")
	s := d.offer(func(s *Service) { s.Horizon = 400 }, doctor)
	of, owner := doctor.Practitioner, OwnerOf(doctor.Practitioner)
	first := dinner(span3(t, "2026-12-01T12:00:00Z", "2026-12-20T12:00:00Z")...)
	put, _, err := d.PutEvent(of, first)
	if err != nil {
		t.Fatal(err)
	}
	before := d.blocks(owner)
	a := d.mustBook(d.ask(s, "2027-03-01T08:00:00Z")).Appointment
	sabbatical := dinner(span3(t, "2026-12-10T00:00:00Z", "2027-04-01T00:00:00Z")...)
	if _, _, err := d.PutEvent(of, sabbatical); !errors.Is(err, ErrTaken) {
		t.Fatal(err)
	}
	if after := d.blocks(owner); !slices.Equal(before, after) {
		t.Fatalf("%v became %v", before, after)
	}
	if _, err := d.Cancel(a.ID, CancelRequest{By: byPatient()}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := d.PutEvent(of, sabbatical); err != nil {
		t.Fatal(err)
	}
	all := d.blocks(owner)
	if len(all) != 22+31+28+31 || all[0] != "2026-12-10 00:00-00:00" {
		t.Errorf("%d days: %s … %s", len(all), all[0], all[len(all)-1])
	}
	refused := errors.New("another revision")
	again := sabbatical
	again.Check = func(e *Event) error { return refused }
	if _, _, err := d.PutEvent(of, again); !errors.Is(err, refused) {
		t.Error(err)
	}
	if err := d.DeleteEvent(of, put.ID, func(*Event) error { return refused }); !errors.Is(err, refused) {
		t.Error(err)
	}
	if got := d.blocks(owner); !slices.Equal(got, all) {
		t.Error("what was refused has changed something")
	}
	if err := d.DeleteEvent(of, put.ID, nil); err != nil {
		t.Fatal(err)
	}
	if left := d.blocks(owner); len(left) != 0 {
		t.Error(left)
	}
}

// TestHalfEvents stops the program between the transactions of a long event: the next start brings it to an end.
func TestHalfEvents(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-10:00")
	d.offer(nil, doctor)
	of, owner := doctor.Practitioner, OwnerOf(doctor.Practitioner)
	if _, _, err := d.PutEvent(of, dinner(span3(t, "2026-12-01T12:00:00Z", "2026-12-03T12:00:00Z")...)); err != nil {
		t.Fatal(err)
	}
	before := d.blocks(owner)
	p := dinner(span3(t, "2026-12-02T00:00:00Z", "2027-04-01T00:00:00Z")...)
	is := blockedDays(p.Busy)
	if err := d.reserve(of, d.EventID(of, p.Name), p, is, daysOf(is)); err != nil {
		t.Fatal(err)
	}
	if len(d.blocks(owner)) < 100 {
		t.Fatal("nothing was reserved")
	}
	d.restart()
	if after := d.blocks(owner); !slices.Equal(before, after) {
		t.Fatalf("%v became %v", before, after)
	}
	if rows, err := d.store.Range(eventHalfPrefix, "", 10); err != nil || len(rows) != 0 {
		t.Error(rows, err)
	}
}

func TestEventsThatCannotBe(t *testing.T) {
	d := newDesk(t)
	of := consult.NewAccountID()
	first := dinner()
	if _, _, err := d.PutEvent(of, first); err != nil {
		t.Fatal(err)
	}
	same := dinner()
	same.Name = "another.ics"
	if _, _, err := d.PutEvent(of, same); !errors.Is(err, ErrUIDTaken) {
		t.Error("the same UID:", err)
	}
	if name, err := d.UIDOf(of, "dinner"); err != nil || name != "dinner.ics" {
		t.Error(name, err)
	}
	at := func(from, to string) Interval { return span3(t, from, to)[0] }
	for what, p := range map[string]EventPut{
		"no name":      {UID: "x"},
		"no UID":       {Name: "x"},
		"backwards":    dinner(at("2026-12-02T00:00:00Z", "2026-12-01T00:00:00Z")),
		"out of order": dinner(at("2026-12-02T00:00:00Z", "2026-12-03T00:00:00Z"), at("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z")),
		"too far":      dinner(at("2026-12-02T00:00:00Z", "2030-12-03T00:00:00Z")),
		"too long":     {Name: "x", UID: "x", Text: string(make([]byte, MaxEventText+1))},
		"escapes":      {Name: "x", UID: "x", Text: string(make([]byte, MaxEventText))},
	} {
		if _, _, err := d.PutEvent(of, p); consult.CodeOf(err) != consult.CodeBadMessage {
			t.Errorf("%s: %v", what, err)
		}
	}
	if _, _, err := d.PutEvent("", first); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
	if id := d.EventID(of, first.Name); !id.Valid() || d.EventID(consult.NewAccountID(), first.Name) == id {
		t.Error("ids are of one calendar")
	}
}

// TestEventsDue: what comes again is worked out anew a month later, over what patients have booked; names of what was deleted are forgotten.
func TestEventsDue(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-10:00")
	s := d.offer(func(s *Service) { s.Horizon = 400 }, doctor)
	of := doctor.Practitioner
	weekly := dinner(span3(t, "2026-12-01T08:00:00Z", "2026-12-01T08:30:00Z")...)
	weekly.Until = mustTime(t, "2026-12-02T00:00:00Z")
	put, _, err := d.PutEvent(of, weekly)
	if err != nil {
		t.Fatal(err)
	}
	if due, next, err := d.EventsDue(); err != nil || len(due) != 0 || !next.Equal(d.clock.Now().Add(eventAgain)) {
		t.Fatal(due, next, err)
	}
	d.mustBook(d.ask(s, "2027-01-05T08:00:00Z"))
	last, _ := d.LastChange(of)
	d.clock.Forward(eventAgain)
	due, _, err := d.EventsDue()
	if err != nil || len(due) != 1 || due[0].Event.ID != put.ID || due[0].Of != of {
		t.Fatal(due, err)
	}
	more := span3(t, "2027-01-05T08:00:00Z", "2027-01-05T08:30:00Z")
	if err := d.ExpandEvent(of, due[0].Event, more, mustTime(t, "2027-02-01T00:00:00Z")); err != nil {
		t.Fatal(err)
	}
	if got := d.blocks(OwnerOf(of)); !slices.Equal(got, []string{"2027-01-05 08:00-08:30"}) {
		t.Error(got)
	}
	if now, _ := d.LastChange(of); now != last {
		t.Error("that is no change for who looks")
	}
	if due, _, err := d.EventsDue(); err != nil || len(due) != 0 {
		t.Error(due, err)
	}
	if err := d.DeleteEvent(of, put.ID, nil); err != nil {
		t.Fatal(err)
	}
	d.clock.Forward(keepDeleted)
	if due, _, err := d.EventsDue(); err != nil || len(due) != 0 {
		t.Error(due, err)
	}
	if _, err := d.Event(of, put.ID); !errors.Is(err, ErrNotFound) {
		t.Error("still there:", err)
	}
}

// TestEventsAgainstBookers puts long and short events while patients book: whoever comes first has the time, and nobody has it twice.
func TestEventsAgainstBookers(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-12:00")
	s := d.offer(func(s *Service) { s.Horizon = 400 }, doctor)
	of := doctor.Practitioner
	first := mustTime(t, "2026-12-01T08:00:00Z")
	var working sync.WaitGroup
	var booked, put, refused atomic.Int64
	for n := range 4 {
		working.Go(func() {
			for i := range 40 {
				r := d.ask(s, first.AddDate(0, 0, (i*7+n*13)%60).Add(time.Duration(i%6)*30*time.Minute).Format(time.RFC3339))
				if _, err := d.Book.Book(r); err == nil {
					booked.Add(1)
				} else if !errors.Is(err, ErrTaken) && !errors.Is(err, ErrBusy) {
					t.Error(err)
				}
			}
		})
		working.Go(func() {
			for i := range 30 {
				p := EventPut{Name: fmt.Sprint(n), UID: fmt.Sprint(n), Text: fmt.Sprint(i)}
				begin := first.AddDate(0, 0, (i*11+n*17)%60)
				p.Busy = []Interval{{begin, begin.Add(45 * time.Minute)}}
				if i%5 == n {
					p.Busy[0].To = begin.AddDate(0, 0, 50) // in several transactions
				}
				_, _, err := d.PutEvent(of, p)
				switch {
				case err == nil:
					put.Add(1)
				case errors.Is(err, ErrTaken):
					refused.Add(1)
				case !errors.Is(err, ErrBusy):
					t.Error(err)
				}
				if i%7 == 6 {
					if err := d.DeleteEvent(of, d.EventID(of, p.Name), nil); err != nil && !errors.Is(err, ErrNotFound) && !errors.Is(err, ErrBusy) {
						t.Error(err)
					}
				}
			}
		})
	}
	working.Wait()
	if booked.Load() == 0 || put.Load() == 0 || refused.Load() == 0 {
		t.Errorf("%d booked, %d put, %d refused: no race at all", booked.Load(), put.Load(), refused.Load())
	}
	appointments, err := d.Appointments(of, first, first.AddDate(1, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	events, err := d.Events(of)
	if err != nil {
		t.Fatal(err)
	}
	want := map[Date][]span{}
	for _, e := range events {
		for _, busy := range e.Busy {
			for _, a := range appointments {
				if a.padded().overlaps(span{busy.From.Unix(), busy.To.Unix()}) {
					t.Errorf("%s lies under an event", a.ID)
				}
			}
		}
		for day, spans := range blockedDays(e.Busy) {
			want[day] = append(want[day], spans...)
		}
	}
	count := 0
	for _, spans := range want {
		count += len(spans)
	}
	if got := d.blocks(OwnerOf(of)); len(got) != count {
		t.Errorf("%d times are blocked, the events have %d", len(got), count)
	}
	t.Logf("%d booked, %d put, %d refused", booked.Load(), put.Load(), refused.Load())
}
