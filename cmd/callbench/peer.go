package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

const (
	lanes      = 4 // receive m-lines of each kind, as a browser tab of ours offers to start with
	nudgeEvery = 5 * time.Millisecond
	maxPacket  = 1600 // bytes
)

var errTransportFailed = errors.New("the transport failed")

// seat is a place in a room. The first participant of a consultation is the practitioner, the second the patient, and others guests.
type seat struct{ room, index int }

// peer is one simulated participant's browser tab: one PeerConnection with the lane layout of docs/media-path.md §1.
//
// Goroutines, all waited for in close: "lane" and "lane-rtcp" for each lane that carries something, "feedback" for each source;
// and those of the PeerConnection.
type peer struct {
	// static after newPeer
	lab      *lab
	seat     seat
	pc       *webrtc.PeerConnection
	audio    *source
	video    *source
	lines    [3]*webrtc.RTPTransceiver // microphone, camera, screen
	offer    webrtc.SessionDescription
	up       chan struct{} // closed when connected
	failed   chan struct{} // closed when the transport gave up
	upOnce   sync.Once
	failOnce sync.Once

	// moments on the meter's clock, 0: not yet
	dialled, connected, admission, firstPacket, firstPicture moment

	mu      sync.Mutex // guards the following
	closed  bool
	onClose []func()
	heard   map[sourceID]*ledger
	strays  uint64         // packets of another room
	work    sync.WaitGroup // Add under mu, while not closed
}

// newPeer makes the PeerConnection and its offer, which needs no server.
func newPeer(l *lab, at seat) (*peer, error) {
	pc, err := l.api.NewPeerConnection(webrtc.Configuration{
		Certificates: []webrtc.Certificate{l.certificate}, BundlePolicy: webrtc.BundlePolicyMaxBundle,
	})
	if err != nil {
		return nil, err
	}
	name := fmt.Sprintf("r%d-%d", at.room, at.index)
	p := &peer{
		lab: l, seat: at, pc: pc, up: make(chan struct{}), failed: make(chan struct{}), heard: map[sourceID]*ledger{},
		audio: newSource(l.meter, newSourceID(at.room, 2*at.index), webrtc.RTPCodecTypeAudio, name),
		video: newSource(l.meter, newSourceID(at.room, 2*at.index+1), webrtc.RTPCodecTypeVideo, name),
	}
	pc.OnConnectionStateChange(p.handleState)
	pc.OnTrack(func(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) { p.spawn(func() { p.readLane(t, r) }) })
	if err := p.makeOffer(); err != nil {
		p.close()
		return nil, fmt.Errorf("offer: %w", err)
	}
	return p, nil
}

// makeOffer lays out the m-lines: microphone, camera and screen to send, then the lanes.
func (p *peer) makeOffer() error {
	var err error
	send := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}
	if p.lines[0], err = p.pc.AddTransceiverFromTrack(p.audio, send); err != nil {
		return err
	}
	if p.lines[1], err = p.pc.AddTransceiverFromTrack(p.video, send); err != nil {
		return err
	}
	if p.lines[2], err = p.pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, send); err != nil {
		return err
	}
	receive := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		for range lanes {
			if _, err := p.pc.AddTransceiverFromKind(kind, receive); err != nil {
				return err
			}
		}
	}
	p.offer, err = p.pc.CreateOffer(nil)
	return err
}

// accept takes the server's answer and returns when the transport is connected.
func (p *peer) accept(ctx context.Context, answer string) error {
	if err := p.pc.SetLocalDescription(p.offer); err != nil {
		return fmt.Errorf("offer: %w", err)
	}
	if err := p.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	for i, s := range []*source{p.audio, p.video} {
		p.spawn(func() { readFeedback(p.lines[i].Sender(), s) })
	}
	return p.connect(ctx)
}

