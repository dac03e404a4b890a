package booking

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

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
	when, err := time.Parse(instantLayout, at)
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
