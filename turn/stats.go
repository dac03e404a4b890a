package turn

import "sync/atomic"

// A Refusal is a cause for which a request or a packet was turned away; its text is a Prometheus label.
type Refusal int

// The causes.
const (
	RefusalPeer         Refusal = iota // to something else than our media, in whatever encoding
	RefusalCredential                  // forged, malformed or another allocation's credentials
	RefusalExpired                     // credentials too old, or from before a Drop
	RefusalQuota                       // too many allocations of the session
	RefusalCapacity                    // too many allocations in all
	RefusalUnsupported                 // TCP, IPv6 relayed addresses, even ports, reservations, unknown methods
	RefusalRate                        // too many unauthenticated requests from the source
	RefusalMalformed                   // neither STUN nor ChannelData, or badly made
	RefusalNoAllocation                // a packet or request that needs an allocation
	RefusalStray                       // from the media, to a relayed address that is no more
	refusals
)

// String returns the label.
func (r Refusal) String() string {
	names := [refusals]string{"peer", "credential", "expired", "quota", "capacity", "unsupported", "rate", "malformed",
		"no_allocation", "stray"}
	if r < 0 || r >= refusals {
		return "unknown"
	}
	return names[r]
}

// Stats are counted since New, but for Allocations. Bytes are those of the relayed packets, without headers.
type Stats struct {
	Allocations      int                // live now
	AllocationsMade  uint64             // since New
	Refusals         map[Refusal]uint64 // every cause is present
	PacketsToMedia   uint64
	BytesToMedia     uint64
	PacketsToClients uint64
	BytesToClients   uint64
	Dropped          uint64 // packets to clients that were lost: a full queue, too large, or refused by the socket
	Faults           uint64 // errors that pion reported
}

type counters struct {
	made                     atomic.Uint64
	refused                  [refusals]atomic.Uint64
	mediaPackets, mediaSum   atomic.Uint64
	clientPackets, clientSum atomic.Uint64
	dropped, faults          atomic.Uint64
}

func (c *counters) toMedia(n int) {
	c.mediaPackets.Add(1)
	c.mediaSum.Add(uint64(n))
}

func (c *counters) toClients(n int) {
	c.clientPackets.Add(1)
	c.clientSum.Add(uint64(n))
}

func (s *Server) refuse(cause Refusal) { s.counters.refused[cause].Add(1) }

// Stats returns the counters. The moments at which they are read differ a little.
func (s *Server) Stats() Stats {
	s.mu.Lock()
	live := 0
	for _, clients := range s.sessions {
		live += len(clients)
	}
	s.mu.Unlock()
	c := &s.counters
	stats := Stats{
		Allocations:      live,
		AllocationsMade:  c.made.Load(),
		Refusals:         make(map[Refusal]uint64, refusals),
		PacketsToMedia:   c.mediaPackets.Load(),
		BytesToMedia:     c.mediaSum.Load(),
		PacketsToClients: c.clientPackets.Load(),
		BytesToClients:   c.clientSum.Load(),
		Dropped:          c.dropped.Load(),
		Faults:           c.faults.Load(),
	}
	for cause := range refusals {
		stats.Refusals[cause] = c.refused[cause].Load()
	}
	return stats
}
