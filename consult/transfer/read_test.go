package transfer

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/table"
)

var readNow = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)

// shown is what was read, a line a row: number, start–end in UTC, name; then what else there is.
func shown(rows []Row) string {
	var all []string
	for _, r := range rows {
		text := fmt.Sprintf("%d %s", r.Number, r.Shown())
		if !r.Start.IsZero() {
			text += " " + r.Start.UTC().Format("0102T1504")
		}
		if !r.End.IsZero() {
			text += "-" + r.End.UTC().Format("1504")
		}
		for _, more := range []string{string(r.Bad), string(r.State), r.Service, r.Mail} {
			if more != "" {
				text += " " + more
			}
		}
		all = append(all, text)
	}
	return strings.Join(all, " | ")
}

func read(t *testing.T, text string) string {
	t.Helper()
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	rows, unknown, err := Read([]byte(text), paris, readNow)
	if err != nil {
		return string(consult.CodeOf(err))
	}
	if len(unknown) > 0 {
		return shown(rows) + " " + fmt.Sprint(unknown)
	}
	return shown(rows)
}

// TestReadTable: tables as spreadsheets and other software write them.
func TestReadTable(t *testing.T) {
	sheet := func(rest string) string { return "Date;Heure;Nom\n" + rest }
	utf := func(text string) string {
		b := []byte{0xff, 0xfe}
		for _, unit := range utf16.Encode([]rune(text)) {
			b = append(b, byte(unit), byte(unit>>8))
		}
		return string(b)
	}
	const good = "2 Léa 1124T0830"
	for name, c := range map[string]struct{ in, want string }{
		"UTF-8 with a mark":    {"\xef\xbb\xbf" + sheet("24/11/2026;9h30;Léa\n"), good},
		"Windows-1252":         {sheet("24/11/2026;9h30;L\xe9a\r\n"), good},
		"UTF-16 of Excel":      {utf("Date\tHeure\tNom\r\n24/11/2026\t9h30\tLéa\r\n"), good},
		"sep=":                 {"sep=;\r\n" + sheet("24/11/2026;9h30;Léa\n"), "3 Léa 1124T0830"},
		"a title above":        {"Agenda du Dr Moreau, semaine 48\n\n" + sheet("24/11/2026;9h30;Léa\n"), "4 Léa 1124T0830"},
		"old Macintosh":        {"Date;Heure;Nom\r24/11/2026;9h30;Léa\r", good},
		"a year of two digits": {sheet("24/11/26;9h30;Léa\n"), good},
		"words":                {sheet("mardi 24 novembre 2026;9h30;Léa\nmar. 24/11/2026;9h30;Léa\n24 nov. 2026;9h30;Léa\n\"Tuesday, November 24, 2026\";9:30 AM;Léa\nsam. 1er août 2026;9h30;Léa\n"), "2 Léa 1124T0830 | 3 Léa 1124T0830 | 4 Léa 1124T0830 | 5 Léa 1124T0830 | 6 Léa 0801T0730"},
		"times":                {sheet("24/11/2026;9h;A\n24/11/2026;09:30:00;B\n24/11/2026;9.30;C\n24/11/2026;0930;D\n24/11/2026;2:30 PM;E\n24/11/2026;14 h 30;F\n24/11/2026;9;G\n24/11/2026;9h61;H\n"), "2 A 1124T0800 | 3 B 1124T0830 | 4 C 1124T0830 | 5 D 1124T0830 | 6 E 1124T1330 | 7 F 1124T1330 | 8 G time | 9 H time"},
		"month first":          {sheet("11/03/2026;9:00;A\n11/24/2026;9:00;B\n"), "2 A 1103T0800 | 3 B 1124T0800"},
		"day first":            {sheet("11/03/2026;9:00;A\n24/11/2026;9:00;B\n11/24/2026;9:00;C\n"), "2 A 0311T0800 | 3 B 1124T0800 | 4 C time"},
		"no such day":          {sheet("31/02/2026;9:00;A\n0/1/2026;9:00;A\n46350;0,39;A\n;9:00;A\n24/11/2026;;A\n"), "2 A time | 3 A time | 4 A time | 5 A time | 6 A time"},
		"from to":              {sheet("24/11/2026;9h30 - 10h00;A\n24/11/2026;de 9h30 à 10h;B\n"), "2 A 1124T0830-0900 | 3 B 1124T0830-0900"},
		"day and time in one":  {"Début;Fin;Patient\n24/11/2026 09:30;24/11/2026 10:00;A\n24/11/2026 à 9h30;10h00;B\n2026-07-24T14:30:00;;C\n2026-11-24T14:30:00-05:00;;D\n", "2 A 1124T0830-0900 | 3 B 1124T0830 length | 4 C 0724T1230 | 5 D 1124T1930"},
		"lengths":              {"Date;Heure;Nom;Durée\n" + strings.NewReplacer("@", "24/11/2026;9h;A;").Replace("@30 min\n@0:30\n@1h\n@1h30\n@00:30:00\n@30'\n@x\n@0\n"), "2 A 1124T0800-0830 | 3 A 1124T0800-0830 | 4 A 1124T0800-0900 | 5 A 1124T0800-0930 | 6 A 1124T0800-0830 | 7 A 1124T0800-0830 | 8 A 1124T0800 length | 9 A 1124T0800 length"},
		"states":               {"Date;Heure;Nom;Statut\n24/11/2026;9h;A;Annulé\n24/11/2026;9h;B;Absent\n24/11/2026;9h;C;Honoré\n24/11/2026;9h;D;Confirmé\n", "2 A 1124T0800 cancelled | 3 B 1124T0800 noshow | 4 C 1124T0800 fulfilled | 5 D 1124T0800"},
		"Outlook in English":   {"\"Subject\",\"Start Date\",\"Start Time\",\"End Date\",\"End Time\",\"All day event\"\n\"A B\",\"11/24/2026\",\"9:30:00 AM\",\"11/24/2026\",\"10:00:00 AM\",\"False\"\n\"C\",\"11/25/2026\",\"12:00:00 AM\",\"11/26/2026\",\"12:00:00 AM\",\"True\"\n", "2 A B 1124T0830-0900 | 3 C 1124T2300 whole-day"},
		"Outlook in French":    {"\"Objet\",\"Début\",\"Début\",\"Fin\",\"Fin\",\"Journée entière\"\n\"A B\",\"24/11/2026\",\"09:30:00\",\"24/11/2026\",\"10:00:00\",\"Faux\"\n", "2 A B 1124T0830-0900"},
		"names in two columns": {"Date du RDV;Heure du RDV;Nom du patient;Prénom du patient;Téléphone portable;Motif de RDV\n24/11/2026;9h;Martin;Jeanne;06 39 98 00 10;Suivi\n", "2 Jeanne Martin 1124T0800 Suivi"},
		"a broken line":        {sheet("24/11/2026;9h30;Léa;x;y\n24/11/2026;9h30;Léa\n"), "2  unreadable | 3 Léa 1124T0830"},
		"nobody":               {sheet("24/11/2026;9h30;\n"), "2  1124T0830 no-name"},

		"nothing":            {"", "bad-message"},
		"no names":           {"a;b\n1;2\n", "bad-message"},
		"twice":              {"date;jour;nom\n", "bad-message"},
		"a spreadsheet":      {"PK\x03\x04\x14\x00[Content_Types].xmlPK\x03\x04xl/workbook.xml", string(table.CodeSpreadsheet)},
		"an archive":         {"PK\x03\x04\x14\x00agenda.ics", string(table.CodeArchive)},
		"a picture":          {"\x89PNG\r\n\x1a\n\x00\x00", "bad-message"},
		"business cards":     {"BEGIN:VCARD\r\nEND:VCARD\r\n", "bad-message"},
		"a calendar, no end": {"BEGIN:VCALENDAR\r\nfoo", "bad-message"},
		"many":               {sheet(strings.Repeat("24/11/2026;9h;A\n", MaxRows+1)), "too-large"},
	} {
		if got := read(t, c.in); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, c.want)
		}
	}
}

