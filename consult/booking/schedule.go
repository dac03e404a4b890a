package booking

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"golang.org/x/text/language"

	"github.com/colloque/colloque/consult"
)

// Schedule says when a practitioner can be booked, on the clocks of their zone.
type Schedule struct {
	Practitioner consult.AccountID `json:"practitioner"`
	Name         string            `json:"name"`      // as patients see it
	TimeZone     string            `json:"time_zone"` // IANA
	Languages    []string          `json:"languages,omitempty"`
	Weekly       []Rule            `json:"weekly,omitempty"`
	Exceptions   []Exception       `json:"exceptions,omitempty"` // at most one for a date
	Closed       []Period          `json:"closed,omitempty"`
	Holidays     Holidays          `json:"holidays,omitempty"`
	Extra        []Session         `json:"extra,omitempty"`
	Places       map[string]string `json:"places,omitempty"` // what Hours.Place means: an address
	Revision     uint64            `json:"-"`                // of the store; 0: it is not there yet
}

// Hours are open from one wall time to another; several may lie in a day.
type Hours struct {
	From       Clock       `json:"from"`
	To         Clock       `json:"to"` // not after From: it is the next day's
	Place      string      `json:"place,omitempty"`
	Modalities []Modality  `json:"modalities,omitempty"` // none: those of the service
	Services   []ServiceID `json:"services,omitempty"`   // none: all
}

// Rule is hours that come again every week.
type Rule struct {
	Weekday time.Weekday `json:"weekday"`         // 0 is Sunday
	Since   Date         `json:"since,omitzero"`  // first day; zero: always
	Until   Date         `json:"until,omitzero"`  // last day; zero: for ever
	Every   int          `json:"every,omitempty"` // weeks, counted from the week of Since; 0 or 1: each
	Hours
}

// Exception takes the place of the weekly rules, closed periods and holidays on one day. Without hours the day is closed.
type Exception struct {
	Date  Date    `json:"date"`
	Hours []Hours `json:"hours,omitempty"`
}

// Period is days that are closed, the last one too.
type Period struct {
	From Date `json:"from"`
	To   Date `json:"to"`
}

// Session is hours on one day beside all others, also on a day that is closed.
type Session struct {
	Date Date `json:"date"`
	Hours
}

const (
	maxRules      = 200
	maxExceptions = 1000
	maxLanguages  = 20
	maxPlaces     = 20
	maxHours      = 12 // ranges of one day
)

// Validate says what cannot work, as a *FieldError.
func (s Schedule) Validate() error {
	switch {
	case !OwnerOf(s.Practitioner).Valid():
		return &FieldError{"practitioner", "this is not the id of an account"}
	case len(s.Weekly) > maxRules:
		return &FieldError{"weekly", "write at most 200 rules"}
	case len(s.Exceptions)+len(s.Extra)+len(s.Closed) > maxExceptions:
		return &FieldError{"exceptions", "write at most 1000 exceptions, extra sessions and closed periods: take out what is long past"}
	case len(s.Languages) > maxLanguages:
		return &FieldError{"languages", "name at most 20"}
	case !s.Holidays.valid():
		return &FieldError{"holidays", "choose one that there is, such as fr, or none"}
	case len(s.Places) > maxPlaces:
		return &FieldError{"places", "name at most 20"}
	}
	if _, err := consult.CleanName(s.Name); err != nil {
		return &FieldError{"name", "write the practitioner's name as patients are to see it, in at most 100 characters"}
	}
	if _, err := time.LoadLocation(s.TimeZone); err != nil || s.TimeZone == "" || s.TimeZone == "Local" {
		return &FieldError{"time_zone", "give an IANA name such as Europe/Paris"}
	}
	for _, tag := range s.Languages {
		if _, err := language.Parse(tag); err != nil {
			return &FieldError{"languages", "give tags such as fr"}
		}
	}
	for name, address := range s.Places {
		if !textGood(name, line) || address != "" && !textGood(address, lines) {
			return &FieldError{"places", "give each place a name, and an address of at most 500 characters"}
		}
	}
	return s.wrongDays()
}

