package booking

import (
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// prepared is an appointment as it will be when the claim is given to who is expected to take it, with all of its transaction that needs no
// transaction: one writes at a time, and encoding and sealing took most of that time.
type prepared struct {
	who         candidate
	used        []OwnerID
	appointment Appointment
	tell        func(kv.Txn) error // the patient; nil: they are not told
	sealed      []byte             // nil: only what tell does makes the appointment whole
	secret      string
}

// prepare makes one for who is to take the claim with these resources.
func (b *Book) prepare(r Request, c claim, asked Appointment, who candidate, used []OwnerID, now time.Time) (*prepared, error) {
	d := &prepared{who: who, used: used, appointment: asked, secret: b.manageSecret(asked.ID)}
	a := &d.appointment
	if !r.Start.IsZero() {
		a.placed(c, who, used)
	}
	kind := consult.NoticeAppointment
	if a.State == StateRequested {
		kind = consult.NoticeAppointmentAsked
	}
	if r.Quiet && r.By.Kind == ByPractice {
		kind = ""
	}
	a.plan(b.remindersOf(a, c.service), now)
	if r.with.takes(a, kind) {
		d.tell = func(tx kv.Txn) error { return b.tellTogether(tx, a, r.with, Said{}, now) }
		return d, nil
	}
	var err error
	if kind != "" {
		if d.tell, err = b.telling(a, kind, Said{}); err != nil {
			return nil, err
		}
	}
	d.sealed, err = seal(b.master, appointmentKey(a.ID), a)
	return d, err
}

// isFor reports whether who has taken the claim is who was expected to.
func (d *prepared) isFor(who candidate, used []OwnerID) bool {
	return d.who == who && slices.Equal(d.used, used)
}

// preparing is a time that a booking is prepared of.
type preparing struct {
	practitioner consult.AccountID
	start        int64
}

// ahead prepares for who takes the claim unless somebody is quicker, and says what to call when the transaction is over. Nothing for a
// time that somebody else is writing already: of the many who want it all but one come too late.
func (b *Book) ahead(r Request, c claim, asked Appointment, now time.Time) (d *prepared, over func(), err error) {
	over = func() {}
	if r.Start.IsZero() {
		d, err = b.prepare(r, c, asked, candidate{}, nil, now)
		return d, over, err
	}
	if len(c.candidates) == 0 {
		return nil, over, nil
	}
	who := c.candidates[0]
	of := preparing{who.schedule.Practitioner, c.start}
	if _, contested := b.preparing.LoadOrStore(of, struct{}{}); contested {
		return nil, over, nil
	}
	used, err := assign(c.service.Resources, nil, false, func(OwnerID) (bool, error) { return true, nil })
	if err != nil {
		return nil, func() { b.preparing.Delete(of) }, nil // the transaction will say so
	}
	d, err = b.prepare(r, c, asked, who, used, now)
	return d, func() { b.preparing.Delete(of) }, err
}

// write is the transaction: the request's key, the hold, the days, the appointment, its notices.
func (b *Book) write(r Request, c claim, asked Appointment, now time.Time, coming func()) (Booked, error) {
	c.entry = entry{kind: entryAppointment, id: entryIDOf(string(asked.ID))}
	ahead, over, err := b.ahead(r, c, asked, now)
	defer over()
	if err != nil {
		return Booked{}, err
	}
	var d *prepared     // what was written
	var earlier *Booked // what an earlier request has made; nil: nothing
	write := func(tx kv.Txn, once kv.LeaseID) error {
		d, earlier = ahead, nil
		if r.Key != "" {
			made, err := b.repeated(tx, r.Key)
			if err != nil {
				return err
			}
			if made.Repeated {
				earlier = &made
				return nil
			}
		}
		open := openDays(tx, now)
		if r.Hold != "" {
			if err := b.useHold(tx, open, r.Hold); err != nil {
				return err
			}
		}
		if !r.Start.IsZero() {
			who, used, err := open.take(c)
			if err != nil {
				return err
			}
			if d == nil || !d.isFor(who, used) {
				if d, err = b.prepare(r, c, asked, who, used, now); err != nil {
					return err
				}
			}
		}
		if err := open.write(); err != nil {
			return err
		}
		if d.tell != nil {
			if err := d.tell(tx); err != nil {
				return err
			}
		}
		if r.Key != "" {
			if err := tx.PutLease(onceKey(r.Key), []byte(asked.ID), once); err != nil {
				return err
			}
		}
		if d.sealed == nil {
			return b.store(tx, &Appointment{}, &d.appointment)
		}
		return b.storeSealed(tx, &Appointment{}, &d.appointment, d.sealed)
	}
	coming()
	if r.Key == "" {
		err = b.update(func(tx kv.Txn) error { return write(tx, 0) })
	} else {
		err = b.leased(&b.onces, write)
	}
	switch {
	case err != nil:
		return Booked{}, err
	case earlier != nil:
		return *earlier, nil
	default:
		return Booked{Appointment: d.appointment, Secret: d.secret}, nil
	}
}
