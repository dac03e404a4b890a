package main

import (
	"fmt"
	"io"
	"slices"
	"time"
)

// scenario reads its own flags and gives the cases to measure.
type scenario func(args []string, errs io.Writer) (*campaign, error)

// scenarios is what callbench can do.
func scenarios() map[string]scenario {
	return map[string]scenario{
		"consult": consultScenario, "group": groupScenario, "webinar": webinarScenario, scenarioJoin: joinScenario, scenarioChurn: churnScenario,
		"goals": goalsScenario,
	}
}

// plansOf makes a plan of each number of a list.
func plansOf(flagName, list string, base plan, make func(plan, int) plan) ([]plan, error) {
	numbers, err := parseNumbers(list)
	if err != nil {
		return nil, fmt.Errorf("-%s: %w", flagName, err)
	}
	var out []plan
	for _, n := range numbers {
		p := make(base, n)
		p.size = n
		out = append(out, p)
	}
	return out, nil
}

// consultScenario: N rooms of a practitioner and a patient.
func consultScenario(args []string, errs io.Writer) (*campaign, error) {
	o := newOptions("consult", errs)
	rooms := o.set.String("rooms", "10,25,50", "consultations at once; a list makes several cases")
	search := o.set.Bool("search", false, "look for the largest number of consultations with p99 ≤ 50 ms and loss ≤ 0.5 %, from the first of -rooms on")
	limit := o.set.Int("search-limit", 150, "the largest `number` that is tried")
	step := o.set.Int("search-step", 5, "how exactly")
	c, err := o.campaign(args, func(base plan, _ int) ([]plan, error) {
		return plansOf("rooms", *rooms, base, consultPlan)
	})
	if err == nil && *search {
		if *step < 1 || *limit < *step {
			return nil, fmt.Errorf("-search-step %d and -search-limit %d can't be", *step, *limit)
		}
		if c.signIn != "" {
			return nil, fmt.Errorf("-search starts a server for each number: not with -server")
		}
		c.limit = &searching{from: c.cases[0].size, step: *step, limit: *limit}
	}
	return c, err
}

func consultPlan(p plan, n int) plan {
	p.scenario, p.shape = "consult", shape{rooms: n, senders: 2}
	return p
}

// groupScenario: rooms in which all speak.
func groupScenario(args []string, errs io.Writer) (*campaign, error) {
	o := newOptions("group", errs)
	people := o.set.String("people", "8", "people in a room, who all send and hear all others; a list makes several cases")
	rooms := o.set.Int("rooms", 1, "rooms at once")
	return o.campaign(args, func(base plan, limit int) ([]plan, error) {
		plans, err := plansOf("people", *people, base, func(p plan, n int) plan { return groupPlan(p, n, *rooms) })
		if err == nil && limit > 0 && slices.ContainsFunc(plans, func(p plan) bool { return p.size > limit }) {
			return nil, fmt.Errorf("-people: a consultation holds %d people", limit)
		}
		return plans, err
	})
}

func groupPlan(p plan, people, rooms int) plan {
	p.scenario, p.shape = "group", shape{rooms: rooms, senders: people}
	return p
}

// webinarScenario: one sender, many viewers.
func webinarScenario(args []string, errs io.Writer) (*campaign, error) {
	o := newOptions("webinar", errs)
	viewers := o.set.String("viewers", "50", "viewers in all; more than a room holds are spread over as many rooms, with one sender each, as it takes. A list makes several cases")
	return o.campaign(args, func(base plan, limit int) ([]plan, error) {
		return plansOf("viewers", *viewers, base, func(p plan, n int) plan { return webinarPlan(p, n, limit) })
	})
}

func webinarPlan(p plan, viewers, limit int) plan {
	p.scenario, p.shape = "webinar", webinarShape(viewers, limit)
	return p
}

// joinScenario: viewers who come one after the other.
func joinScenario(args []string, errs io.Writer) (*campaign, error) {
	o := newOptions(scenarioJoin, errs)
	joins := o.set.Int("joins", 60, "viewers who join, one after the other")
	return o.campaign(args, func(base plan, limit int) ([]plan, error) {
		if *joins < 1 {
			return nil, fmt.Errorf("-joins must be above 0")
		}
		return []plan{joinPlan(base, *joins, limit)}, nil
	})
}

// joinSeats is how many different viewers there are, when a room does not hold even that many.
const joinSeats = 10

func joinPlan(p plan, joins, limit int) plan {
	seats := joinSeats
	if limit > 0 {
		seats = min(seats, limit-1)
	}
	p.scenario, p.size, p.joins, p.shape = scenarioJoin, joins, joins, shape{rooms: 1, senders: 1, viewers: seats}
	return p
}

// churnScenario: people who come and go, some of whom vanish in the middle of joining.
func churnScenario(args []string, errs io.Writer) (*campaign, error) {
	o := newOptions(scenarioChurn, errs)
	joins := o.set.Int("joins", 500, "joins in all, those that are cut among them")
	rate := o.set.Float64("rate", 20, "joins a second")
	cut := o.set.Float64("cut", .25, "share of joins that are cut within 40 ms of their beginning: in the websocket's, ICE's or DTLS' handshake, or just after")
	rooms := o.set.Int("rooms", 10, "rooms, each with one sender")
	settle := o.set.Duration("settle", 90*time.Second, "how long to wait, at the end, for the server to be as it was")
	return o.campaign(args, func(base plan, limit int) ([]plan, error) {
		if *joins < 1 || *rate <= 0 || *cut < 0 || *cut > 1 || *rooms < 1 {
			return nil, fmt.Errorf("-joins and -rooms must be above 0, -rate above 0, and -cut a share")
		}
		p := joinPlan(base, *joins, limit)
		p.scenario, p.rooms, p.rate, p.cut, p.settle = scenarioChurn, *rooms, *rate, *cut, *settle
		return []plan{p}, nil
	})
}

// goalsScenario: the table that this project is to be judged by, in a few minutes.
func goalsScenario(args []string, errs io.Writer) (*campaign, error) {
	o := newOptions("goals", errs)
	given := append([]string{"-pairs", "3", "-dur", "6s", "-warm", "3s"}, args...)
	c, err := o.campaign(given, func(base plan, limit int) ([]plan, error) {
		consult, group, webinar := consultPlan(base, 25), groupPlan(base, 8, 1), webinarPlan(base, 50, limit)
		consult.size, group.size, webinar.size = 25, 8, 50
		return []plan{consult, group, webinar, joinPlan(base, 40, limit)}, nil
	})
	if err == nil {
		c.goals = true
	}
	return c, err
}
