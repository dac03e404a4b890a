package patient

import (
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/table"
)

const maxLines = 20_000 // of a table, without its first

// column is what a column of a table says of a patient.
type column struct {
	name  string   // as it is written
	names []string // as it is read, folded: French, English, and what other software writes
	get   func(Patient) string
	set   func(*Patient, string)
}

// columns is all that a table can say, in the order in which it is written.
func columns() []column {
	return []column{
		{"nom", []string{"nom", "nom utilise", "nom usuel", "nom d usage", "nom de famille", "family name", "last name", "surname", "name"},
			func(p Patient) string { return p.FamilyName }, func(p *Patient, s string) { p.FamilyName = s }},
		{"nom_de_naissance", []string{"nom de naissance", "nom naissance", "nom de jeune fille", "birth name", "maiden name"},
			func(p Patient) string { return p.BirthName }, func(p *Patient, s string) { p.BirthName = s }},
		{"prenoms", []string{"prenoms", "prenom", "prenom s", "prenom utilise", "given names", "given name", "first name", "first names"},
			func(p Patient) string { return p.GivenNames }, func(p *Patient, s string) { p.GivenNames = s }},
		{"date_de_naissance", []string{"date de naissance", "date naissance", "naissance", "ne le", "ne e le", "ddn", "birth date", "date of birth", "dob", "birthdate"},
			func(p Patient) string { return p.BirthDate }, func(p *Patient, s string) { p.BirthDate = table.Day(s) }},
		{"telephone", []string{"telephone", "tel", "telephone mobile", "tel mobile", "mobile", "portable", "telephone portable", "tel portable", "phone", "phone number", "cell phone"},
			func(p Patient) string { return p.Contact.Phone }, func(p *Patient, s string) { p.Contact.Phone = s }},
		{"courriel", []string{"courriel", "mail", "e mail", "email", "adresse mail", "adresse e mail", "adresse email", "mel", "email address"},
			func(p Patient) string { return p.Contact.Mail }, func(p *Patient, s string) { p.Contact.Mail = s }},
		{"contact_par", []string{"contact par", "joindre par", "reach"},
			func(p Patient) string { return string(p.Contact.Reach) }, func(p *Patient, s string) { p.Contact.Reach = consult.Reach(s) }},
		{"langue", []string{"langue", "language"},
			func(p Patient) string { return p.Language }, func(p *Patient, s string) { p.Language = s }},
		{"fuseau_horaire", []string{"fuseau horaire", "time zone", "timezone"},
			func(p Patient) string { return p.TimeZone }, func(p *Patient, s string) { p.TimeZone = s }},
		{"besoins", []string{"besoins", "needs"},
			func(p Patient) string { return strings.Join(p.Needs, " ") }, func(p *Patient, s string) { p.Needs = strings.Fields(s) }},
		{"accompagnant", []string{"accompagnant", "personne a contacter", "carer", "contact person"},
			func(p Patient) string { return p.Carer.Name }, func(p *Patient, s string) { p.Carer.Name = s }},
		{"telephone_accompagnant", []string{"telephone accompagnant", "tel accompagnant", "carer phone"},
			func(p Patient) string { return p.Carer.Phone }, func(p *Patient, s string) { p.Carer.Phone = s }},
		identifierColumn("INS", "ins", "matricule ins", "nir"),
		identifierColumn("IPP", "ipp", "numero patient", "id patient", "patient id"),
		{"autres_identifiants", []string{"autres identifiants", "other identifiers"}, otherIdentifiers, setOtherIdentifiers},
	}
}

func identifierColumn(system string, names ...string) column {
	get := func(p Patient) string {
		if i := slices.IndexFunc(p.IDs, func(id ExternalID) bool { return id.System == system }); i >= 0 {
			return p.IDs[i].Value
		}
		return ""
	}
	return column{strings.ToLower(system), names, get, func(p *Patient, s string) { p.IDs = append(p.IDs, ExternalID{system, s}) }}
}

// otherIdentifiers writes what has no column of its own: "Cabinet=123; Labo=4".
func otherIdentifiers(p Patient) string {
	var all []string
	seen := map[string]bool{}
	for _, id := range p.IDs {
		own := (id.System == "INS" || id.System == "IPP") && !seen[id.System]
		if seen[id.System] = true; !own {
			all = append(all, id.System+"="+id.Value)
		}
	}
	return strings.Join(all, "; ")
}

func setOtherIdentifiers(p *Patient, s string) {
	for one := range strings.SplitSeq(s, ";") {
		system, value, _ := strings.Cut(strings.TrimSpace(one), "=")
		p.IDs = append(p.IDs, ExternalID{system, value})
	}
}

// line is a patient as a table says it, not checked yet.
type line struct {
	number  int // in the file, from 1
	patient Patient
	bad     bool // it cannot be read
}

// readTable reads a table as table.Read does; the first line names the columns in French or English, in any order. Columns that are not known are
// left out, and their names returned.
func readTable(data []byte) (lines []line, unknown []string, err error) {
	known := columns()
	read, err := table.Read(data, maxLines, func(name string) bool { return columnAt(known, name) >= 0 })
	switch {
	case errors.Is(err, table.ErrManyLines):
		return nil, nil, errManyLines
	case errors.Is(err, table.ErrNotTable):
		return nil, nil, errNotCSV
	case err != nil: // it is something else, and says what
		return nil, nil, err
	}
	same := func([]int, int) (bool, error) { return false, errSameColumns }
	at, unknown, err := table.Place(read.Header, func(name string) int { return columnAt(known, name) }, same)
	if err == nil && !slices.Contains(at, 0) { // the family name
		err = errNoNames
	}
	if err != nil {
		return nil, nil, err
	}
	for _, one := range read.Lines {
		l := line{number: one.Number, bad: one.Bad}
		for i, field := range one.Fields {
			if field != "" && at[i] >= 0 {
				known[at[i]].set(&l.patient, field)
			}
		}
		lines = append(lines, l)
	}
	return lines, unknown, nil
}

// columnAt finds the column that a name means, or returns -1.
func columnAt(known []column, name string) int {
	return slices.IndexFunc(known, func(c column) bool { return slices.Contains(c.names, folded(name)) })
}

// tableWriter writes patients so that readTable reads the same of them.
type tableWriter struct {
	csv     *csv.Writer
	columns []column
}

func newTableWriter(w io.Writer) (*tableWriter, error) {
	if _, err := io.WriteString(w, "\xef\xbb\xbf"); err != nil { // without it spreadsheets take UTF-8 for Windows-1252
		return nil, err
	}
	t := &tableWriter{csv.NewWriter(w), columns()}
	return t, t.row(func(c column) string { return c.name })
}

func (t *tableWriter) write(p Patient) error {
	return t.row(func(c column) string { return table.Harmless(c.get(p)) })
}

func (t *tableWriter) row(field func(column) string) error {
	fields := make([]string, 0, len(t.columns))
	for _, c := range t.columns {
		fields = append(fields, field(c))
	}
	return t.csv.Write(fields)
}

func (t *tableWriter) flush() error {
	t.csv.Flush()
	return t.csv.Error()
}
