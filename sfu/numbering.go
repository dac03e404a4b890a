package sfu

import (
	"fmt"
	"strconv"
	"strings"

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

// readNumbering reads it from the offer and our own answer.
func readNumbering(o *offer, answer string) (*numbering, error) {
	n := &numbering{declared: map[uint32]declared{}}
	var desc sdp.SessionDescription
	if err := desc.UnmarshalString(answer); err != nil {
		return nil, fmt.Errorf("sfu: our own answer: %w", err)
	}
	for _, m := range desc.MediaDescriptions {
		if direction(m) == "recvonly" {
			n.readLine(m)
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
	return n, nil
}

func (n *numbering) readLine(m *sdp.MediaDescription) {
	fmtp, nack := map[uint8]string{}, map[uint8]bool{}
	for _, a := range m.Attributes {
		pt, rest, ok := numbered(a.Value)
		switch {
		case a.Key == "extmap":
			n.readExtension(a.Value)
		case ok && a.Key == "fmtp":
			fmtp[pt] = rest
		case ok && a.Key == "rtcp-fb" && rest == "nack":
			nack[pt] = true
		}
	}
	for _, a := range m.Attributes {
		pt, rest, ok := numbered(a.Value)
		if !ok || a.Key != "rtpmap" {
			continue
		}
		name, _, _ := strings.Cut(rest, "/")
		if strings.EqualFold(name, "rtx") {
			if apt, err := strconv.ParseUint(strings.TrimPrefix(fmtp[pt], "apt="), 10, 7); err == nil {
				n.apt[pt] = uint8(apt)
			}
			continue
		}
		c := codecOf(m.MediaName.Media+"/"+name, fmtp[pt])
		n.codecs[pt] = c
		n.nacks[c] = n.nacks[c] || nack[pt]
	}
}

// numbered splits "111 opus/48000/2".
func numbered(value string) (pt uint8, rest string, ok bool) {
	number, rest, found := strings.Cut(value, " ")
	v, err := strconv.ParseUint(number, 10, 7)
	return uint8(v), rest, found && err == nil
}

func (n *numbering) readExtension(value string) {
	number, uri, _ := strings.Cut(value, " ")
	number, _, _ = strings.Cut(number, "/") // a direction
	id, err := strconv.ParseUint(number, 10, 8)
	if err != nil {
		return
	}
	for _, e := range []struct {
		uri string
		id  *uint8
	}{
		{sdp.SDESMidURI, &n.ids.mid}, {sdp.SDESRTPStreamIDURI, &n.ids.rid}, {sdp.SDESRepairRTPStreamIDURI, &n.ids.repaired},
		{uriAudioLevel, &n.ids.level}, {sdp.TransportCCURI, &n.ids.twcc},
	} {
		if e.uri == uri {
			*e.id = uint8(id)
		}
	}
}
