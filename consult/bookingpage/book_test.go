package bookingpage

import (
	"net/http"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
)

func TestAWholeBooking(t *testing.T) {
	s := newSite(t, nil)
	s.offer(nil)
	page := s.get("/book").says(t, 200, "Prendre rendez-vous", "Suivi du diabète", "30 min · par vidéo", "Dr Claire Moreau")
	page = s.get(page.href(t, "Suivi du diabète")).says(t, 200, "lundi 23 novembre", "09:00", "09:30", "heure de Paris")
	page = s.post(page.action(t), url.Values{"start": {page.times()[0]}})
	page.says(t, 200, "lundi 23 novembre 2026 à 09:00 (heure de Paris)", "gardé pour vous jusqu’à 08:10", "Avec Dr Claire Moreau", "Cabinet des Tilleuls garde ces réponses")
	page = s.fill(page, jeanne())
	page.says(t, 200, "Tapez le code reçu", "06\u00a039\u00a098\u00a000\u00a010")
	if n := s.outbox.last(t, consult.NoticeConfirmCode); n.To.Reach != consult.ReachSMS || len(n.Fields[consult.FieldCode]) != 6 || n.Secret != "" {
		t.Fatalf("%+v", n)
	}
	page = s.post(page.action(t), url.Values{"code": {" " + s.outbox.code(t)[:3] + " " + s.outbox.code(t)[3:]}})
	page.says(t, 200, "Votre rendez-vous est pris", "lundi 23 novembre 2026 à 09:00 (heure de Paris)", "Nous vous avons aussi envoyé ce lien")
	told := s.outbox.last(t, consult.NoticeAppointment)
	a, err := s.book.Find(told.Secret)
	if err != nil {
		t.Fatal(err)
	}
	if a.State != booking.StateBooked || a.Person.Name != "Jeanne Martin" || a.Person.BirthDate != "1946-11-24" || a.Person.Contact.Phone != "+33639980010" || a.Note != "Douleur au genou" {
		t.Errorf("%+v", a)
	}
	for _, secret := range []string{told.Secret, "Jeanne", "+33639980010", "genou"} {
		if strings.Contains(s.log.String(), secret) {
			t.Errorf("the log says %q", secret)
		}
	}
	s.get(page.href(t, "Voir, déplacer ou annuler")).says(t, 200, "Votre rendez-vous", "Changer l’horaire", "Essayer ma caméra")
}

// TestWordsAreComplete holds that no language lacks a word, and that what is filled in is so in each.
func TestWordsAreComplete(t *testing.T) {
	fr, en, ar := reflect.ValueOf(*french()), reflect.ValueOf(*english()), reflect.ValueOf(*arabic())
	for i := range fr.NumField() {
		name := fr.Type().Field(i).Name
		for _, in := range []reflect.Value{fr, en, ar} {
			text := in.Field(i).String()
			if strings.TrimSpace(text) == "" {
				t.Errorf("%s is missing in %s", name, in.FieldByName("Tag"))
			}
			for _, verb := range []string{"%s", "%d", "%02d", "{city}"} {
				if strings.Count(text, verb) != strings.Count(fr.Field(i).String(), verb) {
					t.Errorf("%s in %s: %q and %q are not filled in alike", name, in.FieldByName("Tag"), text, fr.Field(i))
				}
			}
		}
	}
}

func TestWhoeverComesTooLateLosesNothing(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(nil)
	page := s.choose(service)
	s.clock.Forward(11 * time.Minute) // the hold lapses
	start, _ := time.Parse(time.RFC3339, "2026-11-23T08:00:00Z")
	if _, err := s.book.Book(booking.Request{By: booking.Actor{Kind: booking.ByPatient}, Service: service.ID, Start: start, Person: booking.Person{Name: "Paul", Contact: consult.Contact{Mail: "paul@example.org"}}}); err != nil {
		t.Fatal(err)
	}
	page = s.fill(page, jeanne()).says(t, 200, "Tapez le code reçu")
	page = s.post(page.action(t), url.Values{"code": {s.outbox.code(t)}})
	page.says(t, http.StatusConflict, "Cet horaire vient d’être pris", "Rien de ce que vous avez écrit n’est perdu", "09:30")
	if got := len(page.times()); got != 3 {
		t.Fatalf("%d other times", got)
	}
	page = s.post(page.action(t), url.Values{"start": {page.times()[0]}})
	page.says(t, 200, "Votre rendez-vous est pris", "09:30")
	if s.outbox.count(consult.NoticeConfirmCode) != 1 {
		t.Error("a second code was asked for")
	}
	a, err := s.book.Find(s.outbox.last(t, consult.NoticeAppointment).Secret)
	if err != nil || a.Person.Name != "Jeanne Martin" || a.Note != "Douleur au genou" {
		t.Error(a, err)
	}
}

