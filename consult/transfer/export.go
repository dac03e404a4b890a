package transfer

import (
	"archive/zip"
	"context"
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/calendar"
	"github.com/colloque/colloque/consult/patient"
	"github.com/colloque/colloque/consult/table"
)

// Exporter writes what a practice takes along, or what a patient asks for, into an archive (.zip) of tables, calendars and JSON. What is written as
// a table or a calendar can be read again, here and elsewhere.
type Exporter struct {
	Book     *booking.Book
	Patients *patient.Patients
	Practice *consult.Practice
}

// archive is one being written, a year of appointments at a time.
type archive struct {
	*zip.Writer
	now  time.Time
	name string // of the calendars
	year int    // of those that follow; 0: without a time
	some []booking.Appointment
}

// WriteBook writes all that one practitioner's book holds: appointments by year, requests, the wait list, services, opening hours, rooms, and
// their patients. What changes meanwhile may be missing. When it fails, what was written is no whole archive.
func (e Exporter) WriteBook(ctx context.Context, of consult.AccountID, w io.Writer) error {
	schedule, err := e.Book.Schedule(of)
	if err != nil && consult.CodeOf(err) != consult.CodeNotFound {
		return err
	}
	a := e.begin(w, schedule.Name)
	rules, err := e.rulesOf(of, schedule)
	if err != nil {
		return err
	}
	if err := a.json("book.json", rules); err != nil {
		return err
	}
	if err := e.Book.Each(ctx, of, time.Time{}, endOfTime(), a.add); err != nil {
		return err
	}
	if err := a.flush(); err != nil {
		return err
	}
	err = e.Book.EachRequest(ctx, func(one booking.Appointment) error {
		if !one.Start.IsZero() || (one.Practitioner != of && (one.Practitioner != "" || !rules.gives(one.Service))) {
			return nil
		}
		return a.add(one)
	})
	if err != nil {
		return err
	}
	if err := a.flush(); err != nil {
		return err
	}
	var waiting []booking.Waiting
	for _, s := range rules.Services {
		list, err := e.Book.WaitList(s.ID)
		if err != nil {
			return err
		}
		for _, one := range list {
			if one.Practitioner == "" || one.Practitioner == of {
				waiting = append(waiting, one)
			}
		}
	}
	if err := a.waiting(waiting, rules.Services); err != nil {
		return err
	}
	people, err := a.create("patients.csv")
	if err != nil {
		return err
	}
	if err := e.Patients.Export(ctx, of, people); err != nil {
		return err
	}
	return a.end(bookReadme)
}

// WritePatient writes what is kept about one patient's appointments and consultations, for them: GDPR articles 15 and 20.
func (e Exporter) WritePatient(ctx context.Context, id consult.PatientID, w io.Writer) error {
	p, err := e.Patients.Patient(id)
	if err != nil {
		return err
	}
	consultations, err := e.Practice.OfPatient(id)
	if err != nil {
		return err
	}
	services, err := e.Book.Services()
	if err != nil {
		return err
	}
	var waiting []booking.Waiting
	for _, s := range services {
		list, err := e.Book.WaitList(s.ID)
		if err != nil {
			return err
		}
		for _, one := range list {
			if one.Patient == id {
				waiting = append(waiting, one)
			}
		}
	}
	a := e.begin(w, p.Name())
	if err := a.json("patient.json", p); err != nil {
		return err
	}
	if err := e.Book.EachOf(ctx, id, a.add); err != nil {
		return err
	}
	if err := a.flush(); err != nil {
		return err
	}
	type visit struct {
		ID      consult.ConsultationID `json:"id"`
		When    time.Time              `json:"when"`
		Started time.Time              `json:"started,omitzero"`
		Ended   time.Time              `json:"ended,omitzero"`
		State   consult.State          `json:"state"`
	}
	visits := make([]visit, 0, len(consultations))
	for _, c := range consultations {
		visits = append(visits, visit{c.ID, c.When(), c.LiveAt, c.EndedAt, c.State})
	}
	if err := a.json("consultations.json", visits); err != nil {
		return err
	}
	if err := a.waiting(waiting, services); err != nil {
		return err
	}
	return a.end(patientReadme)
}

func (e Exporter) begin(w io.Writer, name string) *archive {
	return &archive{Writer: zip.NewWriter(w), now: e.Book.Now(), name: name}
}

// create begins a file with the time of now: without one, programs show 1980.
func (a *archive) create(name string) (io.Writer, error) {
	return a.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate, Modified: a.now})
}

