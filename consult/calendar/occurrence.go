package calendar

import (
	"fmt"
	"io"
	"mime/quotedprintable"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"
)

// Occurrence is an event that somebody else's calendar holds, or one occurrence of it.
type Occurrence struct {
	Number      int    // of the event in the file, from 1
	UID         string // of an occurrence: with its start
	Start, End  time.Time
	WholeDay    bool // it has no time of day
	Cancelled   bool
	Summary     string
	Description string
	Name        string // of the first attendee who is not the organizer; ""
	Mail        string // of that attendee; ""
	Err         error  // why its times cannot be read: ErrBadCalendar or one of this package's
}

// maxListed is how many of them are read of a file.
const maxListed = 20_000

// Occurrences returns what stands in a calendar between two instants, each occurrence of what recurs by itself, in the order of the file. Times
// without a zone are those of the given one.
func Occurrences(cal *ical.Calendar, zone *time.Location, from, to time.Time) (_ []Occurrence, err error) {
	defer Caught(&err)
	r := reader{zones: zones{listed: cal.Children, own: zone}, from: from, to: to}
	instead := r.overridden(cal)
	var all []Occurrence
	number, began := 0, time.Now()
	for _, c := range cal.Children {
		if c.Name != ical.CompEvent {
			continue
		}
		number++
		all = append(all, r.entries(c, number, instead[uidOf(c)])...)
		if len(all) > maxListed || time.Since(began) > maxReading {
			return nil, fmt.Errorf("%w: it holds too much", ErrBadCalendar)
		}
	}
	return all, nil
}

// entries are the occurrences of one event.
func (r *reader) entries(c *ical.Component, number int, instead []int64) []Occurrence {
	one := Occurrence{Number: number, UID: strings.TrimSpace(uidOf(c)), Summary: textOf(c, ical.PropSummary), Description: textOf(c, ical.PropDescription)}
	if status := c.Props.Get(ical.PropStatus); status != nil {
		one.Cancelled = strings.EqualFold(strings.TrimSpace(status.Value), string(ical.EventCancelled))
	}
	one.Name, one.Mail = invited(c)
	failed := func(err error) []Occurrence { one.Err = err; return []Occurrence{one} }
	begin := c.Props.Get(ical.PropDateTimeStart)
	if begin == nil {
		return failed(errBadTime)
	}
	start, whole, err := r.zones.time(begin)
	if err != nil {
		return failed(err)
	}
	end, err := r.endOf(c, start, whole)
	if err != nil {
		return failed(err)
	}
	one.Start, one.End, one.WholeDay = start.UTC(), end.UTC(), whole
	if id := c.Props.Get(ical.PropRecurrenceID); id != nil {
		at, _, err := r.zones.time(id)
		if err != nil {
			return failed(err)
		}
		one.UID = uidAt(one.UID, at)
		return []Occurrence{one}
	}
	if !comesAgain(c) {
		return []Occurrence{one}
	}
	starts, err := r.starts(c, start, start.Sub(end))
	if err != nil {
		return failed(err)
	}
	var all []Occurrence
	for _, at := range starts {
		if slices.Contains(instead, at.Unix()) {
			continue
		}
		next := one
		next.UID, next.Start, next.End = uidAt(one.UID, at), at.UTC(), at.Add(end.Sub(start)).UTC()
		all = append(all, next)
	}
	return all
}

// invited is who comes to an event: the first attendee who is a person and not the organizer, whom Google and Outlook list too. A name that is an
// address is none.
func invited(c *ical.Component) (name, mail string) {
	address := func(prop *ical.Prop) string {
		if prop == nil {
			return ""
		}
		scheme, address, _ := strings.Cut(prop.Value, ":")
		if !strings.EqualFold(scheme, "mailto") {
			return ""
		}
		return strings.TrimSpace(address)
	}
	organizer := address(c.Props.Get(ical.PropOrganizer))
	for _, prop := range c.Props.Values(ical.PropAttendee) {
		kind := strings.ToUpper(prop.Params.Get(ical.ParamCalendarUserType))
		mail := address(&prop)
		if kind == "RESOURCE" || kind == "ROOM" || (mail != "" && strings.EqualFold(mail, organizer)) || strings.EqualFold(prop.Params.Get(ical.ParamRole), "CHAIR") {
			continue
		}
		if name = strings.TrimSpace(prop.Params.Get(ical.ParamCommonName)); strings.Contains(name, "@") {
			name = ""
		}
		return name, mail
	}
	return "", ""
}

func uidAt(uid string, at time.Time) string {
	if uid == "" {
		return ""
	}
	return uid + "/" + at.UTC().Format("20060102T150405Z")
}

func textOf(c *ical.Component, name string) string {
	prop := c.Props.Get(name)
	if prop == nil {
		return ""
	}
	text, err := prop.Text()
	if err != nil {
		text = prop.Value
	}
	if strings.EqualFold(prop.Params.Get("ENCODING"), "QUOTED-PRINTABLE") { // vCalendar 1.0, which telephones still write
		if plain, err := io.ReadAll(quotedprintable.NewReader(strings.NewReader(prop.Value))); err == nil && utf8.Valid(plain) {
			text = string(plain)
		}
	}
	return strings.TrimSpace(text)
}
