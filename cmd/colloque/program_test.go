package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/cookiejar"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/colloque/colloque/signal"
	"github.com/gorilla/websocket"
	"github.com/pion/rtp"
	"github.com/pion/transport/v4/test"
	"github.com/pion/webrtc/v4"
)

// deadline is what a test waits for anything at the most.
const deadline = 60 * time.Second

// program is the real program, started as its user would, on ports of its own.
type program struct {
	t      *testing.T
	base   string
	link   string // the one-time sign-in link, "" when none was printed
	data   string
	log    string // file of its standard error
	out    *printed
	cancel context.CancelFunc
	exit   chan int
}

// printed is standard output, read while the program writes it.
type printed struct {
	mu  sync.Mutex
	buf bytes.Buffer
	new chan struct{}
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	defer func() {
		select {
		case p.new <- struct{}{}:
		default:
		}
	}()
	return p.buf.Write(b)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.buf.String()
}

var (
	readyLine = regexp.MustCompile(`Colloque is ready: (\S+)\n`)
	linkLine  = regexp.MustCompile(`\n\s+(\S+/sign-in/\S+)\n`)
	lastLine  = regexp.MustCompile(`\n\n$`)
)

func startProgram(t *testing.T, data string, args ...string) *program {
	t.Helper()
	t.Cleanup(test.CheckRoutines(t))
	log, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	p := &program{t: t, data: data, log: log.Name(), out: &printed{new: make(chan struct{}, 1)}, cancel: cancel, exit: make(chan int, 1)}
	environ := []string{"COLLOQUE_MEDIA_LISTEN=127.0.0.1:0", "COLLOQUE_LOG_LEVEL=debug", "COLLOQUE_PRACTICE_PROFILE_NAME=Cabinet des Tilleuls", "COLLOQUE_PRACTICE_PROFILE_PHONE=\"+33123456789\""}
	go func() {
		p.exit <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0", "--data", data}, args...), stdio{environ: environ, out: p.out, err: log})
		log.Close()
	}()
	t.Cleanup(p.stop)
	p.waitFor(lastLine)
	p.base = readyLine.FindStringSubmatch(p.out.String())[1]
	if m := linkLine.FindStringSubmatch(p.out.String()); m != nil {
		p.link = m[1]
	}
	return p
}

func (p *program) waitFor(re *regexp.Regexp) {
	p.t.Helper()
	timeout := time.After(deadline)
	for !re.MatchString(p.out.String()) {
		select {
		case <-p.out.new:
		case code := <-p.exit:
			b, _ := os.ReadFile(p.log)
			p.t.Fatalf("ended with %d: %s", code, b)
		case <-timeout:
			p.t.Fatalf("printed only %q", p.out.String())
		}
	}
}

// stop is SIGTERM.
func (p *program) stop() {
	p.cancel()
	select {
	case code := <-p.exit:
		if code != 0 {
			p.t.Errorf("ended with %d", code)
		}
		p.exit <- code // stop may be called again
	case <-time.After(deadline):
		p.t.Error("does not stop")
	}
}

// browser is an HTTP client with its cookies.
type browser struct {
	t *testing.T
	p *program
	*http.Client
}

func (p *program) browser() *browser {
	jar, _ := cookiejar.New(nil)
	transport := &http.Transport{}
	p.t.Cleanup(transport.CloseIdleConnections)
	return &browser{p.t, p, &http.Client{Jar: jar, Timeout: deadline, Transport: transport}}
}

// post sends JSON from a page of our own, and reads the answer.
func (b *browser) post(path string, in, out any) int {
	b.t.Helper()
	body, _ := json.Marshal(in)
	req, _ := http.NewRequest(http.MethodPost, b.p.base+path, bytes.NewReader(body))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Origin", b.p.base)
	resp, err := b.Do(req)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	if out != nil && resp.StatusCode < 300 {
		if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
			b.t.Fatal(err)
		}
	}
	return resp.StatusCode
}

