package api

import (
	"bytes"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"
)

// TestBadLinksLookTheSame: unknown, expired, revoked, ended and malformed links get the same bytes and headers.
func TestBadLinksLookTheSame(t *testing.T) {
	s := newSite(t)
	who, cookie := s.practitioner("Dr Mine")
	ended, revoked := s.mustStart(cookie), s.mustStart(cookie)
	end := request{method: "POST", path: "/api/v1/consultations/" + string(ended.ID) + "/end", body: `{}`, cookie: cookie}
	if w := s.do(end); w.Code != 204 {
		t.Fatal(w.Body)
	}
	for range 5 {
		path := "/api/v1/consultations/" + string(revoked.ID) + "/participants/" + string(revoked.Participant) + "/link"
		mustJSON[linkBody](s, request{method: "POST", path: path, body: `{}`, cookie: cookie}, 201)
	}
	used, expired := s.mustSignInLink(who.ID), s.mustSignInLink(who.ID)
	if w := s.do(request{method: "POST", path: "/api/v1/sign-in", body: `{"ticket":"` + used + `"}`}); w.Code != 200 {
		t.Fatal(w.Body)
	}
	old := s.mustStart(cookie)
	s.clock.Forward(25 * time.Hour)
	paths := []string{
		"/c/AAAAAAAAAAAAAAAAAAAAAAAAAAA", "/c/" + ticketOf(ended.Link), "/c/" + ticketOf(revoked.Link), "/c/" + ticketOf(old.Link),
		"/c/", "/c/x", "/c/a/b/c", "/c/%00", "/c/" + strings.Repeat("x", 3000), "/c/" + expired,
		"/sign-in/" + used, "/sign-in/" + expired, "/sign-in/x", "/sign-in/" + ticketOf(old.Link),
	}
	for _, language := range []string{"fr", "en"} {
		first := s.do(request{method: "GET", path: paths[0], header: map[string]string{"Accept-Language": language}})
		if first.Code != 404 || !strings.Contains(first.Body.String(), "page=link-gone language="+language) {
			t.Fatalf("%d %s", first.Code, first.Body)
		}
		for _, path := range paths[1:] {
			w := s.do(request{method: "GET", path: path, header: map[string]string{"Accept-Language": language}})
			if w.Code != first.Code || !bytes.Equal(w.Body.Bytes(), first.Body.Bytes()) {
				t.Errorf("%.40s: %d %s\nwant %d %s", path, w.Code, w.Body, first.Code, first.Body)
			}
			if !maps.EqualFunc(w.Header(), first.Header(), func(a, b []string) bool { return strings.Join(a, ",") == strings.Join(b, ",") }) {
				t.Errorf("%.40s: headers %v\nwant %v", path, w.Header(), first.Header())
			}
		}
	}
	var answers []string
	for _, ticket := range []string{"AAAAAAAAAAAAAAAAAAAAAAAAAAA", used, expired, ticketOf(old.Link), "x"} {
		w := s.do(request{method: "POST", path: "/api/v1/sign-in", body: `{"ticket":"` + ticket + `"}`})
		answers = append(answers, w.Body.String())
		if w.Code != 404 || answers[0] != w.Body.String() {
			t.Errorf("sign-in: %d %s, want %s", w.Code, w.Body, answers[0])
		}
	}
}

func TestWhatPagesAreTold(t *testing.T) {
	s := newSite(t)
	who, cookie := s.practitioner("Dr Mine")
	started := s.mustStart(cookie)
	ticket, signIn := ticketOf(started.Link), s.mustSignInLink(who.ID)
	tests := map[string]struct {
		path, cookie string
		has, hasNot  []string
	}{
		"home":    {"/", "", []string{"page=home", "Base:http://localhost:8080", "Name:Colloque"}, []string{"Dr Mine"}},
		"desk":    {"/desk", cookie, []string{"page=desk", "Practitioner:Dr Mine"}, []string{"Jeanne"}},
		"below":   {"/desk/patients/pt_1", cookie, []string{"page=desk"}, []string{"Jeanne"}},
		"out":     {"/desk", "", []string{"page=signed-out"}, []string{"Dr Mine"}},
		"patient": {"/c/" + ticket, "", []string{"page=patient", "Practitioner:Dr Mine", "Ticket:" + ticket, "State:created", string(started.ID), string(started.Participant)}, []string{"Jeanne", string(who.ID)}},
		"sign-in": {"/sign-in/" + signIn, "", []string{"page=sign-in", "Ticket:" + signIn, "Practitioner:Dr Mine"}, nil},
		"gone":    {"/c/zzz", cookie, []string{"page=link-gone"}, []string{"zzz", "Dr Mine"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			body := s.do(request{method: "GET", path: test.path, cookie: test.cookie}).Body.String()
			for _, word := range test.has {
				if !strings.Contains(body, word) {
					t.Errorf("%q is not in %s", word, body)
				}
			}
			for _, word := range test.hasNot {
				if strings.Contains(body, word) {
					t.Errorf("%q is in %s", word, body)
				}
			}
		})
	}
	if w := s.do(request{method: "GET", path: "/", cookie: cookie}); w.Code != 303 || w.Header().Get("Location") != "/desk" {
		t.Errorf("home, signed in: %d to %q", w.Code, w.Header().Get("Location"))
	}
}

