package sfu

import (
	"errors"
	"slices"
	"strconv"
	"sync"

	"github.com/pion/webrtc/v4"
)

// pionLane is the custom TrackLocal of one receive m-line. Audio lane i and video lane i share a stream id, so that the
// browser keeps them in sync: they carry the same person.
type pionLane struct {
	kind        kind
	index       int
	transceiver *webrtc.RTPTransceiver

	mu    sync.Mutex // guards the following
	bound *outlet    // but for the mid; nil before Bind
}

var errNoCodec = errors.New("sfu: the m-line has none of our codecs")

// Bind notes what was negotiated: all of it, and now, for pion cuts the context's codecs down to the one that is returned.
// That one does not bind the lane: the payload type is chosen packet by packet. The context's own stream stays unused: the
// transport sends.
func (l *pionLane) Bind(ctx webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	params := ctx.CodecParameters()
	at := slices.IndexFunc(params, func(c webrtc.RTPCodecParameters) bool { return codecOf(c.MimeType, c.SDPFmtpLine) != codecNone })
	if at < 0 {
		return webrtc.RTPCodecParameters{}, errNoCodec
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bound = &outlet{
		kind: l.kind, ssrc: uint32(ctx.SSRC()), rtxSSRC: uint32(ctx.SSRCRetransmission()), formats: formats(params),
		levelID: extensionID(ctx.HeaderExtensions(), uriAudioLevel),
	}
	return params[at], nil
}

// Unbind forgets it.
func (l *pionLane) Unbind(webrtc.TrackLocalContext) error { return nil }

// ID is unique within the stream.
func (l *pionLane) ID() string { return l.kind.String() + strconv.Itoa(l.index) }

// RID is empty: we send one encoding.
func (l *pionLane) RID() string { return "" }

// StreamID is what keeps the audio and the video of one person in sync.
func (l *pionLane) StreamID() string { return "lane" + strconv.Itoa(l.index) }

// Kind is that of the m-line.
func (l *pionLane) Kind() webrtc.RTPCodecType {
	if l.kind == kindAudio {
		return webrtc.RTPCodecTypeAudio
	}
	return webrtc.RTPCodecTypeVideo
}

// outlet describes the bound lane; nil when the m-line was refused.
func (l *pionLane) outlet() *outlet {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.bound != nil {
		l.bound.mid = l.transceiver.Mid()
	}
	return l.bound
}

// formats reads the numbers of our codecs, and of their retransmissions by apt (RFC 4588 §8.1).
func formats(params []webrtc.RTPCodecParameters) (out [codecCount]format) {
	for _, c := range params {
		if k := codecOf(c.MimeType, c.SDPFmtpLine); k != codecNone && out[k].pt == 0 {
			out[k] = format{pt: uint8(c.PayloadType), nack: hasNACK(c.RTCPFeedback)}
		}
	}
	for _, c := range params {
		if c.MimeType != webrtc.MimeTypeRTX {
			continue
		}
		for k := range out {
			if out[k].pt != 0 && c.SDPFmtpLine == "apt="+strconv.Itoa(int(out[k].pt)) {
				out[k].rtxPT = uint8(c.PayloadType)
			}
		}
	}
	return out
}

func hasNACK(feedback []webrtc.RTCPFeedback) bool {
	for _, f := range feedback {
		if f.Type == "nack" && f.Parameter == "" {
			return true
		}
	}
	return false
}

func extensionID(exts []webrtc.RTPHeaderExtensionParameter, uri string) uint8 {
	for _, e := range exts {
		if e.URI == uri {
			return uint8(e.ID)
		}
	}
	return 0
}
