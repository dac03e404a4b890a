package calendar

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-ical"
)

func mustRead(t testing.TB, text string) *ical.Calendar {
	t.Helper()
	cal, err := Read(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return cal
}

// told lists the events of a calendar as "start>end@recurrence-id".
func told(cal *ical.Calendar) string {
	var all []string
	for _, c := range cal.Children {
		value := func(name string) string {
			if prop := c.Props.Get(name); prop != nil {
				return strings.TrimPrefix(prop.Params.Get(ical.ParamTimezoneID)+":"+prop.Value, ":")
			}
			return ""
		}
		one := value("DTSTART")
		for _, more := range [][2]string{{">", value("DTEND")}, {"@", value("RECURRENCE-ID")}} {
			if more[1] != "" {
				one += more[0] + more[1]
			}
		}
		all = append(all, one)
	}
	return strings.Join(all, " ")
}

func TestExpand(t *testing.T) {
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		lines, from, to string
		want            string
	}{
		"one":                      {eventOf("DTSTART;TZID=Europe/Paris:20261124T140000\nDTEND;TZID=Europe/Paris:20261124T150000"), "2026-11-24", "2026-11-25", "20261124T130000Z>20261124T140000Z"},
		"one, elsewhere":           {eventOf("DTSTART:20261126T140000Z"), "2026-11-24", "2026-11-25", ""},
		"a moment":                 {eventOf("DTSTART:20261124T000000Z"), "2026-11-24", "2026-11-25", "20261124T000000Z"},
		"a moment at the end":      {eventOf("DTSTART:20261125T000000Z"), "2026-11-24", "2026-11-25", ""},
		"floating stays so":        {eventOf("DTSTART:20261124T140000\nDTEND:20261124T150000\nRRULE:FREQ=DAILY;COUNT=2"), "2026-11-24", "2026-11-26", "20261124T140000>20261124T150000@20261124T140000 20261125T140000>20261125T150000@20261125T140000"},
		"whole days":               {eventOf("DTSTART;VALUE=DATE:20261024\nDTEND;VALUE=DATE:20261025\nRRULE:FREQ=DAILY;COUNT=3"), "2026-10-24", "2026-10-25", "20261024>20261025@20261024 20261025>20261026@20261025"},
		"the day of 25 hours":      {eventOf("DTSTART;VALUE=DATE:20261018\nRRULE:FREQ=WEEKLY"), "2026-10-25", "2026-10-26", "20261025@20261025"},
		"its last hour":            {eventOf("DTSTART;VALUE=DATE:20261018\nRRULE:FREQ=WEEKLY"), "2026-10-25T22:30", "2026-10-25T22:45", "20261025@20261025"},
		"clocks":                   {eventOf("DTSTART;TZID=Europe/Paris:20261019T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2"), "2026-10-01", "2026-12-01", "20261019T070000Z@20261019T070000Z 20261026T080000Z@20261026T080000Z"},
		"Outlook's zone":           {outlookZone + eventOf("DTSTART;TZID=Romance Standard Time:20261019T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=2"), "2026-10-20", "2026-12-01", "20261026T080000Z@20261026T080000Z"},
		"less one, and one more":   {eventOf("DTSTART;TZID=Europe/Paris:20261123T090000\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;TZID=Europe/Paris:20261124T090000\nRDATE;TZID=Europe/Paris:20261124T150000"), "2026-11-23", "2026-12-01", "20261123T080000Z@20261123T080000Z 20261124T140000Z@20261124T140000Z 20261125T080000Z@20261125T080000Z"},
		"other dates only":         {eventOf("DTSTART:20261123T090000Z\nRDATE:20261124T100000Z,20261125T110000Z"), "2026-11-24", "2026-12-01", "20261124T100000Z@20261124T100000Z 20261125T110000Z@20261125T110000Z"},
		"moved in":                 {eventOf("DTSTART:20261123T090000Z\nRRULE:FREQ=WEEKLY;COUNT=2") + eventOf("RECURRENCE-ID:20261130T090000Z\nDTSTART:20261125T100000Z"), "2026-11-24", "2026-11-26", "20261125T100000Z@20261130T090000Z"},
		"moved out":                {eventOf("DTSTART:20261123T090000Z\nRRULE:FREQ=WEEKLY;COUNT=2") + eventOf("RECURRENCE-ID:20261130T090000Z\nDTSTART:20261125T100000Z"), "2026-11-30", "2026-12-01", ""},
		"by its zone":              {eventOf("DTSTART;TZID=Europe/Paris:20261123T090000\nRRULE:FREQ=DAILY;COUNT=2") + eventOf("RECURRENCE-ID:20261124T080000Z\nDTSTART;TZID=America/New_York:20261124T090000"), "2026-11-24", "2026-11-25", "20261124T140000Z@20261124T080000Z"},
		"an occurrence alone":      {eventOf("RECURRENCE-ID:20261130T090000Z\nDTSTART:20261125T100000Z"), "2026-11-24", "2026-11-26", "20261125T100000Z@20261130T090000Z"},
		"cancelled ones are there": {eventOf("STATUS:CANCELLED\nDTSTART:20261124T100000Z"), "2026-11-24", "2026-11-25", "20261124T100000Z"},
		"a day instead of an hour": {eventOf("DTSTART:20261123T090000Z\nRRULE:FREQ=WEEKLY;COUNT=2") + eventOf("RECURRENCE-ID:20261130T090000Z\nDTSTART;VALUE=DATE:20261130"), "2026-11-30", "2026-12-01", "20261130@20261130T090000Z"},
	} {
		t.Run(name, func(t *testing.T) {
			out, _, err := Expand(mustRead(t, calendarOf(c.lines)), paris, day(t, c.from), day(t, c.to), 100)
			if err != nil || told(out) != c.want {
				t.Errorf("%v, %q, want %q", err, told(out), c.want)
			}
			if again, err := Read(strings.NewReader(string(Write(out.Component)))); err != nil || told(again) != c.want {
				t.Errorf("written and read again: %v\n%s", err, Write(out.Component))
			}
		})
	}
}

