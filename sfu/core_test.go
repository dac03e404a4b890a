package sfu

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// fakeWire is a transport without a network: it shows that the media path needs no more than the seam.
type fakeWire struct {
	mu   sync.Mutex
	rtcp []rtcp.Packet
}

func (w *fakeWire) negotiate(context.Context, *offer) (string, []*outlet, error) { return "", nil, nil }
func (w *fakeWire) heard() uint64                                                { return 1 }
func (w *fakeWire) reports(time.Time) []rtcp.ReceptionReport                     { return nil }
func (w *fakeWire) hush()                                                        {}
func (w *fakeWire) close() error                                                 { return nil }

func (w *fakeWire) writeRTCP(p []rtcp.Packet) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.rtcp = append(w.rtcp, p...)
	return nil
}

func (w *fakeWire) plis() (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.rtcp {
		if isPLI(p) {
			n++
		}
	}
	return n
}

func (w *fakeWire) nacked() (out []uint16) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.rtcp {
		if n, ok := p.(*rtcp.TransportLayerNack); ok {
			for _, pair := range n.Nacks {
				out = append(out, pair.PacketList()...)
			}
		}
	}
	return out
}

// sink is an outlet that keeps what is written.
type sink struct {
	out     *outlet
	packets []rtp.Packet
}

func newSink(mid string, k kind, ssrc uint32) *sink {
	s := &sink{out: &outlet{mid: mid, kind: k, ssrc: ssrc}}
	if k == kindAudio {
		s.out.formats[codecOpus] = format{pt: 111, nack: true}
		s.out.levelID = 1
	} else {
		s.out.rtxSSRC = ssrc + 1
		s.out.formats[codecVP8] = format{pt: 96, rtxPT: 97, nack: true}
		s.out.formats[codecH264] = format{pt: 102, rtxPT: 103, nack: true}
	}
	s.out.write = func(_ *batch, h *rtp.Header, payload []byte) error {
		p := rtp.Packet{Header: *h, Payload: bytes.Clone(payload)}
		p.Extensions = slices.Clone(h.Extensions)
		if ext := h.GetExtension(1); ext != nil {
			_ = p.SetExtension(1, bytes.Clone(ext))
		}
		s.packets = append(s.packets, p)
		return nil
	}
	return s
}

// stage is an SFU without a monitor, sockets or transports.
type stage struct {
	*SFU
	t   *testing.T
	log *eventLog
}

func newStage(t *testing.T) *stage {
	t.Helper()
	log := newEventLog()
	s := &SFU{cfg: Config{}.withDefaults(), log: slog.New(slog.NewTextHandler(io.Discard, nil)), count: new(counters),
		peers: map[PeerID]*peer{}, rooms: map[RoomID]*room{}}
	s.living.Store(new([]*peer))
	s.events = newEventQueue(log.add)
	t.Cleanup(s.events.close)
	return &stage{SFU: s, t: t, log: log}
}

// enter makes a peer that publishes everything, in a room, with an audio and a video lane.
func (s *stage) enter(id PeerID, rids ...string) (*peer, *fakeWire, []*sink) {
	s.t.Helper()
	p, w := newPeer(s.SFU, id), &fakeWire{}
	p.wire = w
	for source, l := range map[Source]sendLine{
		SourceMicrophone: {mid: "0", kind: kindAudio}, SourceCamera: {mid: "1", kind: kindVideo, rids: rids},
	} {
		p.publications[source] = newPublication(p, source, l)
	}
	must(s.t, s.register(p))
	sinks := []*sink{newSink("2", kindAudio, 1000), newSink("3", kindVideo, 2000)}
	s.mu.Lock()
	p.addLanes([]*outlet{sinks[0].out, sinks[1].out})
	s.mu.Unlock()
	p.connected()
	must(s.t, s.Enter(id, "room"))
	must(s.t, s.Publish(id, SourceMicrophone))
	must(s.t, s.Publish(id, SourceCamera))
	return p, w, sinks
}

