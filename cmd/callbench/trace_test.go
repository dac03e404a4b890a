package main

import (
	"errors"
	"strings"
	"testing"
	"time"
)

const smallTrace = `# a comment
audio 0 60
audio 20000 61

audio 19000 62
high 0 1100*3
high 5000 1101,900.
high 33000 1000*2,400.
high 34000 500
`

func TestTraceRoundTrip(t *testing.T) {
	one, err := readTrace(strings.NewReader(smallTrace))
	if err != nil {
		t.Fatal(err)
	}
	var text, again strings.Builder
	if err := one.writeTo(&text); err != nil {
		t.Fatal(err)
	}
	two, err := readTrace(strings.NewReader(text.String()))
	if err != nil {
		t.Fatal(err)
	}
	if err := two.writeTo(&again); err != nil || text.String() != again.String() {
		t.Errorf("%v\n%s\n%s", err, text.String(), again.String())
	}
	if want := "high 5000 1101,900.\n"; !strings.Contains(text.String(), want) {
		t.Errorf("no %q in %s", want, text.String())
	}
}

func TestReplay(t *testing.T) {
	tr, err := readTrace(strings.NewReader(smallTrace))
	if err != nil {
		t.Fatal(err)
	}
	video := tr.replay(traceHigh, 12345)
	var sizes []int
	lasts, begun := 0, 0
	for i := range 4 {
		b := video.next(i == 1) // a key frame is asked for where the second frame begins
		if b.begins {
			begun++
		}
		if b.key != (i == 1 || i == 2) {
			t.Errorf("burst %d: key %v", i, b.key)
		}
		for _, p := range b.packets {
			sizes = append(sizes, p.size)
			if p.last {
				lasts++
			}
		}
		if want := []time.Duration{33, 5, 33, 33}[i] * time.Millisecond; b.wait != want {
			t.Errorf("burst %d: waits %v", i, b.wait)
		}
	}
	// a steady frame, the key frame in two bursts, the steady frame again: the unfinished one is left out
	if begun != 3 || lasts != 3 || len(sizes) != 3+5+3 || sizes[3] != 1100 || sizes[7] != 900 {
		t.Errorf("begun %d, ended %d, sizes %v", begun, lasts, sizes)
	}
	audio := tr.replay(traceAudio, 0)
	for i, want := range []int{61, 62, 61} {
		if b := audio.next(true); b.key || !b.begins || b.packets[0].size != want {
			t.Errorf("sound %d: %+v", i, b)
		}
	}
}

func TestBadTraces(t *testing.T) {
	for _, bad := range []string{
		"", "high 0", "high x 1.", "tall 0 1.", "high 0 .", "high 0 1*0.", "high 0 70000.", "high 0 1301.", "high -1 1.", "high 0 9*1001.",
		"high 0 1.\nhigh 0 1.", "audio 0 1\naudio 0 1\nhigh 0 1.\nhigh 0 1",
	} {
		if _, err := readTrace(strings.NewReader(bad)); !errors.Is(err, errBadTrace) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestRecorded holds what the recorded trace is for: 720p at a camera's rate, of bursts, with a key frame larger than the others.
func TestRecorded(t *testing.T) {
	tr, err := readTrace(strings.NewReader(recorded))
	if err != nil {
		t.Fatal(err)
	}
	video := tr.replay(traceHigh, 1)
	var took time.Duration
	frames, packets, bytes := 0, 0, 0
	for took < 20*time.Second {
		b := video.next(false)
		took += b.wait
		if b.begins {
			frames++
		}
		for _, p := range b.packets {
			packets, bytes = packets+1, bytes+p.size
		}
	}
	perSecond := float64(frames) / took.Seconds()
	rate := 8 * float64(bytes) / took.Seconds()
	if perSecond < 20 || perSecond > 31 || rate < 700e3 || rate > 2.5e6 {
		t.Errorf("%.1f frames/s, %.0f bit/s, %.1f packets a frame", perSecond, rate, float64(packets)/float64(frames))
	}
	for _, s := range []traceStream{traceLow, traceMiddle} {
		if tr.frames(s) < 100 {
			t.Errorf("%v has %d frames", s, tr.frames(s))
		}
	}
}

func FuzzTrace(f *testing.F) {
	f.Add(smallTrace)
	f.Fuzz(func(t *testing.T, text string) {
		tr, err := readTrace(strings.NewReader(text))
		if err != nil {
			return
		}
		for s := range traceStreams {
			if tr.frames(s) < 2 {
				continue
			}
			for l, n := tr.replay(s, len(text)), 0; n < 100; n++ {
				if b := l.next(n%7 == 0); len(b.packets) == 0 || b.wait < 0 {
					t.Fatalf("%+v", b)
				}
			}
		}
	})
}
