package transfer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/patient"
)

// clocks is how a table's days and times are read.
type clocks struct {
	zone       *time.Location
	monthFirst bool // 11/24/2026

	dayBegins, both, wall, fourDigits, span, hours, length *regexp.Regexp
}

func newClocks(zone *time.Location, lines []said) *clocks {
	c := &clocks{
		zone:       zone,
		dayBegins:  regexp.MustCompile(`^(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}\b`),
		both:       regexp.MustCompile(`^(.*\d)(?:T|,? +(?:à |at )?)(\d{1,2} ?[:hH].*)$`),
		wall:       regexp.MustCompile(`^(\d{1,2})(?:([:h.])(\d{0,2})(?:[:.]\d{1,2}(?:\.\d+)?)?)?(?:mn|min)?(am|pm|a\.m\.|p\.m\.)?$`),
		fourDigits: regexp.MustCompile(`^(\d\d)(\d\d)$`),
		span:       regexp.MustCompile(`(?i)^(?:de )?(\d{1,2} ?[:h][\d ]*) ?(?:-|–|—|à|->|to) ?(\d{1,2} ?[:h][\d ]*)$`),
		hours:      regexp.MustCompile(`^(\d{1,2}) ?(?:h|heures?|hours?) ?(\d{0,2})(?: ?(?:m|mn|min|minutes?))?$`),
		length:     regexp.MustCompile(`^(?:(\d{1,2}) )?(\d{1,4}) ?(?:m|mn|min|mins|minutes?)?(?: 00?)?$`),
	}
	c.monthFirst = c.american(lines)
	return c
}

// american reports whether days are written as in the United States: some cannot be read with the day first, and none with the month first.
func (c *clocks) american(lines []said) bool {
	american := false
	for i := range lines {
		for _, text := range []string{lines[i].date, lines[i].time} {
			if parts := c.dayBegins.FindStringSubmatch(text); parts != nil {
				first, _ := strconv.Atoi(parts[1])
				second, _ := strconv.Atoi(parts[2])
				if first > 12 {
					return false
				}
				american = american || second > 12
			}
		}
	}
	return american
}

// instant reads a day and a time, or both in one of them. Zero when it is none; skipped when clocks in the zone do not show it.
func (c *clocks) instant(date, clock string) (at time.Time, skipped bool) {
	for _, both := range []string{clock, date} {
		if at, err := time.Parse(time.RFC3339, both); err == nil {
			return at, false
		}
	}
	if date == "" || clock == "" {
		both := strings.TrimSpace(date + clock)
		parts := regexp.MustCompile(`^(.*\d)(?:T|,? +(?:à |at )?)(\d{1,2} ?[:hH.].*)$`).FindStringSubmatch(both)
		if parts == nil {
			return time.Time{}, false
		}
		date, clock = parts[1], parts[2]
	}
	day, ok := c.day(date)
	if !ok {
		return time.Time{}, false
	}
	wall, ok := c.wallOf(clock)
	if !ok {
		return time.Time{}, false
	}
	at, ok = day.At(wall, c.zone)
	if !ok {
		return time.Time{}, true
	}
	return at, false
}

// day reads "24/11/2026", "24.11.26", "2026-11-24", "mar. 24 nov. 2026" and "Tuesday, November 24, 2026".
func (c *clocks) day(text string) (booking.Date, bool) {
	var numbers []string
	month, worded, mar := 0, false, false // "mar" is mardi or mars: beside three numbers, or another month, a day of the week
	for word := range strings.FieldsSeq(patient.Folded(text)) {
		number := strings.TrimSuffix(word, "er") // 1er
		if _, err := strconv.Atoi(number); err == nil {
			numbers = append(numbers, number)
			continue
		}
		if slices.Contains(weekdays(), word) {
			continue
		}
		m := slices.IndexFunc(months(), func(begins []string) bool {
			return slices.ContainsFunc(begins, func(begin string) bool { return strings.HasPrefix(word, begin) })
		})
		if m < 0 {
			return 0, false
		}
		month, worded, mar = m+1, true, word == "mar"
	}
	number := func(i int) int { n, _ := strconv.Atoi(numbers[i]); return n }
	var year, d int
	switch {
	case worded && len(numbers) == 2:
		d, year = number(0), number(1)
	case (worded && !mar) || len(numbers) != 3:
		return 0, false
	case len(numbers[0]) == 4:
		year, month, d = number(0), number(1), number(2)
	case c.monthFirst:
		month, d, year = number(0), number(1), number(2)
	default:
		d, month, year = number(0), number(1), number(2)
	}
	if year < 100 {
		year += 2000
	}
	at := time.Date(year, time.Month(month), d, 0, 0, 0, 0, time.UTC)
	good := year >= 1900 && year < 2200 && at.Day() == d && int(at.Month()) == month
	return booking.DateOf(at), good
}

// months is how the names of months begin, folded, in French and English.
func months() [][]string {
	return [][]string{
		{"jan"}, {"fev", "feb"}, {"mar"}, {"avr", "apr"}, {"mai", "may"}, {"juin", "jun"}, {"juil", "jul"}, {"aou", "aug"}, {"sep"}, {"oct"}, {"nov"}, {"dec"},
	}
}

// weekdays is the names of days, and what stands beside them.
func weekdays() []string {
	return []string{
		"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lun", "mer", "jeu", "ven", "sam", "dim", "le",
		"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon", "tue", "wed", "thu", "fri", "sat", "sun",
	}
}

// wallOf reads "14:30", "14h30", "9h", "9 h 05", "0930", "9.30" and "2:30 PM"; seconds do not matter.
func (c *clocks) wallOf(text string) (booking.Clock, bool) {
	text = strings.ToLower(strings.Map(func(r rune) rune {
		switch r {
		case ' ', '\u00a0', '\u202f':
			return -1
		}
		return r
	}, text))
	parts := c.wall.FindStringSubmatch(text)
	if four := c.fourDigits.FindStringSubmatch(text); four != nil {
		parts = []string{"", four[1], ":", four[2], ""}
	}
	if parts == nil || (parts[2] == "" && parts[4] == "") { // a number alone is no time
		return 0, false
	}
	h, _ := strconv.Atoi(parts[1])
	m, _ := strconv.Atoi("0" + parts[3])
	if half := parts[4]; half != "" {
		if h < 1 || h > 12 {
			return 0, false
		}
		if h %= 12; half[0] == 'p' {
			h += 12
		}
	}
	return booking.Clock(h*60 + m), h <= 23 && m <= 59
}

// rangeOf parts "9h30 - 10h00", or "de 9h30 à 10h".
func (c *clocks) rangeOf(text string) (from, until string, ok bool) {
	parts := c.span.FindStringSubmatch(strings.TrimSpace(text))
	if parts == nil {
		return "", "", false
	}
	return parts[1], parts[2], true
}

// lengthOf reads "30", "30 min", "30'", "0:30", "00:30:00", "1h" and "1h30".
func (c *clocks) lengthOf(text string) (time.Duration, bool) {
	text = patient.Folded(text)
	parts := c.hours.FindStringSubmatch(text)
	if parts == nil {
		parts = c.length.FindStringSubmatch(text)
	}
	if parts == nil {
		return 0, false
	}
	h, _ := strconv.Atoi("0" + parts[1])
	m, _ := strconv.Atoi("0" + parts[2])
	length := time.Duration(h*60+m) * time.Minute
	return length, length > 0 && length <= 24*time.Hour
}
