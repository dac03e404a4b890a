package consult

import (
	"bytes"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/colloque/colloque/consult/kv"
)

func TestNote(t *testing.T) {
	h, by := newHouse(t), doctor()
	doc, patient := h.mustLive(by)
	id := doc.Consultation.ID
	set := func(of AccountID, text string, revision int, want error) Note {
		t.Helper()
		n, err := h.SetNote(of, id, text, revision)
		if !errors.Is(err, want) {
			t.Fatalf("%q at %d: %v, want %v", text, revision, err, want)
		}
		return n
	}
	if n, err := h.Note(by.ID, id); err != nil || n != (Note{}) {
		t.Errorf("%+v, %v", n, err)
	}
	before := h.must(h.Consultation(id)).Revision
	set(by.ID, "Cough for 3 weeks.", 0, nil)
	set(by.ID, "Cough for 3 weeks.", 0, nil) // sent again
	set(by.ID, "From another tab.", 0, ErrNoteChanged)
	set(by.ID, "Cough for 3 weeks.\nNo fever.", 1, nil)
	set(by.ID, "x", 7, ErrNoteChanged)
	set(by.ID, strings.Repeat("é", MaxNote+1), 2, errNoteTooLong)
	set(by.ID, "a\x00", 2, errBadNote)
	set(by.ID, "a\xff", 2, errBadNote)
	for _, stranger := range []AccountID{doctor().ID, "", AccountID(patient.Participant.ID)} {
		set(stranger, "x", 0, ErrNotFound)
		if _, err := h.Note(stranger, id); !errors.Is(err, ErrNotFound) {
			t.Errorf("a stranger reads: %v", err)
		}
	}
	if after := h.must(h.Consultation(id)).Revision; after != before {
		t.Error("a note changes the consultation")
	}
	h.restart()
	if n, err := h.Note(by.ID, id); err != nil || n.Text != "Cough for 3 weeks.\nNo fever." || n.Revision != 2 {
		t.Errorf("%+v, %v", n, err)
	}
	if bytes.Contains(h.rawStore(), []byte("Cough")) {
		t.Error("the note can be read in the store")
	}
	h.must(h.End(by.ID, id))
	set(by.ID, strings.Repeat("🙂", MaxNote), 2, nil) // after the end too, and the longest fits
	set(by.ID, "", 3, nil)
}

// TestNoteStaysItsAuthors: a colleague to whom the consultation is passed on has a note of their own.
func TestNoteStaysItsAuthors(t *testing.T) {
	h, by, colleague := newHouse(t), doctor(), doctor()
	c, _ := h.mustStart(by)
	if _, err := h.SetNote(by.ID, c.ID, "mine", 0); err != nil {
		t.Fatal(err)
	}
	h.must(h.Pass(by.ID, c.ID, colleague))
	if n, err := h.Note(colleague.ID, c.ID); err != nil || n.Text != "" {
		t.Errorf("the colleague reads %+v, %v", n, err)
	}
	if n, err := h.Note(by.ID, c.ID); err != nil || n.Text != "mine" {
		t.Errorf("the author reads %+v, %v", n, err)
	}
}

// TestNoteWrittenAtOnce: of several writers from the same revision one wins, and the others are told.
func TestNoteWrittenAtOnce(t *testing.T) {
	h, by := newHouse(t), doctor()
	c, _ := h.mustStart(by)
	var group sync.WaitGroup
	won := make(chan string, 8)
	for _, text := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		group.Go(func() {
			if _, err := h.SetNote(by.ID, c.ID, text, 0); err == nil {
				won <- text
			} else if !errors.Is(err, ErrNoteChanged) {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n, err := h.Note(by.ID, c.ID); err != nil || len(won) != 1 || n.Text != <-won {
		t.Errorf("%+v, %v, %d won", n, err, len(won))
	}
}

func TestNoteDoesNotMove(t *testing.T) {
	h, by := newHouse(t), doctor()
	c, _ := h.mustStart(by)
	other, _ := h.mustStart(by)
	if _, err := h.SetNote(by.ID, c.ID, "x", 0); err != nil {
		t.Fatal(err)
	}
	entry, err := h.store.Get(noteKey(c.ID, by.ID))
	if err == nil {
		err = h.store.Update(func(tx kv.Txn) error { return tx.Put(noteKey(other.ID, by.ID), entry.Value) })
	}
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.Note(by.ID, other.ID); !errors.Is(err, ErrInternal) {
		t.Errorf("%v", err)
	}
}
