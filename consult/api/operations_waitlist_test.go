package api

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/patient"
)

func waitListTrials() map[string]trial {
	return map[string]trial{
		"wait-list": {},
		"wait": {body: func(w *world) string {
			return fmt.Sprintf(`{"service":%q,"practitioner":%q,"from":"2026-11-24","to":"2026-12-24","half_days":[{"weekday":2},{"weekday":4,"afternoon":true}],"modality":"in-person",
				"patient":%q,"person":{"name":"Jeanne Martin","contact":{"phone":"+33639980010"}}}`, w.wanted.service, w.ids["owner"], w.known().ID)
		}, theirs: true},
		"stop-waiting": {path: func(w *world) string { return "/wait-list/" + string(w.wanted.waits) }, theirs: true},
	}
}

// TestPutOnWaitList: somebody telephones, the practice notes on which days they could come, and a time of such a day that becomes free is
// offered to them, one of another day to the next.
func TestPutOnWaitList(t *testing.T) {
	w := newWorld(t)
	put := func(more string) request {
		return request{method: "POST", path: "/api/v1/wait-list", cookie: w.cookies["delegate"], body: fmt.Sprintf(`{"service":%q,%s}`, w.wanted.service, more)}
	}
	const paul = `"person":{"name":"Paul Petit","contact":{"phone":"06 39 98 00 11"}}`
	for body, want := range map[string]int{
		paul + `,"from":"2026-11-31"`:                          400,
		paul + `,"from":"2026-12-02","to":"2026-12-01"`:        400,
		paul + `,"to":"2026-11-01"`:                            400,
		paul + `,"to":"2028-01-01"`:                            400,
		paul + `,"modality":"video"`:                           400,
		paul + `,"half_days":[{"weekday":7}]`:                  422,
		paul + `,"half_days":[{"weekday":1,"evening":true}]`:   422,
		`"person":{"name":"Paul Petit"}`:                       400, // nothing could be offered
		`"person":{"contact":{"phone":"0639980011"}}`:          422,
		fmt.Sprintf(paul+`,"practitioner":%q`, w.ids["other"]): 404,
		paul + `,"patient":"pt_AAAAAAAAAAAAAAAAAAAAAA"`:        404,
	} {
		if got := w.do(put(body)); got.Code != want {
			t.Errorf("%s: %d %s, want %d", body, got.Code, got.Body, want)
		}
	}
	w.check(w.book.StopWaiting(w.wanted.waits))
	// The wish that was asked for is on a Tuesday at 9 in Paris: Paul comes on afternoons and Thursdays only, Léa any day.
	first := mustJSON[waitingBody](w.site, put(paul+`,"half_days":[{"weekday":2,"afternoon":true},{"weekday":4}]`), 201)
	w.clock.Forward(time.Second)
	second := mustJSON[waitingBody](w.site, put(`"person":{"name":"Léa Durand","language":"fr","contact":{"mail":"lea@example.org"}},"from":"2026-11-24","to":"2026-11-24"`), 201)
	if len(first.HalfDays) != 2 || !first.HalfDays[0].Afternoon || first.Person.Contact.Phone != "+33639980011" || !first.From.Equal(w.clock.Now().Add(-time.Second)) || first.Label["fr"] != "Suivi" {
		t.Errorf("%+v", first)
	}
	if second.From.Format(time.RFC3339) != "2026-11-23T23:00:00Z" || second.To.Format(time.RFC3339) != "2026-11-24T23:00:00Z" || len(second.HalfDays) != 0 {
		t.Errorf("one day on the clocks of Paris: %+v", second)
	}
	_, err := w.book.Cancel(w.wanted.own, booking.CancelRequest{By: booking.Actor{Kind: booking.ByPractice}, Quiet: true})
	w.check(err)
	offers := func(id booking.WaitID) int {
		one, err := w.book.Waiter(id)
		w.check(err)
		return len(one.Offers)
	}
	w.await(func() bool { return offers(second.ID) == 1 })
	if offers(first.ID) != 0 {
		t.Error("a morning is offered to who comes in the afternoon")
	}
	// With a record, nothing needs to be said again.
	record, err := w.patients.Create(t.Context(), w.owner.ID, patient.Patient{FamilyName: "Petit", GivenNames: "Anne", Contact: consult.Contact{Phone: "+33639980012"}}, false)
	w.check(err)
	known := mustJSON[waitingBody](w.site, put(fmt.Sprintf(`"patient":%q`, record.ID)), 201)
	if known.Person.Patient != record.ID || known.Person.Name != "Anne Petit" || known.Person.Contact.Phone != "+33639980012" {
		t.Errorf("%+v", known)
	}
	for _, said := range []string{"Petit", "Durand", "39980011", "lea@"} {
		if strings.Contains(w.log.String(), said) {
			t.Errorf("the log says %s", said)
		}
	}
}
