package transfer

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/patient"
)

// Options is what the user chose.
type Options struct {
	By             booking.Actor
	Practitioner   consult.AccountID
	Service        booking.ServiceID // of rows that name none that is known; "": they are left out
	Overbook       string            // the reason to take over what overlaps; "": it is left out
	CreatePatients bool              // write down patients who are not known, from their name and birth date or phone
	Remind         bool              // remind these patients as others
	DryRun         bool              // write nothing
	Progress       func(rows int)    // told after each chunk how many rows are done with; nil
}

// chunk is how many rows are looked at and then written together, their patients first: when it ends on the way, at most so many patients are
// there without their appointments, and found when the file comes again.
const chunk = 240

// Outcome is what becomes of a row.
type Outcome string

// The outcomes.
const (
	OutcomeNew        Outcome = "new"        // taken over
	OutcomeOverbooked Outcome = "overbooked" // taken over, though its time is taken
	OutcomeKnown      Outcome = "known"      // it was taken over before
	OutcomeLeftOut    Outcome = "left-out"
)

// Record is what becomes of a row's patient.
type Record string

// The records.
const (
	RecordFound   Record = "found"
	RecordCreated Record = "created"
	RecordNone    Record = "none" // it stands with the name that the file says
)

// Result is what came, or in a dry run would come, of a row.
type Result struct {
	Row         Row
	Outcome     Outcome
	Reason      Reason // why it is left out, or what is to be known; ""
	Record      Record
	Appointment booking.AppointmentID // that was made, or was there
}

// Importer takes appointments over.
type Importer struct {
	Book     *booking.Book
	Patients *patient.Patients
	Country  string // ISO 3166-1: of phone numbers without a +
}

// run is one file being taken over.
type run struct {
	Importer
	Options
	ours     func(Row) bool // whether a row is the practitioner's
	services map[booking.ServiceID]booking.Service
	labels   map[string]booking.ServiceID // folded
	known    *patient.Register
	uids     map[string]bool // of rows before
	spans    []booking.Interval
	plain    []pending // of this chunk, to be written
	over     []pending // of this chunk, to be written over others
}

// pending is a row that is to be written.
type pending struct {
	item  booking.Imported
	index int // of the result
}

// Run takes rows over, in order. When it fails on the way, what was taken over stays: run it again.
func (i Importer) Run(ctx context.Context, rows []Row, o Options) ([]Result, error) {
	r := &run{Importer: i, Options: o, services: map[booking.ServiceID]booking.Service{}, labels: map[string]booking.ServiceID{}, uids: map[string]bool{}}
	schedule, err := i.Book.Schedule(o.Practitioner)
	if err != nil {
		return nil, err
	}
	r.ours = ours(rows, schedule.Name)
	services, err := i.Book.Services()
	if err != nil {
		return nil, err
	}
	for _, s := range services {
		for _, of := range s.Practitioners {
			if of != o.Practitioner {
				continue
			}
			r.services[s.ID] = s
			for _, label := range s.Label {
				r.labels[patient.Folded(label)] = s.ID
			}
		}
	}
	if _, ok := r.services[o.Service]; o.Service != "" && !ok {
		return nil, booking.ErrNotFound
	}
	if r.known, err = i.Patients.Register(ctx, o.Practitioner); err != nil {
		return nil, err
	}
	results := make([]Result, 0, len(rows))
	for some := range slices.Chunk(rows, chunk) {
		if results, err = r.chunk(ctx, some, results); err != nil {
			return results, err
		}
		if o.Progress != nil {
			o.Progress(len(results))
		}
	}
	return results, nil
}

// chunk looks at some rows, and writes what is good of them: patients, then appointments.
func (r *run) chunk(ctx context.Context, rows []Row, results []Result) ([]Result, error) {
	r.plain, r.over = r.plain[:0], r.over[:0]
	for _, row := range rows {
		if ctx.Err() != nil {
			return results, errGivenUp
		}
		result, err := r.row(row, len(results))
		if err != nil {
			return results, err
		}
		results = append(results, result)
	}
	if r.DryRun {
		return results, nil
	}
	there, err := r.known.Write(ctx)
	if err != nil {
		return results, err
	}
	for _, id := range there {
		r.instead(r.plain, id, results)
		r.instead(r.over, id, results)
	}
	if err := r.write(ctx, r.plain, "", results); err != nil {
		return results, err
	}
	return results, r.write(ctx, r.over, r.Overbook, results)
}

// instead puts who was written down meanwhile in the place of somebody who was to be written.
func (r *run) instead(rows []pending, id consult.PatientID, results []Result) {
	for i := range rows {
		if item := &rows[i].item; item.Patient == id {
			out := &results[rows[i].index]
			out.Record, out.Reason, item.Patient = RecordNone, ReasonSeveral, ""
			if found := r.known.Match(named(item.Person)); len(found) == 1 {
				out.Record, out.Reason, item.Patient = RecordFound, "", found[0].ID
				filled(&item.Person, found[0])
			}
		}
	}
}

