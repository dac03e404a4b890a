// Package sfu forwards media between the peers of a room: selectively, by header, without ever decoding. It knows peers,
// publications and lanes; it knows no people, no HTTP and no signalling.
//
//	Socket ─► muxTable ─► transport ─► layer ─► subscription ─► lane ─► transport ─► batch ─► Socket
//	one UDP   by source   decrypts     ring,    selector        rewriter, encrypts     one call
//	socket    address     in place,    NACK,    (which layer)   history,  into the     for all
//	             │        streams      PLI                      RTX       batch
//	             └─► socketWire: SDP, ICE, DTLS; it gives the transport its keys and its address
//
// One goroutine takes a packet all the way. Read it in this order: socket.go, mux.go, transport.go (with srtp.go and
// streams.go), layer.go; then subscription.go, lane.go, transport_out.go, batch.go. The only way back up is "key frame,
// please" (lane.requestKeyFrame → layer.requestKeyFrame). How a peer gets there: offer.go (with media_line.go and
// transport_offer.go), socket_wire.go, answer.go; then ice.go and dtls.go. What decides is pure and has a file of its own:
// classify, record, descriptor, window, nack, keyframe, reception, numbering, selector, rewriter, voice, plan.
// docs/media-path.md says why.
//
// # Types
//
//   - Socket: the one UDP socket, and the TURN server's view of it. batch: what goes out together.
//   - SFU: rooms of peers. Its methods and Events are plain values: the seam to signalling.
//   - peer: one browser tab. wire: its transport, behind an interface; socketWire is the one there is, tests have another.
//   - iceAgent: the paths to a peer, and which of them the media takes. dtlsSession: the handshake, and what is kept of it.
//   - transport: the media half of a wire; the only owner of the peer's SRTP state. inStream: one SSRC that comes in.
//   - publication → layer: what a peer sends (a source), and one encoding of it.
//   - lane: one receive m-line of a peer; one continuous stream, whatever it carries in turn.
//   - subscription: one publication on one lane.
//
// # Goroutines
//
//	socket     reads the UDP socket, and forwards     Socket      ends at Socket.Close, which waits
//	monitor    what time alone makes happen           SFU         ends at SFU.Close, which waits
//	events     calls Config.OnEvent, in order         SFU         ends at SFU.Close, which waits
//	handshake  a peer's DTLS, with those of pion/dtls socketWire  ends when it is verified; or at Disconnect, which waits
//	alert      reads a peer's close_notify, likewise  socketWire  ends when it is read, or after a second; or as above
//
// A peer that is connected has none; pion's end a moment after ours. There is one loop; beside it the TURN server's goroutines
// bring in what relayed peers send (Socket.Inject): transport.mu keeps one peer's packets in order, whoever brings them. All of
// ours that read the network recover: bytes that can't be borne are counted and end their own peer (PeerFailed).
//
// # Locks, in the order in which they are taken
//
//	peer.negotiating one offer at a time.
//	iceAgent.mu      one peer's credentials and paths: held while one of its checks is answered.
//	dtlsSession.mu   one peer's handshake. socketWire.mu is taken under it.
//	transport.mu     what comes from one peer: held while one of its media datagrams is handled.
//	SFU.mu           rooms, publications' states, who is on which lane. The media path never takes it, but when a stream opens.
//	lane.mu          one lane's subscription, selector, rewriter, history and SRTP state. Held while a packet is sent.
//	layer.mu         one layer's ring and requests. Not held while a packet is fanned out.
//	publication.write, peer.clockMu, eventQueue.mu, muxTable.mu, datagramQueue.mu, srtpContext.mu: leaves.
//
// The fan-out reads copy-on-write slices. Packets do not change after their layer kept them; forwarding allocates nothing.
// A wire calls a receiver from one goroutine at a time, and close is never called under a lock.
//
// # Errors
//
// Sentinels in errors.go, wrapped with their operand. ErrBadOffer is the browser's fault; the others are the caller's.
package sfu
