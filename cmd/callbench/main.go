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
	"strconv"
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

// maxTries is how often a case is measured until the machine is quiet.
const maxTries = 10

// ownGCPercent lets our own heap grow, so that collecting it disturbs the measured window less.
const ownGCPercent = 400

func main() {
	debug.SetGCPercent(ownGCPercent)
	ctx, stop := ossignal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// scenarios is what callbench can do; each reads its own flags and gives the cases to measure.
func scenarios() map[string]func(args []string, errs io.Writer) (*campaign, error) {
	return map[string]func([]string, io.Writer) (*campaign, error){"consult": consultScenario}
}

// campaign is a list of cases and the server to run them against.
type campaign struct {
	cases  []plan
	binary string
	signIn string // of a server that runs already
	pid    int
	// A case is measured again while other processes used more cores than this in its window. 0: never
	maxOther float64
}

// run is main with everything given: it answers the exit code.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	if len(args) == 0 || strings.TrimLeft(args[0], "-") == "h" || strings.TrimLeft(args[0], "-") == "help" {
		usageOf(errs)
		return exitUsage
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
		if f := r.failure(); f != "" {
			say(errs, "callbench: %s %d: %s\n", r.Scenario, r.Rooms, f)
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

// run measures the cases in turn, each with a server fresh from its start, unless one was given.
func (c *campaign) run(ctx context.Context, out io.Writer) ([]*result, error) {
	var results []*result
	printHeadings(out)
	for _, p := range c.cases {
		r, err := c.measure(ctx, p)
		for try := 1; err == nil && c.maxOther > 0 && r.OtherCores > c.maxOther && try < maxTries; try++ {
			say(out, "%s %d: others used %.2f cores; again\n", p.scenario, p.rooms, r.OtherCores)
			r, err = c.measure(ctx, p)
		}
		if err != nil {
			return results, fmt.Errorf("%s %d: %w", p.scenario, p.rooms, err)
		}
		r.print(out)
		results = append(results, r)
	}
	return results, nil
}

func (c *campaign) measure(ctx context.Context, p plan) (r *result, err error) {
	s := &server{signIn: c.signIn, pid: c.pid}
	if c.signIn == "" {
		if s, err = startServer(ctx, c.binary); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, s.stop()) }()
	}
	return measure(ctx, p, s)
}

func usageOf(w io.Writer) {
	say(w, `callbench puts simulated consultations on a server and measures what they cost it.

  callbench consult -rooms 10,25,50    two-person consultations, sound and picture both ways
  callbench consult -h                 what can be set

The last line is JSON; its fields are explained at the top of cmd/callbench/doc.go.
`)
}

// consultScenario reads the flags of: N rooms of a practitioner and a patient.
func consultScenario(args []string, out io.Writer) (*campaign, error) {
	c := &campaign{}
	f := flag.NewFlagSet("callbench consult", flag.ContinueOnError)
	f.SetOutput(out)
	rooms := f.String("rooms", "10,25,50", "consultations at once; a list makes several cases")
	window := f.Duration("dur", 8*time.Second, "length of the measured window")
	warm := f.Duration("warm", 4*time.Second, "time between the last join and the window")
	f.StringVar(&c.binary, "binary", "bin/colloque", "the server to start: a fresh one for each case, on free ports, with a temporary data folder")
	f.StringVar(&c.signIn, "server", "", "do not start one: the one-time sign-in `link` that a running server printed")
	f.IntVar(&c.pid, "pid", 0, "process id of the running server")
	f.Float64Var(&c.maxOther, "max-other", 0, "measure a case again, up to 10 times in all, while other processes used more `cores` than this; 0: never")
	var media mediaOptions
	f.BoolVar(&media.twcc, "twcc", true, "negotiate transport-wide feedback, as browsers do")
	f.BoolVar(&media.nack, "nack", false, "repair losses; without it what is lost stays lost and is counted")
	if err := f.Parse(args); err != nil {
		return nil, err
	}
	if f.NArg() > 0 {
		return nil, fmt.Errorf("unexpected %q", f.Arg(0))
	}
	if (c.signIn == "") != (c.pid == 0) {
		return nil, errors.New("-server and -pid go together")
	}
	if *window <= 0 || *warm < 0 {
		return nil, errors.New("-dur must be above 0, and -warm not below")
	}
	numbers, err := parseNumbers(*rooms)
	if err != nil {
		return nil, fmt.Errorf("-rooms: %w", err)
	}
	if c.signIn != "" && (len(numbers) > 1 || c.maxOther > 0) {
		return nil, errors.New("a sign-in link is good once: with -server give -rooms one number, and no -max-other")
	}
	for _, n := range numbers {
		c.cases = append(c.cases, plan{scenario: "consult", rooms: n, perRoom: 2, warm: *warm, window: *window, media: media})
	}
	return c, nil
}

func parseNumbers(list string) ([]int, error) {
	var out []int
	for field := range strings.SplitSeq(list, ",") {
		n, err := strconv.Atoi(strings.TrimSpace(field))
		if err != nil || n < 1 {
			return nil, fmt.Errorf("%q is not a number above 0", field)
		}
		out = append(out, n)
	}
	return out, nil
}

// say prints. When that fails, nobody is left to be told.
func say(w io.Writer, format string, args ...any) { _, _ = fmt.Fprintf(w, format, args...) }
