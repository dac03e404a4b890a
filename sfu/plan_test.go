package sfu

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// all is a lane that carries every codec.
func all() laneSpec {
	var l laneSpec
	for c := range l.codecs {
		l.codecs[c] = true
	}
	return l
}

func vp8Only() laneSpec {
	l := all()
	l.codecs[codecH264], l.codecs[codecH264Baseline] = false, false
	return l
}

func lanesOf(n int, l laneSpec) []laneSpec { return slices.Repeat([]laneSpec{l}, n) }

// people reads "a:mc b:m c:mcs d:H": who publishes microphone, camera, screen, H.264 camera.
func peopleOf(s string) (out []person) {
	for _, field := range strings.Fields(s) {
		id, what, _ := strings.Cut(field, ":")
		p := person{id: PeerID(id)}
		for _, c := range what {
			switch c {
			case 'm':
				p.microphone = true
			case 'c':
				p.camera, p.cameraCodec = true, codecVP8
			case 'H':
				p.camera, p.cameraCodec = true, codecH264
			case '?':
				p.camera, p.cameraCodec = true, codecNone
			case 's':
				p.screen, p.screenCodec = true, codecVP8
			}
		}
		out = append(out, p)
	}
	return out
}

// show writes a placement as "a b - -|- - - c +1": people, screens, missing.
func show(p placement) string {
	dash := func(ids []PeerID) string {
		var out []string
		for _, id := range ids {
			out = append(out, string(max(id, "-")))
		}
		return strings.Join(out, " ")
	}
	s := dash(p.people) + "|" + dash(p.screens)
	if p.missing != 0 {
		s += fmt.Sprintf(" +%d", p.missing)
	}
	return s
}

