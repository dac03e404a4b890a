package kvtest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/colloque/colloque/consult/kv"
)

// model is what a store must do, in the plainest way.
type model struct {
	entries  map[string]kv.Entry
	revision uint64
}

var errOnPurpose = errors.New("kvtest: on purpose")

func (m *model) clone() *model { return &model{maps.Clone(m.entries), m.revision} }

func (m *model) get(key string) (kv.Entry, error) {
	e, ok := m.entries[key]
	if !ok {
		return kv.Entry{}, kv.ErrNotFound
	}
	return e, nil
}

func (m *model) list(prefix, from string, limit int) []kv.Entry {
	var found []kv.Entry
	for _, key := range slices.Sorted(maps.Keys(m.entries)) {
		if strings.HasPrefix(key, prefix) && key >= from && len(found) < limit {
			found = append(found, m.entries[key])
		}
	}
	return found
}

// commit gives the entries put since before (revision 0) their revision.
func (m *model) commit(before *model) {
	changed := len(m.entries) != len(before.entries)
	for key, e := range m.entries {
		if _, was := before.entries[key]; !was || e.Revision == 0 {
			changed = true
		}
	}
	if !changed {
		return
	}
	m.revision++
	for key, e := range m.entries {
		if e.Revision == 0 {
			e.Revision = m.revision
			m.entries[key] = e
		}
	}
}

// script reads the bytes that say what to do.
type script struct{ rest []byte }

// below takes one byte as a number from 0 to n-1.
func (s *script) below(n int) int {
	if len(s.rest) == 0 {
		return 0
	}
	b := s.rest[0]
	s.rest = s.rest[1:]
	return int(b) % n
}

func (s *script) key() string { return fmt.Sprintf("v1/%c/%d", 'a'+s.below(3), s.below(5)) }

func (s *script) prefix() string {
	return []string{"", "v1/", "v1/a", "v1/b/", "v1/b/3", "v1/c/", "v2"}[s.below(7)]
}

func (s *script) from() string {
	switch s.below(3) {
	case 0:
		return ""
	case 1:
		return s.key()
	default:
		return kv.After(s.key())
	}
}

func (s *script) value() []byte {
	return bytes.Repeat([]byte{byte(s.below(256))}, s.below(256)*s.below(40))
}

// Script does with the store what the data says and compares all that comes back with a map's answers, and in the end
// what a watch tells. The store must be empty, and keep the changes of the whole script for its watches.
func Script(t *testing.T, s kv.Store, data []byte) {
	t.Helper()
	m := &model{entries: map[string]kv.Entry{}}
	in := &script{data}
	for len(in.rest) > 0 {
		switch in.below(4) {
		case 0:
			key := in.key()
			got, err := s.Get(key)
			sameGet(t, "get "+key, m, key, got, err)
		case 1:
			prefix, from, limit := in.prefix(), in.from(), 1+in.below(20)
			got, err := s.Range(prefix, from, limit)
			must(t, err)
			sameList(t, "range "+prefix, got, m.list(prefix, from, limit))
		default:
			m = update(t, s, m, in)
		}
		if s.Revision() != m.revision {
			t.Fatalf("revision %d, want %d", s.Revision(), m.revision)
		}
	}
	sameList(t, "in the end", all(t, s, ""), m.list("", "", 1<<20))
	sameReplay(t, s, m)
}

// update runs one transaction on both and returns the model after it.
func update(t *testing.T, s kv.Store, before *model, in *script) *model {
	after := before.clone()
	var want error
	steps := in.below(8)
	ends := in.below(6)
	err := s.Update(func(tx kv.Txn) error {
		for range steps {
			key := in.key()
			switch in.below(6) {
			case 0:
				got, err := tx.Get(key)
				sameGet(t, "own get "+key, after, key, got, err)
			case 1:
				prefix, from, limit := in.prefix(), in.from(), 1+in.below(20)
				got, err := tx.Range(prefix, from, limit)
				must(t, err)
				sameList(t, "own range "+prefix, got, after.list(prefix, from, limit))
			case 2:
				must(t, tx.Delete(key))
				delete(after.entries, key)
			case 3:
				had := before.entries[key].Revision
				revision := had + uint64(in.below(8)/7)
				err := tx.Compare(key, revision)
				if (err == nil) != (revision == had) {
					t.Fatalf("compare %s, which has %d, with %d: %v", key, had, revision, err)
				}
				if err != nil {
					want = kv.ErrConflict
					return nil // the store remembers
				}
			default:
				value := in.value()
				must(t, tx.Put(key, value))
				after.entries[key] = kv.Entry{Key: key, Value: value}
			}
		}
		if ends == 0 {
			want = errOnPurpose
		}
		return want
	})
	if !errors.Is(err, want) {
		t.Fatalf("update: %v, want %v", err, want)
	}
	if err != nil {
		return before
	}
	after.commit(before)
	return after
}

func sameGet(t *testing.T, what string, m *model, key string, got kv.Entry, err error) {
	t.Helper()
	want, wanted := m.get(key)
	if !errors.Is(err, wanted) || !sameEntry(got, want) {
		t.Fatalf("%s: %s, %v, want %s, %v", what, brief(got), err, brief(want), wanted)
	}
}

func sameList(t *testing.T, what string, got, want []kv.Entry) {
	t.Helper()
	if !slices.EqualFunc(got, want, sameEntry) {
		t.Fatalf("%s: %s, want %s", what, brief(got...), brief(want...))
	}
}

// brief names entries by their key, revision, first byte and length.
func brief(entries ...kv.Entry) string {
	var text strings.Builder
	for _, e := range entries {
		fmt.Fprintf(&text, "[%s @%d %.1x*%d]", e.Key, e.Revision, e.Value, len(e.Value))
	}
	return text.String()
}

// sameReplay builds the model's entries from the store's changes.
func sameReplay(t *testing.T, s kv.Store, m *model) {
	t.Helper()
	if m.revision == 0 {
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	put(t, s, "v1/~", "the end")
	events, err := s.Watch(ctx, "", 1)
	must(t, err)
	replayed := &model{entries: map[string]kv.Entry{}}
	for e := receive(t, events); e.Key != "v1/~"; e = receive(t, events) {
		if e.Revision < replayed.revision {
			t.Fatalf("event of revision %d after %d", e.Revision, replayed.revision)
		}
		replayed.revision = e.Revision
		if _, had := replayed.entries[e.Key]; e.Deleted && !had {
			t.Fatalf("%s is deleted and was not there", e.Key)
		}
		if delete(replayed.entries, e.Key); !e.Deleted {
			replayed.entries[e.Key] = e.Entry
		}
	}
	if replayed.revision != m.revision {
		t.Fatalf("changes up to revision %d, want %d", replayed.revision, m.revision)
	}
	sameList(t, "replayed", replayed.list("", "", 1<<20), m.list("", "", 1<<20))
}
