package api

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
	"github.com/colloque/colloque/consult/notify"
)

// noticesConfig has a gateway where nobody listens: nothing is sent unless a test calls Start.
func noticesConfig() notify.Config {
	cfg := notify.DefaultConfig()
	cfg.SMS.Gateways = []notify.GatewayConfig{testGateway("http://127.0.0.1:1")}
	return cfg
}

func testGateway(address string) notify.GatewayConfig {
	return notify.GatewayConfig{
		Name: "main", URL: address + "/send", Headers: map[string]string{"Content-Type": "application/json"},
		Body:      `{"to":{{json .To}},"text":{{json .Text}},"id":{{json .ID}},"report":{{json .ReportURL}}}`,
		MessageID: "json:id",
		Report:    notify.ReportConfig{Method: "POST", MessageID: "json:id", State: "json:status", Delivered: "^DELIVRD$", Failed: "^UNDELIV$"},
	}
}

func noticeTrials() map[string]trial {
	at := func(more string) func(*world) string {
		return func(w *world) string { return "/consultations/" + string(w.started.ID) + more }
	}
	of := func(more string) func(*world) string {
		return func(w *world) string { return at("/participants/" + string(w.started.Participant) + more)(w) }
	}
	template := func(*world) string { return "/templates/invitation/sms/fr" }
	report := func(*world) string { return "/sms-report/main/nonsense" }
	asForm := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	formOf := func(body string) func(*world) string { return func(*world) string { return body } }
	return map[string]trial{
		"deliveries":       {path: at("/deliveries"), theirs: true},
		"send-link":        {path: of("/send-link"), theirs: true, answers: 409}, // the owner's patient has no number
		"sheet":            {path: of("/sheet"), theirs: true},
		"undelivered":      {},
		"settle-notice":    {path: func(w *world) string { return "/notices/n_none/settle" }, answers: 404},
		"templates":        {},
		"set-template":     {path: template, body: formOf(`{"text":"{{.Practice}} {{.Link}}"}`)},
		"reset-template":   {path: template},
		"preview-template": {body: formOf(`{"kind":"invitation","channel":"sms","language":"fr","text":"{{.Practice}} {{.Link}}"}`)},
		"channels":         {},
		"test-notice":      {body: formOf(`{"phone":"+33639980010"}`)},
		"sms-report-post":  {path: report, answers: 404},
		"sms-report-put":   {path: report, answers: 404},
		"sms-report-get":   {path: report, answers: 404},
		"lost-link-page":   {},
		"lost-link":        {body: formOf("address=%2B33639980099"), header: asForm},
		"code-page":        {},
		"code":             {body: formOf("code=12+34"), header: asForm, answers: 404}, // not six figures: counts as no guess
	}
}

// sent is what a real gateway on this machine has got.
type sent struct {
	To, Text, ID, Report string
}

// sending makes a site whose outbox sends to a real HTTP server.
func sending(t *testing.T) (*site, chan sent) {
	t.Helper()
	got := make(chan sent, 100)
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var one sent
		if err := json.NewDecoder(r.Body).Decode(&one); err != nil {
			t.Error(err)
		}
		got <- one
		_, _ = io.WriteString(w, `{"id":"sms-`+one.ID+`"}`)
	}))
	t.Cleanup(gateway.Close)
	cfg := notify.DefaultConfig()
	cfg.SMS.Gateways = []notify.GatewayConfig{testGateway(gateway.URL)}
	s := newSiteWith(t, "http://localhost:8080", cfg)
	s.check(s.notices.Start(s.base))
	return s, got
}

// invited starts a consultation with somebody who has a phone and was sent an invitation.
func (s *site) invited(cookie string, who consult.Practitioner, phone string) (consult.Consultation, consult.ParticipantID) {
	s.t.Helper()
	c, secret, err := s.practice.Start(consult.StartRequest{By: who, Name: "Jeanne Martin", Language: "fr", Contact: consult.Contact{Phone: phone}})
	s.check(err)
	p := c.Participants[1]
	s.check(s.store.Update(func(tx kv.Txn) error {
		return s.notices.Put(tx, consult.Notice{
			Kind: consult.NoticeInvitation, Owner: c.Practitioner, Consultation: c.ID, Participant: p.ID, To: p.Contact, Name: p.Name, Language: "fr",
			Secret: secret, Key: "test/" + string(c.ID), Urgent: true,
		})
	}))
	return c, p.ID
}

func next(t *testing.T, from chan sent) sent {
	t.Helper()
	select {
	case one := <-from:
		return one
	case <-time.After(30 * time.Second):
		t.Fatal("nothing was sent")
		return sent{}
	}
}

func formPost(path string, values url.Values) request {
	return request{method: "POST", path: path, body: values.Encode(), header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}}
}