func (b *browser) get(path string) (int, string) {
	b.t.Helper()
	resp, err := b.Get(b.p.base + path)
	if err != nil {
		b.t.Fatal(err)
	}
	defer resp.Body.Close()
	body, _ := io.ReadAll(resp.Body)
	return resp.StatusCode, string(body)
}

func (b *browser) signIn() {
	b.t.Helper()
	if code := b.post("/api/v1/sign-in", map[string]string{"ticket": b.p.link[strings.LastIndex(b.p.link, "/")+1:]}, nil); code >= 300 {
		b.t.Fatalf("sign-in answered %d", code)
	}
}

// line is a websocket to the program.
type line struct {
	t    *testing.T
	ws   *websocket.Conn
	next int
	held []map[string]any
}

func (b *browser) line() *line {
	b.t.Helper()
	d := websocket.Dialer{Subprotocols: []string{signal.Subprotocol}, Jar: b.Jar, HandshakeTimeout: deadline}
	ws, _, err := d.Dial("ws"+strings.TrimPrefix(b.p.base, "http")+"/signal", http.Header{"Origin": {b.p.base}})
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { ws.Close() })
	return &line{t: b.t, ws: ws}
}

func (l *line) read() map[string]any {
	l.t.Helper()
	_ = l.ws.SetReadDeadline(time.Now().Add(deadline))
	var m map[string]any
	if err := l.ws.ReadJSON(&m); err != nil {
		l.t.Fatal(err)
	}
	return m
}

func (l *line) ask(fields map[string]any) map[string]any {
	l.t.Helper()
	l.next++
	fields["id"] = fmt.Sprint(l.next)
	if err := l.ws.WriteJSON(fields); err != nil {
		l.t.Fatal(err)
	}
	for {
		m := l.read()
		if m["reply"] == fields["id"] {
			if m["type"] == "error" {
				l.t.Fatalf("%v: %v", fields["type"], m)
			}
			return m
		}
		l.held = append(l.held, m)
	}
}

func (l *line) expect(typ string, match func(map[string]any) bool) map[string]any {
	l.t.Helper()
	for {
		var m map[string]any
		if len(l.held) > 0 {
			m, l.held = l.held[0], l.held[1:]
		} else {
			m = l.read()
		}
		if m["type"] == typ && (match == nil || match(m)) {
			return m
		}
	}
}

// tab is a pion client in the place of a browser tab: it sends a microphone and a camera and counts what comes on its lanes.
type tab struct {
	*line
	pc           *webrtc.PeerConnection
	audio, video *webrtc.TrackLocalStaticRTP
	joined       map[string]any
	heard        chan webrtc.RTPCodecType // one element for each lane's first packet
	work         sync.WaitGroup
	quit         chan struct{}
}

func (b *browser) join(right map[string]any) *tab {
	b.t.Helper()
	must := func(err error) {
		b.t.Helper()
		if err != nil {
			b.t.Fatal(err)
		}
	}
	se := webrtc.SettingEngine{}
	se.SetIncludeLoopbackCandidate(true)
	pc, err := webrtc.NewAPI(webrtc.WithSettingEngine(se)).NewPeerConnection(webrtc.Configuration{BundlePolicy: webrtc.BundlePolicyMaxBundle})
	must(err)
	s := &tab{line: b.line(), pc: pc, heard: make(chan webrtc.RTPCodecType, 16), quit: make(chan struct{})}
	s.audio, err = webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeOpus, ClockRate: 48000, Channels: 2}, "a", "s")
	must(err)
	s.video, err = webrtc.NewTrackLocalStaticRTP(webrtc.RTPCodecCapability{MimeType: webrtc.MimeTypeVP8, ClockRate: 90000}, "v", "s")
	must(err)
	sendonly := webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionSendonly}
	_, err = pc.AddTransceiverFromTrack(s.audio, sendonly)
	must(err)
	_, err = pc.AddTransceiverFromTrack(s.video, sendonly)
	must(err)
	for _, kind := range []webrtc.RTPCodecType{webrtc.RTPCodecTypeAudio, webrtc.RTPCodecTypeVideo} {
		for range 4 {
			_, err = pc.AddTransceiverFromKind(kind, webrtc.RTPTransceiverInit{Direction: webrtc.RTPTransceiverDirectionRecvonly})
			must(err)
		}
	}
	pc.OnTrack(func(t *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
		if _, _, err := t.ReadRTP(); err != nil {
			return
		}
		s.heard <- t.Kind()
		for {
			if _, _, err := t.ReadRTP(); err != nil {
				return
			}
		}
	})
	offer, err := pc.CreateOffer(nil)
	must(err)
	m := map[string]any{"type": "join", "offer": offer.SDP, "devices": map[string]any{}, "publish": []map[string]any{{"mid": "0", "source": "microphone"}, {"mid": "1", "source": "camera"}}}
	for k, v := range right {
		m[k] = v
	}
	s.joined = s.ask(m)
	must(pc.SetLocalDescription(offer))
	must(pc.SetRemoteDescription(webrtc.SessionDescription{Type: webrtc.SDPTypeAnswer, SDP: s.joined["answer"].(string)}))
	b.t.Cleanup(s.close)
	return s
}

