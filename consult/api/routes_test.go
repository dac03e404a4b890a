package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/colloque/colloque/consult"
)

// TestRoutes is every route × who asks.
func TestRoutes(t *testing.T) {
	s := newSite(t)
	me, mine := s.practitioner("Dr Mine")
	_, theirs := s.practitioner("Dr Theirs")
	started := s.mustStart(mine)
	at := "/api/v1/consultations/" + string(started.ID)
	tests := []struct {
		method, path, body      string
		signedOut, owner, other int
	}{
		{"GET", "/", "", 200, 303, 303},
		{"GET", "/desk", "", 401, 200, 200},
		{"GET", "/desk/patients/pt_1", "", 401, 200, 200},
		{"GET", "/c/" + ticketOf(started.Link), "", 200, 200, 200},
		{"GET", "/c/nonsense", "", 404, 404, 404},
		{"GET", "/sign-in/nonsense", "", 404, 404, 404},
		{"GET", "/nowhere", "", 404, 404, 404},
		{"GET", "/api/v1/openapi.json", "", 200, 200, 200},
		{"GET", "/api/v1/me", "", 401, 200, 200},
		{"PATCH", "/api/v1/me", `{"name":"Dr New"}`, 401, 200, 200},
		{"POST", "/api/v1/sign-in", `{"ticket":"nonsense"}`, 404, 404, 404},
		{"POST", "/api/v1/consultations", `{}`, 401, 201, 201},
		{"POST", "/api/v1/consultations", `{"patient_name":"Ana","language":"en"}`, 401, 201, 201},
		{"POST", "/api/v1/consultations", `{"scheduled_at":"2026-11-29T10:00:00Z","duration_minutes":20,"birth_date":"1957-03-09","needs":["hearing"],"time_zone":"Europe/Paris","contact":{"phone":"+33639980010","reach":"sms"}}`, 401, 201, 201},
		{"POST", "/api/v1/consultations", `{"scheduled_at":"2020-11-29T10:00:00Z"}`, 401, 400, 400},
		{"POST", "/api/v1/consultations", `{"scheduled_at":"tomorrow"}`, 401, 422, 422},
		{"POST", "/api/v1/consultations", `{"contact":{"reach":"pigeon"}}`, 401, 422, 422},
		{"GET", "/api/v1/consultations", "", 401, 200, 200},
		{"GET", "/api/v1/consultations?date=2026-11-22&practitioner=" + string(me.ID), "", 401, 200, 404},
		{"GET", "/api/v1/consultations?date=yesterday", "", 401, 400, 400},
		{"GET", "/api/v1/consultations?date=2026-02-30", "", 401, 400, 400},
		{"GET", "/api/v1/consultations?of=me", "", 401, 422, 422},
		{"GET", at, "", 401, 200, 404},
		{"GET", "/api/v1/consultations/c_nothing", "", 401, 404, 404},
		{"POST", at + "/participants", `{"role":"interpreter","name":"Paul"}`, 401, 201, 404},
		{"POST", at + "/participants/" + string(started.Participant) + "/link", `{}`, 401, 201, 404},
		{"POST", at + "/participants/" + string(started.Participant) + "/link", ``, 401, 201, 404},
		{"POST", at + "/participants/p_nobody/link", `{}`, 401, 404, 404},
		{"POST", "/api/v1/consultations/c_nothing/end", `{}`, 401, 404, 404},
		{"POST", at + "/end", `{}`, 401, 204, 404},
		{"POST", at + "/end", `{}`, 401, 409, 404},
		{"POST", at + "/participants", `{"role":"guest"}`, 401, 409, 404},
		{"POST", "/api/v1/sign-out", `{}`, 204, 204, 204},
		{"GET", "/api/v1/me", "", 401, 401, 401},
	}
	for _, test := range tests {
		for _, asks := range []struct {
			who, cookie string
			want        int
		}{{"signed out", "", test.signedOut}, {"another", theirs, test.other}, {"owner", mine, test.owner}} {
			w := s.do(request{method: test.method, path: test.path, body: test.body, cookie: asks.cookie})
			if w.Code != asks.want {
				t.Errorf("%s %s, %s: %d %s, want %d", test.method, test.path, asks.who, w.Code, w.Body, asks.want)
			}
			if strings.HasPrefix(test.path, "/api/") && w.Code >= 400 {
				checkProblem(t, w)
			}
		}
	}
}

