package kv

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// boltStore is a Store in one bbolt file.
type boltStore struct {
	// static after OpenBolt
	db       *bolt.DB
	log      *slog.Logger
	clock    func() time.Time
	history  *history
	commitTx func(*bolt.Tx) error // bbolt's Commit; tests put faults here, under commit.mu

	commit committer

	leasesChanged chan struct{} // one token: the expirer looks again
	closing       chan struct{} // closed when Close begins
	running       sync.WaitGroup
	closeOnce     sync.Once
	closeErr      error // read after closeOnce
}

// OpenBolt opens the store in the file at path, and makes the file (not its folder) if there is none. It ends the leases
// whose time has come meanwhile before it returns. ErrLocked if another process keeps the file open, ErrFormat if the file is not whole.
func OpenBolt(path string, cfg BoltConfig) (Store, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	if err := ensureFile(path); err != nil {
		return nil, err
	}
	db, err := openFile(path, cfg.LockTimeout)
	if err != nil {
		return nil, err
	}
	if err := removeTemporaries(path); err != nil {
		cfg.Logger.Warn("a half-made store file can not be removed", "error", err)
	}
	s, err := newBoltStore(db, cfg)
	if err == nil {
		_, err = s.expireDue()
	}
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s.running.Add(1)
	go s.expireLoop()
	return s, nil
}

func newBoltStore(db *bolt.DB, cfg BoltConfig) (*boltStore, error) {
	var revision uint64
	err := db.View(func(tx *bolt.Tx) (err error) { revision, err = readRevision(tx); return err })
	if err != nil {
		return nil, err
	}
	return &boltStore{
		db: db, log: cfg.Logger, clock: cfg.Clock,
		history:       newHistory(cfg.History, revision, cfg.Logger),
		commitTx:      (*bolt.Tx).Commit,
		commit:        committer{patience: patience},
		leasesChanged: make(chan struct{}, 1),
		closing:       make(chan struct{}),
	}, nil
}

// noRevision is what no entry has.
const noRevision = 0

func (s *boltStore) Get(key string) (Entry, error) { return s.GetNewer(key, noRevision) }

func (s *boltStore) GetNewer(key string, than uint64) (e Entry, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		r, err := getRecord(tx.Bucket(keysBucket()), key)
		switch {
		case err != nil:
		case r.revision == than:
			e = Entry{Key: key, Revision: than}
		default:
			e = r.entry(key)
		}
		return err
	})
	return e, err
}

func (s *boltStore) Range(prefix, from string, limit int) (entries []Entry, err error) {
	err = s.view(func(tx *bolt.Tx) error {
		entries, err = rangeEntries(tx.Bucket(keysBucket()), prefix, from, limit, nil)
		return err
	})
	return entries, err
}

func (s *boltStore) view(f func(*bolt.Tx) error) error {
	err := s.db.View(f)
	if errors.Is(err, berrors.ErrDatabaseNotOpen) {
		return ErrClosed
	}
	return err
}

func (s *boltStore) Update(f func(Txn) error) error {
	return s.write(func(t *boltTxn) error { return f(t) })
}

func (s *boltStore) Watch(ctx context.Context, prefix string, fromRevision uint64) (<-chan Event, error) {
	return s.history.watch(ctx, prefix, fromRevision)
}

func (s *boltStore) Revision() uint64 { return s.history.currentRevision() }

func (s *boltStore) Close() error {
	s.closeOnce.Do(func() {
		close(s.closing)
		s.history.close()
		s.refuseWrites()
		s.running.Wait()
		if err := s.db.Close(); err != nil { // waits for readers
			s.closeErr = fmt.Errorf("kv: close: %w", err)
		}
	})
	return s.closeErr
}

// refuseWrites lets the open group reach the disk and refuses all later ones.
func (s *boltStore) refuseWrites() {
	s.commit.mu.Lock()
	defer s.commit.mu.Unlock()
	if s.commit.group != nil {
		s.commitLocked()
	}
	s.commit.failed = ErrClosed
}
