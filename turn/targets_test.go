package turn

import (
	"bytes"
	"net"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/pion/stun/v3"
	"github.com/pion/transport/v4/test"
	pionturn "github.com/pion/turn/v4"
)

// testMedia stands for our advertised addresses in these tests. They are loopback addresses, so that the canary listens
// on the other ports of the very same addresses.
var testMedia = []netip.AddrPort{mustAddr("127.0.0.2:3478"), mustAddr("[::1]:3478")}

// hosts are other targets, and other ways to write ours. The canary's port and others are put behind each.
var hosts = []string{
	// ourselves
	"127.0.0.1", "127.0.0.2", "127.1.2.3", "127.255.255.254", "::1",
	"0.0.0.0", "::", "0.0.0.1", "0.255.255.255",
	// IPv4 written as IPv6: mapped, compatible, translated, ISATAP, 6to4, NAT64 (both prefixes), Teredo
	"::ffff:127.0.0.1", "::ffff:127.0.0.2", "::ffff:0.0.0.0", "::ffff:169.254.169.254", "::ffff:10.0.0.1",
	"::127.0.0.1", "::127.0.0.2", "::10.0.0.1", "::ffff:0:127.0.0.1", "::ffff:0:127.0.0.2",
	"fe80::5efe:127.0.0.1", "2002:7f00:1::", "2002:7f00:1::1", "2002:7f00:2::2", "2002:a9fe:a9fe::", "2002:a00:1::1",
	"64:ff9b::127.0.0.1", "64:ff9b::127.0.0.2", "64:ff9b::169.254.169.254", "64:ff9b:1::127.0.0.1",
	"2001:0:7f00:1::80ff:fffe", "2001::80ff:fffe", "100::1",
	// private, shared, documentation, benchmarking
	"10.0.0.1", "10.255.255.255", "172.16.0.1", "172.31.255.254", "192.168.0.1", "192.168.1.254",
	"100.64.0.1", "100.127.255.254", "192.0.0.1", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1",
	// link-local, metadata services, unique local, site-local
	"169.254.0.1", "169.254.169.254", "169.254.170.2", "fe80::1", "fe80::a9fe:a9fe", "fc00::1", "fd00::1",
	"fd00:ec2::254", "fec0::1",
	// multicast, broadcast, reserved, and the synthetic range
	"224.0.0.1", "239.255.255.250", "255.255.255.255", "ff01::1", "ff02::1", "ff02::fb", "ff0e::1",
	"240.0.0.0", "240.0.0.1", "240.0.0.2", "250.1.2.3", "::ffff:240.0.0.1",
	// anybody
	"192.88.99.1", "1.1.1.1", "8.8.8.8", "2001:4860:4860::8888", "2620:fe::fe", "2001:db8::1",
}

// targets are all hosts with the canary's port, the media's, and some more, but for the media itself.
func targets(canary uint16) []netip.AddrPort {
	var all []netip.AddrPort
	for _, host := range hosts {
		for _, port := range []uint16{canary, 3478, 0, 22, 53, 80, 8080, 65535} {
			target := netip.AddrPortFrom(netip.MustParseAddr(host), port)
			if target != testMedia[0] && target != testMedia[1] {
				all = append(all, target)
			}
		}
	}
	return all
}

// canary listens on one port of every address of this machine, ours included.
type canary struct {
	t    *testing.T
	conn *net.UDPConn
	port uint16
}

func newCanary(t *testing.T) *canary {
	t.Helper()
	conn, err := net.ListenUDP("udp", nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return &canary{t, conn, addrPort(conn.LocalAddr()).Port()}
}

// wantNothing fails if anything has arrived. Loopback keeps the order, so a packet of our own is the first to come.
func (c *canary) wantNothing() {
	c.t.Helper()
	const sentinel = "still alive"
	own, err := net.Dial("udp4", netip.AddrPortFrom(netip.MustParseAddr("127.0.0.2"), c.port).String())
	if err != nil {
		c.t.Fatal(err)
	}
	defer func() { _ = own.Close() }()
	if _, err := own.Write([]byte(sentinel)); err != nil {
		c.t.Fatal(err)
	}
	if err := c.conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
		c.t.Fatal(err)
	}
	b := make([]byte, 2000)
	n, from, err := c.conn.ReadFrom(b)
	if err != nil || !bytes.Equal(b[:n], []byte(sentinel)) {
		c.t.Fatalf("the canary got %q from %v, %v", b[:n], from, err)
	}
}

