package booking

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// The times of events stand in day documents, cut at midnight, so that events of any length do. One transaction takes daysAtOnce of
// them; an event that touches more is reserved and then settled, in several, with a row that says so in between:
//
//	v1/calendar-event-half/<account>/<event>   days in which more may stand than the event's record says
//
//	reserve: row ─▶ new times added beside the old, unless an appointment is there ─▶ record ─▶ settle: days as the record says ─▶ row gone
//
// Whatever stops this half way, settle brings the days to what the record says: at the next start, or at the next change.
const daysAtOnce = 22 // of 3 operations each

// blockedDays are intervals as what they take of each day in UTC.
func blockedDays(busy []Interval) map[Date][]span {
	days := map[Date][]span{}
	for _, s := range merged(spansOf(busy)) {
		for first, last := s.utcDays(); first <= last; first++ {
			midnight := int64(first) * secondsPerDay
			days[first] = append(days[first], span{max(s.from, midnight), min(s.to, midnight+secondsPerDay)})
		}
	}
	return days
}

// daysOf are all days of these, in order.
func daysOf(of ...map[Date][]span) []Date {
	all := map[Date]bool{}
	for _, days := range of {
		for day := range days {
			all[day] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// block writes what an event takes of some days, instead of what it took. 3 operations a day.
func (b *Book) block(tx kv.Txn, of consult.AccountID, id EventID, on []Date, is map[Date][]span, check bool) error {
	open := openDays(tx, b.clock())
	for _, date := range on {
		day, err := open.of(OwnerOf(of), date)
		if err != nil {
			return err
		}
		day.doc, day.changed = day.doc.without(entryIDOf(string(id)), open.now), true
		for _, s := range is[date] {
			if check {
				if err := day.doc.overlapped(s, open.now); err != nil {
					return err
				}
			}
			day.doc = day.doc.with(entry{kind: entryBlock, id: entryIDOf(string(id)), span: s, start: s.from})
		}
		if len(day.doc) > maxEntries {
			return errDayFull
		}
	}
	return open.write()
}

// overlapped is *OverlapError when there is something other than events in the span.
func (d dayDoc) overlapped(s span, now int64) error {
	for _, e := range d {
		if e.kind != entryBlock && e.overlaps(s) && e.holds(now) {
			return &OverlapError{time.Unix(e.start, 0).UTC()}
		}
	}
	return nil
}

// reserve adds the times that an event is to have to the days, beside those that it has. When it fails they are as they were.
func (b *Book) reserve(of consult.AccountID, id EventID, p EventPut, is map[Date][]span, touched []Date) error {
	err := b.update(func(tx kv.Txn) error {
		had, err := b.loadEvent(tx, of, id)
		if err != nil {
			return err
		}
		if err := p.allowed(had); err != nil {
			return err
		}
		return putJSON(tx, eventHalfKey(of, id), touched)
	})
	if err != nil {
		return err
	}
	for some := range slices.Chunk(touched, daysAtOnce) {
		err = b.update(func(tx kv.Txn) error {
			had, err := b.loadEvent(tx, of, id)
			if err != nil {
				return err
			}
			both := blockedDays(slices.Concat(had.Busy, p.Busy))
			if !p.over {
				open := openDays(tx, b.clock())
				for _, date := range some {
					day, err := open.of(OwnerOf(of), date)
					if err != nil {
						return err
					}
					for _, s := range is[date] {
						if err := day.doc.overlapped(s, open.now); err != nil {
							return err
						}
					}
				}
			}
			return b.block(tx, of, id, some, both, false)
		})
		if err != nil {
			return errors.Join(err, b.settle(of, id, touched))
		}
	}
	return nil
}

// settle brings days to what the record of an event says, and strikes the row off that says it is to be done.
func (b *Book) settle(of consult.AccountID, id EventID, on []Date) error {
	for some := range slices.Chunk(on, daysAtOnce) {
		err := b.update(func(tx kv.Txn) error {
			is, err := b.loadEvent(tx, of, id)
			if err != nil {
				return err
			}
			return b.block(tx, of, id, some, blockedDays(is.Busy), false)
		})
		if err != nil {
			return err
		}
	}
	return b.strike(eventHalfKey(of, id))
}

// settled returns an event, after what was left half done of it is done.
func (b *Book) settled(of consult.AccountID, id EventID) (storedEvent, error) {
	entry, err := b.kv.Get(eventHalfKey(of, id))
	if err == nil {
		err = b.settleRow(of, id, entry)
	}
	if err != nil && !errors.Is(err, kv.ErrNotFound) {
		return storedEvent{}, err
	}
	return b.loadEvent(b.kv, of, id)
}

func (b *Book) settleRow(of consult.AccountID, id EventID, row kv.Entry) error {
	var on []Date
	if err := json.Unmarshal(row.Value, &on); err != nil {
		return fmt.Errorf("booking: decode %s: %w", row.Key, err)
	}
	return b.settle(of, id, on)
}

// settleHalf does, after a start, what the program before did not come to.
func (b *Book) settleHalf() error {
	for {
		rows, err := b.kv.Range(eventHalfPrefix, "", workPage)
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, row := range rows {
			of, id, _ := strings.Cut(row.Key[len(eventHalfPrefix):], "/")
			if err := b.settleRow(consult.AccountID(of), EventID(id), row); err != nil {
				return err
			}
		}
	}
}