// checkProblem wants one clear sentence in the form of RFC 9457.
func checkProblem(t testing.TB, w *httptest.ResponseRecorder) {
	t.Helper()
	var p Problem
	decoder := json.NewDecoder(w.Body)
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil {
		t.Errorf("%v in %s", err, w.Body)
		return
	}
	if kind := w.Header().Get("Content-Type"); kind != problemType {
		t.Errorf("content type %q", kind)
	}
	if p.Status != w.Code || p.Title != http.StatusText(w.Code) || p.Code == "" || !strings.HasSuffix(p.Detail, ".") {
		t.Errorf("status %d with %+v", w.Code, p)
	}
}

func TestBadBodies(t *testing.T) {
	s := newSite(t)
	_, cookie := s.practitioner("Dr Mine")
	started := s.mustStart(cookie)
	invite := "/api/v1/consultations/" + string(started.ID) + "/participants"
	end := "/api/v1/consultations/" + string(started.ID) + "/end"
	tests := []struct {
		name, method, path, body string
		want                     int
	}{
		{"unknown field", "POST", "/api/v1/consultations", `{"patient_name":"Ana","admin":true}`, 422},
		{"unknown field in nothing", "POST", end, `{"now":true}`, 422},
		{"not an object", "POST", "/api/v1/consultations", `[]`, 422},
		{"not JSON", "POST", "/api/v1/consultations", `{"patient_name":`, 400},
		{"two values", "POST", "/api/v1/consultations", `{} {}`, 400},
		{"wrong type", "POST", "/api/v1/consultations", `{"patient_name":7}`, 422},
		{"no body", "POST", "/api/v1/consultations", ``, 400},
		{"long name", "POST", "/api/v1/consultations", `{"patient_name":"` + strings.Repeat("a", 101) + `"}`, 400},
		{"long string", "POST", "/api/v1/consultations", `{"patient_name":"` + strings.Repeat("a", 401) + `"}`, 422},
		{"huge", "POST", "/api/v1/consultations", `{"patient_name":"` + strings.Repeat("a", maxBody) + `"}`, 413},
		{"no language", "POST", "/api/v1/consultations", `{"language":"??"}`, 400},
		{"practitioner", "POST", invite, `{"role":"practitioner"}`, 422},
		{"no role", "POST", invite, `{"name":"Paul"}`, 422},
		{"name missing", "PATCH", "/api/v1/me", `{}`, 422},
		{"name empty", "PATCH", "/api/v1/me", `{"name":" "}`, 400},
		{"ticket missing", "POST", "/api/v1/sign-in", `{}`, 422},
		{"unknown query", "GET", "/api/v1/me?all=1", ``, 422},
	}
	before := s.store.Revision()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			w := s.do(request{method: test.method, path: test.path, body: test.body, cookie: cookie})
			if w.Code != test.want {
				t.Errorf("%d %s, want %d", w.Code, w.Body, test.want)
			}
			checkProblem(t, w)
		})
	}
	if s.store.Revision() != before {
		t.Error("a bad request changed something")
	}
}

