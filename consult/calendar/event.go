package calendar

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
)

// Method is what the receiver's calendar is to do (RFC 5546 §1.4).
type Method string

// The methods.
const (
	MethodRequest Method = "REQUEST" // put it in, or change it
	MethodCancel  Method = "CANCEL"  // take it out
	MethodPublish Method = "PUBLISH" // a copy, for who is not an attendee
	MethodNone    Method = ""        // an object of a calendar, which has no method (RFC 4791 §4.1)
)

// ErrBadEvent says that an appointment cannot be an event: it has no time, or no organizer where the method needs one.
var ErrBadEvent = errors.New("calendar: not an event")

// productID names this program (RFC 5545 §3.7.3).
const productID = "-//Colloque//Colloque//EN"

// Event is an appointment as a calendar is told of it. What stands here is seen by everybody who sees that calendar: no word says why
// somebody is seen, and the service's label is left out for that.
type Event struct {
	Method      Method
	Summary     string // "Rendez-vous – Cabinet des Tilleuls"
	Description string
	Location    string
	Link        string // manage link; ""
	Organizer   string // mail address of the practice
	Name        string // of the practice
	Attendee    string // mail address of the patient; ""
}

// MethodOf is the method that fits an appointment as it is: REQUEST and CANCEL need an organizer; without one, or without somebody to
// invite, it is published.
func MethodOf(a booking.Appointment, organizer, attendee string) Method {
	switch {
	case organizer == "" || attendee == "":
		return MethodPublish
	case status(a.State) == ical.EventCancelled:
		return MethodCancel
	default:
		return MethodRequest
	}
}

// status is what iCalendar calls a state. Who did not come had a confirmed appointment all the same.
func status(s booking.State) ical.EventStatus {
	switch s {
	case booking.StateRequested:
		return ical.EventTentative
	case booking.StateCancelled, booking.StateRefused, booking.StateInError:
		return ical.EventCancelled
	default:
		return ical.EventConfirmed
	}
}

// Entry is one appointment of several in a file.
type Entry struct {
	Appointment booking.Appointment
	Event       Event
}

// Encode writes an appointment as an .ics file. Its times are on the practitioner's clock, with the rules of that zone beside them; in UTC
// where the zone follows no yearly rule, and where its clocks show a time twice.
func Encode(a booking.Appointment, e Event) ([]byte, error) {
	return encode(newFile(e.Method), []Entry{{a, e}})
}

// EncodeFeed writes appointments as a calendar that programs look at from time to time; their Method does not count. The zone is the one in
// which Google and Apple show it at first.
func EncodeFeed(name, zone string, every time.Duration, entries []Entry) ([]byte, error) {
	cal := newFile(MethodPublish)
	for _, prop := range []string{"NAME", "X-WR-CALNAME"} { // RFC 7986 §5.1, and what was there before it
		setPlain(cal, prop, func(p *ical.Prop) { p.SetText(name) })
	}
	setPlain(cal, "X-WR-TIMEZONE", func(p *ical.Prop) { p.SetText(zone) })
	often := fmt.Sprintf("PT%dM", int(every/time.Minute))
	setPlain(cal, "X-PUBLISHED-TTL", func(p *ical.Prop) { p.Value = often })
	setPlain(cal, "REFRESH-INTERVAL", func(p *ical.Prop) { p.Value = often })
	cal.Props.Get("REFRESH-INTERVAL").Params.Set(ical.ParamValue, string(ical.ValueDuration)) // RFC 7986 §5.7: there is no default
	for i := range entries {
		entries[i].Event.Method = MethodPublish
	}
	return encode(cal, entries)
}

// setPlain sets a property without the VALUE that the library adds where it knows no default.
func setPlain(cal *ical.Calendar, name string, set func(*ical.Prop)) {
	p := ical.NewProp(name)
	set(p)
	p.Params.Del(ical.ParamValue)
	cal.Props.Set(p)
}

func newFile(method Method) *ical.Calendar {
	cal := ical.NewCalendar()
	cal.Props.SetText(ical.PropVersion, "2.0")
	cal.Props.SetText(ical.PropProductID, productID)
	cal.Props.SetText(ical.PropCalendarScale, "GREGORIAN")
	if method != MethodNone {
		cal.Props.SetText(ical.PropMethod, string(method))
	}
	return cal
}

func encode(cal *ical.Calendar, entries []Entry) ([]byte, error) {
	zones, err := zonesOf(entries)
	if err != nil {
		return nil, err
	}
	var events []*ical.Component
	for _, entry := range entries {
		event, err := componentOf(entry.Appointment, entry.Event, zones)
		if err != nil {
			return nil, err
		}
		events = append(events, event)
	}
	for _, name := range slices.Sorted(maps.Keys(zones)) {
		if described := zones[name].described; described != nil {
			cal.Children = append(cal.Children, described)
		}
	}
	cal.Children = append(cal.Children, events...)
	if len(events) == 0 { // the library refuses what RFC 5545 §3.6 does not allow, and what a feed of an empty book is all the same
		return Write(cal.Component), nil
	}
	var b bytes.Buffer
	if err := ical.NewEncoder(&b).Encode(cal); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadEvent, err)
	}
	return fold(b.Bytes()), nil
}

