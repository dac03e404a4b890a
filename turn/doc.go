// Package turn is a TURN server (RFC 8656) that reaches our own media socket and nothing else, inside the process and
// without a single relay socket. Browsers whose network lets no direct path through reach the call with it.
//
//	browser ──UDP──▶ clients ─▶ gate ─▶ pion/turn ─▶ relay.WriteTo ─▶ Media.Inject         (from 240.0.0.1:49152)
//	                 (the view    refuses  credentials,  refuses every                │
//	                 of the one   early,   permissions,  peer but the media           ▼
//	                 UDP socket)  limits   channels      addresses, IP and port     media
//	browser ◀─UDP── clients ◀─ gate ◀─ pion/turn ◀─ relay.ReadFrom ◀─ queue ◀─ Media.HandleRelayed (to 240.0.0.1:49152)
//
// Each allocation gets a synthetic relayed address out of 240.0.0.0/4, which no peer on the Internet can have. The media
// sees a relayed packet come from it and answers to it; nothing ever leaves the machine.
//
// # Types
//
// [Server] is made by [New] from a [Config], the packet connection on which the clients talk, and a [Media]. It gives
// [Credentials] for a session, ends a session's allocations with Drop, and counts in [Stats].
//
// Three walls stand between a client and a wrong address, each enough alone: the gate refuses the request, pion asks
// permit, and relay.WriteTo drops the packet. All three compare exact addresses: an IPv4 address written as an IPv6 one
// (mapped, compatible, 6to4, NAT64) is another address and refused.
//
// # Files, in the order of a packet
//
//	gate.go requests.go limiter.go   what may reach pion, and the answers given without it
//	server.go credentials.go         who may, how many, how long
//	relay.go route.go addresses.go   the relay itself
//
// # Goroutines
//
//	read loop      pion's, one: reads the gate. Ends when clients is closed; Close waits for it
//	packet handler pion's, one an allocation: reads relay.ReadFrom. Ends with its relay; Close waits for all of them
//
// pion starts both, so a panic inside them cannot be caught here; the gate lets only well-formed messages through.
//
// # Locks
//
// gate.handling is held while pion handles a request, and taken before Server.mu. relay.route has one of its own, for STUN packets
// only; nothing is locked under it. A media packet takes no lock that two allocations share.
//
// # Errors
//
// [ErrConfig] wraps every complaint of Validate; [ErrFull] and [ErrUnsupported] go to pion, which tells the client.
// Refused packets are no errors: they are counted by cause (see [Refusal]).
package turn
