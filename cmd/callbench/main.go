package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	ossignal "os/signal"
	"runtime/debug"
	"strings"
	"syscall"
	"time"
)

// exit codes
const (
	exitOK = iota
	exitFailed
	exitUsage
)

// ownGCPercent lets our own heap grow, so that collecting it disturbs the measured window less.
const ownGCPercent = 400

func main() {
	debug.SetGCPercent(ownGCPercent)
	ctx, stop := ossignal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run is main with everything given: it answers the exit code.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	if len(args) == 0 || strings.TrimLeft(args[0], "-") == "h" || strings.TrimLeft(args[0], "-") == "help" {
		usageOf(errs)
		return exitUsage
	}
	if args[0] == "trace" {
		return traceCommand(args[1:], in, out, errs)
	}
	scenario := scenarios()[args[0]]
	if scenario == nil {
		say(errs, "callbench: there is no scenario %q\n", args[0])
		usageOf(errs)
		return exitUsage
	}
	c, err := scenario(args[1:], errs)
	if err != nil {
		if !errors.Is(err, flag.ErrHelp) {
			say(errs, "callbench: %v\n", err)
		}
		return exitUsage
	}
	results, err := c.run(ctx, out)
	code := exitOK
	for _, r := range results {
		if f := r.failure(); f != "" && c.limit == nil {
			say(errs, "callbench: %s %d, %s: %s\n", r.Scenario, r.Size, r.Server, f)
			code = exitFailed
		}
	}
	if err != nil {
		say(errs, "callbench: %v\n", err)
		code = exitFailed
	}
	if len(results) > 0 {
		if err := printJSON(out, results); err != nil {
			say(errs, "callbench: %v\n", err)
			code = exitFailed
		}
	}
	return code
}

func usageOf(w io.Writer) {
	say(w, `callbench puts simulated consultations on a server and measures what they cost it.

  callbench consult -rooms 10,25,50    two-person consultations, sound and picture both ways
  callbench group -people 8            a room in which all speak
  callbench webinar -viewers 50        one sender, many viewers
  callbench join -joins 60             how long a viewer's join takes
  callbench churn -joins 500 -rate 20  people come and go, some vanish; what is left
  callbench goals                      the table of goals, in a few minutes
  callbench trace < capture.pcap       a recorded browser, as a load
  callbench consult -h                 what can be set; -against galene=PATH runs another server in turn

The last line is JSON; its fields are explained at the top of cmd/callbench/doc.go.
`)
}

// traceCommand makes a trace of a capture. Its head, which says how it was recorded, is for whoever records.
func traceCommand(args []string, in io.Reader, out, errs io.Writer) int {
	f := flag.NewFlagSet("callbench trace", flag.ContinueOnError)
	f.SetOutput(errs)
	port := f.Uint("port", 0, "UDP `port` of the server's media")
	audio := f.Uint("audio", 111, "payload `type` of the sound")
	video := f.Uint("video", 96, "payload `type` of the picture")
	var what excerpt
	f.DurationVar(&what.from, "from", 15*time.Second, "leave out what came before, but for each stream's first frame, the key frame")
	f.DurationVar(&what.length, "for", 25*time.Second, "how much of it")
	if err := f.Parse(args); err != nil {
		return exitUsage
	}
	what.audio, what.video = uint8(*audio), uint8(*video)
	packets, err := readCapture(in, uint16(*port))
	var t *trace
	if err == nil {
		t, err = traceOf(packets, what)
	}
	if err == nil {
		err = t.writeTo(out)
	}
	if err != nil {
		say(errs, "callbench trace: %v\n", fmt.Errorf("port %d: %w", *port, err))
		return exitFailed
	}
	return exitOK
}

// say prints. When that fails, nobody is left to be told.
func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }
