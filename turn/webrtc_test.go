package turn

import (
	"net"
	"net/netip"
	"sync"
	"testing"
	"time"

	"github.com/pion/transport/v4/test"
	"github.com/pion/webrtc/v4"
)

// muxMedia is a media socket that pion's ICE works on: all its packets come from the relay.
type muxMedia struct {
	address net.Addr
	deliver func([]byte, netip.AddrPort)
	in      chan datagram
	closed  chan struct{}
	once    sync.Once
}

func (m *muxMedia) HandleRelayed(f func([]byte, netip.AddrPort)) { m.deliver = f }

func (m *muxMedia) Inject(b []byte, from netip.AddrPort) {
	select {
	case m.in <- datagram{append([]byte(nil), b...), from}:
	default:
	}
}

func (m *muxMedia) ReadFrom(b []byte) (int, net.Addr, error) {
	select {
	case d := <-m.in:
		return copy(b, d.bytes), net.UDPAddrFromAddrPort(d.from), nil
	case <-m.closed:
		return 0, nil, net.ErrClosed
	}
}

func (m *muxMedia) WriteTo(b []byte, to net.Addr) (int, error) {
	m.deliver(b, addrPort(to))
	return len(b), nil
}

func (m *muxMedia) Close() error {
	m.once.Do(func() { close(m.closed) })
	return nil
}

func (m *muxMedia) LocalAddr() net.Addr              { return m.address }
func (m *muxMedia) SetDeadline(time.Time) error      { return nil }
func (m *muxMedia) SetReadDeadline(time.Time) error  { return nil }
func (m *muxMedia) SetWriteDeadline(time.Time) error { return nil }

// A whole PeerConnection with a relay-only policy talks to an ICE-lite one whose address is TURN's own.
func TestRelayOnlyPeerConnection(t *testing.T) {
	t.Cleanup(test.CheckRoutines(t))
	socket, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	media := &muxMedia{address: socket.LocalAddr(), in: make(chan datagram, 1024), closed: make(chan struct{})}
	s := mustServe(t, Config{MediaAddrs: []netip.AddrPort{addrPort(socket.LocalAddr())}}, socket, media)

	mux := webrtc.NewICEUDPMux(nil, media)
	t.Cleanup(func() { _ = mux.Close() })
	var lite webrtc.SettingEngine
	lite.SetLite(true)
	lite.SetICEUDPMux(mux)
	lite.SetIncludeLoopbackCandidate(true)
	lite.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	if err := lite.SetAnsweringDTLSRole(webrtc.DTLSRoleServer); err != nil {
		t.Fatal(err)
	}
	server := mustPeer(t, &lite, webrtc.Configuration{})
	credentials := s.Credentials("s_1")
	client := mustPeer(t, &webrtc.SettingEngine{}, webrtc.Configuration{
		ICETransportPolicy: webrtc.ICETransportPolicyRelay,
		ICEServers: []webrtc.ICEServer{{
			URLs: credentials.URLs, Username: credentials.Username, Credential: credentials.Password,
		}},
	})
	server.OnDataChannel(func(channel *webrtc.DataChannel) {
		channel.OnMessage(func(m webrtc.DataChannelMessage) { _ = channel.Send(m.Data) })
	})
	channel, err := client.CreateDataChannel("test", nil)
	if err != nil {
		t.Fatal(err)
	}
	back := make(chan string, 1)
	channel.OnOpen(func() { _ = channel.SendText("hello") })
	channel.OnMessage(func(m webrtc.DataChannelMessage) { back <- string(m.Data) })

	offer, err := client.CreateOffer(nil)
	if err != nil {
		t.Fatal(err)
	}
	mustDescribe(t, client, offer)
	if err := server.SetRemoteDescription(*client.LocalDescription()); err != nil {
		t.Fatal(err)
	}
	answer, err := server.CreateAnswer(nil)
	if err != nil {
		t.Fatal(err)
	}
	mustDescribe(t, server, answer)
	if err := client.SetRemoteDescription(*server.LocalDescription()); err != nil {
		t.Fatal(err)
	}
	select {
	case got := <-back:
		if got != "hello" {
			t.Fatalf("%q came back", got)
		}
	case <-time.After(patience):
		t.Fatalf("no connection: %v, %+v", client.ICEConnectionState(), s.Stats())
	}
	pair, err := client.SCTP().Transport().ICETransport().GetSelectedCandidatePair()
	if err != nil || pair.Local.Typ != webrtc.ICECandidateTypeRelay {
		t.Fatalf("selected %v, %v", pair, err)
	}
	if stats := s.Stats(); stats.Faults != 0 || stats.PacketsToMedia == 0 || stats.PacketsToClients == 0 {
		t.Fatalf("%+v", stats)
	}
}

func mustPeer(t *testing.T, settings *webrtc.SettingEngine, cfg webrtc.Configuration) *webrtc.PeerConnection {
	t.Helper()
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(*settings)).NewPeerConnection(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = pc.GracefulClose() })
	return pc
}

// mustDescribe sets a local description and waits for its candidates.
func mustDescribe(t *testing.T, pc *webrtc.PeerConnection, description webrtc.SessionDescription) {
	t.Helper()
	gathered := webrtc.GatheringCompletePromise(pc)
	if err := pc.SetLocalDescription(description); err != nil {
		t.Fatal(err)
	}
	select {
	case <-gathered:
	case <-time.After(patience):
		t.Fatal("gathering does not end")
	}
}
