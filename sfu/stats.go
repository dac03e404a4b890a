package sfu

import (
	"sync/atomic"
	"time"
)

// Stats are counters since New, and what there is now.
type Stats struct {
	Peers, Rooms      int
	PeersUp           int
	PacketsIn         uint64
	PacketsOut        uint64
	BytesIn, BytesOut uint64 // of payload

	Drops DropStats

	NACKsIn, NACKsOut uint64 // packets asked for: by subscribers, of publishers
	Resent            uint64 // of NACKsIn, sent again
	ResendGone        uint64 // of NACKsIn, no longer kept
	PLIsIn, PLIsOut   uint64
	Switches          uint64 // a lane began a layer
	CacheStarts       uint64 // subscriptions that began from the cache
	Panics            uint64 // bytes that ended a peer

	Transit Histogram // of packets, from the socket to the kernel
	Socket  SocketStats
}

// DropStats counts packets that were not forwarded to somebody, by cause.
type DropStats struct {
	Duplicate uint64 // seen before
	Stray     uint64 // far from its stream's numbers
	Layer     uint64 // of a layer that the subscriber is not shown: by design
	Past      uint64 // older than the key frame that a lane began with
	Codec     uint64 // the subscriber can't decode it
	Send      uint64 // the transport refused it
}

// Histogram counts durations: Counts[i] are those up to Bounds[i]; the last of Counts are the rest.
type Histogram struct {
	Bounds []time.Duration
	Counts []uint64
	Sum    time.Duration
}

const transitBuckets = 12

// transitBound is 25 us doubled per bucket: up to 51 ms.
func transitBound(i int) time.Duration { return 25 * time.Microsecond << i }

// transit is the histogram that the media path writes.
type transit struct {
	counts [transitBuckets + 1]atomic.Uint64
	sum    atomic.Int64
}

// observe notes that n packets took a time.
func (t *transit) observe(d time.Duration, n uint64) {
	i := 0
	for i < transitBuckets && d > transitBound(i) {
		i++
	}
	t.counts[i].Add(n)
	t.sum.Add(int64(d) * int64(n))
}

func (t *transit) snapshot() Histogram {
	h := Histogram{Sum: time.Duration(t.sum.Load())}
	for i := range transitBuckets {
		h.Bounds = append(h.Bounds, transitBound(i))
	}
	for i := range t.counts {
		h.Counts = append(h.Counts, t.counts[i].Load())
	}
	return h
}

// counters are written by the media path of all peers.
type counters struct {
	in, inBytes, out, outBytes                                         atomic.Uint64
	dropDuplicate, dropStray, dropLayer, dropPast, dropCodec, dropSend atomic.Uint64
	nacksIn, nacksOut, resent, resendGone, plisIn, plisOut, switches   atomic.Uint64
	cacheStarts, panics                                                atomic.Uint64
}

func (c *counters) fill(s *Stats) {
	s.PacketsIn, s.BytesIn, s.PacketsOut, s.BytesOut = c.in.Load(), c.inBytes.Load(), c.out.Load(), c.outBytes.Load()
	s.Drops = DropStats{
		Duplicate: c.dropDuplicate.Load(), Stray: c.dropStray.Load(), Layer: c.dropLayer.Load(),
		Past: c.dropPast.Load(), Codec: c.dropCodec.Load(), Send: c.dropSend.Load(),
	}
	s.NACKsIn, s.NACKsOut, s.Resent, s.ResendGone = c.nacksIn.Load(), c.nacksOut.Load(), c.resent.Load(), c.resendGone.Load()
	s.PLIsIn, s.PLIsOut, s.Switches = c.plisIn.Load(), c.plisOut.Load(), c.switches.Load()
	s.CacheStarts, s.Panics = c.cacheStarts.Load(), c.panics.Load()
}
