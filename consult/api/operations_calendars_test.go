package api

import (
	"strings"
	"testing"
)

func calendarTrials() map[string]trial {
	nobody := map[string]int{"interpreter": 403, "operator": 403} // they see no appointments
	return map[string]trial{
		"calendars":           {},
		"set-calendars":       {body: body(`{"titles":"neutral"}`)},
		"new-app-password":    {body: body(`{"name":"Thunderbird"}`), want: nobody},
		"revoke-app-password": {path: func(*world) string { return "/me/calendars/passwords/pw_nothing" }, answers: 404},
		"new-feed":            {want: nobody},
		"end-feed":            {},
	}
}

func TestCalendarsOverHTTP(t *testing.T) {
	w := newWorld(t)
	cookie := w.cookies["owner"]
	made := mustJSON[madeAppPasswordBody](w.site, request{method: "POST", path: "/api/v1/me/calendars/passwords", body: `{"name":"Thunderbird"}`, cookie: cookie}, 201)
	if len(made.Password) != 26+6 || made.Made.Name != "Thunderbird" || made.Made.User != string(w.owner.ID) {
		t.Errorf("%+v", made.Made)
	}
	feed := mustJSON[feedBody](w.site, request{method: "POST", path: "/api/v1/me/calendars/feed", body: `{}`, cookie: cookie}, 201)
	if !strings.HasPrefix(feed.Link, w.base+"/calendar/") || !strings.HasSuffix(feed.Link, ".ics") {
		t.Error(feed.Link)
	}
	if answer := w.do(request{method: "PATCH", path: "/api/v1/me/calendars", body: `{"titles":"name"}`, cookie: cookie}); answer.Code != 204 {
		t.Error(answer.Code, answer.Body)
	}
	have := mustJSON[calendarsBody](w.site, request{method: "GET", path: "/api/v1/me/calendars", cookie: cookie}, 200)
	if have.Titles != "name" || len(have.Passwords) != 1 || have.FeedSince == nil || have.Address != w.base+"/caldav/" {
		t.Errorf("%+v", have)
	}
	for _, path := range []string{"/passwords/" + made.Made.ID, "/feed"} {
		if answer := w.do(request{method: "DELETE", path: "/api/v1/me/calendars" + path, cookie: cookie}); answer.Code != 204 {
			t.Error(path, answer.Code, answer.Body)
		}
	}
	have = mustJSON[calendarsBody](w.site, request{method: "GET", path: "/api/v1/me/calendars", cookie: cookie}, 200)
	if len(have.Passwords) != 0 || have.FeedSince != nil {
		t.Errorf("%+v", have)
	}
}
