package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
)

// maxTries is how often a run is measured until the machine is quiet.
const maxTries = 10

// campaign is a list of cases, and the servers to run them against in turn.
type campaign struct {
	cases   []plan
	servers []contender // the first is ours; perhaps another
	pairs   int         // how often each case is run against each
	host    netip.Addr  // zero: as the servers need it
	pin     cores
	// A run is thrown away and measured again while other processes used more cores than this in its window. 0: never
	maxOther float64

	// of a server that runs already
	signIn string
	pid    int

	take  measurement // one run; nil: of a server that is started for it
	goals bool        // judge by the table of goals
	limit *searching  // look for the largest number instead
}

// measurement is one run of a case against a server.
type measurement func(ctx context.Context, p plan, s contender) (*result, error)

// run measures each case against the servers in turn, A B A B …, each run with a server fresh from its start, unless one was given.
func (c *campaign) run(ctx context.Context, out io.Writer) ([]*result, error) {
	if err := c.prepare(); err != nil {
		return nil, err
	}
	if c.limit != nil {
		return c.search(ctx, out)
	}
	var results []*result
	for i, p := range c.cases {
		if i == 0 || kindOf(p.scenario) != kindOf(c.cases[i-1].scenario) {
			printHeadings(out, p.scenario)
		}
		byServer := make([][]*result, len(c.servers))
		for range c.pairs {
			for s, contender := range c.servers {
				r, err := c.once(ctx, p, contender, out)
				if err != nil {
					return results, fmt.Errorf("%v, %s: %w", p, contender.name, err)
				}
				byServer[s] = append(byServer[s], r)
				results = append(results, r)
			}
		}
		printSummary(out, c.servers, byServer)
	}
	if c.goals {
		printGoals(out, c.servers, results)
	}
	return results, nil
}

// kindOf is the scenario whose columns are used.
func kindOf(scenario string) string {
	if scenario == scenarioJoin || scenario == scenarioChurn {
		return scenario
	}
	return ""
}

func (c *campaign) prepare() error {
	if err := c.pin.keep(); err != nil {
		return err
	}
	if c.signIn != "" || c.host.IsValid() {
		return nil
	}
	var err error
	c.host, err = hostAddr(c.servers)
	return err
}

// once is one run, repeated until the machine was quiet.
func (c *campaign) once(ctx context.Context, p plan, s contender, out io.Writer) (*result, error) {
	take := c.take
	if take == nil {
		take = c.measure
	}
	for try := 1; ; try++ {
		r, err := take(ctx, p, s)
		if err != nil {
			return nil, err
		}
		r.Server = s.name
		r.print(out)
		if c.maxOther == 0 || r.OtherCores <= c.maxOther || try == maxTries {
			return r, nil
		}
		say(out, "   others used %.2f cores: thrown away, again\n", r.OtherCores)
	}
}

func (c *campaign) measure(ctx context.Context, p plan, by contender) (r *result, err error) {
	if c.signIn != "" {
		local, err := mediaAddr(ctx, c.signIn)
		if err != nil {
			return nil, err
		}
		return measure(ctx, p, &server{signIn: c.signIn, pid: c.pid, host: local, maker: by.maker})
	}
	s, err := startServer(ctx, by, c.host, c.pin)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	return measure(ctx, p, s)
}
