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
	must(t, c.SetReadDeadline(time.Now().Add(waitFor)))
	b := make([]byte, 2000)
	n, from, err := c.ReadFrom(b)
	must(t, err)
	return string(b[:n]), from
}

// host is a peer's wire on a socket, whose browser has the credentials "them" and a password of its own.
func host(t testing.TB, s *Socket) (*socketWire, generation) {
	t.Helper()
	w, err := newSocketWire(s, []netip.AddrPort{s.local}, eventsOf{&events{got: map[uint32][]inbound{}}})
	if err != nil {
		t.Fatal(err)
	}
	g, err := w.ice.offered("them", "their password, long enough")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = w.close() })
	return w, g
}

// iceCheck is a check as a browser sends it.
func iceCheck(t testing.TB, g generation, more ...stun.Setter) []byte {
	t.Helper()
	setters := append([]stun.Setter{stun.BindingRequest, stun.NewUsername(g.ufrag + ":" + g.remote)}, more...)
	return stunMessage(t, append(setters, stun.NewShortTermIntegrity(g.pwd), stun.Fingerprint)...)
}

func TestSocketSplits(t *testing.T) {
	checkGoroutines(t)
	s := newSocket(t, "127.0.0.1:0")
	w, g := host(t, s)
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
	_, err := s.TURN().WriteTo([]byte("answer"), from)
	must(t, err)
	b := make([]byte, maxDatagram)
	if n, err := c.Read(b); err != nil || string(b[:n]) != "answer" {
		t.Errorf("the TURN server's answer: %q %v", b[:n], err)
	}
	send([]byte{0x40, 0, 0, 0})
	if got, _ := readConn(t, s.TURN()); got != "\x40\x00\x00\x00" {
		t.Errorf("ChannelData came as %x", got)
	}
	dropped := func(what string, n uint64) {
		t.Helper()
		eventually(t, what, time.Second, func() bool { return s.Stats().DropUnknown == n })
	}
	// Media of an address that no peer owns is dropped; a check goes by its user name; then the address is known.
	send([]byte{0x80, 96, 0, 1})
	dropped("media of nobody", 1)
	send(stunMessage(t, stun.BindingRequest, stun.NewUsername("others:them"), stun.Fingerprint))
	dropped("a check for nobody", 2)
	forged := g
	forged.pwd = "guessed"
	send(iceCheck(t, forged))
	eventually(t, "a check that does not authenticate", time.Second, func() bool { return s.Stats().DropAuth == 1 })
	send([]byte{0x80, 96, 0, 2})
	dropped("media of an address that proved nothing", 3)
	send(iceCheck(t, g))
	if n, err := c.Read(b); err != nil || !isSTUN(b[:n]) {
		t.Errorf("the check was answered by %x %v", b[:n], err)
	}
	send([]byte{22, 1, 2, 3})
	eventually(t, "DTLS that is none", time.Second, func() bool { return s.Stats().DropJunk == 1 })
	for range earlyMax + 1 {
		send([]byte{0x80, 96, 0, 3})
	}
	eventually(t, "a drop: the peer's transport has no keys, and keeps enough", time.Second, func() bool { return s.Stats().DropEarly == 1 })
	// Nobody's.
	send([]byte{10, 1, 2})
	send(make([]byte, maxDatagram+1))
	eventually(t, "two more drops", time.Second, func() bool { st := s.Stats(); return st.DropJunk == 2 && st.DropTooLong == 1 })
	must(t, w.close())
	send([]byte{0x80, 96, 0, 4})
	dropped("media after the end", 4)
	send(iceCheck(t, g))
	dropped("a check after the end", 5)
	if n := len(s.mux.byAddr) + len(s.mux.byUfrag); n != 0 {
		t.Errorf("%d entries left in the table", n)
	}
}

func TestSocketInjects(t *testing.T) {
	checkGoroutines(t)
	s := newSocket(t, "127.0.0.1:0")
	w, g := host(t, s)
	fake := netip.MustParseAddrPort("240.1.2.3:4")
	check := iceCheck(t, g, useCandidate{})
	// Out: nowhere without a handler, then to it, and not to the network.
	s.Inject(bytes.Clone(check), fake)
	if n := s.Stats().DropSend; n != 1 {
		t.Errorf("%d drops without a handler", n)
	}
	var got []string
	s.HandleRelayed(func(b []byte, to netip.AddrPort) {
		m := stun.New()
		must(t, stun.Decode(b, m))
		var mapped stun.XORMappedAddress
		must(t, mapped.GetFrom(m))
		got = append(got, mapped.String()+" to "+to.String())
	})
	s.Inject(bytes.Clone(check), fake)
	if !slices.Equal(got, []string{"240.1.2.3:4 to 240.1.2.3:4"}) || s.Stats().Out != 0 {
		t.Errorf("relayed %q, sent %d", got, s.Stats().Out)
	}
	if to := w.media.to.Load(); to == nil || !to.relayed {
		t.Errorf("the media goes to %+v", to)
	}
	// From the network, such a source is forged.
	s.receive(bytes.Clone(check), fake, time.Now(), nil)
	if st := s.Stats(); st.DropJunk != 1 || len(got) != 1 {
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

// FuzzSocket: whatever comes to the socket, it is given to the TURN server or not, and nothing panics. One peer is there,
// whose checks are the only ones that are answered.
func FuzzSocket(f *testing.F) {
	g := generation{ufrag: "us", pwd: "our password, long enough", remote: "them"}
	f.Add(iceCheck(f, g))
	f.Add(iceCheck(f, generation{ufrag: "us", remote: "them"}))
	f.Add([]byte{0x80, 96, 0, 1})
	f.Add([]byte{0x40, 0, 0, 0})
	f.Fuzz(func(t *testing.T, b []byte) {
		s := &Socket{pool: new(datagramPool)}
		s.turn, s.mux = &turnView{socket: s, queue: newDatagramQueue(s.pool, 2)}, newMuxTable(s)
		w := &socketWire{socket: s, media: newTransport(s, nil, 1)}
		w.ice = &iceAgent{wire: w, table: s.mux, generations: []generation{g}}
		if free, err := s.mux.add("us", w); !free || err != nil {
			t.Fatal(err)
		}
		out := newBatch(s, lentBytes, lentPackets)
		s.receive(bytes.Clone(b), netip.MustParseAddrPort("127.0.0.1:9"), time.Now(), out)
		s.Inject(bytes.Clone(b), netip.MustParseAddrPort("240.0.0.1:9"))
		if n := s.turn.queue.n; n > 1 || (n == 1) != (classify(b) == classTURN && len(b) <= maxDatagram) {
			t.Fatalf("%d given to the TURN server", n)
		}
		if answered := len(out.packets) > 0; answered != (s.mux.find(netip.MustParseAddrPort("127.0.0.1:9")) != nil) {
			t.Fatal("an address is known, or a check was answered, but not both")
		}
	})
}
