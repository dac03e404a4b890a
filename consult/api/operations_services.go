package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
)

// What can be booked, and the rooms that it needs: both belong to the practice.
type (
	// ServiceFields is what there is to say of a service. Durations are whole minutes.
	ServiceFields struct {
		Label         map[string]string   `json:"label" minProperties:"1" maxProperties:"30" doc:"By language, as a BCP 47 tag." example:"{\"fr\":\"Consultation vidéo\"}"`
		Description   map[string]string   `json:"description,omitempty" maxProperties:"30" doc:"By language."`
		Price         map[string]string   `json:"price,omitempty" maxProperties:"30" doc:"As text, by language." example:"{\"fr\":\"30 €\"}"`
		Duration      int                 `json:"duration_minutes" minimum:"5" maximum:"480" example:"20"`
		Step          int                 `json:"step_minutes,omitempty" minimum:"0" maximum:"1440" doc:"Between two times that are offered; 0: the duration."`
		Before        int                 `json:"before_minutes,omitempty" minimum:"0" maximum:"240" doc:"Kept free before."`
		After         int                 `json:"after_minutes,omitempty" minimum:"0" maximum:"240" doc:"Kept free after."`
		MinNotice     int                 `json:"min_notice_minutes,omitempty" minimum:"0" maximum:"129600" doc:"From now to the first time that is offered."`
		Horizon       int                 `json:"horizon_days" minimum:"1" maximum:"500" doc:"Days ahead that are offered." example:"60"`
		DailyMax      int                 `json:"daily_max,omitempty" minimum:"0" maximum:"1000" doc:"Of this service, for each practitioner and day; 0: no limit."`
		Modalities    []string            `json:"modalities" minItems:"1" maxItems:"3" enum:"video,phone,in-person" doc:"The first is what is meant when nobody says."`
		Practitioners []consult.AccountID `json:"practitioners" maxItems:"200" doc:"Who gives it. Of those with the same load the first is chosen."`
		Resources     []resourceBody      `json:"resources,omitempty" maxItems:"2" doc:"What else is needed at the same time."`
		Questions     []questionBody      `json:"questions,omitempty" maxItems:"20" doc:"Asked before booking."`
		Reminders     []int               `json:"reminders_minutes,omitempty" maxItems:"4" minimum:"0" maximum:"20160" doc:"Before the start; 0: when it starts." example:"[1440,60]"`
		CutOff        int                 `json:"cut_off_minutes,omitempty" minimum:"0" maximum:"129600" doc:"Before the start: from then on patients cancel and move by phone only."`
		Approval      bool                `json:"approval,omitempty" doc:"Somebody of the practice says yes to each."`
		Hidden        bool                `json:"hidden,omitempty" doc:"Only the practice books it."`
	}
	resourceBody struct {
		AnyOf []booking.OwnerID `json:"any_of" minItems:"1" maxItems:"20" doc:"Ids of rooms, or of accounts."`
	}
	questionBody struct {
		ID       string            `json:"id" maxLength:"40" doc:"The answer is kept under it."`
		Label    map[string]string `json:"label" minProperties:"1" maxProperties:"30" doc:"By language."`
		Kind     string            `json:"kind" enum:"text,yes-no,choice,file"`
		Choices  []choiceBody      `json:"choices,omitempty" maxItems:"50" doc:"Of the kind choice."`
		Required bool              `json:"required,omitempty"`
	}
	choiceBody struct {
		Value string            `json:"value" maxLength:"2000" doc:"The answer is kept as this: it stays when the texts change."`
		Label map[string]string `json:"label,omitempty" maxProperties:"30" doc:"By language; without any the value says it."`
	}
	serviceBody struct {
		ID       booking.ServiceID `json:"id"`
		Revision uint64            `json:"revision" doc:"Grows with every change."`
		ServiceFields
	}
	newServiceBody struct {
		Keyed
		ServiceFields
	}
	changedServiceBody struct {
		Revision uint64 `json:"revision" minimum:"1" doc:"That of the service which was changed. When it is not the newest any more, the answer is 409 and nothing is written."`
		ServiceFields
	}
	servicesBody struct {
		Services []serviceBody `json:"services" doc:"By id."`
	}
	serviceInput struct {
		ID booking.ServiceID `path:"id" maxLength:"64"`
	}
	changeServiceInput struct {
		ID   booking.ServiceID `path:"id" maxLength:"64"`
		Body changedServiceBody
	}
	// RoomFields is what there is to say of a room.
	RoomFields struct {
		Name   string `json:"name" maxLength:"400" example:"Cabinet 2"`
		Closed bool   `json:"closed,omitempty" doc:"For works, say: no appointment is given it any more. Those that have it are listed by GET /appointments/lacking."`
	}
	newRoomBody struct {
		Keyed
		RoomFields
	}
	roomBody struct {
		ID       booking.OwnerID `json:"id"`
		Revision uint64          `json:"revision" doc:"Grows with every change."`
		Name     string          `json:"name"`
		Closed   bool            `json:"closed,omitempty"`
	}
	changedRoomBody struct {
		Revision uint64 `json:"revision" minimum:"1" doc:"As of a service."`
		Name     string `json:"name" maxLength:"400"`
		Closed   bool   `json:"closed,omitempty"`
	}
	roomsBody struct {
		Rooms []roomBody `json:"rooms" doc:"By id."`
	}
	roomInput struct {
		ID booking.OwnerID `path:"id" maxLength:"64"`
	}
	changeRoomInput struct {
		ID   booking.OwnerID `path:"id" maxLength:"64"`
		Body changedRoomBody
	}
)

