package caldav

import (
	"bytes"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/calendar"
)

// event is what the book must know of an object that a program puts.
type event struct {
	uid   string
	busy  []booking.Interval
	until time.Time // zero: busy is all that there will be
}

const maxUID = 500 // bytes

// invalid refuses what is no object of a calendar, with the condition of RFC 4791 §5.3.2.1.
func invalid(condition, message string) *failure {
	return refuse(http.StatusForbidden, cal(condition), message)
}

// readEvent reads an object as programs put it: one VCALENDAR of one event, with what stands in place of some of its occurrences.
func readEvent(text []byte, zone *time.Location, now time.Time) (event, error) {
	cal, err := parse(text)
	if err != nil {
		return event{}, err
	}
	uid, err := uidOf(cal)
	if err != nil {
		return event{}, err
	}
	reach := now.Add(booking.EventReach)
	busy, skipped, err := calendar.Busy(cal, zone, now, reach)
	busy = booking.Merge(busy)
	switch {
	case err != nil || len(busy) > booking.MaxEventBusy:
		return event{}, invalid("max-instances", "This event comes again more often than is kept.")
	case skipped > 0:
		return event{}, invalid("valid-calendar-data", "The times of this event cannot be read.")
	}
	e := event{uid: uid, busy: busy}
	if n := len(busy); comesAgain(cal) || n > 0 && !busy[n-1].To.Before(reach) || n == 0 && later(cal, zone, reach) {
		e.until = reach
	}
	return e, nil
}

// parse reads an object's lines.
func parse(text []byte) (*ical.Calendar, error) {
	for _, r := range string(text) {
		if r < ' ' && r != '\r' && r != '\n' && r != '\t' || r == 0x7f || r == 0xfffe || r == 0xffff {
			return nil, invalid("valid-calendar-data", "There are characters in this that no text has.")
		}
	}
	if !utf8.Valid(text) || bytes.Count(bytes.ToUpper(text), []byte("BEGIN:VCALENDAR")) != 1 {
		return nil, invalid("valid-calendar-data", "This is not one calendar.")
	}
	cal, err := calendar.Read(bytes.NewReader(text))
	if err != nil || cal.Name != ical.CompCalendar {
		return nil, invalid("valid-calendar-data", "This is not a calendar that can be read.")
	}
	return cal, nil
}

// uidOf holds a calendar against what an object may be (RFC 4791 §4.1), and returns its UID.
func uidOf(cal *ical.Calendar) (string, error) {
	if cal.Props.Get(ical.PropMethod) != nil {
		return "", invalid("valid-calendar-object-resource", "An object of a calendar has no METHOD.")
	}
	uid := ""
	for _, c := range cal.Children {
		switch c.Name {
		case ical.CompTimezone:
			continue
		case ical.CompEvent:
		default:
			return "", invalid("supported-calendar-component", "This calendar holds events only.")
		}
		prop := c.Props.Get(ical.PropUID)
		switch {
		case prop == nil || prop.Value == "" || len(prop.Value) > maxUID || uid != "" && prop.Value != uid:
			return "", invalid("valid-calendar-object-resource", "An object is one event, with one UID.")
		case c.Props.Get(ical.PropDateTimeStart) == nil:
			return "", invalid("valid-calendar-data", "An event has a start.")
		}
		if id := c.Props.Get(ical.PropRecurrenceID); id != nil && id.Params.Get(ical.ParamRange) != "" {
			return "", invalid("valid-calendar-object-resource", "Change all following events by a new series: RANGE is not kept.")
		}
		uid = prop.Value
	}
	if uid == "" {
		return "", invalid("valid-calendar-object-resource", "There is no event in this.")
	}
	return uid, nil
}

func comesAgain(cal *ical.Calendar) bool {
	return slices.ContainsFunc(cal.Children, func(c *ical.Component) bool {
		return c.Name == ical.CompEvent && (c.Props.Get(ical.PropRecurrenceRule) != nil || c.Props.Get(ical.PropRecurrenceDates) != nil)
	})
}

// later reports whether an event that does not come again takes time only after an instant.
func later(cal *ical.Calendar, zone *time.Location, after time.Time) bool {
	busy, _, err := calendar.Busy(cal, zone, after, endOfTime())
	return err == nil && len(busy) > 0
}

// zoneOf is the zone of a practitioner's clocks: of whole days, and of times that say none.
func (s *Server) zoneOf(of consult.AccountID) (*time.Location, error) {
	name := s.deps.Profile.TimeZone
	schedule, err := s.deps.Book.Schedule(of)
	if err == nil {
		name = schedule.TimeZone
	} else if !errors.Is(err, booking.ErrNotFound) {
		return nil, err
	}
	return time.LoadLocation(name)
}

// eventObject is an event of a practitioner's calendar.
func (rq *request) eventObject(of consult.AccountID, e booking.Event, zone *time.Location) object {
	return object{
		place: place{kindObject, rq.at.account, of, e.Name}, etag: eventTag(e), modified: e.ChangedAt, editable: true,
		zone: zone,
		data: func() ([]byte, error) { return []byte(e.Text), nil },
		each: func(from, to time.Time, do func(calendar.Instance) bool) error {
			cal, err := parse([]byte(e.Text))
			if err != nil {
				return err
			}
			return calendar.Instances(cal, zone, from, to, do)
		},
	}
}

