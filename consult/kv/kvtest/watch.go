package kvtest

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

func testWatch(t *testing.T, s kv.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	put(t, s, "v1/a/1", "one") // 1
	fromNow, err := s.Watch(ctx, "v1/a/", 0)
	must(t, err)
	fromFirst, err := s.Watch(ctx, "v1/a/", 1)
	must(t, err)
	fromLater, err := s.Watch(ctx, "", 4)
	must(t, err)

	put(t, s, "v1/b/1", "elsewhere")         // 2
	must(t, s.Update(func(tx kv.Txn) error { // 3
		return errors.Join(tx.Put("v1/a/1", []byte("two")), tx.Delete("v1/b/1"), tx.Put("v1/a/2", nil))
	}))
	remove(t, s, "v1/a/1") // 4

	later := []string{"v1/a/1 two 3 false", "v1/a/2  3 false", "v1/a/1  4 true"}
	for name, c := range map[string]struct {
		events <-chan kv.Event
		want   []string
	}{
		"now":   {fromNow, later},
		"first": {fromFirst, append([]string{"v1/a/1 one 1 false"}, later...)},
		"later": {fromLater, later[2:]},
	} {
		for _, want := range c.want {
			e := receive(t, c.events)
			if got := fmt.Sprintf("%s %s %d %t", e.Key, e.Value, e.Revision, e.Deleted); got != want {
				t.Errorf("%s: %q, want %q", name, got, want)
			}
		}
	}
	_, err = s.Watch(ctx, "not a key", 0)
	wantError(t, err, kv.ErrBadKey)
}

func testWatchEnds(t *testing.T, s kv.Store) {
	ctx, cancel := context.WithCancel(context.Background())
	idle, err := s.Watch(ctx, "", 0)
	must(t, err)
	busy, err := s.Watch(ctx, "", 0)
	must(t, err)
	toTheEnd, err := s.Watch(context.Background(), "", 0)
	must(t, err)
	put(t, s, "v1/a", "nobody reads this")
	receive(t, idle)
	cancel()
	wantClosed(t, idle)
	wantClosed(t, busy)
	_, err = s.Watch(ctx, "", 0)
	wantError(t, err, context.Canceled)
	mustClose(t, s)
	wantClosed(t, toTheEnd)
}