// TestReadCalendar: calendars as Google, Outlook, Apple and telephones write them.
func TestReadCalendar(t *testing.T) {
	const begin, end = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n", "END:VCALENDAR\r\n"
	event := func(lines ...string) string {
		return "BEGIN:VEVENT\r\n" + strings.Join(lines, "\r\n") + "\r\nEND:VEVENT\r\n"
	}
	one := func(lines ...string) string { return begin + event(append(lines, "SUMMARY:Léa")...) + end }
	const start, length = "DTSTART:20261124T083000Z", "DURATION:PT20M"
	const good = "1 Léa 1124T0830-0850"
	paris := "BEGIN:VTIMEZONE\r\nTZID:Paris, chez nous\r\nBEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n" +
		"BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nRRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n"
	for name, c := range map[string]struct{ in, want string }{
		"with a mark":              {"\xef\xbb\xbf" + one(start, length), good},
		"Windows-1252":             {strings.ReplaceAll(one(start, length), "é", "\xe9"), good},
		"line feeds":               {"\n" + strings.ReplaceAll(one(start, length), "\r\n", "\n") + "\n\n", good},
		"no length":                {one(start), "1 Léa 1124T0830"},
		"Windows' name":            {one("DTSTART;TZID=Eastern Standard Time:20261124T033000", length), good},
		"Windows' name of here":    {one("DTSTART;TZID=Romance Standard Time:20261124T093000", "DTEND;TZID=Romance Standard Time:20261124T095000"), good},
		"a name that is described": {begin + paris + event("DTSTART;TZID=\"Paris, chez nous\":20260324T093000", length, "RRULE:FREQ=WEEKLY;COUNT=2", "SUMMARY:Léa", "UID:1") + end, "1 Léa 0324T0830-0850 | 1 Léa 0331T0730-0750"},
		"an unknown zone":          {one("DTSTART;TZID=Customized Time Zone:20261124T093000", length), good},
		"several calendars":        {one(start, length) + one("DTSTART:20261125T083000Z", length), good + " | 2 Léa 1125T0830-0850"},
		"a broken event":           {begin + event("GARBAGE", start, length) + event(start, length, "SUMMARY:Léa") + end, "1  unreadable | 2 Léa 1124T0830-0850"},
		"cut off":                  {begin + event(start, length, "SUMMARY:Léa") + "BEGIN:VEVENT\r\nDTST", good},
		"a bad time":               {one("DTSTART:2026-11-24T08:30:00", length), "1 Léa time"},
		"a whole day":              {one("DTSTART;VALUE=DATE:20261124"), "1 Léa 1123T2300-2300 whole-day"},
		"cancelled":                {one(start, length, "STATUS:CANCELLED"), good + " cancelled"},
		"one of a series cancelled": {begin + event("UID:1", start, length, "RRULE:FREQ=WEEKLY;COUNT=3", "EXDATE:20261208T083000Z", "SUMMARY:Léa") +
			event("UID:1", "RECURRENCE-ID:20261201T083000Z", "DTSTART:20261201T083000Z", length, "STATUS:CANCELLED", "SUMMARY:Léa") + end, good + " | 2 Léa 1201T0830-0850 cancelled"},
		"the organizer among who comes": {one(start, length, "ORGANIZER;CN=Dr Moreau:mailto:moreau@example.org", "ATTENDEE;CN=Dr Moreau;ROLE=REQ-PARTICIPANT:MAILTO:Moreau@example.org", "ATTENDEE;CUTYPE=ROOM;CN=Salle 1:mailto:salle@example.org", "ATTENDEE;CN=Paul Petit:mailto:paul@example.org"), "1 Paul Petit 1124T0830-0850 Léa paul@example.org"},
		"an address for a name":         {one(start, length, "ATTENDEE;CN=paul@example.org:mailto:paul@example.org"), good + " paul@example.org"},
		"quoted-printable":              {begin + event(start, length, "SUMMARY;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:L=C3=A9a") + end, good},
		"nothing in it":                 {begin + end, ""},
		"an hour's series":              {one(start, length, "RRULE:FREQ=HOURLY"), good + " time"},
		"too many":                      {begin + strings.Repeat(event(start, length, "RRULE:FREQ=DAILY;COUNT=700", "SUMMARY:x"), MaxRows/700+1) + end, "too-large"},
	} {
		if got := read(t, c.in); got != c.want {
			t.Errorf("%s:\n%s, want\n%s", name, got, c.want)
		}
	}
}

