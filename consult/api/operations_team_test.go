package api

import (
	"strings"
	"testing"
)

func teamTrials() map[string]trial {
	of := func(who, more string) func(*world) string {
		return func(w *world) string { return "/accounts/" + string(w.ids[who]) + more }
	}
	unit := func(w *world) string { return "/units/" + string(w.owner.Units[0]) }
	return map[string]trial{
		"accounts":       {},
		"invite-account": {body: body(`{"name":"Nadia","roles":["secretary"]}`)},
		"change-account": {path: of("secretary", ""), body: body(`{"roles":["secretary","interpreter"],"languages":["ar"]}`)},
		"account-link":   {path: of("secretary", "/link")},
		"units":          {},
		"create-unit":    {body: body(`{"name":"Cardiology"}`)},
		"change-unit":    {path: unit, body: body(`{"name":"Cardiology","shares_patients":true}`)},
		"delegate": {
			body: func(w *world) string { return `{"delegates":["` + string(w.ids["secretary"]) + `"]}` },
			want: map[string]int{"delegate": 400, "secretary": 400, "interpreter": 400, "operator": 400},
		},
	}
}

// TestColleaguesSeeWhoSomebodyIs and not how they sign in, nor who is gone.
func TestColleaguesSeeWhoSomebodyIs(t *testing.T) {
	w := newWorld(t)
	lockable(w, "other")
	gone := request{method: "PATCH", path: "/api/v1/accounts/" + string(w.ids["interpreter"]), body: `{"disabled":true}`, cookie: w.cookies["operator"]}
	if answer := w.do(gone); answer.Code != 200 {
		t.Fatal(answer.Body)
	}
	if answer := w.do(request{method: "GET", path: "/api/v1/me", cookie: w.cookies["interpreter"]}); answer.Code != 401 {
		t.Errorf("disabled, and signed in: %d", answer.Code)
	}
	for who, sees := range map[string]bool{"operator": true, "secretary": false} {
		list := w.do(request{method: "GET", path: "/api/v1/accounts", cookie: w.cookies[who]}).Body.String()
		for _, word := range []string{"other@example.org", "The interpreter", "set_up"} {
			if strings.Contains(list, word) != sees {
				t.Errorf("%s sees %q: %v, want %v", who, word, !sees, sees)
			}
		}
		if !strings.Contains(list, "The owner") {
			t.Errorf("%s does not see the owner", who)
		}
	}
}

func TestWhoWorksForWhom(t *testing.T) {
	w := newWorld(t)
	start := func(who, forWhom string) int {
		b := `{}`
		if forWhom != "" {
			b = `{"practitioner":"` + string(w.ids[forWhom]) + `"}`
		}
		return w.do(request{method: "POST", path: "/api/v1/consultations", body: b, cookie: w.cookies[who]}).Code
	}
	for _, test := range []struct {
		who, forWhom string
		want         int
	}{
		{"delegate", "owner", 201}, {"delegate", "", 201}, {"delegate", "other", 404}, {"secretary", "owner", 404}, {"secretary", "", 400},
		{"colleague", "owner", 201}, {"owner", "colleague", 201}, {"other", "owner", 404}, {"operator", "owner", 403},
	} {
		if got := start(test.who, test.forWhom); got != test.want {
			t.Errorf("%s for %q: %d, want %d", test.who, test.forWhom, got, test.want)
		}
	}
}
