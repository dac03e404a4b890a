package sfu

import (
	"testing"
	"time"
)

var t0 = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

func ms2d(ms int) time.Duration { return time.Duration(ms) * time.Millisecond }

func TestSelector(t *testing.T) {
	const drop, forward, swap = actionDrop, actionForward, actionSwitch
	type step struct {
		ms  int
		do  string // packet, key, want, tick
		arg int    // layer, or limit
		act action
		ask int
	}
	for name, c := range map[string]struct {
		limit int
		steps []step
	}{
		"one layer, first a key frame": {2, []step{{0, "key", 0, swap, noLayer}, {10, "packet", 0, forward, noLayer}}},
		"one layer, joined in the middle": {0, []step{
			{0, "packet", 0, drop, 0}, {10, "packet", 0, drop, noLayer}, {20, "key", 0, swap, noLayer}, {30, "packet", 0, forward, noLayer},
		}},
		"upwards on key frames only": {2, []step{
			{0, "key", 0, swap, noLayer}, {5, "packet", 1, drop, 1}, {10, "packet", 0, forward, noLayer}, {15, "packet", 1, drop, noLayer},
			{20, "key", 1, swap, noLayer}, {25, "packet", 0, drop, noLayer}, {30, "packet", 1, forward, noLayer},
			{35, "key", 2, swap, noLayer}, {40, "packet", 1, drop, noLayer}, {45, "packet", 2, forward, noLayer},
		}},
		"anything is better than nothing": {2, []step{
			{0, "packet", 0, drop, 0}, {1, "packet", 2, drop, 2}, {5, "key", 0, swap, noLayer}, {6, "packet", 0, forward, noLayer}, {9, "key", 2, swap, noLayer},
		}},
		"capped": {1, []step{
			{0, "key", 0, swap, noLayer}, {5, "key", 2, drop, noLayer}, {10, "key", 1, swap, noLayer}, {15, "key", 2, drop, noLayer},
		}},
		"only a better one than wanted flows": {0, []step{{0, "packet", 2, drop, 2}, {5, "key", 2, swap, noLayer}, {9, "packet", 2, forward, noLayer}}},
		"the best one stops": {2, []step{
			{0, "key", 0, swap, noLayer}, {0, "key", 1, swap, noLayer}, {500, "packet", 0, drop, noLayer}, {900, "packet", 0, drop, noLayer},
			{1001, "packet", 0, drop, 0}, {1005, "packet", 0, drop, noLayer}, {1010, "key", 0, swap, noLayer},
			{2000, "packet", 0, forward, noLayer}, {2010, "packet", 1, drop, 1}, {2020, "key", 1, swap, noLayer},
		}},
		"the best one stops, the tick tells": {2, []step{
			{0, "key", 0, swap, noLayer}, {0, "key", 1, swap, noLayer}, {900, "packet", 0, drop, noLayer}, {1100, "tick", 0, drop, 0},
			{1200, "tick", 0, drop, noLayer}, {1300, "key", 0, swap, noLayer},
		}},
		"everything stops and goes on": {2, []step{
			{0, "key", 0, swap, noLayer}, {5000, "tick", 0, drop, noLayer}, {9000, "packet", 0, forward, noLayer},
		}},
		"wanted smaller, then not at all, then again": {2, []step{
			{0, "key", 0, swap, noLayer}, {1, "key", 1, swap, noLayer}, {10, "want", 0, drop, 0}, {20, "packet", 1, forward, noLayer},
			{25, "packet", 0, drop, noLayer}, {30, "key", 0, swap, noLayer}, {40, "want", noLayer, drop, noLayer}, {50, "packet", 0, drop, noLayer},
			{55, "key", 0, drop, noLayer}, {60, "want", 2, drop, 1}, {70, "packet", 0, drop, noLayer}, {80, "key", 0, swap, noLayer},
			{90, "packet", 1, drop, noLayer}, {95, "key", 1, swap, noLayer},
		}},
		"changed its mind before the key frame": {2, []step{
			{0, "key", 1, swap, noLayer}, {1, "packet", 0, drop, noLayer}, {5, "want", 0, drop, 0}, {6, "want", 2, drop, noLayer},
			{7, "key", 0, drop, noLayer}, {8, "packet", 1, forward, noLayer},
		}},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSelector(c.limit)
			for i, st := range c.steps {
				now := t0.Add(ms2d(st.ms))
				act, ask := actionDrop, noLayer
				switch st.do {
				case "packet", "key":
					act, ask = s.packet(st.arg, st.do == "key", now)
				case "want":
					ask = s.want(st.arg, now)
				case "tick":
					ask = s.tick(now)
				}
				if act != st.act || ask != st.ask {
					t.Fatalf("step %d %+v: got action %d, ask %d; %+v", i, st, act, ask, s)
				}
			}
		})
	}
}

