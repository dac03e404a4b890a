package document

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/iotest"

	"github.com/colloque/colloque/consult"
)

func TestRoundTrip(t *testing.T) {
	h := newHouse(t)
	p := h.people()
	for _, size := range []int{1000, pieceSize - 1, pieceSize, pieceSize + 1, 3 * pieceSize, 5*1024*1024 + 77} {
		content := snapshot(size, uint64(size))
		doc := h.send(p.patient, "Épaule.JPG", content)
		if doc.State != StateReady || doc.Name != "Épaule.JPG" || doc.Kind != "image/jpeg" {
			t.Fatalf("%d bytes: %+v", size, doc)
		}
		if !bytes.Equal(h.read(p.doctor, doc.ID), content) {
			t.Errorf("%d bytes: came back changed", size)
		}
		stored := must(os.ReadFile(h.pathOf(doc)))(t)
		if bytes.Contains(stored, content[12:44]) {
			t.Errorf("%d bytes: the disk has them readable", size)
		}
		reader := must(h.Read(p.doctor, doc.ID))(t)
		for _, at := range []int64{0, int64(size / 2), int64(size - 1)} {
			_ = must(reader.Seek(at, io.SeekStart))(t)
			if rest := must(io.ReadAll(reader))(t); !bytes.Equal(rest, content[at:]) {
				t.Errorf("%d bytes from %d: wrong", size, at)
			}
		}
		_ = reader.Close()
	}
}

// TestResume cuts an upload at every kind of place, also over a restart of the program.
func TestResume(t *testing.T) {
	h := newHouse(t)
	p := h.people()
	content := snapshot(40*pieceSize+123, 7)
	doc, _, err := h.Create(p.patient, New{Name: "a.jpg", Size: int64(len(content)), Key: "k"})
	if err != nil {
		t.Fatal(err)
	}
	at := int64(0)
	for i, cut := range []int{pieceSize, 5*pieceSize + 99, 9 * pieceSize, 20*pieceSize + 1, len(content)} {
		broken := io.MultiReader(bytes.NewReader(content[at:cut]), iotest.ErrReader(errors.New("cut")))
		if cut == len(content) {
			broken = bytes.NewReader(content[at:])
		}
		next, err := h.Append(p.patient, doc.ID, at, broken, func() {})
		if err != nil && !errors.Is(err, ErrCut) {
			t.Fatalf("cut %d: %v", i, err)
		}
		if want := int64(cut / pieceSize * pieceSize); cut < len(content) && next != want {
			t.Fatalf("cut %d: offset %d, want %d", i, next, want)
		}
		if i%2 == 1 {
			h.restart()
		}
		if cut < len(content) {
			got, size, err := h.Offset(p.patient, doc.ID)
			if err != nil || got != next || size != int64(len(content)) {
				t.Fatalf("cut %d: offset %d of %d, %v; want %d", i, got, size, err, next)
			}
			again, fresh, err := h.Create(p.patient, New{Name: "a.jpg", Size: int64(len(content)), Key: "k"})
			if err != nil || fresh || again.ID != doc.ID {
				t.Fatalf("the same announcement is another upload: %v", err)
			}
		}
		at = next
	}
	if doc = h.checked(doc); doc.State != StateReady || !bytes.Equal(h.read(p.doctor, doc.ID), content) {
		t.Fatalf("%+v", doc)
	}
	if got, size, err := h.Offset(p.patient, doc.ID); err != nil || got != size {
		t.Errorf("a complete upload is at %d of %d, %v", got, size, err)
	}
}

// TestTornFile holds that only what opens counts after a crash: a file cut off, and one whose end the disk never got.
func TestTornFile(t *testing.T) {
	for name, tear := range map[string]func([]byte) []byte{
		"cut off":      func(b []byte) []byte { return b[:6*slotSize+100] },
		"zeroes":       func(b []byte) []byte { clear(b[6*slotSize+50:]); return b },
		"empty":        func([]byte) []byte { return nil },
		"swapped":      func(b []byte) []byte { copy(b[6*slotSize:], b[:slotSize]); return b },
		"more at end":  func(b []byte) []byte { return append(b[:6*slotSize], make([]byte, 99)...) },
		"a bit turned": func(b []byte) []byte { b[6*slotSize+500] ^= 1; return b },
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			p := h.people()
			content := snapshot(10*pieceSize+5, 3)
			doc, _, err := h.Create(p.patient, New{Size: int64(len(content))})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := h.Append(p.patient, doc.ID, 0, bytes.NewReader(content[:9*pieceSize]), func() {}); err != nil {
				t.Fatal(err)
			}
			h.close()
			stored := must(os.ReadFile(h.pathOf(doc)))(t)
			if err := os.WriteFile(h.pathOf(doc), tear(stored), 0o600); err != nil {
				t.Fatal(err)
			}
			h.open()
			want := int64(6 * pieceSize)
			if name == "empty" {
				want = 0
			}
			at, _, err := h.Offset(p.patient, doc.ID)
			if err != nil || at != want {
				t.Fatalf("offset %d, %v; want %d", at, err, want)
			}
			if _, err := h.Append(p.patient, doc.ID, at, bytes.NewReader(content[at:]), func() {}); err != nil {
				t.Fatal(err)
			}
			if doc = h.checked(doc); !bytes.Equal(h.read(p.doctor, doc.ID), content) {
				t.Error("came back changed")
			}
		})
	}
}

