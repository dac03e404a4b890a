package booking

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// canBePicked reports whether an appointment can be given this room or person besides its practitioner: not who has left, nor a room that is closed.
func (b *Book) canBePicked(owner OwnerID) (bool, error) {
	if strings.HasPrefix(string(owner), "a_") {
		if b.attends == nil {
			return true, nil
		}
		return b.attends(consult.AccountID(owner))
	}
	entry, err := b.kv.Get(roomKey(owner))
	if errors.Is(err, kv.ErrNotFound) {
		return true, nil // it has no name, but that is no reason
	}
	if err != nil {
		return false, err
	}
	room, err := roomOf(entry)
	return !room.Closed, err
}

// offeredNow returns a service without the rooms and people that it cannot be given now; nobody writes into it. A need of which none is left
// stays: then there are no free times.
func (b *Book) offeredNow(id ServiceID) (*Service, error) {
	service, err := b.serviceOf(id)
	if err != nil || len(service.Resources) == 0 {
		return service, err
	}
	now := *service
	now.Resources = make([]Resource, len(service.Resources))
	for i, r := range service.Resources {
		for _, owner := range r.AnyOf {
			can, err := b.canBePicked(owner)
			if err != nil {
				return nil, err
			}
			if can {
				now.Resources[i].AnyOf = append(now.Resources[i].AnyOf, owner)
			}
		}
	}
	return &now, nil
}

// Lack is a coming appointment that needs somebody else, or another room: who or what it was given cannot be booked any more.
type Lack struct {
	Appointment  Appointment
	Practitioner bool      // theirs has left
	Resources    []OwnerID // that are closed, or have left
}

// Lacking returns the coming appointments of a practitioner that need another practitioner, interpreter or room; it looks at the next 1,000.
func (b *Book) Lacking(of consult.AccountID) ([]Lack, error) {
	coming, err := b.Appointments(of, b.clock(), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		return nil, err
	}
	gives, err := b.stillGives(of)
	if err != nil {
		return nil, b.fail("lacking", "", err)
	}
	can := map[OwnerID]bool{}
	var lacking []Lack
	for _, a := range coming {
		if a.State != StateBooked && a.State != StateRequested {
			continue
		}
		lack := Lack{Appointment: a, Practitioner: !gives}
		for _, owner := range a.Resources {
			if _, known := can[owner]; !known {
				if can[owner], err = b.canBePicked(owner); err != nil {
					return nil, b.fail("lacking", a.ID, err)
				}
			}
			if !can[owner] {
				lack.Resources = append(lack.Resources, owner)
			}
		}
		if lack.Practitioner || len(lack.Resources) > 0 {
			lacking = append(lacking, lack)
		}
	}
	return lacking, nil
}

// ActionReplace gives an appointment another room or interpreter at the time that it has. It is no transition of state.go.
const ActionReplace Action = "replace"

// Replace gives an appointment others in place of the rooms and people that cannot be booked any more, at the same time; nobody is told. What
// it has and can keep, it keeps. *TakenError when no other is free; no change and no error when it lacks nothing.
func (b *Book) Replace(id AppointmentID, by Actor) (Appointment, error) {
	was, err := b.Appointment(id)
	if err != nil {
		return Appointment{}, err
	}
	service, err := b.offeredNow(was.Service)
	if errors.Is(err, ErrNotFound) { // it is gone: nobody knows what is needed
		return Appointment{}, ErrState
	}
	if err != nil {
		return Appointment{}, b.fail("replace", id, err)
	}
	a, err := b.replace(id, service, by)
	if errors.Is(err, ErrTaken) {
		err = b.next(service, wish{by: by, practitioner: was.Practitioner, start: was.Start, modality: was.Modality})
		return Appointment{}, b.fail("replace", id, err)
	}
	return a, err
}

func (b *Book) replace(id AppointmentID, service *Service, by Actor) (Appointment, error) {
	return b.change("replace", id, func(tx kv.Txn, c *changing) error {
		a := &c.after
		if (a.State != StateBooked && a.State != StateRequested) || a.Start.IsZero() {
			return ErrState
		}
		had := a.Resources
		rest := slices.Clone(service.Resources)
		for i, r := range rest { // who has it keeps it
			rest[i].AnyOf = slices.SortedStableFunc(slices.Values(r.AnyOf), func(a, b OwnerID) int {
				return cmp.Compare(slices.Index(had, b), slices.Index(had, a))
			})
		}
		uses, err := assign(rest, nil, false, func(owner OwnerID) (bool, error) {
			if slices.Contains(had, owner) {
				return true, nil
			}
			return c.days.free(owner, a.padded())
		})
		if err != nil {
			return err
		}
		if slices.Equal(uses, had) {
			return errUnchanged
		}
		for _, owner := range had {
			if slices.Contains(uses, owner) {
				continue
			}
			if err := c.days.remove(owner, a.padded(), string(a.ID)); err != nil {
				return err
			}
		}
		e := entry{kind: entryAppointment, id: entryIDOf(string(a.ID)), over: a.Overbooked, service: a.Service, span: a.padded(), start: a.Start.Unix()}
		for _, owner := range uses {
			if slices.Contains(had, owner) {
				continue
			}
			if err := c.days.add(owner, e); err != nil {
				return err
			}
		}
		a.Resources = uses
		a.note(Change{At: c.now, By: by, Action: ActionReplace})
		return nil
	})
}
