package sfu

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
)

// SFU forwards media between the peers of its rooms.
type SFU struct {
	// Static after construction.
	cfg    Config
	socket *Socket
	log    *slog.Logger
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
	s := &SFU{
		cfg: cfg.withDefaults(), socket: socket, log: log, count: new(counters),
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
	w, err := newSocketWire(s.socket, addrs, p)
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
	p.negotiating.Lock()
	defer p.negotiating.Unlock()
	if p.offered != nil {
		if err := o.follows(p.offered); err != nil {
			return ConnectReply{}, err
		}
	}
	answer, outlets, err := p.wire.negotiate(ctx, o)
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.gone {
		return ConnectReply{}, fmt.Errorf("%w: %s", ErrNoPeer, p.id)
	}
	if err != nil {
		return ConnectReply{}, err
	}
	o.answered()
	p.offered = o
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
	out.Socket, out.Transit = s.socket.Stats(), s.socket.transit.snapshot()
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
