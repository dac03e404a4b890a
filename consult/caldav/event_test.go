package caldav

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/calendar"
)

// ics is an object of a calendar; lines are of its event.
func ics(uid, lines string) string {
	return crlf("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Test//EN\nBEGIN:VEVENT\nUID:" + uid + "\nDTSTAMP:20261101T000000Z\n" + lines + "\nEND:VEVENT\nEND:VCALENDAR\n")
}

func crlf(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }

const isCalendar = "Content-Type: text/calendar; charset=utf-8"

// free reports whether a patient could have this time.
func (d *desk) free(of login, start string) bool {
	d.t.Helper()
	at := mustTime(d.t, start)
	free, err := d.book.Free(booking.Query{Service: d.service.ID, Practitioner: of.ID, From: at, To: at.Add(time.Minute), Everything: true})
	d.check(err)
	return len(free) > 0
}

// TestPut is the life of an event: put, kept as it came, changed, in the way of patients, deleted.
func TestPut(t *testing.T) {
	d := newDesk(t)
	a := d.appoint(d.ada, "2026-11-24T13:30:00Z", "Jeanne Martin")
	path := calendarOf(d.ada, d.ada) + "lunch%20%40home.ics"
	lunch := ics("lunch-1", "SUMMARY:Déjeuner\nX-UNKNOWN;X-P=\"a:b\":  kept \nDTSTART;TZID=Europe/Paris:20261124T120000\nDTEND;TZID=Europe/Paris:20261124T133000")
	put := d.ask(d.ada, "PUT", path, lunch, isCalendar, "If-None-Match: *")
	if put.status != http.StatusCreated || put.header.Get("ETag") == "" {
		t.Fatal(put)
	}
	got := d.ask(d.bob, "GET", strings.Replace(path, string(d.ada.ID), string(d.bob.ID), 1), "")
	if got.status != http.StatusOK || got.body != lunch || got.header.Get("ETag") != put.header.Get("ETag") {
		t.Errorf("%d %q", got.status, got.body)
	}
	if d.free(d.ada, "2026-11-24T11:30:00Z") || !d.free(d.ada, "2026-11-24T12:30:00Z") || !d.free(d.eve, "2026-11-24T11:30:00Z") {
		t.Error("the event blocks other times than its own")
	}
	for what, c := range map[string]struct {
		path, body string
		header     []string
		want       int
		says       string
	}{
		"is there already":     {path, lunch, []string{"If-None-Match: *"}, 412, ""},
		"another revision":     {path, lunch, []string{`If-Match: "x"`}, 412, ""},
		"nothing there":        {calendarOf(d.ada, d.ada) + "y.ics", ics("y", "DTSTART:20261201T100000Z"), []string{`If-Match: *`}, 412, ""},
		"over a patient":       {path, ics("lunch-1", "DTSTART:20261124T133000Z\nDURATION:PT5M"), nil, 409, "<X:overlaps-appointment><X:start>20261124T133000Z</X:start>"},
		"the same UID":         {calendarOf(d.ada, d.ada) + "y.ics", lunch, nil, 409, "<C:no-uid-conflict><D:href>" + strings.Replace(path, "%40", "@", 1) + "</D:href>"},
		"an appointment's UID": {calendarOf(d.ada, d.ada) + "y.ics", ics(string(a.ID), "DTSTART:20261201T100000Z"), nil, 409, "<C:no-uid-conflict>"},
		"an appointment":       {calendarOf(d.ada, d.ada) + string(a.ID) + suffix, lunch, nil, 403, "<X:appointment/>"},
		"somebody else's":      {calendarOf(d.ada, d.eve) + "y.ics", lunch, nil, 404, ""},
	} {
		got := d.ask(d.ada, "PUT", c.path, c.body, append(c.header, isCalendar)...)
		if got.status != c.want || !strings.Contains(got.body, c.says) {
			t.Errorf("%s: %d %s", what, got.status, got.body)
		}
	}
	if got := d.ask(d.ada, "GET", path, ""); got.body != lunch {
		t.Error("what was refused has changed it")
	}
	moved := strings.ReplaceAll(lunch, "T12", "T11")
	put2 := d.ask(d.ada, "PUT", path, moved, isCalendar, "If-Match: "+put.header.Get("ETag"))
	if put2.status != http.StatusNoContent || put2.header.Get("ETag") == put.header.Get("ETag") {
		t.Fatal(put2)
	}
	if got := d.ask(d.ada, "DELETE", path, "", "If-Match: "+put.header.Get("ETag")); got.status != 412 {
		t.Error(got)
	}
	if got := d.ask(d.ada, "DELETE", path, "", "If-Match: "+put2.header.Get("ETag")); got.status != 204 || !d.free(d.ada, "2026-11-24T10:30:00Z") {
		t.Error(got)
	}
	if got := d.ask(d.ada, "DELETE", path, ""); got.status != 404 {
		t.Error(got)
	}
	for _, method := range []string{"DELETE", "PUT"} {
		if got := d.ask(d.ada, method, calendarOf(d.ada, d.ada)+string(a.ID)+suffix, lunch, isCalendar); got.status != 403 {
			t.Error(method, got)
		}
	}
	if strings.Contains(d.log.String(), "lunch") || strings.Contains(d.log.String(), "Jeanne") {
		t.Error("the log knows too much", d.log.String())
	}
}

