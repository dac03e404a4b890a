package kv

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"time"

	bolt "go.etcd.io/bbolt"
)

const (
	longestSleep = time.Minute // between looks at the clock, which may be set, or stand still while the machine sleeps
	retryExpiry  = time.Second // after the disk refused a write
	expiryBatch  = 64          // leases ended in one transaction
)

func (s *boltStore) Lease(ttl time.Duration) (LeaseID, error) {
	if ttl < MinLease || ttl > MaxLease {
		return 0, fmt.Errorf("%w: %v, want %v to %v", ErrBadTTL, ttl, MinLease, MaxLease)
	}
	var id LeaseID
	err := s.write(func(t *boltTxn) error {
		n, err := t.tx.Bucket(leasesBucket()).NextSequence()
		if err != nil {
			return err
		}
		id = LeaseID(n)
		t.leases[id] = leaseRecord{deadline: t.now.Add(ttl), ttl: ttl}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return id, nil
}

func (s *boltStore) KeepAlive(id LeaseID) error {
	return s.write(func(t *boltTxn) error {
		l, err := t.lease(id)
		if err != nil {
			return err
		}
		t.leases[id] = leaseRecord{deadline: t.now.Add(l.ttl), ttl: l.ttl}
		return nil
	})
}

func (s *boltStore) Revoke(id LeaseID) error {
	return s.write(func(t *boltTxn) error { t.endLease(id); return nil })
}

// lease returns a lease that has not ended, whether or not the expirer has got to it.
func (t *boltTxn) lease(id LeaseID) (leaseRecord, error) {
	b := t.tx.Bucket(leasesBucket()).Get(uint64Bytes(uint64(id)))
	if b == nil {
		return leaseRecord{}, fmt.Errorf("%w: %d", ErrNoLease, id)
	}
	l, err := decodeLease(b)
	if err != nil {
		return leaseRecord{}, err
	}
	if !l.deadline.After(t.now) {
		return leaseRecord{}, fmt.Errorf("%w: %d has ended", ErrNoLease, id)
	}
	return l, nil
}

// endLease deletes the lease and its keys, however many.
func (t *boltTxn) endLease(id LeaseID) {
	prefix := uint64Bytes(uint64(id))
	cursor := t.tx.Bucket(leasedBucket()).Cursor()
	for k, _ := cursor.Seek(prefix); bytes.HasPrefix(k, prefix); k, _ = cursor.Next() {
		t.changes[string(k[len(prefix):])] = change{deleted: true}
	}
	t.leases[id] = leaseRecord{}
}

func (t *boltTxn) applyLeases() error {
	leases, deadlines := t.tx.Bucket(leasesBucket()), t.tx.Bucket(deadlinesBucket())
	for id, l := range t.leases {
		key := uint64Bytes(uint64(id))
		if b := leases.Get(key); b != nil {
			old, err := decodeLease(b)
			if err != nil {
				return err
			}
			if err := deadlines.Delete(deadlineKey(old.deadline, id)); err != nil {
				return err
			}
		}
		var err error
		if l.deadline.IsZero() {
			err = leases.Delete(key)
		} else {
			err = errors.Join(leases.Put(key, l.encode()), deadlines.Put(deadlineKey(l.deadline, id), nil))
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// expireLoop is the goroutine that ends leases. OpenBolt starts it and Close waits for it.
func (s *boltStore) expireLoop() {
	defer s.running.Done()
	timer := time.NewTimer(math.MaxInt64)
	defer timer.Stop()
	for {
		wait, err := s.expireDue()
		if errors.Is(err, ErrClosed) || errors.Is(err, ErrFailed) {
			return // no write will succeed any more
		}
		if err != nil {
			s.log.Error("leases can not be ended", "error", err)
			wait = retryExpiry
		}
		timer.Reset(wait)
		select {
		case <-s.closing:
			return
		case <-s.leasesChanged:
		case <-timer.C:
		}
	}
}

// expireDue ends the leases whose time is over and returns how long to wait for the next.
func (s *boltStore) expireDue() (time.Duration, error) {
	for {
		due, wait, err := s.nextDeadline()
		if err != nil || !due {
			return wait, err
		}
		err = s.write(func(t *boltTxn) error {
			cursor := t.tx.Bucket(deadlinesBucket()).Cursor()
			for k, _ := cursor.First(); k != nil && len(t.leases) < expiryBatch; k, _ = cursor.Next() {
				deadline, id, err := decodeDeadline(k)
				if err != nil {
					return err
				}
				if deadline.After(t.now) {
					break
				}
				t.endLease(id)
			}
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
}

func (s *boltStore) nextDeadline() (due bool, wait time.Duration, err error) {
	wait = longestSleep
	err = s.view(func(tx *bolt.Tx) error {
		k, _ := tx.Bucket(deadlinesBucket()).Cursor().First()
		if k == nil {
			return nil
		}
		deadline, _, err := decodeDeadline(k)
		if err != nil {
			return err
		}
		wait = min(wait, deadline.Sub(s.clock()))
		due = wait <= 0
		return nil
	})
	return due, wait, err
}

func (s *boltStore) wakeExpirer() {
	select {
	case s.leasesChanged <- struct{}{}:
	default: // it will look anyway
	}
}
