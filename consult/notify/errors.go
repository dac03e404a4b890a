package notify

import (
	"errors"

	"github.com/colloque/colloque/consult"
)

// errDamaged says that a row is not what this program writes.
var errDamaged = errors.New("notify: damaged row")

// Errors that cross the wire.
var (
	errBadKey          error = &consult.Error{Code: consult.CodeBadMessage, Message: "The key of a notice is at most 200 printable characters."}
	errBadNotice       error = &consult.Error{Code: consult.CodeBadMessage, Message: "The notice is of no known kind."}
	errUnknownTemplate error = &consult.Error{Code: consult.CodeNotFound, Message: "There is no such template."}
	errBadReport       error = &consult.Error{Code: consult.CodeBadMessage, Message: "The report does not say which message it is about, or what became of it."}
	errNoChannel       error = &consult.Error{Code: consult.CodeConflict, Message: "Nothing is configured that could send this."}
	errBadTestTarget   error = &consult.Error{Code: consult.CodeBadMessage, Message: "Give a mail address or a mobile number to send the test to, not both."}
	errTooManyTests    error = &consult.Error{Code: consult.CodeTooFast, Message: "Too many test messages were sent: wait a few minutes."}

	// ErrBadCode is the answer to every code that opens nothing.
	ErrBadCode error = &consult.Error{Code: consult.CodeBadTicket, Message: "This code is not known, or is no longer good."}
	// ErrTooManyCodes says that too many wrong codes came lately, from this address or from everywhere.
	ErrTooManyCodes error = &consult.Error{Code: consult.CodeTooFast, Message: "Too many wrong codes were tried: please phone the practice."}
)
