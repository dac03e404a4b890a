package turn

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/stun/v3"
)

func attribute(kind stun.AttrType, value ...byte) stun.Setter {
	return stun.RawAttribute{Type: kind, Value: value}
}

// What pion would grant though it means nothing here gets the answer of the RFC.
func TestUnsupportedRequests(t *testing.T) {
	tcp := attribute(stun.AttrRequestedTransport, 6, 0, 0, 0)
	tests := []struct {
		name    string
		setters []stun.Setter
		code    stun.ErrorCode
	}{
		{"no transport", nil, stun.CodeBadRequest},
		{"short transport", []stun.Setter{attribute(stun.AttrRequestedTransport, 17)}, stun.CodeBadRequest},
		{"TCP", []stun.Setter{tcp}, stun.CodeUnsupportedTransProto},
		{"unknown transport", []stun.Setter{attribute(stun.AttrRequestedTransport, 99, 0, 0, 0)}, stun.CodeUnsupportedTransProto},
		{"even port", []stun.Setter{udpTransport, attribute(stun.AttrEvenPort, 0)}, stun.CodeInsufficientCapacity},
		{"even port and the next", []stun.Setter{udpTransport, attribute(stun.AttrEvenPort, 0x80)}, stun.CodeInsufficientCapacity},
		{"reservation", []stun.Setter{udpTransport, attribute(stun.AttrReservationToken, 1, 2, 3, 4, 5, 6, 7, 8)}, stun.CodeInsufficientCapacity},
		{"IPv6", []stun.Setter{udpTransport, attribute(stun.AttrRequestedAddressFamily, 2, 0, 0, 0)}, stun.CodeAddrFamilyNotSupported},
		{"unknown family", []stun.Setter{udpTransport, attribute(stun.AttrRequestedAddressFamily, 3, 0, 0, 0)}, stun.CodeAddrFamilyNotSupported},
		{"short family", []stun.Setter{udpTransport, attribute(stun.AttrRequestedAddressFamily, 1)}, stun.CodeBadRequest},
		{"do not fragment", []stun.Setter{udpTransport, attribute(stun.AttrDontFragment)}, stun.CodeUnknownAttribute},
		{"no lifetime", []stun.Setter{udpTransport, lifetime(0)}, stun.CodeInsufficientCapacity},
		{"IPv4", []stun.Setter{udpTransport, attribute(stun.AttrRequestedAddressFamily, 1, 0, 0, 0)}, 0},
		{"a long lifetime", []stun.Setter{udpTransport, lifetime(1 << 31)}, 0},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inTime(t, Config{}, func(t *testing.T, s *Server, dial func(string, string) *rawClient) {
				c := dial("198.51.100.1:1000", "s_1")
				wantCode(t, c.ask(stun.MethodAllocate, udpTransport), stun.CodeUnauthorized)
				answer := c.request(stun.MethodAllocate, test.setters...)
				wantCode(t, answer, test.code)
				if test.code == 0 {
					wantSuccess(t, answer)
				}
				if got := s.Stats().Allocations; (got == 1) != (test.code == 0) {
					t.Fatalf("%d allocations", got)
				}
			})
		})
	}
}

