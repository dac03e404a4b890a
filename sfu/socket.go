package sfu

import (
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"time"
)

// SocketConfig is what a Socket needs to know.
type SocketConfig struct {
	// Address is the UDP address to listen on, "host:port". An empty host means every address, IPv4 and IPv6.
	Address string
	// ReceiveBuffer and SendBuffer are the kernel's buffers in bytes. 0: 4 MiB. Without the privilege to exceed
	// net.core.rmem_max the kernel gives what it allows.
	ReceiveBuffer, SendBuffer int
}

const (
	defaultSocketBuffer = 4 << 20
	turnQueue           = 1024 // datagrams
)

// SocketStats counts what went through a Socket since it was opened.
type SocketStats struct {
	In, Out           uint64 // datagrams
	InBytes, OutBytes uint64
	DropJunk          uint64 // of no known protocol
	DropUnknown       uint64 // media from an address that no peer proved to be its own
	DropTooLong       uint64
	DropEarly         uint64 // media of a peer whose transport has no keys, or is closed
	DropAuth          uint64 // SRTP and SRTCP that is not authentic, or came before
	DropQueue         uint64 // a peer's transport did not keep up
	DropTURNQueue     uint64 // the TURN server did not keep up
	DropSend          uint64 // the kernel refused to send
	Relayed           uint64 // datagrams that came in through Inject
	Panics            uint64 // datagrams that could not be borne
	ReceiveBuffer     int    // what the kernel granted, in bytes
}

// Socket is the one UDP socket of media, STUN and TURN. It splits what comes in by the first bytes, and sends what goes
// out, except to 240.0.0.0/4: those addresses stand for relayed peers (docs/media-path.md §3).
type Socket struct {
	// Static after construction.
	sys   sysSocket
	local netip.AddrPort
	pool  *datagramPool
	turn  *turnView
	mux   *muxTable
	done  chan struct{} // closed when the goroutine "socket" has ended

	segments atomic.Bool // the kernel cuts messages (UDP_SEGMENT); false for good once it refused one
	closing  atomic.Bool
	lent     sync.Pool // *batch
	transit  transit

	relay     atomic.Pointer[func([]byte, netip.AddrPort)]
	count     socketCounters
	granted   int
	closeOnce sync.Once
	closeErr  error
}

type socketCounters struct {
	in, out, inBytes, outBytes                                    atomic.Uint64
	junk, unknown, tooLong, queue, turnQueue, send, relay, panics atomic.Uint64
	early, auth                                                   atomic.Uint64
}

// Listen opens the socket and starts its goroutine.
func Listen(cfg SocketConfig) (*Socket, error) {
	addr, err := net.ResolveUDPAddr("udp", cfg.Address)
	if err != nil {
		return nil, fmt.Errorf("sfu: media address %q: %w", cfg.Address, err)
	}
	sys, local, segments, granted, err := openSocket(addr, orDefault(cfg.ReceiveBuffer), orDefault(cfg.SendBuffer))
	if err != nil {
		return nil, fmt.Errorf("sfu: listen for media on %q: %w", cfg.Address, err)
	}
	s := &Socket{
		sys:     sys,
		local:   netip.AddrPortFrom(local.Addr().Unmap(), local.Port()),
		granted: granted,
		pool:    new(datagramPool),
		done:    make(chan struct{}),
	}
	s.segments.Store(segments)
	s.turn = &turnView{socket: s, queue: newDatagramQueue(s.pool, turnQueue)}
	s.mux = newMuxTable(s)
	go s.run()
	return s, nil
}

func orDefault(n int) int {
	if n == 0 {
		return defaultSocketBuffer
	}
	return n
}

// run is the goroutine "socket": it reads the kernel's socket, and forwards what comes; it waits for nothing else. It ends
// at Close.
func (s *Socket) run() {
	defer close(s.done)
	r, out := newReader(s), newBatch(s, batchBytes, batchPackets)
	for s.read(r, out) {
	}
}

// read takes datagrams in until the socket closes, then it returns false; or until one can't be borne, then true.
func (s *Socket) read(r *reader, out *batch) (again bool) {
	defer func() {
		if recover() != nil {
			s.count.panics.Add(1)
			again = true
		}
	}()
	var arrived time.Time
	for {
		n, err := r.read(arrived)
		if s.closing.Load() {
			return false
		}
		if err != nil {
			continue // an ICMP error of an earlier send
		}
		arrived = time.Now()
		for i := range n {
			b, from := r.datagram(i)
			s.receive(b, from, arrived, out)
		}
		out.done(arrived)
	}
}

