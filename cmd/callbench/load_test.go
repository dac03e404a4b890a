package main

import (
	"strings"
	"testing"
	"time"
)

func TestLoads(t *testing.T) {
	tr, err := readTrace(strings.NewReader(smallTrace))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		kind           string
		bursts, frames int // a second
	}{{loadBurst, 30, 30}, {loadSpread, 136, 30}} {
		t.Run(c.kind, func(t *testing.T) {
			_, video, err := newLoads(c.kind, tr, 3)
			if err != nil {
				t.Fatal(err)
			}
			bursts, frames, packets, keys := 0, 0, 0, 0
			last := true
			for took := time.Duration(0); took < 10*time.Second-time.Millisecond; bursts++ {
				b := video.next(frames == 5)
				if b.begins {
					frames++
				}
				if b.begins != last {
					t.Fatalf("a frame begins before the last has ended, or does not: %+v", b)
				}
				if b.key {
					keys++
				}
				packets += len(b.packets)
				last = b.packets[len(b.packets)-1].last
				took += b.wait
			}
			if bursts/10 != c.bursts || frames/10 != c.frames || packets/10 != 136 || keys == 0 || keys > 5 {
				t.Errorf("%d bursts, %d frames, %d packets, %d of key frames", bursts, frames, packets, keys)
			}
		})
	}
	if _, _, err := newLoads("drizzle", tr, 1); err == nil {
		t.Error("an unknown load")
	}
}
