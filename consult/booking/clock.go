package booking

import (
	"fmt"
	"strconv"
	"sync"
	"time"
	_ "time/tzdata" // the rules of all zones, on machines that have none
)

// Date is a day of the calendar without a zone, counted from 1970-01-01. Zero is no date.
type Date int32

// Clock is what a clock on the wall shows, in minutes after midnight. Above 24:00 it is the next day's.
type Clock int16

// loadZones returns a time.LoadLocation that reads each zone once: its rules stay those of the first time for as long as the program runs.
func loadZones() func(name string) (*time.Location, error) {
	var known sync.Map // string → *time.Location; there are some 600 names that load
	return func(name string) (*time.Location, error) {
		if zone, ok := known.Load(name); ok {
			return zone.(*time.Location), nil
		}
		zone, err := time.LoadLocation(name)
		if err == nil {
			known.Store(name, zone)
		}
		return zone, err
	}
}

// wallLayout writes a wall time as it was agreed, to the minute.
const wallLayout = "2006-01-02T15:04"

const secondsPerDay = 24 * 60 * 60

// The offsets of all zones lie between these.
const (
	mostWest = 12 * 60 * 60
	mostEast = 14 * 60 * 60
)

// DateOf is the day that the instant has in its own location.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Day(y, m, d)
}

// Day is the date of these numbers.
func Day(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

// ParseDate reads "2026-11-22".
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, errBadDate
	}
	return DateOf(t), nil
}

func (d Date) utc() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// digits writes "20261122".
func (d Date) digits() string {
	y, m, day := d.utc().Date()
	return strconv.Itoa((y*100+int(m))*100 + day)
}

// String writes "2026-11-22".
func (d Date) String() string { return d.utc().Format(time.DateOnly) }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return time.Weekday(((int(d)+4)%7 + 7) % 7) } // 1970-01-01 was a Thursday

// MarshalText writes "2026-11-22".
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads "2026-11-22".
func (d *Date) UnmarshalText(b []byte) (err error) {
	*d, err = ParseDate(string(b))
	return err
}

// String writes "09:30".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", c/60, c%60) }

// MarshalText writes "09:30".
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads "09:30"; "24:00" is the end of the day.
func (c *Clock) UnmarshalText(b []byte) error {
	if len(b) != 5 || b[2] != ':' {
		return errBadClock
	}
	h, err1 := strconv.ParseUint(string(b[:2]), 10, 8)
	m, err2 := strconv.ParseUint(string(b[3:]), 10, 8)
	if err1 != nil || err2 != nil || m > 59 || h*60+m > 24*60 {
		return errBadClock
	}
	*c = Clock(h*60 + m)
	return nil
}

// At is the first instant at which clocks in the zone show this on this day; false when they skip it (RFC 5545 §3.3.5 speaks of
// the same two cases).
func (d Date) At(c Clock, zone *time.Location) (time.Time, bool) {
	at, ok := d.instant(c, zone)
	return time.Unix(at, 0).UTC(), ok
}

// instant is At in Unix seconds. When clocks skip the time it returns the instant at which they jump over it.
func (d Date) instant(c Clock, zone *time.Location) (int64, bool) {
	wall := int64(d)*secondsPerDay + int64(c)*60
	_, before := time.Unix(wall-mostEast, 0).In(zone).Zone()
	_, after := time.Unix(wall+mostWest, 0).In(zone).Zone()
	first, second := wall-int64(before), wall-int64(after)
	if first > second {
		first, second = second, first
	}
	for _, at := range []int64{first, second} {
		if _, offset := time.Unix(at, 0).In(zone).Zone(); at+int64(offset) == wall {
			return at, true
		}
	}
	_, jump := time.Unix(first, 0).In(zone).ZoneBounds()
	return jump.Unix(), false
}

// wallDay turns what clocks show on one day, and until the end of the next, into instants.
type wallDay struct {
	date  Date
	zone  *time.Location
	start int64
	plain bool // no clock is changed for two days
}

func newWallDay(d Date, zone *time.Location) wallDay {
	start, ok := d.instant(0, zone)
	_, change := time.Unix(start, 0).In(zone).ZoneBounds()
	return wallDay{d, zone, start, ok && (change.IsZero() || change.Unix() >= start+2*secondsPerDay)}
}

func (w wallDay) instant(c Clock) (int64, bool) {
	if w.plain {
		return w.start + int64(c)*60, true
	}
	return w.date.instant(c, w.zone)
}

// end is the instant at which the next day begins.
func (w wallDay) end() int64 {
	at, _ := w.instant(24 * 60)
	return at
}

// wallOf is what clocks in the zone show.
func wallOf(t time.Time, zone *time.Location) string { return t.In(zone).Format(wallLayout) }

// instantOf is the instant of a wall time as it was agreed, by the rules that the zone has now.
func instantOf(wall string, zone *time.Location) (time.Time, bool) {
	t, err := time.Parse(wallLayout, wall)
	if err != nil {
		return time.Time{}, false
	}
	return DateOf(t).At(Clock(t.Hour()*60+t.Minute()), zone)
}
