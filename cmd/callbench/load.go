package main

import (
	"fmt"
	"time"
)

// burst is what a source sends at one moment, and when it goes on.
type burst struct {
	begins  bool // a frame
	key     bool // of a key frame
	packets []packet
	wait    time.Duration // until the next burst
}

// packet is one of a burst.
type packet struct {
	size int  // bytes of RTP payload
	last bool // of its frame
}

// load says what a source sends. It is owned by the source's ticks.
type load interface {
	// next gives the next burst. When it begins a frame, key asks for a key frame. The burst is good until the next call.
	next(key bool) burst
}

// The synthetic load of one participant: about 50 audio and 136 video packets a second.
const (
	audioPayload  = 120 // bytes
	audioInterval = 20 * time.Millisecond

	videoPayload = 1100      // bytes
	videoRate    = 1_200_000 // bit/s of payload
	videoFPS     = 30
)

// loadNames is what -load may be.
const (
	loadBurst  = "burst"
	loadSpread = "spread"
	loadTrace  = "trace"
)

// newLoads makes the loads of one participant, sound and picture. No two participants begin at the same place of a trace.
func newLoads(kind string, tr *trace, participant sourceID) (audio, video load, err error) {
	switch kind {
	case loadBurst:
		return &steadySound{}, &steadyPicture{}, nil
	case loadSpread:
		return &steadySound{}, &steadyPicture{spread: true}, nil
	case loadTrace:
		return tr.replay(traceAudio, int(participant)), tr.replay(traceHigh, int(participant)), nil
	}
	return nil, nil, fmt.Errorf("there is no load %q", kind)
}

// steadySound is one packet every 20 ms, as Opus does without DTX.
type steadySound struct{ one [1]packet }

func (s *steadySound) next(bool) burst {
	s.one[0] = packet{size: audioPayload}
	return burst{begins: true, packets: s.one[:], wait: audioInterval}
}

// steadyPicture is frames of four or five equal packets, either all at once or spread over the frame's time. Key frames are no larger.
type steadyPicture struct {
	spread bool

	carry   float64 // of packets, from frame to frame
	packets []packet
	sent    int // packets of the frame under way
	key     bool
}

func (s *steadyPicture) next(key bool) burst {
	const frame = time.Second / videoFPS
	b := burst{}
	if s.sent == len(s.packets) {
		s.carry += float64(videoRate) / 8 / videoPayload / videoFPS
		n := int(s.carry)
		s.carry -= float64(n)
		s.packets, s.sent = s.packets[:0], 0
		for i := range n {
			s.packets = append(s.packets, packet{size: videoPayload, last: i == n-1})
		}
		s.key, b.begins = key, true
	}
	b.key = s.key
	if !s.spread {
		b.packets, b.wait, s.sent = s.packets, frame, len(s.packets)
		return b
	}
	b.packets, b.wait = s.packets[s.sent:s.sent+1], frame/time.Duration(len(s.packets))
	s.sent++
	return b
}
