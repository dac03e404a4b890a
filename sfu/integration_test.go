package sfu

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

// waitFor is how long a test waits for what should come within a second or two.
const waitFor = 30 * time.Second

func readSenderRTCP(s *webrtc.RTPSender, rid string) ([]rtcp.Packet, any, error) {
	if rid != "" {
		p, a, err := s.ReadSimulcastRTCP(rid)
		return p, a, err
	}
	p, a, err := s.ReadRTCP()
	return p, a, err
}

func isPLI(p rtcp.Packet) bool {
	_, ok := p.(*rtcp.PictureLossIndication)
	return ok
}

func TestTwoPeersSeeAndHearEachOther(t *testing.T) {
	for _, codec := range []string{webrtc.MimeTypeVP8, webrtc.MimeTypeH264} {
		t.Run(codec, func(t *testing.T) {
			checkGoroutines(t)
			s := newServer(t, Config{})
			a, b := newClient(t, s, "a", clientConfig{codec: codec}), newClient(t, s, "b", clientConfig{codec: codec})
			a.join("room")
			b.join("room")
			for _, c := range []*client{a, b} {
				c.talk(30)
				c.film(0)
			}
			a.expect("b", SourceMicrophone, "b|mic", 20)
			a.expect("b", SourceCamera, "b|cam0", 60)
			b.expect("a", SourceMicrophone, "a|mic", 20)
			log := b.expect("a", SourceCamera, "a|cam0", 60)
			if gaps := log.gaps(9); len(gaps) > 0 {
				t.Errorf("missing: %v", gaps)
			}
			for _, source := range []Source{SourceMicrophone, SourceCamera} {
				lane := b.lane(s.lane(t, "b", "a", source))
				eventually(t, "a sender report on the lane of "+string(source), waitFor, func() bool { return lane.reports.Load() > 0 })
			}
		})
	}
}

func TestSimulcastTakesTheBestLayerThatFlowsAndIsWanted(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{})
	a, b := newClient(t, s, "a", clientConfig{rids: []string{"l", "m", "h"}}), newClient(t, s, "b", clientConfig{})
	a.join("room")
	b.join("room")
	a.film(0)
	b.expect("a", SourceCamera, "a|cam0", 10)
	a.film(1)
	top := a.film(2)
	log := b.expect("a", SourceCamera, "a|cam2", 30)

	must(t, s.Want("b", []Want{{Peer: "a", Source: SourceCamera, Height: 360}}))
	eventually(t, "the middle layer", waitFor, func() bool { return log.latest("a|cam1") })
	must(t, s.Want("b", []Want{{Peer: "a", Source: SourceCamera, Height: 0}}))
	eventually(t, "silence", waitFor, func() bool { return log.quiet(300 * time.Millisecond) })
	must(t, s.Want("b", nil))
	eventually(t, "the top layer again", waitFor, func() bool { return log.latest("a|cam2") })
	top.pause(true)
	eventually(t, "the middle layer, for the top one stopped", waitFor, func() bool { return log.latest("a|cam1") })
	log.checkContinuous(t)
}

func TestPeopleComeAndGoWithoutOffers(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{})
	a, b, d := newClient(t, s, "a", clientConfig{}), newClient(t, s, "b", clientConfig{codec: webrtc.MimeTypeH264}), newClient(t, s, "d", clientConfig{})
	for _, c := range []*client{a, b} {
		c.join("room")
		c.talk(30)
		c.film(0)
	}
	log := a.expect("b", SourceCamera, "b|cam0", 10)
	mid := s.lane(t, "a", "b", SourceCamera)
	s.Disconnect("b")
	s.events.wait(t, "a's lanes empty", func(e Event) bool { l, ok := e.(LanesEvent); return ok && l.Peer == "a" && len(l.Lanes) == 0 })
	d.join("room")
	d.talk(30)
	d.film(0)
	a.expect("d", SourceCamera, "d|cam0", 10)
	if got := s.lane(t, "a", "d", SourceCamera); got != mid {
		t.Errorf("d's camera is on %s, want b's lane %s", got, mid)
	}
	log.checkContinuous(t)
	// Out of the room and in again, on the same transport.
	must(t, s.Withdraw("d"))
	s.events.reset()
	must(t, s.Enter("d", "room"))
	before := log.has("d|cam0")
	eventually(t, "d is seen again", waitFor, func() bool { return log.has("d|cam0") > before+10 })
	log.checkContinuous(t)
}

