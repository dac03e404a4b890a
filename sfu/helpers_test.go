package sfu

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/netip"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// checkGoroutines fails the test when goroutines that it started are left at its end.
func checkGoroutines(t *testing.T) {
	t.Helper()
	before := runtime.NumGoroutine()
	t.Cleanup(func() {
		deadline := time.Now().Add(waitFor)
		for runtime.NumGoroutine() > before {
			if time.Now().After(deadline) {
				buf := make([]byte, 1<<20)
				t.Errorf("%d goroutines before, %d after:\n%s", before, runtime.NumGoroutine(), buf[:runtime.Stack(buf, true)])
				return
			}
			time.Sleep(10 * time.Millisecond) // goroutines give no event when they are gone
		}
	})
}

// eventLog keeps the events of an SFU for tests to wait on.
type eventLog struct {
	mu    sync.Mutex
	all   []Event
	wake  chan struct{}
	hooks []func(Event)
}

func newEventLog() *eventLog { return &eventLog{wake: make(chan struct{})} }

func (l *eventLog) add(e Event) {
	l.mu.Lock()
	l.all = append(l.all, e)
	close(l.wake)
	l.wake = make(chan struct{})
	hooks := l.hooks
	l.mu.Unlock()
	for _, h := range hooks {
		h(e)
	}
}

// wait returns the first event, from the start on, that matches.
func (l *eventLog) wait(t *testing.T, what string, match func(Event) bool) Event {
	t.Helper()
	return l.waitWithin(t, what, waitFor, match)
}

func (l *eventLog) waitWithin(t *testing.T, what string, within time.Duration, match func(Event) bool) Event {
	t.Helper()
	deadline := time.After(within)
	for seen := 0; ; {
		l.mu.Lock()
		for ; seen < len(l.all); seen++ {
			if e := l.all[seen]; match(e) {
				l.mu.Unlock()
				return e
			}
		}
		wake := l.wake
		l.mu.Unlock()
		select {
		case <-wake:
		case <-deadline:
			t.Fatalf("no %s within %v", what, within)
		}
	}
}

func (l *eventLog) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = nil
}

func (l *eventLog) count(match func(Event) bool) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, e := range l.all {
		if match(e) {
			n++
		}
	}
	return n
}

// testServer is an SFU on a loopback socket.
type testServer struct {
	*SFU
	socket *Socket
	events *eventLog
}

func newServer(t *testing.T, cfg Config) *testServer {
	t.Helper()
	return newServerAt(t, "127.0.0.1:0", cfg)
}

func newServerAt(t *testing.T, address string, cfg Config) *testServer {
	t.Helper()
	socket, err := Listen(SocketConfig{Address: address})
	if err != nil {
		t.Fatal(err)
	}
	s := &testServer{socket: socket, events: newEventLog()}
	cfg.OnEvent = s.events.add
	if s.SFU, err = New(cfg, socket, discardLog()); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if err := socket.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

func (s *testServer) waitUp(t *testing.T, id PeerID) {
	t.Helper()
	s.events.wait(t, "PeerUp of "+string(id), func(e Event) bool { return e == PeerUp{Peer: id} })
}

// lane finds the mid of the lane that carries a publication to a peer, waiting for it.
func (s *testServer) lane(t *testing.T, to, of PeerID, source Source) string {
	t.Helper()
	var mid string
	s.events.wait(t, fmt.Sprintf("lane to %s of %s's %s", to, of, source), func(e Event) bool {
		if l, ok := e.(LanesEvent); ok && l.Peer == to {
			for _, use := range l.Lanes {
				if use.Of == of && use.Source == source {
					mid = use.Mid
					return true
				}
			}
		}
		return false
	})
	return mid
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func testContext(t *testing.T) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), waitFor)
	t.Cleanup(cancel)
	return ctx
}

// eventually waits for a condition that gives no event.
func eventually(t *testing.T, what string, within time.Duration, ok func() bool) {
	t.Helper()
	deadline := time.Now().Add(within)
	for !ok() {
		if time.Now().After(deadline) {
			t.Fatalf("not within %v: %s", within, what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// testConn is a client's network: a loopback socket, or the relayed way into a server, that can lose what goes through.
type testConn struct {
	net.PacketConn
	relayed *relayedConn
	lose    atomic.Pointer[func(out bool, b []byte) bool]
}

func newTestConn(t *testing.T, s *testServer, relayed bool) *testConn {
	t.Helper()
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	must(t, err)
	c := &testConn{PacketConn: conn}
	if relayed {
		c.relayed = newRelayedConn(s)
	}
	return c
}

// losing sets what gets lost; nil: nothing.
func (c *testConn) losing(f func(out bool, b []byte) bool) {
	if f == nil {
		f = func(bool, []byte) bool { return false }
	}
	c.lose.Store(&f)
}

// everyNth loses every n-th packet of media, RTP and RTCP, in both directions.
func everyNth(n uint32) func(bool, []byte) bool {
	var count atomic.Uint32
	return func(_ bool, b []byte) bool {
		return len(b) > 12 && b[0] >= 128 && b[0] < 192 && count.Add(1)%n == 0
	}
}

func (c *testConn) lost(out bool, b []byte) bool {
	f := c.lose.Load()
	return f != nil && (*f)(out, b)
}

func (c *testConn) ReadFrom(b []byte) (int, net.Addr, error) {
	for {
		var n int
		var from net.Addr
		var err error
		if c.relayed != nil {
			n, from, err = c.relayed.read(b)
		} else {
			n, from, err = c.PacketConn.ReadFrom(b)
		}
		if err != nil || !c.lost(false, b[:n]) {
			return n, from, err
		}
	}
}

func (c *testConn) WriteTo(b []byte, to net.Addr) (int, error) {
	if c.lost(true, b) {
		return len(b), nil
	}
	if c.relayed != nil {
		c.relayed.socket.Inject(b, c.relayed.addr)
		return len(b), nil
	}
	return c.PacketConn.WriteTo(b, to)
}

func (c *testConn) Close() error {
	if c.relayed != nil {
		c.relayed.queue.close()
	}
	return c.PacketConn.Close()
}

// relayedConn stands for a TURN allocation.
type relayedConn struct {
	socket *Socket
	addr   netip.AddrPort
	queue  *datagramQueue
}

func newRelayedConn(s *testServer) *relayedConn {
	r := &relayedConn{socket: s.socket, addr: netip.MustParseAddrPort("240.0.0.1:20001"), queue: newDatagramQueue(new(datagramPool), 512)}
	s.socket.HandleRelayed(func(b []byte, to netip.AddrPort) {
		if to == r.addr {
			r.queue.put(b, s.socket.LocalAddr())
		}
	})
	return r
}

func (r *relayedConn) read(b []byte) (int, net.Addr, error) {
	n, from, err := r.queue.read(b)
	return n, net.UDPAddrFromAddrPort(from), err
}

func discardLog() *slog.Logger { return slog.New(slog.NewTextHandler(io.Discard, nil)) }
