package document

import (
	"bytes"
	"crypto/sha256"
	"os"
	"path/filepath"
	"testing"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/photo"
)

// telling is a photograph that tells where and with what it was taken, large enough for several pieces.
func telling(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("..", "photo", "testdata", "tells.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	// A comment of 40,000 bytes before what tells: it comes with a later piece.
	long := append([]byte{0xFF, 0xFE, 40_000 >> 8, 40_000 & 0xFF}, bytes.Repeat([]byte("x"), 39_998)...)
	return bytes.Join([][]byte{b[:2], long, b[2:]}, nil)
}

// TestPhotographsAreCleaned: whichever way a photograph comes, at once, in pieces after a restart, or in a form, nobody reads where it was
// taken, and all else of it is the same.
func TestPhotographsAreCleaned(t *testing.T) {
	content := telling(t)
	if !bytes.Contains(content, []byte("Fairphone")) {
		t.Fatal("the test has nothing to take out")
	}
	look := func(t *testing.T, h *house, v Viewer, doc Document) {
		t.Helper()
		got := h.read(v, doc.ID)
		sum := sha256.Sum256(got)
		if doc.State != StateReady || !doc.LocationRemoved || doc.Size != int64(len(content)) || len(got) != len(content) || !bytes.Equal(doc.SHA256, sum[:]) {
			t.Fatalf("%+v, %d bytes", doc, len(got))
		}
		if found := must(photo.Find(bytes.NewReader(got), doc.Size, doc.Kind))(t); len(found.Patches) > 0 || bytes.Contains(got, []byte("Fairphone")) {
			t.Error("it still tells", found)
		}
		files := must(filepath.Glob(filepath.Join(h.folder(), "*", "*")))(t)
		for _, path := range files {
			if filepath.Ext(path) == cleanSuffix {
				t.Error("left behind:", path)
			}
		}
	}
	t.Run("at once", func(t *testing.T) {
		h := newHouse(t)
		p := h.people()
		look(t, h, p.doctor, h.send(p.patient, "plaie.jpg", content))
	})
	t.Run("in pieces, after a restart", func(t *testing.T) {
		h := newHouse(t)
		p := h.people()
		doc, _, err := h.Create(p.patient, New{Name: "plaie.jpg", Size: int64(len(content))})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := h.Append(p.patient, doc.ID, 0, bytes.NewReader(content[:pieceSize]), func() {}); err != nil {
			t.Fatal(err)
		}
		h.close()
		h.open()
		if _, err := h.Append(p.patient, doc.ID, pieceSize, bytes.NewReader(content[pieceSize:]), func() {}); err != nil {
			t.Fatal(err)
		}
		look(t, h, p.doctor, h.checked(doc))
	})
	t.Run("in a form", func(t *testing.T) {
		h := newHouse(t)
		f := consult.NewFolderID()
		given, err := h.Give(f, Gift{For: "photo", Name: "plaie.jpg", Most: 1 << 20, Until: h.clock.Now().Add(folderWithin)}, bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		look(t, h, FolderReader(f), h.checked(given.Document))
	})
}

// TestSentTwiceAndTelling: the same photograph, sent again as it came, is still the same.
func TestSentTwiceAndTelling(t *testing.T) {
	h := newHouse(t)
	p := h.people()
	h.send(p.patient, "plaie.jpg", telling(t))
	h.send(p.patient, "encore.jpg", telling(t))
	if list := must(h.List(p.doctor))(t); len(list.Documents) != 1 || !list.Documents[0].LocationRemoved {
		t.Errorf("%+v", list.Documents)
	}
}

// TestCleaningThatWasKilled leaves a file that the next start takes away.
func TestCleaningThatWasKilled(t *testing.T) {
	h := newHouse(t)
	p := h.people()
	doc := h.send(p.patient, "plaie.jpg", telling(t))
	half := h.pathOf(doc) + cleanSuffix
	if err := os.WriteFile(half, []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := h.sweep(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(half); !os.IsNotExist(err) {
		t.Error("it is still there:", err)
	}
	if got := h.read(p.doctor, doc.ID); len(got) != int(doc.Size) {
		t.Error("the photograph went with it")
	}
}
