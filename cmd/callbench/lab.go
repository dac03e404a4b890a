package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/interceptor/pkg/nack"
	"github.com/pion/interceptor/pkg/report"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// uriAudioLevel is the client-to-mixer audio level (RFC 6464).
const uriAudioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"

// pacers is how many goroutines send.
const pacers = 2

// mediaOptions says what the simulated browsers negotiate, besides what they always do: AES-128-GCM, Opus, VP8 with key-frame
// requests and retransmission, audio levels.
type mediaOptions struct {
	twcc bool   // transport-wide feedback, as browsers do
	nack bool   // ask for what is lost and answer such requests; otherwise what is lost stays lost, and is counted
	load string // what is sent
}

// lab is what all simulated participants of one case share.
type lab struct {
	meter       *meter
	load        string
	trace       *trace // of loadTrace
	api         *webrtc.API
	certificate webrtc.Certificate
	local       netip.Addr
	pacers      []*pacer
}

// newLab makes one. Media is sent from the local address only; close ends its goroutines.
func newLab(o mediaOptions, local netip.Addr) (*lab, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	certificate, err := webrtc.GenerateCertificate(key)
	if err != nil {
		return nil, err
	}
	codecs, err := newCodecs()
	if err != nil {
		return nil, fmt.Errorf("codecs: %w", err)
	}
	registry := &interceptor.Registry{}
	if err := addInterceptors(o, codecs, registry); err != nil {
		return nil, fmt.Errorf("interceptors: %w", err)
	}
	network, err := newPatientNet()
	if err != nil {
		return nil, err
	}
	settings := newSettings(local)
	settings.SetNet(network)
	var tr *trace
	if o.load == loadTrace {
		if tr, err = readTrace(strings.NewReader(recorded)); err != nil {
			return nil, fmt.Errorf("the recorded trace: %w", err)
		}
	}
	l := &lab{
		meter: newMeter(), load: o.load, trace: tr, certificate: *certificate, local: local,
		api: webrtc.NewAPI(webrtc.WithMediaEngine(codecs), webrtc.WithInterceptorRegistry(registry), webrtc.WithSettingEngine(settings)),
	}
	for range pacers {
		l.pacers = append(l.pacers, newPacer(l.meter.now, l.meter.recordLate))
	}
	return l, nil
}

// patientChecks is how often a candidate pair is checked before it counts as failed for good. Pion's 7 are gone after as many nudges,
// within milliseconds; a browser goes on for half a minute.
const patientChecks = 10000

func newSettings(local netip.Addr) webrtc.SettingEngine {
	var s webrtc.SettingEngine
	network := webrtc.NetworkTypeUDP4
	if local.Is6() {
		network = webrtc.NetworkTypeUDP6
	}
	s.SetNetworkTypes([]webrtc.NetworkType{network})
	s.SetIncludeLoopbackCandidate(true)
	s.SetIPFilter(func(ip net.IP) bool {
		a, ok := netip.AddrFromSlice(ip)
		return ok && a.Unmap() == local
	})
	s.SetICEMaxBindingRequests(patientChecks)
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM)
	s.DisableSRTPReplayProtection(true) // duplicates are counted, not hidden
	return s
}

func newCodecs() (*webrtc.MediaEngine, error) {
	m := &webrtc.MediaEngine{}
	err := m.RegisterCodec(webrtc.RTPCodecParameters{PayloadType: 111, RTPCodecCapability: webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeOpus, ClockRate: audioClock, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1",
	}}, webrtc.RTPCodecTypeAudio)
	if err != nil {
		return nil, err
	}
	err = m.RegisterCodec(webrtc.RTPCodecParameters{PayloadType: 96, RTPCodecCapability: webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeVP8, ClockRate: videoClock,
		RTCPFeedback: []webrtc.RTCPFeedback{{Type: "ccm", Parameter: "fir"}, {Type: "nack"}, {Type: "nack", Parameter: "pli"}},
	}}, webrtc.RTPCodecTypeVideo)
	if err != nil {
		return nil, err
	}
	err = m.RegisterCodec(webrtc.RTPCodecParameters{PayloadType: 97, RTPCodecCapability: webrtc.RTPCodecCapability{
		MimeType: webrtc.MimeTypeRTX, ClockRate: videoClock, SDPFmtpLine: "apt=96",
	}}, webrtc.RTPCodecTypeVideo)
	if err != nil {
		return nil, err
	}
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		if err := m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: sdp.SDESMidURI}, kind); err != nil {
			return nil, err
		}
	}
	return m, m.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uriAudioLevel}, webrtc.RTPCodecTypeAudio)
}

func addInterceptors(o mediaOptions, codecs *webrtc.MediaEngine, registry *interceptor.Registry) error {
	receiver, err := report.NewReceiverInterceptor()
	if err != nil {
		return err
	}
	sender, err := report.NewSenderInterceptor()
	if err != nil {
		return err
	}
	registry.Add(receiver)
	registry.Add(sender)
	if o.nack {
		generator, err := nack.NewGeneratorInterceptor(nack.GeneratorInterval(20 * time.Millisecond))
		if err != nil {
			return err
		}
		responder, err := nack.NewResponderInterceptor()
		if err != nil {
			return err
		}
		registry.Add(responder)
		registry.Add(generator)
	}
	if o.twcc { // both ways: we number what we send, and report what we get
		if err := webrtc.ConfigureTWCCHeaderExtensionSender(codecs, registry); err != nil {
			return err
		}
		return webrtc.ConfigureTWCCSender(codecs, registry)
	}
	return nil
}

// pace has a source driven from now on. The first ticks of all are spread over one frame.
func (l *lab) pace(s *source) {
	const golden = 0.6180339887 // its multiples are spread evenly over 0..1
	spread := float64(s.id) * golden
	spread -= float64(int(spread))
	at := l.meter.now() + time.Duration(spread*float64(time.Second/videoFPS))
	l.pacers[int(s.id)%len(l.pacers)].add(s, at)
}

func (l *lab) close() {
	for _, p := range l.pacers {
		p.close()
	}
}
