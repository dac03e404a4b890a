package sfu

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/ice/v4"
	"github.com/pion/interceptor"
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
	"github.com/pion/webrtc/v4"
)

// client is a browser tab as the tests need it: a pion PeerConnection with the offer of docs/media-path.md §1.
type client struct {
	t      *testing.T
	id     PeerID
	server *testServer
	pc     *webrtc.PeerConnection
	net    *testConn

	mic, screen *webrtc.TrackLocalStaticRTP
	cam         []*webrtc.TrackLocalStaticRTP // smallest first
	camSender   *webrtc.RTPSender
	camCodec    string

	mu    sync.Mutex
	lanes map[string]*laneLog // by mid
	stop  chan struct{}
	work  sync.WaitGroup
}

// laneLog is what came on one lane.
type laneLog struct {
	mu      sync.Mutex
	packets []lanePacket
	seen    map[uint16]bool
	double  int

	reports atomic.Uint32 // sender reports
}

type lanePacket struct {
	seq     uint16
	ts      uint32
	pt      uint8
	marker  bool
	payload []byte
	at      time.Time
}

type clientConfig struct {
	audio, video int      // lanes; 0: 4
	rids         []string // simulcast; nil: one encoding
	codec        string   // of the camera; "": VP8
	onlyVP8      bool
	audioNACK    bool // offers nack for sound
	noGCM        bool // AES-CM with HMAC-SHA1 is all it has
	relayed      bool // reaches the server through Inject and HandleRelayed only
}

func newClient(t *testing.T, s *testServer, id PeerID, cfg clientConfig) *client {
	t.Helper()
	if cfg.codec == "" {
		cfg.codec = webrtc.MimeTypeVP8
	}
	c := &client{t: t, id: id, server: s, lanes: map[string]*laneLog{}, stop: make(chan struct{}), camCodec: cfg.codec}
	c.net = newTestConn(t, s, cfg.relayed)
	c.pc = newClientPC(t, cfg, c.net)
	c.pc.OnTrack(func(track *webrtc.TrackRemote, from *webrtc.RTPReceiver) {
		log := c.lane(from.RTPTransceiver().Mid())
		c.work.Go(func() { log.read(track) })
		c.work.Go(func() { log.readReports(from) })
	})
	c.mic = c.track(webrtc.MimeTypeOpus, "mic", "")
	_, err := c.pc.AddTransceiverFromTrack(c.mic, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	must(t, err)
	c.addCamera(cfg)
	c.screen = c.track(webrtc.MimeTypeVP8, "screen", "")
	_, err = c.pc.AddTransceiverFromTrack(c.screen, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
	must(t, err)
	c.addLanes(webrtc.RTPCodecTypeAudio, orFour(cfg.audio))
	c.addLanes(webrtc.RTPCodecTypeVideo, orFour(cfg.video))
	t.Cleanup(c.close)
	return c
}

func orFour(n int) int {
	if n == 0 {
		return 4
	}
	return n
}

func newClientPC(t *testing.T, cfg clientConfig, conn net.PacketConn) *webrtc.PeerConnection {
	t.Helper()
	var settings webrtc.SettingEngine
	settings.LoggerFactory = silence()
	settings.SetIncludeLoopbackCandidate(true)
	mux := webrtc.NewICEUDPMux(silence().NewLogger(""), conn)
	settings.SetICEUDPMux(mux)
	t.Cleanup(func() { _ = mux.Close() })
	settings.SetNetworkTypes([]webrtc.NetworkType{webrtc.NetworkTypeUDP4})
	settings.SetICEMulticastDNSMode(ice.MulticastDNSModeDisabled)
	if cfg.noGCM {
		settings.SetSRTPProtectionProfiles(dtls.SRTP_AES128_CM_HMAC_SHA1_80)
	}
	media := &webrtc.MediaEngine{}
	if cfg.onlyVP8 {
		must(t, media.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeVP8, ClockRate: 90000}, PayloadType: 96}, webrtc.RTPCodecTypeVideo))
		must(t, media.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: webrtc.RTPCodecCapability{
			MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}, PayloadType: 111}, webrtc.RTPCodecTypeAudio))
	} else {
		if cfg.audioNACK {
			must(t, media.RegisterCodec(webrtc.RTPCodecParameters{RTPCodecCapability: webrtc.RTPCodecCapability{
				MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2, RTCPFeedback: []webrtc.RTCPFeedback{{Type: "nack"}},
			}, PayloadType: 109}, webrtc.RTPCodecTypeAudio))
		}
		must(t, media.RegisterDefaultCodecs())
	}
	must(t, media.RegisterHeaderExtension(webrtc.RTPHeaderExtensionCapability{URI: uriAudioLevel}, webrtc.RTPCodecTypeAudio))
	registry := &interceptor.Registry{}
	must(t, webrtc.RegisterDefaultInterceptors(media, registry))
	must(t, webrtc.ConfigureSimulcastExtensionHeaders(media))
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(settings), webrtc.WithMediaEngine(media),
		webrtc.WithInterceptorRegistry(registry)).NewPeerConnection(webrtc.Configuration{})
	must(t, err)
	return pc
}

