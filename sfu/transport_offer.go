package sfu

import (
	"crypto"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/pion/sdp/v3"
)

// transportOffer is what an offer says of its transport: all m-lines share one (RFC 9143).
type transportOffer struct {
	ufrag, pwd   string
	setup        string
	fingerprints []certificateHash
}

// certificateHash names the certificate that the peer will show (RFC 8122 §5).
type certificateHash struct {
	hash crypto.Hash
	sum  string
}

// Limits of RFC 8839 §5.4, and what is ample beyond.
const (
	minUfrag, minPwd = 4, 22
	maxICEString     = 256
	maxFingerprints  = 8
)

// readSession reads what is said once for all m-lines: at the session's level, or, in a bundle, on the first m-line.
func (o *offer) readSession(desc *sdp.SessionDescription) {
	if group, ok := desc.Attribute("group"); ok {
		if fields := strings.Fields(group); len(fields) > 1 && fields[0] == "BUNDLE" {
			o.bundle = fields[1:]
		}
	}
	_, o.mixed = desc.Attribute("extmap-allow-mixed")
	levels := [][]sdp.Attribute{desc.Attributes}
	for _, m := range desc.MediaDescriptions {
		if mid, _ := m.Attribute("mid"); len(o.bundle) > 0 && mid == o.bundle[0] {
			levels = append(levels, m.Attributes)
			break
		}
	}
	t := &o.transport
	for _, level := range levels {
		for _, a := range level {
			switch a.Key {
			case "ice-ufrag":
				t.ufrag = a.Value
			case "ice-pwd":
				t.pwd = a.Value
			case "setup":
				t.setup = a.Value
			case "fingerprint":
				if h, ok := readFingerprint(a.Value); ok && len(t.fingerprints) < maxFingerprints {
					t.fingerprints = append(t.fingerprints, h)
				}
			}
		}
	}
}

// readFingerprint reads "sha-256 AB:CD:…".
func readFingerprint(value string) (h certificateHash, ok bool) {
	name, digits, _ := strings.Cut(strings.TrimSpace(value), " ")
	switch strings.ToLower(name) {
	case "sha-256":
		h.hash = crypto.SHA256
	case "sha-384":
		h.hash = crypto.SHA384
	case "sha-512":
		h.hash = crypto.SHA512
	default:
		return h, false
	}
	sum, err := hex.DecodeString(strings.ReplaceAll(strings.TrimSpace(digits), ":", ""))
	h.sum = string(sum)
	return h, err == nil && len(sum) == h.hash.Size()
}

// names tells whether a certificate is the one.
func (h certificateHash) names(certificate []byte) bool {
	sum := h.hash.New()
	sum.Write(certificate)
	return subtle.ConstantTimeCompare(sum.Sum(nil), []byte(h.sum)) == 1
}

// checkTransport checks that the offer holds all that its transport needs.
func (o *offer) checkTransport() error {
	t := &o.transport
	switch {
	case len(t.ufrag) < minUfrag || len(t.ufrag) > maxICEString || len(t.pwd) < minPwd || len(t.pwd) > maxICEString:
		return fmt.Errorf("%w: ICE credentials", ErrBadOffer)
	case len(t.fingerprints) == 0:
		return fmt.Errorf("%w: no fingerprint", ErrBadOffer)
	case t.setup != "" && t.setup != "actpass" && t.setup != "active": // we are passive (RFC 8842 §5.3)
		return fmt.Errorf("%w: setup %.16q", ErrBadOffer, t.setup)
	}
	for _, l := range o.lines {
		if !slices.Contains(o.bundle, l.mid) {
			return fmt.Errorf("%w: m-line %q is not in the bundle", ErrBadOffer, l.mid)
		}
	}
	return nil
}
