package api

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
)

// What booking knows, in the form of operations_appointments.go.

// nextTimeBody is a time that is free instead of one that is taken.
type nextTimeBody struct {
	Start        time.Time          `json:"start"`
	End          time.Time          `json:"end"`
	Practitioner consult.AccountID  `json:"practitioner"`
	TimeZone     string             `json:"time_zone" doc:"The practitioner's, IANA."`
	Place        string             `json:"place,omitempty"`
	Modalities   []booking.Modality `json:"modalities"`
}

func nextTimes(free []booking.FreeTime) []nextTimeBody {
	out := make([]nextTimeBody, 0, len(free))
	for _, one := range free {
		out = append(out, nextTimeBody(one))
	}
	return out
}

func (a *api) gridOf(who account.Account, grid booking.Grid) gridBody {
	out := gridBody{
		Practitioner: who.ID, Name: who.Name, TimeZone: grid.TimeZone, Bookable: grid.Schedule != nil,
		Days: make([]gridDayBody, 0, len(grid.Days)), Appointments: make([]AppointmentFields, 0, len(grid.Appointments)),
	}
	for _, day := range grid.Days {
		body := gridDayBody{Date: day.Date.String(), From: day.From, To: day.To, Open: []openTimeBody{}, Blocked: intervals(day.Blocked), Held: intervals(day.Held)}
		for _, open := range day.Open {
			body.Open = append(body.Open, openTimeBody{IntervalFields(open.Interval), open.Place, open.Modalities, open.Services})
		}
		out.Days = append(out.Days, body)
	}
	now := a.Book.Now()
	for _, one := range grid.Appointments {
		body := appointmentOf(one)
		if state, absent := one.Proposal(now); state != "" {
			body.Proposed = &proposedBody{state, absent}
		}
		out.Appointments = append(out.Appointments, body)
	}
	return out
}

func intervals(all []booking.Interval) []IntervalFields {
	out := make([]IntervalFields, 0, len(all))
	for _, one := range all {
		out = append(out, IntervalFields(one))
	}
	return out
}

func appointmentOf(one booking.Appointment) AppointmentFields {
	return AppointmentFields{
		ID: one.ID, State: one.State, Service: one.Service, Label: one.Label, Practitioner: one.Practitioner, PractitionerName: one.PractitionerName,
		Patient: one.Patient, Person: personOf(one.Person), Start: timeOrNil(one.Start), End: timeOrNil(one.End), Wall: one.Wall, TimeZone: one.TimeZone,
		BeforeMinutes: int(one.Before / time.Minute), AfterMinutes: int(one.After / time.Minute), Modality: one.Modality, Place: one.Place, Note: one.Note,
		Consultation: one.Consultation, Series: one.Series, Overbooked: one.Overbooked, ArrivedAt: timeOrNil(one.ArrivedAt), Absent: one.Absent,
		DeclinedAt: declinedAt(one), Told: one.Told, CanUndo: one.CanUndo(), CreatedAt: one.CreatedAt, ChangedAt: one.ChangedAt,
	}
}

func declinedAt(one booking.Appointment) *time.Time {
	if !one.Declined() {
		return nil
	}
	return timeOrNil(one.Answered.At)
}

func personOf(p booking.Person) appointmentPersonBody {
	return appointmentPersonBody{p.Name, p.BirthDate, p.Language, p.TimeZone, contactBody(p.Contact), p.Needs}
}

func (p appointmentPersonBody) person() booking.Person {
	return booking.Person{Name: p.Name, BirthDate: p.BirthDate, Language: p.Language, TimeZone: p.TimeZone, Contact: consult.Contact(p.Contact), Needs: p.Needs}
}

func (a *api) wholeAppointmentOf(ctx context.Context, one booking.Appointment) wholeAppointmentBody {
	service, _ := a.Book.Service(one.Service) // gone: no questions
	out := wholeAppointmentBody{appointmentOf(one), a.inSeriesOf(ctx, one), a.answersOf(one, service), make([]changeBody, 0, len(one.History))}
	if state, absent := one.Proposal(a.Book.Now()); state != "" {
		out.Proposed = &proposedBody{state, absent}
	}
	names := map[consult.AccountID]string{}
	name := func(id consult.AccountID) string {
		if _, known := names[id]; !known && id != "" {
			if who, err := a.Accounts.Account(id); err == nil { // an account that is gone has no name any more
				names[id] = who.Name
			}
		}
		return names[id]
	}
	for _, c := range one.History {
		body := changeBody{At: c.At, By: c.By.Kind, ByName: name(c.By.Account), Action: c.Action, Reason: c.Reason, Was: timeOrNil(c.Was), Who: c.Who}
		if c.Of != one.Practitioner {
			body.FromName = name(c.Of)
		}
		out.History = append(out.History, body)
	}
	return out
}

// answersOf puts each answer beside its question. Of a service that has changed meanwhile some questions are gone: then the answer
// stands alone.
func (a *api) answersOf(one booking.Appointment, service booking.Service) []answerBody {
	out := []answerBody{}
	left, given := maps.Clone(one.Answers), a.givenWith(one)
	for _, q := range service.Questions {
		if answer := left[q.ID]; answer != "" {
			body := answerBody{Question: q.Label, Kind: q.Kind, Answer: answer}
			if i := slices.IndexFunc(q.Choices, func(c booking.Choice) bool { return c.Value == answer }); i >= 0 {
				body.Choice = q.Choices[i].Label
			}
			body.File = given[answer]
			out = append(out, body)
		}
		delete(left, q.ID)
	}
	for _, answer := range slices.Sorted(maps.Values(left)) {
		body := answerBody{Question: map[string]string{}, Answer: answer, File: given[answer]}
		if body.File != nil {
			body.Kind = booking.QuestionFile
		}
		out = append(out, body)
	}
	return out
}

// givenWith are the documents that a patient gave, by id. When they cannot be read now, the answers stand without.
func (a *api) givenWith(one booking.Appointment) map[string]*givenBody {
	out := map[string]*givenBody{}
	all, err := a.Documents.GivenIn(one.Files)
	if err != nil {
		a.Logger.Error("what was given with an appointment cannot be read", "appointment", one.ID, "error", err)
	}
	for _, d := range all {
		out[string(d.ID)] = &givenBody{d.ID, d.Name, d.Kind, d.Size, d.State, d.Reason}
	}
	return out
}
