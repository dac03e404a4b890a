package api

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/patient"
)

// maxAppointment bounds what is said of a new appointment: a note of 2,000 characters among it.
const maxAppointment = 32 << 10

// What changes appointments.
type (
	// BookFields is what an appointment is made of.
	BookFields struct {
		Keyed
		Service      booking.ServiceID     `json:"service,omitempty" maxLength:"64" doc:"May be left out with a hold."`
		Practitioner consult.AccountID     `json:"practitioner,omitempty" maxLength:"64" doc:"Left out: whoever of those for whom one may act is free, the least loaded that day."`
		Start        time.Time             `json:"start,omitempty" doc:"Or a hold. Whom one names, one may book outside of their hours too."`
		Hold         string                `json:"hold,omitempty" maxLength:"100" doc:"Secret of a time that is kept."`
		Modality     booking.Modality      `json:"modality,omitempty" enum:"video,phone,in-person" doc:"Left out: the first of the service's."`
		Patient      consult.PatientID     `json:"patient,omitempty" maxLength:"64" doc:"Their record, from which everything is copied that person does not say. Needs patients:read."`
		Person       appointmentPersonBody `json:"person,omitempty" doc:"Needed without a record."`
		Note         string                `json:"note,omitempty" maxLength:"2000"`
		Overbook     string                `json:"overbook,omitempty" maxLength:"500" doc:"The reason to book over others. Needs a practitioner."`
		Tell         bool                  `json:"tell" doc:"Send the patient a confirmation, the way that their contact says."`
	}
	bookedBody struct {
		Appointment wholeAppointmentBody `json:"appointment"`
		Link        string               `json:"link" doc:"With which the patient changes it."`
		Repeated    bool                 `json:"repeated,omitempty" doc:"An earlier request with this key has made it."`
	}
	seriesBody struct {
		BookFields
		EveryWeeks int `json:"every_weeks" minimum:"1" maximum:"52"`
		Count      int `json:"count" minimum:"2" maximum:"52" doc:"Appointments in all."`
	}
	seriesDateBody struct {
		Start       time.Time          `json:"start"`
		Appointment *AppointmentFields `json:"appointment,omitempty"`
		Refused     string             `json:"refused,omitempty" doc:"Why there is none, in one English sentence."`
		Code        consult.Code       `json:"code,omitempty"`
		Next        []nextTimeBody     `json:"next,omitempty" doc:"The next free times instead."`
	}
	seriesMadeBody struct {
		Dates  []seriesDateBody `json:"dates"`
		Booked int              `json:"booked" doc:"How many were."`
		Link   string           `json:"link,omitempty" doc:"With which the patient changes the first that was, and comes to the others."`
	}
	moveBody struct {
		Practitioner consult.AccountID `json:"practitioner,omitempty" maxLength:"64" doc:"Left out: the same."`
		Start        time.Time         `json:"start,omitempty" doc:"Or a hold."`
		Hold         string            `json:"hold,omitempty" maxLength:"100"`
		Overbook     string            `json:"overbook,omitempty" maxLength:"500" doc:"The reason to book over others."`
		Reason       string            `json:"reason,omitempty" maxLength:"500"`
		Tell         bool              `json:"tell" doc:"Tell the patient."`
	}
	cancelBody struct {
		Reason string `json:"reason,omitempty" maxLength:"500"`
		Tell   bool   `json:"tell" doc:"Tell the patient."`
	}
	absentBody struct {
		Who booking.Absence `json:"who" enum:"patient,practitioner"`
	}
	undoBody struct {
		ChangedAt time.Time `json:"changed_at" doc:"Of the appointment as it was looked at: of what has changed since, nothing is taken back."`
	}
	mistakeBody struct {
		Reason string `json:"reason,omitempty" maxLength:"500"`
	}
	// onAppointment is what is asked of one appointment.
	onAppointment[T any] struct {
		ID   booking.AppointmentID `path:"id" maxLength:"64"`
		Body T
	}
	appointmentOutput = bodyOf[wholeAppointmentBody]
)

// bookRequest checks whose patient and whose time it is.
func (a *api) bookRequest(ctx context.Context, b BookFields) (booking.Request, error) {
	person, err := a.personFor(ctx, b.Patient, b.Person)
	if err != nil {
		return booking.Request{}, err
	}
	if err := a.timeIsTheirs(ctx, b.Practitioner, b.Start, b.Hold); err != nil {
		return booking.Request{}, err
	}
	r := booking.Request{
		By: a.practiceActor(ctx), Hold: b.Hold, Service: b.Service, Practitioner: b.Practitioner, Start: b.Start, Modality: b.Modality, Patient: b.Patient,
		Person: person, Note: b.Note, Overbook: b.Overbook, Quiet: !b.Tell,
	}
	r.Key = b.of(r.By.Account)
	return r, nil
}

