package sfu

import "encoding/binary"

// descriptor is what a payload's first bytes say about its place in the stream. Only descriptors are read, and of a VP8
// key frame its size: nothing here needs a decoded picture, and all of it survives payloads that are encrypted behind
// their descriptors.
type descriptor struct {
	key    bool // the packet begins a key frame
	inKey  bool // H.264: part of a key frame, though not known to be its first packet
	height uint16

	// VP8 (RFC 7741 §4.2): where the running numbers stand in the payload, 0 when absent.
	pidAt  uint8
	pidLen uint8 // bytes: 1 (7 bits) or 2 (15 bits)
	tl0At  uint8
	pid    uint16
	tl0    uint8
}

// parseDescriptor reads the descriptor of a payload. A payload that can't be read gives the zero descriptor.
func parseDescriptor(c codec, payload []byte) descriptor {
	switch c {
	case codecVP8:
		return parseVP8(payload)
	case codecH264, codecH264Baseline:
		return parseH264(payload)
	case codecOpus:
		return descriptor{key: true} // every packet of audio can be the first
	}
	return descriptor{}
}

// parseVP8 reads the payload descriptor (RFC 7741 §4.2) and the frame tag behind it (RFC 6386 §9.1).
func parseVP8(b []byte) descriptor {
	var d descriptor
	if len(b) < 1 {
		return d
	}
	first, at := b[0], 1
	start := first&0x10 != 0 && first&0x07 == 0 // S, PID 0: the first packet of a frame
	if first&0x80 != 0 {                        // X
		if len(b) < 2 {
			return descriptor{}
		}
		ext := b[1]
		at = 2
		if ext&0x80 != 0 { // I
			switch {
			case len(b) >= at+2 && b[at]&0x80 != 0:
				d.pidAt, d.pidLen, d.pid = uint8(at), 2, binary.BigEndian.Uint16(b[at:])&0x7fff
			case len(b) >= at+1 && b[at]&0x80 == 0:
				d.pidAt, d.pidLen, d.pid = uint8(at), 1, uint16(b[at]&0x7f)
			default:
				return descriptor{}
			}
			at += int(d.pidLen)
		}
		if ext&0x40 != 0 { // L
			if len(b) < at+1 {
				return descriptor{}
			}
			d.tl0At, d.tl0 = uint8(at), b[at]
			at++
		}
		if ext&0x30 != 0 { // T or K: one shared byte
			at++
		}
	}
	if start && len(b) > at && b[at]&0x01 == 0 { // P: 0 is a key frame
		d.key = true
		// RFC 6386 §9.1: three bytes of tag, the start code, then 14 bits of width and of height.
		if len(b) >= at+10 && b[at+3] == 0x9d && b[at+4] == 0x01 && b[at+5] == 0x2a {
			d.height = binary.LittleEndian.Uint16(b[at+8:]) & 0x3fff
		}
	}
	return d
}

// NAL unit types (RFC 6184 §1.3, §5.4).
const (
	nalIDR   = 5
	nalSPS   = 7
	nalSTAPA = 24
	nalFUA   = 28
)

// parseH264 reads the NAL unit header, and those inside an aggregation or at the start of a fragmentation (RFC 6184 §5).
func parseH264(b []byte) descriptor {
	if len(b) < 1 {
		return descriptor{}
	}
	switch t := b[0] & 0x1f; t {
	case nalSPS:
		return descriptor{key: true, inKey: true}
	case nalIDR:
		return descriptor{inKey: true}
	case nalSTAPA:
		return parseSTAPA(b[1:])
	case nalFUA:
		if len(b) < 2 || b[1]&0x80 == 0 {
			return descriptor{}
		}
		inner := b[1] & 0x1f
		return descriptor{key: inner == nalSPS, inKey: inner == nalSPS || inner == nalIDR}
	}
	return descriptor{}
}

func parseSTAPA(b []byte) descriptor {
	var d descriptor
	for len(b) >= 3 {
		n := int(binary.BigEndian.Uint16(b))
		if n == 0 || n > len(b)-2 {
			return d
		}
		switch b[2] & 0x1f {
		case nalSPS:
			d.key, d.inKey = true, true
		case nalIDR:
			d.inKey = true
		}
		b = b[2+n:]
	}
	return d
}