// TestSameID: what a file calls an id may be the patient's; the same appointment twice is one.
func TestSameID(t *testing.T) {
	d := newDesk(t)
	rows := d.table("Date;Heure;Nom;Motif;ID\n24/11/2026;9h;Martin;Suivi;77\n25/11/2026;9h;Martin;Suivi;77\n24/11/2026;9h;Martin;Suivi;77\n26/11/2026;9h;Petit;Suivi;78\n")
	if got := d.run(rows, Options{}); got != "2 new none\n3 new none\n4 known\n5 new none" {
		t.Errorf("%s", got)
	}
	if got := d.run(d.table("Date;Heure;Nom;Motif;ID\n27/11/2026;9h;Petit;Suivi;78\n"), Options{}); got != "2 known moved" {
		t.Errorf("an appointment that the file has at another time: %s", got)
	}
}

func TestParted(t *testing.T) {
	for in, want := range map[string]string{"MARTIN Jeanne": "Jeanne|MARTIN", "Jeanne Martin": "Jeanne|Martin", "DE LA TOUR Anne Marie": "Anne Marie|DE LA TOUR", "Martin": "|Martin", "": "|"} {
		if given, family := parted(in); given+"|"+family != want {
			t.Errorf("%q: %s|%s", in, given, family)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(events))
	f.Add([]byte(sheet))
	f.Add([]byte("Début;Fin;Patient\n24/11/2026 à 9h30;10h00;B\nmar. 24 nov. 26;2:30 PM - 3:00 PM;x\n"))
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		rows, _, err := Read(data, paris, readNow)
		var own *consult.Error
		if err != nil && !errors.As(err, &own) {
			t.Fatal(err)
		}
		for _, r := range rows {
			if r.UID == "" || r.Number < 1 || (r.Bad == "" && (r.Start.IsZero() || r.Shown() == "" || (!r.End.IsZero() && !r.End.After(r.Start)))) {
				t.Fatalf("%+v", r)
			}
		}
	})
}
