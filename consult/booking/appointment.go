package booking

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/colloque/colloque/consult"
)

// ActorKind is whose hand something was done by.
type ActorKind string

// The kinds of actors.
const (
	ByPatient  ActorKind = "patient"  // who holds the manage ticket
	ByPractice ActorKind = "practice" // an account; whether it may is the caller's to know
	BySystem   ActorKind = "system"   // this program, by itself
)

// Actor is who does something.
type Actor struct {
	Kind    ActorKind         `json:"kind"`
	Account consult.AccountID `json:"account,omitempty"` // ByPractice
}

// Person is what an appointment knows of the patient: copied when it is made, so that it stays what was agreed.
type Person struct {
	Name      string          `json:"name"`
	BirthDate string          `json:"birth_date,omitempty"` // consult.BirthDateForm
	Language  string          `json:"language,omitempty"`   // BCP 47
	TimeZone  string          `json:"time_zone,omitempty"`  // IANA; "": the practitioner's
	Contact   consult.Contact `json:"contact"`
	Needs     []string        `json:"needs,omitempty"`
}

// Appointment is an agreed time, or the request for one. It is a value; its slices and maps are not to be written to. Times are UTC.
type Appointment struct {
	ID               AppointmentID          `json:"id"`
	UID              string                 `json:"uid"`      // of iCalendar, for ever
	Sequence         int                    `json:"sequence"` // of iCalendar: grows when the time changes, when it is cancelled, and when its reminders are planned anew
	State            State                  `json:"state"`
	Service          ServiceID              `json:"service"`
	Label            string                 `json:"label"` // of the service, as it was agreed
	Practitioner     consult.AccountID      `json:"practitioner,omitempty"`
	PractitionerName string                 `json:"practitioner_name,omitempty"`
	Resources        []OwnerID              `json:"resources,omitempty"`
	Patient          consult.PatientID      `json:"patient,omitempty"` // whose record Person was copied from
	Person           Person                 `json:"person"`
	Start            time.Time              `json:"start,omitzero"` // zero: a request without a time
	End              time.Time              `json:"end,omitzero"`
	Wall             string                 `json:"wall,omitempty"`      // "2026-11-24T14:30", as agreed, on clocks in TimeZone
	TimeZone         string                 `json:"time_zone,omitempty"` // of the practitioner, IANA
	Before           time.Duration          `json:"before,omitempty"`    // buffers
	After            time.Duration          `json:"after,omitempty"`
	Modality         Modality               `json:"modality"`
	Place            string                 `json:"place,omitempty"`
	Answers          map[string]string      `json:"answers,omitempty"` // by Question.ID
	Files            consult.FolderID       `json:"files,omitempty"`   // what the patient gave
	Note             string                 `json:"note,omitempty"`    // the patient's reason; of a request, also when they could come
	Consultation     consult.ConsultationID `json:"consultation,omitempty"`
	Series           SeriesID               `json:"series,omitempty"`
	Overbooked       bool                   `json:"overbooked,omitempty"` // History has the reason
	CreatedAt        time.Time              `json:"created_at"`
	ChangedAt        time.Time              `json:"changed_at"`
	ArrivedAt        time.Time              `json:"arrived_at,omitzero"`      // the patient
	PractitionerAt   time.Time              `json:"practitioner_at,omitzero"` // the practitioner, or who stood in
	Absent           Absence                `json:"absent,omitempty"`         // StateNoShow
	Notice           time.Duration          `json:"notice,omitempty"`         // StateCancelled: how long before the start; noticeUnknown
	History          []Change               `json:"history"`
	Told             bool                   `json:"told"`              // the last change could be sent to the patient
	Answered         Answered               `json:"answered,omitzero"` // by the patient's calendar
	Silent           bool                   `json:"silent,omitempty"`  // nobody is reminded of it: it was taken over from other software
	Revision         uint64                 `json:"-"`                 // of the store

	Reminders []time.Duration `json:"reminders,omitempty"` // before the start, that are still to come, the next first
	Reminded  string          `json:"reminded,omitempty"`  // Notice.Key of the last one, which may still wait in the outbox
	Said      Said            `json:"said,omitzero"`
}

// Said is what the patient was told last, reminders aside. It may still wait in the outbox, for the morning or a mail server.
type Said struct {
	Key   string    `json:"key"`            // Notice.Key
	Knew  bool      `json:"knew,omitempty"` // whether they know of the appointment even if this does not reach them
	Start time.Time `json:"start,omitzero"` // and of which start
}

// noticeUnknown is Appointment.Notice when the book that it was cancelled in does not say when.
const noticeUnknown time.Duration = -1

// Absence is who did not come.
type Absence string

// Who can be absent.
const (
	AbsentPatient      Absence = "patient"
	AbsentPractitioner Absence = "practitioner"
)

