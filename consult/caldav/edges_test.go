package caldav

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestBadRequests is what no program should send, and that none of it breaks anything.
func TestBadRequests(t *testing.T) {
	d := newDesk(t)
	a := d.appoint(d.ada, "2026-11-24T13:30:00Z", "Jeanne Martin")
	calendar := calendarOf(d.ada, d.ada)
	query := func(filter string) string {
		return `<c:calendar-query xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop><d:getetag/></d:prop><c:filter>` + filter + `</c:filter></c:calendar-query>`
	}
	bomb := `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><propfind xmlns="DAV:"><prop>&b;</prop></propfind>`
	for name, c := range map[string]struct {
		method, path, body string
		header             []string
		want               int
		says               string
	}{
		"entities":             {"PROPFIND", calendar, bomb, nil, 400, ""},
		"not XML":              {"PROPFIND", calendar, "hello", nil, 400, ""},
		"half of it":           {"PROPFIND", calendar, `<propfind xmlns="DAV:"><prop>`, nil, 400, ""},
		"another element":      {"PROPFIND", calendar, `<prop xmlns="DAV:"/>`, nil, 400, ""},
		"no properties":        {"PROPFIND", calendar, `<propfind xmlns="DAV:"/>`, nil, 400, ""},
		"deep":                 {"PROPFIND", calendar, strings.Repeat("<a>", 1000) + strings.Repeat("</a>", 1000), nil, 400, ""},
		"many elements":        {"PROPFIND", calendar, "<a>" + strings.Repeat("<b/>", maxElements) + "</a>", nil, 400, ""},
		"many properties":      {"PROPFIND", calendar, `<propfind xmlns="DAV:"><prop>` + strings.Repeat("<a/>", 200) + "</prop></propfind>", nil, 400, ""},
		"huge":                 {"PROPFIND", calendar, "<a>" + strings.Repeat(" ", maxBody) + "</a>", nil, 413, ""},
		"everything":           {"PROPFIND", Root, "", []string{"Depth: infinity"}, 403, "propfind-finite-depth"},
		"no report":            {"REPORT", calendar, "", nil, 400, ""},
		"another report":       {"REPORT", calendar, `<version-tree xmlns="DAV:"/>`, nil, 403, "supported-report"},
		"a report elsewhere":   {"REPORT", Root, `<sync-collection xmlns="DAV:"/>`, nil, 403, "supported-report"},
		"no filter":            {"REPORT", calendar, strings.NewReplacer("<c:filter>", "", "</c:filter>", "").Replace(query("")), nil, 400, "valid-filter"},
		"an empty filter":      {"REPORT", calendar, query(""), nil, 400, "valid-filter"},
		"an empty time range":  {"REPORT", calendar, query(`<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:time-range start="20270101T000000Z" end="20270101T000000Z"/></c:comp-filter></c:comp-filter>`), nil, 400, "valid-filter"},
		"alarms in time":       {"REPORT", calendar, query(`<c:comp-filter name="VCALENDAR"><c:comp-filter name="VALARM"><c:time-range start="20270101T000000Z"/></c:comp-filter></c:comp-filter>`), nil, 403, "supported-filter"},
		"another collation":    {"REPORT", calendar, query(`<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:prop-filter name="UID"><c:text-match collation="x">y</c:text-match></c:prop-filter></c:comp-filter></c:comp-filter>`), nil, 403, "supported-collation"},
		"free-busy for ever":   {"REPORT", calendar, `<c:free-busy-query xmlns:c="urn:ietf:params:xml:ns:caldav"><c:time-range start="20000101T000000Z" end="20990101T000000Z"/></c:free-busy-query>`, nil, 400, ""},
		"endless levels":       {"REPORT", calendar, `<sync-collection xmlns="DAV:"><sync-token/><sync-level>infinite</sync-level><prop/></sync-collection>`, nil, 403, "sync-traversal-supported"},
		"a new calendar":       {"MKCALENDAR", calendar + "x/", "", nil, 403, ""},
		"a calendar again":     {"MKCALENDAR", calendar, "", nil, 403, ""},
		"delete the calendar":  {"DELETE", calendar, "", nil, 403, ""},
		"move an appointment":  {"MOVE", calendar + string(a.ID) + suffix, "", []string{"Destination: " + calendar + "y.ics"}, 403, ""},
		"a form":               {"POST", calendar, "a=b", nil, 405, ""},
		"lock":                 {"LOCK", calendar, "", nil, 405, ""},
		"another calendar's":   {"REPORT", calendar, `<c:calendar-multiget xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop/><d:href>` + calendarOf(d.eve, d.ada) + string(a.ID) + suffix + `</d:href></c:calendar-multiget>`, nil, 207, "404 Not Found"},
		"a wild address":       {"REPORT", calendar, `<c:calendar-multiget xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop/><d:href>:%zz</d:href></c:calendar-multiget>`, nil, 207, "404 Not Found"},
		"what nobody can have": {"PROPFIND", calendar, `<propfind xmlns="DAV:"><prop><x:y xmlns:x="urn:z&quot;&lt;"/></prop></propfind>`, nil, 207, `<y xmlns="urn:z&#34;&lt;"/>`},
		"rename the calendar":  {"PROPPATCH", calendar, `<propertyupdate xmlns="DAV:"><set><prop><displayname>x</displayname></prop></set></propertyupdate>`, nil, 207, "403 Forbidden"},
		"options":              {"OPTIONS", calendar, "", nil, 200, ""},
	} {
		got := d.ask(d.ada, c.method, c.path, c.body, c.header...)
		if got.status != c.want || !strings.Contains(got.body, c.says) {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
		if strings.Contains(got.body, "Jeanne") || strings.Contains(got.body, "aaaa") {
			t.Errorf("%s: says too much: %s", name, got.body)
		}
	}
	if strings.Contains(d.log.String(), "panic") {
		t.Error(d.log.String())
	}
}

// TestFilters is which objects a query finds.
func TestFilters(t *testing.T) {
	d := newDesk(t)
	d.appoint(d.ada, "2026-11-24T13:30:00Z", "Jeanne Martin")
	for name, lines := range map[string]string{
		"weekly": "SUMMARY:Équipe du lundi\nCATEGORIES:WORK\nDTSTART;TZID=Europe/Paris:20261130T120000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY\nBEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:x\nTRIGGER:-PT5M\nEND:VALARM",
		"free":   "SUMMARY:Birthday\nTRANSP:TRANSPARENT\nDTSTART;VALUE=DATE:20261124",
	} {
		if got := d.ask(d.ada, "PUT", calendarOf(d.ada, d.ada)+name+".ics", ics(name, lines), isCalendar); got.status != 201 {
			t.Fatal(got)
		}
	}
	event := func(inside string) string {
		return `<c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT">` + inside + `</c:comp-filter></c:comp-filter>`
	}
	for _, c := range []struct {
		filter string
		want   int
	}{
		{`<c:comp-filter name="VCALENDAR"/>`, 3},
		{event(""), 3},
		{event(`<c:is-not-defined/>`), 0},
		{`<c:comp-filter name="VCALENDAR"><c:comp-filter name="VTODO"/></c:comp-filter>`, 0},
		{`<c:comp-filter name="VCALENDAR"><c:comp-filter name="VTODO"><c:is-not-defined/></c:comp-filter></c:comp-filter>`, 3},
		{event(`<c:time-range start="20261124T000000Z" end="20261125T000000Z"/>`), 2},
		{event(`<c:time-range start="20281127T110000Z" end="20281127T113000Z"/>`), 1},
		{event(`<c:time-range start="20281127T120000Z" end="20281127T130000Z"/>`), 0},
		{event(`<c:time-range start="20261125T000000Z"/>`), 1},
		{event(`<c:comp-filter name="VALARM"/>`), 1},
		{event(`<c:comp-filter name="VALARM"><c:is-not-defined/></c:comp-filter>`), 2},
		{event(`<c:prop-filter name="CATEGORIES"/>`), 1},
		{event(`<c:prop-filter name="CATEGORIES"><c:is-not-defined/></c:prop-filter>`), 2},
		{event(`<c:prop-filter name="SUMMARY"><c:text-match>birth</c:text-match></c:prop-filter>`), 1},
		{event(`<c:prop-filter name="SUMMARY"><c:text-match collation="i;octet">birth</c:text-match></c:prop-filter>`), 0},
		{event(`<c:prop-filter name="SUMMARY"><c:text-match negate-condition="yes">birth</c:text-match></c:prop-filter>`), 2},
		{event(`<c:prop-filter name="DTSTART"><c:param-filter name="TZID"><c:text-match>paris</c:text-match></c:param-filter></c:prop-filter>`), 2},
		{event(`<c:prop-filter name="DTSTART"><c:param-filter name="TZID"><c:is-not-defined/></c:param-filter></c:prop-filter>`), 1},
		{event(`<c:time-range start="20261124T000000Z" end="20261125T000000Z"/><c:prop-filter name="SUMMARY"><c:text-match>birth</c:text-match></c:prop-filter>`), 1},
	} {
		got := d.ask(d.ada, "REPORT", calendarOf(d.ada, d.ada), `<c:calendar-query xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop><d:getetag/><c:calendar-data/></d:prop><c:filter>`+c.filter+`</c:filter></c:calendar-query>`)
		if found := strings.Count(got.body, "<C:calendar-data>"); got.status != 207 || found != c.want {
			t.Errorf("%s: %d, %d found, want %d", c.filter, got.status, found, c.want)
		}
	}
	busy := d.ask(d.ada, "REPORT", calendarOf(d.ada, d.ada), `<c:free-busy-query xmlns:c="urn:ietf:params:xml:ns:caldav"><c:time-range start="20261124T000000Z" end="20261201T000000Z"/></c:free-busy-query>`)
	if busy.status != 200 || strings.Count(busy.body, "FREEBUSY:") != 2 || !strings.Contains(busy.body, "FREEBUSY:20261130T110000Z/20261130T120000Z\r\n") {
		t.Error(busy)
	}
}

// TestFeed: who has the link reads, and nobody else; what is the same is not sent again; titles are as chosen.
func TestFeed(t *testing.T) {
	d := newDesk(t)
	secret, err := d.accounts.NewFeed(d.bob.ID)
	d.check(err)
	path := FeedRoot + secret + suffix
	nobody := login{}
	if got := d.ask(nobody, "GET", path, ""); got.status != 200 || strings.Contains(got.body, "VEVENT") || !strings.HasPrefix(got.body, "BEGIN:VCALENDAR\r\n") {
		t.Error("empty:", got)
	}
	summer, winter := d.appoint(d.ada, "2027-07-01T08:00:00Z", "Jeanne Martin"), d.appoint(d.ada, "2026-11-24T13:30:00Z", "Paul Petit")
	d.appoint(d.eve, "2026-11-24T13:30:00Z", "Nobody's Business")
	got := d.ask(nobody, "GET", path, "")
	for _, want := range []string{"UID:" + string(summer.ID), "UID:" + string(winter.ID), "SUMMARY:J. M.\r\n", "DTSTART;TZID=Europe/Paris:20270701T100000\r\n", "METHOD:PUBLISH", "TZOFFSETTO:+0200", "\r\nREFRESH-INTERVAL;VALUE=DURATION:PT60M\r\n", "\r\nX-PUBLISHED-TTL:PT60M\r\n", "\r\nX-WR-TIMEZONE:Europe/Paris\r\n"} {
		if !strings.Contains(got.body, want) {
			t.Errorf("%q is missing in\n%s", want, got.body)
		}
	}
	if strings.Contains(got.body, "N. B.") || strings.Count(got.body, "BEGIN:VTIMEZONE") != 1 {
		t.Error(got.body)
	}
	tag := got.header.Get("ETag")
	if again := d.ask(nobody, "GET", path, "", "If-None-Match: "+tag); again.status != http.StatusNotModified || again.body != "" {
		t.Error(again)
	}
	d.check(d.accounts.SetTitles(d.bob.ID, "neutral"))
	if masked := d.ask(nobody, "GET", path, "", "If-None-Match: "+tag); masked.status != 200 || strings.Contains(masked.body, "J. M.") || !strings.Contains(masked.body, "SUMMARY:Rendez-vous\r\n") {
		t.Error(masked)
	}
	d.check(d.accounts.SetTitles(d.bob.ID, "name"))
	if named := d.ask(nobody, "GET", path, ""); !strings.Contains(named.body, "SUMMARY:Jeanne Martin · Consultation") {
		t.Error(named.body)
	}
	for what, wrong := range map[string]string{"no secret": FeedRoot, "another": FeedRoot + strings.Repeat("A", len(secret)) + suffix, "not a file": FeedRoot + secret, "deeper": FeedRoot + secret + "/x.ics"} {
		if got := d.ask(nobody, "GET", wrong, ""); got.status != 404 {
			t.Error(what, got)
		}
	}
	if got := d.ask(nobody, "DELETE", path, ""); got.status != 405 {
		t.Error(got)
	}
	d.check(d.accounts.EndFeed(d.bob.ID))
	if got := d.ask(nobody, "GET", path, ""); got.status != 404 {
		t.Error("ended:", got)
	}
}

// TestOverTLSOnly: without TLS, passwords are taken from this very machine only.
func TestOverTLSOnly(t *testing.T) {
	d := newDesk(t)
	for _, c := range []struct {
		from, host string
		want       int
	}{
		{"127.0.0.1:1234", "localhost:8080", 207}, {"127.0.0.1:1234", "127.0.0.1:8080", 207}, {"[::1]:1234", "[::1]:8080", 207}, {"127.0.0.1:1", "localhost", 207},
		{"192.0.2.1:1234", "localhost:8080", 403}, {"127.0.0.1:1234", "visio.example.org", 403}, {"192.0.2.1:1234", "visio.example.org", 403},
	} {
		r := httptest.NewRequest("PROPFIND", Root, nil)
		r.RemoteAddr, r.Host = c.from, c.host
		r.SetBasicAuth(string(d.ada.ID), d.ada.password)
		w := httptest.NewRecorder()
		d.ServeHTTP(w, r)
		if w.Code != c.want {
			t.Errorf("%s asks %s: %d", c.from, c.host, w.Code)
		}
	}
}

// TestFullCalendar says what a poll of a busy year costs; it fails when that is far off.
func TestFullCalendar(t *testing.T) {
	d := newDesk(t)
	for day := range 60 {
		for slot := range 10 {
			at := mustTime(t, "2026-11-24T07:00:00Z").AddDate(0, 0, day).Add(time.Duration(slot) * 30 * time.Minute)
			d.appoint(d.ada, at.Format(time.RFC3339), "Jeanne Martin")
		}
	}
	began := time.Now()
	got := d.ask(d.ada, "PROPFIND", calendarOf(d.ada, d.ada), `<propfind xmlns="DAV:"><prop><getetag/></prop></propfind>`, "Depth: 1")
	listed := time.Since(began)
	if n := strings.Count(got.body, "<D:getetag>"); n != 600 {
		t.Fatal(n)
	}
	began = time.Now()
	d.ask(d.ada, "REPORT", calendarOf(d.ada, d.ada), `<sync-collection xmlns="DAV:"><sync-token/><sync-level>1</sync-level><prop><c:calendar-data xmlns:c="urn:ietf:params:xml:ns:caldav"/></prop></sync-collection>`)
	t.Logf("600 appointments: listed in %s, read in %s", listed, time.Since(began))
	if listed > 20*time.Second {
		t.Error("listed in", listed)
	}
}
