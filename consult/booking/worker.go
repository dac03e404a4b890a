package booking

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// The worker does what is due at an instant. What is due stands in the store, in the order of time, and each step is one transaction that also
// strikes it off: after a kill -9 the next start does it, and nothing is done twice.

// task is what is to be done with an appointment, or an entry of the wait list.
type task string

const (
	taskOpen   task = "open"   // make the consultation of one by video
	taskRemind task = "remind" // write a reminder into the outbox
	taskOffer  task = "offer"  // offer the time that it had to who waits; the value is a freedTime
	taskForget task = "forget" // erase who waited for days that are over
)

const (
	workPage  = 100         // things that are looked at in one go
	workSleep = time.Minute // at most, between two looks
	workRetry = time.Second // after the store did not answer
)

// startWorker starts the goroutine "worker", which ends with Close.
func (b *Book) startWorker() error {
	planned, err := b.kv.Watch(b.stopping, duePrefix, 0)
	if err != nil {
		return err
	}
	b.tasks.Go(func() { b.worker(planned) })
	return nil
}

func (b *Book) worker(planned <-chan kv.Event) {
	for b.stopping.Err() == nil {
		next := b.workDue()
		if b.sleep(planned, next) {
			continue
		}
		var err error
		if planned, err = b.kv.Watch(b.stopping, duePrefix, 0); err != nil {
			return // the store is closed, or the book is
		}
	}
}

// sleep waits until the instant, or until something is planned for an earlier one. It returns false when it no longer hears of what is
// planned: so much is, that the history has gone past it.
func (b *Book) sleep(planned <-chan kv.Event, next time.Time) bool {
	timer := time.NewTimer(max(next.Sub(b.clock()), time.Millisecond))
	defer timer.Stop()
	for {
		select {
		case <-timer.C:
			return true
		case event, ok := <-planned:
			if !ok {
				return false
			}
			if at, _, _, err := cutDue(event.Key); !event.Deleted && err == nil && (at.Before(next) || !at.After(b.clock())) {
				return true
			}
		}
	}
}

// cutDue takes the key of something due apart.
func cutDue(key string) (at time.Time, what task, id AppointmentID, err error) {
	parts := strings.Split(strings.TrimPrefix(key, duePrefix), "/")
	if len(parts) != 3 {
		return time.Time{}, "", "", fmt.Errorf("booking: %s is no key of something due", key)
	}
	at, err = time.Parse(instantLayout, parts[0])
	return at, task(parts[1]), AppointmentID(parts[2]), err
}

// workDue does all that is due, and returns until when there is nothing more to do.
func (b *Book) workDue() time.Time {
	for from := ""; b.stopping.Err() == nil; {
		entries, err := b.kv.Range(duePrefix, from, workPage)
		if err != nil {
			b.log.Error("appointment book", "action", "look for what is due", "error", err)
			return b.clock().Add(workRetry)
		}
		for _, entry := range entries {
			at, what, _, err := cutDue(entry.Key)
			if err == nil && at.After(b.clock()) {
				return earlier(at, b.clock().Add(workSleep))
			}
			if err == nil {
				err = b.do(what, entry)
			}
			if err != nil {
				b.log.Error("appointment book", "action", "do what is due", "key", entry.Key, "error", err)
			}
		}
		if len(entries) < workPage {
			break
		}
		from = kv.After(entries[len(entries)-1].Key)
	}
	return b.clock().Add(workSleep)
}

func (b *Book) do(what task, due kv.Entry) error {
	switch what {
	case taskOpen:
		return b.openDue(due)
	case taskRemind:
		return b.remindDue(due)
	case taskOffer:
		return b.offerDue(due)
	case taskForget:
		return b.forgetDue(due)
	}
	return b.strike(due.Key)
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// openDue makes the consultation of an appointment by video.
func (b *Book) openDue(due kv.Entry) error {
	id := AppointmentID(due.Value)
	a, err := b.Appointment(id)
	if errors.Is(err, ErrNotFound) || (err == nil && !a.opens()) {
		return b.strike(due.Key)
	}
	if err != nil {
		return err
	}
	if b.practice == nil {
		return nil
	}
	_, err = b.openConsultation(a)
	if code := consult.CodeOf(err); code == consult.CodeBadMessage { // it lies too far back
		return b.strike(due.Key)
	}
	return err
}

// openConsultation makes the consultation of an appointment by video, unless it has one. 11 operations beside those of the appointment.
func (b *Book) openConsultation(a Appointment) (Appointment, error) {
	plan, err := b.practice.Plan(consult.StartRequest{
		By: consult.Practitioner{ID: a.Practitioner, Name: a.PractitionerName}, Patient: a.Patient, Name: a.Person.Name, BirthDate: a.Person.BirthDate,
		Language: a.Person.Language, TimeZone: a.Person.TimeZone, Contact: a.Person.Contact, Needs: a.Person.Needs, ScheduledAt: a.Start, Duration: a.Duration(),
		TellStart: b.startsNow(&a),
	})
	if err != nil {
		return Appointment{}, err
	}
	return b.change("open", a.ID, func(tx kv.Txn, c *changing) error {
		if !c.after.opens() || !c.after.Start.Equal(a.Start) || c.after.Practitioner != a.Practitioner {
			return errUnchanged
		}
		if err := plan.Put(tx); err != nil {
			return err
		}
		c.after.Consultation = plan.ID()
		if err := b.carryFiles(tx, &c.after); err != nil {
			return err
		}
		return tx.Put(callKey(plan.ID()), []byte(a.ID))
	})
}

// OpenNow makes the consultation of an appointment by video before its time, for who wants to try their camera.
func (b *Book) OpenNow(id AppointmentID) (Appointment, error) {
	a, err := b.Appointment(id)
	if err != nil || a.Consultation != "" {
		return a, err
	}
	if !a.opens() || b.practice == nil {
		return Appointment{}, ErrState
	}
	a, err = b.openConsultation(a)
	return a, b.fail("open", id, err)
}

// OfConsultation returns the appointment that a consultation was made for.
func (b *Book) OfConsultation(id consult.ConsultationID) (Appointment, error) {
	if !id.Valid() {
		return Appointment{}, ErrNotFound
	}
	entry, err := b.kv.Get(callKey(id))
	if errors.Is(err, kv.ErrNotFound) {
		return Appointment{}, ErrNotFound
	}
	if err != nil {
		return Appointment{}, b.fail("of consultation", "", err)
	}
	return b.Appointment(AppointmentID(entry.Value))
}

func (b *Book) strike(key string) error {
	return b.update(func(tx kv.Txn) error { return tx.Delete(key) })
}
