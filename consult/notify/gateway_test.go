package notify

import (
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/colloque/colloque/consult"
)

func presetSettings() map[string]map[string]string {
	return map[string]map[string]string{
		"ovh":      {"service": "sms-ab1234-1", "application_key": "app-key", "application_secret": "app-secret", "consumer_key": "consumer-key", "sender": "Tilleuls"},
		"twilio":   {"account_sid": "AC0123", "auth_token": "token", "sender": "+33700000000"},
		"smsmode":  {"api_key": "key-of-smsmode", "sender": "Tilleuls"},
		"swisscom": {"client_id": "client-of-swisscom"},
	}
}

// TestPresets asks each preset for the request that its gateway's documents describe, answers as they do, and reads a report.
func TestPresets(t *testing.T) {
	m := message{To: "+33639980010", Text: `L'été "à" 5 € & plus`, ID: "n_1", ReportURL: "https://visio.example.org/api/v1/sms-report/x/y", Timestamp: 1763802000}
	tests := []struct {
		preset string
		url    string
		check  func(t *testing.T, r *http.Request, body string)
		status int
		header http.Header
		answer string
		id     string
		report func() *http.Request
		failed func() *http.Request
	}{
		{
			preset: "ovh", url: "https://eu.api.ovh.com/1.0/sms/sms-ab1234-1/jobs",
			check: func(t *testing.T, r *http.Request, body string) {
				var v struct {
					Message, Sender, Coding string
					Receivers               []string
					NoStopClause            bool
				}
				if err := json.Unmarshal([]byte(body), &v); err != nil || v.Message != m.Text || v.Sender != "Tilleuls" || v.Coding != "7bit" || v.Receivers[0] != m.To || !v.NoStopClause {
					t.Errorf("%s, %v", body, err)
				}
				sum := sha1.Sum([]byte("app-secret+consumer-key+POST+" + r.URL.String() + "+" + body + "+1763802000"))
				if got, want := r.Header["X-Ovh-Signature"][0], "$1$"+hex.EncodeToString(sum[:]); got != want {
					t.Errorf("signature %s, want %s", got, want)
				}
				if r.Header["X-Ovh-Timestamp"][0] != "1763802000" || r.Header["X-Ovh-Application"][0] != "app-key" || r.Header["X-Ovh-Consumer"][0] != "consumer-key" {
					t.Errorf("%v", r.Header)
				}
			},
			status: 200, answer: `{"totalCreditsRemoved":1,"invalidReceivers":[],"ids":[10867690],"validReceivers":["+33639980010"]}`, id: "10867690",
			report: func() *http.Request { return httptest.NewRequest("GET", "/?id=10867690&dlr=1&date=20261122", nil) },
			failed: func() *http.Request { return httptest.NewRequest("GET", "/?id=10867690&dlr=16", nil) },
		},
		{
			preset: "twilio", url: "https://api.twilio.com/2010-04-01/Accounts/AC0123/Messages.json",
			check: func(t *testing.T, r *http.Request, body string) {
				v, err := url.ParseQuery(body)
				if err != nil || v.Get("To") != m.To || v.Get("Body") != m.Text || v.Get("From") != "+33700000000" || v.Get("StatusCallback") != m.ReportURL {
					t.Errorf("%s, %v", body, err)
				}
				if user, password, ok := r.BasicAuth(); !ok || user != "AC0123" || password != "token" {
					t.Errorf("%v", r.Header)
				}
			},
			status: 201, answer: `{"sid":"SM1","status":"queued","error_code":null}`, id: "SM1",
			report: func() *http.Request { return form("MessageSid=SM1&MessageStatus=delivered&To=%2B33639980010") },
			failed: func() *http.Request { return form("MessageSid=SM1&MessageStatus=undelivered&ErrorCode=30003") },
		},
		{
			preset: "smsmode", url: "https://rest.smsmode.com/sms/v1/messages",
			check: func(t *testing.T, r *http.Request, body string) {
				var v struct {
					Recipient                          struct{ To string }
					Body                               struct{ Text string }
					From, RefClient, CallbackURLStatus string
				}
				if err := json.Unmarshal([]byte(body), &v); err != nil || v.Recipient.To != "33639980010" || v.Body.Text != m.Text || v.From != "Tilleuls" || v.RefClient != "n_1" || v.CallbackURLStatus != m.ReportURL {
					t.Errorf("%s, %v", body, err)
				}
				if r.Header["X-Api-Key"][0] != "key-of-smsmode" {
					t.Errorf("%v", r.Header)
				}
			},
			status: 201, answer: `{"messageId":"67c15045-1067-4588-ba3c-737cc5051438","status":{"value":"ENROUTE"}}`, id: "67c15045-1067-4588-ba3c-737cc5051438",
			report: func() *http.Request {
				return httptest.NewRequest("POST", "/", strings.NewReader(`{"messageId":"67c15045-1067-4588-ba3c-737cc5051438","status":{"value":"DELIVERED"}}`))
			},
			failed: func() *http.Request {
				return httptest.NewRequest("POST", "/", strings.NewReader(`{"messageId":"67c15045-1067-4588-ba3c-737cc5051438","status":{"value":"UNDELIVERABLE"}}`))
			},
		},
		{
			preset: "swisscom", url: "https://api.swisscom.com/messaging/sms",
			check: func(t *testing.T, r *http.Request, body string) {
				v := map[string]string{}
				if err := json.Unmarshal([]byte(body), &v); err != nil || v["to"] != m.To || v["text"] != m.Text || v["callbackUrl"] != m.ReportURL || len(v) != 3 {
					t.Errorf("%s, %v", body, err)
				}
				if asWritten(r.Header, "client_id") != "client-of-swisscom" || asWritten(r.Header, "SCS-Version") != "2" {
					t.Errorf("%v", r.Header)
				}
			},
			status: 201, header: http.Header{"Scs-Messageid": {"0001"}}, id: "0001",
			report: func() *http.Request {
				r := httptest.NewRequest("PUT", "/", strings.NewReader(`{"messageId":"0001","status":"201","description":"Delivered with delivery confirmation"}`))
				r.Header.Set("Location", "https://api.swisscom.com/messaging/sms/0001")
				return r
			},
			failed: func() *http.Request {
				r := httptest.NewRequest("PUT", "/", strings.NewReader(`{"description":"Delivery failed"}`))
				r.Header.Set("Location", "/messaging/sms/0001")
				return r
			},
		},
	}
	for _, test := range tests {
		t.Run(test.preset, func(t *testing.T) {
			g, err := newGateway(GatewayConfig{Name: test.preset, Preset: test.preset, Settings: presetSettings()[test.preset]})
			if err != nil {
				t.Fatal(err)
			}
			r, err := g.request(m)
			if err != nil {
				t.Fatal(err)
			}
			body, _ := io.ReadAll(r.Body)
			if r.URL.String() != test.url || r.Method != "POST" {
				t.Errorf("%s %s", r.Method, r.URL)
			}
			test.check(t, r, string(body))
			if test.header == nil {
				test.header = http.Header{}
			}
			got := g.judge(&http.Response{StatusCode: test.status, Status: fmt.Sprint(test.status), Header: test.header}, []byte(test.answer))
			if got.verdict != taken || got.messageID != test.id {
				t.Errorf("%+v", got)
			}
			if got := g.judge(&http.Response{StatusCode: 401, Status: "401"}, []byte("no "+presetSettings()[test.preset]["auth_token"])); got.verdict != refused {
				t.Errorf("%+v", got)
			}
			for want, make := range map[State]func() *http.Request{StateDelivered: test.report, StateFailed: test.failed} {
				r := make()
				body, _ := io.ReadAll(r.Body)
				d := document{header: r.Header, query: r.URL.Query(), body: body}
				id, _ := d.value(g.cfg.Report.MessageID)
				said, _ := d.value(g.cfg.Report.State)
				if r.Method != g.cfg.Report.Method || id != test.id || g.delivered.MatchString(said) != (want == StateDelivered) || g.failed.MatchString(said) != (want == StateFailed) {
					t.Errorf("%s: %s %q %q", want, r.Method, id, said)
				}
			}
		})
	}
	// What OVH answers when the number is none.
	g, err := newGateway(GatewayConfig{Name: "ovh", Preset: "ovh", Settings: presetSettings()["ovh"]})
	if err != nil {
		t.Fatal(err)
	}
	if got := g.judge(&http.Response{StatusCode: 200, Status: "200 OK"}, []byte(`{"ids":[],"validReceivers":[],"invalidReceivers":["+33000"]}`)); got.verdict != refused {
		t.Errorf("%+v", got)
	}
}

