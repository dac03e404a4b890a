package main

import (
	"regexp"

	"github.com/colloque/colloque/sfu"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// metrics is what /metrics shows: the process, and what each package counts. Nothing here names a person, a consultation or an address.
func (s *server) metrics() *prometheus.Registry {
	// How long collections stopped everything, to be seen beside the transit: go_sched_pauses_total_gc_seconds.
	pauses := collectors.GoRuntimeMetricsRule{Matcher: regexp.MustCompile(`^/sched/pauses/total/gc:seconds$`)}
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(collectors.WithGoCollectorRuntimeMetrics(pauses)),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), packageCollector{s})
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
	c.notices(out)
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

// notices says how the outbox does: by channel and gateway, of nobody in particular.
func (c packageCollector) notices(out chan<- prometheus.Metric) {
	s, err := c.s.outbox.Stats()
	if err != nil {
		out <- prometheus.NewInvalidMetric(prometheus.NewDesc("colloque_notices_waiting", "", []string{"channel"}, nil), err)
		return
	}
	total := prometheus.NewDesc("colloque_notices_total", "What became of notices since the start: sent, delivered, failed, uncertain; retried is an attempt that came to nothing. One that was sent may fail later, and counts in both.",
		[]string{"channel", "gateway", "outcome"}, nil)
	for of, n := range s.Outcomes {
		out <- prometheus.MustNewConstMetric(total, prometheus.CounterValue, float64(n), string(of.Channel), of.Gateway, of.What)
	}
	waiting := prometheus.NewDesc("colloque_notices_waiting", "Notices that should be gone by now.", []string{"channel"}, nil)
	oldest := prometheus.NewDesc("colloque_notices_oldest_seconds", "How long the first of them has waited.", []string{"channel"}, nil)
	for channel, n := range s.Waiting {
		out <- prometheus.MustNewConstMetric(waiting, prometheus.GaugeValue, float64(n), string(channel))
		out <- prometheus.MustNewConstMetric(oldest, prometheus.GaugeValue, s.Oldest[channel].Seconds(), string(channel))
	}
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

func (c packageCollector) media(out chan<- prometheus.Metric) {
	s := c.s.media.Stats()
	gauge(out, "media_peers", "Browser tabs with a media connection.", float64(s.Peers))
	gauge(out, "media_peers_up", "Of these, with a working transport.", float64(s.PeersUp))
	gauge(out, "media_rooms", "Media rooms.", float64(s.Rooms))
	counter(out, "media_packets_received_total", "RTP packets received.", float64(s.PacketsIn))
	counter(out, "media_packets_forwarded_total", "RTP packets forwarded.", float64(s.PacketsOut))
	counter(out, "media_bytes_received_total", "RTP payload received.", float64(s.BytesIn))
	counter(out, "media_bytes_forwarded_total", "RTP payload forwarded.", float64(s.BytesOut))
	counter(out, "media_nacks_received_total", "Packets that browsers asked for again.", float64(s.NACKsIn))
	counter(out, "media_nacks_sent_total", "Packets that were asked of browsers again.", float64(s.NACKsOut))
	counter(out, "media_resent_total", "Packets sent again.", float64(s.Resent))
	counter(out, "media_resend_gone_total", "Packets asked for again that were no longer kept.", float64(s.ResendGone))
	counter(out, "media_key_frame_requests_received_total", "Key frames that browsers asked for.", float64(s.PLIsIn))
	counter(out, "media_key_frame_requests_sent_total", "Key frames that were asked of browsers.", float64(s.PLIsOut))
	counter(out, "media_layer_switches_total", "Lanes that began a layer.", float64(s.Switches))
	counter(out, "media_panics_total", "Bytes that ended a peer in a way that should not be possible.", float64(s.Panics))
	counters(out, "media_drops_total", "RTP packets that were not forwarded.", "cause", map[string]uint64{
		"duplicate": s.Drops.Duplicate, "stray": s.Drops.Stray, "layer": s.Drops.Layer, "past": s.Drops.Past, "codec": s.Drops.Codec, "send": s.Drops.Send,
	})
	transit(out, s.Transit)
	socket(out, s.Socket)
}

// transit is the server's own delay, of every forwarded packet.
func transit(out chan<- prometheus.Metric, h sfu.Histogram) {
	buckets := make(map[float64]uint64, len(h.Bounds))
	var n uint64
	for i, bound := range h.Bounds {
		n += h.Counts[i]
		buckets[bound.Seconds()] = n
	}
	n += h.Counts[len(h.Bounds)]
	desc := prometheus.NewDesc("colloque_media_transit_seconds", "From the kernel to the kernel: how long forwarded packets were in the server.", nil, nil)
	out <- prometheus.MustNewConstHistogram(desc, n, h.Sum.Seconds(), buckets)
}

func socket(out chan<- prometheus.Metric, s sfu.SocketStats) {
	counter(out, "media_datagrams_received_total", "Datagrams received on the media port.", float64(s.In))
	counter(out, "media_datagrams_sent_total", "Datagrams sent from the media port.", float64(s.Out))
	counter(out, "media_datagrams_relayed_total", "Datagrams that came in through the relay.", float64(s.Relayed))
	gauge(out, "media_receive_buffer_bytes", "Receive buffer that the kernel granted.", float64(s.ReceiveBuffer))
	counters(out, "media_datagram_drops_total", "Datagrams that were dropped at the socket.", "cause", map[string]uint64{
		"junk": s.DropJunk, "unknown": s.DropUnknown, "too_long": s.DropTooLong, "queue": s.DropQueue, "early": s.DropEarly, "auth": s.DropAuth, "turn_queue": s.DropTURNQueue, "send": s.DropSend,
	})
}
