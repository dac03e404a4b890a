package bookingpage

import (
	"net/http"
	"net/netip"
	"net/url"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
)

func TestMoveAndCancelInTwoTaps(t *testing.T) {
	s := newSite(t, nil)
	secret := s.booked(s.offer(nil))
	page := s.get("/a/"+secret).says(t, 200, "lundi 23 novembre 2026 à 09:00", "Vous pouvez changer ou annuler ici jusqu’au lundi 23 novembre 2026 à 08:30 (heure de Paris)")
	moves := s.get(page.href(t, "Changer l’horaire")).says(t, 200, "Choisissez le nouvel horaire", "09:30")
	page = s.post(moves.action(t), url.Values{"start": {moves.times()[0]}}).says(t, 200, "C’est fait", "lundi 23 novembre 2026 à 09:30")
	s.post(moves.action(t), url.Values{"start": {moves.times()[0]}}).says(t, 200, "09:30") // pressed twice
	a, err := s.book.Find(secret)
	if err != nil || a.Sequence != 1 || a.Start.Format(time.TimeOnly) != "08:30:00" {
		t.Fatal(a.Sequence, a.Start, err)
	}
	sure := s.get(page.href(t, "Annuler ce rendez-vous")).says(t, 200, "Annuler ce rendez-vous\u00a0?", "Non, garder ce rendez-vous")
	for range 3 {
		s.get(sure.path) // a mail scanner
	}
	if a, _ := s.book.Find(secret); a.State != booking.StateBooked {
		t.Fatal("opening a link cancelled:", a.State)
	}
	page = s.post(sure.action(t), url.Values{}).says(t, 200, "Rendez-vous annulé", "La place servira à quelqu’un d’autre")
	s.post(sure.action(t), url.Values{}).says(t, 200, "Rendez-vous annulé")
	s.post(moves.action(t), url.Values{"start": {moves.times()[1]}}).says(t, http.StatusConflict, "Rendez-vous annulé")
	if s.outbox.count(consult.NoticeAppointmentCancelled) != 1 {
		t.Error("told", s.outbox.count(consult.NoticeAppointmentCancelled), "times")
	}
	s.get(page.href(t, "Prendre un rendez-vous")).says(t, 200, "09:00", "09:30") // back on sale
}

func TestTooLateIsToldKindly(t *testing.T) {
	s := newSite(t, nil)
	secret := s.booked(s.offer(nil))
	moves, sure := s.get("/a/"+secret+"/move"), s.get("/a/"+secret+"/cancel")
	s.clock.Forward(35 * time.Minute)
	for _, page := range []answer{
		s.get("/a/" + secret), s.get("/a/" + secret + "/move"), s.get("/a/" + secret + "/cancel"),
		s.post(sure.action(t), nil), s.post(moves.action(t), url.Values{"start": {moves.times()[0]}}),
	} {
		if !strings.Contains(page.text, "Il est trop tard pour changer ou annuler ici. Appelez-nous au \u206601\u00a023\u00a045\u00a067\u00a089\u2069") || strings.Contains(page.text, "Changer l’horaire") {
			t.Errorf("%s: %s", page.path, page.text)
		}
	}
	s.clock.Forward(24 * time.Hour)
	s.get("/a/"+secret).says(t, 200, "Ce rendez-vous est passé", "Prendre un rendez-vous")
}

func TestJoin(t *testing.T) {
	s := newSite(t, nil)
	secret := s.booked(s.offer(nil))
	page := s.get("/a/"+secret).says(t, 200, "Essayer ma caméra")
	join := page.action(t)
	went := s.do(http.MethodPost, join, nil, nil)
	if to := went.Header().Get("Location"); went.Code != http.StatusSeeOther || !strings.HasPrefix(to, "/c/") {
		t.Fatal(went.Code, to)
	}
	seat, err := s.practice.Redeem(t.Context(), strings.TrimPrefix(went.Header().Get("Location"), "/c/"), netip.Addr{})
	if err != nil || seat.Participant.Name != "Jeanne Martin" {
		t.Fatal(seat, err)
	}
	s.clock.Forward(40 * time.Minute)
	s.get("/a/"+secret).says(t, 200, "Entrer dans la salle d’attente")
	s.clock.Forward(8 * time.Hour)
	s.post(join, nil).says(t, http.StatusConflict, "Ce rendez-vous est passé")
}

