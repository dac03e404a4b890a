package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
	"testing"
)

// twoServers is a campaign of two that are not there.
func twoServers(cases []plan, take measurement) *campaign {
	all := makers()
	return &campaign{
		cases: cases, pairs: 3, host: netip.MustParseAddr("127.0.0.1"), take: take,
		servers: []contender{{name: "ours", maker: all[0]}, {name: "galene", maker: all[1]}},
	}
}

func TestAlternates(t *testing.T) {
	cost := map[string][]float64{"ours": {10, 30, 12}, "galene": {40, 60, 20}}
	var order []string
	c := twoServers([]plan{consultPlan(plan{size: 25}, 25)}, func(_ context.Context, p plan, s contender) (*result, error) {
		order = append(order, s.name)
		r := &result{Scenario: p.scenario, Size: p.size, Shape: p.shape.String(), CPUPerPacket: cost[s.name][0], Delivered: 1}
		cost[s.name] = cost[s.name][1:]
		return r, nil
	})
	var out bytes.Buffer
	results, err := c.run(t.Context(), &out)
	if err != nil || len(results) != 6 || results[1].Server != "galene" {
		t.Fatalf("%v, %d results", err, len(results))
	}
	if want := []string{"ours", "galene", "ours", "galene", "ours", "galene"}; !slices.Equal(order, want) {
		t.Errorf("in the order %v", order)
	}
	// medians 12 and 40; the pairs' ratios .25, .5 and .6
	for _, want := range []string{"12.00 (10.00–30.00)", "40.00 (20.00–60.00)", "0.30 (0.25–0.60)", "medians of 3"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestThrowsAwayWhatOthersDisturbed(t *testing.T) {
	for _, c := range []struct {
		name string
		busy int // so many runs are disturbed
		want int
	}{{"quiet", 0, 1}, {"twice", 2, 3}, {"always", 99, maxTries}} {
		t.Run(c.name, func(t *testing.T) {
			runs := 0
			one := twoServers(nil, func(context.Context, plan, contender) (*result, error) {
				runs++
				r := &result{}
				if runs <= c.busy {
					r.OtherCores = .5
				}
				return r, nil
			})
			one.maxOther = .2
			r, err := one.once(t.Context(), plan{}, one.servers[0], io.Discard)
			if err != nil || runs != c.want || r.OtherCores > 0 && c.busy < maxTries {
				t.Errorf("%d runs, %+v, %v", runs, r, err)
			}
		})
	}
	broken := errors.New("broken")
	one := twoServers(nil, func(context.Context, plan, contender) (*result, error) { return nil, broken })
	if _, err := one.once(t.Context(), plan{}, one.servers[0], io.Discard); !errors.Is(err, broken) {
		t.Error(err)
	}
}

// TestSearch looks for the largest number of servers that bear 60 and 35; each third run of any has a hiccup.
func TestSearch(t *testing.T) {
	most, runs := map[string]int{"ours": 60, "galene": 35}, 0
	c := twoServers([]plan{consultPlan(plan{size: 40}, 40)}, func(_ context.Context, p plan, s contender) (*result, error) {
		runs++
		r := &result{Scenario: p.scenario, Size: p.rooms, Delivered: 1, LatencyP99: 5, OwnCores: .7}
		if p.rooms > most[s.name] || runs%3 == 0 {
			r.LatencyP99 = 80
		}
		return r, nil
	})
	c.limit = &searching{from: 40, step: 5, limit: 100}
	var out bytes.Buffer
	if _, err := c.run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"ours: 60 consultations", "galene: 35 consultations", "at 65: p99 80.0 ms"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
	for _, r := range []*result{{}, {Delivered: 1, LatencyP99: 51}, {Delivered: 1, LossPercent: .6}, {Delivered: 1, Missing: 1}, {Delivered: 1, RefusedJoins: 1}} {
		if tolerable(r) {
			t.Errorf("%+v is tolerable", r)
		}
	}
}

func TestGoals(t *testing.T) {
	g := goals()[0] // half of Galene's, better a third
	for _, c := range []struct {
		ours, peer float64
		must       float64
		says       string
	}{
		{10, 40, 20, "ok, the aim too"}, {15, 40, 20, "ok"}, {20.1, 40, 20, "missed"}, {0, 40, 20, "not measured"}, {24, 0, g.reference / 2, "ok"},
	} {
		if must, _, says := g.judge(c.ours, c.peer); must != c.must || says != c.says {
			t.Errorf("%v against %v: at most %v, %s", c.ours, c.peer, must, says)
		}
	}
	for _, g := range goals() {
		if g.aim > g.must || g.share && (g.reference == 0 || g.must >= 1) {
			t.Errorf("%s: %+v", g.name, g)
		}
	}
	c := twoServers(nil, nil)
	var out bytes.Buffer
	printGoals(&out, c.servers, []*result{
		{Scenario: "consult", Server: "ours", CPUPerPacket: 10, MemoryPer: .5}, {Scenario: "consult", Server: "galene", CPUPerPacket: 100},
		{Scenario: "consult", Server: "ours", CPUPerPacket: 20, MemoryPer: .5}, {Scenario: "consult", Server: "ours", CPUPerPacket: 40, MemoryPer: .5},
	})
	line := strings.Split(out.String(), "\n")
	for i, want := range []string{"20.00 100.00 0.20 100.00 50.00 33.33 ok, the aim too", "", "", "0.50 – – 1.05* 0.40 0.20 missed"} {
		if got := strings.Join(strings.Fields(line[i+1]), " "); !strings.HasSuffix(got, want) {
			t.Errorf("line %d: %s", i+1, got)
		}
	}
}

func TestShapes(t *testing.T) {
	for _, c := range []struct {
		viewers, limit int
		want           string
	}{{50, 0, "1 × 1→50"}, {50, 12, "5 × 1→10"}, {11, 12, "1 × 1→11"}, {12, 12, "2 × 1→6"}, {1, 2, "1 × 1→1"}, {7, 3, "4 × 1→2"}} {
		got := webinarShape(c.viewers, c.limit)
		if got.String() != c.want || c.limit > 0 && got.people() > c.limit || got.rooms*got.viewers < c.viewers {
			t.Errorf("%d viewers, rooms of %d: %v", c.viewers, c.limit, got)
		}
	}
	group := shape{rooms: 1, senders: 8}
	if group.streams(0) != 14 || group.streams(7) != 14 || group.people() != 8 {
		t.Error("everybody in a group hears the others")
	}
	if w := (shape{rooms: 1, senders: 1, viewers: 3}); w.streams(0) != 0 || w.streams(3) != 2 {
		t.Error("viewers hear the sender, who hears nobody")
	}
}

func TestCores(t *testing.T) {
	for _, c := range []struct {
		n         int
		available []int
		want      string
		bad       bool
	}{{0, []int{0, 1}, "[] []", false}, {1, []int{0, 1}, "[1] [0]", false}, {2, []int{0, 2, 5, 7}, "[5 7] [0 2]", false}, {2, []int{0, 1}, "", true}, {-1, []int{0, 1}, "", true}} {
		got, err := splitCores(c.n, c.available)
		if (err != nil) != c.bad || !c.bad && fmt.Sprint(got.server, got.own) != c.want {
			t.Errorf("%d of %v: %+v, %v", c.n, c.available, got, err)
		}
	}
}

func TestContenders(t *testing.T) {
	c, err := newContender("janus2=/usr/bin/janus")
	if err != nil || c.binary != "/usr/bin/janus" || c.maker.name != "janus2" {
		t.Errorf("%+v %v", c, err)
	}
	for _, bad := range []string{"", "galene", "galene=", "zoom=/x"} {
		if _, err := newContender(bad); !errors.Is(err, errUnknownServer) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
