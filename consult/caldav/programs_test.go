package caldav

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
)

// What programs send, in their order, as it stands in logs that the authors of other servers made public.
const (
	applePrincipal = `<A:propfind xmlns:A="DAV:"><A:prop><A:current-user-principal/><A:principal-URL/><A:resourcetype/></A:prop></A:propfind>`
	appleHome      = `<A:propfind xmlns:A="DAV:" xmlns:B="urn:ietf:params:xml:ns:caldav" xmlns:C="http://calendarserver.org/ns/"><A:prop><B:calendar-home-set/><B:calendar-user-address-set/><A:current-user-principal/><A:displayname/><C:dropbox-home-URL/><C:email-address-set/><B:max-attendees-per-instance/><C:notification-URL/><A:principal-collection-set/><A:principal-URL/><A:resource-id/><B:schedule-inbox-URL/><B:schedule-outbox-URL/><A:supported-report-set/></A:prop></A:propfind>`
	appleSearch    = `<A:principal-search-property-set xmlns:A="DAV:"/>`
	appleProxies   = `<A:expand-property xmlns:A="DAV:"><A:property name="calendar-proxy-read-for" namespace="http://calendarserver.org/ns/"><A:property name="displayname" namespace="DAV:"/></A:property><A:property name="current-user-principal"><A:property name="displayname"/><A:property name="calendar-home-set" namespace="urn:ietf:params:xml:ns:caldav"><A:property name="resourcetype"/></A:property></A:property></A:expand-property>`
	appleCalendars = `<A:propfind xmlns:A="DAV:" xmlns:B="urn:ietf:params:xml:ns:caldav" xmlns:C="http://calendarserver.org/ns/" xmlns:D="http://apple.com/ns/ical/" xmlns:E="http://me.com/_namespace/"><A:prop><A:add-member/><C:allowed-sharing-modes/><D:autoprovisioned/><E:bulk-requests/><D:calendar-color/><B:calendar-description/><B:calendar-free-busy-set/><D:calendar-order/><B:calendar-timezone/><A:current-user-privilege-set/><B:default-alarm-vevent-date/><B:default-alarm-vevent-datetime/><A:displayname/><C:getctag/><D:language-code/><D:location-code/><A:owner/><C:pre-publish-url/><C:publish-url/><C:push-transports/><C:pushkey/><A:quota-available-bytes/><A:quota-used-bytes/><D:refreshrate/><A:resource-id/><A:resourcetype/><B:schedule-calendar-transp/><B:schedule-default-calendar-URL/><C:source/><C:subscribed-strip-alarms/><B:supported-calendar-component-set/><B:supported-calendar-component-sets/><A:supported-report-set/><A:sync-token/></A:prop></A:propfind>`
	appleAlarm     = `<A:propertyupdate xmlns:A="DAV:"><A:set><A:prop><B:default-alarm-vevent-date xmlns:B="urn:ietf:params:xml:ns:caldav">BEGIN:VALARM</B:default-alarm-vevent-date></A:prop></A:set></A:propertyupdate>`
	appleColour    = `<A:propertyupdate xmlns:A="DAV:"><A:set><A:prop><D:calendar-order xmlns:D="http://apple.com/ns/ical/">1</D:calendar-order></A:prop></A:set></A:propertyupdate>`
	appleList      = `<A:propfind xmlns:A="DAV:"><A:prop><A:getcontenttype/><A:getetag/></A:prop></A:propfind>`
	appleSync      = `<A:sync-collection xmlns:A="DAV:"><A:sync-token/><A:sync-level>1</A:sync-level><A:prop><A:getcontenttype/><A:getetag/></A:prop></A:sync-collection>`

	davx5Principal = `<propfind xmlns="DAV:" xmlns:CAL="urn:ietf:params:xml:ns:caldav" xmlns:CARD="urn:ietf:params:xml:ns:carddav"><prop><resourcetype/><displayname/><current-user-principal/><CAL:calendar-home-set/><CARD:addressbook-home-set/><CAL:supported-calendar-component-set/><current-user-privilege-set/></prop></propfind>`
	davx5Groups    = `<propfind xmlns="DAV:" xmlns:CAL="urn:ietf:params:xml:ns:caldav" xmlns:CS="http://calendarserver.org/ns/"><prop><displayname/><CAL:calendar-home-set/><CS:calendar-proxy-read-for/><CS:calendar-proxy-write-for/><group-membership/></prop></propfind>`
	davx5State     = `<propfind xmlns="DAV:" xmlns:CAL="urn:ietf:params:xml:ns:caldav" xmlns:CS="http://calendarserver.org/ns/"><prop><CAL:max-resource-size/><supported-report-set/><CS:getctag/><sync-token/></prop></propfind>`
	davx5Query     = `<CAL:calendar-query xmlns="DAV:" xmlns:CAL="urn:ietf:params:xml:ns:caldav"><prop><getetag/></prop><CAL:filter><CAL:comp-filter name="VCALENDAR"><CAL:comp-filter name="VEVENT"><CAL:time-range start="20260825T000000Z"/></CAL:comp-filter></CAL:comp-filter></CAL:filter></CAL:calendar-query>`
	multiget       = `<CAL:calendar-multiget xmlns="DAV:" xmlns:CAL="urn:ietf:params:xml:ns:caldav" xmlns:CS="http://calendarserver.org/ns/"><prop><getcontenttype/><getetag/><CAL:schedule-tag/><CAL:calendar-data content-type="text/calendar" version="2.0"/><CS:created-by/><CS:updated-by/></prop><href>{appointment}</href><href>{calendar}gone.ics</href></CAL:calendar-multiget>`
)