func (s *tab) close() {
	select {
	case <-s.quit:
	default:
		close(s.quit)
		s.work.Wait()
		s.pc.Close()
	}
}

// speak publishes both sources and sends a key frame and a word every 20 ms.
func (s *tab) speak() {
	for _, src := range []string{"microphone", "camera"} {
		s.ask(map[string]any{"type": "publish", "source": src})
	}
	s.work.Add(1)
	go func() {
		defer s.work.Done()
		tick := time.NewTicker(20 * time.Millisecond)
		defer tick.Stop()
		for seq := uint16(1); ; seq++ {
			select {
			case <-s.quit:
				return
			case <-tick.C:
			}
			h := rtp.Header{Version: 2, SequenceNumber: seq, Timestamp: uint32(seq) * 960, Marker: true}
			_ = s.audio.WriteRTP(&rtp.Packet{Header: h, Payload: []byte{0x78, 1, 2, 3}})
			h.Timestamp = uint32(seq) * 1800
			// RFC 7741: a start of partition 0 with a picture id, then a key frame's first bytes.
			_ = s.video.WriteRTP(&rtp.Packet{Header: h, Payload: []byte{0x90, 0x80, byte(seq) & 0x7f, 0x10, 0, 0, 0x9d, 0x01, 0x2a, 0x80, 0x02, 0xe0, 0x01}})
		}
	}()
}

func (s *tab) hearsBoth(who string) {
	s.t.Helper()
	got := map[webrtc.RTPCodecType]bool{}
	timeout := time.After(deadline)
	for len(got) < 2 {
		select {
		case k := <-s.heard:
			got[k] = true
		case <-timeout:
			s.t.Fatalf("%s got only %v", who, got)
		}
	}
}

func live(m map[string]any) bool { return m["consultation"].(map[string]any)["state"] == "live" }

