package api

import (
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

// askInterpreter makes an organisation, and a request to it for the owner's consultation.
func (w *world) askInterpreter() {
	w.t.Helper()
	o, err := w.practice.SaveOrganisation(consult.Organisation{Name: "ISM", Languages: []string{"ar"}})
	w.check(err)
	asked, err := w.practice.AskForInterpreter(w.owner.ID, w.started.ID, consult.AskInterpreter{
		Of: string(o.ID), Name: o.Name, From: "fr", Into: "ar", Deadline: w.clock.Now().Add(time.Hour),
	})
	w.check(err)
	w.organisation, w.asked = o.ID, asked.Request.ID
}

func interpreterTrials() map[string]trial {
	at := func(w *world, more string) string {
		return "/consultations/" + string(w.started.ID) + "/interpreter-requests" + more
	}
	organisation := func(w *world) string {
		return "/organisations/" + string(w.organisation)
	}
	one := func(*world) string {
		return `{"name":"ISM","contact":{"mail":"ism@example.org"},"languages":["ar","fsl"]}`
	}
	return map[string]trial{
		"interpreters": {},
		"ask-interpreter": {path: func(w *world) string { return at(w, "") }, body: func(w *world) string {
			return fmt.Sprintf(`{"of":%q,"from":"fr","into":"fsl","deadline":%q}`, w.organisation, w.clock.Now().Add(time.Hour).Format(time.RFC3339))
		}, theirs: true},
		"withdraw-interpreter": {path: func(w *world) string {
			return at(w, "/"+string(w.asked)+"/withdraw")
		}, theirs: true},
		"organisations":       {},
		"add-organisation":    {body: one},
		"set-organisation":    {path: organisation, body: one},
		"remove-organisation": {path: organisation},
		"answer-request":      {path: func(*world) string { return "/r/" + consult.NewSecret() }, body: func(*world) string { return "answer=refuse" }, header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, answers: 404},
	}
}

// TestInterpreterAnswersByLink is the whole way: asked, looked at, accepted by one of two, joined.
func TestInterpreterAnswersByLink(t *testing.T) {
	s := newSite(t)
	_, cookie := s.practitioner("Dr Claire Moreau")
	first, err := s.accounts.Create("Ana Lopes", "interpreter")
	s.check(err)
	o, err := s.practice.SaveOrganisation(consult.Organisation{Name: "ISM", Languages: []string{"fsl"}})
	s.check(err)
	started := s.mustStart(cookie)
	at := "/api/v1/consultations/" + string(started.ID)
	ask := func(of string, status int) askedBody {
		t.Helper()
		body := fmt.Sprintf(`{"of":%q,"from":"fr","into":"fsl","deadline":%q}`, of, s.clock.Now().Add(time.Hour).Format(time.RFC3339))
		w := s.do(request{method: "POST", path: at + "/interpreter-requests", body: body, cookie: cookie})
		if w.Code != status {
			t.Fatalf("%d %s, want %d", w.Code, w.Body, status)
		}
		_, link, _ := strings.Cut(w.Body.String(), `"link":"`)
		link, _, _ = strings.Cut(link, `"`)
		return askedBody{Link: link}
	}
	ask("o_nobody", 404)
	ask(string(consult.NewAccountID()), 404)
	links := []string{ask(string(o.ID), 201).Link, ask(string(first.ID), 201).Link}
	page := func(link string, status int) string {
		t.Helper()
		u, err := url.Parse(link)
		s.check(err)
		w := s.do(request{method: "GET", path: u.Path})
		if w.Code != status {
			t.Fatalf("%d %s, want %d", w.Code, w.Body, status)
		}
		return w.Body.String()
	}
	before := s.store.Revision()
	shown := page(links[0], 200)
	if !strings.Contains(shown, "page=interpreter") || strings.Contains(shown, "Jeanne") || s.store.Revision() != before {
		t.Errorf("%s", shown)
	}
	answer := func(link, more string, status int) string {
		t.Helper()
		w := s.do(request{
			method: "POST", path: link[strings.Index(link, "/r/"):], body: strings.TrimPrefix(more, "&"),
			header: map[string]string{"Content-Type": "application/x-www-form-urlencoded"},
		})
		if w.Code != status {
			t.Fatalf("%q: %d %s, want %d", more, w.Code, w.Body, status)
		}
		return w.Body.String()
	}
	answer(links[0], "", 400)
	answer(links[0], "&answer=maybe", 400)
	answer(links[0], "&answer=accept&name=a%00b", 400)
	answer(links[0], "&answer=accept&name=Ana+Lopes", 200)
	answer(links[1], "&answer=accept", 409)
	answer(links[0], "&answer=accept", 200) // again: the same seat
	answer(links[0], "&answer=refuse", 409)
	page(links[1], 200)
	c := mustJSON[consultationBody](s, request{method: "GET", path: at, cookie: cookie}, 200)
	if len(c.Participants) != 3 || c.Participants[2].Role != consult.RoleInterpreter || c.Participants[2].Name != "Ana Lopes" {
		t.Errorf("%+v", c.Participants)
	}
	if c.Requests[0].State != consult.RequestAccepted || c.Requests[1].State != consult.RequestTaken {
		t.Errorf("%+v", c.Requests)
	}
	page("/r/"+consult.NewSecret(), 404)
}
