package booking

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// WaitRequest asks to be told when a time becomes free.
type WaitRequest struct {
	Key          string // of idempotency: the same key adds one entry; "": none. It must be random
	Service      ServiceID
	Practitioner consult.AccountID // "": any
	From, To     time.Time         // of starts that would do
	HalfDays     []HalfDay         // on which they could come; none: all
	Modality     Modality          // "": any
	Patient      consult.PatientID
	Person       Person
}

// HalfDay is the morning or the afternoon of a day of the week; noon on the practitioner's clocks parts them.
type HalfDay struct {
	Weekday   time.Weekday `json:"weekday"`
	Afternoon bool         `json:"afternoon,omitempty"`
}

func (h HalfDay) has(at time.Time) bool {
	return at.Weekday() == h.Weekday && (at.Hour() >= 12) == h.Afternoon
}

// Waiting is somebody on the wait list.
type Waiting struct {
	ID           WaitID            `json:"id"`
	Service      ServiceID         `json:"service"`
	Practitioner consult.AccountID `json:"practitioner,omitempty"`
	From         time.Time         `json:"from"`
	To           time.Time         `json:"to"`
	HalfDays     []HalfDay         `json:"half_days,omitempty"`
	Modality     Modality          `json:"modality,omitempty"`
	Patient      consult.PatientID `json:"patient,omitempty"`
	Person       Person            `json:"person"`
	CreatedAt    time.Time         `json:"created_at"`
	Offers       []Offer           `json:"offers,omitempty"`
}

// Offer is a freed time that was offered to who waits.
type Offer struct {
	Start        time.Time         `json:"start"`
	Practitioner consult.AccountID `json:"practitioner"`
	Until        time.Time         `json:"until"`
	Told         bool              `json:"told"` // false: somebody of the practice must call
}

// freedTime is a time to be offered. It holds nothing personal.
type freedTime struct {
	Service      ServiceID         `json:"service"`
	Practitioner consult.AccountID `json:"practitioner"`
	Start        time.Time         `json:"start"`
}

const (
	maxWaiting  = 200 // of one service
	maxOffers   = 20  // kept of one who waits
	maxWaitDays = 366 // ahead
	maxHalfDays = 14  // a week has no more
)

// WaitDays are the instants between which somebody could come, from the first of two days ("2026-11-24") until the end of the last, on clocks in
// the zone. Without a first day it is today, without a last 60 days on, and 30 from the first at least.
func WaitDays(first, last string, now time.Time, zone *time.Location) (from, to time.Time, err error) {
	today := DateOf(now.In(zone))
	begins, ends := today, today+60
	if first != "" {
		if begins, err = ParseDate(first); err != nil {
			return from, to, err
		}
		ends = max(ends, begins+30)
	}
	if last != "" {
		if ends, err = ParseDate(last); err != nil {
			return from, to, err
		}
	}
	if ends < begins || ends < today || ends > today+maxWaitDays {
		return from, to, errBadWait
	}
	from, _ = max(begins, today).At(0, zone)
	to, _ = (ends + 1).At(0, zone)
	if from.Before(now) {
		from = now
	}
	return from, to, nil
}

func waitIDKey(id WaitID) string { return "v1/wait-id/" + string(id) }

// Clocks is the zone of a practitioner's clocks, or of this name when they have no hours yet, or are nobody in particular ("").
func (b *Book) Clocks(of consult.AccountID, otherwise string) (*time.Location, error) {
	zone, err := b.clocks(of, otherwise)
	return zone, b.fail("clocks", "", err)
}

func (b *Book) clocks(of consult.AccountID, otherwise string) (*time.Location, error) {
	if of == "" {
		return b.zone(otherwise)
	}
	schedule, err := b.scheduleOf(of)
	if errors.Is(err, ErrNotFound) {
		return b.zone(otherwise)
	}
	if err != nil {
		return nil, err
	}
	return b.zone(schedule.TimeZone)
}

