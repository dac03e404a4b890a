package sfu

import (
	"time"

	"github.com/pion/rtcp"
)

// reception counts what came of one SSRC, for receiver reports (RFC 3550 §6.4.1 and A.3, A.8). It is pure: time comes in.
type reception struct {
	started  bool
	first    uint64 // extended sequence numbers
	highest  uint64
	received uint64
	jitter   float64 // RTP units
	transit  uint32
	arrived  time.Time

	expectedBefore, receivedBefore uint64 // at the last report
	reportNTP                      uint32 // the middle of the last sender report's NTP time
	reportAt                       time.Time
	clockHz                        uint32
}

// packet notes one packet.
func (r *reception) packet(seq uint16, ts uint32, arrived time.Time) {
	if !r.started {
		// One cycle up, so that packets before the first have a number.
		r.started, r.first, r.highest = true, 1<<16|uint64(seq), 1<<16|uint64(seq)
	}
	r.received++
	if index := packetIndex(r.highest, true, seq); index > r.highest {
		r.highest = index
	}
	hz := r.clockHz
	if hz == 0 {
		hz = clockVideo
	}
	now := uint32(arrived.UnixMicro() * int64(hz) / 1e6)
	if transit := now - ts; r.arrived.IsZero() {
		r.transit = transit
	} else {
		d := int32(transit - r.transit)
		r.transit = transit
		if d < 0 {
			d = -d
		}
		r.jitter += (float64(d) - r.jitter) / 16
	}
	r.arrived = arrived
}

// senderReport notes when the last report of the sender came.
func (r *reception) senderReport(ntp uint64, arrived time.Time) {
	r.reportNTP, r.reportAt = uint32(ntp>>16), arrived
}

// report is the reception report since the last one; false when nothing came since.
func (r *reception) report(ssrc uint32, now time.Time) (rtcp.ReceptionReport, bool) {
	if !r.started || r.received == r.receivedBefore {
		return rtcp.ReceptionReport{}, false
	}
	expected := r.highest - r.first + 1
	lost := max(0, min(int64(expected)-int64(r.received), 1<<23-1))
	due, came := expected-r.expectedBefore, r.received-r.receivedBefore
	r.expectedBefore, r.receivedBefore = expected, r.received
	out := rtcp.ReceptionReport{
		SSRC: ssrc, TotalLost: uint32(lost), LastSequenceNumber: uint32(r.highest - 1<<16), Jitter: uint32(r.jitter),
	}
	if due > came {
		out.FractionLost = uint8(min((due-came)*256/due, 255))
	}
	if !r.reportAt.IsZero() {
		out.LastSenderReport = r.reportNTP
		out.Delay = uint32(now.Sub(r.reportAt).Microseconds() * 65536 / 1e6)
	}
	return out, true
}
