package webclient

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"testing/fstest"
)

// pageData is what consult/api gives to Render.
type pageData struct {
	Practice                                                                   practice
	Practitioner, Language, Ticket, ConsultationID, ParticipantID, State, Base string
	ScheduledAt, RoomOpensAt, TimeZone, Until, MessagesUntil                   string
	Request                                                                    *requestData
}

// requestData is what the page interpreter is told.
type requestData struct{ State, Name, From, Into, When, Deadline, Link string }

type practice struct{ Name, Phone, Address, TimeZone, Language string }

func examplePage() pageData {
	return pageData{
		Practice:     practice{Name: "Cabinet <des> Tilleuls", Phone: "+33123456789", Address: "1 rue des Tilleuls", TimeZone: "Europe/Paris", Language: "fr"},
		Practitioner: `Dr "Claire" & Moreau`, Language: "fr", Ticket: "Ck4aZ2xTq8w0Pn1yR7uVtA", Base: "https://example.org",
		Request: &requestData{State: "asked", Name: "Ana Lopes", From: "français", Into: "português", Deadline: "12 h"},
	}
}

// exampleBuild is a build whose pages all hold the given text.
func exampleBuild(text string) fstest.MapFS {
	built := fstest.MapFS{".keep": {}}
	for _, page := range Pages() {
		for _, language := range Languages() {
			built["pages/"+page+"."+language+".html"] = &fstest.MapFile{Data: []byte(page + " " + language + " " + text)}
		}
	}
	return built
}

func mustOpen(t *testing.T, built fstest.MapFS) *Client {
	t.Helper()
	c, err := open(built)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNewReadsWhatIsEmbedded(t *testing.T) {
	c, err := New()
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range Pages() {
		for _, language := range Languages() {
			var b bytes.Buffer
			if err := c.Render(&b, page, language, examplePage()); err != nil {
				t.Errorf("%s.%s: %v", page, language, err)
			}
			html := b.String()
			if !strings.Contains(html, `lang="`+language+`"`) {
				t.Errorf("%s.%s does not say its language", page, language)
			}
			if c.Built() && strings.Contains(html, "%t:") {
				t.Errorf("%s.%s holds a text that was not filled in", page, language)
			}
			for _, inline := range []string{" style=", "<style", "<script>", " onclick=", "javascript:"} {
				if strings.Contains(html, inline) {
					t.Errorf("%s.%s holds %q, which the Content-Security-Policy refuses", page, language, inline)
				}
			}
		}
	}
}

func TestFreshCloneSaysHowToBuild(t *testing.T) {
	c := mustOpen(t, fstest.MapFS{".keep": {}})
	if c.Built() {
		t.Error("built, although there is nothing")
	}
	for _, language := range Languages() {
		var b bytes.Buffer
		if err := c.Render(&b, "patient", language, examplePage()); err != nil {
			t.Fatal(err)
		}
		if html := b.String(); !strings.Contains(html, "make build") || !strings.Contains(html, `<html lang="`+language+`"`) {
			t.Errorf("%s: %s", language, html)
		}
	}
}

func TestRenderEscapesForWhereItStands(t *testing.T) {
	c := mustOpen(t, exampleBuild(`<p>{{.Practice.Name}}</p><main data-who="{{.Practitioner}}"></main><a href="tel:{{.Practice.Phone}}">x</a>`))
	var b bytes.Buffer
	if err := c.Render(&b, "patient", "fr", examplePage()); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"patient fr ", "<p>Cabinet &lt;des&gt; Tilleuls</p>", `data-who="Dr &#34;Claire&#34; &amp; Moreau"`, `href="tel:&#43;33123456789"`,
	} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %s in %s", want, b.String())
		}
	}
}

func TestRenderRefuses(t *testing.T) {
	built := mustOpen(t, exampleBuild("{{.Nothing}}"))
	fresh := mustOpen(t, fstest.MapFS{})
	for _, c := range []*Client{built, fresh} {
		var b bytes.Buffer
		if err := c.Render(&b, "admin", "fr", examplePage()); !errors.Is(err, ErrUnknownPage) {
			t.Errorf("unknown page: %v", err)
		}
		if err := c.Render(&b, "../../etc/passwd", "fr", examplePage()); !errors.Is(err, ErrUnknownPage) {
			t.Errorf("a path: %v", err)
		}
		if err := c.Render(&b, "home", "de", examplePage()); !errors.Is(err, ErrUnknownLanguage) {
			t.Errorf("unknown language: %v", err)
		}
		if b.Len() > 0 {
			t.Errorf("wrote %q", b.String())
		}
	}
	var b bytes.Buffer
	if err := built.Render(&b, "home", "fr", examplePage()); err == nil || b.Len() > 0 {
		t.Errorf("a page that wants what there is not: %v, wrote %q", err, b.String())
	}
}

func TestOpenRefusesHalfABuild(t *testing.T) {
	half := exampleBuild("")
	delete(half, "pages/patient.en.html")
	if _, err := open(half); !errors.Is(err, ErrIncomplete) || !strings.Contains(err.Error(), "patient.en.html") {
		t.Errorf("a page is missing: %v", err)
	}
	if _, err := open(exampleBuild("{{.Practice.Name")); err == nil {
		t.Error("a broken template was taken")
	}
	strange := exampleBuild("")
	strange["assets/x.exe"] = &fstest.MapFile{}
	if _, err := open(strange); err == nil {
		t.Error("a file of unknown type was taken")
	}
}
