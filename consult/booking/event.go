package booking

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Event is what somebody put into a practitioner's calendar that is no appointment. It keeps its time free of appointments. What stands
// in it is theirs: the book keeps the text as it came, and knows when it takes time because it is told.
type Event struct {
	ID        EventID    `json:"id"`
	Name      string     `json:"name"` // in the calendar; chosen by who put it there
	UID       string     `json:"uid"`  // of iCalendar
	Text      string     `json:"text"`
	Busy      []Interval `json:"busy,omitempty"` // from when it was put until Until, merged and in order
	Until     time.Time  `json:"until,omitzero"` // Busy was worked out so far; zero: to its end
	CreatedAt time.Time  `json:"created_at"`
	ChangedAt time.Time  `json:"changed_at"`
	Deleted   bool       `json:"deleted,omitempty"` // nothing but its name is left
}

// String keeps what people plan out of logs.
func (e Event) String() string { return "event " + string(e.ID) }

// EventPut asks to put an event into a calendar, or to change it.
type EventPut struct {
	Name, UID, Text string
	Busy            []Interval
	Until           time.Time
	// Check looks at the event that is there, nil when there is none, in the transaction: a condition of who asks. nil: none.
	Check func(*Event) error

	over bool // appointments that are there already do not mind
}

// The bounds of events.
const (
	MaxEventText = 100 << 10 // bytes
	MaxEventBusy = 1000      // intervals
	maxEvents    = 2000      // of a calendar
	maxEventName = 255

	// EventReach is how far ahead an event that comes again keeps times free: further than anybody can book.
	EventReach = (MaxHorizon + 60) * 24 * time.Hour
	// eventAgain is after how long such an event is worked out anew.
	eventAgain = 30 * 24 * time.Hour
	// keepDeleted is how long the name of a deleted event is kept, so that programs that were off are told.
	keepDeleted = 90 * 24 * time.Hour
)

// OverlapError is ErrTaken for an event that lies over an appointment, or over a time that somebody is just booking.
type OverlapError struct{ Start time.Time }

// Error returns the sentence.
func (e *OverlapError) Error() string { return ErrTaken.Error() }

// Unwrap returns ErrTaken.
func (e *OverlapError) Unwrap() error { return ErrTaken }

// ErrUIDTaken says that another object of the calendar has this UID (RFC 4791 §5.3.2.1).
var ErrUIDTaken error = &consult.Error{Code: consult.CodeConflict, Message: "Another object of this calendar has the same UID."}

var (
	errBadEvent      error = &consult.Error{Code: consult.CodeBadMessage, Message: "This is not an event that can be kept."}
	errTooManyEvents error = &consult.Error{Code: consult.CodeConflict, Message: "This calendar holds as many events as it can."}
)

const (
	eventDuePrefix  = "v1/calendar-event-due/"
	eventHalfPrefix = "v1/calendar-event-half/"
)

func eventPrefix(of consult.AccountID) string { return "v1/calendar-event/" + string(of) + "/" }
func eventUIDPrefix(of consult.AccountID) string {
	return "v1/calendar-event-uid/" + string(of) + "/"
}
func eventKey(of consult.AccountID, id EventID) string { return eventPrefix(of) + string(id) }
func eventHalfKey(of consult.AccountID, id EventID) string {
	return eventHalfPrefix + string(of) + "/" + string(id)
}
func eventDueKey(at time.Time, of consult.AccountID, id EventID) string {
	return eventDuePrefix + instant(at) + "/" + string(of) + "/" + string(id)
}

// Valid reports whether this could be an id.
func (id EventID) Valid() bool { return wellFormed(string(id), eventLetters) }

// EventID is the id of the event with this name in a practitioner's calendar, whether there is one or not.
func (b *Book) EventID(of consult.AccountID, name string) EventID {
	return EventID(eventLetters + b.mark("event", of, name))
}

// mark stands for what a person may have written, or a program, in keys of the store.
func (b *Book) mark(kind string, of consult.AccountID, text string) string {
	mac := hmac.New(sha256.New, b.secret)
	mac.Write([]byte(kind + "\x00" + string(of) + "\x00" + text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:idBytes])
}

func (b *Book) eventUIDKey(of consult.AccountID, uid string) string {
	return eventUIDPrefix(of) + b.mark("uid", of, uid)
}

// storedEvent is an event with where it is found.
type storedEvent struct {
	Event
	Due time.Time `json:"due,omitzero"` // when it is worked out anew, or its name forgotten

	revision uint64
}

// loadEvent reads an event, or the zero one.
func (b *Book) loadEvent(from consult.Getter, of consult.AccountID, id EventID) (storedEvent, error) {
	var e storedEvent
	entry, err := from.Get(eventKey(of, id))
	if errors.Is(err, kv.ErrNotFound) {
		return e, nil
	}
	if err == nil {
		err = unseal(b.master, entry, &e)
	}
	e.revision = entry.Revision
	return e, err
}

// Event returns an event of a practitioner's calendar; one that was deleted has nothing but its name. ErrNotFound.
func (b *Book) Event(of consult.AccountID, id EventID) (Event, error) {
	if !OwnerOf(of).Valid() || !id.Valid() {
		return Event{}, ErrNotFound
	}
	e, err := b.loadEvent(b.kv, of, id)
	if err == nil && e.ID == "" {
		err = ErrNotFound
	}
	return e.Event, b.fail("event", "", err)
}

// Events returns all events of a practitioner's calendar, in no order.
func (b *Book) Events(of consult.AccountID) ([]Event, error) {
	if !OwnerOf(of).Valid() {
		return nil, ErrNotFound
	}
	var all []Event
	for from := ""; ; {
		entries, err := b.kv.Range(eventPrefix(of), from, workPage)
		if err != nil {
			return nil, b.fail("events", "", err)
		}
		for _, entry := range entries {
			var e storedEvent
			if err := unseal(b.master, entry, &e); err != nil {
				return nil, b.fail("events", "", err)
			}
			if !e.Deleted {
				all = append(all, e.Event)
			}
			from = kv.After(entry.Key)
		}
		if len(entries) < workPage {
			return all, nil
		}
	}
}

// UIDOf is the name of the live event with this UID, or "".
func (b *Book) UIDOf(of consult.AccountID, uid string) (string, error) {
	entry, err := b.kv.Get(b.eventUIDKey(of, uid))
	if errors.Is(err, kv.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", b.fail("event", "", err)
	}
	e, err := b.Event(of, EventID(entry.Value))
	return e.Name, err
}
