package booking

import (
	"errors"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Offered returns what the secret of an offer keeps, and who it was offered to, or ErrHoldLapsed. It changes nothing.
func (b *Book) Offered(secret string) (Hold, Waiting, error) {
	h, _, err := b.findHold(b.kv, secret)
	if err == nil && (h.Wait == "" || !b.clock().Before(h.Until)) {
		err = ErrHoldLapsed
	}
	if err != nil {
		return Hold{}, Waiting{}, b.fail("offered", "", err)
	}
	w, err := b.waitingAt(b.kv, h.Wait)
	return h, w, b.fail("offered", "", err)
}

func (b *Book) waitingAt(from consult.Getter, key string) (Waiting, error) {
	entry, err := from.Get(key)
	if errors.Is(err, kv.ErrNotFound) {
		return Waiting{}, ErrHoldLapsed // they left the list
	}
	var w Waiting
	if err == nil {
		err = unseal(b.master, entry, &w)
	}
	return w, err
}

// Decline gives an offered time back, so that whoever is next in turn is asked at once. Who declines stays on the wait list. It is no
// error when the offer has lapsed or was declined before.
func (b *Book) Decline(secret string) error {
	err := b.update(func(tx kv.Txn) error {
		now := b.clock()
		h, key, err := b.findHold(tx, secret)
		if err != nil {
			return err
		}
		if h.Wait == "" || !now.Before(h.Until) {
			return ErrHoldLapsed
		}
		open := openDays(tx, now)
		for _, owner := range append([]OwnerID{OwnerOf(h.Practitioner)}, h.Resources...) {
			if err := open.remove(owner, span{h.From, h.To}, h.ID); err != nil {
				return err
			}
		}
		if err := b.closeOffer(tx, h, now); err != nil {
			return err
		}
		if err := tx.Delete(key); err != nil {
			return err
		}
		if err := putJSON(tx, dueKey(now, taskOffer, newAppointmentID(now)), freedTime{h.Service, h.Practitioner, h.Start}); err != nil {
			return err
		}
		return open.write()
	})
	if errors.Is(err, ErrHoldLapsed) {
		return nil
	}
	return b.fail("decline", "", err)
}

// closeOffer notes on the list that the offer is over: another time may be offered to them from now on. 2 operations.
func (b *Book) closeOffer(tx kv.Txn, h Hold, now time.Time) error {
	w, err := b.waitingAt(tx, h.Wait)
	if errors.Is(err, ErrHoldLapsed) {
		return nil
	}
	if err != nil {
		return err
	}
	for i, o := range w.Offers {
		if o.Start.Equal(h.Start) && o.Practitioner == h.Practitioner && o.Until.After(now) {
			w.Offers[i].Until = now
		}
	}
	value, err := seal(b.master, h.Wait, w)
	if err != nil {
		return err
	}
	return tx.Put(h.Wait, value)
}
