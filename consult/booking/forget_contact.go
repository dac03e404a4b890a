package booking

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// OfContact is what the book holds of somebody who has no record: who was booked, or asked, with a phone number or a mail address only.
type OfContact struct {
	Contact  consult.Contact // Phone in E.164, Mail; either may be ""
	Over     []AppointmentID // that are over, or were cancelled or refused
	Ahead    int             // that are to come, or go on: they are cancelled first
	Requests []AppointmentID // that nobody has answered, call-backs among them
	Waiting  []WaitID
	Recorded int // appointments and requests with this contact whose patient has a record: erasing that reaches them
}

// ErrNoContact says that neither a phone number nor a mail address was given to look for.
var ErrNoContact error = &consult.Error{Code: consult.CodeBadMessage, Message: "Say a phone number or a mail address."}

// OfContact finds what these practitioners' books hold of a phone number or a mail address. What is for any practitioner is asked about with
// concerns. No index leads from a number to appointments, so that none stands in the store: all of these books are read, page by page.
func (b *Book) OfContact(ctx context.Context, contact consult.Contact, owners []consult.AccountID, concerns func(consult.AccountID, ServiceID) (bool, error)) (OfContact, error) {
	contact.Reach = ""
	contact, err := contact.Clean(b.country)
	if err == nil && contact.Phone == "" && contact.Mail == "" {
		err = ErrNoContact
	}
	found := OfContact{Contact: contact}
	if err != nil {
		return found, err
	}
	now := b.clock()
	for _, of := range owners {
		if !OwnerOf(of).Valid() {
			return found, ErrNotFound
		}
		err := b.each(ctx, ofPrefix(of), "", "", func(a Appointment) error {
			found.add(a, now)
			return nil
		})
		if err != nil {
			return found, err
		}
	}
	err = b.EachRequest(ctx, func(a Appointment) error {
		if !a.Start.IsZero() && slices.Contains(owners, a.Practitioner) {
			return nil // found above
		}
		theirs, err := concerns(a.Practitioner, a.Service)
		if theirs {
			found.add(a, now)
		}
		return err
	})
	if err != nil {
		return found, err
	}
	services, err := b.Services()
	for _, s := range services {
		list, err := b.WaitList(s.ID)
		if err != nil {
			return found, err
		}
		for _, w := range list {
			if !found.matches(w.Person.Contact) || w.Patient != "" {
				continue
			}
			theirs, err := concerns(w.Practitioner, w.Service)
			if err != nil {
				return found, err
			}
			if theirs {
				found.Waiting = append(found.Waiting, w.ID)
			}
		}
	}
	return found, err
}

// matches reports whether this is the contact, or has its number or its address.
func (f *OfContact) matches(c consult.Contact) bool {
	return (f.Contact.Phone != "" && c.Phone == f.Contact.Phone) || (f.Contact.Mail != "" && c.Mail == f.Contact.Mail)
}

func (f *OfContact) add(a Appointment, now time.Time) {
	switch {
	case !f.matches(a.Person.Contact):
	case a.Patient != "":
		f.Recorded++
	case a.State == StateRequested:
		f.Requests = append(f.Requests, a.ID)
	case a.State.takesTime() && a.End.After(now):
		f.Ahead++
	default:
		f.Over = append(f.Over, a.ID)
	}
}

// ForgetContact takes out what OfContact has found, as Forget does for a patient with a record: what is over stays as time taken, service and
// outcome. Requests are closed, and the patient is not told; places on the wait list go. ErrAhead when an appointment is to come: then nothing is
// done. Once more does what is missing.
func (b *Book) ForgetContact(ctx context.Context, found OfContact, by Actor) error {
	if found.Ahead > 0 {
		return ErrAhead
	}
	for _, id := range found.Waiting {
		if err := b.StopWaiting(id); err != nil {
			return err
		}
	}
	for _, id := range slices.Concat(found.Requests, found.Over) {
		if ctx.Err() != nil {
			return errGivenUp
		}
		_, err := b.change("forget", id, func(tx kv.Txn, c *changing) error {
			if c.after.Patient != "" || !found.matches(c.after.Person.Contact) { // it was given a record meanwhile, or is forgotten
				return errUnchanged
			}
			if c.after.State == StateRequested {
				if err := b.end(tx, c, ActionCancel, by, "", "", nil); err != nil {
					return err
				}
			}
			if c.after.State.takesTime() && c.after.End.After(c.now) { // it was answered meanwhile
				return ErrAhead
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
