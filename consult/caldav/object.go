package caldav

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/calendar"
)

const (
	calendarType = "text/calendar; charset=utf-8"
	suffix       = ".ics"

	// lookBack is how far back a calendar reaches. What is older is still at its address.
	lookBack = 400 * 24 * time.Hour
	// form changes when the same appointment is written otherwise, so that programs read it again.
	form = "2"
)

// object is one resource of a calendar.
type object struct {
	place    place
	etag     string // with its quotes
	modified time.Time
	data     func() ([]byte, error)
	editable bool                                                            // by programs
	zone     *time.Location                                                  // of times that say none
	each     func(from, to time.Time, do func(calendar.Instance) bool) error // time at which it takes place between two instants, until do returns false
}

// appointmentObject is an appointment as this account sees it.
func (rq *request) appointmentObject(a booking.Appointment) object {
	name := place{kindObject, rq.at.account, a.Practitioner, string(a.ID) + suffix}
	tag := etagOf(form, string(a.ID), string(rq.titles), rq.deps.Profile.Language, rq.deps.BaseURL(), string(a.State), strconv.Itoa(a.Sequence), a.ChangedAt.Format(time.RFC3339Nano))
	each := func(from, to time.Time, do func(calendar.Instance) bool) error {
		if a.Start.Before(to) && a.End.After(from) {
			do(calendar.Instance{Start: a.Start, End: a.End, Tentative: a.State == booking.StateRequested})
		}
		return nil
	}
	return object{
		place: name, etag: tag, modified: a.ChangedAt, zone: time.UTC, each: each,
		data: func() ([]byte, error) { return calendar.Encode(a, rq.told(a, rq.titles)) },
	}
}

// told is what a calendar is told of an appointment.
func (s *Server) told(a booking.Appointment, titles account.Titles) calendar.Event {
	return calendar.Event{Summary: s.words.title(a, titles), Location: s.words.location(a), Link: s.deps.BaseURL() + "/desk/agenda"}
}

// etagOf is a strong entity tag of what these say.
func etagOf(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return `"` + base64.RawURLEncoding.EncodeToString(sum[:15]) + `"`
}

// stands reports whether an appointment is to be seen in a calendar.
func stands(a booking.Appointment, practitioner consult.AccountID) bool {
	switch a.State {
	case booking.StateCancelled, booking.StateRefused, booking.StateInError:
		return false
	}
	return !a.Start.IsZero() && a.Practitioner == practitioner
}

// appointments returns a practitioner's appointments that stand, and start from one instant on and before another.
func (s *Server) appointments(ctx context.Context, of consult.AccountID, from, to time.Time) ([]booking.Appointment, error) {
	var all []booking.Appointment
	err := s.deps.Book.Each(ctx, of, from, to, func(a booking.Appointment) error {
		if stands(a, of) {
			all = append(all, a)
		}
		return nil
	})
	return all, err
}

// endOfTime is after everything.
func endOfTime() time.Time { return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }

// objects returns all that a calendar shows, or at least what takes place between two instants.
func (rq *request) objects(of consult.AccountID, from, to time.Time) ([]object, error) {
	if first := rq.deps.Clock().Add(-lookBack); from.Before(first) {
		from = first
	}
	appointments, err := rq.appointments(rq.r.Context(), of, from.Add(-booking.MaxDuration), to)
	if err != nil {
		return nil, err
	}
	objects := make([]object, 0, len(appointments))
	for _, a := range appointments {
		objects = append(objects, rq.appointmentObject(a))
	}
	events, err := rq.deps.Book.Events(of)
	if err != nil {
		return nil, err
	}
	zone, err := rq.zoneOf(of)
	if err != nil {
		return nil, err
	}
	for _, e := range events {
		objects = append(objects, rq.eventObject(of, e, zone))
	}
	return objects, nil
}

// object returns what stands at a place of this account's.
func (rq *request) object(at place) (object, error) {
	id, ok := appointmentOf(at.name)
	if !ok {
		return rq.event(at)
	}
	a, err := rq.deps.Book.Appointment(id)
	if errors.Is(err, booking.ErrNotFound) || err == nil && !stands(a, at.practitioner) {
		return object{}, notFound()
	}
	if err != nil {
		return object{}, err
	}
	return rq.appointmentObject(a), nil
}

// event returns the event at a place.
func (rq *request) event(at place) (object, error) {
	e, err := rq.deps.Book.Event(at.practitioner, rq.deps.Book.EventID(at.practitioner, at.name))
	if errors.Is(err, booking.ErrNotFound) || err == nil && e.Deleted {
		return object{}, notFound()
	}
	if err != nil {
		return object{}, err
	}
	zone, err := rq.zoneOf(at.practitioner)
	if err != nil {
		return object{}, err
	}
	return rq.eventObject(at.practitioner, e, zone), nil
}

// appointmentOf is the appointment that a name is reserved for.
func appointmentOf(name string) (booking.AppointmentID, bool) {
	id := booking.AppointmentID(strings.TrimSuffix(name, suffix))
	return id, id.Valid()
}

func (rq *request) get() error {
	o, err := rq.object(rq.at)
	if err != nil {
		return err
	}
	data, err := o.data()
	if err != nil {
		return fmt.Errorf("caldav: write an object: %w", err)
	}
	h := rq.w.Header()
	h.Set("Content-Type", calendarType)
	h.Set("ETag", o.etag)
	h.Set("Last-Modified", o.modified.UTC().Format(http.TimeFormat))
	h.Set("Cache-Control", "private, no-cache")
	if matches(rq.r.Header.Values("If-None-Match"), o.etag) {
		rq.w.WriteHeader(http.StatusNotModified)
		return nil
	}
	h.Set("Content-Length", strconv.Itoa(len(data)))
	if rq.r.Method != http.MethodHead {
		_, _ = rq.w.Write(data) // who is gone does not read it
	}
	return nil
}

// matches reports whether an entity tag is one of those that a header names (RFC 9110 §13.1).
func matches(header []string, etag string) bool {
	for _, line := range header {
		for _, tag := range strings.Split(line, ",") {
			tag = strings.TrimPrefix(strings.TrimSpace(tag), "W/")
			if tag == "*" || tag == etag {
				return true
			}
		}
	}
	return false
}
