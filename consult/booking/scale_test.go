package booking

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

// TestScale imports as many appointments as TEST_APPOINTMENTS says, nine tenths of a million of them history, and measures what the practice
// would wait for, and the memory. What it measures must not depend on how many are history.
func TestScale(t *testing.T) {
	if os.Getenv("TEST_APPOINTMENTS") == "" {
		t.Skip("TEST_APPOINTMENTS is not set")
	}
	dir := t.TempDir()
	appointments := benchAppointments(t)
	book, closeBook := benchBook(t, dir)
	began := time.Now()
	service := fillBook(t, book, appointments)
	took := time.Since(began)
	t.Logf("%d imported in %s, %.0f a second; %s", appointments, took.Round(time.Second), float64(appointments)/took.Seconds(), memoryNow(t))
	closeBook()
	if info, err := os.Stat(filepath.Join(dir, "store.db")); err == nil {
		t.Logf("the file has %d MB", info.Size()>>20)
	}

	began = time.Now()
	book, closeBook = benchBook(t, dir)
	defer closeBook()
	t.Logf("opened in %s; %s", time.Since(began).Round(time.Millisecond), memoryNow(t))
	from := mustTime(t, "2026-11-23T23:00:00Z")
	var free []FreeTime
	var booked []Booked
	measure := func(what string, times int, do func(i int) error) {
		t.Helper()
		all := make([]time.Duration, times)
		for i := range all {
			began := time.Now()
			if err := do(i); err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			all[i] = time.Since(began)
		}
		slices.Sort(all)
		t.Logf("%-45s median %8.2f ms, p99 %8.2f ms; %s", what, all[times/2].Seconds()*1000, all[times*99/100].Seconds()*1000, memoryNow(t))
	}
	measure("free times of one for 15 days", 1000, func(i int) error {
		_, err := book.Free(Query{Service: service.ID, Practitioner: service.Practitioners[i%benchDoctors], From: from, To: from.AddDate(0, 0, 15)})
		return err
	})
	measure("free times of any of 50 for 30 days", 200, func(int) error {
		var err error
		free, err = book.Free(Query{Service: service.ID, From: from, To: from.AddDate(0, 0, 30)})
		return err
	})
	measure("day of one", 1000, func(i int) error {
		list, err := book.Appointments(service.Practitioners[i%benchDoctors], from, from.AddDate(0, 0, 1))
		if err == nil && len(list) < benchPerDay {
			return fmt.Errorf("%d appointments", len(list))
		}
		return err
	})
	measure("a booking, with its confirmation", 400, func(i int) error {
		made, err := book.Book(Request{By: byPatient(), Service: service.ID, Start: free[i].Start, Modality: ModalityPhone, Person: Person{Name: "Jeanne Martin", Contact: consult.Contact{Mail: "a@example.org"}}})
		booked = append(booked, made)
		return err
	})
	measure("a manage link", 400, func(i int) error { _, err := book.Find(booked[i].Secret); return err })
	measure("a move", 200, func(i int) error {
		_, err := book.Move(booked[i].Appointment.ID, MoveRequest{By: byPatient(), Start: free[i+400].Start, Practitioner: free[i+400].Practitioner})
		return err
	})
	measure("what a calendar has declined, of one", 200, func(i int) error {
		_, err := book.Declined(service.Practitioners[i%benchDoctors])
		return err
	})
	measure("who or what is lacking, of one", 50, func(i int) error {
		_, err := book.Lacking(service.Practitioners[i%benchDoctors])
		return err
	})
	all := func(consult.AccountID, ServiceID) (bool, error) { return true, nil }
	measure("all of a mail address, in the books of all", 2, func(int) error {
		found, err := book.OfContact(t.Context(), consult.Contact{Mail: "a@example.org"}, service.Practitioners, all)
		if err == nil && found.Ahead < len(booked) {
			return fmt.Errorf("%d found of %d", found.Ahead, len(booked))
		}
		return err
	})
	measure("a day of history of one", 1000, func(i int) error {
		day := mustTime(t, "2026-11-22T00:00:00Z").AddDate(0, 0, -i/benchDoctors*20)
		_, err := book.Appointments(service.Practitioners[i%benchDoctors], day, day.AddDate(0, 0, 1))
		return err
	})
}

// memoryNow says what the heap holds once everything that can go has gone, and what the process has of its own (not the mapped file, which
// the system may take back at any time).
func memoryNow(t *testing.T) string {
	t.Helper()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return fmt.Sprintf("heap %d MB", m.HeapAlloc>>20)
	}
	value := func(name string) (kB int) {
		_, after, _ := strings.Cut(string(status), name+":")
		_, _ = fmt.Sscan(after, &kB)
		return kB
	}
	return fmt.Sprintf("heap %d MB, own memory %d MB, mapped file in memory %d MB", m.HeapAlloc>>20, value("RssAnon")>>10, value("RssFile")>>10)
}
