package sfu

import (
	"encoding/binary"
	"slices"

	"github.com/pion/rtp"
)

// maxStreams bounds how many SSRCs one peer may send with: what a browser of ours never comes near.
const maxStreams = 64

// inStream is one SSRC that a peer sends with: a layer, or the retransmissions of one.
type inStream struct {
	ssrc      uint32
	srtp      srtpIn
	reception reception

	resolved bool // mid, rid and repair hold
	mid, rid string
	repair   bool      // retransmissions (RFC 4588)
	of       *inStream // what it repairs; nil: not known yet
	opened   bool      // sink was asked for
	sink     receiver  // nil: nobody wants it
}

// streamTable tells the streams of one peer apart. It belongs to the transport's lock.
type streamTable struct {
	*numbering
	streams []*inStream
	spare   *inStream // for a packet of an unknown SSRC, until it proves authentic
}

func newStreamTable() streamTable {
	return streamTable{numbering: new(numbering), spare: new(inStream)}
}

func (t *streamTable) negotiated(n *numbering) { t.numbering = n }

// find is the stream of an SSRC; or an empty one, which is not kept yet.
func (t *streamTable) find(ssrc uint32) (s *inStream, known bool) {
	for _, s := range t.streams {
		if s.ssrc == ssrc {
			return s, true
		}
	}
	*t.spare = inStream{ssrc: ssrc}
	return t.spare, false
}

// keep takes an unknown stream in, whose first packet was authentic; false when there are too many.
func (t *streamTable) keep(s *inStream) bool {
	if len(t.streams) == maxStreams {
		return false
	}
	t.streams = append(t.streams, s)
	t.spare = new(inStream)
	return true
}

// resolve finds out what a stream is: by what the offer declared (a=ssrc), else by what its packets say of themselves
// (RFC 8852, RFC 8843 §9.2); false when nothing tells yet.
func (t *streamTable) resolve(s *inStream, h *rtp.Header) bool {
	if s.resolved {
		return true
	}
	if d, ok := t.declared[s.ssrc]; ok {
		s.mid, s.repair, s.resolved = d.mid, d.repair, true
		return true
	}
	mid := headerText(h, t.ids.mid)
	if mid == "" {
		return false
	}
	repaired, rid := headerText(h, t.ids.repaired), headerText(h, t.ids.rid)
	repair := repaired != "" || t.apt[h.PayloadType&0x7f] != 0
	if repaired != "" {
		rid = repaired
	}
	if rid == "" && slices.Contains(t.simulcast, mid) {
		return false // one of several layers, and it doesn't say which
	}
	s.mid, s.rid, s.repair, s.resolved = mid, rid, repair, true
	return true
}

func headerText(h *rtp.Header, id uint8) string {
	if id == 0 {
		return ""
	}
	b := h.GetExtension(id)
	for len(b) > 0 && b[len(b)-1] == 0 {
		b = b[:len(b)-1] // RFC 7941 §4.1.1 lets it be padded
	}
	return string(b)
}

// current makes s the stream that retransmissions of its layer belong to, since it is the newest.
func (t *streamTable) current(s *inStream) {
	for _, o := range t.streams {
		if o.repair && o.mid == s.mid && o.rid == s.rid {
			o.of = s
		}
	}
}

// unwrap makes of a retransmission the packet that it repeats (RFC 4588 §4), and names the stream that it belongs to; nil
// when there is none, or nothing in it: browsers probe with padding.
func (t *streamTable) unwrap(s *inStream, h *rtp.Header, in *inbound) *inStream {
	if s.of == nil {
		for _, o := range t.streams {
			if !o.repair && o.opened && o.mid == s.mid && o.rid == s.rid {
				s.of = o
			}
		}
	}
	if s.of == nil || len(in.payload) < 2 {
		return nil
	}
	in.seq, in.payload = binary.BigEndian.Uint16(in.payload), in.payload[2:]
	in.codec = t.codecs[t.apt[h.PayloadType&0x7f]]
	return s.of
}
