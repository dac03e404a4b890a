package bookingpage

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
)

// state is what the address of a page says: all that there is to remember between two pages.
type state struct {
	Service  booking.ServiceID
	With     consult.AccountID // "": any
	Modality booking.Modality
	Place    string
	Speaks   string // language that the practitioner is to speak
	From     booking.Date
	Zone     string // IANA, the reader's own; "": the practitioner's
	Lang     string // as asked; "": not asked
	Embed    bool
	Instead  string // secret of a hold that is given back when another time is chosen
	Draft    string // secret of a draft whose form is filled in again
}

// stateOf reads the address. What cannot be is left out: the page is then that of somebody who did not ask for it.
func stateOf(r *http.Request) state {
	q := r.URL.Query()
	s := state{Embed: q.Has("embed"), Place: bounded(q.Get("place"), maxPlace)}
	if id := booking.ServiceID(first(r.PathValue("service"), q.Get("service"))); id.Valid() {
		s.Service = id
	}
	if of := consult.AccountID(first(r.PathValue("practitioner"), q.Get("with"))); booking.OwnerOf(of).Valid() {
		s.With = of
	}
	switch m := booking.Modality(q.Get("modality")); m {
	case booking.ModalityVideo, booking.ModalityPhone, booking.ModalityInPerson:
		s.Modality = m
	}
	if tag, err := consult.CleanLanguage(q.Get("speaks")); err == nil {
		s.Speaks = tag
	}
	if day, err := booking.ParseDate(q.Get("from")); err == nil {
		s.From = day
	}
	s.Zone = knownZone(q.Get("zone"))
	switch lang := q.Get("lang"); lang {
	case "fr", "en", "ar":
		s.Lang = lang
	}
	for name, into := range map[string]*string{"instead": &s.Instead, "draft": &s.Draft} {
		if _, ok := consult.HashSecret(q.Get(name)); ok {
			*into = q.Get(name)
		}
	}
	return s
}

const maxPlace = 500 // bytes, as in schedules

func first[T ~string](a, b T) T {
	if a != "" {
		return a
	}
	return b
}

func bounded(text string, most int) string {
	if len(text) > most {
		return ""
	}
	return text
}

// knownZone is the zone if there is one of this name, else "".
func knownZone(name string) string {
	if name == "" || len(name) > 64 || name == "Local" || strings.ContainsAny(name, "\\\x00") {
		return ""
	}
	if _, err := time.LoadLocation(name); err != nil {
		return ""
	}
	return name
}

// common is what every page hands on.
func (s state) common() url.Values {
	q := url.Values{}
	set(q, "lang", s.Lang)
	set(q, "zone", s.Zone)
	if s.Embed {
		q.Set("embed", "1")
	}
	return q
}

// query is all of it, but the service.
func (s state) query() url.Values {
	q := s.common()
	set(q, "with", string(s.With))
	set(q, "modality", string(s.Modality))
	set(q, "place", s.Place)
	set(q, "speaks", s.Speaks)
	if s.From != 0 {
		q.Set("from", s.From.String())
	}
	set(q, "instead", s.Instead)
	return q
}

func set(q url.Values, name, value string) {
	if value != "" {
		q.Set(name, value)
	}
}

// address is a path with its query.
func address(path string, q url.Values) string {
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

// services is the address of the first page; of one practitioner's when one was chosen.
func (s state) services() string { return address("/book", s.common()) }

// times is the address of the free times of the service.
func (s state) times() string { return address("/book/"+string(s.Service), s.query()) }

// to is the address of another page for the same service.
func (s state) to(path string) string {
	q := s.query()
	set(q, "service", string(s.Service))
	return address(path, q)
}
