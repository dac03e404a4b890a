package sfu

import (
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
)

// mediaLine is one m-line of an offer, cut down to what we can do.
type mediaLine struct {
	mid        string
	kind       kind
	sends      bool        // the browser sends on it; else it is a lane
	codecs     []lineCodec // in the browser's order; empty: the m-line is refused
	extensions []lineExtension
	rids       []string
}

// lineCodec is one payload type of an m-line: of a codec, or of the retransmissions of one.
type lineCodec struct {
	pt       uint8
	apt      uint8 // of retransmissions: the payload type that they repeat (RFC 4588 §8.1)
	rtx      bool
	codec    codec
	rtpmap   string // "VP8/90000"
	fmtp     string
	feedback []string
}

// lineExtension is a header extension of an m-line (RFC 8285 §5).
type lineExtension struct {
	id  uint8
	uri string
}

// uriAudioLevel is the client-to-mixer audio level (RFC 6464).
const uriAudioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"

// feedbackOf is the RTCP feedback that we give and take (RFC 4585 §4.2).
func feedbackOf(k kind) []string {
	if k == kindAudio {
		return []string{"nack", "transport-cc"}
	}
	return []string{"ccm fir", "nack", "nack pli", "transport-cc"}
}

// extensionsOf are the header extensions that we read, on an m-line that the browser sends on, or write, on a lane.
func extensionsOf(k kind, sends bool) []string {
	switch {
	case k == kindAudio && sends:
		return []string{sdp.SDESMidURI, uriAudioLevel, sdp.TransportCCURI}
	case k == kindAudio:
		return []string{sdp.SDESMidURI, uriAudioLevel}
	case sends:
		return []string{sdp.SDESMidURI, sdp.SDESRTPStreamIDURI, sdp.SDESRepairRTPStreamIDURI, sdp.TransportCCURI}
	}
	return []string{sdp.SDESMidURI}
}

// readMediaLine reads what an m-line offers of codecs and extensions, whatever its direction.
func readMediaLine(m *sdp.MediaDescription, mid string, k kind) mediaLine {
	line := mediaLine{mid: mid, kind: k}
	offered := readPayloadTypes(m, k)
	line.codecs = slices.DeleteFunc(slices.Clone(offered), func(c lineCodec) bool { return c.rtx || c.codec == codecNone })
	for _, c := range offered {
		at := slices.IndexFunc(line.codecs, func(o lineCodec) bool { return !o.rtx && o.pt == c.apt })
		if c.rtx && at >= 0 {
			c.codec, c.feedback = line.codecs[at].codec, nil
			line.codecs = append(line.codecs, c)
		}
	}
	for _, a := range m.Attributes {
		if a.Key == "extmap" {
			if e, ok := readExtension(a.Value); ok {
				line.extensions = append(line.extensions, e)
			}
		}
	}
	return line
}

// readPayloadTypes reads the payload types in the order of the m-line, each once.
func readPayloadTypes(m *sdp.MediaDescription, k kind) (out []lineCodec) {
	var known [128]lineCodec
	var all []string // feedback of every payload type: "a=rtcp-fb:* …"
	for _, a := range m.Attributes {
		if rest, ok := strings.CutPrefix(a.Value, "* "); ok && a.Key == "rtcp-fb" {
			all = append(all, rest)
			continue
		}
		pt, rest, ok := numbered(a.Value)
		switch {
		case !ok:
		case a.Key == "rtpmap":
			known[pt].rtpmap = rest
		case a.Key == "fmtp":
			known[pt].fmtp = rest
		case a.Key == "rtcp-fb":
			known[pt].feedback = append(known[pt].feedback, rest)
		}
	}
	ours := feedbackOf(k)
	for _, f := range m.MediaName.Formats {
		v, err := strconv.ParseUint(f, 10, 7)
		if err != nil || known[v].rtpmap == "" {
			continue
		}
		c := known[v]
		known[v] = lineCodec{} // once is enough
		c.pt = uint8(v)
		name, _, _ := strings.Cut(c.rtpmap, "/")
		if c.rtx = strings.EqualFold(name, "rtx"); c.rtx {
			apt, err := strconv.ParseUint(strings.TrimPrefix(c.fmtp, "apt="), 10, 7)
			if err != nil {
				continue
			}
			c.apt = uint8(apt)
		} else {
			c.codec = codecOf(m.MediaName.Media+"/"+name, c.fmtp)
		}
		c.feedback = slices.DeleteFunc(append(c.feedback, all...), func(f string) bool { return !slices.Contains(ours, f) })
		slices.Sort(c.feedback)
		c.feedback = slices.Compact(c.feedback)
		out = append(out, c)
	}
	return out
}

// numbered splits "111 opus/48000/2".
func numbered(value string) (pt uint8, rest string, ok bool) {
	number, rest, found := strings.Cut(value, " ")
	v, err := strconv.ParseUint(number, 10, 7)
	return uint8(v), rest, found && err == nil
}

func readExtension(value string) (lineExtension, bool) {
	number, rest, _ := strings.Cut(value, " ")
	number, _, _ = strings.Cut(number, "/") // a direction
	uri, _, _ := strings.Cut(rest, " ")     // then attributes of the extension
	id, err := strconv.ParseUint(number, 10, 8)
	return lineExtension{uint8(id), uri}, err == nil && id > 0 && uri != ""
}

// answered is what of the m-line goes into the answer: the extensions that we use.
func (l *mediaLine) answered() []lineExtension {
	ours := extensionsOf(l.kind, l.sends)
	return slices.DeleteFunc(slices.Clone(l.extensions), func(e lineExtension) bool { return !slices.Contains(ours, e.uri) })
}

// formats are the numbers of our codecs on the m-line, and of their retransmissions.
func (l *mediaLine) formats() (out [codecCount]format) {
	for _, c := range l.codecs {
		switch f := &out[c.codec]; {
		case !c.rtx && f.pt == 0:
			*f = format{pt: c.pt, nack: slices.Contains(c.feedback, "nack")}
		case c.rtx && f.pt == c.apt && f.rtxPT == 0:
			f.rtxPT = c.pt
		}
	}
	return out
}

// extension is the id of a header extension; 0: not negotiated.
func (l *mediaLine) extension(uri string) uint8 {
	for _, e := range l.answered() {
		if e.uri == uri {
			return e.id
		}
	}
	return 0
}
