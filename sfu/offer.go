package sfu

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
)

// Limits of an offer: what a page of ours never comes near.
const (
	maxOfferBytes = 256 << 10
	maxLines      = 80
	maxMid        = 16 // characters
	maxLayers     = 3  // simulcast encodings of one publication
	maxRid        = 16 // characters
)

// offer is a browser's SDP offer, read as far as docs/media-path.md §1 needs it.
type offer struct {
	send  []sendLine // the m-lines that the browser sends on
	audio []string   // mids of the receive m-lines (lanes), in order
	video []string

	// What only its answer needs.
	lines     []mediaLine // all of them, in order
	bundle    []string    // mids that share one transport (RFC 9143)
	mixed     bool        // header extensions of one and two bytes may be mixed (RFC 8285 §6)
	transport transportOffer
}

// sendLine is one m-line of the peer's own.
type sendLine struct {
	mid  string
	kind kind
	rids []string // simulcast encodings, smallest first; empty: one encoding without a rid
	// ssrcs are those that the offer declares, of an m-line without rids; with rids, packets say which layer they are of.
	ssrcs []declaredSSRC
}

// declaredSSRC is an SSRC that the peer will send with (RFC 5576 §4.1).
type declaredSSRC struct {
	ssrc   uint32
	repair bool // its retransmissions (RFC 4588 §8.2)
}

// parseOffer reads and checks an offer.
func parseOffer(text string) (*offer, error) {
	if len(text) > maxOfferBytes {
		return nil, fmt.Errorf("%w: %d bytes", ErrBadOffer, len(text))
	}
	var desc sdp.SessionDescription
	if err := desc.UnmarshalString(text); err != nil {
		return nil, fmt.Errorf("%w: not SDP", ErrBadOffer)
	}
	if n := len(desc.MediaDescriptions); n == 0 || n > maxLines {
		return nil, fmt.Errorf("%w: %d m-lines", ErrBadOffer, n)
	}
	o := &offer{}
	o.readSession(&desc)
	mids := map[string]bool{}
	for _, m := range desc.MediaDescriptions {
		mid, _ := m.Attribute("mid")
		if mid == "" || len(mid) > maxMid || mids[mid] {
			return nil, fmt.Errorf("%w: mid %.16q", ErrBadOffer, mid)
		}
		mid = strings.Clone(mid) // a part of the text would keep all of it
		mids[mid] = true
		if err := o.add(m, mid); err != nil {
			return nil, err
		}
	}
	return o, nil
}

func (o *offer) add(m *sdp.MediaDescription, mid string) error {
	k := kindVideo
	switch m.MediaName.Media {
	case "audio":
		k = kindAudio
	case "video":
	default:
		return fmt.Errorf("%w: m-line %.16q", ErrBadOffer, m.MediaName.Media)
	}
	line := readMediaLine(m, mid, k)
	switch direction(m) {
	case "recvonly":
		if k == kindAudio {
			o.audio = append(o.audio, mid)
		} else {
			o.video = append(o.video, mid)
		}
	case "sendonly":
		rids, err := simulcastRids(m)
		if err != nil {
			return err
		}
		own := sendLine{mid: mid, kind: k, rids: rids}
		if len(rids) == 0 {
			own.ssrcs = declaredSSRCs(m)
		}
		o.send = append(o.send, own)
		line.sends, line.rids = true, rids
	default:
		// inactive would stop the transceiver for good; sendrecv would mix a publication and a lane.
		return fmt.Errorf("%w: m-line %q is neither sendonly nor recvonly", ErrBadOffer, mid)
	}
	o.lines = append(o.lines, line)
	return nil
}

// answered forgets what only the answer needed.
func (o *offer) answered() { o.lines, o.bundle, o.transport = nil, nil, transportOffer{} }

func direction(m *sdp.MediaDescription) string {
	for _, d := range []string{"sendonly", "recvonly", "sendrecv", "inactive"} {
		if _, ok := m.Attribute(d); ok {
			return d
		}
	}
	return "sendrecv" // RFC 8866 §6.7
}

// simulcastRids reads "a=simulcast:send l;m;h" (RFC 8853 §5.1). Alternatives ("a,b") and paused ("~a") streams of one
// encoding are read as their first id.
func simulcastRids(m *sdp.MediaDescription) ([]string, error) {
	value, ok := m.Attribute("simulcast")
	if !ok {
		return nil, nil
	}
	fields := strings.Fields(value)
	at := slices.Index(fields, "send")
	if at < 0 || at+1 >= len(fields) {
		return nil, nil
	}
	var rids []string
	for _, alternatives := range strings.Split(fields[at+1], ";") {
		rid, _, _ := strings.Cut(alternatives, ",")
		rid = strings.TrimPrefix(rid, "~")
		if rid == "" || len(rid) > maxRid || slices.Contains(rids, rid) {
			return nil, fmt.Errorf("%w: rid %.16q", ErrBadOffer, rid)
		}
		rids = append(rids, strings.Clone(rid))
	}
	if len(rids) > maxLayers {
		return nil, fmt.Errorf("%w: %d simulcast encodings", ErrBadOffer, len(rids))
	}
	return rids, nil
}

// declaredSSRCs reads "a=ssrc:1 …" and "a=ssrc-group:FID 1 2", where 2 repeats 1 (RFC 5576 §4).
func declaredSSRCs(m *sdp.MediaDescription) (out []declaredSSRC) {
	for _, a := range m.Attributes {
		fields := strings.Fields(a.Value)
		switch {
		case a.Key == "ssrc" && len(fields) > 0:
			out = declare(out, fields[0], false)
		case a.Key == "ssrc-group" && len(fields) == 3 && fields[0] == "FID":
			out = declare(declare(out, fields[1], false), fields[2], true)
		}
	}
	return out
}

// declare notes an SSRC once.
func declare(list []declaredSSRC, number string, repair bool) []declaredSSRC {
	v, err := strconv.ParseUint(number, 10, 32)
	if err != nil || len(list) == maxStreams {
		return list
	}
	for i := range list {
		if list[i].ssrc == uint32(v) {
			list[i].repair = list[i].repair || repair
			return list
		}
	}
	return append(list, declaredSSRC{uint32(v), repair})
}

// follows checks that a later offer keeps every m-line of the one before, and adds nothing but lanes.
func (o *offer) follows(before *offer) error {
	same := slices.EqualFunc(o.send, before.send, func(a, b sendLine) bool { return a.mid == b.mid && a.kind == b.kind })
	if !same || !hasPrefix(o.audio, before.audio) || !hasPrefix(o.video, before.video) {
		return fmt.Errorf("%w: it does not follow the one before", ErrBadOffer)
	}
	return nil
}

func hasPrefix(list, prefix []string) bool {
	return len(list) >= len(prefix) && slices.Equal(list[:len(prefix)], prefix)
}

// line finds a send m-line.
func (o *offer) line(mid string) (sendLine, bool) {
	for _, l := range o.send {
		if l.mid == mid {
			return l, true
		}
	}
	return sendLine{}, false
}
