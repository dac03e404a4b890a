package booking

import (
	"errors"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// A series is moved in more transactions than one: it has up to 52 dates, and each is some 40 operations. So all new times are held first; when
// one is not free, what is held is given back, and nothing has changed. Then a row says what is left to do, and each is moved into what is
// held for it:
//
//	v1/appointment-series-move/<series>   seriesMove, sealed
//
//	hold each ─▶ row ─▶ move each into its hold ─▶ row gone
//
// Whatever stops this before the row lets the holds lapse; after it, settleMoves goes on: at the next start, or before the next series moves.

// SeriesMove asks for another time for an appointment of a series and for those of it that start later: the same days and minutes further,
// on each practitioner's clock.
type SeriesMove struct {
	By    Actor
	Start time.Time // of the first
	Quiet bool      // by the practice: the patient is not told
}

// SeriesMoved is what became of one appointment of a series that was to be moved.
type SeriesMoved struct {
	Appointment Appointment // as it is now
	Err         error       // it stands where it stood, and why: it has begun, or somebody else changed it meanwhile
}

// SeriesTakenError says that some of a series cannot have their new times. Nothing was moved.
type SeriesTakenError struct{ Taken []SeriesTaken }

// SeriesTaken is one of them.
type SeriesTaken struct {
	Appointment Appointment
	Wall        string // the time that it would have, on clocks in its zone: "2026-12-01T09:00"
	Skipped     bool   // clocks skip it; else somebody else has it
}

// Error returns the sentence.
func (e *SeriesTakenError) Error() string { return errSeriesTaken.Error() }

// Unwrap returns the sentence with its code.
func (e *SeriesTakenError) Unwrap() error { return errSeriesTaken }

// seriesMove is what is left of a move.
type seriesMove struct {
	By    Actor        `json:"by"`
	Quiet bool         `json:"quiet,omitempty"`
	Dates []movingDate `json:"dates"` // in the order in which they move
}

type movingDate struct {
	ID   AppointmentID `json:"id"`
	Was  time.Time     `json:"was"` // one that has another start by now was changed by somebody else since
	To   time.Time     `json:"to"`
	Hold string        `json:"hold"` // its secret
}

const seriesMovePrefix = "v1/appointment-series-move/"

// MoveFollowing moves an appointment of a series and those of it that start later, all or none: *SeriesTakenError when some of the new times are
// not free. Those of practitioners who are not among mine stay; what has begun stays too, and is named. To the time that it has already is
// no change and no error.
func (b *Book) MoveFollowing(id AppointmentID, r SeriesMove, mine func(consult.AccountID) bool) ([]SeriesMoved, error) {
	b.seriesMoving.Lock()
	defer b.seriesMoving.Unlock()
	if err := b.settleMoves(); err != nil {
		return nil, b.fail("move series", id, err)
	}
	first, err := b.Appointment(id)
	if err != nil {
		return nil, err
	}
	if first.Series == "" || first.Start.IsZero() {
		return nil, errNoSeries
	}
	if _, err := first.State.After(ActionMove); err != nil {
		return nil, err
	}
	all, err := b.InSeries(first)
	if err != nil {
		return nil, err
	}
	var results []SeriesMoved
	var moving []Appointment
	for _, one := range all {
		if one.Start.Before(first.Start) || !one.State.takesTime() || !mine(one.Practitioner) {
			continue
		}
		_, err := one.State.After(ActionMove)
		if err == nil {
			moving = append(moving, one)
		}
		results = append(results, SeriesMoved{one, err})
	}
	if r.Start = wholeMinute(r.Start); r.Start.Equal(first.Start) {
		return results, nil
	}
	move, err := b.holdSeries(first, moving, r)
	if err != nil {
		return nil, b.failMoved(id, err)
	}
	if err := b.noteMove(first.Series, move); err != nil {
		b.giveBack(move)
		return nil, b.failMoved(id, err)
	}
	moved, err := b.finishMove(first.Series, move)
	if err != nil {
		return nil, b.failMoved(id, err)
	}
	for i := range results {
		if became, ok := moved[results[i].Appointment.ID]; ok {
			results[i] = became
		}
	}
	slices.SortStableFunc(results, func(x, y SeriesMoved) int { return x.Appointment.Start.Compare(y.Appointment.Start) })
	return results, nil
}

// failMoved lets *SeriesTakenError through.
func (b *Book) failMoved(id AppointmentID, err error) error {
	var taken *SeriesTakenError
	if errors.As(err, &taken) {
		return taken
	}
	return b.fail("move series", id, err)
}

// holdSeries holds the new times of all; *SeriesTakenError when that cannot be, then none.
func (b *Book) holdSeries(first Appointment, moving []Appointment, r SeriesMove) (*seriesMove, error) {
	zone, err := b.zone(first.TimeZone)
	if err != nil {
		return nil, err
	}
	shift := wallMinutes(r.Start.In(zone)) - wallMinutes(first.Start.In(zone))
	move := &seriesMove{By: r.By, Quiet: r.Quiet}
	leaving := make([]entryID, len(moving))
	for i, one := range moving {
		leaving[i] = entryIDOf(string(one.ID))
	}
	var taken []SeriesTaken
	for _, one := range moving {
		zone, err := b.zone(one.TimeZone)
		if err != nil {
			b.giveBack(move)
			return nil, err
		}
		wall := wallMinutes(one.Start.In(zone)) + shift
		to, ok := Date(wall/minutesPerDay).At(Clock(wall%minutesPerDay), zone)
		if one.ID == first.ID {
			to, ok = r.Start, true // of an hour that comes twice, the one that was chosen
		}
		if !ok {
			taken = append(taken, SeriesTaken{one, wallText(wall), true})
			continue
		}
		hold, err := b.holdBeside(one, r.By, to, leaving)
		if errors.Is(err, ErrTaken) {
			taken = append(taken, SeriesTaken{one, wallText(wall), false})
			continue
		}
		if err != nil {
			b.giveBack(move)
			return nil, err
		}
		move.Dates = append(move.Dates, movingDate{one.ID, one.Start, to, hold.Secret})
	}
	if len(taken) > 0 {
		b.giveBack(move)
		return nil, &SeriesTakenError{taken}
	}
	// Into what the next of the series leaves: the last goes first when they move later.
	if shift > 0 {
		slices.Reverse(move.Dates)
	}
	return move, nil
}

const minutesPerDay = 24 * 60

// wallMinutes are the minutes of what the clock shows since 1970-01-01T00:00.
func wallMinutes(t time.Time) int {
	return int(DateOf(t))*minutesPerDay + t.Hour()*60 + t.Minute()
}

func wallText(minutes int) string {
	return time.Unix(int64(minutes)*60, 0).UTC().Format(wallLayout)
}

// holdBeside holds a new time for an appointment, where those that leave do not stand in the way.
func (b *Book) holdBeside(one Appointment, by Actor, to time.Time, leaving []entryID) (Hold, error) {
	service, err := b.offeredNow(one.Service)
	if err != nil {
		return Hold{}, err
	}
	want := wish{by: by, practitioner: one.Practitioner, start: to, modality: one.Modality}
	if !service.gives(one.Practitioner) {
		return Hold{}, ErrTaken
	}
	q := Query{Service: service.ID, Practitioner: one.Practitioner, From: to, To: to.Add(time.Second), Modality: one.Modality, Everything: true}
	s, err := b.supply(service, q)
	if err != nil {
		return Hold{}, err
	}
	if len(s.givers) == 0 { // they have left
		return Hold{}, ErrTaken
	}
	g := &s.givers[0]
	for i := range g.days {
		for _, id := range leaving {
			g.days[i] = g.days[i].without(id, s.now)
		}
	}
	if !g.busy(s.now).free(service.padded(to.Unix())) {
		return Hold{}, ErrTaken
	}
	who := candidate{schedule: g.schedule, zone: g.zone, place: g.placeAt(to, service, q)}
	return b.hold(service, want, []candidate{who}, b.cfg.HoldLifetime, nil, leaving...)
}

func (b *Book) giveBack(move *seriesMove) {
	for _, one := range move.Dates {
		if err := b.Release(one.Hold); err != nil { // it lapses
			b.log.Warn("hold of a series", "appointment", one.ID, "error", err)
		}
	}
}

func (b *Book) noteMove(of SeriesID, move *seriesMove) error {
	key := seriesMovePrefix + string(of)
	value, err := seal(b.master, key, move)
	if err != nil {
		return err
	}
	return b.update(func(tx kv.Txn) error {
		if err := tx.Compare(key, 0); err != nil { // what is left of another move could not be done just now
			return err
		}
		return tx.Put(key, value)
	})
}

// finishMove moves each into what is held for it. What somebody else has changed since stays.
func (b *Book) finishMove(of SeriesID, move *seriesMove) (map[AppointmentID]SeriesMoved, error) {
	moved := map[AppointmentID]SeriesMoved{}
	with := &several{kind: consult.NoticeAppointmentMoved}
	for _, date := range move.Dates {
		one, err := b.moveDate(date, move, with)
		if err != nil && !errors.Is(err, ErrState) && !errors.Is(err, ErrTaken) && !errors.Is(err, ErrNotFound) {
			return nil, err // the row stays: what is left is done later
		}
		if err != nil {
			if err := b.Release(date.Hold); err != nil {
				return nil, err
			}
		}
		moved[date.ID] = SeriesMoved{one, err}
	}
	return moved, b.strike(seriesMovePrefix + string(of))
}

func (b *Book) moveDate(date movingDate, move *seriesMove, with *several) (Appointment, error) {
	one, err := b.Appointment(date.ID)
	if err != nil || one.Start.Equal(date.To) {
		return one, err
	}
	if !one.Start.Equal(date.Was) {
		return one, ErrState
	}
	r := MoveRequest{By: move.By, Hold: date.Hold, Quiet: move.Quiet, with: with}
	with.begin()
	moved, err := b.Move(date.ID, r)
	if errors.Is(err, ErrHoldLapsed) {
		r.Hold, r.Start = "", date.To
		moved, err = b.Move(date.ID, r)
	}
	if err != nil {
		return one, err
	}
	with.done()
	return moved, nil
}

// settleMoves does what the program before did not come to, or what an error of the store has left. What cannot be done now stays.
func (b *Book) settleMoves() error {
	rows, err := b.kv.Range(seriesMovePrefix, "", kv.MaxRange)
	if err != nil {
		return err
	}
	for _, row := range rows {
		var move seriesMove
		of := SeriesID(row.Key[len(seriesMovePrefix):])
		err := unseal(b.master, row, &move)
		if err == nil {
			_, err = b.finishMove(of, &move)
		}
		if err != nil {
			b.log.Error("what is left of a series that was moved", "series", of, "error", err)
		}
	}
	return nil
}
