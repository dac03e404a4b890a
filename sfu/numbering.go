package sfu

import (
	"slices"

	"github.com/pion/sdp/v3"
)

// numbering is what an answer and its offer settled about the packets that the peer sends. All m-lines share one transport,
// so a payload type and an extension id mean the same on each of them (RFC 8843 §9.1, §9.2).
type numbering struct {
	codecs    [128]codec       // by payload type
	apt       [128]uint8       // of a retransmission: the payload type that it repeats; 0: none
	nacks     [codecCount]bool // the peer answers NACKs for it
	ids       extensionIDs
	simulcast []string // mids of the m-lines with several encodings
	declared  map[uint32]declared
}

// extensionIDs are the ids of the header extensions that are read; 0: not negotiated.
type extensionIDs struct{ mid, rid, repaired, level, twcc uint8 }

// declared is what the offer says of an SSRC (RFC 5576).
type declared struct {
	mid    string
	repair bool
}

// numberingOf is what an answer to the offer settles: of every m-line that the browser sends on, what we took of it.
func numberingOf(o *offer) *numbering {
	n := &numbering{declared: map[uint32]declared{}}
	for i := range o.lines {
		if l := &o.lines[i]; l.sends {
			n.readLine(l)
		}
	}
	for _, l := range o.send {
		if len(l.rids) > 0 {
			n.simulcast = append(n.simulcast, l.mid)
		}
		for _, d := range l.ssrcs {
			n.declared[d.ssrc] = declared{mid: l.mid, repair: d.repair}
		}
	}
	return n
}

func (n *numbering) readLine(l *mediaLine) {
	for _, c := range l.codecs {
		if c.rtx {
			n.apt[c.pt] = c.apt
			continue
		}
		n.codecs[c.pt] = c.codec
		n.nacks[c.codec] = n.nacks[c.codec] || slices.Contains(c.feedback, "nack")
	}
	for _, e := range l.answered() {
		switch e.uri {
		case sdp.SDESMidURI:
			n.ids.mid = e.id
		case sdp.SDESRTPStreamIDURI:
			n.ids.rid = e.id
		case sdp.SDESRepairRTPStreamIDURI:
			n.ids.repaired = e.id
		case uriAudioLevel:
			n.ids.level = e.id
		case sdp.TransportCCURI:
			n.ids.twcc = e.id
		}
	}
}
