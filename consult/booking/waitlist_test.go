package booking

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

func TestWaitList(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-09:30")
	s := d.offer(nil, doctor)
	a := d.mustBook(d.ask(s, "2026-11-25T08:00:00Z")).Appointment
	var waiting []Waiting
	for range 2 {
		w, err := d.Wait(WaitRequest{Service: s.ID, From: d.clock.Now(), To: d.clock.Now().Add(72 * time.Hour), Person: jeanne()})
		if err != nil {
			t.Fatal(err)
		}
		waiting = append(waiting, w)
		d.clock.Set(d.clock.Now().Add(time.Second))
	}
	if _, err := d.Cancel(a.ID, CancelRequest{By: byPatient()}); err != nil {
		t.Fatal(err)
	}
	offered := func(i int) *Offer {
		list, err := d.WaitList(s.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range list {
			if w.ID == waiting[i].ID && len(w.Offers) > 0 {
				return &w.Offers[0]
			}
		}
		return nil
	}
	d.until("an offer to the first", func() bool { return offered(0) != nil })
	if offered(1) != nil {
		t.Fatal("in turn, not all at once")
	}
	if _, err := d.Book.Book(d.ask(s, "2026-11-25T08:00:00Z")); !errors.Is(err, ErrTaken) {
		t.Fatalf("it is kept: %v", err)
	}
	d.clock.Set(offered(0).Until.Add(time.Second))
	d.restart() // the worker of the next program looks again
	d.until("an offer to the second", func() bool { return offered(1) != nil })
	secret := d.outbox.notices[len(d.outbox.notices)-1].Secret
	made := d.mustBook(Request{By: byPatient(), Hold: secret, Person: jeanne()})
	if made.Appointment.Wall != "2026-11-25T09:00" {
		t.Fatal(made.Appointment.Wall)
	}
	if list, _ := d.WaitList(s.ID); len(list) != 1 || list[0].ID != waiting[0].ID {
		t.Fatalf("who has a time waits no more: %v", list)
	}
	if err := errors.Join(d.StopWaiting(waiting[0].ID), d.StopWaiting(waiting[0].ID)); err != nil {
		t.Fatal(err)
	}
}

// TestOffersAreOfOpeningHours: a time that is freed because the practitioner is away, or that lies outside of the hours in which the service
// is given, is offered to nobody.
func TestOffersAreOfOpeningHours(t *testing.T) {
	const at = "2026-11-25T08:00:00Z"
	for _, c := range []struct {
		name    string
		change  func(*Schedule)
		offered bool
	}{
		{"the day is as it was", func(*Schedule) {}, true},
		{"the day is closed meanwhile", func(s *Schedule) { s.Exceptions = []Exception{{Date: mustDate(t, "2026-11-25")}} }, false},
		{"the hours end earlier", func(s *Schedule) { s.Weekly = everyDay(t, s.TimeZone, "08:00-09:20").Weekly }, false},
		{"the hours are by telephone only", func(s *Schedule) {
			for i := range s.Weekly {
				s.Weekly[i].Modalities = []Modality{ModalityPhone}
			}
		}, false},
		{"the practitioner moved it off the times that are offered", func(s *Schedule) { s.Weekly = everyDay(t, s.TimeZone, "08:50-10:00").Weekly }, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			doctor := everyDay(t, "Europe/Paris", "09:00-09:30")
			s := d.offer(nil, doctor)
			a := d.mustBook(d.ask(s, at)).Appointment
			w, err := d.Wait(WaitRequest{Service: s.ID, From: d.clock.Now(), To: d.clock.Now().Add(72 * time.Hour), Modality: ModalityVideo, Person: jeanne()})
			if err != nil {
				t.Fatal(err)
			}
			c.change(&doctor)
			if err := d.SetSchedule(doctor); err != nil {
				t.Fatal(err)
			}
			if _, err := d.Cancel(a.ID, CancelRequest{By: byPractice()}); err != nil {
				t.Fatal(err)
			}
			d.until("that the freed time is looked at", func() bool {
				w, err = d.Waiter(w.ID)
				return err != nil || len(w.Offers) > 0 || !slices.ContainsFunc(d.dues(), func(key string) bool { return strings.Contains(key, "/"+string(taskOffer)+"/") })
			})
			if err != nil || (len(w.Offers) > 0) != c.offered {
				t.Errorf("%v: offered %v, want %t", err, w.Offers, c.offered)
			}
		})
	}
}