func TestCanarySings(t *testing.T) {
	c := newCanary(t)
	for _, host := range []string{"127.0.0.1", "127.0.0.2", "0.0.0.0"} {
		conn, err := net.Dial("udp", netip.AddrPortFrom(netip.MustParseAddr(host), c.port).String())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := conn.Write([]byte(host)); err != nil {
			t.Fatal(err)
		}
		_ = conn.Close()
		if err := c.conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
			t.Fatal(err)
		}
		b := make([]byte, 100)
		if n, _, err := c.conn.ReadFrom(b); err != nil || string(b[:n]) != host {
			t.Fatalf("the canary does not hear %s: %v", host, err)
		}
	}
}

// Nobody but the media is reached, whichever way a client asks.
func TestReachesNothingElse(t *testing.T) {
	t.Cleanup(test.CheckRoutines(t))
	canary := newCanary(t)
	socket, err := net.ListenPacket("udp4", "127.0.0.2:0")
	if err != nil {
		t.Fatal(err)
	}
	media := &echo{}
	s := mustServe(t, Config{MediaAddrs: testMedia, UnauthenticatedRate: 100_000}, socket, media)
	c := (&rawClient{t: t, end: dialUDP(t, socket.LocalAddr())}).use(s.Credentials("s_1"))
	c.mustAllocate()
	wantSuccess(t, c.permit(testMedia...)) // so that pion does not refuse for the want of a permission

	all := targets(canary.port)
	if len(hosts) < 40 {
		t.Fatalf("only %d other targets", len(hosts))
	}
	refused := func() uint64 { return s.Stats().Refusals[RefusalPeer] }
	for i, target := range all {
		before := refused()
		wantCode(t, c.permit(target), stun.CodeForbidden)
		wantCode(t, c.permit(testMedia[0], target), stun.CodeForbidden)
		wantCode(t, c.bind(uint16(0x4000+i), target), stun.CodeForbidden)
		c.indicate("out", target)
		c.sendChannel(uint16(0x4000+i), "out")
		c.fence()
		if got := refused() - before; got != 4 {
			t.Errorf("%v: %d refusals counted, not 4", target, got)
		}
	}
	// An own address cut short is completed with zeros by pion's decoder: 127.0.0.2 and 127 are not the same.
	short := stun.MustBuild(stun.TransactionID, stun.NewType(stun.MethodSend, stun.ClassIndication),
		peer(testMedia[0]), stun.RawAttribute{Type: stun.AttrData, Value: []byte("out")})
	short.Raw[stunHeader+3] = 5 // the length of XOR-PEER-ADDRESS: family, port and one byte
	c.end.send(short.Raw)
	c.fence()

	if got := media.take(); len(got) != 0 {
		t.Errorf("the media got %d packets that were not for it", len(got))
	}
	canary.wantNothing()
	c.indicate("in", testMedia[0])
	if got := c.receiveData(); got.bytes != "in" || got.from != testMedia[0] {
		t.Fatalf("after all that, the media is not reached: %+v", got)
	}
}

