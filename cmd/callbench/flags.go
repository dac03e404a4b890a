package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"net/netip"
	"strconv"
	"strings"
	"time"
)

// options is what every scenario can be told.
type options struct {
	set      *flag.FlagSet
	binary   string
	against  string
	host     string
	pairs    int
	cores    int
	window   time.Duration
	warm     time.Duration
	media    mediaOptions
	signIn   string
	pid      int
	maxOther float64
}

func newOptions(scenario string, errs io.Writer) *options {
	o := &options{set: flag.NewFlagSet("callbench "+scenario, flag.ContinueOnError)}
	f := o.set
	f.SetOutput(errs)
	f.StringVar(&o.binary, "binary", "bin/colloque", "the server to start: a fresh one for each run, on free ports, with a temporary folder")
	f.StringVar(&o.against, "against", "", "another `server` to run in turn: colloque=PATH, galene=PATH, janus=PATH or janus2=PATH (two event loops)")
	f.StringVar(&o.host, "host", "", "the `address` servers are to use; default: 127.0.0.1, or the machine's own when one never offers that")
	f.IntVar(&o.pairs, "pairs", 1, "how often each case is run against each server, in turn")
	f.IntVar(&o.cores, "cores", 0, "pin each server to this many `CPUs`, and callbench to the others; 0: all share all")
	f.DurationVar(&o.window, "dur", 8*time.Second, "length of the measured window")
	f.DurationVar(&o.warm, "warm", 4*time.Second, "time between the last join and the window")
	f.StringVar(&o.media.load, "load", loadBurst, "what is sent: burst (each frame at once), spread (over the frame's time), trace (as recorded from Chromium)")
	f.BoolVar(&o.media.twcc, "twcc", true, "negotiate transport-wide feedback, as browsers do")
	f.BoolVar(&o.media.nack, "nack", false, "repair losses; without it what is lost stays lost and is counted")
	f.StringVar(&o.signIn, "server", "", "do not start one: the one-time sign-in `link` that a running server printed")
	f.IntVar(&o.pid, "pid", 0, "process id of the running server")
	f.Float64Var(&o.maxOther, "max-other", 0, "throw a run away and repeat it, up to 10 times in all, while other processes used more `cores` than this; 0: never")
	return o
}

// campaign reads the command line. cases makes the list of plans, once all is known; base has what all plans share.
func (o *options) campaign(args []string, cases func(base plan, limit int) ([]plan, error)) (*campaign, error) {
	if err := o.set.Parse(args); err != nil {
		return nil, err
	}
	if err := o.check(); err != nil {
		return nil, err
	}
	c := &campaign{pairs: o.pairs, signIn: o.signIn, pid: o.pid, maxOther: o.maxOther}
	ours, err := newContender("colloque=" + o.binary)
	if err != nil {
		return nil, err
	}
	c.servers = []contender{ours}
	if o.against != "" {
		other, err := newContender(o.against)
		if err != nil {
			return nil, fmt.Errorf("-against: %w", err)
		}
		if other.name == ours.name {
			c.servers[0].name, other.name = "colloque A", "colloque B"
		}
		c.servers = append(c.servers, other)
	}
	if o.host != "" {
		if c.host, err = netip.ParseAddr(o.host); err != nil {
			return nil, fmt.Errorf("-host: %w", err)
		}
	}
	if o.cores != 0 {
		all, err := availableCores()
		if err == nil {
			c.pin, err = splitCores(o.cores, all)
		}
		if err != nil {
			return nil, fmt.Errorf("-cores: %w", err)
		}
	}
	limit := 0
	for _, s := range c.servers {
		if n := s.maker.people; n > 0 && (limit == 0 || n < limit) {
			limit = n
		}
	}
	c.cases, err = cases(plan{warm: o.warm, window: o.window, media: o.media}, limit)
	if err != nil {
		return nil, err
	}
	if c.signIn != "" && (len(c.cases) > 1 || c.maxOther > 0 || c.pairs > 1) {
		return nil, errors.New("a sign-in link is good once: with -server give one number only, no -pairs and no -max-other")
	}
	return c, nil
}

func (o *options) check() error {
	switch {
	case o.set.NArg() > 0:
		return fmt.Errorf("unexpected %q", o.set.Arg(0))
	case (o.signIn == "") != (o.pid == 0):
		return errors.New("-server and -pid go together")
	case o.signIn != "" && (o.against != "" || o.cores != 0):
		return errors.New("-server goes with neither -against nor -cores: those start servers")
	case o.window <= 0 || o.warm < 0:
		return errors.New("-dur must be above 0, and -warm not below")
	case o.pairs < 1:
		return errors.New("-pairs must be above 0")
	case o.media.load != loadBurst && o.media.load != loadSpread && o.media.load != loadTrace:
		return fmt.Errorf("-load: there is no load %q", o.media.load)
	}
	return nil
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
