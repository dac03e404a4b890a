package booking

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
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
func (id EventID) Valid() bool { return wellFormed(string(id), "ev_") }

// EventID is the id of the event with this name in a practitioner's calendar, whether there is one or not.
func (b *Book) EventID(of consult.AccountID, name string) EventID {
	return EventID("ev_" + b.eventMark("event", of, name))
}

// eventMark stands for what a person may have written in keys of the store.
func (b *Book) eventMark(kind string, of consult.AccountID, text string) string {
	mac := hmac.New(sha256.New, b.secret)
	mac.Write([]byte(kind + "\x00" + string(of) + "\x00" + text))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil)[:idBytes])
}

func (b *Book) eventUIDKey(of consult.AccountID, uid string) string {
	return eventUIDPrefix(of) + b.eventMark("uid", of, uid)
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

func (p EventPut) check() error {
	if p.Name == "" || len(p.Name) > maxEventName || p.UID == "" || len(p.Text) > MaxEventText || len(p.Busy) > MaxEventBusy {
		return errBadEvent
	}
	for i, at := range p.Busy {
		if !at.From.Before(at.To) || i > 0 && !p.Busy[i-1].To.Before(at.From) || at.To.Sub(p.Busy[0].From) > EventReach+48*time.Hour {
			return errBadEvent
		}
	}
	return nil
}

// PutEvent puts an event into a practitioner's calendar, or changes it, and keeps its times free of appointments. *OverlapError when there
// is an appointment; then nothing has changed. created says that there was none of the name.
func (b *Book) PutEvent(of consult.AccountID, p EventPut) (put Event, created bool, err error) {
	if !OwnerOf(of).Valid() {
		return Event{}, false, ErrNotFound
	}
	if err := p.check(); err != nil {
		return Event{}, false, err
	}
	if err := b.roomForEvent(of, b.EventID(of, p.Name)); err != nil {
		return Event{}, false, b.fail("put event", "", err)
	}
	b.eventing.Lock()
	defer b.eventing.Unlock()
	put, created, err = b.putEvent(of, p)
	var overlap *OverlapError
	if errors.As(err, &overlap) {
		return Event{}, false, overlap
	}
	return put, created, b.failEvent("put event", err)
}

// failEvent lets errors of EventPut.Check through, which are no consult.Errors.
func (b *Book) failEvent(what string, err error) error {
	var refused *refusedError
	if errors.As(err, &refused) {
		return refused.err
	}
	return b.fail(what, "", err)
}

// refusedError carries what EventPut.Check said out of a transaction.
type refusedError struct{ err error }

func (e *refusedError) Error() string { return e.err.Error() }

// roomForEvent refuses a new event in a calendar that is full.
func (b *Book) roomForEvent(of consult.AccountID, id EventID) error {
	if had, err := b.loadEvent(b.kv, of, id); err != nil || (had.ID != "" && !had.Deleted) {
		return err
	}
	count, from := 0, ""
	for {
		entries, err := b.kv.Range(eventUIDPrefix(of), from, kv.MaxRange)
		if err != nil {
			return err
		}
		if count += len(entries); count >= maxEvents {
			return errTooManyEvents
		}
		if len(entries) < kv.MaxRange {
			return nil
		}
		from = kv.After(entries[len(entries)-1].Key)
	}
}

func (b *Book) putEvent(of consult.AccountID, p EventPut) (Event, bool, error) {
	id := b.EventID(of, p.Name)
	had, err := b.settled(of, id)
	if err != nil {
		return Event{}, false, err
	}
	was, is := blockedDays(had.Busy), blockedDays(p.Busy)
	touched := daysOf(was, is)
	if len(touched) > daysAtOnce {
		if err := b.reserve(of, id, p, is, touched); err != nil {
			return Event{}, false, err
		}
	}
	var put storedEvent
	var created bool
	err = b.update(func(tx kv.Txn) error {
		had, err := b.loadEvent(tx, of, id)
		if err != nil {
			return err
		}
		if err := p.allowed(had); err != nil {
			return err
		}
		now := b.clock()
		created = had.ID == "" || had.Deleted
		put = storedEvent{Event: Event{
			ID: id, Name: p.Name, UID: p.UID, Text: p.Text, Busy: p.Busy, Until: p.Until, CreatedAt: had.CreatedAt, ChangedAt: now,
		}}
		if created {
			put.CreatedAt = now
		}
		if p.over {
			put.ChangedAt = had.ChangedAt
		}
		if !p.Until.IsZero() {
			put.Due = now.Add(eventAgain)
		}
		if len(touched) <= daysAtOnce {
			if err := b.block(tx, of, id, touched, is, !p.over); err != nil {
				return err
			}
		}
		if err := b.indexEvent(tx, of, had, put); err != nil {
			return err
		}
		return b.storeEvent(tx, of, had, put)
	})
	if len(touched) > daysAtOnce { // what was reserved stays, or goes; what stood there before goes, or stays
		err = errors.Join(err, b.settle(of, id, touched))
	}
	if err != nil {
		return Event{}, false, err
	}
	b.log.Info("calendar event", "practitioner", of, "event", id, "action", "put", "busy", len(p.Busy))
	return put.Event, created, nil
}

// allowed asks the condition of who puts, or deletes.
func (p EventPut) allowed(had storedEvent) error {
	if p.Check == nil {
		return nil
	}
	is := &had.Event
	if had.ID == "" || had.Deleted {
		is = nil
	}
	if err := p.Check(is); err != nil {
		return &refusedError{err}
	}
	return nil
}

// indexEvent moves an event from where it was found to where it is. 7 operations.
func (b *Book) indexEvent(tx kv.Txn, of consult.AccountID, had, is storedEvent) error {
	live := had.ID != "" && !had.Deleted
	if live && (is.Deleted || had.UID != is.UID) {
		if err := tx.Delete(b.eventUIDKey(of, had.UID)); err != nil {
			return err
		}
	}
	if !is.Deleted && (!live || had.UID != is.UID) {
		key := b.eventUIDKey(of, is.UID)
		if _, err := tx.Get(key); !errors.Is(err, kv.ErrNotFound) {
			return errors.Join(err, ErrUIDTaken)
		}
		if err := errors.Join(tx.Compare(key, 0), tx.Put(key, []byte(is.ID))); err != nil {
			return err
		}
	}
	if !had.Due.IsZero() {
		if err := tx.Delete(eventDueKey(had.Due, of, had.ID)); err != nil {
			return err
		}
	}
	if !is.Due.IsZero() {
		return tx.Put(eventDueKey(is.Due, of, is.ID), nil)
	}
	return nil
}

// storeEvent writes an event where it was read, and lets calendars and desks look again. 8 operations.
func (b *Book) storeEvent(tx kv.Txn, of consult.AccountID, had, is storedEvent) error {
	key := eventKey(of, is.ID)
	value, err := seal(b.master, key, is)
	if err == nil && len(value) > kv.MaxValue {
		err = errBadEvent
	}
	if err != nil {
		return err
	}
	if err := errors.Join(tx.Compare(key, had.revision), tx.Put(key, value)); err != nil {
		return err
	}
	if had.Text == is.Text && had.Deleted == is.Deleted {
		return nil // worked out anew: the same for who looks
	}
	if err := noteChange(tx, of, Changed{Event: is.ID}); err != nil {
		return err
	}
	return consult.TouchDesk(tx, of)
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

// DeleteEvent takes an event out of a practitioner's calendar, and gives its times back. check is EventPut.Check. ErrNotFound.
func (b *Book) DeleteEvent(of consult.AccountID, id EventID, check func(*Event) error) error {
	if !OwnerOf(of).Valid() || !id.Valid() {
		return ErrNotFound
	}
	b.eventing.Lock()
	defer b.eventing.Unlock()
	return b.failEvent("delete event", b.deleteEvent(of, id, check))
}

func (b *Book) deleteEvent(of consult.AccountID, id EventID, check func(*Event) error) error {
	had, err := b.settled(of, id)
	if err != nil {
		return err
	}
	touched := daysOf(blockedDays(had.Busy))
	err = b.update(func(tx kv.Txn) error {
		had, err := b.loadEvent(tx, of, id)
		if err != nil {
			return err
		}
		if err := (EventPut{Check: check}).allowed(had); err != nil {
			return err
		}
		if had.ID == "" || had.Deleted {
			return ErrNotFound
		}
		now := b.clock()
		gone := storedEvent{Event: Event{ID: id, Name: had.Name, ChangedAt: now, Deleted: true}, Due: now.Add(keepDeleted)}
		if len(touched) <= daysAtOnce {
			if err := b.block(tx, of, id, touched, nil, false); err != nil {
				return err
			}
		} else if err := putJSON(tx, eventHalfKey(of, id), touched); err != nil {
			return err
		}
		if err := b.indexEvent(tx, of, had, gone); err != nil {
			return err
		}
		return b.storeEvent(tx, of, had, gone)
	})
	if err == nil && len(touched) > daysAtOnce {
		err = b.settle(of, id, touched)
	}
	if err == nil {
		b.log.Info("calendar event", "practitioner", of, "event", id, "action", "delete")
	}
	return err
}

// DueEvent is an event that is to be worked out anew.
type DueEvent struct {
	Of    consult.AccountID
	Event Event
}

// EventsDue returns some of the events that are to be worked out anew, each of which PutEvent then is to be told of, and forgets the names of those that
// were deleted long ago. next is when there is more.
func (b *Book) EventsDue() (due []DueEvent, next time.Time, err error) {
	entries, err := b.kv.Range(eventDuePrefix, "", workPage)
	if err != nil {
		return nil, time.Time{}, b.fail("events due", "", err)
	}
	now := b.clock()
	for _, entry := range entries {
		at, of, id, err := readDue(entry.Key)
		if err != nil {
			return nil, time.Time{}, b.fail("events due", "", err)
		}
		if at.After(now) {
			return due, at, nil
		}
		e, err := b.loadEvent(b.kv, of, id)
		switch {
		case err != nil:
		case e.ID == "" || !e.Due.Equal(at):
			err = b.strike(entry.Key)
		case e.Deleted:
			err = b.update(func(tx kv.Txn) error {
				return errors.Join(tx.Compare(eventKey(of, id), e.revision), tx.Delete(eventKey(of, id)), tx.Delete(entry.Key))
			})
		default:
			due = append(due, DueEvent{of, e.Event})
		}
		if err != nil {
			return nil, time.Time{}, b.fail("events due", "", err)
		}
	}
	return due, now, nil
}

func readDue(key string) (time.Time, consult.AccountID, EventID, error) {
	at, rest, _ := strings.Cut(key[len(eventDuePrefix):], "/")
	of, id, _ := strings.Cut(rest, "/")
	when, err := time.Parse("20060102T150405.000000000Z", at)
	if err != nil {
		return when, "", "", fmt.Errorf("booking: %s: %w", key, err)
	}
	return when, consult.AccountID(of), EventID(id), nil
}

// ExpandEvent notes when an event takes time further ahead. What was booked there since keeps its time; the event lies over it.
func (b *Book) ExpandEvent(of consult.AccountID, e Event, busy []Interval, until time.Time) error {
	p := EventPut{Name: e.Name, UID: e.UID, Text: e.Text, Busy: busy, Until: until}
	if err := p.check(); err != nil {
		return err
	}
	p.over = true
	p.Check = func(is *Event) error {
		if is == nil || is.Text != e.Text {
			return errUnchanged // somebody changed it meanwhile, and worked it out anew with that
		}
		return nil
	}
	b.eventing.Lock()
	defer b.eventing.Unlock()
	_, _, err := b.putEvent(of, p)
	if err = b.failEvent("expand event", err); errors.Is(err, errUnchanged) {
		return nil
	}
	return err
}
