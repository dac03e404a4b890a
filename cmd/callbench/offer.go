package main

import (
	"context"
	"fmt"
	"time"

	"github.com/pion/webrtc/v4"
)

const (
	lanes      = 4 // receive m-lines of each kind that a browser tab of ours offers to start with
	nudgeEvery = 5 * time.Millisecond
)

// offer is what a tab of ours says first: one PeerConnection with the lane layout of docs/media-path.md §1.
type offer struct {
	pc      *webrtc.PeerConnection
	sdp     webrtc.SessionDescription
	publish []publishLine
}

// newOffer lays out the m-lines: microphone, camera and screen, of those who send, then the lanes. A tab offers four lanes of each kind and
// more when told that some are missing; here they are all there from the start, since more of them is no other load.
func newOffer(p *peer) (*offer, error) {
	pc, err := p.newConnection()
	if err != nil {
		return nil, err
	}
	o := &offer{pc: pc}
	lines, err := p.addSources(pc)
	if err != nil {
		return nil, err
	}
	if p.sends() {
		send := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}
		screen, err := pc.AddTransceiverFromKind(webrtc.RTPCodecTypeVideo, send)
		if err != nil {
			return nil, err
		}
		lines = append(lines, screen)
	}
	receive := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly}
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		for range max(lanes, p.others) {
			if _, err := pc.AddTransceiverFromKind(kind, receive); err != nil {
				return nil, err
			}
		}
	}
	if o.sdp, err = pc.CreateOffer(nil); err != nil {
		return nil, err
	}
	for i, line := range lines { // CreateOffer gave them their mids
		o.publish = append(o.publish, publishLine{Mid: line.Mid(), Source: []string{"microphone", "camera", "screen"}[i]})
	}
	return o, nil
}

// accept takes the server's answer and returns when the transport is connected.
func (o *offer) accept(ctx context.Context, p *peer, answer string) error {
	if err := o.pc.SetLocalDescription(o.sdp); err != nil {
		return fmt.Errorf("offer: %w", err)
	}
	if err := o.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}); err != nil {
		return fmt.Errorf("answer: %w", err)
	}
	return o.connect(ctx, p)
}

// connect waits for the transport. A browser nominates the pair in its first check to a lite server (RFC 8445 §8.1.1 lets it) or looks
// again after 50 ms; pion's agent only after 200 ms, which would be counted as the server's join time. Each new candidate makes
// it look at once, so it is given unusable ones (IPv6 when we use IPv4, and the reverse) until it is connected.
func (o *offer) connect(ctx context.Context, p *peer) error {
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
			if err := o.pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: c}); err != nil {
				return fmt.Errorf("candidate: %w", err)
			}
		}
	}
}