// TestBlocks is which events take which time.
func TestBlocks(t *testing.T) {
	paris := "DTSTART;TZID=Europe/Paris:"
	for _, c := range []struct{ name, lines, taken, left string }{
		{"whole day", "DTSTART;VALUE=DATE:20261125\nDTEND;VALUE=DATE:20261126", "2026-11-25T07:00:00Z", "2026-11-26T07:00:00Z"},
		{"a month", "DTSTART;VALUE=DATE:20261201\nDTEND;VALUE=DATE:20270101", "2026-12-31T16:30:00Z", "2027-01-01T08:00:00Z"},
		{"floating", "DTSTART:20261125T090000\nDTEND:20261125T100000", "2026-11-25T08:00:00Z", "2026-11-25T09:00:00Z"},
		{"weekly across the spring", paris + "20270315T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY", "2027-03-29T07:00:00Z", "2027-03-29T08:00:00Z"},
		{"excepted", paris + "20261125T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY\nEXDATE;TZID=Europe/Paris:20261126T090000", "2026-11-27T08:00:00Z", "2026-11-26T08:00:00Z"},
		{"cancelled", paris + "20261125T090000\nDURATION:PT1H\nSTATUS:CANCELLED", "", "2026-11-25T08:00:00Z"},
		{"transparent", paris + "20261125T090000\nDURATION:PT1H\nTRANSP:TRANSPARENT", "", "2026-11-25T08:00:00Z"},
		{"until", paris + "20261125T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20261126T080000Z", "2026-11-26T08:00:00Z", "2026-11-27T08:00:00Z"},
		{
			"moved occurrence", paris + "20261125T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY\nEND:VEVENT\nBEGIN:VEVENT\nUID:x\nDTSTAMP:20261101T000000Z\n" +
				"RECURRENCE-ID;TZID=Europe/Paris:20261126T090000\n" + paris + "20261126T140000\nDURATION:PT1H", "2026-11-26T13:00:00Z", "2026-11-26T08:00:00Z",
		},
		{"another program's zone", "DTSTART;TZID=Romance Standard Time:20261125T090000\nDURATION:PT1H", "2026-11-25T08:00:00Z", "2026-11-25T09:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			got := d.ask(d.ada, "PUT", calendarOf(d.ada, d.ada)+"x.ics", ics("x", c.lines), isCalendar)
			if got.status != 201 {
				t.Fatal(got)
			}
			if c.taken != "" && d.free(d.ada, c.taken) {
				t.Error("free:", c.taken)
			}
			if c.left != "" && !d.free(d.ada, c.left) {
				t.Error("taken:", c.left)
			}
		})
	}
}

