package main

import (
	"bufio"
	"cmp"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"time"

	"github.com/pion/rtp"
)

// A capture becomes a trace: a pcap file (tcpdump -w) of what one browser's tab sent to our server. SRTP leaves headers readable; what is
// encrypted is not looked at.

const (
	pcapMicros  = 0xa1b2c3d4 // the file's magic number, times in µs
	pcapNanos   = 0xa1b23c4d
	pcapHead    = 24 // bytes of the file's head
	pcapRecord  = 16 // bytes of a record's head
	maxRecord   = 256 << 10
	authTag     = 16                     // bytes that AES-GCM adds to a payload, RFC 7714 §5.2
	burstWithin = 250 * time.Microsecond // packets closer than this are one burst
	linkEther   = 1
	linkCooked2 = 276 // of "any"
)

var errBadCapture = errors.New("not a capture that can be read")

// sentPacket is one media packet of a capture.
type sentPacket struct {
	at     time.Duration
	port   uint16 // that it was sent from
	header rtp.Header
	size   int // of its payload, decrypted
}

// readCapture gives the RTP packets to a UDP port, in the order in which they were sent.
func readCapture(r io.Reader, port uint16) ([]sentPacket, error) {
	in := bufio.NewReader(r)
	head := make([]byte, pcapHead)
	if _, err := io.ReadFull(in, head); err != nil {
		return nil, fmt.Errorf("%w: %w", errBadCapture, err)
	}
	var order binary.ByteOrder = binary.LittleEndian
	if m := order.Uint32(head); m != pcapMicros && m != pcapNanos {
		order = binary.BigEndian
	}
	unit := time.Microsecond
	switch order.Uint32(head) {
	case pcapMicros:
	case pcapNanos:
		unit = time.Nanosecond
	default:
		return nil, fmt.Errorf("%w: no pcap file", errBadCapture)
	}
	link := order.Uint32(head[20:]) & 0xffff
	var out []sentPacket
	record := make([]byte, pcapRecord)
	for {
		if _, err := io.ReadFull(in, record); err != nil {
			return out, nil // the end, or a record that was being written
		}
		size := order.Uint32(record[8:])
		if size > maxRecord {
			return nil, fmt.Errorf("%w: a record of %d bytes", errBadCapture, size)
		}
		data := make([]byte, size)
		if _, err := io.ReadFull(in, data); err != nil {
			return out, nil
		}
		if p, ok := parseFrame(data, link, port); ok {
			p.at = time.Duration(order.Uint32(record))*time.Second + time.Duration(order.Uint32(record[4:]))*unit
			out = append(out, p)
		}
	}
}

// parseFrame finds RTP in a frame of the network: IPv4 or IPv6 without options, UDP to this port, RFC 7983 and RFC 5761 §4.
func parseFrame(b []byte, link uint32, port uint16) (p sentPacket, ok bool) {
	skip := map[uint32]int{linkEther: 14, linkCooked2: 20}[link]
	if skip == 0 || len(b) < skip+1 {
		return p, false
	}
	b = b[skip:]
	switch {
	case b[0] == 0x45 && len(b) >= 28 && b[9] == 17:
		b = b[20:]
	case b[0]>>4 == 6 && len(b) >= 48 && b[6] == 17:
		b = b[40:]
	default:
		return p, false
	}
	if binary.BigEndian.Uint16(b[2:]) != port {
		return p, false
	}
	p.port = binary.BigEndian.Uint16(b)
	b = b[8:]
	if len(b) < 12+authTag || b[0]>>6 != 2 || b[1] >= 192 && b[1] <= 223 { // RTCP
		return p, false
	}
	n, err := p.header.Unmarshal(b[:len(b)-authTag])
	if err != nil {
		return p, false
	}
	p.size = len(b) - authTag - n
	return p, true
}

// excerpt says what of a capture becomes the trace: the first frame of each stream, which is a key frame, and the frames that begin within
// a length of time, from so long after the stream's beginning on: a browser raises its rate for seconds.
type excerpt struct {
	audio, video uint8 // payload types
	from, length time.Duration
}

// traceOf picks one tab's streams: of the port that sent most, the audio, and up to three pictures. Retransmissions and probes have another
// payload type.
func traceOf(packets []sentPacket, what excerpt) (*trace, error) {
	from := map[uint16]int{}
	for _, p := range packets {
		from[p.port] += p.size
	}
	port, _ := largestKey(from)
	streams, bytes := map[uint32][]sentPacket{}, map[uint32]int{}
	var audio uint32
	for _, p := range packets {
		if p.port != port || p.header.PayloadType != what.audio && p.header.PayloadType != what.video {
			continue
		}
		id := p.header.SSRC
		streams[id] = append(streams[id], p)
		if p.header.PayloadType == what.audio {
			audio = id
		} else {
			bytes[id] += p.size
		}
	}
	if len(streams[audio]) == 0 || len(bytes) == 0 {
		return nil, fmt.Errorf("%w: no sound of payload type %d, or no picture of %d", errBadTrace, what.audio, what.video)
	}
	t := &trace{}
	t.bursts[traceAudio] = what.of(burstsOf(streams[audio], true))
	largest := slices.SortedFunc(maps.Keys(bytes), func(a, b uint32) int { return cmp.Compare(bytes[b], bytes[a]) })
	for i, id := range largest[:min(len(largest), 3)] {
		t.bursts[int(traceHigh)-i] = what.of(burstsOf(streams[id], false))
	}
	return t, nil
}

// of keeps the first frame, and those that begin in time.
func (e excerpt) of(bursts []tracedBurst) []tracedBurst {
	var out []tracedBurst
	keep, at := true, time.Duration(0)
	for i, b := range bursts {
		at += b.after
		if i > 0 && bursts[i-1].ends() {
			keep = at >= e.from && at < e.from+e.length
		}
		if keep {
			out = append(out, b)
		}
	}
	return out
}

func largestKey(m map[uint16]int) (key uint16, most int) {
	for k, n := range m {
		if n > most {
			key, most = k, n
		}
	}
	return key, most
}

// burstsOf groups what was sent together. Frames are told apart by their timestamps; packets of no payload are probes.
func burstsOf(packets []sentPacket, sound bool) []tracedBurst {
	var out []tracedBurst
	var before sentPacket
	begun := time.Duration(0)
	for _, p := range packets {
		if p.size == 0 {
			continue
		}
		one := packet{size: p.size, last: p.header.Marker || sound}
		same := len(out) > 0 && p.at-before.at < burstWithin && p.header.Timestamp == before.header.Timestamp && !sound
		if same {
			out[len(out)-1].packets = append(out[len(out)-1].packets, one)
		} else {
			after := p.at - begun
			if len(out) == 0 {
				after = 0
			}
			begun = p.at
			out = append(out, tracedBurst{after: after, packets: []packet{one}})
		}
		before = p
	}
	return out
}
