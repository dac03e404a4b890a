package bookingpage

import (
	"errors"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/api"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/consulttest"
	"github.com/colloque/colloque/consult/document"
	"github.com/colloque/colloque/consult/kv"
)

func TestMain(m *testing.M) { os.Exit(consulttest.Run(m)) }

// monday is a Monday, 08:00 in Paris.
const monday = "2026-11-23T07:00:00Z"

const baseURL = "https://example.org"

// site is the pages on a real store, with a clock to turn and an outbox to read.
type site struct {
	t         testing.TB
	store     kv.Store
	documents *document.Documents
	practice  *consult.Practice
	book      *booking.Book
	outbox    *listOutbox
	clock     *consulttest.Clock
	log       *consulttest.Log
	pages     *Pages
	handler   http.Handler
	from      string // address of who asks
}

func newSite(t testing.TB, change func(*booking.Config)) *site {
	t.Helper()
	at, err := time.Parse(time.RFC3339, monday)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, clock: consulttest.NewClock(at), outbox: &listOutbox{}, log: &consulttest.Log{}, from: "192.0.2.7:4711"}
	master, err := consult.OpenKeyring(filepath.Join(t.TempDir(), "master.key"))
	if err == nil {
		s.store, err = kv.OpenBolt(filepath.Join(t.TempDir(), "store.db"), kv.BoltConfig{Clock: s.clock.Now})
	}
	log := slog.New(slog.NewTextHandler(io.MultiWriter(s.log), &slog.HandlerOptions{Level: slog.LevelDebug}))
	cfg := consult.DefaultConfig()
	cfg.Profile.Name, cfg.Profile.Phone, cfg.Profile.Address = "Cabinet des Tilleuls", "+33123456789", "4 rue des Tilleuls, 75012 Paris"
	if err == nil {
		s.practice, err = consult.Open(cfg, s.store, master, s.outbox, s.clock.Now, log)
	}
	var documents *document.Documents
	if err == nil {
		docCfg := document.DefaultConfig()
		docCfg.MinFreeMB = 0
		documents, err = document.Open(docCfg, t.TempDir(), s.store, master, s.practice, s.outbox, s.clock.Now, log)
	}
	bookCfg := booking.DefaultConfig()
	if change != nil {
		change(&bookCfg)
	}
	if err == nil {
		s.book, err = booking.Open(bookCfg, booking.Deps{Store: s.store, Master: master, Practice: s.practice, Country: "FR", Outbox: s.outbox, Files: documents, Clock: s.clock.Now, Log: log})
	}
	base := func() string { return baseURL }
	if err == nil {
		s.pages, err = New(bookCfg, Deps{Book: s.book, Practice: s.practice, Store: s.store, Master: master, Outbox: s.outbox, Documents: documents, BaseURL: base, Compute: api.NewTurns().Compute, Clock: s.clock.Now, Log: log})
	}
	if err != nil {
		t.Fatal(err)
	}
	s.documents = documents
	s.handler = api.SecurityHeaders(s.pages, base, true)
	t.Cleanup(func() {
		if err := errors.Join(s.book.Close(), documents.Close(), s.practice.Close(), s.store.Close()); err != nil {
			t.Error(err)
		}
	})
	return s
}

const doctor = consult.AccountID("a_AAAAAAAAAAAAAAAAAAAAAA")

// offer puts a service into the book that one practitioner gives, from nine to ten each weekday.
func (s *site) offer(change func(*booking.Service, *booking.Schedule)) booking.Service {
	s.t.Helper()
	service := booking.Service{
		ID: booking.NewServiceID(), Label: map[string]string{"fr": "Suivi du diabète", "en": "Diabetes follow-up"}, Duration: 30 * time.Minute, Horizon: 30,
		Modalities: []booking.Modality{booking.ModalityVideo}, Practitioners: []consult.AccountID{doctor}, CutOff: 30 * time.Minute,
	}
	schedule := booking.Schedule{Practitioner: doctor, Name: "Dr Claire Moreau", TimeZone: "Europe/Paris"}
	for day := time.Monday; day <= time.Friday; day++ {
		schedule.Weekly = append(schedule.Weekly, booking.Rule{Weekday: day, Hours: booking.Hours{From: 9 * 60, To: 10 * 60}})
	}
	if change != nil {
		change(&service, &schedule)
	}
	if err := errors.Join(s.book.SetService(service), s.book.SetSchedule(schedule)); err != nil {
		s.t.Fatal(err)
	}
	return service
}

// answer is a page that came.
type answer struct {
	*httptest.ResponseRecorder
	path string
	text string // what a person reads
}

