package turn

import (
	"io"
	"log/slog"
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"
)

// patience is how long a test waits for what must come.
const patience = 30 * time.Second

func mustAddr(s string) netip.AddrPort { return netip.MustParseAddrPort(s) }

func quiet() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }

// wire is a network in memory: the server's end is a net.PacketConn, so that tests run in synctest's time.
type wire struct {
	toServer chan datagram
	closed   chan struct{}
	once     sync.Once

	mu   sync.Mutex
	ends map[netip.AddrPort]*end
}

type datagram struct {
	bytes []byte
	from  netip.AddrPort
}

type end struct {
	wire    *wire
	address netip.AddrPort
	in      chan []byte
}

func newWire() *wire {
	return &wire{toServer: make(chan datagram, 64), closed: make(chan struct{}), ends: map[netip.AddrPort]*end{}}
}

// dial adds a client with the given address.
func (w *wire) dial(address string) *end {
	e := &end{wire: w, address: mustAddr(address), in: make(chan []byte, 4096)}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ends[e.address] = e
	return e
}

func (e *end) send(b []byte) {
	select {
	case e.wire.toServer <- datagram{append([]byte(nil), b...), e.address}:
	case <-e.wire.closed:
	}
}

func (e *end) receive(t testing.TB) []byte {
	t.Helper()
	timeout := time.NewTimer(patience)
	defer timeout.Stop()
	select {
	case b := <-e.in:
		return b
	case <-timeout.C:
		t.Fatal("no answer from the server")
		return nil
	}
}

func (w *wire) ReadFrom(b []byte) (int, net.Addr, error) {
	select {
	case d := <-w.toServer:
		return copy(b, d.bytes), net.UDPAddrFromAddrPort(d.from), nil
	case <-w.closed:
		return 0, nil, net.ErrClosed
	}
}

func (w *wire) WriteTo(b []byte, to net.Addr) (int, error) {
	w.mu.Lock()
	e := w.ends[addrPort(to)]
	w.mu.Unlock()
	if e == nil {
		return 0, net.UnknownNetworkError("nobody there")
	}
	select {
	case e.in <- append([]byte(nil), b...):
	default:
	}
	return len(b), nil
}

func (w *wire) Close() error {
	w.once.Do(func() { close(w.closed) })
	return nil
}

func (w *wire) LocalAddr() net.Addr {
	return net.UDPAddrFromAddrPort(mustAddr("203.0.113.7:3478"))
}
func (w *wire) SetDeadline(time.Time) error      { return nil }
func (w *wire) SetReadDeadline(time.Time) error  { return nil }
func (w *wire) SetWriteDeadline(time.Time) error { return nil }

// udpEnd is a client on a real socket.
type udpEnd struct{ conn *net.UDPConn }

func dialUDP(t testing.TB, server net.Addr) *udpEnd {
	t.Helper()
	conn, err := net.DialUDP("udp", nil, server.(*net.UDPAddr))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &udpEnd{conn}
}

func (e *udpEnd) send(b []byte) { _, _ = e.conn.Write(b) }

func (e *udpEnd) receive(t testing.TB) []byte {
	t.Helper()
	if err := e.conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	b := make([]byte, 2048)
	n, err := e.conn.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return b[:n]
}

// echo is a media that sends everything back to where it came from.
type echo struct {
	mu       sync.Mutex
	deliver  func([]byte, netip.AddrPort)
	injected []datagram
	mute     bool
}

func (e *echo) HandleRelayed(f func([]byte, netip.AddrPort)) { e.deliver = f }

func (e *echo) Inject(b []byte, from netip.AddrPort) {
	e.mu.Lock()
	e.injected = append(e.injected, datagram{append([]byte(nil), b...), from})
	mute := e.mute
	e.mu.Unlock()
	if !mute {
		e.deliver(b, from)
	}
}

func (e *echo) take() []datagram {
	e.mu.Lock()
	defer e.mu.Unlock()
	got := e.injected
	e.injected = nil
	return got
}

// mustServe starts a server on clients and closes it at the end of the test.
func mustServe(t testing.TB, cfg Config, clients net.PacketConn, media Media) *Server {
	t.Helper()
	s, err := New(cfg, clients, media, quiet())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}
