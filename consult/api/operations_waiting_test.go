package api

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

func waitingTrials() map[string]trial {
	at := func(w *world, more string) string { return "/consultations/" + string(w.started.ID) + more }
	return map[string]trial{
		"device-test": {body: func(w *world) string {
			return fmt.Sprintf(`{"ticket":%q,"devices":{"camera":"ok"}}`, ticketOf(w.started.Link))
		}},
		"colleagues": {},
		"pass": {
			path: func(w *world) string { return at(w, "/pass") },
			body: func(w *world) string { return fmt.Sprintf(`{"to":%q}`, w.ids["other"]) }, theirs: true,
		},
		"pass-back": {
			path: func(w *world) string { return "/consultations/" + string(w.passed.ID) + "/pass-back" }, theirs: true,
		},
	}
}

func TestPassOn(t *testing.T) {
	s := newSite(t)
	mine, cookie := s.practitioner("Dr Mine")
	theirs, their := s.practitioner("Dr Theirs")
	secretary, _ := s.somebody("Somebody", "secretary")
	started := s.mustStart(cookie)
	at := "/api/v1/consultations/" + string(started.ID)
	post := func(path, body, cookie string) int {
		t.Helper()
		w := s.do(request{method: "POST", path: path, body: body, cookie: cookie})
		if w.Code >= 400 {
			checkProblem(t, w)
		}
		return w.Code
	}
	for body, want := range map[string]int{
		`{}`: 422, `{"to":""}`: 404, `{"to":"a_nobody"}`: 404, `{"to":1}`: 422, `{"to":"` + string(secretary.ID) + `"}`: 404,
		`{"to":"` + string(mine.ID) + `"}`: 400, `{"to":"` + strings.Repeat("x", 100) + `"}`: 422,
	} {
		if got := post(at+"/pass", body, cookie); got != want {
			t.Errorf("%s: %d, want %d", body, got, want)
		}
	}
	list := mustJSON[colleaguesBody](s, request{method: "GET", path: "/api/v1/colleagues", cookie: cookie}, 200)
	if len(list.Colleagues) != 1 || list.Colleagues[0].ID != theirs.ID || list.Colleagues[0].State != "away" {
		t.Errorf("%+v", list)
	}
	if got := post(at+"/pass-back", `{}`, cookie); got != http.StatusNotFound {
		t.Errorf("back before it was passed on: %d", got)
	}
	for _, step := range []struct {
		path, body, cookie string
		want               int
	}{
		{"/pass", `{"to":"` + string(theirs.ID) + `"}`, cookie, 204},
		{"/pass", `{"to":"` + string(theirs.ID) + `"}`, cookie, 404}, // said twice: it is theirs now
		{"/pass-back", `{}`, their, 404},
		{"/pass-back", `{}`, cookie, 204},
		{"/pass-back", `{}`, cookie, 404},
	} {
		if got := post(at+step.path, step.body, step.cookie); got != step.want {
			t.Errorf("%s: %d, want %d", step.path, got, step.want)
		}
	}
}

func TestDeviceTest(t *testing.T) {
	s := newSite(t)
	_, cookie := s.practitioner("Dr Mine")
	started := s.mustStart(cookie)
	ticket := ticketOf(started.Link)
	send := func(body string) int {
		t.Helper()
		w := s.do(request{method: "POST", path: "/api/v1/device-test", body: body})
		if w.Code >= 400 {
			checkProblem(t, w)
		}
		return w.Code
	}
	if got := send(fmt.Sprintf(`{"ticket":%q,"devices":{"camera":"ok","microphone":"silent","sound":"heard"}}`, ticket)); got != 204 {
		t.Fatal(got)
	}
	read := func() participantBody {
		return mustJSON[consultationBody](s, request{method: "GET", path: "/api/v1/consultations/" + string(started.ID), cookie: cookie}, 200).Participants[1]
	}
	if p := read(); p.Devices.Microphone != "silent" || p.TestedAt == nil || p.Place != consult.PlaceInvited {
		t.Errorf("%+v", p)
	}
	before := read()
	for body, want := range map[string]int{
		`{"ticket":"nonsense","devices":{}}`:                                 404,
		fmt.Sprintf(`{"ticket":%q}`, ticket):                                 422,
		fmt.Sprintf(`{"ticket":%q,"devices":{"camera":"broken"}}`, ticket):   400,
		fmt.Sprintf(`{"ticket":%q,"devices":{"camera":"ok"},"x":1}`, ticket): 422,
		fmt.Sprintf(`{"ticket":%q,"devices":{"camera":["ok"]}}`, ticket):     422,
		`{"ticket":"` + strings.Repeat("x", 9000) + `","devices":{}}`:        413,
	} {
		if got := send(body); got != want {
			t.Errorf("%.60s: %d, want %d", body, got, want)
		}
	}
	if after := read(); after.Devices != before.Devices || !after.TestedAt.Equal(*before.TestedAt) {
		t.Errorf("what was refused changed something: %+v", after)
	}
}

// TestPageOfAPlannedVisit: the page is told when, from when on people come in, and in whose zone.
func TestPageOfAPlannedVisit(t *testing.T) {
	s := newSite(t)
	_, cookie := s.practitioner("Dr Mine")
	at := s.clock.Now().Add(72 * time.Hour).Format(time.RFC3339)
	body := fmt.Sprintf(`{"scheduled_at":%q,"time_zone":"Indian/Reunion"}`, at)
	started := mustJSON[startedBody](s, request{method: "POST", path: "/api/v1/consultations", body: body, cookie: cookie}, 201)
	link, err := url.Parse(started.Link)
	s.check(err)
	page := s.do(request{method: "GET", path: link.Path}).Body.String()
	for _, want := range []string{"ScheduledAt:2026-11-25T09:00:00Z", "RoomOpensAt:2026-11-25T08:30:00Z", "TimeZone:Indian/Reunion"} {
		if !strings.Contains(page, want) {
			t.Errorf("no %s in %s", want, page)
		}
	}
}

func TestRenamedInOpenConsultations(t *testing.T) {
	s := newSite(t)
	_, cookie := s.practitioner("Dr Mine")
	started := s.mustStart(cookie)
	mustJSON[meBody](s, request{method: "PATCH", path: "/api/v1/me", body: `{"name":"Dr New"}`, cookie: cookie}, 200)
	c, err := s.practice.Consultation(started.ID)
	s.check(err)
	if c.PractitionerName != "Dr New" {
		t.Errorf("%q", c.PractitionerName)
	}
}
