package booking

import (
	"context"
	"errors"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Nobody is the name that an appointment has when its patient was forgotten.
const Nobody = "–"

// ErrAhead says that a patient has an appointment or a request that is not over yet: they cannot be forgotten before it is cancelled or answered.
var ErrAhead error = &consult.Error{Code: consult.CodeConflict, Message: "The patient has an appointment to come, or asked for one: cancel it first."}

// Forget takes a patient out of the book, whose record is going to be erased: GDPR article 17. What they had stays as time taken, service and
// outcome, so that figures stay true; who it was, how to reach them, what they wrote, and all texts of its history go, and the keys that sealed
// them. They leave the wait list. ErrAhead when something is to come: then nothing is done. Once more does what is missing.
func (b *Book) Forget(ctx context.Context, patient consult.PatientID) error {
	var over []AppointmentID
	now := b.clock()
	err := b.EachOf(ctx, patient, func(a Appointment) error {
		if a.State == StateRequested || (a.State.takesTime() && a.End.After(now)) {
			return ErrAhead
		}
		over = append(over, a.ID)
		return nil
	})
	if err != nil {
		return err
	}
	err = b.EachRequest(ctx, func(a Appointment) error { // those without a time stand in no index of the patient's
		if a.Patient == patient {
			return ErrAhead
		}
		return nil
	})
	if err != nil {
		return err
	}
	if err := b.forgetWaits(patient); err != nil {
		return b.fail("forget", "", err)
	}
	for _, id := range over {
		if ctx.Err() != nil {
			return errGivenUp
		}
		_, err := b.change("forget", id, func(_ kv.Txn, c *changing) error {
			if c.after.Patient != patient {
				return errUnchanged
			}
			c.after.forget()
			return nil
		})
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return nil
}

// forget takes out all that says who it was.
func (a *Appointment) forget() {
	a.Patient, a.Person, a.Answers, a.Files, a.Note = "", Person{Name: Nobody}, nil, "", ""
	history := make([]Change, len(a.History)) // not shared with the appointment before
	for i, c := range a.History {
		c.Reason = ""
		history[i] = c
	}
	a.History = history
}

// forgetWaits takes a patient off all wait lists.
func (b *Book) forgetWaits(patient consult.PatientID) error {
	services, err := b.Services()
	if err != nil {
		return err
	}
	for _, s := range services {
		list, err := b.WaitList(s.ID)
		if err != nil {
			return err
		}
		for _, w := range list {
			if w.Patient == patient {
				if err := b.StopWaiting(w.ID); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
