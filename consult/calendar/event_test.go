package calendar

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/emersion/go-ical"

	"github.com/colloque/colloque/consult/booking"
)

func appointment(start, zone string) booking.Appointment {
	at, _ := time.Parse(time.RFC3339, start)
	return booking.Appointment{
		ID: "ap_0123456789012345678901", UID: "ap_0123456789012345678901", Sequence: 2, State: booking.StateBooked, Label: "Consultation", Start: at,
		End: at.Add(30 * time.Minute), TimeZone: zone, CreatedAt: at.Add(-72 * time.Hour), ChangedAt: at.Add(-48 * time.Hour),
	}
}

func event() Event {
	return Event{
		Method: MethodRequest, Summary: "Rendez-vous – Cabinet des Tilleuls; Lyon, 3e", Name: `Cabinet "des Tilleuls"`, Organizer: "rendez-vous@example.org",
		Attendee: "jeanne@example.org", Location: "Vidéo", Link: "https://visio.example.org/a/xxxxxxxxxxxxxxxxxxxxxxxxxxx",
		Description: "Le lien pour voir, déplacer ou annuler\\changer :\r\nune ligne assez longue pour être pliée, avec des accents éèàù, et même un émoji 🌿.",
	}
}

// TestGolden compares with files that were looked at; TEST_UPDATE=yes writes them anew.
func TestGolden(t *testing.T) {
	cancelled := appointment("2026-11-24T13:30:00Z", "Europe/Paris")
	cancelled.State, cancelled.Sequence = booking.StateCancelled, 3
	cancel := event()
	cancel.Method = MethodCancel
	for name, c := range map[string]struct {
		a booking.Appointment
		e Event
	}{"request.ics": {appointment("2026-11-24T13:30:00Z", "Europe/Paris"), event()}, "cancel.ics": {cancelled, cancel}} {
		got, err := Encode(c.a, c.e)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", name)
		if os.Getenv("TEST_UPDATE") == "yes" {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s: %v\n%s", name, err, got)
		}
	}
}

func TestLines(t *testing.T) {
	got, err := Encode(appointment("2026-11-24T13:30:00Z", "Europe/Paris"), event())
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.SplitAfter(string(got), "\r\n") { // RFC 5545 §3.1: 75 octets without the break
		if len(line) > 77 || (line != "" && !strings.HasSuffix(line, "\r\n")) {
			t.Errorf("%d bytes: %q", len(line), line)
		}
	}
	unfolded := strings.ReplaceAll(string(got), "\r\n ", "")
	for _, want := range []string{`Tilleuls\; Lyon\, 3e`, "DTSTART;TZID=Europe/Paris:20261124T143000\r\n", "TZOFFSETTO:+0100\r\n", "SEQUENCE:2\r\n", "METHOD:REQUEST\r\n", `annuler\\changer :\nune`} {
		if !strings.Contains(unfolded, want) {
			t.Errorf("%q is missing in\n%s", want, got)
		}
	}
}

func FuzzFold(f *testing.F) {
	f.Add("SUMMARY:" + strings.Repeat("é🌿x", 60) + "\r\nUID:1\r\n")
	f.Fuzz(func(t *testing.T, s string) {
		s = strings.ReplaceAll(s, "\r\n ", "") + "\r\n"
		folded := string(fold([]byte(s)))
		if got := strings.ReplaceAll(folded, "\r\n ", ""); got != s {
			t.Fatalf("%q became %q", s, got)
		}
		for _, line := range strings.Split(folded, "\r\n") {
			if len(line) > lineOctets || (utf8.ValidString(s) && !utf8.ValidString(line)) {
				t.Fatalf("%q", line)
			}
		}
	})
}

// TestRoundTrip reads back what was written, in zones and at instants that are hard.
func TestRoundTrip(t *testing.T) {
	for _, c := range []struct{ start, zone string }{
		{"2026-11-24T13:30:00Z", "Europe/Paris"}, {"2026-03-29T00:45:00Z", "Europe/Paris"}, {"2026-10-24T23:45:00Z", "Europe/Paris"},
		{"2026-03-08T06:45:00Z", "America/New_York"}, {"2011-12-30T09:45:00Z", "Pacific/Apia"}, {"2026-01-01T00:00:00Z", "Asia/Kolkata"},
		{"2026-07-01T12:00:00Z", "Africa/Casablanca"}, {"2026-07-01T12:00:00Z", "UTC"}, {"2026-07-01T12:00:00Z", "Australia/Lord_Howe"},
	} {
		a, e := appointment(c.start, c.zone), event()
		b, err := Encode(a, e)
		if err != nil {
			t.Fatal(err)
		}
		cal, err := ical.NewDecoder(bytes.NewReader(b)).Decode()
		if err != nil {
			t.Fatalf("%v\n%s", err, b)
		}
		got := cal.Events()[0]
		zone, _ := time.LoadLocation(c.zone)
		start, err1 := got.DateTimeStart(zone)
		end, err2 := got.DateTimeEnd(zone)
		if err := errors.Join(err1, err2); err != nil || !start.Equal(a.Start) || !end.Equal(a.End) {
			t.Errorf("%s %s: %v %s %s", c.start, c.zone, err, start, end)
		}
		for name, want := range map[string]string{
			ical.PropUID: a.UID, ical.PropSummary: e.Summary, ical.PropDescription: strings.ReplaceAll(e.Description, "\r\n", "\n"), ical.PropLocation: e.Location,
		} {
			if text, err := got.Props.Text(name); err != nil || text != want {
				t.Errorf("%s: %q, want %q", name, text, want)
			}
		}
		described(t, cal, a, zone)
	}
}

// described holds that the VTIMEZONE says of the start what the zone does.
func described(t *testing.T, cal *ical.Calendar, a booking.Appointment, zone *time.Location) {
	t.Helper()
	if cal.Events()[0].Props.Get(ical.PropDateTimeStart).Params.Get(ical.ParamTimezoneID) == "" {
		return // said in UTC
	}
	for _, c := range cal.Children {
		if c.Name != ical.CompTimezone {
			continue
		}
		read, err := zoneFrom(c)
		if err != nil {
			t.Fatal(err)
		}
		const form = "2006-01-02T15:04:05-0700"
		if got, want := a.Start.In(read).Format(form), a.Start.In(zone).Format(form); got != want {
			t.Errorf("%s: the file says %s, the zone %s", zone, got, want)
		}
	}
}

func TestWhatIsNoEvent(t *testing.T) {
	timeless := appointment("2026-11-24T13:30:00Z", "Europe/Paris")
	timeless.Start = time.Time{}
	noOrganizer := event()
	noOrganizer.Organizer = ""
	for _, c := range []struct {
		a booking.Appointment
		e Event
	}{{timeless, event()}, {appointment("2026-11-24T13:30:00Z", "Mars/Olympus"), event()}, {appointment("2026-11-24T13:30:00Z", "Europe/Paris"), noOrganizer}} {
		if _, err := Encode(c.a, c.e); !errors.Is(err, ErrBadEvent) {
			t.Errorf("%v", err)
		}
	}
	a := appointment("2026-11-24T13:30:00Z", "Europe/Paris")
	for state, want := range map[booking.State]Method{
		booking.StateBooked: MethodRequest, booking.StateNoShow: MethodRequest, booking.StateCancelled: MethodCancel, booking.StateRefused: MethodCancel,
	} {
		if a.State = state; MethodOf(a, "o@example.org", "a@example.org") != want {
			t.Errorf("%s", state)
		}
		if MethodOf(a, "o@example.org", "") != MethodPublish {
			t.Error("nobody to invite")
		}
	}
}