// wrongDays is Validate for what the days have.
func (s Schedule) wrongDays() error {
	for i, r := range s.Weekly {
		why := r.wrong()
		switch {
		case why != "":
		case r.Weekday < 0 || r.Weekday > 6:
			why = "give a weekday from 0, Sunday, to 6"
		case r.Every < 0 || r.Every > 52:
			why = "let it come again every 1 to 52 weeks"
		case r.Every > 1 && r.Since == 0:
			why = "say since when, so that its weeks can be counted"
		case r.Until != 0 && r.Until < r.Since:
			why = "let it end after it begins"
		}
		if why != "" {
			return &FieldError{fmt.Sprintf("weekly.%d", i), why}
		}
	}
	seen := map[Date]bool{}
	for i, e := range s.Exceptions {
		why := ""
		for _, h := range e.Hours {
			why = cmp.Or(why, h.wrong())
		}
		if seen[e.Date] {
			why = "its day has another exception: write one for each day"
		} else if len(e.Hours) > maxHours {
			why = "a day has at most 12 ranges"
		}
		if why != "" {
			return &FieldError{fmt.Sprintf("exceptions.%d", i), why}
		}
		seen[e.Date] = true
	}
	for i, p := range s.Closed {
		if p.To < p.From {
			return &FieldError{fmt.Sprintf("closed.%d", i), "let it end after it begins"}
		}
	}
	for i, x := range s.Extra {
		if why := x.wrong(); why != "" {
			return &FieldError{fmt.Sprintf("extra.%d", i), why}
		}
	}
	return nil
}

// wrong says what cannot work, or "".
func (h Hours) wrong() string {
	switch {
	case h.From < 0 || h.From >= 24*60 || h.To < 0 || h.To > 24*60:
		return "give times from 00:00 to 24:00"
	case h.Place != "" && !textGood(h.Place, line):
		return "name the place in at most 500 characters"
	case slices.ContainsFunc(h.Modalities, func(m Modality) bool { return !m.valid() }) || repeats(h.Modalities):
		return "choose video, phone or in-person, each at most once"
	case len(h.Services) > maxForHours || slices.ContainsFunc(h.Services, func(id ServiceID) bool { return !id.Valid() }):
		return "name at most 50 services"
	}
	return ""
}

// maxForHours is how many services hours may be kept for.
const maxForHours = 50

// until is To on the clock of the day on which the hours begin.
func (h Hours) until() Clock {
	if h.To <= h.From {
		return h.To + 24*60
	}
	return h.To
}

func (r Rule) on(d Date) bool {
	if r.Weekday != d.Weekday() || d < r.Since || (r.Until != 0 && d > r.Until) {
		return false
	}
	if r.Every <= 1 {
		return true
	}
	monday := func(d Date) int { return int(d) - (int(d.Weekday())+6)%7 }
	return (monday(d)-monday(r.Since))/7%r.Every == 0
}

// HoursOn are the hours that begin on this day, in no order.
func (s *Schedule) HoursOn(d Date) []Hours {
	var hours []Hours
	for _, x := range s.Extra {
		if x.Date == d {
			hours = append(hours, x.Hours)
		}
	}
	for _, e := range s.Exceptions {
		if e.Date == d {
			return append(hours, e.Hours...)
		}
	}
	if s.Holidays.On(d) || slices.ContainsFunc(s.Closed, func(p Period) bool { return d >= p.From && d <= p.To }) {
		return hours
	}
	for _, r := range s.Weekly {
		if r.on(d) {
			hours = append(hours, r.Hours)
		}
	}
	return hours
}

// speaks reports whether the practitioner does; a schedule that names no languages speaks all.
func (s *Schedule) speaks(tag string) bool {
	if tag == "" || len(s.Languages) == 0 {
		return true
	}
	wish, err := language.Parse(tag)
	if err != nil {
		return false
	}
	base, _ := wish.Base()
	return slices.ContainsFunc(s.Languages, func(l string) bool {
		own, err := language.Parse(l)
		ownBase, _ := own.Base()
		return err == nil && ownBase == base
	})
}
