package kv

import (
	"bytes"
	"errors"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// audit checks bbolt's pages and that our buckets agree with each other. It holds the write lock: bbolt's check takes a
// page that is freed meanwhile for damage.
func audit(db *bolt.DB) (err error) {
	tx, err := db.Begin(true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, tx.Rollback()) }()
	for damage := range tx.Check() {
		err = errors.Join(err, damage)
	}
	if err != nil {
		return err
	}
	return auditBuckets(tx)
}

func auditBuckets(tx *bolt.Tx) error {
	revision, err := readRevision(tx)
	if err != nil {
		return err
	}
	leases, leased, deadlines := tx.Bucket(leasesBucket()), tx.Bucket(leasedBucket()), tx.Bucket(deadlinesBucket())
	ties, ends := 0, 0
	err = tx.Bucket(keysBucket()).ForEach(func(k, v []byte) error {
		r, err := decodeRecord(v)
		if err != nil {
			return fmt.Errorf("%s: %w", k, err)
		}
		if r.revision == 0 || r.revision > revision {
			return fmt.Errorf("%s has revision %d, the store %d", k, r.revision, revision)
		}
		if r.lease == 0 {
			return nil
		}
		ties++
		if leases.Get(uint64Bytes(uint64(r.lease))) == nil {
			return fmt.Errorf("%s is tied to lease %d, which is gone", k, r.lease)
		}
		if c := leased.Cursor(); !seeks(c, leasedKey(r.lease, string(k))) {
			return fmt.Errorf("%s is tied to lease %d, which does not know", k, r.lease)
		}
		return nil
	})
	if err != nil {
		return err
	}
	err = leases.ForEach(func(k, v []byte) error {
		l, err := decodeLease(v)
		if err != nil {
			return err
		}
		ends++
		if !seeks(deadlines.Cursor(), append(uint64Bytes(uint64(l.deadline.UnixNano())), k...)) {
			return fmt.Errorf("lease %x never ends", k)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if n := count(leased); n != ties {
		return fmt.Errorf("leases hold %d keys, %d keys are leased", n, ties)
	}
	if n := count(deadlines); n != ends {
		return fmt.Errorf("%d deadlines for %d leases", n, ends)
	}
	return nil
}

func seeks(c *bolt.Cursor, key []byte) bool {
	k, _ := c.Seek(key)
	return bytes.Equal(k, key)
}

func count(b *bolt.Bucket) (n int) {
	c := b.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		n++
	}
	return n
}