func TestLanguages(t *testing.T) {
	s := newSite(t)
	_, cookie := s.practitioner("Dr Mine")
	start := func(language string) string {
		body := `{"language":"` + language + `"}`
		return "/c/" + ticketOf(mustJSON[startedBody](s, request{method: "POST", path: "/api/v1/consultations", body: body, cookie: cookie}, 201).Link)
	}
	english, french, german, unsaid := start("en-GB"), start("fr"), start("de"), start("")
	tests := []struct{ path, accept, want string }{
		{"/", "", "fr"},
		{"/", "en-US,en;q=0.9,fr;q=0.5", "en"},
		{"/", "fr-CA,en;q=0.8", "fr"},
		{"/", "de,nl", "fr"},
		{"/", "de, en;q=0.1", "en"},
		{"/", "\xff;;;", "fr"},
		{"/", strings.Repeat("en,", 1000), "fr"},
		{"/?lang=en", "fr", "en"},
		{"/?lang=fr", "en", "fr"},
		{"/?lang=xx", "en", "en"},
		{"/?lang=%3Cscript%3E", "en", "en"},
		{"/", "ar-MA,ar;q=0.9,fr;q=0.8", "ar"},
		{"/?lang=ar", "fr", "ar"},
		{english, "fr", "en"},
		{french, "en", "fr"},
		{french + "?lang=en", "fr", "en"},
		{german, "en", "en"},
		{unsaid, "en", "en"},
		{unsaid, "", "fr"},
	}
	for _, test := range tests {
		w := s.do(request{method: "GET", path: test.path, header: map[string]string{"Accept-Language": test.accept}})
		if !strings.Contains(w.Body.String(), "language="+test.want+" ") || w.Header().Get("Content-Language") != test.want {
			t.Errorf("%.30s with %.30q: %s %s, want %s", test.path, test.accept, w.Header().Get("Content-Language"), w.Body, test.want)
		}
	}
}

// TestChosenLanguage: what the settings keep in a cookie goes before the browser's wish, and after a link's and a patient's own.
func TestChosenLanguage(t *testing.T) {
	s := newSite(t)
	_, cookie := s.practitioner("Dr Mine")
	body := `{"language":"en"}`
	english := "/c/" + ticketOf(mustJSON[startedBody](s, request{method: "POST", path: "/api/v1/consultations", body: body, cookie: cookie}, 201).Link)
	for _, test := range []struct{ path, chosen, want string }{
		{"/", "language=ar", "ar"}, {"/", "language=", "fr"}, {"/", "language=xx", "fr"}, {"/", "language=%00", "fr"},
		{"/?lang=en", "language=ar", "en"}, {english, "language=ar", "en"},
	} {
		w := s.do(request{method: "GET", path: test.path, header: map[string]string{"Accept-Language": "fr", "Cookie": test.chosen}})
		if got := w.Header().Get("Content-Language"); got != test.want {
			t.Errorf("%.10s with %q: %s, want %s", test.path, test.chosen, got, test.want)
		}
	}
}

