package main

import (
	"slices"
	"testing"
	"time"

	"github.com/pion/transport/v4/test"
)

// beat is a ticker that notes when it ticked, so many times.
type beat struct {
	every time.Duration
	left  int
	clock *time.Duration
	at    []time.Duration
}

func (b *beat) tick() (time.Duration, bool) {
	b.at = append(b.at, *b.clock)
	b.left--
	return b.every, b.left > 0
}

func TestPacerStep(t *testing.T) {
	const ms = time.Millisecond
	cases := []struct {
		name  string
		clock []time.Duration // when step is called
		fast  []time.Duration // ticks of one that is due every 20 ms from 10 ms on, 4 times
		slow  []time.Duration // ticks of one that is due every 50 ms from 15 ms on, twice
		waits []time.Duration
		late  time.Duration // the latest
	}{
		{
			name: "in time", clock: []time.Duration{0, 9500 * time.Microsecond, 10 * ms, 15 * ms, 30 * ms},
			fast: []time.Duration{10 * ms, 30 * ms}, slow: []time.Duration{15 * ms},
			waits: []time.Duration{pacerNap, 500 * time.Microsecond, pacerNap, pacerNap, pacerNap},
		},
		{
			name: "late, and made up for", clock: []time.Duration{55 * ms, 56 * ms},
			fast: []time.Duration{55 * ms, 55 * ms, 55 * ms}, slow: []time.Duration{55 * ms},
			waits: []time.Duration{pacerNap, pacerNap}, late: 45 * ms,
		},
		{
			name: "hopelessly late: no burst", clock: []time.Duration{2000 * ms, 2001 * ms},
			fast: []time.Duration{2000 * ms}, slow: []time.Duration{2000 * ms},
			waits: []time.Duration{pacerNap, pacerNap}, late: 1990 * ms,
		},
		{
			name: "to the end", clock: []time.Duration{70 * ms, 100 * ms, 200 * ms},
			fast: []time.Duration{70 * ms, 70 * ms, 70 * ms, 70 * ms}, slow: []time.Duration{70 * ms, 70 * ms},
			waits: []time.Duration{pacerNap, pacerNap, pacerNap}, late: 60 * ms,
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var clock, latest time.Duration
			p := &pacer{now: func() time.Duration { return clock }, late: func(d time.Duration) { latest = max(latest, d) }}
			fast := &beat{every: 20 * ms, left: 4, clock: &clock}
			slow := &beat{every: 50 * ms, left: 2, clock: &clock}
			p.add(slow, 15*ms)
			p.add(fast, 10*ms)
			var waits []time.Duration
			for _, clock = range c.clock {
				waits = append(waits, p.step())
			}
			if !slices.Equal(fast.at, c.fast) || !slices.Equal(slow.at, c.slow) {
				t.Errorf("ticked at %v and %v", fast.at, slow.at)
			}
			if !slices.Equal(waits, c.waits) {
				t.Errorf("slept %v", waits)
			}
			if latest != c.late {
				t.Errorf("latest %v", latest)
			}
		})
	}
}

func TestPacerRunsAndCloses(t *testing.T) {
	t.Cleanup(test.CheckRoutines(t))
	m := newMeter()
	p := newPacer(m.now, m.recordLate)
	ticked := make(chan struct{}, 3)
	p.add(tickFunc(func() (time.Duration, bool) {
		ticked <- struct{}{}
		return time.Millisecond, len(ticked) < cap(ticked)
	}), 0)
	for range cap(ticked) {
		select {
		case <-ticked:
		case <-time.After(30 * time.Second):
			t.Fatal("no tick")
		}
	}
	p.close()
	p.close()
}

type tickFunc func() (time.Duration, bool)

func (f tickFunc) tick() (time.Duration, bool) { return f() }
