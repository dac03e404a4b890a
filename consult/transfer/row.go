package transfer

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/calendar"
	"github.com/colloque/colloque/consult/patient"
	"github.com/colloque/colloque/consult/table"
)

// MaxRows is how many appointments are taken over at once.
const MaxRows = 5000

// Row is an appointment as a file says it, not checked yet.
type Row struct {
	Number     int // of the line of a table, or of the event of a calendar, from 1
	UID        string
	Start, End time.Time // End zero: as long as the service
	FamilyName string    // where a table tells the names apart
	GivenNames string
	Name       string // else all of it
	BirthDate  string
	Phone      string
	Mail       string
	Service    string // label
	Note       string
	Bad        Reason // why it cannot be taken over; "": it can

	guessed bool // Phone was found in a text: it may be something else
}

// Shown is all that is said of the name.
func (r Row) Shown() string {
	if r.Name != "" {
		return r.Name
	}
	return strings.TrimSpace(r.GivenNames + " " + r.FamilyName)
}

// identify makes a UID for a row that has none, of what it says.
func (r *Row) identify() {
	if r.UID == "" {
		sum := sha256.Sum256([]byte(strings.Join([]string{r.Start.UTC().Format(time.RFC3339), patient.Folded(r.Shown()), r.BirthDate, patient.Folded(r.Service)}, "\x00")))
		r.UID = "row-" + base64.RawURLEncoding.EncodeToString(sum[:16])
	}
}

// ReadCalendar reads an iCalendar file: events and what recurs of them, from an instant until another. Times without a zone are the
// given one's.
func ReadCalendar(data []byte, zone *time.Location, from, to time.Time) ([]Row, error) {
	cal, err := calendar.Read(bytes.NewReader(data))
	if err != nil {
		return nil, errNotCalendar
	}
	all, err := calendar.Occurrences(cal, zone, from, to)
	if err != nil {
		return nil, errNotCalendar
	}
	if len(all) > MaxRows {
		return nil, errManyRows
	}
	rows := make([]Row, len(all))
	for i, e := range all {
		r := Row{Number: e.Number, UID: e.UID, Start: e.Start, End: e.End, Name: e.Name, Mail: e.Mail, Note: e.Description, Phone: phoneIn(e.Description), guessed: true}
		if r.Name == "" {
			r.Name = e.Summary
		} else if e.Summary != e.Name {
			r.Service = e.Summary
		}
		switch {
		case e.Err != nil:
			r.Bad = ReasonTime
		case e.Cancelled:
			r.Bad = ReasonCancelled
		case e.WholeDay:
			r.Bad = ReasonWholeDay
		case r.Name == "":
			r.Bad = ReasonNoName
		}
		r.identify()
		rows[i] = r
	}
	return rows, nil
}

// phoneIn finds a phone number in what somebody wrote; "" when there is none.
func phoneIn(text string) string {
	return strings.TrimSpace(regexp.MustCompile(`(?:\+\d|\b0\d)[\d .()-]{7,17}\d`).FindString(text))
}

// column is what a column of a table says.
type column struct {
	name  string   // as it is written
	names []string // as it is read, folded: French, English, and what other software writes
	set   func(*said, string)
}

// said is a line of a table as it is read.
type said struct {
	Row
	date, time, until, minutes string
}

func columns() []column {
	return []column{
		{"date", []string{"date", "jour", "day", "start date", "date de debut", "date rdv", "date du rendez vous"}, func(s *said, v string) { s.date = v }},
		{"heure", []string{"heure", "time", "debut", "start", "start time", "heure de debut", "heure debut", "heure rdv"}, func(s *said, v string) { s.time = v }},
		{"fin", []string{"fin", "end", "end time", "heure de fin", "heure fin"}, func(s *said, v string) { s.until = v }},
		{"duree", []string{"duree", "duration", "minutes", "duree minutes", "duree min"}, func(s *said, v string) { s.minutes = v }},
		{"nom", []string{"nom", "nom de famille", "nom usuel", "family name", "last name", "surname"}, func(s *said, v string) { s.FamilyName = v }},
		{"prenom", []string{"prenom", "prenoms", "given name", "given names", "first name"}, func(s *said, v string) { s.GivenNames = v }},
		{"patient", []string{"patient", "nom complet", "nom du patient", "name", "full name", "subject"}, func(s *said, v string) { s.Name = v }},
		{"date_de_naissance", []string{"date de naissance", "naissance", "ddn", "ne e le", "ne le", "birth date", "date of birth", "dob"}, func(s *said, v string) { s.BirthDate = table.Day(v) }},
		{"telephone", []string{"telephone", "tel", "mobile", "portable", "telephone mobile", "phone"}, func(s *said, v string) { s.Phone = v }},
		{"courriel", []string{"courriel", "mail", "e mail", "email", "adresse mail", "adresse email"}, func(s *said, v string) { s.Mail = v }},
		{"motif", []string{"motif", "service", "type", "type de rendez vous", "motif de consultation", "prestation", "appointment type"}, func(s *said, v string) { s.Service = v }},
		{"note", []string{"note", "notes", "commentaire", "commentaires", "comment", "description"}, func(s *said, v string) { s.Note = v }},
		{"uid", []string{"uid", "id", "identifiant", "reference"}, func(s *said, v string) { s.UID = v }},
	}
}