func TestSentTwiceIsOneAppointment(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(nil)
	form := s.choose(service)
	code := s.fill(form, jeanne())
	values := form.kept()
	for name, all := range jeanne() {
		values[name] = all
	}
	again := s.post(form.action(t), values).says(t, 200, "Tapez le code reçu")
	if again.path != code.path || s.outbox.count(consult.NoticeConfirmCode) != 1 {
		t.Errorf("%s, %s: %d codes", code.path, again.path, s.outbox.count(consult.NoticeConfirmCode))
	}
	booked := s.post(code.action(t), url.Values{"code": {s.outbox.code(t)}}).says(t, 200, "est pris")
	for _, page := range []answer{s.post(code.action(t), url.Values{"code": {"000000"}}), s.post(form.action(t), values), s.get(code.path)} {
		if page.path != booked.path {
			t.Errorf("%s, not %s", page.path, booked.path)
		}
	}
	if s.outbox.count(consult.NoticeAppointment) != 1 {
		t.Errorf("%d appointments", s.outbox.count(consult.NoticeAppointment))
	}
}

func TestMistakesAreToldAndNothingIsLost(t *testing.T) {
	for name, c := range map[string]struct {
		change url.Values
		says   string
	}{
		"no name":           {url.Values{"name": {""}}, "Écrivez le prénom et le nom"},
		"no day":            {url.Values{"day": {"31"}, "month": {"2"}}, "Écrivez la date de naissance"},
		"born tomorrow":     {url.Values{"year": {"2030"}}, "Écrivez la date de naissance"},
		"letters":           {url.Values{"year": {"l’an mil"}}, "Écrivez la date de naissance"},
		"no contact":        {url.Values{"phone": {""}}, "Écrivez un téléphone ou une adresse e-mail"},
		"half a number":     {url.Values{"phone": {"06 39 98"}}, "Ce numéro de téléphone n’est pas complet"},
		"half an address":   {url.Values{"mail": {"jeanne@"}}, "Cette adresse e-mail n’est pas complète"},
		"an answer missing": {url.Values{"q-allergy": {""}}, "Répondez à cette question"},
		"another answer":    {url.Values{"q-side": {"au milieu"}}, "Répondez à cette question"},
		"a long note":       {url.Values{"note": {strings.Repeat("é", 501)}}, "500 caractères au plus"},
		"a trap":            {url.Values{"website": {"https://spam.example"}}, "envoyez encore une fois"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, nil)
			service := s.offer(func(service *booking.Service, _ *booking.Schedule) {
				service.Questions = []booking.Question{
					{ID: "allergy", Label: map[string]string{"fr": "Des allergies ?"}, Kind: booking.QuestionYesNo, Required: true},
					{ID: "side", Label: map[string]string{"fr": "Quel côté ?"}, Kind: booking.QuestionChoice, Choices: []booking.Choice{
						{Value: "gauche", Label: map[string]string{"fr": "À gauche", "en": "Left"}}, {Value: "droite", Label: map[string]string{"fr": "À droite", "en": "Right"}},
					}},
					{ID: "since", Label: map[string]string{"fr": "Depuis quand ?"}, Kind: booking.QuestionText},
				}
			})
			good := jeanne()
			good.Set("q-allergy", "no")
			good.Set("q-side", "droite")
			good.Set("q-since", "<b>hier</b>\r\nsoir")
			values := url.Values{}
			for field, all := range good {
				values[field] = all
			}
			for field, all := range c.change {
				values[field] = all
			}
			empty := s.choose(service).says(t, 200, "Quel côté ?", "À droite")
			s.get(empty.href(t, "English")).says(t, 200, "Right")
			page := s.fill(empty, values).says(t, http.StatusUnprocessableEntity, c.says)
			for _, kept := range []string{"hier", "droite"} {
				if !strings.Contains(page.Body.String(), kept) {
					t.Errorf("%q is lost", kept)
				}
			}
			if strings.Contains(page.Body.String(), "<b>hier") {
				t.Error("what was typed is not escaped")
			}
			page = s.fill(page, good).says(t, 200, "Tapez le code reçu")
			s.post(page.action(t), url.Values{"code": {s.outbox.code(t)}}).says(t, 200, "est pris")
			a, err := s.book.Find(s.outbox.last(t, consult.NoticeAppointment).Secret)
			if err != nil || a.Answers["since"] != "<b>hier</b>\nsoir" || a.Answers["allergy"] != "no" || a.Answers["side"] != "droite" {
				t.Error(a.Answers, err)
			}
		})
	}
}

