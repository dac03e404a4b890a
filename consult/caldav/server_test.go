package caldav

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/emersion/go-webdav"
	gocaldav "github.com/emersion/go-webdav/caldav"

	"github.com/colloque/colloque/consult/booking"
)

// TestGoWebDAV walks from the root to an appointment with somebody else's client.
func TestGoWebDAV(t *testing.T) {
	d := newDesk(t)
	a := d.appoint(d.ada, "2026-11-24T13:30:00Z", "Jeanne Martin")
	gone := d.appoint(d.ada, "2026-11-24T14:30:00Z", "Jeanne Martin")
	_, err := d.book.Cancel(gone.ID, booking.CancelRequest{By: booking.Actor{Kind: booking.ByPractice, Account: d.ada.ID}})
	d.check(err)
	ctx := context.Background()
	client, err := gocaldav.NewClient(webdav.HTTPClientWithBasicAuth(nil, string(d.ada.ID), d.ada.password), d.url+Root)
	d.check(err)
	principal, err := client.FindCurrentUserPrincipal(ctx)
	d.check(err)
	home, err := client.FindCalendarHomeSet(ctx, principal)
	d.check(err)
	calendars, err := client.FindCalendars(ctx, home)
	d.check(err)
	if len(calendars) != 1 || calendars[0].Path != calendarOf(d.ada, d.ada) || calendars[0].Name != "Rendez-vous – Tilleuls" {
		t.Fatalf("%+v", calendars)
	}
	found, err := client.QueryCalendar(ctx, calendars[0].Path, &gocaldav.CalendarQuery{
		CompRequest: gocaldav.CalendarCompRequest{Name: "VCALENDAR", AllProps: true, AllComps: true},
		CompFilter: gocaldav.CompFilter{Name: "VCALENDAR", Comps: []gocaldav.CompFilter{{
			Name: "VEVENT", Start: mustTime(t, "2026-11-24T00:00:00Z"), End: mustTime(t, "2026-11-25T00:00:00Z"),
		}}},
	})
	d.check(err)
	if len(found) != 1 {
		t.Fatalf("%d objects", len(found))
	}
	event := found[0].Data.Events()[0]
	if uid, _ := event.Props.Text("UID"); uid != string(a.ID) {
		t.Error("UID", uid)
	}
	if title, _ := event.Props.Text("SUMMARY"); title != "J. M." {
		t.Error("SUMMARY", title)
	}
	if found[0].Data.Props.Get("METHOD") != nil {
		t.Error("an object of a calendar has no METHOD")
	}
	got, err := client.GetCalendarObject(ctx, found[0].Path)
	d.check(err)
	if got.ETag != found[0].ETag || got.ETag == "" {
		t.Errorf("%q, %q", got.ETag, found[0].ETag)
	}
}

func TestWhoSeesWhat(t *testing.T) {
	d := newDesk(t)
	a := d.appoint(d.ada, "2026-11-24T13:30:00Z", "Jeanne Martin")
	object := func(who login) string { return calendarOf(who, d.ada) + string(a.ID) + suffix }
	for _, c := range []struct {
		name string
		who  login
		path string
		want int
	}{
		{"own", d.ada, object(d.ada), http.StatusOK},
		{"secretary's", d.bob, object(d.bob), http.StatusOK},
		{"somebody else's", d.eve, object(d.eve), http.StatusNotFound},
		{"by another account's address", d.eve, object(d.ada), http.StatusNotFound},
		{"in another calendar", d.eve, calendarOf(d.eve, d.eve) + string(a.ID) + suffix, http.StatusNotFound},
		{"nobody", login{}, object(d.ada), http.StatusUnauthorized},
		{"wrong password", login{d.ada.Account, d.bob.password}, object(d.ada), http.StatusUnauthorized},
		{"no password", login{d.ada.Account, ""}, object(d.ada), http.StatusUnauthorized},
		{"not there", d.ada, calendarOf(d.ada, d.ada) + "x.ics", http.StatusNotFound},
		{"deeper", d.ada, object(d.ada) + "/x", http.StatusNotFound},
	} {
		got := d.ask(c.who, "GET", c.path, "")
		if got.status != c.want {
			t.Errorf("%s: %d, want %d", c.name, got.status, c.want)
		}
		if c.want == http.StatusUnauthorized && !strings.HasPrefix(got.header.Get("WWW-Authenticate"), "Basic ") {
			t.Errorf("%s: not asked for a password", c.name)
		}
		if c.want != http.StatusOK && strings.Contains(got.body, "J. M.") {
			t.Errorf("%s: says who", c.name)
		}
	}
	for who, want := range map[*login][]string{&d.ada: {calendarOf(d.ada, d.ada)}, &d.bob: {calendarOf(d.bob, d.ada)}, &d.eve: {calendarOf(d.eve, d.eve)}} {
		got := d.ask(*who, "PROPFIND", place{kind: kindHome, account: who.ID}.path(), "", "Depth: 1")
		if got.status != http.StatusMultiStatus || strings.Count(got.body, "<C:calendar/>") != len(want) || !strings.Contains(got.body, "<D:href>"+want[0]+"</D:href>") {
			t.Errorf("%s: %d %s", who.Name, got.status, got.body)
		}
	}
	if strings.Contains(d.log.String(), "Jeanne") {
		t.Error("a name in the log")
	}
}
