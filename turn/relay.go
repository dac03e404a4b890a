package turn

import (
	"net"
	"net/netip"
	"sync"
	"time"
)

// maxPacket is in bytes. pion reads and writes no more than this at once.
const maxPacket = 1600

// packet is one on its way from the media to a client.
type packet struct {
	n     int
	media int // the number of the media address that it comes from
	bytes [maxPacket]byte
}

// A relay is what pion takes for the relay socket of an allocation. It has no socket.
type relay struct {
	// static after addressBook.add
	server  *Server
	address netip.AddrPort
	local   *net.UDPAddr

	queue chan *packet  // from the media; the oldest goes when it is full
	done  chan struct{} // closed by Close
	once  sync.Once
	route route

	client *client // guarded by Server.mu; nil until pion has told us whose it is
}

func (s *Server) newRelay() *relay {
	r := &relay{
		server: s,
		queue:  make(chan *packet, s.cfg.QueuePackets),
		done:   make(chan struct{}),
	}
	r.route.single = len(s.media.list) == 1
	return r
}

// WriteTo passes what a client sent on to the media. Everybody else is refused, the last of three times that this is
// checked. It never returns an error, which pion would log for every packet.
func (r *relay) WriteTo(b []byte, to net.Addr) (int, error) {
	peer, ok := to.(*net.UDPAddr)
	if !ok {
		r.server.refuse(RefusalPeer)
		return len(b), nil
	}
	media := r.server.media.index(peer.AddrPort())
	if media < 0 {
		r.server.refuse(RefusalPeer)
		return len(b), nil
	}
	if !r.live() {
		return len(b), nil
	}
	r.route.sent(b, media)
	r.server.counters.toMedia(len(b))
	r.server.sink.Inject(b, r.address)
	return len(b), nil
}

// deliver queues what the media sends to the client. It never blocks, and keeps nothing of b.
func (r *relay) deliver(b []byte) {
	p := r.server.packets.Get().(*packet)
	p.n = copy(p.bytes[:], b)
	p.media = r.route.reply(b)
	select {
	case r.queue <- p:
		return
	default:
	}
	// A client that cannot keep up is better served by what is new.
	select {
	case oldest := <-r.queue:
		r.server.packets.Put(oldest)
		r.server.counters.dropped.Add(1)
	default:
	}
	select {
	case r.queue <- p:
	default: // others were quicker
		r.server.packets.Put(p)
		r.server.counters.dropped.Add(1)
	}
}

// ReadFrom gives pion the next packet for the client. Its error makes pion end the allocation.
func (r *relay) ReadFrom(b []byte) (int, net.Addr, error) {
	for r.live() {
		select {
		case p := <-r.queue:
			n, from := copy(b, p.bytes[:p.n]), r.server.media.udp[p.media]
			r.server.packets.Put(p)
			r.server.counters.toClients(n)
			return n, from, nil
		case <-r.done:
		}
	}
	// pion v4.1.4 dereferences the timer of a permission that is just being made when the allocation ends at the same
	// time, and the program dies. So it ends between two requests. The gate lets no request for this allocation
	// through any more.
	r.server.gate.wait()
	return 0, nil, net.ErrClosed
}

func (r *relay) live() bool {
	select {
	case <-r.done:
		return false
	default:
		return true
	}
}

// Close ends the relay: what is still queued is lost.
func (r *relay) Close() error {
	r.once.Do(func() {
		r.server.forget(r)
		close(r.done)
		r.server.relays.remove(r)
	})
	return nil
}

// LocalAddr returns the synthetic address.
func (r *relay) LocalAddr() net.Addr { return r.local }

// SetDeadline does nothing: pion sets none.
func (r *relay) SetDeadline(time.Time) error { return nil }

// SetReadDeadline does nothing: pion sets none.
func (r *relay) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline does nothing: writing never blocks.
func (r *relay) SetWriteDeadline(time.Time) error { return nil }

// generator is pion's RelayAddressGenerator.
type generator struct{ server *Server }

// Validate has nothing to check.
func (g generator) Validate() error { return nil }

// AllocatePacketConn returns a new relay and its synthetic address. pion asks for "udp4" always; the network and the
// port that it names mean nothing here.
func (g generator) AllocatePacketConn(string, int) (net.PacketConn, net.Addr, error) {
	r := g.server.newRelay()
	if err := g.server.relays.add(r); err != nil {
		g.server.refuse(RefusalCapacity)
		return nil, nil, err
	}
	return r, r.local, nil
}

// AllocateConn would be for TCP (RFC 6062).
func (g generator) AllocateConn(string, int) (net.Conn, net.Addr, error) {
	return nil, nil, ErrUnsupported
}
