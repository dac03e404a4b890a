package sfu

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/pion/stun/v3"
)

func newSocket(t *testing.T, address string) *Socket {
	t.Helper()
	s, err := Listen(SocketConfig{Address: address})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	return s
}

// dialer sends to the socket from an address of its own.
func dialer(t *testing.T, s *Socket) *net.UDPConn {
	t.Helper()
	c, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(netip.MustParseAddr("127.0.0.1"), s.local.Port())))
	must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func readConn(t *testing.T, c net.PacketConn) (string, net.Addr) {
	t.Helper()
	must(t, c.SetReadDeadline(time.Now().Add(5*time.Second)))
	b := make([]byte, 2000)
	n, from, err := c.ReadFrom(b)
	must(t, err)
	return string(b[:n]), from
}

func TestSocketSplits(t *testing.T) {
	checkGoroutines(t)
	s := newSocket(t, "127.0.0.1:0")
	view := &muxView{table: s.mux, addrs: []netip.AddrPort{s.local}, media: newTransport(s, nil, 1)}
	peer, err := view.GetConn("us", net.UDPAddrFromAddrPort(s.local))
	must(t, err)
	c := dialer(t, s)
	send := func(b []byte) {
		t.Helper()
		_, err := c.Write(b)
		must(t, err)
	}
	// To the TURN server, and back.
	plain := stunMessage(t, stun.BindingRequest)
	send(plain)
	got, from := readConn(t, s.TURN())
	if got != string(plain) || from.String() != c.LocalAddr().String() {
		t.Errorf("the TURN view got %x from %v", got, from)
	}
	_, err = s.TURN().WriteTo([]byte("answer"), from)
	must(t, err)
	b := make([]byte, 100)
	if n, err := c.Read(b); err != nil || string(b[:n]) != "answer" {
		t.Errorf("the TURN server's answer: %q %v", b[:n], err)
	}
	send([]byte{0x40, 0, 0, 0})
	if got, _ := readConn(t, s.TURN()); got != "\x40\x00\x00\x00" {
		t.Errorf("ChannelData came as %x", got)
	}
	// Media of an address that no peer owns is dropped; a check goes by its user name; then the address is known.
	send([]byte{0x80, 96, 0, 1})
	eventually(t, "a drop", time.Second, func() bool { return s.Stats().DropUnknown == 1 })
	send(stunMessage(t, stun.BindingRequest, stun.NewUsername("others:them")))
	eventually(t, "another drop", time.Second, func() bool { return s.Stats().DropUnknown == 2 })
	check := stunMessage(t, stun.BindingRequest, stun.NewUsername("us:them"))
	send(check)
	if got, _ := readConn(t, peer); got != string(check) {
		t.Errorf("the check came as %x", got)
	}
	send([]byte{0x80, 96, 0, 2})
	eventually(t, "a third drop: nothing was answered to that address yet", time.Second, func() bool { return s.Stats().DropUnknown == 3 })
	_, err = peer.WriteTo(check, c.LocalAddr())
	must(t, err)
	send([]byte{22, 1, 2, 3})
	if got, _ := readConn(t, peer); got != "\x16\x01\x02\x03" {
		t.Errorf("DTLS came as %x", got)
	}
	for range earlyMax + 1 {
		send([]byte{0x80, 96, 0, 3})
	}
	eventually(t, "a drop: the peer's transport has no keys, and keeps enough", time.Second, func() bool { return s.Stats().DropEarly == 1 })
	view.media.close()
	// Nobody's.
	send([]byte{10, 1, 2})
	send(make([]byte, maxDatagram+1))
	eventually(t, "two more drops", time.Second, func() bool { st := s.Stats(); return st.DropJunk == 1 && st.DropTooLong == 1 })
	// A restart under a new fragment from the same address wins at once; the old one is forgotten.
	next, err := view.GetConn("next", net.UDPAddrFromAddrPort(s.local))
	must(t, err)
	check = stunMessage(t, stun.BindingRequest, stun.NewUsername("next:them"))
	send(check)
	if got, _ := readConn(t, next); got != string(check) {
		t.Errorf("the check after a restart came as %x", got)
	}
	view.RemoveConnByUfrag("us")
	send([]byte{0x80, 96, 0, 4})
	eventually(t, "a drop after removal", time.Second, func() bool { return s.Stats().DropUnknown == 4 })
	must(t, peer.Close())
	if _, _, err := peer.ReadFrom(b); !errors.Is(err, net.ErrClosed) {
		t.Errorf("reading a closed connection: %v", err)
	}
}

func TestSocketInjects(t *testing.T) {
	checkGoroutines(t)
	s := newSocket(t, "127.0.0.1:0")
	view := &muxView{table: s.mux}
	peer, err := view.GetConn("us", net.UDPAddrFromAddrPort(s.local))
	must(t, err)
	fake := netip.MustParseAddrPort("240.1.2.3:4")
	check := stunMessage(t, stun.BindingRequest, stun.NewUsername("us:them"))
	s.Inject(check, fake)
	if got, from := readConn(t, peer); got != string(check) || from.String() != fake.String() {
		t.Errorf("injected %x from %v", got, from)
	}
	// Out: nowhere without a handler, then to it, and not to the network.
	_, err = peer.WriteTo([]byte("x"), net.UDPAddrFromAddrPort(fake))
	must(t, err)
	if n := s.Stats().DropSend; n != 1 {
		t.Errorf("%d drops without a handler", n)
	}
	var got []string
	s.HandleRelayed(func(b []byte, to netip.AddrPort) { got = append(got, string(b)+" "+to.String()) })
	_, err = peer.WriteTo([]byte("y"), net.UDPAddrFromAddrPort(fake))
	must(t, err)
	if !slices.Equal(got, []string{"y 240.1.2.3:4"}) || s.Stats().Out != 0 {
		t.Errorf("relayed %q, sent %d", got, s.Stats().Out)
	}
	// From the network, such a source is forged.
	s.receive(check, fake, time.Now(), nil)
	if st := s.Stats(); st.DropJunk != 1 || peer.(*muxConn).queue.n != 0 {
		t.Errorf("a forged source came in: %+v", st)
	}
	// What is not media, or not from a relayed address, does not come in.
	s.Inject(stunMessage(t, stun.BindingRequest), fake)
	s.Inject([]byte{0x40, 0, 0, 0}, fake)
	s.Inject(check, netip.MustParseAddrPort("127.0.0.1:9"))
	s.Inject(make([]byte, maxDatagram+1), fake)
	s.Inject(nil, fake)
	if st := s.Stats(); st.DropJunk != 6 {
		t.Errorf("%d dropped, want 6", st.DropJunk)
	}
	must(t, s.TURN().SetReadDeadline(time.Now()))
	if _, _, err := s.TURN().ReadFrom(make([]byte, 10)); !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the TURN server got something through itself: %v", err)
	}
}

