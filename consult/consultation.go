package consult

import (
	"reflect"
	"slices"
	"time"
)

// Role is what a person is in a consultation.
type Role string

// The roles. Only the practitioner enters by signing in; all others enter with a ticket and are admitted.
const (
	RolePractitioner Role = "practitioner"
	RolePatient      Role = "patient"
	RoleInterpreter  Role = "interpreter"
	RoleGuest        Role = "guest" // a carer, a second expert
)

// What a guest is in a consultation: Participant.As.
const (
	GuestCarer  = "carer"
	GuestExpert = "expert" // a colleague who is asked for advice
)

// State is how far a consultation has come. machine.go says how one follows from another.
type State string

// The states, in order.
const (
	StateCreated     State = "created"     // no patient is here
	StateWaiting     State = "waiting"     // a patient is in the waiting room
	StateCalled      State = "called"      // a patient was admitted, and media does not flow yet
	StateLive        State = "live"        // practitioner and a patient are both in the call, with media
	StateInterrupted State = "interrupted" // it was live, and one of the two is missing
	StateEnded       State = "ended"       // over; final
)

// Place is where a participant is.
type Place string

// The places.
const (
	PlaceInvited Place = "invited" // never came
	PlaceWaiting Place = "waiting" // in the waiting room
	PlaceCall    Place = "call"    // in the call
	PlaceLeft    Place = "left"    // went away, was declined, or the consultation is over
)

// EndReasonPractitioner is the EndReason of a consultation that its practitioner ended.
const EndReasonPractitioner = "practitioner"

// Consultation is one encounter. It is a value: changing a copy changes nothing. Times are UTC and zero
// when that has not happened.
type Consultation struct {
	ID               ConsultationID
	Practitioner     AccountID
	PractitionerName string    // as patients see it
	Patient          PatientID // "" when it was started without a record of the patient
	State            State
	CreatedAt        time.Time
	ScheduledAt      time.Time     // when it is to begin; zero: at once
	Duration         time.Duration // as planned; 0 when nobody said it
	CalledAt         time.Time     // a patient was first admitted
	LiveAt           time.Time     // first live
	EndedAt          time.Time
	EndReason        string // "" until it is ended
	Passes           []Pass // from colleague to colleague, in order
	Spans            []Span // when practitioner and patient talked, and by what, in order
	Requests         []InterpreterRequest
	Participants     []Participant // the practitioner first, then in the order in which they were invited
	Revision         uint64        // how many times this consultation changed; grows by one
}

// Participant is a person in a consultation.
type Participant struct {
	ID           ParticipantID
	Role         Role
	As           string // of a guest: GuestCarer or GuestExpert; "" when nobody said it
	Name         string // "" when nobody said it
	Language     string // BCP 47, "" when nobody said it
	BirthDate    string // YYYY-MM-DD, "" when nobody said it
	TimeZone     string // IANA, where they are; "": the practice's
	Contact      Contact
	Needs        []string // in the order of Needs(), each once
	Place        Place
	WaitingSince time.Time // first arrival; kept over reload, loss, leaving and send-back, forgotten by decline
	Admitted     bool      // may go straight into the call; always true for the practitioner
	MediaUp      bool      // Connected came, and no Lost, Leave or new Arrive after it
	Devices      Devices   // what their last device test found
	TestedAt     time.Time // when that was
	AbsentAt     time.Time // marked as not having come; forgotten when they come after all
	Message      string    // from the practitioner to somebody who is not in the call; forgotten in the call
	MessageAt    time.Time
	Where        Whereabouts // of a patient, see identity.go
	Verified     Verified    // of a patient
	StartToldAt  time.Time   // when they are, or were, told that it begins; zero: they were not
}

// Pass is one passing-on of a consultation to a colleague.
type Pass struct {
	From AccountID
	To   AccountID
	Seat ParticipantID // that From had in it
	Name string        // of From, as patients saw it
	At   time.Time
}

// equal says whether nothing differs.
func (p Participant) equal(q Participant) bool { return reflect.DeepEqual(p, q) }

// Devices is what the device check of a browser found: docs/protocol.md §1. An empty word means that nothing
// was said.
type Devices struct {
	Camera     string // ok, missing, refused, skipped
	Microphone string // ok, silent, missing, refused, skipped
	Sound      string // heard, not-heard, skipped
}

// Validate says whether all three words are known.
func (d Devices) Validate() error {
	cameraOK := slices.Contains([]string{"", "ok", "missing", "refused", "skipped"}, d.Camera)
	microphoneOK := slices.Contains([]string{"", "ok", "silent", "missing", "refused", "skipped"}, d.Microphone)
	soundOK := slices.Contains([]string{"", "heard", "not-heard", "skipped"}, d.Sound)
	if !cameraOK || !microphoneOK || !soundOK {
		return errBadDevices
	}
	return nil
}

// Participant returns the participant with this id.
func (c Consultation) Participant(id ParticipantID) (Participant, bool) {
	if i := c.index(id); i >= 0 {
		return c.Participants[i], true
	}
	return Participant{}, false
}

// PractitionerParticipant returns the practitioner's own seat. Every consultation has exactly one.
func (c Consultation) PractitionerParticipant() Participant { return c.Participants[0] }

// Waiting returns those in the waiting room in order of arrival.
func (c Consultation) Waiting() []Participant {
	var waiting []Participant
	for _, p := range c.Participants {
		if p.Place == PlaceWaiting {
			waiting = append(waiting, p)
		}
	}
	slices.SortStableFunc(waiting, func(a, b Participant) int { return a.WaitingSince.Compare(b.WaitingSince) })
	return waiting
}

func (c Consultation) index(id ParticipantID) int {
	return slices.IndexFunc(c.Participants, func(p Participant) bool { return p.ID == id })
}

// Seat is one participant's place in one consultation, as both were when it was read.
type Seat struct {
	Consultation Consultation
	Participant  Participant
}

// unknown says that nothing was tried, or nothing said.
func (d Devices) unknown() bool {
	passedOver := func(word string) bool { return word == "" || word == "skipped" }
	return passedOver(d.Camera) && passedOver(d.Microphone) && passedOver(d.Sound)
}

// somebodyHere says whether anybody waits or is in the call.
func (c Consultation) somebodyHere() bool {
	return slices.ContainsFunc(c.Participants, func(p Participant) bool { return p.Place == PlaceWaiting || p.Place == PlaceCall })
}

func (c Consultation) somebodyInCall() bool {
	return slices.ContainsFunc(c.Participants, func(p Participant) bool { return p.Place == PlaceCall })
}

// authorName is the name that belongs to a seat, also that of a practitioner who has passed the consultation on since.
func (c Consultation) authorName(seat ParticipantID) string {
	if p, ok := c.Participant(seat); ok {
		return p.Name
	}
	for _, pass := range c.Passes {
		if pass.Seat == seat {
			return pass.Name
		}
	}
	return ""
}

// Practitioner is somebody who may start consultations.
type Practitioner struct {
	ID   AccountID
	Name string
}

// Event is one thing that happened to a consultation.
type Event struct {
	At          time.Time     `json:"at"`
	Action      Action        `json:"action"`
	Participant ParticipantID `json:"participant,omitempty"` // whom it happened to, if it was one person
	State       State         `json:"state"`                 // the consultation's state after it
}