func TestOnlyOurOwnPagesChangeAnything(t *testing.T) {
	s := newSite(t)
	_, cookie := s.practitioner("Dr Mine")
	tests := []struct {
		name   string
		header map[string]string
		want   int
	}{
		{"our page", nil, 201},
		{"without Sec-Fetch-Site", map[string]string{"Sec-Fetch-Site": ""}, 201},
		{"without Origin", map[string]string{"Origin": ""}, 201},
		{"default port, capitals", map[string]string{"Origin": "http://LOCALHOST:8080"}, 201},
		{"JSON with charset", map[string]string{"Content-Type": "application/json; charset=utf-8"}, 201},
		{"neither", map[string]string{"Origin": "", "Sec-Fetch-Site": ""}, 403},
		{"other site", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
		{"sister site", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
		{"address bar", map[string]string{"Sec-Fetch-Site": "none"}, 403},
		{"other origin", map[string]string{"Origin": "http://evil.example", "Sec-Fetch-Site": ""}, 403},
		{"other origin that lies", map[string]string{"Origin": "http://evil.example"}, 403},
		{"other port", map[string]string{"Origin": "http://localhost:8081", "Sec-Fetch-Site": ""}, 403},
		{"other scheme", map[string]string{"Origin": "https://localhost:8080", "Sec-Fetch-Site": ""}, 403},
		{"null", map[string]string{"Origin": "null", "Sec-Fetch-Site": ""}, 403},
		{"prefix", map[string]string{"Origin": "http://localhost:8080.evil.example", "Sec-Fetch-Site": ""}, 403},
		{"user", map[string]string{"Origin": "http://localhost:8080@evil.example", "Sec-Fetch-Site": ""}, 403},
		{"form", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, 415},
		{"text", map[string]string{"Content-Type": "text/plain"}, 415},
		{"other JSON", map[string]string{"Content-Type": "application/merge-patch+json"}, 415},
		{"nothing", map[string]string{"Content-Type": ""}, 415},
		{"both", map[string]string{"Content-Type": "application/json, text/plain"}, 415},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			before := s.store.Revision()
			w := s.do(request{method: "POST", path: "/api/v1/consultations", body: `{}`, cookie: cookie, header: test.header})
			if w.Code != test.want {
				t.Fatalf("%d %s, want %d", w.Code, w.Body, test.want)
			}
			if w.Code >= 400 {
				checkProblem(t, w)
				if s.store.Revision() != before {
					t.Error("refused, and changed something")
				}
			}
		})
	}
}

// TestReadingChangesNothing is promise 2: scanners and previews open every link.
func TestReadingChangesNothing(t *testing.T) {
	s := newSite(t)
	who, cookie := s.practitioner("Dr Mine")
	started := s.mustStart(cookie)
	signIn := s.mustSignInLink(who.ID)
	paths := []string{
		"/", "/desk", "/c/" + ticketOf(started.Link), "/c/nonsense", "/sign-in/" + signIn, "/sign-in/nonsense", "/nowhere",
		"/api/v1/me", "/api/v1/openapi.json", "/api/v1/sign-in", "/api/v1/sign-out", "/api/v1/consultations",
		"/api/v1/consultations/" + string(started.ID) + "/end",
		"/api/v1/consultations/" + string(started.ID) + "/participants",
	}
	before := s.store.Revision()
	for _, method := range []string{"GET", "HEAD", "OPTIONS"} {
		for _, path := range paths {
			for _, c := range []string{"", cookie} {
				w := s.do(request{method: method, path: path, cookie: c})
				if len(w.Result().Cookies()) != 0 {
					t.Errorf("%s %s sets a cookie", method, path)
				}
			}
		}
	}
	if after := s.store.Revision(); after != before {
		t.Errorf("revision went from %d to %d", before, after)
	}
	w := s.do(request{method: "POST", path: "/api/v1/sign-in", body: `{"ticket":"` + signIn + `"}`})
	if w.Code != http.StatusOK {
		t.Errorf("after all this the link is used up: %d %s", w.Code, w.Body)
	}
}

func TestMethods(t *testing.T) {
	s := newSite(t)
	for path, allow := range map[string]string{
		"/": "GET, HEAD", "/desk": "GET, HEAD", "/c/x": "GET, HEAD", "/api/v1/me": "GET, HEAD, PATCH", "/api/v1/sign-in": "POST",
	} {
		w := s.do(request{method: "DELETE", path: path})
		if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != allow {
			t.Errorf("%s: %d, Allow %q, want %q", path, w.Code, w.Header().Get("Allow"), allow)
		}
		checkProblem(t, w)
	}
	if w := s.do(request{method: "BREWscript", path: "/"}); strings.Contains(w.Body.String(), "script") {
		t.Errorf("the method is echoed: %s", w.Body)
	}
}

