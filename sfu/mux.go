package sfu

import (
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// peerQueue is how many datagrams may wait for one peer's transport: 200 ms of a 25 Mbit/s burst.
const peerQueue = 512

// muxTable finds the peer's transport that a datagram belongs to: an ICE check by the user name fragment in it, all else
// by the source address, which is known once the transport answered a check from there (so it was verified by
// MESSAGE-INTEGRITY before).
type muxTable struct {
	socket *Socket

	mu      sync.RWMutex // guards the following
	byUfrag map[string]*muxEntry
	byAddr  map[netip.AddrPort]*muxConn
	closed  bool
}

// muxEntry holds the connections of one ICE generation: one per local candidate, the first of each family is the one that
// datagrams are given to.
type muxEntry struct {
	v4, v6 *muxConn
	all    []*muxConn
}

func newMuxTable(s *Socket) *muxTable {
	return &muxTable{socket: s, byUfrag: map[string]*muxEntry{}, byAddr: map[netip.AddrPort]*muxConn{}}
}

// dispatch gives RTP and RTCP to the peer it belongs to, at once; and queues ICE checks and DTLS for its transport.
func (t *muxTable) dispatch(b []byte, from netip.AddrPort, arrived time.Time, out *batch) {
	conn := t.find(b, from)
	if conn == nil {
		t.socket.count.unknown.Add(1)
		return
	}
	conn.view.heard.Add(1)
	if isSRTP(b) {
		if media := conn.view.media; media != nil {
			media.receive(b, arrived, out)
		}
		return
	}
	if !conn.queue.put(b, from) {
		t.socket.count.queue.Add(1)
	}
}

func (t *muxTable) find(b []byte, from netip.AddrPort) *muxConn {
	t.mu.RLock()
	defer t.mu.RUnlock()
	if isSTUN(b) {
		if name := stunUsername(b); name != nil {
			entry := t.byUfrag[string(localUfrag(name))] // the conversion does not allocate
			if entry == nil {
				return nil
			}
			if from.Addr().Is4() {
				return entry.v4
			}
			return entry.v6
		}
	}
	return t.byAddr[from]
}

// learn notes that conn's transport sends to addr.
func (t *muxTable) learn(conn *muxConn, addr netip.AddrPort) {
	t.mu.RLock()
	known := t.byAddr[addr] == conn
	t.mu.RUnlock()
	if known {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if entry := t.byUfrag[conn.ufrag]; !t.closed && entry != nil && slices.Contains(entry.all, conn) {
		t.byAddr[addr] = conn
	}
}

func (t *muxTable) add(conn *muxConn) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return net.ErrClosed
	}
	entry := t.byUfrag[conn.ufrag]
	if entry == nil {
		entry = new(muxEntry)
		t.byUfrag[conn.ufrag] = entry
	}
	entry.all = append(entry.all, conn)
	if first := entry.family(conn.local); *first == nil {
		*first = conn
	}
	return nil
}

func (e *muxEntry) family(local netip.AddrPort) **muxConn {
	if local.Addr().Is4() {
		return &e.v4
	}
	return &e.v6
}

// remove forgets connections and the addresses they learned.
func (t *muxTable) remove(ufrag string, conns ...*muxConn) {
	t.mu.Lock()
	defer t.mu.Unlock()
	entry := t.byUfrag[ufrag]
	if entry == nil {
		return
	}
	if len(conns) == 0 {
		conns = entry.all
	}
	for addr, c := range t.byAddr {
		if slices.Contains(conns, c) {
			delete(t.byAddr, addr)
		}
	}
	entry.all = slices.DeleteFunc(slices.Clone(entry.all), func(c *muxConn) bool { return slices.Contains(conns, c) })
	entry.v4, entry.v6 = nil, nil
	for _, c := range entry.all {
		if first := entry.family(c.local); *first == nil {
			*first = c
		}
	}
	if len(entry.all) == 0 {
		delete(t.byUfrag, ufrag)
	}
}

// close ends every connection.
func (t *muxTable) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	for _, entry := range t.byUfrag {
		for _, c := range entry.all {
			c.queue.close()
		}
	}
	clear(t.byUfrag)
	clear(t.byAddr)
}

// muxView is one peer's view of the socket: the UDP mux that its ICE agent gathers from. It implements ice.UDPMux.
type muxView struct {
	table *muxTable
	addrs []netip.AddrPort // the host candidates
	media *transport       // takes RTP and RTCP; set before the first datagram can come
	heard atomic.Uint64    // datagrams for this peer so far
}

// GetListenAddresses are the addresses that become host candidates.
func (v *muxView) GetListenAddresses() []net.Addr {
	out := make([]net.Addr, len(v.addrs))
	for i, a := range v.addrs {
		out[i] = net.UDPAddrFromAddrPort(a)
	}
	return out
}

// GetConn is the connection of one host candidate of the ICE generation ufrag.
func (v *muxView) GetConn(ufrag string, addr net.Addr) (net.PacketConn, error) {
	local := netip.AddrPort{}
	if udp, ok := addr.(*net.UDPAddr); ok {
		local = udp.AddrPort()
		local = netip.AddrPortFrom(local.Addr().Unmap(), local.Port())
	}
	c := &muxConn{view: v, ufrag: ufrag, local: local, queue: newDatagramQueue(v.table.socket.pool, peerQueue)}
	if err := v.table.add(c); err != nil {
		return nil, err
	}
	return c, nil
}

// RemoveConnByUfrag forgets an ICE generation: after a restart, or when the agent closes.
func (v *muxView) RemoveConnByUfrag(ufrag string) { v.table.remove(ufrag) }

// Close does nothing: the socket outlives every peer.
func (v *muxView) Close() error { return nil }

// muxConn is the connection of one host candidate. It implements net.PacketConn and ice.AddrPortReaderWriter.
type muxConn struct {
	view  *muxView
	ufrag string
	local netip.AddrPort
	queue *datagramQueue

	last atomic.Pointer[netip.AddrPort] // where the last datagram went: what need not be learned again
}

func (c *muxConn) ReadFromAddrPort(b []byte) (int, netip.AddrPort, error) { return c.queue.read(b) }

func (c *muxConn) WriteToAddrPort(b []byte, to netip.AddrPort) (int, error) {
	to = netip.AddrPortFrom(to.Addr().Unmap(), to.Port())
	if last := c.last.Load(); last == nil || *last != to {
		c.view.table.learn(c, to)
		c.last.Store(&to)
	}
	return c.view.table.socket.send(b, to)
}

func (c *muxConn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := c.queue.read(b)
	if err != nil {
		return 0, nil, err
	}
	return n, net.UDPAddrFromAddrPort(from), nil
}

func (c *muxConn) WriteTo(b []byte, to net.Addr) (int, error) {
	addr, ok := to.(*net.UDPAddr)
	if !ok {
		return 0, net.InvalidAddrError("not UDP")
	}
	return c.WriteToAddrPort(b, addr.AddrPort())
}

func (c *muxConn) Close() error {
	c.queue.close()
	c.view.table.remove(c.ufrag, c)
	return nil
}

func (c *muxConn) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(c.local) }

func (c *muxConn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

func (c *muxConn) SetReadDeadline(t time.Time) error { c.queue.setDeadline(t); return nil }

// SetWriteDeadline does nothing: a UDP write does not wait for the other side.
func (c *muxConn) SetWriteDeadline(time.Time) error { return nil }