func TestRefusedUploads(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.MaxMB, c.MaxConsultationMB, c.MaxCount = 1, 2, 3 })
	p := h.people()
	big := int64(mebibyte)
	create := func(v Viewer, n New) error { _, _, err := h.Create(v, n); return err }
	for name, c := range map[string]struct {
		err  error
		want error
	}{
		"empty":                    {create(p.patient, New{}), ErrEmpty},
		"negative":                 {create(p.patient, New{Size: -1}), ErrEmpty},
		"too large":                {create(p.patient, New{Size: big + 1}), ErrTooLarge},
		"a key of many characters": {create(p.patient, New{Size: 1, Key: strings.Repeat("k", 65)}), errBadKey},
		"a key that is no ASCII":   {create(p.patient, New{Size: 1, Key: "é"}), errBadKey},
		"a patient says for whom":  {create(p.patient, New{Size: 1, To: []consult.ParticipantID{p.other.Participant.ID}}), errOnlyDoctor},
		"for a stranger":           {create(p.doctor, New{Size: 1, To: []consult.ParticipantID{"p_nobody"}}), errBadTo},
		"for herself":              {create(p.doctor, New{Size: 1, To: []consult.ParticipantID{p.doctor.Participant.ID}}), errBadTo},
		"a guest who is not there": {create(p.guest, New{Size: 1}), errNotNow},
		"after the end, by code":   {create(Viewer{Consultation: p.patient.Consultation, Participant: p.patient.Participant, ReadOnly: true}, New{Size: 1}), errNotNow},
	} {
		if !errors.Is(c.err, c.want) {
			t.Errorf("%s: %v, want %v", name, c.err, c.want)
		}
	}
	if entries := must(h.store.Range("v1/document", "", 10))(t); len(entries) != 0 {
		t.Errorf("refused announcements left %d keys", len(entries))
	}
	a, _, err := h.Create(p.patient, New{Name: "a", Size: big})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.Create(p.patient, New{Name: "b", Size: big}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := h.Create(p.patient, New{Name: "c", Size: 1}); !errors.Is(err, errFull) {
		t.Errorf("over the quota of the consultation: %v", err)
	}
	// What was announced and is removed makes room again.
	if err := h.Remove(p.patient, a.ID); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, _, err := h.Create(p.patient, New{Size: 1}); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := h.Create(p.patient, New{Size: 1}); !errors.Is(err, errFull) {
		t.Errorf("one document too many: %v", err)
	}
}

func TestRefusedBytes(t *testing.T) {
	h := newHouse(t)
	p := h.people()
	content := snapshot(3*pieceSize, 1)
	html := []byte("<!doctype html><script>alert(1)</script>" + strings.Repeat(" ", 3*pieceSize-40))
	cases := map[string]struct {
		v       func(people) Viewer
		at      int64
		content []byte
		want    error
		offset  int64
	}{
		"at another offset":  {func(p people) Viewer { return p.patient }, pieceSize, content, ErrOffset, 0},
		"far beyond":         {func(p people) Viewer { return p.patient }, 1 << 60, content, ErrOffset, 0},
		"negative":           {func(p people) Viewer { return p.patient }, -5, content, errBadOffset, 0},
		"too many":           {func(p people) Viewer { return p.patient }, 0, append(bytes.Clone(content), 1), errTooMuch, 2 * pieceSize},
		"a crumb":            {func(p people) Viewer { return p.patient }, 0, content[:100], errTooShort, 0},
		"another's":          {func(p people) Viewer { return p.other }, 0, content, ErrNotFound, 0},
		"the practitioner's": {func(p people) Viewer { return p.doctor }, 0, content, ErrNotFound, 0},
		"a web page":         {func(p people) Viewer { return p.patient }, 0, html, ErrBadType, 0},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			doc, _, err := h.Create(p.patient, New{Name: "x.jpg", Size: int64(len(content))})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := h.Append(c.v(p), doc.ID, c.at, bytes.NewReader(c.content), func() {}); !errors.Is(err, c.want) {
				t.Fatalf("%v, want %v", err, c.want)
			}
			at, _, err := h.Offset(p.patient, doc.ID)
			if errors.Is(c.want, ErrBadType) {
				if !errors.Is(err, ErrNotFound) {
					t.Errorf("still there: %v", err)
				}
				if _, err := os.Stat(h.pathOf(doc)); err == nil {
					t.Error("its file is still there")
				}
				return
			}
			if err != nil || at != c.offset {
				t.Errorf("offset %d, %v, want %d", at, err, c.offset)
			}
			if err := h.Remove(p.patient, doc.ID); err != nil {
				t.Error(err)
			}
		})
	}
	left, _ := filepath.Glob(filepath.Join(h.folder(), "*", "*"))
	if len(left) != 0 {
		t.Errorf("files are left: %v", left)
	}
}

