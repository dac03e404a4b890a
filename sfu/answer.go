package sfu

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"strconv"
	"strings"

	"github.com/pion/sdp/v3"
)

// answer is what our answer to an offer says (docs/media-path.md §1).
type answer struct {
	session     uint64
	version     uint64 // of the session: one more with each answer
	ufrag, pwd  string
	fingerprint string // of our certificate
	addrs       []netip.AddrPort
	lanes       map[string]*outlet // by mid; none: the m-line is refused
	names       map[string]laneName
}

// laneName is the index of a lane among those of its kind. Audio lane i and video lane i share a stream id, so that the
// browser keeps them in sync: they carry the same person.
type laneName int

func (n laneName) stream() string         { return "lane" + strconv.Itoa(int(n)) }
func (n laneName) track(k kind) string    { return k.String() + strconv.Itoa(int(n)) }
func (n laneName) msid(k kind) string     { return n.stream() + " " + n.track(k) }
func formatFingerprint(sum []byte) string { return "sha-256 " + colons(sum) }

// colons writes "AB:CD:…" (RFC 8122 §5).
func colons(sum []byte) string {
	parts := make([]string, len(sum))
	for i, b := range sum {
		parts[i] = strings.ToUpper(hex.EncodeToString([]byte{b}))
	}
	return strings.Join(parts, ":")
}

// text writes the answer.
func (a *answer) text(o *offer) (string, error) {
	desc := &sdp.SessionDescription{
		Origin:           sdp.Origin{Username: "-", SessionID: a.session, SessionVersion: a.version, NetworkType: "IN", AddressType: "IP4", UnicastAddress: "0.0.0.0"},
		SessionName:      "-",
		TimeDescriptions: []sdp.TimeDescription{{}},
	}
	bundle, first := "BUNDLE", true
	var media []*sdp.MediaDescription
	for i := range o.lines {
		l := &o.lines[i]
		if a.refuses(l) {
			media = append(media, refusal(l))
			continue
		}
		m := a.line(l)
		if first { // the one whose transport all the others share
			first = false
			a.addCandidates(m)
		}
		bundle += " " + l.mid
		media = append(media, m)
	}
	if first {
		return "", fmt.Errorf("%w: it has none of our codecs", ErrBadOffer)
	}
	desc.WithValueAttribute("msid-semantic", "WMS *").WithValueAttribute("fingerprint", a.fingerprint).WithPropertyAttribute(sdp.AttrKeyICELite)
	if o.mixed {
		desc.WithPropertyAttribute(sdp.AttrKeyExtMapAllowMixed)
	}
	desc.WithValueAttribute(sdp.AttrKeyGroup, bundle)
	desc.MediaDescriptions = media
	b, err := desc.Marshal()
	if err != nil {
		return "", fmt.Errorf("sfu: answer: %w", err)
	}
	return string(b), nil
}

func (a *answer) refuses(l *mediaLine) bool {
	return len(l.codecs) == 0 || (!l.sends && a.lanes[l.mid] == nil)
}

// emptyLine is an m-line with the connection data that parsers want on each.
func emptyLine(k kind, port int) *sdp.MediaDescription {
	return &sdp.MediaDescription{
		MediaName:             sdp.MediaName{Media: k.String(), Port: sdp.RangedPort{Value: port}, Protos: []string{"UDP", "TLS", "RTP", "SAVPF"}},
		ConnectionInformation: &sdp.ConnectionInformation{NetworkType: "IN", AddressType: "IP4", Address: &sdp.Address{Address: "0.0.0.0"}},
	}
}

// refusal is the answer to an m-line that we have nothing for (RFC 3264 §6).
func refusal(l *mediaLine) *sdp.MediaDescription {
	m := emptyLine(l.kind, 0)
	m.MediaName.Formats = []string{"0"}
	return m.WithValueAttribute(sdp.AttrKeyMID, l.mid).WithPropertyAttribute("inactive")
}

const discardPort = 9 // RFC 8839 §4.2.1: the candidates say the port

func (a *answer) line(l *mediaLine) *sdp.MediaDescription {
	m := emptyLine(l.kind, discardPort)
	m.WithValueAttribute(sdp.AttrKeyConnectionSetup, "passive").WithValueAttribute(sdp.AttrKeyMID, l.mid).
		WithICECredentials(a.ufrag, a.pwd).WithPropertyAttribute(sdp.AttrKeyRTCPMux).WithPropertyAttribute(sdp.AttrKeyRTCPRsize)
	for _, c := range l.codecs {
		pt := strconv.Itoa(int(c.pt))
		m.MediaName.Formats = append(m.MediaName.Formats, pt)
		m.WithValueAttribute("rtpmap", pt+" "+c.rtpmap)
		if c.fmtp != "" {
			m.WithValueAttribute("fmtp", pt+" "+c.fmtp)
		}
		for _, f := range c.feedback {
			m.WithValueAttribute("rtcp-fb", pt+" "+f)
		}
	}
	for _, e := range l.answered() {
		m.WithValueAttribute("extmap", strconv.Itoa(int(e.id))+" "+e.uri)
	}
	if l.sends {
		for _, rid := range l.rids { // RFC 8853 §5.3.2
			m.WithValueAttribute("rid", rid+" recv")
		}
		if len(l.rids) > 0 {
			m.WithValueAttribute("simulcast", "recv "+strings.Join(l.rids, ";"))
		}
		return m.WithPropertyAttribute("recvonly")
	}
	a.addLane(m, l)
	return m.WithPropertyAttribute("sendonly")
}

// addLane names what we send on a lane (RFC 5576, RFC 8830).
func (a *answer) addLane(m *sdp.MediaDescription, l *mediaLine) {
	out, name := a.lanes[l.mid], a.names[l.mid]
	ssrcs := []uint32{out.ssrc}
	if out.rtxSSRC != 0 {
		ssrcs = append(ssrcs, out.rtxSSRC)
		m.WithValueAttribute("ssrc-group", fmt.Sprintf("FID %d %d", out.ssrc, out.rtxSSRC))
	}
	for _, ssrc := range ssrcs {
		m.WithValueAttribute("ssrc", fmt.Sprintf("%d cname:%s", ssrc, name.stream())).
			WithValueAttribute("ssrc", fmt.Sprintf("%d msid:%s", ssrc, name.msid(l.kind)))
	}
	m.WithValueAttribute("msid", name.msid(l.kind))
}

// addCandidates says where we are: the addresses as host candidates of component 1, in our order (RFC 8445 §5.1.2.1).
func (a *answer) addCandidates(m *sdp.MediaDescription) {
	const hostPreference, component = 126, 1
	for i, addr := range a.addrs {
		priority := hostPreference<<24 | max(0, 0xffff-i)<<8 | (256 - component)
		m.WithValueAttribute("candidate", fmt.Sprintf("%d %d udp %d %s %d typ host", i+1, component, priority, addr.Addr(), addr.Port()))
	}
	m.WithPropertyAttribute("end-of-candidates")
}
