package calendar

import (
	"bytes"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"github.com/colloque/colloque/consult/booking"
)

// Method is what the receiver's calendar is to do (RFC 5546 §1.4).
type Method string

// The methods.
const (
	MethodRequest Method = "REQUEST" // put it in, or change it
	MethodCancel  Method = "CANCEL"  // take it out
	MethodPublish Method = "PUBLISH" // a copy, for who is not an attendee
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

// Encode writes an appointment as an .ics file. Its times are on the practitioner's clock, with the rules of that zone beside them.
func Encode(a booking.Appointment, e Event) ([]byte, error) {
	if a.Start.IsZero() || a.UID == "" || (e.Method != MethodPublish && e.Organizer == "") {
		return nil, ErrBadEvent
	}
	zone, err := time.LoadLocation(a.TimeZone)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadEvent, err)
	}
	cal := ical.NewCalendar()
	cal.Props.SetText(ical.PropVersion, "2.0")
	cal.Props.SetText(ical.PropProductID, productID)
	cal.Props.SetText(ical.PropCalendarScale, "GREGORIAN")
	cal.Props.SetText(ical.PropMethod, string(e.Method))
	if zone != time.UTC {
		cal.Children = append(cal.Children, zoneOf(zone, a.Start, a.End))
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
	if shownTwice(a.Start, zone) || shownTwice(a.End, zone) { // RFC 5545 §3.3.5 means the first, and not every reader knows
		zone = time.UTC
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
	cal.Children = append(cal.Children, event.Component)
	var b bytes.Buffer
	if err := ical.NewEncoder(&b).Encode(cal); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadEvent, err)
	}
	return fold(b.Bytes()), nil
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
	if e.Attendee != "" && e.Method != MethodPublish {
		attendee := ical.NewProp(ical.PropAttendee)
		attendee.Value = "mailto:" + e.Attendee
		attendee.Params.Set(ical.ParamParticipationStatus, "ACCEPTED")
		attendee.Params.Set(ical.ParamRSVP, "FALSE")
		event.Props.Set(attendee)
	}
}