// ReadTable reads a table whose first line names its columns, in any order. Its times are on clocks in the zone. The names of columns that
// were not read are returned.
func ReadTable(data []byte, zone *time.Location) (rows []Row, unknown []string, err error) {
	read, err := table.Read(data, MaxRows)
	if errors.Is(err, table.ErrManyLines) {
		return nil, nil, errManyRows
	}
	if err != nil {
		return nil, nil, errNotTable
	}
	known, at := columns(), make([]*column, len(read.Header))
	for i, name := range read.Header {
		c := slices.IndexFunc(known, func(c column) bool { return slices.Contains(c.names, patient.Folded(name)) })
		switch {
		case c >= 0 && slices.Contains(at, &known[c]):
			return nil, nil, errSameColumns
		case c >= 0:
			at[i] = &known[c]
		case table.NotEmpty(name):
			unknown = append(unknown, name)
		}
	}
	has := func(name string) bool {
		return slices.ContainsFunc(at, func(c *column) bool { return c != nil && c.name == name })
	}
	if (!has("date") && !has("heure")) || (!has("nom") && !has("patient")) {
		return nil, nil, errNoColumns
	}
	for _, l := range read.Lines {
		s := said{Row: Row{Number: l.Number}}
		for i, field := range l.Fields {
			if field != "" && at[i] != nil {
				at[i].set(&s, field)
			}
		}
		s.settle(l.Bad, zone)
		rows = append(rows, s.Row)
	}
	return rows, unknown, nil
}

// settle makes instants of what a line says.
func (s *said) settle(unreadable bool, zone *time.Location) {
	defer s.identify()
	if unreadable {
		s.Bad = ReasonUnreadable
		return
	}
	var skipped bool
	if s.Start, skipped = instantOf(s.date, s.time, zone); s.Start.IsZero() {
		s.Bad = ReasonTime
		if skipped {
			s.Bad = ReasonSkipped
		}
		return
	}
	switch {
	case s.minutes != "":
		minutes, err := strconv.Atoi(strings.TrimSpace(strings.TrimRight(strings.ToLower(s.minutes), "minutes. ")))
		if err != nil || minutes < 1 || minutes > 24*60 {
			s.Bad = ReasonLength
			return
		}
		s.End = s.Start.Add(time.Duration(minutes) * time.Minute)
	case s.until != "":
		date := s.date
		if len(s.until) > len("23:59:59") {
			date = ""
		}
		if s.End, _ = instantOf(date, s.until, zone); !s.End.After(s.Start) {
			s.Bad = ReasonLength
			return
		}
	}
	if s.Shown() == "" {
		s.Bad = ReasonNoName
	}
}

// instantOf reads a day and a time: "24/11/2026" and "14:30", "14h30" or "9h", or both in one. Zero when it is none; skipped when clocks
// in the zone do not show it.
func instantOf(date, clock string, zone *time.Location) (at time.Time, skipped bool) {
	for _, both := range []string{clock, date} {
		if at, err := time.Parse(time.RFC3339, both); err == nil {
			return at, false
		}
	}
	if date == "" || clock == "" {
		both := strings.TrimSpace(date + clock)
		i := strings.IndexAny(both, "T ")
		if i < 0 {
			return time.Time{}, false
		}
		date, clock = both[:i], both[i+1:]
	}
	day, err := booking.ParseDate(table.Day(date))
	if err != nil {
		return time.Time{}, false
	}
	hours, minutes, _ := strings.Cut(strings.ReplaceAll(strings.ToLower(strings.ReplaceAll(clock, " ", "")), "h", ":"), ":")
	minutes, _, _ = strings.Cut(minutes, ":") // seconds do not matter
	h, err1 := strconv.Atoi(hours)
	m, err2 := strconv.Atoi("0" + minutes)
	if err1 != nil || err2 != nil || h < 0 || h > 23 || m < 0 || m > 59 {
		return time.Time{}, false
	}
	at, ok := day.At(booking.Clock(h*60+m), zone)
	if !ok {
		return time.Time{}, true
	}
	return at, false
}
