package api

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
)

// Series of appointments: which dates there are, and what becomes of those that are left. operations_appointments_change.go books them.
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
	moveFollowingBody struct {
		Start time.Time `json:"start" doc:"Of this one. Those that follow are moved by as many days and minutes on the clocks of their practitioners."`
		Tell  bool      `json:"tell" doc:"Tell the patient."`
	}
	movedFollowingBody struct {
		Moved []SeriesDateFields `json:"moved" doc:"In order, with their new times."`
		Kept  []keptDateBody     `json:"kept" doc:"What stands where it stood: it has begun, or was changed by somebody else meanwhile."`
	}
	// TakenDateFields is one date of a series that cannot have its new time.
	TakenDateFields struct {
		SeriesDateFields
		Wall    string `json:"wall" doc:"The time that it would have, on clocks in its zone." example:"2026-12-01T09:00"`
		Skipped bool   `json:"skipped,omitempty" doc:"Clocks skip that time. Else it is not free."`
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
		} else {
			out.Kept = append(out.Kept, keptDateOf(result.Appointment, result.Err))
		}
	}
	return &bodyOf[cancelledFollowingBody]{out}, nil
}

func keptDateOf(one booking.Appointment, why error) keptDateBody {
	problem := problemOf(why)
	return keptDateBody{seriesDateOf(one), problem.Code, problem.Detail}
}

func (a *api) moveFollowing(ctx context.Context, in *onAppointment[moveFollowingBody]) (*bodyOf[movedFollowingBody], error) {
	one, err := a.appointment(ctx, in.ID)
	if err == nil {
		err = a.timeIsTheirs(ctx, "", in.Body.Start, "")
	}
	if err != nil {
		return nil, err
	}
	r := booking.SeriesMove{By: a.practiceActor(ctx), Start: in.Body.Start, Quiet: !in.Body.Tell}
	results, err := a.Book.MoveFollowing(one.ID, r, a.actsFor(ctx))
	if err != nil {
		return nil, err
	}
	out := movedFollowingBody{Moved: []SeriesDateFields{}, Kept: []keptDateBody{}}
	for _, result := range results {
		if result.Err == nil {
			out.Moved = append(out.Moved, seriesDateOf(result.Appointment))
		} else {
			out.Kept = append(out.Kept, keptDateOf(result.Appointment, result.Err))
		}
	}
	return &bodyOf[movedFollowingBody]{out}, nil
}

func takenDates(taken []booking.SeriesTaken) []TakenDateFields {
	out := make([]TakenDateFields, len(taken))
	for i, one := range taken {
		out[i] = TakenDateFields{seriesDateOf(one.Appointment), one.Wall, one.Skipped}
	}
	return out
}
