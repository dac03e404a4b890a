package bookingpage

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

func TestMeantMail(t *testing.T) {
	for typed, want := range map[string]string{
		"jeanne@gmial.com":     "jeanne@gmail.com", // in each other's place
		"jeanne@gmai.com":      "jeanne@gmail.com", // too few
		"jeanne@gmaill.com":    "jeanne@gmail.com", // too many
		"jeanne@gmail.con":     "jeanne@gmail.com", // wrong
		"jeanne@gmail.co":      "jeanne@gmail.com",
		"jeanne@hotmial.fr":    "jeanne@hotmail.fr",
		"jeanne@orange.f":      "jeanne@orange.fr",
		"jeanne@wanado.fr":     "jeanne@wanadoo.fr",
		"jeanne@laposte.ney":   "jeanne@laposte.net",
		"a.b+c@xn--gmail.com":  "",
		"jeanne@gmail.com":     "",
		"jeanne@mail.com":      "", // real, and one letter from gmail.com
		"jeanne@ymail.com":     "",
		"jeanne@sfe.fr":        "", // too short to tell from others
		"jeanne@gmia.com":      "", // two slips
		"jeanne@example.org":   "",
		"jeanne@cabinet.test":  "",
		"gmial.com@example.fr": "",
		"@gmial.com":           "",
		"":                     "",
	} {
		if got := meantMail(typed); got != want {
			t.Errorf("%q: %q, want %q", typed, got, want)
		}
	}
}

// TestKnownDomainsAreLeftAlone holds that nobody with a real address is asked whether they meant another, and that each is there once.
func TestKnownDomainsAreLeftAlone(t *testing.T) {
	seen := map[string]bool{}
	for _, known := range slices.Concat(meantDomains(), realDomains()) {
		if got := meantMail("jeanne@" + known); got != "" || seen[known] {
			t.Errorf("%s: %q, seen %t", known, got, seen[known])
		}
		if clean, err := consult.CleanMail("jeanne@" + known); err != nil || clean != "jeanne@"+known {
			t.Errorf("%s is not as it is compared: %q, %v", known, clean, err)
		}
		seen[known] = true
	}
}

// slipped is a form whose address has a slip in it.
func slipped(phone string) url.Values {
	values := jeanne()
	values.Set("phone", phone)
	values.Set("mail", "jeanne@gmial.com")
	return values
}

func TestASlipInTheAddressIsMendedByOnePress(t *testing.T) {
	s := newSite(t, nil)
	page := s.fill(s.choose(s.offer(nil)), slipped("")).says(t, 200, "Tapez le code reçu", "Vouliez-vous écrire \u2066jeanne@gmail.com\u2069", "Oui, corriger l’adresse")
	first := s.outbox.code(t)
	if strings.Contains(page.action(t), "jeanne") {
		t.Error("an address is in a URL:", page.action(t))
	}
	page = s.post(page.action(t), url.Values{"meant": {"1"}}).says(t, 200, "Un nouveau code est parti", "par e-mail à \u2066jeanne@gmail.com\u2069")
	if strings.Contains(page.text, "Vouliez-vous") || strings.Contains(page.path, "jeanne") {
		t.Error(page.path, page.text)
	}
	if n := s.outbox.last(t, consult.NoticeConfirmCode); n.To.Mail != "jeanne@gmail.com" || n.Fields[consult.FieldCode] == "" {
		t.Fatalf("%+v, the first code was %s", n, first)
	}
	s.post(page.action(t), url.Values{"meant": {"1"}}).says(t, 200, "Tapez le code reçu") // pressed twice
	if got := s.outbox.count(consult.NoticeConfirmCode); got != 2 {
		t.Errorf("%d codes", got)
	}
	if back := s.get(page.href(t, "Corriger le numéro")); !strings.Contains(back.Body.String(), `value="jeanne@gmail.com"`) {
		t.Error("the form still has the slip")
	}
	s.post(page.action(t), url.Values{"code": {s.outbox.code(t)}}).says(t, 200, "est pris")
	if n := s.outbox.last(t, consult.NoticeAppointment); n.To.Mail != "jeanne@gmail.com" {
		t.Errorf("%+v", n.To)
	}
}

// TestASlipNeedNotBeMended: a suggestion is in nobody's way.
func TestASlipNeedNotBeMended(t *testing.T) {
	s := newSite(t, nil)
	page := s.fill(s.choose(s.offer(nil)), slipped("")).says(t, 200, "Vouliez-vous écrire")
	s.post(page.action(t), url.Values{"code": {s.outbox.code(t)}}).says(t, 200, "est pris")
	if n := s.outbox.last(t, consult.NoticeAppointment); n.To.Mail != "jeanne@gmial.com" {
		t.Errorf("%+v", n.To)
	}
}

// TestASlipBesideATelephone: the code went to the telephone, so it stays good.
func TestASlipBesideATelephone(t *testing.T) {
	s := newSite(t, nil)
	page := s.fill(s.choose(s.offer(nil)), slipped("06 39 98 00 10")).says(t, 200, "par SMS", "Vouliez-vous écrire")
	page = s.post(page.action(t), url.Values{"meant": {"1"}}).says(t, 200, "L’adresse est corrigée")
	if got := s.outbox.count(consult.NoticeConfirmCode); got != 1 {
		t.Errorf("%d codes", got)
	}
	s.clock.Forward(time.Minute)
	s.post(page.action(t), url.Values{"code": {s.outbox.code(t)}}).says(t, 200, "est pris")
	a, err := s.book.Find(s.outbox.last(t, consult.NoticeAppointment).Secret)
	if err != nil || a.Person.Contact.Mail != "jeanne@gmail.com" {
		t.Error(a.Person.Contact, err)
	}
}
