package document

import (
	"errors"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// codesDue stands where the id of a document does, in the index of what is to be looked at when.
const codesDue = "codes"

// Kept is until when there is something behind a patient's link and code after the end; zero: there is nothing of it.
type Kept struct {
	Documents time.Time
	Messages  time.Time
}

// After returns whom a link is for after the end of its consultation, and what it opens with the code. Whatever is wrong with it, and when
// there is nothing to see, the answer is consult.ErrBadTicket. It changes nothing, and slows nobody: Practice.Redeem was asked before.
func (d *Documents) After(link string) (Viewer, Kept, error) {
	v, err := d.viewer(link, consult.PurposeAfter)
	var list List
	if err == nil {
		list, err = d.List(v)
	}
	var kept Kept
	if err == nil {
		if len(list.Documents) > 0 {
			kept.Documents = *list.Until
		}
		if list.MessagesUntil != nil {
			kept.Messages = *list.MessagesUntil
		}
		if kept == (Kept{}) {
			err = consult.ErrBadTicket
		}
	}
	if err != nil {
		return Viewer{}, Kept{}, d.fail("after", "", "", err)
	}
	return v, kept, nil
}

// ReadsMessages says whether this is a patient for whom the messages stay: one who was let in. Who only waited never saw them.
func (v Viewer) ReadsMessages() bool {
	return v.Participant.Role == consult.RolePatient && v.Participant.Admitted && !v.Completes
}

// addMessages says in a patient's list whether messages stay for them, and until when.
func (d *Documents) addMessages(v Viewer, list *List) error {
	if !v.ReadsMessages() || d.practice.KeepChat() == 0 {
		return nil
	}
	some, err := d.practice.HasChat(v.Consultation.ID)
	if err != nil || !some {
		return err
	}
	list.Messages, list.MessageDays = true, int(d.practice.KeepChat()/(24*time.Hour))
	if v.ended() {
		until := d.practice.ChatKeptUntil(v.Consultation).UTC()
		list.MessagesUntil = &until
	}
	return nil
}

// EnsureCodes gives a code to every patient for whom messages stay and who has none: with documents they have one already. It is cheap
// when there is nothing to do. Who is in the call is told in their list.
func (d *Documents) EnsureCodes(c consult.Consultation) error {
	return d.fail("codes", c.ID, "", d.ensureMessageCodes(c))
}

func (d *Documents) ensureMessageCodes(c consult.Consultation) error {
	some, err := d.practice.HasChat(c.ID)
	if err != nil || !some || d.practice.KeepChat() == 0 {
		return err
	}
	for _, p := range c.Participants {
		if !(Viewer{Consultation: c, Participant: p}).ReadsMessages() {
			continue
		}
		if _, err := d.loadCode(c.ID, p.ID); !errors.Is(err, ErrBadCode) {
			if err != nil {
				return err
			}
			continue
		}
		err := d.store.Update(func(tx kv.Txn) error {
			if err := d.putCode(tx, c.ID, p.ID, code{Code: newCode()}); err != nil {
				return err
			}
			return tx.Put(dueAtKey(d.codesDueAt(c, d.clock()), c.ID, codesDue), nil)
		})
		if err != nil && !errors.Is(err, kv.ErrConflict) { // somebody else gave them one
			return err
		}
	}
	return nil
}

// codeFor is loadCode, and makes one for who has messages to read and no code: the program may have ended between the two.
func (d *Documents) codeFor(c consult.Consultation, p consult.ParticipantID) (code, error) {
	k, err := d.loadCode(c.ID, p)
	if !errors.Is(err, ErrBadCode) {
		return k, err
	}
	if err := d.ensureMessageCodes(c); err != nil {
		return code{}, err
	}
	return d.loadCode(c.ID, p)
}

// codesDueAt is when to ask whether codes that open messages are to be erased.
func (d *Documents) codesDueAt(c consult.Consultation, now time.Time) time.Time {
	if c.State == consult.StateEnded {
		return d.practice.ChatKeptUntil(c)
	}
	return now.Add(min(openAgain, max(lookEvery, d.practice.KeepChat())))
}

// lookAtCodes erases the codes of a consultation whose messages are gone, when there are no documents either: those erase them later.
func (d *Documents) lookAtCodes(key string, id consult.ConsultationID, now time.Time) error {
	c, err := d.practice.Consultation(id)
	if errors.Is(err, consult.ErrNotFound) {
		if err = d.eraseCodes(id); err != nil {
			return err
		}
		return d.store.Update(func(tx kv.Txn) error { return tx.Delete(key) })
	}
	if err != nil {
		return err
	}
	next := d.codesDueAt(c, now)
	if !next.After(now) {
		if err := d.eraseCodesOfNothing(id); err != nil {
			return err
		}
	}
	return d.store.Update(func(tx kv.Txn) error {
		if err := tx.Delete(key); err != nil || !next.After(now) {
			return err
		}
		return tx.Put(dueAtKey(next, id, codesDue), nil)
	})
}
