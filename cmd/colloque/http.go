package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/colloque/colloque/configs"
	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/api"
	"github.com/colloque/colloque/consult/bookingpage"
	"github.com/colloque/colloque/consult/caldav"
	"github.com/colloque/colloque/consult/clientip"
	"github.com/colloque/colloque/consult/fhir"
	"github.com/colloque/colloque/consult/kv"
	"github.com/colloque/colloque/webclient"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Bounds of an HTTP request. A websocket leaves them behind when it is upgraded.
const (
	readHeaderWithin = 10 * time.Second
	readWithin       = 30 * time.Second
	idleWithin       = 2 * time.Minute
	maxHeaderBytes   = 32 << 10
)

// openHTTP puts the pages, the API, the websocket and the operator's endpoints behind one listener.
func (s *server) openHTTP() error {
	pages, err := webclient.New()
	if err != nil {
		return err
	}
	s.pagesBuilt = pages.Built()
	baseURL := func() string { return s.baseURL }
	turns := api.NewTurns()
	handler, err := api.New(api.Deps{
		Turns:    turns,
		Practice: s.practice, Accounts: s.accounts, Patients: s.patients, Notices: s.outbox, Pages: pages,
		BaseURL: baseURL, Secure: s.cfg.Secure(), Logger: s.log, Availability: s.hub.Availability, Push: s.push,
		Documents: s.documents, Book: s.book, Outside: s.outside,
	})
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("/", handler)
	s.calendars, err = caldav.New(caldav.Deps{
		Book: s.book, Accounts: s.accounts, Profile: s.cfg.Practice.Profile, BaseURL: baseURL, Secure: s.cfg.Secure(), Clock: time.Now, Log: s.log,
	})
	if err != nil {
		return err
	}
	if err := s.openBookingPages(mux, turns, baseURL); err != nil {
		return err
	}
	resources, err := fhir.New(fhir.Deps{Book: s.book, Accounts: s.accounts, Profile: s.cfg.Practice.Profile, BaseURL: baseURL, Compute: turns.Compute, Log: s.log})
	if err != nil {
		return err
	}
	mux.Handle(fhir.Root, resources)
	mux.Handle(caldav.Root, s.calendars)
	for _, looked := range []string{caldav.WellKnown, "PROPFIND /{$}", "PROPFIND /principals/"} { // the last two are iOS's, where there was an error before
		mux.Handle(looked, s.calendars)
	}
	mux.HandleFunc(caldav.FeedRoot, s.calendars.Feed)
	mux.Handle("GET /assets/", pages.Assets())
	mux.HandleFunc("GET /push-worker.js", webclient.PushWorker)
	mux.Handle("GET /signal", s.hub)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	mux.Handle("GET /readyz", s.ready)
	mux.Handle("GET /metrics", s.onlyFrom(s.cfg.Metrics.Allow, promhttp.HandlerFor(s.metrics(), promhttp.HandlerOpts{})))
	s.http = &http.Server{
		Handler:           s.cfg.HTTP.TrustedProxies.Handler(logRequests(s.log, api.SecurityHeaders(mux, baseURL, s.cfg.Secure()))),
		ReadHeaderTimeout: readHeaderWithin, ReadTimeout: readWithin, IdleTimeout: idleWithin, MaxHeaderBytes: maxHeaderBytes,
		ErrorLog: log.New(io.Discard, "", 0), // its lines name the addresses of patients
	}
	if !s.cfg.TLS.Enabled() {
		return nil
	}
	files := &certificateFiles{cfg: s.cfg.TLS}
	if _, err := files.get(nil); err != nil {
		return fmt.Errorf("tls: can't use the certificate: %w", err)
	}
	s.listener = tls.NewListener(s.listener, &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: files.get, NextProtos: []string{"http/1.1"}})
	return nil
}

// openBookingPages puts the public pages of the appointment book where patients find them.
func (s *server) openBookingPages(mux *http.ServeMux, turns api.Turns, baseURL func() string) error {
	pages, err := bookingpage.New(s.cfg.Booking, bookingpage.Deps{
		Book: s.book, Practice: s.practice, Store: s.store, Master: s.master, Outbox: s.outbox, Documents: s.documents, BaseURL: baseURL,
		Compute: turns.Compute, Clock: time.Now, Log: s.log,
	})
	if err != nil {
		return err
	}
	for _, path := range []string{"/book", "/book/", "/a/", "/o/"} {
		mux.Handle(path, pages)
	}
	return nil
}

// signedIn says who signed in in the browser that sent this request.
func (s *server) signedIn(r *http.Request) (consult.Practitioner, bool) {
	a, err := s.accounts.Authenticate(api.Cookie(r, s.cfg.Secure()))
	return a.Practitioner(), err == nil
}

// mayActFor says whether an account may do something on behalf of a practitioner.
func (s *server) mayActFor(who, practitioner consult.AccountID) bool {
	actor, err := s.accounts.Account(who)
	if err != nil {
		return false
	}
	may, err := s.accounts.MayActFor(actor, practitioner)
	return err == nil && may
}

// readiness answers whether new calls may come: not before everything is open, not while stopping, and not when the store has failed.
type readiness struct {
	on    atomic.Bool
	store kv.Store
}

func (r *readiness) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	// A transaction that changes nothing writes nothing, but a store that can't write any more refuses it.
	if !r.on.Load() || r.store.Update(func(kv.Txn) error { return nil }) != nil {
		http.Error(w, "not ready", http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}

// onlyFrom lets requests from these networks through. To others there is nothing here, nor to who asks through a proxy while none is trusted:
// its address, perhaps this machine's own, would be everybody's.
func (s *server) onlyFrom(allow []netip.Prefix, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		from, unknown := clientip.Of(r), len(s.cfg.HTTP.TrustedProxies) == 0 && clientip.Forwarded(r)
		if unknown || !slices.ContainsFunc(allow, func(p netip.Prefix) bool { return p.Contains(from) }) {
			http.NotFound(w, r)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// logRequests logs each request without what is secret or personal: no ticket, no query, no address.
func logRequests(logger *slog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		start := time.Now()
		rec := &statusRecorder{ResponseWriter: w, status: http.StatusOK}
		next.ServeHTTP(rec, r)
		logger.Debug("request", "method", r.Method, "path", api.LogPath(r), "status", rec.status, "took", time.Since(start))
	})
}

type statusRecorder struct {
	http.ResponseWriter
	status int
}

// WriteHeader notes the status.
func (r *statusRecorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

// Unwrap lets handlers reach the connection's deadlines.
func (r *statusRecorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Hijack gives the websocket its connection.
func (r *statusRecorder) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	r.status = http.StatusSwitchingProtocols
	return http.NewResponseController(r.ResponseWriter).Hijack()
}

// certificateFiles reads the certificate again when its file changes, so that a renewal needs no restart.
type certificateFiles struct {
	cfg configs.TLS

	mu     sync.Mutex
	loaded *tls.Certificate
	of     time.Time // modification time of what is loaded
}

func (f *certificateFiles) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	info, err := os.Stat(f.cfg.Certificate)
	if err == nil && f.loaded != nil && info.ModTime().Equal(f.of) {
		return f.loaded, nil
	}
	if err == nil {
		var c tls.Certificate
		if c, err = tls.LoadX509KeyPair(f.cfg.Certificate, f.cfg.Key); err == nil {
			f.loaded, f.of = &c, info.ModTime()
			return f.loaded, nil
		}
	}
	if f.loaded != nil { // half written: the old one still serves
		return f.loaded, nil
	}
	return nil, err
}
