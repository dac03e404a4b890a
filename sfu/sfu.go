package sfu

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/webrtc/v4"
)

// SFU forwards media between the peers of its rooms.
type SFU struct {
	// Static after construction.
	cfg    Config
	socket *Socket
	log    *slog.Logger
	cert   webrtc.Certificate
	events *eventQueue
	count  *counters
	stop   chan struct{} // closed by Close: ends the monitor
	done   chan struct{} // closed when the monitor has ended
	once   sync.Once

	streams atomic.Uint32           // the last stream number given
	living  atomic.Pointer[[]*peer] // for the monitor; copy on write under mu

	// mu guards the following, and what the comments of peer, publication and room say. Taken first of all locks; the
	// media path never takes it.
	mu     sync.Mutex
	peers  map[PeerID]*peer
	rooms  map[RoomID]*room
	closed bool
}

// New makes an SFU on a socket. The socket stays the caller's: close the SFU first, then the socket.
func New(cfg Config, socket *Socket, log *slog.Logger) (*SFU, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("sfu: certificate key: %w", err)
	}
	cert, err := webrtc.GenerateCertificate(key)
	if err != nil {
		return nil, fmt.Errorf("sfu: certificate: %w", err)
	}
	s := &SFU{
		cfg: cfg.withDefaults(), socket: socket, log: log, cert: *cert, count: new(counters),
		stop: make(chan struct{}), done: make(chan struct{}),
		peers: map[PeerID]*peer{}, rooms: map[RoomID]*room{},
	}
	s.living.Store(new([]*peer))
	s.events = newEventQueue(s.cfg.OnEvent)
	go s.monitor()
	return s, nil
}

// PublishLine says what one of the peer's own m-lines sends.
type PublishLine struct {
	Mid    string
	Source Source
}

// ConnectRequest is a browser's offer (docs/media-path.md §1), and what its send m-lines are.
type ConnectRequest struct {
	Peer    PeerID
	Offer   string
	Publish []PublishLine
}

// ConnectReply is the answer.
type ConnectReply struct{ Answer string }

// Connect makes a peer and its transport. The peer is in no room: it gets nothing, and nobody gets anything of it, until
// Enter. Errors: ErrBadOffer, ErrPeerExists, ErrClosed.
func (s *SFU) Connect(ctx context.Context, req ConnectRequest) (ConnectReply, error) {
	o, err := parseOffer(req.Offer)
	if err != nil {
		return ConnectReply{}, err
	}
	p := newPeer(s, req.Peer)
	if err := p.declare(o, req.Publish); err != nil {
		return ConnectReply{}, err
	}
	addrs, err := hostAddrs(s.socket.local, s.cfg.AdvertisedAddrs)
	if err != nil {
		return ConnectReply{}, fmt.Errorf("sfu: addresses: %w", err)
	}
	w, err := newPionWire(s.cfg, &muxView{table: s.socket.mux, addrs: addrs}, s.cert, p)
	if err != nil {
		return ConnectReply{}, err
	}
	p.wire = w
	if err := s.register(p); err != nil {
		_ = w.close()
		return ConnectReply{}, err
	}
	reply, err := s.negotiate(ctx, p, o)
	if err != nil {
		s.Disconnect(p.id)
	}
	return reply, err
}

// declare makes the peer's publications.
func (p *peer) declare(o *offer, lines []PublishLine) error {
	for _, line := range lines {
		k, ok := kindOf(line.Source)
		if !ok {
			return fmt.Errorf("%w: source %.16q", ErrBadOffer, line.Source)
		}
		l, ok := o.line(line.Mid)
		if !ok || l.kind != k {
			return fmt.Errorf("%w: no %s m-line %.16q to send %s on", ErrBadOffer, k, line.Mid, line.Source)
		}
		if p.publications[line.Source] != nil {
			return fmt.Errorf("%w: %s twice", ErrBadOffer, line.Source)
		}
		for _, other := range p.publications {
			if other.mid == line.Mid {
				return fmt.Errorf("%w: m-line %.16q twice", ErrBadOffer, line.Mid)
			}
		}
		p.publications[line.Source] = newPublication(p, line.Source, l)
	}
	return nil
}

