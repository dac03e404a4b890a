package booking

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// tell takes back the reminder that waits in the outbox, writes what the patient is told now, if anything, and plans the reminders of the
// appointment as it is; they are written when they are due (remindDue). At most 10 operations.
func (b *Book) tell(tx kv.Txn, a *Appointment, service *Service, kind consult.NoticeKind, fields map[string]string, now time.Time) error {
	if a.Reminded != "" {
		if err := b.outbox.Cancel(tx, a.Reminded); err != nil {
			return err
		}
	}
	a.Reminders, a.Reminded, a.Told = nil, "", false
	if kind != "" {
		n := b.notice(a, kind)
		for name, value := range fields {
			n.Fields[name] = value
		}
		n.Key = noticeKey(a, string(kind))
		err := b.outbox.Put(tx, n)
		if err != nil && !errors.Is(err, consult.ErrUnreachable) {
			return err
		}
		a.Told = err == nil
	}
	if service != nil {
		a.plan(b.remindersOf(a, service), now)
	}
	return nil
}

// plan notes the reminders that are to come: never "in a day" to somebody who books for tonight.
func (a *Appointment) plan(reminders []time.Duration, now time.Time) {
	a.Reminders = nil
	if !a.State.ahead() || a.Start.IsZero() {
		return
	}
	for _, before := range reminders {
		if a.Start.Add(-before).After(now.Add(soonest)) {
			a.Reminders = append(a.Reminders, before)
		}
	}
	slices.SortFunc(a.Reminders, func(a, b time.Duration) int { return cmp.Compare(b, a) })
	a.Reminders = slices.Compact(a.Reminders)
}

// remindDue writes the reminder that is due into the outbox, as the appointment is now, and plans the next. Of several that are due, because
// the program did not run, it is the last. Nobody's calendar changes by it.
func (b *Book) remindDue(due kv.Entry) error {
	return b.update(func(tx kv.Txn) error {
		before, err := b.load(tx, AppointmentID(due.Value))
		if errors.Is(err, ErrNotFound) || (err == nil && !slices.Contains(b.indexKeys(&before), due.Key)) {
			return tx.Delete(due.Key)
		}
		if err != nil {
			return err
		}
		after, now := before, b.clock()
		var next time.Duration
		for len(after.Reminders) > 0 && !after.Start.Add(-after.Reminders[0]).After(now) {
			next, after.Reminders = after.Reminders[0], after.Reminders[1:]
		}
		n := b.notice(&after, consult.NoticeAppointmentReminder)
		n.NotBefore, n.Urgent = after.Start.Add(-next), next == 0
		n.Key = noticeKey(&after, strconv.Itoa(int(next/time.Minute)))
		if err := b.outbox.Put(tx, n); err != nil && !errors.Is(err, consult.ErrUnreachable) {
			return err
		}
		after.Reminded = n.Key
		if err := b.index(tx, &before, &after); err != nil {
			return err
		}
		return b.put(tx, &before, &after)
	})
}

// noticeKey is the Notice.Key of what is told once of an appointment as it is.
func noticeKey(a *Appointment, what string) string {
	return fmt.Sprintf("appointment/%s/%d/%s", a.ID, a.Sequence, what)
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
	b.told(&n, a)
	return n
}