// In bytes: a service has texts in many languages, a schedule years of exceptions.
const (
	maxServiceBody  = 128 << 10
	maxScheduleBody = 256 << 10
)

// services is the area of what can be booked; operations_schedules.go says when.
func (a *api) services() []operation {
	const read, write = account.ScopeAppointmentsRead, account.ScopeServicesWrite
	return []operation{
		op(http.MethodGet, "/services", "services", "What can be booked", http.StatusOK, read, computed(a.Turns, a.listServices)),
		op(http.MethodPost, "/services", "create-service", "Offer something else", http.StatusCreated, write, a.createService).upTo(maxServiceBody),
		op(http.MethodPut, "/services/{id}", "change-service", "Change a service", http.StatusOK, write, a.changeService).upTo(maxServiceBody),
		op(http.MethodDelete, "/services/{id}", "delete-service", "Offer a service no more; its appointments stay", http.StatusNoContent, write, a.deleteService),
		op(http.MethodGet, "/rooms", "rooms", "Rooms and devices that services can need", http.StatusOK, read, a.listRooms),
		op(http.MethodPost, "/rooms", "create-room", "Write a room down", http.StatusCreated, write, a.createRoom),
		op(http.MethodPut, "/rooms/{id}", "change-room", "Rename a room, close it or open it again", http.StatusOK, write, a.changeRoom),
		op(http.MethodDelete, "/rooms/{id}", "delete-room", "Forget a room that no service needs", http.StatusNoContent, write, a.deleteRoom),
	}
}

func (a *api) listServices(context.Context, *struct{}) (*bodyOf[servicesBody], error) {
	all, err := a.Book.Services()
	if err != nil {
		return nil, err
	}
	out := servicesBody{make([]serviceBody, 0, len(all))}
	for _, s := range all {
		out.Services = append(out.Services, serviceBodyOf(s))
	}
	return &bodyOf[servicesBody]{out}, nil
}

func (a *api) createService(ctx context.Context, in *bodyOf[newServiceBody]) (*bodyOf[serviceBody], error) {
	service := in.Body.service()
	service.ID = a.Book.ServiceIDOf(in.Body.of(a.actor(ctx).Account.ID))
	if made, err := a.Book.Service(service.ID); consult.CodeOf(err) != consult.CodeNotFound {
		return bodyOrError(serviceBodyOf(made), err)
	}
	return a.keepService(service, booking.Service{})
}

