package turn

import (
	"hash/maphash"
	"net/netip"
	"time"
)

// A limiter slows down each source of unauthenticated requests, in a fixed amount of memory: sources share slots by a
// seeded hash, so nobody can choose whom to share with, and nothing ever needs to be evicted. Each slot is a leaky
// bucket kept as one moment (GCRA). It is used by the read loop alone.
type limiter struct {
	seed     maphash.Seed
	interval time.Duration // between two requests, in the long run
	burst    time.Duration // how far ahead of that a source may be
	start    time.Time
	slots    [limiterSlots]time.Duration // since start: when the bucket will be empty
}

const (
	limiterSlots = 1 << 13
	burstSeconds = 3
)

func newLimiter(perSecond int) *limiter {
	return &limiter{
		seed:     maphash.MakeSeed(),
		interval: time.Second / time.Duration(perSecond),
		burst:    burstSeconds * time.Second,
		start:    time.Now(),
	}
}

// allow tells whether a request of this source may be answered now.
func (l *limiter) allow(source netip.Addr) bool {
	now := time.Since(l.start)
	slot := &l.slots[maphash.Comparable(l.seed, limitKey(source))%limiterSlots]
	empty := max(*slot, now)
	if empty-now > l.burst-l.interval {
		return false
	}
	*slot = empty + l.interval
	return true
}

// limitKey is the address, or for IPv6 the /64, of which a single machine may have every address.
func limitKey(source netip.Addr) netip.Addr {
	source = source.Unmap()
	if source.Is4() {
		return source
	}
	prefix, err := source.WithZone("").Prefix(64)
	if err != nil {
		return source
	}
	return prefix.Addr()
}
