package booking

import (
	"maps"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Files keeps what patients give with an appointment, for all ways of meeting; its methods belong to the book's transactions.
type Files interface {
	// Keep says until when a folder is kept. 1 operation.
	Keep(tx kv.Txn, folder consult.FolderID, until time.Time) error
	// Carry has what is in a folder copied into a consultation. 1 operation.
	Carry(tx kv.Txn, folder consult.FolderID, to consult.ConsultationID) error
}

// keepsCancelled is how long what was given with an appointment that does not take place is kept: somebody may have erred.
const keepsCancelled = 24 * time.Hour

// keepFiles says how long what was given with an appointment is kept now. 1 operation.
func (b *Book) keepFiles(tx kv.Txn, before, after *Appointment) error {
	if b.files != nil && before.Files != "" && after.Files == "" { // forgotten
		return b.files.Keep(tx, before.Files, b.clock())
	}
	if b.files == nil || after.Files == "" {
		return nil
	}
	until := b.filesUntil(after)
	if before.Files == after.Files && b.filesUntil(before).Equal(until) {
		return nil
	}
	return b.files.Keep(tx, after.Files, until)
}

// filesUntil is until when what was given with an appointment is kept: as the documents of a consultation are, from its end on.
func (b *Book) filesUntil(a *Appointment) time.Time {
	switch a.State {
	case StateCancelled, StateRefused, StateInError:
		return a.ChangedAt.Add(keepsCancelled)
	}
	last := a.End
	if last.IsZero() || a.ChangedAt.After(last) {
		last = a.ChangedAt
	}
	keep := consult.DefaultConfig().KeepDocuments
	if b.practice != nil {
		keep = b.practice.KeepDocuments()
	}
	return last.Add(keep)
}

// carryFiles has what was given with an appointment copied into the consultation that was made for it. 1 operation.
func (b *Book) carryFiles(tx kv.Txn, a *Appointment) error {
	if b.files == nil || a.Files == "" || a.Consultation == "" {
		return nil
	}
	return b.files.Carry(tx, a.Files, a.Consultation)
}

// FolderOf is where a patient puts what they give with an appointment after it was made.
func (a Appointment) FolderOf() consult.FolderID {
	if a.Files != "" {
		return a.Files
	}
	return consult.FolderID("f_" + string(a.ID[len(appointmentLetters):]))
}

// Attach notes that a patient has given a document for a question, in the folder of FolderOf. ErrState when the appointment is over.
func (b *Book) Attach(id AppointmentID, question string, document consult.DocumentID) (Appointment, error) {
	return b.change("attach", id, func(tx kv.Txn, c *changing) error {
		a := &c.after
		switch a.State {
		case StateRequested, StateBooked, StateArrived:
		default:
			return ErrState
		}
		answers := maps.Clone(a.Answers)
		if answers == nil {
			answers = map[string]string{}
		}
		answers[question] = string(document)
		a.Files, a.Answers = a.FolderOf(), answers
		return b.carryFiles(tx, a)
	})
}
