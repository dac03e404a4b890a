package transfer

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/emersion/go-ical"

	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/calendar"
	"github.com/colloque/colloque/consult/patient"
)

func isCalendar(text string) bool {
	const begin = "BEGIN:VCALENDAR"
	text = strings.TrimSpace(text)
	return len(text) >= len(begin) && strings.EqualFold(text[:len(begin)], begin)
}

// readCalendar reads an iCalendar file, which may hold several calendars: events and what recurs of them, from an instant until another. An
// event that cannot be read does not hide the others.
func readCalendar(text string, zone *time.Location, from, to time.Time) ([]Row, error) {
	var unreadable []int
	cal, err := calendar.Read(strings.NewReader(text))
	if err != nil || strings.Count(strings.ToUpper(text), "END:VCALENDAR") > 1 {
		if cal, unreadable = eventByEvent(text); cal == nil {
			return nil, errNeither
		}
	}
	all, err := calendar.Occurrences(cal, zone, from, to)
	if err != nil || len(all) > MaxRows {
		return nil, errManyRows
	}
	rows := make([]Row, len(all))
	for i, e := range all {
		r := Row{Number: e.Number, UID: e.UID, Start: e.Start, End: e.End, Name: e.Name, Mail: e.Mail, Note: e.Description, Phone: phoneIn(e.Description, e.Name), guessed: true}
		if r.End.Equal(r.Start) { // it does not say how long
			r.End = time.Time{}
		}
		if e.Cancelled {
			r.State = booking.StateCancelled
		}
		if r.Name == "" {
			r.Name = titled(e.Summary, e.Cancelled)
		} else if e.Summary != e.Name {
			r.Service = e.Summary
		}
		switch {
		case slices.Contains(unreadable, e.Number):
			r.Bad = ReasonUnreadable
		case e.Err != nil:
			r.Bad = ReasonTime
		case e.WholeDay:
			r.Bad = ReasonWholeDay
		case r.Name == "":
			r.Bad = ReasonNoName
		case e.End.Before(e.Start):
			r.End, r.Bad = time.Time{}, ReasonLength
		}
		rows[i] = r
	}
	return rows, nil
}

// phoneIn finds the phone number that somebody, or other software, wrote into a text. Of several, which may be the practice's too, it is the first
// after the name; without a name none.
func phoneIn(text, name string) string {
	phone := regexp.MustCompile(`(?:\+\d|\b0\d)[\d .()-]{7,17}\d`)
	found := phone.FindAllStringIndex(text, -1)
	from := len(text)
	if at := strings.LastIndex(text, name); name != "" && at >= 0 {
		from = at
	}
	for _, at := range found {
		if len(found) == 1 || at[0] >= from {
			return strings.TrimSpace(text[at[0]:at[1]])
		}
	}
	return ""
}

// titled is the name in a title, without the mark that calendars put before it.
func titled(summary string, cancelled bool) string {
	name := strings.TrimLeftFunc(summary, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) })
	if cancelled {
		if mark, rest, ok := strings.Cut(name, ":"); ok && slices.Contains([]string{"annule", "canceled", "cancelled"}, patient.Folded(mark)) {
			name = strings.TrimSpace(rest)
		}
	}
	return name
}

// eventByEvent reads each event and each zone by itself, and returns the numbers of the events that cannot be; nil when none can.
func eventByEvent(text string) (whole *ical.Calendar, unreadable []int) {
	whole = ical.NewCalendar()
	var part []string
	kind, events := "", 0
	for line := range strings.SplitSeq(text, "\n") {
		line = strings.TrimSuffix(line, "\r")
		word := strings.ToUpper(strings.TrimSpace(line))
		if kind == "" && (word == "BEGIN:"+ical.CompEvent || word == "BEGIN:"+ical.CompTimezone) {
			kind, part = strings.TrimPrefix(word, "BEGIN:"), nil
		}
		if kind == "" {
			continue
		}
		if part = append(part, line); word != "END:"+kind {
			continue
		}
		if kind == ical.CompEvent {
			events++
		}
		cal, err := calendar.Read(strings.NewReader("BEGIN:VCALENDAR\r\n" + strings.Join(part, "\r\n") + "\r\nEND:VCALENDAR\r\n"))
		switch {
		case err == nil:
			whole.Children = append(whole.Children, cal.Children...)
		case kind == ical.CompEvent: // something stands in its place, so that the numbers stay
			whole.Children, unreadable = append(whole.Children, ical.NewComponent(ical.CompEvent)), append(unreadable, events)
		}
		kind = ""
	}
	if events == len(unreadable) {
		return nil, nil
	}
	return whole, unreadable
}
