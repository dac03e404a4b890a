package consult

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"strings"
	"time"
)

// Ids are opaque: a letter that says of what, and 128 random bits in base64url. They are no rights: knowing
// one opens nothing.
type (
	// AccountID names somebody who signs in: "a_…".
	AccountID string
	// ConsultationID names one encounter: "c_…".
	ConsultationID string
	// ParticipantID names a person in one consultation: "p_…".
	ParticipantID string
	// MessageID names a chat message: "m_…".
	MessageID string
	// PatientID names a person cared for: "pt_…".
	PatientID string
	// UnitID names a part of the practice that works together: "u_…".
	UnitID string
	// NoticeID names a message to somebody outside of a call: "n_…".
	NoticeID string
	// RequestID names a request for an interpreter: "r_…".
	RequestID string
	// OrganisationID names who sends interpreters: "o_…".
	OrganisationID string
	// DocumentID names a document of one consultation: "d_…".
	DocumentID string
	// FolderID names what a patient gives with a booking, before there is a consultation: "f_…".
	FolderID string
)

const (
	idBytes  = 16                  // bytes of randomness in an id
	idLength = (idBytes*8 + 5) / 6 // characters of an id after its prefix
)

// NewAccountID returns a fresh random id.
func NewAccountID() AccountID { return AccountID("a_" + randomText(idBytes)) }

// NewPatientID returns a fresh random id.
func NewPatientID() PatientID { return PatientID("pt_" + randomText(idBytes)) }

// NewNoticeID returns a fresh id of a notice that is written at this instant.
func NewNoticeID(at time.Time) NoticeID { return NoticeID("n_" + TimedText(at)) }

// TimedTextTime is how many characters of a TimedText say when.
const TimedTextTime = 8

// TimedText is what stands behind the prefix of ids of which there are millions: 48 bits of milliseconds since 1970 and 80 random ones, as
// in RFC 9562 §5.7 without its marks, in base64url. What is made together lies together in the store, so that a burst writes few pages.
func TimedText(at time.Time) string {
	var b [idBytes]byte
	binary.BigEndian.PutUint64(b[:], uint64(at.UnixMilli())<<16)
	_, _ = rand.Read(b[6:]) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// Valid reports whether this could be an id: what cannot be one is kept out of the store's keys.
func (id PatientID) Valid() bool { return wellFormedID(string(id), "pt_") }

// NewUnitID returns a fresh random id.
func NewUnitID() UnitID { return UnitID("u_" + randomText(idBytes)) }

// NewDocumentID returns a fresh random id.
func NewDocumentID() DocumentID { return DocumentID("d_" + randomText(idBytes)) }

// Valid reports whether this could be an id: what cannot be one is kept out of the store's keys and out of paths.
func (id DocumentID) Valid() bool { return wellFormedID(string(id), "d_") }

// NewFolderID returns a fresh random id.
func NewFolderID() FolderID { return FolderID("f_" + randomText(idBytes)) }

// Valid reports whether this could be an id: what cannot be one is kept out of the store's keys and out of paths.
func (id FolderID) Valid() bool { return wellFormedID(string(id), "f_") }

// Valid reports whether this could be an id.
func (id ConsultationID) Valid() bool { return wellFormedID(string(id), "c_") }

// Valid reports whether this could be an id.
func (id ParticipantID) Valid() bool { return wellFormedID(string(id), "p_") }

func newConsultationID() ConsultationID { return ConsultationID("c_" + randomText(idBytes)) }
func newParticipantID() ParticipantID   { return ParticipantID("p_" + randomText(idBytes)) }
func newRequestID() RequestID           { return RequestID("r_" + randomText(idBytes)) }
func newOrganisationID() OrganisationID { return OrganisationID("o_" + randomText(idBytes)) }
func newMessageID() MessageID           { return MessageID("m_" + randomText(idBytes)) }

// wellFormedID keeps everything that could not be an id out of the store's keys.
func wellFormedID(id, prefix string) bool {
	if len(id) != len(prefix)+idLength || !strings.HasPrefix(id, prefix) {
		return false
	}
	_, err := base64.RawURLEncoding.Strict().DecodeString(id[len(prefix):])
	return err == nil
}

// randomText returns n random bytes in base64url without padding.
func randomText(n int) string {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b)
}
