package consult

import (
	"errors"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// RoomOpensAt is when the waiting room lets people in; zero: it is open from the start.
func (p *Practice) RoomOpensAt(c Consultation) time.Time { return c.opensAt(p.cfg.RoomOpensBefore) }

// TestDevices keeps what the participant's device test found. It may be days before, and the practitioner sees it.
func (p *Practice) TestDevices(seat Seat, d Devices) error {
	_, err := p.change(seat.Consultation.ID, step{action: ActionTest, participant: seat.Participant.ID, devices: d}, nil)
	return err
}

// MarkAbsent notes that a participant who is not here did not come. Their link stays good; arriving takes the mark away.
func (p *Practice) MarkAbsent(by AccountID, id ConsultationID, participant ParticipantID) (Consultation, error) {
	return p.change(id, step{action: ActionAbsent, by: by, participant: participant}, nil)
}

// MarkExpected takes MarkAbsent back.
func (p *Practice) MarkExpected(by AccountID, id ConsultationID, participant ParticipantID) (Consultation, error) {
	return p.change(id, step{action: ActionExpected, by: by, participant: participant}, nil)
}

// MessageTo shows a text of 1 to 300 characters to somebody who waits; it replaces the one before. Who is not here sees it when
// they come, and is sent it with a fresh link if they can be.
func (p *Practice) MessageTo(by AccountID, id ConsultationID, participant ParticipantID, text string, here Here) (Told, error) {
	text, err := cleanMessage(text)
	if err != nil {
		return Told{}, err
	}
	var told Told
	secret := NewSecret()
	s := step{action: ActionMessage, by: by, participant: participant, text: text}
	_, err = p.change(id, s, func(tx kv.Txn, r *record, now time.Time) error {
		to, _ := r.Consultation.Participant(participant)
		told = Told{}
		if here.is(r.Consultation, to) {
			told.Shown = 1
			return nil
		}
		err := p.tellMessage(tx, r, to, secret, now)
		if errors.Is(err, ErrUnreachable) {
			return nil
		}
		told.Sent = 1
		return err
	})
	return told, err
}

// Told is how a message reached people: on how many pages it is shown now, to how many it is sent. Who is in neither number
// reads it when they come.
type Told struct{ Shown, Sent int }

// MessageToWaiting says it to all who wait for this practitioner.
func (p *Practice) MessageToWaiting(by AccountID, text string, here Here) (Told, error) {
	text, err := cleanMessage(text)
	if err != nil {
		return Told{}, err
	}
	consultations, err := p.AtDesk(by)
	if err != nil {
		return Told{}, err
	}
	var told Told
	for _, c := range consultations {
		for _, waits := range c.Waiting() {
			one, err := p.MessageTo(by, c.ID, waits.ID, text, here)
			switch {
			case err == nil:
				told.Shown, told.Sent = told.Shown+one.Shown, told.Sent+one.Sent
			case CodeOf(err) == CodeConflict, CodeOf(err) == CodeNotFound: // admitted, ended or passed on meanwhile
			default:
				return told, err
			}
		}
	}
	return told, nil
}

// Pass gives the consultation to a colleague, from the waiting room or from within the call. Who was in the call waits for them, with the place in the order kept; the
// practitioner who passes it on is out of it. Whether the colleague may have it is the caller's to know.
func (p *Practice) Pass(by AccountID, id ConsultationID, to Practitioner) (Consultation, error) {
	return p.handOver(step{action: ActionPass, by: by, to: to}, id)
}

// PassBack takes Pass back: it is for the one who passed the consultation on, as long as the colleague has let nobody in.
func (p *Practice) PassBack(by Practitioner, id ConsultationID) (Consultation, error) {
	return p.handOver(step{action: ActionPassBack, by: by.ID, to: by}, id)
}

func (p *Practice) handOver(s step, id ConsultationID) (Consultation, error) {
	var err error
	if s.to.Name, err = p.shownName(s.to.Name); err != nil {
		return Consultation{}, err
	}
	if !wellFormedID(string(s.to.ID), "a_") {
		return Consultation{}, ErrNotFound
	}
	s.seat = newParticipantID()
	return p.change(id, s, func(tx kv.Txn, r *record, _ time.Time) error {
		c := r.Consultation
		from, oldDay := c.Passes[len(c.Passes)-1].From, r.DayKey
		r.DayKey = p.dayKey(c)
		return errors.Join(
			tx.Delete(openKeyOf(from, c)), tx.Put(openKey(c), []byte(id)),
			tx.Delete(oldDay), tx.Put(r.DayKey, []byte(id)),
			tx.Delete(hereKey(from, id)),
			tx.Put(deskKey(from), []byte(id)),
		)
	})
}

// Rename shows the practitioner's new name in the consultations that are not ended.
func (p *Practice) Rename(by Practitioner) error {
	name, err := p.shownName(by.Name)
	if err != nil {
		return err
	}
	open, err := p.OpenConsultations(by.ID)
	if err != nil {
		return err
	}
	for _, c := range open {
		_, err := p.change(c.ID, step{action: ActionRename, by: by.ID, to: Practitioner{by.ID, name}}, nil)
		if err != nil && !errors.Is(err, ErrEnded) && !errors.Is(err, ErrNotFound) { // ended or passed on meanwhile
			return err
		}
	}
	return nil
}

// shownName is what patients see: the practice's name when the practitioner has not said theirs.
func (p *Practice) shownName(name string) (string, error) {
	name, err := cleanName(name, false)
	if name == "" {
		name = p.cfg.Profile.Name
	}
	return name, err
}