func (a *api) changeService(_ context.Context, in *changeServiceInput) (*bodyOf[serviceBody], error) {
	before, err := a.Book.Service(in.ID)
	if err != nil {
		return nil, err
	}
	service := in.Body.service()
	service.ID, service.Revision = in.ID, in.Body.Revision
	return a.keepService(service, before)
}

func (a *api) deleteService(_ context.Context, in *serviceInput) (*struct{}, error) {
	if _, err := a.Book.Service(in.ID); err != nil {
		return nil, err
	}
	return nil, a.Book.DeleteService(in.ID)
}

// keepService writes a service whose practitioners and resources there are. Those that it had before may stay, whatever became of
// them: who mends the label is not to be stopped by a colleague who has left.
func (a *api) keepService(service, before booking.Service) (*bodyOf[serviceBody], error) {
	practitioners, err := a.Accounts.Practitioners()
	if err != nil {
		return nil, err
	}
	known := map[consult.AccountID]bool{}
	for _, one := range practitioners {
		known[one.ID] = true
	}
	for _, id := range service.Practitioners {
		if !known[id] && !slices.Contains(before.Practitioners, id) {
			return nil, &booking.FieldError{Field: "practitioners", Why: "name practitioners of this practice who can sign in"}
		}
	}
	if err := a.resourcesThere(service, before); err != nil {
		return nil, err
	}
	kept, err := a.Book.ReviseService(service)
	if err != nil {
		return nil, err
	}
	return &bodyOf[serviceBody]{serviceBodyOf(kept)}, nil
}

func (a *api) resourcesThere(service, before booking.Service) error {
	if len(service.Resources) == 0 {
		return nil
	}
	rooms, err := a.Book.Rooms()
	if err != nil {
		return err
	}
	there := map[booking.OwnerID]bool{}
	for _, room := range rooms {
		there[room.ID] = true
	}
	for _, r := range before.Resources {
		for _, id := range r.AnyOf {
			there[id] = true
		}
	}
	for i, r := range service.Resources {
		for _, id := range r.AnyOf {
			if there[id] {
				continue
			}
			who, err := a.Accounts.Account(consult.AccountID(id))
			if err != nil && consult.CodeOf(err) != consult.CodeNotFound {
				return err
			}
			if err != nil || who.Disabled || !who.Has(account.RolePractitioner) && !who.Has(account.RoleInterpreter) {
				return &booking.FieldError{Field: fmt.Sprintf("resources.%d", i), Why: "name rooms, practitioners or interpreters of this practice"}
			}
		}
	}
	return nil
}

func (a *api) listRooms(context.Context, *struct{}) (*bodyOf[roomsBody], error) {
	all, err := a.Book.Rooms()
	if err != nil {
		return nil, err
	}
	out := roomsBody{make([]roomBody, 0, len(all))}
	for _, room := range all {
		out.Rooms = append(out.Rooms, roomBody{room.ID, room.Revision, room.Name, room.Closed})
	}
	return &bodyOf[roomsBody]{out}, nil
}

func (a *api) createRoom(ctx context.Context, in *bodyOf[newRoomBody]) (*bodyOf[roomBody], error) {
	id := a.Book.RoomIDOf(in.Body.of(a.actor(ctx).Account.ID))
	if made, err := a.Book.Room(id); consult.CodeOf(err) != consult.CodeNotFound {
		return bodyOrError(roomBody{made.ID, made.Revision, made.Name, made.Closed}, err)
	}
	return a.keepRoom(booking.Room{ID: id, Name: in.Body.Name, Closed: in.Body.Closed})
}

func (a *api) changeRoom(_ context.Context, in *changeRoomInput) (*bodyOf[roomBody], error) {
	return a.keepRoom(booking.Room{ID: in.ID, Name: in.Body.Name, Closed: in.Body.Closed, Revision: in.Body.Revision})
}

