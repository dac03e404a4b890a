package kv

import (
	"errors"
	"fmt"
	"sync"
	"testing"
)

// oneStore is a store of which only GetNewer is asked.
type oneStore struct {
	mu      sync.Mutex
	entries map[string]Entry
	before  func() // called by each Get once it has read
}

func (s *oneStore) put(key, value string, revision uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.entries[key] = Entry{key, []byte(value), revision}
}

func (s *oneStore) GetNewer(key string, than uint64) (Entry, error) {
	s.mu.Lock()
	e, ok := s.entries[key]
	s.mu.Unlock()
	if s.before != nil {
		s.before()
	}
	if !ok {
		return Entry{}, ErrNotFound
	}
	if e.Revision == than {
		e.Value = nil
	}
	return e, nil
}

// counted decodes to the text, and counts how often.
type counted struct {
	*Decoded[string]
	t     *testing.T
	store *oneStore
	times int
}

func newCounted(t *testing.T, most int) *counted {
	return &counted{NewDecoded[string](most), t, &oneStore{entries: map[string]Entry{}}, 0}
}

func (c *counted) want(key, value string, times int) {
	c.t.Helper()
	c.times = 0
	got, err := c.Load(c.store, key, func(e Entry) (string, error) { c.times++; return string(e.Value), nil })
	if err != nil || got != value || c.times != times {
		c.t.Errorf("%s: %q, %v, decoded %d times; want %q and %d", key, got, err, c.times, value, times)
	}
}

func TestDecoded(t *testing.T) {
	c := newCounted(t, 1<<20)
	c.store.put("k", "one", 7)
	c.want("k", "one", 1)
	c.want("k", "one", 0)
	c.store.put("k", "two", 8) // by another machine, say
	c.want("k", "two", 1)
	c.want("k", "two", 0)
	c.Forget("k")
	c.want("k", "two", 1)
	delete(c.store.entries, "k")
	if _, err := c.Load(c.store, "k", nil); !errors.Is(err, ErrNotFound) || len(c.young)+len(c.old) != 0 {
		t.Errorf("what is gone: %v, %d kept", err, len(c.young)+len(c.old))
	}
	failure := errors.New("sealed")
	c.store.put("bad", "x", 9)
	if _, err := c.Load(c.store, "bad", func(Entry) (string, error) { return "", failure }); !errors.Is(err, failure) || len(c.young) != 0 {
		t.Errorf("what does not decode: %v", err)
	}
}

// TestDecodedForgotten: what was read before it was erased is not remembered after it.
func TestDecodedForgotten(t *testing.T) {
	c := newCounted(t, 1<<20)
	c.store.put("k", "secret", 1)
	c.store.before = func() { c.Forget("k") }
	c.want("k", "secret", 1)
	if len(c.young)+len(c.old) != 0 || c.size != 0 {
		t.Errorf("kept: %v %v, %d bytes", c.young, c.old, c.size)
	}
}

func TestDecodedIsBounded(t *testing.T) {
	const most = 100 * (decodedOverhead + 10)
	c := newCounted(t, most)
	for i := range 1000 {
		key := fmt.Sprintf("k%03d", i)
		c.store.put(key, "123456", uint64(i+1))
		c.want(key, "123456", 1)
		c.want("k000", "123456", 0) // what is read again and again stays
		held := 0
		for _, generation := range []map[string]decoded[string]{c.young, c.old} {
			for _, one := range generation {
				held += one.size
			}
		}
		if held > most {
			t.Fatalf("%d bytes after %d keys, %d allowed", held, i, most)
		}
	}
	big := string(make([]byte, most))
	c.store.put("big", big, 5000)
	c.want("big", big, 1)
	c.want("big", big, 1) // never kept
}

func TestDecodedAtOnce(t *testing.T) {
	c := newCounted(t, 1<<12)
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 500 {
				key := fmt.Sprint("k", i%20)
				if g == 0 {
					c.store.put(key, fmt.Sprint(i+1), uint64(i+1))
					c.Forget(key)
				}
				_, err := c.Load(c.store, key, func(e Entry) (string, error) { return fmt.Sprint(e.Revision), nil })
				if err != nil && !errors.Is(err, ErrNotFound) {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	for i := range 20 {
		key := fmt.Sprint("k", i)
		e, _ := c.store.GetNewer(key, noRevision)
		if got, _ := c.Load(c.store, key, func(e Entry) (string, error) { return string(e.Value), nil }); got != string(e.Value) {
			t.Errorf("%s: %s, want %s", key, got, e.Value)
		}
	}
}