// TCP relaying (RFC 6062) does not exist: nothing answers, and nothing is connected to.
func TestSilence(t *testing.T) {
	inTime(t, Config{}, func(t *testing.T, s *Server, dial func(string, string) *rawClient) {
		c := dial("198.51.100.1:1000", "s_1")
		c.mustAllocate()
		stranger := dial("198.51.100.9:1000", "s_1")
		synthetic := dial("240.0.0.1:49152", "s_1")
		plain := func(method stun.Method, class stun.MessageClass, setters ...stun.Setter) []byte {
			return stun.MustBuild(append([]stun.Setter{stun.TransactionID, stun.NewType(method, class)}, setters...)...).Raw
		}
		tests := []struct {
			name  string
			from  *rawClient
			bytes []byte
			cause Refusal
		}{
			{"Connect", c, plain(stun.MethodConnect, stun.ClassRequest, peer(media4)), RefusalUnsupported},
			{"ConnectionBind", c, plain(stun.MethodConnectionBind, stun.ClassRequest), RefusalUnsupported},
			{"an answer", c, plain(stun.MethodBinding, stun.ClassSuccessResponse), RefusalUnsupported},
			{"Data", c, plain(stun.MethodData, stun.ClassIndication), RefusalUnsupported},
			{"Send without data", c, plain(stun.MethodSend, stun.ClassIndication, peer(media4)), RefusalMalformed},
			{"Send without peer", c, plain(stun.MethodSend, stun.ClassIndication, attribute(stun.AttrData, 1)), RefusalMalformed},
			{"Send of a stranger", stranger, plain(stun.MethodSend, stun.ClassIndication, peer(media4), attribute(stun.AttrData, 1)), RefusalNoAllocation},
			{"Refresh of a stranger", stranger, plain(stun.MethodRefresh, stun.ClassRequest), RefusalNoAllocation},
			{"CreatePermission of a stranger", stranger, plain(stun.MethodCreatePermission, stun.ClassRequest, peer(media4)), RefusalNoAllocation},
			{"ChannelData of a stranger", stranger, []byte{0x40, 0, 0, 1, 7, 0, 0, 0}, RefusalNoAllocation},
			{"ChannelData cut short", c, []byte{0x40, 0, 0, 9, 7, 0, 0, 0}, RefusalMalformed},
			{"ChannelData without a header", c, []byte{0x40}, RefusalMalformed},
			{"nothing", c, []byte{}, RefusalMalformed},
			{"no STUN", c, []byte("GET / HTTP/1.1\r\n\r\n"), RefusalMalformed},
			{"half a header", c, plain(stun.MethodAllocate, stun.ClassRequest)[:10], RefusalMalformed},
			{"TURN inside TURN", synthetic, plain(stun.MethodAllocate, stun.ClassRequest, udpTransport), RefusalMalformed},
			{"Binding from inside", synthetic, plain(stun.MethodBinding, stun.ClassRequest), RefusalMalformed},
		}
		for _, test := range tests {
			before := s.Stats().Refusals[test.cause]
			test.from.end.send(test.bytes)
			c.fence()
			if got := s.Stats().Refusals[test.cause] - before; got != 1 {
				t.Errorf("%s: %d refusals as %v", test.name, got, test.cause)
			}
			if e := test.from.end.(*end); len(e.in) != 0 {
				t.Errorf("%s: answered with %x", test.name, <-e.in)
			}
		}
		c.end.send(plain(stun.MethodBinding, stun.ClassIndication)) // a keep-alive is nothing to count
		c.fence()
	})
}

// What a stranger can make us send, in bytes of UDP payload.
func TestAnswersToStrangersAreSmall(t *testing.T) {
	inTime(t, Config{}, func(t *testing.T, s *Server, dial func(string, string) *rawClient) {
		c := dial("198.51.100.1:1000", "s_1")
		six := dial("[2001:db8::1]:1000", "s_1")
		size := func(c *rawClient, method stun.Method, setters ...stun.Setter) int {
			return len(c.ask(method, setters...).Raw)
		}
		for _, test := range []struct {
			name         string
			got, atLeast int
			atMost       int
		}{
			{"Binding, 20 bytes", size(c, stun.MethodBinding), 32, 32},
			{"Binding with FINGERPRINT, 28 bytes", size(c, stun.MethodBinding, stun.Fingerprint), 40, 40},
			{"Binding over IPv6, 20 bytes", size(six, stun.MethodBinding), 44, 44},
			{"Allocate without anything, 20 bytes", size(c, stun.MethodAllocate), 28, 28},
			{"Allocate, 28 bytes", size(c, stun.MethodAllocate, udpTransport), 60, 72}, // pion's nonce varies

		} {
			if test.got < test.atLeast || test.got > test.atMost {
				t.Errorf("%s: answered with %d bytes, not %d", test.name, test.got, test.atMost)
			}
		}
	})
}

func TestStrangersAreSlowedDown(t *testing.T) {
	inTime(t, Config{UnauthenticatedRate: 10}, func(t *testing.T, s *Server, dial func(string, string) *rawClient) {
		live := dial("198.51.100.1:1000", "s_1")
		live.mustAllocate() // two requests
		flood := live.end.(*end).wire.dial("198.51.100.1:2000")
		request := stun.MustBuild(stun.TransactionID, stun.NewType(stun.MethodAllocate, stun.ClassRequest), udpTransport).Raw
		binding := stun.MustBuild(stun.TransactionID, stun.BindingRequest).Raw
		for range 100 {
			flood.send(request)
			flood.send(binding)
		}
		synctest.Wait()
		if got := len(flood.in); got != 28 {
			t.Errorf("%d of 200 requests answered at once, not 28", got)
		}
		wantSuccess(t, live.request(stun.MethodRefresh)) // same address, but it has an allocation
		dial("198.51.100.2:1000", "s_2").mustAllocate()  // another address
		if got := s.Stats().Refusals[RefusalRate]; got != 172 {
			t.Errorf("%d refused, not 172", got)
		}
		time.Sleep(time.Second)
		for range 100 {
			flood.send(request)
		}
		synctest.Wait()
		if got := len(flood.in); got != 38 {
			t.Errorf("%d answered after another second, not 38", got)
		}
	})
}