// personFor is whoever it is about: as their record says, if they have one that whoever asks may see, but for what is said here.
func (a *api) personFor(ctx context.Context, id consult.PatientID, said appointmentPersonBody) (booking.Person, error) {
	if id == "" {
		return said.person(), nil
	}
	p, err := a.copiedRecord(ctx, id)
	if err != nil {
		return booking.Person{}, err
	}
	return said.filled(p).person(), nil
}

// filled says what the record says where nothing was said.
func (p appointmentPersonBody) filled(from patient.Patient) appointmentPersonBody {
	p.Name = cmp.Or(p.Name, from.Name())
	p.BirthDate = cmp.Or(p.BirthDate, from.BirthDate)
	p.Language = cmp.Or(p.Language, from.Language)
	p.TimeZone = cmp.Or(p.TimeZone, from.TimeZone)
	p.Contact = cmp.Or(p.Contact, contactBody(from.Contact))
	if p.Needs == nil {
		p.Needs = from.Needs
	}
	return p
}

// timeIsTheirs returns nil when there is a time, and whoever asks may act for the practitioner whose it is.
func (a *api) timeIsTheirs(ctx context.Context, of consult.AccountID, start time.Time, secret string) error {
	if (start.IsZero() && secret == "") || (!start.IsZero() && secret != "") {
		return errWhen
	}
	if start.Year() > 9999 || (!start.IsZero() && start.Year() < 1970) {
		return errWhen
	}
	if secret != "" {
		hold, err := a.Book.Held(secret)
		if err != nil {
			return err
		}
		of = hold.Practitioner
	}
	if of == "" {
		return nil
	}
	return a.mayActFor(ctx, of)
}

func (a *api) book(ctx context.Context, in *bodyOf[BookFields]) (*bodyOf[bookedBody], error) {
	r, err := a.bookRequest(ctx, in.Body)
	if err != nil {
		return nil, err
	}
	var made booking.Booked
	if r.Practitioner == "" && r.Hold == "" {
		made, err = a.bookAny(ctx, r)
	} else {
		made, err = a.Book.Book(r)
	}
	if err != nil {
		return nil, err
	}
	return &bodyOf[bookedBody]{bookedBody{a.wholeAppointmentOf(ctx, made.Appointment), a.BaseURL() + "/a/" + made.Secret, made.Repeated}}, nil
}

// bookAny books whoever gives the service and is free. Somebody who may act for all of them leaves the choice to the transaction;
// for who may not, those for whom they may are tried, the least loaded first.
func (a *api) bookAny(ctx context.Context, r booking.Request) (booking.Booked, error) {
	service, err := a.Book.Service(r.Service)
	if err != nil {
		return booking.Booked{}, err
	}
	owners, err := a.Accounts.ActsFor(a.actor(ctx).Account)
	if err != nil {
		return booking.Booked{}, err
	}
	own := slices.DeleteFunc(slices.Clone(service.Practitioners), func(of consult.AccountID) bool { return !slices.Contains(owners, of) })
	if len(own) == 0 {
		return booking.Booked{}, booking.ErrNotFound
	}
	if len(own) == len(service.Practitioners) {
		return a.Book.Book(r)
	}
	if made, err := a.Book.Made(r.Key); err != nil || made.Repeated {
		return made, err
	}
	free, err := a.freeAmong(own, r)
	if err != nil {
		return booking.Booked{}, err
	}
	for _, of := range free {
		r.Practitioner = of
		made, err := a.Book.Book(r)
		if !errors.Is(err, booking.ErrTaken) {
			return made, err
		}
	}
	return booking.Booked{}, a.takenAmong(own, r)
}

// freeAmong are those who are offered at the time, the least loaded that day first.
func (a *api) freeAmong(own []consult.AccountID, r booking.Request) ([]consult.AccountID, error) {
	var free []consult.AccountID
	loads := map[consult.AccountID]int{}
	const halfDay = 12 * time.Hour
	for _, of := range own {
		start := r.Start.Truncate(time.Minute)
		times, err := a.Book.Free(booking.Query{Service: r.Service, Practitioner: of, From: start, To: start.Add(time.Second), Modality: r.Modality, Everything: true})
		if err != nil {
			return nil, err
		}
		if len(times) == 0 {
			continue
		}
		had, err := a.Book.Appointments(of, start.Add(-halfDay), start.Add(halfDay))
		if err != nil {
			return nil, err
		}
		free, loads[of] = append(free, of), len(had)
	}
	slices.SortStableFunc(free, func(x, y consult.AccountID) int { return cmp.Compare(loads[x], loads[y]) })
	return free, nil
}

// takenAmong is the answer that nobody of them is free then, with the next three times at which somebody is.
func (a *api) takenAmong(own []consult.AccountID, r booking.Request) error {
	const reach, most = 30 * 24 * time.Hour, 3
	from := r.Start
	if now := a.Book.Now(); from.Before(now) {
		from = now
	}
	var next []booking.FreeTime
	for _, of := range own {
		times, err := a.Book.Free(booking.Query{Service: r.Service, Practitioner: of, From: from, To: from.Add(reach), Modality: r.Modality, Everything: true, Limit: most})
		if err != nil {
			return err
		}
		next = append(next, times...)
	}
	slices.SortStableFunc(next, func(x, y booking.FreeTime) int { return x.Start.Compare(y.Start) })
	return &booking.TakenError{Next: next[:min(most, len(next))]}
}

