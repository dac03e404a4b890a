package main

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

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

// nudgeEvery is what a join is measured longer than it is, at most.
const nudgeEvery = time.Millisecond

// awaitUp waits until the first PeerConnection is connected, or what carries the signalling has ended; nil: nobody says.
func (p *peer) awaitUp(ctx context.Context, signalling <-chan struct{}) error {
	return p.awaitNudged(ctx, signalling, nil)
}

// awaitLite does so with a server that is ICE-lite, and leaves all checks to us.
//
// A browser nominates the pair in its first check to a lite server (RFC 8445 §8.1.1 lets it) or looks again after 50 ms; pion's agent only
// after 200 ms, which would be counted as the server's join time. Each new candidate makes it look at once, so it is given unusable ones (IPv6
// when we use IPv4, and the reverse) until it is connected. A server with an agent of its own checks by itself.
func (p *peer) awaitLite(ctx context.Context) error {
	nudge := time.NewTicker(nudgeEvery)
	defer nudge.Stop()
	return p.awaitNudged(ctx, nil, nudge.C)
}

func (p *peer) awaitNudged(ctx context.Context, signalling <-chan struct{}, nudge <-chan time.Time) error {
	for n := 1; ; n++ {
		select {
		case <-p.up:
			return nil
		case <-p.failed:
			return errTransportFailed
		case <-signalling:
			return errLineLost
		case <-ctx.Done():
			return fmt.Errorf("transport not connected: %w", ctx.Err())
		case <-nudge:
			if err := p.nudge(n); err != nil {
				return fmt.Errorf("candidate: %w", err)
			}
		}
	}
}

func (p *peer) nudge(n int) error {
	unusable := "::1"
	if p.lab.local.Is6() {
		unusable = "127.0.0.1"
	}
	p.mu.Lock()
	pcs := slices.Clone(p.pcs)
	p.mu.Unlock()
	for _, pc := range pcs {
		c := fmt.Sprintf("candidate:%d 1 udp 1 %s %d typ host", n, unusable, 1+n%60000)
		err := pc.AddICECandidate(webrtc.ICECandidateInit{Candidate: c})
		if err != nil && pc.CurrentRemoteDescription() != nil { // before, it takes none
			return err
		}
	}
	return nil
}