func TestLimitKey(t *testing.T) {
	for _, test := range []struct {
		a, b string
		same bool
	}{
		{"192.0.2.1", "192.0.2.1", true},
		{"192.0.2.1", "192.0.2.2", false},
		{"192.0.2.1", "::ffff:192.0.2.1", true},
		{"2001:db8::1", "2001:db8::ffff:2", true},
		{"2001:db8::1", "2001:db8:0:1::1", false},
		{"fe80::1%a", "fe80::2%b", true},
	} {
		if same := limitKey(netip.MustParseAddr(test.a)) == limitKey(netip.MustParseAddr(test.b)); same != test.same {
			t.Errorf("%s and %s: same %v", test.a, test.b, same)
		}
	}
}

func TestConfigValidate(t *testing.T) {
	good := []netip.AddrPort{media4, media6}
	tests := []struct {
		name string
		cfg  Config
		bad  string // a part of the complaint
	}{
		{"defaults", Config{MediaAddrs: good}, ""},
		{"loopback, for development", Config{MediaAddrs: []netip.AddrPort{mustAddr("127.0.0.1:8080")}}, ""},
		{"URL", Config{MediaAddrs: good, URLs: []string{"turn:turn.example.org:443?transport=udp"}}, ""},
		{"no media", Config{}, "no media address"},
		{"unspecified", Config{MediaAddrs: []netip.AddrPort{mustAddr("0.0.0.0:1")}}, "media address"},
		{"no port", Config{MediaAddrs: []netip.AddrPort{mustAddr("192.0.2.1:0")}}, "media address"},
		{"zero", Config{MediaAddrs: []netip.AddrPort{{}}}, "media address"},
		{"synthetic", Config{MediaAddrs: []netip.AddrPort{mustAddr("240.0.0.1:1")}}, "media address"},
		{"multicast", Config{MediaAddrs: []netip.AddrPort{mustAddr("[ff02::1]:1")}}, "media address"},
		{"zone", Config{MediaAddrs: []netip.AddrPort{mustAddr("[fe80::1%lo]:1")}}, "media address"},
		{"STUN URL", Config{MediaAddrs: good, URLs: []string{"stun:example.org"}}, "URL"},
		{"TCP URL", Config{MediaAddrs: good, URLs: []string{"turn:example.org?transport=tcp"}}, "URL"},
		{"no URL", Config{MediaAddrs: good, URLs: []string{""}}, "URL"},
		{"realm", Config{MediaAddrs: good, Realm: strings.Repeat("r", 65)}, "realm"},
		{"secret", Config{MediaAddrs: good, Secret: []byte("short")}, "secret"},
		{"lifetime", Config{MediaAddrs: good, CredentialLifetime: -1}, "lifetime"},
		{"quota", Config{MediaAddrs: good, AllocationsPerSession: 65}, "per session"},
		{"capacity", Config{MediaAddrs: good, MaxAllocations: -1}, "allocations"},
		{"queue", Config{MediaAddrs: good, QueuePackets: 1}, "queue"},
		{"rate", Config{MediaAddrs: good, UnauthenticatedRate: -1}, "unauthenticated"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := test.cfg.Validate()
			if test.bad == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), test.bad) {
				t.Fatalf("%v does not complain about %q", err, test.bad)
			}
			if s, err := New(test.cfg, newWire(), &echo{}, quiet()); s != nil || err == nil {
				t.Fatal("New takes it")
			}
		})
	}
	want := []string{"turn:203.0.113.7:3478?transport=udp", "turn:[2001:db8::7]:3478?transport=udp"}
	if got := defaultURLs(good); len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("%q", got)
	}
	mapped := Config{MediaAddrs: []netip.AddrPort{mustAddr("[::ffff:203.0.113.7]:3478")}}.withDefaults()
	if mapped.MediaAddrs[0] != media4 {
		t.Errorf("%v", mapped.MediaAddrs)
	}
}

func TestGenerator(t *testing.T) {
	if conn, _, err := (generator{}).AllocateConn("tcp4", 0); conn != nil || !errors.Is(err, ErrUnsupported) {
		t.Error("TCP is relayed")
	}
	if addrPort(&net.TCPAddr{}).IsValid() || addrPort(nil).IsValid() || addrPort((*net.UDPAddr)(nil)).IsValid() {
		t.Error("not an address")
	}
	var mapped [16]byte
	mapped[10], mapped[11] = 0xff, 0xff
	binary.BigEndian.PutUint32(mapped[12:], 0xC0000201)
	if got := addrPort(&net.UDPAddr{IP: mapped[:], Port: 5}); got != mustAddr("192.0.2.1:5") {
		t.Errorf("%v", got)
	}
}
