package document

import (
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
)

// State is how far a document has come.
type State string

// The states. Only a ready one can be opened.
const (
	StateArriving State = "arriving" // not all bytes are here
	StateChecking State = "checking" // all are here, and being looked at
	StateReady    State = "ready"
	StateRefused  State = "refused" // the bytes are erased; the row says why, until the time for documents is over
)

// Reason is why a document was refused.
type Reason string

// The reasons.
const (
	ReasonVirus     Reason = "virus"     // the scanner found something
	ReasonUnchecked Reason = "unchecked" // the scanner does not take it: too large for it
	ReasonDamaged   Reason = "damaged"   // our disk lost it
)

// Document is a file that somebody gave into a consultation. It is a value.
type Document struct {
	ID              consult.DocumentID
	Consultation    consult.ConsultationID
	From            consult.ParticipantID
	To              []consult.ParticipantID // who may see it besides the practitioner and whoever sent it
	Name            string                  // cleaned, with an ending that fits the kind
	Kind            string                  // media type, as the content says; "" before the first bytes
	Size            int64                   // bytes, as announced; what is ready has exactly that many
	SHA256          []byte                  // of the content, once it is ready
	LocationRemoved bool                    // where the photograph was taken was taken out: by the page, or here
	State           State
	Reason          Reason
	SentAt          time.Time // when it was announced
	Seen            []Seen    // first openings by others than the sender, in order
}

// Seen is the first time that somebody opened a document.
type Seen struct {
	By consult.ParticipantID `json:"participant"`
	At time.Time             `json:"at"`
}

// Shown reports whether browsers show such a document by themselves; others are downloaded.
func (d Document) Shown() bool { return kindOf(d.Kind).shown }

func (d Document) seenBy(p consult.ParticipantID) bool {
	return slices.ContainsFunc(d.Seen, func(s Seen) bool { return s.By == p })
}

// View is a document as one person sees it in a list, and as it is on the wire.
type View struct {
	ID              consult.DocumentID      `json:"id"`
	From            consult.ParticipantID   `json:"from"`
	FromName        string                  `json:"from_name" doc:"Empty when nobody said it."`
	FromRole        consult.Role            `json:"from_role"`
	Mine            bool                    `json:"mine"`
	To              []consult.ParticipantID `json:"to" doc:"Who may see it besides the practitioner and the sender; told to the practitioner only."`
	Name            string                  `json:"name"`
	Kind            string                  `json:"kind" doc:"Media type, by content; empty until the first bytes came." example:"application/pdf"`
	Size            int64                   `json:"size" doc:"Bytes."`
	State           State                   `json:"state" enum:"arriving,checking,ready,refused"`
	Reason          Reason                  `json:"reason,omitempty" enum:"virus,unchecked,damaged" doc:"Why it was refused."`
	Shown           bool                    `json:"shown" doc:"Browsers show it; others are downloaded."`
	LocationRemoved bool                    `json:"location_removed" doc:"Where the photograph was taken was taken out of it."`
	SentAt          time.Time               `json:"sent_at"`
	Seen            []Seen                  `json:"seen" doc:"Who opened it when; told to the practitioner and the sender."`
}

// List is what one person sees of a consultation's documents.
type List struct {
	Documents []View `json:"documents"`
	// Code, with the link of the consultation, opens documents and messages after its end. Only a patient's own list has it.
	Code string `json:"code,omitempty"`
	// Days that the documents are kept after the end of the consultation.
	Days int `json:"days"`
	// Until is when that is over; nil before the end.
	Until *time.Time `json:"until,omitempty"`
	// Messages were written, and stay for this patient: behind the same link and code.
	Messages bool `json:"messages,omitempty"`
	// MessageDays that they are kept after the end.
	MessageDays int `json:"message_days,omitempty"`
	// MessagesUntil is when that is over; nil before the end.
	MessagesUntil *time.Time `json:"messages_until,omitempty"`
	// MaxBytes of one document.
	MaxBytes int64 `json:"max_bytes"`
}

// viewOf is what this person is told of the document.
func viewOf(v Viewer, d Document) View {
	from, _ := v.Consultation.Participant(d.From)
	view := View{
		ID: d.ID, From: d.From, FromName: from.Name, FromRole: from.Role, Mine: d.From == v.Participant.ID,
		To: []consult.ParticipantID{}, Name: d.Name, Kind: d.Kind, Size: d.Size, State: d.State, Reason: d.Reason,
		Shown: d.Shown(), LocationRemoved: d.LocationRemoved, SentAt: d.SentAt.UTC(), Seen: []Seen{},
	}
	if v.practitioner() {
		view.To = append(view.To, d.To...)
	}
	if v.practitioner() || view.Mine {
		view.Seen = append(view.Seen, d.Seen...)
	}
	return view
}
