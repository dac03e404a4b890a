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

// tell writes what the patient is told of the last change, if anything, in the place of what waits in the outbox and is not true any more;
// and plans the reminders of the appointment as it is. was is the start before the change; with, unless nil, is where it is told of several.
// At most 21 operations.
func (b *Book) tell(tx kv.Txn, a *Appointment, service *Service, kind consult.NoticeKind, with *several, was, now time.Time) error {
	waited, knew, err := b.takeBack(tx, a, was)
	if err != nil {
		return err
	}
	if err := b.replan(tx, a, service, now); err != nil {
		return err
	}
	if kind = sayInstead(kind, a, waited, knew.Knew || a.byPatient()); kind == "" {
		return nil
	}
	if with.takes(a, kind) {
		return b.tellTogether(tx, a, with, knew, now)
	}
	put, err := b.telling(a, kind, knew)
	if err != nil {
		return err
	}
	return put(tx)
}

// telling is the part of tell that needs no transaction; knew is what the patient knows without it. The function that it returns writes what
// they are told.
func (b *Book) telling(a *Appointment, kind consult.NoticeKind, knew Said) (put func(kv.Txn) error, err error) {
	n := b.notice(a, kind)
	switch {
	case knew.Start.IsZero():
	case kind == consult.NoticeAppointmentMoved && !knew.Start.Equal(a.Start):
		n.Fields[consult.FieldWas] = knew.Start.Format(time.RFC3339)
	case kind == consult.NoticeAppointmentCancelled:
		n.Fields[consult.FieldAt] = knew.Start.Format(time.RFC3339)
	}
	n.Key = noticeKey(a, string(kind))
	put, err = b.outbox.Prepare(n)
	if errors.Is(err, consult.ErrUnreachable) {
		return func(kv.Txn) error { return nil }, nil
	}
	if err != nil {
		return nil, err
	}
	if a.byPatient() {
		knew = Said{Knew: true, Start: a.Start}
	}
	a.Told, a.Said = true, Said{n.Key, knew.Knew, knew.Start}
	return put, nil
}

// byPatient reports whether the last change is the patient's.
func (a *Appointment) byPatient() bool { return a.History[len(a.History)-1].By.Kind == ByPatient }

// takeBack takes back what waits in the outbox, and says whether anything did and what the patient knows without it: the start as it was,
// by what was sent, by the practice, or because they chose it themselves. At most 5 operations.
func (b *Book) takeBack(tx kv.Txn, a *Appointment, was time.Time) (waited bool, knew Said, err error) {
	said := a.Said
	a.Said = Said{}
	if said.Key != "" {
		if waited, err = b.outbox.Cancel(tx, said.Key); waited {
			return waited, said, err
		}
	}
	return false, Said{Knew: len(a.History) > 1, Start: was}, err
}

// sayInstead is what the patient is told, instead of this kind, when something else had waited to be told them: who has not heard of an
// appointment is not told that it is off or moved, and something true comes in the place of what was taken back, even where this change by
// itself would be kept quiet.
func sayInstead(kind consult.NoticeKind, a *Appointment, waited, knew bool) consult.NoticeKind {
	switch {
	case !waited:
		return kind
	case !a.State.takesTime(): // over
		if kind == consult.NoticeAppointmentCancelled && !knew {
			return ""
		}
		return kind
	case kind != consult.NoticeAppointmentMoved && kind != "":
		return kind
	case knew:
		return consult.NoticeAppointmentMoved
	case a.State == StateRequested:
		return consult.NoticeAppointmentAsked
	default:
		return consult.NoticeAppointment
	}
}

// replan takes back the reminder that waits in the outbox, and plans those of the appointment as it is; they are written when they are due
// (remindDue). Nobody is told of the last change. At most 5 operations.
func (b *Book) replan(tx kv.Txn, a *Appointment, service *Service, now time.Time) error {
	if err := b.takeReminderBack(tx, a); err != nil {
		return err
	}
	a.Reminders, a.Told = nil, false
	if service != nil {
		a.plan(b.remindersOf(a, service), now)
	}
	return nil
}

func (b *Book) takeReminderBack(tx kv.Txn, a *Appointment) error {
	if a.Reminded == "" {
		return nil
	}
	_, err := b.outbox.Cancel(tx, a.Reminded)
	a.Reminded = ""
	return err
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
		if err := b.takeReminderBack(tx, &after); err != nil { // one that had to wait for the morning: this one says it better
			return err
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
