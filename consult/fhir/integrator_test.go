package fhir

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult/booking"
)

// send is ask with header lines, "Name: value", and gives the answer as it is.
func (d *desk) send(who, method, path, body string, header ...string) *httptest.ResponseRecorder {
	d.t.Helper()
	r := httptest.NewRequest(method, "https://visio.example.org"+path, strings.NewReader(body))
	r.Header.Set("Authorization", "Bearer "+d.tokens[who])
	for _, line := range header {
		name, value, _ := strings.Cut(line, ": ")
		r.Header.Set(name, value)
	}
	w := httptest.NewRecorder()
	d.handler.ServeHTTP(w, r)
	return w
}

// booked are appointments of Dr Ada at these times of Tuesday, UTC.
func (d *desk) booked(times ...string) []booking.Appointment {
	d.t.Helper()
	var all []booking.Appointment
	for _, at := range times {
		start, err := time.Parse(time.RFC3339, at)
		d.check(err)
		made, err := d.book.Book(booking.Request{
			By: booking.Actor{Kind: booking.ByPractice, Account: d.ada.ID}, Service: d.service.ID, Practitioner: d.ada.ID, Start: start, Person: booking.Person{Name: "Jeanne Martin"},
		})
		d.check(err)
		all = append(all, made.Appointment)
	}
	return all
}

// TestDeclaredParameters asks with each parameter that the CapabilityStatement declares: one that is met, and one that is not.
func TestDeclaredParameters(t *testing.T) {
	d := newDesk(t)
	a := d.booked("2026-11-24T08:00:00Z")[0]
	ada, service := toID(d.ada.ID), toID(d.service.ID)
	meets := map[string][2]string{
		"Practitioner._id": {ada, "x"}, "Practitioner.name": {"nobody,dr", "nobody"}, "Practitioner.active": {"true", "false"},
		"PractitionerRole._id": {ada, "x"}, "PractitionerRole.practitioner": {"Practitioner/" + ada, "Practitioner/x"}, "PractitionerRole.active": {"false,true", "false"},
		"HealthcareService._id": {service, "x"}, "HealthcareService.name": {"cons", "x"}, "HealthcareService.active": {"true", "false"},
		"Schedule._id": {ada, "x"}, "Schedule.actor": {"https://visio.example.org/fhir/Practitioner/" + ada, "Practitioner/x"}, "Schedule.active": {"true", "false"},
		"Schedule.service-type": {"https://visio.example.org/fhir/service|" + service, "x"},
		"Slot.schedule":         {"Schedule/" + ada, "Schedule/x"}, "Slot.service-type": {service, "x"}, "Slot.start": {"ge2026-11-24", "2026-11-25"}, "Slot.status": {"free", "busy"},
		"Appointment._id": {toID(a.ID), "x"}, "Appointment.actor": {"Practitioner/" + ada, "Practitioner/x"}, "Appointment.practitioner": {ada, "x"},
		"Appointment.date": {"2026-11", "2026-12"}, "Appointment.status": {"http://hl7.org/fhir/appointmentstatus|booked", "cancelled"}, "Appointment.service-type": {service, "x"},
	}
	said := d.ask("", "GET", "/fhir/metadata?_format=application/fhir+json", "", 200)
	for _, r := range said["rest"].([]any)[0].(map[string]any)["resource"].([]any) {
		kind := r.(map[string]any)["type"].(string)
		for _, p := range r.(map[string]any)["searchParam"].([]any) {
			name := p.(map[string]any)["name"].(string)
			values, known := meets[kind+"."+name]
			if !known {
				t.Errorf("%s.%s is declared and not tried", kind, name)
				continue
			}
			delete(meets, kind+"."+name)
			query := func(values ...string) int {
				return len(found(d.ask("Dr Ada", "GET", "/fhir/"+kind+"?"+url.Values{name: values}.Encode(), "", 200)))
			}
			either := 1
			if name != "start" && name != "date" { // dates are not listed with commas: 400
				either = query(values[0] + "," + values[1])
			}
			if query(values[0]) == 0 || query(values[1]) != 0 || either == 0 || query(values[0], values[1]) != 0 {
				t.Errorf("%s.%s: met %d, not met %d, either %d, both %d", kind, name, query(values[0]), query(values[1]), either, query(values[0], values[1]))
			}
		}
	}
	if len(meets) > 0 {
		t.Error("not declared:", meets)
	}
}

