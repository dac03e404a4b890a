package notify

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/emersion/go-smtp"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

const testBase = "https://visio.example.org"

// running is a post that sends.
func running(t *testing.T, cfg Config) *post {
	t.Helper()
	p := newPost(t, cfg)
	p.check(p.Start(testBase))
	t.Cleanup(func() { p.check(p.Close()) })
	return p
}

// become waits until the consultation's notices look as wanted.
func (p *post) become(want ...State) []Delivery {
	p.t.Helper()
	changes, err := p.store.Watch(p.t.Context(), "v1/notice/", 0)
	p.check(err)
	deadline := time.After(30 * time.Second)
	for {
		got := p.mustDeliveries("c_1")
		states := make([]State, len(got))
		for i, d := range got {
			states[i] = d.State
		}
		if fmt.Sprint(states) == fmt.Sprint(want) {
			return got
		}
		select {
		case <-changes:
		case <-deadline:
			p.t.Fatalf("states %v, want %v\n%s", states, want, p.log)
		}
	}
}

func TestMailIsSent(t *testing.T) {
	for _, kind := range []string{TLSStart, TLSImplicit, TLSNone} {
		t.Run(kind, func(t *testing.T) {
			server := newMailServer(t, kind)
			cfg := DefaultConfig()
			cfg.Mail = server.config(kind)
			p := running(t, cfg)
			n := invitation()
			n.Fields = map[string]string{consult.FieldAt: "2026-11-24T13:30:00Z", consult.FieldPractitioner: "Dr Claire Moreau"}
			n.TimeZone = "America/Martinique"
			p.check(p.put(n))
			p.become(StateSent)
			m := server.received()[0]
			if m.to != n.To.Mail || m.tls != (kind != TLSNone) {
				t.Errorf("to %s, tls %v", m.to, m.tls)
			}
			for _, want := range []string{"Auto-Submitted: auto-generated", "Content-Language: fr", "mardi 24 novembre 2026", "09:30 (heure de Martinique)", testBase + "/c/canary-secret", "text/html"} {
				if !strings.Contains(plain(m.raw), want) {
					t.Errorf("%q is not in the mail:\n%s", want, plain(m.raw))
				}
			}
			if subject := decodeHeader(m.header.Get("Subject")); subject != "Cabinet des Tilleuls : votre rendez-vous vidéo" {
				t.Errorf("subject %q", subject)
			}
			p.nothingPersonalIn("log", p.log.String())
		})
	}
}

// nothingPersonalIn looks for what invitation holds.
func (p *post) nothingPersonalIn(what, text string) {
	p.t.Helper()
	for _, canary := range []string{"canary", "Canary", "39980010", "sesame", "very-secret"} {
		if strings.Contains(text, canary) {
			p.t.Errorf("%q is in the %s:\n%s", canary, what, text)
		}
	}
}

func TestMailServersThatSayNo(t *testing.T) {
	tests := []struct {
		name, step string
		err        error
		want       State
		mails      int // that the server holds in the end
	}{
		{"no such person", "rcpt", &smtp.SMTPError{Code: 550, Message: "no canary@example.org here"}, StateFailed, 0},
		{"busy", "rcpt", &smtp.SMTPError{Code: 451, Message: "greylisted canary@example.org"}, StateSent, 1},
		{"we are not liked", "rcpt", &smtp.SMTPError{Code: 530, Message: "authenticate first"}, StateSent, 1},
		{"spam", "data", &smtp.SMTPError{Code: 554, Message: "looks like spam"}, StateFailed, 0},
		{"disk full", "data", &smtp.SMTPError{Code: 452, Message: "later"}, StateSent, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			server := newMailServer(t, TLSNone)
			var asked atomic.Int32
			server.refuse = func(step string) error {
				if step == test.step && asked.Add(1) == 1 {
					return test.err
				}
				return nil
			}
			cfg := DefaultConfig()
			cfg.Mail = server.config(TLSNone)
			p := running(t, cfg)
			p.check(p.put(invitation()))
			if test.want == StateSent {
				p.waitForAttempt(1)
				p.wakeIn(10 * time.Second)
			}
			p.become(test.want)
			if got := len(server.received()); got != test.mails {
				t.Errorf("%d mails, want %d", got, test.mails)
			}
			p.nothingPersonalIn("log", p.log.String())
		})
	}
}