func TestLostLink(t *testing.T) {
	s, got := sending(t)
	who, cookie := s.practitioner("Dr Mine")
	c, patient := s.invited(cookie, who.Practitioner(), "+33639980010")
	next(t, got)
	ask := func(address string) string {
		w := s.do(formPost("/lost-link", url.Values{"address": {address}}))
		if w.Code != 200 {
			t.Errorf("%s: %d", address, w.Code)
		}
		return w.Body.String()
	}
	answer := ask("06 39 98 00 10")
	again := next(t, got)
	secret := ticketOf(again.Text)
	seat, err := s.practice.Redeem(t.Context(), secret, RemoteAddr(httptest.NewRequest("GET", "/", nil)))
	if err != nil || seat.Consultation.ID != c.ID || seat.Participant.ID != patient || again.To != "+33639980010" {
		t.Errorf("%+v, %v in %+v", seat.Participant.ID, err, again)
	}
	before := s.store.Revision()
	for _, address := range []string{"+33639980011", "nobody@example.org", "nonsense", "", "0639980010"} { // the last one was just sent a link
		if got := ask(address); got != answer {
			t.Errorf("%q is answered %q, and a number that is known %q", address, got, answer)
		}
	}
	if s.store.Revision() != before {
		t.Error("something was written for nobody")
	}
	if len(got) != 0 {
		t.Errorf("sent again: %+v", <-got)
	}
}

func TestCodeOnPaper(t *testing.T) {
	s := newSite(t)
	_, cookie := s.practitioner("Dr Mine")
	started := s.mustStart(cookie)
	at := "/api/v1/consultations/" + string(started.ID) + "/participants/" + string(started.Participant) + "/sheet"
	sheet := mustJSON[sheetBody](s, request{method: "POST", path: at, body: "{}", cookie: cookie}, 201)
	if sheet.Address != "localhost:8080/code" || len(sheet.Code) != 6 || !strings.HasPrefix(sheet.Link, s.base+"/c/") || sheet.Name != "Jeanne Martin" || sheet.TimeZone != "Europe/Paris" {
		t.Errorf("%+v", sheet)
	}
	for _, typed := range []string{sheet.Code, sheet.Code[:3] + " " + sheet.Code[3:]} {
		w := s.do(formPost("/code", url.Values{"code": {typed}}))
		link := w.Header().Get("Location")
		if w.Code != http.StatusSeeOther || !strings.HasPrefix(link, "/c/") {
			t.Fatalf("%d %s", w.Code, link)
		}
		seat, err := s.practice.Redeem(t.Context(), ticketOf(link), RemoteAddr(httptest.NewRequest("GET", "/", nil)))
		if err != nil || seat.Participant.ID != started.Participant {
			t.Errorf("%+v, %v", seat, err)
		}
	}
	wrong := "000000"
	if wrong == sheet.Code {
		wrong = "000001"
	}
	if w := s.do(formPost("/code", url.Values{"code": {wrong}})); w.Code != 404 || !strings.Contains(w.Body.String(), "State:wrong") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	for range 12 {
		s.do(formPost("/code", url.Values{"code": {wrong}}))
	}
	if w := s.do(formPost("/code", url.Values{"code": {sheet.Code}})); w.Code != 429 || !strings.Contains(w.Body.String(), "State:wait") {
		t.Errorf("after many wrong ones: %d %s", w.Code, w.Body)
	}
	mustJSON[map[string]any](s, request{method: "GET", path: "/api/v1/me", cookie: cookie}, 200)
	s2 := newSite(t)
	_, cookie = s2.practitioner("Dr Mine")
	started = s2.mustStart(cookie)
	sheet = mustJSON[sheetBody](s2, request{method: "POST", path: strings.Replace(at, at, "/api/v1/consultations/"+string(started.ID)+"/participants/"+string(started.Participant)+"/sheet", 1), body: "{}", cookie: cookie}, 201)
	s2.do(request{method: "POST", path: "/api/v1/consultations/" + string(started.ID) + "/end", body: "{}", cookie: cookie})
	if w := s2.do(formPost("/code", url.Values{"code": {sheet.Code}})); w.Code != 404 {
		t.Errorf("after the end: %d %s", w.Code, w.Body)
	}
}

