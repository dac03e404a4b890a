package kvtest

import (
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// Patience is how long a test waits for what must come.
const Patience = 20 * time.Second

// Open gives a new, empty store.
type Open func(t *testing.T) kv.Store

// Run runs the suite.
func Run(t *testing.T, open Open) {
	cases := []struct {
		name string
		run  func(*testing.T, kv.Store)
	}{
		{"revisions", testRevisions},
		{"values", testValues},
		{"range", testRange},
		{"keys", testKeys},
		{"limits", testLimits},
		{"own writes", testOwnWrites},
		{"compare", testCompare},
		{"failed updates", testFailedUpdates},
		{"transaction over", testTransactionOver},
		{"counters", testCounters},
		{"errors are isolated", testErrorsIsolated},
		{"watch", testWatch},
		{"watch ends", testWatchEnds},
		{"watch replays", testWatchReplays},
		{"lease limits", testLeaseLimits},
		{"lease revoked", testLeaseRevoked},
		{"lease runs out", testLeaseRunsOut},
		{"closed", testClosed},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			s := open(t)
			defer mustClose(t, s)
			c.run(t, s)
		})
	}
	t.Run("model", func(t *testing.T) {
		for seed := range uint64(8) {
			script := make([]byte, 2000)
			random := rand.NewChaCha8([32]byte{byte(seed)})
			_, _ = random.Read(script)
			s := open(t)
			Script(t, s, script)
			mustClose(t, s)
		}
	})
}

// RunDurable tests that a store opened again at the same path has all that it had.
func RunDurable(t *testing.T, open func(t *testing.T, path string) kv.Store) {
	path := t.TempDir() + "/store"
	s := open(t, path)
	lease, err := s.Lease(time.Hour)
	must(t, err)
	must(t, s.Update(func(tx kv.Txn) error {
		return errors.Join(tx.Put("v1/a", []byte("1")), tx.PutLease("v1/b", []byte("2"), lease))
	}))
	put(t, s, "v1/c", "3")
	before, revision := all(t, s, ""), s.Revision()
	mustClose(t, s)

	s = open(t, path)
	defer func() { mustClose(t, s) }()
	if after := all(t, s, ""); !slices.EqualFunc(before, after, sameEntry) {
		t.Fatalf("opened again: %v, was %v", after, before)
	}
	if s.Revision() != revision {
		t.Fatalf("revision is %d, was %d", s.Revision(), revision)
	}
	_, err = s.Watch(context.Background(), "", 1)
	if err != nil {
		wantError(t, err, kv.ErrCompacted) // an engine may keep its history, and else must say so
	}
	must(t, s.KeepAlive(lease))
	must(t, s.Revoke(lease))
	wantKeys(t, s, "", "v1/a", "v1/c")
	other, err := s.Lease(time.Hour)
	must(t, err)
	if other == lease {
		t.Fatal("a lease's id is used again")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func mustClose(t *testing.T, s kv.Store) {
	t.Helper()
	must(t, s.Close())
}

func wantError(t *testing.T, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Fatalf("got %v, want %v", err, want)
	}
}

func put(t *testing.T, s kv.Store, key, value string) {
	t.Helper()
	must(t, s.Update(func(tx kv.Txn) error { return tx.Put(key, []byte(value)) }))
}

func remove(t *testing.T, s kv.Store, key string) {
	t.Helper()
	must(t, s.Update(func(tx kv.Txn) error { return tx.Delete(key) }))
}

func all(t *testing.T, s kv.Store, prefix string) []kv.Entry {
	t.Helper()
	var entries []kv.Entry
	from := ""
	for {
		page, err := s.Range(prefix, from, kv.MaxRange)
		must(t, err)
		entries = append(entries, page...)
		if len(page) < kv.MaxRange {
			return entries
		}
		from = kv.After(page[len(page)-1].Key)
	}
}

func wantKeys(t *testing.T, s kv.Store, prefix string, want ...string) {
	t.Helper()
	if got := keysOf(all(t, s, prefix)); !slices.Equal(got, want) {
		t.Fatalf("keys %q, want %q", got, want)
	}
}

func keysOf(entries []kv.Entry) []string {
	var keys []string
	for _, e := range entries {
		keys = append(keys, e.Key)
	}
	return keys
}

func sameEntry(a, b kv.Entry) bool {
	return a.Key == b.Key && a.Revision == b.Revision && string(a.Value) == string(b.Value)
}

// receive waits for one event.
func receive(t *testing.T, events <-chan kv.Event) kv.Event {
	t.Helper()
	select {
	case e, ok := <-events:
		if !ok {
			t.Fatal("the watch has closed")
		}
		return e
	case <-time.After(Patience):
		t.Fatal("no event")
	}
	panic("not reached")
}

// wantClosed waits until the watch closes, whatever it still sends.
func wantClosed(t *testing.T, events <-chan kv.Event) {
	t.Helper()
	deadline := time.After(Patience)
	for {
		select {
		case _, ok := <-events:
			if !ok {
				return
			}
		case <-deadline:
			t.Fatal("the watch does not close")
		}
	}
}
