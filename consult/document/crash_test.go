package document

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/consulttest"
)

const crashPieces = 400

// crashChild uploads one document in pieces until it is killed, and prints every offset that was acknowledged.
func crashChild(dir string) {
	t := &childTB{}
	h := &house{t: t, cfg: DefaultConfig(), base: dir, clock: consulttest.NewClock(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))}
	h.cfg.MinFreeMB = 0
	h.open()
	p := h.people()
	content := snapshot(crashPieces*pieceSize, 9)
	doc, _, err := h.Create(p.patient, New{Size: int64(len(content))})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(os.Stdout, "document", doc.Consultation, doc.ID)
	for at := int64(0); at < int64(len(content)); {
		if at, err = h.Append(p.patient, doc.ID, at, bytes.NewReader(content[at:min(at+3*pieceSize, int64(len(content)))]), func() {}); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintln(os.Stdout, "at", at)
	}
	select {}
}

// childTB is as much of a test as house needs in the child.
type childTB struct{ testing.TB }

func (*childTB) Helper() {}
func (*childTB) Fatal(args ...any) {
	fmt.Fprintln(os.Stdout, append([]any{"error"}, args...)...)
	os.Exit(1)
}

// TestKill9: what was acknowledged is on disk after kill -9 at any moment, and the upload goes on from there.
func TestKill9(t *testing.T) {
	for round := range 8 {
		dir := t.TempDir()
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), crashFolder+"="+dir)
		out := must(child.StdoutPipe())(t)
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		var c consult.ConsultationID
		var id consult.DocumentID
		acknowledged, stop := int64(0), int64(round*7+1)*3*pieceSize
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			line := lines.Text()
			if _, err := fmt.Sscanf(line, "document %s %s", &c, &id); err == nil {
				continue
			}
			if _, err := fmt.Sscanf(line, "at %d", &acknowledged); err != nil && strings.HasPrefix(line, "error") {
				t.Fatal(line)
			}
			if acknowledged >= stop {
				_ = child.Process.Kill()
			}
		}
		_ = child.Wait()
		h := &house{t: t, cfg: DefaultConfig(), base: dir, clock: consulttest.NewClock(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC))}
		h.cfg.MinFreeMB = 0
		h.open()
		r := must(h.load(c, id))(t)
		v := h.again(Viewer{Consultation: consult.Consultation{ID: c}, Participant: consult.Participant{ID: r.Document.From}})
		at, size, err := h.Offset(v, id)
		if err != nil || at < acknowledged {
			t.Fatalf("round %d: offset %d, %v; %d was acknowledged", round, at, err, acknowledged)
		}
		content := snapshot(crashPieces*pieceSize, 9)
		if at < size {
			if _, err := h.Append(v, id, at, bytes.NewReader(content[at:]), func() {}); err != nil {
				t.Fatal(err)
			}
		}
		if doc := h.checked(r.Document); !bytes.Equal(h.read(v, doc.ID), content) {
			t.Errorf("round %d: came back changed", round)
		}
		h.close()
	}
}

// TestSweep: files without a record go at the start, those of an upload stay; one whose last byte was written is completed.
func TestSweep(t *testing.T) {
	h := newHouse(t)
	p := h.people()
	content := snapshot(5*pieceSize, 2)
	ready := h.send(p.patient, "a.jpg", snapshot(1000, 8))
	half, _, err := h.Create(p.patient, New{Size: int64(len(content))})
	if err == nil {
		_, err = h.Append(p.patient, half.ID, 0, bytes.NewReader(content[:2*pieceSize]), func() {})
	}
	if err != nil {
		t.Fatal(err)
	}
	whole, _, err := h.Create(p.doctor, New{Size: int64(len(content))})
	if err != nil {
		t.Fatal(err)
	}
	// All its bytes are on disk, and the program ended before it was said.
	r := must(h.load(whole.Consultation, whole.ID))(t)
	w := must(must(h.blobOf(r))(t).append(-1))(t)
	for at := 0; at < len(content); at += pieceSize {
		if err := w.write(content[at : at+pieceSize]); err != nil {
			t.Fatal(err)
		}
	}
	_ = w.close()
	orphan := filepath.Join(filepath.Dir(h.pathOf(ready)), string(consult.NewDocumentID()))
	alone := filepath.Join(h.folder(), "c_AAAAAAAAAAAAAAAAAAAAAA", string(consult.NewDocumentID()))
	_ = os.MkdirAll(filepath.Dir(alone), 0o700)
	for _, path := range []string{orphan, alone} {
		if err := os.WriteFile(path, []byte("left"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	h.restart()
	if h.checked(whole).State != StateReady {
		t.Error("an upload whose bytes are all here is not taken up")
	}
	for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		_, a := os.Stat(orphan)
		_, b := os.Stat(filepath.Dir(alone))
		if errors.Is(a, os.ErrNotExist) && errors.Is(b, os.ErrNotExist) {
			break
		}
	}
	if _, err := os.Stat(orphan); err == nil {
		t.Error("an orphan is left")
	}
	if at, _, err := h.Offset(p.patient, half.ID); err != nil || at != 2*pieceSize {
		t.Errorf("an upload under way is at %d, %v", at, err)
	}
	if len(h.read(p.doctor, ready.ID)) != 1000 {
		t.Error("a document is gone")
	}
}
