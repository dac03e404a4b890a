package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"
)

const (
	scenarioJoin  = "join"
	scenarioChurn = "churn"

	viewFor    = 20 * time.Millisecond // how long a viewer stays after the first packet
	stayFor    = time.Second           // of churn: how long who joined stays
	cutWithin  = 40 * time.Millisecond // of churn: a join is cut at any moment up to this
	leaveEvery = time.Second           // how often churn looks whether all is as it was
	churnSeed  = 1

	memoryAsBefore = 1.1 // times as much as before is as before
)

// measureJoins has viewers join a room with one sender, one after the other: from the websocket's dial to the first packet. Where a
// practitioner admits people, the first join of each viewer includes that, and is reported apart; the later ones go straight in, as
// anywhere else.
func (b *bench) measureJoins(ctx context.Context) error {
	r := b.result
	if err := b.gather(ctx, 1); err != nil {
		return err
	}
	first, err := readUsage(b.pid)
	if err != nil {
		return err
	}
	var straight, admitted, connected []time.Duration
	began, machine, own := time.Now(), readMachine(), ownCPU()
	for n := 0; n < b.viewers+b.joins && r.RefusedJoins < maxRefused; n++ { // the first of each is for the admission, or to warm up
		v, err := b.view(ctx, seat{0, 1 + n%b.viewers})
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err != nil:
			b.refuse(fmt.Errorf("viewer %d: %w", n, err))
			continue
		case v.admitted:
			admitted = append(admitted, v.packet)
		case n >= b.viewers:
			straight, connected = append(straight, v.packet), append(connected, v.connected)
		}
		r.Joins++
	}
	last, err := readUsage(b.pid)
	if err != nil {
		return err
	}
	took := time.Since(began)
	used := last.user + last.system - first.user - first.system
	now, ownUsed := readMachine(), ownCPU()-own
	r.Seconds, r.ServerCores, r.OwnCores = rounded(took.Seconds()), rounded(used.Seconds()/took.Seconds()), rounded(ownUsed.Seconds()/took.Seconds())
	r.OtherCores = rounded(max(0, (now.busy-machine.busy-used-ownUsed).Seconds()/took.Seconds()))
	r.ViewP50, r.ViewP95 = milliseconds(quantileOf(straight, .5)), milliseconds(quantileOf(straight, .95))
	r.JoinP50, r.JoinP95 = milliseconds(quantileOf(connected, .5)), milliseconds(quantileOf(connected, .95))
	r.AdmittedP50, r.AdmittedP95 = milliseconds(quantileOf(admitted, .5)), milliseconds(quantileOf(admitted, .95))
	r.CPUPerJoin = rounded(milliseconds(used) / float64(max(1, r.Joins)))
	return nil
}

// gather has the first senders of all rooms join, and media flow.
func (b *bench) gather(ctx context.Context, senders int) error {
	b.rooms = make([][]*peer, b.plan.rooms)
	for index := range senders {
		for room := range b.rooms {
			p, err := b.join(ctx, seat{room, index})
			if err != nil {
				return fmt.Errorf("%w: %w", errNobody, err)
			}
			b.rooms[room] = append(b.rooms[room], p)
			b.result.Participants++
		}
		if err := rest(ctx, b.pause); err != nil {
			return err
		}
	}
	return rest(ctx, b.warm)
}

// viewing is how one viewer's join went, from the websocket's dial.
type viewing struct {
	connected, packet time.Duration
	admitted          bool // by the practitioner, meanwhile
}

// view has one viewer join, hear a first packet and leave.
func (b *bench) view(ctx context.Context, at seat) (viewing, error) {
	p, err := b.join(ctx, at)
	if err != nil {
		return viewing{}, err
	}
	defer p.close()
	wait(ctx, flowWithin, func() bool { return p.firstPacket.at() != 0 })
	v := viewing{admitted: p.admission.at() != 0}
	v.connected, _ = p.connected.since(&p.dialled)
	var heard bool
	if v.packet, heard = p.firstPacket.since(&p.dialled); !heard {
		return v, fmt.Errorf("nothing was heard within %v", flowWithin)
	}
	return v, rest(ctx, viewFor)
}

