package turn

import (
	"encoding/binary"
	"net"
	"net/netip"
	"sync"
	"time"

	"github.com/pion/stun/v3"
)

// A gate is the packet connection that pion reads: the clients' own, less what pion should not see.
type gate struct {
	// static after newGate
	server  *Server
	clients net.PacketConn
	local   net.Addr
	ended   chan struct{} // closed when the read loop has ended

	// owned by the read loop
	message stun.Message
	limiter *limiter
	held    bool // handling is

	// handling is held from the moment a packet is looked at until pion asks for the next one.
	handling sync.Mutex
}

func newGate(s *Server, clients net.PacketConn) *gate {
	return &gate{
		server:  s,
		clients: clients,
		local:   clients.LocalAddr(),
		ended:   make(chan struct{}),
		limiter: newLimiter(s.cfg.UnauthenticatedRate),
	}
}

// ReadFrom returns the next packet that pion may handle. Only pion's read loop calls it.
func (g *gate) ReadFrom(b []byte) (int, net.Addr, error) {
	if g.held {
		g.held = false
		g.handling.Unlock()
	}
	for {
		n, from, err := g.clients.ReadFrom(b)
		if err != nil {
			close(g.ended)
			return 0, nil, err
		}
		g.handling.Lock()
		if address := g.admit(b[:n], addrPort(from)); address != nil {
			g.held = true
			return n, address, nil
		}
		g.handling.Unlock()
	}
}

// wait returns once pion is between two requests. What the gate refuses from before the call on, pion will not see.
func (g *gate) wait() {
	g.handling.Lock()
	defer g.handling.Unlock()
}

// admit tells whether pion may see b, by returning the address of the client in a form that pion may keep.
func (g *gate) admit(b []byte, source netip.AddrPort) *net.UDPAddr {
	// Nobody has a synthetic address but the relays: this would be TURN inside TURN.
	if !source.IsValid() || isSynthetic(source.Addr()) || len(b) == 0 {
		g.server.refuse(RefusalMalformed)
		return nil
	}
	c := g.server.clientAt(source)
	if !g.check(b, c, source) {
		return nil
	}
	if c != nil {
		return c.address
	}
	return net.UDPAddrFromAddrPort(source)
}

// check is admit for a client that is nil when source has no allocation.
func (g *gate) check(b []byte, c *client, source netip.AddrPort) bool {
	if b[0]&0xC0 == 0x40 {
		return g.checkChannelData(b, c)
	}
	g.message.Raw = append(g.message.Raw[:0], b...)
	if g.message.Decode() != nil {
		g.server.refuse(RefusalMalformed)
		return false
	}
	r := request{gate: g, message: &g.message, client: c, source: source}
	return r.check()
}

// checkChannelData lets whole messages of live allocations pass (RFC 8656 §12.4). Whether the channel is bound, and to
// whom, pion knows.
func (g *gate) checkChannelData(b []byte, c *client) bool {
	if len(b) < 4 || int(binary.BigEndian.Uint16(b[2:])) > len(b)-4 {
		g.server.refuse(RefusalMalformed)
		return false
	}
	if c == nil {
		g.server.refuse(RefusalNoAllocation)
		return false
	}
	return true
}

// The two answers that tell a client how long its allocation lives (RFC 8489 §5: method and class).
const (
	allocateSuccess = 0x0103
	refreshSuccess  = 0x0104
)

// WriteTo sends an answer or relayed data of pion's to a client. It never returns an error, which pion would log with
// the client's address.
func (g *gate) WriteTo(b []byte, to net.Addr) (int, error) {
	if len(b) >= stunHeader {
		if kind := binary.BigEndian.Uint16(b); kind == allocateSuccess || kind == refreshSuccess {
			g.noteLifetime(b, to, kind)
		}
	}
	if _, err := g.clients.WriteTo(b, to); err != nil {
		g.server.counters.dropped.Add(1)
	}
	return len(b), nil
}

// noteLifetime remembers when pion's timer will end the allocation of the client at to. An Allocate answer may be a
// repeated one, so only the first counts. The read loop sends these answers, so it owns client.ends.
func (g *gate) noteLifetime(b []byte, to net.Addr, kind uint16) {
	c := g.server.clientAt(addrPort(to))
	if c == nil || (kind == allocateSuccess && !c.ends.IsZero()) {
		return
	}
	answer := stun.Message{Raw: b}
	if answer.Decode() != nil {
		return
	}
	if value, err := answer.Get(stun.AttrLifetime); err == nil && len(value) == 4 {
		c.ends = time.Now().Add(time.Duration(binary.BigEndian.Uint32(value)) * time.Second)
	}
}

// Close closes the clients' connection, which ends the read loop.
func (g *gate) Close() error { return g.clients.Close() }

// LocalAddr is that of the clients' connection.
func (g *gate) LocalAddr() net.Addr { return g.local }

// SetDeadline is passed on.
func (g *gate) SetDeadline(t time.Time) error { return g.clients.SetDeadline(t) }

// SetReadDeadline is passed on.
func (g *gate) SetReadDeadline(t time.Time) error { return g.clients.SetReadDeadline(t) }

// SetWriteDeadline is passed on.
func (g *gate) SetWriteDeadline(t time.Time) error { return g.clients.SetWriteDeadline(t) }

// addrPort returns a with an IPv4 address as such, also when a dual-stack socket has mapped it. Not valid if a is none.
func addrPort(a net.Addr) netip.AddrPort {
	udp, ok := a.(*net.UDPAddr)
	if !ok || udp == nil {
		return netip.AddrPort{}
	}
	addr := udp.AddrPort()
	return netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
}