func TestScreenShareTakesTheLastLaneAndFreesIt(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{})
	a, b := newClient(t, s, "a", clientConfig{}), newClient(t, s, "b", clientConfig{})
	a.join("room")
	b.join("room")
	must(t, s.Publish("a", SourceScreen))
	a.share()
	b.expect("a", SourceScreen, "a|screen", 30)
	if mid := s.lane(t, "b", "a", SourceScreen); mid != "10" {
		t.Errorf("screen on lane %s, want the last, 10", mid)
	}
	must(t, s.Unpublish("a", SourceScreen))
	lanes, err := s.Lanes("b")
	must(t, err)
	for _, l := range lanes.Lanes {
		if l.Source == SourceScreen {
			t.Errorf("the stopped screen still has lane %s", l.Mid)
		}
	}
	eventually(t, "silence on the lane", waitFor, func() bool { return b.lane("10").quiet(300 * time.Millisecond) })
}

func TestMuteStopsForwardingAndKeepsTheLane(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{})
	a, b := newClient(t, s, "a", clientConfig{}), newClient(t, s, "b", clientConfig{})
	a.join("room")
	b.join("room")
	a.talk(30)
	a.film(0)
	sound, picture := b.expect("a", SourceMicrophone, "a|mic", 5), b.expect("a", SourceCamera, "a|cam0", 5)
	must(t, s.Mute("a", SourceMicrophone, true))
	must(t, s.Mute("a", SourceCamera, true))
	eventually(t, "silence", waitFor, func() bool { return sound.quiet(200*time.Millisecond) && picture.quiet(200*time.Millisecond) })
	lanes, err := s.Lanes("b")
	must(t, err)
	if len(lanes.Lanes) != 2 {
		t.Errorf("lanes while muted: %+v", lanes.Lanes)
	}
	heard, seen := sound.total(), picture.total()
	must(t, s.Mute("a", SourceMicrophone, false))
	must(t, s.Mute("a", SourceCamera, false))
	eventually(t, "sound and picture again", waitFor, func() bool { return sound.total() > heard+5 && picture.total() > seen+5 })
	if first := picture.at(seen); !isKeyVP8(first.payload) {
		t.Errorf("the picture resumes with %q, not with a key frame", first.payload)
	}
	picture.checkContinuous(t)
	sound.checkContinuous(t)
}

func TestWaitingPeersGetAndSendNothing(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{})
	a, b, waiting := newClient(t, s, "a", clientConfig{}), newClient(t, s, "b", clientConfig{}), newClient(t, s, "w", clientConfig{})
	waiting.connect()
	s.waitUp(t, "w")
	must(t, s.Publish("w", SourceMicrophone))
	must(t, s.Publish("w", SourceCamera))
	for _, c := range []*client{a, b} {
		c.join("room")
	}
	for _, c := range []*client{a, b, waiting} {
		c.talk(30)
		c.film(0)
	}
	a.expect("b", SourceCamera, "b|cam0", 30)
	b.expect("a", SourceCamera, "a|cam0", 30)
	for _, c := range []*client{a, b} {
		for mid, log := range c.lanes {
			if n := log.has("w|"); n != 0 {
				t.Errorf("%s got %d packets of a waiting peer on lane %s", c.id, n, mid)
			}
		}
	}
	for mid, log := range waiting.lanes {
		if n := log.total(); n != 0 {
			t.Errorf("a waiting peer got %d packets on lane %s", n, mid)
		}
	}
	if n := s.events.count(func(e Event) bool { l, ok := e.(LanesEvent); return ok && l.Peer == "w" }); n != 0 {
		t.Errorf("%d lanes events for a waiting peer", n)
	}
}