// measureChurn has people join and leave rooms with one sender each, at a rate; some of their joins are cut in the middle: the tab is gone without
// a word. Then it waits until the server has as many goroutines and descriptors, and about as much memory, as before, and says what is left.
func (b *bench) measureChurn(ctx context.Context) error {
	r := b.result
	if err := b.gather(ctx, 1); err != nil {
		return err
	}
	// Once around, so that what is made once (consultations, links, pools) is there.
	for n := range b.plan.rooms * b.viewers {
		if _, err := b.view(ctx, b.churner(n)); err != nil && ctx.Err() == nil {
			b.refuse(err)
		}
	}
	if err := rest(ctx, b.warm); err != nil {
		return err
	}
	before, said := b.vitalSigns(ctx)
	began := time.Now()
	b.comeAndGo(ctx)
	r.Seconds = rounded(time.Since(began).Seconds())
	peak, saidPeak := b.vitalSigns(ctx)
	after, saidAfter := peak, saidPeak
	ended := time.Now()
	left := func() bool {
		return after.descriptors > before.descriptors || saidAfter > said || float64(after.resident) > memoryAsBefore*float64(before.resident)
	}
	for time.Since(ended) < b.settle && left() && rest(ctx, leaveEvery) == nil {
		after, saidAfter = b.vitalSigns(ctx)
	}
	r.SettledAfter = rounded(time.Since(ended).Seconds())
	r.GoroutinesBefore, r.GoroutinesAfter = said, saidAfter
	r.DescriptorsBefore, r.DescriptorsAfter = before.descriptors, after.descriptors
	r.ThreadsBefore, r.ThreadsAfter = before.threads, after.threads
	r.MemoryBefore, r.MemoryPeak, r.MemoryAfter = megabytes(before.resident), megabytes(peak.resident), megabytes(after.resident)
	used := peak.user + peak.system - before.user - before.system
	r.CPUPerJoin = rounded(milliseconds(used) / float64(max(1, r.Joins+r.CutJoins)))
	return ctx.Err()
}

// churner is the seat of the n-th join: neighbours are in different rooms.
func (b *bench) churner(n int) seat {
	return seat{n % b.plan.rooms, 1 + n/b.plan.rooms%b.viewers}
}

func (b *bench) vitalSigns(ctx context.Context) (usage, int) {
	u, err := readUsage(b.pid)
	if err != nil {
		b.complain(err)
	}
	return u, b.driver.vitals(ctx).goroutines
}

// comeAndGo makes all joins, at the rate, and waits until the last has left. A seat is taken by one at a time.
func (b *bench) comeAndGo(ctx context.Context) {
	random := rand.New(rand.NewPCG(churnSeed, churnSeed))
	var mu sync.Mutex // guards the result, and which seats are taken
	taken := map[seat]bool{}
	var work sync.WaitGroup
	defer work.Wait()
	due := time.NewTicker(time.Duration(float64(time.Second) / b.rate))
	defer due.Stop()
	for n, started := 0, 0; started < b.joins; n++ {
		select {
		case <-due.C:
		case <-ctx.Done():
			return
		}
		at := b.churner(n)
		mu.Lock()
		free := !taken[at]
		taken[at] = true
		mu.Unlock()
		if !free {
			continue
		}
		started++
		cut := time.Duration(0)
		if random.Float64() < b.cut {
			cut = 1 + rand.N(cutWithin)
		}
		work.Go(func() {
			err := b.comeOnce(ctx, at, cut)
			mu.Lock()
			defer mu.Unlock()
			taken[at] = false
			switch {
			case cut > 0:
				b.result.CutJoins++
			case err != nil && ctx.Err() == nil:
				b.refuse(fmt.Errorf("room %d, seat %d: %w", at.room, at.index, err))
			default:
				b.result.Joins++
			}
		})
	}
}

// comeOnce is one join and leave, or one that is cut.
func (b *bench) comeOnce(ctx context.Context, at seat, cut time.Duration) error {
	if cut == 0 {
		p, err := b.join(ctx, at)
		if err != nil {
			return err
		}
		defer p.close()
		return rest(ctx, stayFor)
	}
	p, err := newPeer(b.lab, at, false, b.streams(at.index)/2)
	if err != nil {
		return err
	}
	defer p.close()
	p.abrupt = true
	ctx, cancel := context.WithTimeout(ctx, cut)
	defer cancel()
	return b.driver.join(ctx, p) // when it is done before it is cut, the tab is gone all the same
}
