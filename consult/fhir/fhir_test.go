package fhir

import (
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/api"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/consulttest"
	"github.com/colloque/colloque/consult/kv"
)

// TestMain looks, after all tests, for goroutines of this package that no Close has waited for.
func TestMain(m *testing.M) { os.Exit(consulttest.Run(m)) }

// desk is a practice whose book is asked in FHIR: ada is a practitioner, bob her secretary, eve a practitioner apart.
type desk struct {
	t             *testing.T
	handler       http.Handler
	accounts      *account.Accounts
	book          *booking.Book
	clock         *consulttest.Clock
	log           *consulttest.Log
	service       booking.Service
	ada, bob, eve account.Account
	tokens        map[string]string
}

func newDesk(t *testing.T) *desk {
	t.Helper()
	// A Monday, 08:00 in Paris.
	d := &desk{t: t, clock: consulttest.NewClock(time.Date(2026, 11, 23, 7, 0, 0, 0, time.UTC)), log: &consulttest.Log{}, tokens: map[string]string{}}
	dir, log := t.TempDir(), slog.New(slog.NewTextHandler(d.log, nil))
	master, err := consult.OpenKeyring(filepath.Join(dir, "master.key"))
	d.check(err)
	store, err := kv.OpenBolt(filepath.Join(dir, "store.db"), kv.BoltConfig{Clock: d.clock.Now})
	d.check(err)
	base := func() string { return "https://visio.example.org" }
	guard := consult.NewGuard(consult.GuardConfig{Allowance: 1000, Step: 1, MaxDelay: 1, Addresses: 10}, d.clock.Now)
	d.accounts, err = account.Open(account.DefaultConfig(), account.Deps{Store: store, Master: master, Guard: guard, Clock: d.clock.Now, Log: log, BaseURL: base, Practice: "Tilleuls"})
	d.check(err)
	d.book, err = booking.Open(booking.DefaultConfig(), booking.Deps{Store: store, Master: master, Clock: d.clock.Now, Log: log})
	d.check(err)
	t.Cleanup(func() { d.check(errors.Join(d.book.Close(), store.Close())) })
	d.handler, err = New(Deps{Book: d.book, Accounts: d.accounts, Profile: consult.Profile{Name: "Tilleuls", Language: "fr", TimeZone: "Europe/Paris"}, BaseURL: base, Compute: api.NewTurns().Compute, Log: log})
	d.check(err)

	d.ada, d.bob, d.eve = d.somebody("Dr Ada", account.RolePractitioner), d.somebody("Bob", account.RoleSecretary), d.somebody("Dr Eve", account.RolePractitioner)
	_, err = d.accounts.Delegate(d.ada.ID, []consult.AccountID{d.bob.ID})
	d.check(err)
	secret, _, err := d.accounts.NewToken(d.ada.ID, "reads", []account.Scope{account.ScopeAppointmentsRead}, 24*time.Hour)
	d.check(err)
	d.tokens["reader"] = secret
	secret, _, err = d.accounts.NewToken(d.ada.ID, "patients", []account.Scope{account.ScopePatientsRead}, 24*time.Hour)
	d.check(err)
	d.tokens["patients"] = secret
	d.service = booking.Service{
		ID: booking.NewServiceID(), Label: map[string]string{"fr": "Consultation"}, Duration: 30 * time.Minute, Horizon: 60,
		Modalities: []booking.Modality{booking.ModalityVideo}, Practitioners: []consult.AccountID{d.ada.ID, d.eve.ID},
	}
	d.check(d.book.SetService(d.service))
	for _, who := range []account.Account{d.ada, d.eve} {
		d.check(d.book.SetSchedule(booking.Schedule{
			Practitioner: who.ID, Name: who.Name, TimeZone: "Europe/Paris", Languages: []string{"fr"},
			Weekly: []booking.Rule{{Weekday: time.Tuesday, Hours: booking.Hours{From: 9 * 60, To: 11 * 60}}},
		}))
	}
	return d
}

func (d *desk) check(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
}

func (d *desk) somebody(name string, role account.Role) account.Account {
	d.t.Helper()
	who, err := d.accounts.Create(name, role)
	d.check(err)
	secret, _, err := d.accounts.NewToken(who.ID, "record software", []account.Scope{account.ScopeAppointmentsRead, account.ScopeAppointmentsWrite}, 24*time.Hour)
	d.check(err)
	d.tokens[name] = secret
	return who
}

