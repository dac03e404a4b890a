package kv

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	bolt "go.etcd.io/bbolt"
)

// setCommit puts a fault in the place of bbolt's Commit.
func setCommit(s *boltStore, commit func(*bolt.Tx) error) {
	s.commit.mu.Lock()
	defer s.commit.mu.Unlock()
	s.commitTx = commit
}

// TestGroupCommit holds the disk still while writers queue up, of all kinds, and sees them share one commit.
func TestGroupCommit(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "kv"), BoltConfig{})
	var commits int
	reached, proceed := make(chan struct{}), make(chan struct{})
	setCommit(s, func(tx *bolt.Tx) error {
		if commits++; commits == 1 {
			close(reached)
			<-proceed
		}
		return tx.Commit()
	})
	broken := errors.New("broken")
	var group sync.WaitGroup
	results := make([]error, 61)
	var acknowledged sync.Map
	write := func(i int, f func(Txn) error) {
		group.Go(func() {
			defer func() {
				if r := recover(); r != nil {
					results[i] = r.(error)
				}
			}()
			results[i] = s.Update(f)
			acknowledged.Store(i, true)
		})
	}
	write(60, func(tx Txn) error { return tx.Put("v1/first", nil) })
	<-reached
	for i := range 60 {
		key := fmt.Sprintf("v1/%02d", i)
		write(i, func(tx Txn) error {
			must(t, tx.Put(key, nil))
			switch i % 5 {
			case 0:
				return broken
			case 1:
				panic(broken)
			case 2:
				runtime.Goexit()
			}
			return nil
		})
	}
	for s.commit.waiting.Load() < 60 {
		runtime.Gosched()
	}
	if _, err := s.Get("v1/first"); !errors.Is(err, ErrNotFound) {
		t.Errorf("seen before it is on disk: %v", err)
	}
	acknowledged.Range(func(i, _ any) bool {
		t.Errorf("write %d is acknowledged and not on disk", i)
		return true
	})
	close(proceed)
	group.Wait()

	if commits != 2 {
		t.Errorf("%d commits, want 2", commits)
	}
	var got, want []string
	for i, err := range results[:60] {
		if wrong := err != nil; wrong != (i%5 < 2) || wrong && !errors.Is(err, broken) {
			t.Errorf("write %d: %v", i, err)
		}
		if i%5 > 2 {
			want = append(want, fmt.Sprintf("v1/%02d", i))
		}
	}
	entries, err := s.Range("v1/", "", 100)
	must(t, err)
	revisions := map[uint64]bool{}
	for _, e := range entries {
		got = append(got, e.Key)
		revisions[e.Revision] = true
	}
	if !slices.Equal(got, append(want, "v1/first")) {
		t.Errorf("stored %q, want %q", got, want)
	}
	if len(revisions) != 25 || s.Revision() != 25 {
		t.Errorf("%d revisions up to %d, want one for each write", len(revisions), s.Revision())
	}
}

// TestCommitFails puts faults into the commit. Only what fails after the last page was written leaves the store in doubt.
func TestCommitFails(t *testing.T) {
	fault := errors.New("input/output error")
	cases := []struct {
		name    string
		commit  func(*bolt.Tx) error
		inDoubt bool
	}{
		{"before anything is written", func(tx *bolt.Tx) error { return errors.Join(fault, tx.Rollback()) }, false},
		{"after all is written", func(tx *bolt.Tx) error { return errors.Join(tx.Commit(), fault) }, true},
		{"with a panic", func(*bolt.Tx) error { panic(fault) }, true},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "kv")
			s := mustOpen(t, path, BoltConfig{})
			mustPut(t, s, "v1/a", "old")
			events, err := s.Watch(t.Context(), "", 0)
			must(t, err)

			setCommit(s, c.commit)
			err = s.Update(func(tx Txn) error { return tx.Put("v1/a", []byte("new")) })
			if err == nil || errors.Is(err, ErrFailed) != c.inDoubt {
				t.Fatalf("got %v", err)
			}
			if s.Revision() != 1 {
				t.Errorf("revision %d, want 1", s.Revision())
			}
			setCommit(s, (*bolt.Tx).Commit)
			err = s.Update(func(tx Txn) error { return tx.Put("v1/b", []byte("next")) })
			if c.inDoubt {
				if !errors.Is(err, ErrFailed) {
					t.Errorf("a write after the fault: %v", err)
				}
			} else {
				must(t, err)
				if e := <-events; e.Key != "v1/b" || e.Revision != 2 {
					t.Errorf("watch: %+v", e)
				}
				if e, err := s.Get("v1/a"); err != nil || string(e.Value) != "old" {
					t.Errorf("%s, %v after a failed commit", e.Value, err)
				}
			}
			must(t, s.Close())
			s = mustOpen(t, path, BoltConfig{})
			must(t, audit(s.db))
			mustPut(t, s, "v1/c", "and it goes on")
		})
	}
}