func vp8In(seq uint16, key bool, at time.Time) *inbound {
	return &inbound{seq: seq, ts: uint32(seq) * 3000, marker: true, codec: codecVP8, arrived: at,
		payload: vp8Payload(key, true, seq, uint8(seq), 360, "x", int(seq))}
}

func TestLateJoinersShareOneKeyFrameRequest(t *testing.T) {
	s := newStage(t)
	a, wire, _ := s.enter("a")
	in := a.openStream(streamInfo{mid: "1", ssrc: 7, codec: codecVP8, nack: true})
	now := time.Now()
	in.receive(vp8In(1, true, now.Add(-2*time.Second))) // too old for the cache
	in.receive(vp8In(2, false, now))
	for i := range 50 {
		s.enter(PeerID(fmt.Sprint("late", i)))
	}
	// On a machine that is busy the joins take longer than the least time between two requests.
	if n, most := wire.plis(), 1+int(time.Since(now)/keyInterval); n < 1 || n > most {
		t.Errorf("%d requests for 50 people who join at once, want 1 to %d", n, most)
	}
	l := a.publications[SourceCamera].layers[0].Load()
	before := wire.plis()
	l.tick(time.Now().Add(keyInterval + 100*time.Millisecond))
	if n := wire.plis(); n != before+1 {
		t.Errorf("%d requests while no key frame comes, want one more", n)
	}
	in.receive(vp8In(3, true, now.Add(keyInterval+200*time.Millisecond)))
	l.tick(now.Add(keyInterval + 150*time.Millisecond + keyInterval))
	if n := wire.plis(); n != before+1 {
		t.Errorf("%d requests after the key frame, want no more than the %d before it", n, before+1)
	}
}

func TestANewSubscriptionBeginsFromTheCache(t *testing.T) {
	s := newStage(t)
	a, wire, _ := s.enter("a")
	in := a.openStream(streamInfo{mid: "1", ssrc: 7, codec: codecVP8, nack: true})
	now := time.Now()
	for i, key := range []bool{false, true, false, false} {
		in.receive(vp8In(uint16(65533+i), key, now))
	}
	wire.rtcp = nil
	_, _, sinks := s.enter("b")
	got := sinks[1].packets
	if len(got) != 3 || !isKeyVP8(got[0].Payload) {
		t.Fatalf("%d packets from the cache, want 3 from the key frame on", len(got))
	}
	// The fan-out may have been under way with a packet that the cache gave already.
	pub := a.publications[SourceCamera]
	late := pub.layers[0].Load()
	(*pub.subscribers.Load())[0].forward(late, late.ring.get(late.stream, 0), nil)
	in.receive(vp8In(1, false, now))
	for i, p := range sinks[1].packets {
		if p.SequenceNumber != got[0].SequenceNumber+uint16(i) {
			t.Errorf("packet %d has number %d after %d", i, p.SequenceNumber, got[0].SequenceNumber)
		}
	}
	if len(sinks[1].packets) != 4 || wire.plis() != 0 {
		t.Errorf("%d packets, %d requests; want 4 and none", len(sinks[1].packets), wire.plis())
	}
	// With a hole in it, the cache is of no use.
	in.receive(vp8In(3, false, now))
	_, _, sinks = s.enter("c")
	if len(sinks[1].packets) != 0 || wire.plis() != 1 {
		t.Errorf("%d packets from a cache with a hole, %d requests", len(sinks[1].packets), wire.plis())
	}
}

