package consult

import (
	"strings"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// NoticeKind is what somebody is told outside of a call.
type NoticeKind string

// The kinds. Each has texts per channel and language of its own; LinkPath says where its link leads.
const (
	NoticeInvitation         NoticeKind = "invitation"          // come to a consultation, now or at FieldAt
	NoticeStartsNow          NoticeKind = "starts-now"          // it is time; the link leads to the waiting room
	NoticeDelay              NoticeKind = "delay"               // things run FieldMinutes late
	NoticeMessage            NoticeKind = "message"             // FieldText, written by the practice
	NoticeLinkAgain          NoticeKind = "link-again"          // a fresh link, because the old one was lost
	NoticeDocument           NoticeKind = "document"            // FieldCode opens the documents behind the link
	NoticeInterpreterRequest NoticeKind = "interpreter-request" // is somebody free at FieldAt for FieldLanguages, answer by FieldDeadline
	NoticeAccountInvitation  NoticeKind = "account-invitation"  // set up an account

	NoticeInterpreterAccepted NoticeKind = "interpreter-accepted" // the link of an interpreter who said yes
	NoticeCalledOff           NoticeKind = "called-off"           // to interpreters and guests: that at FieldWas will not be, perhaps at FieldAt

	NoticeConsultationCancelled NoticeKind = "consultation-cancelled" // to the patient of one that no appointment made: that at FieldWas will not be

	NoticeAppointment          NoticeKind = "appointment"           // an appointment was agreed, at FieldAt; the link manages it
	NoticeAppointmentAsked     NoticeKind = "appointment-asked"     // the request for one has arrived
	NoticeAppointmentMoved     NoticeKind = "appointment-moved"     // from FieldWas to FieldAt
	NoticeAppointmentCancelled NoticeKind = "appointment-cancelled" // that at FieldAt will not be
	NoticeAppointmentRefused   NoticeKind = "appointment-refused"   // the request cannot be met
	NoticeAppointmentReminder  NoticeKind = "appointment-reminder"  // of that at FieldAt
	NoticeAppointmentOffer     NoticeKind = "appointment-offer"     // to who waits: FieldAt has become free, kept until FieldDeadline
	NoticeConfirmCode          NoticeKind = "confirm-code"          // FieldCode says that this number or address is theirs, before something is booked
)

// What practitioners are told of their own book, when they wish it. Nothing in it says who the patient is, but for FieldWho.
const (
	NoticeBookNew       NoticeKind = "book-new"       // an appointment at FieldAt
	NoticeBookMoved     NoticeKind = "book-moved"     // from FieldWas to FieldAt
	NoticeBookCancelled NoticeKind = "book-cancelled" // that at FieldAt will not be
	NoticeBookAsked     NoticeKind = "book-asked"     // somebody asks for an appointment, at FieldAt or to be called back
)

// NoticeKinds returns all kinds.
func NoticeKinds() []NoticeKind {
	return []NoticeKind{
		NoticeInvitation, NoticeStartsNow, NoticeDelay, NoticeMessage,
		NoticeLinkAgain, NoticeDocument, NoticeInterpreterRequest, NoticeAccountInvitation,
		NoticeInterpreterAccepted, NoticeCalledOff, NoticeConsultationCancelled,
		NoticeAppointment, NoticeAppointmentAsked, NoticeAppointmentMoved, NoticeAppointmentCancelled, NoticeAppointmentRefused,
		NoticeAppointmentReminder, NoticeAppointmentOffer, NoticeConfirmCode,
		NoticeBookNew, NoticeBookMoved, NoticeBookCancelled, NoticeBookAsked,
	}
}

// ToStaff says that the link leads to a page for who is signed in, and has no secret.
func (k NoticeKind) ToStaff() bool { return strings.HasPrefix(string(k), "book-") }

// LinkPath is the path, on this server, to which the secret of a notice of this kind is appended.
func (k NoticeKind) LinkPath() string {
	switch k {
	case NoticeInterpreterRequest:
		return "/r/"
	case NoticeAccountInvitation:
		return "/invitation/"
	case NoticeAppointment, NoticeAppointmentAsked, NoticeAppointmentMoved, NoticeAppointmentCancelled, NoticeAppointmentRefused, NoticeAppointmentReminder:
		return "/a/"
	case NoticeAppointmentOffer:
		return "/o/"
	case NoticeBookNew, NoticeBookMoved, NoticeBookCancelled:
		return "/desk/agenda"
	case NoticeBookAsked:
		return "/desk/agenda/requests"
	default:
		return "/c/"
	}
}

// What Notice.Fields may hold. None of it says why somebody is seen: no notice has a clinical word.
const (
	FieldPractitioner = "practitioner" // name, as it is shown
	FieldAt           = "at"           // RFC 3339; told in the recipient's zone and words
	FieldTimes        = "times"        // RFC 3339, with spaces between: several at once, of which FieldAt is the first
	FieldMinutes      = "minutes"      // a number
	FieldText         = "text"         // what the practice wrote
	FieldCode         = "code"         // figures to type in
	FieldLanguages    = "languages"    // two tags with a space between: "fr ar"
	FieldDeadline     = "deadline"     // RFC 3339
	FieldWas          = "was"          // RFC 3339: when it was to be before
	FieldPlace        = "place"        // where it is, an address
	FieldWho          = "who"          // the patient's initials, to the practitioner alone and when the practice allows it
)

// Notice is one message to one person. It is written where it is caused, and sent later, once.
type Notice struct {
	Kind         NoticeKind        `json:",omitempty"`
	Owner        AccountID         `json:",omitempty"` // whose desk shows what became of it
	Consultation ConsultationID    `json:",omitempty"` // "" when it is about none
	Participant  ParticipantID     `json:",omitempty"` // "" when it is about none
	To           Contact           // Reach chooses the channel
	Name         string            `json:",omitempty"` // of the recipient
	Language     string            `json:",omitempty"` // BCP 47, of the recipient; "": the practice's
	TimeZone     string            `json:",omitempty"` // IANA, of the recipient; "": the practice's
	Secret       string            `json:",omitempty"` // becomes the link; "" for a notice without one. Forgotten once it is handed over
	Fields       map[string]string `json:",omitempty"`
	NotBefore    time.Time         `json:",omitzero"`  // zero: at once
	Urgent       bool              `json:",omitempty"` // passes quiet hours
	Event        *CalendarEvent    `json:",omitempty"` // what goes into the recipient's calendar with it, when it is a mail; nil: nothing
	Key          string            `json:",omitempty"` // the same key is never sent twice; printable ASCII, made of ids. "": nothing to compare with
}

// CalendarEvent is what a calendar is told of an appointment: a mail carries it as iCalendar (RFC 5546). Times are UTC.
type CalendarEvent struct {
	UID       string
	Sequence  int `json:",omitempty"`
	Start     time.Time
	End       time.Time
	TimeZone  string // IANA, of the practitioner
	Place     string `json:",omitempty"`
	Cancelled bool   `json:",omitempty"`
	CreatedAt time.Time
	ChangedAt time.Time

	// Said when it is sent, in the recipient's language.
	Summary     string `json:",omitempty"`
	Description string `json:",omitempty"`
	Link        string `json:",omitempty"`
	Practice    string `json:",omitempty"`
	Organizer   string `json:",omitempty"` // mail address of the practice
	Attendee    string `json:",omitempty"` // mail address of the recipient
}

// ErrUnreachable says that a notice cannot be sent to this contact: it is to be handed over, or no mail server or gateway is
// configured for it. Nothing was written, and the transaction may go on.
var ErrUnreachable error = &Error{CodeConflict, "There is no way to send this person a message: hand the link over."}

// Outbox keeps notices until they are sent. It writes in the caller's transaction: what causes a notice and the notice
// itself are on disk together, or not at all. notify.Outbox is the one that sends.
type Outbox interface {
	// Put writes the notice, or fails with ErrUnreachable. One whose key is known already is not written again; that is no error.
	// At most 6 operations, 8 for an invitation.
	Put(tx kv.Txn, n Notice) error
	// Prepare is the part of Put that needs no transaction: choosing the way, encoding, sealing. The function that it returns does the
	// rest, in one transaction and again in the next when that one fails.
	Prepare(n Notice) (put func(tx kv.Txn) error, err error)
	// Cancel takes back the notice with this key, and says whether it did: it does not when the notice is on its way, or when there is none.
	// At most 5 operations; 2 when it does not.
	Cancel(tx kv.Txn, key string) (bool, error)
}

// noOutbox is the outbox of a practice that has none: everything is handed over.
type noOutbox struct{}

func (noOutbox) Put(kv.Txn, Notice) error                   { return ErrUnreachable }
func (noOutbox) Prepare(Notice) (func(kv.Txn) error, error) { return nil, ErrUnreachable }
func (noOutbox) Cancel(kv.Txn, string) (bool, error)        { return false, nil }

// TouchDesk lets a practitioner's desk look again at what it shows, once this transaction is on disk. One operation.
func TouchDesk(tx kv.Txn, of AccountID) error { return tx.Put(deskKey(of), []byte("notice")) }
