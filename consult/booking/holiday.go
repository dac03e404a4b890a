package booking

import "time"

// Holidays says whose public holidays a schedule keeps.
type Holidays string

// The calendars of holidays.
const (
	HolidaysNone          Holidays = ""
	HolidaysFrance        Holidays = "fr"
	HolidaysAlsaceMoselle Holidays = "fr-alsace-moselle"
)

func (h Holidays) valid() bool {
	return h == HolidaysNone || h == HolidaysFrance || h == HolidaysAlsaceMoselle
}

// On reports whether the day is a public holiday: code du travail, art. L3133-1, and L3134-13 for Alsace and Moselle (Good Friday
// there where there is a Protestant church, which is nearly everywhere).
func (h Holidays) On(d Date) bool {
	if h == HolidaysNone {
		return false
	}
	year, month, day := d.utc().Date()
	switch {
	case month == time.January && day == 1, month == time.May && (day == 1 || day == 8), month == time.July && day == 14,
		month == time.August && day == 15, month == time.November && (day == 1 || day == 11), month == time.December && day == 25:
		return true
	case month == time.December && day == 26:
		return h == HolidaysAlsaceMoselle
	case month < time.March || month > time.June:
		return false
	}
	switch d - Easter(year) {
	case 1, 39, 50: // Easter Monday, Ascension, Whit Monday
		return true
	case -2: // Good Friday
		return h == HolidaysAlsaceMoselle
	}
	return false
}

// Easter is the Sunday of Easter in the Gregorian calendar: the algorithm of Butcher's Ecclesiastical Calendar (1876), valid for all years.
func Easter(year int) Date {
	golden, century, rest := year%19, year/100, year%100
	leaps, leapRest := century/4, century%4
	epact := (19*golden + century - leaps - (century-(century+8)/25+1)/3 + 15) % 30
	sunday := (32 + 2*leapRest + 2*(rest/4) - epact - rest%4) % 7
	late := (golden + 11*epact + 22*sunday) / 451
	n := epact + sunday - 7*late + 114
	return Day(year, time.Month(n/31), n%31+1)
}