// TestOfferGoesToWhoFits: who wishes another way than the hours have, and who leaves the list at that moment, does not keep the next from it.
func TestOfferGoesToWhoFits(t *testing.T) {
	d := newDesk(t)
	var leaves func()
	d.gives = func(consult.AccountID) (bool, error) {
		if leaves != nil {
			leaves()
		}
		return true, nil
	}
	d.restart()
	doctor := everyDay(t, "Europe/Paris", "09:00-09:30")
	for i := range doctor.Weekly {
		doctor.Weekly[i].Modalities = []Modality{ModalityPhone}
	}
	s := d.offer(nil, doctor)
	r := d.ask(s, "2026-11-25T08:00:00Z")
	r.Modality = ModalityPhone
	a := d.mustBook(r).Appointment
	var waiting []Waiting
	for _, by := range []Modality{ModalityVideo, ModalityPhone, ModalityPhone} {
		w, err := d.Wait(WaitRequest{Service: s.ID, From: d.clock.Now(), To: d.clock.Now().Add(72 * time.Hour), Modality: by, Person: jeanne()})
		if err != nil {
			t.Fatal(err)
		}
		waiting = append(waiting, w)
		d.clock.Set(d.clock.Now().Add(time.Second))
	}
	var once sync.Once
	leaves = func() {
		once.Do(func() {
			if err := d.StopWaiting(waiting[1].ID); err != nil {
				t.Error(err)
			}
		})
	}
	if _, err := d.Cancel(a.ID, CancelRequest{By: byPractice()}); err != nil {
		t.Fatal(err)
	}
	d.until("an offer to the third", func() bool {
		w, err := d.Waiter(waiting[2].ID)
		return err == nil && len(w.Offers) == 1
	})
	if w, err := d.Waiter(waiting[0].ID); err != nil || len(w.Offers) != 0 {
		t.Errorf("who wants video: %v %v", err, w.Offers)
	}
}

// TestWaitingEnds: who waited for days that are over is forgotten, also when nothing was ever offered to them.
func TestWaitingEnds(t *testing.T) {
	d := newDesk(t)
	s := d.offer(nil, everyDay(t, "Europe/Paris", "09:00-09:30"))
	w, err := d.Wait(WaitRequest{Service: s.ID, From: d.clock.Now(), To: d.clock.Now().Add(time.Hour), Person: jeanne()})
	if err != nil {
		t.Fatal(err)
	}
	d.clock.Set(w.To)
	d.restart()
	d.until("that they are forgotten", func() bool { return len(d.dues()) == 0 })
	if list, err := d.WaitList(s.ID); err != nil || len(list) != 0 {
		t.Errorf("%v %v", err, list)
	}
	if _, err := d.Waiter(w.ID); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

// TestWaitOnce: a request with a key is on the list once, and a list that is full says so instead of forgetting who comes last.
func TestWaitOnce(t *testing.T) {
	d := newDesk(t)
	s := d.offer(nil, everyDay(t, "Europe/Paris", "09:00-09:30"))
	r := WaitRequest{Key: "form/1", Service: s.ID, From: d.clock.Now(), To: d.clock.Now().Add(time.Hour), Person: jeanne()}
	var ids []WaitID
	for range 2 {
		w, err := d.Wait(r)
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, w.ID)
	}
	if list, err := d.WaitList(s.ID); err != nil || len(list) != 1 || ids[0] != ids[1] || list[0].ID != ids[0] {
		t.Fatalf("%v: %v, %v", err, list, ids)
	}
	for r.Key = ""; ; {
		if _, err := d.Wait(r); errors.Is(err, errWaitFull) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if list, err := d.WaitList(s.ID); err != nil || len(list) != maxWaiting {
		t.Fatalf("%v: %d wait", err, len(list))
	}
}
