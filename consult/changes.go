package consult

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// Arrive says that the participant opened the door, with what their device check found. They are then in the
// waiting room, or in the call if they are the practitioner or were admitted before. A reload arrives again.
func (p *Practice) Arrive(seat Seat, d Devices) (Seat, error) {
	c, err := p.change(seat.Consultation.ID, step{
		action: ActionArrive, participant: seat.Participant.ID, devices: d, opensBefore: p.cfg.RoomOpensBefore,
	}, p.arrived(seat.Participant.ID))
	if err != nil {
		return Seat{}, err
	}
	participant, _ := c.Participant(seat.Participant.ID)
	return Seat{c, participant}, nil
}

// Admit lets somebody in from the waiting room.
func (p *Practice) Admit(by AccountID, id ConsultationID, participant ParticipantID) (Consultation, error) {
	return p.change(id, step{action: ActionAdmit, by: by, participant: participant}, nil)
}

// SendBack sends somebody from the call to the waiting room, where they keep their place in the order.
func (p *Practice) SendBack(by AccountID, id ConsultationID, participant ParticipantID) (Consultation, error) {
	return p.change(id, step{action: ActionSendBack, by: by, participant: participant}, nil)
}

// Decline turns somebody away from the waiting room. Their ticket stays good; they queue anew.
func (p *Practice) Decline(by AccountID, id ConsultationID, participant ParticipantID) (Consultation, error) {
	return p.change(id, step{action: ActionDecline, by: by, participant: participant}, nil)
}

// Leave says that the participant went away on purpose. Their ticket stays good, and so does their admission.
func (p *Practice) Leave(id ConsultationID, participant ParticipantID) (Consultation, error) {
	return p.change(id, step{action: ActionLeave, participant: participant}, nil)
}

// Connected says that the participant's media is up. It may be said in the waiting room.
func (p *Practice) Connected(id ConsultationID, participant ParticipantID) (Consultation, error) {
	return p.change(id, step{action: ActionConnected, participant: participant}, nil)
}

// Lost says that the participant's media is gone. The seat is kept.
func (p *Practice) Lost(id ConsultationID, participant ParticipantID) (Consultation, error) {
	return p.change(id, step{action: ActionLost, participant: participant}, nil)
}

// End ends the consultation for everybody and for good. Nobody joins with its tickets any more: those of patients
// become what opens documents and messages, with a code, the others are void. Its chat is kept for Config.KeepChat.
func (p *Practice) End(by AccountID, id ConsultationID) (Consultation, error) {
	end := step{action: ActionEnd, by: by}
	r, err := p.load(id)
	if err == nil {
		_, _, err = r.Consultation.apply(end, p.clock()) // whether it may, before anything is written
	}
	if err != nil {
		return Consultation{}, p.fail("end", id, err)
	}
	behind := max(p.cfg.KeepDocuments, p.cfg.KeepChat) // how long there may be something behind the patients' links
	kept, err := p.store.Lease(behind)
	if err != nil {
		return Consultation{}, p.fail("end", id, err)
	}
	ended := false
	c, err := p.change(id, end, func(tx kv.Txn, r *record, now time.Time) error {
		if err := p.calledOff(tx, r, time.Time{}, now, operationsOfEnd); err != nil {
			return err
		}
		if err := closeTickets(tx, r, kept, now.Add(behind)); err != nil {
			return err
		}
		ended = true
		if err := p.untellAll(tx, r.Consultation, now); err != nil {
			return err
		}
		if err := tx.Delete(openKey(r.Consultation)); err != nil {
			return err
		}
		return tx.Put(eraseKey(id, now.Add(p.cfg.KeepChat)), nil)
	})
	if err != nil || !ended {
		_ = p.store.Revoke(kept) // nothing is tied to it; it would end by itself
		return c, err
	}
	if p.cfg.KeepChat == 0 {
		p.eraseDue()
	}
	return c, nil
}

// Consultation returns the consultation as it is.
func (p *Practice) Consultation(id ConsultationID) (Consultation, error) {
	r, err := p.load(id)
	if err != nil {
		return Consultation{}, p.fail("read", id, err)
	}
	return r.Consultation, nil
}

// OpenConsultations returns the practitioner's consultations that are not ended, oldest first.
func (p *Practice) OpenConsultations(by AccountID) ([]Consultation, error) {
	open, err := p.listed(openPrefixOf(by))
	if err != nil {
		return nil, p.fail("list", "", err)
	}
	// Some may have ended since the index was read.
	return slices.DeleteFunc(open, func(c Consultation) bool { return c.State == StateEnded }), nil
}

// Events returns what happened to the consultation, in order.
func (p *Practice) Events(id ConsultationID) ([]Event, error) {
	if _, err := p.load(id); err != nil {
		return nil, p.fail("events", id, err)
	}
	events, err := readAll[Event](p.store, eventPrefix(id))
	if err != nil {
		return nil, p.fail("events", id, err)
	}
	return events, nil
}

