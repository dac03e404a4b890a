package sfu

import (
	"testing"
	"time"
)

// TestReception: losses, repeats and disorder as RFC 3550 A.3 counts them, from starts around the wrap.
func TestReception(t *testing.T) {
	fromAllStarts(t, func(t *testing.T, start uint16) {
		var r reception
		now := time.Unix(1000, 0)
		if _, ok := r.report(1, now); ok {
			t.Fatal("a report of nothing")
		}
		for i := range uint16(100) {
			if i%10 != 3 { // 10 of 100 lost
				r.packet(start+i, uint32(i)*900, now.Add(time.Duration(i)*10*time.Millisecond))
			}
		}
		got, ok := r.report(7, now)
		if !ok || got.SSRC != 7 || got.TotalLost != 10 || got.FractionLost != 25 || uint16(got.LastSequenceNumber) != start+99 || got.Jitter > 1 {
			t.Fatalf("%+v %v", got, ok)
		}
		if cycles := got.LastSequenceNumber >> 16; cycles != (uint32(start)+99)>>16 {
			t.Errorf("%d cycles from %d", cycles, start)
		}
		if _, ok := r.report(7, now); ok {
			t.Error("a report of silence")
		}
		// All of the lost come late: the fraction is not negative, the total is 0 again.
		for i := range uint16(10) {
			r.packet(start+i*10+3, 0, now)
		}
		r.packet(start+100, 0, now)
		if got, _ = r.report(7, now); got.FractionLost != 0 || got.TotalLost != 0 {
			t.Errorf("after repair %+v", got)
		}
	})
}
