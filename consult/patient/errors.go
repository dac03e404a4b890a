package patient

import "github.com/colloque/colloque/consult"

// The errors of this package; see consult.Error.
var (
	// ErrNotFound is the answer for a patient who is not there, and for one of somebody else.
	ErrNotFound error = &consult.Error{Code: consult.CodeNotFound, Message: "There is no such patient."}
	// ErrStale says that somebody else changed the record since it was read: nothing was written.
	ErrStale error = &consult.Error{Code: consult.CodeConflict, Message: "The record was changed meanwhile: read it again, then change it."}
	// ErrSimilar says that there is somebody with the same name and birth date, or the same external id, and that nothing was
	// written. It can be written in spite of that.
	ErrSimilar error = &consult.Error{Code: CodeSimilar, Message: "There is a patient with the same name and birth date, or the same identifier."}

	errLongName    error = &consult.Error{Code: consult.CodeBadMessage, Message: "Given names and family name have at most 99 characters together."}
	errTimeZone    error = &consult.Error{Code: consult.CodeBadMessage, Message: "The time zone is not one such as Europe/Paris."}
	errManyIDs     error = &consult.Error{Code: consult.CodeBadMessage, Message: "A patient has at most 8 identifiers."}
	errBadID       error = &consult.Error{Code: consult.CodeBadMessage, Message: "An identifier has a system of at most 40 and a value of at most 64 characters, all of them printable."}
	errLongQuery   error = &consult.Error{Code: consult.CodeBadMessage, Message: "A search has at most 100 characters."}
	errFull        error = &consult.Error{Code: consult.CodeConflict, Message: "A practitioner has at most 100000 patients."}
	errClosed      error = &consult.Error{Code: consult.CodeUnavailable, Message: "The server is stopping."}
	errGivenUp     error = &consult.Error{Code: consult.CodeUnavailable, Message: "The request was given up before it was answered."}
	errNotCSV      error = &consult.Error{Code: consult.CodeBadMessage, Message: "This is not a table: save it as CSV, with one patient a line and the names of the columns in the first line."}
	errNoNames     error = &consult.Error{Code: consult.CodeBadMessage, Message: "The first line must name the columns, one of them the family name (\"nom\")."}
	errSameColumns error = &consult.Error{Code: consult.CodeBadMessage, Message: "Two columns have the same meaning: remove one of them."}
	errBadLine     error = &consult.Error{Code: consult.CodeBadMessage, Message: "The line has more fields than there are columns, or a quotation mark that does not end."}
	errManyLines   error = &consult.Error{Code: consult.CodeTooLarge, Message: "A table has at most 20000 lines: split it."}
)

// CodeSimilar is the code of ErrSimilar.
const CodeSimilar consult.Code = "similar"

// FieldError says which field of a record was refused, and why.
type FieldError struct {
	Field string // as it is called in JSON
	Err   error  // a *consult.Error
}

// Error returns the sentence of the cause.
func (e *FieldError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *FieldError) Unwrap() error { return e.Err }

// The fields that can be refused.
const (
	FieldFamilyName = "family_name"
	FieldGivenNames = "given_names"
	FieldBirthName  = "birth_name"
	FieldBirthDate  = "birth_date"
	FieldPhone      = "phone"
	FieldMail       = "mail"
	FieldReach      = "reach"
	FieldLanguage   = "language"
	FieldTimeZone   = "time_zone"
	FieldNeeds      = "needs"
	FieldCarerName  = "carer_name"
	FieldCarerPhone = "carer_phone"
	FieldIDs        = "ids"
)
