package main

import (
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// The load of one participant: about 50 audio and 136 video packets a second.
const (
	audioPayload  = 120 // bytes
	audioInterval = 20 * time.Millisecond
	audioClock    = 48000
	audioTOC      = 0x78 // of an Opus packet: CELT, 20 ms (RFC 6716 §3.1)
	audioLevel    = 30   // −dBov, somebody speaking (RFC 6464)

	videoPayload = 1100      // bytes
	videoRate    = 1_200_000 // bit/s of payload
	videoFPS     = 30
	videoClock   = 90000
	keyFrameGap  = 300 * time.Millisecond // as encoders answer key-frame requests
)

// source is one published track: a webrtc.TrackLocal that sends stamped RTP.
type source struct {
	// static
	meter  *meter
	id     sourceID
	kind   webrtc.RTPCodecType
	stream string

	// set by Bind and by the participant, read by tick
	bound   atomic.Pointer[binding]
	live    atomic.Bool // sends
	ended   atomic.Bool
	wantKey atomic.Bool

	// counted, read at the end
	counted atomic.Uint32 // packets sent while the window was open
	refused atomic.Uint64 // packets that our own transport did not take
	plis    atomic.Uint64 // key frames asked for
	nacks   atomic.Uint64 // packets asked for again

	// owned by tick
	sequence  uint16
	timestamp uint32
	picture   uint16
	packets   float64 // of the next frame, carrying the fraction
	lastKey   time.Duration
	payload   []byte
}

// binding is what was negotiated for a source.
type binding struct {
	context     webrtc.TrackLocalContext
	payloadType uint8
	levelID     uint8 // of the audio-level header extension; 0: none
}

func newSource(m *meter, id sourceID, kind webrtc.RTPCodecType, stream string) *source {
	s := &source{
		meter: m, id: id, kind: kind, stream: stream, lastKey: -keyFrameGap,
		// Different for each, the same in each run; some wrap around soon.
		sequence: uint16(id * 40503), timestamp: uint32(id) * 2654435761, picture: uint16(id*977) & vp8PictureMask,
		payload: make([]byte, max(audioPayload, videoPayload)),
	}
	s.wantKey.Store(true)
	return s
}

// Bind notes what was negotiated.
func (s *source) Bind(c webrtc.TrackLocalContext) (webrtc.RTPCodecParameters, error) {
	want := webrtc.MimeTypeOpus
	if s.kind == webrtc.RTPCodecTypeVideo {
		want = webrtc.MimeTypeVP8
	}
	for _, p := range c.CodecParameters() {
		if !strings.EqualFold(p.MimeType, want) {
			continue
		}
		b := &binding{context: c, payloadType: uint8(p.PayloadType)}
		for _, e := range c.HeaderExtensions() {
			if e.URI == uriAudioLevel {
				b.levelID = uint8(e.ID)
			}
		}
		s.bound.Store(b)
		return p, nil
	}
	return webrtc.RTPCodecParameters{}, webrtc.ErrUnsupportedCodec
}

// Unbind ends sending.
func (s *source) Unbind(webrtc.TrackLocalContext) error { s.bound.Store(nil); return nil }

// ID is unique within the stream.
func (s *source) ID() string { return s.kind.String() + strconv.Itoa(int(s.id)) }

// RID is empty: one encoding.
func (s *source) RID() string { return "" }

// StreamID is that of the participant.
func (s *source) StreamID() string { return s.stream }

// Kind is audio or video.
func (s *source) Kind() webrtc.RTPCodecType { return s.kind }

// interval is that between two ticks.
func (s *source) interval() time.Duration {
	if s.kind == webrtc.RTPCodecTypeAudio {
		return audioInterval
	}
	return time.Second / videoFPS
}

// tick sends one audio packet, or the packets of one video frame as a burst.
func (s *source) tick() (time.Duration, bool) {
	if s.ended.Load() {
		return 0, false
	}
	if b := s.bound.Load(); b != nil && s.live.Load() {
		if s.kind == webrtc.RTPCodecTypeAudio {
			s.sendAudio(b)
		} else {
			s.sendFrame(b)
		}
	}
	return s.interval(), true
}

func (s *source) sendAudio(b *binding) {
	h := s.header(b)
	if b.levelID != 0 {
		_ = h.SetExtension(b.levelID, []byte{0x80 | audioLevel}) // fails only on a bad id, and it was negotiated
	}
	s.timestamp += audioClock * uint32(audioInterval/time.Millisecond) / 1000
	p := s.payload[:audioPayload]
	p[0] = audioTOC
	s.send(b, &h, p)
}

func (s *source) sendFrame(b *binding) {
	s.packets += float64(videoRate) / 8 / videoPayload / videoFPS
	n := int(s.packets)
	s.packets -= float64(n)
	key := false
	if now := s.meter.now(); now-s.lastKey >= keyFrameGap && s.wantKey.Swap(false) {
		key, s.lastKey = true, now
	}
	h := s.header(b)
	for i := range n {
		p := s.payload[:videoPayload]
		putVP8(p, s.picture, i == 0, key)
		h.Marker = i == n-1
		s.send(b, &h, p)
	}
	s.timestamp += videoClock / videoFPS
	s.picture = (s.picture + 1) & vp8PictureMask
}

func (s *source) header(b *binding) rtp.Header {
	return rtp.Header{Version: 2, PayloadType: b.payloadType, SSRC: uint32(b.context.SSRC()), Timestamp: s.timestamp}
}

func (s *source) send(b *binding, h *rtp.Header, payload []byte) {
	h.SequenceNumber = s.sequence
	s.sequence++
	st := stamp{source: s.id, counted: s.meter.open.Load()}
	if st.counted {
		st.count = s.counted.Add(1) - 1
	}
	st.sent = s.meter.now()
	st.put(payload)
	if _, err := b.context.WriteStream().WriteRTP(h, payload); err != nil {
		s.refused.Add(1)
	}
}

// handleFeedback answers what the server says about this source.
func (s *source) handleFeedback(packets []rtcp.Packet) {
	for _, p := range packets {
		switch p := p.(type) {
		case *rtcp.PictureLossIndication, *rtcp.FullIntraRequest:
			s.plis.Add(1)
			s.wantKey.Store(true)
		case *rtcp.TransportLayerNack:
			for _, pair := range p.Nacks {
				s.nacks.Add(uint64(len(pair.PacketList())))
			}
		}
	}
}
