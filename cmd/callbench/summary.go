package main

import (
	"fmt"
	"io"
)

// metric is one figure of a run that is compared.
type metric struct {
	name  string
	value func(*result) float64
}

// metricsOf are those of a scenario.
func metricsOf(scenario string) []metric {
	switch scenario {
	case scenarioJoin:
		return []metric{
			{"dial→connected p50, ms", func(r *result) float64 { return r.JoinP50 }},
			{"dial→packet p50, ms", func(r *result) float64 { return r.ViewP50 }},
			{"dial→packet p95, ms", func(r *result) float64 { return r.ViewP95 }},
			{"CPU ms per join", func(r *result) float64 { return r.CPUPerJoin }},
		}
	case scenarioChurn:
		return []metric{
			{"goroutines left", func(r *result) float64 { return float64(r.GoroutinesAfter - r.GoroutinesBefore) }},
			{"descriptors left", func(r *result) float64 { return float64(r.DescriptorsAfter - r.DescriptorsBefore) }},
			{"RSS left, MB", func(r *result) float64 { return r.MemoryAfter - r.MemoryBefore }},
			{"CPU ms per join", func(r *result) float64 { return r.CPUPerJoin }},
		}
	}
	return []metric{
		{"CPU µs per packet", func(r *result) float64 { return r.CPUPerPacket }},
		{"context switches per packet", func(r *result) float64 { return r.Switches }},
		{"packets/s", func(r *result) float64 { return r.PacketRate }},
		{"loss, %", func(r *result) float64 { return r.LossPercent }},
		{"latency p50, ms", func(r *result) float64 { return r.LatencyP50 }},
		{"latency p99, ms", func(r *result) float64 { return r.LatencyP99 }},
		{"MB per participant", func(r *result) float64 { return r.MemoryPer }},
		{"join p50, ms", func(r *result) float64 { return r.JoinP50 }},
		{"join p95, ms", func(r *result) float64 { return r.JoinP95 }},
		{"sent late p99, ms", func(r *result) float64 { return r.PacerP99 }},
		{"others' cores", func(r *result) float64 { return r.OtherCores }},
	}
}

func valuesOf(results []*result, of func(*result) float64) []float64 {
	var out []float64
	for _, r := range results {
		out = append(out, of(r))
	}
	return out
}

// printSummary prints the medians of a case, with the smallest and largest run; and of two servers the ratio of the medians, with the
// smallest and largest of the pairs. One run alone has said it all.
func printSummary(w io.Writer, servers []contender, byServer [][]*result) {
	if len(byServer[0]) < 2 && len(byServer) < 2 {
		return
	}
	first := byServer[0][0]
	say(w, "\n%s %d (%s), %s, medians of %d (smallest–largest)\n", first.Scenario, first.Size, first.Shape, first.Load, len(byServer[0]))
	say(w, "%-28s", "")
	for _, s := range servers {
		say(w, " %-24s", s.name)
	}
	if len(servers) == 2 {
		say(w, " %s/%s", servers[0].name, servers[1].name)
	}
	say(w, "\n")
	for _, m := range metricsOf(first.Scenario) {
		say(w, "%-28s", m.name)
		var values [][]float64
		for _, results := range byServer {
			v := valuesOf(results, m.value)
			values = append(values, v)
			low, high := spread(v)
			say(w, " %-24s", fmt.Sprintf("%s (%s–%s)", short(medianOf(v)), short(low), short(high)))
		}
		if len(values) == 2 && medianOf(values[1]) > 0 {
			low, high := spread(ratios(values[0], values[1]))
			say(w, " %.2f (%.2f–%.2f)", medianOf(values[0])/medianOf(values[1]), low, high)
		}
		say(w, "\n")
	}
	say(w, "\n")
}

// short is a figure with three digits or so.
func short(v float64) string {
	switch {
	case v >= 1000:
		return fmt.Sprintf("%.0f", v)
	case v >= 100:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
