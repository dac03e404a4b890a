package sfu

import "slices"

// person is another peer of the room, as the planner sees it.
type person struct {
	id          PeerID
	microphone  bool
	camera      bool
	screen      bool
	cameraCodec codec // codecNone: not known yet
	screenCodec codec
}

// placement says which person holds which pair of lanes, and which video lanes carry screen shares.
type placement struct {
	people  []PeerID // by lane index; "": free
	screens []PeerID // by video lane index; "": none
	missing int      // people and screens without a lane
}

// laneSpec is what the planner needs to know of a lane.
type laneSpec struct{ codecs [codecCount]bool }

func (l laneSpec) carries(c codec) bool { return c == codecNone || l.codecs[c] }

// plan places the people of a room on the lanes of one peer. It is pure, and keeps everybody where they were as far as it
// can: a move costs a key frame.
//
//   - A person holds one index: microphone on audio lane i, camera on video lane i. They share a stream id, so that the
//     browser keeps lips in sync.
//   - Screen shares take video lanes from the end, those of people without a camera included.
//   - A camera or screen that this peer can't decode takes no lane, and misses none.
func plan(before placement, people []person, audio, video []laneSpec) placement {
	n := max(len(audio), len(video))
	p := planner{audio: audio, video: video, people: people}
	p.next = placement{people: make([]PeerID, n), screens: make([]PeerID, len(video))}
	p.keep(before)
	for i := range people {
		if (people[i].microphone || people[i].camera) && !slices.Contains(p.next.people, people[i].id) {
			p.seat(&people[i])
		}
	}
	p.clearScreens()
	for i := range people {
		if people[i].screen && !slices.Contains(p.next.screens, people[i].id) {
			p.share(&people[i])
		}
	}
	return p.next
}

type planner struct {
	audio, video []laneSpec
	people       []person
	next         placement
}

func (p *planner) find(id PeerID) *person {
	for i := range p.people {
		if p.people[i].id == id {
			return &p.people[i]
		}
	}
	return nil
}

// keep takes over who still is there.
func (p *planner) keep(before placement) {
	for i, id := range before.people {
		if who := p.find(id); who != nil && (who.microphone || who.camera) && i < len(p.next.people) {
			p.next.people[i] = id
		}
	}
	for i, id := range before.screens {
		if who := p.find(id); who != nil && who.screen && i < len(p.next.screens) && p.video[i].carries(who.screenCodec) {
			p.next.screens[i] = id
		}
	}
}

// seat finds a free index: at best one without a screen share and with both lanes.
func (p *planner) seat(who *person) {
	best, bestCost := -1, 0
	for i, id := range p.next.people {
		if id != "" {
			continue
		}
		cost := 0
		if i >= len(p.audio) {
			cost += 4
		}
		if i >= len(p.video) || !p.video[i].carries(who.cameraCodec) {
			cost += 4
		} else if p.next.screens[i] != "" {
			cost++
		}
		if (who.microphone && i >= len(p.audio)) || (who.camera && i >= len(p.video)) {
			cost += 8
		}
		if best < 0 || cost < bestCost {
			best, bestCost = i, cost
		}
	}
	if best < 0 || bestCost >= 8 {
		p.next.missing++
	}
	if best >= 0 {
		p.next.people[best] = who.id
	}
}

// clearScreens takes screen shares off the lanes that cameras need.
func (p *planner) clearScreens() {
	for i := range p.next.screens {
		if p.cameraAt(i) {
			p.next.screens[i] = ""
		}
	}
}

// cameraAt tells whether video lane i carries a camera.
func (p *planner) cameraAt(i int) bool {
	who := p.find(p.next.people[i])
	return who != nil && who.camera && p.video[i].carries(who.cameraCodec)
}

// share finds a video lane for a screen share, from the end; at best one that no person holds.
func (p *planner) share(who *person) {
	decodable := len(p.video) == 0
	for _, free := range []bool{true, false} {
		for i := len(p.video) - 1; i >= 0; i-- {
			if !p.video[i].carries(who.screenCodec) {
				continue
			}
			decodable = true
			if p.next.screens[i] == "" && !p.cameraAt(i) && (!free || p.next.people[i] == "") {
				p.next.screens[i] = who.id
				return
			}
		}
	}
	if decodable {
		p.next.missing++
	}
}

// at is what the plan puts on one lane.
func (p placement) at(k kind, i int, people []person) (PeerID, Source, bool) {
	if k == kindVideo && p.screens[i] != "" {
		return p.screens[i], SourceScreen, true
	}
	for _, who := range people {
		if who.id != p.people[i] {
			continue
		}
		if k == kindAudio && who.microphone {
			return who.id, SourceMicrophone, true
		}
		if k == kindVideo && who.camera {
			return who.id, SourceCamera, true
		}
	}
	return "", "", false
}
