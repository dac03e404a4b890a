package booking

import (
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

// TestWhoHasLeft: nobody books those who cannot be given appointments any more, in no way; the others of the service stay, and so does
// what was agreed.
func TestWhoHasLeft(t *testing.T) {
	d := newDesk(t)
	leaver, other := everyDay(t, "Europe/Paris", "09:00-10:00"), everyDay(t, "Europe/Paris", "09:00-10:00")
	var left atomic.Bool
	d.gives = func(of consult.AccountID) (bool, error) { return of != leaver.Practitioner || !left.Load(), nil }
	d.restart()
	s := d.offer(nil, leaver, other)
	free := func(of consult.AccountID) (count int) {
		t.Helper()
		times, err := d.Free(Query{Service: s.ID, Practitioner: of, From: mustTime(t, "2026-11-25T00:00:00Z"), To: mustTime(t, "2026-11-26T00:00:00Z")})
		if err != nil {
			t.Fatal(err)
		}
		for _, one := range times {
			if of != "" || one.Practitioner == leaver.Practitioner {
				count++
			}
		}
		return count
	}
	with := func(of consult.AccountID, by Actor) Request {
		r := d.ask(s, "2026-11-25T08:00:00Z")
		r.Practitioner, r.By = of, by
		return r
	}
	if free(leaver.Practitioner) != 2 {
		t.Fatal("nobody has left yet")
	}
	agreed := d.mustBook(with(leaver.Practitioner, byPatient())).Appointment
	hold, err := d.Hold(HoldRequest{Service: s.ID, Practitioner: leaver.Practitioner, Start: mustTime(t, "2026-11-25T08:30:00Z"), By: byPatient()})
	if err != nil {
		t.Fatal(err)
	}
	left.Store(true)

	if free(leaver.Practitioner) != 0 || free("") != 0 || free(other.Practitioner) != 2 {
		t.Errorf("free: %d of who has left, %d among any, %d of the other", free(leaver.Practitioner), free(""), free(other.Practitioner))
	}
	tomorrow := mustTime(t, "2026-11-26T08:00:00Z")
	if _, err := d.Hold(HoldRequest{Service: s.ID, Practitioner: leaver.Practitioner, Start: tomorrow, By: byPatient()}); !errors.Is(err, ErrTaken) {
		t.Error("hold:", err)
	}
	for name, c := range map[string]struct {
		change func(*Request)
		want   error
	}{
		"a patient":          {func(r *Request) { r.Start = tomorrow }, ErrTaken},
		"the practice":       {func(r *Request) { r.Start, r.By = tomorrow, byPractice() }, ErrNotFound},
		"over others":        {func(r *Request) { r.By, r.Overbook = byPractice(), "urgent" }, ErrNotFound},
		"a hold from before": {func(r *Request) { r.Start, r.Hold = hold.Start, hold.Secret }, ErrTaken},
		"without a time":     {func(r *Request) { r.Start = time.Time{} }, ErrNotFound},
	} {
		r := with(leaver.Practitioner, byPatient())
		c.change(&r)
		if _, err := d.Book.Book(r); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	if _, err := d.Wait(WaitRequest{Service: s.ID, Practitioner: leaver.Practitioner, From: tomorrow, To: tomorrow.AddDate(0, 0, 7), Person: jeanne()}); !errors.Is(err, ErrNotFound) {
		t.Error("wait:", err)
	}
	if _, err := d.Move(agreed.ID, MoveRequest{By: byPatient(), Practitioner: leaver.Practitioner, Start: tomorrow}); !errors.Is(err, ErrTaken) {
		t.Error("move:", err)
	}
	if any := d.mustBook(with("", byPatient())).Appointment; any.Practitioner != other.Practitioner {
		t.Error("any is", any.Practitioner)
	}

	stays, err := d.Appointment(agreed.ID)
	if err != nil || stays.State != StateBooked {
		t.Error(stays.State, err)
	}
	moved, err := d.Move(agreed.ID, MoveRequest{By: byPractice(), Practitioner: other.Practitioner, Start: tomorrow})
	if err != nil || moved.Practitioner != other.Practitioner {
		t.Error("it can be given to another:", moved.Practitioner, err)
	}
}

// TestWhoGivesIsNotKnown: an error of the accounts is no answer.
func TestWhoGivesIsNotKnown(t *testing.T) {
	d := newDesk(t)
	s := d.offer(nil, everyDay(t, "Europe/Paris", "09:00-10:00"))
	d.gives = func(consult.AccountID) (bool, error) { return false, errors.New("disk") }
	d.restart()
	if _, err := d.Book.Book(d.ask(s, "2026-11-25T08:00:00Z")); !errors.Is(err, consult.ErrInternal) {
		t.Error(err)
	}
}
