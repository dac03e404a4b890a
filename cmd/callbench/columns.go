package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
)

// column is one of the readable table.
type column struct {
	heading string
	width   int
	value   func(*result) string
}

// columnsOf are those of a scenario.
func columnsOf(scenario string) []column {
	quiet := []column{
		{"cores srv/own/other", 19, func(r *result) string { return slashed(r.ServerCores, r.OwnCores, r.OtherCores) }},
		{"refused", 7, func(r *result) string { return fmt.Sprint(r.RefusedJoins) }},
	}
	name := []column{
		{"case", 11, func(r *result) string { return fmt.Sprintf("%s %d", r.Scenario, r.Size) }},
		{"server", 10, func(r *result) string { return r.Server }},
		{"shape", 10, func(r *result) string { return r.Shape }},
	}
	own := map[string]func() []column{scenarioJoin: joinColumns, scenarioChurn: churnColumns}[scenario]
	if own == nil {
		own = steadyColumns
	}
	return slices.Concat(name, own(), quiet)
}

func joinColumns() []column {
	return []column{
		{"joins", 6, func(r *result) string { return fmt.Sprint(r.Joins) }},
		{"dial→connected p50/95 ms", 24, func(r *result) string { return slashed(r.JoinP50, r.JoinP95) }},
		{"dial→packet p50/95 ms", 21, func(r *result) string { return slashed(r.ViewP50, r.ViewP95) }},
		{"when admitted first", 19, func(r *result) string { return slashed(r.AdmittedP50, r.AdmittedP95) }},
		{"CPU ms/join", 11, func(r *result) string { return fmt.Sprintf("%.1f", r.CPUPerJoin) }},
	}
}

func churnColumns() []column {
	return []column{
		{"joins+cut", 10, func(r *result) string { return fmt.Sprintf("%d+%d", r.Joins, r.CutJoins) }},
		{"goroutines", 12, func(r *result) string { return fmt.Sprintf("%d→%d", r.GoroutinesBefore, r.GoroutinesAfter) }},
		{"threads", 8, func(r *result) string { return fmt.Sprintf("%d→%d", r.ThreadsBefore, r.ThreadsAfter) }},
		{"descriptors", 11, func(r *result) string { return fmt.Sprintf("%d→%d", r.DescriptorsBefore, r.DescriptorsAfter) }},
		{"RSS MB before→peak→after", 24, func(r *result) string {
			return fmt.Sprintf("%.1f→%.1f→%.1f", r.MemoryBefore, r.MemoryPeak, r.MemoryAfter)
		}},
		{"settled s", 9, func(r *result) string { return fmt.Sprintf("%.0f", r.SettledAfter) }},
		{"CPU ms/join", 11, func(r *result) string { return fmt.Sprintf("%.1f", r.CPUPerJoin) }},
	}
}

func steadyColumns() []column {
	return []column{
		{"µs/packet (user+sys)", 20, func(r *result) string {
			return fmt.Sprintf("%.1f (%.1f+%.1f)", r.CPUPerPacket, r.UserPerPkt, r.SystemPerPkt)
		}},
		{"ctx/p", 5, func(r *result) string { return fmt.Sprintf("%.2f", r.Switches) }},
		{"packets/s", 9, func(r *result) string { return fmt.Sprintf("%.0f", r.PacketRate) }},
		{"loss %", 6, func(r *result) string { return fmt.Sprintf("%.3f", r.LossPercent) }},
		{"latency p50/95/99 ms", 20, func(r *result) string { return slashed(r.LatencyP50, r.LatencyP95, r.LatencyP99) }},
		{"transit", 9, func(r *result) string { return slashed(r.TransitP50, r.TransitP99) }},
		{"MB/part", 7, func(r *result) string { return fmt.Sprintf("%.2f", r.MemoryPer) }},
		{"go|thr", 9, func(r *result) string { return fmt.Sprintf("%.1f|%.1f", r.Goroutines, r.Threads) }},
		{"join p50/95", 11, func(r *result) string { return slashed(r.JoinP50, r.JoinP95) }},
		{"late99 ms", 9, func(r *result) string { return fmt.Sprintf("%.2f", r.PacerP99) }},
	}
}

func slashed(values ...float64) string {
	var s []string
	for _, v := range values {
		if v < 10 {
			s = append(s, fmt.Sprintf("%.2f", v))
		} else {
			s = append(s, fmt.Sprintf("%.0f", v))
		}
	}
	return strings.Join(s, "/")
}

// printHeadings prints those of a scenario.
func printHeadings(w io.Writer, scenario string) {
	for _, c := range columnsOf(scenario) {
		say(w, "%-*s ", c.width, c.heading)
	}
	say(w, "\n")
}

func (r *result) print(w io.Writer) {
	for _, c := range columnsOf(r.Scenario) {
		say(w, "%-*s ", c.width, c.value(r))
	}
	say(w, "\n")
	if r.Missing > 0 {
		say(w, "   %d streams were not heard before the window\n", r.Missing)
	}
	if r.PacerP99 > lateIsTooLate {
		say(w, "   callbench itself sent late: latency is not the server's alone\n")
	}
	for _, e := range r.errors {
		say(w, "   %s\n", e)
	}
}

// lateIsTooLate is how late callbench may send at its 99th percentile before latency says little of the server, in ms.
const lateIsTooLate = 5

// printJSON prints the last line: the object itself when there was one run, else {"cases":[…]}.
func printJSON(w io.Writer, results []*result) error {
	var v any = map[string]any{"cases": results}
	if len(results) == 1 {
		v = results[0]
	}
	return json.NewEncoder(w).Encode(v)
}
