package bookingpage

import (
	"bytes"
	"compress/gzip"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/api"
	"github.com/colloque/colloque/consult/booking"
)

//go:embed pages files
var files embed.FS

// templates are the pages, by name.
type templates map[string]*template.Template

func parseTemplates(assets map[string]asset) (templates, error) {
	layout, err := template.New("layout.html").Option("missingkey=error").Funcs(template.FuncMap{
		"asset": func(name string) string { return "/book/" + name + "?v=" + assets[name].version },
		"phone": groupPhone,
	}).ParseFS(files, "pages/layout.html")
	if err != nil {
		return nil, fmt.Errorf("bookingpage: %w", err)
	}
	all := templates{}
	for _, name := range []string{"services", "times", "form", "confirm", "taken", "booked", "manage", "cancel", "offer", "message"} {
		page, err := layout.Clone()
		if err == nil {
			page, err = page.ParseFS(files, "pages/"+name+".html")
		}
		if err != nil {
			return nil, fmt.Errorf("bookingpage: %w", err)
		}
		all[name] = page
	}
	return all, nil
}

// view is what a template is told.
type view struct {
	T         *words
	Lang      string
	Title     string
	Practice  consult.Profile
	State     state
	Languages []languageLink
	Page      any
}

// languageLink leads to the same page in another language.
type languageLink struct {
	Tag, Name, Href string
	Current         bool
}

// language is that of the page: as asked, or the reader's when it is known, or the browser's.
func (p *Pages) language(r *http.Request, known string) string {
	return api.PageLanguage(r, known, p.Practice.Profile().Language)
}

// render writes a page.
func (p *Pages) render(w http.ResponseWriter, r *http.Request, status int, name, title, lang string, page any) {
	v := view{T: wordsIn(lang), Lang: lang, Title: title, Practice: p.Practice.Profile(), State: stateOf(r), Page: page, Languages: languageLinks(r, lang)}
	var body bytes.Buffer
	if err := p.templates[name].ExecuteTemplate(&body, "layout", v); err != nil {
		p.Log.Error("booking page not rendered", "page", name, "error", err)
		http.Error(w, wordsIn(lang).Sorry, http.StatusInternalServerError)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", lang)
	h.Add("Vary", "Accept-Encoding")
	// Only lists of times are packed: they are long, and hold no secret that the length of the answer could tell of (BREACH).
	if (name == "times" || name == "services") && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		if packed, err := pack(body.Bytes()); err == nil {
			body = *bytes.NewBuffer(packed)
			h.Set("Content-Encoding", "gzip")
		}
	}
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	if r.Method != http.MethodHead {
		_, _ = w.Write(body.Bytes()) // the other side is gone: nothing to do
	}
}

func pack(plain []byte) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(plain)
	err = errors.Join(err, z.Close())
	return b.Bytes(), err
}

// languageLinks are links to this page in each language. What was posted is not asked for again: then they lead to where the form was.
func languageLinks(r *http.Request, lang string) []languageLink {
	var links []languageLink
	for _, one := range []languageLink{{Tag: "fr", Name: "Français"}, {Tag: "en", Name: "English"}, {Tag: "ar", Name: "العربية"}} {
		q := r.URL.Query()
		q.Set("lang", one.Tag)
		path := r.URL.EscapedPath()
		if path == "/book/hold" { // answers to POST only
			path = "/book/" + url.PathEscape(string(booking.ServiceID(r.PostForm.Get("service"))))
		}
		one.Href, one.Current = address(path, q), one.Tag == lang
		links = append(links, one)
	}
	return links
}

// messagePage is one sentence, and perhaps where to go on.
type messagePage struct {
	Heading, Says, Href, Link string
}

// say answers with a sentence.
func (p *Pages) say(w http.ResponseWriter, r *http.Request, status int, what func(*words) (heading, says string)) {
	lang := p.language(r, "")
	t := wordsIn(lang)
	heading, says := what(t)
	page := messagePage{Heading: heading, Says: says}
	if p.cfg.Public {
		page.Href, page.Link = stateOf(r).services(), t.BookAgain
	}
	p.render(w, r, status, "message", heading, lang, page)
}

func (p *Pages) gone(w http.ResponseWriter, r *http.Request) {
	p.say(w, r, http.StatusNotFound, func(t *words) (string, string) { return t.GoneHeading, t.Gone })
}

func (p *Pages) sorry(w http.ResponseWriter, r *http.Request, status int) {
	p.say(w, r, status, func(t *words) (string, string) { return t.SorryHeading, t.Sorry })
}

// failed answers to an error that no page has words of its own for.
func (p *Pages) failed(w http.ResponseWriter, r *http.Request, err error) {
	if known := (*consult.Error)(nil); !errors.As(err, &known) && r.Context().Err() == nil {
		p.Log.Error("booking page", "path", api.LogPath(r), "error", err)
	}
	switch consult.CodeOf(err) {
	case consult.CodeNotFound, consult.CodeBadTicket, consult.CodeForbidden:
		p.gone(w, r)
	case consult.CodeConflict, consult.CodeBadMessage:
		p.say(w, r, http.StatusConflict, func(t *words) (string, string) { return t.SorryHeading, t.CannotNow })
	default:
		p.sorry(w, r, http.StatusServiceUnavailable)
	}
}

// tooMany answers who asks too often. Nobody learns why.
func (p *Pages) tooMany(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", "600")
	p.say(w, r, http.StatusTooManyRequests, func(t *words) (string, string) { return t.TooManyHeading, t.TooMany })
}

// groupPhone writes a French number as it is read aloud; others stay as they are.
func groupPhone(number string) string {
	national, french := strings.CutPrefix(number, "+33")
	if !french || len(national) != 9 {
		return number
	}
	national = "0" + national
	var parts []string
	for i := 0; i < len(national); i += 2 {
		parts = append(parts, national[i:i+2])
	}
	return strings.Join(parts, "\u00a0")
}
