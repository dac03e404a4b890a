package patient

import (
	"bytes"
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/consulttest"
	"github.com/colloque/colloque/consult/kv"
)

// TestMain looks, after all tests, for goroutines of this package that no Close has waited for.
func TestMain(m *testing.M) {
	os.Exit(consulttest.Run(m))
}

var t0 = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// house is Patients on a real store, with a clock to turn and a log to read.
type house struct {
	*Patients
	t      testing.TB
	dir    string
	store  kv.Store
	master *consult.Keyring
	doctor consult.AccountID

	mu  sync.Mutex // guards what follows
	now time.Time
	log bytes.Buffer
}

func newHouse(t testing.TB) *house {
	t.Helper()
	h := &house{t: t, dir: t.TempDir(), now: t0, doctor: consult.NewAccountID()}
	h.open()
	t.Cleanup(h.closeAll)
	return h
}

func (h *house) open() {
	h.t.Helper()
	var err error
	h.master, err = consult.OpenKeyring(filepath.Join(h.dir, "master.key"))
	h.check(err)
	h.store, err = kv.OpenBolt(filepath.Join(h.dir, "store.db"), kv.BoltConfig{})
	h.check(err)
	h.Patients, err = Open("FR", h.store, h.master, h.clock, slog.New(slog.NewTextHandler(h, nil)))
	h.check(err)
}

func (h *house) closeAll() {
	h.t.Helper()
	h.check(h.Close())
	h.check(h.Close()) // again
	h.check(h.store.Close())
}

func (h *house) clock() time.Time {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.now
}

func (h *house) forward(d time.Duration) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.now = h.now.Add(d)
}

func (h *house) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.log.Write(p)
}

func (h *house) logged() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.log.String()
}

func (h *house) check(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *house) mustCreate(p Patient) Patient {
	h.t.Helper()
	made, err := h.Create(h.t.Context(), h.doctor, p, true)
	h.check(err)
	return made
}

// find returns the names that a search finds, in its order.
func (h *house) find(text string) []string {
	h.t.Helper()
	found, err := h.Search(h.t.Context(), []consult.AccountID{h.doctor}, text, 0, MaxFound)
	h.check(err)
	if found.Total != len(found.Patients) && found.Total <= MaxFound {
		h.t.Errorf("%q: %d in all, %d returned", text, found.Total, len(found.Patients))
	}
	var names []string
	for _, p := range found.Patients {
		names = append(names, p.Name())
	}
	return names
}

func (h *house) rawStore() []byte {
	h.t.Helper()
	raw, err := os.ReadFile(filepath.Join(h.dir, "store.db"))
	h.check(err)
	return raw
}

// jeanne is everything that a record can hold.
func jeanne() Patient {
	return Patient{
		FamilyName: "Le Goff", BirthName: "D'Étienne", GivenNames: "Jeanne-Marie Françoise", BirthDate: "1948-03-09", Language: "br", TimeZone: "Indian/Reunion",
		Contact: consult.Contact{Phone: "06 39 98 00 10", Mail: "jeanne@example.org"}, Needs: []string{"carer", "hearing"},
		Carer: Carer{"Paul Le Goff", "01 99 00 12 34"}, IDs: []ExternalID{{"INS", "2 48 03 29 019 123 45"}, {"IPP", "A-77"}},
	}
}

func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}
