package booking

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// TestImport: each item by itself, nothing twice, overlaps refused or marked, nobody told, no consultation of what is over.
func TestImport(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-12:00")
	s := d.offer(func(s *Service) { s.Reminders = []time.Duration{24 * time.Hour} }, doctor)
	there := d.mustBook(d.ask(s, "2026-11-25T09:00:00Z")).Appointment
	item := func(key, start string, change func(*Imported)) Imported {
		i := Imported{Key: key, Service: s.ID, Practitioner: doctor.Practitioner, Start: mustTime(t, start), Person: jeanne()}
		if change != nil {
			change(&i)
		}
		return i
	}
	r := ImportRequest{By: byPractice(), Remind: true, Items: []Imported{
		item("1", "2026-11-25T08:00:00Z", nil),
		item("2", "2026-11-25T09:15:00Z", nil), // overlaps
		item("3", "2026-11-25T22:50:00Z", func(i *Imported) { i.Duration, i.UID = 2*time.Hour, "abc@old.example.org" }), // by night, over midnight
		item("4", "2026-11-20T10:00:00Z", nil), // over
		item("5", "2026-11-19T10:00:00Z", func(i *Imported) { i.State = StateNoShow }),
		item("6", "2026-11-25T09:00:00Z", func(i *Imported) { i.State = StateCancelled }), // takes no time
		item("7", "2026-11-25T10:00:00Z", func(i *Imported) { i.Service = NewServiceID() }),
		item("8", "2026-11-25T10:00:00Z", func(i *Imported) { i.Person.Name = "" }),
		item("9", "2026-11-25T10:00:00Z", func(i *Imported) { i.State = StateInVisit }),
		item("1", "2026-11-25T11:00:00Z", nil), // the key of the first
	}}
	had := d.outbox.queued()
	results, err := d.Import(r)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []error{nil, ErrTaken, nil, nil, nil, nil, ErrNotFound, errBadQuery, errBadImport, nil} {
		if got := results[i]; !errors.Is(got.Err, want) && consult.CodeOf(got.Err) != consult.CodeOf(want) || (want == nil) != (got.Appointment != "") {
			t.Errorf("%d: %+v, want %v", i, got, want)
		}
	}
	if results[9].Appointment != results[0].Appointment || !results[9].Repeated {
		t.Errorf("a key counts once: %+v", results[9])
	}
	night, _ := d.Appointment(results[2].Appointment)
	if night.UID != "abc@old.example.org" || night.Duration() != 2*time.Hour || night.Wall != "2026-11-25T23:50" || len(night.Reminders) != 1 {
		t.Errorf("%+v", night)
	}
	if missed, _ := d.Appointment(results[4].Appointment); missed.State != StateNoShow || missed.Absent != AbsentPatient {
		t.Errorf("%+v", missed)
	}
	for _, key := range d.dues() {
		if _, what, id, _ := cutDue(key); id == results[3].Appointment || id == results[5].Appointment {
			t.Errorf("%s of what is over", what)
		}
	}
	if d.outbox.queued() != had {
		t.Errorf("somebody was told: %s", d.outbox.queued())
	}
	if _, err := d.Book.Book(d.ask(s, "2026-11-25T08:00:00Z")); !errors.Is(err, ErrTaken) {
		t.Error(err)
	}

	r.Overbook = "stood so in the old book"
	again, err := d.Import(r)
	if err != nil || !again[0].Repeated || !again[2].Repeated || again[1].Err != nil || !again[1].Overbooked {
		t.Fatalf("%v %+v", err, again)
	}
	over, _ := d.Appointment(again[1].Appointment)
	if !over.Overbooked || over.History[0].Reason != r.Overbook {
		t.Errorf("%+v", over)
	}
	list, err := d.Appointments(doctor.Practitioner, mustTime(t, "2026-11-25T00:00:00Z"), mustTime(t, "2026-11-26T00:00:00Z"))
	if err != nil || len(list) != 5 {
		t.Fatalf("%v %v", err, list)
	}
	if _, err := d.Cancel(there.ID, CancelRequest{By: byPractice()}); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Import(ImportRequest{By: byPatient()}); !errors.Is(err, errBadImport) {
		t.Error(err)
	}
	found, err := d.ManageSecret(night.ID)
	if a, err2 := d.Find(found); err != nil || err2 != nil || a.ID != night.ID {
		t.Error(a, err, err2)
	}
}

// TestImportMany: batches that do not fit into one transaction, because each item lies in a day of its own and needs a room, and a day
// that is full.
func TestImportMany(t *testing.T) {
	d := newDesk(t)
	doctor := everyDay(t, "Europe/Paris", "09:00-12:00")
	s := d.offer(func(s *Service) { s.Resources = []Resource{{AnyOf: []OwnerID{NewRoomID(), NewRoomID()}}} }, doctor)
	r := ImportRequest{By: byPractice()}
	for i := range MaxImport {
		at := mustTime(t, "2026-12-01T23:45:00Z").AddDate(0, 0, i/2).Add(time.Duration(i%2) * 40 * time.Minute)
		r.Items = append(r.Items, Imported{Key: fmt.Sprint(i), Service: s.ID, Practitioner: doctor.Practitioner, Start: at, Patient: consult.NewPatientID(), Person: jeanne()})
	}
	results, err := d.Import(r)
	if err != nil {
		t.Fatal(err)
	}
	for i, got := range results {
		if got.Err != nil || got.Repeated || got.Overbooked {
			t.Fatalf("%d: %+v", i, got)
		}
	}
	entries, err := d.entries(OwnerOf(doctor.Practitioner), mustDate(t, "2026-12-01"), mustDate(t, "2028-12-01"))
	if err != nil || len(entries) != MaxImport {
		t.Fatal(len(entries), err)
	}

	full := ImportRequest{By: byPractice(), Overbook: "so it was"}
	at := mustTime(t, "2026-11-30T10:00:00Z")
	for range maxEntries + 3 {
		full.Items = append(full.Items, Imported{Service: s.ID, Practitioner: doctor.Practitioner, Start: at, Person: jeanne()})
	}
	results, err = d.Import(full)
	if err != nil {
		t.Fatal(err)
	}
	refused := 0
	for _, got := range results {
		if errors.Is(got.Err, errDayFull) {
			refused++
		}
	}
	entries, _ = d.entries(OwnerOf(doctor.Practitioner), mustDate(t, "2026-11-30"), mustDate(t, "2026-11-30"))
	list, _ := d.store.Range(ofPrefix(doctor.Practitioner), ofPrefix(doctor.Practitioner)+"20261130", kv.MaxRange)
	if refused != 3 || len(entries) != maxEntries || len(list) < maxEntries {
		t.Errorf("%d refused, %d in the day, %d listed", refused, len(entries), len(list))
	}
}
