package calendar

import (
	"bytes"
	"testing"
	"time"

	"github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"
)

// outlookOffset is how far east of UTC Outlook and Exchange take a time on a zone's clocks to be (MS-OXCICAL §2.1.3.1.1.19): they read one
// STANDARD and one DAYLIGHT, each coming back every year on one weekday of a month; what has no DAYLIGHT is always the same.
func outlookOffset(t *testing.T, zone *ical.Component, wall time.Time) int32 {
	t.Helper()
	kinds := map[string]*ical.Component{}
	for _, o := range zone.Children {
		if kinds[o.Name] != nil {
			t.Fatalf("two of %s: Outlook takes one, or none at all", o.Name)
		}
		kinds[o.Name] = o
	}
	standard, daylight := kinds[ical.CompTimezoneStandard], kinds[ical.CompTimezoneDaylight]
	offset := func(o *ical.Component) int32 {
		seconds, err := offsetOf(o, ical.PropTimezoneOffsetTo)
		if err != nil {
			t.Fatal(err)
		}
		return seconds
	}
	if daylight == nil {
		return offset(standard)
	}
	onset := func(o *ical.Component) time.Time {
		prop := o.Props.Get(ical.PropRecurrenceRule)
		if prop == nil {
			t.Fatalf("%s has no rule: Outlook makes a zone without summer time of it", o.Name)
		}
		option, err := rrule.StrToROption(prop.Value)
		if err != nil || option.Freq != rrule.YEARLY || len(option.Byweekday) != 1 || option.Byweekday[0].N() == 0 || len(option.Bymonth) != 1 {
			t.Fatalf("%v %s", err, prop.Value)
		}
		at, err := time.Parse("20060102T150405", o.Props.Get(ical.PropDateTimeStart).Value)
		if err != nil {
			t.Fatal(err)
		}
		option.Dtstart = time.Date(wall.Year(), 1, 1, at.Hour(), at.Minute(), at.Second(), 0, time.UTC)
		rule, err := rrule.NewRRule(*option)
		if err != nil {
			t.Fatal(err)
		}
		return rule.After(option.Dtstart, true)
	}
	summer, winter := onset(daylight), onset(standard)
	if in := !wall.Before(summer) && wall.Before(winter); summer.Before(winter) && in || winter.Before(summer) && (!wall.Before(summer) || wall.Before(winter)) {
		return offset(daylight)
	}
	return offset(standard)
}

// TestOutlookReadsZones: an appointment at noon, once a week for two years, is at noon in Outlook too, in zones north and south, with rules,
// without, and with rules that cannot be said: those are said in UTC.
func TestOutlookReadsZones(t *testing.T) {
	for name, ruled := range map[string]bool{
		"Europe/Paris": true, "Europe/London": true, "Europe/Dublin": true, "America/New_York": true, "America/Martinique": true, "America/Sao_Paulo": true,
		"America/Santiago": false, "Africa/Casablanca": false, "Asia/Kolkata": true, "Asia/Dubai": true, "Asia/Jerusalem": false, "Asia/Amman": true,
		"Australia/Lord_Howe": true, "Pacific/Auckland": true, "Pacific/Apia": true, "Pacific/Noumea": true, "Indian/Reunion": true, "UTC": false,
	} {
		zone, err := time.LoadLocation(name)
		if err != nil {
			t.Fatal(err)
		}
		for week := range 2 * 52 {
			noon := time.Date(2026, 1, 1+7*week, 12, 0, 0, 0, zone)
			a := appointment(noon.UTC().Format(time.RFC3339), name)
			file, err := Encode(a, event())
			if err != nil {
				t.Fatal(err)
			}
			cal, err := Read(bytes.NewReader(file))
			if err != nil {
				t.Fatal(err)
			}
			start := cal.Events()[0].Props.Get(ical.PropDateTimeStart)
			if id := start.Params.Get(ical.ParamTimezoneID); (id != "") != ruled {
				t.Fatalf("%s is said in %q: %s", noon, id, file)
			}
			wall, err := time.Parse("20060102T150405", start.Value)
			if !ruled {
				wall, err = time.Parse("20060102T150405Z", start.Value)
			}
			if err != nil {
				t.Fatal(err)
			}
			if ruled {
				wall = wall.Add(-time.Duration(outlookOffset(t, cal.Children[0], wall)) * time.Second)
			}
			if !wall.Equal(noon) {
				t.Fatalf("Outlook shows %s instead of %s: %s", wall, noon, file)
			}
		}
	}
}

// TestZoneOf: rules are said only for as long as they hold.
func TestZoneOf(t *testing.T) {
	for _, c := range []struct {
		zone, at string
		ruled    bool
	}{
		{"Europe/Paris", "1995-06-01", false}, // summer time ended in September until then
		{"Europe/Paris", "1998-06-01", true},
		{"America/New_York", "2006-06-01", false}, // and from March on afterwards
		{"America/New_York", "2009-06-01", true},
		{"Pacific/Apia", "2011-12-30", false}, // the day that was not
		{"Europe/Istanbul", "2015-06-01", false},
		{"Europe/Istanbul", "2026-06-01", true},
	} {
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		at := day(t, c.at)
		if got := zoneOf(zone, at, at.Add(time.Hour)) != nil; got != c.ruled {
			t.Errorf("%s on %s: %v", c.zone, c.at, got)
		}
	}
}
