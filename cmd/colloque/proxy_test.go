package main

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/colloque/colloque/signal"
	"github.com/gorilla/websocket"
)

// TestBehindAReverseProxy: what is for this machine alone stays so when a proxy on it asks for others, and pages reach the websocket through a
// proxy that asks under a Host of its own.
func TestBehindAReverseProxy(t *testing.T) {
	for _, c := range []struct {
		name, proxies string
		header        []string
		want          int
	}{
		{"this machine", "[]", nil, http.StatusOK},
		{"an unknown proxy", "[]", []string{"127.0.0.1"}, http.StatusNotFound},
		{"a proxy that is trusted, for itself", "[127.0.0.1]", nil, http.StatusOK},
		{"for a stranger", "[127.0.0.1]", []string{"203.0.113.9"}, http.StatusNotFound},
		{"for a stranger who claims to be here", "[127.0.0.1]", []string{"127.0.0.1, 203.0.113.9"}, http.StatusNotFound},
		{"a stranger's proxy", "[10.0.0.0/8]", []string{"203.0.113.9"}, http.StatusOK}, // the peer, this machine, counts
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "colloque.yaml")
			if err := os.WriteFile(file, []byte("http:\n  trusted_proxies: "+c.proxies+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			p := startProgram(t, t.TempDir(), "--config", file)
			b := p.browser()
			req, _ := http.NewRequest(http.MethodGet, p.base+"/metrics", nil)
			req.Header["X-Forwarded-For"] = c.header
			resp, err := b.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			resp.Body.Close()
			if resp.StatusCode != c.want {
				t.Errorf("/metrics: %d, want %d", resp.StatusCode, c.want)
			}
			if logged, err := os.ReadFile(p.log); err != nil || strings.Contains(string(logged), "203.0.113.9") {
				t.Errorf("the log holds an address: %v", err)
			}
		})
	}
	p := startProgram(t, t.TempDir())
	for origin, want := range map[string]int{p.base: http.StatusSwitchingProtocols, "https://elsewhere.example": http.StatusForbidden} {
		d := websocket.Dialer{Subprotocols: []string{signal.Subprotocol}, HandshakeTimeout: deadline}
		ws, resp, err := d.Dial("ws"+strings.TrimPrefix(p.base, "http")+"/signal", http.Header{"Origin": {origin}, "Host": {"upstream.internal:8080"}})
		if err == nil {
			ws.Close()
		}
		if resp == nil || resp.StatusCode != want {
			t.Errorf("a websocket from %s: %v, %v", origin, resp, err)
		}
	}
}