// ask sends a request with somebody's token and reads JSON.
func (d *desk) ask(who, method, path, body string, want int) map[string]any {
	d.t.Helper()
	r := httptest.NewRequest(method, "https://visio.example.org"+path, strings.NewReader(body))
	if who != "" {
		r.Header.Set("Authorization", "Bearer "+d.tokens[who])
	}
	if strings.HasSuffix(path, "/_search") {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	text, _ := io.ReadAll(w.Body)
	if w.Code != want || !strings.HasPrefix(w.Header().Get("Content-Type"), "application/fhir+json") {
		d.t.Fatalf("%s %s: %d %s, want %d", method, path, w.Code, text, want)
	}
	var out map[string]any
	d.check(json.Unmarshal(text, &out))
	if want >= 400 && out["resourceType"] != "OperationOutcome" {
		d.t.Fatalf("%s", text)
	}
	return out
}

// found are the resources of a Bundle.
func found(b map[string]any) []map[string]any {
	var out []map[string]any
	entries, _ := b["entry"].([]any)
	for _, e := range entries {
		out = append(out, e.(map[string]any)["resource"].(map[string]any))
	}
	return out
}

// starts are when the resources of a Bundle begin.
func starts(b map[string]any) string {
	var out []string
	for _, r := range found(b) {
		out = append(out, strings.TrimSuffix(strings.TrimPrefix(r["start"].(string), "2026-"), ":00Z"))
	}
	return strings.Join(out, " ")
}

func TestSlots(t *testing.T) {
	d := newDesk(t)
	const tuesday = "11-24T08:00 11-24T08:30 11-24T09:00 11-24T09:30"
	own := "Schedule/" + toID(d.ada.ID)
	for query, want := range map[string]string{
		"start=2026-11-24":                                     tuesday,
		"start=2026-11-24&schedule=" + own:                     tuesday,
		"start=2026-11-24T09:00:00%2B01:00":                    "11-24T08:00",
		"start=ge2026-11-24T08:30Z&start=lt2026-11-24T09:30Z":  "11-24T08:30 11-24T09:00",
		"start=gt2026-11-24&start=le2026-12-01":                strings.ReplaceAll(tuesday, "11-24", "12-01"),
		"start=2026-11-24&service-type=" + toID(d.service.ID):  tuesday,
		"start=2026-11-24&service-type=other":                  "",
		"start=2026-11-24&status=busy":                         "",
		"start=2026-11-24&status=free&_count=2":                "11-24T08:00 11-24T08:30",
		"start=2026-11-24&_count=2&_offset=2":                  "11-24T09:00 11-24T09:30",
		"start=2026-11-24&schedule=Schedule/" + toID(d.eve.ID): "", // somebody else's
	} {
		if got := starts(d.ask("Dr Ada", "GET", "/fhir/Slot?"+query, "", 200)); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	form := url.Values{"start": {"2026-11-24"}}.Encode()
	if got := starts(d.ask("Bob", "POST", "/fhir/Slot/_search", form, 200)); got != tuesday {
		t.Error(got)
	}
	page := d.ask("Dr Ada", "GET", "/fhir/Slot?start=2026-11-24&_count=3", "", 200)
	next := page["link"].([]any)[1].(map[string]any)["url"].(string)
	if page["total"] != 4.0 || starts(d.ask("Dr Ada", "GET", strings.TrimPrefix(next, "https://visio.example.org"), "", 200)) != "11-24T09:30" {
		t.Error(page["total"], next)
	}
	one := found(page)[0]
	if again := d.ask("Dr Ada", "GET", "/fhir/Slot/"+one["id"].(string), "", 200); again["status"] != "free" || again["start"] != one["start"] {
		t.Error(again)
	}
	d.ask("Dr Eve", "GET", "/fhir/Slot/"+one["id"].(string), "", 404)
}

// The way of a portal: find, hold, book; then the appointment is there, and the time is not.
func TestFindHoldBook(t *testing.T) {
	d := newDesk(t)
	proposed := found(d.ask("Bob", "GET", "/fhir/Appointment/$find?start=2026-11-24&end=2026-11-25&practitioner=Practitioner/"+toID(d.ada.ID), "", 200))
	if len(proposed) != 4 || proposed[0]["status"] != "proposed" {
		t.Fatal(proposed)
	}
	by := `{"resourceType":"Parameters","parameter":[{"name":"start","valueDateTime":"2026-11-24"},{"name":"end","valueDateTime":"2026-11-25"}]}`
	if again := found(d.ask("Bob", "POST", "/fhir/Appointment/$find", by, 200)); len(again) != 4 {
		t.Fatal(again)
	}
	resource := func(r map[string]any, more string) string {
		return `{"resourceType":"Parameters","parameter":[{"name":"appt-resource","resource":{"resourceType":"Appointment","id":"` + r["id"].(string) + `","status":"proposed"` + more + `}}]}`
	}
	held := found(d.ask("Bob", "POST", "/fhir/Appointment/$hold", resource(proposed[0], ""), 200))[0]
	if held["status"] != "pending" || held["requestedPeriod"] == nil {
		t.Fatal(held)
	}
	d.ask("Bob", "POST", "/fhir/Appointment/$hold", resource(proposed[0], ""), 409)
	const jeanne = `,"comment":"Follow-up","contained":[{"resourceType":"Patient","id":"p","name":[{"family":"Martin","given":["Jeanne"]}],"birthDate":"1957-03-09","telecom":[{"system":"phone","value":"06 39 98 00 10"},{"system":"email","value":"jeanne@example.org"}]}]`
	d.ask("Bob", "POST", "/fhir/Appointment/$book", resource(held, ""), 400) // for nobody
	d.ask("Dr Eve", "POST", "/fhir/Appointment/$book", resource(held, jeanne), 404)
	d.ask("reader", "POST", "/fhir/Appointment/$book", resource(held, jeanne), 403)
	made := found(d.ask("Bob", "POST", "/fhir/Appointment/$book", resource(held, jeanne), 200))[0]
	if made["status"] != "booked" || made["comment"] != "Follow-up" {
		t.Fatal(made)
	}
	id := ownID[booking.AppointmentID](made["id"].(string))
	if again := d.ask("Bob", "GET", "/fhir/Appointment/"+made["id"].(string), "", 200); again["meta"].(map[string]any)["versionId"] != made["meta"].(map[string]any)["versionId"] {
		t.Error("what was booked has another version when it is read:", made["meta"], again["meta"])
	}
	a, err := d.book.Appointment(id)
	if err != nil || a.Person.Name != "Jeanne Martin" || a.Person.Contact.Phone != "+33639980010" || a.Person.Contact.Mail != "jeanne@example.org" || a.History[0].By.Account != d.bob.ID {
		t.Fatal(err, a.Person, a.History)
	}
	d.ask("Bob", "POST", "/fhir/Appointment/$book", resource(proposed[0], jeanne), 409)
	direct := found(d.ask("Bob", "POST", "/fhir/Appointment/$book", resource(proposed[1], jeanne), 200))[0]
	if direct["start"] != "2026-11-24T08:30:00Z" {
		t.Fatal(direct)
	}
	slot := d.ask("Bob", "GET", "/fhir/Slot/"+proposed[0]["id"].(string), "", 200)
	if slot["status"] != "busy" {
		t.Fatal(slot)
	}
	if got := starts(d.ask("reader", "GET", "/fhir/Appointment?date=2026-11-24&status=booked,arrived", "", 200)); got != "11-24T08:00 11-24T08:30" {
		t.Fatal(got)
	}
	for query, want := range map[string]int{"status=cancelled": 0, "date=2026-11-25": 0, "actor=Practitioner/" + toID(d.eve.ID): 0, "practitioner=" + toID(d.ada.ID): 2, "_id=" + toID(id): 1} {
		if got := found(d.ask("Bob", "GET", "/fhir/Appointment?"+query, "", 200)); len(got) != want {
			t.Errorf("%s: %d, want %d", query, len(got), want)
		}
	}
	d.ask("Bob", "GET", "/fhir/Appointment/"+toID(id), "", 200)
	d.ask("Dr Eve", "GET", "/fhir/Appointment/"+toID(id), "", 404)
	if _, err := d.book.Cancel(id, booking.CancelRequest{By: booking.Actor{Kind: booking.ByPatient}, Reason: "ill"}); err != nil {
		t.Fatal(err)
	}
	if gone := d.ask("Bob", "GET", "/fhir/Appointment/"+toID(id), "", 200); gone["status"] != "cancelled" || gone["cancelationReason"] == nil {
		t.Fatal(gone)
	}
	for _, secret := range []string{"Jeanne", "jeanne@", "39980010", strings.TrimPrefix(held["id"].(string), heldPrefix)} {
		if strings.Contains(d.log.String(), secret) {
			t.Errorf("the log says %q", secret)
		}
	}
}

func TestPeopleAndServices(t *testing.T) {
	d := newDesk(t)
	for path, want := range map[string]int{
		"Practitioner": 1, "Practitioner?name=ad": 1, "Practitioner?name=eve": 0, "PractitionerRole?practitioner=Practitioner/" + toID(d.ada.ID): 1,
		"HealthcareService": 1, "HealthcareService?name=cons": 1, "HealthcareService?active=false": 0,
		"Schedule": 1, "Schedule?actor=Practitioner/" + toID(d.ada.ID): 1, "Schedule?service-type=other": 0,
	} {
		if got := found(d.ask("Dr Ada", "GET", "/fhir/"+path, "", 200)); len(got) != want {
			t.Errorf("%s: %d, want %d", path, len(got), want)
		}
	}
	for _, name := range []string{"Practitioner", "PractitionerRole", "Schedule"} {
		if got := d.ask("Bob", "GET", "/fhir/"+name+"/"+toID(d.ada.ID), "", 200); got["resourceType"] != name {
			t.Error(got)
		}
		d.ask("Bob", "GET", "/fhir/"+name+"/"+toID(d.eve.ID), "", 404)
	}
	role := d.ask("Bob", "GET", "/fhir/PractitionerRole/"+toID(d.ada.ID), "", 200)
	hours := role["availableTime"].([]any)[0].(map[string]any)
	if hours["availableStartTime"] != "09:00:00" || hours["daysOfWeek"].([]any)[0] != "tue" {
		t.Error(hours)
	}
}

func TestRefusals(t *testing.T) {
	d := newDesk(t)
	for _, c := range []struct {
		who, method, path, body string
		want                    int
	}{
		{"", "GET", "/fhir/Slot", "", 401},
		{"nobody", "GET", "/fhir/Slot", "", 401},
		{"patients", "GET", "/fhir/Slot", "", 403},
		{"reader", "POST", "/fhir/Appointment/$hold", "{}", 403},
		{"Bob", "GET", "/fhir/Patient", "", 404},
		{"Bob", "GET", "/fhir/Slot/x", "", 404},
		{"Bob", "GET", "/fhir/Slot/" + strings.Repeat("a", 60), "", 404},
		{"Bob", "GET", "/fhir/Appointment/ap.x", "", 404},
		{"Bob", "GET", "/fhir/HealthcareService/x", "", 404},
		{"Bob", "GET", "/fhir/Slot?patient=1", "", 400},
		{"Bob", "GET", "/fhir/Slot?start:missing=true", "", 400},
		{"Bob", "GET", "/fhir/Slot?start=tomorrow", "", 400},
		{"Bob", "GET", "/fhir/Slot?start=ne2026-11-24", "", 400},
		{"Bob", "GET", "/fhir/Slot?_count=-1", "", 400},
		{"Bob", "GET", "/fhir/Slot?_format=xml", "", 406},
		{"Bob", "POST", "/fhir/Appointment/$book", "", 400},
		{"Bob", "POST", "/fhir/Appointment/$book", "[]", 400},
		{"Bob", "POST", "/fhir/Appointment/$book", `{"resourceType":"Parameters"}`, 400},
		{"Bob", "POST", "/fhir/Appointment/$hold", `{"resourceType":"Parameters"}`, 404},
		{"Bob", "POST", "/fhir/Appointment/$hold", `{"resourceType":"Parameters","x":"` + strings.Repeat("x", maxBody) + `"}`, 413},
		{"Bob", "DELETE", "/fhir/Slot", "", 405},
		{"Bob", "POST", "/fhir/Appointment", "{}", 405},
		{"Bob", "PUT", "/fhir/Schedule/x", "{}", 405},
		{"Bob", "POST", "/fhir/Patient", "{}", 404},
		{"Bob", "GET", "/fhir/Appointment/$find?location=1", "", 400},
		{"Bob", "GET", "/fhir/Appointment/$find?_count=x", "", 400},
	} {
		d.ask(c.who, c.method, c.path, c.body, c.want)
	}
	said := d.ask("", "GET", "/fhir/metadata", "", 200)
	if said["fhirVersion"] != "4.0.1" || said["resourceType"] != "CapabilityStatement" {
		t.Error(said)
	}
}

// TestTooMuchIsRefused: a search that would fill the memory says what to ask instead; a page of it is no way around.
func TestTooMuchIsRefused(t *testing.T) {
	d := newDesk(t)
	all := booking.Schedule{Practitioner: d.ada.ID, Name: d.ada.Name, TimeZone: "Europe/Paris"}
	for day := time.Sunday; day <= time.Saturday; day++ {
		all.Weekly = append(all.Weekly, booking.Rule{Weekday: day, Hours: booking.Hours{From: 0, To: 24 * 60}})
	}
	d.check(d.book.SetSchedule(all))
	short := d.service
	short.Duration, short.Horizon = booking.MinDuration, 100
	for range 2 {
		short.ID = booking.NewServiceID()
		d.check(d.book.SetService(short))
	}
	const months = "start=ge2026-11-24&start=lt2027-01-24"
	for path, want := range map[string]int{
		"Slot?" + months: 400, "Slot?_count=1&" + months: 400, "Appointment/$find?start=2026-11-24&end=2027-01-24": 400,
		"Slot?_count=1&service-type=" + toID(short.ID) + "&" + months: 200,
	} {
		got := d.ask("Dr Ada", "GET", "/fhir/"+path, "", want)
		if want == 400 && got["issue"].([]any)[0].(map[string]any)["code"] != "too-costly" {
			t.Error(path, got)
		}
	}
}
