package transfer

import (
	"cmp"
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
	mobile, landline                      string // beside Phone: one that takes text messages is better
	whole                                 bool
}

// Columns that place knows by their name.
const (
	columnDate      = "date"
	columnTime      = "heure"
	columnUntilDate = "date_de_fin"
	columnUntil     = "fin"
	columnFamily    = "nom"
	columnGiven     = "prenom"
	columnPatient   = "patient"
	columnBirth     = "date_de_naissance"
)

// columns is all that a table can say. Words that say nothing (fillers) are left out, and "rdv" is "rendez vous".
func columns() []column {
	return []column{
		{columnDate, []string{"date", "jour", "day", "start date", "date debut", "date rendez vous", "appointment date"}, func(s *said, v string) { s.date = v }},
		{columnTime, []string{"heure", "horaire", "time", "debut", "start", "start time", "start datetime", "starts at", "heure debut", "heure rendez vous", "debut rendez vous", "date heure", "date et heure", "appointment time"}, func(s *said, v string) { s.time = v }},
		{columnUntilDate, []string{"date fin", "end date"}, func(s *said, v string) { s.untilDate = v }},
		{columnUntil, []string{"fin", "end", "end time", "end datetime", "ends at", "heure fin", "fin rendez vous"}, func(s *said, v string) { s.until = v }},
		{"duree", []string{"duree", "duration", "minutes", "duree minutes", "duree min", "duree en minutes", "duree rendez vous", "duration minutes", "length"}, func(s *said, v string) { s.minutes = v }},
		{"instant", []string{"instant"}, func(s *said, v string) { s.instant = v }},
		{"journee_entiere", []string{"journee entiere", "toute journee", "all day event", "all day"}, func(s *said, v string) { s.whole = slices.Contains(yes(), patient.Folded(v)) }},
		{columnFamily, []string{"nom", "nom famille", "nom usuel", "nom utilise", "nom usage", "family name", "last name", "lastname", "surname", "customer last name"}, func(s *said, v string) { s.FamilyName = v }},
		{columnGiven, []string{"prenom", "prenoms", "prenom patient", "prenom utilise", "given name", "given names", "first name", "firstname", "customer first name"}, func(s *said, v string) { s.GivenNames = v }},
		{columnPatient, []string{"patient", "patient e", "nom complet", "nom patient", "nom client", "nom et prenom", "nom prenom", "client", "name", "full name", "patient name", "customer", "customer name", "attendee name", "invitee name", "subject", "objet"}, func(s *said, v string) { s.Name = v }},
		{columnBirth, []string{"date naissance", "date naissance patient", "naissance", "ddn", "ne e", "ne", "birth date", "birthdate", "date birth", "birthday", "dob"}, func(s *said, v string) { s.BirthDate = table.Day(v) }},
		{"mobile", []string{"mobile", "portable", "telephone mobile", "telephone portable", "tel portable", "tel mobile", "numero portable", "mobile phone", "cell phone", "mobile number"}, func(s *said, v string) { s.mobile = v }},
		{"telephone", []string{"telephone", "tel", "numero telephone", "telephone patient", "phone", "phone number", "customer phone"}, func(s *said, v string) { s.Phone = v }},
		{"fixe", []string{"fixe", "telephone fixe", "tel fixe", "telephone domicile", "home phone", "landline"}, func(s *said, v string) { s.landline = v }},
		{"courriel", []string{"courriel", "mail", "e mail", "email", "adresse mail", "adresse e mail", "adresse email", "email patient", "email address", "customer email", "attendee email", "invitee email"}, func(s *said, v string) { s.Mail = v }},
		{"praticien", []string{"praticien", "nom praticien", "medecin", "soignant", "professionnel", "agenda", "practitioner", "provider", "doctor", "calendar"}, func(s *said, v string) { s.Practitioner = v }},
		{"motif", []string{"motif", "service", "type", "type rendez vous", "motif rendez vous", "motif consultation", "prestation", "appointment type", "event type", "service name"}, func(s *said, v string) { s.Service = v }},
		{"modalite", []string{"modalite", "modality"}, func(s *said, v string) { s.Modality = booking.Modality(v) }},
		{"lieu", []string{"lieu", "place", "location", "emplacement"}, func(s *said, v string) { s.Place = v }},
		{"etat", []string{"etat", "statut", "status", "etat rendez vous", "statut rendez vous", "appointment status"}, setState},
		{"note", []string{"note", "notes", "commentaire", "commentaires", "comment", "description"}, func(s *said, v string) { s.Note = v }},
		{"uid", []string{"uid", "id", "identifiant", "reference"}, func(s *said, v string) { s.UID = v }},
	}
}

