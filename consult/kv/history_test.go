package kv

import (
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"testing/synctest"
)

func TestHistoryEnds(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kv")
	s := mustOpen(t, path, BoltConfig{History: 4})
	for i := range 10 {
		mustPut(t, s, fmt.Sprintf("v1/%d", i), "")
	}
	for from := range uint64(13) {
		_, err := s.Watch(t.Context(), "", from)
		if gone := from >= 1 && from <= 6; errors.Is(err, ErrCompacted) != gone || !gone && err != nil {
			t.Errorf("from %d: %v", from, err)
		}
	}
	// A transaction that has lost one of its changes is gone as a whole.
	must(t, s.Update(func(tx Txn) error {
		return errors.Join(tx.Put("v1/a", nil), tx.Put("v1/b", nil), tx.Put("v1/c", nil), tx.Put("v1/d", nil))
	}))
	mustPut(t, s, "v1/e", "")
	if _, err := s.Watch(t.Context(), "", 11); !errors.Is(err, ErrCompacted) {
		t.Errorf("half a transaction: %v", err)
	}
	_, err := s.Watch(t.Context(), "", 12)
	must(t, err)
	must(t, s.Close())
	s = mustOpen(t, path, BoltConfig{})
	if _, err := s.Watch(t.Context(), "", 12); !errors.Is(err, ErrCompacted) {
		t.Errorf("after a restart: %v", err)
	}
	_, err = s.Watch(t.Context(), "", 13)
	must(t, err)
}

// TestSlowReader leaves one watch unread. Others, and one that has nothing to see, go on.
func TestSlowReader(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHistory(4, 0, slog.New(slog.DiscardHandler))
		slow, err := h.watch(t.Context(), "v1/", 0)
		must(t, err)
		quick, err := h.watch(t.Context(), "v1/", 0)
		must(t, err)
		elsewhere, err := h.watch(t.Context(), "v2/", 0)
		must(t, err)
		for i := range uint64(20) {
			h.publish(i+1, []Event{{Entry: Entry{Key: "v1/a", Revision: i + 1}}})
			if e := <-quick; e.Revision != i+1 {
				t.Fatalf("quick got %d, want %d", e.Revision, i+1)
			}
			synctest.Wait()
		}
		h.publish(21, make([]Event, 20)) // more at once than the ring holds, and nothing that anybody wants
		h.publish(22, []Event{{Entry: Entry{Key: "v2/a", Revision: 22}}})
		if e, ok := <-elsewhere; !ok || e.Key != "v2/a" {
			t.Errorf("elsewhere got %v, %t", e, ok)
		}
		var got []uint64
		for e := range slow {
			got = append(got, e.Revision)
		}
		if len(got) != 1 || got[0] != 1 {
			t.Errorf("slow got %v, want what it was being sent and then the end", got)
		}
		h.close()
		if _, ok := <-quick; ok {
			t.Error("open after close")
		}
	})
}

func TestHistoryBytes(t *testing.T) {
	h := newHistory(1000, 0, slog.New(slog.DiscardHandler))
	const n = 100
	for i := range uint64(n) {
		h.publish(i+1, []Event{{Entry: Entry{Key: "v1/a", Value: make([]byte, MaxValue), Revision: i + 1}}})
	}
	kept := int(h.next - h.first)
	if kept < historyBytes/MaxValue-1 || kept > historyBytes/MaxValue || h.bytes != kept*(MaxValue+len("v1/a")) {
		t.Errorf("%d changes with %d bytes are kept", kept, h.bytes)
	}
	if h.compacted != uint64(n-kept) {
		t.Errorf("gone up to %d, want %d", h.compacted, n-kept)
	}
}
