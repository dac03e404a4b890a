package booking

import (
	"errors"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// The worker does what is due at an instant: it makes the consultations of appointments by video, and offers freed times to who
// waits. What is due stands in the store, and each step is one transaction that also strikes it off: after a kill -9 the next
// start does it, and nothing is done twice.

const (
	workPage  = 100         // things that are looked at in one go
	workSleep = time.Minute // at most, between two looks
)

// startWorker starts the goroutine "worker", which ends with Close.
func (b *Book) startWorker() error {
	opens, err := b.kv.Watch(b.stopping, opensPrefix, 0)
	if err != nil {
		return err
	}
	freed, err := b.kv.Watch(b.stopping, freedPrefix, 0)
	if err != nil {
		return err
	}
	b.tasks.Go(func() { b.worker(opens, freed) })
	return nil
}

func (b *Book) worker(opens, freed <-chan kv.Event) {
	for {
		wait := b.workDue()
		timer := time.NewTimer(wait)
		select {
		case <-b.stopping.Done():
			timer.Stop()
			return
		case _, ok := <-opens:
			if !ok {
				opens = nil // overtaken by the history: the timer looks
			}
		case _, ok := <-freed:
			if !ok {
				freed = nil
			}
		case <-timer.C:
		}
		timer.Stop()
		drain(opens)
		drain(freed)
	}
}

// drain makes one look of many changes.
func drain(events <-chan kv.Event) {
	for {
		select {
		case _, ok := <-events:
			if !ok {
				return
			}
		default:
			return
		}
	}
}

// workDue does all that is due, and returns how long there is nothing more to do.
func (b *Book) workDue() time.Duration {
	wait := workSleep
	for prefix, do := range map[string]func(kv.Entry) error{opensPrefix: b.openDue, freedPrefix: b.offerDue} {
		for from := ""; b.stopping.Err() == nil; {
			entries, err := b.kv.Range(prefix, from, workPage)
			if err != nil {
				b.log.Error("appointment book", "action", "look for what is due", "error", err)
				break
			}
			ahead := false
			for _, entry := range entries {
				due, err := time.Parse("20060102T150405.000000000Z", entry.Key[len(prefix):len(prefix)+26])
				if err == nil && due.After(b.clock()) {
					wait, ahead = min(wait, max(due.Sub(b.clock()), time.Millisecond)), true
					break
				}
				if err == nil {
					err = do(entry)
				}
				if err != nil {
					b.log.Error("appointment book", "action", "do what is due", "key", entry.Key, "error", err)
				}
			}
			if ahead || len(entries) < workPage {
				break
			}
			from = kv.After(entries[len(entries)-1].Key)
		}
	}
	return wait
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

// openConsultation makes the consultation of an appointment by video, unless it has one. 10 operations beside those of the appointment.
func (b *Book) openConsultation(a Appointment) (Appointment, error) {
	plan, err := b.practice.Plan(consult.StartRequest{
		By: consult.Practitioner{ID: a.Practitioner, Name: a.PractitionerName}, Patient: a.Patient, Name: a.Person.Name, BirthDate: a.Person.BirthDate,
		Language: a.Person.Language, TimeZone: a.Person.TimeZone, Contact: a.Person.Contact, Needs: a.Person.Needs, ScheduledAt: a.Start, Duration: a.Duration(),
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