func TestMissingPacketsAreAskedForAndFindTheirPlace(t *testing.T) {
	fromAllStarts(t, func(t *testing.T, start uint16) {
		s := newStage(t)
		a, wire, _ := s.enter("a")
		_, _, sinks := s.enter("b")
		in := a.openStream(streamInfo{mid: "1", ssrc: 7, codec: codecVP8, nack: true})
		now := time.Now()
		in.receive(vp8In(start, true, now))
		in.receive(vp8In(start+3, false, now))
		if got := wire.nacked(); !slices.Equal(got, []uint16{start + 1, start + 2}) {
			t.Fatalf("asked for %v after %d", got, start)
		}
		in.receive(vp8In(start+2, false, now))
		in.receive(vp8In(start+2, false, now)) // a duplicate
		in.receive(vp8In(start+1, false, now))
		a.publications[SourceCamera].layers[0].Load().tick(now.Add(time.Minute))
		if n := len(wire.nacked()); n != 2 {
			t.Errorf("asked %d times more for what came", n-2)
		}
		got := sinks[1].packets
		if len(got) != 4 {
			t.Fatalf("%d packets went out, want 4", len(got))
		}
		for i, offset := range []uint16{0, 3, 2, 1} {
			if got[i].SequenceNumber != got[0].SequenceNumber+offset || got[i].Timestamp != got[0].Timestamp+uint32(int16(offset))*3000 && start < 60000 {
				t.Errorf("packet %d: number %d, timestamp %d", i, got[i].SequenceNumber, got[i].Timestamp)
			}
		}
	})
}

// TestNothingGoesOutAfterItWasTakenOff: not even what the fan-out was under way with.
func TestNothingGoesOutAfterItWasTakenOff(t *testing.T) {
	s := newStage(t)
	a, _, _ := s.enter("a")
	_, _, sinks := s.enter("b")
	in := a.openStream(streamInfo{mid: "1", ssrc: 7, codec: codecVP8, nack: true})
	in.receive(vp8In(1, true, time.Now()))
	pub := a.publications[SourceCamera]
	sub, from := (*pub.subscribers.Load())[0], pub.layers[0].Load()
	must(t, s.Unpublish("a", SourceCamera))
	next := vp8In(2, false, time.Now())
	in.receive(next)
	sub.forward(from, from.ring.get(from.stream, 2), nil)
	if n := len(sinks[1].packets); n != 1 {
		t.Errorf("%d packets after the camera was taken off", n-1)
	}
}

func TestRetransmissions(t *testing.T) {
	s := newStage(t)
	a, _, _ := s.enter("a")
	b, _, sinks := s.enter("b")
	video := a.openStream(streamInfo{mid: "1", ssrc: 7, codec: codecVP8, nack: true})
	audio := a.openStream(streamInfo{mid: "0", ssrc: 8, codec: codecOpus})
	now := time.Now()
	for i := range uint16(3) {
		video.receive(vp8In(65534+i, i == 0, now))
		audio.receive(&inbound{seq: i, ts: uint32(i) * 960, codec: codecOpus, hasLevel: true, level: 33, payload: []byte{byte(i)}, arrived: now})
	}
	nack := func(out *outlet, seq uint16) {
		b.feedback(out, []rtcp.Packet{&rtcp.TransportLayerNack{MediaSSRC: out.ssrc, Nacks: []rtcp.NackPair{{PacketID: seq}}}}, nil)
	}
	// Video: on the retransmission stream, the original number first.
	sent := sinks[1].packets[1]
	nack(sinks[1].out, sent.SequenceNumber)
	again := sinks[1].packets[3]
	want := append([]byte{byte(sent.SequenceNumber >> 8), byte(sent.SequenceNumber)}, sent.Payload...)
	if again.SSRC != 2001 || again.PayloadType != 97 || again.Timestamp != sent.Timestamp || !bytes.Equal(again.Payload, want) {
		t.Errorf("sent again as %+v", again)
	}
	// Sound: the very same packet.
	sent = sinks[0].packets[2]
	nack(sinks[0].out, sent.SequenceNumber)
	first, _ := sent.Marshal()
	second, _ := sinks[0].packets[3].Marshal()
	if !bytes.Equal(first, second) || sent.GetExtension(1)[0] != 33 {
		t.Errorf("sent %x, then %x", first, second)
	}
	// What is not known, or concerns another lane, or was sent just now, is not sent.
	n := len(sinks[1].packets)
	nack(sinks[1].out, sent.SequenceNumber+500)
	nack(sinks[1].out, again.SequenceNumber+9999)
	b.feedback(sinks[1].out, []rtcp.Packet{&rtcp.TransportLayerNack{MediaSSRC: 1, Nacks: []rtcp.NackPair{{PacketID: sinks[1].packets[0].SequenceNumber}}}}, nil)
	nack(sinks[1].out, sinks[1].packets[1].SequenceNumber)
	if len(sinks[1].packets) != n {
		t.Errorf("%d packets too many", len(sinks[1].packets)-n)
	}
}

