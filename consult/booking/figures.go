package booking

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
)

// Late is how short before its start an appointment is cancelled late: too late for the time to be of use to somebody else.
const Late = 24 * time.Hour

// MonthForm is how a month is written: "2026-11".
const MonthForm = "2006-01"

// Figures is what became of the appointments of one service that were agreed for one month. Booked is the sum of all others but Moved.
// What was asked for and never agreed, and what was entered by mistake, counts nowhere.
type Figures struct {
	Month              string // of the wall time
	Service            ServiceID
	Label              string // of the service, as the latest of these appointments has it
	Booked             int
	Fulfilled          int // by phone also
	NoShowPatient      int
	NoShowPractitioner int
	CancelledLate      int // less than Late before the start, whoever did
	CancelledEarly     int // or nobody knows when: another book kept it
	BrokenOff          int // it began, and is to be made again
	Unsaid             int // over, and nobody said what became of it
	Ahead              int // not over yet
	Moved              int // of all these, how many were given another time at least once
}

// count adds an appointment.
func (f *Figures) count(a *Appointment, now time.Time) {
	f.Booked, f.Label = f.Booked+1, a.Label
	if slices.ContainsFunc(a.History, func(c Change) bool { return c.Action == ActionMove }) {
		f.Moved++
	}
	switch a.State {
	case StateFulfilled, StateByPhone:
		f.Fulfilled++
	case StateNoShow:
		if a.Absent == AbsentPractitioner {
			f.NoShowPractitioner++
		} else {
			f.NoShowPatient++
		}
	case StateCancelled:
		if a.cancelledLate() {
			f.CancelledLate++
		} else {
			f.CancelledEarly++
		}
	case StateToRebook:
		f.BrokenOff++
	default:
		if now.Before(a.End) {
			f.Ahead++
		} else {
			f.Unsaid++
		}
	}
}

// cancelledLate reports whether an appointment that was cancelled was so late. What was written down when it was over already was cancelled
// nobody knows when.
func (a *Appointment) cancelledLate() bool {
	return a.Notice != noticeUnknown && a.Notice < Late && a.CreatedAt.Before(a.Start)
}

// agreed reports whether it ever was more than a request.
func (a *Appointment) agreed() bool {
	switch a.State {
	case "", StateRequested, StateRefused, StateInError:
		return false
	case StateCancelled:
		return slices.ContainsFunc(a.History, func(c Change) bool {
			return c.Action == ActionBook || c.Action == ActionApprove || c.Action == ActionArrive
		})
	}
	return true
}

var errBadMonths error = &consult.Error{Code: consult.CodeBadMessage, Message: "Figures are asked for at most 36 months at once, written like 2026-11."}

// MaxMonths is how many months of figures are computed at once.
const MaxMonths = 36

// Figures returns what became of the appointments of these practitioners from one month (MonthForm) to another, the last one too, in
// order of month and label. It reads each of them once, and holds none.
func (b *Book) Figures(ctx context.Context, of []consult.AccountID, from, to string) ([]Figures, error) {
	first, errFrom := time.Parse(MonthForm, from)
	last, errTo := time.Parse(MonthForm, to)
	if errFrom != nil || errTo != nil || last.Before(first) || first.AddDate(0, MaxMonths, 0).Before(last.AddDate(0, 1, 0)) {
		return nil, errBadMonths
	}
	type cell struct {
		month   string
		service ServiceID
	}
	cells := map[cell]*Figures{}
	now := b.clock()
	for _, one := range of {
		// A day more on both sides: the months are those of the wall.
		err := b.Each(ctx, one, first.AddDate(0, 0, -1), last.AddDate(0, 1, 1), func(a Appointment) error {
			month, _, _ := strings.Cut(a.Wall, "T")
			month = month[:min(len(from), len(month))]
			if month < from || month > to || !a.agreed() {
				return nil
			}
			at := cell{month, a.Service}
			if cells[at] == nil {
				cells[at] = &Figures{Month: month, Service: a.Service}
			}
			cells[at].count(&a, now)
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	all := make([]Figures, 0, len(cells))
	for _, f := range cells {
		all = append(all, *f)
	}
	slices.SortFunc(all, func(a, b Figures) int {
		return cmp.Or(cmp.Compare(a.Month, b.Month), cmp.Compare(a.Label, b.Label), cmp.Compare(a.Service, b.Service))
	})
	return all, nil
}

// Unsaid returns the appointments of these practitioners that began since an instant and are over, and of which nobody has said
// what became of them, the latest first; at most limit. Proposal says what it looks like. What was over already when it was
// written down (an import) is left out.
func (b *Book) Unsaid(ctx context.Context, of []consult.AccountID, since time.Time, limit int) ([]Appointment, error) {
	now := b.clock()
	var all []Appointment
	for _, one := range of {
		err := b.Each(ctx, one, since, now, func(a Appointment) error {
			switch a.State {
			case StateBooked, StateArrived, StateInVisit, StateInterrupted:
				if !now.Before(a.End) && a.End.After(a.CreatedAt) {
					all = append(all, a)
				}
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortFunc(all, func(a, b Appointment) int { return cmp.Or(b.Start.Compare(a.Start), cmp.Compare(a.ID, b.ID)) })
	return all[:min(len(all), limit)], nil
}
