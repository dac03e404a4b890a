// Command callbench puts simulated consultations on a server and measures what they cost it: ours, or ours and another in turn.
//
//	callbench consult -rooms 10,25,50,75                         two-person consultations
//	callbench group -people 8                                    a room in which all speak
//	callbench webinar -viewers 50                                one sender, many viewers
//	callbench join, callbench churn                              how long joining takes; what coming and going leaves behind
//	callbench goals -against galene=/path/of/galene              the table of goals, against a Galene
//	callbench consult -search -cores 1 -rooms 60                 the largest number of consultations on one core
//
// starts, for each run, a fresh server on free ports with a temporary folder, signs in by the link that it prints, and brings everybody in,
// one after the other, as browsers do: a consultation by the API, the practitioner by cookie, the others by link, admitted at the desk. Then,
// for -dur, every sender sends what -load says over a PeerConnection with the lane layout of docs/media-path.md §1, AES-128-GCM. Nothing is
// encoded or decoded. It never touches the server's process but to read /proc, and /metrics outside of the window.
//
//	                                       this process                │ the server
//	pacer ──tick──▶ source ──stamp──▶ PeerConnection ──── UDP ──────────▶ sfu ─┐
//	                  ▲ load                                           │       │
//	bench ◀─sums── ledger ◀─record── track (peer) ◀─ PeerConnection ◀─── UDP ──┘
//	  │                                                                │
//	  └─ driver: sign in, start, join, admit, end ◀──── HTTP, websocket ──▶ consult/api, signal; or a peer's
//
// Each packet carries its source, its number and when it was sent, so that loss and one-way latency are exact: both ends are one process
// with one clock. Latency includes the sender's encryption and the receiver's decryption and goroutine wake-up; two such
// PeerConnections without any server have 0.1 ms at the median. The server's CPU time is utime+stime of its process; on the loopback
// interface the receiver's part of the kernel's work is done in the sender's system call, so it weighs on the server's side
// what the server sends, and on ours what we send. Cost per packet depends on the load (wake-ups are shared when packets are
// dense), so compare only equal cases, in turn, in the same minutes: -against and -pairs do that, and print medians, their ratio and the
// ratios' spread. A consultation holds 12 people: more viewers are spread over more rooms, for both servers alike, and the row says so.
//
// # Loads
//
// burst: Opus-like 50 packets/s of 120 bytes, and 1.2 Mbit/s of VP8 in 1,100-byte packets, 30 frames a second, each frame at once, key frames
// when asked. spread: the same, over the frame's time. trace: sizes and times of what a Chromium sent, testdata/chromium-720p.trace (its head
// says how it was recorded): the largest of three simulcast layers, and the sound.
//
// # Result
//
// One readable row for each run, and last one line of JSON: an object for one run, {"cases":[…]} for several. Times are in µs or ms as named; MB
// is 10⁶ bytes. The fields are explained in result.go; most of all:
//
//	cpu_us_per_packet = user_us + sys_us  server CPU over the window / packets delivered to one receiver
//	latency_…                             one way, of the delivered packets; transit_…: in the server, as its /metrics say
//	delivered_ratio, loss_percent         of what was sent in the window, once per receiver
//	strays, missing_streams               arrived in another room (must be 0); never heard before the window
//	rss_mb_per_participant, goroutines_…  growth since before the first join / participants; threads where goroutines are not known
//	join_…                                websocket dial → PeerConnection connected; view_…: → a viewer's first packet
//	pacer_p99_ms                          how late callbench itself sent. Above 5, latency is the machine's and not the server's
//	other_cores, stolen_cores             used meanwhile by all else, and taken by the machine's host; -max-other throws such runs away
//
// The exit code is 1 when a join was refused, nothing was delivered, or a packet came to the wrong room; 2 when the command line is wrong.
//
// # Inside
//
// [run] picks a scenario, which turns flags into a campaign of plans. The campaign starts a contender's server (makers.go, configure.go) for
// each run; a bench measures one plan (steady.go, joins.go) through a driver, the only part that knows a server's signalling (colloque.go, galene.go,
// janus.go). A load says what a source sends; a trace is read, replayed (trace.go) and made of a capture (capture.go).
//
// Goroutines: "pacer" (two, ended by lab.close), "lane", "lane-rtcp" and "feedback" (per peer), "follow" and "keep-alive" (per peer of Janus; all
// ended by peer.close), "line" or "socket" (per websocket, ended by its close), churn's joins (waited for at its end), and the one that drains the
// server's output (ends with the server). Locks are leaves: none is held while another is taken.
package main
