package sfu

import (
	"go/parser"
	"go/token"
	"net/netip"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

func TestTheAnswerSaysWhatTheServerIs(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{AdvertisedAddrs: []netip.Addr{netip.MustParseAddr("203.0.113.7"), netip.MustParseAddr("2001:db8::7")}})
	reply, err := s.Connect(testContext(t), ConnectRequest{Peer: "a", Offer: newClient(t, s, "a", clientConfig{rids: []string{"l", "m", "h"}}).offer(nil)})
	must(t, err)
	for pattern, want := range map[string]int{
		`a=ice-lite`:      1,
		`a=setup:passive`: 11,
		`a=candidate:\S+ 1 udp \d+ 203\.0\.113\.7 \d+ typ host`: 1,
		`a=candidate:\S+ 1 udp \d+ 2001:db8::7 \d+ typ host`:    1,
		`a=candidate:\S+ 1 `:     2,
		`a=simulcast:recv l;m;h`: 1,
		`a=sendonly`:             8,
		`a=recvonly`:             3,
		`a=inactive`:             0,
		`a=msid:lane0 `:          2, // sound and picture of one person
		`a=msid:lane3 `:          2,
		`a=ssrc-group:FID`:       4,
		`useinbandfec=1`:         5,
		`(?i)a=rtpmap:\d+ (VP9|AV1|H265|PCM|G722)`: 0,
	} {
		if got := len(regexp.MustCompile(pattern).FindAllString(reply.Answer, -1)); got != want {
			t.Errorf("%s: %d times, want %d", pattern, got, want)
		}
	}
}

func TestAPeerThatClosesFails(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{})
	a := newClient(t, s, "a", clientConfig{})
	a.join("room")
	eventually(t, "the client's side is up too", waitFor, func() bool {
		return a.pc.ConnectionState() == webrtc.PeerConnectionStateConnected
	})
	must(t, a.pc.Close())
	s.events.wait(t, "PeerFailed", func(e Event) bool { return e == PeerFailed{Peer: "a"} })
	s.Disconnect("a")
	if st := s.Stats(); st.Peers != 0 || st.Rooms != 0 {
		t.Errorf("left: %+v", st)
	}
}

// TestAPeerWithoutGCM: who has AES-CM with HMAC-SHA1 only is seen and heard, and sees and hears.
func TestAPeerWithoutGCM(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{})
	a, b := newClient(t, s, "a", clientConfig{noGCM: true}), newClient(t, s, "b", clientConfig{})
	for _, c := range []*client{a, b} {
		c.join("room")
		c.talk(30)
		c.film(0)
	}
	a.expect("b", SourceCamera, "b|cam0", 30)
	b.expect("a", SourceCamera, "a|cam0", 30)
	b.expect("a", SourceMicrophone, "a|mic", 30)
}

func TestAPeerThatNeverComesBackFails(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{LostAfter: 500 * time.Millisecond, KeepFor: 1500 * time.Millisecond})
	a := newClient(t, s, "a", clientConfig{})
	a.join("room")
	a.net.losing(func(bool, []byte) bool { return true })
	s.events.wait(t, "PeerLost", func(e Event) bool { return e == PeerLost{Peer: "a"} })
	s.events.wait(t, "PeerFailed", func(e Event) bool { return e == PeerFailed{Peer: "a"} })
}

// TestASocketOnEverything: the server listens on every address, the client is on loopback, as at `make run`.
func TestASocketOnEverything(t *testing.T) {
	checkGoroutines(t)
	s := newServerAt(t, ":0", Config{})
	a, b := newClient(t, s, "a", clientConfig{}), newClient(t, s, "b", clientConfig{})
	for _, c := range []*client{a, b} {
		c.join("room")
		c.talk(30)
		c.film(0)
	}
	a.expect("b", SourceCamera, "b|cam0", 30)
	b.expect("a", SourceCamera, "a|cam0", 30)
}

// TestSoundIsRepairedWhereItWasNegotiated: an audio lane with nack negotiated repairs sound by plain retransmission.
func TestSoundIsRepairedWhereItWasNegotiated(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{})
	a, b := newClient(t, s, "a", clientConfig{audioNACK: true}), newClient(t, s, "b", clientConfig{audioNACK: true})
	a.join("room")
	b.join("room")
	a.talk(30)
	log := b.expect("a", SourceMicrophone, "a|mic", 10)
	lossy := everyNth(10)
	a.net.losing(lossy)
	b.net.losing(lossy)
	eventually(t, "sound through the loss", waitFor, func() bool { return log.total() > 150 })
	a.net.losing(nil)
	b.net.losing(nil)
	eventually(t, "every packet of sound repaired", waitFor, func() bool { return len(log.gaps(10)) == 0 })
}

// FuzzFeedback: whatever RTCP a peer sends about a lane, the core bears it.
func FuzzFeedback(f *testing.F) {
	for _, p := range []rtcp.Packet{
		&rtcp.PictureLossIndication{MediaSSRC: 2000}, &rtcp.TransportLayerNack{MediaSSRC: 2000, Nacks: []rtcp.NackPair{{PacketID: 1, LostPackets: 0xffff}}},
		&rtcp.FullIntraRequest{MediaSSRC: 2000, FIR: []rtcp.FIREntry{{SSRC: 2000}}}, &rtcp.ReceiverReport{},
	} {
		b, err := p.Marshal()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		packets, err := rtcp.Unmarshal(b)
		if err != nil {
			return
		}
		s := newStage(t)
		a, wire, _ := s.enter("a")
		peer, _, sinks := s.enter("b")
		in := a.openStream(streamInfo{mid: "1", ssrc: 7, codec: codecVP8, nack: true})
		in.receive(vp8In(1, true, time.Now()))
		in.receive(vp8In(2, false, time.Now()))
		peer.feedback(sinks[1].out, packets, nil)
		if n := len(sinks[1].packets); n > 4 {
			t.Fatalf("%d packets out of 2", n)
		}
		if n := wire.plis(); n > 1 {
			t.Fatalf("%d requests at once", n)
		}
	})
}

// TestTheSeamHolds: only the files of the transport know of ICE, DTLS, SRTP and the kernel; nothing knows a PeerConnection.
func TestTheSeamHolds(t *testing.T) {
	files, err := filepath.Glob("*.go")
	must(t, err)
	allowed := map[string]bool{"github.com/pion/rtp": true, "github.com/pion/rtcp": true, "github.com/pion/sdp/v3": true}
	only := map[string][]string{
		"github.com/pion/srtp/v3": {"srtp.go", "transport.go", "dtls.go"}, "github.com/pion/interceptor/pkg/twcc": {"transport.go"},
		"github.com/pion/stun/v3": {"ice.go"}, "github.com/pion/dtls/v3": {"dtls.go"}, "github.com/pion/logging": {"dtls.go"},
		"golang.org/x/sys/unix": {"socket_linux.go", "batch_linux.go"},
	}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ImportsOnly)
		must(t, err)
		for _, imp := range f.Imports {
			if path := strings.Trim(imp.Path.Value, `"`); strings.Contains(path, ".") && !allowed[path] && !slices.Contains(only[path], name) {
				t.Errorf("%s imports %s", name, path)
			}
		}
	}
}
