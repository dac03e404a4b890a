package booking

import (
	"errors"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Staff says where practitioners wish to be told what changes in their book. The zero Contact: nowhere.
type Staff interface {
	BookContact(of consult.AccountID) (consult.Contact, error)
}

// tellPractitioner tells the practitioner of an appointment what was done to it, if they wish it, so that the calendar in their mail
// program follows; and, when it is another one's now, the one whose it was. was is the appointment before. 12 operations at most.
func (b *Book) tellPractitioner(tx kv.Txn, was, is *Appointment) error {
	if b.staff == nil {
		return nil
	}
	left := was.Practitioner != "" && was.Practitioner != is.Practitioner
	if left && was.agreed() && was.State.takesTime() {
		gone := *was
		gone.State, gone.Sequence, gone.ChangedAt = StateCancelled, is.Sequence, is.ChangedAt
		if err := b.tellStaff(tx, &gone, consult.NoticeBookCancelled, time.Time{}); err != nil {
			return err
		}
	}
	kind, before := bookKind(was, is, left)
	if kind == "" || is.Practitioner == "" {
		return nil
	}
	return b.tellStaff(tx, is, kind, before)
}

// bookKind is what the practitioner is told of a change; "" when it is no change of their day.
func bookKind(was, is *Appointment, left bool) (kind consult.NoticeKind, before time.Time) {
	had := was.ID != "" && was.agreed() && was.State.takesTime() && !left
	has := is.agreed() && is.State.takesTime()
	switch {
	case is.State == StateRequested && was.ID == "":
		return consult.NoticeBookAsked, time.Time{}
	case has && !had:
		return consult.NoticeBookNew, time.Time{}
	case had && !has:
		return consult.NoticeBookCancelled, time.Time{}
	case had && !was.Start.Equal(is.Start):
		return consult.NoticeBookMoved, was.Start
	}
	return "", time.Time{}
}

func (b *Book) tellStaff(tx kv.Txn, a *Appointment, kind consult.NoticeKind, before time.Time) error {
	to, err := b.staff.BookContact(a.Practitioner)
	if err != nil || to == (consult.Contact{}) {
		return err
	}
	n := consult.Notice{
		Kind: kind, Owner: a.Practitioner, To: to, TimeZone: a.TimeZone, Fields: map[string]string{},
		Key: "book/" + string(a.ID) + "/" + string(a.Practitioner) + "/" + instant(a.ChangedAt) + "/" + string(kind),
	}
	if !a.Start.IsZero() {
		n.Fields[consult.FieldAt] = a.Start.Format(time.RFC3339)
	}
	if !before.IsZero() {
		n.Fields[consult.FieldWas] = before.Format(time.RFC3339)
	}
	if b.cfg.InitialsInMail {
		n.Fields[consult.FieldWho] = a.Person.Initials()
	}
	if kind != consult.NoticeBookAsked {
		n.Event = b.event(a)
	}
	if err := b.outbox.Put(tx, n); err != nil && !errors.Is(err, consult.ErrUnreachable) {
		return err
	}
	return nil
}

// event is what calendars are told of an appointment; nil without a time.
func (b *Book) event(a *Appointment) *consult.CalendarEvent {
	if a.Start.IsZero() {
		return nil
	}
	return &consult.CalendarEvent{
		UID: a.UID, Sequence: a.Sequence, Start: a.Start, End: a.End, TimeZone: a.TimeZone, Place: b.address(a), CreatedAt: a.CreatedAt,
		ChangedAt: a.ChangedAt, Cancelled: !a.State.takesTime(),
	}
}

// address is where an appointment in person takes place, as the schedule has it.
func (b *Book) address(a *Appointment) string {
	if a.Modality != ModalityInPerson || a.Place == "" {
		return ""
	}
	schedule, err := b.scheduleOf(a.Practitioner)
	if err != nil {
		return ""
	}
	return schedule.Places[a.Place]
}

// told adds to a patient's notice where the appointment is, and what their calendar is told.
func (b *Book) told(n *consult.Notice, a *Appointment) {
	if place := b.address(a); place != "" {
		n.Fields[consult.FieldPlace] = place
	}
	switch n.Kind {
	case consult.NoticeAppointment, consult.NoticeAppointmentMoved:
		n.Event = b.event(a)
	case consult.NoticeAppointmentCancelled:
		if slices.ContainsFunc(a.History, func(c Change) bool { return c.Action == ActionBook || c.Action == ActionApprove }) { // else there is nothing to cancel
			n.Event = b.event(a)
		}
	}
}

// remindersOf is when somebody is reminded of an appointment. By video, that it begins is the consultation's to tell, with the link to it
// (startsNow).
func (b *Book) remindersOf(a *Appointment, service *Service) []time.Duration {
	if a.Silent {
		return nil
	}
	if a.Modality != ModalityVideo || b.practice == nil {
		return service.Reminders
	}
	return slices.DeleteFunc(slices.Clone(service.Reminders), func(before time.Duration) bool { return before == 0 })
}

// startsNow reports whether the patient is told when an appointment by video begins.
func (b *Book) startsNow(a *Appointment) bool {
	service, err := b.serviceOf(a.Service)
	return err == nil && !a.Silent && slices.Contains(service.Reminders, 0)
}