// TestWhatProgramsSend answers iOS, macOS and DAVx5 from the host's name alone to an event that they change.
func TestWhatProgramsSend(t *testing.T) {
	d := newDesk(t)
	a := d.appoint(d.ada, "2026-11-24T13:30:00Z", "Jeanne Martin")
	principal, home := place{kind: kindPrincipal, account: d.ada.ID}.path(), place{kind: kindHome, account: d.ada.ID}.path()
	calendar := calendarOf(d.ada, d.ada)
	appointment := calendar + string(a.ID) + suffix
	event := calendar + "9A3B.ics"
	lunch := ics("9A3B", "SUMMARY:Lunch\nTRANSP:OPAQUE\nX-APPLE-TRAVEL-ADVISORY-BEHAVIOR:AUTOMATIC\nDTSTART;TZID=Europe/Paris:20261124T120000\nDTEND;TZID=Europe/Paris:20261124T130000")
	over := strings.NewReplacer("T120000", "T143000", "T130000", "T150000").Replace(lunch)
	for _, step := range []struct {
		program, method, path, body string
		header                      []string
		status                      int
		says                        []string
		hides                       string
	}{
		{"iOS", "PROPFIND", WellKnown, applePrincipal, nil, 301, nil, ""},
		{"iOS, where there was an error", "PROPFIND", "/", applePrincipal, nil, 301, nil, ""},
		{"iOS, and another", "PROPFIND", "/principals/", applePrincipal, nil, 301, nil, ""},
		{"iOS", "PROPFIND", Root, applePrincipal, []string{"Depth: 0", "Brief: t", "Prefer: return=minimal"}, 207, []string{"<D:current-user-principal><D:href>" + principal + "</D:href>"}, ""},
		{"iOS", "OPTIONS", principal, "", nil, 200, nil, ""},
		{"iOS", "PROPFIND", principal, appleHome, []string{"Depth: 0"}, 207, []string{"<C:calendar-home-set><D:href>" + home + "</D:href>", "<C:schedule-inbox-URL/>"}, "<C:schedule-inbox-URL><"},
		{"macOS", "REPORT", Root, appleSearch, []string{"Depth: 0"}, 200, []string{"<D:principal-search-property-set"}, ""},
		{"macOS", "REPORT", principal, appleProxies, []string{"Depth: 0"}, 207, []string{"<CS:calendar-proxy-read-for/>", "<D:current-user-principal><D:response><D:href>" + principal + "</D:href>", "<D:displayname>Dr Ada</D:displayname>", "<C:calendar-home-set><D:response><D:href>" + home}, ""},
		{"iOS", "PROPFIND", home, appleCalendars, []string{"Depth: 1"}, 207, []string{"<D:href>" + calendar + "</D:href>", `<C:comp name="VEVENT"/>`, "<D:privilege><D:bind/></D:privilege>", "<D:sync-collection/>", "<A:calendar-color>"}, "VTODO"},
		{"iOS", "PROPPATCH", home, appleAlarm, nil, 207, []string{"403 Forbidden"}, ""},
		{"iOS", "PROPPATCH", calendar, appleColour, nil, 207, []string{"403 Forbidden"}, ""},
		{"iOS", "PROPFIND", calendar, appleList, []string{"Depth: 1"}, 207, []string{"<D:href>" + appointment + "</D:href>", "text/calendar"}, ""},
		{"macOS", "REPORT", calendar, appleSync, []string{"Depth: 0"}, 207, []string{"<D:href>" + appointment + "</D:href>", "<D:sync-token>"}, ""},
		{"iOS", "REPORT", calendar, multiget, []string{"Depth: 0"}, 207, []string{"SUMMARY:J. M.", "<D:href>" + calendar + "gone.ics</D:href><D:status>HTTP/1.1 404 Not Found</D:status>"}, "METHOD"},
		{"iOS", "PUT", event, lunch, []string{"If-None-Match: *", isCalendar}, 201, nil, ""},
		{"iOS", "PUT", event, lunch, []string{"If-None-Match: *", isCalendar}, 412, nil, ""},
		{"iOS, dragged to another calendar", "MOVE", event, "", []string{"Destination: " + calendarOf(d.ada, d.eve) + "9A3B.ics"}, 403, nil, ""},
		{"DAVx5", "PROPFIND", Root, davx5Principal, []string{"Depth: 0"}, 207, []string{"<D:current-user-principal><D:href>" + principal, "<C:calendar-home-set><D:href>" + home}, ""},
		{"DAVx5", "PROPFIND", principal, davx5Groups, []string{"Depth: 0"}, 207, []string{"<C:calendar-home-set><D:href>" + home, "<D:group-membership/>"}, ""},
		{"DAVx5", "PROPFIND", calendar, davx5State, []string{"Depth: 0"}, 207, []string{"<C:max-resource-size>", "<CS:getctag>", "<D:sync-token>", "<D:sync-collection/>"}, ""},
		{"DAVx5", "REPORT", calendar, davx5Query, []string{"Depth: 1"}, 207, []string{"<D:href>" + appointment + "</D:href>", "<D:href>" + event + "</D:href>"}, "BEGIN:VEVENT"},
		{"cadaver", "PROPFIND", calendar, `<propfind xmlns="DAV:"><prop><getcontentlength/><getlastmodified/><resourcetype/></prop></propfind>`, []string{"Depth: 1"}, 207, []string{fmt.Sprintf("<D:getcontentlength>%d</D:getcontentlength>", len(lunch))}, ""},
		{"DAVx5, over a patient", "PUT", event, over, []string{isCalendar}, 409, []string{"<X:overlaps-appointment>"}, "Jeanne"},
		{"DAVx5, a patient's appointment", "PUT", appointment, over, []string{isCalendar}, 403, []string{"<D:error", "><D:need-privileges><D:resource><D:href>" + appointment + "</D:href><D:privilege><D:write-content/>", "<X:appointment/>"}, "Jeanne"},
		{"DAVx5, a patient's appointment", "DELETE", appointment, "", nil, 403, []string{"<D:need-privileges>"}, ""},
	} {
		body := strings.NewReplacer("{appointment}", appointment, "{calendar}", calendar).Replace(step.body)
		got := d.ask(d.ada, step.method, step.path, body, step.header...)
		if got.status != step.status || step.hides != "" && strings.Contains(got.body, step.hides) {
			t.Errorf("%s: %s %s: %d %s", step.program, step.method, step.path, got.status, got.body)
		}
		for _, want := range step.says {
			if !strings.Contains(got.body, want) {
				t.Errorf("%s: %s %s: %s is missing in %s", step.program, step.method, step.path, want, got.body)
			}
		}
		if step.status == http.StatusMovedPermanently && got.header.Get("Location") != Root {
			t.Errorf("%s is led to %s", step.program, got.header.Get("Location"))
		}
		if step.method == http.MethodOptions && (!strings.Contains(got.header.Get("DAV"), "calendar-access") || !strings.Contains(got.header.Get("Allow"), "REPORT")) {
			t.Errorf("%s: %v", step.program, got.header)
		}
	}
	if got := d.ask(login{}, "PROPFIND", Root, applePrincipal); got.status != http.StatusUnauthorized || !strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Basic realm=") {
		t.Error("who signs in only when asked is not asked", got)
	}
}

