package booking

import (
	"errors"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

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
