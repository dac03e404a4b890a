package sfu

import (
	"encoding/binary"
	"time"
)

// numbers are the running numbers of one outgoing packet.
type numbers struct {
	seq uint16
	ts  uint32
	pid uint16
	tl0 uint8
}

// rewriter makes one continuous stream of the packets of one source after another, whatever their own numbers are. It is
// pure. Within one source every number is shifted by a constant, so that gaps stay gaps (and are asked for), and late
// packets find their place. At a switch the shifts are set anew, so that the new source goes on where the old one ended.
type rewriter struct {
	started bool
	stream  uint32 // the source that is forwarded
	first   uint16 // the source's packets before this one belong to what was not forwarded
	newest  uint16 // of the source

	seqShift uint16
	tsShift  uint32
	pidShift uint16
	tl0Shift uint8

	last    numbers // of the newest packet sent
	lastAt  time.Time
	hasPid  bool
	hasTl0  bool
	tsKnown bool
}

// switchTo makes p the next packet of the output.
func (r *rewriter) switchTo(p *packet) {
	clock := p.codec.clock()
	if r.started {
		step := clock / 30 // a frame of video
		if p.codec == codecOpus {
			step = clock / 50
		}
		if elapsed := p.arrived.Sub(r.lastAt); elapsed > 0 {
			step = max(step, uint32(uint64(elapsed/time.Microsecond)*uint64(clock)/1e6))
		}
		r.seqShift = r.last.seq + 1 - p.seq
		r.tsShift = r.last.ts + step - p.ts
	}
	if p.desc.pidLen != 0 && r.hasPid {
		r.pidShift = r.last.pid + 1 - p.desc.pid
	}
	if p.desc.tl0At != 0 && r.hasTl0 {
		r.tl0Shift = r.last.tl0 + 1 - p.desc.tl0
	}
	r.started, r.stream, r.first, r.newest = true, p.stream, p.seq, p.seq
	r.note(p, r.shift(p))
}

// rewrite gives the outgoing numbers of p; false when p has no place in the output.
func (r *rewriter) rewrite(p *packet) (numbers, bool) {
	if !r.started || p.stream != r.stream || int16(p.seq-r.first) < 0 {
		return numbers{}, false
	}
	out := r.shift(p)
	if p.seq == r.newest || int16(p.seq-r.newest) > 0 {
		r.newest = p.seq
		r.note(p, out)
		if int16(r.newest-r.first) > 2*windowSize {
			r.first = r.newest - windowSize // the layer lets nothing older through
		}
	}
	return out, true
}

func (r *rewriter) shift(p *packet) numbers {
	out := numbers{seq: p.seq + r.seqShift, ts: p.ts + r.tsShift, tl0: p.desc.tl0 + r.tl0Shift, pid: p.desc.pid + r.pidShift}
	if p.desc.pidLen == 1 {
		out.pid &= 0x7f
	} else {
		out.pid &= 0x7fff
	}
	return out
}

// note keeps the numbers of the newest packet. The timestamp never goes back: a source whose own does is left alone, but
// the next source continues from the highest.
func (r *rewriter) note(p *packet, out numbers) {
	prev := r.last
	r.last.seq, r.lastAt = out.seq, p.arrived
	if !r.tsKnown || int32(out.ts-prev.ts) > 0 {
		r.last.ts, r.tsKnown = out.ts, true
	}
	if p.desc.pidLen != 0 {
		r.last.pid, r.hasPid = out.pid, true
	}
	if p.desc.tl0At != 0 {
		r.last.tl0, r.hasTl0 = out.tl0, true
	}
}

// patch writes the VP8 numbers into a copy of a payload. It reports false when the payload can go out as it is.
func patch(d descriptor, n numbers, payload, scratch []byte) ([]byte, bool) {
	samePid := d.pidLen == 0 || n.pid == d.pid
	if samePid && (d.tl0At == 0 || n.tl0 == d.tl0) {
		return payload, false
	}
	scratch = append(scratch[:0], payload...)
	switch d.pidLen {
	case 1:
		scratch[d.pidAt] = byte(n.pid & 0x7f)
	case 2:
		binary.BigEndian.PutUint16(scratch[d.pidAt:], n.pid|0x8000)
	}
	if d.tl0At != 0 {
		scratch[d.tl0At] = n.tl0
	}
	return scratch, true
}
