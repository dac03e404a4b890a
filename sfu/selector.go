package sfu

import "time"

// layerStale is the silence after which a layer counts as stopped.
const layerStale = time.Second

const noLayer = -1

// action is what a subscription does with one packet.
type action uint8

const (
	actionDrop    action = iota
	actionForward        // it belongs to the layer that is shown
	actionSwitch         // it is a key frame of the better layer: from here on, that one is shown
)

// selector picks one layer of a publication for one subscription: the highest that flows, up to limit. It changes layers
// on key frames only, and keeps the old one until then. It is pure: time and packets come in, decisions go out.
type selector struct {
	limit   int // the highest layer wanted; noLayer: nothing is shown
	current int // what is shown; noLayer: nothing yet
	target  int // what is to be shown; differs from current while its key frame is awaited
	last    [maxLayers]time.Time
}

func newSelector(limit int) selector {
	return selector{limit: limit, current: noLayer, target: noLayer}
}

// packet decides about one packet. ask names a layer to request a key frame from, or noLayer.
func (s *selector) packet(layer int, key bool, now time.Time) (do action, ask int) {
	ask = noLayer
	appeared := !s.flows(layer, now)
	s.last[layer] = now
	if appeared || (s.current != noLayer && layer != s.current && !s.flows(s.current, now)) {
		ask = s.pick(now)
	}
	switch {
	case layer == s.target && layer != s.current && key:
		s.current = layer
		return actionSwitch, noLayer
	case layer == s.current:
		return actionForward, ask
	case s.current == noLayer && s.target != noLayer && key:
		s.current = layer // better than nothing, until the target's own key frame
		return actionSwitch, ask
	}
	return actionDrop, ask
}

func (s *selector) flows(layer int, now time.Time) bool {
	return !s.last[layer].IsZero() && now.Sub(s.last[layer]) <= layerStale
}

// pick chooses the target anew, and names it when its key frame is needed.
func (s *selector) pick(now time.Time) (ask int) {
	best := noLayer
	if s.limit != noLayer {
		for i := range s.last {
			if s.flows(i, now) && (best == noLayer || i <= s.limit) {
				best = i // without one up to the limit: the lowest above it
			}
		}
	}
	switch {
	case s.limit == noLayer:
		s.current, s.target = noLayer, noLayer
		return noLayer
	case best == noLayer || best == s.target:
		return noLayer
	}
	s.target = best
	if best == s.current {
		return noLayer
	}
	return best
}

// want sets the limit.
func (s *selector) want(limit int, now time.Time) (ask int) {
	if limit == s.limit {
		return noLayer
	}
	s.limit = limit
	return s.pick(now)
}

// tick looks for layers that stopped without another one's packets to tell it.
func (s *selector) tick(now time.Time) (ask int) { return s.pick(now) }

// restart forgets what is shown: the next packet shown is a key frame.
func (s *selector) restart() { s.current, s.target, s.last = noLayer, noLayer, [maxLayers]time.Time{} }
