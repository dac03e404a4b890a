package main

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"
)

const (
	joinWithin   = 15 * time.Second
	flowWithin   = 10 * time.Second        // everybody hears everybody, after the last join
	settleWithin = 1500 * time.Millisecond // late and repeated packets, after the window
	restBefore   = 500 * time.Millisecond  // after the server's start, before its memory is read
	pollEvery    = 20 * time.Millisecond
	maxRefused   = 5 // joins, then the case is given up
	maxErrors    = 5 // shown
)

// plan is one case: rooms of so many participants, each of whom sends and receives.
type plan struct {
	scenario string
	rooms    int
	perRoom  int
	warm     time.Duration // between the last join and the window
	window   time.Duration
	media    mediaOptions
}

// bench is one case under way.
type bench struct {
	plan
	driver driver
	lab    *lab
	pid    int
	rooms  [][]*peer
	result *result
}

// measure runs a case against a server and reports it. An error means that there is no result.
func measure(ctx context.Context, p plan, s *server) (*result, error) {
	local, err := mediaAddr(ctx, s.signIn)
	if err != nil {
		return nil, err
	}
	l, err := newLab(p.media, local)
	if err != nil {
		return nil, err
	}
	defer l.close()
	d, err := s.drive(ctx)
	if err != nil {
		return nil, err
	}
	defer d.close()
	b := &bench{plan: p, driver: d, lab: l, pid: s.pid, result: &result{Scenario: p.scenario, Rooms: p.rooms}}
	defer b.leave()
	return b.result, b.run(ctx)
}

func (b *bench) run(ctx context.Context) error {
	if err := rest(ctx, restBefore); err != nil {
		return err
	}
	goroutines := b.driver.goroutines(ctx)
	before, err := readUsage(b.pid)
	if err != nil {
		return err
	}
	if err := b.populate(ctx); err != nil {
		return err
	}
	if err := b.observe(ctx, before); err != nil {
		return err
	}
	if now := b.driver.goroutines(ctx); now > 0 && goroutines > 0 && b.result.Participants > 0 {
		b.result.Goroutines = rounded(float64(now-goroutines) / float64(b.result.Participants))
	}
	b.account()
	for room := range b.rooms {
		if err := b.driver.clear(ctx, room); err != nil {
			b.complain(fmt.Errorf("ending: %w", err))
		}
	}
	return ctx.Err()
}

// populate joins everybody, one after the other, room by room. Who is refused is counted, and left out.
func (b *bench) populate(ctx context.Context) error {
	b.rooms = make([][]*peer, b.plan.rooms)
	for room := range b.rooms {
		for index := range b.perRoom {
			if b.result.RefusedJoins >= maxRefused {
				return nil
			}
			if err := b.join(ctx, seat{room, index}); err != nil {
				if ctx.Err() != nil {
					return ctx.Err()
				}
				b.result.RefusedJoins++
				b.complain(fmt.Errorf("room %d, participant %d: %w", room, index, err))
			}
		}
	}
	wait(ctx, flowWithin, func() bool { return b.missing() == 0 })
	return ctx.Err()
}

func (b *bench) join(ctx context.Context, at seat) error {
	p, err := newPeer(b.lab, at)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, joinWithin)
	defer cancel()
	if err := b.driver.join(ctx, p); err != nil {
		p.close()
		return err
	}
	b.rooms[at.room] = append(b.rooms[at.room], p)
	b.result.Participants++
	return nil
}

// missing counts the streams that should flow and have not been heard.
func (b *bench) missing() int {
	n := 0
	for _, room := range b.rooms {
		for _, p := range room {
			n += max(0, 2*(len(room)-1)-p.hears())
		}
	}
	return n
}

// observe opens the window and reads what the server used in it.
func (b *bench) observe(ctx context.Context, before usage) error {
	if err := rest(ctx, b.warm); err != nil {
		return err
	}
	b.result.Missing = b.missing()
	runtime.GC() // ours, so that it does not come in the window
	machine, own, began := readMachine(), ownCPU(), time.Now()
	first, err := readUsage(b.pid)
	if err != nil {
		return err
	}
	b.lab.meter.open.Store(true)
	err = rest(ctx, b.window)
	b.lab.meter.open.Store(false)
	if err != nil {
		return err
	}
	last, err := readUsage(b.pid)
	if err != nil {
		return err
	}
	took, ownUsed, machineNow := time.Since(began), ownCPU()-own, readMachine()
	wait(ctx, settleWithin, func() bool { sent, delivered := b.counts(); return delivered >= sent })
	b.charge(before, first, last)
	r := b.result
	r.Seconds = rounded(took.Seconds())
	used := last.user + last.system - first.user - first.system
	cores := func(d time.Duration) float64 { return rounded(max(0, d.Seconds()) / took.Seconds()) }
	r.ServerCores, r.OwnCores = cores(used), cores(ownUsed)
	r.OtherCores = cores(machineNow.busy - machine.busy - used - ownUsed)
	r.StolenCores = cores(machineNow.stolen - machine.stolen)
	r.UDPDrops = machineNow.drops - machine.drops
	return ctx.Err()
}

