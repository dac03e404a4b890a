package sfu

import (
	"cmp"
	"slices"
	"time"

	"github.com/pion/rtcp"
)

// The monitor's rhythm. Every tick repeats requests; the rest is done on some ticks only.
const (
	tickEvery    = 50 * time.Millisecond
	speakEvery   = 2  // ticks: 100 ms
	layersEvery  = 5  // ticks: 250 ms
	reportsEvery = 20 // ticks: 1 s; RFC 3550's 5 s would keep lips out of sync for long
	qualityEvery = 40 // ticks: 2 s
)

// watch is what the monitor remembers of a peer.
type watch struct {
	heard    uint64
	heardAt  time.Time
	lost     bool
	expected uint64 // packets, at the last look
	missed   uint64
	window   Level // of the last two seconds that could be judged
	level    Level // what was told
}

// monitor is the goroutine "monitor": everything that time alone makes happen. It ends at Close.
func (s *SFU) monitor() {
	defer close(s.done)
	ticker := time.NewTicker(tickEvery)
	defer ticker.Stop()
	for n := uint64(1); ; n++ {
		select {
		case <-s.stop:
			return
		case now := <-ticker.C:
			for _, p := range *s.living.Load() {
				s.look(p, n, now)
			}
			if n%speakEvery == 0 {
				s.listen(now)
			}
		}
	}
}

// look does what is due for one peer.
func (s *SFU) look(p *peer, n uint64, now time.Time) {
	for _, pub := range p.publications {
		pub.each(func(l *layer) { l.tick(now) })
	}
	if n%layersEvery == 0 {
		s.lookAlive(p, now)
		for _, l := range *p.lanes.Load() {
			l.tick(now)
		}
	}
	if n%reportsEvery == 0 {
		p.sendReports(now)
	}
	if n%qualityEvery == 0 {
		s.judge(p)
	}
}

// lookAlive notices peers that fell silent, those that came back, and those that never came or are gone for good.
func (s *SFU) lookAlive(p *peer, now time.Time) {
	w := &p.watch
	if heard := p.wire.heard(); heard != w.heard || w.heardAt.IsZero() {
		w.heard, w.heardAt = heard, now
		if w.lost {
			w.lost = false
			s.tell(p, PeerUp{Peer: p.id})
		}
		return
	}
	silent := now.Sub(w.heardAt)
	if !w.lost && silent >= s.cfg.LostAfter {
		w.lost = s.tell(p, PeerLost{Peer: p.id})
	}
	if silent >= consentExpires {
		p.wire.hush()
	}
	if silent >= s.cfg.KeepFor {
		p.failed()
	}
}

// consentExpires is how long somebody who is not heard goes on being sent to (RFC 7675 §5.1).
const consentExpires = 30 * time.Second

// tell puts an event about a peer that was up and still is there.
func (s *SFU) tell(p *peer, e Event) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !p.up || p.gone || p.dead {
		return false
	}
	s.events.put(e)
	return true
}

func (l *lane) tick(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.sub != nil {
		l.sub.tickLocked(now)
	}
}

// sendReports sends sender reports of the lanes and reception reports of what came, as few compound packets.
func (p *peer) sendReports(now time.Time) {
	var out []rtcp.Packet
	received := p.wire.reports(now)
	for _, l := range *p.lanes.Load() {
		if sr := l.report(now); sr != nil {
			sr.Reports, received = cut(received)
			out = append(out, sr)
		}
	}
	for len(received) > 0 {
		var rr rtcp.ReceiverReport
		rr.Reports, received = cut(received)
		out = append(out, &rr)
	}
	for len(out) > 0 {
		n := min(len(out), reportsAtOnce)
		_ = p.wire.writeRTCP(out[:n])
		out = out[n:]
	}
}

// reportsAtOnce keeps a compound packet within 1,200 bytes.
const reportsAtOnce = 8

// cut takes a report's share off the reception reports.
func cut(list []rtcp.ReceptionReport) (head, rest []rtcp.ReceptionReport) {
	const share = 4
	n := min(len(list), share)
	return list[:n], list[n:]
}

// Shares of missed packets, in percent, at which an uplink is weak and bad.
const (
	weakLoss = 3
	badLoss  = 10
	// judgePackets: with fewer packets there is nothing to judge.
	judgePackets = 20
)

// judge tells when the level of a peer's uplink changed.
func (s *SFU) judge(p *peer) {
	var expected, missed uint64
	for _, pub := range p.publications {
		pub.each(func(l *layer) {
			e, m := l.losses()
			expected, missed = expected+e, missed+m
		})
	}
	w := &p.watch
	level := levelOf(expected-w.expected, missed-w.missed)
	if expected < w.expected || missed < w.missed { // a layer was replaced
		level = ""
	}
	w.expected, w.missed = expected, missed
	if level == "" {
		return
	}
	// A device that is opened anew makes one bad window: only two in a row make it worse, and one makes it better.
	level, w.window = better(level, w.window), level
	if level == w.level || (w.level == "" && level == LevelGood) {
		return
	}
	if s.tell(p, QualityEvent{Peer: p.id, Level: level}) {
		w.level = level
	}
}

// better is the better of two levels; nothing is as good as good.
func better(a, b Level) Level {
	for _, l := range []Level{LevelBad, LevelWeak} {
		if a == l {
			return cmp.Or(b, LevelGood)
		}
		if b == l {
			return cmp.Or(a, LevelGood)
		}
	}
	return LevelGood
}

// levelOf judges a count of packets; "": too few.
func levelOf(expected, missed uint64) Level {
	switch {
	case expected < judgePackets:
		return ""
	case missed*100 >= expected*badLoss:
		return LevelBad
	case missed*100 >= expected*weakLoss:
		return LevelWeak
	}
	return LevelGood
}

// listen tells who speaks, room by room, when that changed.
func (s *SFU) listen(now time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.rooms {
		// Those who spoke before stay first, in their order.
		var speaking []PeerID
		for _, id := range r.speaking {
			if p := s.peers[id]; p != nil && p.room == r && p.speaks(now) {
				speaking = append(speaking, id)
			}
		}
		for _, p := range r.peers {
			if !slices.Contains(speaking, p.id) && p.speaks(now) {
				speaking = append(speaking, p.id)
			}
		}
		if !slices.Equal(speaking, r.speaking) {
			r.speaking = speaking
			s.events.put(SpeakingEvent{Room: r.id, Peers: slices.Clone(speaking)})
		}
	}
}

// speaks tells whether the peer's microphone is open and somebody speaks into it.
func (p *peer) speaks(now time.Time) bool {
	pub := p.publications[SourceMicrophone]
	if pub == nil || !pub.open.Load() {
		return false
	}
	speaks := false
	pub.each(func(l *layer) {
		l.mu.Lock()
		l.voice.tick(now)
		speaks = speaks || l.voice.speaking
		l.mu.Unlock()
	})
	return speaks
}
