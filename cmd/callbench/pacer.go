package main

import (
	"container/heap"
	"sync"
	"time"
)

const (
	pacerNap     = 2 * time.Millisecond // the longest sleep, so that new sources start in time
	pacerForgive = time.Second          // later than this, what was missed is not made up for with a burst
)

// ticker is what a pacer drives.
type ticker interface {
	// tick does what is due and says how long after this one the next is; false: never again.
	tick() (time.Duration, bool)
}

// pacer drives many sources from one goroutine, "pacer", which close waits for.
type pacer struct {
	// static
	now  func() time.Duration
	late func(time.Duration)
	quit chan struct{}
	done chan struct{}
	once sync.Once

	mu   sync.Mutex // guards the following
	heap dueHeap
}

// newPacer starts a pacer on this clock; late is told how late each tick was.
func newPacer(now func() time.Duration, late func(time.Duration)) *pacer {
	p := &pacer{now: now, late: late, quit: make(chan struct{}), done: make(chan struct{})}
	go p.run()
	return p
}

// add has t tick for the first time at this time.
func (p *pacer) add(t ticker, at time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	heap.Push(&p.heap, due{at, t})
}

func (p *pacer) run() {
	defer close(p.done)
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			timer.Reset(p.step())
		case <-p.quit:
			return
		}
	}
}

// step ticks all that is due and says how long to sleep.
func (p *pacer) step() time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	for len(p.heap) > 0 {
		next := &p.heap[0]
		behind := now - next.at
		if behind < 0 {
			return min(-behind, pacerNap)
		}
		p.late(behind)
		if behind > pacerForgive {
			next.at = now
		}
		wait, again := next.tick()
		if again {
			next.at += wait
			heap.Fix(&p.heap, 0)
		} else {
			heap.Pop(&p.heap)
		}
		now = p.now()
	}
	return pacerNap
}

func (p *pacer) close() {
	p.once.Do(func() { close(p.quit) })
	<-p.done
}

type due struct {
	at time.Duration
	ticker
}

// dueHeap is a container/heap of what is due, earliest first.
type dueHeap []due

// Len is that of heap.Interface, as are the others.
func (h dueHeap) Len() int { return len(h) }

// Less puts the earliest first.
func (h dueHeap) Less(i, j int) bool { return h[i].at < h[j].at }

// Swap swaps two.
func (h dueHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }

// Push appends a due.
func (h *dueHeap) Push(x any) { *h = append(*h, x.(due)) }

// Pop removes the last.
func (h *dueHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