func (a *api) keepRoom(room booking.Room) (*bodyOf[roomBody], error) {
	kept, err := a.Book.ReviseRoom(room)
	if err != nil {
		return nil, err
	}
	return &bodyOf[roomBody]{roomBody{kept.ID, kept.Revision, kept.Name, kept.Closed}}, nil
}

func (a *api) deleteRoom(_ context.Context, in *roomInput) (*struct{}, error) {
	return nil, a.Book.DeleteRoom(in.ID)
}

func (f ServiceFields) service() booking.Service {
	s := booking.Service{
		Label: f.Label, Description: f.Description, Price: f.Price, Duration: minutes(f.Duration), Step: minutes(f.Step), Before: minutes(f.Before), After: minutes(f.After),
		MinNotice: minutes(f.MinNotice), Horizon: f.Horizon, DailyMax: f.DailyMax, Modalities: modalities(f.Modalities), Practitioners: f.Practitioners,
		CutOff: minutes(f.CutOff), Approval: f.Approval, Hidden: f.Hidden,
	}
	for _, r := range f.Resources {
		s.Resources = append(s.Resources, booking.Resource(r))
	}
	for _, q := range f.Questions {
		asked := booking.Question{ID: q.ID, Label: q.Label, Kind: booking.QuestionKind(q.Kind), Required: q.Required}
		for _, c := range q.Choices {
			asked.Choices = append(asked.Choices, booking.Choice(c))
		}
		s.Questions = append(s.Questions, asked)
	}
	for _, m := range f.Reminders {
		s.Reminders = append(s.Reminders, minutes(m))
	}
	return s
}

func serviceBodyOf(s booking.Service) serviceBody {
	f := ServiceFields{
		Label: s.Label, Description: s.Description, Price: s.Price, Duration: inMinutes(s.Duration), Step: inMinutes(s.Step), Before: inMinutes(s.Before), After: inMinutes(s.After),
		MinNotice: inMinutes(s.MinNotice), Horizon: s.Horizon, DailyMax: s.DailyMax, Modalities: texts(s.Modalities), Practitioners: append([]consult.AccountID{}, s.Practitioners...),
		CutOff: inMinutes(s.CutOff), Approval: s.Approval, Hidden: s.Hidden,
	}
	for _, r := range s.Resources {
		f.Resources = append(f.Resources, resourceBody(r))
	}
	for _, q := range s.Questions {
		asked := questionBody{ID: q.ID, Label: q.Label, Kind: string(q.Kind), Required: q.Required}
		for _, c := range q.Choices {
			asked.Choices = append(asked.Choices, choiceBody(c))
		}
		f.Questions = append(f.Questions, asked)
	}
	for _, d := range s.Reminders {
		f.Reminders = append(f.Reminders, inMinutes(d))
	}
	return serviceBody{s.ID, s.Revision, f}
}

func minutes(n int) time.Duration       { return time.Duration(n) * time.Minute }
func inMinutes(d time.Duration) int     { return int(d / time.Minute) }
func texts[T ~string](all []T) []string { return converted[string](all) }
func modalities(all []string) []booking.Modality {
	return converted[booking.Modality](all)
}

func converted[To, From ~string](all []From) []To {
	out := make([]To, len(all))
	for i, one := range all {
		out[i] = To(one)
	}
	return out
}

// bookedField says which field of a request a refusal of the book is about, by its name in JSON here.
func bookedField(err *booking.FieldError) (field, detail string) {
	inJSON := map[string]string{
		"duration": "duration_minutes", "step": "step_minutes", "before": "before_minutes", "after": "after_minutes", "min_notice": "min_notice_minutes",
		"cut_off": "cut_off_minutes", "reminders": "reminders_minutes", "horizon": "horizon_days",
	}
	field = err.Field
	if name, ok := inJSON[field]; ok {
		field = name
	}
	return field, (&booking.FieldError{Field: field, Why: err.Why}).Error()
}
