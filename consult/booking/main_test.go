package booking

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/consulttest"
	"github.com/colloque/colloque/consult/kv"
)

// TestMain looks, after all tests, for goroutines of this package that no Close has waited for.
func TestMain(m *testing.M) {
	if dir := os.Getenv(raceChildVariable); dir != "" {
		raceChild(dir)
		return
	}
	os.Exit(consulttest.Run(m))
}

// monday is a Monday, 08:00 in Paris.
const monday = "2026-11-23T07:00:00Z"

// desk is a book on a real store, with a clock to turn and an outbox to read.
type desk struct {
	*Book
	t        testing.TB
	dir      string
	store    kv.Store
	practice *consult.Practice
	outbox   *listOutbox
	clock    *consulttest.Clock
	zones    func(string) (*time.Location, error)
	gives    Gives
	attends  Gives
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	d := &desk{t: t, dir: t.TempDir(), clock: consulttest.NewClock(mustTime(t, monday)), outbox: &listOutbox{}}
	d.open()
	t.Cleanup(d.close)
	return d
}

func (d *desk) open() {
	d.t.Helper()
	master, err := consult.OpenKeyring(filepath.Join(d.dir, "master.key"))
	if err == nil {
		d.store, err = kv.OpenBolt(filepath.Join(d.dir, "store.db"), kv.BoltConfig{Clock: d.clock.Now})
	}
	log := slog.New(slog.NewTextHandler(io.Discard, nil))
	if err == nil {
		d.practice, err = consult.Open(consult.DefaultConfig(), d.store, master, d.outbox, d.clock.Now, log)
	}
	if err == nil {
		d.Book, err = Open(DefaultConfig(), Deps{Store: d.store, Master: master, Practice: d.practice, Outbox: d.outbox, Clock: d.clock.Now, Zones: d.zones, Gives: d.gives, Attends: d.attends, Log: log})
	}
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) close() {
	d.t.Helper()
	if err := errors.Join(d.Close(), d.practice.Close(), d.store.Close()); err != nil {
		d.t.Error(err)
	}
}

// restart is the program stopping and starting again.
func (d *desk) restart() {
	d.t.Helper()
	d.close()
	d.open()
}

// offer puts a service that these schedules' practitioners give into the book.
func (d *desk) offer(change func(*Service), of ...Schedule) Service {
	d.t.Helper()
	s := visit(of...)
	if change != nil {
		change(&s)
	}
	if err := d.SetService(s); err != nil {
		d.t.Fatal(err)
	}
	for _, schedule := range of {
		if err := d.SetSchedule(schedule); err != nil {
			d.t.Fatal(err)
		}
	}
	return s
}

func byPatient() Actor { return Actor{Kind: ByPatient} }
func byPractice() Actor {
	return Actor{Kind: ByPractice, Account: consult.AccountID("a_AAAAAAAAAAAAAAAAAAAAAA")}
}

func jeanne() Person {
	return Person{Name: "Jeanne Martin", Language: "fr", Contact: consult.Contact{Phone: "+33639980010"}}
}

// ask is a patient's request.
func (d *desk) ask(s Service, start string) Request {
	return Request{By: byPatient(), Service: s.ID, Start: mustTime(d.t, start), Person: jeanne()}
}

func (d *desk) mustBook(r Request) Booked {
	d.t.Helper()
	booked, err := d.Book.Book(r)
	if err != nil {
		d.t.Fatal(err)
	}
	return booked
}

// until waits for what the worker does.
func (d *desk) until(what string, done func() bool) {
	d.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); !done(); {
		if time.Now().After(deadline) {
			d.t.Fatalf("%s did not happen", what)
		}
		runtime.Gosched()
	}
}

// dues are the keys of what the worker is to do, the next first.
func (d *desk) dues() []string {
	d.t.Helper()
	entries, err := d.store.Range(duePrefix, "", kv.MaxRange)
	if err != nil {
		d.t.Fatal(err)
	}
	keys := make([]string, len(entries))
	for i, entry := range entries {
		keys[i] = entry.Key
	}
	return keys
}

// listOutbox keeps notices in memory; what a transaction that failed has put is there too, which tests know.
type listOutbox struct {
	mu      sync.Mutex
	notices []consult.Notice
	gone    []string // keys that were cancelled
	fail    error
}

func (o *listOutbox) Put(tx kv.Txn, n consult.Notice) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.fail != nil {
		return o.fail
	}
	if slices.ContainsFunc(o.notices, func(had consult.Notice) bool { return had.Key == n.Key }) {
		return nil
	}
	o.notices = append(o.notices, n)
	return tx.Put("v1/test-notice/"+n.Key, nil)
}

func (o *listOutbox) Prepare(n consult.Notice) (func(kv.Txn) error, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return func(tx kv.Txn) error { return o.Put(tx, n) }, o.fail
}

func (o *listOutbox) Cancel(tx kv.Txn, key string) (bool, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	waits := func(n consult.Notice) bool { return n.Key == key && !n.NotBefore.IsZero() } // all others were sent at once
	if !slices.ContainsFunc(o.notices, waits) {
		return false, nil
	}
	o.gone = append(o.gone, key)
	return true, tx.Delete("v1/test-notice/" + key)
}

// queued are the notices that are not cancelled, by kind and the hours before the appointment.
func (o *listOutbox) queued() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	var out []string
	for _, n := range o.notices {
		if slices.Contains(o.gone, n.Key) {
			continue
		}
		s := strings.TrimPrefix(string(n.Kind), "appointment-")
		if n.Kind == consult.NoticeAppointmentReminder {
			at, _ := time.Parse(time.RFC3339, n.Fields[consult.FieldAt])
			s += fmt.Sprintf("-%gh", at.Sub(n.NotBefore).Hours())
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}
