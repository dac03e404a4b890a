package api

import (
	"testing"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/notify"
)

func consultationTrials() map[string]trial {
	at := func(more string) func(*world) string {
		return func(w *world) string { return "/consultations/" + string(w.started.ID) + more }
	}
	return map[string]trial{
		"day":          {path: func(w *world) string { return "/consultations?practitioner=" + string(w.owner.ID) }, theirs: true},
		"consultation": {path: at(""), theirs: true},
		"start":        {body: func(w *world) string { return `{"practitioner":"` + string(w.owner.ID) + `"}` }, theirs: true},
		"invite":       {path: at("/participants"), body: func(*world) string { return `{"role":"guest"}` }, theirs: true},
		"link":         {path: func(w *world) string { return at("/participants/" + string(w.started.Participant) + "/link")(w) }, theirs: true},
		"end":          {path: at("/end"), theirs: true},
	}
}

// TestStartTells: without a way to send messages, asking for one hands the link over and says so.
func TestStartTells(t *testing.T) {
	s := newSiteWith(t, "http://localhost:8080", notify.DefaultConfig())
	_, cookie := s.practitioner("Dr Mine")
	body := `{"patient_name":"Jeanne","contact":{"phone":"06 39 98 00 10"},"tell":true}`
	started := mustJSON[startedBody](s, request{method: "POST", path: "/api/v1/consultations", body: body, cookie: cookie}, 201)
	one := mustJSON[consultationBody](s, request{method: "GET", path: "/api/v1/consultations/" + string(started.ID), cookie: cookie}, 200)
	if reach := one.Participants[1].Contact.Reach; reach != consult.ReachHanded {
		t.Errorf("nothing can be sent here, but the link is to go by %q", reach)
	}
}
