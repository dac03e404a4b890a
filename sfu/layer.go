package sfu

import (
	"sync"
	"time"

	"github.com/pion/rtcp"
)

// A packet's way in: wire -> layer.receive -> ring -> publication's subscribers -> subscription.forward -> lane.send -> wire.

// Limits of what a new subscription gets from the cache instead of a new key frame.
const (
	cacheYoung   = ringKeep
	cachePackets = 200
)

// layer is one encoding of a publication: one incoming stream.
type layer struct {
	// Static after construction.
	pub   *publication
	index int // 0: the smallest
	info  streamInfo

	mu       sync.Mutex // guards the following; taken after lane.mu
	stream   uint32     // names the run of sequence numbers; a new one when the stream begins anew
	codec    codec
	window   seqWindow
	ring     ring
	nacks    nackTracker
	keys     keyRequests
	hasKey   bool // keySeq and keyAt hold
	keySeq   uint16
	keyAt    time.Time
	lastAt   time.Time
	voice    voice
	expected uint64 // packets, for quality
	clock    senderClock
	asked    []uint16 // scratch
}

// senderClock ties the publisher's RTP clock to our own (see senderReport).
type senderClock struct {
	known bool
	rtp   uint32
	at    time.Time // our time at which the publisher's RTP clock stood at rtp
}

// receive takes one packet. It is called by one goroutine at a time.
func (l *layer) receive(in *inbound) {
	if l.pub.layers[l.index].Load() != l {
		return // a newer stream took this layer's place
	}
	count := l.pub.peer.sfu.count
	count.in.Add(1)
	count.inBytes.Add(uint64(len(in.payload)))

	p, nack, requestKey, otherCodec := l.take(in)
	l.request(nack, requestKey)
	if otherCodec {
		l.pub.peer.sfu.noteCodec(l.pub, in.codec)
	}
	if p == nil || !l.pub.open.Load() {
		return
	}
	for _, s := range *l.pub.subscribers.Load() {
		s.forward(l, p, in.out)
	}
}

// take judges and keeps one packet, and says what to ask for; p is nil when it is not to be forwarded.
func (l *layer) take(in *inbound) (p *packet, nack rtcp.Packet, requestKey, otherCodec bool) {
	l.mu.Lock()
	defer l.mu.Unlock() // also when bytes can't be borne: others wait for this lock
	if in.codec == codecNone {
		in.codec = l.codec
	}
	otherCodec = in.codec != l.codec
	p, requestKey = l.takeLocked(in)
	return p, l.nackLocked(in.arrived), requestKey, otherCodec && p != nil
}

// takeLocked judges and keeps one packet; nil when it is not to be forwarded.
func (l *layer) takeLocked(in *inbound) (p *packet, requestKey bool) {
	count := l.pub.peer.sfu.count
	newest := l.window.newest
	fresh := !l.window.started
	switch l.window.admit(in.seq) {
	case verdictDuplicate:
		count.dropDuplicate.Add(1)
		return nil, false
	case verdictStray:
		count.dropStray.Add(1)
		return nil, false
	case verdictRestart:
		l.restartLocked()
	case verdictLate:
		l.nacks.came(in.seq)
	case verdictNew:
		if !fresh {
			l.expected += uint64(in.seq - newest)
			requestKey = l.gapLocked(newest, in)
		}
	}
	l.codec, l.lastAt = in.codec, in.arrived
	d := parseDescriptor(in.codec, in.payload)
	if d.inKey && !d.key {
		d.key = l.beginsFrameLocked(in)
	}
	if in.hasLevel {
		l.voice.level(in.level, in.arrived)
	}
	p = l.ring.put(l.stream, in, d)
	if d.key && in.codec != codecOpus {
		l.keys.came()
		l.hasKey, l.keySeq, l.keyAt = true, in.seq, in.arrived
		if d.height != 0 {
			l.pub.heights[l.index].Store(int32(d.height))
		}
	}
	return p, requestKey
}

func (l *layer) gapLocked(newest uint16, in *inbound) (requestKey bool) {
	if !l.info.nack {
		if n := uint64(in.seq-newest) - 1; n > 0 {
			l.nacks.found += n
		}
		return false
	}
	if !l.nacks.gap(newest, in.seq, in.arrived) {
		return false
	}
	return in.codec != codecOpus && l.keys.ask(in.arrived)
}

// restartLocked: the publisher's numbers began anew.
func (l *layer) restartLocked() {
	l.stream = l.pub.peer.sfu.nextStream()
	l.nacks.clear()
	l.hasKey = false
}

