package turn

import (
	"encoding/binary"
	"sync"
	"sync/atomic"
)

// A route remembers, for one relay, to which of our media addresses the client talks, because the media answers to the
// client's relayed address only, and the client must see the answer come from the address that it asked: an answer to
// an ICE check from elsewhere fails the check (RFC 8445 §7.2.5.2.1). With a single media address there is nothing to
// remember and nothing is parsed.
//
// STUN answers go back by their transaction id; all else comes from the address to which the client last sent media.
type route struct {
	single  bool         // static
	current atomic.Int32 // index of a media address
	chosen  atomic.Bool  // the client has sent something else than STUN

	mu     sync.Mutex // guards the following
	checks [16]check  // the last requests of the client
	next   int
}

type check struct {
	id    transactionID
	media int32
	used  bool
}

type transactionID [12]byte

// sent notes that the client sent b to media address number media.
func (r *route) sent(b []byte, media int) {
	if r.single {
		return
	}
	index := int32(media)
	class, id, ok := parseSTUN(b)
	if ok && class == classRequest {
		r.mu.Lock()
		r.checks[r.next] = check{id: id, media: index, used: true}
		r.next = (r.next + 1) % len(r.checks)
		r.mu.Unlock()
	}
	if !ok {
		r.chosen.Store(true)
	}
	if !ok || !r.chosen.Load() {
		r.current.Store(index)
	}
}

// reply returns the number of the media address from which the client expects b.
func (r *route) reply(b []byte) int {
	if r.single {
		return 0
	}
	if class, id, ok := parseSTUN(b); ok && class >= classSuccess {
		r.mu.Lock()
		defer r.mu.Unlock()
		for i := range r.checks {
			if c := &r.checks[i]; c.used && c.id == id {
				return int(c.media)
			}
		}
	}
	return int(r.current.Load())
}

// Classes of STUN messages (RFC 8489 §5).
const (
	classRequest = 0
	classSuccess = 2 // and 3 is an error answer
)

const (
	stunHeader = 20 // bytes
	stunCookie = 0x2112A442
)

// parseSTUN reads the header of a STUN message; ok is false for everything else.
func parseSTUN(b []byte) (class int, id transactionID, ok bool) {
	if len(b) < stunHeader || b[0]&0xC0 != 0 || binary.BigEndian.Uint32(b[4:]) != stunCookie {
		return 0, id, false
	}
	kind := binary.BigEndian.Uint16(b)
	copy(id[:], b[8:stunHeader])
	return int(kind>>7&2 | kind>>4&1), id, true
}
