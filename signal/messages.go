package signal

import (
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/document"
	"github.com/colloque/colloque/sfu"
)

// Subprotocol is the websocket subprotocol that both sides must name (docs/protocol.md).
const Subprotocol = "colloque.v1"

// SessionID names one participant's signalling connection. It is not a secret; its token is.
type SessionID string

// header is what every message has. ID is set in requests, Reply in replies.
type header struct {
	Type string `json:"type"`
	ID   string `json:"id,omitempty"`
}

// reply is the head of everything that the server sends.
type reply struct {
	Type  string `json:"type"`
	Reply string `json:"reply,omitempty"`
}

func (r reply) kind() string { return r.Type }

// event is a message that says how something stands; the next of its kind replaces it.
type event interface{ kind() string }

// Requests (browser → server), docs/protocol.md §1–3.

type joinRequest struct {
	header
	Ticket       string                 `json:"ticket,omitempty"`
	Consultation consult.ConsultationID `json:"consultation,omitempty"`
	Language     string                 `json:"language,omitempty"`
	Offer        string                 `json:"offer"`
	Publish      []publishLine          `json:"publish"`
	Devices      devices                `json:"devices"`
	Seat         string                 `json:"seat,omitempty"`
}

type publishLine struct {
	Mid    string     `json:"mid"`
	Source sfu.Source `json:"source"`
}

// devices is consult.Devices as it is on the wire.
type devices struct {
	Camera     string `json:"camera,omitempty"`
	Microphone string `json:"microphone,omitempty"`
	Sound      string `json:"sound,omitempty"`
}

type resumeRequest struct {
	header
	Session   SessionID         `json:"session"`
	Token     string            `json:"token"`
	ChatAfter consult.MessageID `json:"chat_after,omitempty"`
}

// watchRequest opens the own desk, or that of a practitioner for whom the account may act.
type watchRequest struct {
	header
	Practitioner consult.AccountID `json:"practitioner,omitempty"`
}

// sourceField and someoneField are what several requests have in common.
type sourceField struct {
	Source sfu.Source `json:"source"`
}

type publishRequest struct {
	header
	sourceField
}

type unpublishRequest struct {
	header
	sourceField
}

type muteRequest struct {
	header
	Source sfu.Source `json:"source"`
	Muted  bool       `json:"muted"`
}

type wantRequest struct {
	header
	Wants []want `json:"wants"`
}

type want struct {
	Participant consult.ParticipantID `json:"participant"`
	Source      sfu.Source            `json:"source"`
	Height      int                   `json:"height"`
}

type chatRequest struct {
	header
	Text string `json:"text"`
}

type offerRequest struct {
	header
	Offer  string `json:"offer"`
	Reason string `json:"reason"`
}

type leaveRequest struct{ header }

// endRequest ends the call that the session is in, or, at the desk, the consultation that it names.
type endRequest struct {
	header
	Consultation consult.ConsultationID `json:"consultation,omitempty"`
}

type someoneField struct {
	Consultation consult.ConsultationID `json:"consultation"`
	Participant  consult.ParticipantID  `json:"participant"`
}

type admitRequest struct {
	header
	someoneField
}

type sendBackRequest struct {
	header
	someoneField
}

type declineRequest struct {
	header
	someoneField
}

type delayRequest struct {
	header
	Minutes int `json:"minutes"`
}

// messageRequest is for one person, or, when it names nobody, for all who wait.
type messageRequest struct {
	header
	Consultation consult.ConsultationID `json:"consultation,omitempty"`
	Participant  consult.ParticipantID  `json:"participant,omitempty"`
	Text         string                 `json:"text"`
}

type absentRequest struct {
	header
	someoneField
	Absent bool `json:"absent"`
}

// answerKnockRequest answers a second device: go on there (this session ends), or not.
type answerKnockRequest struct {
	header
	Continue bool `json:"continue"`
}

// Replies and events (server → browser).

type errorReply struct {
	reply
	Code    consult.Code `json:"code"`
	Message string       `json:"message"`
}

type joinedReply struct {
	reply
	Session      SessionID             `json:"session"`
	Token        string                `json:"token"`
	Self         consult.ParticipantID `json:"self"`
	Role         consult.Role          `json:"role"`
	Answer       string                `json:"answer"`
	ICEServers   []ICEServer           `json:"ice_servers"`
	Practice     practiceView          `json:"practice"`
	Consultation consultationView      `json:"consultation"`
	Waiting      *waitingView          `json:"waiting,omitempty"`
	Chat         []chatLine            `json:"chat"`
}

type resumedReply struct {
	reply
	ICEServers   []ICEServer      `json:"ice_servers"`
	Consultation consultationView `json:"consultation"`
	Waiting      *waitingView     `json:"waiting,omitempty"`
	Chat         []chatLine       `json:"chat"`
}

// knockingReply answers a join whose seat is taken on another device, which is asked now.
type knockingReply struct{ reply }

// toldReply says how a message reached people, see consult.Told.
type toldReply struct {
	reply
	Shown int `json:"shown"`
	Sent  int `json:"sent"`
}

type answerReply struct {
	reply
	Answer string `json:"answer"`
}

// ICEServer is the W3C RTCIceServer dictionary, as the browser takes it.
type ICEServer struct {
	URLs       []string `json:"urls"`
	Username   string   `json:"username,omitempty"`
	Credential string   `json:"credential,omitempty"`
}

