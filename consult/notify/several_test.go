package notify

import (
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

// TestSeveralInstants: days and times of several appointments in a line for text messages, in lines for mails; in the hour that comes twice, which.
func TestSeveralInstants(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, instants, in string
		channel            Channel
		want               string
	}{
		{"none", "", "fr", ChannelSMS, ""},
		{"no instants", "tomorrow", "fr", ChannelSMS, ""},
		{"French", "2026-12-01T08:00:00Z 2026-12-08T08:00:00Z", "fr", ChannelSMS, "mar. 01/12 09:00, mar. 08/12 09:00 (Paris)"},
		{"twice", "2026-10-25T00:30:00Z 2026-10-25T01:30:00Z", "en", ChannelSMS, "Sun 25/10 02:30 summer time, Sun 25/10 02:30 winter time (Paris)"},
		{"Arabic", "2026-12-01T08:00:00Z 2026-12-08T08:00:00Z", "ar", ChannelSMS, "الثلاثاء 01/12 09:00، الثلاثاء 08/12 09:00 (Paris)"},
		{"mail", "2026-12-01T08:00:00Z 2026-12-08T08:00:00Z", "fr", ChannelMail, "mardi 1er décembre 2026 à 09:00 (heure de Paris)\nmardi 8 décembre 2026 à 09:00 (heure de Paris)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := severalInstants(c.instants, zone, c.in, c.channel); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

// TestSeveralTexts: the texts as they come tell of several; a practice's own that says one appointment says all of them too.
func TestSeveralTexts(t *testing.T) {
	w := words{Practice: "Cabinet", Link: "https://x", Times: "A, B (Paris)", When: "A, B (Paris)"}
	for _, kind := range []consult.NoticeKind{consult.NoticeAppointment, consult.NoticeAppointmentMoved, consult.NoticeAppointmentCancelled} {
		for _, in := range Languages() {
			_, text, err := defaultTemplate(TemplateKey{kind, ChannelSMS, in}).fill(w)
			_, one, errOne := defaultTemplate(TemplateKey{kind, ChannelSMS, in}).fill(words{Practice: "Cabinet", Link: "https://x", When: "A, B (Paris)"})
			if err != nil || errOne != nil || strings.Count(text, "A, B (Paris)") != 1 || text == one || strings.Count(one, "A, B (Paris)") != 1 {
				t.Errorf("%s %s: %q %q %v", kind, in, text, one, err)
			}
		}
	}
}
