package transfer

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/patient"
	"github.com/colloque/colloque/consult/table"
)

// column is what a column of a table says.
type column struct {
	name  string   // as it is written
	names []string // as it is read, folded: French, English, and what other software writes
	set   func(*said, string)
}

// said is a line of a table as it is read.
type said struct {
	Row
	date, time, untilDate, until, minutes string
	instant                               string // RFC 3339: what our own tables say beside day and time
	whole, cancelled                      bool
}

// Columns that others of the same name go with.
const (
	columnDate      = "date"
	columnTime      = "heure"
	columnUntilDate = "date_de_fin"
	columnUntil     = "fin"
)

func columns() []column {
	return []column{
		{columnDate, []string{"date", "jour", "day", "start date", "date de debut", "date rdv", "date du rdv", "date du rendez vous", "date de rendez vous"}, func(s *said, v string) { s.date = v }},
		{columnTime, []string{"heure", "horaire", "time", "debut", "start", "start time", "heure de debut", "heure debut", "heure rdv", "heure du rdv", "heure du rendez vous"}, func(s *said, v string) { s.time = v }},
		{columnUntilDate, []string{"date de fin", "date fin", "end date"}, func(s *said, v string) { s.untilDate = v }},
		{columnUntil, []string{"fin", "end", "end time", "heure de fin", "heure fin"}, func(s *said, v string) { s.until = v }},
		{"duree", []string{"duree", "duration", "minutes", "duree minutes", "duree min", "duree en minutes"}, func(s *said, v string) { s.minutes = v }},
		{"instant", []string{"instant"}, func(s *said, v string) { s.instant = v }},
		{"journee_entiere", []string{"journee entiere", "toute la journee", "all day event", "all day"}, func(s *said, v string) { s.whole = slices.Contains(yes(), patient.Folded(v)) }},
		{"nom", []string{"nom", "nom de famille", "nom usuel", "family name", "last name", "surname"}, func(s *said, v string) { s.FamilyName = v }},
		{"prenom", []string{"prenom", "prenoms", "prenom du patient", "given name", "given names", "first name"}, func(s *said, v string) { s.GivenNames = v }},
		{"patient", []string{"patient", "nom complet", "nom du patient", "nom patient", "name", "full name", "subject", "objet"}, func(s *said, v string) { s.Name = v }},
		{"date_de_naissance", []string{"date de naissance", "date naissance", "naissance", "ddn", "ne e le", "ne le", "birth date", "date of birth", "dob"}, func(s *said, v string) { s.BirthDate = table.Day(v) }},
		{"telephone", []string{"telephone", "tel", "mobile", "portable", "telephone mobile", "telephone portable", "tel portable", "tel mobile", "numero de telephone", "phone", "phone number"}, func(s *said, v string) { s.Phone = v }},
		{"courriel", []string{"courriel", "mail", "e mail", "email", "adresse mail", "adresse e mail", "adresse email"}, func(s *said, v string) { s.Mail = v }},
		{"motif", []string{"motif", "service", "type", "type de rendez vous", "type de rdv", "motif de rdv", "motif du rdv", "motif de consultation", "prestation", "appointment type"}, func(s *said, v string) { s.Service = v }},
		{"modalite", []string{"modalite", "modality"}, func(s *said, v string) { s.Modality = booking.Modality(v) }},
		{"lieu", []string{"lieu", "place", "location", "emplacement"}, func(s *said, v string) { s.Place = v }},
		{"etat", []string{"etat", "statut", "status", "etat du rdv", "statut du rdv"}, setState},
		{"note", []string{"note", "notes", "commentaire", "commentaires", "comment", "description"}, func(s *said, v string) { s.Note = v }},
		{"uid", []string{"uid", "id", "identifiant", "reference"}, func(s *said, v string) { s.UID = v }},
	}
}

func yes() []string { return []string{"vrai", "true", "oui", "yes", "1", "x"} }

// setState reads what became of an appointment, in words of ours and of others. What it does not know says nothing.
func setState(s *said, text string) {
	switch word := patient.Folded(text); {
	case slices.ContainsFunc([]string{"annul", "cancel", "supprim", "deplac"}, func(begin string) bool { return strings.HasPrefix(word, begin) }):
		s.cancelled = true
	case slices.Contains([]string{"absent", "absente", "absence", "patient absent", "non venu", "pas venu", "non honore", "no show", "noshow", "lapin"}, word):
		s.State = booking.StateNoShow
	case slices.Contains([]string{"honore", "venu", "vu", "present", "termine", "effectue", "realise", "fulfilled", "completed", "done"}, word):
		s.State = booking.StateFulfilled
	}
}

