package main

import "time"

// ledger accounts for what one participant received of one source in the window. It is not safe for concurrent use.
type ledger struct {
	total      uint64 // all packets, in the window or not
	unique     uint64 // in the window, each counted once
	duplicates uint64
	latency    histogram // of the unique ones
	seen       []uint64  // bit set, by count
}

// maxCount bounds the bit set: over a day of video. A count above it is damage, not ours.
const maxCount = 1 << 24

func (l *ledger) record(s stamp, arrived time.Duration) {
	l.total++
	if !s.counted || s.count >= maxCount {
		return
	}
	word, bit := int(s.count/64), uint64(1)<<(s.count%64)
	if word >= len(l.seen) {
		l.seen = append(l.seen, make([]uint64, word+32-len(l.seen))...)
	}
	if l.seen[word]&bit != 0 {
		l.duplicates++
		return
	}
	l.seen[word] |= bit
	l.unique++
	l.latency.add(arrived - s.sent)
}
