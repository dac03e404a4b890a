package notify

import (
	"fmt"
	"time"
)

// Day says the day of a time as mails do, without the year: "mardi 24 novembre".
func Day(at time.Time, in string) string {
	in = languageFor(in)
	c := calendars()[in]
	return fmt.Sprintf("%s %s %s", c.days[at.Weekday()], dayOfMonth(at, in), c.months[at.Month()-1])
}

// Clock says the time of day: "14:30"; in the hour that comes twice also which one: "02:30 (heure d'été)".
func Clock(at time.Time, in string) string {
	if which := passage(at, languageFor(in)); which != "" {
		return at.Format(clockLayout) + " (" + which + ")"
	}
	return at.Format(clockLayout)
}

// ZoneName is how people call the zone of a time: "heure de Paris".
func ZoneName(at time.Time, in string) string {
	form := map[string]string{"fr": "heure de %s", "en": "%s time", "ar": "توقيت %s"}[languageFor(in)]
	return fmt.Sprintf(form, zoneName(at))
}

// LatinFigures reads the figures that Arabic and Persian keyboards write.
func LatinFigures(text string) string { return latinFigures(text) }
