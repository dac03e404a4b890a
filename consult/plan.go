package consult

import (
	"errors"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// Plan is a consultation that is checked and not yet written: the appointment book writes it in a transaction of its own. It
// issues no ticket and sends nothing but, at its time, that it begins (StartRequest.TellStart); a link is made when it is asked for.
type Plan struct {
	p         *Practice
	record    *record
	tellStart bool
}

// Plan checks what Start checks, and writes nothing.
func (p *Practice) Plan(r StartRequest) (*Plan, error) {
	c, err := p.planned(r, p.clock())
	if err != nil {
		return nil, err
	}
	stored := newRecord(p.master, c)
	stored.DayKey, stored.Booked = p.dayKey(c), true
	return &Plan{p, stored, r.TellStart}, nil
}

// ID is the consultation's.
func (l *Plan) ID() ConsultationID { return l.record.Consultation.ID }

// Put writes the consultation in the caller's transaction. 8 operations, 17 when the patient is told that it begins.
func (l *Plan) Put(tx kv.Txn) error {
	if now := l.p.clock(); l.tellStart && l.record.Consultation.ScheduledAt.After(now) {
		l.record.Tickets = map[ParticipantID][]TicketRef{}
		if err := l.p.tellStart(tx, l.record, 1, l.record.Consultation.ScheduledAt, now); err != nil {
			return err
		}
	}
	c := l.record.Consultation
	keys := []string{openKey(c), l.record.DayKey}
	if c.Patient != "" {
		keys = append(keys, patientKey(c))
	}
	for _, key := range keys {
		if err := tx.Put(key, []byte(c.ID)); err != nil {
			return err
		}
	}
	if err := putEvent(tx, c, ActionStart, "", c.CreatedAt); err != nil {
		return err
	}
	_, err := l.record.put(tx)
	return err
}

// Withdraw ends, in the caller's transaction, a consultation that did not begin: its appointment was cancelled (movedTo is zero) or moved.
// Interpreters and guests are told, and what still waits to be sent is taken back; the patient is the appointment book's to tell. One that is
// under way is a conflict; one that has ended is left alone. 11 operations, one for each ticket, and what calledOff has room for.
func (p *Practice) Withdraw(tx kv.Txn, id ConsultationID, movedTo time.Time) error {
	entry, err := tx.Get(consultationKey(id))
	if errors.Is(err, kv.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	r, err := decodeRecord(p.master, id, entry)
	if err != nil || r.Consultation.State == StateEnded {
		return err
	}
	if !r.Consultation.CalledAt.IsZero() {
		return errUnderWay
	}
	now := p.clock()
	next, _, err := r.Consultation.apply(step{action: ActionEnd, by: r.Consultation.Practitioner}, now)
	if err != nil {
		return err
	}
	if err := p.untellAll(tx, r.Consultation, now); err != nil {
		return err
	}
	r.Booked = true // records from before it was noted
	if err := p.calledOff(tx, r, movedTo, now, operationsOfBook); err != nil {
		return err
	}
	for _, refs := range r.Tickets {
		for _, ref := range refs {
			if err := RevokeTicket(tx, ref.Hash); err != nil {
				return err
			}
		}
	}
	r.Consultation, r.Tickets, r.wrappedChat = next, nil, nil
	if err := tx.Delete(openKey(next)); err != nil {
		return err
	}
	if err := putEvent(tx, next, ActionEnd, "", now); err != nil {
		return err
	}
	_, err = r.put(tx)
	return err
}
