package booking

import (
	"errors"
	"slices"
	"testing"

	"github.com/colloque/colloque/consult"
)

// TestLostResources: an interpreter who has left and a room that is closed are given to nobody, and no times are offered that would need
// them; appointments that have them are listed, and given others at the same time.
func TestLostResources(t *testing.T) {
	d := newDesk(t)
	leaver, other := consult.NewAccountID(), consult.NewAccountID()
	gone := map[consult.AccountID]bool{}
	d.attends = func(of consult.AccountID) (bool, error) { return !gone[of], nil }
	d.restart()
	room := func(name string) Room {
		r, err := d.ReviseRoom(Room{ID: NewRoomID(), Name: name})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	one, two := room("1"), room("2")
	doctor := everyDay(t, "Europe/Paris", "09:00-11:00")
	s := d.offer(func(s *Service) {
		s.Resources = []Resource{{AnyOf: []OwnerID{OwnerOf(leaver), OwnerOf(other)}}, {AnyOf: []OwnerID{one.ID, two.ID}}}
	}, doctor)
	free := func() int {
		t.Helper()
		times, err := d.Free(Query{Service: s.ID, From: mustTime(t, "2026-11-25T00:00:00Z"), To: mustTime(t, "2026-11-26T00:00:00Z")})
		if err != nil {
			t.Fatal(err)
		}
		return len(times)
	}
	closed := func(r *Room, is bool) {
		t.Helper()
		r.Closed = is
		var err error
		if *r, err = d.ReviseRoom(*r); err != nil {
			t.Fatal(err)
		}
	}
	lacking := func() []Lack {
		t.Helper()
		all, err := d.Lacking(doctor.Practitioner)
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	hold, err := d.Hold(HoldRequest{Service: s.ID, Practitioner: doctor.Practitioner, Start: mustTime(t, "2026-11-25T08:30:00Z"), By: byPatient()})
	if err != nil {
		t.Fatal(err)
	}
	had := d.mustBook(d.ask(s, "2026-11-25T08:00:00Z")).Appointment
	if !slices.Equal(had.Resources, []OwnerID{OwnerOf(leaver), one.ID}) || len(lacking()) != 0 {
		t.Fatal(had.Resources, lacking())
	}
	if same, err := d.Replace(had.ID, byPractice()); err != nil || len(same.History) != len(had.History) {
		t.Error("nothing is lost:", err)
	}

	gone[leaver] = true
	closed(&one, true)
	for name, r := range map[string]Request{"a time": d.ask(s, "2026-11-25T09:30:00Z"), "a hold": {By: byPatient(), Hold: hold.Secret, Person: jeanne()}} {
		if made := d.mustBook(r).Appointment; !slices.Equal(made.Resources, []OwnerID{OwnerOf(other), two.ID}) {
			t.Errorf("%s: %v", name, made.Resources)
		}
	}
	if r := d.ask(s, "2026-11-25T09:30:00Z"); true {
		r.By, r.Practitioner, r.Overbook = byPractice(), doctor.Practitioner, "urgent"
		if over := d.mustBook(r).Appointment; slices.Contains(over.Resources, one.ID) || slices.Contains(over.Resources, OwnerOf(leaver)) {
			t.Error("over others:", over.Resources)
		}
	}
	if list := lacking(); len(list) != 1 || list[0].Appointment.ID != had.ID || list[0].Practitioner || !slices.Equal(list[0].Resources, had.Resources) {
		t.Errorf("%+v", list)
	}
	told := d.outbox.queued()
	replaced, err := d.Replace(had.ID, byPractice())
	if err != nil || !slices.Equal(replaced.Resources, []OwnerID{OwnerOf(other), two.ID}) || !replaced.Start.Equal(had.Start) || replaced.Sequence != had.Sequence || d.outbox.queued() != told {
		t.Error(replaced.Resources, err)
	}
	if len(lacking()) != 0 {
		t.Error("it lacks nothing any more")
	}
	if _, err := d.Act(had.ID, ActionArrive, byPractice()); err != nil {
		t.Error(err)
	}
	if back, err := d.Undo(had.ID, d.clock.Now(), byPractice()); err != nil || back.State != StateBooked {
		t.Error("undone after it was given another room:", back.State, err)
	}
	on := DateOf(had.Start)
	for owner, want := range map[OwnerID]bool{OwnerOf(leaver): true, one.ID: true, OwnerOf(other): false, two.ID: false} {
		taken, err := d.entries(owner, on, on)
		if is := !slices.ContainsFunc(taken, func(e entry) bool { return e.id == entryIDOf(string(had.ID)) }); err != nil || is != want {
			t.Errorf("%s is free: %v, %v", owner, is, err)
		}
	}

	// Nobody is left: no times, and what has the other one cannot be given one.
	closed(&one, false)
	gone[other] = true
	if n := free(); n != 0 {
		t.Errorf("%d times are offered without an interpreter", n)
	}
	if _, err := d.Book.Book(d.ask(s, "2026-11-25T09:00:00Z")); !errors.Is(err, ErrTaken) {
		t.Error(err)
	}
	if _, err := d.Replace(had.ID, byPractice()); !errors.Is(err, ErrTaken) {
		t.Error(err)
	}
	gone[leaver] = false
	if free() == 0 {
		t.Error("who has come back can be booked")
	}
}

// TestLackingPractitioner: what is booked with who has left needs another practitioner.
func TestLackingPractitioner(t *testing.T) {
	d := newDesk(t)
	left := false
	d.gives = func(consult.AccountID) (bool, error) { return !left, nil }
	d.restart()
	doctor := everyDay(t, "Europe/Paris", "09:00-11:00")
	s := d.offer(nil, doctor)
	had := d.mustBook(d.ask(s, "2026-11-25T08:00:00Z")).Appointment
	over := d.mustBook(d.ask(s, "2026-11-25T08:30:00Z")).Appointment
	if _, err := d.Cancel(over.ID, CancelRequest{By: byPractice()}); err != nil {
		t.Fatal(err)
	}
	left = true
	list, err := d.Lacking(doctor.Practitioner)
	if err != nil || len(list) != 1 || list[0].Appointment.ID != had.ID || !list[0].Practitioner {
		t.Fatal(list, err)
	}
	if _, err := d.Replace(had.ID, byPractice()); err != nil {
		t.Error("there is no room to replace:", err)
	}
	d.clock.Set(had.End)
	if list, err := d.Lacking(doctor.Practitioner); err != nil || len(list) != 0 {
		t.Error("it is over:", list, err)
	}
}
