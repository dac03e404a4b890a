package main

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/transport/v4/test"
)

// pretend is a server of another make that answers each message by a script: what it says when a message has a word in it.
func pretend(t *testing.T, answer func(m map[string]any) string) string {
	t.Helper()
	t.Cleanup(test.CheckRoutines(t)) // called last, when all is closed
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		conn, err := (&websocket.Upgrader{}).Upgrade(w, r, nil)
		if err != nil {
			return
		}
		defer conn.Close()
		for {
			var m map[string]any
			if conn.ReadJSON(&m) != nil {
				return
			}
			if say := answer(m); say != "" && conn.WriteMessage(websocket.TextMessage, []byte(say)) != nil {
				return
			}
		}
	}))
	t.Cleanup(s.Close)
	return "ws" + strings.TrimPrefix(s.URL, "http")
}

func newTestPeer(t *testing.T) *peer {
	t.Helper()
	l, err := newLab(mediaOptions{load: loadBurst}, netip.MustParseAddr("127.0.0.1"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.close)
	p, err := newPeer(l, seat{2, 0}, true, 1)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestGaleneRefuses(t *testing.T) {
	var group any
	url := pretend(t, func(m map[string]any) string {
		if m["type"] != "join" {
			return ""
		}
		group = m["group"]
		return `{"type":"joined","kind":"fail","error":"not-authorised","value":"go away"}`
	})
	p := newTestPeer(t)
	defer p.close()
	err := (&galene{url: url}).join(t.Context(), p)
	if !errors.Is(err, errRefused) || !strings.Contains(err.Error(), "go away") || group != "bench/room2" {
		t.Errorf("%v, group %v", err, group)
	}
}

func TestGaleneOffersItsStream(t *testing.T) {
	offered := make(chan string, 1)
	url := pretend(t, func(m map[string]any) string {
		switch m["type"] {
		case "join":
			return `{"type":"joined","kind":"join","group":"bench/room2","permissions":["present"]}`
		case "request":
			return `{"type":"ping"}`
		case "offer":
			offerTo(offered, m["sdp"].(string))
			return `{"type":"close","id":"st-r2-0"}`
		}
		return ""
	})
	p := newTestPeer(t)
	defer p.close()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- (&galene{url: url}).join(ctx, p) }()
	select {
	case sdp := <-offered:
		if strings.Count(sdp, "m=") != 2 || strings.Count(sdp, "a=sendonly") != 2 {
			t.Errorf("offered\n%s", sdp)
		}
	case err := <-done:
		t.Fatal(err)
	}
	cancel() // no answer comes
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestJanusRefuses(t *testing.T) {
	for _, c := range []struct{ name, to, says, want string }{
		{"the session", "create", `{"janus":"error","transaction":"%","error":{"code":403,"reason":"no token"}}`, "no token"},
		{"the room", "message", `{"janus":"event","transaction":"%","plugindata":{"plugin":"x","data":{"videoroom":"event","error_code":427,"error":"room exists"}}}`, "427 room exists"},
		{"nothing", "attach", `{"janus":"success","transaction":"%"}`, "without a description"},
	} {
		t.Run(c.name, func(t *testing.T) {
			url := pretend(t, func(m map[string]any) string {
				says := map[string]string{
					"create": `{"janus":"success","transaction":"%","data":{"id":11}}`, "attach": `{"janus":"success","transaction":"%","data":{"id":12}}`,
					"message": `{"janus":"ack","transaction":"%"}`,
				}
				says[c.to] = c.says
				kind, _ := m["janus"].(string)
				transaction, _ := m["transaction"].(string)
				return strings.ReplaceAll(says[kind], "%", transaction)
			})
			p := newTestPeer(t)
			defer p.close()
			err := (&janus{url: url, rooms: map[int]bool{}}).join(t.Context(), p)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Error(err)
			}
		})
	}
}

// TestJanusMessages reads what a real Janus 1.1.2 says.
func TestJanusMessages(t *testing.T) {
	joined := `{"janus":"event","session_id":1,"transaction":"4","sender":2,"plugindata":{"plugin":"janus.plugin.videoroom","data":
		{"videoroom":"joined","room":1,"id":77,"private_id":4290,"publishers":[{"id":5,"display":"r0-0","streams":[{"type":"audio","mindex":0}]},{"id":6}]}}}`
	var m janusMessage
	if err := json.Unmarshal([]byte(joined), &m); err != nil || m.Transaction != "4" {
		t.Fatal(err)
	}
	if d := m.PluginData.Data; d.Private != 4290 || len(d.Publishers) != 2 || d.Publishers[1].ID != 6 || d.ErrorCode != 0 {
		t.Errorf("%+v", d)
	}
	tab := &janusTab{events: make(chan janusRoom, 1), waiting: map[string]chan janusMessage{"9": make(chan janusMessage, 1)}}
	for _, text := range []string{
		joined, // nobody asked: an event
		`{"janus":"ack","session_id":1,"transaction":"9"}`,
		`{"janus":"webrtcup","session_id":1,"sender":2}`,
		`{"janus":"event","transaction":"9","jsep":{"type":"answer","sdp":"v=0"},"plugindata":{"data":{"videoroom":"event","configured":"ok"}}}`,
	} {
		if err := tab.read([]byte(text)); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
	if len(tab.events) != 1 || len(tab.waiting) != 0 {
		t.Errorf("%d events, %d still wait", len(tab.events), len(tab.waiting))
	}
	if tab.read([]byte("{")) == nil {
		t.Error("damage is read")
	}
}

func TestConfigurations(t *testing.T) {
	for _, m := range makers() {
		t.Run(m.name, func(t *testing.T) {
			s := &server{host: netip.MustParseAddr("127.0.0.1"), maker: m}
			how, err := m.configure(s, t.TempDir())
			if err != nil {
				t.Fatal(err)
			}
			if (how.ready == "") == (how.signIn == nil) {
				t.Errorf("when it is ready is said by %+v", how)
			}
			if how.ready != "" && how.ready != s.address {
				t.Errorf("listens on %s, driven at %s", how.ready, s.address)
			}
		})
	}
}
