package booking

import (
	"fmt"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
)

// maxSeries bounds a series: a year of weeks.
const maxSeries = 52

// SeriesResult is what became of one date of a series.
type SeriesResult struct {
	Start  time.Time
	Booked Booked
	Err    error // *TakenError: the others stand
}

// BookSeries books the same wall time again and again, every so many weeks, beginning with the request's start; on the practitioner's
// clock, also when it is changed in between. The request names the practitioner. Each date is booked or not by itself, but that one text
// message tells the patient of all.
func (b *Book) BookSeries(r Request, weeks, count int) ([]SeriesResult, error) {
	if weeks < 1 || weeks > 52 || count < 2 || count > maxSeries || r.Start.IsZero() || r.Hold != "" || r.By.Kind == ByPatient {
		return nil, errBadSeries
	}
	schedule, err := b.Schedule(r.Practitioner)
	if err != nil {
		return nil, err
	}
	zone, err := b.zone(schedule.TimeZone)
	if err != nil {
		return nil, b.fail("series", "", err)
	}
	first := wholeMinute(r.Start).In(zone)
	clock := Clock(first.Hour()*60 + first.Minute())
	key := r.Key
	r.Series, r.with = newSeriesID(), &several{kind: consult.NoticeAppointment}
	results := make([]SeriesResult, count)
	for i := range results {
		start, ok := (DateOf(first) + Date(7*weeks*i)).At(clock, zone)
		results[i].Start, r.Start = start, start
		if !ok {
			results[i].Err = &TakenError{} // clocks skip it
			continue
		}
		if key != "" {
			r.Key = fmt.Sprintf("%s/%d", key, i)
		}
		r.with.begin()
		if results[i].Booked, results[i].Err = b.Book(r); results[i].Err == nil {
			r.with.done()
		}
	}
	return results, nil
}

// InSeries returns the appointments of the series to which this one belongs, itself among them, in the order of their starts as they are now;
// cancelled ones too, but no other that was entered in error. None: it belongs to no series.
func (b *Book) InSeries(a Appointment) ([]Appointment, error) {
	if a.Series == "" {
		return nil, nil
	}
	all, err := b.listed(seriesPrefix(a.Series), "", "")
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(one Appointment) bool { return one.State == StateInError && one.ID != a.ID }), nil
}

// SeriesCancelled is what became of one appointment of a series that was to be cancelled.
type SeriesCancelled struct {
	Appointment Appointment // as it is now
	Err         error       // it still stands, and why; the others are cancelled all the same
}

// CancelFollowing cancels an appointment of a series and those of it that start later, each as Cancel does and by itself, but that one text
// message tells the patient of all. Those of practitioners who are not among mine stay as they are. What is cancelled already is not named:
// once more does what is missing.
func (b *Book) CancelFollowing(id AppointmentID, r CancelRequest, mine func(consult.AccountID) bool) ([]SeriesCancelled, error) {
	if _, err := cleanText(r.Reason, maxText); err != nil {
		return nil, err
	}
	first, err := b.Appointment(id)
	if err != nil {
		return nil, err
	}
	if first.Series == "" {
		return nil, errNoSeries
	}
	all, err := b.InSeries(first)
	if err != nil {
		return nil, err
	}
	var results []SeriesCancelled
	r.with = &several{kind: consult.NoticeAppointmentCancelled}
	for _, one := range all {
		if one.Start.Before(first.Start) || !one.State.takesTime() || !mine(one.Practitioner) {
			continue
		}
		r.with.begin()
		cancelled, err := b.Cancel(one.ID, r)
		if err != nil {
			cancelled = one
		} else {
			r.with.done()
		}
		results = append(results, SeriesCancelled{cancelled, err})
	}
	return results, nil
}