func form(body string) *http.Request {
	r := httptest.NewRequest("POST", "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r
}

func TestGatewaysThatCannotWork(t *testing.T) {
	good := func() GatewayConfig { return gatewayFor("main", "https://sms.example.org") }
	if _, err := newGateway(good()); err != nil {
		t.Fatal(err)
	}
	for says, spoil := range map[string]func(*GatewayConfig){
		"name":                     func(c *GatewayConfig) { c.Name = "../x" },
		"preset":                   func(c *GatewayConfig) { c.Preset = "aol" },
		"must be https":            func(c *GatewayConfig) { c.URL = "http://sms.example.org/send" },
		"it is not an address":     func(c *GatewayConfig) { c.URL = "" },
		"settings: key is missing": func(c *GatewayConfig) { c.Settings = nil },
		"body":                     func(c *GatewayConfig) { c.Body = "{{.Nothing}}" },
		"url":                      func(c *GatewayConfig) { c.URL = "{{" },
		"prefixes":                 func(c *GatewayConfig) { c.Prefixes = []string{"33"} },
		"method":                   func(c *GatewayConfig) { c.Method = "DELETE" },
		"report.method":            func(c *GatewayConfig) { c.Report.Method = "DELETE" },
		"message_id":               func(c *GatewayConfig) { c.MessageID = "xml:id" },
		"report: needs":            func(c *GatewayConfig) { c.Report.State = "" },
		"success.match":            func(c *GatewayConfig) { c.Success.Match = "(" },
		"settings.key":             func(c *GatewayConfig) { c.Settings = map[string]string{"key": "file:/does/not/exist"} },
	} {
		c := good()
		spoil(&c)
		if _, err := newGateway(c); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
	file := filepath.Join(t.TempDir(), "key")
	if err := os.WriteFile(file, []byte("from-a-file\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c := good()
	c.Settings["key"] = "file:" + file
	g, err := newGateway(c)
	if err != nil {
		t.Fatal(err)
	}
	if r, err := g.request(message{To: "+33639980010"}); err != nil || r.Header["X-Key"][0] != "from-a-file" {
		t.Errorf("%v, %v", r, err)
	}
}

func TestMailSettingsThatCannotWork(t *testing.T) {
	for says, spoil := range map[string]func(*MailConfig){
		"port":        func(c *MailConfig) { c.Port = 0 },
		"tls":         func(c *MailConfig) { c.TLS = "maybe" },
		"from":        func(c *MailConfig) { c.From = "Cabinet <a@example.org>" },
		"reply_to":    func(c *MailConfig) { c.ReplyTo = "x" },
		"ca":          func(c *MailConfig) { c.CA = "/does/not/exist" },
		"go together": func(c *MailConfig) { c.Username = "x" },
		"without TLS": func(c *MailConfig) { c.TLS, c.Username, c.Password = TLSNone, "x", "y" },
	} {
		cfg := mailOnly()
		spoil(&cfg.Mail)
		if err := cfg.Validate(); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", says, err)
		}
	}
}

func TestSources(t *testing.T) {
	d := document{
		header: http.Header{"Location": {"https://example.org/sms/42"}, "X-Id": {"7"}},
		query:  url.Values{"id": {"q"}},
		body:   []byte(`{"a":{"b":[{"id":12345678901234567890},"x",true,""]},"n":null}`),
	}
	for source, want := range map[string]string{
		"json:a.b.0.id": "12345678901234567890", "json:a.b.1": "x", "json:a.b.2": "true", "json:a.b.3": "", "json:a.b.4": "", "json:a.b.-1": "",
		"json:a": "", "json:n": "", "json:a.b.x": "", "query:id": "q", "query:x": "", "header:Location": "42", "header:x-id": "7", "form:id": "", "": "",
	} {
		if got, ok := d.value(source); got != want || ok != (want != "") {
			t.Errorf("%s: %q %v, want %q", source, got, ok, want)
		}
	}
}

func FuzzSource(f *testing.F) {
	f.Add([]byte(`{"a":[{"id":1}]}`), "json:a.0.id")
	f.Add([]byte(`a=1&b=2`), "form:b")
	f.Fuzz(func(_ *testing.T, body []byte, source string) {
		document{body: body, header: http.Header{}, query: url.Values{}}.value(source)
	})
}

func TestTestMessage(t *testing.T) {
	server := newMailServer(t, TLSStart)
	gateway := newSMSServer(t, func(w http.ResponseWriter, _ receivedRequest) {
		w.WriteHeader(401)
		_, _ = io.WriteString(w, `{"error":"key very-secret-key is not known"}`)
	})
	cfg := smsOnly(gatewayFor("main", gateway.URL, "+33"))
	cfg.Mail = server.config(TLSStart)
	p := running(t, cfg)
	got, err := p.TestMessage(t.Context(), consult.Contact{Mail: "operator@example.org"}, "", "fr")
	if err != nil || len(got) != 1 || !got[0].Taken || !strings.HasPrefix(got[0].Answer, "250 ") {
		t.Errorf("%+v, %v", got, err)
	}
	got, err = p.TestMessage(t.Context(), consult.Contact{Phone: "+33639980010"}, "", "fr")
	if err != nil || len(got) != 1 || got[0].Taken || got[0].Answer != `HTTP 401 Unauthorized: {"error":"key … is not known"}` {
		t.Errorf("%+v, %v", got, err)
	}
	for name, to := range map[string]consult.Contact{"nobody": {}, "both": {Mail: "a@example.org", Phone: "+33639980010"}, "no gateway": {Phone: "+41791234567"}} {
		if _, err := p.TestMessage(t.Context(), to, "", "fr"); consult.CodeOf(err) != consult.CodeBadMessage && consult.CodeOf(err) != consult.CodeConflict {
			t.Errorf("%s: %v", name, err)
		}
	}
	for range testsAtOnce {
		_, err = p.TestMessage(t.Context(), consult.Contact{Phone: "+33639980010"}, "", "fr")
	}
	if consult.CodeOf(err) != consult.CodeTooFast {
		t.Errorf("after many: %v", err)
	}
	wrong := cfg
	wrong.Mail.Password = "wrong-password"
	p = running(t, wrong)
	got, err = p.TestMessage(t.Context(), consult.Contact{Mail: "operator@example.org"}, "", "fr")
	if err != nil || got[0].Taken || strings.Contains(got[0].Answer, "wrong-password") || !strings.Contains(got[0].Answer, "AUTH failed") {
		t.Errorf("%+v, %v", got, err)
	}
}

// asWritten gives a header by the spelling that was sent; Get would look for Client_id.
func asWritten(h http.Header, name string) string { return strings.Join(h[name], ", ") }
