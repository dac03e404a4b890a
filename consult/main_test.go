package consult

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// TestMain looks, after all tests, for goroutines of this package that no Close has waited for.
func TestMain(m *testing.M) {
	code := m.Run()
	stacks := make([]byte, 1<<20)
	stacks = stacks[:runtime.Stack(stacks, true)]
	for i, stack := range strings.Split(string(stacks), "\n\n") {
		if i > 0 && strings.Contains(stack, "colloque/consult") { // 0 is this one
			fmt.Fprintf(os.Stderr, "a goroutine is left:\n%s\n", stack)
			code = 1
		}
	}
	os.Exit(code)
}

// house is a practice on a real store, with a clock to turn and a log to read.
type house struct {
	*Practice
	t      *testing.T
	dir    string
	store  kv.Store
	master *Keyring
	outbox *listOutbox // nil: there is none
	clock  *handClock
	log    *lockedBuffer
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), clock: &handClock{now: t0}, log: &lockedBuffer{}}
	h.open()
	t.Cleanup(func() { h.closeAll() })
	return h
}

func (h *house) open() {
	h.t.Helper()
	var err error
	if h.master, err = OpenKeyring(filepath.Join(h.dir, "master.key")); err != nil {
		h.t.Fatal(err)
	}
	if h.store, err = kv.OpenBolt(filepath.Join(h.dir, "store.db"), kv.BoltConfig{Clock: h.clock.Now}); err != nil {
		h.t.Fatal(err)
	}
	logger := slog.New(slog.NewTextHandler(h.log, nil))
	var outbox Outbox
	if h.outbox != nil {
		outbox = h.outbox
	}
	if h.Practice, err = Open(DefaultConfig(), h.store, h.master, outbox, h.clock.Now, logger); err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) closeAll() {
	h.t.Helper()
	h.checkLately()
	if err := h.Close(); err != nil {
		h.t.Error(err)
	}
	if err := h.store.Close(); err != nil {
		h.t.Error(err)
	}
}

// restart is the program stopping and starting again.
func (h *house) restart() {
	h.t.Helper()
	h.closeAll()
	h.open()
}

func (h *house) rawStore() []byte {
	h.t.Helper()
	raw, err := os.ReadFile(filepath.Join(h.dir, "store.db"))
	if err != nil {
		h.t.Fatal(err)
	}
	return raw
}

// doctor is a practitioner; each has an id of the right form.
func doctor() Practitioner { return Practitioner{NewAccountID(), "Dr Claire Moreau"} }

func (h *house) mustStart(by Practitioner) (Consultation, string) {
	h.t.Helper()
	c, secret, err := h.Start(StartRequest{By: by, Name: "Jeanne Martin", Language: "fr"})
	if err != nil {
		h.t.Fatal(err)
	}
	return c, secret
}

// mustLive starts a consultation and brings it to life. It returns the practitioner's and the patient's seats.
func (h *house) mustLive(by Practitioner) (practitioner, patient Seat) {
	h.t.Helper()
	c, _ := h.mustStart(by)
	practitioner, patient = Seat{c, c.Participants[0]}, Seat{c, c.Participants[1]}
	for _, seat := range []Seat{practitioner, patient} {
		h.must1(h.Arrive(seat, Devices{}))
	}
	h.must(h.Admit(by.ID, c.ID, patient.Participant.ID))
	h.must(h.Connected(c.ID, practitioner.Participant.ID))
	if live := h.must(h.Connected(c.ID, patient.Participant.ID)); live.State != StateLive {
		h.t.Fatalf("state %s, want live", live.State)
	}
	return practitioner, patient
}

func (h *house) must(c Consultation, err error) Consultation {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func (h *house) must1(s Seat, err error) Seat {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

type handClock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *handClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *handClock) forward(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lockedBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lockedBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// checkLately looks, at the end of every test with a house, for somebody who changed what is kept for all.
func (h *house) checkLately() {
	h.t.Helper()
	for key, kept := range h.lately.Kept() {
		id := kept.Consultation.ID
		entry, err := h.store.Get(key)
		if err != nil || entry.Revision != kept.entry.Revision {
			continue // nobody will get it any more
		}
		fresh, err := decodeRecord(h.master, id, entry)
		if err != nil {
			h.t.Error(err)
			continue
		}
		fresh.entry.Value = nil
		if !reflect.DeepEqual(fresh, kept) {
			h.t.Errorf("the kept record of %s is not what the store has:\n%+v\n%+v", id, kept, fresh)
		}
	}
}
