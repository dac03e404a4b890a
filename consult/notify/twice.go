package notify

import "time"

// longestSummer is longer than any summer time, and shorter than what Morocco keeps outside of Ramadan, which nobody there calls so.
const longestSummer = 300 * 24 * time.Hour

// which tells the two passages apart of an hour that comes twice, because the clocks are set back.
type which int

const (
	onlyOnce    which = iota
	inSummer          // before the clocks are set back
	inWinter          // after
	byTheOffset       // the clocks change for another reason than summer: the difference to UTC says it
)

// whichOf says what a wall clock does not: nothing, except in the hour that comes twice.
func whichOf(at time.Time) which {
	start, end := at.ZoneBounds()
	if !end.IsZero() && offset(end) < offset(at) && end.Sub(at) <= offset(at)-offset(end) {
		if start.IsZero() || end.Sub(start) > longestSummer {
			return byTheOffset
		}
		return inSummer
	}
	if start.IsZero() {
		return onlyOnce
	}
	before := start.Add(-time.Nanosecond)
	if offset(before) > offset(at) && at.Sub(start) < offset(before)-offset(at) {
		if began, _ := before.ZoneBounds(); began.IsZero() || start.Sub(began) > longestSummer {
			return byTheOffset
		}
		return inWinter
	}
	return onlyOnce
}

// offset is how far a clock is ahead of UTC.
func offset(at time.Time) time.Duration {
	_, seconds := at.Zone()
	return time.Duration(seconds) * time.Second
}

// passage says in words which of the two passages of an hour it is: "heure d'été"; "" when the hour comes once.
func passage(at time.Time, in string) string {
	switch c := calendars()[in]; whichOf(at) {
	case inSummer:
		return c.summer
	case inWinter:
		return c.winter
	case byTheOffset:
		return "UTC" + at.Format("-07:00")
	default:
		return ""
	}
}

// afterZone is passage as it follows the name of a zone: ", heure d'été".
func afterZone(at time.Time, in string) string {
	if which := passage(at, in); which != "" {
		return calendars()[in].comma + which
	}
	return ""
}
