package sfu

import (
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/interceptor/pkg/twcc"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
)

// transport is the media half of one peer's wire: it owns all SRTP and SRTCP of the peer, in both directions. What comes in
// is decrypted in place, told apart by stream and given to its receiver in the goroutine that read it; what goes out is
// encrypted straight into the batch that is sent.
//
// Locks: mu is held while a datagram of the peer is handled, so before SFU.mu, lane.mu and layer.mu; sending takes none.
type transport struct {
	// Static after construction.
	socket *Socket
	events wireEvents
	began  time.Time
	ssrc   uint32 // names us in reports

	to    atomic.Pointer[target]      // where the peer is; nil: not known yet, or not any more
	send  atomic.Pointer[srtpContext] // nil: no keys yet
	heard atomic.Uint64               // authentic datagrams so far

	mu      sync.Mutex // guards the following
	open    *srtpContext
	closed  bool
	early   []*datagram // what came before the keys
	table   streamTable
	outs    []*outStream
	header  rtp.Header // scratch
	in      inbound    // scratch
	plain   []byte     // scratch, of RTCP
	arrived *twcc.Recorder
	told    time.Time // of the last transport-wide feedback
}

var (
	errPadding = errors.New("sfu: more padding than packet")
	errTooLong = errors.New("sfu: packet does not fit a datagram")
)

// feedbackEvery is the rhythm of transport-wide feedback: browsers' estimators expect 50 to 250 ms.
const feedbackEvery = 100 * time.Millisecond

func newTransport(s *Socket, events wireEvents, ssrc uint32) *transport {
	return &transport{socket: s, events: events, began: time.Now(), ssrc: ssrc, arrived: twcc.NewRecorder(ssrc), table: newStreamTable()}
}

// aim says where the peer is: the end of the path that ICE selected; nil: nothing is to be sent.
func (t *transport) aim(to *target) { t.to.Store(to) }

// unlock gives the transport its keys. They are good for one handshake: later calls change nothing.
func (t *transport) unlock(k *srtpKeys) error {
	in, err := newSRTPContext(k.profile, k.remoteKey, k.remoteSalt)
	if err != nil {
		return err
	}
	out, err := newSRTPContext(k.profile, k.localKey, k.localSalt)
	if err != nil {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.open != nil || t.closed {
		return nil
	}
	t.open = in
	t.send.Store(out)
	gathered := t.socket.borrow()
	defer t.socket.giveBack(gathered)
	for _, d := range t.early {
		t.handle(d.b[:d.n], d.arrived, gathered)
	}
	gathered.flush()
	t.forgetEarly()
	return nil
}

// earlyMax is how many datagrams are kept until there are keys: a browser sends as soon as its side of the handshake is
// over, and its first key frame should not be lost.
const earlyMax = 64

// keepEarly keeps a datagram until there are keys.
func (t *transport) keepEarly(b []byte, arrived time.Time) {
	if t.closed || len(t.early) == earlyMax {
		t.socket.count.early.Add(1)
		return
	}
	d := t.socket.pool.get()
	d.n, d.arrived = copy(d.b[:], b), arrived
	t.early = append(t.early, d)
}

func (t *transport) forgetEarly() {
	for _, d := range t.early {
		t.socket.pool.put(d)
	}
	t.early = nil
}

// srtpKeys are the master keys and salts of both directions.
type srtpKeys struct {
	profile                                    srtp.ProtectionProfile
	localKey, remoteKey, localSalt, remoteSalt []byte
}

// negotiated takes what an answer settled: how incoming packets are numbered, and the lanes that are new.
func (t *transport) negotiated(n *numbering, fresh []*outlet) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.table.negotiated(n)
	for _, out := range fresh {
		o := &outStream{transport: t, out: out}
		out.write, out.gather = o.write, t.gather
		t.outs = append(t.outs, o)
	}
}

// receive takes one datagram of RTP or RTCP that came from the peer's address, and overwrites it. What it gives rise to is
// gathered in out.
func (t *transport) receive(b []byte, arrived time.Time, out *batch) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed || t.open == nil {
		t.keepEarly(b, arrived)
		return
	}
	t.handle(b, arrived, out)
}

// handle takes one datagram. Bytes that can't be borne end the peer.
func (t *transport) handle(b []byte, arrived time.Time, out *batch) {
	defer func() {
		if v := recover(); v != nil {
			t.closed = true
			t.events.panicked("media", v)
		}
	}()
	if len(b) < minMedia {
		t.socket.count.junk.Add(1)
		return
	}
	if isRTCP(b) {
		t.receiveRTCP(b, arrived, out)
		return
	}
	t.receiveRTP(b, arrived, out)
}

const minMedia = 8 // bytes: the fixed part of RTCP

// isRTCP tells RTCP from RTP on one port by the payload type (RFC 5761 §4).
func isRTCP(b []byte) bool { return b[1] >= 192 && b[1] <= 223 }

