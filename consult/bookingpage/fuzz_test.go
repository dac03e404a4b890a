package bookingpage

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/colloque/colloque/consult/booking"
)

// FuzzForm: whatever a form holds, what is taken out of it fits into a draft, reads back as it was, and is either told to be wrong or is
// somebody whom the appointment book takes.
func FuzzForm(f *testing.F) {
	f.Add(jeanne().Encode())
	f.Add("name=%ff%00&day=٢٤&month=١١&year=١٩٤٦&phone=%2B33639980010&mail=a@b.c&need=sight&need=x&q-a=yes&q-b=%0d%0a&note=%00")
	f.Add("name=" + strings.Repeat("é", 400) + "&day=-1&month=99&year=99999&wait-from=2026-02-30&wait-to=0001-01-01")
	questions := []booking.Question{{ID: "a", Kind: booking.QuestionYesNo, Required: true}, {ID: "b", Kind: booking.QuestionText}, {ID: "c", Kind: booking.QuestionChoice, Choices: []booking.Choice{{Value: "x"}, {Value: "y"}}}}
	now, _ := time.Parse(time.RFC3339, monday)
	service := booking.Service{Questions: questions}
	f.Fuzz(func(t *testing.T, query string) {
		values, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		typed := parseForm(values, questions)
		b, err := json.Marshal(typed)
		if err != nil || len(b) > 200<<10 || !utf8.Valid(b) {
			t.Fatal(len(b), err)
		}
		var again form
		if err := json.Unmarshal(b, &again); err != nil || again.Name != typed.Name || again.Note != typed.Note {
			t.Fatalf("%+v, %+v, %v", typed, again, err)
		}
		for _, kind := range []kind{kindHold, kindAsk, kindWait} {
			person, wrong := checkForm(french(), typed, asked{kind: kind, modality: booking.ModalityVideo, questions: questions, country: "FR", now: now, lang: "fr"})
			if len(wrong) > 0 {
				continue
			}
			if person.Name == "" || person.BirthDate == "" || (person.Contact.Phone == "" && person.Contact.Mail == "") {
				t.Fatalf("%+v is taken", person)
			}
			if err := service.CheckAnswers(typed.Answers); err != nil {
				t.Fatalf("%v: %v", typed.Answers, err)
			}
		}
	})
}

// FuzzAddress: whatever stands in an address, the pages answer with a page.
func FuzzAddress(f *testing.F) {
	s := newSite(f, nil)
	service := s.offer(nil)
	f.Add("/book", "lang=fr&zone=Europe/Paris&with=a_AAAAAAAAAAAAAAAAAAAAAA&embed")
	f.Add("/book/"+string(service.ID), "from=2026-12-24&modality=phone&place=x&speaks=ar&zone=../../etc/passwd&instead="+strings.Repeat("A", 27))
	f.Add("/book/"+string(service.ID), "from=9999-12-31&zone=Pacific/Apia")
	f.Add("/book/wait", "service="+string(service.ID)+"&draft=x")
	f.Add("/a/x/move", "from=0001-01-01")
	f.Fuzz(func(t *testing.T, path, query string) {
		s.t = t
		u := url.URL{Path: "/" + strings.TrimLeft(path, "/"), RawQuery: strings.Map(func(r rune) rune {
			if r <= ' ' || r > '~' || r == '#' {
				return -1
			}
			return r
		}, query)}
		a := s.do("GET", u.RequestURI(), nil, nil)
		if a.Code >= 500 || strings.Contains(s.log.String(), "panic") {
			t.Fatalf("%s: %d %s", u.RequestURI(), a.Code, a.text)
		}
	})
}
