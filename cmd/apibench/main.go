package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	ossignal "os/signal"
	"time"
)

// options is the command line.
type options struct {
	binary, callbench              string
	consultations, patients, rooms int
	rate                           int
	window                         time.Duration
	out                            io.Writer
}

func main() {
	o := options{out: os.Stdout}
	flag.StringVar(&o.binary, "binary", "bin/colloque", "the server to start")
	flag.StringVar(&o.callbench, "callbench", "bin/callbench", "what runs consultations meanwhile; empty: none")
	flag.IntVar(&o.consultations, "consultations", 100_000, "in the store")
	flag.IntVar(&o.patients, "patients", 10_000, "of the practitioner who asks")
	flag.IntVar(&o.rooms, "rooms", 20, "consultations at once")
	flag.IntVar(&o.rate, "rate", 500, "requests a second")
	flag.DurationVar(&o.window, "dur", 15*time.Second, "length of callbench's measured window")
	flag.Parse()
	ctx, stop := ossignal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, o); err != nil {
		fmt.Fprintln(os.Stderr, "apibench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	folder, err := os.MkdirTemp("", "apibench-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(folder) }()
	began := time.Now()
	s, err := fill(ctx, folder, o)
	if err != nil {
		return fmt.Errorf("filling the store: %w", err)
	}
	fmt.Fprintf(o.out, "store    %d consultations, %d patients, %d MB, filled in %s\n", o.consultations, o.patients, s.size>>20, time.Since(began).Round(time.Second))
	began = time.Now()
	server, err := start(ctx, o.binary, folder)
	if err != nil {
		return err
	}
	defer server.stop()
	fmt.Fprintf(o.out, "start    ready after %s\n", time.Since(began).Round(10*time.Millisecond))
	c, err := signIn(ctx, server.base, s.ticket)
	if err != nil {
		return err
	}
	if err := one(ctx, o, c, s); err != nil {
		return err
	}
	if err := book(ctx, o, c); err != nil {
		return err
	}
	return together(ctx, o, server, c, s)
}

// one asks one request after the other.
func one(ctx context.Context, o options, c *client, s *stock) error {
	began := time.Now()
	if err := c.ask(ctx, s.search("x")); err != nil {
		return err
	}
	fmt.Fprintf(o.out, "search   first one after the start: %s\n", time.Since(began).Round(100*time.Microsecond))
	var day, search times
	for range 300 {
		if err := c.timed(ctx, s.day(), &day); err != nil {
			return err
		}
	}
	fmt.Fprintln(o.out, "day     ", day.summary("100 ms", 100*time.Millisecond))
	for i := range 40 {
		for _, typed := range s.typed(i) {
			if err := c.timed(ctx, s.search(typed), &search); err != nil {
				return err
			}
		}
	}
	fmt.Fprintln(o.out, "search  ", search.summary("50 ms", 50*time.Millisecond))
	return nil
}

// together runs calls alone, then with the load.
func together(ctx context.Context, o options, server *server, c *client, s *stock) error {
	if o.callbench == "" {
		return load(ctx, o, c, s, func() error { return sleep(ctx, o.window) })
	}
	fmt.Fprintln(o.out, "calls    alone:")
	if err := calls(ctx, o, server, s.callTickets[0]); err != nil {
		return err
	}
	fmt.Fprintf(o.out, "load     with %d consultations:\n", o.rooms)
	return load(ctx, o, c, s, func() error { return calls(ctx, o, server, s.callTickets[1]) })
}

func sleep(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
