package main

import (
	"sync"
	"sync/atomic"
	"time"
)

// meter is what all sources and receivers of one case share: one clock, and whether the window is open.
type meter struct {
	start time.Time   // static
	open  atomic.Bool // packets that are sent now count

	mu   sync.Mutex // guards the following
	late histogram  // how late packets were sent while the window was open
}

func newMeter() *meter { return &meter{start: time.Now()} }

// now is the time since the case began.
func (m *meter) now() time.Duration { return time.Since(m.start) }

func (m *meter) recordLate(d time.Duration) {
	if !m.open.Load() {
		return
	}
	m.mu.Lock()
	m.late.add(d)
	m.mu.Unlock()
}

func (m *meter) lateness(q float64) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.late.quantile(q)
}