// beginsFrameLocked tells whether an H.264 packet of a key frame without parameter sets is its frame's first: the packet
// before it came, and belongs to another frame.
func (l *layer) beginsFrameLocked(in *inbound) bool {
	before := l.ring.get(l.stream, in.seq-1)
	return before != nil && before.ts != in.ts
}

// requestKeyFrame asks the publisher for a key frame, unless that was done just now.
func (l *layer) requestKeyFrame() {
	l.mu.Lock()
	now := l.keys.ask(time.Now())
	l.mu.Unlock()
	l.request(nil, now)
}

// nackLocked makes the request for the packets that are due (RFC 4585 §6.2.1); nil when there are none.
func (l *layer) nackLocked(now time.Time) rtcp.Packet {
	l.asked = l.nacks.due(now, l.asked[:0])
	if len(l.asked) == 0 {
		return nil
	}
	l.pub.peer.sfu.count.nacksOut.Add(uint64(len(l.asked)))
	return &rtcp.TransportLayerNack{MediaSSRC: l.info.ssrc, Nacks: rtcp.NackPairsFromSequenceNumbers(l.asked)}
}

// request sends a NACK and a picture loss indication (RFC 4585 §6.3.1) to the publisher, if there is one to send.
func (l *layer) request(nack rtcp.Packet, key bool) {
	peer := l.pub.peer
	if nack != nil {
		_ = peer.wire.writeRTCP([]rtcp.Packet{nack})
	}
	if key {
		peer.sfu.count.plisOut.Add(1)
		_ = peer.wire.writeRTCP([]rtcp.Packet{&rtcp.PictureLossIndication{MediaSSRC: l.info.ssrc}})
	}
}

// tick repeats requests whose time has come, also when no packet comes any more.
func (l *layer) tick(now time.Time) { l.request(l.dueLocking(now)) }

func (l *layer) dueLocking(now time.Time) (nack rtcp.Packet, key bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	flows := now.Sub(l.lastAt) < layerStale
	return l.nackLocked(now), flows && l.pub.open.Load() && l.keys.due(now)
}

// senderReport ties the RTP clock of this layer to ours, by the NTP time that all streams of the publisher share and the
// least delay that any of their reports had. So lips stay in sync although reports of sound and picture take different
// times to come.
func (l *layer) senderReport(ntp uint64, rtp uint32, arrived time.Time) {
	at := l.pub.peer.localTime(ntp, arrived)
	l.mu.Lock()
	l.clock = senderClock{known: true, rtp: rtp, at: at}
	l.mu.Unlock()
}

// cached copies what came since the last key frame, when that is young and nothing is missing in it; nil otherwise. The
// caller holds the lane's lock.
func (l *layer) cached(now time.Time) []packet {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.hasKey || now.Sub(l.keyAt) > cacheYoung {
		return nil
	}
	n := int(l.window.newest-l.keySeq) + 1
	if n > cachePackets {
		return nil
	}
	out := make([]packet, 0, n)
	for i := range n {
		p := l.ring.get(l.stream, l.keySeq+uint16(i))
		if p == nil {
			return nil
		}
		out = append(out, p.clone())
	}
	return out
}

// forgetKey makes the cache useless until the next key frame.
func (l *layer) forgetKey() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hasKey = false
}

// after copies what came after seq and is not too far from it: what a late key frame's first packet let pass.
func (l *layer) after(stream uint32, seq uint16) []packet {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stream != stream || l.window.newest == seq || int16(l.window.newest-seq) < 0 || l.window.newest-seq > cachePackets {
		return nil
	}
	var out []packet
	for s := seq + 1; s != l.window.newest+1; s++ {
		if p := l.ring.get(stream, s); p != nil {
			out = append(out, p.clone())
		}
	}
	return out
}

// fetch copies one kept packet for a retransmission, its payload into buf.
func (l *layer) fetch(stream uint32, seq uint16, buf []byte) (packet, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	p := l.ring.get(stream, seq)
	if p == nil {
		return packet{}, false
	}
	out := *p
	out.payload = append(buf[:0], p.payload...)
	return out, true
}

// flowing tells whether packets came lately, and when the last one did.
func (l *layer) flowing(now time.Time) (time.Time, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.lastAt, !l.lastAt.IsZero() && now.Sub(l.lastAt) <= layerStale
}

func (l *layer) publisherClock() senderClock {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.clock
}

// losses are the packets that should have come so far, and those of them that were missing when a later one came.
func (l *layer) losses() (expected, missed uint64) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.expected, l.nacks.found
}

func (p *packet) clone() packet {
	out := *p
	out.payload = append([]byte(nil), p.payload...)
	return out
}
