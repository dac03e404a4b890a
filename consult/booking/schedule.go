package booking

import (
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
)

// Validate says in one line what cannot work.
func (s Schedule) Validate() error {
	switch {
	case !OwnerOf(s.Practitioner).Valid():
		return errBadSchedule("whose it is, is not known")
	case len(s.Weekly) > maxRules || len(s.Exceptions)+len(s.Extra)+len(s.Closed) > maxExceptions || len(s.Languages) > maxLanguages:
		return errBadSchedule("it holds too much")
	case !s.Holidays.valid():
		return errBadSchedule("its holidays are not known")
	}
	if _, err := consult.CleanName(s.Name); err != nil {
		return errBadSchedule("it needs the practitioner's name")
	}
	if _, err := time.LoadLocation(s.TimeZone); err != nil || s.TimeZone == "" || s.TimeZone == "Local" {
		return errBadSchedule("its time zone is not an IANA name such as Europe/Paris")
	}
	for _, tag := range s.Languages {
		if _, err := language.Parse(tag); err != nil {
			return errBadSchedule("a language is not a tag such as fr")
		}
	}
	for _, r := range s.Weekly {
		if r.Weekday < 0 || r.Weekday > 6 || !r.valid() || r.Every < 0 || r.Every > 52 || (r.Every > 1 && r.Since == 0) || (r.Until != 0 && r.Until < r.Since) {
			return errBadSchedule("a weekly rule cannot be")
		}
	}
	seen := map[Date]bool{}
	for _, e := range s.Exceptions {
		if seen[e.Date] || slices.ContainsFunc(e.Hours, func(h Hours) bool { return !h.valid() }) {
			return errBadSchedule("an exception cannot be, or its day has two")
		}
		seen[e.Date] = true
	}
	if slices.ContainsFunc(s.Closed, func(p Period) bool { return p.To < p.From }) {
		return errBadSchedule("a closed period ends before it begins")
	}
	if slices.ContainsFunc(s.Extra, func(x Session) bool { return !x.valid() }) {
		return errBadSchedule("an extra session cannot be")
	}
	return nil
}

func (h Hours) valid() bool {
	return h.From >= 0 && h.From < 24*60 && h.To >= 0 && h.To <= 24*60 && len(h.Place) <= maxText &&
		!slices.ContainsFunc(h.Modalities, func(m Modality) bool { return !m.valid() })
}

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