func (s *site) do(method, path string, body url.Values, header map[string]string) answer {
	s.t.Helper()
	var r *http.Request
	if method == http.MethodPost {
		r = httptest.NewRequest(method, path, strings.NewReader(body.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Origin", baseURL)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	} else {
		r = httptest.NewRequest(method, path, nil)
	}
	r.RemoteAddr = s.from
	r.Header.Set("Accept-Language", "fr")
	for name, value := range header {
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	return answer{w, path, textOf(w.Body.String())}
}

// get follows redirects, as browsers do.
func (s *site) get(path string) answer {
	s.t.Helper()
	a := s.do(http.MethodGet, path, nil, nil)
	if a.Code == http.StatusSeeOther {
		return s.get(a.Header().Get("Location"))
	}
	return a
}

// post follows the redirect after a form.
func (s *site) post(path string, form url.Values) answer {
	s.t.Helper()
	a := s.do(http.MethodPost, path, form, nil)
	if a.Code == http.StatusSeeOther {
		return s.get(a.Header().Get("Location"))
	}
	return a
}

var (
	tag    = regexp.MustCompile(`(?s)<style.*?</style>|<[^>]*>`)
	spaces = regexp.MustCompile(`\s+`)
	hidden = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)"`)
	starts = regexp.MustCompile(`<button name="start" value="([0-9]+)"[^>]*>([0-9:]+)<`)
)

func textOf(page string) string {
	return strings.TrimSpace(spaces.ReplaceAllString(html.UnescapeString(tag.ReplaceAllString(page, " ")), " "))
}

// action is where the first form of the page goes.
func (a answer) action(t testing.TB) string {
	t.Helper()
	found := regexp.MustCompile(`<form[^>]*method="post"[^>]*action="([^"]*)"`).FindStringSubmatch(a.Body.String())
	if found == nil {
		t.Fatalf("no form on %s (%d): %s", a.path, a.Code, a.text)
	}
	return html.UnescapeString(found[1])
}

// kept are the hidden fields of the page.
func (a answer) kept() url.Values {
	v := url.Values{}
	for _, f := range hidden.FindAllStringSubmatch(a.Body.String(), -1) {
		v.Set(f[1], html.UnescapeString(f[2]))
	}
	return v
}

// times are the buttons of the page, by what they show.
func (a answer) times() []string {
	var all []string
	for _, f := range starts.FindAllStringSubmatch(a.Body.String(), -1) {
		all = append(all, f[1])
	}
	return all
}

func (a answer) href(t testing.TB, text string) string {
	t.Helper()
	for _, f := range regexp.MustCompile(`(?s)<a [^>]*href="([^"]*)"[^>]*>(.*?)</a>`).FindAllStringSubmatch(a.Body.String(), -1) {
		if strings.Contains(textOf(f[2]), text) {
			return html.UnescapeString(f[1])
		}
	}
	t.Fatalf("no link %q on %s: %s", text, a.path, a.text)
	return ""
}

func (a answer) says(t testing.TB, status int, texts ...string) answer {
	t.Helper()
	if a.Code != status {
		t.Fatalf("%s: %d, not %d: %s", a.path, a.Code, status, a.text)
	}
	for _, text := range texts {
		if !strings.Contains(a.text, text) {
			t.Fatalf("%s does not say %q: %s", a.path, text, a.text)
		}
	}
	return a
}

// choose presses the first time of a service.
func (s *site) choose(service booking.Service) answer {
	s.t.Helper()
	page := s.get("/book/" + string(service.ID))
	if len(page.times()) == 0 {
		s.t.Fatalf("no times: %s", page.text)
	}
	return s.post(page.action(s.t), url.Values{"start": {page.times()[0]}})
}

// jeanne is a form that is filled in well.
func jeanne() url.Values {
	return url.Values{"name": {"Jeanne Martin"}, "day": {"24"}, "month": {"11"}, "year": {"1946"}, "phone": {"06 39 98 00 10"}, "note": {"Douleur au genou"}}
}

// fill sends the form of a page with these values, as long after it came as a person takes.
func (s *site) fill(page answer, values url.Values) answer {
	s.t.Helper()
	s.clock.Forward(30 * time.Second)
	form := page.kept()
	for name, all := range values {
		form[name] = all
	}
	return s.post(page.action(s.t), form)
}

// book goes all the way, and returns the secret of the manage link.
func (s *site) booked(service booking.Service) string {
	s.t.Helper()
	page := s.fill(s.choose(service), jeanne())
	if strings.HasPrefix(page.path, "/book/confirm/") {
		page = s.post(page.action(s.t), url.Values{"code": {s.outbox.code(s.t)}})
	}
	page.says(s.t, http.StatusOK)
	secret, _, _ := strings.Cut(strings.TrimPrefix(page.path, "/book/booked/"), "?")
	return secret
}

// listOutbox keeps notices in memory.
type listOutbox struct {
	mu          sync.Mutex
	notices     []consult.Notice
	unreachable []consult.Reach
}

func (o *listOutbox) reaches(n consult.Notice) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if n.To.Reach == consult.ReachHanded || slices.Contains(o.unreachable, n.To.Reach) {
		return consult.ErrUnreachable
	}
	return nil
}

func (o *listOutbox) Prepare(n consult.Notice) (func(kv.Txn) error, error) {
	return func(tx kv.Txn) error { return o.Put(tx, n) }, o.reaches(n)
}

func (o *listOutbox) Put(tx kv.Txn, n consult.Notice) error {
	if err := o.reaches(n); err != nil {
		return err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if n.Key != "" && slices.ContainsFunc(o.notices, func(had consult.Notice) bool { return had.Key == n.Key }) {
		return nil
	}
	o.notices = append(o.notices, n)
	return tx.Put("v1/test-notice/last", nil)
}

func (o *listOutbox) Cancel(kv.Txn, string) (bool, error) { return false, nil }

func (o *listOutbox) last(t testing.TB, kind consult.NoticeKind) consult.Notice {
	t.Helper()
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, n := range slices.Backward(o.notices) {
		if n.Kind == kind {
			return n
		}
	}
	t.Fatalf("no notice %s in %d", kind, len(o.notices))
	return consult.Notice{}
}

func (o *listOutbox) code(t testing.TB) string {
	t.Helper()
	return o.last(t, consult.NoticeConfirmCode).Fields[consult.FieldCode]
}

func (o *listOutbox) count(kind consult.NoticeKind) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	n := 0
	for _, one := range o.notices {
		if one.Kind == kind {
			n++
		}
	}
	return n
}
