package kv

import (
	"errors"
	"sync"
)

// decodedOverhead is what an entry costs beside its value: map, key, strings' and slices' heads.
const decodedOverhead = 256 // bytes

// Decoded remembers what the values of a store decode to, so that what is read again and again is opened once. An entry counts only at
// the revision at which the store has its key, so that a change by anybody, on this machine or another, is seen at once. What Load
// returns is shared: nobody writes into it.
//
// It keeps two generations: when the young one holds half of what is allowed it becomes the old one, and the old one goes. What is
// read in between moves to the young one again. Safe for concurrent use.
type Decoded[V any] struct {
	half int // bytes of a generation

	mu         sync.Mutex // guards what follows, held briefly, never while the store is asked
	young, old map[string]decoded[V]
	size       int    // bytes of young
	forgotten  uint64 // calls of Forget so far
}

type decoded[V any] struct {
	revision uint64
	size     int // bytes that are counted for it
	value    V
}

// NewDecoded returns one that remembers values of so many bytes, as they are in the store.
func NewDecoded[V any](most int) *Decoded[V] {
	return &Decoded[V]{half: most / 2, young: map[string]decoded[V]{}}
}

// newerGetter is what Load asks of a Store.
type newerGetter interface {
	GetNewer(key string, than uint64) (Entry, error)
}

// Load reads the key from the store and returns what its value decodes to. It fails with what the store or decode gives; ErrNotFound
// makes it forget the key.
func (d *Decoded[V]) Load(from newerGetter, key string, decode func(Entry) (V, error)) (V, error) {
	known, began := d.find(key)
	e, err := from.GetNewer(key, known.revision)
	if errors.Is(err, ErrNotFound) {
		d.Forget(key)
	}
	if err != nil {
		var none V
		return none, err
	}
	return d.decode(e, decode, known, began)
}

// Decode is Load for an entry that was read already: one of a Range, say. It must not be one that a transaction has read, whose revision
// may never be on disk.
func (d *Decoded[V]) Decode(e Entry, decode func(Entry) (V, error)) (V, error) {
	known, began := d.find(e.Key)
	return d.decode(e, decode, known, began)
}

func (d *Decoded[V]) decode(e Entry, decode func(Entry) (V, error), known decoded[V], began uint64) (V, error) {
	if known.revision == e.Revision && e.Revision != 0 {
		return known.value, nil
	}
	value, err := decode(e)
	if err != nil {
		var none V
		return none, err
	}
	d.keep(e.Key, decoded[V]{e.Revision, len(e.Key) + len(e.Value) + decodedOverhead, value}, began)
	return value, nil
}

// Forget lets go of a key: call it once what was erased is no longer in the store. What somebody read before is not remembered after it.
func (d *Decoded[V]) Forget(key string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.forgotten++
	d.size -= d.young[key].size
	delete(d.young, key)
	delete(d.old, key)
}

// Kept returns what is remembered now, by key: for tests of whoever must not write into it.
func (d *Decoded[V]) Kept() map[string]V {
	d.mu.Lock()
	defer d.mu.Unlock()
	all := make(map[string]V, len(d.young)+len(d.old))
	for _, generation := range []map[string]decoded[V]{d.old, d.young} {
		for key, one := range generation {
			all[key] = one.value
		}
	}
	return all
}

// find returns what is remembered of a key, zero when nothing is, and how often something was forgotten so far.
func (d *Decoded[V]) find(key string) (known decoded[V], forgotten uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	known, young := d.young[key]
	if !young {
		if known = d.old[key]; known.revision != 0 {
			d.keepLocked(key, known)
		}
	}
	return known, d.forgotten
}

// keep remembers a value, unless somebody forgot something since it began to be read: it may be that.
func (d *Decoded[V]) keep(key string, one decoded[V], began uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.forgotten == began && one.size <= d.half {
		d.keepLocked(key, one)
	}
}

func (d *Decoded[V]) keepLocked(key string, one decoded[V]) {
	delete(d.old, key)
	d.size -= d.young[key].size
	if d.size+one.size > d.half {
		d.old, d.young, d.size = d.young, map[string]decoded[V]{}, 0
		delete(d.old, key)
	}
	d.young[key] = one
	d.size += one.size
}
