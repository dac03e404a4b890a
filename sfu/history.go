package sfu

import "time"

const (
	historyVideo = 512 // packets: 1.5 s of 3 Mbit/s
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
	last   time.Time // of the last retransmission
}

// history is what went out on one lane, by outgoing sequence number. Its size is a power of two or 0.
type history struct {
	slots []sentPacket
}

func (h *history) slot(seq uint16) *sentPacket { return &h.slots[int(seq)&(len(h.slots)-1)] }

// put remembers one packet. size is the history's, made at the first: most lanes stay silent.
func (h *history) put(size int, l *layer, p *packet, out numbers) {
	if len(h.slots) != size {
		h.slots = make([]sentPacket, size)
	}
	if size != 0 {
		*h.slot(out.seq) = sentPacket{layer: l, stream: p.stream, seq: p.seq, out: out}
	}
}

func (h *history) clear() { clear(h.slots) }

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
	if s.layer == nil || s.out.seq != seq || s.tries >= resendTries || now.Sub(s.last) < resendPause {
		return nil
	}
	s.tries++
	s.last = now
	return s
}