func TestAnH264KeyFrameWhoseFirstPacketComesLate(t *testing.T) {
	s := newStage(t)
	a, _, _ := s.enter("a")
	_, _, sinks := s.enter("b")
	in := a.openStream(streamInfo{mid: "1", ssrc: 7, codec: codecH264, nack: true})
	packet := func(seq uint16, ts uint32, part int) {
		in.receive(&inbound{seq: seq, ts: ts, codec: codecH264, payload: h264Payload(true, part, "x", 1), arrived: time.Now()})
	}
	in.receive(&inbound{seq: 9, ts: 1, codec: codecH264, payload: h264Payload(false, 0, "x", 1), arrived: time.Now()})
	packet(11, 2, 1)
	packet(12, 2, 2)
	if len(sinks[1].packets) != 0 {
		t.Fatalf("%d packets of a key frame without its parameter sets", len(sinks[1].packets))
	}
	packet(10, 2, 0)
	got := sinks[1].packets
	if len(got) != 3 || got[0].Payload[0] != nalSTAPA {
		t.Fatalf("%d packets of the key frame, want 3 from the parameter sets on", len(got))
	}
	for i, p := range got {
		if p.SequenceNumber != got[0].SequenceNumber+uint16(i) {
			t.Errorf("packet %d has number %d", i, p.SequenceNumber)
		}
	}
}

// TestSoundAndPictureShareAClock: sender reports of the two lanes put what was captured at one time at one time, although
// the publisher's reports of sound and picture took different times to come.
func TestSoundAndPictureShareAClock(t *testing.T) {
	s := newStage(t)
	a, _, _ := s.enter("a")
	b, _, _ := s.enter("b")
	video := a.openStream(streamInfo{mid: "1", ssrc: 7, codec: codecVP8, nack: true})
	audio := a.openStream(streamInfo{mid: "0", ssrc: 8, codec: codecOpus})
	now := time.Now()
	video.receive(vp8In(1, true, now)) // timestamp 3000
	audio.receive(&inbound{seq: 1, ts: 960, codec: codecOpus, payload: []byte{1}, arrived: now})
	captured := ntpTime(now.Add(-time.Hour)) // the publisher's clock is an hour behind
	audio.senderReport(captured, 960, now.Add(10*time.Millisecond))
	video.senderReport(captured, 3000, now.Add(400*time.Millisecond))
	lanes := *b.lanes.Load()
	at := now.Add(time.Second)
	sound, picture := lanes[0].report(at), lanes[1].report(at)
	heard := float64(sound.RTPTime-960) / clockOpus
	seen := float64(picture.RTPTime-3000) / clockVideo
	if d := heard - seen; d > 0.001 || d < -0.001 || heard < 0.9 || heard > 1.1 {
		t.Errorf("sound is at %.3f s, picture at %.3f s", heard, seen)
	}
	if sound.PacketCount != 1 || sound.OctetCount != 1 || sound.NTPTime != ntpTime(at) {
		t.Errorf("%+v", sound)
	}
}

func TestBytesThatCantBeBorneEndOnlyTheirPeer(t *testing.T) {
	s := newStage(t)
	a, _, _ := s.enter("a")
	func() {
		defer func() {
			if v := recover(); v != nil {
				a.panicked("stream", v)
			}
		}()
		// A payload that breaks the transport's promise, to stand for a mistake of ours.
		a.openStream(streamInfo{mid: "1", ssrc: 7, codec: codecVP8}).receive(nil)
	}()
	s.log.wait(t, "PeerFailed", func(e Event) bool { return e == PeerFailed{Peer: "a"} })
	if s.count.panics.Load() != 1 {
		t.Error("not counted")
	}
	a.publications[SourceCamera].each(func(l *layer) { l.tick(time.Now()) }) // no lock was left held
}

