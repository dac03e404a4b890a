package main

import (
	"context"
	"fmt"

	"github.com/pion/webrtc/v4"
)

// lanes is how many receive m-lines of each kind a browser tab of ours offers to start with.
const lanes = 4

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
	return p.awaitLite(ctx)
}
