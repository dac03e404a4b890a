package document

import (
	"bytes"
	"io"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/consulttest"
	"github.com/colloque/colloque/consult/kv"
)

// crashFolder names, to a child process, the folder that it uploads into until it is killed.
const crashFolder = "DOCUMENT_CRASH_FOLDER"

// TestMain looks, after all tests, for goroutines of this package that no Close has waited for.
func TestMain(m *testing.M) {
	if dir := os.Getenv(crashFolder); dir != "" {
		crashChild(dir)
		return
	}
	os.Exit(consulttest.Run(m))
}

// house is a practice with documents, on a real store and a real folder.
type house struct {
	*Documents
	t     testing.TB
	cfg   Config
	base  string
	store kv.Store
	prac  *consult.Practice
	clock *consulttest.Clock
	sent  *sentNotices
}

func newHouse(t testing.TB, change ...func(*Config)) *house {
	t.Helper()
	h := &house{t: t, cfg: DefaultConfig(), base: t.TempDir(), clock: consulttest.NewClock(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))}
	h.cfg.MinFreeMB = 0
	for _, f := range change {
		f(&h.cfg)
	}
	h.open()
	t.Cleanup(h.close)
	return h
}

func (h *house) open() {
	h.t.Helper()
	master := must(consult.OpenKeyring(filepath.Join(h.base, "master.key")))(h.t)
	h.store = must(kv.OpenBolt(filepath.Join(h.base, "store.db"), kv.BoltConfig{Clock: h.clock.Now}))(h.t)
	cfg := consult.DefaultConfig()
	cfg.Guard = consult.GuardConfig{Allowance: 1 << 30, Step: 1, MaxDelay: 1, Addresses: 10}
	log := slog.New(slog.DiscardHandler)
	h.prac = must(openPractice(cfg, h.store, master, h.clock.Now, log))(h.t)
	h.Documents = must(Open(h.cfg, h.folder(), h.store, master, h.prac, h.outbox(), h.clock.Now, log))(h.t)
}

func (h *house) folder() string { return filepath.Join(h.base, "documents") }

func (h *house) close() {
	for _, closer := range []io.Closer{h.Documents, h.prac, h.store} {
		if err := closer.Close(); err != nil {
			h.t.Error(err)
		}
	}
}

func (h *house) restart() {
	h.close()
	h.open()
}

// consultation is one with a patient, a second patient and a guest. Only the first patient is in the call.
type people struct{ doctor, patient, other, guest Viewer }

func (h *house) people() people {
	h.t.Helper()
	by := consult.Practitioner{ID: consult.NewAccountID(), Name: "Dr Claire Moreau"}
	c, _, err := h.prac.Start(consult.StartRequest{By: by, Name: "Jeanne Martin"})
	if err != nil {
		h.t.Fatal(err)
	}
	var p people
	for _, role := range []consult.Role{consult.RolePatient, consult.RoleGuest} {
		if _, _, err := h.prac.Invite(by.ID, c.ID, role, ""); err != nil {
			h.t.Fatal(err)
		}
	}
	c = must(h.prac.Consultation(c.ID))(h.t)
	for i, v := range []*Viewer{&p.doctor, &p.patient, &p.other, &p.guest} {
		*v = Viewer{Consultation: c, Participant: c.Participants[i], Marks: true}
	}
	return p
}

// again reads a viewer as the consultation is now.
func (h *house) again(v Viewer) Viewer {
	h.t.Helper()
	v.Consultation = must(h.prac.Consultation(v.Consultation.ID))(h.t)
	v.Participant, _ = v.Consultation.Participant(v.Participant.ID)
	return v
}

func (h *house) inCall(v Viewer) Viewer {
	h.t.Helper()
	_, err := h.prac.Arrive(consult.Seat{Consultation: v.Consultation, Participant: v.Participant}, consult.Devices{})
	if err == nil {
		_, err = h.prac.Admit(v.Consultation.Practitioner, v.Consultation.ID, v.Participant.ID)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return h.again(v)
}

// send uploads content at once and waits until it was checked.
func (h *house) send(v Viewer, name string, content []byte) Document {
	h.t.Helper()
	doc, _, err := h.Create(v, New{Name: name, Size: int64(len(content))})
	if err != nil {
		h.t.Fatal(err)
	}
	if _, err := h.Append(v, doc.ID, 0, bytes.NewReader(content), func() {}); err != nil {
		h.t.Fatal(err)
	}
	return h.checked(doc)
}

// checked waits until the document is no longer arriving or being checked.
func (h *house) checked(doc Document) Document {
	h.t.Helper()
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		r, err := h.load(doc.Consultation, doc.ID)
		if err != nil {
			return Document{}
		}
		if r.Document.State == StateReady || r.Document.State == StateRefused {
			return r.Document
		}
	}
	h.t.Fatal("a document was never checked")
	return Document{}
}

func (h *house) read(v Viewer, id consult.DocumentID) []byte {
	h.t.Helper()
	content, err := h.Read(v, id)
	if err != nil {
		h.t.Fatal(err)
	}
	defer content.Close()
	return must(io.ReadAll(content))(h.t)
}

// snapshot is something that begins as a photograph does.
func snapshot(size int, seed uint64) []byte {
	b := make([]byte, size)
	r := rand.New(rand.NewPCG(seed, 1))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	copy(b, "\xff\xd8\xff\xe0\x00\x10JFIF\x00")
	return b
}

func must[T any](value T, err error) func(testing.TB) T {
	return func(t testing.TB) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return value
	}
}

// openPractice is a practice that can send nothing: codes are told.
func openPractice(cfg consult.Config, store kv.Store, master *consult.Keyring, clock func() time.Time, log *slog.Logger) (*consult.Practice, error) {
	return consult.Open(cfg, store, master, nil, clock, log)
}

// sentNotices is an outbox that only remembers.
type sentNotices struct {
	mu  sync.Mutex
	all []consult.Notice
}

func (s *sentNotices) Put(_ kv.Txn, n consult.Notice) error {
	if n.To.Reach == consult.ReachHanded || n.To == (consult.Contact{}) {
		return consult.ErrUnreachable
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.all = append(s.all, n)
	return nil
}

func (s *sentNotices) Prepare(n consult.Notice) (func(kv.Txn) error, error) {
	return func(tx kv.Txn) error { return s.Put(tx, n) }, nil
}

func (s *sentNotices) Cancel(kv.Txn, string) (bool, error) { return false, nil }

func (h *house) outbox() consult.Outbox {
	if h.sent == nil {
		h.sent = &sentNotices{}
	}
	return h.sent
}
