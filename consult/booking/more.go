package booking

import (
	"fmt"
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
// clock, also when it is changed in between. The request names the practitioner. Each date is booked or not by itself.
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
	r.Series = newSeriesID()
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
		results[i].Booked, results[i].Err = b.Book(r)
	}
	return results, nil
}

// Drift is an appointment whose instant no longer is what clocks show as it was agreed: the rules of its zone have changed since.
type Drift struct {
	Appointment Appointment
	Should      time.Time // the instant of Appointment.Wall by the rules of now; zero when clocks skip it
}

// Drifted returns the coming appointments of a practitioner whose instant no longer fits their wall time; it looks at the next 1,000.
// Move to Should keeps what was agreed, and tells the patient's calendar.
func (b *Book) Drifted(of consult.AccountID) ([]Drift, error) {
	coming, err := b.Appointments(of, b.clock(), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		return nil, err
	}
	return b.drifted(coming)
}

func (b *Book) drifted(coming []Appointment) ([]Drift, error) {
	var drifted []Drift
	for _, a := range coming {
		if !a.State.takesTime() {
			continue
		}
		zone, err := b.zone(a.TimeZone)
		if err != nil {
			return nil, b.fail("drifted", a.ID, err)
		}
		should, ok := instantOf(a.Wall, zone)
		if !ok {
			should = time.Time{}
		}
		// What clocks show twice was the first when it was agreed; either fits.
		if !should.Equal(a.Start) && wallOf(a.Start, zone) != a.Wall {
			drifted = append(drifted, Drift{a, should})
		}
	}
	return drifted, nil
}