func TestFormsAreTakenFromOurPagesOnly(t *testing.T) {
	s := newSite(t)
	for _, path := range []string{"/code", "/lost-link"} {
		for name, change := range map[string]func(*request){
			"another site": func(r *request) { r.header["Sec-Fetch-Site"] = "cross-site" },
			"no type":      func(r *request) { r.header["Content-Type"] = "" },
			"JSON":         func(r *request) { r.header["Content-Type"] = "application/json" },
			"two fields":   func(r *request) { r.body = "code=1&address=2" },
			"twice":        func(r *request) { r.body = "code=1&code=2" },
			"huge":         func(r *request) { r.body = "code=" + strings.Repeat("1", 20000) },
		} {
			r := formPost(path, url.Values{"code": {"1"}, "address": {"1"}})
			change(&r)
			if w := s.do(r); w.Code < 400 || w.Code >= 500 {
				t.Errorf("%s, %s: %d", path, name, w.Code)
			}
		}
	}
}

func TestDeliveriesFollowTheReports(t *testing.T) {
	s, got := sending(t)
	who, cookie := s.practitioner("Dr Mine")
	c, patient := s.invited(cookie, who.Practitioner(), "+33639980010")
	one := next(t, got)
	at := "/api/v1/consultations/" + string(c.ID) + "/deliveries"
	state := func() notify.State {
		d := mustJSON[deliveriesBody](s, request{method: "GET", path: at, cookie: cookie}, 200).Deliveries
		if len(d) != 1 || d[0].Participant != patient || d[0].Channel != notify.ChannelSMS {
			t.Fatalf("%+v", d)
		}
		return d[0].State
	}
	changes, err := s.store.Watch(t.Context(), "v1/notice/", 0)
	s.check(err)
	for state() != notify.StateSent {
		<-changes
	}
	desk, err := s.store.Watch(t.Context(), "v1/desk/", 0)
	s.check(err)
	path := strings.TrimPrefix(one.Report, s.base)
	report := request{method: "POST", path: path, body: `{"id":"sms-` + one.ID + `","status":"DELIVRD"}`, header: map[string]string{"Origin": "", "Sec-Fetch-Site": ""}}
	if w := s.do(report); w.Code != 204 || w.Body.Len() != 0 {
		t.Fatalf("%d %s", w.Code, w.Body)
	}
	if state() != notify.StateDelivered {
		t.Error(state())
	}
	if e := <-desk; e.Key != "v1/desk/"+string(who.ID) {
		t.Errorf("the desk is not told: %s", e.Key)
	}
	if strings.Contains(s.log.String(), path[strings.LastIndexByte(path, '/')+1:]) {
		t.Error("the address of reports is in the log")
	}
	today := mustJSON[dayBody](s, request{method: "GET", path: "/api/v1/consultations", cookie: cookie}, 200)
	if len(today.Consultations) != 1 || len(today.Consultations[0].Deliveries) != 1 {
		t.Errorf("the day says %+v", today)
	}
	shown := mustJSON[consultationBody](s, request{method: "GET", path: "/api/v1/consultations/" + string(c.ID), cookie: cookie}, 200)
	if len(shown.Deliveries) != 1 || shown.Deliveries[0].State != notify.StateDelivered {
		t.Errorf("%+v", shown.Deliveries)
	}
	second := request{method: "POST", path: "/api/v1/consultations/" + string(c.ID) + "/participants/" + string(patient) + "/send-link", body: "{}", cookie: cookie}
	for range 2 { // a double click
		if w := s.do(second); w.Code != 202 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	}
	if again := next(t, got); !strings.Contains(again.Text, "/c/") {
		t.Errorf("%+v", again)
	}
}

func TestTemplatesOverHTTP(t *testing.T) {
	s := newSite(t)
	_, cookie := s.somebody("The operator", "operator")
	all := mustJSON[templatesBody](s, request{method: "GET", path: "/api/v1/templates", cookie: cookie}, 200)
	if want := len(consult.NoticeKinds()) * 2 * len(notify.Languages()); len(all.Templates) != want || len(all.Fields) != len(notify.Fields()) {
		t.Errorf("%d templates, %d fields", len(all.Templates), len(all.Fields))
	}
	at := "/api/v1/templates/delay/sms/en"
	preview := mustJSON[notify.Preview](s, request{method: "PUT", path: at, body: `{"text":"{{.Practice}}: {{.Minutes}} min late € {{.Link}}"}`, cookie: cookie}, 200)
	if preview.Length == nil || preview.Length.Encoding != notify.EncodingGSM || preview.Length.Segments != 1 || !strings.Contains(preview.Text, "10 min late") {
		t.Errorf("%+v", preview)
	}
	w := s.do(request{method: "PUT", path: at, body: `{"text":"{{.Diagnosis}}"}`, cookie: cookie})
	if w.Code != 400 || !strings.Contains(w.Body.String(), "there is no field") {
		t.Errorf("%d %s", w.Code, w.Body)
	}
	if w := s.do(request{method: "DELETE", path: at, body: "", cookie: cookie}); w.Code != 204 {
		t.Errorf("%d %s", w.Code, w.Body)
	}
}
