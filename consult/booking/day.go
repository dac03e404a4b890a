package booking

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"
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
	id      entryID
	service ServiceID
	span          // with buffers
	start   int64 // of the appointment itself
	until   int64 // of a hold: it lapses
}

// entryID is an id as day documents have it: its 16 bytes, without the letters before them; one of another form as it is.
type entryID string

func entryIDOf(id string) entryID {
	_, text, _ := strings.Cut(id, "_")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) != idBytes {
		return entryID(id)
	}
	return entryID(raw)
}

// holds reports whether the entry still takes its time.
func (e entry) holds(now int64) bool { return e.kind != entryHold || e.until > now }

// dayDoc is what is taken of one owner's day, in UTC: the one document that all who want some of that day compare and write. What
// crosses midnight stands in both days, whole.
type dayDoc []entry // by from, then id

// dayVersion is the first byte of the bytes. After it the services that are named: how many, and each; then for each entry kind and flags, id,
// number of the service among those (from 1; 0: none), from (seconds after the day's beginning), length, start after from, and for holds
// until after from. Numbers are varints, texts have their length before them; an id of the usual form is a zero and its 16 bytes. A day
// of 24 appointments has 650 bytes, so that several lie in a page of the store.
const dayVersion = 2

const overFlag = 0x80

func (d dayDoc) encode(day Date) []byte {
	var services []ServiceID
	for _, e := range d {
		if e.service != "" && !slices.Contains(services, e.service) {
			services = append(services, e.service)
		}
	}
	b := append(make([]byte, 0, 2+len(services)*30+len(d)*32), dayVersion)
	text := func(s string) { b = append(binary.AppendUvarint(b, uint64(len(s))), s...) }
	b = binary.AppendUvarint(b, uint64(len(services)))
	for _, s := range services {
		text(string(s))
	}
	for _, e := range d {
		kind := byte(e.kind)
		if e.over {
			kind |= overFlag
		}
		b = append(b, kind)
		if len(e.id) == idBytes {
			b = append(append(b, 0), e.id...)
		} else {
			text(string(e.id))
		}
		b = binary.AppendUvarint(b, uint64(slices.Index(services, e.service)+1))
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

func (r *dayReader) text() string { return r.bytes(r.uvarint()) }

// id reads what encode writes of an id.
func (r *dayReader) id() entryID {
	n := r.uvarint()
	if n == 0 {
		n = idBytes
	}
	return entryID(r.bytes(n))
}

func (r *dayReader) bytes(n uint64) string {
	if n > uint64(len(r.rest)) {
		r.bad = true
		return ""
	}
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

// service reads the number of one of these.
func (r *dayReader) service(of []ServiceID) ServiceID {
	n := r.uvarint()
	if n > uint64(len(of)) {
		r.bad = true
		return ""
	}
	if n == 0 {
		return ""
	}
	return of[n-1]
}

// maxLength bounds what an entry takes: more than an appointment with its buffers has. Events are cut at midnight.
const maxLength = 2 * secondsPerDay

func decodeDay(day Date, value []byte) (dayDoc, error) {
	r := dayReader{rest: string(value)}
	if v := r.byte(); v != dayVersion {
		return nil, fmt.Errorf("%w: version %d, want %d", errDay, v, dayVersion)
	}
	var services []ServiceID
	for n := r.uvarint(); n > 0 && !r.bad; n-- {
		services = append(services, ServiceID(r.text()))
	}
	d := make(dayDoc, 0, len(r.rest)/24+1)
	for r.rest != "" && !r.bad {
		kind := r.byte()
		e := entry{kind: entryKind(kind &^ overFlag), over: kind&overFlag != 0}
		e.id, e.service = r.id(), r.service(services)
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

// free reports whether nothing lies in the span, but what has one of these ids.
func (d dayDoc) free(s span, except []entryID, now int64) bool {
	for _, e := range d {
		if e.overlaps(s) && e.holds(now) && !slices.Contains(except, e.id) {
			return false
		}
	}
	return true
}

// with adds an entry, in order. The document is written into: it must be the caller's own.
func (d dayDoc) with(e entry) dayDoc {
	at, _ := slices.BinarySearchFunc(d, e, func(a, b entry) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.id, b.id)) })
	return slices.Insert(d, at, e)
}

// without removes what has the id, and holds that have lapsed. The document is not written into.
func (d dayDoc) without(id entryID, now int64) dayDoc {
	gone := func(e entry) bool { return e.id == id || !e.holds(now) }
	if !slices.ContainsFunc(d, gone) {
		return d
	}
	return slices.DeleteFunc(slices.Clone(d), gone)
}

// load counts the appointments and holds that start in the span: all, and those of one service. The entries are in order; what starts in
// the span begins in it, or at most a buffer before.
func load(entries []entry, in span, service ServiceID, now int64) (all, own int) {
	const buffer = int64(MaxBuffer / time.Second)
	first, _ := slices.BinarySearchFunc(entries, in.from-buffer, func(e entry, from int64) int { return cmp.Compare(e.from, from) })
	for i := first; i < len(entries) && entries[i].from < in.to; i++ {
		e := &entries[i]
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