// change applies a step to the consultation as it is now and writes the result, with what else belongs into
// the same transaction. A step that changes nothing writes nothing.
func (p *Practice) change(id ConsultationID, s step, also func(kv.Txn, *record, time.Time) error) (Consultation, error) {
	var result Consultation
	err := p.retry(string(s.action), id, func(r *record) error {
		now := p.clock()
		before := r.Consultation
		next, changed, err := before.apply(s, now)
		if err != nil {
			return err
		}
		result = next
		if !changed {
			return nil
		}
		r.Consultation = next
		err = p.write(r, func(tx kv.Txn) error {
			if err := putEvent(tx, next, s.action, s.whom(), now); err != nil {
				return err
			}
			if also == nil {
				return nil
			}
			return also(tx, r, now)
		})
		if err == nil && next.State != before.State {
			p.log.Info("consultation", "consultation", id, "state", next.State, "was", before.State, "action", s.action)
		}
		return err
	})
	if err != nil {
		return Consultation{}, err
	}
	return result, nil
}

// whom names the one person whom a step is about.
func (s step) whom() ParticipantID {
	if s.action == ActionInvite || s.action == ActionAccept {
		return s.newcomer.ID
	}
	return s.participant
}

// retry reads the record and lets attempt write it, again as long as others change it in between.
func (p *Practice) retry(what string, id ConsultationID, attempt func(*record) error) error {
	for range maxAttempts {
		r, err := p.load(id)
		if err == nil {
			err = attempt(r)
		}
		if !errors.Is(err, kv.ErrConflict) {
			return p.fail(what, id, err)
		}
	}
	return ErrBusy
}

// load reads a consultation's record. What it returns is the caller's own, what that points to is everybody's: see Practice.lately.
func (p *Practice) load(id ConsultationID) (*record, error) {
	if !wellFormedID(string(id), "c_") {
		return nil, ErrNotFound
	}
	kept, err := p.lately.Load(p.store, consultationKey(id), func(entry kv.Entry) (*record, error) {
		r := p.written.take(id, entry.Value)
		if r == nil {
			var err error
			if r, err = decodeRecord(p.master, id, entry); err != nil {
				return nil, err
			}
		}
		r.entry = entry
		r.entry.Value = nil // sealed; nobody needs it any more
		return r, nil
	})
	if errors.Is(err, kv.ErrNotFound) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	r := *kept
	return &r, nil
}

// write runs also and puts the record, in one transaction. also may still change the record's tickets
// and day key; it finds them as they were, so that an engine may run it again.
func (p *Practice) write(r *record, also func(kv.Txn) error) error {
	tickets, dayKey := r.Tickets, r.DayKey
	var value []byte
	err := p.store.Update(func(tx kv.Txn) (err error) {
		r.Tickets, r.DayKey = cloneTickets(tickets), dayKey
		if err = also(tx); err != nil {
			return err
		}
		if r.Consultation.State == StateEnded {
			r.Tickets = nil
		}
		value, err = r.put(tx)
		return err
	})
	if err == nil {
		p.written.put(*r, value)
		if r.Consultation.State == StateEnded {
			p.lately.Forget(consultationKey(r.Consultation.ID)) // the key of the chat with it
		}
	}
	return err
}

// issue writes a join ticket and remembers it in the record.
func (p *Practice) issue(tx kv.Txn, r *record, participant ParticipantID, secret string, now time.Time) error {
	from := now // the lifetime counts from when the link is of use
	if planned := r.Consultation.ScheduledAt.Add(r.Consultation.Duration); planned.After(now) {
		from = planned
	}
	t := Ticket{
		Purpose:   PurposeJoin,
		Subject:   string(r.Consultation.ID) + "/" + string(participant),
		ExpiresAt: from.Add(p.cfg.TicketLifetime),
	}
	refs, err := IssueTicket(tx, secret, t, r.Tickets[participant], now)
	if err != nil {
		return err
	}
	r.Tickets[participant] = refs
	return nil
}

func cloneTickets(tickets map[ParticipantID][]TicketRef) map[ParticipantID][]TicketRef {
	clone := make(map[ParticipantID][]TicketRef, len(tickets)+1)
	for participant, refs := range tickets {
		clone[participant] = slices.Clone(refs)
	}
	return clone
}

// fail makes of any error one that may leave the package. What is not ours is logged and hidden.
func (p *Practice) fail(what string, id ConsultationID, err error) error {
	if err == nil {
		return nil
	}
	var own *Error
	switch {
	case errors.As(err, &own):
		return own
	case errors.Is(err, kv.ErrConflict):
		return ErrBusy
	case errors.Is(err, kv.ErrFull): // which the store has logged
		return ErrNoRoom
	case errors.Is(err, kv.ErrClosed), errors.Is(err, kv.ErrFailed):
		return errClosed
	}
	p.log.Error("consultation store", "action", what, "consultation", id, "error", err)
	return ErrInternal
}

// idAfter returns what stands behind the last slash of a key.
func idAfter(key string) string { return key[strings.LastIndexByte(key, '/')+1:] }
