package bookingpage

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
)

func TestOnlyOurOwnPagesPost(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(nil)
	secret := s.booked(service)
	for _, path := range []string{"/book/hold?service=" + string(service.ID), "/book/hold/" + secret, "/book/ask", "/book/wait", "/book/confirm/" + secret, "/a/" + secret + "/cancel", "/a/" + secret + "/move", "/a/" + secret + "/join", "/o/" + secret} {
		for _, header := range []map[string]string{
			{"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, {"Origin": "null"}, {"Origin": "", "Sec-Fetch-Site": ""}, {"Sec-Fetch-Site": "same-site"},
		} {
			if a := s.do(http.MethodPost, path, url.Values{"start": {"1"}}, header); a.Code != http.StatusForbidden {
				t.Errorf("%s %v: %d", path, header, a.Code)
			}
		}
	}
	if a, err := s.book.Find(secret); err != nil || a.State != booking.StateBooked || a.Sequence != 0 {
		t.Error(a.State, err)
	}
}

func TestHeaders(t *testing.T) {
	sites := []string{"https://www.tilleuls.example", "https://mairie.example"}
	for name, c := range map[string]struct {
		change  func(*booking.Config)
		path    string
		framers string
	}{
		"no site":         {nil, "/book", "'none'"},
		"some":            {func(c *booking.Config) { c.EmbedFrom = sites }, "/book", "'self' " + strings.Join(sites, " ")},
		"the times too":   {func(c *booking.Config) { c.EmbedFrom = sites }, "/book/ask?service=x", "'self' " + strings.Join(sites, " ")},
		"never a link":    {func(c *booking.Config) { c.EmbedFrom = sites }, "/a/x", "'none'"},
		"never an offer":  {func(c *booking.Config) { c.EmbedFrom = sites }, "/o/x", "'none'"},
		"not when closed": {func(c *booking.Config) { c.EmbedFrom, c.Public = sites, false }, "/book", "'none'"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newSite(t, c.change).get(c.path).Header()
			csp := "; " + h.Get("Content-Security-Policy") + ";"
			for _, rule := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "require-trusted-types-for 'script'", "frame-ancestors " + c.framers} {
				if !strings.Contains(csp, "; "+rule+";") {
					t.Errorf("no %q in %q", rule, csp)
				}
			}
			if framed := c.framers != "'none'"; (h.Get("X-Frame-Options") == "") != framed {
				t.Errorf("X-Frame-Options %q", h.Get("X-Frame-Options"))
			}
			if h.Get("Referrer-Policy") != "same-origin" || h.Get("Cache-Control") != "no-store" || h.Get("X-Robots-Tag") == "" || h.Get("Set-Cookie") != "" {
				t.Error(h)
			}
		})
	}
}

// TestNothingInline holds that no page needs what the policy refuses.
func TestNothingInline(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(nil)
	form := s.choose(service)
	code := s.fill(form, jeanne())
	secret := func() string {
		p := s.post(code.action(t), url.Values{"code": {s.outbox.code(t)}})
		return strings.TrimPrefix(p.path, "/book/booked/")
	}()
	inline := regexp.MustCompile(`(?i)\sstyle=|\son[a-z]+=|<style|<script>|javascript:|https?://`)
	for _, lang := range []string{"fr", "en", "ar"} {
		for _, path := range []string{"/book", "/book/" + string(service.ID), "/book/ask?service=" + string(service.ID), "/book/wait?service=" + string(service.ID), "/a/" + secret, "/a/" + secret + "/move", "/a/" + secret + "/cancel", "/book/booked/" + secret, "/nothing"} {
			sep := "?"
			if strings.Contains(path, "?") {
				sep = "&"
			}
			a := s.get(path + sep + "lang=" + lang)
			if found := inline.FindString(a.Body.String()); found != "" {
				t.Errorf("%s: %q", a.path, found)
			}
			if !strings.Contains(a.Body.String(), `<html lang="`+lang+`"`) || strings.Contains(a.Body.String(), "%!") {
				t.Errorf("%s in %s: %s", path, lang, a.text)
			}
		}
	}
}