// connect waits for the transport. A browser nominates the pair in its first check to a lite server (RFC 8445 §8.1.1 lets it) or looks
// again after 50 ms; pion's agent only after 200 ms, which would be counted as the server's join time. Each new candidate makes
// it look at once, so it is given unusable ones (IPv6 when we use IPv4, and the reverse) until it is connected.
func (p *peer) connect(ctx context.Context) error {
	nudge := time.NewTicker(nudgeEvery)
	defer nudge.Stop()
	unusable := "::1"
	if p.lab.local.Is6() {
		unusable = "127.0.0.1"
	}
	for n := 1; ; n++ {
		select {
		case <-p.up:
			return nil
		case <-p.failed:
			return errTransportFailed
		case <-ctx.Done():
			return fmt.Errorf("transport not connected: %w", ctx.Err())
		case <-nudge.C:
			c := fmt.Sprintf("candidate:%d 1 udp 1 %s %d typ host", n, unusable, 1+n%60000)
			if err := p.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: c}); err != nil {
				return fmt.Errorf("candidate: %w", err)
			}
		}
	}
}

func (p *peer) handleState(s webrtc.PeerConnectionState) {
	switch s {
	case webrtc.PeerConnectionStateConnected:
		p.connected.note(p.lab.meter)
		p.upOnce.Do(func() { close(p.up) })
	case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed:
		p.failOnce.Do(func() { close(p.failed) })
	}
}

// publish has both sources send.
func (p *peer) publish() {
	for _, s := range []*source{p.audio, p.video} {
		s.live.Store(true)
		p.lab.pace(s)
	}
}

func readFeedback(sender *webrtc.RTPSender, s *source) {
	for {
		packets, _, err := sender.ReadRTCP()
		if err != nil {
			return
		}
		s.handleFeedback(packets)
	}
}

// readLane reads one lane until the transport closes. Its packets may come from one source after another.
func (p *peer) readLane(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
	p.spawn(func() { // reports go through the interceptors only when somebody reads them
		buf := make([]byte, maxPacket)
		for {
			if _, _, err := r.Read(buf); err != nil {
				return
			}
		}
	})
	video := t.Kind() == webrtc.RTPCodecTypeVideo
	var header rtp.Header
	buf := make([]byte, maxPacket)
	for {
		n, _, err := t.Read(buf)
		if err != nil {
			return
		}
		now := p.lab.meter.now()
		at, err := header.Unmarshal(buf[:n])
		if err != nil {
			continue
		}
		payload := buf[at:n]
		s, ours := readStamp(payload)
		if !ours {
			continue // padding
		}
		p.record(s, now)
		p.firstPacket.noteAt(now)
		if video && p.firstPicture.at() == 0 && startsKeyFrame(payload) {
			p.firstPicture.noteAt(now)
		}
	}
}

func (p *peer) record(s stamp, arrived time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if s.source.room() != p.seat.room {
		p.strays++
		return
	}
	l := p.heard[s.source]
	if l == nil {
		l = &ledger{}
		p.heard[s.source] = l
	}
	l.record(s, arrived)
}

// hears counts the sources that something came from.
func (p *peer) hears() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return len(p.heard)
}

// closing has f called by close, before the transport goes; or now, if that was already.
func (p *peer) closing(f func()) {
	p.mu.Lock()
	closed := p.closed
	if !closed {
		p.onClose = append(p.onClose, f)
	}
	p.mu.Unlock()
	if closed {
		f()
	}
}

func (p *peer) spawn(f func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.closed {
		p.work.Go(f)
	}
}

// close ends everything and waits for it.
func (p *peer) close() {
	p.mu.Lock()
	if p.closed {
		p.mu.Unlock()
		return
	}
	p.closed = true
	todo := p.onClose
	p.mu.Unlock()
	p.audio.ended.Store(true)
	p.video.ended.Store(true)
	for _, f := range todo {
		f()
	}
	_ = p.pc.GracefulClose() // nothing can be done about it
	p.work.Wait()
}

// moment is a time on the meter's clock that is noted once.
type moment struct{ ns atomic.Int64 }

func (m *moment) note(by *meter)          { m.noteAt(by.now()) }
func (m *moment) noteAt(at time.Duration) { m.ns.CompareAndSwap(0, int64(at)) }
func (m *moment) at() time.Duration       { return time.Duration(m.ns.Load()) }
func (m *moment) since(o *moment) (time.Duration, bool) {
	from, to := o.at(), m.at()
	return to - from, from != 0 && to != 0
}
