package document

import (
	"errors"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// A practitioner sends documents after the end too. Patients whom one is for are told, in the transaction that makes it visible, with a
// fresh link and without the code: link and code never travel together. The page behind the link sends the code.

// toldOnce is how long several documents are one message.
const toldOnce = 10 * time.Minute

// lateLease is what keeps the links of such messages, for as long as there are documents. Zero while the consultation goes on.
func (d *Documents) lateLease(c consult.Consultation) (kv.LeaseID, error) {
	rest := d.until(c).Sub(d.clock())
	if c.State != consult.StateEnded || d.outbox == nil || rest <= 0 {
		return 0, nil
	}
	return d.store.Lease(rest)
}

// tellLate tells those patients. 10 operations for each, of whom most consultations have one.
func (d *Documents) tellLate(tx kv.Txn, c consult.Consultation, doc Document, lease kv.LeaseID) error {
	if lease == 0 || doc.State != StateReady || doc.From != c.PractitionerParticipant().ID {
		return nil
	}
	for _, p := range c.Participants {
		if p.Role != consult.RolePatient || !slices.Contains(doc.To, p.ID) {
			continue
		}
		secret := consult.NewSecret()
		err := d.outbox.Put(tx, consult.Notice{
			Kind: consult.NoticeDocument, Owner: c.Practitioner, Consultation: c.ID, Participant: p.ID, To: p.Contact, Name: p.Name,
			Language: p.Language, TimeZone: p.TimeZone, Secret: secret, Fields: map[string]string{consult.FieldPractitioner: c.PractitionerName},
			Key: "document/" + string(c.ID) + "/" + string(p.ID) + "/" + d.clock().Truncate(toldOnce).Format("20060102T1504"),
		})
		if errors.Is(err, consult.ErrUnreachable) {
			continue
		}
		if err == nil {
			after := consult.Ticket{Purpose: consult.PurposeAfter, Subject: string(c.ID) + "/" + string(p.ID), ExpiresAt: d.until(c)}
			err = consult.LeaseTicket(tx, secret, after, lease)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
