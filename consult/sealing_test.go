package consult

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/colloque/colloque/consult/kv"
)

// TestCanaries looks for what people said and are called in the raw file and in the log.
func TestCanaries(t *testing.T) {
	h := newHouse(t)
	by := Practitioner{NewAccountID(), "DrCanaryQuercus"}
	c, _, err := h.Start(StartRequest{By: by, Name: "CanaryPatientAcer", Language: "oc"})
	if err != nil {
		t.Fatal(err)
	}
	guest, _, err := h.Invite(by.ID, c.ID, RoleGuest, "CanaryGuestSalix")
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(c.Participants, guest) {
		h.must1(h.Arrive(Seat{c, p}, Devices{Camera: "refused"}))
	}
	h.must(h.Admit(by.ID, c.ID, c.Participants[1].ID))
	if _, err := h.AppendChat(c.ID, c.Participants[1].ID, "CanaryTextFagus"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SayWhere(Seat{c, c.Participants[1]}, "CanaryPlaceTilia", "+33639980010"); err != nil {
		t.Fatal(err)
	}
	if _, err := h.SetNote(by.ID, c.ID, "CanaryNoteUlmus", 0); err != nil {
		t.Fatal(err)
	}
	h.must(h.ToPhone(by.ID, c.ID, c.Participants[1].ID, ""))
	look := func(when string) {
		raw := h.rawStore()
		for _, canary := range []string{"CanaryQuercus", "CanaryPatientAcer", "CanaryGuestSalix", "CanaryTextFagus", "Canary", "refused", "639980010"} {
			if bytes.Contains(raw, []byte(canary)) {
				t.Errorf("%s: %q is in the store", when, canary)
			}
			if strings.Contains(h.log.String(), canary) {
				t.Errorf("%s: %q is in the log", when, canary)
			}
		}
		if !bytes.Contains(raw, []byte(c.ID)) {
			t.Errorf("%s: the id is not in the store: this test looks at the wrong thing", when)
		}
	}
	look("open")
	h.must(h.End(by.ID, c.ID))
	look("ended")
	h.closeAll()
	look("closed")
	h.open()
}

// TestSealedValuesStayWhereTheyAre: a value that was copied to another consultation's key does not open.
func TestSealedValuesStayWhereTheyAre(t *testing.T) {
	h, by := newHouse(t), doctor()
	a, _ := h.mustStart(by)
	b, _ := h.mustStart(by)
	entry, err := h.store.Get(consultationKey(a.ID))
	if err != nil {
		t.Fatal(err)
	}
	if err := h.store.Update(func(tx kv.Txn) error { return tx.Put(consultationKey(b.ID), entry.Value) }); err != nil {
		t.Fatal(err)
	}
	if _, err := h.Consultation(b.ID); !errors.Is(err, ErrInternal) {
		t.Errorf("moved: %v", err)
	}
	entry.Value[len(entry.Value)-10] ^= 1
	if _, err := decodeRecord(h.master, a.ID, entry); err == nil {
		t.Error("a damaged value opened")
	}
}

func TestDataKey(t *testing.T) {
	ring := newKeyring(newDataKey())
	wrapped, key := ring.NewDataKey("context")
	sealed := key.Seal("here", []byte("secret"))
	again, err := ring.OpenDataKey("context", wrapped)
	if err != nil {
		t.Fatal(err)
	}
	if plain, err := again.Open("here", sealed); err != nil || string(plain) != "secret" {
		t.Errorf("%q, %v", plain, err)
	}
	if bytes.Equal(sealed, key.Seal("here", []byte("secret"))) {
		t.Error("the same text is sealed to the same bytes")
	}
	if _, err := again.Open("there", sealed); !errors.Is(err, ErrSealed) {
		t.Errorf("other context: %v", err)
	}
	if _, err := ring.OpenDataKey("other", wrapped); !errors.Is(err, ErrSealed) {
		t.Errorf("other context of the key: %v", err)
	}
	if _, err := newKeyring(newDataKey()).OpenDataKey("context", wrapped); !errors.Is(err, ErrWrongKey) {
		t.Errorf("other master key: %v", err)
	}
	for n := range sealed {
		if _, err := again.Open("here", sealed[:n]); !errors.Is(err, ErrSealed) {
			t.Errorf("cut at %d: %v", n, err)
		}
	}
	for n := range wrapped {
		if _, err := ring.OpenDataKey("context", wrapped[:n]); err == nil {
			t.Errorf("key cut at %d opens", n)
		}
	}
}

func TestOpenKeyring(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	first, err := OpenKeyring(path)
	if err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(path)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Fatalf("mode %v, %v", info.Mode(), err)
	}
	second, err := OpenKeyring(path)
	if err != nil || first.id != second.id {
		t.Fatalf("opened again: %v", err)
	}
	left, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(left) != 1 {
		t.Errorf("files left: %v, %v", left, err)
	}
	text, _ := os.ReadFile(path)
	bad := map[string]struct {
		text []byte
		mode os.FileMode
	}{
		"readable": {text, 0o644}, "group": {text, 0o640}, "empty": {nil, 0o600}, "cut": {text[:40], 0o600},
		"foreign": {[]byte("AGE-SECRET-KEY-1\n"), 0o600}, "two": {append(bytes.Clone(text), text...), 0o600},
	}
	for name, b := range bad {
		path := filepath.Join(t.TempDir(), "k")
		if err := os.WriteFile(path, b.text, b.mode); err != nil {
			t.Fatal(err)
		}
		if _, err := OpenKeyring(path); !errors.Is(err, ErrKeyFile) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := OpenKeyring(filepath.Join(t.TempDir(), "no", "such", "folder")); !errors.Is(err, ErrKeyFile) {
		t.Errorf("no folder: %v", err)
	}
}

func TestManyOpenKeyringAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "master.key")
	ids := make(chan string, 8)
	for range cap(ids) {
		go func() {
			ring, err := OpenKeyring(path)
			if err != nil {
				ids <- err.Error()
				return
			}
			ids <- fmt.Sprint(ring.id)
		}()
	}
	first := <-ids
	for range cap(ids) - 1 {
		if next := <-ids; next != first {
			t.Errorf("%s and %s", first, next)
		}
	}
}

func TestWrongMasterKeyIsToldAtOpen(t *testing.T) {
	h := newHouse(t)
	_, err := Open(DefaultConfig(), h.store, newKeyring(newDataKey()), nil, h.clock.Now, h.Practice.log)
	if !errors.Is(err, ErrWrongKey) {
		t.Errorf("%v", err)
	}
}