func TestPlan(t *testing.T) {
	four, vp8 := lanesOf(4, all()), lanesOf(4, vp8Only())
	for name, c := range map[string]struct {
		audio, video []laneSpec
		steps        [][2]string // people, placement
	}{
		"nobody":            {four, four, [][2]string{{"", "- - - -|- - - -"}}},
		"in order":          {four, four, [][2]string{{"a:mc b:mc", "a b - -|- - - -"}}},
		"nothing published": {four, four, [][2]string{{"a: b:mc", "b - - -|- - - -"}}},
		"they keep their places": {four, four, [][2]string{
			{"a:mc b:mc c:mc", "a b c -|- - - -"}, {"b:mc c:mc", "- b c -|- - - -"}, {"b:mc c:mc d:mc", "d b c -|- - - -"},
		}},
		"screens from the end": {four, four, [][2]string{
			{"a:mcs b:mcs", "a b - -|- - b a"}, {"a:mc b:mcs", "a b - -|- - b -"}, {"a:mcs b:mcs", "a b - -|- - b a"},
		}},
		"a screen alone": {four, four, [][2]string{{"a:s", "- - - -|- - - a"}}},
		"a camera takes the screen's lane": {four, four, [][2]string{
			{"a:mcs b:mc c:m", "a b c -|- - - a"}, {"a:mcs b:mc c:m d:mc", "a b c d|- - a -"}, {"a:mcs b:mc c:mc d:mc", "a b c d|- - - - +1"},
		}},
		"a screen on the lane of somebody without camera": {four, four, [][2]string{{"a:m b:m c:m d:ms", "a b c d|- - - d"}}},
		"more people than lanes": {lanesOf(1, all()), lanesOf(1, all()), [][2]string{
			{"a:mc b:mc c:mc", "a|- +2"}, {"b:mc c:mc", "b|- +1"}, {"b:mc", "b|-"},
		}},
		"new lanes are used": {lanesOf(2, all()), lanesOf(2, all()), [][2]string{{"a:mc b:mc", "a b|- -"}}},
		"sound only, more audio lanes than video": {lanesOf(3, all()), lanesOf(1, all()), [][2]string{
			{"a:mc b:m c:m", "a b c|-"}, {"a:mc b:mc c:m", "a b c|-"},
		}},
		"no lanes at all":                               {nil, nil, [][2]string{{"a:mcs", "| +2"}}},
		"H.264 for VP8 only: no lane":                   {four, vp8, [][2]string{{"a:mH b:mc", "a b - -|- - - -"}}},
		"unknown codec":                                 {four, vp8, [][2]string{{"a:m? b:mc", "a b - -|- - - -"}}},
		"a screen on the lane of an undecodable camera": {lanesOf(1, all()), lanesOf(1, vp8Only()), [][2]string{{"a:mHs", "a|a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			var p placement
			for i, s := range c.steps {
				p = plan(p, peopleOf(s[0]), c.audio, c.video)
				if got := show(p); got != s[1] {
					t.Fatalf("step %d, %q: got %s, want %s", i, s[0], got, s[1])
				}
			}
		})
	}
}

// FuzzPlan: whoever comes, goes and publishes, nobody holds two places, no lane carries two things, and who keeps
// publishing keeps the place.
func FuzzPlan(f *testing.F) {
	f.Add([]byte{1, 2, 3, 255, 17, 99, 4, 5}, uint8(4), uint8(4))
	f.Fuzz(func(t *testing.T, script []byte, audio, video uint8) {
		a, v := lanesOf(int(audio%6), all()), lanesOf(int(video%6), vp8Only())
		var p placement
		who := make([]person, 8)
		for i := range who {
			who[i].id = PeerID(rune('a' + i))
		}
		for _, b := range script {
			w := &who[b&7]
			w.microphone, w.camera, w.screen = b&8 != 0, b&16 != 0, b&32 != 0
			w.cameraCodec, w.screenCodec = codec(b>>6), codecVP8
			before := p
			p = plan(p, who, a, v)
			seen := map[PeerID]bool{}
			for i, id := range p.people {
				if id == "" {
					continue
				}
				if seen[id] {
					t.Fatalf("%s holds two places: %s", id, show(p))
				}
				seen[id] = true
				if i < len(before.people) && slices.Contains(before.people, id) && before.people[i] != id {
					t.Fatalf("%s moved: %s, then %s", id, show(before), show(p))
				}
			}
			clear(seen)
			for i, id := range p.screens {
				if id == "" {
					continue
				}
				if seen[id] {
					t.Fatalf("%s shares twice: %s", id, show(p))
				}
				seen[id] = true
				if source, _, _ := func() (Source, PeerID, bool) { pid, s, ok := p.at(kindVideo, i, who); return s, pid, ok }(); source != SourceScreen {
					t.Fatalf("lane %d carries %s", i, source)
				}
			}
		}
	})
}

func TestParseOffer(t *testing.T) {
	const head = "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
	line := func(kind, mid, direction string, more ...string) string {
		return "m=" + kind + " 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:" + mid + "\r\na=" + direction + "\r\n" + strings.Join(more, "")
	}
	for name, c := range map[string]struct {
		sdp  string
		want string // "" : refused
	}{
		"lines": {head + line("audio", "0", "sendonly") + line("video", "1", "sendonly", "a=simulcast:send l;m;h\r\n") +
			line("audio", "2", "recvonly") + line("video", "3", "recvonly"), "[{0 0 [] []} {1 1 [l m h] []}] [2] [3]"},
		"alternatives and paused": {head + line("video", "1", "sendonly", "a=simulcast:send l,x;~m recv a\r\n"), "[{1 1 [l m] []}] [] []"},
		"recv first":              {head + line("video", "1", "sendonly", "a=simulcast:recv a send l\r\n"), "[{1 1 [l] []}] [] []"},
		"simulcast of nothing":    {head + line("video", "1", "sendonly", "a=simulcast:send\r\n"), "[{1 1 [] []}] [] []"},
		"four layers":             {head + line("video", "1", "sendonly", "a=simulcast:send a;b;c;d\r\n"), ""},
		"same rid twice":          {head + line("video", "1", "sendonly", "a=simulcast:send a;a\r\n"), ""},
		"empty rid":               {head + line("video", "1", "sendonly", "a=simulcast:send a;;b\r\n"), ""},
		"data channels":           {head + line("application", "1", "sendonly"), ""},
		"no m-line":               {head, ""},
		"no mid":                  {head + "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=sendonly\r\n", ""},
		"no direction":            {head + "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:0\r\n", ""},
		"inactive":                {head + line("audio", "0", "inactive"), ""},
		"long mid":                {head + line("audio", strings.Repeat("0", 17), "sendonly"), ""},
		"too many":                {head + strings.Repeat(line("audio", "0", "recvonly"), 81), ""},
		"garbage":                 {"\x00\xff", ""},
	} {
		o, err := parseOffer(c.sdp)
		got := ""
		if err == nil {
			got = fmt.Sprint(o.send, o.audio, o.video)
		}
		if got != c.want {
			t.Errorf("%s: got %q (%v), want %q", name, got, err, c.want)
		}
	}
}

func TestLaterOffersFollow(t *testing.T) {
	base := offer{send: []sendLine{{mid: "0"}, {mid: "1", kind: kindVideo}}, audio: []string{"2"}, video: []string{"3"}}
	for name, c := range map[string]struct {
		later offer
		ok    bool
	}{
		"the same":      {base, true},
		"more lanes":    {offer{send: base.send, audio: []string{"2", "4"}, video: []string{"3", "5", "6"}}, true},
		"fewer lanes":   {offer{send: base.send, audio: []string{"2"}}, false},
		"other lanes":   {offer{send: base.send, audio: []string{"3"}, video: []string{"2"}}, false},
		"one more sent": {offer{send: append(slices.Clone(base.send), sendLine{mid: "9"}), audio: base.audio, video: base.video}, false},
		"turned round":  {offer{send: base.send[:1], audio: base.audio, video: []string{"3", "1"}}, false},
	} {
		if err := c.later.follows(&base); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzParseOffer(f *testing.F) {
	f.Add("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=sendonly\r\na=simulcast:send l;m\r\n")
	f.Add("v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:1\r\na=recvonly\r\n")
	f.Fuzz(func(t *testing.T, s string) {
		o, err := parseOffer(s)
		if err != nil {
			return
		}
		if n := len(o.send) + len(o.audio) + len(o.video); n == 0 || n > maxLines {
			t.Fatalf("%d lines", n)
		}
		for _, l := range o.send {
			if len(l.rids) > maxLayers || l.mid == "" {
				t.Fatalf("%+v", l)
			}
		}
	})
}
