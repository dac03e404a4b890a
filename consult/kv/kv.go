package kv

import (
	"context"
	"fmt"
	"time"
)

// The limits that every engine keeps, so that nothing works on one engine only.
const (
	MaxKey         = 512       // bytes of a key
	MaxValue       = 256 << 10 // bytes of a value
	MaxTransaction = 1 << 20   // bytes of all keys and values that one Update writes; etcd refuses requests above 1.5 MiB
	MaxOperations  = 100       // calls on a Txn in one Update; etcd takes 128 by default
	MaxRange       = 1000      // entries of one Range

	MinLease = time.Second          // the grain of etcd's leases
	MaxLease = 366 * 24 * time.Hour // longer than anything that is kept for a while only
)

// Entry is a key with its value.
type Entry struct {
	Key   string
	Value []byte // never nil; the caller's own copy
	// Revision is the store's revision at which this key was last written. It is 0
	// for what the running transaction itself has put: that has none before it is on disk.
	Revision uint64
}

// Event is one change of one key. All changes of an Update carry the same revision.
type Event struct {
	Entry        // Value is shared by all watches: read it, do not write to it
	Deleted bool // Value is nil then and Revision is that of the deletion
}

// LeaseID names a lease. It is never 0 and never used twice by a store.
type LeaseID uint64

// Txn is what an Update sees: the store as it is, plus its own writes so far. It is valid
// only within that call and only on one goroutine. Each call of a method is one operation.
//
// An error other than ErrNotFound makes the whole Update fail, with it or with what the function returns in its place: a
// comparison that failed can not be overlooked.
type Txn interface {
	// Get returns the entry, or ErrNotFound.
	Get(key string) (Entry, error)
	// Range returns entries as Store.Range does.
	Range(prefix, from string, limit int) ([]Entry, error)
	// Put writes the key; a lease that it had lets go of it.
	Put(key string, value []byte) error
	// PutLease writes the key and ties it to a lease: it is deleted when the lease ends. ErrNoLease if it has ended.
	PutLease(key string, value []byte, lease LeaseID) error
	// Delete removes the key. It is no error if there is none.
	Delete(key string) error
	// Compare gives ErrConflict unless the key had this revision when the transaction began (0: there was no such key).
	Compare(key string, revision uint64) error
}

// Store is an ordered key-value store with revisions. All methods may be called at the same time.
type Store interface {
	// Get returns the entry, or ErrNotFound.
	Get(key string) (Entry, error)
	// GetNewer is Get for who has the value of that revision already: when the entry still has it, the value is nil.
	GetNewer(key string, than uint64) (Entry, error)
	// Range returns, in ascending order of bytes, at most limit (1 to MaxRange) entries whose keys begin with prefix and are not below from.
	// The next page begins at After(last key).
	Range(prefix, from string, limit int) ([]Entry, error)
	// Update runs the function in a transaction. When it returns nil, all that was written is on disk; else nothing is.
	// The function must do nothing but use its Txn and set its caller's variables anew: an engine may run it again.
	// It must not call the store, which may wait for this very Update to end.
	Update(func(Txn) error) error
	// Announce says that the caller prepares an Update, which an engine may then do together with those of others: they wait for it, but never
	// long. over is called before that Update, or instead of it, and may be called again.
	Announce() (over func())
	// Watch sends the changes under prefix from this revision on (0: from now on), in order and without gaps.
	// ErrCompacted says that the history no longer reaches back to it: read everything again, then watch from there.
	// The channel closes when ctx ends, when the store closes, and when the reader falls so far behind that history
	// has moved past it; watching again from the last revision seen, plus one, tells which it was.
	Watch(ctx context.Context, prefix string, fromRevision uint64) (<-chan Event, error)
	// Lease makes a lease that ends, with its keys, after ttl (MinLease to MaxLease). It survives a restart.
	Lease(ttl time.Duration) (LeaseID, error)
	// KeepAlive makes the lease last its whole ttl again from now on, or gives ErrNoLease.
	KeepAlive(LeaseID) error
	// Revoke ends the lease now and deletes its keys in one transaction. It is no error if it has ended.
	Revoke(LeaseID) error
	// Revision is that of the last change in the store; it only grows.
	Revision() uint64
	// Close ends all watches, waits for what is under way, and frees the file. It may be called again.
	Close() error
}

// After is the smallest key above key: where the next page of a Range begins.
func After(key string) string { return key + "\x00" }

// CheckKey gives ErrBadKey unless the key has 1 to MaxKey bytes, all of them printable ASCII and none a space.
// Keys hold ids, never personal data: errors name them.
func CheckKey(key string) error {
	if key == "" || len(key) > MaxKey {
		return fmt.Errorf("%w: %d bytes, want 1 to %d", ErrBadKey, len(key), MaxKey)
	}
	return checkPrintable(key)
}

// CheckRange gives the error that Range gives for these arguments.
func CheckRange(prefix, from string, limit int) error {
	if limit < 1 || limit > MaxRange {
		return fmt.Errorf("%w: limit %d, want 1 to %d", ErrBadLimit, limit, MaxRange)
	}
	if len(prefix) > MaxKey || len(from) > MaxKey+1 {
		return fmt.Errorf("%w: prefix of %d and start of %d bytes, want at most %d", ErrBadKey, len(prefix), len(from), MaxKey)
	}
	return checkPrintable(prefix)
}

func checkPrintable(s string) error {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return fmt.Errorf("%w: byte %#x at %d", ErrBadKey, s[i], i)
		}
	}
	return nil
}
