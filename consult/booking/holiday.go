package booking

import "time"

// Holidays says whose public holidays a schedule keeps.
type Holidays string

// The calendars of holidays.
const (
	HolidaysNone          Holidays = ""
	HolidaysFrance        Holidays = "fr"
	HolidaysAlsaceMoselle Holidays = "fr-alsace-moselle"
	HolidaysGuadeloupe    Holidays = "fr-guadeloupe"
	HolidaysGuyane        Holidays = "fr-guyane"
	HolidaysMartinique    Holidays = "fr-martinique"
	HolidaysMayotte       Holidays = "fr-mayotte"
	HolidaysReunion       Holidays = "fr-reunion"
)

func (h Holidays) valid() bool {
	return h == HolidaysNone || h == HolidaysFrance || h == HolidaysAlsaceMoselle || h.abolition() != 0
}

// abolition is the day, month and day of it, on which a department overseas commemorates the end of slavery; 0 elsewhere: décret n° 83-1003 (code du
// travail, art. L3422-2).
func (h Holidays) abolition() int {
	switch h {
	case HolidaysMayotte:
		return 427
	case HolidaysMartinique:
		return 522
	case HolidaysGuadeloupe:
		return 527
	case HolidaysGuyane:
		return 610
	case HolidaysReunion:
		return 1220
	}
	return 0
}

// Holiday is a public holiday, by a word that pages translate.
type Holiday string

// The holidays.
const (
	NewYear       Holiday = "new-year"
	GoodFriday    Holiday = "good-friday"
	EasterMonday  Holiday = "easter-monday"
	LabourDay     Holiday = "labour-day"
	Victory1945   Holiday = "victory-1945"
	Ascension     Holiday = "ascension"
	WhitMonday    Holiday = "whit-monday"
	NationalDay   Holiday = "national-day"
	Assumption    Holiday = "assumption"
	AllSaints     Holiday = "all-saints"
	Armistice1918 Holiday = "armistice-1918"
	Christmas     Holiday = "christmas"
	SaintStephen  Holiday = "saint-stephen"
	Abolition     Holiday = "abolition"
)

// On reports whether the day is a public holiday.
func (h Holidays) On(d Date) bool { return h.Of(d) != "" }

// Of is the public holiday of the day, or "": code du travail, art. L3133-1, and L3134-13 for Alsace and Moselle (Good Friday there
// where there is a Protestant church, which is nearly everywhere).
func (h Holidays) Of(d Date) Holiday {
	if h == HolidaysNone {
		return ""
	}
	year, month, day := d.utc().Date()
	switch int(month)*100 + day {
	case h.abolition():
		return Abolition
	case 101:
		return NewYear
	case 501:
		return LabourDay // Ascension, when it is the same day
	case 508:
		return Victory1945
	case 714:
		return NationalDay
	case 815:
		return Assumption
	case 1101:
		return AllSaints
	case 1111:
		return Armistice1918
	case 1225:
		return Christmas
	case 1226:
		if h == HolidaysAlsaceMoselle {
			return SaintStephen
		}
	}
	if month < time.March || month > time.June {
		return ""
	}
	switch d - Easter(year) {
	case 1:
		return EasterMonday
	case 39:
		return Ascension
	case 50:
		return WhitMonday
	case -2:
		if h == HolidaysAlsaceMoselle {
			return GoodFriday
		}
	}
	return ""
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