func (s *SFU) register(p *peer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	if s.peers[p.id] != nil {
		return fmt.Errorf("%w: %s", ErrPeerExists, p.id)
	}
	s.peers[p.id] = p
	s.noteLivingLocked()
	return nil
}

func (s *SFU) noteLivingLocked() {
	living := make([]*peer, 0, len(s.peers))
	for _, p := range s.peers {
		living = append(living, p)
	}
	s.living.Store(&living)
}

// negotiate answers an offer and takes the new lanes in.
func (s *SFU) negotiate(ctx context.Context, p *peer, o *offer) (ConnectReply, error) {
	answer, outlets, err := p.wire.negotiate(ctx, o)
	if err != nil {
		return ConnectReply{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.gone {
		return ConnectReply{}, fmt.Errorf("%w: %s", ErrNoPeer, p.id)
	}
	p.addLanes(outlets)
	if p.room != nil && p.up && len(outlets) > 0 {
		s.placeLocked(p)
	}
	return ConnectReply{Answer: answer}, nil
}

// RenegotiateRequest is a later offer of a connected peer: after an ICE restart, or with more lanes.
type RenegotiateRequest struct {
	Peer  PeerID
	Offer string
}

// Renegotiate answers a later offer. What the peer publishes can't change by it. Errors: ErrBadOffer, ErrNoPeer.
func (s *SFU) Renegotiate(ctx context.Context, req RenegotiateRequest) (ConnectReply, error) {
	o, err := parseOffer(req.Offer)
	if err != nil {
		return ConnectReply{}, err
	}
	s.mu.Lock()
	p := s.peers[req.Peer]
	s.mu.Unlock()
	if p == nil {
		return ConnectReply{}, fmt.Errorf("%w: %s", ErrNoPeer, req.Peer)
	}
	return s.negotiate(ctx, p, o)
}

// with calls f with a living peer under mu.
func (s *SFU) with(id PeerID, f func(*peer) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.peers[id]
	if p == nil {
		return fmt.Errorf("%w: %s", ErrNoPeer, id)
	}
	return f(p)
}

// Enter puts a peer into a room: from now on its publications go to the others there, and theirs to it, without
// renegotiation. Entering the same room again changes nothing. Errors: ErrNoPeer, ErrInRoom.
func (s *SFU) Enter(id PeerID, into RoomID) error {
	return s.with(id, func(p *peer) error {
		if p.room != nil {
			if p.room.id == into {
				return nil
			}
			return fmt.Errorf("%w: %s", ErrInRoom, id)
		}
		r := s.rooms[into]
		if r == nil {
			r = &room{id: into}
			s.rooms[into] = r
		}
		r.peers = append(r.peers, p)
		p.room = r
		p.openLocked()
		s.replanLocked(r)
		return nil
	})
}

// Withdraw takes a peer out of its room; its transport is kept. Errors: ErrNoPeer.
func (s *SFU) Withdraw(id PeerID) error {
	return s.with(id, func(p *peer) error {
		s.withdrawLocked(p)
		return nil
	})
}

func (s *SFU) withdrawLocked(p *peer) {
	r := p.room
	if r == nil {
		return
	}
	r.peers = slices.DeleteFunc(r.peers, func(o *peer) bool { return o == p })
	p.room = nil
	p.openLocked()
	s.placeLocked(p)
	if len(r.peers) == 0 {
		delete(s.rooms, r.id)
		return
	}
	s.replanLocked(r)
}

// openLocked brings the gates of the peer's publications up to date.
func (p *peer) openLocked() {
	for _, pub := range p.publications {
		pub.openLocked()
	}
}

// openLocked opens or shuts the gate between a publication and its subscribers. What was shut starts again from a key
// frame.
func (p *publication) openLocked() {
	open := p.published && !p.muted && p.peer.room != nil
	if p.open.Swap(open) == open || !open {
		return
	}
	now := time.Now()
	for _, sub := range *p.subscribers.Load() {
		sub.resume(now)
	}
}

func (s *SFU) withPublication(id PeerID, source Source, f func(*publication)) error {
	return s.with(id, func(p *peer) error {
		pub := p.publications[source]
		if pub == nil {
			return fmt.Errorf("%w: %s of %s", ErrNoPublication, source, id)
		}
		f(pub)
		pub.openLocked()
		if p.room != nil {
			s.replanLocked(p.room)
		}
		return nil
	})
}

// Publish says that a peer sends a source now: the others get it on a lane. Errors: ErrNoPeer, ErrNoPublication.
func (s *SFU) Publish(id PeerID, source Source) error {
	return s.withPublication(id, source, func(p *publication) { p.published = true })
}

// Unpublish says that it no longer does: its lanes are free. Errors as Publish.
func (s *SFU) Unpublish(id PeerID, source Source) error {
	return s.withPublication(id, source, func(p *publication) { p.published, p.muted = false, false })
}

// Mute pauses or resumes the forwarding of a source. Its lanes are kept. Errors as Publish.
func (s *SFU) Mute(id PeerID, source Source, muted bool) error {
	return s.withPublication(id, source, func(p *publication) { p.muted = muted })
}

// Want says how tall, in pixels, a peer shows somebody's video. 0: not shown, nothing is sent.
type Want struct {
	Peer   PeerID
	Source Source
	Height int
}

// maxWants bounds what one peer can make the server remember.
const maxWants = 256

// Want replaces what a peer wants to see. What is not named comes as tall as it is. Errors: ErrNoPeer.
func (s *SFU) Want(id PeerID, wants []Want) error {
	return s.with(id, func(p *peer) error {
		clear(p.heights)
		for _, w := range wants[:min(len(wants), maxWants)] {
			p.heights[wantKey{w.Peer, w.Source}] = max(w.Height, 0)
		}
		now := time.Now()
		for _, sub := range p.subs {
			sub.want(p.heightLocked(sub.pub), now)
		}
		return nil
	})
}

// Lanes is what a peer's lanes carry now. Errors: ErrNoPeer.
func (s *SFU) Lanes(id PeerID) (LanesEvent, error) {
	var out LanesEvent
	err := s.with(id, func(p *peer) error {
		out = p.told
		out.Lanes = slices.Clone(out.Lanes)
		return nil
	})
	return out, err
}

// Disconnect ends a peer and waits for its goroutines. No event tells of it. Unknown peers are ignored.
func (s *SFU) Disconnect(id PeerID) {
	s.mu.Lock()
	p := s.peers[id]
	if p != nil {
		p.gone = true
		delete(s.peers, id)
		s.noteLivingLocked()
		s.withdrawLocked(p)
	}
	s.mu.Unlock()
	if p != nil {
		_ = p.wire.close()
	}
}

// noteCodec: the first packets of a publication tell its codec, and so on which lanes it can go.
func (s *SFU) noteCodec(pub *publication, c codec) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if pub.codec == c {
		return
	}
	pub.codec = c
	if pub.peer.room != nil {
		s.replanLocked(pub.peer.room)
	}
}

func (s *SFU) nextStream() uint32 { return s.streams.Add(1) }

// Stats are the counters since New, and what there is now.
func (s *SFU) Stats() Stats {
	var out Stats
	s.mu.Lock()
	out.Peers, out.Rooms = len(s.peers), len(s.rooms)
	for _, p := range s.peers {
		if p.up {
			out.PeersUp++
		}
	}
	s.mu.Unlock()
	s.count.fill(&out)
	out.Socket = s.socket.Stats()
	return out
}

// Close ends every peer, then the SFU's own goroutines, and waits for all of them. Not to be called from OnEvent.
func (s *SFU) Close() error {
	s.once.Do(func() {
		s.mu.Lock()
		s.closed = true
		ids := make([]PeerID, 0, len(s.peers))
		for id := range s.peers {
			ids = append(ids, id)
		}
		s.mu.Unlock()
		var all sync.WaitGroup
		for _, id := range ids {
			all.Go(func() { s.Disconnect(id) })
		}
		all.Wait()
		close(s.stop)
		<-s.done
		s.events.close()
	})
	return nil
}
