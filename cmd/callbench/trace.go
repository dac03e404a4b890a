package main

import (
	"bufio"
	_ "embed" // the recorded trace
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
)

// traceStream is one of the streams of a trace.
type traceStream int

// A browser's tab sends sound, and its picture up to three times, smallest first.
const (
	traceAudio traceStream = iota
	traceLow
	traceMiddle
	traceHigh
	traceStreams
)

func (s traceStream) String() string {
	return [traceStreams]string{"audio", "low", "middle", "high"}[s]
}

var errBadTrace = errors.New("not a trace")

// recorded is testdata/chromium-720p.trace: what a real Chromium sent. Its head says how it was recorded.
//
//go:embed testdata/chromium-720p.trace
var recorded string

// trace is when a browser sent packets of which sizes: no content.
//
// Its text has a line for each burst: the stream, the µs since the stream's burst before, and the payloads' sizes in bytes, "high 33120 1172*4,833.";
// "n*" repeats a size, the dot ends a frame. The first frame of each picture is the key frame that the stream began with; # begins a comment.
type trace struct{ bursts [traceStreams][]tracedBurst }

type tracedBurst struct {
	after   time.Duration // since the stream's burst before
	packets []packet
}

// ends says whether the burst is the last of its frame.
func (b *tracedBurst) ends() bool { return b.packets[len(b.packets)-1].last }

// maxTraceBurst bounds the packets of one line: more is damage.
const maxTraceBurst = 1000

func readTrace(r io.Reader) (*trace, error) {
	t := &trace{}
	lines := bufio.NewScanner(r)
	for n := 1; lines.Scan(); n++ {
		text := strings.TrimSpace(lines.Text())
		if text == "" || text[0] == '#' {
			continue
		}
		if err := t.add(text); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, err
	}
	for s := range traceStreams {
		if s != traceLow && s != traceMiddle && t.frames(s) < 2 {
			return nil, fmt.Errorf("%w: %v has fewer than two frames", errBadTrace, s)
		}
	}
	return t, nil
}

func (t *trace) add(text string) error {
	f := strings.Fields(text)
	if len(f) != 3 {
		return fmt.Errorf("%w: %q", errBadTrace, text)
	}
	stream := traceAudio
	for stream < traceStreams && stream.String() != f[0] {
		stream++
	}
	after, err := strconv.ParseUint(f[1], 10, 31)
	if stream == traceStreams || err != nil {
		return fmt.Errorf("%w: %q", errBadTrace, text)
	}
	b := tracedBurst{after: time.Duration(after) * time.Microsecond}
	sizes, ends := strings.CutSuffix(f[2], ".")
	for field := range strings.SplitSeq(sizes, ",") {
		size, times, repeated := strings.Cut(field, "*")
		if !repeated {
			times = "1"
		}
		bytes, errSize := strconv.ParseUint(size, 10, 16)
		count, errCount := strconv.ParseUint(times, 10, 16)
		if errSize != nil || errCount != nil || bytes > maxPayload || count == 0 || len(b.packets)+int(count) > maxTraceBurst {
			return fmt.Errorf("%w: %q", errBadTrace, text)
		}
		for range count {
			b.packets = append(b.packets, packet{size: int(bytes)})
		}
	}
	b.packets[len(b.packets)-1].last = ends || stream == traceAudio
	t.bursts[stream] = append(t.bursts[stream], b)
	return nil
}

// frames counts the complete frames of a stream.
func (t *trace) frames(s traceStream) int {
	n := 0
	for _, b := range t.bursts[s] {
		if b.ends() {
			n++
		}
	}
	return n
}

// writeTo writes the trace as text.
func (t *trace) writeTo(w io.Writer) error {
	for s := range traceStreams {
		for _, b := range t.bursts[s] {
			if _, err := fmt.Fprintf(w, "%v %d %s\n", s, b.after.Microseconds(), sizesOf(b.packets, s)); err != nil {
				return err
			}
		}
	}
	return nil
}

func sizesOf(packets []packet, s traceStream) string {
	var out strings.Builder
	for i := 0; i < len(packets); {
		same := i + 1
		for same < len(packets) && packets[same].size == packets[i].size {
			same++
		}
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString(strconv.Itoa(packets[i].size))
		if same-i > 1 {
			out.WriteString("*" + strconv.Itoa(same-i))
		}
		i = same
	}
	if s != traceAudio && packets[len(packets)-1].last {
		out.WriteByte('.')
	}
	return out.String()
}

// replay is a load that sends one stream of the trace over and over: its steady frames, and in place of the next of them the key frame,
// when one is asked for. Different seeds begin at different places. An unfinished frame at the end is left out.
func (t *trace) replay(s traceStream, seed int) load {
	var frames [][]tracedBurst
	var frame []tracedBurst
	for _, b := range t.bursts[s] {
		if frame = append(frame, b); b.ends() {
			frames = append(frames, frame)
			frame = nil
		}
	}
	const prime = 7919 // spreads neighbouring seeds over the trace
	return &replay{keyFrame: frames[0], steady: frames[1:], at: seed * prime % (len(frames) - 1), sound: s == traceAudio}
}

type replay struct {
	// static
	keyFrame []tracedBurst
	steady   [][]tracedBurst
	sound    bool

	at    int           // the steady frame that comes next
	frame []tracedBurst // what is left of the frame under way
	key   bool
}

func (r *replay) next(key bool) burst {
	var b burst
	if len(r.frame) == 0 {
		b.begins = true
		r.frame, r.key = r.steady[r.at], key && !r.sound
		if r.key {
			r.frame = r.keyFrame
		}
		r.at = (r.at + 1) % len(r.steady)
	}
	b.packets, b.key = r.frame[0].packets, r.key
	if r.frame = r.frame[1:]; len(r.frame) > 0 {
		b.wait = r.frame[0].after
	} else {
		b.wait = r.steady[r.at][0].after
	}
	return b
}
