package sfu

import "time"

// subscription is one publication on one lane.
type subscription struct {
	// Static after construction.
	pub  *publication
	lane *lane

	// Guarded by lane.mu.
	selector selector
	height   int // wanted, in pixels; see Want
}

// forward offers one packet to the lane. It is called by the layer's goroutine, and sends into its batch.
func (s *subscription) forward(from *layer, p *packet, out *batch) {
	l := s.lane
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sub != s {
		return // taken off meanwhile
	}
	do, ask := s.selector.packet(from.index, p.desc.key, p.arrived)
	if do == actionForward && p.stream != l.rewrite.stream {
		// The layer's numbers began anew, or the lane carried something else before.
		do = actionSwitch
		if !p.desc.key {
			do, ask = actionDrop, from.index
		}
	}
	switch do {
	case actionForward:
		l.sendLocked(from, p, out)
	case actionSwitch:
		s.switchLocked(from, p, out)
	case actionDrop:
		l.peer.sfu.count.dropLayer.Add(1)
	}
	s.askLocked(ask)
}

// switchLocked shows a layer from one of its key frames on. When the key frame's first packet came late, what follows it
// was passed over already and is fetched.
func (s *subscription) switchLocked(from *layer, p *packet, out *batch) {
	l := s.lane
	l.rewrite.switchTo(p)
	l.sendLocked(from, p, out)
	if l.kind != kindVideo {
		return
	}
	l.peer.sfu.count.switches.Add(1)
	rest := from.after(p.stream, p.seq)
	for i := range rest {
		l.sendLocked(from, &rest[i], out)
	}
}

// start puts the subscription on its lane: from the cache if there is a young key frame, else by asking for one.
func (s *subscription) start(now time.Time) {
	l := s.lane
	l.mu.Lock()
	defer l.mu.Unlock()
	l.sub = s
	s.selector = newSelector(s.pub.limit(s.height))
	s.pub.subscribe(s)
	if !s.pub.open.Load() {
		return
	}
	s.beginLocked(now)
}

// beginLocked shows something as soon as can be.
func (s *subscription) beginLocked(now time.Time) {
	for i := range s.pub.layers {
		if from := s.pub.layers[i].Load(); from != nil {
			if at, ok := from.flowing(now); ok {
				s.selector.last[i] = at
			}
		}
	}
	ask := s.selector.pick(now)
	for i := s.selector.target; i >= 0 && s.lane.kind == kindVideo; i-- {
		from := s.pub.layers[i].Load()
		if from == nil {
			continue
		}
		if frames := from.cached(now); frames != nil {
			s.selector.current = i
			s.lane.rewrite.switchTo(&frames[0])
			s.lane.sendTogetherLocked(from, frames)
			s.lane.peer.sfu.count.cacheStarts.Add(1)
			break
		}
	}
	if s.selector.current != s.selector.target {
		s.askLocked(ask)
	}
}

// stop takes the subscription off its lane. No packet of the publication goes out on it any more when stop returns.
func (s *subscription) stop() {
	s.pub.unsubscribe(s)
	s.lane.silence(s)
}

// resume shows the publication again after a pause; from a key frame on.
func (s *subscription) resume(now time.Time) {
	s.lane.mu.Lock()
	defer s.lane.mu.Unlock()
	if s.lane.sub != s {
		return
	}
	s.selector.restart()
	s.beginLocked(now)
}

// want changes the height that is shown.
func (s *subscription) want(height int, now time.Time) {
	s.lane.mu.Lock()
	defer s.lane.mu.Unlock()
	s.height = height
	s.tickLocked(now)
}

// tickLocked looks for layers that stopped, and for sizes that changed.
func (s *subscription) tickLocked(now time.Time) {
	s.askLocked(s.selector.want(s.pub.limit(s.height), now))
	s.askLocked(s.selector.tick(now))
}

func (s *subscription) askLocked(index int) {
	if index == noLayer || s.lane.kind != kindVideo {
		return
	}
	if from := s.pub.layers[index].Load(); from != nil {
		from.requestKeyFrame()
	}
}

// requestShownLocked asks for a key frame of what is shown, or awaited.
func (s *subscription) requestShownLocked() {
	if s.selector.current != noLayer {
		s.askLocked(s.selector.current)
	} else {
		s.askLocked(s.selector.target)
	}
}

// clockLocked is the publisher's clock of what is shown, and how far its timestamps are shifted.
func (s *subscription) clockLocked() (senderClock, uint32, bool) {
	if s.selector.current == noLayer {
		return senderClock{}, 0, false
	}
	from := s.pub.layers[s.selector.current].Load()
	if from == nil {
		return senderClock{}, 0, false
	}
	c := from.publisherClock()
	return c, s.lane.rewrite.tsShift, c.known
}
