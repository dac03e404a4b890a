package consult

import (
	"errors"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// What is written for one notice, at most: the notice, its index, and what compares its key.
const (
	operationsOfNotice = 9
	operationsOfEnd    = 12 // of the end of a consultation, without its tickets
	operationsOfBook   = 76 // of an appointment that is moved or cancelled in the same transaction, with that end
	operationsAtMost   = 100
)

// calledOff tells who was to come that a planned consultation will not be, or when it will be instead: interpreters and guests, and the
// patient unless an appointment made it (then the appointment book tells them) or they did not come. As many are told as the transaction
// has room for beside others, the patient first, then interpreters: two at the least, unless there are very many links.
func (p *Practice) calledOff(tx kv.Txn, r *record, movedTo, now time.Time, others int) error {
	c := r.Consultation
	if c.ScheduledAt.IsZero() || !c.CalledAt.IsZero() || !now.Before(c.ScheduledAt.Add(max(c.Duration, graceForCancelling))) {
		return nil
	}
	room := operationsAtMost - others
	for _, refs := range r.Tickets {
		room -= len(refs)
	}
	for _, role := range []Role{RolePatient, RoleInterpreter, RoleGuest} {
		kind := NoticeCalledOff
		if role == RolePatient {
			kind = NoticeConsultationCancelled
		}
		for _, to := range c.Participants {
			if to.Role != role || room < operationsOfNotice || (role == RolePatient && (r.Booked || !to.AbsentAt.IsZero())) {
				continue
			}
			n := noticeTo(c, to, kind, map[string]string{FieldWas: c.ScheduledAt.Format(time.RFC3339)})
			if !movedTo.IsZero() {
				n.Fields[FieldAt] = movedTo.Format(time.RFC3339)
			}
			n.Urgent = c.ScheduledAt.Sub(now) < delayReachesAhead
			n.Key = "called-off/" + string(c.ID) + "/" + string(to.ID)
			err := p.outbox.Put(tx, n)
			if errors.Is(err, ErrUnreachable) {
				continue
			}
			if err != nil {
				return err
			}
			room -= operationsOfNotice
		}
	}
	return nil
}

// graceForCancelling is how long after its time a consultation that never began is still called off, and not merely tidied away.
const graceForCancelling = 30 * time.Minute
