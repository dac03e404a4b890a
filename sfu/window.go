package sfu

// windowSize is how many sequence numbers back a packet may come and still be told from one seen before.
const windowSize = 2048

// verdict says what a sequence number is to its stream.
type verdict uint8

const (
	verdictNew       verdict = iota // newer than all before
	verdictLate                     // older than the newest, not seen before: reordered or retransmitted
	verdictDuplicate                // seen before: browsers probe with old packets
	verdictStray                    // far away from the window: dropped, unless its neighbour follows
	verdictRestart                  // two neighbours far away: the stream began anew there (RFC 3550 A.1)
)

// seqWindow remembers which of the last windowSize sequence numbers were seen.
type seqWindow struct {
	bits    [windowSize / 64]uint64
	newest  uint16
	started bool
	stray   uint16
	strayed bool
}

func (w *seqWindow) bit(seq uint16) (word *uint64, mask uint64) {
	i := seq % windowSize
	return &w.bits[i/64], 1 << (i % 64)
}

// admit judges one sequence number.
func (w *seqWindow) admit(seq uint16) verdict {
	if !w.started {
		w.begin(seq)
		return verdictNew
	}
	ahead := int(int16(seq - w.newest))
	switch {
	case ahead > 0 && ahead < windowSize:
		for s := w.newest + 1; s != seq; s++ {
			word, mask := w.bit(s)
			*word &^= mask
		}
		w.newest, w.strayed = seq, false
		word, mask := w.bit(seq)
		*word |= mask
		return verdictNew
	case ahead <= 0 && ahead > -windowSize:
		word, mask := w.bit(seq)
		if *word&mask != 0 {
			return verdictDuplicate
		}
		*word |= mask
		return verdictLate
	}
	if w.strayed && seq == w.stray+1 {
		w.begin(seq)
		return verdictRestart
	}
	w.stray, w.strayed = seq, true
	return verdictStray
}

func (w *seqWindow) begin(seq uint16) {
	*w = seqWindow{started: true, newest: seq}
	word, mask := w.bit(seq)
	*word |= mask
}