// TestExpandProperty: nobody is made to expand without end, and nobody learns of others.
func TestExpandProperty(t *testing.T) {
	d := newDesk(t)
	property := func(inside string) string { return `<property name="current-user-principal">` + inside + `</property>` }
	deep := property(property(property(property(property("")))))
	got := d.ask(d.ada, "REPORT", Root, `<expand-property xmlns="DAV:">`+deep+`</expand-property>`)
	if got.status != 207 || strings.Count(got.body, "<D:response>") != 5 {
		t.Error(got)
	}
	for name, c := range map[string]struct {
		path, body string
		status     int
	}{
		"many":         {Root, `<expand-property xmlns="DAV:">` + strings.Repeat(property(""), maxProperties+1) + `</expand-property>`, 400},
		"somebody":     {Root, `<principal-property-search xmlns="DAV:"><property-search><prop><displayname/></prop><match>Eve</match></property-search><prop><displayname/></prop></principal-property-search>`, 207},
		"not a report": {Root, `<property xmlns="DAV:"/>`, 403},
		"a calendar's": {Root, `<calendar-query xmlns="urn:ietf:params:xml:ns:caldav"/>`, 403},
	} {
		if got := d.ask(d.ada, "REPORT", c.path, c.body); got.status != c.status || strings.Contains(got.body, "Eve") {
			t.Error(name, got)
		}
	}
}
