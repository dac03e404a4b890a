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

const (
	audioClock = 48000
	audioTOC   = 0x78 // of an Opus packet: CELT, 20 ms (RFC 6716 §3.1)
	audioLevel = 30   // −dBov, somebody speaking (RFC 6464)

	videoClock  = 90000
	keyFrameGap = 300 * time.Millisecond // as encoders answer key-frame requests

	maxPayload = 1300                // bytes
	minPayload = stampSize + vp8Head // smaller ones of a trace are made as large as this
	idleTick   = 20 * time.Millisecond
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
	load      load
	sequence  uint16
	timestamp uint32
	origin    uint32        // the timestamp of the first frame
	elapsed   time.Duration // on the media's own clock
	picture   uint16
	inFrame   bool // the frame's first packet was sent
	lastKey   time.Duration
	payload   []byte
}

// binding is what was negotiated for a source.
type binding struct {
	context     webrtc.TrackLocalContext
	payloadType uint8
	levelID     uint8 // of the audio-level header extension; 0: none
}

func newSource(m *meter, id sourceID, kind webrtc.RTPCodecType, stream string, what load) *source {
	s := &source{
		meter: m, id: id, kind: kind, stream: stream, load: what, lastKey: -keyFrameGap,
		// Different for each, the same in each run; some wrap around soon.
		sequence: uint16(id * 40503), origin: uint32(id) * 2654435761, picture: uint16(id*977) & vp8PictureMask,
		payload: make([]byte, maxPayload),
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

// tick sends what the load says, and tells when it goes on.
func (s *source) tick() (time.Duration, bool) {
	if s.ended.Load() {
		return 0, false
	}
	b := s.bound.Load()
	if b == nil || !s.live.Load() {
		return idleTick, true
	}
	now := s.meter.now()
	wanted := s.kind == webrtc.RTPCodecTypeVideo && s.wantKey.Load() && now-s.lastKey >= keyFrameGap
	what := s.load.next(wanted)
	if what.begins {
		s.begin(now, what.key)
	}
	h := rtp.Header{Version: 2, PayloadType: b.payloadType, SSRC: uint32(b.context.SSRC()), Timestamp: s.timestamp}
	if b.levelID != 0 {
		_ = h.SetExtension(b.levelID, []byte{0x80 | audioLevel}) // fails only on a bad id, and it was negotiated
	}
	for _, p := range what.packets {
		s.send(b, &h, p, what.key)
	}
	s.elapsed += what.wait
	return what.wait, true
}

// begin starts a frame.
func (s *source) begin(now time.Duration, key bool) {
	rate := uint64(audioClock)
	if s.kind == webrtc.RTPCodecTypeVideo {
		rate = videoClock
		s.picture = (s.picture + 1) & vp8PictureMask
	}
	s.timestamp = s.origin + uint32(uint64(s.elapsed)*rate/uint64(time.Second))
	s.inFrame = false
	if key {
		s.wantKey.Store(false)
		s.lastKey = now
	}
}

func (s *source) send(b *binding, h *rtp.Header, p packet, key bool) {
	payload := s.payload[:max(p.size, minPayload)]
	if s.kind == webrtc.RTPCodecTypeVideo {
		putVP8(payload, s.picture, !s.inFrame, key)
		h.Marker = p.last
		s.inFrame = true
	} else {
		payload[0] = audioTOC
	}
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