func named(p booking.Person) patient.Named {
	return patient.Named{Name: p.Name, BirthDate: p.BirthDate, Phone: p.Contact.Phone}
}

// row looks at one row, and notes it to be written when it is good.
func (r *run) row(row Row, index int) (Result, error) {
	out := Result{Row: row, Outcome: OutcomeLeftOut, Reason: row.Bad, Record: RecordNone}
	if row.Bad != "" {
		return out, nil
	}
	if !r.ours(row) {
		out.Reason = ReasonPractitioner
		return out, nil
	}
	service, ok := r.serviceOf(row)
	if !ok {
		out.Reason = ReasonService
		return out, nil
	}
	if row.End.IsZero() {
		row.End = row.Start.Add(service.Duration)
	}
	out.Row = row
	if d := row.End.Sub(row.Start); d < booking.MinDuration || d > booking.MaxDuration {
		out.Reason = ReasonLength
		return out, nil
	}
	person, why := r.personOf(row)
	if why != "" {
		out.Reason = why
		return out, nil
	}
	switch id, err := r.Book.ImportedAs(r.Practitioner, row.UID); {
	case err == nil:
		return r.knownAs(out, id)
	case consult.CodeOf(err) != consult.CodeNotFound:
		return out, err
	case r.uids[row.UID]:
		out.Outcome = OutcomeKnown // a row before says the same
		return out, nil
	}
	isOff := off(row.State)
	over, err := !isOff, error(nil)
	if over {
		over, err = r.overlaps(row)
	}
	if err != nil {
		return out, err
	}
	if over && r.Overbook == "" {
		out.Reason = ReasonTaken
		return out, nil
	}
	id, err := r.patientOf(&out, &person)
	if err != nil {
		return out, err
	}
	switch out.Outcome = OutcomeNew; {
	case over:
		out.Outcome = OutcomeOverbooked
	case isOff && out.Reason == "":
		out.Reason = ReasonCancelled
	}
	next := pending{booking.Imported{
		Key: row.UID, UID: row.UID, Service: service.ID, Practitioner: r.Practitioner, Start: row.Start, Duration: row.End.Sub(row.Start),
		Patient: id, Person: person, Note: shortened(row.Note),
	}, index}
	if slices.Contains(service.Modalities, row.Modality) {
		next.item.Modality = row.Modality
	}
	next.item.Place = strings.TrimSpace(shortened(row.Place))
	if isOff || row.State == booking.StateRequested || row.Start.Before(r.Book.Now()) { // what is still to come has not become anything
		next.item.State = row.State
	}
	if over {
		r.over = append(r.over, next)
	} else {
		r.plain = append(r.plain, next)
	}
	r.uids[row.UID] = true
	if !isOff {
		r.spans = append(r.spans, booking.Interval{From: row.Start, To: row.End})
	}
	return out, nil
}

// ours tells rows of the practitioner with this name from those of others. A file that names nobody, or one only, is theirs whatever the name:
// an agenda can be called anything.
func ours(rows []Row, name string) func(Row) bool {
	words := func(text string) []string { return strings.Fields(patient.Folded(text)) }
	titles := []string{"dr", "docteur", "doctor", "pr", "professeur", "prof", "m", "mme", "mlle", "mr", "mrs", "ms"}
	own, named := words(name), map[string]bool{}
	for _, row := range rows {
		if row.Practitioner != "" {
			named[patient.Folded(row.Practitioner)] = true
		}
	}
	return func(row Row) bool {
		if row.Practitioner == "" || len(named) < 2 {
			return true
		}
		theirs := slices.DeleteFunc(words(row.Practitioner), func(word string) bool { return slices.Contains(titles, word) })
		for _, word := range theirs {
			if !slices.Contains(own, word) {
				return false
			}
		}
		return len(theirs) > 0
	}
}

// write takes rows over that were found good, and notes of which it was not so any more.
func (r *run) write(ctx context.Context, rows []pending, overbook string, results []Result) error {
	for some := range slices.Chunk(rows, booking.MaxImport) {
		if ctx.Err() != nil {
			return errGivenUp
		}
		request := booking.ImportRequest{By: r.By, Overbook: overbook, Remind: r.Remind}
		for _, one := range some {
			request.Items = append(request.Items, one.item)
		}
		done, err := r.Book.Import(request)
		if err != nil {
			return err
		}
		for i, one := range done {
			out := &results[some[i].index]
			switch {
			case errors.Is(one.Err, booking.ErrTaken): // somebody was quicker
				out.Outcome, out.Reason = OutcomeLeftOut, ReasonTaken
			case one.Err != nil:
				out.Outcome, out.Reason = OutcomeLeftOut, ReasonSomething
			case one.Repeated:
				out.Outcome = OutcomeKnown
			}
			out.Appointment = one.Appointment
		}
	}
	return nil
}

