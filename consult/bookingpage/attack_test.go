package bookingpage

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
)

// many is a service with more times than anybody may take.
func many(service *booking.Service, schedule *booking.Schedule) {
	service.Duration, service.Modalities = 5*time.Minute, []booking.Modality{booking.ModalityInPerson}
	for i := range schedule.Weekly {
		schedule.Weekly[i].Hours = booking.Hours{From: 8 * 60, To: 20 * 60}
	}
}

// TestTimesKeptAgainAndAgain: a program that keeps times as soon as the last ones lapse is stopped in the hour, and who gives back or books
// is not counted.
func TestTimesKeptAgainAndAgain(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(many)
	kept := 0
	for range 6 {
		for range maxHoldsOfOne + 1 {
			if s.choose(service).Code == http.StatusOK {
				kept++
			}
		}
		s.clock.Forward(10 * time.Minute)
	}
	if kept != maxHoldsOfOne+maxLapsedOfOne {
		t.Errorf("%d times kept in an hour", kept)
	}
	s.from = "192.0.2.8:1"
	for range maxHoldsOfOne + maxLapsedOfOne { // somebody who looks around, and gives back
		page := s.choose(service).says(t, 200, "gardé pour vous")
		back := s.get(page.href(t, "Voir les autres horaires"))
		s.post(back.action(t), url.Values{"start": {back.times()[0]}}).says(t, 200, "gardé pour vous")
		s.clock.Forward(10 * time.Minute)
	}
	s.from = "192.0.2.7:4711"
	s.clock.Forward(time.Hour)
	s.choose(service).says(t, 200, "gardé pour vous")
}

// TestCodesToManyNumbers: one address has codes sent to so many numbers an hour, and all addresses together to so many.
func TestCodesToManyNumbers(t *testing.T) {
	ask := func(s *site, service booking.Service, i int) answer {
		values := jeanne()
		values.Set("phone", fmt.Sprintf("06 39 98 %02d %02d", i/100, i%100))
		return s.fill(s.get("/book/ask?service="+string(service.ID)), values)
	}
	s := newSite(t, nil)
	service := s.offer(many)
	for i := range maxCodesOfOne + 5 {
		ask(s, service, i)
	}
	if n := s.outbox.count(consult.NoticeConfirmCode); n != maxCodesOfOne {
		t.Errorf("%d codes for one address", n)
	}
	for s.pages.limits.codes.allows("") { // others, elsewhere
	}
	s.from = "198.51.100.1:1"
	ask(s, service, 100).says(t, http.StatusTooManyRequests, "Un moment")
	s.clock.Forward(time.Hour)
	ask(s, service, 999).says(t, 200, "Tapez le code")
}

// TestBookingWithoutACode: where nothing can send one, an address books a few times a day, and nobody is told of a code that was not sent.
func TestBookingWithoutACode(t *testing.T) {
	s := newSite(t, nil)
	s.outbox.unreachable = []consult.Reach{consult.ReachSMS}
	service := s.offer(many)
	for i := range maxUnprovenOne {
		values := jeanne()
		values.Set("phone", fmt.Sprintf("06 39 98 00 %02d", i))
		s.fill(s.choose(service), values).says(t, 200, "est pris")
	}
	values := jeanne()
	values.Set("phone", "06 39 98 00 99")
	s.fill(s.choose(service), values).says(t, http.StatusTooManyRequests, "Un moment")
	s.from = "192.0.2.9:1"
	s.fill(s.choose(service), values).says(t, 200, "est pris")
}

// TestBookedOutFromOneAddress: who proves a number each time is stopped too.
func TestBookedOutFromOneAddress(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(many)
	for i := range maxBookedOfOne {
		values := jeanne()
		values.Set("phone", fmt.Sprintf("06 39 98 00 %02d", i))
		page := s.fill(s.choose(service), values).says(t, 200, "Tapez le code")
		s.post(page.action(t), url.Values{"code": {s.outbox.code(t)}}).says(t, 200, "est pris")
		s.clock.Forward(2 * time.Minute)
	}
	s.fill(s.choose(service), jeanne()).says(t, http.StatusTooManyRequests, "Un moment")
	s.clock.Forward(24 * time.Hour)
	s.fill(s.choose(service), jeanne()).says(t, 200, "Tapez le code")
}

func lacks(page answer, text string) bool { return !strings.Contains(page.text, text) }

// TestRequestIsCalledOne: who asked to be called back reads of a request, not of a time or a link that there is not.
func TestRequestIsCalledOne(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(nil)
	page := s.fill(s.get("/book/ask?service="+string(service.ID)), jeanne())
	page = s.post(page.action(t), url.Values{"code": {s.outbox.code(t)}}).says(t, 200, "Voir ou retirer ma demande")
	page = s.get(page.href(t, "Voir ou retirer")).says(t, 200, "On vous rappelle", "Retirer ma demande")
	if lacks(page, "Par vidéo") {
		page = s.get(page.href(t, "Retirer ma demande")).says(t, 200, "Retirer votre demande", "Non, la garder")
		if lacks(page, "Par vidéo") && lacks(page, "La place sera donnée") {
			return
		}
	}
	t.Errorf("%s: %s", page.path, page.text)
}

// TestBehindAProxy: everybody comes from its address, and only the limits of all hold.
func TestBehindAProxy(t *testing.T) {
	for _, from := range []string{"127.0.0.1:1", "[::1]:1", "172.17.0.1:1", "[::ffff:10.0.0.1]:1"} {
		s := newSite(t, nil)
		s.from = from
		service := s.offer(many)
		for range maxHoldsOfOne + 2 {
			s.choose(service).says(t, 200, "gardé pour vous")
		}
	}
}
