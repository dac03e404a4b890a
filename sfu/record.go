package sfu

import "encoding/binary"

// recordKind says what a datagram of DTLS begins with, as far as its plain header tells.
type recordKind uint8

const (
	recordJunk      recordKind = iota
	recordHandshake            // of epoch 0: somebody shakes hands, or repeats it
	recordAlert                // of epoch 1: encrypted
	recordOther
)

const (
	recordHeader       = 13 // bytes, RFC 6347 §4.1
	contentCipher      = 20
	contentAlert       = 21
	contentHandshake   = 22
	contentApplication = 23
	versionDTLS        = 0xfe // the first byte: fe ff is 1.0, fe fd is 1.2
)

// classifyRecord reads the header of a datagram's first record and checks the lengths of all of them. It trusts nothing.
func classifyRecord(b []byte) recordKind {
	for rest := b; len(rest) > 0; {
		if len(rest) < recordHeader || rest[0] < contentCipher || rest[0] > contentApplication || rest[1] != versionDTLS {
			return recordJunk
		}
		n := recordHeader + int(binary.BigEndian.Uint16(rest[11:]))
		if n == recordHeader || n > len(rest) {
			return recordJunk
		}
		rest = rest[n:]
	}
	if len(b) == 0 {
		return recordJunk
	}
	switch epoch := binary.BigEndian.Uint16(b[3:]); {
	case epoch == 0 && b[0] == contentHandshake:
		return recordHandshake
	case epoch == 1 && b[0] == contentAlert:
		return recordAlert
	}
	return recordOther
}