// serviceOf is the service that a row names, in any of its languages, or the one that the user chose.
func (r *run) serviceOf(row Row) (booking.Service, bool) {
	id, ok := r.labels[patient.Folded(row.Service)]
	if !ok {
		id = r.Service
	}
	service, ok := r.services[id]
	return service, ok
}

// personOf cleans what a row says of the patient, or says what of it is not what it should be.
func (r *run) personOf(row Row) (booking.Person, Reason) {
	phone, err := consult.CleanPhone(row.Phone, r.Country)
	if err != nil && !row.guessed {
		return booking.Person{}, ReasonPhone
	}
	mail, err := consult.CleanMail(row.Mail)
	if err != nil {
		return booking.Person{}, ReasonMail
	}
	name, err := consult.CleanName(row.Shown())
	if err != nil {
		return booking.Person{}, ReasonNoName
	}
	birth, err := consult.CleanBirthDate(row.BirthDate, r.Book.Now())
	if err != nil {
		return booking.Person{}, ReasonBirthDate
	}
	return booking.Person{Name: name, BirthDate: birth, Contact: consult.Contact{Phone: phone, Mail: mail}}, ""
}

// knownAs says of a row that was taken over before, and whether it stands at that time still.
func (r *run) knownAs(out Result, id booking.AppointmentID) (Result, error) {
	out.Outcome, out.Appointment, out.Reason = OutcomeKnown, id, ""
	a, err := r.Book.Appointment(id)
	if consult.CodeOf(err) == consult.CodeNotFound {
		return out, nil
	}
	switch {
	case err != nil:
	case off(out.Row.State) && !off(a.State):
		out.Reason = ReasonCancelled
	case !a.Start.Equal(out.Row.Start.Truncate(time.Minute)):
		out.Reason = ReasonMoved
	}
	return out, err
}

// overlaps reports whether the time is taken: in the book, or by a row before.
func (r *run) overlaps(row Row) (bool, error) {
	for _, s := range r.spans {
		if row.Start.Before(s.To) && s.From.Before(row.End) {
			return true, nil
		}
	}
	return r.Book.Taken(r.Practitioner, row.Start, row.End)
}

// patientOf finds the patient's record, or adds one when that is wished.
func (r *run) patientOf(out *Result, person *booking.Person) (consult.PatientID, error) {
	found := r.known.Match(named(*person))
	switch {
	case len(found) == 1:
		out.Record = RecordFound
		filled(person, found[0])
		return found[0].ID, nil
	case len(found) > 1:
		out.Reason = ReasonSeveral
		return "", nil
	case !r.CreatePatients:
		return "", nil
	case person.BirthDate == "" && person.Contact.Phone == "":
		out.Reason = ReasonNothingKnown
		return "", nil
	}
	p := patient.Patient{FamilyName: out.Row.FamilyName, GivenNames: out.Row.GivenNames, BirthDate: person.BirthDate, Contact: person.Contact}
	if out.Row.Name != "" || p.FamilyName == "" {
		p.GivenNames, p.FamilyName = parted(person.Name)
	}
	p, err := r.known.Add(p)
	if code := consult.CodeOf(err); code == patient.CodeSimilar || code == consult.CodeBadMessage || code == consult.CodeConflict {
		out.Reason = ReasonSeveral
		return "", nil
	}
	out.Record = RecordCreated
	return p.ID, err
}

// filled takes from the record what it knows better.
func filled(person *booking.Person, p patient.Patient) {
	person.Name, person.Language, person.TimeZone, person.Needs = p.Name(), p.Language, p.TimeZone, p.Needs
	if p.BirthDate != "" {
		person.BirthDate = p.BirthDate
	}
	if p.Contact.Phone != "" || p.Contact.Mail != "" {
		person.Contact = p.Contact
	}
}

// parted tells given names from the family name: what is written in capitals is the family name, else the last word.
func parted(name string) (given, family string) {
	var g, f []string
	for word := range strings.FieldsSeq(name) {
		if utf8.RuneCountInString(word) > 1 && strings.IndexFunc(word, unicode.IsLower) < 0 && strings.IndexFunc(word, unicode.IsUpper) >= 0 {
			f = append(f, word)
		} else {
			g = append(g, word)
		}
	}
	if len(f) == 0 && len(g) > 0 {
		f, g = g[len(g)-1:], g[:len(g)-1]
	}
	return strings.Join(g, " "), strings.Join(f, " ")
}

// shortened is what fits into an appointment of what was noted, without what cannot be shown.
func shortened(note string) string {
	note = strings.Map(func(c rune) rune {
		if unicode.IsControl(c) && c != '\n' {
			return -1
		}
		return c
	}, strings.ToValidUTF8(note, ""))
	if runes := []rune(note); len(runes) > maxNote {
		note = string(runes[:maxNote])
	}
	return note
}

const maxNote = 2000 // characters