// waitForAttempt returns when the first notice waits for another attempt.
func (p *post) waitForAttempt(attempts int) {
	p.t.Helper()
	changes, err := p.store.Watch(p.t.Context(), "v1/notice/", 0)
	p.check(err)
	deadline := time.After(30 * time.Second)
	for {
		entries, err := p.store.Range("v1/notice/", "", 1)
		p.check(err)
		r, err := loadRow(p.store, consult.NoticeID(strings.TrimPrefix(entries[0].Key, "v1/notice/")))
		p.check(err)
		if r.Attempts == attempts && r.State == StateQueued {
			return
		}
		select {
		case <-changes:
		case <-deadline:
			p.t.Fatalf("%+v\n%s", r, p.log)
		}
	}
}

// wakeIn turns the clock, and lets the dispatchers look at it.
func (p *post) wakeIn(d time.Duration) {
	p.t.Helper()
	p.clock.Forward(d)
	for _, channel := range []Channel{ChannelMail, ChannelSMS} {
		p.check(p.store.Update(func(tx kv.Txn) error { return tx.Put(duePrefixOf(channel)+"99990101T000000.000000000Z/n_none", nil) }))
	}
}

func TestALineThatBreaksAfterTheMailIsNotTriedAgain(t *testing.T) {
	server := newMailServer(t, TLSNone)
	server.drop = func() bool { return true }
	cfg := DefaultConfig()
	cfg.Mail = server.config(TLSNone)
	p := running(t, cfg)
	p.check(p.put(invitation()))
	got := p.become(StateUncertain)
	if got[0].Reason != ReasonInterrupt || len(server.received()) != 1 {
		t.Errorf("%+v, %d mails", got[0], len(server.received()))
	}
}

func TestMailServerThatIsNotThere(t *testing.T) {
	cfg := DefaultConfig()
	cfg.Mail = MailConfig{Host: "127.0.0.1", Port: 1, TLS: TLSNone, From: "a@example.org"}
	p := running(t, cfg)
	p.check(p.put(invitation()))
	p.waitForAttempt(1)
	p.wakeIn(25 * time.Hour)
	if got := p.become(StateFailed); got[0].Reason != ReasonExpired {
		t.Errorf("%+v", got[0])
	}
}

func textMessage() consult.Notice {
	n := invitation()
	n.To.Reach = consult.ReachSMS
	return n
}