// TestFirstWholeCall is the way from the link to a conversation, and to its end.
func TestFirstWholeCall(t *testing.T) {
	p := startProgram(t, t.TempDir())
	doctor := p.browser()
	if code, body := doctor.get(strings.TrimPrefix(p.link, p.base)); code != http.StatusOK {
		t.Fatalf("the sign-in page answered %d: %s", code, body)
	}
	doctor.signIn()
	var started struct{ ID, Participant, Link string }
	if code := doctor.post("/api/v1/consultations", map[string]string{"patient_name": "Jeanne Martin", "language": "fr"}, &started); code >= 300 {
		t.Fatalf("start answered %d", code)
	}
	desk := doctor.line()
	desk.ask(map[string]any{"type": "watch"})

	patient := p.browser()
	if code, _ := patient.get(strings.TrimPrefix(started.Link, p.base)); code != http.StatusOK {
		t.Fatalf("the patient's page answered %d", code)
	}
	ticket := started.Link[strings.LastIndex(started.Link, "/")+1:]
	pat := patient.join(map[string]any{"ticket": ticket})
	if pat.joined["waiting"] == nil {
		t.Fatal("the patient was let in unasked")
	}
	desk.expect("desk", func(m map[string]any) bool {
		b, _ := json.Marshal(m)
		return strings.Contains(string(b), "Jeanne Martin") && strings.Contains(string(b), `"place":"waiting"`)
	})
	doc := doctor.join(map[string]any{"consultation": started.ID})
	desk.ask(map[string]any{"type": "admit", "consultation": started.ID, "participant": started.Participant})
	pat.expect("admitted", nil)
	pat.speak()
	doc.speak()
	pat.hearsBoth("the patient")
	doc.hearsBoth("the practitioner")
	doc.expect("participants", live)
	doc.ask(map[string]any{"type": "chat", "text": "Une phrase secrète"})
	pat.expect("chat", nil)

	if code, body := doctor.get("/metrics"); code != http.StatusOK || !strings.Contains(body, "colloque_calls 1") || !strings.Contains(body, "colloque_media_packets_forwarded_total") ||
		!strings.Contains(body, "colloque_media_transit_seconds_bucket") || !strings.Contains(body, "go_sched_pauses_total_gc_seconds_bucket") ||
		!strings.Contains(body, `colloque_notices_waiting{channel="sms"} 0`) || !strings.Contains(body, `colloque_notices_oldest_seconds{channel="mail"} 0`) {
		t.Errorf("metrics answered %d without the call: %.200s", code, body)
	}
	doc.ask(map[string]any{"type": "end"})
	if m := pat.expect("ended", nil); m["reason"] != "ended" {
		t.Errorf("the patient was told %v", m)
	}
	pat.close()
	doc.close()
	// There were messages: the link leads to the page that asks for the code to them, and to nothing else.
	if code, body := patient.get(strings.TrimPrefix(started.Link, p.base)); code != http.StatusOK || strings.Contains(body, "secrète") || strings.Contains(body, string(started.Participant)) {
		t.Errorf("the link of an ended consultation answers %d: %.300s", code, body)
	}
	p.stop()
	logHolds(t, p, ticket, p.link, "Jeanne", "secrète", "ice-ufrag", "a=fingerprint", "candidate:", "Tilleuls")
}

