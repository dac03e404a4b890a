package sfu

import (
	"testing"
	"time"
)

// vp8At makes a packet of a VP8 source.
func vp8At(stream uint32, seq uint16, ts uint32, pid uint16, tl0 uint8, at time.Time) *packet {
	return &packet{stream: stream, seq: seq, ts: ts, codec: codecVP8, arrived: at,
		desc: descriptor{key: true, pidAt: 2, pidLen: 2, pid: pid & 0x7fff, tl0At: 4, tl0: tl0}}
}

func TestRewriter(t *testing.T) {
	fromAllStarts(t, func(t *testing.T, start uint16) {
		var r rewriter
		var base numbers
		at := func(ms int) time.Time { return t0.Add(ms2d(ms)) }
		expect := func(p *packet, want numbers) {
			t.Helper()
			got, ok := r.rewrite(p)
			want.seq, want.ts, want.pid, want.tl0 = base.seq+want.seq, base.ts+want.ts, (base.pid+want.pid)&0x7fff, base.tl0+want.tl0
			if !ok || got != want {
				t.Fatalf("%d: got %+v %v, want %+v", p.seq-start, got, ok, want)
			}
		}
		if _, ok := r.rewrite(vp8At(1, start, 0, 0, 0, t0)); ok {
			t.Fatal("something goes out before the first switch")
		}
		// The first source.
		ts := uint32(start) << 16
		first := vp8At(1, start, ts, start, uint8(start), at(0))
		r.switchTo(first)
		base, _ = r.rewrite(first)
		expect(vp8At(1, start+1, ts+3000, start+1, uint8(start)+1, at(33)), numbers{1, 3000, 1, 1})
		expect(vp8At(1, start+4, ts+9000, start+3, uint8(start)+3, at(99)), numbers{4, 9000, 3, 3})
		expect(vp8At(1, start+2, ts+6000, start+2, uint8(start)+2, at(120)), numbers{2, 6000, 2, 2}) // late: finds its place
		if _, ok := r.rewrite(vp8At(1, start-1, ts-3000, 0, 0, at(121))); ok {
			t.Fatal("a packet from before the switch goes out")
		}
		if _, ok := r.rewrite(vp8At(2, start+5, ts, 0, 0, at(121))); ok {
			t.Fatal("a packet of another source goes out")
		}
		// Another source, 101 ms after the newest packet of the first came.
		second := vp8At(2, 40000-start, 77, 9000, 200, at(200))
		r.switchTo(second)
		expect(second, numbers{5, 9000 + 101*90, 4, 4})
		expect(vp8At(2, 40001-start, 3077, 9001, 201, at(233)), numbers{6, 9000 + 101*90 + 3000, 5, 5})
		if _, ok := r.rewrite(vp8At(1, start+3, ts, 0, 0, at(240))); ok {
			t.Fatal("a late packet of the first source goes out")
		}
		// A third, which came at once: a frame later all the same.
		third := vp8At(3, 3, 3, 3, 3, at(233))
		r.switchTo(third)
		expect(third, numbers{7, 9000 + 101*90 + 6000, 6, 6})
	})
}

// TestRewriterLongRun: the shifts hold for many rounds of the sequence numbers.
func TestRewriterLongRun(t *testing.T) {
	var r rewriter
	p := vp8At(1, 65000, 0, 0, 0, t0)
	r.switchTo(p)
	for i := range 300000 {
		p := vp8At(1, 65000+uint16(i), uint32(i)*3000, uint16(i), uint8(i), t0)
		if got, ok := r.rewrite(p); !ok || got.seq != 65000+uint16(i) {
			t.Fatalf("packet %d: %+v %v", i, got, ok)
		}
	}
}

// source is an arbitrary publisher's stream for the fuzz test.
type source struct {
	layer  int
	seq    uint16
	ts     uint32
	pid    uint16
	tl0    uint8
	stream uint32
	window seqWindow
}

