package caldav

import (
	"context"
	"time"

	"github.com/colloque/colloque/consult/booking"
)

// expandEvery is at most how long the expander sleeps: nothing is due sooner than a month after it was put.
const expandEvery = time.Hour

// expander works out anew, as time goes on, when events that come again take time: the goroutine of the name.
func (s *Server) expander(ctx context.Context) {
	for {
		timer := time.NewTimer(s.expandDue())
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-timer.C:
		}
	}
}

// expandDue does what is due, and returns how long there is nothing more to do.
func (s *Server) expandDue() time.Duration {
	due, next, err := s.deps.Book.EventsDue()
	if err != nil {
		return expandEvery // the book has logged it
	}
	failed := false
	for _, d := range due {
		if err := s.expand(d); err != nil {
			failed = true
			s.deps.Log.Error("calendar server", "action", "expand", "event", d.Event.ID, "error", err)
		}
	}
	if wait := next.Sub(s.deps.Clock()); !next.IsZero() && wait < expandEvery && !failed {
		return max(wait, time.Second)
	}
	return expandEvery
}

// expand notes when an event takes time from now on. One that cannot be read any more keeps what it has.
func (s *Server) expand(d booking.DueEvent) error {
	zone, err := s.zoneOf(d.Of)
	if err != nil {
		return err
	}
	busy, until := d.Event.Busy, d.Event.Until
	if e, err := readEvent([]byte(d.Event.Text), zone, s.deps.Clock()); err == nil {
		busy, until = e.busy, e.until
	}
	return s.deps.Book.ExpandEvent(d.Of, d.Event, busy, until)
}
