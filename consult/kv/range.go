package kv

import (
	"bytes"
	"fmt"

	bolt "go.etcd.io/bbolt"
)

// rangeEntries merges two ascending sequences: what the bucket holds, and the running transaction's own changes, which
// hide what they replace.
func rangeEntries(keys *bolt.Bucket, prefix, from string, limit int, own []ownEntry) ([]Entry, error) {
	if err := CheckRange(prefix, from, limit); err != nil {
		return nil, err
	}
	cursor := keys.Cursor()
	k, v := cursor.Seek([]byte(max(prefix, from)))

	entries := []Entry{}
	for len(entries) < limit {
		stored := k != nil && bytes.HasPrefix(k, []byte(prefix))
		switch {
		case !stored && len(own) == 0:
			return entries, nil
		case len(own) > 0 && (!stored || own[0].key <= string(k)):
			if stored && own[0].key == string(k) {
				k, v = cursor.Next()
			}
			if !own[0].deleted {
				entries = append(entries, own[0].entry(own[0].key))
			}
			own = own[1:]
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

// ownEntry is a change of a running transaction and its key.
type ownEntry struct {
	key string
	change
}
