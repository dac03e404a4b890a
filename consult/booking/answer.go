package booking

import (
	"errors"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Answer is what the calendar program of somebody who was invited says of an appointment (RFC 5546 §3.2.3). Mails are no proof of who sent
// them: it changes nothing but what the practice is shown.
type Answer struct {
	UID      string // of the appointment
	Mail     string // of who answers: the patient's address counts, as they were invited by it
	Declined bool   // false: they come
	Sequence int    // of the invitation that is answered
	Stamp    time.Time
}

// Answered is the last answer to an appointment.
type Answered struct {
	Declined bool      `json:"declined,omitempty"`
	Sequence int       `json:"sequence"`
	Stamp    time.Time `json:"stamp"` // when it was given
	At       time.Time `json:"at"`    // when it was read
}

// What an answer is called in the history. They are no transitions of state.go.
const (
	ActionDecline Action = "decline" // the patient says that they won't come
	ActionKeep    Action = "keep"    // they come after all: so says the patient, or somebody of the practice
)

const (
	maxAnswers    = 20             // of one appointment, that are written down: who answers again and again is no program
	answersFuture = 24 * time.Hour // how far other people's clocks may be ahead
)

// Declined reports whether the patient says that they won't come to the appointment as it is: a time that they were given later was not
// meant.
func (a *Appointment) Declined() bool {
	return a.State == StateBooked && a.Answered.Declined && a.Answered.Sequence == a.Sequence
}

// Answer notes an answer. One that was read before, is older than the last, or is about a time that has changed since changes nothing and is
// no error; nor is one of somebody else, or to nothing that is known here.
func (b *Book) Answer(r Answer) error {
	id := AppointmentID(r.UID)
	if !id.Valid() {
		return nil
	}
	_, err := b.change("answer", id, func(_ kv.Txn, c *changing) error {
		a, last := &c.after, c.after.Answered
		switch {
		case a.UID != r.UID || r.Mail == "" || !strings.EqualFold(r.Mail, a.Person.Contact.Mail):
			return errUnchanged // of the practitioner's calendar, or of one that we know nothing of
		case a.State != StateBooked || !a.Start.After(c.now) || r.Sequence != a.Sequence:
			return errUnchanged
		case r.Stamp.After(c.now.Add(answersFuture)), last.Sequence == r.Sequence && !r.Stamp.After(last.Stamp):
			return errUnchanged
		}
		declined := a.Declined()
		a.Answered = Answered{r.Declined, r.Sequence, r.Stamp.UTC(), c.now}
		if declined != r.Declined {
			return a.answer(r.Declined, Actor{Kind: ByPatient}, c.now)
		}
		if !r.Declined {
			return errUnchanged // that somebody comes is known
		}
		return nil
	})
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// Keep says that a patient who has declined comes after all. Of one who has not it changes nothing.
func (b *Book) Keep(id AppointmentID, by Actor) (Appointment, error) {
	return b.change("keep", id, func(_ kv.Txn, c *changing) error {
		if !c.after.Declined() {
			return errUnchanged
		}
		c.after.Answered.Declined = false
		c.after.note(Change{At: c.now, By: by, Action: ActionKeep})
		return nil
	})
}

// answer writes an answer into the history.
func (a *Appointment) answer(declined bool, by Actor, now time.Time) error {
	count := 0
	for _, c := range a.History {
		if c.Action == ActionDecline || c.Action == ActionKeep {
			count++
		}
	}
	if count >= maxAnswers {
		return errUnchanged
	}
	action := ActionKeep
	if declined {
		action = ActionDecline
	}
	a.note(Change{At: now, By: by, Action: action})
	return nil
}

// Declined returns the coming appointments of a practitioner whose patients say that they won't come, at most 1,000.
func (b *Book) Declined(of consult.AccountID) ([]Appointment, error) {
	if !OwnerOf(of).Valid() {
		return nil, ErrNotFound
	}
	return b.listed(declinedPrefix(of), instant(b.clock()), "")
}