// clocks are those of a zone; described is nil where times are said in UTC, because the zone cannot be said in a way that all understand.
type clocks struct {
	zone      *time.Location
	from, to  time.Time // between which there are events
	described *ical.Component
}

// zonesOf describes the zones of the appointments, by their names.
func zonesOf(entries []Entry) (map[string]*clocks, error) {
	zones := map[string]*clocks{}
	for _, entry := range entries {
		a := entry.Appointment
		if zones[a.TimeZone] == nil {
			zone, err := time.LoadLocation(a.TimeZone)
			if err != nil {
				return nil, fmt.Errorf("%w: %w", ErrBadEvent, err)
			}
			zones[a.TimeZone] = &clocks{zone: zone, from: a.Start, to: a.End}
		}
		c := zones[a.TimeZone]
		if a.Start.Before(c.from) {
			c.from = a.Start
		}
		if a.End.After(c.to) {
			c.to = a.End
		}
	}
	for _, c := range zones {
		if c.zone != time.UTC {
			c.described = zoneOf(c.zone, c.from, c.to)
		}
	}
	return zones, nil
}

// componentOf is an appointment as an event.
func componentOf(a booking.Appointment, e Event, zones map[string]*clocks) (*ical.Component, error) {
	if a.Start.IsZero() || a.UID == "" || (e.Method != MethodPublish && e.Method != MethodNone && e.Organizer == "") {
		return nil, ErrBadEvent
	}
	event := ical.NewEvent()
	event.Props.SetText(ical.PropUID, a.UID)
	event.Props.SetDateTime(ical.PropDateTimeStamp, a.ChangedAt.UTC())
	event.Props.SetDateTime(ical.PropCreated, a.CreatedAt.UTC())
	event.Props.SetDateTime(ical.PropLastModified, a.ChangedAt.UTC())
	sequence := ical.NewProp(ical.PropSequence)
	sequence.Value = strconv.Itoa(a.Sequence)
	event.Props.Set(sequence)
	event.SetStatus(status(a.State))
	zone := time.UTC
	if c := zones[a.TimeZone]; c.described != nil && !shownTwice(a.Start, c.zone) && !shownTwice(a.End, c.zone) {
		zone = c.zone // RFC 5545 §3.3.5 means the first of two times, and not every reader knows
	}
	setTime(event, ical.PropDateTimeStart, a.Start.In(zone))
	setTime(event, ical.PropDateTimeEnd, a.End.In(zone))
	for name, text := range map[string]string{ical.PropSummary: e.Summary, ical.PropDescription: e.Description, ical.PropLocation: e.Location} {
		if text = strings.ReplaceAll(text, "\r\n", "\n"); text != "" {
			event.Props.SetText(name, text)
		}
	}
	event.Props.SetText(ical.PropClass, "PRIVATE")
	if link, err := url.Parse(e.Link); err == nil && e.Link != "" {
		event.Props.SetURI(ical.PropURL, link)
	}
	people(event, e)
	return event.Component, nil
}

// Told writes what a notice tells a calendar.
func Told(told consult.CalendarEvent) ([]byte, error) {
	a := booking.Appointment{
		UID: told.UID, Sequence: told.Sequence, State: booking.StateBooked, Start: told.Start, End: told.End, TimeZone: told.TimeZone,
		CreatedAt: told.CreatedAt, ChangedAt: told.ChangedAt,
	}
	if told.Cancelled {
		a.State = booking.StateCancelled
	}
	return Encode(a, Event{
		Method: MethodOf(a, told.Organizer, told.Attendee), Summary: told.Summary, Description: told.Description, Location: told.Place,
		Link: told.Link, Organizer: told.Organizer, Name: told.Practice, Attendee: told.Attendee,
	})
}

// setTime writes a local time with its TZID; without VALUE, which is the default and which some readers stumble over.
func setTime(event *ical.Event, name string, at time.Time) {
	prop := ical.NewProp(name)
	prop.SetDateTime(at)
	prop.Params.Del(ical.ParamValue)
	event.Props.Set(prop)
}

// people names organizer and attendee (RFC 5546 §3.2). The attendee has agreed already: nobody is asked to answer.
func people(event *ical.Event, e Event) {
	if e.Organizer != "" {
		organizer := ical.NewProp(ical.PropOrganizer)
		organizer.Value = "mailto:" + e.Organizer
		if name := strings.ReplaceAll(e.Name, `"`, "'"); name != "" {
			organizer.Params.Set(ical.ParamCommonName, name)
		}
		event.Props.Set(organizer)
	}
	if e.Attendee != "" && e.Method != MethodPublish && e.Method != MethodNone {
		attendee := ical.NewProp(ical.PropAttendee)
		attendee.Value = "mailto:" + e.Attendee
		attendee.Params.Set(ical.ParamParticipationStatus, "ACCEPTED")
		attendee.Params.Set(ical.ParamRSVP, "FALSE")
		event.Props.Set(attendee)
	}
}
