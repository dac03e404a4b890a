package api

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/consulttest"
	"github.com/colloque/colloque/consult/document"
	"github.com/colloque/colloque/consult/kv"
	"github.com/colloque/colloque/consult/notify"
	"github.com/colloque/colloque/consult/outside"
	"github.com/colloque/colloque/consult/patient"
	"github.com/colloque/colloque/consult/push"
)

// site is the handler on a real store, without a network.
type site struct {
	t         testing.TB
	handler   http.Handler
	practice  *consult.Practice
	accounts  *account.Accounts
	patients  *patient.Patients
	documents *document.Documents
	book      *booking.Book
	outside   *outside.Calendars
	notices   *notify.Outbox // sends nothing by itself: Start was not called
	store     kv.Store
	pages     *plainPages
	clock     *consulttest.Clock
	log       *consulttest.Log
	base      string
	secure    bool
}

func newSite(t testing.TB) *site { return newSiteAt(t, "http://localhost:8080") }

func newSiteAt(t testing.TB, base string) *site {
	t.Helper()
	return newSiteWith(t, base, noticesConfig())
}

func newSiteWith(t testing.TB, base string, notices notify.Config) *site {
	t.Helper()
	s := &site{t: t, pages: &plainPages{}, clock: consulttest.NewClock(time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)), log: &consulttest.Log{}}
	s.base, s.secure = base, strings.HasPrefix(base, "https:")
	dir := t.TempDir()
	master, err := consult.OpenKeyring(filepath.Join(dir, "master.key"))
	s.check(err)
	s.store, err = kv.OpenBolt(filepath.Join(dir, "store.db"), kv.BoltConfig{Clock: s.clock.Now})
	s.check(err)
	cfg := consult.DefaultConfig()
	cfg.Guard = consult.GuardConfig{Allowance: 1 << 30, Step: 1, MaxDelay: 1, Addresses: 10}
	logger := slog.New(slog.NewTextHandler(s.log, nil))
	s.notices, err = notify.Open(notices, cfg.Profile, s.store, master, s.clock.Now, logger)
	s.check(err)
	s.practice, err = consult.Open(cfg, s.store, master, s.notices, s.clock.Now, logger)
	s.check(err)
	s.accounts, err = account.Open(account.DefaultConfig(), account.Deps{
		Store: s.store, Master: master, Guard: s.practice.Guard(), Clock: s.clock.Now, Log: logger, BaseURL: func() string { return s.base }, Practice: "Colloque",
	})
	s.check(err)
	s.patients, err = patient.Open("FR", s.store, master, s.clock.Now, logger)
	s.check(err)
	documents := document.DefaultConfig()
	documents.MinFreeMB = 0
	s.documents, err = document.Open(documents, filepath.Join(dir, "documents"), s.store, master, s.practice, takesAll{}, s.clock.Now, logger)
	s.check(err)
	s.outside, err = outside.Open(outside.Config{Every: time.Hour, PrivateNetworks: true}, outside.Deps{
		Store: s.store, Master: master, Zone: func(consult.AccountID) *time.Location { return time.UTC }, Clock: s.clock.Now, Log: logger,
	})
	s.check(err)
	s.book, err = booking.Open(booking.DefaultConfig(), booking.Deps{
		Store: s.store, Master: master, Practice: s.practice, Country: "FR", Outbox: s.notices, Busy: s.outside, Gives: s.accounts.MayBeBooked, Attends: s.accounts.MayAttend, Files: s.documents, Clock: s.clock.Now, Log: logger,
	})
	s.check(err)
	pushes, err := push.Open(push.Config{Enabled: true, Contact: "mailto:it@example.org", Services: []string{"push.example.org"}}, s.store, master, http.DefaultClient, s.clock.Now, logger)
	s.check(err)
	t.Cleanup(func() { s.check(pushes.Close()) })
	s.handler, err = New(Deps{Turns: NewTurns(), Push: pushes, Practice: s.practice, Accounts: s.accounts, Patients: s.patients, Documents: s.documents, Book: s.book, Outside: s.outside, Notices: s.notices, Pages: s.pages, BaseURL: func() string { return s.base }, Secure: s.secure, Logger: logger})
	s.check(err)
	t.Cleanup(func() {
		s.check(s.book.Close())
		s.check(s.outside.Close())
		s.check(s.documents.Close())
		s.check(s.patients.Close())
		s.check(s.practice.Close())
		s.check(s.notices.Close())
		s.check(s.store.Close())
	})
	return s
}

func (s *site) check(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

// practitioner makes an account and signs a browser in.
func (s *site) practitioner(name string) (who account.Account, cookie string) {
	s.t.Helper()
	return s.somebody(name, account.RolePractitioner)
}

// somebody makes an account with the roles and signs a browser in.
func (s *site) somebody(name string, roles ...account.Role) (who account.Account, cookie string) {
	s.t.Helper()
	who, err := s.accounts.Create(name, roles...)
	s.check(err)
	link, err := s.accounts.NewSignInLink(who.ID)
	s.check(err)
	cookie, _, err = s.accounts.SignIn(s.t.Context(), link, account.Visitor{})
	s.check(err)
	return who, cookie
}

// request is what a page of our own sends, unless header says otherwise. A header of "" is left out.
type request struct {
	method, path, body string
	cookie             string
	header             map[string]string
}

func (s *site) do(r request) *httptest.ResponseRecorder {
	s.t.Helper()
	h := httptest.NewRequest(r.method, "http://ignored.example/", strings.NewReader(r.body))
	h.URL.Path, h.URL.RawQuery, _ = strings.Cut(r.path, "?")
	h.RequestURI = r.path
	if !readsOnly(r.method) {
		h.Header.Set("Origin", s.base)
		h.Header.Set("Sec-Fetch-Site", "same-origin")
		h.Header.Set("Content-Type", "application/json")
	}
	if r.cookie != "" {
		h.AddCookie(&http.Cookie{Name: CookieName(s.secure), Value: r.cookie})
	}
	for name, value := range r.header {
		h.Header.Del(name)
		if value != "" {
			h.Header.Set(name, value)
		}
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, h)
	return w
}

// mustJSON sends the request, wants the status, and decodes the answer.
func mustJSON[T any](s *site, r request, status int) T {
	s.t.Helper()
	w := s.do(r)
	if w.Code != status {
		s.t.Fatalf("%s %s: %d %s, want %d", r.method, r.path, w.Code, w.Body, status)
	}
	var value T
	if err := json.Unmarshal(w.Body.Bytes(), &value); err != nil {
		s.t.Fatalf("%s %s: %v in %s", r.method, r.path, err, w.Body)
	}
	return value
}

func (s *site) mustStart(cookie string) startedBody {
	s.t.Helper()
	return mustJSON[startedBody](s, request{method: "POST", path: "/api/v1/consultations", body: `{"patient_name":"Jeanne Martin"}`, cookie: cookie}, 201)
}

func (s *site) mustSignInLink(id consult.AccountID) string {
	s.t.Helper()
	secret, err := s.accounts.NewSignInLink(id)
	s.check(err)
	return secret
}

// plainPages renders what it was told, as text.
type plainPages struct{ broken bool }

func (p *plainPages) Render(w io.Writer, page, language string, data any) error {
	if p.broken {
		return fmt.Errorf("no such template: %s", page)
	}
	_, err := fmt.Fprintf(w, "page=%s language=%s %+v", page, language, data)
	return err
}

func (s *site) practiceLogger() *slog.Logger { return slog.New(slog.NewTextHandler(s.log, nil)) }
