package document

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/iotest"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// pdf has a size that is no multiple of anything unless it is asked for.
func pdf(size int) []byte {
	return append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("x"), size-9)...)
}

func (h *house) gift(what string, f consult.FolderID, content []byte) Given {
	h.t.Helper()
	given, err := h.Give(f, Gift{For: what, Name: what + ".pdf", Most: 1 << 20, Until: h.clock.Now().Add(2 * time.Hour)}, bytes.NewReader(content))
	if err != nil {
		h.t.Fatal(err)
	}
	h.checked(given.Document)
	return given
}

func (h *house) names(f consult.FolderID) []string {
	h.t.Helper()
	var names []string
	for _, one := range must(h.GivenIn(f))(h.t) {
		names = append(names, one.For+"/"+string(one.State))
	}
	return names
}

func TestGivenWhileItComes(t *testing.T) {
	h := newHouse(t)
	for _, size := range []int{10, pieceSize - 1, pieceSize, pieceSize + 1, 3 * pieceSize, 300_001, 1 << 20} {
		f := consult.NewFolderID()
		content := pdf(size)
		given, err := h.Give(f, Gift{For: "letter", Name: "lettre.pdf", Most: 1 << 20, Until: h.clock.Now().Add(time.Hour)}, iotest.HalfReader(bytes.NewReader(content)))
		if err != nil || given.Size != int64(size) {
			t.Fatalf("%d bytes: %d, %v", size, given.Size, err)
		}
		if err := h.Checked(t.Context(), f); err != nil {
			t.Fatal(err)
		}
		address, err := h.Open(FolderReader(f), given.ID)
		if err != nil {
			t.Fatalf("%d bytes: %v", size, err)
		}
		read := must(h.ReadAt(address))(t)
		got := must(io.ReadAll(read))(t)
		if !bytes.Equal(got, content) || read.Kind != "application/pdf" || read.Close() != nil {
			t.Errorf("%d bytes: %d came out, as %s", size, len(got), read.Kind)
		}
		if sealed := must(os.ReadFile(h.pathOf(given.Document)))(t); bytes.Contains(sealed, []byte("%PDF")) {
			t.Error("it lies on the disk in the clear")
		}
	}
}

func TestWhatIsRefusedLeavesNothing(t *testing.T) {
	h := newHouse(t)
	for name, c := range map[string]struct {
		content io.Reader
		want    error
	}{
		"nothing":   {bytes.NewReader(nil), ErrEmpty},
		"a page":    {bytes.NewReader([]byte("<!doctype html><script>x</script>")), ErrBadType},
		"too large": {bytes.NewReader(pdf(1<<20 + 1)), ErrTooLarge},
		"cut":       {io.MultiReader(bytes.NewReader(pdf(100_000)), iotest.ErrReader(io.ErrUnexpectedEOF)), ErrCut},
	} {
		f := consult.NewFolderID()
		if _, err := h.Give(f, Gift{For: "letter", Name: "x.pdf", Most: 1 << 20, Until: h.clock.Now().Add(time.Hour)}, c.content); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", name, err)
		}
		if left := must(h.store.Range(recordPrefix(consult.ConsultationID(f)), "", 10))(t); len(left) > 0 || len(h.names(f)) > 0 {
			t.Errorf("%s: %v is left", name, left)
		}
		if entries, err := os.ReadDir(filepath.Join(h.folder(), string(f))); err == nil {
			t.Errorf("%s: files are left: %v", name, entries)
		}
	}
	if _, err := h.Give("f_../../etc", Gift{}, bytes.NewReader(pdf(10))); !errors.Is(err, ErrNotFound) {
		t.Error(err)
	}
}

func TestAnotherTakesItsPlace(t *testing.T) {
	h := newHouse(t)
	f := consult.NewFolderID()
	h.gift("letter", f, pdf(100))
	h.gift("card", f, pdf(100)) // the same bytes for another question are another answer
	second := h.gift("letter", f, pdf(200))
	all := must(h.GivenIn(f))(t)
	i := slices.IndexFunc(all, func(one Given) bool { return one.For == "letter" })
	if got := h.names(f); len(got) != 2 || !slices.Contains(got, "card/ready") || i < 0 || all[i].ID != second.ID || all[i].Size != 200 {
		t.Error(all)
	}
}

