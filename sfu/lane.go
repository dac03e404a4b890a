package sfu

import (
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// lane is one receive m-line of a peer. Whatever it carries in turn, it is one continuous stream to the browser.
type lane struct {
	// Static after construction.
	peer  *peer
	kind  kind
	index int // among the lanes of its kind
	out   *outlet

	mu      sync.Mutex    // guards the following; taken before layer.mu
	sub     *subscription // what it carries; nil: silent
	rewrite rewriter
	sent    history
	rtxSeq  uint16
	packets uint32 // sent, for sender reports
	octets  uint32
	reports senderClock // the last packet sent: its outgoing timestamp, and when it came in
	clockHz uint32
	header  rtp.Header
	scratch []byte
	fetched []byte
	rtx     []byte
	level   [1]byte
}

func newLane(p *peer, index int, out *outlet) *lane {
	l := &lane{peer: p, kind: out.kind, index: index, out: out}
	return l
}

// historySize is how many packets are remembered for retransmission; 0: the peer does not ask for any.
func (l *lane) historySize() int {
	switch {
	case l.kind == kindVideo:
		return historyVideo
	case l.out.formats[codecOpus].nack:
		return historyAudio
	}
	return 0
}

// sendLocked sends one packet of a layer, which the selector let through.
func (l *lane) sendLocked(from *layer, p *packet, to *batch) {
	count := l.peer.sfu.count
	out, ok := l.rewrite.rewrite(p)
	if !ok {
		count.dropPast.Add(1)
		return
	}
	f, ok := l.out.format(p.codec)
	if !ok {
		count.dropCodec.Add(1)
		return
	}
	if l.sent.holds(p, out) {
		return // it went out from the cache
	}
	l.sent.put(l.historySize(), from, p, out)
	payload, patched := patch(p.desc, out, p.payload, l.scratch)
	if patched {
		l.scratch = payload
	}
	l.headerLocked(p, f.pt, l.out.ssrc, out.seq, out.ts)
	if err := l.out.write(to, &l.header, payload); err != nil {
		count.dropSend.Add(1)
		return
	}
	count.out.Add(1)
	count.outBytes.Add(uint64(len(payload)))
	l.packets++
	l.octets += uint32(len(payload))
	l.reports, l.clockHz = senderClock{known: true, rtp: out.ts, at: p.arrived}, p.codec.clock()
}

// sendTogetherLocked sends packets of the cache: they are together, so the kernel gets them together.
func (l *lane) sendTogetherLocked(from *layer, packets []packet) {
	send := func(to *batch) {
		for i := range packets {
			l.sendLocked(from, &packets[i], to)
		}
	}
	if l.out.gather == nil {
		send(nil)
		return
	}
	l.out.gather(send)
}

// headerLocked fills the lane's header. The same packet always gets the same header: a retransmission without RTX must be
// the same bytes, since it is encrypted under the same index.
func (l *lane) headerLocked(p *packet, pt uint8, ssrc uint32, seq uint16, ts uint32) {
	h := &l.header
	h.Version, h.Marker, h.PayloadType, h.SSRC, h.SequenceNumber, h.Timestamp = 2, p.marker, pt, ssrc, seq, ts
	h.Extension, h.Extensions = false, h.Extensions[:0]
	if p.hasLevel && l.out.levelID != 0 {
		l.level[0] = p.level
		_ = h.SetExtension(l.out.levelID, l.level[:])
	}
}

// resend answers the peer's NACKs.
func (l *lane) resend(seqs []uint16, now time.Time, to *batch) {
	l.mu.Lock()
	defer l.mu.Unlock()
	count := l.peer.sfu.count
	for _, seq := range seqs {
		count.nacksIn.Add(1)
		s := l.sent.take(seq, now)
		if s == nil {
			continue
		}
		p, ok := s.layer.fetch(s.stream, s.seq, l.fetched)
		l.fetched = p.payload
		if !ok {
			count.resendGone.Add(1)
			continue
		}
		if l.resendLocked(&p, s.out, to) {
			count.resent.Add(1)
		}
	}
}

// resendLocked sends a packet again: on the retransmission stream where one was negotiated (RFC 4588 §4), else as it was.
func (l *lane) resendLocked(p *packet, out numbers, to *batch) bool {
	f, ok := l.out.format(p.codec)
	if !ok {
		return false
	}
	payload, patched := patch(p.desc, out, p.payload, l.scratch)
	if patched {
		l.scratch = payload
	}
	if f.rtxPT == 0 || l.out.rtxSSRC == 0 {
		l.headerLocked(p, f.pt, l.out.ssrc, out.seq, out.ts)
		return l.out.write(to, &l.header, payload) == nil
	}
	l.rtx = append(append(l.rtx[:0], byte(out.seq>>8), byte(out.seq)), payload...) // the original number first
	l.headerLocked(p, f.rtxPT, l.out.rtxSSRC, l.rtxSeq, out.ts)
	l.rtxSeq++
	return l.out.write(to, &l.header, l.rtx) == nil
}

// handleFeedback takes the RTCP that concerns this lane. A compound packet comes to every lane that it names.
func (l *lane) handleFeedback(packets []rtcp.Packet, now time.Time, to *batch) {
	for _, p := range packets {
		switch p := p.(type) {
		case *rtcp.TransportLayerNack:
			if p.MediaSSRC == l.out.ssrc {
				for _, pair := range p.Nacks {
					l.resend(pair.PacketList(), now, to)
				}
			}
		case *rtcp.PictureLossIndication:
			if p.MediaSSRC == l.out.ssrc {
				l.requestKeyFrame()
			}
		case *rtcp.FullIntraRequest:
			for _, e := range p.FIR {
				if e.SSRC == l.out.ssrc {
					l.requestKeyFrame()
				}
			}
		}
	}
}

// requestKeyFrame passes the peer's request on to the layer that it sees.
func (l *lane) requestKeyFrame() {
	l.peer.sfu.count.plisIn.Add(1)
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sub != nil {
		l.sub.requestShownLocked()
	}
}

// report makes a sender report (RFC 3550 §6.4.1) that says which of the lane's timestamps belongs to now, by the
// publisher's own clock where it is known; nil before the first packet.
func (l *lane) report(now time.Time) *rtcp.SenderReport {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.packets == 0 {
		return nil
	}
	clock := l.reports
	if l.sub != nil {
		if c, shift, ok := l.sub.clockLocked(); ok {
			clock = senderClock{rtp: c.rtp + shift, at: c.at}
		}
	}
	elapsed := int64(now.Sub(clock.at)/time.Microsecond) * int64(l.clockHz) / 1e6
	return &rtcp.SenderReport{
		SSRC: l.out.ssrc, NTPTime: ntpTime(now), RTPTime: clock.rtp + uint32(elapsed),
		PacketCount: l.packets, OctetCount: l.octets,
	}
}

// silence takes whatever the lane carries off it, if it is s.
func (l *lane) silence(s *subscription) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sub == s {
		l.sub = nil
		l.sent.clear() // it holds on to the layers' rings
	}
}
