package api

import (
	"context"
	"net/http"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
)

// What became of appointments: those of which nobody has said it yet, with what it looks like, and figures.
type (
	unsaidBody struct {
		ID               booking.AppointmentID `json:"id"`
		Label            string                `json:"label" doc:"Of the service, as it was agreed."`
		Practitioner     consult.AccountID     `json:"practitioner"`
		PractitionerName string                `json:"practitioner_name"`
		Start            time.Time             `json:"start"`
		End              time.Time             `json:"end"`
		TimeZone         string                `json:"time_zone"`
		Modality         booking.Modality      `json:"modality"`
		State            booking.State         `json:"state"`
		ArrivedAt        *time.Time            `json:"arrived_at,omitempty" doc:"The patient."`
		PractitionerAt   *time.Time            `json:"practitioner_at,omitempty"`
		Proposal         booking.State         `json:"proposal,omitempty" doc:"What it looks like, from who arrived: fulfilled or noshow; left out when it cannot be told."`
		Absent           booking.Absence       `json:"absent,omitempty" doc:"Of a proposed noshow: who did not come."`
		Person           askerBody             `json:"person"`
		ChangedAt        time.Time             `json:"changed_at"`
	}
	unsaidListBody struct {
		Appointments []unsaidBody `json:"appointments" doc:"The latest first; at most 200."`
	}
	unsaidInput struct {
		Practitioner consult.AccountID `query:"practitioner" maxLength:"64" doc:"Left out: all for whom the one who asks may act."`
	}
	figuresInput struct {
		Practitioner consult.AccountID `query:"practitioner" maxLength:"64" doc:"Left out: all for whom the one who asks may act."`
		From         string            `query:"from" required:"true" maxLength:"7" doc:"First month." example:"2026-01"`
		To           string            `query:"to" required:"true" maxLength:"7" doc:"Last month; at most 36 in all." example:"2026-11"`
	}
	figuresBody struct {
		Figures []figureBody `json:"figures" doc:"By month, then by service. What was never agreed, and what was entered by mistake, counts nowhere."`
	}
	figureBody struct {
		Month              string            `json:"month" example:"2026-11"`
		Service            booking.ServiceID `json:"service"`
		Label              string            `json:"label"`
		Booked             int               `json:"booked" doc:"All; the sum of what follows but moved."`
		Fulfilled          int               `json:"fulfilled" doc:"By phone also."`
		NoShowPatient      int               `json:"no_show_patient"`
		NoShowPractitioner int               `json:"no_show_practitioner"`
		CancelledLate      int               `json:"cancelled_late" doc:"Less than 24 hours before the start."`
		CancelledEarly     int               `json:"cancelled_early" doc:"Earlier, or nobody knows when: another book kept it."`
		BrokenOff          int               `json:"broken_off" doc:"Began, and is to be made again."`
		Unsaid             int               `json:"unsaid" doc:"Over, and nobody said what became of it."`
		Ahead              int               `json:"ahead" doc:"Not over yet."`
		Moved              int               `json:"moved" doc:"Of all, given another time at least once."`
	}
)

// outcomes is the area of what became of appointments.
func (a *api) outcomes() []operation {
	const read = account.ScopeAppointmentsRead
	return []operation{
		op(http.MethodGet, "/appointments/unsaid", "unsaid-appointments", "Appointments of the last 31 days that are over, and of which nobody said what became of them", http.StatusOK, read, computed(a.Turns, a.unsaid)),
		op(http.MethodGet, "/figures/appointments", "appointment-figures", "How many appointments there were, and what became of them, by month and service", http.StatusOK, read, computed(a.Turns, a.figures)),
	}
}

// whose returns the practitioner who is named, if whoever asks may act for them, or all for whom they may.
func (a *api) whose(ctx context.Context, named consult.AccountID) ([]consult.AccountID, error) {
	if named == "" {
		return a.Accounts.ActsFor(a.actor(ctx).Account)
	}
	return []consult.AccountID{named}, a.mayActFor(ctx, named)
}

func (a *api) unsaid(ctx context.Context, in *unsaidInput) (*bodyOf[unsaidListBody], error) {
	of, err := a.whose(ctx, in.Practitioner)
	if err != nil {
		return nil, err
	}
	const most, back = 200, 31 * 24 * time.Hour
	now := a.Book.Now()
	all, err := a.Book.Unsaid(ctx, of, now.Add(-back), most)
	if err != nil {
		return nil, err
	}
	out := unsaidListBody{make([]unsaidBody, 0, len(all))}
	for _, one := range all {
		body := unsaidBody{
			ID: one.ID, Label: one.Label, Practitioner: one.Practitioner, PractitionerName: one.PractitionerName, Start: one.Start, End: one.End,
			TimeZone: one.TimeZone, Modality: one.Modality, State: one.State, ArrivedAt: timeOrNil(one.ArrivedAt),
			PractitionerAt: timeOrNil(one.PractitionerAt), Person: askerOf(one.Person, one.Patient), ChangedAt: one.ChangedAt,
		}
		body.Proposal, body.Absent = one.Proposal(now)
		out.Appointments = append(out.Appointments, body)
	}
	return &bodyOf[unsaidListBody]{out}, nil
}

func (a *api) figures(ctx context.Context, in *figuresInput) (*bodyOf[figuresBody], error) {
	of, err := a.whose(ctx, in.Practitioner)
	if err != nil {
		return nil, err
	}
	all, err := a.Book.Figures(ctx, of, in.From, in.To)
	if err != nil {
		return nil, err
	}
	out := figuresBody{make([]figureBody, 0, len(all))}
	for _, f := range all {
		out.Figures = append(out.Figures, figureBody(f))
	}
	return &bodyOf[figuresBody]{out}, nil
}