// columnAt finds the column that a name means, or returns -1.
func columnAt(known []column, name string) int {
	return slices.IndexFunc(known, func(c column) bool { return slices.Contains(c.names, patient.Folded(name)) })
}

// readTable reads a table, one of whose first lines names its columns, in any order. Its times are on clocks in the zone. The names of columns that
// were not read are returned.
func readTable(data []byte, zone *time.Location) (rows []Row, unknown []string, err error) {
	known := columns()
	read, err := table.Read(data, MaxRows, func(name string) bool { return columnAt(known, name) >= 0 })
	switch {
	case errors.Is(err, table.ErrManyLines):
		return nil, nil, errManyRows
	case err != nil:
		return nil, nil, errNeither
	}
	at, unknown, err := place(known, read.Header)
	if err != nil {
		return nil, nil, err
	}
	lines := make([]said, len(read.Lines))
	for i, l := range read.Lines {
		lines[i].Number = l.Number
		if l.Bad {
			lines[i].Bad = ReasonUnreadable
			continue
		}
		for c, field := range l.Fields {
			if field != "" && at[c] != nil {
				at[c].set(&lines[i], field)
			}
		}
	}
	clocks := newClocks(zone, lines)
	for i := range lines {
		lines[i].settle(clocks)
		rows = append(rows, lines[i].Row)
	}
	return rows, unknown, nil
}

// place finds out what each column says; nil for one that is not known. Outlook in French calls day and time of a begin by one name, and those of
// an end too.
func place(known []column, header []string) (at []*column, unknown []string, err error) {
	named := func(name string) *column {
		return &known[slices.IndexFunc(known, func(c column) bool { return c.name == name })]
	}
	has := func(name string) bool { return slices.Contains(at, named(name)) }
	at = make([]*column, len(header))
	for i, name := range header {
		c := columnAt(known, name)
		if c < 0 {
			if table.NotEmpty(name) {
				unknown = append(unknown, name)
			}
			continue
		}
		if first := slices.Index(at, &known[c]); first >= 0 {
			day, paired := map[string]string{columnTime: columnDate, columnUntil: columnUntilDate}[known[c].name]
			if !paired || has(day) {
				return nil, nil, errSameColumns
			}
			at[first] = named(day)
		}
		at[i] = &known[c]
	}
	if (!has(columnDate) && !has(columnTime)) || (!has("nom") && !has("patient")) {
		return nil, nil, errNoColumns
	}
	return at, unknown, nil
}

// settle makes instants and a name of what a line says.
func (s *said) settle(c *clocks) {
	if s.Bad != "" {
		return
	}
	if s.FamilyName == "" && s.GivenNames != "" { // "Nom du patient" beside "Prénom"
		s.FamilyName, s.Name = s.Name, ""
	}
	if from, until, ok := c.rangeOf(s.time); ok && s.until == "" {
		s.time, s.until = from, until
	}
	if s.whole && s.time == "" {
		s.time = "00:00"
	}
	if s.instant != "" {
		s.date, s.time = "", s.instant
	}
	var skipped bool
	if s.Start, skipped = c.instant(s.date, s.time); s.Start.IsZero() {
		s.Bad = ReasonTime
		if skipped {
			s.Bad = ReasonSkipped
		}
		return
	}
	switch {
	case s.cancelled:
		s.Bad = ReasonCancelled
	case s.whole:
		s.Bad = ReasonWholeDay
	case s.minutes != "":
		length, ok := c.lengthOf(s.minutes)
		if !ok {
			s.Bad = ReasonLength
			return
		}
		s.End = s.Start.Add(length)
	case s.until != "":
		date := s.untilDate
		if date == "" && len(s.until) <= len("23:59:59") {
			date = s.date
		}
		if s.End, _ = c.instant(date, s.until); !s.End.After(s.Start) {
			s.Bad = ReasonLength
		}
	}
	if s.Bad == "" && s.Shown() == "" {
		s.Bad = ReasonNoName
	}
}
