package main

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"sync"
	"time"
)

// inFlight is how many requests wait for an answer at most. A browser's pages of a whole practice have fewer; what is over it is not sent, and counted.
const inFlight = 512

var errTooMany = errors.New("not sent: too many wait for an answer")

// times is how long requests took. Safe for concurrent use.
type times struct {
	mu     sync.Mutex
	all    []time.Duration
	failed map[string]int
}

func (t *times) add(d time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = append(t.all, d)
}

func (t *times) fail(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.failed == nil {
		t.failed = map[string]int{}
	}
	var of *url.Error
	if errors.As(err, &of) { // whose address has an id, and whose cause has a port
		err = errors.New(of.Op + " failed")
	}
	t.failed[err.Error()]++
}

// summary says the quantiles, and whether the 99th percentile keeps the goal.
func (t *times) summary(goal string, most time.Duration) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	slices.Sort(t.all)
	if len(t.all) == 0 {
		return "nothing was asked"
	}
	at := func(q float64) time.Duration { return t.all[int(q*float64(len(t.all)-1))].Round(10 * time.Microsecond) }
	verdict := "kept"
	if at(0.99) > most {
		verdict = "MISSED"
	}
	return fmt.Sprintf("%d requests: p50 %v, p95 %v, p99 %v, max %v; goal p99 ≤ %s: %s", len(t.all), at(0.5), at(0.95), at(0.99), at(1), goal, verdict)
}

// load sends requests at the rate while meanwhile runs, each when its time has come.
func load(ctx context.Context, o options, c *client, s *stock, meanwhile func() error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	over := make(chan error, 1)
	go func() { over <- meanwhile() }()
	var t times
	var wg sync.WaitGroup
	room := make(chan struct{}, inFlight)
	began := time.Now()
	clock := time.NewTicker(time.Second / time.Duration(o.rate))
	defer clock.Stop()
	var result error
	for i, running := 0, true; running; {
		select {
		case result = <-over:
			running = false
		case <-clock.C:
			for ; ; i++ { // a tick that came late brings those that are due with it
				due := began.Add(time.Duration(i) * time.Second / time.Duration(o.rate))
				if time.Now().Before(due) {
					break
				}
				select {
				case room <- struct{}{}:
				default:
					t.fail(errTooMany)
					continue
				}
				q := s.mixed(i)
				wg.Go(func() {
					if err := c.ask(ctx, q); err != nil {
						t.fail(err)
					}
					t.add(time.Since(due))
					<-room
				})
			}
		}
	}
	took := time.Since(began)
	wg.Wait()
	fmt.Fprintf(o.out, "load     %.0f requests/s for %s; %s\n", float64(len(t.all))/took.Seconds(), took.Round(time.Second), t.summary("50 ms", 50*time.Millisecond))
	for why, n := range t.failed {
		fmt.Fprintf(o.out, "load     %d failed: %s\n", n, why)
	}
	return result
}
