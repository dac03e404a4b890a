package consult

import (
	"errors"
	"slices"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// Operations in a transaction, at most.
const (
	operationsOfNotice = 6  // of one that is no invitation
	operationsOfCancel = 5  // of a notice that is taken back
	operationsOfMiss   = 2  // of one that is on its way already, or was never put
	operationsOfEnd    = 12 // of the end of a consultation, without its tickets
	operationsOfBook   = 76 // of an appointment that is moved or cancelled in the same transaction, with that end
	operationsAtMost   = 100
)

// calledOff takes back what still waits in the outbox for who was to come, and then tells those who have heard of a planned consultation that
// it will not be, or when it will be instead: interpreters and guests, and the patient unless an appointment made it (then the appointment
// book tells them) or they did not come. It does as much as the transaction has room for beside others: about four are taken back, the
// patient's first, then interpreters', or two are told, unless there are very many links.
func (p *Practice) calledOff(tx kv.Txn, r *record, movedTo, now time.Time, others int) error {
	room := operationsAtMost - others
	for _, refs := range r.Tickets {
		room -= len(refs)
	}
	heard, room, err := p.takeAllBack(tx, r, room)
	c := r.Consultation
	if err != nil || c.ScheduledAt.IsZero() || !c.CalledAt.IsZero() || !now.Before(c.ScheduledAt.Add(max(c.Duration, graceForCancelling))) {
		return err
	}
	for _, to := range heard {
		if room < operationsOfNotice || (to.Role == RolePatient && (r.Booked || !to.AbsentAt.IsZero())) {
			continue
		}
		err := p.outbox.Put(tx, calledOffNotice(c, to, movedTo, now))
		if errors.Is(err, ErrUnreachable) {
			continue
		}
		if err != nil {
			return err
		}
		room -= operationsOfNotice
	}
	return nil
}

// takeAllBack takes back the invitations and the requests to interpreters that still wait to be sent, and returns who has heard of the
// consultation all the same, in the order in which they are told, and what room is left.
func (p *Practice) takeAllBack(tx kv.Txn, r *record, room int) ([]Participant, int, error) {
	c := r.Consultation
	var heard []Participant
	for _, role := range []Role{RolePatient, RoleInterpreter, RoleGuest} {
		for _, to := range c.Participants {
			if to.Role != role {
				continue
			}
			unheard := false
			if room >= operationsOfCancel {
				var used int
				var err error
				if unheard, used, err = p.takeBack(tx, r, to); err != nil {
					return nil, 0, err
				}
				room -= used
			}
			if !unheard {
				heard = append(heard, to)
			}
		}
	}
	for _, request := range c.Requests {
		if request.State != RequestAsked || room < operationsOfCancel {
			continue
		}
		if _, err := p.outbox.Cancel(tx, requestKey(c.ID, request.ID)); err != nil {
			return nil, 0, err
		}
		room -= operationsOfCancel
	}
	return heard, room, nil
}

// takeBack takes an invitation back that still waits to be sent, and says whether its recipient has not heard of the consultation then: they
// opened no link, were given no other, and have not said themselves that they come. used is how many operations that took, at most.
func (p *Practice) takeBack(tx kv.Txn, r *record, to Participant) (unheard bool, used int, err error) {
	c := r.Consultation
	if to.Place != PlaceInvited || to.Contact.Reach == ReachHanded {
		return false, 0, nil
	}
	key := invitationKey(c.ID, to.ID)
	accepted := slices.ContainsFunc(c.Requests, func(asked InterpreterRequest) bool { return asked.Participant == to.ID })
	if accepted {
		key = acceptedKey(c.ID, to.ID)
	}
	back, err := p.outbox.Cancel(tx, key)
	if !back {
		return false, operationsOfMiss, err
	}
	return !accepted && len(r.Tickets[to.ID]) <= 1 && to.TestedAt.IsZero(), operationsOfCancel, err
}

func calledOffNotice(c Consultation, to Participant, movedTo, now time.Time) Notice {
	kind := NoticeCalledOff
	if to.Role == RolePatient {
		kind = NoticeConsultationCancelled
	}
	n := noticeTo(c, to, kind, map[string]string{FieldWas: c.ScheduledAt.Format(time.RFC3339)})
	if !movedTo.IsZero() {
		n.Fields[FieldAt] = movedTo.Format(time.RFC3339)
	}
	n.Urgent = c.ScheduledAt.Sub(now) < delayReachesAhead
	n.Key = "called-off/" + string(c.ID) + "/" + string(to.ID)
	return n
}

// graceForCancelling is how long after its time a consultation that never began is still called off, and not merely tidied away.
const graceForCancelling = 30 * time.Minute