// Change is one thing that happened to an appointment.
type Change struct {
	At     time.Time         `json:"at"`
	By     Actor             `json:"by"`
	Action Action            `json:"action"`
	Reason string            `json:"reason,omitempty"`
	Was    time.Time         `json:"was,omitzero"`  // ActionMove: the start before
	Of     consult.AccountID `json:"of,omitempty"`  // ActionMove: the practitioner before
	Who    Absence           `json:"who,omitempty"` // ActionAbsent: who did not come
}

// maxHistory bounds what somebody who moves again and again can write; the first entry stays.
const maxHistory = 100

// String keeps a patient out of logs and messages that were not thought through.
func (a Appointment) String() string { return fmt.Sprintf("appointment %s", a.ID) }

// Duration is the length without buffers.
func (a Appointment) Duration() time.Duration { return a.End.Sub(a.Start) }

// padded is the time that it takes with its buffers.
func (a Appointment) padded() span {
	return span{a.Start.Add(-a.Before).Unix(), a.End.Add(a.After).Unix()}
}

// note appends to the history; the slice is not shared with the appointment before.
func (a *Appointment) note(c Change) {
	a.ChangedAt = c.At
	a.History = append(slices.Clone(a.History), c)
	if len(a.History) > maxHistory {
		a.History = slices.Delete(a.History, 1, 2)
	}
}

// step applies an action, without times and without a store.
func (a *Appointment) step(action Action, by Actor, reason string, now time.Time) error {
	next, err := a.State.After(action)
	if err != nil {
		return err
	}
	a.State = next
	change := Change{At: now, By: by, Action: action, Reason: reason}
	switch action {
	case ActionMove:
		change.Was, change.Of = a.Start, a.Practitioner
		a.Sequence++
		a.ArrivedAt, a.PractitionerAt = time.Time{}, time.Time{}
	case ActionApprove:
		a.Sequence++
	case ActionCancel, ActionRefuse, ActionMistake:
		a.Sequence++
		if action == ActionCancel && !a.Start.IsZero() {
			a.Notice = max(a.Start.Sub(now), 0)
		}
		a.Absent = ""
	case ActionArrive:
		a.ArrivedAt, a.Absent = firstOf(a.ArrivedAt, now), ""
	case ActionBegin:
		a.ArrivedAt, a.PractitionerAt, a.Absent = firstOf(a.ArrivedAt, now), firstOf(a.PractitionerAt, now), ""
	case ActionFulfil:
		a.Absent = ""
	case ActionAbsent:
		if a.Absent == "" {
			a.Absent = AbsentPatient
		}
	}
	a.note(change)
	return nil
}

func firstOf(was, now time.Time) time.Time {
	if was.IsZero() {
		return now
	}
	return was
}

// Proposal is what became of an appointment that is over, from who arrived: fulfilled, noshow with who did not come, or "" when it is
// not for this program to say: nobody came, it is not over, it was cancelled.
func (a Appointment) Proposal(now time.Time) (State, Absence) {
	if now.Before(a.End) || (a.State != StateBooked && a.State != StateArrived && a.State != StateInVisit) {
		return "", ""
	}
	switch patient, practitioner := !a.ArrivedAt.IsZero(), !a.PractitionerAt.IsZero(); {
	case patient && practitioner:
		return StateFulfilled, ""
	case practitioner:
		return StateNoShow, AbsentPatient
	case patient:
		return StateNoShow, AbsentPractitioner
	}
	return "", ""
}

// Initials are the first letters of the words of the name, at most four: "J. M."
func (p Person) Initials() string {
	var all []string
	for _, word := range strings.FieldsFunc(p.Name, func(r rune) bool { return unicode.IsSpace(r) || r == '-' }) {
		if first, _ := utf8.DecodeRuneInString(word); unicode.IsLetter(first) && len(all) < 4 {
			all = append(all, string(unicode.ToUpper(first))+".")
		}
	}
	return strings.Join(all, " ")
}

// clean checks what is said of a patient.
func (p Person) clean(country string, now time.Time) (Person, error) {
	var err error
	if p.Name, err = consult.CleanName(p.Name); err != nil {
		return Person{}, err
	}
	if p.BirthDate, err = consult.CleanBirthDate(p.BirthDate, now); err != nil {
		return Person{}, err
	}
	if p.Language, err = consult.CleanLanguage(p.Language); err != nil {
		return Person{}, err
	}
	if p.TimeZone != "" {
		if _, err := time.LoadLocation(p.TimeZone); err != nil || p.TimeZone == "Local" {
			return Person{}, errBadZone
		}
	}
	if p.Contact, err = p.Contact.Clean(country); err != nil {
		return Person{}, err
	}
	p.Needs, err = consult.CleanNeeds(p.Needs)
	return p, err
}

// cleanText checks what somebody wrote; "" stays "".
func cleanText(text string, most int) (string, error) {
	text = strings.TrimSpace(text)
	if !utf8.ValidString(text) || utf8.RuneCountInString(text) > most || strings.ContainsFunc(text, func(r rune) bool { return r < ' ' && r != '\n' && r != '\t' && r != '\r' }) {
		return "", errBadReason
	}
	return text, nil
}
