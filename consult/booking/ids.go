package booking

import (
	"crypto/rand"
	"encoding/base64"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
)

// Ids are opaque, as consult's are: letters that say of what, and 128 random bits in base64url. Those of appointments begin with when they
// were made (consult.TimedText). Knowing one opens nothing.
type (
	// ServiceID names what can be booked: "s_…".
	ServiceID string
	// AppointmentID names an agreed time, or the request for one: "ap_…".
	AppointmentID string
	// SeriesID names appointments that were made together: "sr_…".
	SeriesID string
	// WaitID names an entry of the wait list: "w_…".
	WaitID string
	// EventID names an event that somebody put into a practitioner's calendar: "ev_…", made from its name there.
	EventID string
	// OwnerID names whose time a day document holds: an account ("a_…"), or a room or device ("r_…").
	OwnerID string
)

// What ids begin with.
const (
	appointmentLetters = "ap_"
	eventLetters       = "ev_"
	holdLetters        = "h_"
)

const (
	idBytes  = 16                  // bytes of randomness in an id
	idLength = (idBytes*8 + 5) / 6 // characters of an id after its prefix
)

// NewServiceID returns a fresh random id.
func NewServiceID() ServiceID { return ServiceID("s_" + randomText()) }

// NewRoomID returns a fresh random id of a room or a device, whose time is booked together with a practitioner's.
func NewRoomID() OwnerID { return OwnerID("r_" + randomText()) }

// ServiceIDOf returns the id that this key of idempotency stands for, or without one a fresh one.
func (b *Book) ServiceIDOf(key string) ServiceID {
	if key == "" {
		return NewServiceID()
	}
	return ServiceID("s_" + b.mark("service", "", key))
}

// RoomIDOf does so for a room.
func (b *Book) RoomIDOf(key string) OwnerID {
	if key == "" {
		return NewRoomID()
	}
	return OwnerID("r_" + b.mark("room", "", key))
}

func newAppointmentID(at time.Time) AppointmentID {
	return AppointmentID(appointmentLetters + consult.TimedText(at))
}
func newSeriesID() SeriesID { return SeriesID("sr_" + randomText()) }
func newWaitID() WaitID     { return WaitID("w_" + randomText()) }

// OwnerOf is whose time a practitioner's, or an interpreter's, is.
func OwnerOf(a consult.AccountID) OwnerID { return OwnerID(a) }

// Valid reports whether this could be an id: what cannot be one is kept out of the store's keys.
func (id ServiceID) Valid() bool { return wellFormed(string(id), "s_") }

// Valid reports whether this could be an id.
func (id AppointmentID) Valid() bool { return wellFormed(string(id), appointmentLetters) }

// Valid reports whether this could be the id of an account or a room.
func (id OwnerID) Valid() bool { return wellFormed(string(id), "a_") || wellFormed(string(id), "r_") }

func wellFormed(id, prefix string) bool {
	if len(id) != len(prefix)+idLength || !strings.HasPrefix(id, prefix) {
		return false
	}
	var raw [idBytes]byte
	n, err := base64.RawURLEncoding.Strict().Decode(raw[:], []byte(id[len(prefix):]))
	return err == nil && n == idBytes // line breaks are no errors
}

func randomText() string {
	var b [idBytes]byte
	_, _ = rand.Read(b[:]) // never fails: crypto/rand ends the program instead
	return base64.RawURLEncoding.EncodeToString(b[:])
}