type practiceView struct {
	Name  string `json:"name"`
	Phone string `json:"phone"`
}

type consultationView struct {
	ID           consult.ConsultationID `json:"id"`
	State        consult.State          `json:"state"`
	Practitioner string                 `json:"practitioner"`
	CreatedAt    time.Time              `json:"created_at"`
	LiveAt       *time.Time             `json:"live_at,omitempty"`
	ScheduledAt  *time.Time             `json:"scheduled_at,omitempty"`
}

type delayView struct {
	Minutes int       `json:"minutes"`
	SaidAt  time.Time `json:"said_at"`
}

type waitingView struct {
	Since        time.Time    `json:"since"`
	Practitioner string       `json:"practitioner"`
	Name         string       `json:"practitioner_name,omitempty"`
	Delay        *delayView   `json:"delay,omitempty"`
	Message      *messageView `json:"message,omitempty"`
	Where        *whereView   `json:"where,omitempty"`
}

type messageView struct {
	Text string    `json:"text"`
	At   time.Time `json:"at"`
}

type waitingEvent struct {
	reply
	waitingView
}

// knockEvent tells a device that another one wants its seat, or does not any more.
type knockEvent struct {
	reply
	Open bool `json:"open"`
}

type admittedEvent struct {
	reply
	Consultation consultationView `json:"consultation"`
}

type iceServersEvent struct {
	reply
	ICEServers []ICEServer `json:"ice_servers"`
}

type participantsEvent struct {
	reply
	Consultation consultationView  `json:"consultation"`
	Participants []participantView `json:"participants"`
}

type participantView struct {
	ID           consult.ParticipantID `json:"id"`
	Role         consult.Role          `json:"role"`
	As           string                `json:"as,omitempty"`
	Name         string                `json:"name"`
	Presence     presence              `json:"presence"`
	Publications []publicationView     `json:"publications"`
}

type publicationView struct {
	Source sfu.Source `json:"source"`
	Muted  bool       `json:"muted"`
}

type lanesEvent struct {
	reply
	Lanes   []laneView `json:"lanes"`
	Missing int        `json:"missing"`
}

type laneView struct {
	Mid         string                `json:"mid"`
	Participant consult.ParticipantID `json:"participant"`
	Source      sfu.Source            `json:"source"`
}

type speakingEvent struct {
	reply
	Participants []consult.ParticipantID `json:"participants"`
}

type qualityEvent struct {
	reply
	Participants []qualityView `json:"participants"`
}

type qualityView struct {
	ID    consult.ParticipantID `json:"id"`
	Level sfu.Level             `json:"level"`
}

type chatEvent struct {
	reply
	Messages []chatLine `json:"messages"`
}

type chatLine struct {
	ID   consult.MessageID     `json:"id"`
	From consult.ParticipantID `json:"from"`
	Name string                `json:"name"`
	Text string                `json:"text"`
	At   time.Time             `json:"at"`
}

type documentsEvent struct {
	reply
	document.List
}

type endedEvent struct {
	reply
	Reason string `json:"reason"`
}

type deskEvent struct {
	reply
	Delay         *delayView         `json:"delay,omitempty"`
	Consultations []deskConsultation `json:"consultations"`
	Undelivered   int                `json:"undelivered,omitempty"` // messages that did not arrive, and with which nobody has dealt yet
}

type deskConsultation struct {
	ID           consult.ConsultationID `json:"id"`
	State        consult.State          `json:"state"`
	Patient      consult.PatientID      `json:"patient,omitempty"`
	CreatedAt    time.Time              `json:"created_at"`
	ScheduledAt  *time.Time             `json:"scheduled_at,omitempty"`
	Minutes      int                    `json:"minutes,omitempty"`
	LateAt       *time.Time             `json:"late_at,omitempty"`
	PassedBy     string                 `json:"passed_by,omitempty"`
	Participants []deskParticipant      `json:"participants"`
}

type deskParticipant struct {
	ID        consult.ParticipantID `json:"id"`
	Role      consult.Role          `json:"role"`
	Name      string                `json:"name"`
	BirthDate string                `json:"birth_date,omitempty"`
	Language  string                `json:"language,omitempty"`
	Needs     []string              `json:"needs,omitempty"`
	Phone     string                `json:"phone,omitempty"`
	Reach     consult.Reach         `json:"reach,omitempty"`
	Place     consult.Place         `json:"place"`
	Since     *time.Time            `json:"since,omitempty"`
	Presence  presence              `json:"presence"`
	Knocking  bool                  `json:"knocking,omitempty"`
	Devices   devices               `json:"devices"`
	TestedAt  *time.Time            `json:"tested_at,omitempty"`
	AbsentAt  *time.Time            `json:"absent_at,omitempty"`
	Message   *messageView          `json:"message,omitempty"`
	Delivery  *deliveryView         `json:"delivery,omitempty"` // what became of their link; none: nothing was sent
}

// presence says how a participant's browser stands, as others see it.
type presence string

const (
	presenceHere presence = "here" // connected
	presenceLost presence = "lost" // the connection is broken; the seat is kept
	presenceAway presence = "away" // no session
)

// attendance is a presence, and whether a second device asks for the seat.
type attendance struct {
	presence presence
	knocking bool
}