// fillers say nothing in a column's name.
func fillers() []string { return []string{"de", "du", "des", "d", "le", "la", "les", "l", "of", "the"} }

// meant is a column's name as columns has it.
func meant(name string) string {
	var words []string
	for word := range strings.FieldsSeq(patient.Folded(name)) {
		switch {
		case word == "rdv":
			words = append(words, "rendez", "vous")
		case !slices.Contains(fillers(), word):
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}

func yes() []string { return []string{"vrai", "true", "oui", "yes", "1", "x"} }

// setState reads what became of an appointment, in words of ours and of others. What it does not know says nothing.
func setState(s *said, text string) {
	word := patient.Folded(text)
	for state, own := range stateWords() {
		if word == patient.Folded(own) {
			s.State = state
		}
	}
	switch {
	case s.State == booking.StateBooked, s.State == booking.StateArrived, s.State == booking.StateInVisit, s.State == booking.StateInterrupted: // what became of it is still to be said
		s.State = ""
	case s.State != "":
	case slices.ContainsFunc([]string{"annul", "cancel", "supprim", "deplac"}, func(begin string) bool { return strings.HasPrefix(word, begin) }):
		s.State = booking.StateCancelled
	case slices.Contains([]string{"absence", "non venu", "pas venu", "non honore", "no show", "noshow", "lapin"}, word), strings.HasPrefix(strings.TrimPrefix(word, "patient "), "absent"):
		s.State = booking.StateNoShow
	case slices.Contains([]string{"honore", "venu", "vu", "present", "termine", "effectue", "realise", "fulfilled", "completed", "done"}, word):
		s.State = booking.StateFulfilled
	}
}

// columnAt finds the column that a name means, or returns -1.
func columnAt(known []column, name string) int {
	name = meant(name)
	return slices.IndexFunc(known, func(c column) bool { return slices.Contains(c.names, name) })
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
			if field != "" && at[c] >= 0 {
				known[at[c]].set(&lines[i], field)
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

// place finds out what each column says; -1 for one that is not known. Outlook in French calls day and time of a begin by one name, and those of
// an end too.
func place(known []column, header []string) (at []int, unknown []string, err error) {
	named := func(name string) int {
		return slices.IndexFunc(known, func(c column) bool { return c.name == name })
	}
	at, unknown, err = table.Place(header, func(name string) int { return columnAt(known, name) }, func(at []int, first int) (bool, error) {
		name := known[at[first]].name
		day, paired := map[string]string{columnTime: columnDate, columnUntil: columnUntilDate}[name]
		switch {
		case paired && !slices.Contains(at, named(day)):
			at[first] = named(day)
			return true, nil
		case slices.Contains([]string{columnDate, columnTime, columnUntil, columnFamily, columnGiven, columnPatient, columnBirth}, name):
			return false, errSameColumns
		}
		return false, nil // a second comment, say: the first counts
	})
	has := func(name string) bool { return slices.Contains(at, named(name)) }
	if err == nil && ((!has(columnDate) && !has(columnTime)) || (!has(columnFamily) && !has(columnPatient))) {
		err = errNoColumns
	}
	return at, unknown, err
}

// settle makes instants and a name of what a line says.
func (s *said) settle(c *clocks) {
	if s.Bad != "" {
		return
	}
	s.Phone = cmp.Or(s.mobile, s.Phone, s.landline)
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
