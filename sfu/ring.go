package sfu

import "time"

// packet is one packet of a layer as it is kept and forwarded. It does not change between the layer's put and the moment
// when its slot is used again, which is at least a ring later.
type packet struct {
	stream   uint32 // the layer's stream (see layer.stream); 0: the slot is empty
	seq      uint16
	ts       uint32
	marker   bool
	codec    codec
	hasLevel bool
	level    uint8
	desc     descriptor
	arrived  time.Time
	payload  []byte
}

const (
	ringMin = 64
	ringMax = 1024
	// ringKeep: a packet younger than this is kept, as far as ringMax allows. One that comes later than this is of no use
	// to a conversation.
	ringKeep = 750 * time.Millisecond
)

// ring keeps the recent packets of one layer, by sequence number. It grows until it holds ringKeep of the stream; its
// slots keep their buffers, so that it allocates nothing in steady state.
type ring struct {
	slots []packet // length: a power of two
}

func (r *ring) slot(seq uint16) *packet { return &r.slots[int(seq)&(len(r.slots)-1)] }

// put copies a packet in and returns its place.
func (r *ring) put(stream uint32, in *inbound, d descriptor) *packet {
	if r.slots == nil {
		r.slots = make([]packet, ringMin)
	}
	p := r.slot(in.seq)
	for p.stream == stream && len(r.slots) < ringMax && p.seq != in.seq && in.arrived.Sub(p.arrived) < ringKeep {
		r.grow()
		p = r.slot(in.seq)
	}
	*p = packet{
		stream: stream, seq: in.seq, ts: in.ts, marker: in.marker, codec: in.codec, hasLevel: in.hasLevel, level: in.level,
		desc: d, arrived: in.arrived, payload: append(p.payload[:0], in.payload...),
	}
	return p
}

func (r *ring) grow() {
	old := r.slots
	r.slots = make([]packet, 2*len(old))
	for _, p := range old {
		if p.stream != 0 {
			*r.slot(p.seq) = p
		}
	}
}

// get finds a packet; nil when it is not (or no longer) there.
func (r *ring) get(stream uint32, seq uint16) *packet {
	if r.slots == nil {
		return nil
	}
	if p := r.slot(seq); p.stream == stream && p.seq == seq {
		return p
	}
	return nil
}