func (c *client) track(mime, id, rid string) *webrtc.TrackLocalStaticRTP {
	capability := webrtc.RTPCodecCapability{MimeType: mime}
	if mime == webrtc.MimeTypeH264 {
		capability.SDPFmtpLine = "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f"
	}
	var opts []func(*webrtc.TrackLocalStaticRTP)
	if rid != "" {
		opts = append(opts, webrtc.WithRTPStreamID(rid))
	}
	tr, err := webrtc.NewTrackLocalStaticRTP(capability, id, string(c.id)+id, opts...)
	must(c.t, err)
	return tr
}

func (c *client) addCamera(cfg clientConfig) {
	rids := cfg.rids
	if len(rids) == 0 {
		rids = []string{""}
	}
	for i, rid := range rids {
		tr := c.track(cfg.codec, "cam", rid)
		c.cam = append(c.cam, tr)
		if i > 0 {
			must(c.t, c.camSender.AddEncoding(tr))
			continue
		}
		t, err := c.pc.AddTransceiverFromTrack(tr, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly})
		must(c.t, err)
		c.camSender = t.Sender()
	}
}

func (c *client) addLanes(kind webrtc.RTPCodecType, n int) {
	for range n {
		_, err := c.pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
		must(c.t, err)
	}
}

// offer makes an offer without candidates, as our page does.
func (c *client) offer(opts *webrtc.OfferOptions) string {
	o, err := c.pc.CreateOffer(opts)
	must(c.t, err)
	must(c.t, c.pc.SetLocalDescription(o))
	var lines []string
	for _, line := range strings.SplitAfter(c.pc.LocalDescription().SDP, "\n") {
		if !strings.HasPrefix(line, "a=candidate") && !strings.HasPrefix(line, "a=end-of-candidates") {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines, "")
}

func (c *client) accept(answer string) {
	must(c.t, c.pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: answer}))
}

// connect makes the call's one offer.
func (c *client) connect() {
	c.t.Helper()
	reply, err := c.server.Connect(testContext(c.t), ConnectRequest{Peer: c.id, Offer: c.offer(nil), Publish: []PublishLine{
		{Mid: "0", Source: SourceMicrophone}, {Mid: "1", Source: SourceCamera}, {Mid: "2", Source: SourceScreen},
	}})
	must(c.t, err)
	c.accept(reply.Answer)
}

func (c *client) renegotiate(opts *webrtc.OfferOptions) {
	c.t.Helper()
	reply, err := c.server.Renegotiate(testContext(c.t), RenegotiateRequest{Peer: c.id, Offer: c.offer(opts)})
	must(c.t, err)
	c.accept(reply.Answer)
}

// join connects, waits for the transport, enters and publishes microphone and camera.
func (c *client) join(room RoomID) {
	c.t.Helper()
	c.connect()
	c.server.waitUp(c.t, c.id)
	must(c.t, c.server.Enter(c.id, room))
	must(c.t, c.server.Publish(c.id, SourceMicrophone))
	must(c.t, c.server.Publish(c.id, SourceCamera))
}

func (c *client) close() {
	select {
	case <-c.stop:
		return
	default:
	}
	close(c.stop)
	if err := c.pc.GracefulClose(); err != nil {
		c.t.Error(err)
	}
	c.work.Wait()
}

// every calls f at a steady pace until the client closes.
func (c *client) every(d time.Duration, f func(n int)) {
	c.work.Go(func() {
		ticker := time.NewTicker(d)
		defer ticker.Stop()
		for n := 0; ; n++ {
			select {
			case <-c.stop:
				return
			case <-ticker.C:
				f(n)
			}
		}
	})
}

// talk sends microphone packets of a level, 50 a second.
func (c *client) talk(level uint8) {
	sender := c.pc.GetSenders()[0]
	id := c.extension(sender, uriAudioLevel)
	c.work.Go(func() {
		for { // the client's interceptors answer NACKs while somebody reads
			if _, _, err := sender.ReadRTCP(); err != nil {
				return
			}
		}
	})
	c.every(20*time.Millisecond, func(n int) {
		p := &rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: uint16(n), Timestamp: uint32(n * 960)},
			Payload: []byte(fmt.Sprintf("%s|mic|%d", c.id, n))}
		if id != 0 {
			must(c.t, p.SetExtension(id, []byte{level}))
		}
		_ = c.mic.WriteRTP(p)
	})
}