func TestICERestartKeepsTheMedia(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{})
	a, b := newClient(t, s, "a", clientConfig{}), newClient(t, s, "b", clientConfig{})
	for _, c := range []*client{a, b} {
		c.join("room")
		c.talk(30)
		c.film(0)
	}
	log := b.expect("a", SourceCamera, "a|cam0", 10)
	a.expect("b", SourceCamera, "b|cam0", 10)
	a.renegotiate(&webrtc.OfferOptions{ICERestart: true})
	n, m := log.total(), a.expect("b", SourceCamera, "b|cam0", 10).total()
	eventually(t, "media both ways after the restart", waitFor, func() bool {
		return log.total() > n+60 && a.expect("b", SourceCamera, "b|cam0", 10).total() > m+60
	})
	log.checkContinuous(t)
}

func TestMoreLanesByRenegotiation(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{})
	a, b, c := newClient(t, s, "a", clientConfig{}), newClient(t, s, "b", clientConfig{audio: 1, video: 1}), newClient(t, s, "c", clientConfig{})
	for _, p := range []*client{a, b, c} {
		p.join("room")
		p.talk(30)
		p.film(0)
	}
	b.expect("a", SourceCamera, "a|cam0", 10)
	s.events.wait(t, "b misses lanes", func(e Event) bool { l, ok := e.(LanesEvent); return ok && l.Peer == "b" && l.Missing == 1 })
	b.addLanes(webrtc.RTPCodecTypeAudio, 1)
	b.addLanes(webrtc.RTPCodecTypeVideo, 1)
	b.renegotiate(nil)
	b.expect("c", SourceCamera, "c|cam0", 10)
	b.expect("c", SourceMicrophone, "c|mic", 10)
	lanes, err := s.Lanes("b")
	must(t, err)
	if lanes.Missing != 0 || len(lanes.Lanes) != 4 {
		t.Errorf("lanes after renegotiation: %+v", lanes)
	}
}

func TestAPeerWithoutTheCodecLosesNoLane(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{})
	a, b := newClient(t, s, "a", clientConfig{codec: webrtc.MimeTypeH264}), newClient(t, s, "b", clientConfig{onlyVP8: true})
	a.join("room")
	b.join("room")
	a.talk(30)
	a.film(0)
	b.expect("a", SourceMicrophone, "a|mic", 10)
	eventually(t, "the camera leaves its lane", waitFor, func() bool {
		lanes, err := s.Lanes("b")
		return err == nil && lanes.Missing == 0 && len(lanes.Lanes) == 1
	})
}

func TestLossIsRepairedBothWays(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{})
	a, b := newClient(t, s, "a", clientConfig{}), newClient(t, s, "b", clientConfig{})
	var cameras []*camera
	for _, c := range []*client{a, b} {
		c.join("room")
		c.talk(30)
		cameras = append(cameras, c.film(0))
	}
	logs := []*laneLog{b.expect("a", SourceCamera, "a|cam0", 10), a.expect("b", SourceCamera, "b|cam0", 10)}
	lose := everyNth(20) // on the way to the server and from it
	a.net.losing(lose)
	b.net.losing(lose)
	for _, log := range logs {
		eventually(t, "300 packets through the loss", 15*time.Second, func() bool { return log.total() > 300 })
	}
	a.net.losing(nil)
	b.net.losing(nil)
	for i, log := range logs {
		n := log.total()
		eventually(t, "some packets more", waitFor, func() bool { return log.total() > n+10 })
		cameras[1-i].pause(true)
		cameras[i].pause(true)
		eventually(t, "every packet of video repaired", waitFor, func() bool { return len(log.gaps(0)) == 0 })
		log.checkContinuous(t)
		cameras[1-i].pause(false)
		cameras[i].pause(false)
	}
	stats := s.Stats()
	if stats.NACKsOut == 0 || stats.Resent == 0 {
		t.Errorf("nothing was repaired: %+v", stats)
	}
	t.Logf("asked for %d, resent %d of %d asked, %d gone", stats.NACKsOut, stats.Resent, stats.NACKsIn, stats.ResendGone)
}

