package sfu

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

// pionWire is a peer's wire: a PeerConnection that does SDP, ICE and DTLS, and a transport that does all RTP and RTCP. No RTP
// reaches the PeerConnection, and it sends none: it has no interceptors, and nobody writes to it. So each SSRC's SRTP state
// has one owner; two would use a nonce twice.
//
// Goroutines, all waited for in close: "state" while a change of state is told; and those of the PeerConnection.
type pionWire struct {
	// Static after construction.
	events wireEvents
	pc     *webrtc.PeerConnection
	ice    *webrtc.ICETransport
	view   *muxView
	media  *transport
	tap    *keyTap

	lanes []*pionLane // owned by negotiate

	mu     sync.Mutex // guards the following
	closed bool
	work   sync.WaitGroup // Add under mu, while not closed
	once   sync.Once
	err    error
}

func newPionWire(cfg Config, view *muxView, events wireEvents) (*pionWire, error) {
	tap := new(keyTap)
	api, err := newAPI(cfg, view, tap)
	if err != nil {
		return nil, err
	}
	// Without one in the configuration, every PeerConnection makes a certificate of its own: none that expires under a
	// server that runs for long, and none to recognise the server by.
	pc, err := api.NewPeerConnection(webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle})
	if err != nil {
		return nil, fmt.Errorf("sfu: transport: %w", err)
	}
	w := &pionWire{
		events: events, pc: pc, ice: pc.SCTP().Transport().ICETransport(), view: view, tap: tap,
		media: newTransport(view.table.socket, events, randomSSRC()),
	}
	view.media = w.media
	w.ice.OnSelectedCandidatePairChange(w.aim)
	pc.OnConnectionStateChange(w.handleState)
	return w, nil
}

func randomSSRC() uint32 {
	var b [4]byte
	_, _ = rand.Read(b[:]) // it never fails
	return binary.BigEndian.Uint32(b[:])
}

func (w *pionWire) heard() uint64 { return w.view.heard.Load() }

func (w *pionWire) writeRTCP(packets []rtcp.Packet) error { return w.media.writeRTCP(packets) }

func (w *pionWire) reports(now time.Time) []rtcp.ReceptionReport { return w.media.reports(now) }

// aim has the media follow the pair that ICE selects. While a restart looks for one, it goes on where it went before.
func (w *pionWire) aim(pair *webrtc.ICECandidatePair) {
	if pair == nil || pair.Remote == nil {
		return
	}
	if addr, err := netip.ParseAddr(pair.Remote.Address); err == nil {
		w.media.aim(netip.AddrPortFrom(addr, pair.Remote.Port))
	}
}

func (w *pionWire) handleState(s webrtc.PeerConnectionState) {
	switch s {
	case webrtc.PeerConnectionStateConnected:
		w.spawn("state", w.connected)
	case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed: // closed: by the browser, with a DTLS alert
		w.spawn("state", w.events.failed)
	}
}

// connected opens the media: only now is the handshake verified.
func (w *pionWire) connected() {
	if pair, err := w.ice.GetSelectedCandidatePair(); err == nil {
		w.aim(pair)
	}
	if !w.media.unlocked() { // else it is an ICE restart
		keys, err := w.tap.keys()
		if err == nil {
			err = w.media.unlock(keys)
		}
		if err != nil {
			w.events.failed()
			return
		}
	}
	w.events.connected()
}

// negotiate answers an offer. The lanes are added before the offer is set, audio first: pion gives the i-th receive m-line
// of a kind the i-th unused local track of that kind.
func (w *pionWire) negotiate(ctx context.Context, o *offer) (string, []*outlet, error) {
	fresh, err := w.addLanes(o)
	if err != nil {
		return "", nil, err
	}
	if err := w.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeOffer, SDP: o.sdp}); err != nil {
		return "", nil, fmt.Errorf("%w: %w", ErrBadOffer, err)
	}
	answer, err := w.pc.CreateAnswer(nil)
	if err != nil {
		return "", nil, fmt.Errorf("%w: answer: %w", ErrBadOffer, err)
	}
	gathered := webrtc.GatheringCompletePromise(w.pc)
	if err := w.pc.SetLocalDescription(answer); err != nil {
		return "", nil, fmt.Errorf("%w: answer: %w", ErrBadOffer, err)
	}
	select {
	case <-gathered:
	case <-ctx.Done():
		return "", nil, fmt.Errorf("sfu: gather: %w", ctx.Err())
	}
	outlets := make([]*outlet, 0, len(fresh))
	for _, lane := range fresh {
		if out := lane.outlet(); out != nil { // nil: the m-line was refused
			outlets = append(outlets, out)
		}
	}
	text := w.pc.LocalDescription().SDP
	numbers, err := readNumbering(o, text)
	if err != nil {
		return "", nil, err
	}
	w.media.negotiated(numbers, outlets)
	return text, outlets, nil
}

// addLanes adds one track for every receive m-line that has none yet.
func (w *pionWire) addLanes(o *offer) ([]*pionLane, error) {
	have := map[kind]int{}
	for _, lane := range w.lanes {
		have[lane.kind]++
	}
	var fresh []*pionLane
	for _, want := range []struct {
		kind kind
		mids []string
	}{{kindAudio, o.audio}, {kindVideo, o.video}} {
		for i := have[want.kind]; i < len(want.mids); i++ {
			lane := &pionLane{kind: want.kind, index: i}
			tr, err := w.pc.AddTransceiverFromTrack(lane,
				webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
			if err != nil {
				return nil, fmt.Errorf("sfu: lane: %w", err)
			}
			lane.transceiver = tr
			fresh = append(fresh, lane)
		}
	}
	w.lanes = append(w.lanes, fresh...)
	return fresh, nil
}

// spawn starts a goroutine of this transport, which recovers from what the network sent, unless the transport is closed.
func (w *pionWire) spawn(name string, f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	w.work.Add(1)
	go func() {
		defer w.work.Done()
		defer func() {
			if v := recover(); v != nil {
				w.events.panicked(name, v)
			}
		}()
		f()
	}()
}

// close ends the media and the PeerConnection, and waits for every goroutine.
func (w *pionWire) close() error {
	w.once.Do(func() {
		w.mu.Lock()
		w.closed = true
		w.mu.Unlock()
		w.media.close()
		w.err = w.pc.GracefulClose()
		w.work.Wait()
	})
	return w.err
}
