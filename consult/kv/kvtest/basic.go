package kvtest

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

func testRevisions(t *testing.T, s kv.Store) {
	if s.Revision() != 0 {
		t.Fatalf("a new store has revision %d", s.Revision())
	}
	must(t, s.Update(func(tx kv.Txn) error {
		must(t, tx.Put("v1/a", nil))
		return tx.Put("v1/b", nil)
	}))
	put(t, s, "v1/b", "again")
	for key, want := range map[string]uint64{"v1/a": 1, "v1/b": 2} {
		e, err := s.Get(key)
		must(t, err)
		if e.Revision != want {
			t.Errorf("%s has revision %d, want %d", key, e.Revision, want)
		}
	}
	nothing := map[string]func(kv.Txn) error{
		"empty":         func(kv.Txn) error { return nil },
		"read":          func(tx kv.Txn) error { _, err := tx.Get("v1/a"); return err },
		"delete absent": func(tx kv.Txn) error { return tx.Delete("v1/absent") },
		"put and delete": func(tx kv.Txn) error {
			must(t, tx.Put("v1/absent", nil))
			return tx.Delete("v1/absent")
		},
	}
	for name, f := range nothing {
		must(t, s.Update(f))
		if s.Revision() != 2 {
			t.Fatalf("%s: revision %d, want 2", name, s.Revision())
		}
	}
	remove(t, s, "v1/a")
	if s.Revision() != 3 {
		t.Fatalf("revision %d after a deletion, want 3", s.Revision())
	}
}

func testValues(t *testing.T, s kv.Store) {
	_, err := s.Get("v1/a")
	wantError(t, err, kv.ErrNotFound)
	for _, value := range [][]byte{nil, {}, {0}, []byte("text"), bytes.Repeat([]byte{7}, kv.MaxValue)} {
		mine := bytes.Clone(value)
		must(t, s.Update(func(tx kv.Txn) error {
			must(t, tx.Put("v1/a", mine))
			if len(mine) > 0 {
				mine[0]++ // the store has its own copy
			}
			return nil
		}))
		e, err := s.Get("v1/a")
		must(t, err)
		if e.Key != "v1/a" || e.Value == nil || !bytes.Equal(e.Value, value) {
			t.Fatalf("got %q with %d bytes, put %d", e.Key, len(e.Value), len(value))
		}
		if len(value) > 0 {
			e.Value[0]++ // and so has the reader
			again, err := s.Get("v1/a")
			must(t, err)
			if !bytes.Equal(again.Value, value) {
				t.Fatal("a reader has changed the store")
			}
		}
	}
	before, err := s.Get("v1/a")
	must(t, err)
	must(t, s.Update(func(tx kv.Txn) error { return tx.Put("v1/a", []byte("newer")) }))
	for _, than := range []uint64{0, before.Revision} {
		e, err := s.GetNewer("v1/a", than)
		must(t, err)
		if e.Key != "v1/a" || string(e.Value) != "newer" || e.Revision != before.Revision+1 {
			t.Fatalf("newer than %d: got %+v", than, e)
		}
	}
	e, err := s.GetNewer("v1/a", before.Revision+1)
	must(t, err)
	if e.Value != nil || e.Revision != before.Revision+1 {
		t.Fatalf("nothing newer: got %+v", e)
	}
	remove(t, s, "v1/a")
	_, err = s.Get("v1/a")
	wantError(t, err, kv.ErrNotFound)
	_, err = s.GetNewer("v1/a", before.Revision+1)
	wantError(t, err, kv.ErrNotFound)
}

func testRange(t *testing.T, s kv.Store) {
	keys := []string{"v1/a", "v1/b", "v1/b/1", "v1/b/2", "v1/b0", "v1/c", "v10", "v2/a"}
	must(t, s.Update(func(tx kv.Txn) error {
		for _, key := range slices.Backward(keys) {
			must(t, tx.Put(key, []byte(key)))
		}
		return nil
	}))
	cases := []struct {
		prefix, from string
		limit        int
		want         []string
	}{
		{"", "", 1000, keys},
		{"", "", 3, keys[:3]},
		{"v1/", "", 1000, keys[:6]},
		{"v1/b", "", 1000, keys[1:5]},
		{"v1/b/", "", 1000, keys[2:4]},
		{"v1/b/", "v1/a", 1000, keys[2:4]},
		{"v1/b/", "v1/b/2", 1000, keys[3:4]},
		{"v1/b/", kv.After("v1/b/1"), 1000, keys[3:4]},
		{"v1/b/", kv.After("v1/b/2"), 1000, nil},
		{"v1/b/", "v2", 1000, nil},
		{"", "v1/bb", 2, keys[5:7]},
		{"v3", "", 1, nil},
		{"v1/c", "v1/c", 1, keys[5:6]},
		{strings.Repeat("x", kv.MaxKey), kv.After(strings.Repeat("x", kv.MaxKey)), 1, nil},
	}
	for _, c := range cases {
		got, err := s.Range(c.prefix, c.from, c.limit)
		must(t, err)
		var inside []kv.Entry
		must(t, s.Update(func(tx kv.Txn) (err error) {
			inside, err = tx.Range(c.prefix, c.from, c.limit)
			return err
		}))
		for where, entries := range map[string][]kv.Entry{"store": got, "transaction": inside} {
			if !slices.Equal(keysOf(entries), c.want) {
				t.Errorf("%s: %q from %q, %d: %q, want %q", where, c.prefix, c.from, c.limit, keysOf(entries), c.want)
			}
			for _, e := range entries {
				if string(e.Value) != e.Key || e.Revision != 1 {
					t.Errorf("%s: %s has value %q and revision %d", where, e.Key, e.Value, e.Revision)
				}
			}
		}
	}
	for _, limit := range []int{-1, 0, 1001} {
		_, err := s.Range("", "", limit)
		wantError(t, err, kv.ErrBadLimit)
		wantError(t, s.Update(func(tx kv.Txn) error { _, err := tx.Range("", "", limit); return err }), kv.ErrBadLimit)
	}
	_, err := s.Range("v1/\xff", "", 1)
	wantError(t, err, kv.ErrBadKey)
}

