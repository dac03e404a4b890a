package booking

import (
	"errors"

	"github.com/colloque/colloque/consult"
)

// The answers that callers compare with. All of them are consult.Errors: a code of docs/protocol.md and one sentence.
var (
	// ErrNotFound is the answer for what does not exist.
	ErrNotFound error = &consult.Error{Code: consult.CodeNotFound, Message: "There is no such service, schedule or appointment."}
	// ErrTaken is the answer to whoever comes too late for a time. *TakenError wraps it, with the next free ones.
	ErrTaken error = &consult.Error{Code: consult.CodeConflict, Message: "This time is not free any more."}
	// ErrTooLate is the answer to patients after the cut-off.
	ErrTooLate error = &consult.Error{Code: consult.CodeConflict, Message: "It is too late to change this appointment here: please call the practice."}
	// ErrState is the answer to what cannot be done with an appointment as it is.
	ErrState error = &consult.Error{Code: consult.CodeConflict, Message: "That cannot be done with this appointment any more."}
	// ErrHoldLapsed is the answer to a hold that is used up or over.
	ErrHoldLapsed error = &consult.Error{Code: consult.CodeBadTicket, Message: "This time is not kept any more: please choose again."}
	// ErrStale says that somebody else changed a service, a schedule or a room since it was read: nothing was written.
	ErrStale error = &consult.Error{Code: consult.CodeConflict, Message: "This was changed meanwhile: read it again, then change it."}
	// ErrRoomNeeded is the answer to who removes a room that a service needs.
	ErrRoomNeeded error = &consult.Error{Code: consult.CodeConflict, Message: "A service needs this room: take it out there first."}
	// ErrBusy says that too many changes met at the same moment; nothing was changed.
	ErrBusy = consult.ErrBusy

	errBadDate       error = &consult.Error{Code: consult.CodeBadMessage, Message: "A day is written like 2026-11-22."}
	errBadClock      error = &consult.Error{Code: consult.CodeBadMessage, Message: "A time of day is written like 09:30."}
	errAnswerMissing error = &consult.Error{Code: consult.CodeBadMessage, Message: "A question that needs an answer has none."}
	errBadAnswer     error = &consult.Error{Code: consult.CodeBadMessage, Message: "An answer is not one to the question."}
	errNotHeld       error = &consult.Error{Code: consult.CodeBadMessage, Message: "The hold keeps something else than is asked for: another service, practitioner, start, place or way of meeting."}
	errNoContact     error = &consult.Error{Code: consult.CodeBadMessage, Message: "A phone number or a mail address is needed."}
	errBadModality   error = &consult.Error{Code: consult.CodeBadMessage, Message: "The service is not offered in this way."}
	errBadQuery      error = &consult.Error{Code: consult.CodeBadMessage, Message: "Free times are asked for at most 62 days at once."}
	errBadReason     error = &consult.Error{Code: consult.CodeBadMessage, Message: "A reason has 1 to 500 characters."}
	errBadPatient    error = &consult.Error{Code: consult.CodeBadMessage, Message: "This is not the id of a patient."}
	errBadZone       error = &consult.Error{Code: consult.CodeBadMessage, Message: "The time zone is not an IANA name such as Europe/Paris."}
	errBadKey        error = &consult.Error{Code: consult.CodeBadMessage, Message: "The key of a request has at most 100 characters."}
	errNotOffered    error = &consult.Error{Code: consult.CodeForbidden, Message: "Only the practice books this."}
	errBadSeries     error = &consult.Error{Code: consult.CodeBadMessage, Message: "A series has 2 to 52 appointments, every 1 to 52 weeks."}
	errSeriesTaken   error = &consult.Error{Code: consult.CodeConflict, Message: "Some of the new times are not free: nothing was moved."}
	errNoSeries      error = &consult.Error{Code: consult.CodeBadMessage, Message: "This appointment belongs to no series."}
	errWaitFull      error = &consult.Error{Code: consult.CodeConflict, Message: "As many wait for this service as can."}
	errBadWait       error = &consult.Error{Code: consult.CodeBadMessage, Message: "Somebody waits for a service on days that are still to come."}
	errDayFull       error = &consult.Error{Code: consult.CodeConflict, Message: "This day holds as many entries as it can."}
	errBadImport     error = &consult.Error{Code: consult.CodeBadMessage, Message: "An appointment that is imported has a service, a practitioner, a start, a known state, and 5 minutes to 8 hours; at most 1,000 come at once."}
	errBadGrid       error = &consult.Error{Code: consult.CodeBadMessage, Message: "A book is read at most 42 days at once."}
	errClosed        error = &consult.Error{Code: consult.CodeUnavailable, Message: "The server is stopping."}
)

// errDay says that a day document is not readable. It is for the operator.
var errDay = errors.New("booking: day document")

// TakenError is ErrTaken with what is free instead, at most three times.
type TakenError struct{ Next []FreeTime }

// Error returns the sentence.
func (e *TakenError) Error() string { return ErrTaken.Error() }

// Unwrap returns ErrTaken.
func (e *TakenError) Unwrap() error { return ErrTaken }

// FieldError says which field of a service, a schedule or a room was refused, and what to do about it.
type FieldError struct {
	Field string // as it is called in the JSON of this package; "weekly.2" is one of several
	Why   string // what to do, as half a sentence
}

// Error returns the sentence.
func (e *FieldError) Error() string { return e.Field + ": " + e.Why + "." }

// Unwrap returns the sentence with its code.
func (e *FieldError) Unwrap() error {
	return &consult.Error{Code: consult.CodeBadMessage, Message: e.Error()}
}