// TestForwardingAllocatesNothing: in steady state a packet costs no garbage in our code.
func TestForwardingAllocatesNothing(t *testing.T) {
	s := newStage(t)
	a, _, _ := s.enter("a")
	_, _, sinks := s.enter("b")
	for _, k := range sinks {
		k.out.write = func(*batch, *rtp.Header, []byte) error { return nil }
	}
	video := a.openStream(streamInfo{mid: "1", ssrc: 7, codec: codecVP8, nack: true})
	audio := a.openStream(streamInfo{mid: "0", ssrc: 8, codec: codecOpus})
	now := time.Now()
	seq := uint16(0)
	frame, sound := vp8In(0, false, now), &inbound{codec: codecOpus, hasLevel: true, level: 20, payload: make([]byte, 100)}
	video.receive(vp8In(65535, true, now))
	step := func() {
		now = now.Add(10 * time.Millisecond)
		frame.seq, frame.arrived, sound.seq, sound.arrived = seq, now, seq, now
		seq++
		video.receive(frame)
		audio.receive(sound)
	}
	for range 2000 {
		step() // fill the rings
	}
	if n := testing.AllocsPerRun(1000, step); n != 0 {
		t.Errorf("%.1f allocations for two packets", n)
	}
	if s.count.out.Load() < 2000 {
		t.Errorf("only %d packets went out", s.count.out.Load())
	}
}

// TestWhatCameWhileMutedStaysUnseen: neither the cache nor a retransmission shows what was filmed behind a shut gate.
func TestWhatCameWhileMutedStaysUnseen(t *testing.T) {
	s := newStage(t)
	a, wire, _ := s.enter("a")
	b, _, sinks := s.enter("b")
	in := a.openStream(streamInfo{mid: "1", ssrc: 7, codec: codecVP8, nack: true})
	now := time.Now()
	in.receive(vp8In(1, true, now))
	must(t, s.Mute("a", SourceCamera, true))
	in.receive(vp8In(2, true, now))
	in.receive(vp8In(4, false, now))
	wire.rtcp = nil
	must(t, s.Mute("a", SourceCamera, false))
	in.receive(vp8In(3, false, now))
	in.receive(vp8In(5, false, now))
	if n := len(sinks[1].packets); n != 1 || wire.plis() != 1 {
		t.Fatalf("%d packets after one was seen, %d key frames asked for", n, wire.plis())
	}
	in.receive(vp8In(6, true, now))
	got := sinks[1].packets
	if len(got) != 2 || got[1].SequenceNumber != got[0].SequenceNumber+1 {
		t.Fatalf("%d packets after the key frame", len(got))
	}
	for seq := got[0].SequenceNumber - 5; seq != got[0].SequenceNumber+9; seq++ {
		b.feedback(sinks[1].out, []rtcp.Packet{&rtcp.TransportLayerNack{MediaSSRC: 2000, Nacks: []rtcp.NackPair{{PacketID: seq}}}}, nil)
	}
	for _, p := range sinks[1].packets {
		for _, n := range []string{"#x2|", "#x3|", "#x4|", "#x5|"} {
			if bytes.Contains(p.Payload, []byte(n)) {
				t.Errorf("%q went out", p.Payload)
			}
		}
	}
}

// TestNothingOfAWaitingPeerIsCached: who enters shows nothing of the second before.
func TestNothingOfAWaitingPeerIsCached(t *testing.T) {
	s := newStage(t)
	a, _, _ := s.enter("a")
	_, _, sinks := s.enter("b")
	must(t, s.Withdraw("a"))
	a.openStream(streamInfo{mid: "1", ssrc: 7, codec: codecVP8, nack: true}).receive(vp8In(1, true, time.Now()))
	must(t, s.Enter("a", "room"))
	if n := len(sinks[1].packets); n != 0 {
		t.Errorf("%d packets from before", n)
	}
}
