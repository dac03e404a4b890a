package consult

import "errors"

// Code says to a program what went wrong. The codes are those of the wire, see docs/protocol.md.
type Code string

// The codes that this package and its sub-packages answer with.
const (
	CodeBadMessage  Code = "bad-message" // a value is out of range
	CodeBadTicket   Code = "bad-ticket"  // unknown, used up, revoked or expired: always the same answer
	CodeForbidden   Code = "forbidden"   // this person may not do that
	CodeLocked      Code = "locked"      // the screen was left alone: confirm first
	CodeConfirm     Code = "confirm"     // this needs a fresh proof that it is really them
	CodeNotFound    Code = "not-found"   // there is no such thing, or it is somebody else's
	CodeTooEarly    Code = "too-early"   // the waiting room is not open yet
	CodeConflict    Code = "conflict"    // the state is not one in which that can be done
	CodeTooFast     Code = "too-fast"    // more than allowed; wait
	CodeTooLarge    Code = "too-large"   // a text or a document is over its limit
	CodeBadType     Code = "bad-type"    // a document of a kind that is not taken
	CodeUnavailable Code = "unavailable" // stopping, full, or too much contention: try again
	CodeInternal    Code = "internal"    // our fault; nothing changed
)

// Error is what every exported function answers with when it fails: a code for programs and one plain
// English sentence. It wraps nothing: causes from inside are logged, and never leave the package.
type Error struct {
	Code    Code
	Message string
}

// Error returns the sentence.
func (e *Error) Error() string { return e.Message }

// Is makes two errors with the same code and sentence equal for errors.Is.
func (e *Error) Is(target error) bool {
	other, ok := target.(*Error)
	return ok && *other == *e
}

// CodeOf returns the code of the *Error in err's chain, CodeInternal for any other error, and "" for nil.
func CodeOf(err error) Code {
	if err == nil {
		return ""
	}
	var e *Error
	if errors.As(err, &e) {
		return e.Code
	}
	return CodeInternal
}

// The answers that callers compare with, or that must be the same in several places.
var (
	// ErrBadTicket is the one answer to every ticket that is not good, whatever the cause.
	ErrBadTicket error = &Error{CodeBadTicket, "This link is not valid any more."}
	// ErrNotFound is the answer for what does not exist and for what belongs to somebody else.
	ErrNotFound error = &Error{CodeNotFound, "There is no such consultation or participant."}
	// ErrNoRoom says that the disk is full. Nothing was changed; what was acknowledged before is there.
	ErrNoRoom error = &Error{CodeUnavailable, "The server's disk is full: nothing was changed. Please try again later."}
	// ErrEnded is the answer to everything that is asked of a consultation that has ended.
	ErrEnded error = &Error{CodeConflict, "The consultation has ended."}
	// ErrTooEarly is the answer to whoever comes before the waiting room opens.
	ErrTooEarly error = &Error{CodeTooEarly, "The waiting room is not open yet."}
	// ErrInternal is what a failure inside becomes for the caller. The cause is in the log.
	ErrInternal error = &Error{CodeInternal, "Something failed on the server; nothing was changed."}
	// ErrBusy says that too many changes met at the same moment; nothing was changed.
	ErrBusy error = &Error{CodeUnavailable, "The server is busy; please try again."}

	errNotWaiting     error = &Error{CodeConflict, "The participant is not in the waiting room."}
	errNotInCall      error = &Error{CodeConflict, "The participant is not in the call."}
	errNotHere        error = &Error{CodeConflict, "The participant is not here."}
	errPractitioner   error = &Error{CodeForbidden, "That cannot be done with the practitioner of the consultation."}
	errChatNotInCall  error = &Error{CodeForbidden, "Only those who are in the call can write messages."}
	errChatFull       error = &Error{CodeConflict, "This consultation holds as many messages as it can."}
	errChatTooLong    error = &Error{CodeTooLarge, "A message has at most 2000 characters."}
	errFull           error = &Error{CodeConflict, "This consultation has as many participants as it can have."}
	errTooManyOpen    error = &Error{CodeConflict, "Too many consultations are open: end some of them first."}
	errBadName        error = &Error{CodeBadMessage, "A name has at most 100 characters, all of them printable."}
	errNameMissing    error = &Error{CodeBadMessage, "A name is needed."}
	errBadLanguage    error = &Error{CodeBadMessage, "The language is not a language tag such as \"fr\" or \"en-GB\"."}
	errBadBirthDate   error = &Error{CodeBadMessage, "The birth date is not a day such as 1948-03-09, in the last 130 years."}
	errBadPhone       error = &Error{CodeBadMessage, "There is no such phone number: give it as it is dialled, or with + and the country's prefix."}
	errBadMail        error = &Error{CodeBadMessage, "This is not a mail address such as name@example.org."}
	errBadReach       error = &Error{CodeBadMessage, "The way to reach somebody must be sms, mail or handed."}
	errReachNoMobile  error = &Error{CodeBadMessage, "Text messages need the number of a mobile phone."}
	errReachNoMail    error = &Error{CodeBadMessage, "Mail needs a mail address."}
	errBadNeeds       error = &Error{CodeBadMessage, "A need must be hearing, sight, interpreter or carer."}
	errBadRole        error = &Error{CodeBadMessage, "The role must be patient, interpreter or guest."}
	errBadDevices     error = &Error{CodeBadMessage, "The devices hold a word that is not known."}
	errBadText        error = &Error{CodeBadMessage, "A message is text of at least one character."}
	errBadDelay       error = &Error{CodeBadMessage, "A delay is 0 to 240 minutes."}
	errBadTimeZone    error = &Error{CodeBadMessage, "The time zone is not an IANA name such as Europe/Paris."}
	errBadPatient     error = &Error{CodeBadMessage, "This is not the id of a patient."}
	errBadSchedule    error = &Error{CodeBadMessage, "A consultation is scheduled at most 18 months ahead, and not in the past, and lasts 5 minutes to 8 hours."}
	errBadDay         error = &Error{CodeBadMessage, "A day is written like 2026-11-22."}
	errUnderWay       error = &Error{CodeConflict, "The consultation has begun."}
	errIsHere         error = &Error{CodeConflict, "The participant is here."}
	errInCall         error = &Error{CodeConflict, "The participant is in the call."}
	errPassToOneself  error = &Error{CodeBadMessage, "A consultation is passed on to somebody else."}
	errPassedTooOften error = &Error{CodeConflict, "This consultation was passed on too often."}
	errPassTaken      error = &Error{CodeConflict, "The colleague has begun already."}
	errBadWaitingText error = &Error{CodeBadMessage, "A message to who waits is text of 1 to 300 characters."}
	errUnknownAction  error = &Error{CodeBadMessage, "There is no such action."}
	errClosed         error = &Error{CodeUnavailable, "The server is stopping."}
	errStoppedWaiting error = &Error{CodeUnavailable, "The request was given up before it was answered."}
)
