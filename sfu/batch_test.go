package sfu

import (
	"bytes"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"testing"
	"time"
)

// receiver sockets and their targets.
func listenTarget(t *testing.T, s *Socket) (*net.UDPConn, *target) {
	t.Helper()
	c, err := net.ListenUDP("udp4", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	must(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c, newTarget(s, c.LocalAddr().(*net.UDPAddr).AddrPort())
}

func put(b *batch, to *target, payload string) {
	b.add(copy(b.slot(), payload), to)
}

func readAll(t *testing.T, c *net.UDPConn, n int) (out []string) {
	t.Helper()
	must(t, c.SetReadDeadline(time.Now().Add(waitFor)))
	b := make([]byte, maxDatagram)
	for range n {
		size, _, err := c.ReadFromUDPAddrPort(b)
		must(t, err)
		out = append(out, string(b[:size]))
	}
	return out
}

// TestBatches: what is gathered for several peers comes to each of them in order, packet by packet, on IPv4 and IPv6
// sockets, whether or not the kernel cuts messages.
func TestBatches(t *testing.T) {
	for _, address := range []string{"127.0.0.1:0", ":0"} {
		for _, segments := range []bool{true, false} {
			t.Run(fmt.Sprint(address, segments), func(t *testing.T) {
				s := newSocket(t, address)
				s.segments.Store(segments && s.segments.Load())
				conn1, one := listenTarget(t, s)
				conn2, two := listenTarget(t, s)
				b := newBatch(s, lentBytes, lentPackets)
				long, short := string(bytes.Repeat([]byte("x"), 1100)), "end of frame"
				for i := range 3 { // frames, interleaved
					for j := range 4 {
						put(b, one, fmt.Sprint(i, j, long))
						put(b, two, fmt.Sprint(i, j, short))
					}
					put(b, one, fmt.Sprint(i, short))
					put(b, two, fmt.Sprint(i, long))
				}
				messages := len(b.messages)
				b.flush()
				var want1, want2 []string
				for i := range 3 {
					for j := range 4 {
						want1, want2 = append(want1, fmt.Sprint(i, j, long)), append(want2, fmt.Sprint(i, j, short))
					}
					want1, want2 = append(want1, fmt.Sprint(i, short)), append(want2, fmt.Sprint(i, long))
				}
				if got := readAll(t, conn1, len(want1)); !slices.Equal(got, want1) {
					t.Errorf("one got %.20q", got)
				}
				if got := readAll(t, conn2, len(want2)); !slices.Equal(got, want2) {
					t.Errorf("two got %.20q", got)
				}
				st := s.Stats()
				if s.segments.Load() && messages > 10 || !s.segments.Load() && messages != 30 {
					t.Errorf("%d messages for 30 packets", messages)
				}
				if st.Out != 30 || st.DropSend != 0 {
					t.Errorf("%d out, %d refused", st.Out, st.DropSend)
				}
			})
		}
	}
}

// TestARefusedMessageHarmsNobodyElse: what goes to an address that the kernel refuses is counted, and the rest goes out.
func TestARefusedMessageHarmsNobodyElse(t *testing.T) {
	s := newSocket(t, "127.0.0.1:0")
	conn, good := listenTarget(t, s)
	nowhere := netip.MustParseAddrPort("127.0.0.1:0") // EINVAL
	bad := &target{addr: nowhere, raw: s.sys.address(nowhere)}
	b := newBatch(s, lentBytes, lentPackets)
	for i := range 3 {
		put(b, bad, fmt.Sprint("lost ", i))
		put(b, good, fmt.Sprint("kept ", i))
	}
	b.flush()
	if got := readAll(t, conn, 3); !slices.Equal(got, []string{"kept 0", "kept 1", "kept 2"}) {
		t.Errorf("got %q", got)
	}
	if st := s.Stats(); st.Out != 3 || st.DropSend != 3 {
		t.Errorf("%d out, %d refused", st.Out, st.DropSend)
	}
	// Where cutting was refused, it is not tried again; for others it is.
	put(b, bad, "lost")
	put(b, bad, "lost")
	if s.segments.Load() && (len(b.messages) != 2 || !bad.singly.Load() || good.singly.Load()) {
		t.Errorf("%d messages for two packets", len(b.messages))
	}
	b.flush()
}

// TestAFullBatchGoesOut: more than fits is sent in between.
func TestAFullBatchGoesOut(t *testing.T) {
	s := newSocket(t, "127.0.0.1:0")
	conn, to := listenTarget(t, s)
	must(t, conn.SetReadBuffer(4<<20))
	b := newBatch(s, lentBytes, lentPackets)
	const n = batchPackets + 20
	got := make(chan []string)
	go func() { got <- readAll(t, conn, n+50) }()
	for i := range n {
		put(b, to, fmt.Sprintf("%04d", i))
	}
	for i := range 50 {
		put(b, to, fmt.Sprintf("%04d%s", n+i, bytes.Repeat([]byte("x"), 1500)))
	}
	b.flush()
	for i, p := range <-got {
		if p[:4] != fmt.Sprintf("%04d", i) {
			t.Fatalf("packet %d is %.10q", i, p)
		}
	}
}

func TestRelayedPacketsGoToTheRelayAtOnce(t *testing.T) {
	s := newSocket(t, "127.0.0.1:0")
	var got []string
	s.HandleRelayed(func(b []byte, to netip.AddrPort) { got = append(got, string(b)) })
	b := newBatch(s, lentBytes, lentPackets)
	put(b, &target{addr: netip.MustParseAddrPort("240.0.0.1:5"), relayed: true}, "x")
	b.flush()
	if !slices.Equal(got, []string{"x"}) || s.Stats().Out != 0 {
		t.Errorf("relayed %q", got)
	}
}
