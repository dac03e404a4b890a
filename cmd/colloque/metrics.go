package main

import (
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// metrics is what /metrics shows: the process, and what each package counts. Nothing here names a person, a consultation or an address.
func (s *server) metrics() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), packageCollector{s})
	return r
}

// packageCollector reads the packages' Stats when somebody asks.
type packageCollector struct{ s *server }

// Describe describes nothing: what there is depends on the packages' Stats.
func (packageCollector) Describe(chan<- *prometheus.Desc) {}

// Collect sends one snapshot.
func (c packageCollector) Collect(out chan<- prometheus.Metric) {
	c.signal(out)
	c.media(out)
	c.relay(out)
}

func gauge(out chan<- prometheus.Metric, name, help string, v float64) {
	out <- prometheus.MustNewConstMetric(prometheus.NewDesc("colloque_"+name, help, nil, nil), prometheus.GaugeValue, v)
}

func counter(out chan<- prometheus.Metric, name, help string, v float64) {
	out <- prometheus.MustNewConstMetric(prometheus.NewDesc("colloque_"+name, help, nil, nil), prometheus.CounterValue, v)
}

// counters sends one counter with a label for each cause.
func counters[K ~string](out chan<- prometheus.Metric, name, help, label string, values map[K]uint64) {
	desc := prometheus.NewDesc("colloque_"+name, help, []string{label}, nil)
	for k, v := range values {
		out <- prometheus.MustNewConstMetric(desc, prometheus.CounterValue, float64(v), string(k))
	}
}

func (c packageCollector) signal(out chan<- prometheus.Metric) {
	s := c.s.hub.Stats()
	gauge(out, "websockets", "Open websockets.", float64(s.Websockets))
	gauge(out, "calls", "Consultations with somebody connected.", float64(s.Calls))
	gauge(out, "sessions", "Participants' signalling sessions, those that wait for their websocket to come back among them.", float64(s.Sessions))
	gauge(out, "desks", "Waiting rooms watched by a practitioner.", float64(s.Desks))
	counter(out, "signal_panics_total", "Requests or calls that failed in a way that should not be possible.", float64(s.Panics))
}

func (c packageCollector) relay(out chan<- prometheus.Metric) {
	s := c.s.relay.Stats()
	gauge(out, "turn_allocations", "Live TURN allocations.", float64(s.Allocations))
	counter(out, "turn_allocations_total", "TURN allocations made.", float64(s.AllocationsMade))
	counter(out, "turn_packets_to_media_total", "Packets relayed to the media server.", float64(s.PacketsToMedia))
	counter(out, "turn_bytes_to_media_total", "Bytes relayed to the media server.", float64(s.BytesToMedia))
	counter(out, "turn_packets_to_browsers_total", "Packets relayed to browsers.", float64(s.PacketsToClients))
	refusals := make(map[string]uint64, len(s.Refusals))
	for cause, n := range s.Refusals {
		refusals[cause.String()] = n
	}
	counters(out, "turn_refusals_total", "TURN requests and packets turned away.", "cause", refusals)
}