// TestDiskFull lets bbolt itself refuse to grow, then gives it room.
func TestDiskFull(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "kv"), BoltConfig{})
	mustPut(t, s, "v1/a", "before")
	s.db.MaxSize = 1 << 16
	large := func(tx Txn) error {
		return errors.Join(tx.Put("v1/a", []byte("after")), tx.Put("v1/large", make([]byte, MaxValue)))
	}
	for range 3 {
		if err := s.Update(large); err == nil || errors.Is(err, ErrFailed) {
			t.Fatalf("got %v", err)
		}
	}
	if e, err := s.Get("v1/a"); err != nil || string(e.Value) != "before" || s.Revision() != 1 {
		t.Fatalf("%s, %v, revision %d", e.Value, err, s.Revision())
	}
	s.db.MaxSize = 0
	must(t, s.Update(large))
	must(t, audit(s.db))
}

// TestCloseKeepsTheQueue closes the store under many writers: each is either on disk or refused.
func TestCloseKeepsTheQueue(t *testing.T) {
	path := filepath.Join(t.TempDir(), "kv")
	s := mustOpen(t, path, BoltConfig{})
	const writers = 50
	var started, group sync.WaitGroup
	started.Add(writers)
	acknowledged := make([]int, writers)
	for i := range writers {
		group.Go(func() {
			for n := 1; ; n++ {
				err := s.Update(func(tx Txn) error { return tx.Put(fmt.Sprintf("v1/%02d/%04d", i, n), nil) })
				if n == 1 {
					started.Done()
				}
				if err != nil {
					if !errors.Is(err, ErrClosed) {
						t.Error(err)
					}
					return
				}
				acknowledged[i] = n
			}
		})
	}
	started.Wait()
	group.Go(func() { must(t, s.Close()) })
	must(t, s.Close())
	group.Wait()
	s = mustOpen(t, path, BoltConfig{})
	for i, n := range acknowledged {
		entries, err := s.Range(fmt.Sprintf("v1/%02d/", i), "", MaxRange)
		must(t, err)
		if len(entries) != min(n, MaxRange) || n == 0 {
			t.Errorf("writer %d: %d entries, %d acknowledged", i, len(entries), n)
		}
	}
}

// TestAnnounce: a group waits for whoever has announced an Update, and not for ever when they never come.
func TestAnnounce(t *testing.T) {
	s := mustOpen(t, filepath.Join(t.TempDir(), "kv"), BoltConfig{})
	var commits atomic.Int64
	setCommit(s, func(tx *bolt.Tx) error {
		commits.Add(1)
		return tx.Commit()
	})
	s.commit.patience = time.Hour
	over := s.Announce()
	var group sync.WaitGroup
	for _, key := range []string{"v1/first", "v1/second"} {
		running := make(chan struct{})
		group.Go(func() {
			must(t, s.Update(func(tx Txn) error { close(running); return tx.Put(key, nil) }))
		})
		<-running
		for range 10_000 { // time enough to commit for who does not wait
			runtime.Gosched()
		}
	}
	over()
	over() // again: it counts once
	group.Wait()
	if n := commits.Load(); n != 1 {
		t.Errorf("%d commits, want 1 for both", n)
	}

	must(t, s.Update(func(tx Txn) error { return tx.Put("v1/alone", nil) })) // nobody is announced: no wait
	s.commit.patience = time.Millisecond
	defer s.Announce()()
	must(t, s.Update(func(tx Txn) error { return tx.Put("v1/third", nil) }))
}
