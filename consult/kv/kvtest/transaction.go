package kvtest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/colloque/colloque/consult/kv"
)

func testOwnWrites(t *testing.T, s kv.Store) {
	for _, key := range []string{"v1/b", "v1/d", "v1/f"} {
		put(t, s, key, "old")
	}
	must(t, s.Update(func(tx kv.Txn) error {
		must(t, tx.Put("v1/a", []byte("new")))
		must(t, tx.Put("v1/d", []byte("new")))
		must(t, tx.Put("v1/e", []byte("new")))
		must(t, tx.Delete("v1/f"))
		must(t, tx.Put("v1/g", nil))
		must(t, tx.Delete("v1/g"))
		entries, err := tx.Range("v1/", "", 10)
		must(t, err)
		want := []string{"v1/a new 0", "v1/b old 1", "v1/d new 0", "v1/e new 0"}
		var got []string
		for _, e := range entries {
			got = append(got, fmt.Sprintf("%s %s %d", e.Key, e.Value, e.Revision))
			one, err := tx.Get(e.Key)
			must(t, err)
			if !sameEntry(one, e) {
				t.Errorf("get %v, range %v", one, e)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("own writes seen as %q, want %q", got, want)
		}
		if entries, err = tx.Range("v1/", "v1/b", 2); err != nil || !slices.Equal(keysOf(entries), []string{"v1/b", "v1/d"}) {
			t.Errorf("page of %q, %v", keysOf(entries), err)
		}
		for _, key := range []string{"v1/f", "v1/g"} {
			_, err := tx.Get(key)
			wantError(t, err, kv.ErrNotFound)
		}
		_, err = s.Get("v1/a") // from outside, nothing is to be seen yet
		wantError(t, err, kv.ErrNotFound)
		return nil
	}))
	wantKeys(t, s, "", "v1/a", "v1/b", "v1/d", "v1/e")
}

func testCompare(t *testing.T, s kv.Store) {
	put(t, s, "v1/a", "x") // 1
	put(t, s, "v1/b", "x") // 2
	cases := []struct {
		key      string
		revision uint64
		want     error
	}{
		{"v1/a", 1, nil},
		{"v1/absent", 0, nil},
		{"v1/a", 0, kv.ErrConflict},
		{"v1/a", 2, kv.ErrConflict},
		{"v1/absent", 1, kv.ErrConflict},
	}
	for _, c := range cases {
		before := s.Revision()
		dropped := s.Update(func(tx kv.Txn) error {
			must(t, tx.Put("v1/c", nil))
			_ = tx.Compare(c.key, c.revision)
			return nil
		})
		if !errors.Is(dropped, c.want) {
			t.Errorf("compare %s with %d: %v, want %v", c.key, c.revision, dropped, c.want)
		}
		if changed := s.Revision() > before; changed != (c.want == nil) {
			t.Errorf("compare %s with %d: changed is %t", c.key, c.revision, changed)
		}
	}
	must(t, s.Update(func(tx kv.Txn) error { // what counts is how the transaction found it
		must(t, tx.Put("v1/a", []byte("y")))
		must(t, tx.Delete("v1/b"))
		return errors.Join(tx.Compare("v1/a", 1), tx.Compare("v1/b", 2))
	}))
	mine := errors.New("in the words of the caller")
	wantError(t, s.Update(func(tx kv.Txn) error {
		if tx.Compare("v1/a", 1) != nil {
			return mine
		}
		return nil
	}), mine)
}

func testFailedUpdates(t *testing.T, s kv.Store) {
	put(t, s, "v1/a", "x")
	broken := errors.New("broken")
	wantError(t, s.Update(func(tx kv.Txn) error {
		must(t, tx.Put("v1/a", []byte("y")))
		must(t, tx.Put("v1/b", nil))
		return broken
	}), broken)
	func() {
		defer func() {
			if recover() != "a mistake" {
				t.Error("the panic is gone")
			}
		}()
		_ = s.Update(func(tx kv.Txn) error {
			must(t, tx.Delete("v1/a"))
			panic("a mistake")
		})
	}()
	if entries := all(t, s, ""); len(entries) != 1 || !sameEntry(entries[0], kv.Entry{Key: "v1/a", Value: []byte("x"), Revision: 1}) {
		t.Fatalf("failed updates have left %v", entries)
	}
	put(t, s, "v1/b", "and it goes on")
}

func testTransactionOver(t *testing.T, s kv.Store) {
	var kept kv.Txn
	must(t, s.Update(func(tx kv.Txn) error { kept = tx; return nil }))
	wantError(t, kept.Put("v1/a", nil), kv.ErrTxnDone)
	_, err := kept.Get("v1/a")
	wantError(t, err, kv.ErrTxnDone)
	wantKeys(t, s, "")
}

// testCounters adds to the same keys from many goroutines, comparing what was read outside of the transaction.
func testCounters(t *testing.T, s kv.Store) {
	const workers, each = 8, 20
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			for i := 0; i < each; {
				key := "v1/counter/" + strconv.Itoa((worker+i)%2)
				e, err := s.Get(key)
				if err != nil && !errors.Is(err, kv.ErrNotFound) {
					t.Error(err)
					return
				}
				n, _ := strconv.Atoi(string(e.Value))
				err = s.Update(func(tx kv.Txn) error {
					return errors.Join(tx.Compare(key, e.Revision), tx.Put(key, []byte(strconv.Itoa(n+1))))
				})
				switch {
				case err == nil:
					i++
				case !errors.Is(err, kv.ErrConflict):
					t.Error(err)
					return
				}
			}
		})
	}
	group.Wait()
	sum := 0
	for _, e := range all(t, s, "v1/counter/") {
		n, err := strconv.Atoi(string(e.Value))
		must(t, err)
		sum += n
	}
	if sum != workers*each || s.Revision() != workers*each {
		t.Fatalf("counted to %d in %d revisions, want %d", sum, s.Revision(), workers*each)
	}
}

// testErrorsIsolated has every third of many Updates at a time fail, each with its own error.
func testErrorsIsolated(t *testing.T, s kv.Store) {
	const writers = 120
	var group sync.WaitGroup
	var want []string
	for i := range writers {
		key := fmt.Sprintf("v1/%03d", i)
		var mine error
		if i%3 == 0 {
			mine = errors.New(key)
		} else {
			want = append(want, key)
		}
		group.Go(func() {
			err := s.Update(func(tx kv.Txn) error {
				return errors.Join(tx.Put(key, nil), mine)
			})
			if (err == nil) != (mine == nil) || mine != nil && !errors.Is(err, mine) {
				t.Errorf("%s: %v, want %v", key, err, mine)
			}
			if _, err := s.Get(key); (err == nil) != (mine == nil) {
				t.Errorf("%s: then %v", key, err)
			}
		})
	}
	group.Wait()
	wantKeys(t, s, "", want...)
	if int(s.Revision()) != len(want) {
		t.Fatalf("revision %d, want %d", s.Revision(), len(want))
	}
}
