package booking

import (
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
)

// Drift is an appointment whose instant no longer is what clocks show as it was agreed: the rules of its zone have changed since.
type Drift struct {
	Appointment Appointment
	Should      time.Time // the instant of Appointment.Wall by the rules of now; zero when clocks skip it
}

// Drifted returns the coming appointments of a practitioner whose instant no longer fits their wall time; it looks at the next 1,000.
// Move to Should keeps what was agreed, and tells the patient's calendar. They are in the order in which they can be moved: none to where
// another of them still stands.
func (b *Book) Drifted(of consult.AccountID) ([]Drift, error) {
	coming, err := b.Appointments(of, b.clock(), time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC))
	if err != nil {
		return nil, err
	}
	var earlier, later []Drift
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
		switch {
		case should.Equal(a.Start) || wallOf(a.Start, zone) == a.Wall:
		case should.After(a.Start):
			later = append(later, Drift{a, should})
		default:
			earlier = append(earlier, Drift{a, should})
		}
	}
	slices.Reverse(later) // to a later hour: the last one first
	return append(earlier, later...), nil
}