// Wait puts somebody on the wait list.
func (b *Book) Wait(r WaitRequest) (Waiting, error) {
	now := b.clock()
	service, err := b.serviceOf(r.Service)
	if err != nil {
		return Waiting{}, b.fail("wait", "", err)
	}
	person, err := r.Person.clean(b.country, now)
	if err != nil {
		return Waiting{}, err
	}
	switch {
	case !r.To.After(now) || !r.From.Before(r.To) || !service.offers(r.Modality), r.Patient != "" && !r.Patient.Valid(), !halfDaysGood(r.HalfDays):
		return Waiting{}, errBadWait
	case r.Practitioner != "" && !service.gives(r.Practitioner):
		return Waiting{}, ErrNotFound
	case person.Contact.Phone == "" && person.Contact.Mail == "":
		return Waiting{}, errNoContact
	}
	if err := b.mayBeAsked(r.Practitioner); err != nil {
		return Waiting{}, b.fail("wait", "", err)
	}
	w := Waiting{b.waitID(r.Key), service.ID, r.Practitioner, r.From.UTC(), r.To.UTC(), r.HalfDays, r.Modality, r.Patient, person, now, nil}
	key := waitPrefix(service.ID) + instant(now) + "/" + string(w.ID)
	again := false
	err = b.update(func(tx kv.Txn) error {
		_, err := tx.Get(waitIDKey(w.ID))
		if again = err == nil; again || !errors.Is(err, kv.ErrNotFound) {
			return err
		}
		all, err := tx.Range(waitPrefix(service.ID), "", maxWaiting)
		if err == nil && len(all) >= maxWaiting {
			err = errWaitFull
		}
		if err != nil {
			return err
		}
		value, err := seal(b.master, key, w)
		if err != nil {
			return err
		}
		return errors.Join(tx.Put(waitIDKey(w.ID), []byte(key)), tx.Put(key, value), tx.Put(dueKey(w.To, taskForget, AppointmentID(w.ID)), []byte(w.ID)))
	})
	if again && err == nil {
		if was, err := b.Waiter(w.ID); err == nil { // as the first request made it
			return was, nil
		}
	}
	return w, b.fail("wait", "", err)
}

// waitID is a fresh id, or the one that this key stands for.
func (b *Book) waitID(key string) WaitID {
	if key == "" {
		return newWaitID()
	}
	return WaitID("w_" + b.mark("wait", "", key))
}

func halfDaysGood(all []HalfDay) bool {
	return len(all) <= maxHalfDays && !slices.ContainsFunc(all, func(h HalfDay) bool { return h.Weekday < time.Sunday || h.Weekday > time.Saturday })
}

// StopWaiting takes somebody off the wait list. It is no error if they are not on it.
func (b *Book) StopWaiting(id WaitID) error {
	if !id.Valid() {
		return ErrNotFound
	}
	return b.fail("stop waiting", "", b.update(func(tx kv.Txn) error { return forgetWaiting(tx, id) }))
}