// The same without the gate: pion's permissions and relay.WriteTo hold alone.
func TestInnerWallsHoldAlone(t *testing.T) {
	t.Cleanup(test.CheckRoutines(t))
	canary := newCanary(t)
	media := &echo{}
	s := mustServe(t, Config{MediaAddrs: testMedia}, newWire(), media)
	socket, err := net.ListenPacket("udp4", "127.0.0.2:0")
	if err != nil {
		t.Fatal(err)
	}
	bare, err := pionturn.NewServer(pionturn.ServerConfig{
		Realm:         s.cfg.Realm,
		AuthHandler:   s.authenticate,
		QuotaHandler:  s.mayAllocate,
		LoggerFactory: pionLog{log: quiet(), counters: &s.counters},
		EventHandler:  pionturn.EventHandler{OnAllocationCreated: s.handleCreated, OnAllocationDeleted: s.handleDeleted},
		PacketConnConfigs: []pionturn.PacketConnConfig{{
			PacketConn: socket, RelayAddressGenerator: generator{s}, PermissionHandler: s.media.permit,
		}},
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = bare.Close() })
	c := (&rawClient{t: t, end: dialUDP(t, socket.LocalAddr())}).use(s.Credentials("s_1"))
	c.mustAllocate()
	wantSuccess(t, c.permit(testMedia...))

	mediaIPs := []netip.Addr{testMedia[0].Addr(), testMedia[1].Addr()}
	for i, target := range targets(canary.port) {
		ours := target.Addr() == mediaIPs[0] || target.Addr() == mediaIPs[1]
		if granted := c.permit(target).Type.Class == stun.ClassSuccessResponse; granted != ours {
			t.Errorf("%v: permission %v", target, granted)
		}
		bound := c.bind(uint16(0x4000+i), target).Type.Class == stun.ClassSuccessResponse
		if bound != ours {
			t.Errorf("%v: channel %v", target, bound)
		}
		c.indicate("out", target)
		c.sendChannel(uint16(0x4000+i), "out")
		c.fence()
		if udp := net.UDPAddrFromAddrPort(target); s.media.permit(nil, udp.IP) && !ours {
			t.Errorf("%v: permit", target)
		}
	}
	if got := media.take(); len(got) != 0 {
		t.Errorf("the media got %d packets that were not for it", len(got))
	}
	canary.wantNothing()
	c.indicate("in", testMedia[0])
	if got := c.receiveData(); got.bytes != "in" {
		t.Fatalf("%+v", got)
	}
}

// relay.WriteTo, asked directly, with IPv4 in both of Go's forms.
func TestWriteToRefuses(t *testing.T) {
	media := &echo{mute: true}
	s := &Server{cfg: Config{QueuePackets: 8}, media: newMediaAddrs(testMedia), sink: media, relays: newAddressBook(1)}
	r := s.newRelay()
	if err := s.relays.add(r); err != nil {
		t.Fatal(err)
	}
	peers := []net.Addr{
		&net.TCPAddr{IP: net.IPv4(127, 0, 0, 2).To4(), Port: 3478},
		&net.UDPAddr{Port: 3478},
		&net.UDPAddr{IP: net.IP{127, 0}, Port: 3478},
		&net.UDPAddr{IP: net.IPv4(127, 0, 0, 2).To16(), Port: 3478}, // mapped
		&net.UDPAddr{IP: net.IPv6loopback, Port: 3478, Zone: "lo"},
	}
	for _, target := range targets(9999) {
		peers = append(peers, net.UDPAddrFromAddrPort(target))
	}
	for _, peer := range peers {
		if n, err := r.WriteTo([]byte("out"), peer); n != 3 || err != nil {
			t.Errorf("%v: %d, %v: pion would log that", peer, n, err)
		}
	}
	if got := s.Stats().Refusals[RefusalPeer]; got != uint64(len(peers)) || len(media.take()) != 0 {
		t.Errorf("%d of %d refused", got, len(peers))
	}
	for _, own := range testMedia {
		if n, err := r.WriteTo([]byte("in"), net.UDPAddrFromAddrPort(own)); n != 2 || err != nil {
			t.Errorf("%v: %d, %v", own, n, err)
		}
	}
	if got := media.take(); len(got) != 2 || got[0].from != r.address {
		t.Errorf("the media got %v", got)
	}
}

func TestHostsAreDistinct(t *testing.T) {
	seen := map[netip.Addr]string{}
	for _, host := range hosts {
		addr := netip.MustParseAddr(host)
		if other, ok := seen[addr]; ok {
			t.Errorf("%s is %s again", host, other)
		}
		seen[addr] = host
	}
	if strings.Contains(strings.Join(hosts, " "), "%") {
		t.Error("zones do not travel")
	}
}
