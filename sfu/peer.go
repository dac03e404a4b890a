package sfu

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtcp"
)

// peer is one browser tab's connection.
type peer struct {
	// Static after construction.
	sfu          *SFU
	id           PeerID
	wire         wire
	publications map[Source]*publication
	lanes        atomic.Pointer[[]*lane] // audio first, in the order of the m-lines; copy on write under sfu.mu

	negotiating sync.Mutex // held during an offer and its answer, before sfu.mu; guards the following
	offered     *offer     // the last one answered

	// Guarded by sfu.mu.
	room    *room
	up      bool // the transport worked at least once
	gone    bool // disconnected
	dead    bool // PeerFailed was told
	placed  placement
	subs    map[*lane]*subscription
	heights map[wantKey]int
	told    LanesEvent // the last lanes told

	// Owned by the monitor.
	watch watch

	// clockMu guards the least offset seen between the peer's NTP clock and ours.
	clockMu   sync.Mutex
	offset    time.Duration
	hasOffset bool
}

type wantKey struct {
	peer   PeerID
	source Source
}

func newPeer(s *SFU, id PeerID) *peer {
	p := &peer{
		sfu: s, id: id, publications: map[Source]*publication{}, subs: map[*lane]*subscription{},
		heights: map[wantKey]int{}, told: LanesEvent{Peer: id},
	}
	p.lanes.Store(new([]*lane))
	return p
}

// addLanes makes lanes of new outlets. The caller holds sfu.mu.
func (p *peer) addLanes(outlets []*outlet) {
	lanes := slices.Clone(*p.lanes.Load())
	for _, out := range outlets {
		index := 0
		for _, l := range lanes {
			if l.kind == out.kind {
				index++
			}
		}
		lanes = append(lanes, newLane(p, index, out))
	}
	slices.SortStableFunc(lanes, func(a, b *lane) int { return int(a.kind) - int(b.kind) })
	p.lanes.Store(&lanes)
}

// connected, failed, openStream, feedback and panicked are the peer's wireEvents.
var _ wireEvents = (*peer)(nil)

func (p *peer) connected() {
	p.sfu.mu.Lock()
	defer p.sfu.mu.Unlock()
	if p.up || p.gone || p.dead {
		return // "failed" may overtake "connected": they come from two goroutines
	}
	p.up = true
	p.sfu.events.put(PeerUp{Peer: p.id})
	if p.room != nil {
		p.sfu.replanLocked(p.room)
	}
}

func (p *peer) failed() {
	p.sfu.mu.Lock()
	defer p.sfu.mu.Unlock()
	if !p.gone && !p.dead {
		p.dead = true
		p.sfu.events.put(PeerFailed{Peer: p.id})
	}
}

func (p *peer) openStream(info streamInfo) receiver {
	for _, pub := range p.publications {
		if pub.mid != info.mid {
			continue
		}
		index := pub.layerIndex(info.rid)
		if index < 0 || info.codec == codecNone {
			return nil
		}
		l := &layer{pub: pub, index: index, info: info, stream: p.sfu.nextStream(), codec: info.codec}
		pub.layers[index].Store(l)
		p.sfu.noteCodec(pub, info.codec)
		return l
	}
	return nil
}

func (p *peer) feedback(o *outlet, packets []rtcp.Packet, out *batch) {
	for _, l := range *p.lanes.Load() {
		if l.out == o {
			l.handleFeedback(packets, time.Now(), out)
		}
	}
}

// panicked: what the peer sent could not be borne. It is ended, and nobody else.
func (p *peer) panicked(where string, value any) {
	p.sfu.count.panics.Add(1)
	p.sfu.log.Error("sfu: peer ended by a panic", "peer", p.id, "goroutine", where, "panic", value)
	p.failed()
}

// localTime is our time of an NTP timestamp of the peer's sender reports: its clock plus the least difference that any of
// its reports, of sound or picture, arrived with.
func (p *peer) localTime(ntp uint64, arrived time.Time) time.Time {
	at := fromNTP(ntp)
	p.clockMu.Lock()
	defer p.clockMu.Unlock()
	if d := arrived.Sub(at); !p.hasOffset || d < p.offset {
		p.offset, p.hasOffset = d, true
	}
	return at.Add(p.offset)
}
