package booking

import (
	"context"
	"errors"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Appointment returns an appointment.
func (b *Book) Appointment(id AppointmentID) (Appointment, error) {
	a, err := b.load(b.kv, id)
	return a, b.fail("read", id, err)
}

// Find returns the appointment whose manage link has this secret; consult.ErrBadTicket whatever is wrong with it. It changes nothing.
func (b *Book) Find(secret string) (Appointment, error) {
	a, err := b.ofSecret(secret)
	if err == nil && !b.clock().Before(b.linkEnds(&a)) {
		err = consult.ErrBadTicket
	}
	if err != nil {
		return Appointment{}, b.fail("find", "", err)
	}
	return a, nil
}

// ManageSecret is the secret of the appointment's manage link, for somebody of the practice who hands it over.
func (b *Book) ManageSecret(id AppointmentID) (string, error) {
	if _, err := b.Appointment(id); err != nil {
		return "", err
	}
	return b.manageSecret(id), nil
}

// Each calls do with every appointment of a practitioner that starts from one instant on and before another, in order, cancelled ones too.
// It reads page by page and holds none of them. What do returns ends it.
func (b *Book) Each(ctx context.Context, of consult.AccountID, from, to time.Time, do func(Appointment) error) error {
	if !OwnerOf(of).Valid() {
		return ErrNotFound
	}
	return b.each(ctx, ofPrefix(of), instant(from), instant(to), do)
}

// EachOf calls do with every appointment of a patient, as Each does.
func (b *Book) EachOf(ctx context.Context, patient consult.PatientID, do func(Appointment) error) error {
	if !patient.Valid() {
		return ErrNotFound
	}
	return b.each(ctx, patientPrefix(patient), "", "", do)
}

// each reads the appointments that an index names between two texts behind its prefix; to "" is its end.
func (b *Book) each(ctx context.Context, prefix, from, to string, do func(Appointment) error) error {
	for at := prefix + from; ; {
		page, err := b.kv.Range(prefix, at, kv.MaxRange)
		if err != nil {
			return b.fail("each", "", err)
		}
		for _, entry := range page {
			if ctx.Err() != nil {
				return errGivenUp
			}
			if to != "" && entry.Key[len(prefix):] >= to {
				return nil
			}
			a, err := b.load(b.kv, AppointmentID(entry.Value))
			if errors.Is(err, ErrNotFound) {
				continue
			}
			if err == nil {
				err = do(a)
			}
			if err != nil {
				return b.fail("each", AppointmentID(entry.Value), err)
			}
		}
		if len(page) < kv.MaxRange {
			return nil
		}
		at = kv.After(page[len(page)-1].Key)
	}
}

var errGivenUp error = &consult.Error{Code: consult.CodeUnavailable, Message: "The request was given up before it was answered."}

// Appointments returns a practitioner's appointments that start from one instant on and before another, cancelled ones too, in order;
// at most 1,000. Each has no such bound.
func (b *Book) Appointments(of consult.AccountID, from, to time.Time) ([]Appointment, error) {
	if !OwnerOf(of).Valid() {
		return nil, ErrNotFound
	}
	return b.listed(ofPrefix(of), instant(from), instant(to))
}

// AppointmentsOf returns a patient's appointments, the earliest first; at most 1,000.
func (b *Book) AppointmentsOf(patient consult.PatientID) ([]Appointment, error) {
	if !patient.Valid() {
		return nil, ErrNotFound
	}
	return b.listed(patientPrefix(patient), "", "")
}

// Requests returns what somebody must say yes or no to, the oldest first; at most 1,000.
func (b *Book) Requests() ([]Appointment, error) { return b.listed(askedPrefix, "", "") }

// EachRequest calls do with every one of them, however many there are; page by page as Each does.
func (b *Book) EachRequest(ctx context.Context, do func(Appointment) error) error {
	return b.each(ctx, askedPrefix, "", "", do)
}

// listed reads the appointments that an index names between two texts behind its prefix.
func (b *Book) listed(prefix, from, to string) ([]Appointment, error) {
	entries, err := b.kv.Range(prefix, prefix+from, kv.MaxRange)
	if err != nil {
		return nil, b.fail("list", "", err)
	}
	var all []Appointment
	for _, entry := range entries {
		if to != "" && entry.Key[len(prefix):] >= to {
			break
		}
		a, err := b.load(b.kv, AppointmentID(entry.Value))
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, b.fail("list", AppointmentID(entry.Value), err)
		}
		all = append(all, a)
	}
	return all, nil
}
