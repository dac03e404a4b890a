package sfu

import (
	"encoding/hex"
	"testing"
)

func unhex(t testing.TB, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestParseDescriptor(t *testing.T) {
	for name, c := range map[string]struct {
		codec codec
		hex   string
		want  descriptor
	}{
		"VP8 empty":                  {codecVP8, "", descriptor{}},
		"VP8 shortest key frame":     {codecVP8, "1000", descriptor{key: true}},
		"VP8 shortest delta frame":   {codecVP8, "1001", descriptor{}},
		"VP8 not the first packet":   {codecVP8, "0000", descriptor{}},
		"VP8 later partition":        {codecVP8, "1100", descriptor{}},
		"VP8 X without its byte":     {codecVP8, "90", descriptor{}},
		"VP8 7-bit picture id":       {codecVP8, "90801500", descriptor{key: true, pidAt: 2, pidLen: 1, pid: 0x15}},
		"VP8 15-bit picture id":      {codecVP8, "9080923401", descriptor{pidAt: 2, pidLen: 2, pid: 0x1234}},
		"VP8 15-bit id cut":          {codecVP8, "908092", descriptor{}},
		"VP8 id missing":             {codecVP8, "9080", descriptor{}},
		"VP8 id and tl0":             {codecVP8, "90c0ffff0700", descriptor{key: true, pidAt: 2, pidLen: 2, pid: 0x7fff, tl0At: 4, tl0: 7}},
		"VP8 tl0 missing":            {codecVP8, "90c09234", descriptor{}},
		"VP8 everything":             {codecVP8, "90f0923407a500", descriptor{key: true, pidAt: 2, pidLen: 2, pid: 0x1234, tl0At: 4, tl0: 7}},
		"VP8 K only":                 {codecVP8, "90100500", descriptor{key: true}},
		"VP8 size":                   {codecVP8, "10" + "000000" + "9d012a" + "0005" + "d002", descriptor{key: true, height: 720}},
		"VP8 size with scale bits":   {codecVP8, "10" + "000000" + "9d012a" + "0045" + "d042", descriptor{key: true, height: 720}},
		"VP8 encrypted key frame":    {codecVP8, "10" + "000000" + "ffffff" + "0005" + "d002", descriptor{key: true}},
		"H264 empty":                 {codecH264, "", descriptor{}},
		"H264 slice":                 {codecH264, "41aa", descriptor{}},
		"H264 SPS":                   {codecH264, "67aa", descriptor{key: true, inKey: true}},
		"H264 PPS":                   {codecH264, "68aa", descriptor{}},
		"H264 IDR":                   {codecH264, "65aa", descriptor{inKey: true}},
		"H264 STAP-A SPS+PPS":        {codecH264, "78" + "000267aa" + "000268bb", descriptor{key: true, inKey: true}},
		"H264 STAP-A SPS+IDR":        {codecH264Baseline, "78" + "000267aa" + "000265bb", descriptor{key: true, inKey: true}},
		"H264 STAP-A SEI, IDR":       {codecH264, "78" + "000106" + "000265bb", descriptor{inKey: true}},
		"H264 STAP-A of nothing":     {codecH264, "78", descriptor{}},
		"H264 STAP-A size 0":         {codecH264, "7800006700", descriptor{}},
		"H264 STAP-A size too great": {codecH264, "78ffff67", descriptor{}},
		"H264 STAP-A cut in 2nd":     {codecH264, "78" + "000267aa" + "00", descriptor{key: true, inKey: true}},
		"H264 FU-A IDR start":        {codecH264, "7c85aa", descriptor{inKey: true}},
		"H264 FU-A SPS start":        {codecH264, "7c87aa", descriptor{key: true, inKey: true}},
		"H264 FU-A IDR middle":       {codecH264, "7c05aa", descriptor{}},
		"H264 FU-A cut":              {codecH264, "7c", descriptor{}},
		"Opus":                       {codecOpus, "fc", descriptor{key: true}},
		"unknown":                    {codecNone, "6700", descriptor{}},
	} {
		if got := parseDescriptor(c.codec, unhex(t, c.hex)); got != c.want {
			t.Errorf("%s: got %+v, want %+v", name, got, c.want)
		}
	}
}

// FuzzDescriptor: nothing panics, and what is said to be in the payload is within it.
func FuzzDescriptor(f *testing.F) {
	for _, s := range []string{"", "90f0923407a500", "10000000009d012a0005d002", "78000267aa000268bb", "7c85aa", "78ffff67"} {
		f.Add(uint8(codecVP8), unhex(f, s))
		f.Add(uint8(codecH264), unhex(f, s))
	}
	f.Fuzz(func(t *testing.T, c uint8, b []byte) {
		d := parseDescriptor(codec(c%uint8(codecCount)), b)
		if int(d.pidAt)+int(d.pidLen) > len(b) || (d.tl0At != 0 && int(d.tl0At) >= len(b)) {
			t.Fatalf("%+v of %d bytes", d, len(b))
		}
		if d.pidLen == 0 && d.tl0At == 0 {
			return
		}
		// What is patched in is read out again, and nothing else changes.
		n := numbers{pid: d.pid + 300, tl0: d.tl0 + 7}
		if d.pidLen == 1 {
			n.pid &= 0x7f
		}
		n.pid &= 0x7fff
		out, patched := patch(d, n, b, nil)
		again := parseDescriptor(codecVP8, out)
		if !patched || len(out) != len(b) {
			t.Fatalf("patched %v, %d of %d bytes", patched, len(out), len(b))
		}
		if (d.pidLen != 0 && again.pid != n.pid) || (d.tl0At != 0 && again.tl0 != n.tl0) || again.key != d.key {
			t.Fatalf("patched %+v to %+v, read %+v", d, n, again)
		}
	})
}

func TestCodecOf(t *testing.T) {
	for _, c := range []struct {
		mime, fmtp string
		want       codec
	}{
		{"audio/opus", "minptime=10", codecOpus},
		{"AUDIO/OPUS", "", codecOpus},
		{"video/VP8", "", codecVP8},
		{"video/VP9", "profile-id=0", codecNone},
		{"video/H264", "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", codecH264},
		{"video/H264", "profile-level-id=42C02A;packetization-mode=1", codecH264},
		{"video/H264", "packetization-mode=1;profile-level-id=42001f", codecH264Baseline},
		{"video/H264", "packetization-mode=0;profile-level-id=42e01f", codecNone},
		{"video/H264", "profile-level-id=42e01f", codecNone},
		{"video/H264", "packetization-mode=1;profile-level-id=640c1f", codecNone},
		{"video/H264", "packetization-mode=1", codecNone},
		{"video/H264", "packetization-mode=1;profile-level-id=42", codecNone},
	} {
		if got := codecOf(c.mime, c.fmtp); got != c.want {
			t.Errorf("%s %s: got %v (%d), want %d", c.mime, c.fmtp, got, got, c.want)
		}
	}
}