func (c *client) extension(s *webrtc.RTPSender, uri string) uint8 {
	return extensionID(s.GetParameters().HeaderExtensions, uri)
}

func extensionID(exts []webrtc.RTPHeaderExtensionParameter, uri string) uint8 {
	for _, e := range exts {
		if e.URI == uri {
			return uint8(e.ID)
		}
	}
	return 0
}

// film sends one layer of the camera, 30 frames a second of 3 packets; a key frame when one was asked for.
func (c *client) film(layer int) *camera {
	cam := &camera{client: c, track: c.cam[layer], label: fmt.Sprintf("%s|cam%d|", c.id, layer), seq: uint16(65000 + layer*7),
		ts: uint32(layer) << 30, pid: uint16(32700 + layer), rid: c.cam[layer].RID(), h264: c.camCodec == webrtc.MimeTypeH264,
		height: 180 << layer}
	cam.want = true
	params := c.camSender.GetParameters()
	cam.midID, cam.ridID = extensionID(params.HeaderExtensions, "urn:ietf:params:rtp-hdrext:sdes:mid"),
		extensionID(params.HeaderExtensions, "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id")
	cam.mid = "1"
	c.work.Go(func() { cam.readRTCP(c.camSender) })
	c.every(33*time.Millisecond, func(int) { cam.frame() })
	return cam
}

// share sends the screen.
func (c *client) share() *camera {
	sender := c.pc.GetSenders()[2]
	cam := &camera{client: c, track: c.screen, label: fmt.Sprintf("%s|screen|", c.id), seq: 100, pid: 5, want: true, height: 1080}
	c.work.Go(func() { cam.readRTCP(sender) })
	c.every(33*time.Millisecond, func(int) { cam.frame() })
	return cam
}

// camera makes frames that the media path can tell apart: descriptors are real, pictures are labels.
type camera struct {
	client       *client
	track        *webrtc.TrackLocalStaticRTP
	label        string
	rid, mid     string
	midID, ridID uint8
	h264         bool
	height       int

	mu     sync.Mutex
	want   bool // a key frame
	plis   int
	paused bool
	seq    uint16
	ts     uint32
	pid    uint16
	tl0    uint8
	n      int
}

func (c *camera) pause(paused bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.paused = paused
}

func (c *camera) readRTCP(s *webrtc.RTPSender) {
	for {
		packets, _, err := readSenderRTCP(s, c.rid)
		if err != nil {
			return
		}
		for _, p := range packets {
			if isPLI(p) {
				c.mu.Lock()
				c.want = true
				c.plis++
				c.mu.Unlock()
			}
		}
	}
}

func (c *camera) frame() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.paused {
		return
	}
	key := c.want
	c.want = false
	c.ts += 3000
	c.n++
	c.pid = (c.pid + 1) & 0x7fff
	c.tl0++
	for i := range 3 {
		p := &rtp.Packet{Header: rtp.Header{Version: 2, SequenceNumber: c.seq, Timestamp: c.ts, Marker: i == 2}}
		c.seq++
		if c.h264 {
			p.Payload = h264Payload(key, i, c.label, c.n)
		} else {
			p.Payload = vp8Payload(key, i == 0, c.pid, c.tl0, c.height, c.label, c.n)
		}
		if c.ridID != 0 && c.rid != "" {
			must(c.client.t, p.SetExtension(c.midID, []byte(c.mid)))
			must(c.client.t, p.SetExtension(c.ridID, []byte(c.rid)))
		}
		_ = c.track.WriteRTP(p)
	}
}

func vp8Payload(key, first bool, pid uint16, tl0 uint8, height int, label string, n int) []byte {
	b := []byte{0x80, 0xC0, 0x80 | byte(pid>>8), byte(pid), tl0}
	if first {
		b[0] |= 0x10
		tag := byte(0x01)
		if key {
			tag = 0x00
		}
		b = append(b, tag, 0, 0, 0x9d, 0x01, 0x2a)
		b = binary.LittleEndian.AppendUint16(b, uint16(height*16/9))
		b = binary.LittleEndian.AppendUint16(b, uint16(height))
	}
	return append(b, fmt.Sprintf("#%s%d|%v#", label, n, key)...)
}

func h264Payload(key bool, i int, label string, n int) []byte {
	body := fmt.Sprintf("#%s%d|%v#", label, n, key)
	if !key {
		return append([]byte{0x41}, body...)
	}
	switch i {
	case 0: // STAP-A of SPS and PPS
		return append([]byte{nalSTAPA, 0, 2, 0x67, 1, 0, 2, 0x68, 1}, body...)
	case 1: // FU-A start of an IDR
		return append([]byte{nalFUA, 0x80 | nalIDR}, body...)
	}
	return append([]byte{nalFUA, 0x40 | nalIDR}, body...)
}

