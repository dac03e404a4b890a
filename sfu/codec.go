package sfu

import "strings"

// codec is what a packet's payload is coded with.
type codec uint8

const (
	codecNone codec = iota
	codecOpus
	codecVP8
	codecH264         // constrained baseline, packetization mode 1
	codecH264Baseline // baseline, packetization mode 1
	codecCount
)

const (
	clockOpus  = 48000
	clockVideo = 90000
)

// clock is the RTP clock rate in Hz.
func (c codec) clock() uint32 {
	if c == codecOpus {
		return clockOpus
	}
	return clockVideo
}

func (c codec) String() string {
	switch c {
	case codecOpus:
		return "opus"
	case codecVP8:
		return "vp8"
	case codecH264, codecH264Baseline:
		return "h264"
	}
	return "none"
}

// codecOf reads a codec from its MIME type and fmtp line, as SDP has them.
func codecOf(mime, fmtp string) codec {
	switch strings.ToLower(mime) {
	case "audio/opus":
		return codecOpus
	case "video/vp8":
		return codecVP8
	case "video/h264":
		return h264Profile(strings.ToLower(fmtp))
	}
	return codecNone
}

// h264Profile tells the two baseline profiles apart by profile-level-id (RFC 6184 §8.1): bit 6 of the second byte is
// constraint_set1, which makes baseline (42) constrained.
func h264Profile(fmtp string) codec {
	if !strings.Contains(fmtp, "packetization-mode=1") {
		return codecNone
	}
	_, id, found := strings.Cut(fmtp, "profile-level-id=")
	if !found || len(id) < 4 || id[:2] != "42" {
		return codecNone
	}
	if strings.IndexByte("4567cdef", id[2]) >= 0 {
		return codecH264
	}
	return codecH264Baseline
}
