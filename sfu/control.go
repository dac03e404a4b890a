package sfu

import (
	"fmt"
	"slices"
	"time"
)

// This file holds what callers may change about connected peers. Every method takes SFU.mu, and what it changes holds when
// it returns.

// with calls f with a living peer under mu.
func (s *SFU) with(id PeerID, f func(*peer) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.peers[id]
	if p == nil {
		return fmt.Errorf("%w: %s", ErrNoPeer, id)
	}
	return f(p)
}

// Enter puts a peer into a room: from now on its publications go to the others there, and theirs to it, without
// renegotiation. Entering the same room again changes nothing. Errors: ErrNoPeer, ErrInRoom.
func (s *SFU) Enter(id PeerID, into RoomID) error {
	return s.with(id, func(p *peer) error {
		if p.room != nil {
			if p.room.id == into {
				return nil
			}
			return fmt.Errorf("%w: %s", ErrInRoom, id)
		}
		r := s.rooms[into]
		if r == nil {
			r = &room{id: into}
			s.rooms[into] = r
		}
		r.peers = append(r.peers, p)
		p.room = r
		p.openLocked()
		s.replanLocked(r)
		return nil
	})
}

// Withdraw takes a peer out of its room; its transport is kept. Errors: ErrNoPeer.
func (s *SFU) Withdraw(id PeerID) error {
	return s.with(id, func(p *peer) error {
		s.withdrawLocked(p)
		return nil
	})
}

func (s *SFU) withdrawLocked(p *peer) {
	r := p.room
	if r == nil {
		return
	}
	r.peers = slices.DeleteFunc(r.peers, func(o *peer) bool { return o == p })
	p.room = nil
	p.openLocked()
	s.placeLocked(p)
	if len(r.peers) == 0 {
		delete(s.rooms, r.id)
		return
	}
	s.replanLocked(r)
}

// openLocked brings the gates of the peer's publications up to date.
func (p *peer) openLocked() {
	for _, pub := range p.publications {
		pub.openLocked()
	}
}

// openLocked opens or shuts the gate between a publication and its subscribers. What was shut starts again from a key
// frame.
func (p *publication) openLocked() {
	open := p.published && !p.muted && p.peer.room != nil
	if p.open.Swap(open) == open || !open {
		return
	}
	// What came while the gate was shut is nobody's business: not even the second of it that the cache holds.
	p.each((*layer).forgetKey)
	now := time.Now()
	for _, sub := range *p.subscribers.Load() {
		sub.resume(now)
	}
}

func (s *SFU) withPublication(id PeerID, source Source, f func(*publication)) error {
	return s.with(id, func(p *peer) error {
		pub := p.publications[source]
		if pub == nil {
			return fmt.Errorf("%w: %s of %s", ErrNoPublication, source, id)
		}
		f(pub)
		pub.openLocked()
		if p.room != nil {
			s.replanLocked(p.room)
		}
		return nil
	})
}

// Publish says that a peer sends a source now: the others get it on a lane. Errors: ErrNoPeer, ErrNoPublication.
func (s *SFU) Publish(id PeerID, source Source) error {
	return s.withPublication(id, source, func(p *publication) { p.published = true })
}

// Unpublish says that it no longer does: its lanes are free. Errors as Publish.
func (s *SFU) Unpublish(id PeerID, source Source) error {
	return s.withPublication(id, source, func(p *publication) { p.published, p.muted = false, false })
}

// Mute pauses or resumes the forwarding of a source. Its lanes are kept. Errors as Publish.
func (s *SFU) Mute(id PeerID, source Source, muted bool) error {
	return s.withPublication(id, source, func(p *publication) { p.muted = muted })
}

// Want says how tall, in pixels, a peer shows somebody's video. 0: not shown, nothing is sent.
type Want struct {
	Peer   PeerID
	Source Source
	Height int
}

// maxWants bounds what one peer can make the server remember.
const maxWants = 256

// Want replaces what a peer wants to see. What is not named comes as tall as it is. Errors: ErrNoPeer.
func (s *SFU) Want(id PeerID, wants []Want) error {
	return s.with(id, func(p *peer) error {
		clear(p.heights)
		for _, w := range wants[:min(len(wants), maxWants)] {
			p.heights[wantKey{w.Peer, w.Source}] = max(w.Height, 0)
		}
		now := time.Now()
		for _, sub := range p.subs {
			sub.want(p.heightLocked(sub.pub), now)
		}
		return nil
	})
}

// Lanes is what a peer's lanes carry now. Errors: ErrNoPeer.
func (s *SFU) Lanes(id PeerID) (LanesEvent, error) {
	var out LanesEvent
	err := s.with(id, func(p *peer) error {
		out = p.told
		out.Lanes = slices.Clone(out.Lanes)
		return nil
	})
	return out, err
}
