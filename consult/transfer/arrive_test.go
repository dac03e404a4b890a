package transfer

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/charmap"

	"github.com/colloque/colloque/consult/booking"
)

// arriving are files as a practice brings them from what it used before.
func arriving(t *testing.T) map[string]struct{ file, want string } {
	t.Helper()
	western, err := charmap.Windows1252.NewEncoder().String("\"Date de début\";\"Heure de début\";\"Date de fin\";\"Heure de fin\";\"Agenda\";\"Motif de consultation\";\"Civilité\";\"Nom\";\"Nom de naissance\";\"Prénom\";\"Date de naissance\";\"Téléphone portable\";\"Téléphone\";\"Téléphone fixe\";\"Adresse e-mail\";\"Statut\";\"Note\"\r\n" +
		"\"24/12/2026\";\"14:30\";\"24/12/2026\";\"15:00\";\"Dr MOREAU Claire\";\"Suivi\";\"Mme\";\"Lefèvre\";\"Durand\";\"Zoé\";\"09/03/1948\";\"\";\"\";\"01 23 45 67 89\";\"\";\"Confirmé\";\"à jeun\"\r\n" +
		"\"24/12/2026\";\"14:30\";\"24/12/2026\";\"15:00\";\"Dr Paul Petit\";\"Suivi\";\"M.\";\"Roux\";\"\";\"Ali\";\"09/03/1948\";\"06 39 98 00 10\";\"\";\"\";\"\";\"Confirmé\";\"\"\r\n" +
		"\"02/11/2026\";\"14:30\";\"02/11/2026\";\"15:00\";\"Dr Claire Moreau\";\"Suivi\";\"Mme\";\"Lefèvre\";\"\";\"Zoé\";\"09/03/1948\";\"06 39 98 00 10\";\"01 23 45 67 89\";\"\";\"\";\"Patient absent non excusé\";\"\"\r\n" +
		"\"28/12/2026\";\"09:00\";\"28/12/2026\";\"09:30\";\"Dr Claire Moreau\";\"Suivi\";\"Mme\";\"Lefèvre\";\"\";\"Zoé\";\"09/03/1948\";\"06 39 98 00 10\";\"\";\"\";\"\";\"Annulé par le patient\";\"\"\r\n" +
		"\"28/12/2026\";\"09:00\";\"28/12/2026\";\"09:30\";\"Dr Claire Moreau\";\"Suivi\";\"Mme\";\"Lefèvre\";\"\";\"Zoé\";\"09/03/1948\";\"06 39 98 00 10\";\"\";\"\";\"\";\"Confirmé\";\"\"\r\n")
	if err != nil {
		t.Fatal(err)
	}
	calendar := func(parts ...string) string {
		return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Other//EN\r\n" + strings.Join(parts, "") + "END:VCALENDAR\r\n"
	}
	event := func(lines ...string) string {
		return "BEGIN:VEVENT\r\nDTSTAMP:20261101T000000Z\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\n"
	}
	romance := "BEGIN:VTIMEZONE\r\nTZID:Romance Standard Time\r\nBEGIN:STANDARD\r\nDTSTART:16011028T030000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\n" +
		"BEGIN:DAYLIGHT\r\nDTSTART:16010325T020000\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
	return map[string]struct{ file, want string }{
		"a practice's list, Windows-1252": {western, "2 new created\n3 left-out practitioner\n4 new found\n5 new cancelled found\n6 new found\n" +
			"1102T1330 noshow Zoé Lefèvre +33123456789|1224T1330 booked Zoé Lefèvre +33123456789|1228T0800 booked Zoé Lefèvre +33123456789|1228T0800 cancelled Zoé Lefèvre +33123456789|"},
		"one name of an agenda": {"Début,Fin,Praticien,Patient,Téléphone,Statut\n24/12/2026 14:30,24/12/2026 15:00,Cabinet principal,LEFEVRE Zoé,+33 6 39 98 00 10,Honoré\n",
			"2 new created\n1224T1330 booked LEFEVRE Zoé +33639980010|"},
		"ISO, tabs, a mark": {"\xef\xbb\xbfstart\tend\tfirst name\tlast name\tbirthdate\tphone number\tservice\tstatus\n2026-12-24 14:30\t2026-12-24 15:00\tZoé\tLefèvre\t1948-03-09\t\tFollow-up\tconfirmed\n2026-12-24T14:10:00Z\t2026-12-24T14:30:00Z\tAli\tRoux\t\t0639980011\t\t\n2026-12-24 14:45\t2026-12-24 15:15\tLate\tComer\t\t0639980012\t\t\n",
			"2 new created\n3 new created\n4 left-out taken\n1224T1330 booked Zoé Lefèvre|1224T1410 booked Ali Roux +33639980011|"},
		"Easy!Appointments, table": {"\"id\",\"start_datetime\",\"end_datetime\",\"customer\",\"provider\",\"service\",\"status\"\n\"12\",\"2026-12-24 14:30:00\",\"2026-12-24 15:00:00\",\"Zoé Lefèvre\",\"Claire Moreau\",\"Suivi\",\"Booked\"\n\"13\",\"2026-12-24 15:30:00\",\"2026-12-24 16:00:00\",\"Zoé Lefèvre\",\"Claire Moreau\",\"Suivi\",\"Cancelled - Patient\"\n",
			"2 new nothing-known none\n3 new nothing-known none\n1224T1330 booked Zoé Lefèvre|1224T1430 cancelled Zoé Lefèvre|"},
		"Easy!Appointments, calendar": {calendar(event("UID:9d@x", "DTSTART:20261224T133000Z", "DTEND:20261224T140000Z", "SUMMARY:Suivi",
			`DESCRIPTION:Provider\n\nName: Claire Moreau\nPhone Number: 0123456789\n\nCustomer\n\nName: Zoé Lefèvre\nPhone Number: 0639980010`,
			"ORGANIZER;CN=Claire Moreau:mailto:c@example.org", "ATTENDEE;CN=Claire Moreau:mailto:c@example.org", "ATTENDEE;CN=Zoé Lefèvre:mailto:z@example.org")),
			"1 new created\n1224T1330 booked Zoé Lefèvre +33639980010 z@example.org|"},
		"Google Calendar": {calendar("X-WR-TIMEZONE:Europe/Paris\r\n",
			event("DTSTART:20261224T133000Z", "DTEND:20261224T140000Z", "UID:3n5k@google.com", "SUMMARY:Zoé Lefèvre", "STATUS:CONFIRMED"),
			event("DTSTART;TZID=Europe/Paris:20261207T090000", "DTEND;TZID=Europe/Paris:20261207T093000", "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE;TZID=Europe/Paris:20261214T090000", "UID:r@google.com", "SUMMARY:Ali Roux"),
			event("DTSTART;VALUE=DATE:20261225", "DTEND;VALUE=DATE:20261226", "UID:n@google.com", "SUMMARY:Noël"),
			event("DTSTART:20261224T100000", "DTEND:20261224T103000", "UID:f@google.com", "SUMMARY:Léa Durand"),
			event("DTSTART:20261224T134500Z", "DTEND:20261224T141500Z", "UID:o@google.com", "SUMMARY:Over Lap")),
			"1 new nothing-known none\n2 new nothing-known none\n2 new nothing-known none\n3 left-out whole-day\n4 new nothing-known none\n5 left-out taken\n" +
				"1207T0800 booked Ali Roux|1221T0800 booked Ali Roux|1224T0900 booked Léa Durand|1224T1330 booked Zoé Lefèvre|"},
		"Outlook": {calendar(romance,
			event(`DTSTART;TZID="Romance Standard Time":20270724T143000`, "DTEND;TZID=Romance Standard Time:20270724T150000", "UID:"+strings.Repeat("040000008200E0", 40), "SUMMARY;LANGUAGE=fr:Zoé Lefèvre"),
			event("DTSTART;TZID=Romance Standard Time:20261224T143000", "DTEND;TZID=Romance Standard Time:20261224T150000", "UID:0400", "SUMMARY:Annulé: Ali Roux", "STATUS:CANCELLED")),
			"1 new nothing-known none\n2 new nothing-known none\n1224T1330 cancelled Ali Roux|0724T1230 booked Zoé Lefèvre|"},
		"Nextcloud": {calendar(event("UID:nc-1", "DTSTART;TZID=Europe/Paris:20261224T143000", "DTEND;TZID=Europe/Paris:20261224T150000", "SUMMARY:✔️ Zoé Lefèvre", `DESCRIPTION:Zoé Lefèvre\n0639980010`, "STATUS:CONFIRMED")),
			"1 new created\n1224T1330 booked Zoé Lefèvre +33639980010|"},
	}
}

