package consult

import (
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// SendLink sends a participant a fresh join link to where they are known to be reached, or fails with ErrUnreachable. Who may ask for that is
// the caller's to say: the link goes to the participant, and is not returned. The same key (ids, printable ASCII) sends nothing twice.
func (p *Practice) SendLink(id ConsultationID, participant ParticipantID, key string) error {
	secret := NewSecret()
	return p.retry("send link", id, func(r *record) error {
		c := r.Consultation
		if c.State == StateEnded {
			return ErrEnded
		}
		to, ok := c.Participant(participant)
		if !ok {
			return ErrNotFound
		}
		if to.Role == RolePractitioner {
			return errPractitioner
		}
		n := Notice{
			Kind: NoticeLinkAgain, Owner: c.Practitioner, Consultation: id, Participant: participant,
			To: to.Contact, Name: to.Name, Language: to.Language, TimeZone: to.TimeZone, Secret: secret,
			Fields: map[string]string{FieldPractitioner: c.PractitionerName},
			Urgent: true, // somebody is waiting for it
			Key:    key,
		}
		if !c.ScheduledAt.IsZero() {
			n.Fields[FieldAt] = c.ScheduledAt.Format(time.RFC3339)
		}
		return p.write(r, func(tx kv.Txn) error {
			if err := p.outbox.Put(tx, n); err != nil {
				return err
			}
			return p.issue(tx, r, participant, secret, p.clock())
		})
	})
}

// LinkGoodUntil is how long a join link that is made now for this consultation is good.
func (p *Practice) LinkGoodUntil(c Consultation) time.Time {
	from := p.clock()
	if planned := c.ScheduledAt.Add(c.Duration); planned.After(from) {
		from = planned
	}
	return from.Add(p.cfg.TicketLifetime)
}
