package kv

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
)

// change is what a transaction wants a key to be.
type change struct {
	stored  []byte // the record as the file has it, but for its revision
	lease   LeaseID
	deleted bool
}

// boltTxn collects the changes of one Update beside the bbolt transaction that it reads, so that it can fail without a
// trace while the Updates before it in the same bbolt transaction stand. It belongs to the goroutine that runs the Update.
type boltTxn struct {
	tx         *bolt.Tx
	keys       *bolt.Bucket
	cursor     *bolt.Cursor // of keys: one for all look-ups, which would make one each
	now        time.Time
	operations int
	written    int // bytes of keys and values
	err        error
	over       bool

	changes map[string]change
	leases  map[LeaseID]leaseRecord
	seen    map[string]seen // what was looked up already
}

// seen is what the bucket has under a key: it does not change before apply.
type seen struct {
	there    bool
	revision uint64
	lease    LeaseID
}

// usualKeys is how many keys the maps of a transaction have room for at once.
const usualKeys = 14

func newTxn(tx *bolt.Tx, now time.Time) *boltTxn {
	keys := tx.Bucket(keysBucket())
	return &boltTxn{
		tx: tx, keys: keys, cursor: keys.Cursor(), now: now, leases: map[LeaseID]leaseRecord{},
		changes: make(map[string]change, usualKeys), seen: make(map[string]seen, usualKeys),
	}
}

// begin counts an operation.
func (t *boltTxn) begin() error {
	if t.over {
		return ErrTxnDone
	}
	if t.err == nil {
		if t.operations++; t.operations > MaxOperations {
			t.err = fmt.Errorf("%w: more than %d", ErrTooManyOperations, MaxOperations)
		}
	}
	return t.err
}

// fail makes the error that of the whole transaction.
func (t *boltTxn) fail(err error) error {
	if err != nil && t.err == nil && !errors.Is(err, ErrNotFound) {
		t.err = err
	}
	return err
}

func (t *boltTxn) Get(key string) (Entry, error) {
	if err := t.begin(); err != nil {
		return Entry{}, err
	}
	if c, ok := t.changes[key]; ok {
		if c.deleted {
			return Entry{}, fmt.Errorf("%w: %s", ErrNotFound, key)
		}
		return c.entry(key), nil
	}
	if err := CheckKey(key); err != nil {
		return Entry{}, t.fail(err)
	}
	r, err := t.find(key)
	if err != nil {
		return Entry{}, t.fail(err)
	}
	if !t.seen[key].there {
		return Entry{}, fmt.Errorf("%w: %s", ErrNotFound, key)
	}
	return r.entry(key), nil
}

// find reads what the bucket has under a key, and notes it in seen.
func (t *boltTxn) find(key string) (record, error) {
	k, b := t.cursor.Seek([]byte(key))
	if string(k) != key {
		t.seen[key] = seen{}
		return record{}, nil
	}
	r, err := decodeRecord(b)
	if err != nil {
		return record{}, fmt.Errorf("%s: %w", key, err)
	}
	t.seen[key] = seen{true, r.revision, r.lease}
	return r, nil
}

// look is what the bucket has under a key.
func (t *boltTxn) look(key string) (seen, error) {
	if s, ok := t.seen[key]; ok {
		return s, nil
	}
	_, err := t.find(key)
	return t.seen[key], err
}

func (c change) entry(key string) Entry { return record{value: c.stored[recordHeader:]}.entry(key) }

func (t *boltTxn) Range(prefix, from string, limit int) ([]Entry, error) {
	if err := t.begin(); err != nil {
		return nil, err
	}
	var own []ownEntry
	for _, key := range t.changed() {
		if key >= from && strings.HasPrefix(key, prefix) {
			own = append(own, ownEntry{key, t.changes[key]})
		}
	}
	entries, err := rangeEntries(t.keys, prefix, from, limit, own)
	return entries, t.fail(err)
}

// changed are the keys of changes, in order.
func (t *boltTxn) changed() []string {
	keys := slices.AppendSeq(make([]string, 0, len(t.changes)), maps.Keys(t.changes))
	slices.Sort(keys)
	return keys
}

func (t *boltTxn) Put(key string, value []byte) error {
	if err := t.begin(); err != nil {
		return err
	}
	return t.fail(t.put(key, value, 0))
}

func (t *boltTxn) PutLease(key string, value []byte, lease LeaseID) error {
	if err := t.begin(); err != nil {
		return err
	}
	if _, err := t.lease(lease); err != nil {
		return t.fail(err)
	}
	return t.fail(t.put(key, value, lease))
}

func (t *boltTxn) put(key string, value []byte, lease LeaseID) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	if len(value) > MaxValue {
		return fmt.Errorf("%w: %s: value of %d bytes, at most %d", ErrTooLarge, key, len(value), MaxValue)
	}
	if t.written += len(key) + len(value); t.written > MaxTransaction {
		return fmt.Errorf("%w: more than %d bytes in one transaction", ErrTooLarge, MaxTransaction)
	}
	t.changes[key] = change{stored: record{lease: lease, value: value}.encode(), lease: lease}
	return nil
}

func (t *boltTxn) Delete(key string) error {
	if err := t.begin(); err != nil {
		return err
	}
	if err := CheckKey(key); err != nil {
		return t.fail(err)
	}
	t.changes[key] = change{deleted: true}
	return nil
}

func (t *boltTxn) Compare(key string, revision uint64) error {
	if err := t.begin(); err != nil {
		return err
	}
	if err := CheckKey(key); err != nil {
		return t.fail(err)
	}
	had, err := t.look(key)
	if err != nil {
		return t.fail(err)
	}
	if had.revision != revision {
		return t.fail(fmt.Errorf("%w: %s has %d, not %d", ErrConflict, key, had.revision, revision))
	}
	return nil
}

// apply writes the changes into the bbolt transaction and returns them as events of this revision. When it fails the
// bbolt transaction is spoilt.
func (t *boltTxn) apply(revision uint64) ([]Event, error) {
	leased := t.tx.Bucket(leasedBucket())
	events := make([]Event, 0, len(t.changes))
	for _, key := range t.changed() {
		c := t.changes[key]
		old, err := t.look(key)
		if err != nil {
			return nil, err
		}
		if !old.there && c.deleted {
			continue
		}
		if old.lease != 0 && old.lease != c.lease {
			if err := leased.Delete(leasedKey(old.lease, key)); err != nil {
				return nil, err
			}
		}
		if c.deleted {
			if err := t.keys.Delete([]byte(key)); err != nil {
				return nil, err
			}
			events = append(events, Event{Entry: Entry{Key: key, Revision: revision}, Deleted: true})
			continue
		}
		setRevision(c.stored, revision)
		if err := t.keys.Put([]byte(key), c.stored); err != nil {
			return nil, err
		}
		if c.lease != 0 {
			if err := leased.Put(leasedKey(c.lease, key), nil); err != nil {
				return nil, err
			}
		}
		events = append(events, Event{Entry: Entry{Key: key, Value: c.stored[recordHeader:], Revision: revision}})
	}
	return events, t.applyLeases()
}

func getRecord(keys *bolt.Bucket, key string) (record, error) {
	if err := CheckKey(key); err != nil {
		return record{}, err
	}
	b := keys.Get([]byte(key))
	if b == nil {
		return record{}, fmt.Errorf("%w: %s", ErrNotFound, key)
	}
	r, err := decodeRecord(b)
	if err != nil {
		return record{}, fmt.Errorf("%s: %w", key, err)
	}
	return r, nil
}
