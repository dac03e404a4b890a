package main

import (
	"context"
	"runtime"
	"time"
)

// The scenarios consult, group and webinar: everybody joins, stays, and a window is measured.

func (b *bench) measureSteady(ctx context.Context) error {
	said := b.driver.vitals(ctx)
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
	if now := b.driver.vitals(ctx); now.goroutines > 0 && said.goroutines > 0 && b.result.Participants > 0 {
		b.result.Goroutines = rounded(float64(now.goroutines-said.goroutines) / float64(b.result.Participants))
	}
	b.account()
	return ctx.Err()
}

// observe opens the window and reads what the server used in it.
func (b *bench) observe(ctx context.Context, before usage) error {
	if err := rest(ctx, b.warm); err != nil {
		return err
	}
	b.result.Missing = b.missing()
	runtime.GC() // ours, so that it does not come in the window
	transit := b.driver.vitals(ctx).transit
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
	transit = b.driver.vitals(ctx).transit.minus(transit)
	wait(ctx, settleWithin, func() bool { sent, delivered := b.counts(); return delivered >= sent })
	r := b.result
	r.TransitP50, r.TransitP99 = milliseconds(transit.quantile(.5)), milliseconds(transit.quantile(.99))
	r.Seconds = rounded(took.Seconds())
	b.charge(before, first, last)
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
	r.MemoryBefore, r.MemoryAfter = megabytes(before.resident), megabytes(last.resident)
	if r.Participants > 0 {
		n := float64(r.Participants)
		r.MemoryPer = rounded((r.MemoryAfter - r.MemoryBefore) / n)
		r.Threads = rounded(float64(last.threads-before.threads) / n)
		r.Descriptors = rounded(float64(last.descriptors-before.descriptors) / n)
	}
	if _, delivered := b.counts(); delivered > 0 {
		n := float64(delivered)
		r.UserPerPkt = rounded(float64((last.user - first.user).Microseconds()) / n)
		r.SystemPerPkt = rounded(float64((last.system - first.system).Microseconds()) / n)
		r.CPUPerPacket = rounded(r.UserPerPkt + r.SystemPerPkt)
		r.Switches = rounded(float64(last.switches-first.switches) / n)
		r.PacketRate = rounded(n / r.Seconds)
	}
}

func megabytes(bytes int64) float64 { return rounded(float64(bytes) / 1e6) }

// counts is how many packets were sent in the window, once for each receiver, and how many arrived.
func (b *bench) counts() (sent, delivered uint64) {
	for _, room := range b.rooms {
		for _, p := range room {
			for _, s := range p.sources {
				sent += uint64(len(room)-1) * uint64(s.counted.Load())
			}
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
		r.LossPercent = rounded(100 * (1 - r.Ratio))
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
			for _, s := range p.sources {
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

// appendLater appends the time from the room's first admission until the last of its first two participants who both send came that far. Later
// participants find media flowing already.
func appendLater(to []time.Duration, room []*peer, of func(*peer) *moment) []time.Duration {
	if len(room) < 2 || !room[1].sends() {
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
