package consult

import (
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/colloque/colloque/consult/consulttest"
	"github.com/colloque/colloque/consult/kv"
)

// TestMain looks, after all tests, for goroutines of this package that no Close has waited for.
func TestMain(m *testing.M) {
	os.Exit(consulttest.Run(m))
}

// house is a practice on a real store, with a clock to turn and a log to read.
type house struct {
	*Practice
	t      *testing.T
	dir    string
	store  kv.Store
	master *Keyring
	outbox *listOutbox // nil: there is none
	clock  *consulttest.Clock
	log    *consulttest.Log
}

func newHouse(t *testing.T) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), clock: consulttest.NewClock(t0), log: &consulttest.Log{}}
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
