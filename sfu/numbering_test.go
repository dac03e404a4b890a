package sfu

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

func TestNumberingOfAnOffer(t *testing.T) {
	o, err := parseOffer(strings.Join([]string{
		"v=0", "o=- 1 1 IN IP4 0.0.0.0", "s=-", "t=0 0",
		"m=audio 9 UDP/TLS/RTP/SAVPF 111 0 200", "a=mid:0", "a=sendonly", "a=ssrc:11 cname:x", "a=ssrc:11 msid:a b",
		"a=rtpmap:111 opus/48000/2", "a=fmtp:111 useinbandfec=1", "a=rtpmap:0 PCMU/8000", "a=rtpmap:200 opus/48000/2",
		"a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level vad=on", "a=extmap:4/sendonly urn:ietf:params:rtp-hdrext:sdes:mid", "a=extmap:x y", "a=extmap:0 y",
		"m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 103 96 99 98 50", "a=mid:1", "a=sendonly", "a=simulcast:send l;h", "a=ssrc:21 cname:x", // as Firefox does
		"a=rtpmap:97 rtx/90000", "a=fmtp:97 apt=96", "a=rtpmap:96 VP8/90000", "a=rtpmap:98 VP9/90000", "a=rtpmap:99 rtx/90000", "a=fmtp:99 apt=98",
		"a=rtcp-fb:96 nack", "a=rtcp-fb:* nack pli", "a=rtcp-fb:96 goog-remb", "a=rtpmap:102 H264/90000",
		"a=fmtp:102 packetization-mode=1;profile-level-id=42e01f", "a=rtpmap:103 rtx/90000", "a=fmtp:103 apt=102",
		"a=extmap:10 urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", "a=extmap:11 urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id",
		"a=extmap:3 http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01", "a=extmap:7 urn:3gpp:video-orientation",
		"m=video 9 UDP/TLS/RTP/SAVPF 96 97", "a=mid:2", "a=sendonly", "a=ssrc-group:FID 31 32", "a=ssrc:31 cname:x", "a=ssrc:32 cname:x",
		"a=ssrc:nonsense x", "a=ssrc:4294967296 x", "a=ssrc-group:FID 1", "a=ssrc-group:SIM 41 42",
		"m=video 9 UDP/TLS/RTP/SAVPF 50", "a=mid:3", "a=recvonly", "a=rtpmap:50 VP8/90000", "a=extmap:9 urn:ietf:params:rtp-hdrext:sdes:mid", "",
	}, "\r\n"))
	must(t, err)
	n := numberingOf(o)
	codecs, apts := map[int]codec{}, map[int]uint8{}
	for pt := range 128 {
		if n.codecs[pt] != codecNone {
			codecs[pt] = n.codecs[pt]
		}
		if n.apt[pt] != 0 {
			apts[pt] = n.apt[pt]
		}
	}
	if !maps.Equal(codecs, map[int]codec{111: codecOpus, 96: codecVP8, 102: codecH264}) || !maps.Equal(apts, map[int]uint8{97: 96, 103: 102}) {
		t.Errorf("codecs %v, retransmissions %v", codecs, apts)
	}
	if n.ids != (extensionIDs{mid: 4, rid: 10, repaired: 11, level: 1, twcc: 3}) || !slices.Equal(n.simulcast, []string{"1"}) {
		t.Errorf("ids %+v, simulcast %v", n.ids, n.simulcast)
	}
	if !n.nacks[codecVP8] || n.nacks[codecH264] || n.nacks[codecOpus] {
		t.Errorf("nacks %v", n.nacks)
	}
	want := map[uint32]declared{11: {mid: "0"}, 31: {mid: "2"}, 32: {mid: "2", repair: true}}
	if !maps.Equal(n.declared, want) {
		t.Errorf("declared %v", n.declared)
	}
	if got := o.lines[1].codecs; len(got) != 4 || !slices.Equal(got[0].feedback, []string{"nack", "nack pli"}) {
		t.Errorf("codecs of the camera: %+v", got)
	}
	if f := o.lines[3].formats(); f[codecVP8] != (format{pt: 50}) {
		t.Errorf("formats of the lane: %+v", f)
	}
}
