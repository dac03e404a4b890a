package calendar

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// calendarOf wraps lines into a VCALENDAR.
func calendarOf(lines string) string {
	return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\n" + strings.ReplaceAll(strings.TrimSpace(lines), "\n", "\r\n") + "\r\nEND:VCALENDAR\r\n"
}

func eventOf(lines string) string {
	return "BEGIN:VEVENT\nUID:1@example.org\nDTSTAMP:20261101T000000Z\n" + strings.TrimSpace(lines) + "\nEND:VEVENT\n"
}

const outlookZone = `BEGIN:VTIMEZONE
TZID:Romance Standard Time
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3
END:DAYLIGHT
END:VTIMEZONE
`

func TestBusy(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		lines, from, to string
		want            string // "begin/end …" in UTC, or "skipped"
	}{
		"one, in UTC":            {eventOf("DTSTART:20261124T140000Z\nDTEND:20261124T150000Z"), "2026-11-24", "2026-11-25", "24T14:00/24T15:00"},
		"one, on the owner's":    {eventOf("DTSTART:20261124T140000\nDTEND:20261124T150000"), "2026-11-24", "2026-11-25", "24T13:00/24T14:00"},
		"one, with a zone":       {eventOf("DTSTART;TZID=America/New_York:20261124T140000\nDURATION:PT30M"), "2026-11-24", "2026-11-25", "24T19:00/24T19:30"},
		"one, elsewhere":         {eventOf("DTSTART:20261126T140000Z\nDTEND:20261126T150000Z"), "2026-11-24", "2026-11-25", ""},
		"it reaches in":          {eventOf("DTSTART:20261120T140000Z\nDTEND:20261124T080000Z"), "2026-11-24", "2026-11-25", "20T14:00/24T08:00"},
		"a whole day":            {eventOf("DTSTART;VALUE=DATE:20261124"), "2026-11-23", "2026-11-26", "23T23:00/24T23:00"},
		"two whole days":         {eventOf("DTSTART;VALUE=DATE:20261124\nDTEND;VALUE=DATE:20261126"), "2026-11-23", "2026-11-28", "23T23:00/25T23:00"},
		"whole days, clocks":     {eventOf("DTSTART;VALUE=DATE:20261024\nRRULE:FREQ=DAILY;COUNT=2"), "2026-10-23", "2026-10-28", "23T22:00/24T22:00 24T22:00/25T23:00"},
		"a moment":               {eventOf("DTSTART:20261124T140000Z"), "2026-11-24", "2026-11-25", ""},
		"cancelled":              {eventOf("STATUS:CANCELLED\nDTSTART:20261124T140000Z\nDTEND:20261124T150000Z"), "2026-11-24", "2026-11-25", ""},
		"transparent":            {eventOf("TRANSP:TRANSPARENT\nDTSTART:20261124T140000Z\nDTEND:20261124T150000Z"), "2026-11-24", "2026-11-25", ""},
		"shown as free":          {eventOf("X-MICROSOFT-CDO-BUSYSTATUS:FREE\nDTSTART:20261124T140000Z\nDTEND:20261124T150000Z"), "2026-11-24", "2026-11-25", ""},
		"weekly, clocks":         {eventOf("DTSTART;TZID=Europe/Paris:20261012T090000\nDTEND;TZID=Europe/Paris:20261012T100000\nRRULE:FREQ=WEEKLY"), "2026-10-19", "2026-10-30", "19T07:00/19T08:00 26T08:00/26T09:00"},
		"weekly, less one":       {eventOf("DTSTART;TZID=Europe/Paris:20261012T090000\nDTEND;TZID=Europe/Paris:20261012T100000\nRRULE:FREQ=WEEKLY\nEXDATE;TZID=Europe/Paris:20261019T090000"), "2026-10-19", "2026-10-30", "26T08:00/26T09:00"},
		"until, a date":          {eventOf("DTSTART;TZID=Europe/Paris:20261012T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20261014"), "2026-10-10", "2026-10-30", "12T07:00/12T08:00 13T07:00/13T08:00"},
		"until, UTC":             {eventOf("DTSTART;TZID=Europe/Paris:20261012T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;UNTIL=20261013T070000Z"), "2026-10-10", "2026-10-30", "12T07:00/12T08:00 13T07:00/13T08:00"},
		"and two more":           {eventOf("DTSTART:20261012T090000Z\nDURATION:PT1H\nRDATE:20261014T100000Z,20261015T110000Z"), "2026-10-10", "2026-10-30", "12T09:00/12T10:00 14T10:00/14T11:00 15T11:00/15T12:00"},
		"one of them moved":      {eventOf("DTSTART:20261012T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2") + eventOf("RECURRENCE-ID:20261013T090000Z\nDTSTART:20261013T150000Z\nDURATION:PT1H"), "2026-10-10", "2026-10-30", "12T09:00/12T10:00 13T15:00/13T16:00"},
		"one of them called off": {eventOf("DTSTART:20261012T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2") + eventOf("RECURRENCE-ID:20261013T090000Z\nSTATUS:CANCELLED\nDTSTART:20261013T090000Z\nDURATION:PT1H"), "2026-10-10", "2026-10-30", "12T09:00/12T10:00"},
		"Outlook's zone":         {outlookZone + eventOf("DTSTART;TZID=Romance Standard Time:20261023T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2"), "2026-10-20", "2026-11-02", "23T07:00/23T08:00 30T08:00/30T09:00"},
		"a zone with a prefix":   {eventOf("DTSTART;TZID=/freeassociation.sourceforge.net/America/New_York:20261124T140000\nDURATION:PT30M"), "2026-11-24", "2026-11-25", "24T19:00/24T19:30"},
		"a zone nobody knows":    {eventOf("DTSTART;TZID=Mars:20261124T140000\nDURATION:PT30M"), "2026-11-24", "2026-11-25", "24T13:00/24T13:30"},
		"a free/busy list":       {"BEGIN:VFREEBUSY\nUID:1\nDTSTAMP:20261101T000000Z\nFREEBUSY:20261124T100000Z/PT1H,20261124T120000Z/20261124T130000Z\nFREEBUSY;FBTYPE=FREE:20261124T140000Z/PT1H\nEND:VFREEBUSY\n", "2026-11-24", "2026-11-25", "24T10:00/24T11:00 24T12:00/24T13:00"},
		"never":                  {eventOf("DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"), "2026-11-24", "2026-11-25", "skipped"},
		"every second":           {eventOf("DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=SECONDLY"), "2026-11-24", "2026-11-25", "skipped"},
		"no rule":                {eventOf("DTSTART:20260101T090000Z\nDURATION:PT1H\nRRULE:FREQ=OFTEN"), "2026-11-24", "2026-11-25", "skipped"},
		"no time":                {eventOf("DTSTART:yesterday"), "2026-11-24", "2026-11-25", "skipped"},
		"before it begins":       {eventOf("DTSTART:20261124T150000Z\nDTEND:20261124T140000Z"), "2026-11-24", "2026-11-25", ""},
	} {
		t.Run(name, func(t *testing.T) {
			cal, err := Read(strings.NewReader(calendarOf(c.lines)))
			if err != nil {
				t.Fatal(err)
			}
			busy, skipped, err := Busy(cal, paris, day(t, c.from), day(t, c.to))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, i := range busy {
				got = append(got, i.From.Format("02T15:04")+"/"+i.To.Format("02T15:04"))
			}
			if skipped > 0 {
				got = append(got, "skipped")
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}

// day is the begin of a day in UTC, or with "T15:04" a time of it.
func day(t testing.TB, text string) time.Time {
	t.Helper()
	at, err := time.Parse("2006-01-02T15:04", (text + "T00:00")[:len("2006-01-02T15:04")])
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// A zone that a calendar describes is the one that it means, all year and in years to come.
func TestZoneFrom(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	cal, err := Read(strings.NewReader(calendarOf(outlookZone)))
	if err != nil {
		t.Fatal(err)
	}
	zone, err := zoneFrom(cal.Children[0])
	if err != nil {
		t.Fatal(err)
	}
	for at := time.Date(2000, 1, 1, 0, 30, 0, 0, time.UTC); at.Year() < 2037; at = at.Add(11 * time.Hour) {
		if is, want := at.In(zone).Format("15:04"), at.In(paris).Format("15:04"); is != want {
			t.Fatalf("%s: %s, want %s", at, is, want)
		}
	}
}

func TestTooMuch(t *testing.T) {
	var lines strings.Builder
	for i := range 200 {
		fmt.Fprintf(&lines, "BEGIN:VEVENT\nUID:%d\nDTSTAMP:20261101T000000Z\nDTSTART:20200101T090000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY\nEND:VEVENT\n", i)
	}
	cal, err := Read(strings.NewReader(calendarOf(lines.String())))
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Busy(cal, time.UTC, day(t, "2026-01-01"), day(t, "2027-01-01")); !errors.Is(err, ErrBadCalendar) {
		t.Fatal(err)
	}
}

// Whatever somebody else's calendar holds, reading it ends, without a panic.
func FuzzBusy(f *testing.F) {
	f.Add(calendarOf(outlookZone + eventOf("DTSTART;TZID=Romance Standard Time:20261023T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2\nEXDATE:20261030T080000Z")))
	f.Add(calendarOf(eventOf("DTSTART;VALUE=DATE:20261024\nRRULE:FREQ=MONTHLY;BYDAY=-1FR,2MO;BYSETPOS=-1;WKST=SU;INTERVAL=2")))
	f.Add(calendarOf("BEGIN:VFREEBUSY\nUID:1\nDTSTAMP:20261101T000000Z\nFREEBUSY:20261124T100000Z/PT1H,20261124T120000Z/20261124T130000Z\nEND:VFREEBUSY\n"))
	if old, err := os.ReadFile("testdata/request.ics"); err == nil {
		f.Add(string(old))
	}
	f.Fuzz(func(t *testing.T, text string) {
		cal, err := Read(strings.NewReader(text))
		if err != nil {
			return
		}
		busy, _, err := Busy(cal, time.UTC, day(t, "2026-11-01"), day(t, "2027-01-01"))
		if err != nil {
			return
		}
		for _, i := range busy {
			if !i.From.Before(i.To) || i.From.After(day(t, "2027-01-01")) {
				t.Fatal(i)
			}
		}
	})
}