// TestExpandBounds: what a rule of a few bytes asks for has an end.
func TestExpandBounds(t *testing.T) {
	for name, c := range map[string]struct {
		rule string
		want error
	}{
		"more than is wanted":  {"FREQ=DAILY", ErrTooMany},
		"each second of years": {"FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=" + upTo(24) + ";BYMINUTE=" + upTo(60) + ";BYSECOND=" + upTo(60), ErrBadCalendar},
		"never":                {"FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", ErrBadCalendar},
	} {
		_, _, err := Expand(mustRead(t, calendarOf(eventOf("DTSTART:20261123T090000Z\nRRULE:"+c.rule))), time.UTC, day(t, "2026-11-01"), day(t, "2036-11-01"), 1000)
		if !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	_, _, err := Expand(mustRead(t, calendarOf(eventOf("DTSTART:17000101T090000Z\nRRULE:FREQ=DAILY"))), time.UTC, day(t, "2026-11-01"), day(t, "2026-11-02"), 1000)
	if !errors.Is(err, ErrTooMany) {
		t.Error(err)
	}
}

func upTo(n int) string {
	var all []string
	for i := range n {
		all = append(all, fmt.Sprint(i))
	}
	return strings.Join(all, ",")
}

func TestLimit(t *testing.T) {
	lines := eventOf("DTSTART:20261123T090000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY") + eventOf("RECURRENCE-ID:20261130T090000Z\nDTSTART:20261202T100000Z\nDURATION:PT1H") + eventOf("RECURRENCE-ID:tomorrow\nDTSTART:20261202T100000Z")
	for name, c := range map[string]struct {
		from, to string
		want     int
	}{
		"where it was": {"2026-11-30T09:30", "2026-11-30T09:45", 3}, "where it is": {"2026-12-02", "2026-12-03", 3}, "between": {"2026-12-01", "2026-12-02", 2}, "long after": {"2036-12-01", "2036-12-02", 2},
	} {
		out, err := Limit(mustRead(t, calendarOf(lines)), time.UTC, day(t, c.from), day(t, c.to))
		if err != nil || len(out.Children) != c.want {
			t.Errorf("%s: %v, %s", name, err, told(out))
		}
	}
}