func TestSigningInAndOut(t *testing.T) {
	for _, base := range []string{"http://localhost:8080", "https://example.org"} {
		t.Run(base, func(t *testing.T) {
			s := newSiteAt(t, base)
			who, old := s.practitioner("Dr Mine")
			link := s.mustSignInLink(who.ID)
			w := s.do(request{method: "POST", path: "/api/v1/sign-in", body: `{"ticket":"` + link + `"}`, cookie: old})
			cookies := w.Result().Cookies()
			if w.Code != http.StatusOK || len(cookies) != 1 {
				t.Fatalf("%d %s %v", w.Code, w.Body, cookies)
			}
			c := cookies[0]
			wantName := "colloque"
			if s.secure {
				wantName = "__Host-colloque"
			}
			if c.Name != wantName || !c.HttpOnly || c.Secure != s.secure || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge <= 0 {
				t.Errorf("cookie %+v", c)
			}
			me := mustJSON[meBody](s, request{method: "GET", path: "/api/v1/me", cookie: c.Value}, 200)
			if me.ID != who.ID || me.Name != "Dr Mine" {
				t.Errorf("me: %+v", me)
			}
			if w := s.do(request{method: "GET", path: "/api/v1/me", cookie: old}); w.Code != 401 {
				t.Errorf("the cookie from before still works: %d", w.Code)
			}
			if w := s.do(request{method: "POST", path: "/api/v1/sign-in", body: `{"ticket":"` + link + `"}`}); w.Code != 404 {
				t.Errorf("the link works again: %d", w.Code)
			}
			out := s.do(request{method: "POST", path: "/api/v1/sign-out", body: "{}", cookie: c.Value})
			if gone := out.Result().Cookies(); len(gone) != 1 || gone[0].MaxAge >= 0 || gone[0].Name != wantName {
				t.Errorf("sign-out sets %v", gone)
			}
			if w := s.do(request{method: "GET", path: "/api/v1/me", cookie: c.Value}); w.Code != 401 {
				t.Errorf("signed out and still in: %d", w.Code)
			}
			if strings.Contains(s.log.String(), link) || strings.Contains(s.log.String(), c.Value) {
				t.Error("a secret is in the log")
			}
		})
	}
}

func TestLinksLeadToTheirSeats(t *testing.T) {
	s := newSite(t)
	_, cookie := s.practitioner("Dr Mine")
	started := s.mustStart(cookie)
	at := "/api/v1/consultations/" + string(started.ID) + "/participants"
	invited := mustJSON[invitedBody](s, request{method: "POST", path: at, body: `{"role":"interpreter","name":"Paul"}`, cookie: cookie}, 201)
	again := mustJSON[linkBody](s, request{method: "POST", path: at + "/" + string(invited.Participant) + "/link", body: `{}`, cookie: cookie}, 201)
	for link, want := range map[string]consult.ParticipantID{started.Link: started.Participant, invited.Link: invited.Participant, again.Link: invited.Participant} {
		seat, err := s.practice.Redeem(t.Context(), ticketOf(link), RemoteAddr(httptest.NewRequest("GET", "/", nil)))
		if err != nil || seat.Participant.ID != want || !strings.HasPrefix(link, s.base+"/c/") {
			t.Errorf("%s leads to %s, want %s, %v", link, seat.Participant.ID, want, err)
		}
	}
}

func TestOpenAPI(t *testing.T) {
	s := newSite(t)
	doc := mustJSON[struct {
		OpenAPI string                    `json:"openapi"`
		Paths   map[string]map[string]any `json:"paths"`
	}](s, request{method: "GET", path: "/api/v1/openapi.json"}, 200)
	if !strings.HasPrefix(doc.OpenAPI, "3.1") {
		t.Errorf("version %s", doc.OpenAPI)
	}
	for _, row := range (&api{}).operations() { // and nothing else
		path := doc.Paths[row.path]
		if _, ok := path[strings.ToLower(row.method)]; !ok {
			t.Errorf("%s is not in the document", row.pattern())
		}
		if delete(path, strings.ToLower(row.method)); len(path) == 0 {
			delete(doc.Paths, row.path)
		}
	}
	if len(doc.Paths) != 0 {
		t.Errorf("in the document, and no operation: %v", doc.Paths)
	}
	raw := s.do(request{method: "GET", path: "/api/v1/openapi.json"}).Body.String()
	for _, word := range []string{"ErrorModel", "$schema", "unpkg"} {
		if strings.Contains(raw, word) {
			t.Errorf("the document holds %q", word)
		}
	}
	if !strings.Contains(raw, problemType) || !strings.Contains(raw, `"additionalProperties":false`) {
		t.Error("the document does not say how errors look, or that unknown fields are refused")
	}
}

func ticketOf(link string) string { return link[strings.LastIndexByte(link, '/')+1:] }
