package transfer

import (
	"encoding/json"
	"errors"
	"slices"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/patient"
)

// Rules is what can be booked and when: what book.json says.
type Rules struct {
	Version  int               `json:"colloque_book"`
	Schedule *booking.Schedule `json:"schedule,omitempty"`
	Services []booking.Service `json:"services"`
	Rooms    []booking.Room    `json:"rooms"`
}

const rulesVersion = 1

var errNotRules = bad("This is not a book.json of this version: take it out of the archive of a book.")

// TakenRules is what became of rules that were taken over.
type TakenRules struct {
	Services int  // that are new
	Shared   int  // that the practice had by that name: the practitioner gives them now
	Known    int  // that the practitioner gave already: left as they are
	Rooms    int  // that are new
	Hours    bool // the opening hours; false: the practitioner had some, which stay, or the file has none
}

// ReadRules reads a book.json.
func ReadRules(data []byte) (Rules, error) {
	var r Rules
	if err := json.Unmarshal(data, &r); err != nil || r.Version != rulesVersion {
		return Rules{}, errNotRules
	}
	return r, nil
}

// rulesOf reads what book.json says of a practitioner.
func (e Exporter) rulesOf(of consult.AccountID, schedule booking.Schedule) (Rules, error) {
	r := Rules{Version: rulesVersion, Services: []booking.Service{}}
	if schedule.Practitioner != "" {
		r.Schedule = &schedule
	}
	all, err := e.Book.Services()
	for _, s := range all {
		if slices.Contains(s.Practitioners, of) {
			r.Services = append(r.Services, s)
		}
	}
	rooms, err2 := e.Book.Rooms()
	r.Rooms = rooms
	return r, errors.Join(err, err2)
}

func (r Rules) gives(id booking.ServiceID) bool {
	return slices.ContainsFunc(r.Services, func(s booking.Service) bool { return s.ID == id })
}

// TakeRules gives a practitioner the services, rooms and opening hours of an archive. What the practice has by the same name is used and not
// changed; opening hours that the practitioner has stay. Ids are this practice's own; people who were needed beside the practitioner are left out.
// Again makes nothing. When it fails on the way, what was made stays: take it again.
func (i Importer) TakeRules(of consult.AccountID, name string, r Rules) (TakenRules, error) {
	var out TakenRules
	rooms, err := i.takeRooms(r.Rooms, &out)
	if err != nil {
		return out, err
	}
	services, err := i.takeServices(of, r.Services, rooms, &out)
	if err != nil {
		return out, err
	}
	if r.Schedule == nil {
		return out, nil
	}
	if _, err := i.Book.Schedule(of); consult.CodeOf(err) != consult.CodeNotFound {
		return out, err
	}
	schedule := *r.Schedule
	schedule.Practitioner, schedule.Name, schedule.Revision = of, name, 0
	schedule.Weekly = keeping(schedule.Weekly, func(one *booking.Rule) bool { return kept(&one.Hours, services) })
	schedule.Extra = keeping(schedule.Extra, func(one *booking.Session) bool { return kept(&one.Hours, services) })
	schedule.Exceptions = keeping(schedule.Exceptions, func(one *booking.Exception) bool {
		one.Hours = keeping(one.Hours, func(h *booking.Hours) bool { return kept(h, services) })
		return true
	})
	_, err = i.Book.ReviseSchedule(schedule)
	out.Hours = err == nil
	return out, err
}

// kept puts the ids of this practice into hours; false when they were for services only that did not come along.
func kept(h *booking.Hours, services map[booking.ServiceID]booking.ServiceID) bool {
	if len(h.Services) == 0 {
		return true
	}
	var own []booking.ServiceID
	for _, id := range h.Services {
		if to, ok := services[id]; ok {
			own = append(own, to)
		}
	}
	h.Services = own
	return len(own) > 0
}

// keeping returns those that change lets stay, as it has changed them.
func keeping[T any](all []T, change func(*T) bool) (stay []T) {
	for _, one := range all {
		if change(&one) {
			stay = append(stay, one)
		}
	}
	return stay
}

// takeRooms returns the room that each of the file's is here.
func (i Importer) takeRooms(wanted []booking.Room, out *TakenRules) (map[booking.OwnerID]booking.OwnerID, error) {
	have, err := i.Book.Rooms()
	if err != nil {
		return nil, err
	}
	here := map[booking.OwnerID]booking.OwnerID{}
	for _, room := range wanted {
		at := slices.IndexFunc(have, func(one booking.Room) bool { return patient.Folded(one.Name) == patient.Folded(room.Name) })
		if at < 0 {
			made, err := i.Book.ReviseRoom(booking.Room{ID: booking.NewRoomID(), Name: room.Name})
			if err != nil {
				return nil, err
			}
			have, at = append(have, made), len(have)
			out.Rooms++
		}
		here[room.ID] = have[at].ID
	}
	return here, nil
}

// takeServices returns the service that each of the file's is here.
func (i Importer) takeServices(of consult.AccountID, wanted []booking.Service, rooms map[booking.OwnerID]booking.OwnerID, out *TakenRules) (map[booking.ServiceID]booking.ServiceID, error) {
	have, err := i.Book.Services()
	if err != nil {
		return nil, err
	}
	here := map[booking.ServiceID]booking.ServiceID{}
	for _, s := range wanted {
		was := s.ID
		at := slices.IndexFunc(have, func(one booking.Service) bool {
			for tag, label := range s.Label {
				if label != "" && patient.Folded(one.Label[tag]) == patient.Folded(label) {
					return true
				}
			}
			return false
		})
		switch {
		case at >= 0 && slices.Contains(have[at].Practitioners, of):
			out.Known++
			here[was] = have[at].ID
			continue
		case at >= 0:
			s = have[at]
			s.Practitioners = append(slices.Clone(s.Practitioners), of)
			out.Shared++
		default:
			s.ID, s.Revision, s.Practitioners = booking.NewServiceID(), 0, []consult.AccountID{of}
			s.Resources = roomsOf(s.Resources, rooms)
			out.Services++
		}
		made, err := i.Book.ReviseService(s)
		if err != nil {
			return nil, err
		}
		if at < 0 {
			have = append(have, made)
		}
		here[was] = made.ID
	}
	return here, nil
}

func roomsOf(needed []booking.Resource, rooms map[booking.OwnerID]booking.OwnerID) (own []booking.Resource) {
	for _, one := range needed {
		var some []booking.OwnerID
		for _, id := range one.AnyOf {
			if to, ok := rooms[id]; ok {
				some = append(some, to)
			}
		}
		if len(some) > 0 {
			own = append(own, booking.Resource{AnyOf: some})
		}
	}
	return own
}