func testKeys(t *testing.T, s kv.Store) {
	good := []string{"v", "v1/appointment/Zm9v-_~", "!", strings.Repeat("k", kv.MaxKey)}
	bad := []string{"", " ", "v1/a b", "v1/é", "v1/\n", "v1/\x00", "v1/\x7f", strings.Repeat("k", kv.MaxKey+1)}
	for _, key := range good {
		put(t, s, key, "x")
		if _, err := s.Get(key); err != nil {
			t.Errorf("%q: %v", key, err)
		}
	}
	revision := s.Revision()
	for _, key := range bad {
		calls := map[string]func(kv.Txn) error{
			"get":     func(tx kv.Txn) error { _, err := tx.Get(key); return err },
			"put":     func(tx kv.Txn) error { return tx.Put(key, nil) },
			"delete":  func(tx kv.Txn) error { return tx.Delete(key) },
			"compare": func(tx kv.Txn) error { return tx.Compare(key, 0) },
		}
		for name, call := range calls {
			if err := s.Update(call); err == nil {
				t.Errorf("%s %q: no error", name, key)
			} else {
				wantError(t, err, kv.ErrBadKey)
			}
		}
		_, err := s.Get(key)
		wantError(t, err, kv.ErrBadKey)
	}
	if s.Revision() != revision {
		t.Fatal("a bad key has changed something")
	}
}

func testLimits(t *testing.T, s kv.Store) {
	puts := func(n, size int) func(kv.Txn) error {
		return func(tx kv.Txn) error {
			for i := range n {
				_ = tx.Put(fmt.Sprintf("v1/%03d", i), make([]byte, size)) // the transaction remembers the error
			}
			return nil
		}
	}
	must(t, s.Update(puts(kv.MaxOperations, 1)))
	must(t, s.Update(puts(1, kv.MaxValue)))
	must(t, s.Update(puts(3, kv.MaxValue)))
	revision := s.Revision()
	wantError(t, s.Update(puts(kv.MaxOperations+1, 1)), kv.ErrTooManyOperations)
	wantError(t, s.Update(puts(1, kv.MaxValue+1)), kv.ErrTooLarge)
	wantError(t, s.Update(puts(5, kv.MaxTransaction/5)), kv.ErrTooLarge)
	reads := func(tx kv.Txn) error {
		for range kv.MaxOperations + 1 {
			_, _ = tx.Get("v1/000")
		}
		return nil
	}
	wantError(t, s.Update(reads), kv.ErrTooManyOperations)
	if s.Revision() != revision {
		t.Fatal("a refused transaction has changed something")
	}
}

func testClosed(t *testing.T, s kv.Store) {
	put(t, s, "v1/a", "x")
	lease, err := s.Lease(time.Hour)
	must(t, err)
	mustClose(t, s)
	mustClose(t, s)
	_, err = s.Get("v1/a")
	wantError(t, err, kv.ErrClosed)
	_, err = s.Range("", "", 1)
	wantError(t, err, kv.ErrClosed)
	wantError(t, s.Update(func(tx kv.Txn) error { return tx.Put("v1/a", nil) }), kv.ErrClosed)
	_, err = s.Watch(context.Background(), "", 0)
	wantError(t, err, kv.ErrClosed)
	_, err = s.Lease(time.Hour)
	wantError(t, err, kv.ErrClosed)
	wantError(t, s.KeepAlive(lease), kv.ErrClosed)
	wantError(t, s.Revoke(lease), kv.ErrClosed)
	if s.Revision() != 1 {
		t.Fatalf("revision %d after Close, want 1", s.Revision())
	}
}
