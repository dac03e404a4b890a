package booking

import (
	"slices"
	"testing"
	"time"
)

func mustZone(t testing.TB, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func mustDate(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func mustClock(t testing.TB, s string) Clock {
	t.Helper()
	var c Clock
	if err := c.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWallTimes(t *testing.T) {
	for _, c := range []struct{ zone, date, clock, want string }{ // want "": clocks skip it
		{"Europe/Paris", "2026-03-29", "01:59", "2026-03-29T00:59:00Z"},
		{"Europe/Paris", "2026-03-29", "02:00", ""},
		{"Europe/Paris", "2026-03-29", "02:30", ""},
		{"Europe/Paris", "2026-03-29", "03:00", "2026-03-29T01:00:00Z"},
		{"Europe/Paris", "2026-10-25", "01:59", "2026-10-24T23:59:00Z"},
		{"Europe/Paris", "2026-10-25", "02:30", "2026-10-25T00:30:00Z"}, // twice: the first
		{"Europe/Paris", "2026-10-25", "03:00", "2026-10-25T02:00:00Z"},
		{"Europe/Paris", "2026-07-14", "24:00", "2026-07-14T22:00:00Z"},
		{"America/New_York", "2026-03-08", "02:30", ""},
		{"America/New_York", "2026-03-08", "03:00", "2026-03-08T07:00:00Z"},
		{"America/New_York", "2026-11-01", "01:30", "2026-11-01T05:30:00Z"},
		{"America/New_York", "2026-11-01", "02:00", "2026-11-01T07:00:00Z"},
		{"Pacific/Apia", "2011-12-29", "23:59", "2011-12-30T09:59:00Z"},
		{"Pacific/Apia", "2011-12-30", "00:00", ""}, // the day that there was not
		{"Pacific/Apia", "2011-12-30", "12:00", ""},
		{"Pacific/Apia", "2011-12-31", "00:00", "2011-12-30T10:00:00Z"},
		{"Pacific/Apia", "2026-01-05", "09:00", "2026-01-04T20:00:00Z"},
		{"Europe/Istanbul", "2015-12-01", "09:00", "2015-12-01T07:00:00Z"},
		{"Europe/Istanbul", "2016-12-01", "09:00", "2016-12-01T06:00:00Z"}, // summer for good
		{"Asia/Pyongyang", "2018-05-04", "23:45", ""},                      // half an hour forward
		{"Asia/Pyongyang", "2018-05-05", "00:00", "2018-05-04T15:00:00Z"},
		{"Asia/Pyongyang", "2015-08-14", "23:45", "2015-08-14T14:45:00Z"}, // half an hour back, twice
		{"America/Sao_Paulo", "2018-11-04", "00:00", ""},                  // midnight itself
		{"America/Sao_Paulo", "2018-11-04", "01:00", "2018-11-04T03:00:00Z"},
		{"America/Sao_Paulo", "2019-11-03", "00:00", "2019-11-03T03:00:00Z"}, // summer time given up
		{"Australia/Lord_Howe", "2026-10-04", "02:15", ""},                   // half an hour only
		{"Africa/Casablanca", "2026-02-15", "02:30", "2026-02-15T01:30:00Z"},
		{"UTC", "2026-02-15", "02:30", "2026-02-15T02:30:00Z"},
	} {
		at, ok := mustDate(t, c.date).At(mustClock(t, c.clock), mustZone(t, c.zone))
		got := ""
		if ok {
			got = at.Format(time.RFC3339)
		}
		if got != c.want {
			t.Errorf("%s %s %s: %q, want %q", c.zone, c.date, c.clock, got, c.want)
		}
	}
}

// TestWallDayAgrees holds that the short cut of days without a change says the same as the long way.
func TestWallDayAgrees(t *testing.T) {
	for _, name := range []string{"Europe/Paris", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "America/Sao_Paulo", "Africa/Casablanca", "Asia/Tehran"} {
		zone := mustZone(t, name)
		for d := Day(2011, 1, 1); d < Day(2013, 1, 1); d++ {
			day := newWallDay(d, zone)
			for c := Clock(0); c < 48*60; c += 75 {
				got, gotOK := day.instant(c)
				want, ok := d.instant(c, zone)
				if got != want || gotOK != ok {
					t.Fatalf("%s %s %s: %d %t, want %d %t", name, d, c, got, gotOK, want, ok)
				}
				if wall := time.Unix(got, 0).In(zone); ok && DateOf(wall) != d+Date(c/(24*60)) {
					t.Fatalf("%s %s %s is %s", name, d, c, wall)
				}
			}
		}
	}
}

func TestDateAndClockText(t *testing.T) {
	for _, s := range []string{"1969-12-31", "2000-02-29", "2026-11-22", "2100-03-01"} {
		if got := mustDate(t, s).String(); got != s {
			t.Errorf("%s became %s", s, got)
		}
	}
	if d := mustDate(t, "2026-11-22"); d.Weekday() != time.Sunday {
		t.Errorf("%s", d.Weekday())
	}
	if d := mustDate(t, "1960-02-29"); d.Weekday() != time.Monday {
		t.Errorf("%s", d.Weekday())
	}
	for _, s := range []string{"9:30", "24:01", "12:60", "ab:cd", "", "-1:00", "12.30"} {
		var c Clock
		if err := c.UnmarshalText([]byte(s)); err == nil {
			t.Errorf("%q is %s", s, c)
		}
	}
	for _, s := range []string{"2026-02-30", "22.11.2026", ""} {
		if d, err := ParseDate(s); err == nil {
			t.Errorf("%q is %s", s, d)
		}
	}
}

func TestHolidays(t *testing.T) {
	for year, want := range map[int]string{ // Easter, from the tables of the IMCCE
		1961: "1961-04-02", 2000: "2000-04-23", 2008: "2008-03-23", 2011: "2011-04-24", 2019: "2019-04-21", 2024: "2024-03-31",
		2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28", 2038: "2038-04-25", 2049: "2049-04-18", 2285: "2285-03-22",
	} {
		if got := Easter(year); got != mustDate(t, want) || got.Weekday() != time.Sunday {
			t.Errorf("Easter %d: %s, want %s", year, got, want)
		}
	}
	want := map[Holidays][]string{
		HolidaysFrance: {"2026-01-01", "2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14", "2026-05-25", "2026-07-14", "2026-08-15",
			"2026-11-01", "2026-11-11", "2026-12-25"},
		HolidaysAlsaceMoselle: {"2026-01-01", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14", "2026-05-25", "2026-07-14",
			"2026-08-15", "2026-11-01", "2026-11-11", "2026-12-25", "2026-12-26"},
		HolidaysNone: nil,
	}
	for whose, day := range map[Holidays]string{HolidaysMayotte: "2026-04-27", HolidaysMartinique: "2026-05-22", HolidaysGuadeloupe: "2026-05-27", HolidaysGuyane: "2026-06-10", HolidaysReunion: "2026-12-20"} {
		want[whose] = slices.Sorted(slices.Values(append(slices.Clone(want[HolidaysFrance]), day)))
		if !whose.valid() || whose.Of(mustDate(t, day)) != Abolition {
			t.Errorf("%s: %s", whose, day)
		}
	}
	for whose, days := range want {
		var got []string
		for d := Day(2026, 1, 1); d <= Day(2026, 12, 31); d++ {
			if whose.On(d) {
				got = append(got, d.String())
			}
		}
		if len(got) != len(days) {
			t.Fatalf("%q: %v", whose, got)
		}
		for i := range got {
			if got[i] != days[i] {
				t.Errorf("%q: %s, want %s", whose, got[i], days[i])
			}
		}
	}
}
