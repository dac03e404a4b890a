package caldav

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/netip"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/clientip"
)

// Deps is what a Server works with.
type Deps struct {
	Book     *booking.Book
	Accounts *account.Accounts
	Profile  consult.Profile
	BaseURL  func() string // "https://example.org", asked when it is used
	Secure   bool          // we are reached over TLS only
	Clock    func() time.Time
	Log      *slog.Logger
}

// Server is the practitioners' appointment books as calendars. Its methods may be called at the same time.
type Server struct {
	// Static after construction.
	deps  Deps
	words words

	// Goroutine, see expander.go.
	stop  context.CancelFunc
	tasks sync.WaitGroup
}

// New returns the server, and starts its goroutine. The book is closed after it.
func New(deps Deps) (*Server, error) {
	if deps.Book == nil || deps.Accounts == nil || deps.BaseURL == nil || deps.Clock == nil || deps.Log == nil {
		return nil, errors.New("caldav: a dependency is missing")
	}
	s := &Server{deps: deps, words: wordsIn(deps.Profile.Language)}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	s.tasks.Go(func() { s.expander(ctx) })
	return s, nil
}

// Close ends the goroutine and waits for it. It may be called again.
func (s *Server) Close() error {
	s.stop()
	s.tasks.Wait()
	return nil
}

// request is one request of somebody who is let in.
type request struct {
	*Server
	w      http.ResponseWriter
	r      *http.Request
	actor  account.Actor
	titles account.Titles
	at     place
}

// capabilities is the header DAV (RFC 4918 §10.1; RFC 4791 §5.1; RFC 3744 §7.2).
const capabilities = "1, 3, access-control, calendar-access"

// ServeHTTP answers below Root. From WellKnown and from wherever else a program looks it leads there.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer s.recoverPanic(w)
	if !strings.HasPrefix(r.URL.Path, Root) {
		http.Redirect(w, r, Root, http.StatusMovedPermanently) // before anybody signs in, RFC 6764 §5
		return
	}
	w.Header().Set("DAV", capabilities)
	if err := s.serve(w, r); err != nil {
		s.fail(w, r, err)
	}
}

func (s *Server) serve(w http.ResponseWriter, r *http.Request) error {
	if !s.deps.Secure && !fromHere(r) {
		return refuse(http.StatusForbidden, none, "Calendars are given over TLS only: the password would be read on its way.")
	}
	user, password, ok := r.BasicAuth()
	if !ok {
		return account.ErrSignedOut
	}
	actor, titles, err := s.deps.Accounts.ActorByAppPassword(r.Context(), clientip.Of(r), user, password)
	if err != nil {
		return err
	}
	at, ok := placeOf(r.URL.Path)
	if !ok || !actor.Has(account.ScopeAppointmentsRead) || (at.kind != kindRoot && at.account != actor.Account.ID) {
		return notFound()
	}
	if at.kind == kindRoot {
		at.account = actor.Account.ID
	}
	rq := &request{s, w, r, actor, titles, at}
	if at.kind >= kindCalendar {
		if err := rq.mayLookAt(at.practitioner); err != nil {
			return err
		}
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	return rq.answer()
}

// answer is the table of methods.
func (rq *request) answer() error {
	collection := rq.at.kind != kindObject
	switch method := rq.r.Method; {
	case method == http.MethodOptions:
		rq.w.Header().Set("Allow", rq.allow())
		rq.w.WriteHeader(http.StatusOK)
		return nil
	case method == "PROPFIND":
		return rq.propfind()
	case method == "PROPPATCH":
		return rq.proppatch()
	case method == "REPORT" && collection:
		return rq.report()
	case (method == http.MethodGet || method == http.MethodHead) && !collection:
		return rq.get()
	case method == http.MethodPut && !collection:
		return rq.put()
	case method == http.MethodDelete && !collection:
		return rq.remove()
	case method == "MKCALENDAR" || method == "MKCOL" || method == "MOVE" || method == "COPY" || collection && (method == http.MethodPut || method == http.MethodDelete):
		return refuse(http.StatusForbidden, none, "Each practitioner has one calendar, and this is not how to change it.")
	default:
		rq.w.Header().Set("Allow", rq.allow())
		return notHere("of this request")
	}
}

func (rq *request) allow() string {
	switch rq.at.kind {
	case kindObject:
		return "OPTIONS, GET, HEAD, PUT, DELETE, PROPFIND, PROPPATCH"
	default:
		return "OPTIONS, PROPFIND, PROPPATCH, REPORT"
	}
}

// mayLookAt answers not-found for what is somebody else's, or nobody's.
func (rq *request) mayLookAt(practitioner consult.AccountID) error {
	may, err := rq.deps.Accounts.MayActFor(rq.actor.Account, practitioner)
	if err != nil {
		return err
	}
	if !may {
		return notFound()
	}
	return nil
}

// fail answers with an error, and logs what is our own fault.
func (s *Server) fail(w http.ResponseWriter, r *http.Request, err error) {
	f := failureOf(err)
	switch f.status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", `Basic realm="Colloque", charset="UTF-8"`) // RFC 7617 §2.1
	case http.StatusInternalServerError:
		s.deps.Log.Error("calendar server", "method", r.Method, "error", err)
	}
	f.write(w)
}

// recoverPanic ends the one request that went wrong.
func (s *Server) recoverPanic(w http.ResponseWriter) {
	cause := recover()
	if cause == nil {
		return
	}
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(cause)
	}
	s.deps.Log.Error("calendar server", "panic", fmt.Sprint(cause), "stack", string(debug.Stack()))
	failureOf(consult.ErrInternal).write(w)
}

// fromHere reports whether a request comes from this very machine: what it carries is on no wire.
func fromHere(r *http.Request) bool {
	host := r.Host
	if at := strings.LastIndexByte(host, ':'); at >= 0 && !strings.HasSuffix(host, "]") {
		host = host[:at]
	}
	named := host == "localhost"
	if ip, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		named = ip.IsLoopback()
	}
	return named && clientip.Of(r).IsLoopback() // a proxy on this machine passes on the name that was asked for
}