// charge divides what the server used by what it delivered.
func (b *bench) charge(before, first, last usage) {
	r := b.result
	const mb = 1e6
	r.MemoryBefore, r.MemoryAfter = rounded(float64(before.resident)/mb), rounded(float64(last.resident)/mb)
	if r.Participants > 0 {
		r.MemoryPer = rounded((r.MemoryAfter - r.MemoryBefore) / float64(r.Participants))
	}
	if _, delivered := b.counts(); delivered > 0 {
		n := float64(delivered)
		r.UserPerPkt = rounded(float64((last.user - first.user).Microseconds()) / n)
		r.SystemPerPkt = rounded(float64((last.system - first.system).Microseconds()) / n)
		r.CPUPerPacket = rounded(r.UserPerPkt + r.SystemPerPkt)
		r.Switches = rounded(float64(last.switches-first.switches) / n)
	}
}

// counts is how many packets were sent in the window, once for each receiver, and how many arrived.
func (b *bench) counts() (sent, delivered uint64) {
	for _, room := range b.rooms {
		for _, p := range room {
			sent += uint64(len(room)-1) * uint64(p.audio.counted.Load()+p.video.counted.Load())
			p.mu.Lock()
			for _, l := range p.heard {
				delivered += l.unique
			}
			p.mu.Unlock()
		}
	}
	return sent, delivered
}

// account adds up what the participants saw.
func (b *bench) account() {
	r := b.result
	r.Sent, r.Delivered = b.counts()
	if r.Sent > 0 {
		r.Ratio = float64(r.Delivered) / float64(r.Sent)
	}
	var latency histogram
	var joins, packets, pictures []time.Duration
	for _, room := range b.rooms {
		for _, p := range room {
			p.mu.Lock()
			r.Strays += p.strays
			for _, l := range p.heard {
				latency.merge(&l.latency)
				r.Duplicates += l.duplicates
			}
			p.mu.Unlock()
			for _, s := range []*source{p.audio, p.video} {
				r.KeyAsks += s.plis.Load()
				r.Nacks += s.nacks.Load()
			}
			if d, ok := p.connected.since(&p.dialled); ok {
				joins = append(joins, d)
			}
		}
		packets = appendLater(packets, room, func(p *peer) *moment { return &p.firstPacket })
		pictures = appendLater(pictures, room, func(p *peer) *moment { return &p.firstPicture })
	}
	r.LatencyP50, r.LatencyP95, r.LatencyP99 = milliseconds(latency.quantile(.5)), milliseconds(latency.quantile(.95)), milliseconds(latency.quantile(.99))
	r.JoinP50, r.JoinP95 = milliseconds(quantileOf(joins, .5)), milliseconds(quantileOf(joins, .95))
	r.AdmitP50, r.AdmitP95 = milliseconds(quantileOf(packets, .5)), milliseconds(quantileOf(packets, .95))
	r.PictureP50, r.PictureP95 = milliseconds(quantileOf(pictures, .5)), milliseconds(quantileOf(pictures, .95))
	r.PacerP99 = milliseconds(b.lab.meter.lateness(.99))
}

// appendLater appends the time from the room's first admission until the last of its first two participants came that far. Later
// participants find media flowing already.
func appendLater(to []time.Duration, room []*peer, of func(*peer) *moment) []time.Duration {
	if len(room) < 2 {
		return to
	}
	var later time.Duration
	for _, p := range room[:2] {
		d, ok := of(p).since(&room[1].admission)
		if !ok {
			return to
		}
		later = max(later, d)
	}
	return append(to, later)
}

func (b *bench) complain(err error) {
	if r := b.result; len(r.errors) < maxErrors {
		r.errors = append(r.errors, err.Error())
	}
}

// leave closes everybody's tab.
func (b *bench) leave() {
	var work sync.WaitGroup
	for _, room := range b.rooms {
		for _, p := range room {
			work.Go(p.close)
		}
	}
	work.Wait()
}

// rest waits, but not longer than ctx.
func rest(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// wait polls until done says so, or the time is over.
func wait(ctx context.Context, within time.Duration, done func() bool) {
	for end := time.Now().Add(within); !done() && time.Now().Before(end); {
		if rest(ctx, pollEvery) != nil {
			return
		}
	}
}
