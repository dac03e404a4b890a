package notify

import (
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/colloque/colloque/consult"
)

// TestTextsAsTheyCome holds what every text promises: it passes its own check; a text message begins with the practice, ends with the
// link, and is one message in French and English; no text says why somebody is seen.
func TestTextsAsTheyCome(t *testing.T) {
	p := newPost(t, mailOnly())
	base := "https://visio.cabinet-tilleuls.fr"
	p.base.Store(&base)
	all, err := p.Templates()
	p.check(err)
	if want := len(consult.NoticeKinds()) * 2 * len(Languages()); len(all) != want {
		t.Errorf("%d templates, want %d", len(all), want)
	}
	for _, stored := range all {
		preview, err := p.Preview(stored.TemplateKey, stored.Template)
		if err != nil {
			t.Errorf("%+v: %v", stored.TemplateKey, err)
			continue
		}
		for _, word := range []string{"consultation", "patient", "médecin", "docteur", "doctor", "medical", "médical", "santé", "health", "<no value>", "{{"} {
			if strings.Contains(strings.ToLower(stored.Text+stored.Subject), word) && word != "{{" || strings.Contains(preview.Text, "{{") {
				t.Errorf("%+v says %q", stored.TemplateKey, word)
			}
		}
		if stored.Channel == ChannelMail {
			if preview.Length != nil || !strings.HasPrefix(preview.Subject, "Cabinet des Tilleuls") {
				t.Errorf("%+v: %+v", stored.TemplateKey, preview)
			}
			continue
		}
		if !strings.HasPrefix(preview.Text, "Cabinet des Tilleuls") || !stored.Kind.ToStaff() &&
			strings.HasSuffix(preview.Text, strings.Repeat("x", 27)) == slices.Contains([]consult.NoticeKind{consult.NoticeCalledOff, consult.NoticeConsultationCancelled, consult.NoticeConfirmCode}, stored.Kind) { // there is nowhere to go
			t.Errorf("%+v: %q", stored.TemplateKey, preview.Text)
		}
		if stored.Language != "ar" && (preview.Length.Encoding != EncodingGSM || preview.Length.Segments != 1) {
			t.Errorf("%+v: %+v for %q", stored.TemplateKey, preview.Length, preview.Text)
		}
		if stored.Language == "ar" && !strings.ContainsFunc(preview.Text, func(r rune) bool { return unicode.Is(unicode.Arabic, r) }) {
			t.Errorf("%+v is not in Arabic: %q", stored.TemplateKey, preview.Text)
		}
	}
}

