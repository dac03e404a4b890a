package transfer

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"
	"time"

	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/patient"
	"github.com/colloque/colloque/consult/table"
)

// MaxRows is how many appointments are taken over at once.
const MaxRows = 20_000

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
	Modality   booking.Modality // of a table; what the service is not given by says nothing
	Place      string
	State      booking.State // StateFulfilled or StateNoShow, when the file says so; ""
	Bad        Reason        // why it cannot be taken over; "": it can

	guessed bool // Phone was found in a text: it may be something else
}

// Shown is all that is said of the name.
func (r Row) Shown() string {
	if r.Name != "" {
		return r.Name
	}
	return strings.TrimSpace(r.GivenNames + " " + r.FamilyName)
}

// Read reads a calendar or a table, whichever it is: what a file is called says little. Times without a zone are the given one's; what recurs
// does so until two years from now. The names of a table's columns that were not read are returned.
func Read(data []byte, zone *time.Location, now time.Time) (rows []Row, unknown []string, err error) {
	text, err := table.Text(data)
	switch {
	case errors.Is(err, table.ErrNotTable):
		return nil, nil, errNeither
	case err != nil:
		return nil, nil, err
	}
	if isCalendar(text) {
		rows, err = readCalendar(text, zone, now.AddDate(-20, 0, 0), now.AddDate(2, 0, 0))
	} else {
		rows, unknown, err = readTable([]byte(text), zone)
	}
	identify(rows)
	return rows, unknown, err
}

// identify gives each row a UID of its own: a row that has none gets one of what it says. What software calls an id is that of the patient
// now and then, and stands with all their appointments: then the time makes the difference.
func identify(rows []Row) {
	starts := map[string]time.Time{}
	several := map[string]bool{}
	for i := range rows {
		r := &rows[i]
		if r.UID == "" {
			sum := sha256.Sum256([]byte(strings.Join([]string{r.Start.UTC().Format(time.RFC3339), patient.Folded(r.Shown()), r.BirthDate, patient.Folded(r.Service)}, "\x00")))
			r.UID = "row-" + base64.RawURLEncoding.EncodeToString(sum[:16])
			continue
		}
		if r.Bad != "" {
			continue
		}
		if had, ok := starts[r.UID]; ok && !had.Equal(r.Start) {
			several[r.UID] = true
		}
		starts[r.UID] = r.Start
	}
	for i := range rows {
		if r := &rows[i]; several[r.UID] {
			r.UID += "/" + r.Start.UTC().Format("20060102T150405Z")
		}
	}
}
