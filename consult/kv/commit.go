package kv

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	bolt "go.etcd.io/bbolt"
)

// A group is closed when it has this much; then the next Update begins another.
const (
	groupTransactions = 512
	groupBytes        = 4 << 20
)

// fill is how full the pages are left that are split. Most bytes belong to records whose keys begin with their time, so that they come at the
// end, where full pages are best (1); all others come anywhere, where half full ones are.
const fill = 0.75

// patience bounds how long a group waits for who has said that they are coming.
const patience = time.Millisecond

// committer makes many small Updates cheap: those that arrive while the disk is busy share one bbolt transaction, and
// with it one fsync. There is no goroutine and no delay. Each Update takes the lock, runs on its own goroutine, and, if
// others wait for the lock already, leaves the commit to them; the last in line commits for all. A lone writer is the
// last in line at once; but who has announced an Update (Announce) is waited for a little.
type committer struct {
	waiting  atomic.Int64 // writers between wanting the lock and having it
	coming   atomic.Int64 // writers that have announced themselves
	patience time.Duration

	mu     sync.Mutex // guards the following, and the bbolt write transaction
	group  *group     // nil: no transaction is open
	failed error      // ErrFailed, ErrClosed: no more writes
}

// group is a bbolt transaction with the Updates that share it.
type group struct {
	tx       *bolt.Tx
	members  int
	bytes    int
	revision uint64    // after the last member's changes
	events   [][]Event // of each member
	changed  bool      // there is something to commit
	leases   bool      // leases changed

	done chan struct{} // closed when on disk, or failed
	err  error         // set before done is closed
}

// Announce is Store's.
func (s *boltStore) Announce() (over func()) {
	s.commit.coming.Add(1)
	return sync.OnceFunc(func() { s.commit.coming.Add(-1) })
}

// write runs a transaction and waits until it is on disk.
func (s *boltStore) write(run func(*boltTxn) error) error {
	s.commit.waiting.Add(1)
	s.commit.mu.Lock()
	s.commit.waiting.Add(-1)

	staged := false
	defer func() {
		if !staged { // run panicked or ended its goroutine: the rest of the group still waits for a commit
			s.leaveLocked()
		}
	}()
	err := s.stageLocked(run)
	staged = true
	g := s.leaveLocked()
	if g == nil {
		return err
	}
	<-g.done // also when run failed: what it read may not have been on disk
	if g.err != nil {
		return g.err
	}
	return err
}

// stageLocked runs the transaction and adds its changes to the group's. When run fails they are dropped.
func (s *boltStore) stageLocked(run func(*boltTxn) error) error {
	if s.commit.failed != nil {
		return s.commit.failed
	}
	g, err := s.groupLocked()
	if err != nil {
		return err
	}
	t := newTxn(g.tx, s.clock())
	defer func() { t.over = true }()
	if err := run(t); err != nil {
		return err
	}
	if t.err != nil {
		return t.err
	}

	var events []Event
	if err := guard(func() (err error) { events, err = t.apply(g.revision + 1); return err }); err != nil {
		// Half of this transaction is in the group's and can not be taken out again.
		err = fmt.Errorf("kv: write: %w", errors.Join(err, guard(g.tx.Rollback)))
		s.finishLocked(err)
		return err
	}
	g.members++
	g.bytes += t.written
	if len(events) > 0 {
		g.revision++
		g.events = append(g.events, events)
		g.changed = true
	}
	if len(t.leases) > 0 {
		g.changed, g.leases = true, true
	}
	return nil
}

func (s *boltStore) groupLocked() (*group, error) {
	if s.commit.group == nil {
		tx, err := s.db.Begin(true)
		if err != nil {
			return nil, fmt.Errorf("kv: begin: %w", err)
		}
		tx.Bucket(keysBucket()).FillPercent = fill // of this transaction
		s.commit.group = &group{tx: tx, revision: s.history.currentRevision(), done: make(chan struct{})}
	}
	return s.commit.group, nil
}

// leaveLocked commits the group, or leaves that to the next writer in line, frees the lock, and returns the group.
func (s *boltStore) leaveLocked() *group {
	defer s.commit.mu.Unlock()
	g := s.commit.group
	if g != nil && g.changed {
		s.awaitLocked()
	}
	if g != nil && (s.commit.waiting.Load() == 0 || g.members >= groupTransactions || g.bytes >= groupBytes) {
		s.commitLocked()
	}
	return g
}

// awaitLocked lets who is just about to write do it in this group.
func (s *boltStore) awaitLocked() {
	if s.commit.waiting.Load() > 0 {
		return
	}
	runtime.Gosched()
	for began := time.Now(); s.commit.waiting.Load() == 0 && s.commit.coming.Load() > 0 && time.Since(began) < s.commit.patience; {
		runtime.Gosched()
	}
}

func (s *boltStore) commitLocked() {
	g := s.commit.group
	if !g.changed {
		if err := guard(g.tx.Rollback); err != nil {
			s.finishLocked(fmt.Errorf("kv: roll back: %w", err))
			return
		}
		s.finishLocked(nil)
		return
	}
	id := g.tx.ID()
	err := guard(func() error {
		if err := g.tx.Bucket(metaBucket()).Put(revisionKey(), uint64Bytes(g.revision)); err != nil {
			return err
		}
		return s.commitTx(g.tx)
	})
	if err != nil {
		// bbolt rolls back by itself; again does no harm and frees its lock if it has panicked.
		_ = guard(g.tx.Rollback)
		err = s.judgeFailureLocked(id, err)
	}
	s.finishLocked(err)
}

// judgeFailureLocked tells whether a commit failed before it changed anything (the disk is full, say), so that the next one may be
// tried, or after its last page was written. Then readers see it, but nobody knows whether the disk will.
func (s *boltStore) judgeFailureLocked(id int, cause error) error {
	visible := true
	err := guard(func() error {
		return s.db.View(func(tx *bolt.Tx) error { visible = tx.ID() >= id; return nil })
	})
	if !visible && err == nil && !errors.Is(cause, ErrFailed) {
		if errors.Is(cause, syscall.ENOSPC) || errors.Is(cause, syscall.EDQUOT) {
			s.log.Error("the disk is full: nothing can be written until there is room", "error", cause)
			cause = fmt.Errorf("%w: %w", ErrFull, cause)
		}
		return fmt.Errorf("kv: commit: %w", cause)
	}
	s.log.Error("the disk failed in the middle of a commit: no more writes before a restart", "error", cause)
	s.commit.failed = fmt.Errorf("%w: %w", ErrFailed, errors.Join(cause, err))
	return s.commit.failed
}

// finishLocked ends the group, whose bbolt transaction is over, and tells watches and members.
func (s *boltStore) finishLocked(err error) {
	g := s.commit.group
	s.commit.group = nil
	g.err = err
	if err == nil {
		s.history.publish(g.revision, g.events...)
		if g.leases {
			s.wakeExpirer()
		}
	}
	close(g.done)
}
