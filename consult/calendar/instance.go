package calendar

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/emersion/go-ical"
)

// ErrTooMany says that an event comes again more often than somebody wants to know.
var ErrTooMany = errors.New("calendar: too many times")

// errEnough ends the search for more times.
var errEnough = errors.New("enough")

// Instance is one time at which an event takes place.
type Instance struct {
	Start, End time.Time
	Free       bool // it takes none of its owner's time: cancelled, transparent, shown as free
	Tentative  bool

	event *ical.Component
	at    time.Time // where its rule has put it; zero: it does not come again
	form  timeForm
}

// timeForm is how an event says its times (RFC 5545 §3.3.4, §3.3.5).
type timeForm int

const (
	formInstant  timeForm = iota // UTC, or a zone's
	formFloating                 // those of whoever looks
	formDate                     // whole days
)

// Instances calls do with the times at which the events of a calendar take place between two instants (RFC 4791 §9.9), until it returns
// false: those of one event in order, and those that stand in place of others by themselves. It fails with ErrBadCalendar on an event
// whose times cannot be read, and with ErrTooMany too where a rule is too long to be followed so far.
func Instances(cal *ical.Calendar, zone *time.Location, from, to time.Time, do func(Instance) bool) (err error) {
	defer Caught(&err)
	// Whole days have 23 to 25 hours: what is found is looked at again.
	const clockChange = 2 * time.Hour
	r := reader{zones: zones{listed: cal.Children, own: zone}, from: from.Add(-clockChange), to: to}
	instead := r.overridden(cal)
	began := time.Now()
	for _, c := range cal.Children {
		if c.Name != ical.CompEvent {
			continue
		}
		if time.Since(began) > maxReading {
			return ErrBadCalendar
		}
		err := r.instances(c, instead[uidOf(c)], func(i Instance) bool { return !i.within(from, to) || do(i) })
		if errors.Is(err, errEnough) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", ErrBadCalendar, err)
		}
	}
	return nil
}

// within is the condition of RFC 4791 §9.9 for events.
func (i Instance) within(from, to time.Time) bool {
	if !i.End.After(i.Start) {
		return !i.Start.Before(from) && i.Start.Before(to)
	}
	return i.Start.Before(to) && i.End.After(from)
}

// instances calls do with those of one event. It fails with errEnough when do does not want more.
func (r *reader) instances(c *ical.Component, instead []int64, do func(Instance) bool) error {
	start, end, whole, err := r.first(c)
	if err != nil {
		return err
	}
	one := Instance{Start: start, End: end, Free: takesNoTime(c), Tentative: isTentative(c), event: c, form: formOf(c.Props.Get(ical.PropDateTimeStart))}
	if id := c.Props.Get(ical.PropRecurrenceID); id != nil {
		if one.at, _, err = r.zones.time(id); err == nil && !do(one) {
			err = errEnough
		}
		return err
	}
	if !comesAgain(c) {
		if !do(one) {
			return errEnough
		}
		return nil
	}
	skip := make(map[int64]bool, len(instead))
	for _, at := range instead {
		skip[at] = true
	}
	length, days := end.Sub(start), daysBetween(start, end)
	return r.eachStart(c, start, -length, func(at time.Time) bool {
		if skip[at.Unix()] {
			return true
		}
		next := one
		next.at, next.Start, next.End = at, at, at.Add(length)
		if whole {
			next.End = at.AddDate(0, 0, days)
		}
		return do(next)
	})
}

// comesAgain reports whether an event has a rule, or other dates.
func comesAgain(c *ical.Component) bool {
	return c.Props.Get(ical.PropRecurrenceRule) != nil || c.Props.Get(ical.PropRecurrenceDates) != nil
}

func isTentative(c *ical.Component) bool {
	prop := c.Props.Get(ical.PropStatus)
	return prop != nil && strings.EqualFold(strings.TrimSpace(prop.Value), string(ical.EventTentative))
}

// formOf is how a property says its time.
func formOf(prop *ical.Prop) timeForm {
	switch value := strings.TrimSpace(prop.Value); {
	case len(value) == len("20060102"):
		return formDate
	case !strings.HasSuffix(value, "Z") && prop.Params.Get(ical.ParamTimezoneID) == "":
		return formFloating
	}
	return formInstant
}

// daysBetween counts days, of which some have 23 or 25 hours.
func daysBetween(start, end time.Time) int {
	return int(end.Sub(start).Round(24*time.Hour) / (24 * time.Hour))
}
