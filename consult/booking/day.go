package booking

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
)

// entryKind is what takes a time.
type entryKind uint8

const (
	entryAppointment entryKind = iota + 1
	entryHold                  // kept for somebody until entry.until
	entryBlock                 // put there by a calendar
)

// maxEntries bounds a day: its document stays far below what the store takes.
const maxEntries = 500

// entry is a time of one owner that is taken. Times are Unix seconds. There is no personal data in it.
type entry struct {
	kind    entryKind
	over    bool // put over others knowingly: it takes the time for who comes after, but does not mind who is there
	id      string
	service ServiceID
	span          // with buffers
	start   int64 // of the appointment itself
	until   int64 // of a hold: it lapses
}

// holds reports whether the entry still takes its time.
func (e entry) holds(now int64) bool { return e.kind != entryHold || e.until > now }

// dayDoc is what is taken of one owner's day, in UTC: the one document that all who want some of that day compare and write. What
// crosses midnight stands in both days, whole.
type dayDoc []entry // by from, then id

// dayVersion is the first byte of the bytes. After it: for each entry kind and flags, id, service, from (seconds after the day's
// beginning), length, start after from, and for holds until after from. Numbers are varints, texts have their length before them.
const dayVersion = 1

const overFlag = 0x80

func (d dayDoc) encode(day Date) []byte {
	b := append(make([]byte, 0, 1+len(d)*80), dayVersion)
	text := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	for _, e := range d {
		kind := byte(e.kind)
		if e.over {
			kind |= overFlag
		}
		b = append(b, kind)
		text(e.id)
		text(string(e.service))
		b = binary.AppendVarint(b, e.from-int64(day)*secondsPerDay)
		b = binary.AppendUvarint(b, uint64(e.to-e.from))
		b = binary.AppendUvarint(b, uint64(e.start-e.from))
		if e.kind == entryHold {
			b = binary.AppendVarint(b, e.until-e.from)
		}
	}
	return b
}

// dayReader reads the bytes of a document; after the first mistake everything is zero.
type dayReader struct {
	rest string
	bad  bool
}

func (r *dayReader) byte() byte {
	if r.rest == "" {
		r.bad = true
		return 0
	}
	b := r.rest[0]
	r.rest = r.rest[1:]
	return b
}

// uvarint is that of encoding/binary, on a string, so that a document is copied once and not for each text in it.
func (r *dayReader) uvarint() uint64 {
	var n uint64
	for shift := uint(0); shift < 64; shift += 7 {
		b := r.byte()
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return n
		}
	}
	r.bad = true
	return 0
}

func (r *dayReader) varint() int64 {
	n := r.uvarint()
	return int64(n>>1) ^ -int64(n&1)
}

func (r *dayReader) text() string {
	n := r.uvarint()
	if n > uint64(len(r.rest)) {
		r.bad = true
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

// maxLength bounds what an entry takes: no more than a block may have.
const maxLength = 15 * secondsPerDay

func decodeDay(day Date, value []byte) (dayDoc, error) {
	r := dayReader{rest: string(value)}
	if v := r.byte(); v != dayVersion {
		return nil, fmt.Errorf("%w: version %d, want %d", errDay, v, dayVersion)
	}
	d := make(dayDoc, 0, len(value)/64+1)
	for r.rest != "" && !r.bad {
		kind := r.byte()
		e := entry{kind: entryKind(kind &^ overFlag), over: kind&overFlag != 0, id: r.text(), service: ServiceID(r.text())}
		from, length, start := r.varint(), r.uvarint(), r.uvarint()
		e.from = int64(day)*secondsPerDay + from
		if e.kind == entryHold {
			e.until = e.from + r.varint()
		}
		if e.kind < entryAppointment || e.kind > entryBlock || from < -maxLength || from > secondsPerDay || length == 0 || length > maxLength || start > length {
			r.bad = true
		}
		e.to, e.start = e.from+int64(length), e.from+int64(start)
		d = append(d, e)
	}
	if r.bad {
		return nil, fmt.Errorf("%w: damaged", errDay)
	}
	return d, nil
}

// free reports whether nothing lies in the span, but what has the id except.
func (d dayDoc) free(s span, except string, now int64) bool {
	for _, e := range d {
		if e.overlaps(s) && e.holds(now) && e.id != except {
			return false
		}
	}
	return true
}

// with adds an entry, in order.
func (d dayDoc) with(e entry) dayDoc {
	at, _ := slices.BinarySearchFunc(d, e, func(a, b entry) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.id, b.id)) })
	return slices.Insert(slices.Clone(d), at, e)
}

// without removes what has the id, and holds that have lapsed.
func (d dayDoc) without(id string, now int64) dayDoc {
	return slices.DeleteFunc(slices.Clone(d), func(e entry) bool { return e.id == id || !e.holds(now) })
}

// load counts the appointments and holds that start in the span: all, and those of one service.
func load(entries []entry, in span, service ServiceID, now int64) (all, own int) {
	for _, e := range entries {
		if e.kind == entryBlock || e.start < in.from || e.start >= in.to || !e.holds(now) {
			continue
		}
		all++
		if e.service == service {
			own++
		}
	}
	return all, own
}
