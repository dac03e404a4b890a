package consult

import (
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

const (
	maxDelay      = 240            // minutes
	delayLifetime = 12 * time.Hour // what was said in the morning does not hold in the evening
	noticesAtOnce = 15             // of 6 operations each, in a transaction that has room for 100
)

// Delay is what a practitioner said about being late.
type Delay struct {
	Minutes int       `json:"minutes"` // 0: on time
	SaidAt  time.Time `json:"said_at"`
}

// SetDelay says to all who wait for this practitioner how late things run: 0 to 240 minutes, 0 for on time. Who left, and who
// is to come within two hours, gets a notice; saying the same again tells nobody anew.
func (p *Practice) SetDelay(by AccountID, minutes int, here Here) (Delay, error) {
	if minutes < 0 || minutes > maxDelay {
		return Delay{}, errBadDelay
	}
	if !wellFormedID(string(by), "a_") {
		return Delay{}, ErrNotFound
	}
	d := Delay{minutes, p.clock()}
	value, err := json.Marshal(d)
	if err != nil {
		return Delay{}, p.fail("delay", "", err)
	}
	before, _, err := p.DelayOf(by)
	if err != nil {
		return Delay{}, err
	}
	var notices []Notice
	if before.Minutes != minutes {
		if notices, err = p.delayNotices(by, d, here); err != nil {
			return Delay{}, err
		}
	}
	first := min(len(notices), noticesAtOnce)
	err = p.store.Update(func(tx kv.Txn) error {
		if err := tx.Put(delayKey(by), value); err != nil {
			return err
		}
		if err := p.putAll(tx, notices[:first]); err != nil {
			return err
		}
		return tx.Put(deskKey(by), []byte("delay"))
	})
	for rest := range slices.Chunk(notices[first:], noticesAtOnce) {
		if err == nil {
			err = p.store.Update(func(tx kv.Txn) error { return p.putAll(tx, rest) })
		}
	}
	if err != nil {
		return Delay{}, p.fail("delay", "", err)
	}
	return d, nil
}

// DelayOf returns what this practitioner said last, and whether anything was said in the last 12 hours.
func (p *Practice) DelayOf(of AccountID) (Delay, bool, error) {
	if !wellFormedID(string(of), "a_") {
		return Delay{}, false, ErrNotFound
	}
	entry, err := p.store.Get(delayKey(of))
	if errors.Is(err, kv.ErrNotFound) {
		return Delay{}, false, nil
	}
	var d Delay
	if err == nil {
		err = json.Unmarshal(entry.Value, &d)
	}
	if err != nil {
		return Delay{}, false, p.fail("delay", "", err)
	}
	if p.clock().Sub(d.SaidAt) > delayLifetime {
		return Delay{}, false, nil
	}
	return d, true, nil
}