func TestPublicPageCanBeOff(t *testing.T) {
	s := newSite(t, func(c *booking.Config) { c.Public = false })
	service := s.offer(nil)
	for _, path := range []string{"/book", "/book/" + string(service.ID), "/book/wait", "/book/embed.js"} {
		s.get(path).says(t, 404)
	}
	at, _ := time.Parse(time.RFC3339, "2026-11-23T08:00:00Z")
	booked, err := s.book.Book(booking.Request{By: booking.Actor{Kind: booking.ByPractice, Account: doctor}, Service: service.ID, Start: at, Person: booking.Person{Name: "Jeanne"}})
	if err != nil {
		t.Fatal(err)
	}
	s.get("/a/"+booked.Secret).says(t, 200, "Votre rendez-vous") // links of the practice's own booking go on
}

func TestNothingIsOfferedBeforeThereIsSomething(t *testing.T) {
	s := newSite(t, nil)
	s.get("/book").says(t, 200, "On ne peut pas prendre rendez-vous en ligne pour le moment")
	hidden := s.offer(func(service *booking.Service, _ *booking.Schedule) { service.Hidden = true })
	s.get("/book").says(t, 200, "On ne peut pas prendre rendez-vous en ligne")
	s.get("/book/"+string(hidden.ID)).says(t, 404)
	s.post("/book/hold?service="+string(hidden.ID), url.Values{"start": {"1795417200"}}).says(t, 404)
}

func TestProgramsAreSlowed(t *testing.T) {
	t.Run("a form that nobody can have filled in", func(t *testing.T) {
		s := newSite(t, nil)
		page := s.choose(s.offer(nil))
		values := page.kept()
		for name, all := range jeanne() {
			values[name] = all
		}
		page = s.post(page.action(t), values).says(t, 422, "envoyez encore une fois")
		if !strings.Contains(page.Body.String(), `value="Jeanne Martin"`) {
			t.Error("what was typed is lost")
		}
		values.Set("stamp", strings.Repeat("A", 43))
		s.clock.Forward(time.Minute)
		s.post(page.action(t), values).says(t, 422, "envoyez encore une fois")
		s.fill(page, jeanne()).says(t, 200, "Tapez le code reçu")
	})
	t.Run("times that are kept and not booked", func(t *testing.T) {
		s := newSite(t, nil)
		service := s.offer(func(service *booking.Service, _ *booking.Schedule) { service.Duration = 5 * time.Minute })
		for range maxHoldsOfOne {
			s.choose(service).says(t, 200, "gardé pour vous")
		}
		s.choose(service).says(t, 429, "Un moment, s’il vous plaît")
		s.from = "192.0.2.8:4711"
		page := s.choose(service).says(t, 200, "gardé pour vous")
		back := s.get(page.href(t, "Voir les autres horaires")) // another time instead gives the first one back
		for range maxHoldsOfOne {
			page = s.post(back.action(t), url.Values{"start": {back.times()[0]}}).says(t, 200, "gardé pour vous")
			back = s.get(page.href(t, "Voir les autres horaires"))
		}
		s.from = "192.0.2.7:4711"
		s.clock.Forward(11 * time.Minute)
		s.choose(service).says(t, 200, "gardé pour vous")
	})
	t.Run("codes to one number", func(t *testing.T) {
		s := newSite(t, nil)
		service := s.offer(func(service *booking.Service, _ *booking.Schedule) { service.Duration = 5 * time.Minute })
		for i := range maxCodesToOne {
			s.from = fmt.Sprintf("192.0.2.%d:1", i)
			s.fill(s.choose(service), jeanne()).says(t, 200, "Tapez le code")
		}
		s.from = "192.0.2.200:1"
		s.fill(s.choose(service), jeanne()).says(t, 429, "Un moment")
		if n := s.outbox.count(consult.NoticeConfirmCode); n != maxCodesToOne {
			t.Errorf("%d codes", n)
		}
	})
	t.Run("a form larger than a form", func(t *testing.T) {
		s := newSite(t, nil)
		page := s.choose(s.offer(nil))
		s.post(page.action(t), url.Values{"note": {strings.Repeat("x", maxForm+1)}}).says(t, 400, "n’a pas pu être lu")
	})
}

