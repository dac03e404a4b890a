package sfu

import (
	"net"
	"net/netip"
	"sync"
	"time"
)

// muxTable finds the peer that a datagram belongs to: an ICE check by the user name fragment in it, all else by its source
// address, which is known once an authentic check came from there.
type muxTable struct {
	socket *Socket

	mu      sync.RWMutex // guards the following
	byUfrag map[string]*socketWire
	byAddr  map[netip.AddrPort]*path
	closed  bool
}

func newMuxTable(s *Socket) *muxTable {
	return &muxTable{socket: s, byUfrag: map[string]*socketWire{}, byAddr: map[netip.AddrPort]*path{}}
}

// dispatch gives a datagram to the peer it belongs to, at once.
func (t *muxTable) dispatch(b []byte, from netip.AddrPort, arrived time.Time, out *batch) {
	if isSTUN(b) {
		if w := t.findCheck(b); w != nil {
			w.receiveCheck(b, from, arrived, out)
			return
		}
		t.socket.count.unknown.Add(1)
		return
	}
	p := t.find(from)
	switch {
	case p == nil:
		t.socket.count.unknown.Add(1)
	case isSRTP(b):
		p.wire.media.receive(b, arrived, out)
	default:
		p.wire.receiveDTLS(b, p)
	}
}

func (t *muxTable) find(from netip.AddrPort) *path {
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.byAddr[from]
}

func (t *muxTable) findCheck(b []byte) *socketWire {
	name := stunUsername(b)
	if name == nil {
		return nil // an indication, or a response: we ask nothing
	}
	t.mu.RLock()
	defer t.mu.RUnlock()
	return t.byUfrag[string(localUfrag(name))] // the conversion does not allocate
}

// add has checks for a user name fragment go to a peer; false when somebody has it already.
func (t *muxTable) add(ufrag string, w *socketWire) (bool, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.closed {
		return false, net.ErrClosed
	}
	if t.byUfrag[ufrag] != nil {
		return false, nil
	}
	t.byUfrag[ufrag] = w
	return true, nil
}

// learn has what comes from a path's address go to its peer.
func (t *muxTable) learn(p *path) {
	addr := p.target.addr
	if t.find(addr) == p {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if !t.closed {
		t.byAddr[addr] = p
	}
}

// forget undoes add and learn.
func (t *muxTable) forget(ufrags []string, paths []*path) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, ufrag := range ufrags {
		delete(t.byUfrag, ufrag)
	}
	for _, p := range paths {
		if t.byAddr[p.target.addr] == p { // else it is another peer's by now
			delete(t.byAddr, p.target.addr)
		}
	}
}

// close ends it: nothing is found any more.
func (t *muxTable) close() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.closed = true
	clear(t.byUfrag)
	clear(t.byAddr)
}
