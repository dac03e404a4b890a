package main

import (
	"testing"

	"github.com/pion/rtp/codecs"
)

func TestVP8(t *testing.T) {
	for _, c := range []struct {
		name       string
		picture    uint16
		first, key bool
	}{
		{"key frame", 0, true, true},
		{"frame", vp8PictureMask, true, false},
		{"the rest of a key frame", 4711, false, true},
		{"the rest of a frame", 1, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			payload := make([]byte, videoPayload)
			for i := range payload {
				payload[i] = 0xff // of the packet before
			}
			putVP8(payload, c.picture, c.first, c.key)
			if got := startsKeyFrame(payload); got != (c.first && c.key) {
				t.Errorf("starts a key frame: %v", got)
			}
			var p codecs.VP8Packet // what others read
			frame, err := p.Unmarshal(payload)
			if err != nil {
				t.Fatal(err)
			}
			if p.PictureID != c.picture || (p.S == 1) != c.first || p.PID != 0 {
				t.Errorf("picture %d, start %d, partition %d", p.PictureID, p.S, p.PID)
			}
			if c.first && (frame[0]&1 == 0) != c.key {
				t.Errorf("frame header %x", frame[0])
			}
		})
	}
}

func TestStartsKeyFrameReadsAnyDescriptor(t *testing.T) {
	for _, c := range []struct {
		name string
		b    []byte
		want bool
	}{
		{"empty", nil, false},
		{"plain", []byte{0x10, 0x10}, true},
		{"plain, not key", []byte{0x10, 0x11}, false},
		{"not the start", []byte{0x00, 0x10}, false},
		{"second partition", []byte{0x11, 0x10}, false},
		{"non-reference bit", []byte{0x30, 0x10}, true},
		{"7-bit picture", []byte{0x90, 0x80, 0x05, 0x10}, true},
		{"everything", []byte{0x90, 0xf0, 0x80, 0x05, 0x01, 0x02, 0x10}, true},
		{"everything, not key", []byte{0x90, 0xf0, 0x80, 0x05, 0x01, 0x02, 0x11}, false},
		{"cut", []byte{0x90, 0xf0, 0x80, 0x05, 0x01, 0x02}, false},
		{"cut after the first", []byte{0x90}, false},
		{"cut in the extensions", []byte{0x90, 0x80}, false},
	} {
		if got := startsKeyFrame(c.b); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}