func TestFileForTheCalendar(t *testing.T) {
	s := newSite(t, nil)
	secret := s.booked(s.offer(func(service *booking.Service, _ *booking.Schedule) {
		service.Modalities = []booking.Modality{booking.ModalityInPerson}
	}))
	a := s.get("/a/" + secret + "/appointment.ics")
	if a.Header().Get("Content-Type") != "text/calendar; charset=utf-8; method=PUBLISH" || !strings.Contains(a.Header().Get("Content-Disposition"), `filename="rendez-vous.ics"`) {
		t.Error(a.Header())
	}
	unfolded := strings.ReplaceAll(a.Body.String(), "\r\n ", "")
	for _, line := range []string{"METHOD:PUBLISH", "DTSTART;TZID=Europe/Paris:20261123T090000", "SUMMARY:Rendez-vous – Cabinet des Tilleuls", "LOCATION:4 rue des Tilleuls\\, 75012 Paris", "SEQUENCE:0", baseURL + "/a/" + secret} {
		if !strings.Contains(unfolded, line) {
			t.Errorf("no %s in %s", line, unfolded)
		}
	}
	if strings.Contains(unfolded, "diabète") || strings.Contains(unfolded, "genou") {
		t.Error("the file says why somebody is seen")
	}
}

func TestOffers(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(func(service *booking.Service, schedule *booking.Schedule) {
		schedule.Weekly = schedule.Weekly[1:2] // one morning a week: two times
		service.Horizon = 2
	})
	one, two := s.booked(service), s.booked(service)
	for _, phone := range []string{"+33639980021", "+33639980022"} {
		s.clock.Forward(time.Second) // who came first is first in turn
		if _, err := s.book.Wait(booking.WaitRequest{Service: service.ID, From: s.clock.Now(), To: s.clock.Now().Add(9 * 24 * time.Hour), Person: booking.Person{Name: phone, Language: "fr", Contact: consult.Contact{Phone: phone}}}); err != nil {
			t.Fatal(err)
		}
	}
	offered := func(phone string) string {
		t.Helper()
		for deadline := time.Now().Add(30 * time.Second); time.Now().Before(deadline); runtime.Gosched() {
			if s.outbox.count(consult.NoticeAppointmentOffer) == 0 {
				continue
			}
			if n := s.outbox.last(t, consult.NoticeAppointmentOffer); n.To.Phone == phone {
				if _, _, err := s.book.Offered(n.Secret); err == nil { // the transaction is on disk
					return n.Secret
				}
			}
		}
		t.Fatal("nothing was offered to", phone)
		return ""
	}
	s.post(s.get("/a/"+one+"/cancel").action(t), nil).says(t, 200, "Rendez-vous annulé")
	offer := offered("+33639980021")
	page := s.get("/o/"+offer).says(t, 200, "Une place s’est libérée", "mardi 24 novembre 2026 à 09:00", "gardée pour vous jusqu’au lundi 23 novembre 2026 à 10:01")
	s.get("/book/hold/"+offer).says(t, http.StatusGone, "n’est plus gardé") // not another way in
	s.post("/book/hold?service="+string(service.ID)+"&instead="+offer, url.Values{"start": {"1"}})
	s.post(page.action(t), url.Values{"answer": {"no"}}).says(t, 200, "Vous restez sur la liste")
	s.post(page.action(t), url.Values{"answer": {"no"}}).says(t, http.StatusGone, "n’est plus ouverte")
	offer = offered("+33639980022")
	page = s.get("/o/" + offer)
	booked := s.post(page.action(t), url.Values{"answer": {"yes"}}).says(t, 200, "Votre rendez-vous est pris")
	if again := s.post(page.action(t), url.Values{"answer": {"yes"}}); again.path != booked.path {
		t.Error(again.path, again.text)
	}
	s.get("/o/"+offer).says(t, http.StatusGone, "votre rendez-vous est bien pris")
	s.post(s.get("/a/"+two+"/cancel").action(t), nil)
	page = s.get("/o/" + offered("+33639980021"))
	s.post(page.action(t), url.Values{"answer": {"leave"}}).says(t, 200, "Vous n’êtes plus sur la liste")
	if list, err := s.book.WaitList(service.ID); err != nil || len(list) != 0 {
		t.Error(list, err)
	}
}

