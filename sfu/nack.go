package sfu

import "time"

const (
	nackMax   = 256                    // missing packets kept in mind; more is a hole that only a key frame closes
	nackTries = 8                      // requests for one packet
	nackFirst = 40 * time.Millisecond  // from the first request to the second; later waits grow by half
	nackWait  = 300 * time.Millisecond // the longest wait between two requests
)

// missing is one packet that did not come.
type missing struct {
	seq   uint16
	tries uint8
	next  time.Time
	wait  time.Duration
}

// nackTracker knows which packets of a stream are missing and when to ask for each. It is pure: time comes in.
type nackTracker struct {
	list  []missing // ascending by sequence number
	next  time.Time // the earliest request that is due; zero: none
	found uint64    // packets that were missing when a later one came
}

// gap notes that the packets after newest and before seq did not come. It reports whether the hole is too wide to ask for.
func (t *nackTracker) gap(newest, seq uint16, now time.Time) (tooWide bool) {
	n := int(seq-newest) - 1
	if n <= 0 {
		return false
	}
	t.found += uint64(n)
	if n > nackMax {
		t.clear()
		return true
	}
	if over := len(t.list) + n - nackMax; over > 0 {
		t.list = t.list[:copy(t.list, t.list[over:])]
		tooWide = true
	}
	for s := newest + 1; s != seq; s++ {
		t.list = append(t.list, missing{seq: s, next: now, wait: nackFirst})
	}
	t.next = now
	return tooWide
}

// came notes that a missing packet came after all.
func (t *nackTracker) came(seq uint16) {
	for i := range t.list {
		if t.list[i].seq == seq {
			t.list = append(t.list[:i], t.list[i+1:]...)
			if len(t.list) == 0 {
				t.next = time.Time{}
			}
			return
		}
	}
}

// due appends to out the packets to ask for now. Those that were asked for often enough are given up.
func (t *nackTracker) due(now time.Time, out []uint16) []uint16 {
	if len(t.list) == 0 || now.Before(t.next) {
		return out
	}
	kept := t.list[:0]
	t.next = time.Time{}
	for _, m := range t.list {
		if !now.Before(m.next) {
			if m.tries == nackTries {
				continue
			}
			out = append(out, m.seq)
			m.tries++
			m.next = now.Add(m.wait)
			m.wait = min(m.wait*3/2, nackWait)
		}
		if t.next.IsZero() || m.next.Before(t.next) {
			t.next = m.next
		}
		kept = append(kept, m)
	}
	t.list = kept
	return out
}

// clear forgets everything that is missing.
func (t *nackTracker) clear() { t.list, t.next = t.list[:0], time.Time{} }