func TestTextMessageIsSentAndReported(t *testing.T) {
	gateway := newSMSServer(t, accept)
	p := running(t, smsOnly(gatewayFor("main", gateway.URL)))
	p.check(p.put(textMessage()))
	sent := p.become(StateSent)
	r := gateway.received()[0]
	if r.header.Get("X-Key") != "very-secret-key" || r.path != "/send" {
		t.Errorf("%+v", r)
	}
	text, _ := jsonValue([]byte(r.body), "text")
	if want := "Cabinet des Tilleuls : rendez-vous vidéo maintenant. Votre lien : " + testBase + "/c/canary-secret"; text != want {
		t.Errorf("%q, want %q", text, want)
	}
	address, _ := jsonValue([]byte(r.body), "report")
	secret := address[strings.LastIndexByte(address, '/')+1:]
	report := func(gateway, secret, method, body string) error {
		return p.Report(gateway, secret, httptest.NewRequest(method, "/", strings.NewReader(body)))
	}
	id := "sms-" + string(sent[0].Notice)
	for name, err := range map[string]error{
		"wrong secret":  report("main", "x"+secret[1:], "POST", `{"id":"`+id+`","status":"DELIVRD"}`),
		"other gateway": report("other", secret, "POST", `{"id":"`+id+`","status":"DELIVRD"}`),
		"GET":           report("main", secret, "GET", `{"id":"`+id+`","status":"DELIVRD"}`),
	} {
		if !errors.Is(err, consult.ErrNotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := report("main", secret, "POST", `{"status":"DELIVRD"}`); consult.CodeOf(err) != consult.CodeBadMessage {
		t.Errorf("no id: %v", err)
	}
	p.check(report("main", secret, "POST", `{"id":"`+id+`","status":"ACCEPTD"}`))
	p.become(StateSent)
	p.check(report("main", secret, "POST", `{"id":"`+id+`","status":"UNDELIV"}`))
	if got := p.become(StateFailed); got[0].Reason != ReasonUnreached {
		t.Errorf("%+v", got[0])
	}
	p.check(report("main", secret, "POST", `{"id":"`+id+`","status":"DELIVRD"}`))
	p.check(report("main", secret, "POST", `{"id":"`+id+`","status":"UNDELIV"}`)) // overtaken by the one before
	p.become(StateDelivered)
	p.nothingPersonalIn("log", p.log.String())
}

func TestAReportThatComesBeforeTheAnswer(t *testing.T) {
	var p *post
	gateway := newSMSServer(t, func(w http.ResponseWriter, r receivedRequest) {
		address, _ := jsonValue([]byte(r.body), "report")
		id, _ := jsonValue([]byte(r.body), "id")
		parts := strings.Split(strings.TrimPrefix(address, testBase+ReportPath), "/")
		body := strings.NewReader(`{"id":"sms-` + id + `","status":"DELIVRD"}`)
		if err := p.Report(parts[0], parts[1], httptest.NewRequest("POST", "/", body)); err != nil {
			t.Error(err)
		}
		accept(w, r)
	})
	p = newPost(t, smsOnly(gatewayFor("main", gateway.URL)))
	p.check(p.Start(testBase))
	defer p.Close()
	p.check(p.put(textMessage()))
	p.become(StateDelivered)
}

func TestFallback(t *testing.T) {
	status := func(code int) func(http.ResponseWriter, receivedRequest) {
		return func(w http.ResponseWriter, _ receivedRequest) {
			w.WriteHeader(code)
			_, _ = io.WriteString(w, "key very-secret-key for 33639980010, Canary Martin")
		}
	}
	hangUp := func(http.ResponseWriter, receivedRequest) { panic(http.ErrAbortHandler) }
	dead := newSMSServer(t, accept)
	dead.Close()
	tests := []struct {
		name        string
		first       func(http.ResponseWriter, receivedRequest)
		idempotent  bool
		want        State
		secondAsked int
	}{
		{"refused", status(400), false, StateSent, 1},
		{"wrong key", status(401), false, StateSent, 1},
		{"quota", status(429), false, StateSent, 1},
		{"down", status(503), false, StateSent, 1},
		{"no success in a 200", func(w http.ResponseWriter, _ receivedRequest) { _, _ = io.WriteString(w, `{"ok":false}`) }, false, StateSent, 1},
		{"redirected", status(302), false, StateSent, 1},
		{"a proxy gave up", status(504), false, StateUncertain, 0},
		{"hung up", hangUp, false, StateUncertain, 0},
		{"hung up, knows ids", hangUp, true, StateSent, 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			first, second := newSMSServer(t, test.first), newSMSServer(t, accept)
			one := gatewayFor("one", first.URL)
			one.Idempotent = test.idempotent
			p := running(t, smsOnly(one, gatewayFor("two", second.URL)))
			p.check(p.put(textMessage()))
			p.become(test.want)
			if got := len(second.received()); got != test.secondAsked {
				t.Errorf("the second was asked %d times", got)
			}
			p.nothingPersonalIn("log", p.log.String())
		})
	}
	t.Run("nobody there", func(t *testing.T) {
		second := newSMSServer(t, accept)
		p := running(t, smsOnly(gatewayFor("one", dead.URL), gatewayFor("two", second.URL)))
		p.check(p.put(textMessage()))
		p.become(StateSent)
	})
	t.Run("all refuse", func(t *testing.T) {
		first := newSMSServer(t, status(400))
		p := running(t, smsOnly(gatewayFor("one", first.URL)))
		p.check(p.put(textMessage()))
		if got := p.become(StateFailed); got[0].Reason != ReasonRefused {
			t.Errorf("%+v", got[0])
		}
	})
	t.Run("back-off, and the one that refused is not asked again", func(t *testing.T) {
		var up atomic.Bool
		first := newSMSServer(t, status(400))
		second := newSMSServer(t, func(w http.ResponseWriter, r receivedRequest) {
			if up.Load() {
				accept(w, r)
			} else {
				w.WriteHeader(503)
			}
		})
		p := running(t, smsOnly(gatewayFor("one", first.URL), gatewayFor("two", second.URL)))
		p.check(p.put(textMessage()))
		p.waitForAttempt(1)
		p.wakeIn(7 * time.Second)
		p.waitForAttempt(2)
		up.Store(true)
		p.wakeIn(20 * time.Second)
		p.become(StateSent)
		if a, b := len(first.received()), len(second.received()); a != 1 || b != 3 {
			t.Errorf("asked %d and %d times", a, b)
		}
	})
}

func TestPrefixes(t *testing.T) {
	tests := []struct {
		prefixes string
		phone    string
		want     bool
	}{
		{"", "+33612345678", true},
		{"+33", "+33612345678", true},
		{"+33", "+41791234567", false},
		{"+33 +41", "+41791234567", true},
		{"!+374", "+33612345678", true},
		{"!+374", "+37410123456", false},
		{"+33 !+33700", "+33700123456", false},
		{"+33 !+33700 +337001", "+33700123456", true},
		{"+ !+374", "+33612345678", true},
		{"+ !+374", "+37410123456", false},
	}
	for _, test := range tests {
		if got := (GatewayConfig{Prefixes: strings.Fields(test.prefixes)}).serves(test.phone); got != test.want {
			t.Errorf("%q serves %s: %v", test.prefixes, test.phone, got)
		}
	}
}

func TestQuietHours(t *testing.T) {
	tests := []struct {
		name, zone, now string
		change          func(*consult.Notice)
		wait            string // until; "" for not
	}{
		{"day", "Europe/Paris", "2026-11-22T15:00:00+01:00", nil, ""},
		{"evening", "Europe/Paris", "2026-11-22T21:00:00+01:00", nil, "2026-11-23T08:00:00+01:00"},
		{"night", "Europe/Paris", "2026-11-22T03:00:00+01:00", nil, "2026-11-22T08:00:00+01:00"},
		{"eight sharp", "Europe/Paris", "2026-11-22T08:00:00+01:00", nil, ""},
		{"day here, night there", "America/Martinique", "2026-11-22T09:00:00+01:00", nil, "2026-11-22T08:00:00-04:00"},
		{"clocks go forward", "Europe/Paris", "2026-03-28T23:00:00+01:00", nil, "2026-03-29T08:00:00+02:00"},
		{"clocks go back", "Europe/Paris", "2026-10-24T23:00:00+02:00", nil, "2026-10-25T08:00:00+01:00"},
		{"urgent", "Europe/Paris", "2026-11-22T23:00:00+01:00", func(n *consult.Notice) { n.Urgent = true }, ""},
		{"starts now", "Europe/Paris", "2026-11-22T23:00:00+01:00", func(n *consult.Notice) { n.Kind = consult.NoticeStartsNow }, ""},
		{"appointment before the morning", "Europe/Paris", "2026-11-22T23:00:00+01:00", func(n *consult.Notice) {
			n.Fields = map[string]string{consult.FieldAt: "2026-11-23T08:30:00+01:00"}
		}, ""},
		{"appointment after the morning", "Europe/Paris", "2026-11-22T23:00:00+01:00", func(n *consult.Notice) {
			n.Fields = map[string]string{consult.FieldAt: "2026-11-23T10:00:00+01:00"}
		}, "2026-11-23T08:00:00+01:00"},
		{"useless by the morning", "Europe/Paris", "2026-11-22T23:00:00+01:00", func(n *consult.Notice) { n.Kind = consult.NoticeDelay }, ""},
		{"unknown zone: the practice's", "", "2026-11-22T23:00:00+01:00", nil, "2026-11-23T08:00:00+01:00"},
	}
	p := newPost(t, DefaultConfig())
	for _, test := range tests {
		n := textMessage()
		n.TimeZone = test.zone
		if test.change != nil {
			test.change(&n)
		}
		now, err := time.Parse(time.RFC3339, test.now)
		p.check(err)
		r := &row{Channel: ChannelSMS, Kind: n.Kind, NotAfter: expiry(n, now)}
		got, wait := p.waitsUntil(r, n, now)
		want, err := time.Parse(time.RFC3339, test.wait)
		if wait != (test.wait != "") || wait && (err != nil || !got.Equal(want)) {
			t.Errorf("%s: %v %v, want %q", test.name, got.In(now.Location()), wait, test.wait)
		}
		r.Channel = ChannelMail
		if _, wait := p.waitsUntil(r, n, now); wait {
			t.Errorf("%s: a mail waits", test.name)
		}
	}
}

func TestQuietHoursHoldATextMessageBack(t *testing.T) {
	gateway := newSMSServer(t, accept)
	p := newPost(t, smsOnly(gatewayFor("main", gateway.URL)))
	p.clock.Forward(12 * time.Hour) // 22:00 in Paris
	p.check(p.Start(testBase))
	defer p.Close()
	p.check(p.put(textMessage()))
	due := time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)
	changes, err := p.store.Watch(t.Context(), "v1/notice/", 0)
	p.check(err)
	for !p.mustDeliveries("c_1")[0].Due.Equal(due) {
		<-changes
	}
	if len(gateway.received()) != 0 {
		t.Error("sent at night")
	}
	p.wakeIn(10 * time.Hour)
	p.become(StateSent)
}

