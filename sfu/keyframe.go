package sfu

import "time"

// keyInterval is the least time between two key-frame requests for one layer.
const keyInterval = 500 * time.Millisecond

// keyRequests makes one stream of requests of what many subscribers ask for: the first goes out at once, then at most one
// per keyInterval until a key frame came. It is pure: time comes in.
type keyRequests struct {
	wanted bool
	last   time.Time // of the last request sent
}

// ask notes that somebody needs a key frame, and reports whether to request it now.
func (k *keyRequests) ask(now time.Time) bool {
	k.wanted = true
	return k.due(now)
}

// due reports whether to request now, and takes it as done.
func (k *keyRequests) due(now time.Time) bool {
	if !k.wanted || (!k.last.IsZero() && now.Sub(k.last) < keyInterval) {
		return false
	}
	k.last = now
	return true
}

// came notes a key frame.
func (k *keyRequests) came() { k.wanted = false }
