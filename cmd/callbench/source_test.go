package main

import (
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// sent is a webrtc.TrackLocalContext and its writer, which keeps what is sent.
type sent struct {
	webrtc.TrackLocalContext
	headers  []rtp.Header
	payloads [][]byte
}

// CodecParameters is what was negotiated.
func (s *sent) CodecParameters() []webrtc.RTPCodecParameters {
	return []webrtc.RTPCodecParameters{
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: "video/rtx"}, PayloadType: 121},
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: "video/vp8"}, PayloadType: 120},
		{RTPCodecCapability: webrtc.RTPCodecCapability{MimeType: "audio/OPUS"}, PayloadType: 109},
	}
}

// HeaderExtensions is what was negotiated.
func (s *sent) HeaderExtensions() []webrtc.RTPHeaderExtensionParameter {
	return []webrtc.RTPHeaderExtensionParameter{{URI: uriAudioLevel, ID: 6}}
}

// SSRC is what was negotiated.
func (s *sent) SSRC() webrtc.SSRC { return 99 }

// WriteStream is s.
func (s *sent) WriteStream() webrtc.TrackLocalWriter { return s }

// WriteRTP keeps a copy.
func (s *sent) WriteRTP(h *rtp.Header, payload []byte) (int, error) {
	s.headers = append(s.headers, h.Clone())
	s.payloads = append(s.payloads, append([]byte{}, payload...))
	return len(payload), nil
}

// Write is not used.
func (s *sent) Write([]byte) (int, error) { return 0, nil }

func newTestSource(t *testing.T, kind webrtc.RTPCodecType) (*source, *sent) {
	t.Helper()
	audio, video, err := newLoads(loadBurst, nil, 7)
	if err != nil {
		t.Fatal(err)
	}
	what := map[webrtc.RTPCodecType]load{webrtc.RTPCodecTypeAudio: audio, webrtc.RTPCodecTypeVideo: video}[kind]
	s, out := newSource(newMeter(), newSourceID(3, 1), kind, "x", what), &sent{}
	if wait, again := s.tick(); wait != idleTick || !again || len(out.headers) != 0 {
		t.Fatal("something was sent before it was bound")
	}
	if _, err := s.Bind(out); err != nil {
		t.Fatal(err)
	}
	if s.tick(); len(out.headers) != 0 {
		t.Fatal("something was sent before it was live")
	}
	s.live.Store(true)
	return s, out
}

func TestAudio(t *testing.T) {
	s, out := newTestSource(t, webrtc.RTPCodecTypeAudio)
	for range 50 {
		if wait, again := s.tick(); wait != 20*time.Millisecond || !again {
			t.Fatal(wait, again)
		}
	}
	if len(out.headers) != 50 {
		t.Fatalf("%d packets a second", len(out.headers))
	}
	for i, h := range out.headers {
		if h.PayloadType != 109 || h.SSRC != 99 || len(out.payloads[i]) != audioPayload {
			t.Fatalf("packet %d: %+v, %d bytes", i, h, len(out.payloads[i]))
		}
		if level := h.GetExtension(6); len(level) != 1 || level[0]&0x7f != audioLevel {
			t.Fatalf("level %x", level)
		}
		if i > 0 && (h.SequenceNumber != out.headers[i-1].SequenceNumber+1 || h.Timestamp != out.headers[i-1].Timestamp+960) {
			t.Fatalf("packet %d does not follow", i)
		}
	}
}

func TestVideo(t *testing.T) {
	s, out := newTestSource(t, webrtc.RTPCodecTypeVideo)
	for range videoFPS {
		s.tick()
	}
	if bits := 8 * videoPayload * len(out.payloads); bits < videoRate*98/100 || bits > videoRate {
		t.Errorf("%d bit/s", bits)
	}
	frames, keys := 0, 0
	for i, h := range out.headers {
		first := i == 0 || out.headers[i-1].Marker
		if first {
			frames++
		}
		if startsKeyFrame(out.payloads[i]) {
			keys++
		}
		if (out.payloads[i][0]&0x10 != 0) != first || len(out.payloads[i]) != videoPayload || h.PayloadType != 120 {
			t.Fatalf("packet %d: %+v", i, h)
		}
		if i > 0 && h.SequenceNumber != out.headers[i-1].SequenceNumber+1 {
			t.Fatalf("packet %d does not follow", i)
		}
		if i > 0 && (h.Timestamp != out.headers[i-1].Timestamp) != first {
			t.Fatalf("packet %d has the timestamp of another frame", i)
		}
	}
	if frames != videoFPS || keys != 1 {
		t.Errorf("%d frames, %d of them key frames", frames, keys)
	}
}

func TestKeyFrameWhenAsked(t *testing.T) {
	for _, ask := range []rtcp.Packet{&rtcp.PictureLossIndication{}, &rtcp.FullIntraRequest{}} {
		s, out := newTestSource(t, webrtc.RTPCodecTypeVideo)
		s.tick()
		s.handleFeedback([]rtcp.Packet{ask})
		out.payloads = nil
		s.tick()
		if startsKeyFrame(out.payloads[0]) {
			t.Error("a second key frame at once")
		}
		s.lastKey -= keyFrameGap
		out.payloads = nil
		s.tick()
		if !startsKeyFrame(out.payloads[0]) {
			t.Error("no key frame when asked")
		}
		if s.plis.Load() != 1 {
			t.Errorf("%d counted", s.plis.Load())
		}
	}
}

func TestCountsOnlyInTheWindow(t *testing.T) {
	s, out := newTestSource(t, webrtc.RTPCodecTypeAudio)
	s.tick()
	s.meter.open.Store(true)
	s.tick()
	s.tick()
	s.meter.open.Store(false)
	s.tick()
	var got []stamp
	for _, p := range out.payloads {
		st, ok := readStamp(p)
		if !ok || st.source != s.id {
			t.Fatalf("stamp %+v", st)
		}
		st.sent = 0
		got = append(got, st)
	}
	for i, want := range []stamp{{source: s.id}, {source: s.id, counted: true}, {source: s.id, count: 1, counted: true}, {source: s.id}} {
		if got[i] != want {
			t.Errorf("packet %d: %+v, want %+v", i, got[i], want)
		}
	}
	if n := s.counted.Load(); n != 2 {
		t.Errorf("%d counted", n)
	}
	s.ended.Store(true)
	if _, again := s.tick(); again {
		t.Error("an ended source goes on")
	}
}
