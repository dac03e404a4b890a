package consult

import (
	"errors"
	"testing"

	"github.com/colloque/colloque/consult/kv"
)

// TestRecordsAreDecodedOnce: a record is decoded anew when, and only when, the store has another.
func TestRecordsAreDecodedOnce(t *testing.T) {
	h, by := newHouse(t), doctor()
	c, _ := h.mustStart(by)
	load := func() *record {
		t.Helper()
		r, err := h.load(c.ID)
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	same := func(a, b *record) bool { return &a.Consultation.Participants[0] == &b.Consultation.Participants[0] }
	first := load()
	if !same(first, load()) {
		t.Error("decoded twice")
	}
	if len(h.written.records) != 0 {
		t.Error("what was written still waits for its reader")
	}
	first.Consultation.State, first.DayKey = StateEnded, "elsewhere" // the caller's own
	if r := load(); r.Consultation.State != StateCreated || r.DayKey == "elsewhere" {
		t.Error("a caller changed it for all")
	}
	h.must1(h.Arrive(Seat{c, c.Participants[1]}, Devices{}))
	second := load()
	if same(first, second) || second.Consultation.State != StateWaiting {
		t.Errorf("after a change: %s", second.Consultation.State)
	}
	// The same change by another program.
	value, err := first.encode()
	if err != nil {
		t.Fatal(err)
	}
	put := func(tx kv.Txn) error { return tx.Put(consultationKey(c.ID), value) }
	if err := h.store.Update(put); err != nil {
		t.Fatal(err)
	}
	if r := load(); r.Consultation.State != StateEnded {
		t.Error("an old record was given")
	}
	if err := h.store.Update(func(tx kv.Txn) error { return tx.Delete(consultationKey(c.ID)) }); err != nil {
		t.Fatal(err)
	}
	if _, err := h.load(c.ID); !errors.Is(err, ErrNotFound) || len(h.lately.Kept()) != 0 {
		t.Errorf("after it was deleted: %v, %d kept", err, len(h.lately.Kept()))
	}
}

// TestEndForgetsTheChat: the key of the chat does not stay in memory when the consultation ends.
func TestEndForgetsTheChat(t *testing.T) {
	h, by := newHouse(t), doctor()
	practitioner, _ := h.mustLive(by)
	h.must(h.End(by.ID, practitioner.Consultation.ID))
	for _, r := range h.lately.Kept() {
		if r.wrappedChat != nil {
			t.Error("kept")
		}
	}
}

// TestAWrittenRecordIsNotDecoded: who reads first gets what was written, and only as long as that is what the store has.
func TestAWrittenRecordIsNotDecoded(t *testing.T) {
	h, by := newHouse(t), doctor()
	c, _ := h.mustStart(by)
	entry, err := h.store.Get(consultationKey(c.ID))
	if err != nil {
		t.Fatal(err)
	}
	if r := h.written.take(c.ID, entry.Value); r == nil || r.Consultation.ID != c.ID {
		t.Errorf("got %v", r)
	}
	if r := h.written.take(c.ID, entry.Value); r != nil {
		t.Error("got it twice")
	}
	h.must1(h.Arrive(Seat{c, c.Participants[1]}, Devices{}))
	if r := h.written.take(c.ID, entry.Value); r != nil {
		t.Errorf("of an older value: %v", r)
	}
	for range 2 * writtenRecords {
		h.written.put(record{Consultation: Consultation{ID: newConsultationID()}}, nil)
	}
	if n := len(h.written.records); n > writtenRecords {
		t.Errorf("%d wait", n)
	}
}