// TestArriving: what was said before is what happens, and the same file again makes nothing.
func TestArriving(t *testing.T) {
	for name, c := range arriving(t) {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			rows := d.table(c.file)
			o := Options{Service: d.service, CreatePatients: true, DryRun: true}
			before := d.store.Revision()
			would := d.run(rows, o)
			if d.store.Revision() != before {
				t.Error("a dry run has written something")
			}
			o.DryRun = false
			done := d.run(rows, o)
			if done != would {
				t.Errorf("would be\n%s\nis\n%s", would, done)
			}
			var b strings.Builder
			b.WriteString(done + "\n")
			err := d.Book.Each(t.Context(), d.of, time.Time{}, endOfTime(), func(a booking.Appointment) error {
				b.WriteString(strings.TrimSpace(strings.Join([]string{a.Start.Format("0102T1504"), string(a.State), a.Person.Name, a.Person.Contact.Phone, a.Person.Contact.Mail}, " ")) + "|")
				return nil
			})
			if got := sortedBook(b.String()); err != nil || got != c.want {
				t.Errorf("%v\n%s\nwant\n%s", err, got, c.want)
			}
			after := d.store.Revision()
			if again := d.run(rows, o); strings.Contains(again, "new") || d.store.Revision() != after {
				t.Errorf("again:\n%s", again)
			}
			if d.told.notices != 0 {
				t.Error("somebody was told something")
			}
		})
	}
}

