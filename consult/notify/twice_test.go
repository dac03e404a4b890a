package notify

import (
	"testing"
	"time"
)

// TestTheHourThatComesTwice: where a clock shows the same time twice, both are told apart; nowhere else.
func TestTheHourThatComesTwice(t *testing.T) {
	for _, c := range []struct {
		utc, zone, in      string
		clock, long, short string
	}{
		{"2026-10-25T00:30:00Z", "Europe/Paris", "fr", "02:30 (heure d'été)", "dimanche 25 octobre 2026 à 02:30 (heure de Paris, heure d'été)", "dim. 25/10 02:30 (Paris, heure d'été)"},
		{"2026-10-25T01:30:00Z", "Europe/Paris", "fr", "02:30 (heure d'hiver)", "dimanche 25 octobre 2026 à 02:30 (heure de Paris, heure d'hiver)", "dim. 25/10 02:30 (Paris, heure d'hiver)"},
		{"2026-10-25T00:30:00Z", "Europe/Paris", "ar", "02:30 (التوقيت الصيفي)", "الأحد 25 أكتوبر 2026 الساعة 02:30 (توقيت Paris، التوقيت الصيفي)", "الأحد 25/10 02:30 (Paris، التوقيت الصيفي)"},
		{"2026-10-25T01:30:00Z", "Europe/Paris", "ar", "02:30 (التوقيت الشتوي)", "الأحد 25 أكتوبر 2026 الساعة 02:30 (توقيت Paris، التوقيت الشتوي)", "الأحد 25/10 02:30 (Paris، التوقيت الشتوي)"},
		{"2026-11-01T05:00:00Z", "America/New_York", "en", "01:00 (summer time)", "Sunday 1 November 2026 at 01:00 (New York time, summer time)", "Sun 01/11 01:00 (New York, summer time)"},
		{"2026-11-01T06:59:00Z", "America/New_York", "en", "01:59 (winter time)", "Sunday 1 November 2026 at 01:59 (New York time, winter time)", "Sun 01/11 01:59 (New York, winter time)"},
		// The edges of the hour.
		{"2026-10-24T23:59:59Z", "Europe/Paris", "fr", "01:59", "dimanche 25 octobre 2026 à 01:59 (heure de Paris)", "dim. 25/10 01:59 (Paris)"},
		{"2026-10-25T00:00:00Z", "Europe/Paris", "fr", "02:00 (heure d'été)", "dimanche 25 octobre 2026 à 02:00 (heure de Paris, heure d'été)", "dim. 25/10 02:00 (Paris, heure d'été)"},
		{"2026-10-25T01:00:00Z", "Europe/Paris", "fr", "02:00 (heure d'hiver)", "dimanche 25 octobre 2026 à 02:00 (heure de Paris, heure d'hiver)", "dim. 25/10 02:00 (Paris, heure d'hiver)"},
		{"2026-10-25T02:00:00Z", "Europe/Paris", "fr", "03:00", "dimanche 25 octobre 2026 à 03:00 (heure de Paris)", "dim. 25/10 03:00 (Paris)"},
		{"2026-11-01T04:59:00Z", "America/New_York", "en", "00:59", "Sunday 1 November 2026 at 00:59 (New York time)", "Sun 01/11 00:59 (New York)"},
		{"2026-11-01T07:00:00Z", "America/New_York", "en", "02:00", "Sunday 1 November 2026 at 02:00 (New York time)", "Sun 01/11 02:00 (New York)"},
		// In spring no hour comes twice.
		{"2026-03-29T01:00:00Z", "Europe/Paris", "fr", "03:00", "dimanche 29 mars 2026 à 03:00 (heure de Paris)", "dim. 29/03 03:00 (Paris)"},
		// South of the equator, by half an hour, and zones that never change.
		{"2026-04-04T14:45:00Z", "Australia/Lord_Howe", "en", "01:45 (summer time)", "Sunday 5 April 2026 at 01:45 (Lord Howe time, summer time)", "Sun 05/04 01:45 (Lord Howe, summer time)"},
		{"2026-04-04T14:29:00Z", "Australia/Lord_Howe", "en", "01:29", "Sunday 5 April 2026 at 01:29 (Lord Howe time)", "Sun 05/04 01:29 (Lord Howe)"},
		{"2026-10-25T00:30:00Z", "Asia/Tokyo", "en", "09:30", "Sunday 25 October 2026 at 09:30 (Tokyo time)", "Sun 25/10 09:30 (Tokyo)"},
		{"2026-10-25T00:30:00Z", "UTC", "en", "00:30", "Sunday 25 October 2026 at 00:30 (UTC time)", "Sun 25/10 00:30 (UTC)"},
		// In Ireland it is winter time that the tables call the exception; in Morocco the clocks go back in Ramadan, and summer has nothing to do with it.
		{"2026-10-25T00:30:00Z", "Europe/Dublin", "en", "01:30 (summer time)", "Sunday 25 October 2026 at 01:30 (Dublin time, summer time)", "Sun 25/10 01:30 (Dublin, summer time)"},
		{"2026-02-15T01:30:00Z", "Africa/Casablanca", "fr", "02:30 (UTC+01:00)", "dimanche 15 février 2026 à 02:30 (heure de Casablanca, UTC+01:00)", "dim. 15/02 02:30 (Casablanca, UTC+01:00)"},
		{"2026-02-15T02:30:00Z", "Africa/Casablanca", "fr", "02:30 (UTC+00:00)", "dimanche 15 février 2026 à 02:30 (heure de Casablanca, UTC+00:00)", "dim. 15/02 02:30 (Casablanca, UTC+00:00)"},
	} {
		at, err := time.Parse(time.RFC3339, c.utc)
		if err != nil {
			t.Fatal(err)
		}
		zone, err := time.LoadLocation(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := Clock(at.In(zone), c.in); got != c.clock {
			t.Errorf("%s in %s: clock %q, want %q", c.utc, c.zone, got, c.clock)
		}
		if got := Instant(at, c.zone, c.in); got != c.long {
			t.Errorf("%s in %s: %q, want %q", c.utc, c.zone, got, c.long)
		}
		if got := shortInstant(at.In(zone), c.in); got != c.short {
			t.Errorf("%s in %s: %q, want %q", c.utc, c.zone, got, c.short)
		}
	}
}
