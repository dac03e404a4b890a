package api

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult/outside"
)

func outsideTrials() map[string]trial {
	at := func(more string) func(*world) string {
		return func(w *world) string { return "/practitioners/" + string(w.owner.ID) + "/calendars" + more }
	}
	one := func(more string) func(*world) string {
		return func(w *world) string { return at("/" + string(w.outsideCalendar()) + more)(w) }
	}
	says := func(body string) func(*world) string { return func(*world) string { return body } }
	return map[string]trial{
		"outside-calendars":       {path: at(""), theirs: true},
		"look-outside":            {path: at("/look"), body: says(`{"address":"http://127.0.0.1:1/mine.ics"}`), theirs: true},
		"add-outside-calendar":    {path: at(""), body: says(`{"address":"http://127.0.0.1:1/mine.ics","name":"Home"}`), theirs: true},
		"remove-outside-calendar": {path: one(""), theirs: true},
		"read-outside-calendar":   {path: one("/read"), theirs: true},
	}
}

// outsideCalendar is a calendar of the owner's that nobody answers for.
func (w *world) outsideCalendar() outside.CalendarID {
	w.t.Helper()
	const address = "http://127.0.0.1:1/trial.ics"
	for _, c := range w.outside.Of(w.owner.ID) {
		if c.Address == address {
			return c.ID
		}
	}
	c, err := w.outside.Add(outside.Calendar{Practitioner: w.owner.ID, Name: "Home", Address: address})
	w.check(err)
	return c.ID
}

// A calendar elsewhere is found, taken up, read and forgotten; neither its address nor its password is shown again.
func TestOutsideCalendars(t *testing.T) {
	elsewhere := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, password, _ := r.BasicAuth(); r.Method != http.MethodGet || password != "hush" {
			http.Error(w, "no", http.StatusUnauthorized)
			return
		}
		fmt.Fprint(w, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:20261124T090000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n")
	}))
	defer elsewhere.Close()
	s := newSite(t)
	s.outside.Start()
	doctor, cookie := s.practitioner("Dr Claire Moreau")
	at := "/api/v1/practitioners/" + string(doctor.ID) + "/calendars"
	with := func(password string) string {
		return fmt.Sprintf(`{"address":"%s/secret-name.ics","user":"claire","password":%q`, elsewhere.URL, password)
	}
	if out := mustJSON[lookBody](s, request{method: "POST", path: at + "/look", body: with("wrong") + "}", cookie: cookie}, 200); out.Trouble != outside.TroubleRefused || len(out.Calendars) > 0 {
		t.Fatal(out)
	}
	if out := mustJSON[lookBody](s, request{method: "POST", path: at + "/look", body: with("hush") + "}", cookie: cookie}, 200); len(out.Calendars) != 1 {
		t.Fatal(out)
	}
	added := mustJSON[outsideBody](s, request{method: "POST", path: at, body: with("hush") + `,"name":"Home"}`, cookie: cookie}, 201)
	if !strings.HasPrefix(elsewhere.URL, "http://"+added.Server) || added.Name != "Home" {
		t.Fatal(added)
	}
	var body string
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		body = s.do(request{method: "GET", path: at, cookie: cookie}).Body.String()
		if strings.Contains(body, `"read_at"`) {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(body)
		}
	}
	for _, secret := range []string{"hush", "secret-name", "claire"} {
		if strings.Contains(body, secret) || strings.Contains(s.log.String(), secret) {
			t.Errorf("%q is shown or logged", secret)
		}
	}
	if w := s.do(request{method: "DELETE", path: at + "/" + string(added.ID), cookie: cookie}); w.Code != 204 {
		t.Fatal(w.Code, w.Body)
	}
	if out := mustJSON[outsideListBody](s, request{method: "GET", path: at, cookie: cookie}, 200); len(out.Calendars) > 0 {
		t.Fatal(out)
	}
}
