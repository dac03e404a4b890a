package api

import (
	"context"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
)

// Coming appointments whose practitioner or interpreter has left, or whose room is closed. Their rows stand with the appointments'.
type (
	lostBody struct {
		ID   booking.OwnerID `json:"id"`
		Name string          `json:"name,omitempty" doc:"Left out: nobody knows it any more."`
	}
	lackBody struct {
		Appointment  AppointmentFields `json:"appointment"`
		Practitioner bool              `json:"practitioner,omitempty" doc:"Theirs cannot be booked any more: it needs another."`
		Resources    []lostBody        `json:"resources" doc:"Rooms and people that it was given and that cannot be booked any more."`
	}
	lacksBody struct {
		Lacking []lackBody `json:"lacking" doc:"By practitioner, the earliest first."`
	}
)

func (a *api) lacking(ctx context.Context, in *BooksQuery) (*bodyOf[lacksBody], error) {
	whose, err := a.books(ctx, *in)
	if err != nil {
		return nil, err
	}
	out := lacksBody{[]lackBody{}}
	var names map[booking.OwnerID]string
	for _, who := range whose {
		lacking, err := a.Book.Lacking(who.ID)
		if err != nil {
			return nil, err
		}
		for _, one := range lacking {
			body := lackBody{appointmentOf(one.Appointment), one.Practitioner, make([]lostBody, 0, len(one.Resources))}
			for _, lost := range one.Resources {
				if names == nil {
					if names, err = a.roomNames(); err != nil {
						return nil, err
					}
				}
				body.Resources = append(body.Resources, lostBody{lost, a.nameOf(lost, names)})
			}
			out.Lacking = append(out.Lacking, body)
		}
	}
	return &bodyOf[lacksBody]{out}, nil
}

// declinedBody are coming appointments that patients have declined in their calendar programs.
type declinedBody struct {
	Declined []AppointmentFields `json:"declined" doc:"By practitioner, the earliest first."`
}

func (a *api) declined(ctx context.Context, in *BooksQuery) (*bodyOf[declinedBody], error) {
	whose, err := a.books(ctx, *in)
	if err != nil {
		return nil, err
	}
	out := declinedBody{[]AppointmentFields{}}
	for _, who := range whose {
		all, err := a.Book.Declined(who.ID)
		if err != nil {
			return nil, err
		}
		for _, one := range all {
			out.Declined = append(out.Declined, appointmentOf(one))
		}
	}
	return &bodyOf[declinedBody]{out}, nil
}

func (a *api) keep(ctx context.Context, in *onAppointment[*noBody]) (*appointmentOutput, error) {
	return a.changed(ctx, in.ID, func(one booking.Appointment, by booking.Actor) (booking.Appointment, error) {
		return a.Book.Keep(one.ID, by)
	})
}

func (a *api) roomNames() (map[booking.OwnerID]string, error) {
	rooms, err := a.Book.Rooms()
	names := make(map[booking.OwnerID]string, len(rooms))
	for _, room := range rooms {
		names[room.ID] = room.Name
	}
	return names, err
}

// nameOf is the name of a room or of a person, "" when there is no such thing any more.
func (a *api) nameOf(owner booking.OwnerID, rooms map[booking.OwnerID]string) string {
	if name := rooms[owner]; name != "" {
		return name
	}
	who, err := a.Accounts.Account(consult.AccountID(owner))
	if err != nil {
		return ""
	}
	return who.Name
}

func (a *api) replace(ctx context.Context, in *onAppointment[*noBody]) (*appointmentOutput, error) {
	return a.changed(ctx, in.ID, func(one booking.Appointment, by booking.Actor) (booking.Appointment, error) {
		return a.Book.Replace(one.ID, by)
	})
}