// TestCallMe: who wants to be called back needs to leave a name and a telephone number; the rest is asked on the telephone.
func TestCallMe(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(func(service *booking.Service, _ *booking.Schedule) {
		service.Questions = []booking.Question{{ID: "allergy", Label: map[string]string{"fr": "Des allergies ?"}, Kind: booking.QuestionYesNo, Required: true}}
	})
	page := s.get("/book/ask?service="+string(service.ID)).says(t, 200, "Date de naissance (facultatif)")
	s.fill(page, url.Values{"name": {"Jeanne Martin"}, "phone": {"06 39 98 00 10"}, "day": {"31"}}).says(t, 422, "Écrivez la date de naissance")
	s.fill(page, url.Values{"name": {"Jeanne Martin"}}).says(t, 422, "Écrivez le numéro où vous appeler")
	code := s.fill(page, url.Values{"name": {"Jeanne Martin"}, "phone": {"06 39 98 00 10"}}).says(t, 200, "Tapez le code reçu")
	s.post(code.action(t), url.Values{"code": {s.outbox.code(t)}}).says(t, 200)
	asked, err := s.book.Requests()
	if err != nil || len(asked) != 1 || asked[0].Person.BirthDate != "" || asked[0].Person.Contact.Phone == "" {
		t.Error(asked, err)
	}
}

func TestCodes(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(nil)
	page := s.fill(s.choose(service), jeanne())
	wrong := "000000"
	if s.outbox.code(t) == wrong {
		wrong = "000001"
	}
	if asked := s.do(http.MethodPost, page.action(t), url.Values{"code": {"12"}}, nil); asked.Code != http.StatusSeeOther {
		t.Error("Back would ask whether to send the form again:", asked.Code)
	}
	for range maxTries {
		s.post(page.action(t), url.Values{"code": {"12"}}).says(t, 200, "Le code a 6 chiffres") // costs nothing
		s.post(page.action(t), url.Values{"code": {wrong}}).says(t, 200, "Ce n’est pas le bon code")
	}
	first := s.outbox.code(t)
	s.post(page.action(t), url.Values{"code": {first}}).says(t, 200, "Trop d’essais")
	s.post(page.action(t), url.Values{"again": {"1"}}).says(t, 200, "Attendez une minute")
	s.clock.Forward(time.Minute)
	s.post(page.action(t), url.Values{"again": {"1"}}).says(t, 200, "Un nouveau code est parti")
	s.post(page.action(t), url.Values{"code": {s.outbox.code(t)}}).says(t, 200, "est pris")
	s.get("/book/confirm/"+consult.NewSecret()).says(t, 404, "Le temps pour confirmer est passé")
	late := s.fill(s.choose(service), jeanne())
	s.clock.Forward(3 * time.Hour)
	s.post(late.action(t), url.Values{"code": {s.outbox.code(t)}}).says(t, 404, "Le temps pour confirmer est passé", "vous pouvez recommencer", "Prendre un rendez-vous")
}

