package sfu

import (
	"fmt"
	"testing"
)

// starts are sequence numbers to run every script from: round the wrap, and some others.
func starts() []uint16 {
	return []uint16{0, 1, 2, 100, 32766, 32767, 32768, 32769, 60000, 65000, 65500, 65530, 65532, 65533, 65534, 65535}
}

func fromAllStarts(t *testing.T, f func(t *testing.T, start uint16)) {
	t.Helper()
	for _, start := range starts() {
		t.Run(fmt.Sprint(start), func(t *testing.T) { f(t, start) })
	}
}

func TestSeqWindow(t *testing.T) {
	script := []struct {
		at   int
		want verdict
	}{
		{0, verdictNew}, {1, verdictNew}, {1, verdictDuplicate}, {0, verdictDuplicate}, {5, verdictNew}, {3, verdictLate},
		{3, verdictDuplicate}, {2, verdictLate}, {4, verdictLate}, {4, verdictDuplicate}, {-1, verdictLate}, {5, verdictDuplicate},
		{1000, verdictNew}, {5, verdictDuplicate}, {999, verdictLate}, {3000, verdictNew}, {1000, verdictDuplicate},
		{952, verdictStray}, {951, verdictStray}, {952, verdictRestart}, {953, verdictNew}, {951, verdictLate}, {953, verdictDuplicate},
		{20000, verdictStray}, {20000, verdictStray}, {955, verdictNew}, {20001, verdictStray}, {20002, verdictRestart},
		{20003, verdictNew}, {20001, verdictLate},
	}
	fromAllStarts(t, func(t *testing.T, start uint16) {
		var w seqWindow
		for i, s := range script {
			if got := w.admit(start + uint16(s.at)); got != s.want {
				t.Fatalf("step %d, %+d: got %d, want %d", i, s.at, got, s.want)
			}
		}
	})
}

// FuzzSeqWindow: against a plain map, no number within the window is admitted twice or refused for the first time.
func FuzzSeqWindow(f *testing.F) {
	f.Add(uint16(65530), []byte{1, 1, 1, 5, 0xfe, 0xff, 0x80, 0x7f})
	f.Fuzz(func(t *testing.T, seq uint16, steps []byte) {
		var w seqWindow
		seen := map[uint16]bool{}
		for _, step := range steps {
			seq += uint16(int16(int8(step)) * 3)
			newest := w.newest
			switch v := w.admit(seq); v {
			case verdictNew:
				for s := newest + 1; w.started && s != seq; s++ {
					delete(seen, s)
				}
				delete(seen, seq-windowSize)
				seen[seq] = true
			case verdictLate:
				if seen[seq] {
					t.Fatalf("%d admitted twice", seq)
				}
				seen[seq] = true
			case verdictDuplicate:
				if !seen[seq] {
					t.Fatalf("%d was not seen before", seq)
				}
			case verdictRestart:
				clear(seen)
				seen[seq] = true
			case verdictStray:
				if d := int16(seq - newest); d > -windowSize && d < windowSize {
					t.Fatalf("%d is no stray to %d", seq, newest)
				}
			}
		}
	})
}

func TestNackTracker(t *testing.T) {
	fromAllStarts(t, func(t *testing.T, start uint16) {
		var n nackTracker
		now := t0
		due := func(want ...int) {
			t.Helper()
			got := n.due(now, nil)
			ok := len(got) == len(want)
			for i := range got {
				ok = ok && got[i] == start+uint16(want[i])
			}
			if !ok {
				t.Fatalf("at %v: due %v, want %v after %d", now.Sub(t0), got, want, start)
			}
		}
		due()
		if n.gap(start, start+1, now) || n.found != 0 {
			t.Fatal("a gap without a hole")
		}
		n.gap(start+1, start+4, now) // 2 and 3 are missing
		due(2, 3)
		due()
		now = now.Add(nackFirst - 1)
		due()
		now = now.Add(1)
		due(2, 3)
		n.came(start + 2)
		n.came(start + 77)
		now = now.Add(nackWait)
		due(3)
		n.gap(start+4, start+6, now) // 5
		due(5)
		asked := 3
		for range 20 {
			now = now.Add(nackWait)
			for _, s := range n.due(now, nil) {
				if s == start+3 {
					asked++
				}
			}
		}
		if asked != nackTries {
			t.Errorf("asked %d times for one packet, want %d", asked, nackTries)
		}
		due()
		if n.found != 3 {
			t.Errorf("found %d holes, want 3", n.found)
		}
		if !n.gap(start, start+nackMax+2, now) || len(n.list) != 0 {
			t.Error("a hole too wide is asked for")
		}
		n.gap(start, start+201, now)
		if !n.gap(start+201, start+402, now) || len(n.list) != nackMax {
			t.Errorf("%d kept in mind, want %d", len(n.list), nackMax)
		}
	})
}

func TestKeyRequests(t *testing.T) {
	var k keyRequests
	at := func(ms int) (sent bool) { return k.due(t0.Add(ms2d(ms))) }
	if at(0) {
		t.Error("a request that nobody asked for")
	}
	if !k.ask(t0) || k.ask(t0.Add(1)) {
		t.Error("the first goes out at once, the second does not")
	}
	if at(499) || !at(500) || at(501) || !at(1000) {
		t.Error("then one per interval")
	}
	k.came()
	if at(5000) {
		t.Error("a request after the key frame")
	}
	if !k.ask(t0.Add(ms2d(6000))) {
		t.Error("the next one is the first again")
	}
	k.came()
	if k.ask(t0.Add(ms2d(6100))) || !at(6500) {
		t.Error("a new request soon after the last one waits")
	}
}
