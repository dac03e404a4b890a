package kv

import (
	"encoding/binary"
	"fmt"
	"time"

	bolt "go.etcd.io/bbolt"
)

// What is in the file. All numbers are big-endian, so that their bytes sort as they do.
//
//	meta       format -> 8 bytes, revision -> 8 bytes
//	keys       key -> revision (8), lease (8, 0: none), value
//	leases     lease (8) -> deadline (8), time to live (8); both in nanoseconds, the deadline since 1970. Its sequence numbers the leases
//	deadlines  deadline (8), lease (8) -> nothing; the first one ends next
//	leased     lease (8), key -> nothing
const fileFormat = 1

const recordHeader = 16 // bytes before the value

func metaBucket() []byte      { return []byte("meta") }
func keysBucket() []byte      { return []byte("keys") }
func leasesBucket() []byte    { return []byte("leases") }
func deadlinesBucket() []byte { return []byte("deadlines") }
func leasedBucket() []byte    { return []byte("leased") }

func formatKey() []byte   { return []byte("format") }
func revisionKey() []byte { return []byte("revision") }

func buckets() [][]byte {
	return [][]byte{metaBucket(), keysBucket(), leasesBucket(), deadlinesBucket(), leasedBucket()}
}

// record is what stands under a key. value points into the transaction that it was read in.
type record struct {
	revision uint64
	lease    LeaseID
	value    []byte
}

func (r record) encode() []byte {
	b := make([]byte, recordHeader, recordHeader+len(r.value))
	binary.BigEndian.PutUint64(b, r.revision)
	binary.BigEndian.PutUint64(b[8:], uint64(r.lease))
	return append(b, r.value...)
}

// setRevision puts the revision, which is known when the transaction is applied, into an encoded record.
func setRevision(b []byte, revision uint64) { binary.BigEndian.PutUint64(b, revision) }

func decodeRecord(b []byte) (record, error) {
	if len(b) < recordHeader {
		return record{}, fmt.Errorf("%w: record of %d bytes", ErrFormat, len(b))
	}
	return record{
		revision: binary.BigEndian.Uint64(b),
		lease:    LeaseID(binary.BigEndian.Uint64(b[8:])),
		value:    b[recordHeader:],
	}, nil
}

func (r record) entry(key string) Entry {
	return Entry{Key: key, Value: append([]byte{}, r.value...), Revision: r.revision}
}

// leaseRecord is a lease's deadline and how long KeepAlive makes it last.
type leaseRecord struct {
	deadline time.Time // zero: ended
	ttl      time.Duration
}

func (r leaseRecord) encode() []byte {
	return append(uint64Bytes(uint64(r.deadline.UnixNano())), uint64Bytes(uint64(r.ttl))...)
}

func decodeLease(b []byte) (leaseRecord, error) {
	if len(b) != 16 {
		return leaseRecord{}, fmt.Errorf("%w: lease of %d bytes", ErrFormat, len(b))
	}
	return leaseRecord{
		deadline: time.Unix(0, int64(binary.BigEndian.Uint64(b))),
		ttl:      time.Duration(binary.BigEndian.Uint64(b[8:])),
	}, nil
}

func deadlineKey(deadline time.Time, id LeaseID) []byte {
	return append(uint64Bytes(uint64(deadline.UnixNano())), uint64Bytes(uint64(id))...)
}

func decodeDeadline(b []byte) (time.Time, LeaseID, error) {
	if len(b) != 16 {
		return time.Time{}, 0, fmt.Errorf("%w: deadline of %d bytes", ErrFormat, len(b))
	}
	return time.Unix(0, int64(binary.BigEndian.Uint64(b))), LeaseID(binary.BigEndian.Uint64(b[8:])), nil
}

func leasedKey(id LeaseID, key string) []byte { return append(uint64Bytes(uint64(id)), key...) }

func uint64Bytes(n uint64) []byte { return binary.BigEndian.AppendUint64(nil, n) }

// readRevision reads the store's revision.
func readRevision(tx *bolt.Tx) (uint64, error) {
	b := tx.Bucket(metaBucket()).Get(revisionKey())
	if len(b) != 8 {
		return 0, fmt.Errorf("%w: revision of %d bytes", ErrFormat, len(b))
	}
	return binary.BigEndian.Uint64(b), nil
}
