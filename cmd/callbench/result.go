package main

import "fmt"

// result is one run of a case: what the readable row and the JSON show. A field that is not known is left out.
type result struct {
	Scenario     string  `json:"scenario"`
	Server       string  `json:"server"`
	Rooms        int     `json:"rooms"`
	Size         int     `json:"size"`         // as asked for
	Shape        string  `json:"shape"`        // rooms × senders, or rooms × senders→viewers
	Load         string  `json:"load"`         // what was sent
	Participants int     `json:"participants"` // who joined
	Seconds      float64 `json:"seconds"`      // length of the window

	// CPU time of the server over the window, by the kernel's accounting, per packet forwarded to one receiver.
	CPUPerPacket float64 `json:"cpu_us_per_packet"`
	UserPerPkt   float64 `json:"user_us"`
	SystemPerPkt float64 `json:"sys_us"`
	Switches     float64 `json:"context_switches_per_packet"`
	PacketRate   float64 `json:"packets_per_second"`

	// One-way latency from before encryption in the sender to after decryption in the receiver.
	LatencyP50 float64 `json:"latency_p50_ms"`
	LatencyP95 float64 `json:"latency_p95_ms"`
	LatencyP99 float64 `json:"latency_p99_ms"`
	TransitP50 float64 `json:"transit_p50_ms,omitempty"` // within the server, as it says itself
	TransitP99 float64 `json:"transit_p99_ms,omitempty"`

	// Packets sent in the window, once for each receiver, and how many of them arrived, each counted once.
	Sent        uint64  `json:"sent"`
	Delivered   uint64  `json:"delivered"`
	Ratio       float64 `json:"delivered_ratio"`
	LossPercent float64 `json:"loss_percent"`
	Duplicates  uint64  `json:"duplicates"`
	Strays      uint64  `json:"strays"`          // packets of another room: must be 0
	Missing     int     `json:"missing_streams"` // expected, but nothing of them was heard before the window
	UDPDrops    uint64  `json:"udp_drops"`       // datagrams dropped at full socket buffers, server's and ours
	KeyAsks     uint64  `json:"key_frame_requests"`
	Nacks       uint64  `json:"nacks"` // packets that the server asked for again

	// Resident memory of the server: before the first join, at the end of the window, and the difference by participants.
	MemoryBefore float64 `json:"rss_before_mb"`
	MemoryAfter  float64 `json:"rss_mb"`
	MemoryPer    float64 `json:"rss_mb_per_participant"`
	Goroutines   float64 `json:"goroutines_per_participant,omitempty"`
	Threads      float64 `json:"threads_per_participant"`
	Descriptors  float64 `json:"descriptors_per_participant"`

	// From the websocket's dial to the transport connected; from the request to admit to the first packet, and to the first packet of
	// a key frame, on whichever side gets it later.
	JoinP50      float64 `json:"join_p50_ms"`
	JoinP95      float64 `json:"join_p95_ms"`
	AdmitP50     float64 `json:"admit_to_packet_p50_ms"`
	AdmitP95     float64 `json:"admit_to_packet_p95_ms"`
	PictureP50   float64 `json:"admit_to_key_frame_p50_ms"`
	PictureP95   float64 `json:"admit_to_key_frame_p95_ms"`
	RefusedJoins int     `json:"refused_joins"`

	// Of join: from the websocket's dial to a viewer's first packet, going straight in, and the same when the practitioner admits first.
	// Of churn: who came and went, and what was left of it.
	Joins             int     `json:"joins,omitempty"`
	CutJoins          int     `json:"cut_joins,omitempty"`
	ViewP50           float64 `json:"view_p50_ms,omitempty"`
	ViewP95           float64 `json:"view_p95_ms,omitempty"`
	AdmittedP50       float64 `json:"admitted_view_p50_ms,omitempty"`
	AdmittedP95       float64 `json:"admitted_view_p95_ms,omitempty"`
	CPUPerJoin        float64 `json:"cpu_ms_per_join,omitempty"`
	GoroutinesBefore  int     `json:"goroutines_before,omitempty"`
	GoroutinesAfter   int     `json:"goroutines_after,omitempty"`
	DescriptorsBefore int     `json:"descriptors_before,omitempty"`
	DescriptorsAfter  int     `json:"descriptors_after,omitempty"`
	ThreadsBefore     int     `json:"threads_before,omitempty"`
	ThreadsAfter      int     `json:"threads_after,omitempty"`
	MemoryPeak        float64 `json:"rss_peak_mb,omitempty"`
	SettledAfter      float64 `json:"settled_after_s,omitempty"`

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
	case r.Scenario == scenarioJoin || r.Scenario == scenarioChurn:
		if r.Joins == 0 {
			return "nobody joined"
		}
	case r.Delivered == 0:
		return "nothing was delivered"
	case r.Strays > 0:
		return fmt.Sprintf("%d packets arrived in a room that they were not for", r.Strays)
	}
	return ""
}