func (a *api) bookSeries(ctx context.Context, in *bodyOf[seriesBody]) (*bodyOf[seriesMadeBody], error) {
	b := in.Body
	if b.Practitioner == "" {
		who, err := a.owner(ctx, "")
		if err != nil {
			return nil, err
		}
		b.Practitioner = who.ID
	}
	r, err := a.bookRequest(ctx, b.BookFields)
	if err != nil {
		return nil, err
	}
	dates, err := a.Book.BookSeries(r, b.EveryWeeks, b.Count)
	if err != nil {
		return nil, err
	}
	out := seriesMadeBody{Dates: make([]seriesDateBody, 0, len(dates))}
	for _, date := range dates {
		body := seriesDateBody{Start: date.Start}
		if date.Err == nil {
			made := appointmentOf(date.Booked.Appointment)
			body.Appointment = &made
			if out.Booked++; out.Booked == 1 {
				out.Link = a.BaseURL() + "/a/" + date.Booked.Secret
			}
		} else {
			problem := problemOf(date.Err)
			body.Refused, body.Code, body.Next = problem.Detail, problem.Code, problem.Next
			if !errors.Is(date.Err, booking.ErrTaken) && out.Booked == 0 {
				return nil, date.Err // it is the request that is no good
			}
		}
		out.Dates = append(out.Dates, body)
	}
	return &bodyOf[seriesMadeBody]{out}, nil
}

func (a *api) moveAppointment(ctx context.Context, in *onAppointment[moveBody]) (*appointmentOutput, error) {
	b := in.Body
	return a.changed(ctx, in.ID, func(one booking.Appointment, by booking.Actor) (booking.Appointment, error) {
		if err := a.timeIsTheirs(ctx, b.Practitioner, b.Start, b.Hold); err != nil {
			return one, err
		}
		return a.Book.Move(one.ID, booking.MoveRequest{
			By: by, Hold: b.Hold, Practitioner: b.Practitioner, Start: b.Start, Overbook: b.Overbook, Reason: b.Reason, Quiet: !b.Tell,
		})
	})
}

func (a *api) cancelAppointment(ctx context.Context, in *onAppointment[cancelBody]) (*appointmentOutput, error) {
	return a.changed(ctx, in.ID, func(one booking.Appointment, by booking.Actor) (booking.Appointment, error) {
		return a.Book.Cancel(one.ID, booking.CancelRequest{By: by, Reason: in.Body.Reason, Quiet: !in.Body.Tell})
	})
}

// acting is the operation that notes one thing about the visit.
func (a *api) acting(action booking.Action) func(context.Context, *onAppointment[*noBody]) (*appointmentOutput, error) {
	return func(ctx context.Context, in *onAppointment[*noBody]) (*appointmentOutput, error) {
		return a.changed(ctx, in.ID, func(one booking.Appointment, by booking.Actor) (booking.Appointment, error) {
			return a.Book.Act(one.ID, action, by)
		})
	}
}

func (a *api) absent(ctx context.Context, in *onAppointment[absentBody]) (*appointmentOutput, error) {
	return a.changed(ctx, in.ID, func(one booking.Appointment, by booking.Actor) (booking.Appointment, error) {
		return a.Book.Absent(one.ID, in.Body.Who, by)
	})
}

func (a *api) undo(ctx context.Context, in *onAppointment[undoBody]) (*appointmentOutput, error) {
	return a.changed(ctx, in.ID, func(one booking.Appointment, by booking.Actor) (booking.Appointment, error) {
		return a.Book.Undo(one.ID, in.Body.ChangedAt, by)
	})
}

func (a *api) mistake(ctx context.Context, in *onAppointment[mistakeBody]) (*appointmentOutput, error) {
	return a.changed(ctx, in.ID, func(one booking.Appointment, by booking.Actor) (booking.Appointment, error) {
		return a.Book.Mistake(one.ID, by, in.Body.Reason)
	})
}

func (a *api) openNow(ctx context.Context, in *onAppointment[*noBody]) (*appointmentOutput, error) {
	return a.changed(ctx, in.ID, func(one booking.Appointment, _ booking.Actor) (booking.Appointment, error) {
		return a.Book.OpenNow(one.ID)
	})
}

// changed answers with what the appointment has become.
func (a *api) changed(ctx context.Context, id booking.AppointmentID, change func(booking.Appointment, booking.Actor) (booking.Appointment, error)) (*appointmentOutput, error) {
	one, err := a.appointment(ctx, id)
	if err != nil {
		return nil, err
	}
	one, err = change(one, a.practiceActor(ctx))
	if err != nil {
		return nil, err
	}
	return &appointmentOutput{Body: a.wholeAppointmentOf(ctx, one)}, nil
}

var errWhen error = &consult.Error{Code: consult.CodeBadMessage, Message: "Say when, or give a time that is kept, but not both."}
