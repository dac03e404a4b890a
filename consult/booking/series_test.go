package booking

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// TestCancelFollowing: of a series the rest goes, each as by itself: its time is offered to who waits, its reminders and its consultation are
// gone, the patient is told. What cannot be cancelled stands, and is named; once more changes nothing.
func TestCancelFollowing(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-12:00")
	s := d.offer(func(s *Service) { s.Horizon = 90 }, doctor)
	r := d.ask(s, "2026-12-01T08:00:00Z")
	r.By, r.Practitioner = byPractice(), doctor.Practitioner
	made, err := d.BookSeries(r, 1, 5)
	if err != nil {
		t.Fatal(err)
	}
	series := make([]Appointment, len(made))
	for i, one := range made {
		if one.Err != nil {
			t.Fatal(one.Err)
		}
		series[i] = one.Booked.Appointment
	}
	move := MoveRequest{By: byPractice(), Start: mustTime(t, "2026-11-27T08:00:00Z"), Quiet: true} // the last comes first now
	if _, err := d.Move(series[4].ID, move); err != nil {
		t.Fatal(err)
	}
	if opened, err := d.OpenNow(series[3].ID); err != nil || opened.Consultation == "" {
		t.Fatal(opened, err)
	}
	waits, err := d.Wait(WaitRequest{Service: s.ID, From: series[3].Start, To: series[3].End, Person: jeanne()})
	if err != nil {
		t.Fatal(err)
	}
	for _, action := range []Action{ActionArrive, ActionBegin} {
		if _, err := d.Act(series[2].ID, action, byPractice()); err != nil {
			t.Fatal(err)
		}
	}
	all := func(consult.AccountID) bool { return true }
	states := func() string {
		in, err := d.InSeries(series[0])
		if err != nil {
			t.Fatal(err)
		}
		var out []string
		for _, one := range in {
			out = append(out, one.Start.Format("01-02=")+string(one.State))
		}
		return strings.Join(out, " ")
	}
	const before = "11-27=booked 12-01=booked 12-08=booked 12-15=in-visit 12-22=booked"
	if got := states(); got != before {
		t.Fatal(got)
	}
	cancel := CancelRequest{By: byPractice(), Reason: "ill"}
	if none, err := d.CancelFollowing(series[1].ID, cancel, func(consult.AccountID) bool { return false }); err != nil || len(none) != 0 || states() != before {
		t.Fatal(none, err, states())
	}
	results, err := d.CancelFollowing(series[1].ID, cancel, all)
	if err != nil || len(results) != 3 || results[0].Err != nil || !errors.Is(results[1].Err, ErrState) || results[1].Appointment.ID != series[2].ID || results[2].Err != nil {
		t.Fatalf("%+v %v", results, err)
	}
	if got, want := states(), "11-27=booked 12-01=booked 12-08=cancelled 12-15=in-visit 12-22=cancelled"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	if last := results[2].Appointment; last.Consultation != "" || last.History[len(last.History)-1].Reason != "ill" {
		t.Errorf("%+v", last)
	}
	for _, due := range d.dues() {
		if id := due[strings.LastIndex(due, "/")+1:]; (id == string(series[1].ID) || id == string(series[3].ID)) && !strings.Contains(due, "/"+string(taskOffer)+"/") {
			t.Errorf("still due: %s", due)
		}
	}
	told := func() (n int) {
		d.outbox.mu.Lock()
		defer d.outbox.mu.Unlock()
		for _, notice := range d.outbox.notices {
			if notice.Kind == consult.NoticeAppointmentCancelled {
				n++
			}
		}
		return n
	}
	if told() != 2 {
		t.Errorf("told %d times", told())
	}
	d.until("the freed time is offered to who waits", func() bool {
		list, err := d.WaitList(s.ID)
		return err == nil && len(list) == 1 && list[0].ID == waits.ID && len(list[0].Offers) == 1 && list[0].Offers[0].Start.Equal(series[3].Start)
	})
	revisions := func() (all []uint64) {
		in, err := d.InSeries(series[0])
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range in {
			all = append(all, one.Revision)
		}
		return all
	}
	was := revisions()
	if again, err := d.CancelFollowing(series[1].ID, cancel, all); err != nil || len(again) != 1 || !errors.Is(again[0].Err, ErrState) || !slices.Equal(revisions(), was) || told() != 2 {
		t.Errorf("again: %+v %v", again, err)
	}
	single := d.mustBook(d.ask(s, "2026-12-02T08:00:00Z")).Appointment
	if _, err := d.CancelFollowing(single.ID, cancel, all); !errors.Is(err, errNoSeries) {
		t.Error(err)
	}
	if entries, err := d.store.Range(seriesPrefix(series[0].Series), "", kv.MaxRange); err != nil || len(entries) != 5 {
		t.Errorf("%v %v: one row each, moved or not", entries, err)
	}
}
