package main

import "encoding/binary"

// The head of each VP8 payload is real, so that servers find frames and key frames; the rest is not a picture.

const (
	vp8Width, vp8Height = 640, 480
	vp8Head             = 14     // bytes that putVP8 writes, at most
	vp8PictureMask      = 0x7fff // a picture id has 15 bits, RFC 7741 §4.2
)

// putVP8 writes the payload descriptor (RFC 7741 §4.2) with a 15-bit picture id, and, in the first packet of a frame, the start
// of the frame header (RFC 6386 §9.1).
func putVP8(payload []byte, picture uint16, first, key bool) {
	clear(payload[:vp8Head])
	payload[0] = 0x80 // X: extended
	payload[1] = 0x80 // I: picture id present
	payload[2] = 0x80 | byte(picture>>8)
	payload[3] = byte(picture)
	if !first {
		return
	}
	payload[0] |= 0x10 // S: start of the frame's only partition
	if !key {
		payload[4] = 0x11 // shown, not a key frame
		return
	}
	payload[4] = 0x10
	copy(payload[7:], []byte{0x9d, 0x01, 0x2a}) // start code; then width and height
	binary.LittleEndian.PutUint16(payload[10:], vp8Width)
	binary.LittleEndian.PutUint16(payload[12:], vp8Height)
}

// startsKeyFrame reads back what putVP8 wrote. It also reads descriptors that a server rewrote, with other optional fields.
func startsKeyFrame(payload []byte) bool {
	if len(payload) < 1 || payload[0]&0x17 != 0x10 { // S set, partition 0
		return false
	}
	at := 1
	if payload[0]&0x80 != 0 { // X
		if len(payload) < 3 {
			return false
		}
		ext := payload[1]
		at = 2
		if ext&0x80 != 0 { // I
			if payload[at]&0x80 != 0 {
				at++
			}
			at++
		}
		if ext&0x40 != 0 { // L
			at++
		}
		if ext&0x30 != 0 { // T or K
			at++
		}
	}
	return len(payload) > at && payload[at]&1 == 0
}
