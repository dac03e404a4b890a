package signal

import (
	"errors"
	"log/slog"

	"github.com/colloque/colloque/consult"
)

// codeMedia is the one code that consult does not know: the offer can't be used, or the media server refused it.
const codeMedia consult.Code = "media"

// Answers that signal itself gives; the rest come from consult.
var (
	errNotJSON     = &consult.Error{Code: consult.CodeBadMessage, Message: "This is not one JSON object."}
	errUnknownType = &consult.Error{Code: consult.CodeBadMessage, Message: "There is no such request."}
	errBadField    = &consult.Error{Code: consult.CodeBadMessage, Message: "A field is missing, unknown or out of range."}
	errNotNow      = &consult.Error{Code: consult.CodeBadMessage, Message: "This request can't be made here."}
	errTooFast     = &consult.Error{Code: consult.CodeTooFast, Message: "Too many messages at once; wait a moment."}
	errSignedOut   = &consult.Error{Code: consult.CodeForbidden, Message: "Sign in first."}
	errNotInCall   = &consult.Error{Code: consult.CodeForbidden, Message: "Only people in the call can do that."}
	errPractOnly   = &consult.Error{Code: consult.CodeForbidden, Message: "Only the practitioner can do that."}
	errNoKnock     = &consult.Error{Code: consult.CodeConflict, Message: "No other device asks for this seat."}
	errElsewhere   = &consult.Error{Code: consult.CodeConflict, Message: "Another device took this seat at this very moment."}
	errNobody      = &consult.Error{Code: consult.CodeNotFound, Message: "There is no such participant in this call."}
	errOffer       = &consult.Error{Code: codeMedia, Message: "The media server can't use this offer."}
	errFull        = &consult.Error{Code: consult.CodeUnavailable, Message: "The server is full or stopping; try again."}
)

// errorFor makes the one message that an error becomes on the wire. What is not meant for the wire is logged, with ids only, and becomes "internal".
func errorFor(requestID string, err error, log *slog.Logger) errorReply {
	var e *consult.Error
	if !errors.As(err, &e) {
		log.Error("request failed", "err", err)
		errors.As(consult.ErrInternal, &e)
	}
	return errorReply{reply: reply{Type: "error", Reply: requestID}, Code: e.Code, Message: e.Message}
}
