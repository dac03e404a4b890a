package transfer

import "github.com/colloque/colloque/consult"

func bad(message string) error { return &consult.Error{Code: consult.CodeBadMessage, Message: message} }

// Why a file is not read.
var (
	errNeither     = bad("This is neither a calendar in the form of iCalendar (.ics) nor a table saved as CSV, with one appointment a line and the names of the columns in the first line.")
	errNoColumns   = bad("The first line must name the columns: a day (\"date\"), a time (\"heure\") and a name (\"nom\").")
	errSameColumns = bad("Two columns have the same meaning: remove one of them.")
	errManyRows    = &consult.Error{Code: consult.CodeTooLarge, Message: "At most 20000 appointments are taken over at once: split the file."}
	errGivenUp     = &consult.Error{Code: consult.CodeUnavailable, Message: "The request was given up before it was answered."}
)

// Reason is why a row is left out, or what is to be known of one that is not.
type Reason string

// The reasons.
const (
	ReasonUnreadable   Reason = "unreadable"    // the line has too many fields, or a quotation mark that does not end
	ReasonTime         Reason = "time"          // day or time cannot be read
	ReasonSkipped      Reason = "skipped-time"  // clocks do not show this time: they jump over it
	ReasonWholeDay     Reason = "whole-day"     // it has no time of day
	ReasonLength       Reason = "length"        // shorter than 5 minutes or longer than 8 hours
	ReasonCancelled    Reason = "cancelled"     // it does not take place: it is kept in the history, and takes no time; of one that is known: it stands here still
	ReasonNoName       Reason = "no-name"       // it says nobody's name
	ReasonPhone        Reason = "phone"         // the phone number is not one
	ReasonMail         Reason = "mail"          // the mail address is not one
	ReasonBirthDate    Reason = "birth-date"    // the birth date is not one
	ReasonMoved        Reason = "moved"         // it was taken over before, and stands at another time now
	ReasonPractitioner Reason = "practitioner"  // it is somebody else's, says a table of several practitioners
	ReasonService      Reason = "service"       // the practitioner gives no such service
	ReasonTaken        Reason = "taken"         // its time is taken
	ReasonSeveral      Reason = "several"       // several patients may be meant: it stands without a record
	ReasonSomething    Reason = "other"         // anything else
	ReasonNothingKnown Reason = "nothing-known" // no birth date and no phone: no record is made of a name alone
)