// logHolds fails when something secret or personal stands in the log or, in clear, in the database.
func logHolds(t *testing.T, p *program, secrets ...string) {
	t.Helper()
	logged, err := os.ReadFile(p.log)
	if err != nil || !bytes.Contains(logged, []byte("/signal")) {
		t.Fatalf("the log was not written as expected: %v %.300s", err, logged)
	}
	db, err := os.ReadFile(filepath.Join(p.data, "colloque.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range secrets {
		if bytes.Contains(logged, []byte(s)) {
			t.Errorf("the log holds %q", s)
		}
		if bytes.Contains(db, []byte(s)) {
			t.Errorf("the database holds %q in clear", s)
		}
	}
}

// TestRestartKeepsTheQueue: what was acknowledged survives a restart, and the same ticket finds its place.
func TestRestartKeepsTheQueue(t *testing.T) {
	data := t.TempDir()
	p := startProgram(t, data)
	doctor := p.browser()
	doctor.signIn()
	var started struct{ ID, Participant, Link string }
	doctor.post("/api/v1/consultations", map[string]string{"patient_name": "Ahmed Benali"}, &started)
	ticket := started.Link[strings.LastIndex(started.Link, "/")+1:]
	first := p.browser().join(map[string]any{"ticket": ticket})
	since := first.joined["waiting"].(map[string]any)["since"]
	first.close()
	p.stop()

	p = startProgram(t, data)
	again := p.browser().join(map[string]any{"ticket": ticket})
	if got := again.joined["waiting"].(map[string]any)["since"]; got != since {
		t.Errorf("waits since %v, waited since %v before the restart", got, since)
	}
}

func TestBadStarts(t *testing.T) {
	data := t.TempDir()
	p := startProgram(t, data)
	busy := strings.TrimPrefix(p.base, "http://localhost:")
	file := filepath.Join(t.TempDir(), "bad.yaml")
	if err := os.WriteFile(file, []byte("lissen: x\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name string
		args []string
		env  []string
		says string
	}{
		{"port in use", []string{"serve", "--listen", "127.0.0.1:" + busy, "--data", t.TempDir()}, nil, "--listen"},
		{"data in use", []string{"serve", "--listen", "127.0.0.1:0", "--data", data}, []string{"COLLOQUE_MEDIA_LISTEN=127.0.0.1:0"}, "--data"},
		{"unknown key", []string{"serve", "--config", file}, nil, "lissen"},
		{"unknown variable", []string{"serve"}, []string{"COLLOQUE_LISSEN=x"}, "COLLOQUE_LISSEN"},
		{"no such file", []string{"serve", "--config", file + ".no"}, nil, "bad.yaml.no"},
		{"unknown flag", []string{"serve", "--lissen"}, nil, "--lissen"},
		{"no certificate", []string{"serve", "--listen", "127.0.0.1:0", "--data", t.TempDir()}, []string{"COLLOQUE_MEDIA_LISTEN=127.0.0.1:0", "COLLOQUE_TLS_CERTIFICATE=no.pem", "COLLOQUE_TLS_KEY=no.pem"}, "certificate"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			log, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
			if err != nil {
				t.Fatal(err)
			}
			defer log.Close()
			ctx, cancel := context.WithTimeout(context.Background(), deadline)
			defer cancel()
			code := run(ctx, c.args, stdio{environ: c.env, out: io.Discard, err: log})
			b, _ := os.ReadFile(log.Name())
			lines := strings.Split(strings.TrimSpace(string(b)), "\n")
			last := lines[len(lines)-1]
			if code == 0 || !strings.HasPrefix(last, "colloque: ") || !strings.Contains(last, c.says) {
				t.Errorf("ended with %d and said %q, wanted %q", code, b, c.says)
			}
		})
	}
}

func TestPrintConfig(t *testing.T) {
	var out bytes.Buffer
	if code := run(t.Context(), []string{"serve", "--print-config"}, stdio{out: &out, err: os.Stderr}); code != 0 || !strings.Contains(out.String(), "listen: localhost:8080") {
		t.Errorf("ended with %d and printed %q", code, out.String())
	}
}

// TestAccountCommands: a way back in from the command line, while the server runs and while it does not.
func TestAccountCommands(t *testing.T) {
	data, err := os.MkdirTemp("", "acc") // the path of a socket has at most 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(data) })
	ask := func(args ...string) (int, string) {
		out := &printed{new: make(chan struct{}, 1)}
		log, err := os.Create(filepath.Join(t.TempDir(), "stderr"))
		if err != nil {
			t.Fatal(err)
		}
		defer log.Close()
		code := run(t.Context(), append(append([]string{"account"}, args...), "--data", data), stdio{out: out, err: log})
		return code, out.String()
	}
	p := startProgram(t, data)
	b := p.browser()
	if status := b.post("/api/v1/sign-in", map[string]string{"ticket": p.link[strings.LastIndexByte(p.link, '/')+1:]}, nil); status != 200 {
		t.Fatal(status)
	}
	check := func(base string) {
		t.Helper()
		code, list := ask("list")
		id, _, _ := strings.Cut(list, " ")
		if code != 0 || !strings.HasPrefix(id, "a_") || !strings.Contains(list, "practitioner,operator") || !strings.Contains(list, "signs in with links") {
			t.Fatalf("list: %d %q", code, list)
		}
		code, link := ask("link", id)
		if code != 0 || !strings.HasPrefix(link, base+"/sign-in/") {
			t.Errorf("link: %d %q", code, link)
		}
		if code, said := ask("link", "nobody"); code != 1 || said != "" {
			t.Errorf("nobody: %d %q", code, said)
		}
		if base == p.base {
			ticket := strings.TrimSpace(link[strings.LastIndexByte(link, '/')+1:])
			if status := p.browser().post("/api/v1/sign-in", map[string]string{"ticket": ticket}, nil); status != 200 {
				t.Errorf("the link does not sign in: %d", status)
			}
		}
	}
	check(p.base)
	if info, err := os.Stat(filepath.Join(data, "control.sock")); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("socket: %v, %v", info, err)
	}
	p.stop()
	check("http://localhost:8080")
}
