package notify

import "github.com/colloque/colloque/consult"

// Errors that cross the wire.
var (
	errBadKey    error = &consult.Error{Code: consult.CodeBadMessage, Message: "The key of a notice is at most 200 printable characters."}
	errBadNotice error = &consult.Error{Code: consult.CodeBadMessage, Message: "The notice is of no known kind."}
)