func TestAVanishedPeerIsNoticedAndComesBack(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{})
	a := newClient(t, s, "a", clientConfig{})
	a.join("room")
	a.net.losing(func(bool, []byte) bool { return true })
	begin := time.Now()
	s.events.waitWithin(t, "PeerLost", waitFor, func(e Event) bool { return e == PeerLost{Peer: "a"} })
	t.Logf("noticed after %v", time.Since(begin).Round(time.Millisecond))
	s.events.reset()
	a.net.losing(nil)
	s.waitUp(t, "a")
}

func TestRelayedAddressesComeInByInject(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{})
	a, b := newClient(t, s, "a", clientConfig{relayed: true}), newClient(t, s, "b", clientConfig{})
	for _, c := range []*client{a, b} {
		c.join("room")
		c.talk(30)
		c.film(0)
	}
	a.expect("b", SourceCamera, "b|cam0", 30)
	b.expect("a", SourceCamera, "a|cam0", 30)
	if s.Stats().Socket.Relayed == 0 {
		t.Error("nothing went through the relay")
	}
}

func TestSpeakingAndQualityAreTold(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{})
	a, b := newClient(t, s, "a", clientConfig{}), newClient(t, s, "b", clientConfig{})
	a.join("room")
	b.join("room")
	a.talk(20)
	b.talk(90)
	a.film(0)
	s.events.wait(t, "a speaks", func(e Event) bool {
		x, ok := e.(SpeakingEvent)
		return ok && x.Room == "room" && slices.Equal(x.Peers, []PeerID{"a"})
	})
	s.events.reset()
	must(t, s.Mute("a", SourceMicrophone, true))
	s.events.wait(t, "nobody speaks", func(e Event) bool { x, ok := e.(SpeakingEvent); return ok && len(x.Peers) == 0 })
	a.net.losing(everyNth(4))
	s.events.wait(t, "bad quality", func(e Event) bool { return e == QualityEvent{Peer: "a", Level: LevelBad} })
	a.net.losing(nil)
	s.events.wait(t, "good quality", func(e Event) bool { return e == QualityEvent{Peer: "a", Level: LevelGood} })
}

func TestConnectRefusesWhatItCantUse(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{})
	good := newClient(t, s, "a", clientConfig{}).offer(nil)
	for name, req := range map[string]ConnectRequest{
		"empty":          {Offer: ""},
		"not SDP":        {Offer: "hello"},
		"long":           {Offer: strings.Repeat("x", maxOfferBytes+1)},
		"inactive":       {Offer: strings.ReplaceAll(good, "a=recvonly", "a=inactive")},
		"sendrecv":       {Offer: strings.ReplaceAll(good, "a=sendonly", "a=sendrecv")},
		"same mid twice": {Offer: strings.ReplaceAll(good, "a=mid:1\r", "a=mid:2\r")},
		"no such mid":    {Offer: good, Publish: []PublishLine{{"77", SourceCamera}}},
		"wrong kind":     {Offer: good, Publish: []PublishLine{{"0", SourceCamera}}},
		"a lane":         {Offer: good, Publish: []PublishLine{{"5", SourceMicrophone}}},
		"twice":          {Offer: good, Publish: []PublishLine{{"1", SourceCamera}, {"2", SourceCamera}}},
		"unknown source": {Offer: good, Publish: []PublishLine{{"1", "hat"}}},
		"no fingerprint": {Offer: regexp.MustCompile(`a=fingerprint.*\r\n`).ReplaceAllString(good, "")},
		"no ufrag":       {Offer: regexp.MustCompile(`a=ice-ufrag.*\r\n`).ReplaceAllString(good, "")},
	} {
		t.Run(name, func(t *testing.T) {
			req.Peer = "x"
			if _, err := s.Connect(testContext(t), req); !errors.Is(err, ErrBadOffer) {
				t.Errorf("got %v, want ErrBadOffer", err)
			}
			if n := s.Stats().Peers; n != 0 {
				t.Errorf("%d peers left", n)
			}
		})
	}
}

