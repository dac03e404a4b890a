package booking

import (
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// tell takes back the reminders that were to come, writes what the patient is told now, if anything, and the reminders of the
// appointment as it is. At most 4 operations for each old reminder and 5 for each notice.
func (b *Book) tell(tx kv.Txn, a *Appointment, service *Service, kind consult.NoticeKind, fields map[string]string, now time.Time) error {
	for _, r := range a.Reminders {
		if r.At.Before(now) {
			continue // sent, or about to be
		}
		if err := b.outbox.Cancel(tx, r.Key); err != nil {
			return err
		}
	}
	a.Reminders, a.Told = nil, false
	if kind != "" {
		n := b.notice(a, kind)
		for name, value := range fields {
			n.Fields[name] = value
		}
		n.Key = fmt.Sprintf("appointment/%s/%d/%s", a.ID, a.Sequence, kind)
		err := b.outbox.Put(tx, n)
		if err != nil && !errors.Is(err, consult.ErrUnreachable) {
			return err
		}
		a.Told = err == nil
	}
	if !a.State.ahead() || service == nil {
		return nil
	}
	for _, before := range service.Reminders {
		at := a.Start.Add(-before)
		if !at.After(now.Add(soonest)) {
			continue // never "in a day" to somebody who books for tonight
		}
		n := b.notice(a, consult.NoticeAppointmentReminder)
		n.NotBefore, n.Urgent = at, before == 0
		n.Key = fmt.Sprintf("appointment/%s/%d/%s", a.ID, a.Sequence, strconv.Itoa(int(before/time.Minute)))
		err := b.outbox.Put(tx, n)
		if errors.Is(err, consult.ErrUnreachable) {
			return nil
		}
		if err != nil {
			return err
		}
		a.Reminders = append(a.Reminders, reminder{n.Key, at})
	}
	return nil
}

// soonest is how long after a booking its first reminder may come: the confirmation says the same.
const soonest = 5 * time.Minute

// notice is a notice to the patient, with the link that manages the appointment.
func (b *Book) notice(a *Appointment, kind consult.NoticeKind) consult.Notice {
	zone := a.Person.TimeZone
	if zone == "" {
		zone = a.TimeZone
	}
	n := consult.Notice{
		Kind: kind, Owner: a.Practitioner, To: a.Person.Contact, Name: a.Person.Name, Language: a.Person.Language, TimeZone: zone,
		Secret: b.manageSecret(a.ID), Fields: map[string]string{},
	}
	if a.PractitionerName != "" {
		n.Fields[consult.FieldPractitioner] = a.PractitionerName
	}
	if !a.Start.IsZero() {
		n.Fields[consult.FieldAt] = a.Start.Format(time.RFC3339)
	}
	return n
}
