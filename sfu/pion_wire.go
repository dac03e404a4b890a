package sfu

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// pionWire is the transport made of a PeerConnection.
//
// Goroutines, all waited for in close: "stream" and "stream-rtcp" per incoming stream, "lane-rtcp" per outlet, "state" while
// a change of state is told; and those of the PeerConnection.
type pionWire struct {
	// Static after construction.
	events wireEvents
	pc     *webrtc.PeerConnection
	view   *muxView

	lanes []*pionLane // owned by negotiate

	mu     sync.Mutex // guards the following
	closed bool
	work   sync.WaitGroup // Add under mu, while not closed
	once   sync.Once
	err    error
}

func newPionWire(cfg Config, view *muxView, events wireEvents) (*pionWire, error) {
	api, err := newAPI(cfg, view)
	if err != nil {
		return nil, err
	}
	// Without one in the configuration, every PeerConnection makes a certificate of its own: none that expires under a
	// server that runs for long, and none to recognise the server by.
	pc, err := api.NewPeerConnection(webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle})
	if err != nil {
		return nil, fmt.Errorf("sfu: transport: %w", err)
	}
	w := &pionWire{events: events, pc: pc, view: view}
	pc.OnTrack(w.handleTrack)
	pc.OnConnectionStateChange(w.handleState)
	return w, nil
}

func (w *pionWire) heard() uint64 { return w.view.heard.Load() }

func (w *pionWire) writeRTCP(packets []rtcp.Packet) error { return w.pc.WriteRTCP(packets) }

func (w *pionWire) handleState(s webrtc.PeerConnectionState) {
	switch s {
	case webrtc.PeerConnectionStateConnected:
		w.spawn("state", w.events.connected)
	case webrtc.PeerConnectionStateFailed, webrtc.PeerConnectionStateClosed: // closed: by the browser, with a DTLS alert
		w.spawn("state", w.events.failed)
	}
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
		out := lane.outlet()
		if out == nil {
			continue // the m-line was refused
		}
		outlets = append(outlets, out)
		w.spawn("lane-rtcp", func() { w.readFeedback(lane.sender, out) })
	}
	return w.pc.LocalDescription().SDP, outlets, nil
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
			lane.transceiver, lane.sender = tr, tr.Sender()
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

// handleTrack is told once per incoming stream, on a goroutine of the PeerConnection.
func (w *pionWire) handleTrack(track *webrtc.TrackRemote, from *webrtc.RTPReceiver) {
	w.spawn("stream", func() { w.readStream(track, from) })
}

// readStream is the goroutine "stream": it reads one layer until the transport closes.
func (w *pionWire) readStream(track *webrtc.TrackRemote, from *webrtc.RTPReceiver) {
	tr := from.RTPTransceiver()
	if tr == nil {
		return
	}
	params := from.GetParameters()
	table := payloadTypes(params.Codecs)
	capability := track.Codec().RTPCodecCapability
	sink := w.events.openStream(streamInfo{
		mid: tr.Mid(), rid: track.RID(), ssrc: uint32(track.SSRC()),
		codec: codecOf(capability.MimeType, capability.SDPFmtpLine), nack: hasNACK(capability.RTCPFeedback),
	})
	if sink != nil {
		w.spawn("stream-rtcp", func() { readReports(track, from, sink) })
	}
	levelID := extensionID(params.HeaderExtensions, uriAudioLevel)
	var (
		header rtp.Header
		in     inbound
		buf    = make([]byte, maxDatagram)
	)
	for {
		n, _, err := track.Read(buf)
		if errors.Is(err, webrtc.ErrCodecNotFound) {
			continue // a payload type that was not negotiated
		}
		if err != nil {
			return
		}
		if sink == nil {
			continue
		}
		in.arrived = time.Now()
		if !readPacket(&in, &header, buf[:n], levelID) {
			continue
		}
		in.codec = table[header.PayloadType&0x7f]
		sink.receive(&in)
	}
}

// readPacket parses one packet into in, without allocating in steady state; false when it is not RTP.
func readPacket(in *inbound, header *rtp.Header, b []byte, levelID uint8) bool {
	at, err := header.Unmarshal(b)
	if err != nil || header.Version != 2 || at > len(b) {
		return false
	}
	payload := b[at:]
	if header.Padding { // RFC 3550 §5.1: the last byte counts the padding, itself included
		if len(payload) == 0 || int(payload[len(payload)-1]) > len(payload) {
			return false
		}
		payload = payload[:len(payload)-int(payload[len(payload)-1])]
	}
	in.seq, in.ts, in.marker, in.payload = header.SequenceNumber, header.Timestamp, header.Marker, payload
	in.hasLevel = false
	if levelID != 0 {
		if ext := header.GetExtension(levelID); len(ext) > 0 {
			in.hasLevel, in.level = true, ext[0]&0x7f
		}
	}
	return true
}

// readReports is the goroutine "stream-rtcp": sender reports of one layer.
func readReports(track *webrtc.TrackRemote, from *webrtc.RTPReceiver, sink receiver) {
	buf := make([]byte, maxDatagram)
	for {
		var n int
		var err error
		if rid := track.RID(); rid != "" {
			n, _, err = from.ReadSimulcast(buf, rid)
		} else {
			n, _, err = from.Read(buf)
		}
		if err != nil {
			return
		}
		packets, err := rtcp.Unmarshal(buf[:n])
		if err != nil {
			continue
		}
		for _, p := range packets {
			if sr, ok := p.(*rtcp.SenderReport); ok && sr.SSRC == uint32(track.SSRC()) {
				sink.senderReport(sr.NTPTime, sr.RTPTime, time.Now())
			}
		}
	}
}

// readFeedback is the goroutine "lane-rtcp": what the peer says about one lane.
func (w *pionWire) readFeedback(sender *webrtc.RTPSender, out *outlet) {
	buf := make([]byte, maxDatagram)
	for {
		n, _, err := sender.Read(buf)
		if err != nil {
			return
		}
		packets, err := rtcp.Unmarshal(buf[:n])
		if err != nil {
			continue
		}
		w.events.feedback(out, packets)
	}
}

// close ends the PeerConnection and waits for every goroutine.
func (w *pionWire) close() error {
	w.once.Do(func() {
		w.mu.Lock()
		w.closed = true
		w.mu.Unlock()
		w.err = w.pc.GracefulClose()
		w.work.Wait()
	})
	return w.err
}