// receive gives one datagram of the network to the view it belongs to. What it gives rise to is gathered in out.
func (s *Socket) receive(b []byte, from netip.AddrPort, arrived time.Time, out *batch) {
	s.count.in.Add(1)
	s.count.inBytes.Add(uint64(len(b)))
	if isRelayed(from.Addr()) {
		s.count.junk.Add(1) // a forged source: those addresses exist in this process only
		return
	}
	if len(b) > maxDatagram {
		s.count.tooLong.Add(1)
		return
	}
	switch classify(b) {
	case classMedia:
		s.mux.dispatch(b, from, arrived, out)
	case classTURN:
		if !s.turn.queue.put(b, from) {
			s.count.turnQueue.Add(1)
		}
	case classJunk:
		s.count.junk.Add(1)
	}
}

// send writes one datagram; to relayed addresses through the relay handler.
func (s *Socket) send(b []byte, to netip.AddrPort) (int, error) {
	if isRelayed(to.Addr()) {
		if relay := s.relay.Load(); relay != nil {
			(*relay)(b, to)
		} else {
			s.count.send.Add(1)
		}
		return len(b), nil
	}
	if err := s.sys.send(b, to); err != nil {
		s.count.send.Add(1)
		return 0, fmt.Errorf("sfu: send: %w", err)
	}
	s.count.out.Add(1)
	s.count.outBytes.Add(uint64(len(b)))
	return len(b), nil
}

// relayedNet holds the addresses of relayed peers: 240.0.0.0/4 is reserved (RFC 1112 §4), so no real peer has one.
var relayedNet = netip.PrefixFrom(netip.AddrFrom4([4]byte{240}), 4)

func isRelayed(a netip.Addr) bool { return relayedNet.Contains(a) }

// Inject takes a datagram in as if it came from a relayed address. It may be called by any goroutine. It does not keep b, but
// overwrites it. What is not media is dropped: nobody reaches the TURN server through itself.
func (s *Socket) Inject(b []byte, from netip.AddrPort) {
	s.count.relay.Add(1)
	if !isRelayed(from.Addr()) || len(b) > maxDatagram || classify(b) != classMedia {
		s.count.junk.Add(1)
		return
	}
	out, arrived := s.borrow(), time.Now()
	defer s.giveBack(out)
	s.mux.dispatch(b, from, arrived, out)
	out.done(arrived)
}

// HandleRelayed sets the function that gets what the media sends to relayed addresses. It must not block and must not
// keep b.
func (s *Socket) HandleRelayed(f func(b []byte, to netip.AddrPort)) { s.relay.Store(&f) }

// TURN is the view of a STUN and TURN server: their messages, ChannelData and Binding requests without USERNAME. Closing
// it does not close the socket.
func (s *Socket) TURN() net.PacketConn { return s.turn }

// LocalPort is the UDP port.
func (s *Socket) LocalPort() int { return int(s.local.Port()) }

// LocalAddr is the address that the socket listens on.
func (s *Socket) LocalAddr() netip.AddrPort { return s.local }

// Stats are the counters since Listen.
func (s *Socket) Stats() SocketStats {
	c := &s.count
	return SocketStats{
		In: c.in.Load(), Out: c.out.Load(), InBytes: c.inBytes.Load(), OutBytes: c.outBytes.Load(),
		DropJunk: c.junk.Load(), DropUnknown: c.unknown.Load(), DropTooLong: c.tooLong.Load(), DropQueue: c.queue.Load(),
		DropEarly: c.early.Load(), DropAuth: c.auth.Load(), DropTURNQueue: c.turnQueue.Load(), DropSend: c.send.Load(), Relayed: c.relay.Load(), Panics: c.panics.Load(), ReceiveBuffer: s.granted,
	}
}

// Close ends both views, then the socket, and waits for its goroutine.
func (s *Socket) Close() error {
	s.closeOnce.Do(func() {
		s.closing.Store(true)
		s.closeErr = s.sys.close()
		<-s.done
		s.turn.queue.close()
		s.mux.close()
	})
	return s.closeErr
}
