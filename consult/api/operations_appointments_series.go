package api

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
)

// Series of appointments: which dates there are, and the end of those that are left. operations_appointments_change.go books them.
type (
	// SeriesDateFields is one date of a series.
	SeriesDateFields struct {
		ID               booking.AppointmentID `json:"id"`
		Start            time.Time             `json:"start"`
		TimeZone         string                `json:"time_zone" doc:"The practitioner's, IANA."`
		State            booking.State         `json:"state"`
		Absent           booking.Absence       `json:"absent,omitempty" doc:"Who did not come."`
		Practitioner     consult.AccountID     `json:"practitioner"`
		PractitionerName string                `json:"practitioner_name"`
	}
	inSeriesBody struct {
		Number    int                `json:"number" doc:"Of this one by its start, from 1."`
		Of        int                `json:"of" doc:"Cancelled ones too."`
		Dates     []SeriesDateFields `json:"dates" doc:"In order, this one among them."`
		Elsewhere int                `json:"elsewhere,omitempty" doc:"Those of practitioners for whom the one who asks does not act: they are not among the dates."`
	}
	keptDateBody struct {
		SeriesDateFields
		Code    consult.Code `json:"code"`
		Refused string       `json:"refused" doc:"Why it stands, in one English sentence."`
	}
	cancelledFollowingBody struct {
		Cancelled []SeriesDateFields `json:"cancelled" doc:"In order. What was cancelled before is not among them."`
		Kept      []keptDateBody     `json:"kept" doc:"What could not be cancelled."`
	}
)

func seriesDateOf(one booking.Appointment) SeriesDateFields {
	return SeriesDateFields{one.ID, one.Start, one.TimeZone, one.State, one.Absent, one.Practitioner, one.PractitionerName}
}

// actsFor says for whom the one who asks may act. What cannot be found out is no.
func (a *api) actsFor(ctx context.Context) func(consult.AccountID) bool {
	known := map[consult.AccountID]bool{}
	return func(of consult.AccountID) bool {
		may, asked := known[of]
		if !asked {
			may = a.mayActFor(ctx, of) == nil
			known[of] = may
		}
		return may
	}
}

// inSeriesOf says where an appointment stands in its series; nil when it belongs to none. When the others cannot be read now, it stands without.
func (a *api) inSeriesOf(ctx context.Context, one booking.Appointment) *inSeriesBody {
	all, err := a.Book.InSeries(one)
	if err != nil || len(all) == 0 { // booking has logged it
		return nil
	}
	out := &inSeriesBody{Of: len(all), Dates: make([]SeriesDateFields, 0, len(all))}
	may := a.actsFor(ctx)
	for i, date := range all {
		if date.ID == one.ID {
			out.Number = i + 1
		}
		if may(date.Practitioner) {
			out.Dates = append(out.Dates, seriesDateOf(date))
		} else {
			out.Elsewhere++
		}
	}
	return out
}

func (a *api) cancelFollowing(ctx context.Context, in *onAppointment[cancelBody]) (*bodyOf[cancelledFollowingBody], error) {
	one, err := a.appointment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	r := booking.CancelRequest{By: a.practiceActor(ctx), Reason: in.Body.Reason, Quiet: !in.Body.Tell}
	results, err := a.Book.CancelFollowing(one.ID, r, a.actsFor(ctx))
	if err != nil {
		return nil, err
	}
	if len(results) > 0 && !slices.ContainsFunc(results, func(one booking.SeriesCancelled) bool {
		return one.Err == nil || errors.Is(one.Err, booking.ErrState)
	}) {
		return nil, results[0].Err // not the appointments are in the way
	}
	out := cancelledFollowingBody{Cancelled: []SeriesDateFields{}, Kept: []keptDateBody{}}
	for _, result := range results {
		if result.Err == nil {
			out.Cancelled = append(out.Cancelled, seriesDateOf(result.Appointment))
			continue
		}
		problem := problemOf(result.Err)
		out.Kept = append(out.Kept, keptDateBody{seriesDateOf(result.Appointment), problem.Code, problem.Detail})
	}
	return &bodyOf[cancelledFollowingBody]{out}, nil
}