func (a *archive) end(readme string) error {
	w, err := a.create("LISEZMOI-README.txt")
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, readme); err != nil {
		return err
	}
	return a.Close()
}

func (a *archive) json(name string, what any) error {
	w, err := a.create(name)
	if err != nil {
		return err
	}
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	return encoder.Encode(what)
}

// add takes up the next appointment, and writes those of the year before.
func (a *archive) add(one booking.Appointment) error {
	if year := one.Start.Year(); year != a.year {
		if err := a.flush(); err != nil {
			return err
		}
		a.year = year
	}
	a.some = append(a.some, one)
	return nil
}

// flush writes the appointments of one year, or requests, as a table, as a calendar and with all that is known.
func (a *archive) flush() error {
	some, name := a.some, "appointments-"+strconv.Itoa(a.year)
	a.some, a.year = nil, 0
	if len(some) == 0 {
		return nil
	}
	if some[0].Start.IsZero() {
		name = "requests"
	}
	if err := a.json(name+".json", some); err != nil {
		return err
	}
	if err := a.table(name+".csv", some); err != nil {
		return err
	}
	if some[0].Start.IsZero() {
		return nil
	}
	entries := make([]calendar.Entry, len(some))
	for i, one := range some {
		entries[i] = calendar.Entry{Appointment: one, Event: calendar.Event{Summary: one.Person.Name, Description: one.Label, Location: one.Place}}
	}
	data, err := calendar.EncodeFeed(a.name, some[0].TimeZone, 24*time.Hour, entries)
	if err != nil {
		return err
	}
	w, err := a.create(name + ".ics")
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}

// table writes what Read reads.
func (a *archive) table(name string, some []booking.Appointment) error {
	rows := [][]string{{columnDate, columnTime, "duree", "instant", "patient", "date_de_naissance", "telephone", "courriel", "motif", "modalite", "lieu", "etat", "note", "uid"}}
	for _, one := range some {
		date, clock, length, instant := "", "", "", ""
		if !one.Start.IsZero() {
			at := one.Start
			if zone, err := time.LoadLocation(one.TimeZone); err == nil {
				at = at.In(zone)
			}
			date, clock, instant = at.Format("02/01/2006"), at.Format("15:04"), one.Start.UTC().Format(time.RFC3339)
			length = strconv.Itoa(int(one.Duration() / time.Minute))
		}
		rows = append(rows, []string{
			date, clock, length, instant, one.Person.Name, one.Person.BirthDate, one.Person.Contact.Phone, one.Person.Contact.Mail,
			one.Label, string(one.Modality), one.Place, stateWords()[one.State], one.Note, one.UID,
		})
	}
	return a.rows(name, rows)
}

func (a *archive) waiting(list []booking.Waiting, services []booking.Service) error {
	if len(list) == 0 {
		return nil
	}
	label := func(id booking.ServiceID) string {
		i := slices.IndexFunc(services, func(s booking.Service) bool { return s.ID == id })
		return services[i].LabelIn("fr")
	}
	rows := [][]string{{"patient", "date_de_naissance", "telephone", "courriel", "motif", "a_partir_du", "jusqu_au", "depuis"}}
	for _, one := range list {
		rows = append(rows, []string{
			one.Person.Name, one.Person.BirthDate, one.Person.Contact.Phone, one.Person.Contact.Mail, label(one.Service),
			one.From.Format(time.RFC3339), one.To.Format(time.RFC3339), one.CreatedAt.Format(time.RFC3339),
		})
	}
	return a.rows("wait-list.csv", rows)
}

func (a *archive) rows(name string, rows [][]string) error {
	w, err := a.create(name)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(w, "\xef\xbb\xbf"); err != nil { // without it spreadsheets take UTF-8 for Windows-1252
		return err
	}
	out := csv.NewWriter(w)
	for _, row := range rows {
		for i := range row {
			row[i] = table.Harmless(row[i])
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// stateWords is how a table says what became of an appointment: each by a word of its own, which setState reads.
func stateWords() map[booking.State]string {
	return map[booking.State]string{
		booking.StateRequested: "demandé", booking.StateBooked: "prévu", booking.StateArrived: "arrivé", booking.StateInVisit: "en cours",
		booking.StateInterrupted: "interrompu", booking.StateByPhone: "poursuivi par téléphone", booking.StateToRebook: "à reprendre",
		booking.StateFulfilled: "honoré", booking.StateNoShow: "absent", booking.StateCancelled: "annulé", booking.StateRefused: "refusé",
		booking.StateInError: "annulé (erreur)",
	}
}

// endOfTime is after all appointments.
func endOfTime() time.Time { return time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC) }