func TestBackOff(t *testing.T) {
	last := time.Duration(0)
	for attempts := 1; attempts < 100; attempts++ {
		wait := backOff(attempts)
		if wait < firstBackOff || wait > longestBackOff*6/5 || wait < last*5/6 {
			t.Errorf("attempt %d waits %v after %v", attempts, wait, last)
		}
		last = wait
	}
}

func TestSweep(t *testing.T) {
	gateway := newSMSServer(t, accept)
	p := newPost(t, smsOnly(gatewayFor("main", gateway.URL)))
	p.check(p.Start(testBase))
	defer p.Close()
	p.check(p.put(textMessage()))
	p.clock.Forward(time.Second)
	ahead := textMessage()
	ahead.Key, ahead.NotBefore = "ahead", t0.Add(200*24*time.Hour)
	p.check(p.put(ahead))
	p.become(StateSent, StateQueued)
	p.clock.Forward(100 * 24 * time.Hour)
	if n, err := p.sweep(); n != 2 || err != nil {
		t.Errorf("swept %d, %v", n, err)
	}
	if got := p.mustDeliveries("c_1"); len(got) != 1 || got[0].State != StateQueued {
		t.Errorf("%+v", got)
	}
	for prefix, want := range map[string]int{"v1/notice/": 1, "v1/notice-key/": 1, "v1/notice-sent/": 0, "v1/notice-contact/": 2, "v1/notice-due/sms/2027": 1, "v1/notice-age/": 1} {
		if left, err := p.store.Range(prefix, "", 10); err != nil || len(left) != want {
			t.Errorf("%d of %s are left, want %d, %v", len(left), prefix, want, err)
		}
	}
}
