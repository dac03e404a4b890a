package signal

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
	"github.com/colloque/colloque/sfu"
	"github.com/gorilla/websocket"
	"github.com/pion/transport/v4/test"
)

// deadline is what a test waits for an event at the most.
const deadline = 30 * time.Second

// fakeMedia is a media server that answers every offer and remembers who is where.
type fakeMedia struct {
	mu    sync.Mutex
	rooms map[sfu.PeerID]sfu.RoomID
	calls []string
}

func (f *fakeMedia) note(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, fmt.Sprintf(format, args...))
}

func (f *fakeMedia) count(prefix string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, c := range f.calls {
		if strings.HasPrefix(c, prefix) {
			n++
		}
	}
	return n
}

func (f *fakeMedia) inRoom(p sfu.PeerID) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.rooms[p] != ""
}

func (f *fakeMedia) Connect(_ context.Context, r sfu.ConnectRequest) (sfu.ConnectReply, error) {
	f.note("connect %s", r.Peer)
	if r.Offer == "bad" {
		return sfu.ConnectReply{}, fmt.Errorf("the offer %q holds secrets", r.Offer)
	}
	return sfu.ConnectReply{Answer: "answer to " + r.Offer}, nil
}

func (f *fakeMedia) Renegotiate(_ context.Context, r sfu.RenegotiateRequest) (sfu.ConnectReply, error) {
	f.note("renegotiate %s", r.Peer)
	return sfu.ConnectReply{Answer: "again " + r.Offer}, nil
}

func (f *fakeMedia) Enter(p sfu.PeerID, r sfu.RoomID) error {
	f.note("enter %s", p)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rooms[p] = r
	return nil
}

func (f *fakeMedia) Withdraw(p sfu.PeerID) error {
	f.note("withdraw %s", p)
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.rooms, p)
	return nil
}

func (f *fakeMedia) Disconnect(p sfu.PeerID) {
	f.note("disconnect %s", p)
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.rooms, p)
}

func (f *fakeMedia) Publish(p sfu.PeerID, s sfu.Source) error {
	f.note("publish %s %s", p, s)
	return nil
}
func (f *fakeMedia) Unpublish(p sfu.PeerID, s sfu.Source) error {
	f.note("unpublish %s %s", p, s)
	return nil
}
func (f *fakeMedia) Mute(p sfu.PeerID, s sfu.Source, m bool) error {
	f.note("mute %s %s %v", p, s, m)
	return nil
}
func (f *fakeMedia) Want(p sfu.PeerID, w []sfu.Want) error {
	f.note("want %s %d", p, len(w))
	return nil
}

type fakeRelay struct{}

func (fakeRelay) ICEServers(id SessionID) []ICEServer {
	return []ICEServer{{URLs: []string{"turn:192.0.2.1:8080?transport=udp"}, Username: string(id), Credential: "x"}}
}
func (fakeRelay) Drop(SessionID) {}

// house is a practice with one practitioner, a hub, and an HTTP server in front.
type house struct {
	t        *testing.T
	practice *consult.Practice
	media    *fakeMedia
	hub      *Hub
	server   *httptest.Server
	doctor   consult.Practitioner
	notices  fakeNotices
}