// testWatchReplays has many writers at work and rebuilds the store from watches that begin at different times.
func testWatchReplays(t *testing.T, s kv.Store) {
	const workers, each = 6, 60
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	var writers, readers sync.WaitGroup
	last := make(chan struct{})
	read := func(events <-chan kv.Event, seen uint64, state map[string]kv.Entry) {
		for e := range events {
			if e.Revision < seen {
				t.Errorf("revision %d after %d", e.Revision, seen)
			}
			seen = e.Revision
			if e.Deleted {
				delete(state, e.Key)
			} else {
				state[e.Key] = e.Entry
			}
			if e.Key == "v1/last" {
				break
			}
		}
		<-last
		entries, err := s.Range("v1/", "", kv.MaxRange)
		if err != nil {
			t.Error(err)
			return
		}
		if len(entries) != len(state) {
			t.Errorf("the watch tells of %d keys, the store has %d", len(state), len(entries))
		}
		for _, e := range entries {
			if !sameEntry(e, state[e.Key]) {
				t.Errorf("%s: the watch tells of %v, the store has %v", e.Key, state[e.Key], e)
			}
		}
	}
	fromStart, err := s.Watch(ctx, "", 1)
	must(t, err)
	readers.Go(func() { read(fromStart, 0, map[string]kv.Entry{}) })
	for worker := range workers {
		random := rand.New(rand.NewPCG(uint64(worker), 0))
		writers.Go(func() {
			for range each {
				err := s.Update(func(tx kv.Txn) error {
					key := fmt.Sprintf("v1/%d", random.IntN(20))
					if random.IntN(3) == 0 {
						return tx.Delete(key)
					}
					return errors.Join(tx.Put(key, []byte(key)), tx.Put(key+"/more", nil))
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
		readers.Go(func() { // from where it is now: read, then watch what has come since
			revision := s.Revision()
			state := map[string]kv.Entry{}
			entries, err := s.Range("v1/", "", kv.MaxRange)
			if err != nil {
				t.Error(err)
			}
			for _, e := range entries {
				state[e.Key] = e
			}
			events, err := s.Watch(ctx, "v1/", revision+1)
			if err != nil {
				t.Error(err)
				return
			}
			read(events, revision, state)
		})
	}
	writers.Wait()
	put(t, s, "v1/last", "")
	close(last)
	readers.Wait()
}

func testLeaseLimits(t *testing.T, s kv.Store) {
	for _, ttl := range []time.Duration{-1, 0, kv.MinLease - 1, kv.MaxLease + 1} {
		_, err := s.Lease(ttl)
		wantError(t, err, kv.ErrBadTTL)
	}
	wantError(t, s.KeepAlive(12345), kv.ErrNoLease)
	must(t, s.Revoke(12345))
	wantError(t, s.Update(func(tx kv.Txn) error { return tx.PutLease("v1/a", nil, 12345) }), kv.ErrNoLease)
	wantError(t, s.Update(func(tx kv.Txn) error { return tx.PutLease("v1/a", nil, 0) }), kv.ErrNoLease)
	wantKeys(t, s, "")
}

func testLeaseRevoked(t *testing.T, s kv.Store) {
	first, err := s.Lease(time.Hour)
	must(t, err)
	second, err := s.Lease(time.Hour)
	must(t, err)
	if first == second || first == 0 || second == 0 {
		t.Fatalf("leases %d and %d", first, second)
	}
	leased := func(key string, lease kv.LeaseID) {
		must(t, s.Update(func(tx kv.Txn) error { return tx.PutLease(key, nil, lease) }))
	}
	for i := range kv.MaxOperations + 20 { // more than one transaction of a caller could delete
		leased(fmt.Sprintf("v1/a/%03d", i), first)
	}
	leased("v1/b", second)
	leased("v1/moved", first)
	leased("v1/moved", second)
	leased("v1/kept", first)
	put(t, s, "v1/kept", "without a lease")
	leased("v1/gone", first)
	remove(t, s, "v1/gone")
	put(t, s, "v1/gone", "but here again")

	revision := s.Revision()
	events, err := s.Watch(context.Background(), "", 0)
	must(t, err)
	must(t, s.Revoke(first))
	wantKeys(t, s, "", "v1/b", "v1/gone", "v1/kept", "v1/moved")
	for range kv.MaxOperations + 20 {
		if e := receive(t, events); !e.Deleted || e.Revision != revision+1 || !strings.HasPrefix(e.Key, "v1/a/") {
			t.Fatalf("got %+v", e)
		}
	}
	wantError(t, s.KeepAlive(first), kv.ErrNoLease)
	must(t, s.Revoke(first))
	must(t, s.KeepAlive(second))
	wantError(t, s.Update(func(tx kv.Txn) error { return tx.PutLease("v1/c", nil, first) }), kv.ErrNoLease)
}

// testLeaseRunsOut waits for the shortest lease, in real time: an engine may be another process.
func testLeaseRunsOut(t *testing.T, s kv.Store) {
	short, err := s.Lease(kv.MinLease)
	must(t, err)
	long, err := s.Lease(time.Hour)
	must(t, err)
	must(t, s.Update(func(tx kv.Txn) error {
		return errors.Join(tx.PutLease("v1/short", nil, short), tx.PutLease("v1/long", nil, long))
	}))
	events, err := s.Watch(context.Background(), "", 0)
	must(t, err)
	if e := receive(t, events); !e.Deleted || e.Key != "v1/short" {
		t.Fatalf("got %+v", e)
	}
	wantKeys(t, s, "", "v1/long")
	wantError(t, s.KeepAlive(short), kv.ErrNoLease)
}
