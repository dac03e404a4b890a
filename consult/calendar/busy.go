package calendar

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"

	"github.com/colloque/colloque/consult/booking"
)

// ErrBadCalendar says that a file is no calendar that can be read, or one that would take too long to.
var ErrBadCalendar = errors.New("calendar: not a calendar that can be read")

// errBadTime says that an event's times, or the rule by which it comes again, cannot be read.
var errBadTime = errors.New("calendar: not a time that can be read")

// Bounds of what is read of a calendar that somebody else wrote.
const (
	maxOccurrences = 50_000          // of one calendar, in the time that is asked about
	maxSteps       = 100_000         // of one rule, up to the end of that time: daily for 270 years
	maxReading     = 3 * time.Second // for one calendar: rules that never come true are looked for up to the year 9999
)

// Read reads one VCALENDAR.
func Read(r io.Reader) (_ *ical.Calendar, err error) {
	defer Caught(&err)
	cal, err := ical.NewDecoder(r).Decode()
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrBadCalendar, err)
	}
	return cal, nil
}

// Caught makes an error, when deferred, of a panic: the library that reads calendars gives up that way on some bytes that are none.
func Caught(err *error) {
	if recover() != nil {
		*err = ErrBadCalendar
	}
}

// Busy returns when what stands in a calendar takes its owner's time, from one instant until another, in order: events with all that
// recurs, and free/busy lists. What is cancelled, transparent or shown as free takes none. Times without a zone, and whole days, are
// those of the owner's zone. Events that cannot be read are counted in skipped and take no time.
func Busy(cal *ical.Calendar, zone *time.Location, from, to time.Time) (busy []booking.Interval, skipped int, err error) {
	defer Caught(&err)
	r := reader{zones: zones{listed: cal.Children, own: zone}, from: from, to: to}
	instead := r.overridden(cal)
	began := time.Now()
	for _, c := range cal.Children {
		var bad error
		switch c.Name {
		case ical.CompEvent:
			bad = r.event(c, instead[uidOf(c)])
		case ical.CompFreeBusy:
			bad = r.freeBusy(c)
		}
		if bad != nil {
			skipped++
		}
		if time.Since(began) > maxReading || len(r.busy) > maxOccurrences {
			return nil, 0, fmt.Errorf("%w: it holds too much", ErrBadCalendar)
		}
	}
	slices.SortFunc(r.busy, func(a, b booking.Interval) int { return a.From.Compare(b.From) })
	return r.busy, skipped, nil
}

// reader collects what takes time.
type reader struct {
	zones    zones
	from, to time.Time
	busy     []booking.Interval
}

// add takes up a time as far as it lies in what is asked about.
func (r *reader) add(from, to time.Time) {
	if from.Before(to) && from.Before(r.to) && to.After(r.from) {
		r.busy = append(r.busy, booking.Interval{From: from.UTC(), To: to.UTC()})
	}
}

// overridden lists, for each UID, the starts in place of which another event stands (RFC 5545 §3.8.4.4), in Unix seconds.
func (r *reader) overridden(cal *ical.Calendar) map[string][]int64 {
	all := map[string][]int64{}
	for _, c := range cal.Children {
		prop := c.Props.Get(ical.PropRecurrenceID)
		if c.Name != ical.CompEvent || prop == nil {
			continue
		}
		if at, _, err := r.zones.time(prop); err == nil {
			all[uidOf(c)] = append(all[uidOf(c)], at.Unix())
		}
	}
	return all
}

func (r *reader) event(c *ical.Component, instead []int64) error {
	if takesNoTime(c) {
		return nil
	}
	start, end, whole, err := r.first(c)
	if err != nil {
		return err
	}
	if c.Props.Get(ical.PropRecurrenceID) != nil {
		r.add(start, end)
		return nil
	}
	starts, err := r.starts(c, start, start.Sub(end))
	if err != nil {
		return err
	}
	days := daysBetween(start, end)
	for _, at := range starts {
		switch {
		case slices.Contains(instead, at.Unix()):
		case whole:
			r.add(at, at.AddDate(0, 0, days)) // by the calendar: days have 23 to 25 hours
		default:
			r.add(at, at.Add(end.Sub(start)))
		}
	}
	return nil
}

// takesNoTime reports whether the owner is free during an event.
func takesNoTime(c *ical.Component) bool {
	for name, word := range map[string]string{
		ical.PropStatus: string(ical.EventCancelled), ical.PropTransparency: "TRANSPARENT", "X-MICROSOFT-CDO-BUSYSTATUS": "FREE",
	} {
		if prop := c.Props.Get(name); prop != nil && strings.EqualFold(strings.TrimSpace(prop.Value), word) {
			return true
		}
	}
	return false
}

// first is when the first occurrence takes place, and whether it is whole days.
func (r *reader) first(c *ical.Component) (start, end time.Time, whole bool, err error) {
	begin := c.Props.Get(ical.PropDateTimeStart)
	if begin == nil {
		return start, end, false, errBadTime
	}
	if start, whole, err = r.zones.time(begin); err == nil {
		end, err = r.endOf(c, start, whole)
	}
	return start, end, whole, err
}