// TestNoEvents is what is refused, with the condition that programs understand.
func TestNoEvents(t *testing.T) {
	d := newDesk(t)
	for name, c := range map[string]struct {
		body, says string
		status     int
	}{
		"nothing":          {"", "valid-calendar-data", 403},
		"no calendar":      {"hello", "valid-calendar-data", 403},
		"no event":         {crlf("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nEND:VCALENDAR\n"), "valid-calendar-object-resource", 403},
		"a task":           {strings.ReplaceAll(ics("x", "DTSTART:20261201T100000Z"), "VEVENT", "VTODO"), "supported-calendar-component", 403},
		"a method":         {strings.Replace(ics("x", "DTSTART:20261201T100000Z"), "VERSION", "METHOD:REQUEST\r\nVERSION", 1), "valid-calendar-object-resource", 403},
		"two":              {ics("x", "DTSTART:20261201T100000Z") + ics("y", "DTSTART:20261201T100000Z"), "valid-calendar-data", 403},
		"two UIDs":         {ics("x", "DTSTART:20261201T100000Z\nEND:VEVENT\nBEGIN:VEVENT\nUID:y\nDTSTART:20261201T100000Z"), "valid-calendar-object-resource", 403},
		"no UID":           {strings.Replace(ics("x", "DTSTART:20261201T100000Z"), "UID:x\r\n", "", 1), "valid-calendar-object-resource", 403},
		"no start":         {ics("x", "SUMMARY:x"), "valid-calendar-data", 403},
		"a wild start":     {ics("x", "DTSTART:tomorrow"), "valid-calendar-data", 403},
		"each second":      {ics("x", "DTSTART:20261201T100000Z\nDTEND:20261201T100001Z\nRRULE:FREQ=SECONDLY"), "valid-calendar-data", 403},
		"too many":         {ics("x", "DTSTART:20261201T100000Z\nDURATION:PT1M\nRRULE:FREQ=DAILY;BYHOUR=8,9,10,11"), "max-instances", 403},
		"never":            {ics("x", "DTSTART:20261201T100000Z\nDURATION:PT1M\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), "valid-calendar-data", 403},
		"all that follow":  {ics("x", "DTSTART:20261201T100000Z\nRECURRENCE-ID;RANGE=THISANDFUTURE:20261201T100000Z"), "valid-calendar-object-resource", 403},
		"control":          {ics("x", "SUMMARY:a\x01b\nDTSTART:20261201T100000Z"), "valid-calendar-data", 403},
		"not UTF-8":        {ics("x", "SUMMARY:a\xffb\nDTSTART:20261201T100000Z"), "valid-calendar-data", 403},
		"large":            {ics("x", "DTSTART:20261201T100000Z\nSUMMARY:"+strings.Repeat("x", maxObject)), "max-resource-size", 413},
		"large in storage": {ics("x", "DTSTART:20261201T100000Z\nSUMMARY:"+strings.Repeat("<", maxObject-500)), "", 400},
	} {
		got := d.ask(d.ada, "PUT", calendarOf(d.ada, d.ada)+"x.ics", c.body, isCalendar)
		if got.status != c.status || !strings.Contains(got.body, c.says) {
			t.Errorf("%s: %d %s", name, got.status, got.body)
		}
	}
	if got := d.ask(d.ada, "PUT", calendarOf(d.ada, d.ada)+"x.ics", "{}", "Content-Type: application/json"); got.status != 403 || !strings.Contains(got.body, "supported-calendar-data") {
		t.Error(got)
	}
	if found, err := d.book.Events(d.ada.ID); err != nil || len(found) != 0 {
		t.Error(found, err)
	}
}

// TestExpander: a year later, what comes again still keeps its time free.
func TestExpander(t *testing.T) {
	d := newDesk(t)
	weekly := ics("x", "DTSTART;TZID=Europe/Paris:20261124T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY")
	if got := d.ask(d.ada, "PUT", calendarOf(d.ada, d.ada)+"x.ics", weekly, isCalendar); got.status != 201 {
		t.Fatal(got)
	}
	for range 13 {
		d.clock.Forward(31 * 24 * time.Hour)
		d.expandDue()
	}
	if d.free(d.ada, "2028-11-21T08:00:00Z") || !d.free(d.ada, "2028-11-20T08:00:00Z") {
		t.Error("the event ended with the time that it was worked out for")
	}
	for range 20 { // now what stood there first is over, and nothing of it is left in the book
		d.clock.Forward(31 * 24 * time.Hour)
		d.expandDue()
	}
	if got := d.ask(d.ada, "GET", calendarOf(d.ada, d.ada)+"x.ics", ""); got.body != weekly {
		t.Error(got)
	}
}

// TestSyncTokens follows every change with one token after the other.
func TestSyncTokens(t *testing.T) {
	d := newDesk(t)
	calendar := calendarOf(d.ada, d.ada)
	sync := func(token string) (answer, string) {
		t.Helper()
		got := d.ask(d.ada, "REPORT", calendar, `<d:sync-collection xmlns:d="DAV:"><d:sync-token>`+token+`</d:sync-token><d:sync-level>1</d:sync-level><d:prop><d:getetag/></d:prop></d:sync-collection>`)
		_, after, _ := strings.Cut(got.body, "<D:sync-token>")
		next, _, _ := strings.Cut(after, "<")
		return got, next
	}
	_, token := sync("")
	step := func(what string, do func(), path string, gone bool) {
		t.Helper()
		do()
		got, next := sync(token)
		want := fmt.Sprintf("<D:href>%s</D:href><D:propstat>", path)
		if gone {
			want = fmt.Sprintf("<D:href>%s</D:href><D:status>HTTP/1.1 404 Not Found</D:status>", path)
		}
		if got.status != 207 || strings.Count(got.body, "<D:response>") != 1 || !strings.Contains(got.body, want) || next == token {
			t.Errorf("%s: %d %s", what, got.status, got.body)
		}
		token = next
		if got, next := sync(token); strings.Contains(got.body, "<D:response>") || next != token {
			t.Errorf("after %s: %s", what, got.body)
		}
	}
	a := d.appoint(d.ada, "2026-11-24T13:30:00Z", "Jeanne Martin")
	step("booked", func() {}, calendar+string(a.ID)+suffix, false)
	second := d.appoint(d.ada, "2026-11-25T13:30:00Z", "Jeanne Martin")
	step("booked again", func() {}, calendar+string(second.ID)+suffix, false)
	step("cancelled", func() { d.cancel(second) }, calendar+string(second.ID)+suffix, true)
	event := calendar + "x.ics"
	step("put", func() { d.ask(d.ada, "PUT", event, ics("x", "DTSTART:20261201T100000Z"), isCalendar) }, event, false)
	step("changed", func() { d.ask(d.ada, "PUT", event, ics("x", "DTSTART:20261202T100000Z"), isCalendar) }, event, false)
	step("deleted", func() { d.ask(d.ada, "DELETE", event, "") }, event, true)
	step("again", func() { d.ask(d.ada, "PUT", event, ics("x", "DTSTART:20261203T100000Z"), isCalendar) }, event, false)
	d.check(d.accounts.SetTitles(d.ada.ID, "neutral"))
	for _, old := range []string{token, "nonsense", tokenStart + "99:" + "x"} {
		if got, _ := sync(old); got.status != 403 || !strings.Contains(got.body, "<D:valid-sync-token") {
			t.Errorf("%q: %d %s", old, got.status, got.body)
		}
	}
	got, _ := sync("")
	if strings.Count(got.body, "<D:response>") != 2 {
		t.Error(got.body)
	}
}

// TestSyncInParts reads a calendar, and then its changes, two objects at a time (RFC 6578 §3.6), as OneCalendar does a thousand; what
// changes between two parts is not lost.
func TestSyncInParts(t *testing.T) {
	d := newDesk(t)
	calendar := calendarOf(d.ada, d.ada)
	put := func(name string, day int) {
		t.Helper()
		if got := d.ask(d.ada, "PUT", calendar+name+".ics", ics(name, fmt.Sprintf("DTSTART:202612%02dT100000Z", day)), isCalendar); got.status != 201 && got.status != 204 {
			t.Fatal(got)
		}
	}
	known := map[string]bool{}
	part := func(token string) (next string, cut bool) {
		t.Helper()
		got := d.ask(d.ada, "REPORT", calendar, `<d:sync-collection xmlns:d="DAV:"><d:sync-token>`+token+`</d:sync-token><d:sync-level>1</d:sync-level><d:limit><d:nresults>2</d:nresults></d:limit><d:prop><d:getetag/></d:prop></d:sync-collection>`)
		if got.status != 207 {
			t.Fatal(got)
		}
		told := 0
		for _, response := range strings.Split(got.body, "<D:response>")[1:] {
			_, rest, _ := strings.Cut(response, "<D:href>"+calendar)
			name, _, _ := strings.Cut(rest, "</D:href>")
			switch {
			case strings.Contains(response, "507 Insufficient Storage") && name == "" && strings.Contains(response, "<D:number-of-matches-within-limits/>"):
				cut = true
			case strings.Contains(response, "404 Not Found"):
				delete(known, name)
				told++
			default:
				known[name] = true
				told++
			}
		}
		if told > 2 || cut && told != 2 {
			t.Errorf("%d objects: %s", told, got.body)
		}
		_, after, _ := strings.Cut(got.body, "<D:sync-token>")
		next, _, _ = strings.Cut(after, "<")
		return next, cut
	}
	for i, name := range []string{"c", "a", "e", "b", "d"} {
		put(name, i+1)
	}
	token, cut := part("")
	if !cut || !known["a.ics"] || !known["b.ics"] {
		t.Fatal(known)
	}
	put("a", 20)  // told already
	put("aa", 21) // and this would have been
	put("z", 22)  // is told later
	d.ask(d.ada, "DELETE", calendar+"b.ics", "")
	d.ask(d.ada, "DELETE", calendar+"e.ics", "")
	for parts := 1; cut; parts++ {
		if token, cut = part(token); parts > 3 {
			t.Fatal("without end")
		}
	}
	delete(known, "a.ics")
	for parts := 1; ; parts++ {
		if token, cut = part(token); !cut {
			break
		}
		if parts > 4 {
			t.Fatal("without end")
		}
	}
	want := map[string]bool{"a.ics": true, "aa.ics": true, "c.ics": true, "d.ics": true, "z.ics": true}
	if !maps.Equal(known, want) {
		t.Errorf("%v, want %v", known, want)
	}
	if next, cut := part(token); cut || next != token {
		t.Error("something is told again", next, token)
	}
	for _, limit := range []string{"0", "-1", "many", ""} {
		got := d.ask(d.ada, "REPORT", calendar, `<d:sync-collection xmlns:d="DAV:"><d:sync-token/><d:limit><d:nresults>`+limit+`</d:nresults></d:limit><d:prop/></d:sync-collection>`)
		if got.status != 403 || !strings.Contains(got.body, "number-of-matches-within-limits") {
			t.Errorf("%q: %v", limit, got)
		}
	}
	whole, _, _ := strings.Cut(strings.TrimPrefix(token, tokenStart), ":")
	for _, bad := range []string{token + ":", token + ":1:!", token + ":x:YQ", token + ":99999999:YQ", tokenStart + whole} {
		got := d.ask(d.ada, "REPORT", calendar, `<d:sync-collection xmlns:d="DAV:"><d:sync-token>`+bad+`</d:sync-token><d:sync-level>1</d:sync-level><d:prop/></d:sync-collection>`)
		if got.status != 403 || !strings.Contains(got.body, "<D:valid-sync-token") {
			t.Errorf("%q: %v", bad, got)
		}
	}
}

func FuzzReadEvent(f *testing.F) {
	f.Add(ics("x", "DTSTART:20261201T100000Z\nRRULE:FREQ=WEEKLY;BYDAY=MO,TU\nEXDATE:20261202T100000Z"))
	f.Add(ics("x", "DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=YEARLY;COUNT=3\nRDATE;VALUE=PERIOD:20261202T100000Z/PT1H"))
	f.Add(ics("x", "DTSTART;TZID=Nowhere:20261201T100000\nDURATION:P1W\nTRANSP:OPAQUE\nEND:VEVENT\nBEGIN:VEVENT\nUID:x\nDTSTART:20261201T100000\nRECURRENCE-ID:20261201T100000"))
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		f.Fatal(err)
	}
	at := mustTime(f, now)
	f.Fuzz(func(t *testing.T, text string) {
		e, err := readEvent([]byte(text), zone, at)
		var refused *failure
		if err != nil {
			if !errors.As(err, &refused) {
				t.Fatal(err)
			}
			return
		}
		for i, b := range e.busy {
			if !b.From.Before(b.To) || i > 0 && !e.busy[i-1].To.Before(b.From) {
				t.Fatalf("%v", e.busy)
			}
		}
		if e.uid == "" {
			t.Fatal("no UID")
		}
		o := object{zone: zone, data: func() ([]byte, error) { return []byte(text), nil }}
		shaped, err := o.dataOf(&shape{expand: true, from: at, to: at.AddDate(1, 0, 0), instances: maxExpanded, bytes: maxExpandedBytes})
		if err != nil && !errors.As(err, &refused) {
			t.Fatalf("put, and not expanded: %v", err)
		}
		if _, bad := calendar.Read(bytes.NewReader(shaped)); err == nil && bad != nil {
			t.Fatalf("expanded, and no calendar any more: %v\n%s", bad, shaped)
		}
	})
}
