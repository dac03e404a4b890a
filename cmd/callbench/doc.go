// Command callbench puts simulated consultations on a running server and measures what they cost it.
//
//	callbench consult -rooms 10,25,50
//
// starts, for each number, a fresh bin/colloque on free ports of the loopback interface with a temporary data folder, signs in by the
// link that it prints, and brings that many two-person consultations up, one participant after the other, as browsers do: a
// consultation by the API, the practitioner by cookie, the patient by link, admitted at the desk. Then, for -dur, every participant
// sends what a browser sends (Opus-like: 50 packets/s of 120 bytes; VP8: 1.2 Mbit/s in 1,100-byte packets, 30 frames a second, each
// frame a burst, key frames when asked) over a PeerConnection of its own with the lane layout of docs/media-path.md §1, AES-128-GCM.
// Nothing is encoded or decoded. It never touches the server's process but to read /proc, and /metrics outside of the window.
//
//	                                       this process                │ the server
//	pacer ──tick──▶ source ──stamp──▶ PeerConnection ──── UDP ──────────▶ sfu ─┐
//	                                                                   │       │
//	bench ◀─sums── ledger ◀─record── lane (peer) ◀─ PeerConnection ◀──── UDP ──┘
//	  │                                                                │
//	  └─ driver: sign in, start, join, admit, end ◀──── HTTP, websocket ──▶ consult/api, signal
//
// Each packet carries its source, its number and when it was sent, so that loss and one-way latency are exact: both ends are one process
// with one clock. Latency includes the sender's encryption and the receiver's decryption and goroutine wake-up; two such
// PeerConnections without any server have 0.1 ms at the median. The server's CPU time is utime+stime of its process; on the loopback
// interface the receiver's part of the kernel's work is done in the sender's system call, so it weighs on the server's side
// what the server sends, and on ours what we send. Cost per packet depends on the load (wake-ups are shared when packets are
// dense), so compare only equal cases, measured in the same minutes on a quiet machine: other_cores and pacer_p99_ms say how quiet.
//
// # Result
//
// One readable row for each case, and last one line of JSON: an object for one case, {"cases":[…]} for several. Fields of a case
// (times of packets in µs or ms as named; MB is 10⁶ bytes):
//
//	scenario, rooms, participants        what was measured; participants: who joined
//	seconds                              length of the window
//	cpu_us_per_packet = user_us + sys_us server CPU over the window / delivered
//	context_switches_per_packet          of all the server's threads, over the window / delivered
//	latency_p50_ms, …p95…, …p99…         one way, of the delivered packets
//	sent, delivered, delivered_ratio     sent in the window, once per receiver; arrived, each counted once; delivered/sent
//	duplicates, strays, missing_streams  arrived again; arrived in another room (must be 0); never heard before the window
//	udp_drops                            datagrams dropped at full socket buffers in the window, the server's and ours
//	key_frame_requests, nacks            what the server asked the senders for, since they joined
//	rss_before_mb, rss_mb                resident memory of the server before the first join, and at the end of the window
//	rss_mb_per_participant               the difference / participants
//	goroutines_per_participant           the same of go_goroutines in /metrics; left out when that can't be read
//	join_p50_ms, join_p95_ms             websocket dial → PeerConnection connected
//	admit_to_packet_p50_ms, …p95…        request to admit → first packet, on whichever of both sides it comes later
//	admit_to_key_frame_p50_ms, …p95…     the same → first packet of a key frame
//	refused_joins                        joins that failed, for whatever reason
//	pacer_p99_ms                         how late callbench itself sent. Above about 5, latency is the machine's and not the server's
//	server_cores, own_cores, other_cores, stolen_cores
//	                                     CPU used meanwhile by the server, by callbench, by all else, and taken by the machine's host
//
// The exit code is 1 when a join was refused, nothing was delivered, or a packet came to the wrong room; 2 when the command line is wrong.
//
// # Inside
//
// [run] picks a scenario, which turns flags into a campaign of plans; a bench measures one plan through a driver, the only part that knows
// a server's signalling. Goroutines: "pacer" (two, ended by lab.close), "lane", "lane-rtcp" and "feedback" (per peer, ended by
// peer.close), "line" (per websocket, ended by line.close), and the one that drains the server's output (ends with the server).
// Locks are leaves: none is held while another is taken.
package main
