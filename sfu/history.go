package sfu

import "time"

const (
	historyMin   = 64  // packets
	historyVideo = 512 // packets at most: 1.5 s of 3 Mbit/s
	historyAudio = 64  // packets: 1.3 s
	// resendPause is the least time between two retransmissions of one packet: a browser that asks again sooner asks for
	// one that is on its way.
	resendPause = 20 * time.Millisecond
	resendTries = 6
)

// sentPacket remembers how a packet of a layer went out on a lane. The payload stays in the layer's ring, which all
// subscribers share.
type sentPacket struct {
	layer  *layer // nil: the slot is empty
	stream uint32
	seq    uint16 // of the layer
	out    numbers
	tries  uint8
	came   int64 // when it came in, in Unix nanoseconds
	last   int64 // of the last retransmission, likewise; 0: none
}

// history is what went out on one lane, by outgoing sequence number. Its size is a power of two or 0: it grows until it
// holds what the layers' rings hold, which is all that can be sent again.
type history struct {
	slots []sentPacket
}

func (h *history) slot(seq uint16) *sentPacket { return &h.slots[int(seq)&(len(h.slots)-1)] }

// put remembers one packet, if the history may hold any: at most limit. It is made at the first: most lanes stay silent.
func (h *history) put(limit int, l *layer, p *packet, out numbers) {
	if limit == 0 {
		return
	}
	if h.slots == nil {
		h.slots = make([]sentPacket, historyMin)
	}
	came := p.arrived.UnixNano()
	s := h.slot(out.seq)
	for s.layer != nil && s.out.seq != out.seq && len(h.slots) < limit && came-s.came < int64(ringKeep) {
		h.grow()
		s = h.slot(out.seq)
	}
	*s = sentPacket{layer: l, stream: p.stream, seq: p.seq, out: out, came: came}
}

func (h *history) grow() {
	old := h.slots
	h.slots = make([]sentPacket, 2*len(old))
	for _, s := range old {
		if s.layer != nil {
			*h.slot(s.out.seq) = s
		}
	}
}

// clear forgets everything, and gives the memory back: the lane may stay silent for long.
func (h *history) clear() { h.slots = nil }

// holds tells whether p went out under this number already.
func (h *history) holds(p *packet, out numbers) bool {
	if len(h.slots) == 0 {
		return false
	}
	s := h.slot(out.seq)
	return s.layer != nil && s.out.seq == out.seq && s.stream == p.stream && s.seq == p.seq
}

// take finds a packet to send again, and notes the attempt; nil when it is unknown or was sent again enough.
func (h *history) take(seq uint16, now time.Time) *sentPacket {
	if len(h.slots) == 0 {
		return nil
	}
	s := h.slot(seq)
	if s.layer == nil || s.out.seq != seq || s.tries >= resendTries || now.UnixNano()-s.last < int64(resendPause) {
		return nil
	}
	s.tries++
	s.last = now.UnixNano()
	return s
}
