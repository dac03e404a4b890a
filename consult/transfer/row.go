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
	// Practitioner is whose it is, as a table of a whole practice says it; "": nothing says so.
	Practitioner string
	Note         string
	Modality     booking.Modality // of a table; what the service is not given by says nothing
	Place        string
	State        booking.State // when the file says one; "": it stands
	Bad          Reason        // why it cannot be taken over; "": it can

	guessed bool // Phone was found in a text: it may be something else
}

// off reports whether an appointment in this state takes no time.
func off(s booking.State) bool {
	return s == booking.StateCancelled || s == booking.StateRefused || s == booking.StateInError
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

// maxUID is how long an id of other software may be, in bytes, to be kept as it is.
const maxUID = 400

// rowID is an id that is made of what a row says.
func rowID(of ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(of, "\x00")))
	return "row-" + base64.RawURLEncoding.EncodeToString(sum[:16])
}

// identify gives each row a UID of its own: a row that has none gets one of what it says. What software calls an id is that of the patient
// now and then, and stands with all their appointments: then the time makes the difference.
func identify(rows []Row) {
	starts := map[string]time.Time{}
	several := map[string]bool{}
	for i := range rows {
		r := &rows[i]
		if len(r.UID) > maxUID {
			r.UID = rowID(r.UID)
		}
		if r.UID == "" {
			r.UID = rowID(r.Start.UTC().Format(time.RFC3339), patient.Folded(r.Shown()), r.BirthDate, patient.Folded(r.Service))
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
	stands := map[string]bool{}
	for i := range rows {
		r := &rows[i]
		if several[r.UID] {
			r.UID += "/" + r.Start.UTC().Format("20060102T150405Z")
		}
		if r.Bad == "" && !off(r.State) {
			stands[r.UID] = true
		}
	}
	for i := range rows { // cancelled, and the same time given to the same person again: without ids of their own one would hide the other
		if r := &rows[i]; off(r.State) && stands[r.UID] {
			r.UID += "/off"
		}
	}
}
