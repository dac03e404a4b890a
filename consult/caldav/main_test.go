package caldav

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/consulttest"
	"github.com/colloque/colloque/consult/kv"
)

// TestMain looks, after all tests, for goroutines of this package that no Close has waited for.
func TestMain(m *testing.M) { os.Exit(consulttest.Run(m)) }

// desk is a practice with a calendar server on a real store, reached over loopback.
type desk struct {
	*Server
	t        testing.TB
	store    kv.Store
	accounts *account.Accounts
	book     *booking.Book
	clock    *consulttest.Clock
	log      *consulttest.Log
	http     *httptest.Server
	url      string
	service  booking.Service

	ada, bob, eve login // ada is a practitioner, bob her secretary, eve a practitioner who has nothing to do with them
}

// login is somebody with a calendar program.
type login struct {
	account.Account
	password string
}

// now is a Monday, 08:00 in Paris.
const now = "2026-11-23T07:00:00Z"

func mustTime(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func newDesk(t testing.TB) *desk {
	t.Helper()
	d := &desk{t: t, clock: consulttest.NewClock(mustTime(t, now)), log: &consulttest.Log{}}
	dir := t.TempDir()
	log := slog.New(slog.NewTextHandler(d.log, nil))
	master, err := consult.OpenKeyring(filepath.Join(dir, "master.key"))
	d.check(err)
	d.store, err = kv.OpenBolt(filepath.Join(dir, "store.db"), kv.BoltConfig{Clock: d.clock.Now})
	d.check(err)
	guard := consult.NewGuard(consult.GuardConfig{Allowance: 1000, Step: 1, MaxDelay: 1, Addresses: 10}, d.clock.Now)
	base := func() string { return d.url }
	d.accounts, err = account.Open(account.DefaultConfig(), account.Deps{Store: d.store, Master: master, Guard: guard, Clock: d.clock.Now, Log: log, BaseURL: base, Practice: "Tilleuls"})
	d.check(err)
	d.book, err = booking.Open(booking.DefaultConfig(), booking.Deps{Store: d.store, Master: master, Clock: d.clock.Now, Log: log})
	d.check(err)
	d.Server, err = New(Deps{
		Book: d.book, Accounts: d.accounts, Profile: consult.Profile{Name: "Tilleuls", Language: "fr", TimeZone: "Europe/Paris"}, BaseURL: base, Clock: d.clock.Now, Log: log,
	})
	d.check(err)
	mux := http.NewServeMux()
	mux.Handle(Root, d.Server)
	for _, looked := range []string{WellKnown, "PROPFIND /{$}", "PROPFIND /principals/"} {
		mux.Handle(looked, d.Server)
	}
	mux.HandleFunc(FeedRoot, d.Feed)
	d.http = httptest.NewServer(mux)
	d.url = d.http.URL
	t.Cleanup(func() {
		d.http.Close()
		d.check(errors.Join(d.Close(), d.book.Close(), d.store.Close()))
	})
	d.people()
	return d
}

func (d *desk) check(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) people() {
	d.t.Helper()
	d.ada, d.bob, d.eve = d.login("Dr Ada", account.RolePractitioner), d.login("Bob", account.RoleSecretary), d.login("Dr Eve", account.RolePractitioner)
	_, err := d.accounts.Delegate(d.ada.ID, []consult.AccountID{d.bob.ID})
	d.check(err)
	d.service = booking.Service{
		ID: booking.NewServiceID(), Label: map[string]string{"fr": "Consultation"}, Duration: 30 * time.Minute, Horizon: 400,
		Modalities: []booking.Modality{booking.ModalityVideo}, Practitioners: []consult.AccountID{d.ada.ID, d.eve.ID},
	}
	d.check(d.book.SetService(d.service))
	for _, who := range []login{d.ada, d.eve} {
		s := booking.Schedule{Practitioner: who.ID, Name: who.Name, TimeZone: "Europe/Paris"}
		for day := range 7 {
			s.Weekly = append(s.Weekly, booking.Rule{Weekday: time.Weekday(day), Hours: booking.Hours{From: 8 * 60, To: 18 * 60}})
		}
		d.check(d.book.SetSchedule(s))
	}
}

func (d *desk) login(name string, role account.Role) login {
	d.t.Helper()
	who, err := d.accounts.Create(name, role)
	d.check(err)
	password, _, err := d.accounts.NewAppPassword(who.ID, "Thunderbird")
	d.check(err)
	return login{who, password}
}

// appoint books a patient.
func (d *desk) appoint(of login, start, name string) booking.Appointment {
	d.t.Helper()
	booked, err := d.book.Book(booking.Request{
		By: booking.Actor{Kind: booking.ByPractice, Account: of.ID}, Service: d.service.ID, Practitioner: of.ID, Start: mustTime(d.t, start),
		Person: booking.Person{Name: name, Contact: consult.Contact{Phone: "+33639980010"}},
	})
	d.check(err)
	return booked.Appointment
}

// calendar is where a practitioner's calendar is for somebody.
func calendarOf(who, of login) string {
	return place{kind: kindCalendar, account: who.ID, practitioner: of.ID}.path()
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request; header lines are "Name: value".
func (d *desk) ask(who login, method, path, body string, header ...string) answer {
	d.t.Helper()
	r, err := http.NewRequest(method, d.url+path, strings.NewReader(body))
	d.check(err)
	if who.ID != "" {
		r.SetBasicAuth(string(who.ID), who.password)
	}
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	response, err := client.Do(r)
	d.check(err)
	defer response.Body.Close()
	b, err := io.ReadAll(response.Body)
	d.check(err)
	return answer{response.StatusCode, response.Header, string(b)}
}

func (d *desk) cancel(a booking.Appointment) {
	d.t.Helper()
	_, err := d.book.Cancel(a.ID, booking.CancelRequest{By: booking.Actor{Kind: booking.ByPractice, Account: a.Practitioner}})
	d.check(err)
}
