package main

import (
	"context"
	"errors"
	"fmt"
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

// bench is one case under way.
type bench struct {
	plan
	driver driver
	lab    *lab
	pid    int
	pause  time.Duration // after one more sender has joined each room
	rooms  [][]*peer
	result *result
}

// measure runs a case against a server and reports it. An error means that there is no result.
func measure(ctx context.Context, p plan, s *server) (*result, error) {
	l, err := newLab(p.media, s.host)
	if err != nil {
		return nil, err
	}
	defer l.close()
	d, err := s.drive(ctx)
	if err != nil {
		return nil, err
	}
	defer d.close()
	b := &bench{
		plan: p, driver: d, lab: l, pid: s.pid, pause: s.maker.pause,
		result: &result{Scenario: p.scenario, Rooms: p.rooms, Size: p.size, Shape: p.shape.String(), Load: p.media.load},
	}
	defer b.leave()
	if err := rest(ctx, restBefore); err != nil {
		return nil, err
	}
	run := map[string]func(context.Context) error{scenarioJoin: b.measureJoins, scenarioChurn: b.measureChurn}[p.scenario]
	if run == nil {
		run = b.measureSteady
	}
	if err := run(ctx); err != nil {
		return nil, err
	}
	for room := range b.rooms {
		if err := b.driver.clear(ctx, room); err != nil {
			b.complain(fmt.Errorf("ending: %w", err))
		}
	}
	return b.result, ctx.Err()
}

// populate joins everybody, one after the other: first a sender into each room, then the next. Who is refused is counted, and left out.
func (b *bench) populate(ctx context.Context) error {
	b.rooms = make([][]*peer, b.plan.rooms)
	for index := range b.people() {
		for room := range b.rooms {
			if b.result.RefusedJoins >= maxRefused {
				return nil
			}
			p, err := b.join(ctx, seat{room, index})
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil:
				b.refuse(fmt.Errorf("room %d, participant %d: %w", room, index, err))
			default:
				b.rooms[room] = append(b.rooms[room], p)
				b.result.Participants++
			}
		}
		if index < b.senders {
			if err := rest(ctx, b.pause); err != nil {
				return err
			}
		}
	}
	wait(ctx, flowWithin, func() bool { return b.missing() == 0 })
	return ctx.Err()
}

// join has one participant join, as sender or viewer, and closes it when that fails.
func (b *bench) join(ctx context.Context, at seat) (*peer, error) {
	p, err := newPeer(b.lab, at, at.index < b.senders, b.streams(at.index)/2)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, joinWithin)
	defer cancel()
	if err := b.driver.join(ctx, p); err != nil {
		p.close()
		return nil, err
	}
	return p, nil
}

func (b *bench) refuse(err error) {
	b.result.RefusedJoins++
	b.complain(err)
}

func (b *bench) complain(err error) {
	if r := b.result; len(r.errors) < maxErrors {
		r.errors = append(r.errors, err.Error())
	}
}

// missing counts the streams that should flow and have not been heard.
func (b *bench) missing() int {
	n := 0
	for _, room := range b.rooms {
		senders := 0
		for _, p := range room {
			if p.sends() {
				senders++
			}
		}
		for _, p := range room {
			n += max(0, 2*(senders-p.itself())-p.hears())
		}
	}
	return n
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
	if d <= 0 {
		return ctx.Err()
	}
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

var errNobody = errors.New("the room's sender could not join")
