package booking

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
)

// Grid is a practitioner's book on some days, as the practice looks at it.
type Grid struct {
	Schedule     *Schedule // nil: there is none yet
	TimeZone     string    // of the days
	Days         []GridDay
	Appointments []Appointment // that start on these days, in order, cancelled ones too
}

// GridDay is the background of one day: what is open, and what is taken by no appointment.
type GridDay struct {
	Date     Date
	From, To time.Time  // the day itself, which is not always 24 hours long
	Open     []OpenTime // of this day, those too that began the day before; they may overlap, and end with the day
	Blocked  []Interval // by calendars, here and elsewhere
	Held     []Interval // kept for somebody who fills in a form
}

// OpenTime is when the practitioner can be booked.
type OpenTime struct {
	Interval
	Place      string
	Modalities []Modality  // none: those of the service
	Services   []ServiceID // none: all
}

// MaxGridDays is how much of a book is read at once.
const MaxGridDays = 42

// Grid reads a practitioner's book from one day to another, the last one too. Without a schedule its days are those of the zone
// otherwise.
func (b *Book) Grid(ctx context.Context, of consult.AccountID, from, to Date, otherwise string) (Grid, error) {
	if !OwnerOf(of).Valid() {
		return Grid{}, ErrNotFound
	}
	if to < from || to-from >= MaxGridDays {
		return Grid{}, errBadGrid
	}
	g, err := b.grid(ctx, of, from, to, otherwise)
	return g, b.fail("grid", "", err)
}

func (b *Book) grid(ctx context.Context, of consult.AccountID, from, to Date, otherwise string) (Grid, error) {
	who, err := b.giver(of, from-1, to+1)
	grid := Grid{Schedule: who.schedule, TimeZone: otherwise}
	switch {
	case errors.Is(err, ErrNotFound):
		if who.zone, err = b.zone(otherwise); err == nil {
			who.days, err = b.daysOf(OwnerOf(of), from-1, to+1)
		}
	case err == nil:
		grid.TimeZone = who.schedule.TimeZone
	}
	if err != nil {
		return Grid{}, err
	}
	now := b.clock().Unix()
	for d := from; d <= to; d++ {
		grid.Days = append(grid.Days, who.gridDay(d, now))
	}
	err = b.Each(ctx, of, grid.Days[0].From, grid.Days[len(grid.Days)-1].To, func(a Appointment) error {
		grid.Appointments = append(grid.Appointments, a)
		return nil
	})
	return grid, err
}

func (g *giver) gridDay(d Date, now int64) GridDay {
	wall := newWallDay(d, g.zone)
	day := span{wall.start, wall.end()}
	out := GridDay{Date: d, From: at(day.from), To: at(day.to)}
	if g.schedule != nil {
		for _, began := range []wallDay{newWallDay(d-1, g.zone), wall} {
			for _, h := range g.schedule.HoursOn(began.date) {
				from, _ := began.instant(h.From)
				to, _ := began.instant(h.until())
				if from, to = max(from, day.from), min(to, day.to); from < to {
					out.Open = append(out.Open, OpenTime{Interval{at(from), at(to)}, h.Place, h.Modalities, h.Services})
				}
			}
		}
		slices.SortFunc(out.Open, func(a, b OpenTime) int { return a.From.Compare(b.From) })
	}
	blocked := slices.Clone(g.external)
	for _, doc := range g.days {
		for _, e := range doc {
			switch {
			case e.kind == entryBlock:
				blocked = append(blocked, e.span)
			case e.kind == entryHold && e.holds(now) && e.overlaps(day):
				out.Held = append(out.Held, Interval{at(e.from), at(e.to)})
			}
		}
	}
	for _, s := range merged(blocked) {
		if s.overlaps(day) {
			out.Blocked = append(out.Blocked, Interval{at(max(s.from, day.from)), at(min(s.to, day.to))})
		}
	}
	return out
}

func at(unix int64) time.Time { return time.Unix(unix, 0).UTC() }

// Made returns what an earlier request with this key has made; Repeated says whether there is anything.
func (b *Book) Made(key string) (Booked, error) {
	made, err := b.repeated(b.kv, key)
	return made, b.fail("made", "", err)
}