func TestQueuesAreBounded(t *testing.T) {
	checkGoroutines(t)
	q := newDatagramQueue(new(datagramPool), 3)
	from := netip.MustParseAddrPort("127.0.0.1:1")
	for i := range byte(5) {
		if got, want := q.put([]byte{i}, from), i < 3; got != want {
			t.Errorf("put %d: %v", i, got)
		}
	}
	b := make([]byte, 1)
	for i := range byte(3) {
		if _, _, err := q.read(b); err != nil || b[0] != i {
			t.Errorf("read %d %v, want %d", b[0], err, i)
		}
	}
	done := make(chan error)
	go func() {
		_, _, err := q.read(b)
		done <- err
	}()
	q.setDeadline(time.Now().Add(-time.Second))
	if err := <-done; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("after the deadline: %v", err)
	}
	q.setDeadline(time.Time{})
	go func() {
		_, _, err := q.read(b)
		done <- err
	}()
	q.close()
	if err := <-done; !errors.Is(err, net.ErrClosed) {
		t.Errorf("after close: %v", err)
	}
	if q.put(b, from) || q.put(make([]byte, maxDatagram+1), from) {
		t.Error("a closed queue takes something")
	}
}

func TestHostAddrs(t *testing.T) {
	addr := netip.MustParseAddr
	for name, c := range map[string]struct {
		local      string
		advertised []netip.Addr
		want       string
	}{
		"bound":      {"192.0.2.1:5", nil, "[192.0.2.1:5]"},
		"loopback":   {"127.0.0.1:5", nil, "[127.0.0.1:5]"},
		"advertised": {"0.0.0.0:5", []netip.Addr{addr("198.51.100.1"), addr("::ffff:198.51.100.1"), addr("2001:db8::1")}, "[198.51.100.1:5 [2001:db8::1]:5]"},
	} {
		got, err := hostAddrs(netip.MustParseAddrPort(c.local), c.advertised)
		if err != nil || fmt.Sprint(got) != c.want {
			t.Errorf("%s: got %v (%v), want %s", name, got, err, c.want)
		}
	}
	got, err := hostAddrs(netip.MustParseAddrPort("[::]:5"), nil)
	if err != nil || !slices.Contains(got, netip.MustParseAddrPort("127.0.0.1:5")) {
		t.Errorf("everything: %v %v", got, err)
	}
	for i, a := range got {
		if a.Addr().IsLinkLocalUnicast() || a.Addr().IsUnspecified() || (i > 0 && got[i-1].Addr().IsLoopback() && !a.Addr().IsLoopback()) {
			t.Errorf("everything: %v", got)
		}
	}
}

func TestConfigValidate(t *testing.T) {
	for name, c := range map[string]Config{
		"unspecified": {AdvertisedAddrs: []netip.Addr{netip.IPv4Unspecified()}},
		"invalid":     {AdvertisedAddrs: []netip.Addr{{}}},
		"negative":    {LostAfter: -1},
		"keep":        {LostAfter: 2, KeepFor: 1},
	} {
		if err := c.Validate(); !errors.Is(err, ErrBadConfig) {
			t.Errorf("%s: %v", name, err)
		}
	}
	must(t, Config{AdvertisedAddrs: []netip.Addr{netip.MustParseAddr("203.0.113.7")}}.Validate())
	if _, err := Listen(SocketConfig{Address: "nowhere at all"}); err == nil {
		t.Error("listens nowhere")
	}
}

// FuzzSocket: whatever comes to the socket, it is given to at most one view, and nothing panics.
func FuzzSocket(f *testing.F) {
	f.Add(stunMessage(f, stun.BindingRequest, stun.NewUsername("us:them")))
	f.Add([]byte{0x80, 96, 0, 1})
	f.Add([]byte{0x40, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		s := &Socket{pool: new(datagramPool)}
		s.turn = &turnView{socket: s, queue: newDatagramQueue(s.pool, 2)}
		s.mux = newMuxTable(s)
		view := &muxView{table: s.mux}
		c, err := view.GetConn("us", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
		if err != nil {
			t.Fatal(err)
		}
		s.receive(bytes.Clone(b), netip.MustParseAddrPort("127.0.0.1:9"), time.Now(), newBatch(s, lentBytes))
		s.Inject(bytes.Clone(b), netip.MustParseAddrPort("240.0.0.1:9"))
		if n := s.turn.queue.n + c.(*muxConn).queue.n; n > 2 || (n == 2 && s.turn.queue.n == 1) {
			t.Fatalf("%d given", n)
		}
	})
}
