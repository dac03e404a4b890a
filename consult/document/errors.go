package document

import (
	"errors"

	"github.com/colloque/colloque/consult"
)

// The answers of this package; see consult.Error.
var (
	// ErrNotFound is the answer for what does not exist and for what is not the asker's to see.
	ErrNotFound error = &consult.Error{Code: consult.CodeNotFound, Message: "There is no such document."}
	// ErrOffset says that the upload has come to another offset than the one that was named: ask for it.
	ErrOffset error = &consult.Error{Code: consult.CodeConflict, Message: "The upload is at another offset."}
	// ErrCut says that the bytes ended before they should have. What came is kept.
	ErrCut error = &consult.Error{Code: consult.CodeBadMessage, Message: "The bytes ended early; go on from the offset."}
	// ErrBadType is the answer to files of a kind that is not taken.
	ErrBadType error = &consult.Error{Code: consult.CodeBadType, Message: "This kind of file is not taken: photographs, PDF, office documents, sound, video and DICOM are."}
	// ErrTooLarge is the answer to files over the limit.
	ErrTooLarge error = &consult.Error{Code: consult.CodeTooLarge, Message: "The document is larger than this server takes."}
	// ErrEmpty is the answer to files without a byte.
	ErrEmpty error = &consult.Error{Code: consult.CodeBadMessage, Message: "The document is empty."}
	// ErrDiskFull says that there is no room on the server.
	ErrDiskFull error = &consult.Error{Code: consult.CodeUnavailable, Message: "There is no room for documents on the server just now."}
	// ErrBadCode is the answer to a wrong code, and to a code that there is not.
	ErrBadCode error = &consult.Error{Code: consult.CodeForbidden, Message: "This code is not the right one."}
	// ErrCodeLocked says that a code was guessed at too often: only a new one opens.
	ErrCodeLocked error = &consult.Error{Code: consult.CodeTooFast, Message: "Too many wrong codes: a new code is needed."}

	errSentEnough error = &consult.Error{Code: consult.CodeTooFast, Message: "The code was sent just now: wait two minutes, or tell it."}
	errBadOffset  error = &consult.Error{Code: consult.CodeBadMessage, Message: "An offset is 0 or more, and at most the size."}
	errTooShort   error = &consult.Error{Code: consult.CodeBadMessage, Message: "A piece that is not the last has at least 16 KiB."}
	errTooMuch    error = &consult.Error{Code: consult.CodeTooLarge, Message: "There are more bytes than were announced."}
	errFull       error = &consult.Error{Code: consult.CodeConflict, Message: "This consultation holds as many documents as it can."}
	errNotNow     error = &consult.Error{Code: consult.CodeForbidden, Message: "Documents cannot be sent here now."}
	errOnlyDoctor error = &consult.Error{Code: consult.CodeForbidden, Message: "Only the practitioner can do that."}
	errSeen       error = &consult.Error{Code: consult.CodeConflict, Message: "The document was seen already; only the practitioner can remove it."}
	errBadTo      error = &consult.Error{Code: consult.CodeBadMessage, Message: "A document is for participants of its consultation."}
	errBadKey     error = &consult.Error{Code: consult.CodeBadMessage, Message: "A key has at most 64 characters of ASCII."}
	errNotReady   error = &consult.Error{Code: consult.CodeConflict, Message: "The document is not here yet."}
	errOvertaken  error = &consult.Error{Code: consult.CodeConflict, Message: "The same upload went on elsewhere."}
	errClosed     error = &consult.Error{Code: consult.CodeUnavailable, Message: "The server is stopping."}
	errGivenUp    error = &consult.Error{Code: consult.CodeUnavailable, Message: "The request was given up before it was answered."}
)

// errDamaged says that a stored document does not open. It is for the log, never for the wire.
var errDamaged = errors.New("document: stored bytes do not open")