func TestUnknownPeersAndPublications(t *testing.T) {
	checkGoroutines(t)
	s := newServer(t, Config{})
	_, lanes := s.Lanes("x")
	_, again := s.Renegotiate(testContext(t), RenegotiateRequest{Peer: "x", Offer: newClient(t, s, "x", clientConfig{}).offer(nil)})
	for name, err := range map[string]error{
		"enter": s.Enter("x", "r"), "withdraw": s.Withdraw("x"), "publish": s.Publish("x", SourceCamera), "lanes": lanes,
		"renegotiate": again, "unpublish": s.Unpublish("x", SourceCamera), "mute": s.Mute("x", SourceCamera, true), "want": s.Want("x", nil),
	} {
		if !errors.Is(err, ErrNoPeer) {
			t.Errorf("%s: got %v, want ErrNoPeer", name, err)
		}
	}
	a := newClient(t, s, "a", clientConfig{})
	a.connect()
	if err := s.Publish("a", "hat"); !errors.Is(err, ErrNoPublication) {
		t.Errorf("got %v, want ErrNoPublication", err)
	}
	if _, err := s.Connect(testContext(t), ConnectRequest{Peer: "a", Offer: newClient(t, s, "a", clientConfig{}).offer(nil)}); !errors.Is(err, ErrPeerExists) {
		t.Errorf("got %v, want ErrPeerExists", err)
	}
	must(t, s.Enter("a", "r"))
	if err := s.Enter("a", "q"); !errors.Is(err, ErrInRoom) {
		t.Errorf("got %v, want ErrInRoom", err)
	}
	s.Disconnect("nobody")
	must(t, s.Close())
	if _, err := s.Connect(testContext(t), ConnectRequest{Peer: "z", Offer: newClient(t, s, "z", clientConfig{}).offer(nil)}); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v, want ErrClosed", err)
	}
}

// TestJoiningAtTheSameMomentLosesNobody: two people who join within the same 100 ms always get each other's sound and
// picture. TEST_JOINS says how often; the full test run sets 200.
func TestJoiningAtTheSameMomentLosesNobody(t *testing.T) {
	checkGoroutines(t)
	times := 40
	if n, err := strconv.Atoi(os.Getenv("TEST_JOINS")); err == nil && n > 0 {
		times = n
	}
	s := newServer(t, Config{})
	const atOnce = 4
	begin := time.Now()
	for first := 0; first < times; first += atOnce {
		var all sync.WaitGroup
		for i := first; i < min(first+atOnce, times); i++ {
			all.Go(func() { joinPair(t, s, i) })
		}
		all.Wait()
		s.events.reset()
		if t.Failed() {
			return
		}
	}
	t.Logf("%d pairs in %v", times, time.Since(begin).Round(time.Millisecond))
}

func joinPair(t *testing.T, s *testServer, i int) {
	room := RoomID(fmt.Sprintf("room%d", i))
	cfg := clientConfig{audio: 1, video: 1, rids: []string{"l", "m"}}
	a, b := newClient(t, s, PeerID(fmt.Sprintf("a%d", i)), cfg), newClient(t, s, PeerID(fmt.Sprintf("b%d", i)), cfg)
	late := time.Duration(i%10) * 10 * time.Millisecond
	var both sync.WaitGroup
	for n, c := range []*client{a, b} {
		both.Go(func() {
			if n == 1 {
				<-time.After(late)
			}
			c.connect()
			must(t, s.Enter(c.id, room))
			must(t, s.Publish(c.id, SourceMicrophone))
			must(t, s.Publish(c.id, SourceCamera))
			c.talk(30)
			c.film(0)
			c.film(1)
		})
	}
	both.Wait()
	for _, pair := range [][2]*client{{a, b}, {b, a}} {
		pair[0].expect(pair[1].id, SourceMicrophone, string(pair[1].id)+"|mic", 2)
		pair[0].expect(pair[1].id, SourceCamera, string(pair[1].id)+"|cam", 3)
	}
	for _, c := range []*client{a, b} {
		s.Disconnect(c.id)
		c.close()
	}
}
