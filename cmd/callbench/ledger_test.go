package main

import (
	"testing"
	"time"
)

func TestStampRoundTrip(t *testing.T) {
	for _, s := range []stamp{
		{},
		{source: newSourceID(0, 0), count: 1, counted: true, sent: time.Nanosecond},
		{source: newSourceID(499, 7), count: maxCount - 1, counted: true, sent: 300 * time.Hour},
	} {
		payload := make([]byte, audioPayload)
		s.put(payload)
		got, ok := readStamp(payload)
		if !ok || got != s {
			t.Errorf("wrote %+v, read %+v, %v", s, got, ok)
		}
		payload[audioPayload-stampSize]++
		if _, ok := readStamp(payload); ok {
			t.Error("a payload without the magic number was read")
		}
	}
	if _, ok := readStamp(make([]byte, stampSize-1)); ok {
		t.Error("a short payload was read")
	}
	if got := newSourceID(499, sourcesPerRoom-1).room(); got != 499 {
		t.Errorf("room %d", got)
	}
}

func TestLedger(t *testing.T) {
	const base = 10 * time.Millisecond
	one := func(n uint32) stamp { return stamp{count: n, counted: true, sent: base} }
	cases := []struct {
		name               string
		in                 []stamp
		total, unique, dup uint64
	}{
		{name: "nothing"},
		{name: "in order", in: []stamp{one(0), one(1), one(2)}, total: 3, unique: 3},
		{name: "out of order, across words", in: []stamp{one(200), one(63), one(64), one(0)}, total: 4, unique: 4},
		{name: "again", in: []stamp{one(5), one(5), one(6), one(5)}, total: 4, unique: 2, dup: 2},
		{name: "outside the window", in: []stamp{{sent: base}, {sent: base}, one(0)}, total: 3, unique: 1},
		{name: "a number that can't be", in: []stamp{one(maxCount), one(^uint32(0))}, total: 2},
		{name: "the last number", in: []stamp{one(maxCount - 1), one(maxCount - 1)}, total: 2, unique: 1, dup: 1},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var l ledger
			for _, s := range c.in {
				l.record(s, base+time.Millisecond)
			}
			if l.total != c.total || l.unique != c.unique || l.duplicates != c.dup {
				t.Errorf("total %d unique %d duplicates %d", l.total, l.unique, l.duplicates)
			}
			if l.latency.n != c.unique {
				t.Errorf("%d latencies", l.latency.n)
			}
			if c.unique > 0 && l.latency.max != time.Millisecond {
				t.Errorf("latency %v", l.latency.max)
			}
		})
	}
}

// TestCountsSeeLoss lets a room of three lose some packets, and get some twice.
func TestCountsSeeLoss(t *testing.T) {
	l := &lab{meter: newMeter()}
	room := make([]*peer, 3)
	for i := range room {
		room[i] = &peer{
			lab: l, seat: seat{7, i}, heard: map[sourceID]*ledger{},
			sources: []*source{{id: newSourceID(7, 2*i)}, {id: newSourceID(7, 2*i+1)}},
		}
	}
	b := &bench{rooms: [][]*peer{room}, lab: l, result: &result{}}
	if n := b.missing(); n != 12 {
		t.Errorf("%d streams missing before anything was heard", n)
	}
	for n := range uint32(100) {
		room[0].sources[0].counted.Add(1)
		s := stamp{source: room[0].sources[0].id, count: n, counted: true, sent: time.Second}
		room[1].record(s, time.Second+time.Millisecond)
		if n%10 != 0 { // a tenth is lost on the way to the third
			room[2].record(s, time.Second+time.Millisecond)
			room[2].record(s, time.Second+time.Millisecond)
		}
	}
	room[1].record(stamp{source: newSourceID(8, 0), counted: true}, time.Second)
	b.account()
	r := b.result
	if r.Sent != 200 || r.Delivered != 190 || r.Ratio != .95 || r.Duplicates != 90 || r.Strays != 1 {
		t.Errorf("sent %d delivered %d ratio %v duplicates %d strays %d", r.Sent, r.Delivered, r.Ratio, r.Duplicates, r.Strays)
	}
	if r.failure() == "" {
		t.Error("a packet in the wrong room passes")
	}
	if n := b.missing(); n != 10 {
		t.Errorf("%d streams missing", n)
	}
}
