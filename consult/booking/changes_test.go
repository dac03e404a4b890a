package booking

import (
	"errors"
	"fmt"
	"testing"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// TestChangesReachBack writes more changes than are kept, and asks from every number on.
func TestChangesReachBack(t *testing.T) {
	d := newDesk(t)
	of := consult.NewAccountID()
	var ids []AppointmentID
	const many = changeChunk*(changeChunks+3) + 7
	for n := 0; n < many; n++ {
		id := newAppointmentID(d.clock.Now())
		ids = append(ids, id)
		if n > 0 && n%5 == 0 { // what changed before changes again
			id = ids[n-1]
			ids[n] = id
		}
		if err := d.update(func(tx kv.Txn) error { return noteChange(tx, of, Changed{Appointment: id}) }); err != nil {
			t.Fatal(err)
		}
	}
	if last, err := d.LastChange(of); err != nil || last != many {
		t.Fatal(last, err)
	}
	oldest := uint64(many)
	for since := uint64(many); ; since-- {
		changed, last, err := d.Changes(of, since)
		if errors.Is(err, ErrTooOld) {
			break
		}
		if err != nil || last != many {
			t.Fatal(since, last, err)
		}
		oldest = since
		want := map[AppointmentID]bool{}
		for _, id := range ids[since:] {
			want[id] = true
		}
		if len(changed) != len(want) {
			t.Fatalf("since %d: %d changes, want %d", since, len(changed), len(want))
		}
		for i, c := range changed {
			if !want[c.Appointment] {
				t.Fatalf("since %d: %d: %s", since, i, c.Appointment)
			}
			delete(want, c.Appointment)
		}
		if since == 0 {
			break
		}
	}
	if kept := many - oldest; kept < changeChunk*(changeChunks-1) || kept > changeChunk*(changeChunks+1) {
		t.Errorf("%d changes are kept", kept)
	}
	for _, since := range []uint64{0, 1, many + 1, 1 << 63} {
		if _, _, err := d.Changes(of, since); !errors.Is(err, ErrTooOld) {
			t.Errorf("since %d: %v", since, err)
		}
	}
	if changed, last, err := d.Changes(consult.NewAccountID(), 0); err != nil || last != 0 || len(changed) != 0 {
		t.Error("nobody's:", changed, last, err)
	}
}

// TestWhatChanges holds that everything that happens to an appointment is in the list of its practitioner; of both, when it is moved.
func TestWhatChanges(t *testing.T) {
	d := newDesk(t)
	ada, bob := everyDay(t, "Europe/Paris", "09:00-12:00"), everyDay(t, "Europe/Paris", "09:00-12:00")
	s := d.offer(nil, ada, bob)
	seen := map[consult.AccountID]uint64{}
	check := func(what string, want map[consult.AccountID]string) {
		t.Helper()
		for of, id := range want {
			changed, last, err := d.Changes(of, seen[of])
			seen[of] = last
			if err != nil || fmt.Sprint(changed) != fmt.Sprintf("[{%s }]", id) {
				t.Errorf("%s: %v %v, want %s", what, changed, err, id)
			}
		}
	}
	for _, of := range []consult.AccountID{ada.Practitioner, bob.Practitioner} {
		last, err := d.LastChange(of)
		if err != nil {
			t.Fatal(err)
		}
		seen[of] = last
	}
	r := d.ask(s, "2026-11-24T08:00:00Z")
	r.Practitioner = ada.Practitioner
	a := d.mustBook(r).Appointment
	check("booked", map[consult.AccountID]string{ada.Practitioner: string(a.ID)})
	if _, err := d.Move(a.ID, MoveRequest{By: byPractice(), Practitioner: bob.Practitioner, Start: mustTime(t, "2026-11-24T09:00:00Z")}); err != nil {
		t.Fatal(err)
	}
	check("moved", map[consult.AccountID]string{ada.Practitioner: string(a.ID), bob.Practitioner: string(a.ID)})
	if _, err := d.Act(a.ID, ActionArrive, byPractice()); err != nil {
		t.Fatal(err)
	}
	check("arrived", map[consult.AccountID]string{bob.Practitioner: string(a.ID)})
	if _, err := d.Mistake(a.ID, byPractice(), ""); err != nil {
		t.Fatal(err)
	}
	check("mistake", map[consult.AccountID]string{bob.Practitioner: string(a.ID)})
}