// TestPagesOfOneTime: pages are cut from the time of the first, however long somebody takes to ask for the next.
func TestPagesOfOneTime(t *testing.T) {
	d := newDesk(t)
	d.booked("2026-11-24T09:30:00Z", "2026-12-01T08:00:00Z")
	for kind, want := range map[string]int{"Slot": 6, "Appointment": 2} {
		seen, pages := map[string]bool{}, 0
		for next := "/fhir/" + kind + "?_count=1"; next != ""; pages++ {
			page := d.ask("Dr Ada", "GET", next, "", 200)
			for _, one := range found(page) {
				seen[one["id"].(string)] = true
			}
			if page["total"] != float64(want) {
				t.Fatal(kind, page["total"])
			}
			next = ""
			for _, l := range page["link"].([]any) {
				if l := l.(map[string]any); l["relation"] == "next" {
					next = strings.TrimPrefix(l["url"].(string), "https://visio.example.org")
				}
			}
			d.clock.Forward(time.Minute)
		}
		if len(seen) != want || pages != want {
			t.Errorf("%s: %d of %d in %d pages", kind, len(seen), want, pages)
		}
	}
	if none := d.ask("Dr Ada", "GET", "/fhir/Slot?_count=0", "", 200); none["total"] != 6.0 || len(found(none)) != 0 || len(none["link"].([]any)) != 1 {
		t.Error(none)
	}
}

// TestNamedAppointment: whoever names an appointment need not say when it is; other conditions hold all the same.
func TestNamedAppointment(t *testing.T) {
	d := newDesk(t)
	d.check(d.book.SetService(func() booking.Service { s := d.service; s.Horizon = 100; return s }()))
	far := d.booked("2027-01-19T08:00:00Z")[0]
	id := toID(far.ID)
	for query, want := range map[string]int{
		"_id=" + id: 1, "_id=" + id + "," + id + ",x": 1, "_id=" + id + "&_id=x": 0, "_id=" + id + "&status=cancelled": 0, "_id=" + id + "&date=2027-01": 1, "_id=" + id + "&date=2027-02": 0,
		"_id=" + id + "&practitioner=" + toID(d.eve.ID): 0,
	} {
		if got := found(d.ask("Dr Ada", "GET", "/fhir/Appointment?"+query, "", 200)); len(got) != want {
			t.Errorf("%s: %d", query, len(got))
		}
	}
	if got := found(d.ask("Dr Eve", "GET", "/fhir/Appointment?_id="+id, "", 200)); len(got) != 0 {
		t.Error("somebody else's:", got)
	}
}

// TestHTTP is what RFC 9110 and R4 §3.1.0 say of versions, formats and media types.
func TestHTTP(t *testing.T) {
	d := newDesk(t)
	a, err := d.book.Appointment(d.booked("2026-11-24T08:00:00Z")[0].ID)
	d.check(err)
	path := "/fhir/Appointment/" + toID(a.ID)
	tag := fmt.Sprintf(`W/"%d"`, a.Revision)
	form, json := "Content-Type: application/x-www-form-urlencoded", "Content-Type: application/fhir+json"
	for name, c := range map[string]struct {
		method, path, body string
		header             []string
		want               int
	}{
		"a version":               {"GET", path, "", nil, 200},
		"the same version":        {"GET", path, "", []string{`If-None-Match: W/"x", ` + tag}, 304},
		"another version":         {"GET", path, "", []string{`If-None-Match: W/"x"`}, 200},
		"head":                    {"HEAD", path, "", nil, 200},
		"XML":                     {"GET", path, "", []string{"Accept: application/fhir+xml"}, 406},
		"XML or JSON":             {"GET", path, "", []string{"Accept: application/fhir+xml, application/fhir+json;q=0.5"}, 200},
		"a format in full":        {"GET", path + "?_format=application/fhir%2Bjson", "", []string{"Accept: application/fhir+xml"}, 200},
		"a format not escaped":    {"GET", path + "?_format=application/fhir+json", "", nil, 200},
		"a format in short":       {"GET", path + "?_format=json", "", nil, 200},
		"a search in a form":      {"POST", "/fhir/Appointment/_search", "status=booked", []string{form}, 200},
		"a search for XML":        {"POST", "/fhir/Appointment/_search", "_format=xml", []string{form}, 406},
		"a search in JSON":        {"POST", "/fhir/Appointment/_search", `{"status":"cancelled"}`, []string{json}, 415},
		"a search without a type": {"POST", "/fhir/Appointment/_search", "status=cancelled", nil, 415},
		"an operation in XML":     {"POST", "/fhir/Appointment/$book", "<Parameters/>", []string{"Content-Type: application/fhir+xml"}, 415},
		"an operation in text":    {"POST", "/fhir/Appointment/$find", `{"resourceType":"Parameters"}`, []string{"Content-Type: text/plain;charset=UTF-8"}, 200},
		"an operation in JSON":    {"POST", "/fhir/Appointment/$find", `{"resourceType":"Parameters"}`, []string{json + "; charset=utf-8", "Prefer: return=representation"}, 200},
	} {
		got := d.send("Dr Ada", c.method, c.path, c.body, c.header...)
		if got.Code != c.want {
			t.Errorf("%s: %d %s", name, got.Code, got.Body)
		}
		if c.path == path && got.Code < 400 && got.Header().Get("ETag") != tag {
			t.Errorf("%s: ETag %q, want %q", name, got.Header().Get("ETag"), tag)
		}
		if got.Code >= 400 && !strings.Contains(got.Body.String(), `"OperationOutcome"`) || got.Code == http.StatusNotModified && got.Body.Len() > 0 {
			t.Errorf("%s: %s", name, got.Body)
		}
	}
}
