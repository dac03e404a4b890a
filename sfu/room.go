package sfu

import (
	"slices"
	"time"
)

// room is a set of peers that get each other's publications. Everything in it is guarded by sfu.mu, which the media path
// never takes.
type room struct {
	id       RoomID
	peers    []*peer // in the order in which they entered
	speaking []PeerID
}

// replanLocked brings the lanes of everybody in the room up to date, after somebody came, left, published or stopped.
func (s *SFU) replanLocked(r *room) {
	for _, p := range r.peers {
		if p.up {
			s.placeLocked(p)
		}
	}
}

// placeLocked brings one peer's lanes up to date and tells what changed.
func (s *SFU) placeLocked(p *peer) {
	lanes := *p.lanes.Load()
	people := othersLocked(p)
	var audio, video []laneSpec
	for _, l := range lanes {
		if l.kind == kindAudio {
			audio = append(audio, l.spec())
		} else {
			video = append(video, l.spec())
		}
	}
	p.placed = plan(p.placed, people, audio, video)
	now := time.Now()
	event := LanesEvent{Peer: p.id, Missing: p.placed.missing}
	// First everything that ends, then what begins: a publication is on one lane at a time.
	next := map[*lane]*publication{}
	for _, l := range lanes {
		if pub := s.pubAtLocked(p, l, people); pub != nil {
			next[l] = pub
			event.Lanes = append(event.Lanes, LaneUse{Mid: l.out.mid, Of: pub.peer.id, Source: pub.source})
		}
		if old := p.subs[l]; old != nil && old.pub != next[l] {
			old.stop()
			delete(p.subs, l)
		}
	}
	for _, l := range lanes {
		if pub := next[l]; pub != nil && p.subs[l] == nil {
			sub := &subscription{pub: pub, lane: l, height: p.heightLocked(pub)}
			p.subs[l] = sub
			sub.start(now)
		}
	}
	if p.gone {
		return
	}
	if event.Missing != p.told.Missing || !slices.Equal(event.Lanes, p.told.Lanes) {
		p.told = event
		s.events.put(event)
	}
}

// othersLocked are the other people of p's room.
func othersLocked(p *peer) []person {
	if p.room == nil {
		return nil
	}
	var out []person
	for _, o := range p.room.peers {
		if o == p {
			continue
		}
		who := person{id: o.id}
		for source, pub := range o.publications {
			if !pub.published {
				continue
			}
			switch source {
			case SourceMicrophone:
				who.microphone = true
			case SourceCamera:
				who.camera, who.cameraCodec = true, pub.codec
			case SourceScreen:
				who.screen, who.screenCodec = true, pub.codec
			}
		}
		out = append(out, who)
	}
	return out
}

// pubAtLocked is the publication that the plan puts on a lane; nil when there is none, or when the lane can't carry it.
func (s *SFU) pubAtLocked(p *peer, l *lane, people []person) *publication {
	id, source, ok := p.placed.at(l.kind, l.index, people)
	if !ok {
		return nil
	}
	other := s.peers[id]
	if other == nil {
		return nil
	}
	pub := other.publications[source]
	if pub == nil || !l.spec().carries(pub.codec) {
		return nil
	}
	return pub
}

// spec is what the planner needs to know of the lane.
func (l *lane) spec() laneSpec {
	var out laneSpec
	for c := range out.codecs {
		_, out.codecs[c] = l.out.format(codec(c))
	}
	return out
}

// heightLocked is how tall p wants a publication; -1: as tall as it comes.
func (p *peer) heightLocked(pub *publication) int {
	if h, ok := p.heights[wantKey{pub.peer.id, pub.source}]; ok {
		return h
	}
	return -1
}
