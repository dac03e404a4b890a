// Package kv is the ordered key-value store under consult: a small interface that bbolt fills on one machine and etcd can
// fill on several, with one suite of tests (kvtest) for all engines. It knows nothing of what is stored; what is personal is
// sealed before it comes here.
//
//	Update ──► committer ── one bbolt transaction for all who wait ──► file ──► history ──► Watch
//	  (each on its own goroutine, one at a time)                        ▲           (ring)
//	Lease, KeepAlive, Revoke ──► the same ◄── expirer                   └── Get, Range
//
// Types: Store, Txn, Entry, Event are the interface (kv.go). boltStore is the bbolt engine: file.go makes and opens the
// file, commit.go is the group commit, txn.go and range.go a transaction, lease.go leases, history.go watches, record.go
// the bytes in the file. Who needs a moment before an Update announces it, so that those who come at once share a commit. Decoded (decoded.go) keeps what was read lately in the form in which it is used, by key and revision, and asks only whether there is newer (GetNewer).
//
// Revisions: the store counts its Updates that change something. A key's revision is that of its last change; Compare on it makes
// read, think, write safe. To follow a store, take Revision, Range what is there, and Watch from that revision plus one: what came
// between is seen twice, nothing is missed.
//
// Keys are readable and versioned, "v1/consultation/<id>", and hold ids only. A value has at most 256 KiB, an Update at most
// 100 operations and 1 MiB; etcd refuses more, so bbolt does too.
//
// Goroutines: one expirer per store, from OpenBolt to Close; one sender per Watch, from Watch until its context ends, its reader is
// overtaken by the history, or Close. Close waits for all. A function given to Update runs on its caller's goroutine; when it
// panics, only its own changes are dropped.
//
// Locks, in this order: committer.mu (held while an Update's function runs and while the disk writes; readers do not need it), bbolt's own,
// history.mu (held briefly, never while sending). Decoded.mu is held briefly, with no other.
//
// Disk: Update returns nil after fsync. A commit that failed before it mattered (disk full: ErrFull) fails those Updates alone; one
// that failed afterwards makes the store refuse writes (ErrFailed) until it is opened again. One file holds everything, readers never wait for
// writers, and the file is mapped far ahead of its size, so that a long read (a backup) does not hold writes up.
//
// Errors: errors.go. ErrNotFound, ErrConflict, ErrNoLease and ErrCompacted are part of life; the ErrBad… and ErrTooMany… are
// mistakes of the caller; ErrLocked, ErrFormat, ErrFull and ErrFailed are for the operator.
package kv