func eventTag(e booking.Event) string { return etagOf("event", e.Text) }

// conditions are those of a request that changes something (RFC 9110 §13.1), as the book asks for them in its transaction.
func (rq *request) conditions() func(*booking.Event) error {
	match, noMatch := rq.r.Header.Values("If-Match"), rq.r.Header.Values("If-None-Match")
	return func(had *booking.Event) error {
		failed := refuse(http.StatusPreconditionFailed, none, "Somebody has changed this meanwhile.")
		if len(match) > 0 && (had == nil || !matches(match, eventTag(*had))) {
			return failed
		}
		if len(noMatch) > 0 && had != nil && matches(noMatch, eventTag(*had)) {
			return failed
		}
		return nil
	}
}

// mayWrite refuses what is not for this account, or for no program at all, to change.
func (rq *request) mayWrite() error {
	if !rq.actor.Has(account.ScopeAppointmentsWrite) {
		return refuse(http.StatusForbidden, dav("need-privileges"), "This account may not change calendars.")
	}
	if _, ok := appointmentOf(rq.at.name); ok {
		return errAppointment(rq.at)
	}
	return nil
}

// put keeps an event.
func (rq *request) put() error {
	if err := rq.mayWrite(); err != nil {
		return err
	}
	if kind, _, _ := strings.Cut(rq.r.Header.Get("Content-Type"), ";"); kind != "" && !strings.EqualFold(strings.TrimSpace(kind), "text/calendar") {
		return invalid("supported-calendar-data", "An object is sent as text/calendar.")
	}
	var body bytes.Buffer
	if _, err := body.ReadFrom(http.MaxBytesReader(rq.w, rq.r.Body, maxObject)); err != nil {
		var tooLarge *http.MaxBytesError
		if errors.As(err, &tooLarge) {
			return refuse(http.StatusRequestEntityTooLarge, cal("max-resource-size"), "This event is larger than what a calendar keeps.")
		}
		return refuse(http.StatusBadRequest, none, "The event did not arrive whole.")
	}
	zone, err := rq.zoneOf(rq.at.practitioner)
	if err != nil {
		return err
	}
	e, err := readEvent(body.Bytes(), zone, rq.deps.Clock())
	if err != nil {
		return err
	}
	if err := rq.uidOfAppointment(e.uid); err != nil {
		return err
	}
	put, created, err := rq.deps.Book.PutEvent(rq.at.practitioner, booking.EventPut{
		Name: rq.at.name, UID: e.uid, Text: body.String(), Busy: e.busy, Until: e.until, Check: rq.conditions(),
	})
	if err != nil {
		return rq.notPut(err, e.uid, zone)
	}
	rq.w.Header().Set("ETag", eventTag(put))
	if created {
		rq.w.WriteHeader(http.StatusCreated)
	} else {
		rq.w.WriteHeader(http.StatusNoContent)
	}
	return nil
}

// uidOfAppointment refuses a copy of an appointment, such as one that came by mail as well.
func (rq *request) uidOfAppointment(uid string) error {
	id := booking.AppointmentID(uid)
	if !id.Valid() {
		return nil
	}
	a, err := rq.deps.Book.Appointment(id)
	if errors.Is(err, booking.ErrNotFound) || err == nil && !stands(a, rq.at.practitioner) {
		return nil
	}
	if err != nil {
		return err
	}
	return rq.uidConflict(uid + suffix)
}

func (rq *request) uidConflict(name string) *failure {
	f := refuse(http.StatusConflict, cal("no-uid-conflict"), "This event stands in the calendar already.")
	f.inside = []element{text(dav("href"), place{kindObject, rq.at.account, rq.at.practitioner, name}.path())}
	return f
}

// notPut words why the book did not take an event.
func (rq *request) notPut(err error, uid string, zone *time.Location) error {
	var overlap *booking.OverlapError
	switch {
	case errors.As(err, &overlap):
		f := refuse(http.StatusConflict, overlapCondition, "There is a patient's appointment at this time: "+overlap.Start.In(zone).Format("2006-01-02 15:04")+" ("+zone.String()+"). Move it first, or mark the event as free.")
		f.inside = []element{text(overlapStart, basic(overlap.Start))}
		return f
	case errors.Is(err, booking.ErrUIDTaken):
		name, err := rq.deps.Book.UIDOf(rq.at.practitioner, uid)
		if err != nil {
			return err
		}
		return rq.uidConflict(name)
	}
	return err
}

// remove deletes an event.
func (rq *request) remove() error {
	if err := rq.mayWrite(); err != nil {
		return err
	}
	id := rq.deps.Book.EventID(rq.at.practitioner, rq.at.name)
	if err := rq.deps.Book.DeleteEvent(rq.at.practitioner, id, rq.conditions()); err != nil {
		return err
	}
	rq.w.WriteHeader(http.StatusNoContent)
	return nil
}
