package document

import (
	"io"
	"path/filepath"
	"runtime"
	"testing"
	"testing/synctest"

	"github.com/colloque/colloque/consult"
)

// newBlob is one of some whole pieces, which is not written yet.
func newBlob(t *testing.T, pieces int64) blob {
	t.Helper()
	dir := t.TempDir()
	master := must(consult.OpenKeyring(filepath.Join(dir, "master.key")))(t)
	_, key := master.NewDataKey("test")
	return blob{path: filepath.Join(dir, "c", "d"), context: "test", key: key, size: pieces * pieceSize, turns: make(turns, 1)}
}

// TestPiecesTakeTurns: while all processors but one are at work on pieces, the next waits, to be written or to be read.
func TestPiecesTakeTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBlob(t, 1)
		w := must(b.append(-1))(t)
		waits := func(what string, do func() error) {
			t.Helper()
			b.turns.take() // somebody else's piece
			done := make(chan error, 1)
			go func() { done <- do() }()
			synctest.Wait()
			select {
			case err := <-done:
				t.Errorf("%s: not in turn, %v", what, err)
				done <- err
			default:
			}
			b.turns.give()
			if err := <-done; err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
		waits("write", func() error { return w.write(snapshot(pieceSize, 1)) })
		if err := w.close(); err != nil {
			t.Fatal(err)
		}
		r := must(b.open())(t)
		defer r.Close()
		waits("read", func() error { _, err := io.Copy(io.Discard, r); return err })
		if len(b.turns) != 0 {
			t.Error("a turn was kept")
		}
	})
}

// TestPiecesLeaveNoGarbage: what each of them allocates is little beside its 16 KiB, or collecting it would cost more than sealing.
func TestPiecesLeaveNoGarbage(t *testing.T) {
	const pieces = 500
	b := newBlob(t, pieces)
	w := must(b.append(-1))(t)
	piece := snapshot(pieceSize, 1)
	each := func(what string, do func()) {
		t.Helper()
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		do()
		runtime.ReadMemStats(&after)
		if got := (after.TotalAlloc - before.TotalAlloc) / pieces; got > 2048 {
			t.Errorf("%s: %d bytes are allocated for each piece", what, got)
		}
	}
	each("write", func() {
		for range pieces {
			if err := w.write(piece); err != nil {
				t.Fatal(err)
			}
		}
	})
	if err := w.close(); err != nil {
		t.Fatal(err)
	}
	r := must(b.open())(t)
	defer r.Close()
	each("read", func() {
		if n, err := io.Copy(io.Discard, r); n != b.size || err != nil {
			t.Fatal(n, err)
		}
	})
}