func newHouse(t *testing.T, change func(*Config)) *house {
	t.Helper()
	t.Cleanup(test.CheckRoutines(t))
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	store, err := kv.OpenBolt(filepath.Join(t.TempDir(), "test.db"), kv.BoltConfig{Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	key, err := consult.OpenKeyring(filepath.Join(t.TempDir(), "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	cfg := consult.DefaultConfig()
	cfg.Profile.Name, cfg.Profile.Phone = "Cabinet des Tilleuls", "+33123456789"
	practice, err := consult.Open(cfg, store, key, nil, time.Now, log)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, practice: practice, media: &fakeMedia{rooms: map[sfu.PeerID]sfu.RoomID{}}, doctor: consult.Practitioner{ID: consult.NewAccountID(), Name: "Dr Claire Moreau"}}
	sc := DefaultConfig()
	if change != nil {
		change(&sc)
	}
	h.hub, err = New(sc, Deps{
		Practice: practice, Media: h.media, Relay: fakeRelay{}, Notices: &h.notices, Log: log,
		Account: func(r *http.Request) (consult.Practitioner, bool) {
			c, err := r.Cookie("who")
			if err != nil {
				return consult.Practitioner{}, false
			}
			return consult.Practitioner{ID: consult.AccountID(c.Value), Name: "somebody"}, true
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	h.server = httptest.NewServer(h.hub)
	t.Cleanup(func() {
		if err := h.hub.Close(); err != nil {
			t.Error(err)
		}
		h.server.Close()
		if err := practice.Close(); err != nil {
			t.Error(err)
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
		if s := h.hub.Stats(); s.Calls != 0 || s.Sessions != 0 || s.Desks != 0 || s.Websockets != 0 {
			t.Errorf("left behind: %+v", s)
		}
		if s := h.hub.Stats(); s.Panics != 0 {
			t.Errorf("%d panics", s.Panics)
		}
	})
	return h
}

// start begins a consultation and answers it with the patient's ticket.
func (h *house) start(name string) (consult.Consultation, string) {
	h.t.Helper()
	c, secret, err := h.practice.Start(consult.StartRequest{By: h.doctor, Name: name, Language: "fr"})
	if err != nil {
		h.t.Fatal(err)
	}
	return c, secret
}

// tab is a browser tab's websocket.
type tab struct {
	t    *testing.T
	ws   *websocket.Conn
	next int
	held []map[string]any // events read while waiting for a reply
	seen []map[string]any // all that was read
}

func (h *house) dial(cookie string, header http.Header) (*tab, *http.Response, error) {
	if header == nil {
		header = http.Header{}
	}
	if cookie != "" {
		header.Set("Cookie", "who="+cookie)
	}
	d := websocket.Dialer{Subprotocols: []string{Subprotocol}, HandshakeTimeout: deadline}
	ws, resp, err := d.Dial("ws"+strings.TrimPrefix(h.server.URL, "http")+"/signal", header)
	if err != nil {
		return nil, resp, err
	}
	h.t.Cleanup(func() { ws.Close() })
	return &tab{t: h.t, ws: ws}, resp, nil
}

func (h *house) tab(cookie string) *tab {
	h.t.Helper()
	b, _, err := h.dial(cookie, nil)
	if err != nil {
		h.t.Fatal(err)
	}
	return b
}

// read is the next message but ticks; nil when the websocket was closed.
func (b *tab) read() map[string]any {
	b.t.Helper()
	_ = b.ws.SetReadDeadline(time.Now().Add(deadline))
	for {
		_, raw, err := b.ws.ReadMessage()
		if err != nil {
			if !websocket.IsCloseError(err, websocket.CloseNormalClosure, websocket.CloseServiceRestart, websocket.ClosePolicyViolation, websocket.CloseMessageTooBig) {
				b.t.Errorf("reading: %v", err)
			}
			return nil
		}
		var m map[string]any
		if err := json.Unmarshal(raw, &m); err != nil {
			b.t.Fatalf("%s: %v", raw, err)
		}
		if m["type"] != "tick" {
			b.seen = append(b.seen, m)
			return m
		}
	}
}

// ask sends a request and answers with its reply; events that come first are held for expect.
func (b *tab) ask(typ string, fields map[string]any) map[string]any {
	b.t.Helper()
	b.next++
	id := fmt.Sprint(b.next)
	m := map[string]any{"type": typ, "id": id}
	for k, v := range fields {
		m[k] = v
	}
	if err := b.ws.WriteJSON(m); err != nil {
		b.t.Fatal(err)
	}
	for {
		r := b.read()
		if r == nil {
			b.t.Fatalf("closed while waiting for the reply to %s", typ)
		}
		if r["reply"] == id {
			return r
		}
		b.held = append(b.held, r)
	}
}

// expect waits for an event that matches, and lets all others pass.
func (b *tab) expect(typ string, match func(map[string]any) bool) map[string]any {
	b.t.Helper()
	for {
		var m map[string]any
		if len(b.held) > 0 {
			m, b.held = b.held[0], b.held[1:]
		} else if m = b.read(); m == nil {
			b.t.Fatalf("closed while waiting for %s", typ)
		}
		if m["type"] == typ && (match == nil || match(m)) {
			return m
		}
	}
}

func (b *tab) join(fields map[string]any) map[string]any {
	b.t.Helper()
	m := map[string]any{
		"offer": "v=0", "publish": []any{map[string]any{"mid": "0", "source": "microphone"}, map[string]any{"mid": "1", "source": "camera"}},
		"devices": map[string]any{"camera": "ok"},
	}
	for k, v := range fields {
		m[k] = v
	}
	return b.ask("join", m)
}

func wantType(t *testing.T, m map[string]any, typ string) {
	t.Helper()
	if m["type"] != typ {
		t.Fatalf("got %v, want %s", m, typ)
	}
}

func wantError(t *testing.T, m map[string]any, code string) {
	t.Helper()
	if m["type"] != "error" || m["code"] != code {
		t.Fatalf("got %v, want the error %s", m, code)
	}
}

// people is id → presence of a participants event.
func people(m map[string]any) map[string]string {
	out := map[string]string{}
	for _, p := range m["participants"].([]any) {
		q := p.(map[string]any)
		out[q["id"].(string)] = q["presence"].(string)
	}
	return out
}

// deskPeople is id → "place presence" of a desk event.
func deskPeople(m map[string]any) map[string]string {
	out := map[string]string{}
	for _, c := range m["consultations"].([]any) {
		for _, p := range c.(map[string]any)["participants"].([]any) {
			q := p.(map[string]any)
			out[q["id"].(string)] = q["place"].(string) + " " + q["presence"].(string)
		}
	}
	return out
}

func peerOf(joined map[string]any) sfu.PeerID { return sfu.PeerID(joined["session"].(string)) }