// forgetWaiting erases an entry of the wait list, if there is one. 3 operations.
func forgetWaiting(tx kv.Txn, id WaitID) error {
	entry, err := tx.Get(waitIDKey(id))
	if errors.Is(err, kv.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return errors.Join(tx.Delete(string(entry.Value)), tx.Delete(waitIDKey(id)))
}

// forgetDue erases who waited for days that are over: they are told nothing any more, and nobody needs their name.
func (b *Book) forgetDue(due kv.Entry) error {
	return b.update(func(tx kv.Txn) error {
		return errors.Join(forgetWaiting(tx, WaitID(due.Value)), tx.Delete(due.Key))
	})
}

// WaitList returns who waits for a service, the first first; at most 200.
func (b *Book) WaitList(id ServiceID) ([]Waiting, error) {
	if !id.Valid() {
		return nil, ErrNotFound
	}
	entries, err := b.kv.Range(waitPrefix(id), "", maxWaiting)
	if err != nil {
		return nil, b.fail("wait list", "", err)
	}
	list := make([]Waiting, len(entries))
	for i, entry := range entries {
		if err := unseal(b.master, entry, &list[i]); err != nil {
			return nil, b.fail("wait list", "", err)
		}
	}
	return list, nil
}

// freed notes that a time has become free, if somebody waits for the service. 2 operations.
func (b *Book) freed(tx kv.Txn, a *Appointment, now time.Time) error {
	if !a.Start.After(now) {
		return nil
	}
	waiting, err := tx.Range(waitPrefix(a.Service), "", 1)
	if err != nil || len(waiting) == 0 {
		return err
	}
	return putJSON(tx, dueKey(now, taskOffer, a.ID), freedTime{a.Service, a.Practitioner, a.Start})
}

// offerDue offers a freed time to the first who waits for such a one and was not offered it yet, keeps it for them, and comes back
// when that is over.
func (b *Book) offerDue(due kv.Entry) error {
	var f freedTime
	if err := json.Unmarshal(due.Value, &f); err != nil {
		return fmt.Errorf("decode: %w", err)
	}
	now := b.clock()
	service, err := b.offeredNow(f.Service)
	if errors.Is(err, ErrNotFound) || (err == nil && f.Start.Sub(now) < service.MinNotice+10*time.Minute) {
		return b.strike(due.Key)
	}
	if err != nil {
		return err
	}
	for range maxAttempts {
		if err = b.offerNext(service, f, due, now); !errors.Is(err, ErrBusy) {
			return err
		}
	}
	return err
}

// offerNext offers a freed time to who is next in turn. ErrBusy when their entry changed meanwhile: somebody else may be next.
func (b *Book) offerNext(service *Service, f freedTime, due kv.Entry, now time.Time) error {
	want := wish{by: Actor{Kind: BySystem}, practitioner: f.Practitioner, start: f.Start, open: true}
	var candidates []candidate
	entry, w, err := b.firstFor(f, now, func(by Modality) (bool, error) {
		var err error
		want.modality = by
		candidates, err = b.candidates(service, want)
		if errors.Is(err, ErrTaken) || errors.Is(err, ErrNotFound) {
			return false, nil // somebody was quicker, the practitioner is away, or not in this way
		}
		return err == nil, err
	})
	if err != nil {
		return err
	}
	if entry.Key == "" {
		return b.strike(due.Key)
	}
	keep := min(b.cfg.OfferLifetime, f.Start.Sub(now)-service.MinNotice)
	_, err = b.hold(service, want, candidates, keep, func(tx kv.Txn, h *Hold) error {
		if err := tx.Compare(entry.Key, entry.Revision); err != nil {
			return err
		}
		h.Wait = entry.Key
		return b.offer(tx, w, h, candidates[0].schedule, due)
	})
	if errors.Is(err, ErrTaken) {
		return b.strike(due.Key)
	}
	return err
}

// offer tells who waits, and notes when to come back. At most 9 operations.
func (b *Book) offer(tx kv.Txn, w Waiting, h *Hold, by *Schedule, due kv.Entry) error {
	zone := w.Person.TimeZone
	if zone == "" {
		zone = by.TimeZone
	}
	err := b.outbox.Put(tx, consult.Notice{
		Kind: consult.NoticeAppointmentOffer, Owner: h.Practitioner, To: w.Person.Contact, Name: w.Person.Name, Language: w.Person.Language, TimeZone: zone,
		Secret: h.Secret, Key: "offer/" + string(w.ID) + "/" + h.ID,
		Fields: map[string]string{consult.FieldPractitioner: by.Name, consult.FieldAt: h.Start.Format(time.RFC3339), consult.FieldDeadline: h.Until.Format(time.RFC3339)},
	})
	if err != nil && !errors.Is(err, consult.ErrUnreachable) {
		return err
	}
	w.Offers = append(slices.Clone(w.Offers), Offer{h.Start, h.Practitioner, h.Until, err == nil})
	if len(w.Offers) > maxOffers {
		w.Offers = w.Offers[1:]
	}
	value, err := seal(b.master, h.Wait, w)
	if err != nil {
		return err
	}
	if err := tx.Put(h.Wait, value); err != nil {
		return err
	}
	if err := tx.Delete(due.Key); err != nil {
		return err
	}
	_, _, id, err := cutDue(due.Key)
	if err != nil {
		return err
	}
	return tx.Put(dueKey(h.Until, taskOffer, id), due.Value)
}

// firstFor is who is next in turn, of those whom the time fits in the way that they wish.
func (b *Book) firstFor(f freedTime, now time.Time, fits func(Modality) (bool, error)) (kv.Entry, Waiting, error) {
	clocks, err := b.clocks(f.Practitioner, "UTC")
	if err != nil {
		return kv.Entry{}, Waiting{}, err
	}
	entries, err := b.kv.Range(waitPrefix(f.Service), "", maxWaiting)
	if err != nil {
		return kv.Entry{}, Waiting{}, err
	}
	for _, entry := range entries {
		var w Waiting
		if err := unseal(b.master, entry, &w); err != nil {
			return kv.Entry{}, Waiting{}, err
		}
		if !w.wants(f, f.Start.In(clocks), now) {
			continue
		}
		if is, err := fits(w.Modality); err != nil || is {
			return entry, w, err
		}
	}
	return kv.Entry{}, Waiting{}, nil
}

// wants reports whether the time would do; on is its start on the practitioner's clocks.
func (w Waiting) wants(f freedTime, on, now time.Time) bool {
	if (w.Practitioner != "" && w.Practitioner != f.Practitioner) || f.Start.Before(w.From) || !f.Start.Before(w.To) {
		return false
	}
	if len(w.HalfDays) > 0 && !slices.ContainsFunc(w.HalfDays, func(h HalfDay) bool { return h.has(on) }) {
		return false
	}
	return !slices.ContainsFunc(w.Offers, func(o Offer) bool {
		return o.Until.After(now) || (o.Start.Equal(f.Start) && o.Practitioner == f.Practitioner) // has one to think about, or had this one
	})
}
