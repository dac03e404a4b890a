package caldav

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
)

func TestPythonExpands(t *testing.T) {
	d := newDesk(t)
	if out := d.python("expand.py", d.ada); !strings.Contains(out, "done") {
		t.Error(out)
	}
}

// shaped asks for calendar-data in a shape, of what takes place in a year.
func (d *desk) shaped(data string) answer {
	d.t.Helper()
	return d.ask(d.ada, "REPORT", calendarOf(d.ada, d.ada), `<c:calendar-query xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop><d:getetag/>`+data+
		`</d:prop><c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:time-range start="20261101T000000Z" end="20271101T000000Z"/></c:comp-filter></c:comp-filter></c:filter></c:calendar-query>`, "Depth: 1")
}

// TestShapes is what a report gives of objects: expanded, limited, in part, and what it refuses.
func TestShapes(t *testing.T) {
	d := newDesk(t)
	a := d.appoint(d.ada, "2026-11-24T13:30:00Z", "Jeanne Martin")
	series := "SUMMARY:Team\nX-KEPT;X-P=\"a;b\",c:1\nDTSTART;TZID=Europe/Paris:20261130T120000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3\nBEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:x\nTRIGGER:-PT5M\nEND:VALARM" +
		"\nEND:VEVENT\nBEGIN:VEVENT\nUID:team\nDTSTAMP:20261101T000000Z\nRECURRENCE-ID;TZID=Europe/Paris:20261207T120000\nSUMMARY:Later\nDTSTART;TZID=Europe/Paris:20261208T120000\nDURATION:PT1H"
	for name, lines := range map[string]string{"team": series, "birthday": "SUMMARY:Birthday\nTRANSP:TRANSPARENT\nDTSTART;VALUE=DATE:20261126\nRRULE:FREQ=YEARLY"} {
		if got := d.ask(d.ada, "PUT", calendarOf(d.ada, d.ada)+name+".ics", ics(name, lines), isCalendar); got.status != 201 {
			t.Fatal(got)
		}
	}
	nothing := regexp.MustCompile(`$^`)
	for name, c := range map[string]struct {
		data   string
		status int
		says   []string
		never  *regexp.Regexp
	}{
		"as they are": {`<c:calendar-data content-type="text/calendar" version="2.0"/>`, 207, []string{"RRULE:FREQ=WEEKLY;COUNT=3", "BEGIN:VTIMEZONE"}, nothing},
		"expanded": {
			`<c:calendar-data><c:expand start="20261101T000000Z" end="20261205T000000Z"/></c:calendar-data>`, 207,
			[]string{
				"UID:" + string(a.ID) + "&#xD;&#xA;", "DTSTART:20261124T133000Z", "DTSTART;VALUE=DATE:20261126", "RECURRENCE-ID;VALUE=DATE:20261126",
				"DTSTART:20261130T110000Z", "RECURRENCE-ID:20261130T110000Z", "BEGIN:VALARM",
			},
			regexp.MustCompile(`RRULE|TZID|VTIMEZONE|Later|20261207`),
		},
		"expanded, where it was moved to": {
			`<c:calendar-data><c:expand start="20261208T000000Z" end="20261209T000000Z"/></c:calendar-data>`, 207,
			[]string{"DTSTART:20261208T110000Z", "RECURRENCE-ID:20261207T110000Z", "SUMMARY:Later"}, regexp.MustCompile(`SUMMARY:Team|Birthday`),
		},
		"limited to before": {`<c:calendar-data><c:limit-recurrence-set start="20261101T000000Z" end="20261205T000000Z"/></c:calendar-data>`, 207, []string{"RRULE:FREQ=WEEKLY;COUNT=3", "TZID=Europe/Paris"}, regexp.MustCompile("Later")},
		"limited to where it was": {
			`<c:calendar-data><c:limit-recurrence-set start="20261207T000000Z" end="20261208T000000Z"/></c:calendar-data>`, 207, []string{"SUMMARY:Team", "SUMMARY:Later"}, nothing,
		},
		"in part": {
			`<c:calendar-data><c:comp name="VCALENDAR"><c:prop name="VERSION"/><c:comp name="VEVENT"><c:prop name="uid"/><c:prop name="SUMMARY" novalue="yes"/><c:prop name="X-KEPT"/></c:comp><c:comp name="VTIMEZONE"/></c:comp></c:calendar-data>`,
			207, []string{"UID:team", "SUMMARY:&#xD;", `X-KEPT;X-P=&#34;a;b&#34;,c:1`, "BEGIN:VTIMEZONE", "TZOFFSETFROM"}, regexp.MustCompile("PRODID|FREQ=WEEKLY|VALARM|DTSTAMP|Team"),
		},
		"expanded and in part": {
			`<c:calendar-data><c:comp name="VCALENDAR"><c:allprop/><c:comp name="VEVENT"><c:allprop/></c:comp></c:comp><c:expand start="20261130T000000Z" end="20261205T000000Z"/></c:calendar-data>`, 207,
			[]string{"PRODID", "DTSTART:20261130T110000Z", "SUMMARY:Team"}, regexp.MustCompile("VALARM|RRULE"),
		},
		"another type":         {`<c:calendar-data content-type="application/calendar+json"/>`, 403, []string{"<C:supported-calendar-data"}, nothing},
		"another version":      {`<c:calendar-data version="1.0"/>`, 403, []string{"<C:supported-calendar-data"}, nothing},
		"expanded without end": {`<c:calendar-data><c:expand start="20261101T000000Z"/></c:calendar-data>`, 400, nil, nothing},
		"expanded backwards":   {`<c:calendar-data><c:expand start="20261101T000000Z" end="20261001T000000Z"/></c:calendar-data>`, 400, nil, nothing},
		"both":                 {`<c:calendar-data><c:expand start="20261101T000000Z" end="20261201T000000Z"/><c:limit-recurrence-set start="20261101T000000Z" end="20261201T000000Z"/></c:calendar-data>`, 400, nil, nothing},
		"part of nothing":      {`<c:calendar-data><c:comp name="VEVENT"/></c:calendar-data>`, 400, nil, nothing},
	} {
		got := d.shaped(c.data)
		if got.status != c.status || c.never.MatchString(got.body) {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
		for _, want := range c.says {
			if !strings.Contains(got.body, want) {
				t.Errorf("%s: %q is missing in %s", name, want, got.body)
			}
		}
	}
	names := `<d:href>` + calendarOf(d.ada, d.ada) + `team.ics</d:href>`
	multiget := d.ask(d.ada, "REPORT", calendarOf(d.ada, d.ada), `<c:calendar-multiget xmlns:c="urn:ietf:params:xml:ns:caldav" xmlns:d="DAV:"><d:prop><c:calendar-data><c:expand start="20261201T000000Z" end="20270101T000000Z"/></c:calendar-data></d:prop>`+names+`</c:calendar-multiget>`)
	if multiget.status != 207 || strings.Count(multiget.body, "BEGIN:VEVENT") != 2 || strings.Contains(multiget.body, "RRULE") {
		t.Error(multiget)
	}
}

// TestExpansionHasAnEnd: a small rule is no large answer.
func TestExpansionHasAnEnd(t *testing.T) {
	d := newDesk(t)
	for name, lines := range map[string]string{
		"often": "TRANSP:TRANSPARENT\nDTSTART:20261124T000000Z\nRRULE:FREQ=DAILY;BYHOUR=0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23",
		"long":  "TRANSP:TRANSPARENT\nDTSTART:20261124T000000Z\nRRULE:FREQ=DAILY\nDESCRIPTION:" + strings.Repeat("x", maxObject-1000),
	} {
		if got := d.ask(d.ada, "PUT", calendarOf(d.ada, d.ada)+"x.ics", ics("x", lines), isCalendar); got.status/100 != 2 {
			t.Fatal(name, got)
		}
		for end, want := range map[string]int{"20261126": 207, "20991124": http.StatusForbidden, "99981231": http.StatusForbidden} {
			got := d.shaped(fmt.Sprintf(`<c:calendar-data><c:expand start="20261124T000000Z" end="%sT000000Z"/></c:calendar-data>`, end))
			if got.status != want || want == http.StatusForbidden && !strings.Contains(got.body, "<D:number-of-matches-within-limits") {
				t.Errorf("%s until %s: %d %.300s", name, end, got.status, got.body)
			}
		}
	}
}

// TestFreeBusy is RFC 4791 §7.10: times that touch are one, what is tentative says so, what is free is not told.
func TestFreeBusy(t *testing.T) {
	d := newDesk(t)
	d.appoint(d.ada, "2026-11-24T13:30:00Z", "Jeanne Martin")
	for name, lines := range map[string]string{
		"after":     "DTSTART:20261124T140000Z\nDURATION:PT1H",
		"perhaps":   "STATUS:TENTATIVE\nDTSTART:20261125T100000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2",
		"cancelled": "STATUS:CANCELLED\nDTSTART:20261125T120000Z\nDURATION:PT1H",
		"reminder":  "DTSTART:20261125T130000Z",
	} {
		if got := d.ask(d.ada, "PUT", calendarOf(d.ada, d.ada)+name+".ics", ics(name, lines), isCalendar); got.status != 201 {
			t.Fatal(got)
		}
	}
	got := d.ask(d.ada, "REPORT", calendarOf(d.ada, d.ada), `<c:free-busy-query xmlns:c="urn:ietf:params:xml:ns:caldav"><c:time-range start="20261124T000000Z" end="20261201T000000Z"/></c:free-busy-query>`)
	want := "DTEND:20261201T000000Z\r\nFREEBUSY:20261124T133000Z/20261124T150000Z\r\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20261125T100000Z/20261125T110000Z\r\nFREEBUSY;FBTYPE=BUSY-TENTATIVE:20261126T100000Z/20261126T110000Z\r\nEND:VFREEBUSY"
	if got.status != 200 || !strings.Contains(got.body, want) || !strings.Contains(got.body, "\r\nUID:") || strings.Contains(got.body, "Jeanne") {
		t.Errorf("%d %s", got.status, got.body)
	}
	// What takes no time takes place all the same (§9.9).
	found := d.shaped(`<c:calendar-data><c:expand start="20261125T130000Z" end="20261125T130001Z"/></c:calendar-data>`)
	if strings.Count(found.body, "DTSTART:20261125T130000Z") != 1 {
		t.Error(found)
	}
}