// TestNoChannelNoCode: with no way to send anything, nobody is told so.
func TestNoChannelNoCode(t *testing.T) {
	s := newSite(t, nil)
	s.outbox.unreachable = []consult.Reach{consult.ReachSMS, consult.ReachMail}
	page := s.fill(s.choose(s.offer(nil)), jeanne()).says(t, 200, "Votre rendez-vous est pris", "Gardez l’adresse de la page suivante")
	if strings.Contains(page.text, "code") {
		t.Error(page.text)
	}
}

func TestMailIsTriedWhenThereAreNoTextMessages(t *testing.T) {
	s := newSite(t, nil)
	s.outbox.unreachable = []consult.Reach{consult.ReachSMS}
	values := jeanne()
	values.Set("mail", "jeanne@example.org")
	page := s.fill(s.choose(s.offer(nil)), values).says(t, 200, "par e-mail à \u2066jeanne@example.org\u2069")
	s.post(page.action(t), url.Values{"code": {s.outbox.code(t)}}).says(t, 200, "est pris")
	if n := s.outbox.last(t, consult.NoticeAppointment); n.To.Reach != consult.ReachMail {
		t.Errorf("%+v", n.To)
	}
}

func TestChangedNumberGetsItsOwnCode(t *testing.T) {
	s := newSite(t, nil)
	page := s.fill(s.choose(s.offer(nil)), jeanne())
	first := s.outbox.code(t)
	back := s.get(page.href(t, "Corriger le numéro"))
	if !strings.Contains(back.Body.String(), `value="Jeanne Martin"`) || !strings.Contains(back.Body.String(), "Douleur au genou") {
		t.Fatal("what was typed is lost")
	}
	values := jeanne()
	values.Set("phone", "06 39 98 00 11")
	page = s.fill(back, values)
	if n := s.outbox.last(t, consult.NoticeConfirmCode); n.To.Phone != "+33639980011" || n.Fields[consult.FieldCode] == first {
		t.Fatalf("%+v", n)
	}
	s.post(page.action(t), url.Values{"code": {s.outbox.code(t)}}).says(t, 200, "est pris")
}

func TestAskAndWait(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(nil)
	times := s.get("/book/" + string(service.ID))
	page := s.fill(s.get(times.href(t, "Demander qu’on me rappelle")), jeanne()).says(t, 200, "Tapez le code reçu")
	page = s.post(page.action(t), url.Values{"code": {s.outbox.code(t)}}).says(t, 200, "Votre demande est envoyée", "On vous rappelle dès que possible")
	s.get(page.href(t, "Voir ou retirer")).says(t, 200, "Votre demande", "Retirer ma demande")
	asked, err := s.book.Requests()
	if err != nil || len(asked) != 1 || !asked[0].Start.IsZero() || asked[0].Note != "Douleur au genou" {
		t.Fatal(asked, err)
	}
	values := jeanne()
	values.Del("phone")
	values.Set("mail", "jeanne@example.org")
	s.fill(s.get(times.href(t, "Demander qu’on me rappelle")), values).says(t, 422, "Écrivez le numéro où vous appeler")

	values.Set("wait-from", "2026-11-24")
	values.Set("wait-to", "2026-11-27")
	waits := s.get(times.href(t, "Me prévenir"))
	page = s.fill(waits, values).says(t, 200, "jeanne@example.org")
	code := s.outbox.code(t)
	s.post(page.action(t), url.Values{"code": {code}}).says(t, 200, "Vous êtes sur la liste d’attente")
	s.post(page.action(t), url.Values{"code": {code}}).says(t, 200, "Vous êtes sur la liste d’attente")
	list, err := s.book.WaitList(service.ID)
	if err != nil || len(list) != 1 || list[0].From.Format(time.DateOnly) != "2026-11-23" || list[0].To.Format(time.RFC3339) != "2026-11-27T23:00:00Z" {
		t.Fatal(list, err)
	}
}

func TestApprovalSaysRequest(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(func(service *booking.Service, _ *booking.Schedule) { service.Approval = true })
	s.get("/book").says(t, 200, "Sur demande")
	page := s.choose(service).says(t, 200, "C’est une demande", "Envoyer ma demande")
	page = s.fill(page, jeanne())
	s.post(page.action(t), url.Values{"code": {s.outbox.code(t)}}).says(t, 200, "Votre demande est envoyée", "On vous répond bientôt")
}
