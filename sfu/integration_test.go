package sfu

import (
	"testing"

	"github.com/pion/rtcp"
	"github.com/pion/webrtc/v4"
)

func readSenderRTCP(s *webrtc.RTPSender, rid string) ([]rtcp.Packet, any, error) {
	if rid != "" {
		p, a, err := s.ReadSimulcastRTCP(rid)
		return p, a, err
	}
	p, a, err := s.ReadRTCP()
	return p, a, err
}

func isPLI(p rtcp.Packet) bool {
	_, ok := p.(*rtcp.PictureLossIndication)
	return ok
}

func TestTwoPeersSeeAndHearEachOther(t *testing.T) {
	for _, codec := range []string{webrtc.MimeTypeVP8, webrtc.MimeTypeH264} {
		t.Run(codec, func(t *testing.T) {
			checkGoroutines(t)
			s := newServer(t, Config{})
			a, b := newClient(t, s, "a", clientConfig{codec: codec}), newClient(t, s, "b", clientConfig{codec: codec})
			a.join("room")
			b.join("room")
			for _, c := range []*client{a, b} {
				c.talk(30)
				c.film(0)
			}
			a.expect("b", SourceMicrophone, "b|mic", 20)
			a.expect("b", SourceCamera, "b|cam0", 60)
			b.expect("a", SourceMicrophone, "a|mic", 20)
			log := b.expect("a", SourceCamera, "a|cam0", 60)
			if gaps := log.gaps(9); len(gaps) > 0 {
				t.Errorf("missing: %v", gaps)
			}
		})
	}
}
