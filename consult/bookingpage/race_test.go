package bookingpage

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/colloque/colloque/consult"
)

// TestManyChooseOneTime: of all who press the same button at the same moment one gets the form, and the others three other times.
func TestManyChooseOneTime(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(nil)
	page := s.get("/book/" + string(service.ID))
	action, start := page.action(t), page.times()[0]
	const people = 40
	answers := make([]*httptest.ResponseRecorder, people)
	var all sync.WaitGroup
	for i := range people {
		all.Go(func() {
			r := httptest.NewRequest(http.MethodPost, action, strings.NewReader(url.Values{"start": {start}}.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Origin", baseURL)
			r.RemoteAddr = "192.0.2." + strconv.Itoa(i) + ":1"
			answers[i] = httptest.NewRecorder()
			s.handler.ServeHTTP(answers[i], r)
		})
	}
	all.Wait()
	got := map[int]int{}
	for _, a := range answers {
		got[a.Code]++
		if a.Code == http.StatusConflict && strings.Count(a.Body.String(), `name="start"`) != 3 {
			t.Errorf("not three other times: %s", textOf(a.Body.String()))
		}
	}
	if got[http.StatusSeeOther] != 1 || got[http.StatusConflict] != people-1 {
		t.Error(got)
	}
}

// TestCodeTriedFromEverywhere: tries at the same moment are counted each.
func TestCodeTriedFromEverywhere(t *testing.T) {
	s := newSite(t, nil)
	page := s.fill(s.choose(s.offer(nil)), jeanne())
	action, right := page.action(t), s.outbox.code(t)
	var all sync.WaitGroup
	for i := range 30 {
		all.Go(func() {
			guess := "0" + strconv.Itoa(10000+i)
			if guess == right {
				return
			}
			r := httptest.NewRequest(http.MethodPost, action, strings.NewReader(url.Values{"code": {guess}}.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.Header.Set("Origin", baseURL)
			r.RemoteAddr = "198.51.100." + strconv.Itoa(i) + ":1"
			s.handler.ServeHTTP(httptest.NewRecorder(), r)
		})
	}
	all.Wait()
	s.post(action, url.Values{"code": {right}}).says(t, 200, "Trop d’essais")
	if s.outbox.count(consult.NoticeAppointment) != 0 {
		t.Error("it was booked")
	}
}
