package kv

import "errors"

// The errors of this package; what is returned wraps one of them, with its operand.
var (
	ErrNotFound          = errors.New("kv: no such key")
	ErrConflict          = errors.New("kv: the key has another revision")
	ErrTooManyOperations = errors.New("kv: too many operations in one transaction")
	ErrTooLarge          = errors.New("kv: too large")
	ErrBadKey            = errors.New("kv: not a key")
	ErrBadLimit          = errors.New("kv: limit out of range")
	ErrBadTTL            = errors.New("kv: time to live out of range")
	ErrNoLease           = errors.New("kv: no such lease")
	ErrCompacted         = errors.New("kv: history does not reach back to this revision")
	ErrTxnDone           = errors.New("kv: the transaction is over")
	ErrClosed            = errors.New("kv: the store is closed")

	// ErrLocked says that another process has the file open.
	ErrLocked = errors.New("kv: the file is locked by another process")
	// ErrFormat says that the file is not a store that this program can read: empty, cut off, foreign or newer.
	ErrFormat = errors.New("kv: not a readable store")
	// ErrFull says that the disk is full: nothing of this Update was written, and later ones may succeed.
	ErrFull = errors.New("kv: the disk is full")
	// ErrFailed says that the disk failed in the middle of a commit: whether it counts is known after the next open, and until then nothing is written.
	ErrFailed = errors.New("kv: the disk failed, the store takes no more writes")
)
