package turn

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"slices"
	"sync"
	"time"

	pionturn "github.com/pion/turn/v4"
)

// Media is our own media socket, as far as a relay needs it.
type Media interface {
	// Inject takes a packet as if it had come from the address from. It must not block, nor keep b.
	Inject(b []byte, from netip.AddrPort)
	// HandleRelayed is called once, with a function to which every packet for 240.0.0.0/4 is to be given. That function
	// does not block and keeps nothing of b; many goroutines may call it, also after Close.
	HandleRelayed(func(b []byte, to netip.AddrPort))
}

// Server relays between browsers and our own media. All methods may be called by many goroutines.
type Server struct {
	// static after New
	cfg      Config
	media    mediaAddrs
	sink     Media
	log      *slog.Logger
	gate     *gate
	pion     *pionturn.Server
	relays   *addressBook
	packets  sync.Pool // of *packet
	counters counters

	mu       sync.Mutex // guards the following
	clients  map[netip.AddrPort]*client
	sessions map[string][]*client
	barred   map[string]int64 // session -> Unix seconds: credentials up to this expiry open nothing

	handlers sync.WaitGroup // pion's packet handlers, one an allocation
	closing  sync.Once
	closed   error // of the clients' connection, once closing is done
}

// client is a client's live allocation.
type client struct {
	// static
	address  *net.UDPAddr
	source   netip.AddrPort
	username string
	session  string
	relay    *relay

	ends time.Time // when pion's timer ends the allocation; owned by the read loop
}

// New starts a server that talks to its clients over the given connection, which belongs to it from then on. The
// connection's addresses must be *net.UDPAddr.
func New(cfg Config, clients net.PacketConn, media Media, log *slog.Logger) (*Server, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	cfg = cfg.withDefaults()
	if len(cfg.Secret) == 0 {
		cfg.Secret = make([]byte, 32)
		if _, err := rand.Read(cfg.Secret); err != nil {
			return nil, fmt.Errorf("turn: secret: %w", err)
		}
	}
	s := &Server{
		cfg:      cfg,
		media:    newMediaAddrs(cfg.MediaAddrs),
		sink:     media,
		log:      log,
		relays:   newAddressBook(cfg.MaxAllocations),
		clients:  map[netip.AddrPort]*client{},
		sessions: map[string][]*client{},
		barred:   map[string]int64{},
	}
	s.packets.New = func() any { return new(packet) }
	s.gate = newGate(s, clients)
	media.HandleRelayed(s.deliver)
	if !slices.ContainsFunc(cfg.MediaAddrs, func(a netip.AddrPort) bool { return a.Addr().Is4() }) {
		log.Warn("turn: no IPv4 media address, browsers will not use the relay")
	}
	var err error
	s.pion, err = pionturn.NewServer(pionturn.ServerConfig{
		Realm:         cfg.Realm,
		AuthHandler:   s.authenticate,
		QuotaHandler:  s.mayAllocate,
		LoggerFactory: pionLog{log: log, counters: &s.counters},
		InboundMTU:    maxPacket,
		EventHandler: pionturn.EventHandler{
			OnAuth:              s.handleAuth,
			OnAllocationCreated: s.handleCreated,
			OnAllocationDeleted: s.handleDeleted,
		},
		PacketConnConfigs: []pionturn.PacketConnConfig{{
			PacketConn:            s.gate,
			RelayAddressGenerator: generator{s},
			PermissionHandler:     s.media.permit,
		}},
	})
	if err != nil {
		return nil, fmt.Errorf("turn: %w", err)
	}
	return s, nil
}

// deliver takes a packet of the media for a relayed address.
func (s *Server) deliver(b []byte, to netip.AddrPort) {
	r := s.relays.at(to)
	switch {
	case r == nil:
		s.refuse(RefusalStray)
	case len(b) > maxPacket:
		s.counters.dropped.Add(1)
	default:
		r.deliver(b)
	}
}

// handleAuth counts wrong passwords. pion calls it with its verdict.
func (s *Server) handleAuth(_, _ net.Addr, _, _, _ string, _ string, verdict bool) {
	if !verdict {
		s.refuse(RefusalCredential)
	}
}

// handleCreated is called by the read loop after AllocatePacketConn and before the packet handler starts.
func (s *Server) handleCreated(from, _ net.Addr, _, username, _ string, relayed net.Addr, _ int) {
	s.handlers.Add(1)
	r := s.relays.at(addrPort(relayed))
	expiry, session, ok := parseUsername(username)
	if r == nil || !ok { // cannot be: pion has just been given both
		return
	}
	source := addrPort(from)
	c := &client{
		address:  net.UDPAddrFromAddrPort(source),
		source:   source,
		username: username,
		session:  session,
		relay:    r,
	}
	s.counters.made.Add(1)
	s.mu.Lock()
	barred := s.barredLocked(expiry, session) // Drop may have come since mayAllocate
	if !barred {
		r.client = c
		s.clients[source] = c
		s.sessions[session] = append(s.sessions[session], c)
	}
	s.mu.Unlock()
	if barred {
		_ = r.Close() // never fails
	}
}

// handleDeleted is called by the goroutine that ended the allocation, once for each handleCreated. The relay is closed
// already, which has forgotten the client.
func (s *Server) handleDeleted(_, _ net.Addr, _, _, _ string) { s.handlers.Done() }

// clientAt returns the live allocation of source, or nil.
func (s *Server) clientAt(source netip.AddrPort) *client {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clients[source]
}

// forget takes the client of a relay that ends off the books. From then on the gate lets nothing of it through.
func (s *Server) forget(r *relay) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := r.client
	if c == nil {
		return
	}
	if s.clients[c.source] == c { // else a later allocation has the same source
		delete(s.clients, c.source)
	}
	rest := slices.DeleteFunc(s.sessions[c.session], func(other *client) bool { return other == c })
	if len(rest) == 0 {
		delete(s.sessions, c.session)
	} else {
		s.sessions[c.session] = rest
	}
}

// Drop ends the allocations of session now, and bars the credentials that it has got so far. Credentials issued to it
// afterwards are good.
func (s *Server) Drop(session string) {
	now := time.Now()
	s.mu.Lock()
	for other, expiry := range s.barred {
		if expiry < now.Unix() {
			delete(s.barred, other)
		}
	}
	// Credentials issued after an earlier Drop may expire one second later than that Drop's.
	s.barred[session] = max(s.barred[session]+1, now.Add(s.cfg.CredentialLifetime).Unix())
	ending := slices.Clone(s.sessions[session])
	s.mu.Unlock()
	for _, c := range ending {
		_ = c.relay.Close() // never fails
	}
}

// Close ends all allocations and the clients' connection, and waits for pion's goroutines.
func (s *Server) Close() error {
	s.closing.Do(func() {
		if err := s.pion.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			s.closed = fmt.Errorf("turn: %w", err)
		}
		<-s.gate.ended
		for i := range s.relays.slots {
			if r := s.relays.slots[i].Load(); r != nil {
				_ = r.Close() // never fails
			}
		}
		s.handlers.Wait()
	})
	return s.closed
}