// TestHeadersOnEveryAnswer: pages, errors, redirects, documents, refusals.
func TestHeadersOnEveryAnswer(t *testing.T) {
	s := newSiteAt(t, "https://example.org")
	_, cookie := s.practitioner("Dr Mine")
	started := s.mustStart(cookie)
	requests := []request{
		{method: "GET", path: "/"}, {method: "GET", path: "/", cookie: cookie}, {method: "HEAD", path: "/"},
		{method: "GET", path: "/desk", cookie: cookie}, {method: "GET", path: "/desk"},
		{method: "GET", path: "/c/" + ticketOf(started.Link)}, {method: "GET", path: "/c/x"}, {method: "GET", path: "/sign-in/x"},
		{method: "GET", path: "/nowhere"}, {method: "GET", path: "//c//x"}, {method: "DELETE", path: "/"},
		{method: "GET", path: "/api/v1/openapi.json"}, {method: "GET", path: "/api/v1/nowhere"}, {method: "GET", path: "/api/v1/me"},
		{method: "GET", path: "/api/v1/me", cookie: cookie},
		{method: "POST", path: "/api/v1/consultations", body: `{}`, cookie: cookie},
		{method: "POST", path: "/api/v1/consultations", body: `{"x":1}`, cookie: cookie},
		{method: "POST", path: "/api/v1/consultations", body: `{}`, cookie: cookie, header: map[string]string{"Origin": "https://evil.example"}},
		{method: "POST", path: "/api/v1/sign-out", body: `{}`},
	}
	want := map[string]string{
		"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "Cross-Origin-Opener-Policy": "same-origin",
		"Cross-Origin-Resource-Policy": "same-origin", "Cross-Origin-Embedder-Policy": "require-corp", "Cache-Control": "no-store",
		"Strict-Transport-Security": "max-age=63072000", "X-Frame-Options": "DENY",
	}
	check := func(r request) {
		t.Helper()
		w := s.do(r)
		for name, value := range want {
			if got := w.Header().Values(name); len(got) != 1 || got[0] != value {
				t.Errorf("%s %s: %s is %q, want %q", r.method, r.path, name, got, value)
			}
		}
		checkPolicies(t, w.Header())
		if server := w.Header().Get("Server") + w.Header().Get("X-Powered-By"); server != "" {
			t.Errorf("tells what it is: %q", server)
		}
	}
	for _, r := range requests {
		check(r)
	}
	s.pages.broken = true
	check(request{method: "GET", path: "/"})
	if w := s.do(request{method: "GET", path: "/"}); w.Code != 500 || strings.Contains(w.Body.String(), "template") {
		t.Errorf("a page that does not render: %d %s", w.Code, w.Body)
	}
}

func checkPolicies(t *testing.T, h http.Header) {
	t.Helper()
	csp := h.Get("Content-Security-Policy")
	for _, rule := range []string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'",
		"require-trusted-types-for 'script'", "connect-src 'self' wss://example.org",
	} {
		if !strings.Contains("; "+csp+";", "; "+rule+";") {
			t.Errorf("%q is not in %q", rule, csp)
		}
	}
	if strings.Contains(csp, "unsafe") || strings.Contains(csp, "*") {
		t.Errorf("the policy is open: %q", csp)
	}
	for _, feature := range []string{
		"camera", "microphone", "display-capture", "screen-wake-lock", "picture-in-picture", "speaker-selection",
	} {
		if !strings.Contains(h.Get("Permissions-Policy"), feature+"=(self)") {
			t.Errorf("%s is not in %q", feature, h.Get("Permissions-Policy"))
		}
	}
	if !strings.Contains(h.Get("Permissions-Policy"), "geolocation=()") {
		t.Error("geolocation is not refused")
	}
}

func TestAssetsMayBeKept(t *testing.T) {
	assets := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	})
	s := newSite(t)
	s.handler = SecurityHeaders(assets, func() string { return "http://localhost:8080" }, false)
	w := s.do(request{method: "GET", path: "/assets/x.js"})
	if got := w.Header().Get("Cache-Control"); !strings.Contains(got, "immutable") {
		t.Errorf("Cache-Control %q", got)
	}
	if w.Header().Get("Strict-Transport-Security") != "" {
		t.Error("HSTS without TLS")
	}
	if csp := w.Header().Get("Content-Security-Policy"); !strings.Contains(csp, "ws://localhost:8080") {
		t.Errorf("%q", csp)
	}
	for _, base := range []string{"", "://", "http://a; script-src *", "http://a'b"} {
		if csp := contentSecurityPolicy(base); strings.Contains(csp, "*") || strings.Count(csp, "script-src") != 1 {
			t.Errorf("%q makes %q", base, csp)
		}
	}
}