// FuzzForwarding: whatever comes in (losses, duplicates, reordering, restarts, key frames at any moment, several layers),
// what goes out is one stream: no number twice for two packets, every switch continues at the next number, timestamps
// and picture ids go on at a switch and never further than the source's own do.
func FuzzForwarding(f *testing.F) {
	f.Add([]byte{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}, uint16(65530))
	f.Add([]byte{0x80, 0x40, 0x20, 0x21, 0x61, 0xa1, 0xe1, 0x03, 0xff, 0x55, 0x31}, uint16(0))
	f.Fuzz(func(t *testing.T, script []byte, start uint16) {
		sources := []*source{
			{layer: 0, seq: start, ts: 1 << 31, pid: 32760, tl0: 250, stream: 1},
			{layer: 1, seq: start + 9999, ts: 5, pid: 3, tl0: 1, stream: 2},
			{layer: 2, seq: 65535 - start, ts: 1<<32 - 9, pid: 100, tl0: 128, stream: 3},
		}
		sel := newSelector(2)
		var r rewriter
		sent := map[uint16]uint64{} // outgoing number -> what it was
		now, streams := t0, uint32(3)
		for _, b := range script {
			now = now.Add(time.Duration(b%7) * 5 * time.Millisecond)
			s := sources[int(b)%3]
			switch b >> 5 { // what the network does
			case 0, 1, 2:
				s.next(1)
			case 3:
				s.next(uint16(b&0x1f) + 2) // loss
			case 4:
				s.seq -= uint16(b & 0x0f) // late, or a duplicate
			case 5:
				s.next(5000) // a restart, if the next one follows
			case 6:
				s.next(1)
				now = now.Add(2 * time.Second)
			case 7:
				s.seq, s.ts = s.seq*3, s.ts-1e6
			}
			switch s.window.admit(s.seq) {
			case verdictDuplicate, verdictStray:
				continue
			case verdictRestart:
				streams++
				s.stream = streams
			}
			p := vp8At(s.stream, s.seq, s.ts, s.pid, s.tl0, now)
			p.desc.key = b&0x18 == 0
			do, _ := sel.packet(s.layer, p.desc.key, now)
			if do == actionForward && p.stream != r.stream {
				if !p.desc.key {
					continue
				}
				do = actionSwitch
			}
			before := r
			switch do {
			case actionDrop:
				continue
			case actionSwitch:
				r.switchTo(p)
			}
			out, ok := r.rewrite(p)
			if do == actionSwitch && before.started {
				if !ok || out.seq != before.last.seq+1 || int32(out.ts-before.last.ts) <= 0 ||
					out.pid != (before.last.pid+1)&0x7fff || out.tl0 != before.last.tl0+1 {
					t.Fatalf("switch from %+v to %+v", before.last, out)
				}
				if step := now.Sub(before.lastAt); out.ts-before.last.ts > uint32(step/time.Microsecond*90000/1e6)+3000 {
					t.Fatalf("timestamp ahead by %d after %v", out.ts-before.last.ts, step)
				}
			}
			if !ok {
				continue
			}
			what := uint64(p.stream)<<32 | uint64(p.seq)
			if was, double := sent[out.seq]; double && was != what {
				if int16(r.last.seq-out.seq) < 2*windowSize && int16(r.last.seq-out.seq) >= 0 && was>>32 == what>>32 {
					t.Fatalf("number %d for two packets", out.seq)
				}
			}
			sent[out.seq] = what
			if do == actionForward && out.seq-before.last.seq != p.seq-before.newest {
				t.Fatalf("the distance of %d changed", p.seq)
			}
		}
	})
}

// next goes n packets on, each a frame of its own.
func (s *source) next(n uint16) {
	s.seq += n
	s.ts += uint32(n) * 3000
	s.pid = (s.pid + n) & 0x7fff
	s.tl0 += uint8(n)
}

func TestRing(t *testing.T) {
	fromAllStarts(t, func(t *testing.T, start uint16) {
		var r ring
		put := func(i int, at time.Time) {
			r.put(7, &inbound{seq: start + uint16(i), ts: uint32(i), payload: []byte{byte(i), byte(i >> 8)}, arrived: at}, descriptor{})
		}
		holds := func(i int) bool {
			p := r.get(7, start+uint16(i))
			return p != nil && p.ts == uint32(i) && p.payload[0] == byte(i)
		}
		// 100 packets a second: 64 slots are not enough for one second, 128 are.
		for i := range 500 {
			put(i, t0.Add(ms2d(10*i)))
			for j := max(0, i-99); j <= i; j++ {
				if !holds(j) {
					t.Fatalf("packet %d is gone when %d came", j, i)
				}
			}
		}
		if len(r.slots) != 128 {
			t.Errorf("%d slots for 100 packets a second", len(r.slots))
		}
		if r.get(8, start+499) != nil || r.get(7, start+500) != nil || r.get(7, start+10) != nil {
			t.Error("finds what is not there")
		}
		// However fast: never more than ringMax.
		for i := 500; i < 5000; i++ {
			put(i, t0.Add(ms2d(5000)))
		}
		if len(r.slots) != ringMax || !holds(4999) || !holds(5000-ringMax) || holds(5000-ringMax-1) {
			t.Errorf("%d slots, newest %v", len(r.slots), holds(4999))
		}
	})
}

func TestHistory(t *testing.T) {
	fromAllStarts(t, func(t *testing.T, start uint16) {
		var h history
		l := &layer{}
		if h.take(start, t0) != nil {
			t.Fatal("finds something in nothing")
		}
		for i := range uint16(200) {
			p := &packet{stream: 1, seq: i}
			h.put(128, l, p, numbers{seq: start + i})
			if !h.holds(p, numbers{seq: start + i}) || h.holds(&packet{stream: 1, seq: i + 1}, numbers{seq: start + i}) {
				t.Fatal("does not know what went out")
			}
		}
		now := t0
		for i := range resendTries {
			if s := h.take(start+199, now); s == nil || s.seq != 199 {
				t.Fatalf("attempt %d: %+v", i, s)
			}
			if h.take(start+199, now.Add(resendPause-1)) != nil {
				t.Fatal("sent again too soon")
			}
			now = now.Add(resendPause)
		}
		if h.take(start+199, now) != nil || h.take(start+71, now) != nil || h.take(start+200, now) != nil {
			t.Error("finds what it should not")
		}
		if h.take(start+72, now) == nil {
			t.Error("the oldest is gone")
		}
		if h.clear(); h.take(start+150, now) != nil {
			t.Error("still there after clear")
		}
	})
}