// TestOfferWithoutPublicPages: a practice that books for its patients has a wait list too; who takes an offer sees what they took.
func TestOfferWithoutPublicPages(t *testing.T) {
	s := newSite(t, func(cfg *booking.Config) { cfg.Public = false })
	service := s.offer(nil)
	jeanne := booking.Person{Name: "Jeanne Martin", Language: "fr", Contact: consult.Contact{Phone: "+33639980010"}}
	practice := booking.Actor{Kind: booking.ByPractice}
	made, err := s.book.Book(booking.Request{By: practice, Service: service.ID, Practitioner: doctor, Start: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC), Person: jeanne})
	if err != nil {
		t.Fatal(err)
	}
	w, err := s.book.Wait(booking.WaitRequest{Service: service.ID, From: s.clock.Now(), To: s.clock.Now().Add(9 * 24 * time.Hour), Person: jeanne})
	if err == nil {
		_, err = s.book.Cancel(made.Appointment.ID, booking.CancelRequest{By: practice})
	}
	if err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(30 * time.Second); len(w.Offers) == 0; runtime.Gosched() {
		if w, err = s.book.Waiter(w.ID); err != nil || time.Now().After(deadline) {
			t.Fatal("nothing was offered", err)
		}
	}
	page := s.get("/o/"+s.outbox.last(t, consult.NoticeAppointmentOffer).Secret).says(t, 200, "Une place s’est libérée")
	s.post(page.action(t), url.Values{"answer": {"yes"}}).says(t, 200, "Votre rendez-vous est pris")
	s.get("/book").says(t, http.StatusNotFound)
}

func TestLinksThatAreNone(t *testing.T) {
	s := newSite(t, nil)
	s.offer(nil)
	none := consult.NewSecret()
	for path, status := range map[string]int{
		"/a/" + none: 404, "/a/x": 404, "/a/" + none + "/cancel": 404, "/a/" + none + "/move": 404, "/a/" + none + "/appointment.ics": 404, "/o/" + none: 410, "/o/x": 410,
		"/a/": 404, "/o/": 404, "/a/x/y/z": 404, "/book/s_x": 404, "/book/" + string(booking.NewServiceID()): 404, "/book/hold/" + none: 410,
		"/book/hold/x": 410, "/book/confirm/x": 404, "/book/booked/" + none: 404, "/book/booked/x": 404, "/book/ask": 404, "/book/wait?service=x": 404,
		"/book/with/x": 404, "/book/with/a_BBBBBBBBBBBBBBBBBBBBBA": 404, "/book/nothing/here": 404,
	} {
		if a := s.get(path); a.Code != status || !strings.Contains(a.Body.String(), "<h1>") {
			t.Errorf("%s: %d %s", path, a.Code, a.text)
		}
	}
}

// TestOthersOfASeries: one link leads to the other dates of a series that are to come, and from each to the others; what is cancelled or
// over is not named.
func TestOthersOfASeries(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(nil)
	practice := booking.Actor{Kind: booking.ByPractice, Account: doctor}
	start, err := time.Parse(time.RFC3339, "2026-11-24T08:00:00Z")
	if err != nil {
		t.Fatal(err)
	}
	jeanne := booking.Person{Name: "Jeanne Martin", Contact: consult.Contact{Phone: "+33639980010", Reach: consult.ReachSMS}}
	made, err := s.book.BookSeries(booking.Request{By: practice, Service: service.ID, Practitioner: doctor, Start: start, Person: jeanne}, 1, 4)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.book.Cancel(made[1].Booked.Appointment.ID, booking.CancelRequest{By: practice}); err != nil {
		t.Fatal(err)
	}
	page := s.get("/a/"+made[0].Booked.Secret).says(t, 200, "mardi 24 novembre 2026 à 09:00", "Vos autres rendez-vous", "mardi 8 décembre 2026 à 09:00", "mardi 15 décembre 2026 à 09:00")
	if strings.Contains(page.text, "1er décembre") {
		t.Error("a cancelled one is named:", page.text)
	}
	page = s.get(page.href(t, "mardi 8 décembre 2026 à 09:00 (heure de Paris)")).says(t, 200, "mardi 24 novembre 2026", "Annuler ce rendez-vous")
	s.clock.Forward(26 * time.Hour)
	if page = s.get(page.path); strings.Contains(page.text, "24 novembre") {
		t.Error("one that is over is named:", page.text)
	}
}
