package booking

import (
	"fmt"
	"time"
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
