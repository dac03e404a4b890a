package kv

import (
	"bytes"
	"fmt"
	"iter"

	bolt "go.etcd.io/bbolt"
)

// rangeEntries merges two ascending sequences: what the bucket holds, and the running transaction's own changes, which
// hide what they replace.
func rangeEntries(keys *bolt.Bucket, prefix, from string, limit int, own iter.Seq2[string, *change]) ([]Entry, error) {
	if err := CheckRange(prefix, from, limit); err != nil {
		return nil, err
	}
	nextOwn, stop := iter.Pull2(own)
	defer stop()
	cursor := keys.Cursor()
	k, v := cursor.Seek([]byte(max(prefix, from)))
	key, c, more := nextOwn()

	entries := []Entry{}
	for len(entries) < limit {
		stored := k != nil && bytes.HasPrefix(k, []byte(prefix))
		switch {
		case !stored && !more:
			return entries, nil
		case more && (!stored || key <= string(k)):
			if stored && key == string(k) {
				k, v = cursor.Next()
			}
			if !c.deleted {
				entries = append(entries, c.entry(key))
			}
			key, c, more = nextOwn()
		default:
			r, err := decodeRecord(v)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", k, err)
			}
			entries = append(entries, r.entry(string(k)))
			k, v = cursor.Next()
		}
	}
	return entries, nil
}

// noChanges is what a reader outside of a transaction has changed.
func noChanges(func(string, *change) bool) {}
