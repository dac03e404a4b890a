package kv

import (
	"errors"
	"fmt"
	"path/filepath"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	bolt "go.etcd.io/bbolt"
)

func putLease(t *testing.T, s Store, key string, lease LeaseID) {
	t.Helper()
	must(t, s.Update(func(tx Txn) error { return tx.PutLease(key, nil, lease) }))
}

func wantKey(t *testing.T, s Store, key string, want bool) {
	t.Helper()
	if _, err := s.Get(key); (err == nil) != want {
		t.Errorf("%s at %v: %v", key, time.Now(), err)
	}
}

// at lets the bubble's time pass up to this long after start, and the goroutines settle.
func at(start time.Time, after time.Duration) {
	time.Sleep(time.Until(start.Add(after))) // the bubble's clock: takes no time
	synctest.Wait()
}

func TestLeaseTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s, err := OpenBolt(filepath.Join(t.TempDir(), "kv"), BoltConfig{})
		must(t, err)
		defer func() { must(t, s.Close()) }()
		start := time.Now()
		tenMinutes, err := s.Lease(10 * time.Minute)
		must(t, err)
		oneMinute, err := s.Lease(time.Minute)
		must(t, err)
		putLease(t, s, "v1/ten", tenMinutes)
		putLease(t, s, "v1/one", oneMinute)

		at(start, time.Minute-1)
		wantKey(t, s, "v1/one", true)
		at(start, time.Minute)
		wantKey(t, s, "v1/one", false)
		if err := s.KeepAlive(oneMinute); !errors.Is(err, ErrNoLease) {
			t.Errorf("keep alive after the end: %v", err)
		}

		at(start, 9*time.Minute)
		must(t, s.KeepAlive(tenMinutes))
		at(start, 19*time.Minute-1)
		wantKey(t, s, "v1/ten", true)
		at(start, 19*time.Minute)
		wantKey(t, s, "v1/ten", false)

		// A later lease that ends earlier.
		start = time.Now()
		for _, minutes := range []int{30, 5, 20} {
			id, err := s.Lease(time.Duration(minutes) * time.Minute)
			must(t, err)
			putLease(t, s, fmt.Sprintf("v1/%d", minutes), id)
		}
		for _, minutes := range []int{5, 20, 30} {
			at(start, time.Duration(minutes)*time.Minute-1)
			wantKey(t, s, fmt.Sprintf("v1/%d", minutes), true)
			at(start, time.Duration(minutes)*time.Minute)
			wantKey(t, s, fmt.Sprintf("v1/%d", minutes), false)
		}
		must(t, audit(s.(*boltStore).db))
	})
}

// TestLeaseEndsWhileClosed has many leases end while the store is closed; none of their keys is seen again.
func TestLeaseEndsWhileClosed(t *testing.T) {
	now := time.Now()
	clock := func() time.Time { return now }
	path := filepath.Join(t.TempDir(), "kv")
	s := mustOpen(t, path, BoltConfig{Clock: clock})
	const leases = 3*expiryBatch + 1
	for i := range leases {
		id, err := s.Lease(10*time.Minute + time.Duration(i))
		must(t, err)
		putLease(t, s, fmt.Sprintf("v1/%04d", i), id)
	}
	mustPut(t, s, "v1/kept", "")
	must(t, s.Close())

	now = now.Add(10*time.Minute + leases - 2) // one nanosecond before the last one
	s = mustOpen(t, path, BoltConfig{Clock: clock})
	entries, err := s.Range("v1/", "", 10)
	must(t, err)
	if len(entries) != 2 || entries[0].Key != fmt.Sprintf("v1/%04d", leases-1) {
		t.Errorf("left: %v", entries)
	}
	must(t, audit(s.db))
}

// TestEndedLeaseTakesNoKey sets the clock past the end before the expirer can look.
func TestEndedLeaseTakesNoKey(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var late atomic.Bool
		s, err := OpenBolt(filepath.Join(t.TempDir(), "kv"), BoltConfig{Clock: func() time.Time {
			if late.Load() {
				return time.Now().Add(time.Hour)
			}
			return time.Now()
		}})
		must(t, err)
		defer func() { must(t, s.Close()) }()
		id, err := s.Lease(time.Hour)
		must(t, err)
		putLease(t, s, "v1/a", id)
		synctest.Wait()
		late.Store(true)
		if err := s.Update(func(tx Txn) error { return tx.PutLease("v1/b", nil, id) }); !errors.Is(err, ErrNoLease) {
			t.Errorf("put: %v", err)
		}
		if err := s.KeepAlive(id); !errors.Is(err, ErrNoLease) {
			t.Errorf("keep alive: %v", err)
		}
		time.Sleep(longestSleep) // the bubble's clock; by then the expirer has looked at the store's
		synctest.Wait()
		wantKey(t, s, "v1/a", false)
	})
}

// TestExpiryTriesAgain lets the disk refuse what the expirer writes.
func TestExpiryTriesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		opened, err := OpenBolt(filepath.Join(t.TempDir(), "kv"), BoltConfig{})
		must(t, err)
		s := opened.(*boltStore)
		defer func() { must(t, s.Close()) }()
		id, err := s.Lease(time.Minute)
		must(t, err)
		putLease(t, s, "v1/a", id)
		synctest.Wait()
		start, refused := time.Now(), 0
		setCommit(s, func(tx *bolt.Tx) error {
			if refused++; refused <= 3 {
				return errors.Join(errors.New("the disk is full"), tx.Rollback())
			}
			return tx.Commit()
		})
		at(start, time.Minute+2*retryExpiry)
		wantKey(t, s, "v1/a", true)
		at(start, time.Minute+3*retryExpiry)
		wantKey(t, s, "v1/a", false)
	})
}
