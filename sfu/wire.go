package sfu

import (
	"context"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// This file is the seam between a peer's transport (SDP, ICE, DTLS, SRTP) and the rest of the package: decrypted packets
// come in, packets to encrypt go out, and a few events. What is beyond it could run on any other transport, and in tests does.

// wire is one peer's transport.
type wire interface {
	// negotiate applies an offer and returns the answer, with the outlets of the receive m-lines that are new in it, in
	// the order of the lanes: audio first. One call at a time.
	negotiate(ctx context.Context, o *offer) (answer string, outlets []*outlet, err error)
	// writeRTCP sends one compound packet.
	writeRTCP(packets []rtcp.Packet) error
	// reports are the reception reports of what the peer sent since the last ones.
	reports(now time.Time) []rtcp.ReceptionReport
	// heard counts the authentic datagrams that came from the peer so far; it grows while the peer lives.
	heard() uint64
	// hush stops the sending until the peer is heard again: it does not consent any more.
	hush()
	// close ends the transport and waits for its goroutines. Idempotent. Not to be called from a wireEvents method.
	close() error
}

// wireEvents is what a transport tells. The methods are called from the transport's goroutines and return soon.
type wireEvents interface {
	// connected: media can flow both ways. Once.
	connected()
	// failed: the transport is gone for good.
	failed()
	// openStream: the first packet of a stream came. The receiver gets its packets; nil: nobody wants them.
	openStream(info streamInfo) receiver
	// feedback: RTCP came that concerns what we send on this outlet. What it gives rise to may be gathered in out.
	feedback(o *outlet, packets []rtcp.Packet, out *batch)
	// panicked: a goroutine of the transport met bytes that it could not bear. The peer is to be ended.
	panicked(where string, value any)
}

// streamInfo describes one incoming stream: one layer of one of the peer's own m-lines.
type streamInfo struct {
	mid, rid string
	ssrc     uint32
	codec    codec
	nack     bool // the peer answers NACKs for it
}

// receiver takes what comes in on one stream. The transport calls it from one goroutine at a time.
type receiver interface {
	// receive takes one packet; it does not keep it.
	receive(in *inbound)
	// senderReport takes the pair of clocks of an RTCP SR.
	senderReport(ntp uint64, rtp uint32, arrived time.Time)
}

// inbound is one decrypted RTP packet as it came in, reduced to what forwarding needs. It is valid during the call only.
type inbound struct {
	seq      uint16
	ts       uint32
	marker   bool
	codec    codec // codecNone: the payload type is unknown; take the stream's
	hasLevel bool
	level    uint8 // RFC 6464: 0 loudest, 127 silent
	payload  []byte
	arrived  time.Time
	out      *batch // gathers what the packet gives rise to; nil: it goes out at once
}

// outlet is the sending side of one receive m-line of the peer: what a lane needs to know of it, and how to write to it.
type outlet struct {
	mid     string
	kind    kind
	ssrc    uint32
	rtxSSRC uint32             // 0: not negotiated
	formats [codecCount]format // by codec; pt 0: the peer can't decode it on this m-line
	levelID uint8              // header extension id of the audio level (RFC 6464); 0: not negotiated
	// write encrypts a packet into a batch, or, without one, sends it at once. It neither keeps nor changes header and
	// payload. One call at a time.
	write func(to *batch, header *rtp.Header, payload []byte) error
	// gather lends f a batch to write into, and sends what is in it. Nil: f gets none, and what it writes goes out one by one.
	gather func(f func(to *batch))
}

// format is how a codec is numbered on one m-line of one peer.
type format struct {
	pt    uint8
	rtxPT uint8 // RFC 4588; 0: not negotiated
	nack  bool  // the peer sends generic NACKs for it
}

// format finds how to send a codec on this outlet; false when the peer can't decode it.
func (o *outlet) format(c codec) (format, bool) {
	f := o.formats[c]
	if f.pt == 0 {
		// Every decoder of H.264 baseline decodes constrained baseline, and what browsers send as baseline is
		// constrained baseline in fact.
		switch c {
		case codecH264:
			f = o.formats[codecH264Baseline]
		case codecH264Baseline:
			f = o.formats[codecH264]
		}
	}
	return f, f.pt != 0
}
