package bookingpage

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/api"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/document"
	"github.com/colloque/colloque/consult/kv"
)

// Deps is what the pages need. All fields are.
type Deps struct {
	Book      *booking.Book
	Practice  *consult.Practice
	Store     kv.Store
	Master    *consult.Keyring
	Outbox    consult.Outbox
	Documents *document.Documents
	BaseURL   func() string                              // without a slash at the end
	Compute   func(ctx context.Context, do func()) error // calls do when computing hinders no call
	Clock     func() time.Time
	Log       *slog.Logger
}

// Pages is the handler of /book…, /a/… and /o/…. Its answers have the headers of api.SecurityHeaders when that is around it.
type Pages struct {
	Deps

	// Static after New.
	cfg       booking.Config
	mux       *http.ServeMux
	templates templates
	assets    map[string]asset
	stampKey  []byte // of this run of the program: what it stamped before is stamped again

	limits  *limits
	sending chan struct{} // whose file is coming
}

// New returns the handler.
func New(cfg booking.Config, deps Deps) (*Pages, error) {
	if deps.Book == nil || deps.Practice == nil || deps.Store == nil || deps.Master == nil || deps.Outbox == nil || deps.Documents == nil || deps.BaseURL == nil || deps.Clock == nil || deps.Log == nil {
		return nil, errors.New("bookingpage: a dependency is missing")
	}
	p := &Pages{Deps: deps, cfg: cfg, mux: http.NewServeMux(), stampKey: make([]byte, 32), limits: newLimits(deps.Clock), sending: make(chan struct{}, maxSending)}
	_, _ = rand.Read(p.stampKey) // never fails: crypto/rand ends the program instead
	var err error
	if p.assets, err = readAssets(); err != nil {
		return nil, err
	}
	if p.templates, err = parseTemplates(p.assets); err != nil {
		return nil, err
	}
	p.routes()
	return p, nil
}

// routes is all that there is. Who posts is asked where from before anything else.
func (p *Pages) routes() {
	public := func(h http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			if !p.cfg.Public {
				p.gone(w, r)
				return
			}
			h(w, r)
		}
	}
	p.mux.HandleFunc("GET /book", public(p.servicesPage))
	p.mux.HandleFunc("GET /book/{$}", public(p.servicesPage))
	p.mux.HandleFunc("GET /book/with/{practitioner}", public(p.servicesPage))
	p.mux.HandleFunc("GET /book/{service}", public(p.timesPage))
	p.mux.HandleFunc("POST /book/hold", public(p.post(p.hold)))
	p.mux.HandleFunc("GET /book/hold/{hold}", public(p.formPage))
	p.mux.HandleFunc("POST /book/hold/{hold}", public(p.post(p.fill)))
	for _, path := range []string{"/book/ask", "/book/wait"} {
		p.mux.HandleFunc("GET "+path, public(p.formPage))
		p.mux.HandleFunc("POST "+path, public(p.post(p.fill)))
	}
	p.mux.HandleFunc("GET /book/confirm/{draft}", public(p.confirmPage))
	p.mux.HandleFunc("POST /book/confirm/{draft}", public(p.post(p.confirm)))
	p.mux.HandleFunc("GET /book/booked/{appointment}", p.bookedPage) // who took an offer comes here too
	p.mux.HandleFunc("GET /book/waiting", public(p.waitingPage))

	p.mux.HandleFunc("GET /a/{appointment}", p.managePage)
	p.mux.HandleFunc("GET /a/{appointment}/appointment.ics", p.file)
	p.mux.HandleFunc("GET /a/{appointment}/cancel", p.cancelPage)
	p.mux.HandleFunc("POST /a/{appointment}/cancel", p.post(p.cancel))
	p.mux.HandleFunc("GET /a/{appointment}/move", p.movePage)
	p.mux.HandleFunc("POST /a/{appointment}/move", p.post(p.move))
	p.mux.HandleFunc("POST /a/{appointment}/join", p.post(p.join))
	p.mux.HandleFunc("POST /a/{appointment}/files", p.post(p.sendFile))
	p.mux.HandleFunc("GET /o/{hold}", p.offerPage)
	p.mux.HandleFunc("POST /o/{hold}", p.post(p.answerOffer))

	p.mux.HandleFunc("GET /book/embed.js", public(p.asset))
	p.mux.HandleFunc("GET /book/page.css", p.asset)
	p.mux.HandleFunc("GET /book/page.js", p.asset)
	p.mux.HandleFunc("GET /book/icon.svg", p.asset)
	p.mux.HandleFunc("/", p.gone)
}

// ServeHTTP answers.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	// A page without a referrer would send its forms with "Origin: null" (Fetch §3.2), and we could not tell whose they are. No other site
	// learns of an address.
	h.Set("Referrer-Policy", "same-origin")
	p.allowFrames(h, r.URL.Path)
	defer func() {
		if cause := recover(); cause != nil {
			if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
				panic(cause)
			}
			p.Log.Error("booking page failed", "path", api.LogPath(r), "panic", fmt.Sprint(cause))
			p.sorry(w, r, http.StatusInternalServerError)
		}
	}()
	p.mux.ServeHTTP(w, r)
}

// maxForm bounds a form: 20 answers of 2,000 characters fit in, in any script.
const maxForm = 256 << 10

// post lets forms of our own pages through, and slows who sends many.
func (p *Pages) post(h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if api.Foreign(r, p.BaseURL()) {
			p.say(w, r, http.StatusForbidden, func(t *words) (string, string) { return t.ForeignHeading, t.Foreign })
			return
		}
		if kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type")); kind != "multipart/form-data" { // a file's handler bounds it by itself
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		}
		if err := r.ParseForm(); err != nil {
			p.say(w, r, http.StatusBadRequest, func(t *words) (string, string) { return t.SorryHeading, t.BadForm })
			return
		}
		from := api.RemoteAddr(r)
		if err := p.Practice.Guard().Wait(r.Context(), from); err != nil {
			return // the other side is gone
		}
		h(w, r)
	}
}