// lane is the log of what comes on one lane.
func (c *client) lane(mid string) *laneLog {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.lanes[mid] == nil {
		c.lanes[mid] = &laneLog{seen: map[uint16]bool{}}
	}
	return c.lanes[mid]
}

func (l *laneLog) read(track *webrtc.TrackRemote) {
	for {
		p, _, err := track.ReadRTP()
		if err != nil {
			return
		}
		l.mu.Lock()
		if l.seen[p.SequenceNumber] {
			l.double++
		}
		l.seen[p.SequenceNumber] = true
		l.packets = append(l.packets, lanePacket{p.SequenceNumber, p.Timestamp, p.PayloadType, p.Marker, p.Payload, time.Now()})
		l.mu.Unlock()
	}
}

func (l *laneLog) readReports(from *webrtc.RTPReceiver) {
	for {
		packets, _, err := from.ReadRTCP()
		if err != nil {
			return
		}
		for _, p := range packets {
			if _, ok := p.(*rtcp.SenderReport); ok {
				l.reports.Add(1)
			}
		}
	}
}

// has counts the packets whose payload holds a label.
func (l *laneLog) has(label string) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for _, p := range l.packets {
		if bytes.Contains(p.payload, []byte(label)) {
			n++
		}
	}
	return n
}

func (l *laneLog) total() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.packets)
}

// gaps are the sequence numbers between the first and the last that never came, the newest `spare` left out.
func (l *laneLog) gaps(spare int) (missing []uint16) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.packets) == 0 {
		return nil
	}
	first := l.packets[0].seq
	last := first
	for _, p := range l.packets {
		if int16(p.seq-last) > 0 {
			last = p.seq
		}
	}
	for s := first; int16(last-uint16(spare)-s) > 0; s++ {
		if !l.seen[s] {
			missing = append(missing, s)
		}
	}
	return missing
}

// expect waits until n packets with a label came on the lane that carries a publication.
func (c *client) expect(of PeerID, source Source, label string, n int) *laneLog {
	c.t.Helper()
	log := c.lane(c.server.lane(c.t, c.id, of, source))
	eventually(c.t, fmt.Sprintf("%s gets %d packets %q", c.id, n, label), 10*time.Second, func() bool { return log.has(label) >= n })
	return log
}

// latest tells whether the last packets that came hold a label.
func (l *laneLog) latest(label string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	n := len(l.packets)
	if n < 5 {
		return false
	}
	for _, p := range l.packets[n-5:] {
		if !bytes.Contains(p.payload, []byte(label)) {
			return false
		}
	}
	return true
}

// quiet tells whether nothing came for a while.
func (l *laneLog) quiet(d time.Duration) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.packets) == 0 || time.Since(l.packets[len(l.packets)-1].at) > d
}

func (l *laneLog) at(i int) lanePacket {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.packets[i]
}

func isKeyVP8(b []byte) bool { return parseVP8(b).key }

// checkContinuous fails the test unless what came is one stream: in the order of the sequence numbers, timestamps do not
// go back, and the running numbers of VP8 go on by one from frame to frame.
func (l *laneLog) checkContinuous(t *testing.T) {
	t.Helper()
	l.mu.Lock()
	sorted := slices.Clone(l.packets)
	l.mu.Unlock()
	if len(sorted) == 0 {
		t.Error("nothing came")
		return
	}
	first := sorted[0].seq
	slices.SortStableFunc(sorted, func(a, b lanePacket) int { return int(int16(a.seq-first)) - int(int16(b.seq-first)) })
	for i := 1; i < len(sorted); i++ {
		before, p := sorted[i-1], sorted[i]
		if p.seq != before.seq && p.seq != before.seq+1 {
			t.Errorf("gap from %d to %d", before.seq, p.seq)
		}
		if int32(p.ts-before.ts) < 0 {
			t.Errorf("timestamp goes back by %d at %d", before.ts-p.ts, p.seq)
		}
		d, e := parseVP8(before.payload), parseVP8(p.payload)
		if before.pt != p.pt || d.pidLen != 2 || e.pidLen != 2 {
			continue
		}
		if step := (e.pid - d.pid) & 0x7fff; step > 1 || (p.ts != before.ts) != (step == 1) {
			t.Errorf("picture id %d after %d at %d", e.pid, d.pid, p.seq)
		}
		if e.tl0-d.tl0 > 1 {
			t.Errorf("tl0picidx %d after %d at %d", e.tl0, d.tl0, p.seq)
		}
	}
}
