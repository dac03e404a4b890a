package booking

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
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

// block is what stands under a BlockID.
type block struct {
	Owner OwnerID `json:"owner"`
	From  int64   `json:"from"`
	To    int64   `json:"to"`
}

// maxBlock is the longest time that is kept free at once: its days are operations of one transaction.
const maxBlock = 14 * 24 * time.Hour

// Block keeps a time free of appointments, for an event in the owner's calendar; the same id again moves it. ErrTaken when it overlaps
// an appointment or a hold. Blocks may overlap each other.
func (b *Book) Block(id BlockID, owner OwnerID, at Interval) error {
	s := span{at.From.Unix(), at.To.Unix()}
	if !id.Valid() || !owner.Valid() || s.to <= s.from || at.To.Sub(at.From) > maxBlock {
		return errBadBlock
	}
	return b.fail("block", "", b.update(func(tx kv.Txn) error {
		open := openDays(tx, b.clock())
		if err := b.unblock(tx, open, id); err != nil {
			return err
		}
		first, last := s.utcDays()
		for day := first; day <= last; day++ {
			of, err := open.of(owner, day)
			if err != nil {
				return err
			}
			for _, e := range of.doc {
				if e.kind != entryBlock && e.overlaps(s) && e.holds(open.now) {
					return ErrTaken
				}
			}
		}
		if err := open.add(owner, entry{kind: entryBlock, id: string(id), span: s, start: s.from}); err != nil {
			return err
		}
		if err := putJSON(tx, blockKey(id), block{owner, s.from, s.to}); err != nil {
			return err
		}
		return open.write()
	}))
}

// Unblock gives a time back. It is no error if there is no such block.
func (b *Book) Unblock(id BlockID) error {
	if !id.Valid() {
		return errBadBlock
	}
	return b.fail("unblock", "", b.update(func(tx kv.Txn) error {
		open := openDays(tx, b.clock())
		if err := b.unblock(tx, open, id); err != nil {
			return err
		}
		if err := tx.Delete(blockKey(id)); err != nil {
			return err
		}
		return open.write()
	}))
}

func (b *Book) unblock(tx kv.Txn, open *days, id BlockID) error {
	entry, err := tx.Get(blockKey(id))
	if errors.Is(err, kv.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	var was block
	if err := json.Unmarshal(entry.Value, &was); err != nil {
		return fmt.Errorf("booking: decode %s: %w", entry.Key, err)
	}
	return open.remove(was.Owner, span{was.From, was.To}, string(id))
}