// endOf is when the first occurrence is over (RFC 5545 §3.6.1): a date without an end is that day, a time without one takes none.
func (r *reader) endOf(c *ical.Component, start time.Time, whole bool) (time.Time, error) {
	if prop := c.Props.Get(ical.PropDateTimeEnd); prop != nil {
		end, _, err := r.zones.time(prop)
		return end, err
	}
	if prop := c.Props.Get(ical.PropDuration); prop != nil {
		length, err := prop.Duration()
		if err != nil {
			return time.Time{}, badTime(err)
		}
		return start.Add(length), nil
	}
	if whole {
		return start.AddDate(0, 0, 1), nil
	}
	return start, nil
}

// starts are all starts of an event that lie before the end of what is asked about, and after its begin less the length.
func (r *reader) starts(c *ical.Component, start time.Time, before time.Duration) ([]time.Time, error) {
	if !comesAgain(c) {
		return []time.Time{start}, nil
	}
	var starts []time.Time
	err := r.eachStart(c, start, before, func(at time.Time) bool {
		starts = append(starts, at)
		return true
	})
	return starts, err
}

// eachStart calls do with them, one after the other, until it returns false: then it fails with errEnough.
func (r *reader) eachStart(c *ical.Component, start time.Time, before time.Duration, do func(time.Time) bool) error {
	var set rrule.Set
	for _, prop := range c.Props.Values(ical.PropRecurrenceRule) {
		option, err := rrule.StrToROptionInLocation(prop.Value, start.Location())
		if err != nil {
			return badTime(err)
		}
		if option.Freq > rrule.DAILY || timesADay(option) > maxTimesADay || neverComes(option) {
			return fmt.Errorf("%w: no event comes so often, or never", errBadTime)
		}
		option.Dtstart = start
		rule, err := rrule.NewRRule(*option)
		if err != nil {
			return badTime(err)
		}
		set.RRule(rule)
	}
	set.DTStart(start)
	set.RDate(start) // the first is one also where the rule says otherwise
	for name, take := range map[string]func(time.Time){ical.PropRecurrenceDates: set.RDate, ical.PropExceptionDates: set.ExDate} {
		for _, prop := range c.Props.Values(name) {
			for _, value := range strings.Split(prop.Value, ",") {
				prop.Value, _, _ = strings.Cut(value, "/") // a period's own length is rare, and not looked at
				at, _, err := r.zones.time(&prop)
				if err != nil {
					return err
				}
				take(at)
			}
		}
	}
	next := set.Iterator()
	for range maxSteps {
		at, ok := next()
		if !ok || !at.Before(r.to) {
			return nil
		}
		if at.After(r.from.Add(before)) && !do(at) {
			return errEnough
		}
	}
	return fmt.Errorf("%w: %w", errBadTime, ErrTooMany)
}

// maxTimesADay is every five minutes: the library makes all times of a year, or of a month, before it gives the first.
const maxTimesADay = 24 * 12

// timesADay is how often a rule comes true on its days.
func timesADay(o *rrule.ROption) int {
	return max(1, len(o.Byhour)) * max(1, len(o.Byminute)) * max(1, len(o.Bysecond))
}

// neverComes reports whether a rule names only days that no year has, such as 30 February: the library would look for them up to the
// year 9999, day after day.
func neverComes(o *rrule.ROption) bool {
	if len(o.Bymonth) == 0 || len(o.Bymonthday) == 0 {
		return false
	}
	for _, month := range o.Bymonth {
		const leap = 2024
		days := time.Date(leap, time.Month(month)+1, 0, 0, 0, 0, 0, time.UTC).Day()
		for _, day := range o.Bymonthday {
			if max(day, -day) <= days {
				return false
			}
		}
	}
	return true
}

// freeBusy reads a list of when somebody is free or busy (RFC 5545 §3.6.4).
func (r *reader) freeBusy(c *ical.Component) error {
	for _, prop := range c.Props.Values(ical.PropFreeBusy) {
		if strings.EqualFold(prop.Params.Get(ical.ParamFreeBusyType), "FREE") {
			continue
		}
		for _, period := range strings.Split(prop.Value, ",") {
			first, second, _ := strings.Cut(period, "/")
			prop.Value = first
			from, _, err := r.zones.time(&prop)
			if err != nil {
				return err
			}
			prop.Value = second
			to, _, err := r.zones.time(&prop)
			if err != nil {
				length := ical.NewProp(ical.PropDuration)
				length.Value = second
				d, err := length.Duration()
				if err != nil {
					return badTime(err)
				}
				to = from.Add(d)
			}
			r.add(from, to)
		}
	}
	return nil
}

func uidOf(c *ical.Component) string {
	if prop := c.Props.Get(ical.PropUID); prop != nil {
		return prop.Value
	}
	return ""
}