func TestTemplatesThatAreNotTaken(t *testing.T) {
	p := newPost(t, mailOnly())
	sms := TemplateKey{consult.NoticeInvitation, ChannelSMS, "fr"}
	mail := TemplateKey{consult.NoticeInvitation, ChannelMail, "fr"}
	tests := []struct {
		name string
		key  TemplateKey
		t    Template
		code consult.Code
		says string
	}{
		{"no kind", TemplateKey{"birthday", ChannelSMS, "fr"}, Template{Text: "{{.Link}}"}, consult.CodeNotFound, "no such"},
		{"no language", TemplateKey{consult.NoticeDelay, ChannelSMS, "de"}, Template{Text: "{{.Link}}"}, consult.CodeNotFound, "no such"},
		{"path as language", TemplateKey{consult.NoticeDelay, ChannelSMS, "../x"}, Template{Text: "{{.Link}}"}, consult.CodeNotFound, "no such"},
		{"empty", sms, Template{Text: " "}, consult.CodeBadMessage, "empty"},
		{"no link", sms, Template{Text: "{{.Practice}}"}, consult.CodeBadMessage, "{{.Link}} is missing"},
		{"unknown field", sms, Template{Text: "{{.Service}} {{.Link}}"}, consult.CodeBadMessage, "no field {{.Service}}"},
		{"reason", sms, Template{Text: "{{.Reason}} {{.Link}}"}, consult.CodeBadMessage, "no field {{.Reason}}"},
		{"method", sms, Template{Text: "{{.Link.X}}"}, consult.CodeBadMessage, "cannot stand here"},
		{"function", sms, Template{Text: "{{printf .Link}}"}, consult.CodeBadMessage, "cannot stand here"},
		{"pipe", sms, Template{Text: "{{.Link | html}}"}, consult.CodeBadMessage, "cannot stand here"},
		{"range", sms, Template{Text: "{{range .Link}}{{end}}"}, consult.CodeBadMessage, "cannot stand here"},
		{"everything", sms, Template{Text: "{{.}} {{.Link}}"}, consult.CodeBadMessage, "cannot stand here"},
		{"variable", sms, Template{Text: "{{$x := .Link}}{{$x}}"}, consult.CodeBadMessage, "cannot stand here"},
		{"define", sms, Template{Text: `{{define "x"}}{{.Link}}{{end}}{{.Link}}`}, consult.CodeBadMessage, "defines"},
		{"template", sms, Template{Text: `{{template "text" .}}{{.Link}}`}, consult.CodeBadMessage, "cannot stand here"},
		{"open brace", sms, Template{Text: "{{.Link"}, consult.CodeBadMessage, "cannot be read"},
		{"open if", sms, Template{Text: "{{if .When}} {{.Link}}"}, consult.CodeBadMessage, "cannot be read"},
		{"long", sms, Template{Text: strings.Repeat("a", 1001) + "{{.Link}}"}, consult.CodeBadMessage, "too long"},
		{"control", sms, Template{Text: "\x00{{.Link}}"}, consult.CodeBadMessage, "cannot be shown"},
		{"subject of a text message", sms, Template{"Hello", "{{.Link}}"}, consult.CodeBadMessage, "no subject"},
		{"no subject", mail, Template{"", "{{.Link}}"}, consult.CodeBadMessage, "needs a subject"},
		{"two lines of subject", mail, Template{"a\nBcc: x@example.org", "{{.Link}}"}, consult.CodeBadMessage, "one line"},
		{"name in the subject", mail, Template{"{{.Name}}", "{{.Link}}"}, consult.CodeBadMessage, "only {{.Practice}}"},
		{"link in the subject", mail, Template{"{{.Link}}", "{{.Link}}"}, consult.CodeBadMessage, "only {{.Practice}}"},
	}
	before := p.store.Revision()
	for _, test := range tests {
		_, err := p.SetTemplate(test.key, test.t)
		if consult.CodeOf(err) != test.code || err == nil || !strings.Contains(err.Error(), test.says) || !strings.HasSuffix(err.Error(), ".") {
			t.Errorf("%s: %v, want %s … %s", test.name, err, test.code, test.says)
		}
	}
	if p.store.Revision() != before {
		t.Error("something was kept")
	}
}

func TestOwnTemplate(t *testing.T) {
	gateway := newSMSServer(t, accept)
	p := running(t, smsOnly(gatewayFor("main", gateway.URL)))
	key := TemplateKey{consult.NoticeInvitation, ChannelSMS, "fr"}
	own := Template{Text: "{{.Practice}} : à bientôt{{if .When}} {{.When}}{{end}}\n{{.Link}}"}
	preview, err := p.SetTemplate(key, own)
	p.check(err)
	if preview.Length.Segments != 1 || preview.Length.Encoding != EncodingGSM || !strings.Contains(preview.Text, "à bientot mar. 24/11") {
		t.Errorf("%+v", preview)
	}
	p.check(p.put(textMessage()))
	p.become(StateSent)
	if text, _ := jsonValue([]byte(gateway.received()[0].body), "text"); text != "Cabinet des Tilleuls : à bientot "+testBase+"/c/canary-secret" {
		t.Errorf("%q", text)
	}
	p.check(p.ResetTemplate(key))
	if got, err := p.Template(key); err != nil || got.Own || got.Text == own.Text {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestLanguageFor(t *testing.T) {
	for wish, want := range map[string]string{"fr": "fr", "fr-CA": "fr", "en-GB": "en", "ar-MA": "ar", "de": "ar", "": "ar", "x!": "ar"} {
		if got := languageFor(wish, "ar"); got != want {
			t.Errorf("%q: %s, want %s", wish, got, want)
		}
	}
}

func FuzzTemplate(f *testing.F) {
	f.Add("{{.Link}} {{if .When}}{{.When}}{{else}}now{{end}}")
	f.Add(`{{define "x"}}{{end}}{{template "x"}}`)
	f.Fuzz(func(t *testing.T, text string) {
		k := TemplateKey{consult.NoticeInvitation, ChannelSMS, "fr"}
		if checkTemplate(k, Template{Text: text}) != nil {
			return
		}
		if _, _, err := (Template{Text: text}).fill(words{Link: "l"}); err != nil {
			t.Errorf("%q passes the check and cannot be filled in: %v", text, err)
		}
	})
}