func TestDiskFull(t *testing.T) {
	h := newHouse(t, func(c *Config) { c.MinFreeMB = 1 << 40 })
	if _, _, err := h.Create(h.people().patient, New{Size: 1}); !errors.Is(err, ErrDiskFull) {
		t.Error(err)
	}
}

// TestLatestGetsTheTurn: a connection that hangs must not hold up the phone that is back on another network.
func TestLatestGetsTheTurn(t *testing.T) {
	h := newHouse(t)
	p := h.people()
	content := snapshot(8*pieceSize, 5)
	doc, _, err := h.Create(p.patient, New{Size: int64(len(content))})
	if err != nil {
		t.Fatal(err)
	}
	hanging, feed := io.Pipe()
	result := make(chan error, 1)
	go func() {
		_, err := h.Append(p.patient, doc.ID, 0, hanging, func() { _ = hanging.CloseWithError(errors.New("overtaken")) })
		result <- err
	}()
	_ = must(feed.Write(content[:2*pieceSize]))(t)
	at, _, err := h.Offset(p.patient, doc.ID)
	if err != nil || at != 2*pieceSize {
		t.Fatalf("offset %d, %v", at, err)
	}
	if err := <-result; !errors.Is(err, ErrCut) {
		t.Errorf("the hanging one ended with %v", err)
	}
	if _, err := h.Append(p.patient, doc.ID, at, bytes.NewReader(content[at:]), func() {}); err != nil {
		t.Fatal(err)
	}
	if doc = h.checked(doc); !bytes.Equal(h.read(p.doctor, doc.ID), content) {
		t.Error("came back changed")
	}
}

func TestManyAtOnce(t *testing.T) {
	h := newHouse(t)
	p := h.people()
	var all sync.WaitGroup
	docs := make([]Document, 12)
	for i := range docs {
		all.Go(func() {
			content := snapshot(20*pieceSize+i, uint64(i))
			doc, _, err := h.Create(p.patient, New{Name: "x.jpg", Size: int64(len(content))})
			if err != nil {
				t.Error(err)
				return
			}
			var same sync.WaitGroup // two tabs bring the same bytes: one of them gets through, at the latest when it comes back
			for range 2 {
				same.Go(func() {
					for range 50 {
						at, size, err := h.Offset(p.patient, doc.ID)
						if err == nil && at < size {
							_, err = h.Append(p.patient, doc.ID, at, bytes.NewReader(content[at:]), func() {})
						}
						if err == nil {
							return
						}
					}
				})
			}
			same.Wait()
			docs[i] = doc
		})
	}
	all.Wait()
	for i, doc := range docs {
		if doc = h.checked(doc); !bytes.Equal(h.read(p.doctor, doc.ID), snapshot(20*pieceSize+i, uint64(i))) {
			t.Errorf("document %d came back changed", i)
		}
	}
}

// TestSentTwice: the same bytes of the same person are one document; another person's are another.
func TestSentTwice(t *testing.T) {
	h := newHouse(t)
	p := h.people()
	first := h.send(p.patient, "a.jpg", snapshot(50_000, 1))
	if second := h.send(p.patient, "b.jpg", snapshot(50_000, 1)); second.ID != "" {
		t.Errorf("the second stays: %+v", second)
	}
	if h.send(p.doctor, "a.jpg", snapshot(50_000, 1)).State != StateReady {
		t.Error("the practitioner's own copy is gone")
	}
	list := must(h.List(p.patient))(t)
	if len(list.Documents) != 1 || list.Documents[0].ID != first.ID {
		t.Errorf("%+v", list.Documents)
	}
}
