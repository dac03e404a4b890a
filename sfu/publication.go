package sfu

import (
	"slices"
	"sync"
	"sync/atomic"
)

// publication is one source that a peer sends.
type publication struct {
	// Static after construction.
	peer   *peer
	source Source
	kind   kind
	mid    string
	rids   []string // smallest first; empty: one layer

	// Guarded by sfu.mu.
	published bool
	muted     bool
	codec     codec // of the first layer that came; codecNone before

	// Read by the media path without a lock.
	open    atomic.Bool // what comes in is forwarded: published, not muted, in a room
	layers  [maxLayers]atomic.Pointer[layer]
	heights [maxLayers]atomic.Int32 // of the layers' pictures, as far as known

	subscribers atomic.Pointer[[]*subscription] // copy on write
	write       sync.Mutex                      // serialises the copying
}

func newPublication(p *peer, source Source, line sendLine) *publication {
	pub := &publication{peer: p, source: source, kind: line.kind, mid: line.mid, rids: line.rids}
	pub.subscribers.Store(new([]*subscription))
	return pub
}

// layerIndex is the place of a rid among the layers; -1 for an unknown one.
func (p *publication) layerIndex(rid string) int {
	if len(p.rids) == 0 {
		return 0
	}
	return slices.Index(p.rids, rid)
}

func (p *publication) subscribe(s *subscription) {
	p.write.Lock()
	defer p.write.Unlock()
	next := append(slices.Clone(*p.subscribers.Load()), s)
	p.subscribers.Store(&next)
}

func (p *publication) unsubscribe(s *subscription) {
	p.write.Lock()
	defer p.write.Unlock()
	next := slices.DeleteFunc(slices.Clone(*p.subscribers.Load()), func(o *subscription) bool { return o == s })
	p.subscribers.Store(&next)
}

// topHeight is what the highest of several layers is taken for until a key frame tells.
const topHeight = 720

// limit is the highest layer that a picture of this height needs. height 0: none at all; below 0: the best there is.
func (p *publication) limit(height int) int {
	top := max(len(p.rids), 1) - 1
	switch {
	case height == 0:
		return noLayer
	case height < 0 || p.kind == kindAudio:
		return top
	}
	for i := range top {
		h := int(p.heights[i].Load())
		if h == 0 {
			h = topHeight >> (top - i)
		}
		if h >= height {
			return i
		}
	}
	return top
}

// each calls f for every layer that came so far.
func (p *publication) each(f func(*layer)) {
	for i := range p.layers {
		if l := p.layers[i].Load(); l != nil {
			f(l)
		}
	}
}
