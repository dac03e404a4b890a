package sfu

import (
	"fmt"
	"io"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/logging"
	"github.com/pion/sdp/v3"
	"github.com/pion/webrtc/v4"
)

// uriAudioLevel is the client-to-mixer audio level (RFC 6464).
const uriAudioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"

// newAPI builds what one PeerConnection is made of. It is per peer because the UDP mux is the peer's own view of the
// socket.
func newAPI(cfg Config, view *muxView, tap *keyTap) (*webrtc.API, error) {
	media, err := newMediaEngine()
	if err != nil {
		return nil, fmt.Errorf("sfu: codecs: %w", err)
	}
	settings, err := newSettings(cfg, view, tap)
	if err != nil {
		return nil, fmt.Errorf("sfu: settings: %w", err)
	}
	// Without an interceptor registry of ours the API would take pion's default ones.
	return webrtc.NewAPI(webrtc.WithMediaEngine(media), webrtc.WithInterceptorRegistry(&interceptor.Registry{}),
		webrtc.WithSettingEngine(settings)), nil
}

// newSettings: the server's roles (docs/decisions/0001-ice-lite.md), its socket and its patience.
func newSettings(cfg Config, view *muxView, tap *keyTap) (webrtc.SettingEngine, error) {
	var s webrtc.SettingEngine
	s.LoggerFactory = silence() // pion's logs hold addresses; what matters is counted and told by events
	s.SetLite(true)
	if err := s.SetAnsweringDTLSRole(webrtc.DTLSRoleServer); err != nil {
		return s, err
	}
	// The server's order decides (RFC 5764 §4.1.1).
	s.SetSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	// The one cipher suite that all browsers have (RFC 8827 §6.5), whose hash the key derivation is done with.
	s.SetDTLSCipherSuites(dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256)
	s.SetDTLSKeyLogWriter(tap)
	s.SetDTLSServerHelloMessageHook(tap.hello)
	s.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	s.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4, webrtc.NetworkTypeUDP6})
	s.SetICEUDPMux(view)
	s.SetIncludeLoopbackCandidate(true) // which addresses there are is the view's business
	// Only addresses that passed an ICE check with MESSAGE-INTEGRITY reach DTLS (see muxTable), so its cookie would prove
	// nothing more, and cost a round trip.
	s.SetDTLSInsecureSkipHelloVerify(true)
	// The agent counts "failed" from the moment of "disconnected".
	s.SetICETimeouts(cfg.LostAfter, cfg.KeepFor-cfg.LostAfter, time.Second)
	return s, nil
}

func silence() logging.LoggerFactory {
	return &logging.DefaultLoggerFactory{Writer: io.Discard, DefaultLogLevel: logging.LogLevelDisabled}
}

// newMediaEngine: Opus, VP8 and H.264 with retransmission, and the header extensions that the media path reads. The
// payload types are ours only until the offer comes; then each peer's own hold.
func newMediaEngine() (*webrtc.MediaEngine, error) {
	media := &webrtc.MediaEngine{}
	err := media.RegisterCodec(webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeOpus, ClockRate: clockOpus, Channels: 2, SDPFmtpLine: "minptime=10;useinbandfec=1",
			RTCPFeedback: []webrtc.RTCPFeedback{{Type: "transport-cc"}, {Type: "nack"}},
		},
		PayloadType: 111,
	}, webrtc.RTPCodecTypeAudio)
	if err != nil {
		return nil, err
	}
	for _, c := range []struct {
		mime, fmtp string
		pt         webrtc.PayloadType
	}{
		{webrtc.MimeTypeVP8, "", 96},
		{webrtc.MimeTypeH264, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f", 108},
		{webrtc.MimeTypeH264, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f", 102},
	} {
		if err := registerVideo(media, c.mime, c.fmtp, c.pt); err != nil {
			return nil, err
		}
	}
	return media, registerExtensions(media)
}

func registerVideo(media *webrtc.MediaEngine, mime, fmtp string, pt webrtc.PayloadType) error {
	err := media.RegisterCodec(webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: mime, ClockRate: clockVideo, SDPFmtpLine: fmtp,
			RTCPFeedback: []webrtc.RTCPFeedback{
				{Type: "transport-cc"}, {Type: "ccm", Parameter: "fir"}, {Type: "nack"}, {Type: "nack", Parameter: "pli"},
			},
		},
		PayloadType: pt,
	}, webrtc.RTPCodecTypeVideo)
	if err != nil {
		return err
	}
	return media.RegisterCodec(webrtc.RTPCodecParameters{
		RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeRTX, ClockRate: clockVideo, SDPFmtpLine: fmt.Sprintf("apt=%d", pt),
		},
		PayloadType: pt + 1,
	}, webrtc.RTPCodecTypeVideo)
}

func registerExtensions(media *webrtc.MediaEngine) error {
	incoming := webrtc.RTPTransceiverDirectionRecvonly
	for _, e := range []struct {
		uri  string
		kind webrtc.RTPCodecType
		only []webrtc.RTPTransceiverDirection // empty: both
	}{
		{sdp.SDESMidURI, webrtc.RTPCodecTypeAudio, nil},
		{sdp.SDESMidURI, webrtc.RTPCodecTypeVideo, nil},
		{sdp.SDESRTPStreamIDURI, webrtc.RTPCodecTypeVideo, []webrtc.RTPTransceiverDirection{incoming}},
		{sdp.SDESRepairRTPStreamIDURI, webrtc.RTPCodecTypeVideo, []webrtc.RTPTransceiverDirection{incoming}},
		{uriAudioLevel, webrtc.RTPCodecTypeAudio, nil},
		{sdp.TransportCCURI, webrtc.RTPCodecTypeAudio, []webrtc.RTPTransceiverDirection{incoming}},
		{sdp.TransportCCURI, webrtc.RTPCodecTypeVideo, []webrtc.RTPTransceiverDirection{incoming}},
	} {
		if err := media.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: e.uri}, e.kind, e.only...); err != nil {
			return err
		}
	}
	return nil
}
