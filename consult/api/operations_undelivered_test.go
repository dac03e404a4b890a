package api

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/notify"
)

// TestUndelivered follows a link that did not arrive: it is in the list of the practitioner and of their secretary, in nobody else's, and
// leaves it when it was sent again, or when somebody says that they have phoned.
func TestUndelivered(t *testing.T) {
	var met sync.Map // numbers: the first message to each is refused
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var one sent
		if err := json.NewDecoder(r.Body).Decode(&one); err != nil {
			t.Error(err)
		}
		if _, known := met.LoadOrStore(one.To, true); !known {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		_, _ = io.WriteString(w, `{"id":"sms-1"}`)
	}))
	t.Cleanup(gateway.Close)
	cfg := notify.DefaultConfig()
	cfg.SMS.Gateways = []notify.GatewayConfig{testGateway(gateway.URL)}
	s := newSiteWith(t, "http://localhost:8080", cfg)
	s.check(s.notices.Start(s.base))
	who, cookie := s.practitioner("Dr Mine")
	_, other := s.practitioner("Dr Other")
	secretary, hers := s.somebody("Sonia", "secretary")
	_, err := s.accounts.Delegate(who.ID, []consult.AccountID{secretary.ID})
	s.check(err)

	changes, err := s.store.Watch(t.Context(), "v1/notice/", 0)
	s.check(err)
	list := func(cookie string) []undeliveredBody {
		t.Helper()
		return mustJSON[undeliveredListBody](s, request{method: "GET", path: "/api/v1/notices/undelivered", cookie: cookie}, 200).Notices
	}
	await := func(n int) []undeliveredBody {
		t.Helper()
		for {
			if got := list(cookie); len(got) == n {
				return got
			}
			<-changes
		}
	}
	c, patient := s.invited(cookie, who.Practitioner(), "+33639980010")
	got := await(1)
	if u := got[0]; u.Name != "Jeanne Martin" || u.Phone != "+33639980010" || u.Consultation != c.ID || u.Participant != patient ||
		u.Practitioner != who.ID || !u.SendAgain || u.Reason != notify.ReasonRefused {
		t.Errorf("%+v", u)
	}
	if got := list(hers); len(got) != 1 {
		t.Errorf("the secretary sees %+v", got)
	}
	if got := list(other); len(got) != 0 {
		t.Errorf("a stranger sees %+v", got)
	}
	theirs := request{method: "GET", path: "/api/v1/notices/undelivered?practitioner=" + string(who.ID), cookie: other}
	if w := s.do(theirs); w.Code != 404 {
		t.Errorf("asked by name: %d", w.Code)
	}
	settle := func(id consult.NoticeID, cookie string) int {
		return s.do(request{method: "POST", path: "/api/v1/notices/" + string(id) + "/settle", body: "{}", cookie: cookie}).Code
	}
	if code := settle(got[0].Notice, other); code != 404 {
		t.Errorf("a stranger settles: %d", code)
	}

	again := "/api/v1/consultations/" + string(c.ID) + "/participants/" + string(patient) + "/send-link"
	if w := s.do(request{method: "POST", path: again, body: "{}", cookie: hers}); w.Code != 202 {
		t.Fatalf("send again: %d %s", w.Code, w.Body)
	}
	await(0)

	second, _ := s.invited(cookie, who.Practitioner(), "+33639980011")
	got = await(1)
	if got[0].Consultation != second.ID {
		t.Errorf("%+v", got)
	}
	for range 2 {
		if code := settle(got[0].Notice, hers); code != 204 {
			t.Errorf("settle: %d", code)
		}
	}
	if got := list(cookie); len(got) != 0 {
		t.Errorf("settled: %+v", got)
	}
	if strings.Contains(s.do(request{method: "GET", path: "/api/v1/notices/undelivered", cookie: cookie}).Body.String(), "null") {
		t.Error("an empty list is null")
	}

	s.invited(cookie, who.Practitioner(), "+33639980012")
	got = await(1)
	s.do(request{method: "POST", path: "/api/v1/consultations/" + string(got[0].Consultation) + "/end", body: "{}", cookie: cookie})
	if got := list(cookie); len(got) != 0 {
		t.Errorf("of a consultation that is over: %+v", got)
	}
}
