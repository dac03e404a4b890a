package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"testing"
	"time"

	"github.com/pion/rtp"
)

// frameOf is an Ethernet frame with a UDP datagram over IPv4, or IPv6.
func frameOf(payload []byte, from, to uint16, six bool) []byte {
	ip := make([]byte, 20)
	ip[0], ip[9] = 0x45, 17
	if six {
		ip = make([]byte, 40)
		ip[0], ip[6] = 0x60, 17
	}
	udp := make([]byte, 8)
	binary.BigEndian.PutUint16(udp, from)
	binary.BigEndian.PutUint16(udp[2:], to)
	return bytes.Join([][]byte{make([]byte, 14), ip, udp, payload}, nil)
}

func rtpOf(t *testing.T, h rtp.Header, size int) []byte {
	t.Helper()
	h.Version = 2
	b, err := (&rtp.Packet{Header: h, Payload: make([]byte, size+authTag)}).Marshal()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

type captured struct {
	at    time.Duration
	frame []byte
}

func captureOf(order binary.AppendByteOrder, magic uint32, unit time.Duration, frames []captured) []byte {
	b := order.AppendUint32(nil, magic)
	b = append(b, make([]byte, 12)...)
	b = order.AppendUint32(b, 65535)
	b = order.AppendUint32(b, linkEther)
	for _, f := range frames {
		b = order.AppendUint32(b, uint32(f.at/time.Second))
		b = order.AppendUint32(b, uint32(f.at%time.Second/unit))
		b = order.AppendUint32(b, uint32(len(f.frame)))
		b = order.AppendUint32(b, uint32(len(f.frame)))
		b = append(b, f.frame...)
	}
	return b
}

func TestCapture(t *testing.T) {
	const port, tab = 8080, 5000
	var frames []captured
	add := func(at time.Duration, payload []byte, from, to uint16, six bool) {
		frames = append(frames, captured{time.Second + at, frameOf(payload, from, to, six)})
	}
	sound := func(n int) rtp.Header {
		return rtp.Header{PayloadType: 111, SSRC: 1, SequenceNumber: uint16(n), Timestamp: uint32(n) * 960}
	}
	picture := func(ssrc uint32, n int, last bool) rtp.Header {
		h := rtp.Header{PayloadType: 96, SSRC: ssrc, Timestamp: uint32(n) * 3000, Marker: last}
		_ = h.SetExtension(4, []byte("h"))
		return h
	}
	for n := range 3 {
		at := time.Duration(n) * 33 * time.Millisecond
		add(at, rtpOf(t, sound(n), 60+n), tab, port, n == 1)
		add(at, rtpOf(t, picture(7, n, false), 1000), tab, port, false)
		add(at+time.Millisecond, rtpOf(t, picture(7, n, true), 500), tab, port, false)
		add(at, rtpOf(t, picture(8, n, true), 300), tab, port, false)
		add(at, rtpOf(t, picture(9, n, true), 0), tab, port, false) // a probe
	}
	add(0, rtpOf(t, rtp.Header{PayloadType: 97, SSRC: 99}, 1100), tab, port, false)   // a retransmission
	add(0, rtpOf(t, picture(50, 0, true), 100), tab+1, port, false)                   // another tab, which sends less
	add(0, rtpOf(t, picture(51, 0, true), 9000), tab, port+1, false)                  // to somebody else
	add(0, append([]byte{0x80, 200}, make([]byte, 60)...), tab, port, false)          // RTCP
	add(0, append([]byte{0, 1}, make([]byte, 60)...), tab, port, false)               // STUN
	frames = append(frames, captured{time.Second, []byte{1, 2, 3}}, captured{0, nil}) // damage
	want := "audio 0 60\naudio 33000 61\naudio 33000 62\nmiddle 0 300.\nmiddle 33000 300.\nmiddle 33000 300.\n" +
		"high 0 1000\nhigh 1000 500.\nhigh 32000 1000\nhigh 1000 500.\nhigh 32000 1000\nhigh 1000 500.\n"
	for _, c := range []struct {
		name  string
		order binary.AppendByteOrder
		magic uint32
		unit  time.Duration
	}{
		{"µs, little", binary.LittleEndian, pcapMicros, time.Microsecond},
		{"ns, little", binary.LittleEndian, pcapNanos, time.Nanosecond},
		{"µs, big", binary.BigEndian, pcapMicros, time.Microsecond},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := captureOf(c.order, c.magic, c.unit, frames)
			packets, err := readCapture(bytes.NewReader(file), port)
			if err != nil {
				t.Fatal(err)
			}
			tr, err := traceOf(packets, excerpt{audio: 111, video: 96, length: time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			var got bytes.Buffer
			if err := tr.writeTo(&got); err != nil || got.String() != want {
				t.Errorf("%v, got\n%s", err, got.String())
			}
			late, err := traceOf(packets, excerpt{audio: 111, video: 96, from: 50 * time.Millisecond, length: time.Minute})
			if err != nil || late.frames(traceHigh) != 2 || late.frames(traceAudio) != 2 {
				t.Errorf("%v: %d frames from the second on", err, late.frames(traceHigh))
			}
			if cut, err := readCapture(bytes.NewReader(file[:len(file)/4]), port); err != nil || len(cut) == 0 || len(cut) >= len(packets) {
				t.Errorf("a quarter of it: %d packets, %v", len(cut), err)
			}
		})
	}
	if _, err := readCapture(bytes.NewReader(make([]byte, 100)), port); !errors.Is(err, errBadCapture) {
		t.Errorf("zeros: %v", err)
	}
	if _, err := readCapture(bytes.NewReader(nil), port); !errors.Is(err, errBadCapture) {
		t.Errorf("nothing: %v", err)
	}
	if _, err := traceOf(nil, excerpt{}); !errors.Is(err, errBadTrace) {
		t.Errorf("no packets: %v", err)
	}
}

func FuzzCapture(f *testing.F) {
	f.Add(captureOf(binary.LittleEndian, pcapMicros, time.Microsecond, []captured{{0, frameOf(make([]byte, 60), 1, 2, false)}}))
	f.Fuzz(func(_ *testing.T, b []byte) {
		if packets, err := readCapture(bytes.NewReader(b), 2); err == nil {
			_, _ = traceOf(packets, excerpt{length: time.Minute})
		}
	})
}
