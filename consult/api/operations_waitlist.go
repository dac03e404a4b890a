package api

import (
	"context"
	"net/http"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
)

// Who waits for a time to become free: patients who put themselves on the list on the booking page, and those whom the practice puts there.
type (
	waitListInput struct {
		Service booking.ServiceID `query:"service" maxLength:"64" doc:"Left out: all."`
	}
	waitListBody struct {
		Waiting []waitingBody `json:"waiting" doc:"By service, the first come first; at most 200 of each."`
	}
	waitingBody struct {
		ID           booking.WaitID    `json:"id"`
		Service      booking.ServiceID `json:"service"`
		Label        map[string]string `json:"label" doc:"Of the service, by language."`
		Practitioner consult.AccountID `json:"practitioner,omitempty" doc:"Left out: any."`
		From         time.Time         `json:"from"`
		To           time.Time         `json:"to"`
		HalfDays     []halfDayBody     `json:"half_days" doc:"On which they could come; empty: all."`
		Modality     booking.Modality  `json:"modality,omitempty"`
		CreatedAt    time.Time         `json:"created_at"`
		Person       askerBody         `json:"person"`
		Offers       []offerBody       `json:"offers" doc:"The oldest first."`
	}
	offerBody struct {
		Start        time.Time         `json:"start"`
		Practitioner consult.AccountID `json:"practitioner"`
		Until        time.Time         `json:"until" doc:"The time is kept until then."`
		Told         bool              `json:"told" doc:"False: it could not be sent, somebody must call."`
	}
	waitBody struct {
		Keyed
		Service      booking.ServiceID     `json:"service" maxLength:"64"`
		Practitioner consult.AccountID     `json:"practitioner,omitempty" maxLength:"64" doc:"Left out: any."`
		From         string                `json:"from,omitempty" maxLength:"10" doc:"The first day that would do, on the practitioner's clocks, or the practice's. Left out: today." example:"2026-11-24"`
		To           string                `json:"to,omitempty" maxLength:"10" doc:"The last, at most 366 days ahead. Left out: 60 days on." example:"2026-12-24"`
		HalfDays     []halfDayBody         `json:"half_days,omitempty" maxItems:"14" doc:"On which they could come. Left out: all."`
		Modality     booking.Modality      `json:"modality,omitempty" enum:"video,phone,in-person" doc:"Left out: any."`
		Patient      consult.PatientID     `json:"patient,omitempty" maxLength:"64" doc:"Their record, from which everything is copied that person does not say. Needs patients:read."`
		Person       appointmentPersonBody `json:"person,omitempty" doc:"Needed without a record: a name, and a phone number or a mail address."`
	}
	halfDayBody struct {
		Weekday   int  `json:"weekday" minimum:"0" maximum:"6" doc:"0 is Sunday."`
		Afternoon bool `json:"afternoon,omitempty" doc:"From noon on."`
	}
	waiterInput struct {
		ID booking.WaitID `path:"id" maxLength:"64"`
	}
)

// waitLists is the area of the wait list.
func (a *api) waitLists() []operation {
	const at = "/wait-list"
	const read, write = account.ScopeAppointmentsRead, account.ScopeAppointmentsWrite
	return []operation{
		op(http.MethodGet, at, "wait-list", "Who waits for a time to become free, and what they were offered", http.StatusOK, read, computed(a.Turns, a.waitList)),
		op(http.MethodPost, at, "wait", "Put somebody on the wait list", http.StatusCreated, write, a.wait),
		op(http.MethodDelete, at+"/{id}", "stop-waiting", "Take somebody off the wait list", http.StatusNoContent, write, a.stopWaiting),
	}
}

func (a *api) wait(ctx context.Context, in *bodyOf[waitBody]) (*bodyOf[waitingBody], error) {
	b := in.Body
	service, err := a.Book.Service(b.Service)
	if err == nil {
		err = a.mayAnswer(ctx, b.Practitioner, b.Service)
	}
	if err != nil {
		return nil, err
	}
	person, err := a.personFor(ctx, b.Patient, b.Person)
	if err != nil {
		return nil, err
	}
	zone, err := a.Book.Clocks(b.Practitioner, a.Practice.Profile().TimeZone)
	if err != nil {
		return nil, err
	}
	from, to, err := booking.WaitDays(b.From, b.To, a.Book.Now(), zone)
	if err != nil {
		return nil, err
	}
	r := booking.WaitRequest{Service: service.ID, Practitioner: b.Practitioner, From: from, To: to, Modality: b.Modality, Patient: b.Patient, Person: person, Key: b.of(a.practiceActor(ctx).Account)}
	for _, half := range b.HalfDays {
		r.HalfDays = append(r.HalfDays, booking.HalfDay{Weekday: time.Weekday(half.Weekday), Afternoon: half.Afternoon})
	}
	w, err := a.Book.Wait(r)
	return bodyOrError(waitingOf(w, service), err)
}

func (a *api) waitList(ctx context.Context, in *waitListInput) (*bodyOf[waitListBody], error) {
	owners, err := a.Accounts.ActsFor(a.actor(ctx).Account)
	if err != nil {
		return nil, err
	}
	services, err := a.Book.Services()
	if err != nil {
		return nil, err
	}
	if in.Service != "" {
		one, err := a.Book.Service(in.Service)
		if err != nil {
			return nil, err
		}
		services = []booking.Service{one}
	}
	out := waitListBody{[]waitingBody{}}
	for _, service := range services {
		list, err := a.Book.WaitList(service.ID)
		if err != nil {
			return nil, err
		}
		for _, w := range list {
			theirs, err := a.concerns(owners, w.Practitioner, w.Service)
			if err != nil {
				return nil, err
			}
			if theirs {
				out.Waiting = append(out.Waiting, waitingOf(w, service))
			}
		}
	}
	return &bodyOf[waitListBody]{out}, nil
}

func waitingOf(w booking.Waiting, service booking.Service) waitingBody {
	body := waitingBody{
		ID: w.ID, Service: w.Service, Label: service.Label, Practitioner: w.Practitioner, From: w.From, To: w.To, Modality: w.Modality,
		CreatedAt: w.CreatedAt, Person: askerOf(w.Person, w.Patient), HalfDays: make([]halfDayBody, 0, len(w.HalfDays)), Offers: make([]offerBody, 0, len(w.Offers)),
	}
	for _, half := range w.HalfDays {
		body.HalfDays = append(body.HalfDays, halfDayBody{int(half.Weekday), half.Afternoon})
	}
	for _, o := range w.Offers {
		body.Offers = append(body.Offers, offerBody(o))
	}
	return body
}

func (a *api) stopWaiting(ctx context.Context, in *waiterInput) (*struct{}, error) {
	w, err := a.Book.Waiter(in.ID)
	if err == nil {
		err = a.mayAnswer(ctx, w.Practitioner, w.Service)
	}
	if err != nil {
		return nil, err
	}
	return nil, a.Book.StopWaiting(in.ID)
}
