package calendar

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// reader is another program's reading of the file (Debian's python3-icalendar): what the event's times are when only the VTIMEZONE in the
// file says what clocks show, and what stands in it.
const independentReader = `
import sys, icalendar, pytz
for path in sys.argv[1:]:
    cal = icalendar.Calendar.from_ical(open(path, "rb").read())
    zones = {str(z["TZID"]): z.to_tz() for z in cal.walk("VTIMEZONE")}
    event = cal.walk("VEVENT")[0]
    times = []
    for name in ("DTSTART", "DTEND"):
        at = event[name].dt
        zone = zones.get(event[name].params.get("TZID"), pytz.utc)
        times.append(zone.localize(at.replace(tzinfo=None)).astimezone(pytz.utc).strftime("%Y-%m-%dT%H:%M:%SZ"))
    print("|".join(times + [str(cal["METHOD"]), str(event["SEQUENCE"]), str(event["SUMMARY"]), str(event["ORGANIZER"].params["CN"])]))
`

// TestIndependentReader holds that another program reads the same instants from the zone as it is described in the file, at the hardest times
// of Paris, New York, Apia and others.
func TestIndependentReader(t *testing.T) {
	const python = "/usr/bin/python3"
	if err := exec.CommandContext(t.Context(), python, "-c", "import icalendar, pytz").Run(); err != nil {
		t.Skip("python3-icalendar is not installed")
	}
	var paths, want []string
	for _, zone := range []string{"Europe/Paris", "America/New_York", "Pacific/Apia", "Australia/Lord_Howe", "Africa/Casablanca", "Asia/Kolkata", "America/Martinique", "Indian/Reunion", "Europe/Dublin"} {
		for _, start := range []string{
			"2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z", "2026-11-24T13:30:00Z",
			"2026-03-29T00:45:00Z", "2026-03-29T01:00:00Z", "2026-10-25T00:15:00Z", "2026-10-25T01:15:00Z", "2026-10-25T02:00:00Z", // Europe
			"2026-03-08T06:45:00Z", "2026-03-08T07:00:00Z", "2026-11-01T05:15:00Z", "2026-11-01T06:15:00Z", // New York
			"2011-12-30T09:45:00Z", "2011-12-30T10:00:00Z", // Apia has no 30 December 2011
			"2026-04-04T14:45:00Z", "2026-10-03T15:15:00Z", // Lord Howe, by half an hour
		} {
			a := appointment(start, zone)
			b, err := Encode(a, event())
			if err != nil {
				t.Fatal(err)
			}
			path := filepath.Join(t.TempDir(), "event.ics")
			if err := os.WriteFile(path, b, 0o600); err != nil {
				t.Fatal(err)
			}
			paths = append(paths, path)
			want = append(want, fmt.Sprintf("%s|%s|REQUEST|2|%s|Cabinet 'des Tilleuls'", a.Start.Format(time.RFC3339), a.End.Format(time.RFC3339), event().Summary))
		}
	}
	out, err := exec.CommandContext(t.Context(), python, append([]string{"-c", independentReader}, paths...)...).CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if line != want[i] {
			b, _ := os.ReadFile(paths[i])
			t.Errorf("read as %s\nwant    %s\n%s", line, want[i], b)
		}
	}
}
