package fhir

import (
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
)

// oneOf reports whether a value is one of those that a parameter lists with commas, each time that it is given (R4 §3.1.1.3.1).
func (rq *request) oneOf(name, value string) bool {
	return rq.fits(name, func(one string) bool {
		if _, code, ok := strings.Cut(one, "|"); ok {
			one = code
		}
		return one == value
	})
}

// fits reports whether one of the values that a parameter lists with commas is wanted, each time that it is given. Left out, or empty,
// it asks for nothing.
func (rq *request) fits(name string, wanted func(string) bool) bool {
	for _, given := range rq.params[name] {
		if given != "" && !slices.ContainsFunc(strings.Split(given, ","), wanted) {
			return false
		}
	}
	return true
}

// practitioners are those whom a parameter names by "Practitioner/…" or the id alone; all for whom who asks may act, when it is not given.
func (rq *request) practitioners(names ...string) []consult.AccountID {
	var named []consult.AccountID
	for _, of := range rq.actsFor {
		if !slices.ContainsFunc(names, func(name string) bool {
			return !rq.fits(name, func(one string) bool { return ownID[consult.AccountID](lastPart(one)) == of })
		}) {
			named = append(named, of)
		}
	}
	return named
}

// lastPart is the id of a reference.
func lastPart(reference string) string { return reference[strings.LastIndexByte(reference, '/')+1:] }

// window is the time that date parameters ask for (R4 §3.1.1.4.5).
func (s *server) window(rq *request, name string, usualFrom, usualTo time.Time) (from, to time.Time, err error) {
	for _, text := range rq.params[name] {
		prefix := "eq"
		if len(text) > 2 && text[0] >= 'a' && text[0] <= 'z' {
			prefix, text = text[:2], text[2:]
		}
		first, after, err := s.date(text)
		if err != nil {
			return from, to, &paramError{name, "This is not a date such as 2026-11-24 or 2026-11-24T09:00:00Z."}
		}
		later := func(t time.Time) {
			if t.After(from) {
				from = t
			}
		}
		sooner := func(t time.Time) {
			if to.IsZero() || t.Before(to) {
				to = t
			}
		}
		switch prefix {
		case "eq":
			later(first)
			sooner(after)
		case "ge":
			later(first)
		case "gt", "sa":
			later(after)
		case "le":
			sooner(after)
		case "lt", "eb":
			sooner(first)
		default:
			return from, to, &paramError{name, "This prefix is not known here."}
		}
	}
	switch {
	case from.IsZero() && to.IsZero():
		from, to = usualFrom, usualTo
	case from.IsZero():
		from = to.Add(usualFrom.Sub(usualTo))
	case to.IsZero():
		to = from.Add(usualTo.Sub(usualFrom))
	}
	from, to = from.Truncate(time.Second), to.Truncate(time.Second)
	// What was looked for stands in the links (R4 §3.1.1.1.1): the next page is cut from the same time, whenever it is asked for.
	rq.params[name] = []string{"ge" + from.UTC().Format(time.RFC3339), "lt" + to.UTC().Format(time.RFC3339)}
	return from, to, nil
}

// date is the time that a date or an instant of any precision stands for, up to and without its end.
func (s *server) date(text string) (first, after time.Time, err error) {
	text = strings.ReplaceAll(text, " ", "+") // a zone in a query that was not escaped
	for _, form := range []struct {
		layout string
		length func(time.Time) time.Time
	}{
		{time.RFC3339, func(t time.Time) time.Time { return t.Add(time.Second) }},
		{"2006-01-02T15:04Z07:00", func(t time.Time) time.Time { return t.Add(time.Minute) }},
		{"2006-01-02T15:04:05", func(t time.Time) time.Time { return t.Add(time.Second) }},
		{"2006-01-02T15:04", func(t time.Time) time.Time { return t.Add(time.Minute) }},
		{time.DateOnly, func(t time.Time) time.Time { return t.AddDate(0, 0, 1) }},
		{"2006-01", func(t time.Time) time.Time { return t.AddDate(0, 1, 0) }},
		{"2006", func(t time.Time) time.Time { return t.AddDate(1, 0, 0) }},
	} {
		if first, err = time.ParseInLocation(form.layout, text, s.zone); err == nil {
			return first, form.length(first), nil
		}
	}
	return first, after, err
}

// maxWindow is as much as free times are asked for at once.
const maxWindow = 62 * 24 * time.Hour

func clip(from, to time.Time) (time.Time, time.Time) {
	if to.Sub(from) > maxWindow {
		to = from.Add(maxWindow)
	}
	return from, to
}

// services are those that who asks may see, and that a search wants.
func (s *server) services(rq *request, name string) ([]booking.Service, error) {
	all, err := s.deps.Book.Services()
	if err != nil {
		return nil, err
	}
	var wanted []booking.Service
	for _, one := range all {
		if rq.oneOf(name, toID(one.ID)) {
			wanted = append(wanted, one)
		}
	}
	return wanted, nil
}