// TestFolderGoes: what nobody booked goes by itself; what was booked stays as long as it is said, over restarts.
func TestFolderGoes(t *testing.T) {
	h := newHouse(t)
	lost, kept := consult.NewFolderID(), consult.NewFolderID()
	for _, f := range []consult.FolderID{lost, kept} {
		h.gift("letter", f, pdf(100))
	}
	if err := h.store.Update(func(tx kv.Txn) error { return h.Keep(tx, kept, h.clock.Now().Add(48*time.Hour)) }); err != nil {
		t.Fatal(err)
	}
	h.clock.Forward(119 * time.Minute)
	due(t, h)
	if len(h.names(lost)) != 1 {
		t.Fatal("it went while the form was still open")
	}
	h.clock.Forward(2 * time.Minute)
	h.restart()
	due(t, h)
	if len(h.names(lost)) != 0 || len(h.names(kept)) != 1 {
		t.Fatal(h.names(lost), h.names(kept))
	}
	// The house's own cleaner, awake after the restart, may have been first: files go right after their records.
	gone := func() bool {
		_, err := os.Stat(filepath.Join(h.folder(), string(lost)))
		return errors.Is(err, os.ErrNotExist)
	}
	for deadline := time.Now().Add(30 * time.Second); !gone(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("files are left")
		}
	}
	h.clock.Forward(30 * time.Hour)
	due(t, h)
	if len(h.names(kept)) != 1 {
		t.Fatal("it went too early")
	}
	h.clock.Forward(24 * time.Hour)
	due(t, h)
	for _, f := range []consult.FolderID{lost, kept} {
		for _, prefix := range []string{recordPrefix(consult.ConsultationID(f)), folderKey(f), headKey(consult.ConsultationID(f))} {
			if left := must(h.store.Range(prefix, "", 10))(t); len(left) > 0 {
				t.Error(left)
			}
		}
	}
	if left := must(h.store.Range(duePrefix, "", 10))(t); len(left) > 0 {
		t.Error(left)
	}
}

func due(t *testing.T, h *house) {
	t.Helper()
	if err := h.eraseDue(h.clock.Now()); err != nil {
		t.Fatal(err)
	}
}

// TestCarried: a consultation that is made for the booking has what was given with it; what is removed there stays removed.
func TestCarried(t *testing.T) {
	h := newHouse(t)
	p := h.people()
	f := consult.NewFolderID()
	h.gift("letter", f, pdf(40_000))
	h.gift("card", f, pdf(20))
	carry := func() {
		t.Helper()
		if err := h.store.Update(func(tx kv.Txn) error { return h.Carry(tx, f, p.patient.Consultation.ID) }); err != nil {
			t.Fatal(err)
		}
	}
	documents := func(want int) []View {
		t.Helper()
		ctx, stop := context.WithTimeout(t.Context(), 20*time.Second)
		defer stop()
		for ; ; time.Sleep(2 * time.Millisecond) {
			list := must(h.List(h.again(p.doctor)))(t)
			left := must(h.store.Range(carryPrefix, "", 1))(t)
			ready := slices.DeleteFunc(list.Documents, func(v View) bool { return v.State != StateReady })
			if len(left) == 0 && len(ready) == want {
				return ready
			}
			if ctx.Err() != nil {
				t.Fatalf("%d documents, not %d; %v", len(ready), want, left)
			}
		}
	}
	carry()
	got := documents(2)
	named := func(all []View, name string) View {
		t.Helper()
		i := slices.IndexFunc(all, func(v View) bool { return v.Name == name })
		if i < 0 {
			t.Fatalf("no %s: %v", name, all)
		}
		return all[i]
	}
	if letter := named(got, "letter.pdf"); letter.From != p.patient.Participant.ID || letter.Size != 40_000 {
		t.Error(letter)
	}
	if err := h.Remove(h.again(p.doctor), named(got, "card.pdf").ID); err != nil {
		t.Fatal(err)
	}
	h.gift("scan", f, pdf(30))
	h.restart()
	carry()
	named(documents(2), "scan.pdf")
}
