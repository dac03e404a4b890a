package main

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

const maxPacket = 1600 // bytes

var (
	errTransportFailed = errors.New("the transport failed")
	errPeerClosed      = errors.New("the tab is closed")
)

// seat is a place in a room. In our own server's rooms the first participant is the practitioner, the second the patient, and others
// are guests.
type seat struct{ room, index int }

// peer is one simulated participant's browser tab: its sources, if it sends, and as many PeerConnections as the server's protocol asks for.
//
// Goroutines, all waited for in close: "lane" and "lane-rtcp" for each track that comes in, "feedback" for each source; and those of the
// PeerConnections and of what closing was told.
type peer struct {
	// static after newPeer
	lab      *lab
	seat     seat
	others   int           // senders whom it hears
	sources  []*source     // sound and picture; none: a viewer
	abrupt   bool          // its end is not told to the server, as far as that is possible
	up       chan struct{} // closed when the first PeerConnection is connected
	failed   chan struct{} // closed when one gave up
	upOnce   sync.Once
	failOnce sync.Once

	// moments on the meter's clock, 0: not yet
	dialled, connected, admission, firstPacket, firstPicture moment

	mu      sync.Mutex // guards the following
	closed  bool
	pcs     []*webrtc.PeerConnection
	onClose []func()
	heard   map[sourceID]*ledger
	strays  uint64         // packets of another room
	work    sync.WaitGroup // Add under mu, while not closed
}

// newPeer makes a participant who hears so many others.
func newPeer(l *lab, at seat, sends bool, others int) (*peer, error) {
	p := &peer{lab: l, seat: at, others: others, up: make(chan struct{}), failed: make(chan struct{}), heard: map[sourceID]*ledger{}}
	if !sends {
		return p, nil
	}
	first := newSourceID(at.room, 2*at.index)
	audio, video, err := newLoads(l.load, l.trace, first)
	if err != nil {
		return nil, err
	}
	p.sources = []*source{
		newSource(l.meter, first, webrtc.RTPCodecTypeAudio, p.name(), audio),
		newSource(l.meter, first+1, webrtc.RTPCodecTypeVideo, p.name(), video),
	}
	return p, nil
}

func (p *peer) name() string { return fmt.Sprintf("r%d-%d", p.seat.room, p.seat.index) }

func (p *peer) sends() bool { return len(p.sources) > 0 }

// itself is 1 for who is among the senders, and does not hear itself.
func (p *peer) itself() int { return min(1, len(p.sources)) }

// newConnection makes a PeerConnection, which close closes. What comes on it is recorded.
func (p *peer) newConnection() (*webrtc.PeerConnection, error) {
	pc, err := p.lab.api.NewPeerConnection(webrtc.Configuration{
		Certificates: []webrtc.Certificate{p.lab.certificate}, BundlePolicy: webrtc.BundlePolicyMaxBundle,
	})
	if err != nil {
		return nil, err
	}
	pc.OnConnectionStateChange(p.handleState)
	pc.OnTrack(func(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) { p.spawn(func() { p.readTrack(t, r) }) })
	p.mu.Lock()
	closed := p.closed
	if !closed {
		p.pcs = append(p.pcs, pc)
	}
	p.mu.Unlock()
	if closed {
		_ = pc.Close()
		return nil, errPeerClosed
	}
	return pc, nil
}

// addSources puts the sources on a PeerConnection, each on an m-line of its own.
func (p *peer) addSources(pc *webrtc.PeerConnection) ([]*webrtc.RTPTransceiver, error) {
	var lines []*webrtc.RTPTransceiver
	for _, s := range p.sources {
		line, err := pc.AddTransceiverFromTrack(s, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
		if err != nil {
			return nil, err
		}
		lines = append(lines, line)
		p.spawn(func() { readFeedback(line.Sender(), s) })
	}
	return lines, nil
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

// publish has the sources send.
func (p *peer) publish() {
	for _, s := range p.sources {
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

// readTrack reads one track until the transport closes. Its packets may come from one source after another.
func (p *peer) readTrack(t *webrtc.TrackRemote, r *webrtc.RTPReceiver) {
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

// closing has f called by close, before the transports go; or now, if that was already.
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
	todo, pcs := p.onClose, p.pcs
	p.mu.Unlock()
	for _, s := range p.sources {
		s.ended.Store(true)
	}
	for _, f := range todo {
		f()
	}
	for _, pc := range pcs {
		_ = pc.GracefulClose() // nothing can be done about it
	}
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