func TestVoice(t *testing.T) {
	// Runs of loud (L) and silent (.) packets of 20 ms, and after which of them somebody speaks.
	type run struct {
		loud     bool
		ms       int
		speaking bool // at its end
	}
	for name, runs := range map[string][]run{
		"silence":            {{false, 2000, false}},
		"speech":             {{true, 340, true}, {false, 580, true}, {false, 100, false}},
		"a cough":            {{true, 280, false}, {false, 1000, false}},
		"two coughs":         {{true, 280, false}, {false, 400, false}, {true, 280, false}, {false, 400, false}},
		"words":              {{true, 160, false}, {false, 100, false}, {true, 160, true}, {false, 400, true}, {true, 100, true}, {false, 700, false}},
		"a door, then words": {{true, 60, false}, {false, 300, false}, {true, 280, false}, {true, 80, true}},
	} {
		t.Run(name, func(t *testing.T) {
			var v voice
			now := t0
			for i, r := range runs {
				for range r.ms / 20 {
					now = now.Add(20 * time.Millisecond)
					level := uint8(100)
					if r.loud {
						level = 25
					}
					v.level(level, now)
				}
				if v.speaking != r.speaking {
					t.Fatalf("after run %d %+v: speaking %v", i, r, v.speaking)
				}
			}
		})
	}
	t.Run("packets stop", func(t *testing.T) {
		var v voice
		for i := range 30 {
			v.level(10, t0.Add(ms2d(20*i)))
		}
		if v.tick(t0.Add(ms2d(1000))); !v.speaking {
			t.Error("ends too early")
		}
		if v.tick(t0.Add(ms2d(1200))); v.speaking {
			t.Error("never ends")
		}
	})
}

func TestLevelOf(t *testing.T) {
	for _, c := range []struct {
		expected, missed uint64
		want             Level
	}{{0, 0, ""}, {19, 19, ""}, {100, 0, LevelGood}, {100, 2, LevelGood}, {100, 3, LevelWeak}, {100, 9, LevelWeak}, {100, 10, LevelBad}, {100, 100, LevelBad}} {
		if got := levelOf(c.expected, c.missed); got != c.want {
			t.Errorf("%d of %d: got %q, want %q", c.missed, c.expected, got, c.want)
		}
	}
}

func TestNTP(t *testing.T) {
	for _, at := range []time.Time{t0, t0.Add(999999999), time.Unix(0, 0), t0.Add(500 * time.Millisecond)} {
		if got := fromNTP(ntpTime(at)); got.Sub(at).Abs() > time.Nanosecond {
			t.Errorf("%v came back as %v", at, got)
		}
	}
	if got := ntpTime(time.Unix(0, 0)); got>>32 != 2208988800 {
		t.Errorf("the Unix epoch is %d", got>>32)
	}
}

func TestBetterLevel(t *testing.T) {
	for _, c := range []struct{ a, b, want Level }{
		{LevelBad, "", LevelGood}, {"", LevelBad, LevelGood}, {LevelBad, LevelGood, LevelGood}, {LevelBad, LevelBad, LevelBad}, {LevelBad, LevelWeak, LevelWeak},
		{LevelWeak, LevelBad, LevelWeak}, {LevelWeak, LevelWeak, LevelWeak}, {LevelGood, LevelWeak, LevelGood}, {LevelGood, LevelGood, LevelGood}, {"", "", LevelGood},
	} {
		if got := better(c.a, c.b); got != c.want {
			t.Errorf("better of %q and %q: %q, want %q", c.a, c.b, got, c.want)
		}
	}
}
