package api

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/colloque/colloque/consult"
)

func TestLogPath(t *testing.T) {
	secret := consult.NewSecret()
	for path, want := range map[string]string{
		"/":                    "/",
		"/desk":                "/desk",
		"/c/" + secret:         "/c/…",
		"/c/" + secret + "/":   "/c/…",
		"/c/short":             "/c/…",
		"//c//" + secret:       "/c/…",
		"/C/" + secret:         "/C/…",
		"/x/../c/" + secret:    "/c/…",
		"/sign-in/" + secret:   "/sign-in/…",
		"/calendar/x.ics":      "/calendar/…",
		"/caldav/a/x.ics":      "/caldav/…",
		"/" + secret:           "/…",
		"/wrong/" + secret:     "/wrong/…",
		"/wrong/" + secret[1:]: "/wrong/…",
		"/api/v1/sign-in":      "/api/v1/sign-in",
		"/api/v1/consultations/c_0123456789abcdefghijkl/participants/p_0123456789abcdefghijkl/link": "/api/v1/consultations/c_0123456789abcdefghijkl/participants/p_0123456789abcdefghijkl/link",
		"/assets/patient-0123456789abcdef.js":                                                       "/assets/patient-0123456789abcdef.js",
		"":                                                                                          "/",
	} {
		if got := LogPath(&http.Request{URL: &url.URL{Path: path, RawQuery: "t=" + secret}}); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
}

func FuzzLogPath(f *testing.F) {
	f.Add("/c/", "")
	f.Add("/x/", "/y")
	f.Add("/assets/../c/", "")
	f.Fuzz(func(t *testing.T, before, after string) {
		const secret = "AbCdEfGhIjKlMnOpQrStUvWxYz0"
		path := before + secret + after
		got := LogPath(&http.Request{URL: &url.URL{Path: path}})
		if strings.Contains(got, secret) && !strings.HasPrefix(got, "/assets/") {
			t.Errorf("%q is logged as %q", path, got)
		}
	})
}

func TestRemoteAddr(t *testing.T) {
	for text, want := range map[string]string{
		"192.0.2.1:1234": "192.0.2.1", "[2001:db8::1]:1": "2001:db8::1", "192.0.2.1": "192.0.2.1", "@": "invalid IP", "": "invalid IP",
	} {
		if got := RemoteAddr(&http.Request{RemoteAddr: text}).String(); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

func TestCookie(t *testing.T) {
	a, b := consult.NewSecret(), consult.NewSecret()
	for header, want := range map[string]string{
		"":                                  "",
		"colloque=" + a:                     a,
		"x=1; colloque=" + a + "; y=2":      a,
		"colloque=" + a + "; colloque=" + b: "",
		"colloque=nonsense":                 "",
		"__Host-colloque=" + a:              "",
		"Colloque=" + a:                     "",
		"colloque=\"" + a + "\"":            a,
	} {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Cookie", header)
		if got := Cookie(r, false); got != want {
			t.Errorf("%q: %q, want %q", header, got, want)
		}
	}
}

func FuzzCookie(f *testing.F) {
	f.Add("colloque=" + consult.NewSecret())
	f.Add("colloque=a; colloque=b; =; ;;\x00")
	f.Fuzz(func(t *testing.T, header string) {
		r := httptest.NewRequest("GET", "/", nil)
		r.Header.Set("Cookie", header)
		got := Cookie(r, false)
		if got == "" {
			return
		}
		if _, ok := consult.HashSecret(got); !ok || !strings.Contains(header, got) {
			t.Errorf("%q gives %q", header, got)
		}
	})
}

// FuzzStart sends any bytes as the request that starts a consultation: it starts one, or refuses with a
// sentence that does not repeat what was sent.
func FuzzStart(f *testing.F) {
	for _, seed := range []string{
		`{}`, `{"patient_name":"Jeanne","language":"fr"}`, `{"patient_name":null}`, `{"a":1}`, `[]`, `{"language":"` + strings.Repeat("x", 200) + `"}`,
		"{\"patient_name\":\"\xff\"}", `{"patient_name":"a","patient_name":"b"}`, `{"Patient_Name":"a"}`, "", "\x00", `{} {}`,
	} {
		f.Add(seed)
	}
	shared := newSite(f)
	_, cookie := shared.practitioner("Dr Mine")
	f.Fuzz(func(t *testing.T, body string) {
		s := *shared
		s.t = t
		w := s.do(request{method: "POST", path: "/api/v1/consultations", body: body, cookie: cookie})
		switch {
		case w.Code == http.StatusCreated:
			open, err := s.practice.OpenConsultations(meID(&s, cookie))
			if err != nil || len(open) != 1 || len(open[0].Participants) != 2 {
				t.Fatalf("%q: %d open, %v", body, len(open), err)
			}
			if _, err := s.practice.End(open[0].Practitioner, open[0].ID); err != nil {
				t.Fatal(err)
			}
		case w.Code >= 400 && w.Code < 500:
			checkProblem(t, w)
		default:
			t.Fatalf("%q: %d %s", body, w.Code, w.Body)
		}
	})
}

func meID(s *site, cookie string) consult.AccountID {
	s.t.Helper()
	who, err := s.accounts.Authenticate(cookie)
	s.check(err)
	return who.ID
}

// TestPanicEndsOneRequest holds that a mistake of ours is a 500 with headers, and is logged without secrets.
func TestPanicEndsOneRequest(t *testing.T) {
	s := newSite(t)
	mux := http.NewServeMux()
	mux.HandleFunc("GET /c/{ticket}", func(http.ResponseWriter, *http.Request) { panic("mistake") })
	s.handler = SecurityHeaders(&gate{mux: mux, baseURL: func() string { return s.base }, log: s.practiceLogger()}, func() string { return s.base }, false)
	secret := consult.NewSecret()
	w := s.do(request{method: "GET", path: "/c/" + secret})
	if w.Code != 500 || w.Header().Get("X-Content-Type-Options") == "" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	checkProblem(t, w)
	if log := s.log.String(); !strings.Contains(log, "mistake") || strings.Contains(log, secret) {
		t.Errorf("log: %s", log)
	}
}