// TestSize holds what a page weighs: list of times, style sheet and script, as they are sent.
func TestSize(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(func(service *booking.Service, schedule *booking.Schedule) {
		service.Duration, service.Step = 15*time.Minute, 5*time.Minute
		for i := range schedule.Weekly {
			schedule.Weekly[i].Hours = booking.Hours{From: 8 * 60, To: 20 * 60}
		}
	})
	total := 0
	for _, path := range []string{"/book/" + string(service.ID), "/book/page.css", "/book/page.js", "/book/icon.svg"} {
		a := s.do(http.MethodGet, path, nil, map[string]string{"Accept-Encoding": "gzip"})
		if a.Code != 200 || a.Header().Get("Content-Encoding") != "gzip" {
			t.Fatal(path, a.Code, a.Header())
		}
		t.Logf("%s: %d bytes", path, a.Body.Len())
		total += a.Body.Len()
		z, err := gzip.NewReader(a.Body)
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := io.ReadAll(z); err != nil || string(plain) != s.do(http.MethodGet, path, nil, nil).Body.String() {
			t.Errorf("%s is another when it is packed: %v", path, err)
		}
	}
	form := s.choose(service)
	t.Logf("the form: %d bytes, not packed", form.Body.Len())
	if most := 30 << 10; total > most || form.Body.Len() > most-total {
		t.Errorf("%d bytes, at most %d", total, most)
	}
}

// TestOneLook holds that the pages have the tokens of the client.
func TestOneLook(t *testing.T) {
	theirs, err := os.ReadFile("../../webclient/src/ui/styles/tokens.css")
	if err != nil {
		t.Fatal(err)
	}
	ours, err := files.ReadFile("files/page.css")
	if err != nil {
		t.Fatal(err)
	}
	token := regexp.MustCompile(`(--[a-z0-9-]+):\s*([^;]+);`)
	known := map[string]bool{}
	for _, m := range token.FindAllStringSubmatch(string(theirs), -1) {
		known[m[1]+":"+m[2]] = true
	}
	found := token.FindAllStringSubmatch(string(ours), -1)
	for _, m := range found {
		if !known[m[1]+":"+m[2]] {
			t.Errorf("%s: %s is not the client's", m[1], m[2])
		}
	}
	if len(found) < 30 {
		t.Errorf("%d tokens", len(found))
	}
}

// TestCodeIsForItsContact: a code that went to one number confirms no other, also when no more codes are sent.
func TestCodeIsForItsContact(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(nil)
	form := s.choose(service)
	var page answer
	for range maxSent {
		s.clock.Forward(sendAgain)
		page = s.fill(form, jeanne()).says(t, http.StatusOK)
	}
	code, others := s.outbox.code(t), jeanne()
	others.Set("phone", "06 39 98 00 99")
	s.fill(form, others).says(t, http.StatusTooManyRequests)
	s.post(page.action(t), url.Values{"code": {code}}).says(t, http.StatusOK)
	if told := s.outbox.last(t, consult.NoticeAppointment); told.To.Phone != "+33639980010" {
		t.Errorf("booked for %s", told.To.Phone)
	}
}

// TestConfirmedStays: a form that is sent again at the moment in which its code is typed changes nothing of what was confirmed.
func TestConfirmedStays(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(nil)
	page := s.choose(service)
	stamp := page.kept().Get("stamp")
	s.fill(page, jeanne())
	d, err := s.pages.loadDraft(s.pages.draftSecret(stamp))
	if err != nil {
		t.Fatal(err)
	}
	about := asking{kind: kindHold, service: service, agreed: agreed{zone: d.Zone}}
	about.hold.ID, about.hold.Start, about.hold.Until = d.HoldID, d.Start, d.Until
	d.Confirmed, d.Code = true, ""
	if err := s.pages.save(d, nil); err != nil {
		t.Fatal(err)
	}
	stranger := d.Person
	stranger.Contact.Phone = "+33639980099"
	r := httptest.NewRequest(http.MethodPost, "/book/hold/"+d.Hold, nil)
	r.SetPathValue("hold", d.Hold)
	s.pages.begin(httptest.NewRecorder(), r, about, d.Form, stranger, stamp)
	if told := s.outbox.last(t, consult.NoticeAppointment); told.To.Phone != "+33639980010" {
		t.Errorf("booked for %s", told.To.Phone)
	}
}
