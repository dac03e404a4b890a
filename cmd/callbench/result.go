package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
)

// result is one case: what the readable row and the JSON show. A field that is not known is left out.
type result struct {
	Scenario     string  `json:"scenario"`
	Rooms        int     `json:"rooms"`
	Participants int     `json:"participants"` // who joined
	Seconds      float64 `json:"seconds"`      // length of the window

	// CPU time of the server over the window, by the kernel's accounting, per packet forwarded to one receiver.
	CPUPerPacket float64 `json:"cpu_us_per_packet"`
	UserPerPkt   float64 `json:"user_us"`
	SystemPerPkt float64 `json:"sys_us"`
	Switches     float64 `json:"context_switches_per_packet"`

	// One-way latency from before encryption in the sender to after decryption in the receiver.
	LatencyP50 float64 `json:"latency_p50_ms"`
	LatencyP95 float64 `json:"latency_p95_ms"`
	LatencyP99 float64 `json:"latency_p99_ms"`

	// Packets sent in the window, once for each receiver, and how many of them arrived, each counted once.
	Sent       uint64  `json:"sent"`
	Delivered  uint64  `json:"delivered"`
	Ratio      float64 `json:"delivered_ratio"`
	Duplicates uint64  `json:"duplicates"`
	Strays     uint64  `json:"strays"`          // packets of another room: must be 0
	Missing    int     `json:"missing_streams"` // expected, but nothing of them was heard before the window
	UDPDrops   uint64  `json:"udp_drops"`       // datagrams dropped at full socket buffers, server's and ours
	KeyAsks    uint64  `json:"key_frame_requests"`
	Nacks      uint64  `json:"nacks"` // packets that the server asked for again

	// Resident memory of the server: before the first join, at the end of the window, and the difference by participants.
	MemoryBefore float64 `json:"rss_before_mb"`
	MemoryAfter  float64 `json:"rss_mb"`
	MemoryPer    float64 `json:"rss_mb_per_participant"`
	Goroutines   float64 `json:"goroutines_per_participant,omitempty"`

	// From the websocket's dial to the transport connected; from the request to admit to the first packet, and to the first packet of
	// a key frame, on whichever side gets it later.
	JoinP50      float64 `json:"join_p50_ms"`
	JoinP95      float64 `json:"join_p95_ms"`
	AdmitP50     float64 `json:"admit_to_packet_p50_ms"`
	AdmitP95     float64 `json:"admit_to_packet_p95_ms"`
	PictureP50   float64 `json:"admit_to_key_frame_p50_ms"`
	PictureP95   float64 `json:"admit_to_key_frame_p95_ms"`
	RefusedJoins int     `json:"refused_joins"`

	// How far the figures can be trusted: how late callbench itself sent, and the cores used meanwhile.
	PacerP99    float64 `json:"pacer_p99_ms"`
	ServerCores float64 `json:"server_cores"`
	OwnCores    float64 `json:"own_cores"`
	OtherCores  float64 `json:"other_cores"`
	StolenCores float64 `json:"stolen_cores"`

	errors []string
}

// failure says why this case must not pass; "" when it may.
func (r *result) failure() string {
	switch {
	case r.RefusedJoins > 0:
		return fmt.Sprintf("%d joins were refused", r.RefusedJoins)
	case r.Delivered == 0:
		return "nothing was delivered"
	case r.Strays > 0:
		return fmt.Sprintf("%d packets arrived in a room that they were not for", r.Strays)
	}
	return ""
}

// column is one of the readable table.
type column struct {
	heading string
	width   int
	value   func(*result) string
}

func columns() []column {
	return []column{
		{"case", 11, func(r *result) string { return fmt.Sprintf("%s %d", r.Scenario, r.Rooms) }},
		{"µs/packet (user+sys)", 21, func(r *result) string {
			return fmt.Sprintf("%.1f (%.1f+%.1f)", r.CPUPerPacket, r.UserPerPkt, r.SystemPerPkt)
		}},
		{"latency p50/95/99 ms", 21, func(r *result) string { return slashed(r.LatencyP50, r.LatencyP95, r.LatencyP99) }},
		{"delivered", 10, func(r *result) string { return fmt.Sprintf("%.5f", r.Ratio) }},
		{"MB/part.", 9, func(r *result) string { return fmt.Sprintf("%.2f", r.MemoryPer) }},
		{"go/part.", 9, func(r *result) string { return fmt.Sprintf("%.1f", r.Goroutines) }},
		{"join p50/95 ms", 15, func(r *result) string { return slashed(r.JoinP50, r.JoinP95) }},
		{"admit→packet", 13, func(r *result) string { return slashed(r.AdmitP50, r.AdmitP95) }},
		{"→key frame", 11, func(r *result) string { return slashed(r.PictureP50, r.PictureP95) }},
		{"refused", 8, func(r *result) string { return fmt.Sprint(r.RefusedJoins) }},
		{"pacer99 ms", 11, func(r *result) string { return fmt.Sprintf("%.2f", r.PacerP99) }},
		{"cores srv/own/other", 19, func(r *result) string { return slashed(r.ServerCores, r.OwnCores, r.OtherCores) }},
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

func printHeadings(w io.Writer) {
	for _, c := range columns() {
		say(w, "%-*s ", c.width, c.heading)
	}
	say(w, "\n")
}

func (r *result) print(w io.Writer) {
	for _, c := range columns() {
		say(w, "%-*s ", c.width, c.value(r))
	}
	say(w, "\n")
	for _, e := range r.errors {
		say(w, "   %s\n", e)
	}
}

// printJSON prints the last line: the object itself when there is one case, else {"cases":[…]}.
func printJSON(w io.Writer, results []*result) error {
	var v any = map[string]any{"cases": results}
	if len(results) == 1 {
		v = results[0]
	}
	return json.NewEncoder(w).Encode(v)
}