// sortedBook puts what stands at the same time in the order of the state: ids have none.
func sortedBook(text string) string {
	head, all, _ := cutLast(text, "\n")
	entries := strings.SplitAfter(all, "|")
	for i := 1; i < len(entries); i++ {
		if a, b := entries[i-1], entries[i]; len(a) > 9 && len(b) > 9 && a[:9] == b[:9] && b < a {
			entries[i-1], entries[i] = b, a
		}
	}
	return head + "\n" + strings.Join(entries, "")
}

func cutLast(text, at string) (before, after string, found bool) {
	i := strings.LastIndex(text, at)
	return text[:i], text[i+len(at):], i >= 0
}

// TestCancelledThere: of what is known here the page says that it was cancelled there; here it stands.
func TestCancelledThere(t *testing.T) {
	d := newDesk(t)
	const head = "Date;Heure;Nom;Téléphone;Motif;Statut;Id\n"
	d.run(d.table(head+"24/11/2026;9h;Léa;0639980010;Suivi;;7\n"), Options{})
	if got := d.run(d.table(head+"24/11/2026;9h;Léa;0639980010;Suivi;Annulé;7\n"), Options{}); got != "2 known cancelled" {
		t.Error(got)
	}
	all, err := d.Book.Appointments(d.of, d.clock.Now(), d.clock.Now().AddDate(0, 1, 0))
	if err != nil || len(all) != 1 || all[0].State != booking.StateBooked {
		t.Error(all, err)
	}
}

// TestStateWords: each state has a word of its own, which is read again.
func TestStateWords(t *testing.T) {
	seen := map[string]booking.State{}
	for state, word := range stateWords() {
		if other, ok := seen[word]; ok {
			t.Errorf("%s and %s are both %q", state, other, word)
		}
		seen[word] = state
		var s said
		setState(&s, word)
		switch state {
		case booking.StateBooked, booking.StateArrived, booking.StateInVisit, booking.StateInterrupted:
			state = ""
		}
		if s.State != state {
			t.Errorf("%q is read as %q", word, s.State)
		}
	}
}
