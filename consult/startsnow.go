package consult

import (
	"errors"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// Who is awaited at a planned consultation is told so once, with a link straight to the waiting room: at its time when the plan says
// so (StartRequest.TellStart), else when the practitioner is there, and never before its time. Who comes before that is told nothing.

func startsNowKey(c ConsultationID, p ParticipantID) string {
	return "starts-now/" + string(c) + "/" + string(p)
}

// tellStart puts the notice for one participant, and a ticket for its link. 9 operations.
func (p *Practice) tellStart(tx kv.Txn, r *record, at int, due, now time.Time) error {
	c, secret := r.Consultation, NewSecret()
	to := &c.Participants[at]
	n := noticeTo(c, *to, NoticeStartsNow, map[string]string{FieldAt: c.ScheduledAt.Format(time.RFC3339)})
	n.Secret, n.NotBefore, n.Key = secret, due, startsNowKey(c.ID, to.ID)
	err := p.outbox.Put(tx, n)
	if errors.Is(err, ErrUnreachable) {
		return nil
	}
	if err != nil {
		return err
	}
	to.StartToldAt = due
	return p.issue(tx, r, to.ID, secret, now)
}

// arrived is what an arrival means for who is told that it begins: the practitioner's tells who is not here yet, a patient's takes back
// what they need not be told any more.
func (p *Practice) arrived(who ParticipantID) func(kv.Txn, *record, time.Time) error {
	mine := map[ParticipantID]bool{} // told by this very arrival: the transaction may run again
	return func(tx kv.Txn, r *record, now time.Time) error {
		c := r.Consultation
		if c.ScheduledAt.IsZero() || c.State == StateEnded {
			return nil
		}
		one, _ := c.Participant(who)
		if one.Role != RolePractitioner {
			return p.untellStart(tx, one, c.ID, now)
		}
		if now.Before(c.opensAt(p.cfg.RoomOpensBefore)) || !c.CalledAt.IsZero() {
			return nil // trying the room
		}
		due := now
		if c.ScheduledAt.After(now) {
			due = c.ScheduledAt
		}
		for i, other := range c.Participants {
			if other.Role != RolePatient || other.Place != PlaceInvited || !other.AbsentAt.IsZero() || (!other.StartToldAt.IsZero() && !mine[other.ID]) {
				continue
			}
			mine[other.ID] = true
			if err := p.tellStart(tx, r, i, due, now); err != nil {
				return err
			}
		}
		return nil
	}
}

// untellStart takes the notice back unless it is on its way. 5 operations at most.
func (p *Practice) untellStart(tx kv.Txn, to Participant, c ConsultationID, now time.Time) error {
	if !to.StartToldAt.After(now) {
		return nil
	}
	_, err := p.outbox.Cancel(tx, startsNowKey(c, to.ID))
	return err
}

// untellAll is untellStart for all, when it will not take place.
func (p *Practice) untellAll(tx kv.Txn, c Consultation, now time.Time) error {
	for _, one := range c.Participants {
		if err := p.untellStart(tx, one, c.ID, now); err != nil {
			return err
		}
	}
	return nil
}
