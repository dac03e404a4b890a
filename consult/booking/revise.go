package booking

import (
	"bytes"
	"encoding/json"
	"errors"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// ReviseService checks a service and keeps it if it still is as it was when s was read: s.Revision says so, 0 for a new one. It fails
// with ErrStale when somebody else was quicker, unless they have written the very same, and with ErrNotFound when it was deleted.
func (b *Book) ReviseService(s Service) (Service, error) {
	if err := s.Validate(); err != nil {
		return Service{}, err
	}
	if err := b.revise(serviceKey(s.ID), s.Revision, s, nil); err != nil {
		return Service{}, b.fail("service", "", err)
	}
	return b.Service(s.ID)
}

// ReviseSchedule is the same for a schedule. Appointments that lie outside of it from now on stay.
func (b *Book) ReviseSchedule(s Schedule) (Schedule, error) {
	if err := s.Validate(); err != nil {
		return Schedule{}, err
	}
	touch := func(tx kv.Txn) error { return noteChange(tx, s.Practitioner) }
	if err := b.revise(scheduleKey(s.Practitioner), s.Revision, s, touch); err != nil {
		return Schedule{}, b.fail("schedule", "", err)
	}
	return b.Schedule(s.Practitioner)
}

// revise writes a record if the one in the store still has this revision. also is done with it; nil for nothing.
func (b *Book) revise(key string, revision uint64, record any, also func(kv.Txn) error) error {
	encoded, err := json.Marshal(record)
	if err != nil {
		return err
	}
	if len(encoded) > kv.MaxValue {
		return errTooMuch
	}
	return b.update(func(tx kv.Txn) error {
		entry, err := tx.Get(key)
		switch {
		case errors.Is(err, kv.ErrNotFound) && revision != 0:
			return ErrNotFound
		case err != nil && !errors.Is(err, kv.ErrNotFound):
			return err
		case err == nil && bytes.Equal(entry.Value, encoded):
			return nil // a second click, or an answer that was lost
		case entry.Revision != revision:
			return ErrStale
		}
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		return errors.Join(tx.Compare(key, entry.Revision), tx.Put(key, encoded))
	})
}

var errTooMuch error = &consult.Error{Code: consult.CodeTooLarge, Message: "It holds too much: take out what is long past."}
