package main

import (
	"context"
	"fmt"
	"sync"

	"github.com/pion/webrtc/v4"
)

// negotiation is a PeerConnection whose remote candidates may come before the description that they belong to.
type negotiation struct {
	*webrtc.PeerConnection

	mu    sync.Mutex // guards the following
	ready bool       // the remote description is there
	early []webrtc.ICECandidateInit
}

func (n *negotiation) remote(t webrtc.SDPType, sdp string) error {
	if err := n.SetRemoteDescription(webrtc.SessionDescription{Type: t, SDP: sdp}); err != nil {
		return err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.ready = true
	for _, c := range n.early {
		if err := n.AddICECandidate(c); err != nil {
			return err
		}
	}
	n.early = nil
	return nil
}

func (n *negotiation) candidate(c webrtc.ICECandidateInit) error {
	n.mu.Lock()
	defer n.mu.Unlock()
	if !n.ready {
		n.early = append(n.early, c)
		return nil
	}
	return n.AddICECandidate(c)
}

// answer makes and sets the local answer. whole: with all candidates, for who can't take them one by one.
func (n *negotiation) answer(ctx context.Context, whole bool) (string, error) {
	d, err := n.CreateAnswer(nil)
	if err != nil {
		return "", err
	}
	return n.local(ctx, d, whole)
}

// offer makes and sets the local offer.
func (n *negotiation) offer(ctx context.Context, whole bool) (string, error) {
	d, err := n.CreateOffer(nil)
	if err != nil {
		return "", err
	}
	return n.local(ctx, d, whole)
}

func (n *negotiation) local(ctx context.Context, d webrtc.SessionDescription, whole bool) (string, error) {
	gathered := webrtc.GatheringCompletePromise(n.PeerConnection)
	if err := n.SetLocalDescription(d); err != nil {
		return "", err
	}
	if whole {
		select {
		case <-gathered:
		case <-ctx.Done():
			return "", ctx.Err()
		}
	}
	return n.LocalDescription().SDP, nil
}

// awaitUp waits until a participant's first PeerConnection is connected, or its signalling has ended.
func awaitUp(ctx context.Context, p *peer, s *textSocket) error {
	select {
	case <-p.up:
		return nil
	case <-p.failed:
		return errTransportFailed
	case <-s.done:
		return fmt.Errorf("websocket: %w", s.err)
	case <-ctx.Done():
		return fmt.Errorf("transport not connected: %w", ctx.Err())
	}
}
