package main

import (
	"fmt"
	"io"
)

// goal is a line of the table that this project is to be judged by: what a figure must be, and what it should be. Where it is a share of what
// Galene has, that is of Galene's median in the same minutes, or, when Galene was not run, of the reference.
type goal struct {
	name      string
	scenario  string
	value     func(*result) float64
	reference float64 // Galene's, measured on two virtual cores in November 2026, the lower end of its runs; 0: none
	must, aim float64 // at most; shares of Galene's when share
	share     bool
}

const goalPeer = "galene"

func goals() []goal {
	cpu := func(r *result) float64 { return r.CPUPerPacket }
	return []goal{
		{"25 consultations, µs per packet", "consult", cpu, 48.3, 1. / 2, 1. / 3, true},
		{"a room of 8, µs per packet", "group", cpu, 20.4, 1. / 2, 1. / 3, true},
		{"50 receivers, µs per packet", "webinar", cpu, 15.2, .45, 1. / 4, true},
		{"resident MB per participant", "consult", func(r *result) float64 { return r.MemoryPer }, 1.05, .4, .2, false},
		{"goroutines per participant", "consult", func(r *result) float64 { return r.Goroutines }, 38, 20, 3, false},
		{"viewer joins, p50 ms", scenarioJoin, func(r *result) float64 { return r.ViewP50 }, 12, 15, 15, false},
		{"server's own transit p50, ms", "consult", func(r *result) float64 { return r.TransitP50 }, 0, .5, .5, false},
		{"server's own transit p99, ms", "consult", func(r *result) float64 { return r.TransitP99 }, 0, 5, 5, false},
	}
}

// judge says what a goal comes to. peer: Galene's median in these runs, or 0.
func (g goal) judge(ours, peer float64) (must, aim float64, verdict string) {
	must, aim = g.must, g.aim
	if g.share {
		if peer == 0 {
			peer = g.reference
		}
		must, aim = must*peer, aim*peer
	}
	switch {
	case ours == 0:
		return must, aim, "not measured"
	case ours <= aim:
		return must, aim, "ok, the aim too"
	case ours <= must:
		return must, aim, "ok"
	}
	return must, aim, "missed"
}

// printGoals prints the table: ours, the other server's when there is one, and the goals beside them.
func printGoals(w io.Writer, servers []contender, results []*result) {
	say(w, "%-33s %10s", "medians", servers[0].name)
	if len(servers) > 1 {
		say(w, " %10s %7s", servers[1].name, "ratio")
	}
	say(w, " %10s %10s %10s\n", "Galene", "must be ≤", "aim ≤")
	for _, g := range goals() {
		of := make([]float64, len(servers))
		for i, s := range servers {
			var mine []*result
			for _, r := range results {
				if r.Scenario == g.scenario && r.Server == s.name {
					mine = append(mine, r)
				}
			}
			of[i] = medianOf(valuesOf(mine, g.value))
		}
		peer := 0.
		say(w, "%-33s %10s", g.name, figure(of[0]))
		if len(servers) > 1 {
			ratio := 0.
			if of[1] > 0 {
				ratio = of[0] / of[1]
			}
			say(w, " %10s %7s", figure(of[1]), figure(ratio))
			if servers[1].maker.name == goalPeer {
				peer = of[1]
			}
		}
		galene := figure(g.reference) + "*"
		if peer > 0 {
			galene = figure(peer)
		}
		if peer == 0 && g.reference == 0 {
			galene = "–"
		}
		must, aim, verdict := g.judge(of[0], peer)
		say(w, " %10s %10s %10s  %s\n", galene, figure(must), figure(aim), verdict)
	}
	say(w, "* Galene as it was measured in November 2026 on two virtual cores, one room of 1→50 for the 50 receivers; a share is fair only against Galene run in turn.\n")
}

func figure(v float64) string {
	if v == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", v)
}
