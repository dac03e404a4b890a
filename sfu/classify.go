package sfu

import "encoding/binary"

// class says to whom a datagram of the one UDP socket belongs.
type class uint8

const (
	classMedia class = iota // ICE checks, DTLS, SRTP: the peers' transports
	classTURN               // the TURN and STUN server
	classJunk               // nobody's
)

const (
	stunHeader       = 20
	stunCookie       = 0x2112A442 // RFC 8489 §5
	stunBinding      = 0x001      // method
	stunAttrUsername = 0x0006
)

// classify tells a datagram by its first bytes (RFC 7983 §7, with TURN's channels and methods apart from ICE's):
//
//	0x00-0x03 + magic cookie   STUN: Binding with USERNAME, or a response to one, is ICE's; any other method and plain
//	                           Binding requests are the TURN server's
//	0x14-0x3F                  DTLS
//	0x40-0x7F                  ChannelData (RFC 8656 §12.4 narrows it to 0x40-0x4F)
//	0x80-0xBF                  SRTP, SRTCP
func classify(b []byte) class {
	if len(b) == 0 {
		return classJunk
	}
	switch first := b[0]; {
	case first < 4:
		return classifySTUN(b)
	case first >= 20 && first <= 63:
		return classMedia
	case first >= 64 && first <= 127:
		return classTURN
	case first >= 128 && first <= 191:
		return classMedia
	}
	return classJunk
}

// isSRTP tells RTP and RTCP from the other protocols of classMedia.
func isSRTP(b []byte) bool { return len(b) > 0 && b[0] >= 128 && b[0] <= 191 }

func classifySTUN(b []byte) class {
	if len(b) < stunHeader || binary.BigEndian.Uint32(b[4:]) != stunCookie {
		return classJunk
	}
	t := binary.BigEndian.Uint16(b)
	if stunMethod(t) != stunBinding {
		return classTURN
	}
	if stunIsRequest(t) && stunUsername(b) == nil {
		return classTURN
	}
	return classMedia
}

// stunMethod takes the method out of a message type, whose class bits are C1 = 0x100 and C0 = 0x010 (RFC 8489 §5).
func stunMethod(t uint16) uint16 {
	return t&0x000F | t&0x00E0>>1 | t&0x3E00>>2
}

func stunIsRequest(t uint16) bool { return t&0x0110 == 0 }

// isSTUN tells whether b looks like a STUN message.
func isSTUN(b []byte) bool {
	return len(b) >= stunHeader && b[0] < 4 && binary.BigEndian.Uint32(b[4:]) == stunCookie
}

// stunUsername is the value of the USERNAME attribute, or nil. It allocates nothing and trusts no length.
func stunUsername(b []byte) []byte {
	if len(b) < stunHeader {
		return nil
	}
	end := min(len(b), stunHeader+int(binary.BigEndian.Uint16(b[2:])))
	for at := stunHeader; at+4 <= end; {
		attr, n := binary.BigEndian.Uint16(b[at:]), int(binary.BigEndian.Uint16(b[at+2:]))
		at += 4
		if at+n > end {
			return nil
		}
		if attr == stunAttrUsername {
			return b[at : at+n]
		}
		at += (n + 3) &^ 3 // RFC 8489 §14: values are padded to 4 bytes
	}
	return nil
}

// localUfrag is the part of an ICE check's USERNAME that names the receiver: "receiver:sender" (RFC 8445 §7.2.2).
func localUfrag(username []byte) []byte {
	for i, c := range username {
		if c == ':' {
			return username[:i]
		}
	}
	return username
}