func (t *transport) receiveRTP(b []byte, arrived time.Time, out *batch) {
	h := &t.header
	headerLen, err := h.Unmarshal(b)
	if err != nil || h.Version != 2 || headerLen > len(b) {
		t.socket.count.junk.Add(1)
		return
	}
	s, known := t.table.find(h.SSRC)
	payload, err := s.srtp.open(t.open, b, headerLen, h)
	if err != nil {
		t.socket.count.auth.Add(1)
		return
	}
	if !known && !t.table.keep(s) {
		t.socket.count.junk.Add(1)
		return
	}
	t.heard.Add(1)
	t.note(h, arrived)
	s.reception.packet(h.SequenceNumber, h.Timestamp, arrived)
	if payload, err = unpad(h, payload); err != nil || !t.table.resolve(s, h) {
		return
	}
	in := &t.in
	*in = inbound{
		seq: h.SequenceNumber, ts: h.Timestamp, marker: h.Marker, codec: t.table.codecs[h.PayloadType&0x7f], payload: payload,
		arrived: arrived, out: out,
	}
	if id := t.table.ids.level; id != 0 {
		if ext := h.GetExtension(id); len(ext) > 0 {
			in.hasLevel, in.level = true, ext[0]&0x7f
		}
	}
	if s.repair {
		if s = t.table.unwrap(s, h, in); s == nil {
			return
		}
	}
	if in.codec == codecNone {
		return // a payload type that was not negotiated
	}
	if !s.opened {
		t.openStream(s, in.codec)
	}
	if s.sink != nil {
		s.sink.receive(in)
	}
}

// openStream finds who wants a stream.
func (t *transport) openStream(s *inStream, c codec) {
	s.opened, s.reception.clockHz = true, c.clock()
	t.table.current(s)
	s.sink = t.events.openStream(streamInfo{mid: s.mid, rid: s.rid, ssrc: s.ssrc, codec: c, nack: t.table.nacks[c]})
}

// unpad takes the padding off a payload: its last byte counts it, itself included (RFC 3550 §5.1).
func unpad(h *rtp.Header, payload []byte) ([]byte, error) {
	if !h.Padding {
		return payload, nil
	}
	if len(payload) == 0 || int(payload[len(payload)-1]) > len(payload) {
		return nil, errPadding
	}
	return payload[:len(payload)-int(payload[len(payload)-1])], nil
}

// note keeps a packet's arrival for the transport-wide feedback (draft-holmer-rmcat-transport-wide-cc-extensions-01), and
// sends that when it is due. Without it browsers do not raise their simulcast layers.
func (t *transport) note(h *rtp.Header, arrived time.Time) {
	id := t.table.ids.twcc
	if id == 0 {
		return
	}
	ext := h.GetExtension(id)
	if len(ext) < 2 {
		return
	}
	t.arrived.Record(h.SSRC, uint16(ext[0])<<8|uint16(ext[1]), arrived.Sub(t.began).Microseconds())
	if arrived.Sub(t.told) < feedbackEvery {
		return
	}
	t.told = arrived
	if packets := t.arrived.BuildFeedbackPacket(); len(packets) > 0 {
		_ = t.writeRTCP(packets)
	}
}

// receiveRTCP gives reports to their streams, and feedback to the lanes that it is about.
func (t *transport) receiveRTCP(b []byte, arrived time.Time, out *batch) {
	plain, err := t.open.openRTCP(t.plain[:0], b)
	if err != nil {
		t.socket.count.auth.Add(1)
		return
	}
	t.heard.Add(1)
	t.plain = plain
	packets, err := rtcp.Unmarshal(plain)
	if err != nil {
		t.socket.count.junk.Add(1)
		return
	}
	for _, p := range packets {
		sr, ok := p.(*rtcp.SenderReport)
		if !ok {
			continue
		}
		if s, known := t.table.find(sr.SSRC); known {
			s.reception.senderReport(sr.NTPTime, arrived)
			if s.sink != nil {
				s.sink.senderReport(sr.NTPTime, sr.RTPTime, arrived)
			}
		}
	}
	for _, o := range t.outs {
		if concerns(packets, o.out.ssrc) {
			t.events.feedback(o.out, packets, out)
		}
	}
}

// concerns tells whether there is feedback on a stream of ours in a compound packet.
func concerns(packets []rtcp.Packet, ssrc uint32) bool {
	for _, p := range packets {
		switch p := p.(type) {
		case *rtcp.TransportLayerNack:
			if p.MediaSSRC == ssrc {
				return true
			}
		case *rtcp.PictureLossIndication:
			if p.MediaSSRC == ssrc {
				return true
			}
		case *rtcp.FullIntraRequest:
			for _, e := range p.FIR {
				if e.SSRC == ssrc {
					return true
				}
			}
		}
	}
	return false
}

// reports are the reception reports of the streams that sent something since the last ones.
func (t *transport) reports(now time.Time) []rtcp.ReceptionReport {
	t.mu.Lock()
	defer t.mu.Unlock()
	var out []rtcp.ReceptionReport
	for _, s := range t.table.streams {
		if r, ok := s.reception.report(s.ssrc, now); ok {
			out = append(out, r)
		}
	}
	return out
}

// close ends it: when it returns, no receiver is called any more.
func (t *transport) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	t.forgetEarly()
}
