package booking

import (
	"context"
	"errors"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// followBack is how far back appointments may have begun whose consultations are looked at after a start: what changed in the
// instant before the program died was not followed.
const followBack = 24 * time.Hour

// startFollower starts the goroutine "follower", which ends with Close.
func (b *Book) startFollower() error {
	if b.practice == nil {
		return nil
	}
	changed, err := b.practice.Changes(b.stopping)
	if err != nil {
		return err
	}
	b.tasks.Go(func() { b.follower(changed) })
	return nil
}

func (b *Book) follower(changed <-chan consult.ConsultationID) {
	for b.stopping.Err() == nil {
		b.catchUp(b.stopping)
		for id := range changed {
			b.followID(id)
		}
		var err error
		if changed, err = b.practice.Changes(b.stopping); err != nil {
			return // the practice is closed
		}
	}
}

// followID follows a consultation as it is now.
func (b *Book) followID(id consult.ConsultationID) {
	if _, err := b.kv.Get(callKey(id)); errors.Is(err, kv.ErrNotFound) {
		return // made for no appointment
	}
	c, err := b.practice.Consultation(id)
	if err == nil {
		err = b.follow(c)
	}
	if err != nil && !errors.Is(err, consult.ErrNotFound) {
		b.log.Error("appointment book", "action", "follow", "consultation", id, "error", err)
	}
}

// catchUp follows the consultations of the appointments that began lately or will soon.
func (b *Book) catchUp(ctx context.Context) {
	err := b.eachScheduled(func(of consult.AccountID) error {
		lately, err := b.Appointments(of, b.clock().Add(-followBack), b.clock().Add(b.cfg.OpensBefore))
		for _, a := range lately {
			if a.Consultation != "" && ctx.Err() == nil {
				b.followID(a.Consultation)
			}
		}
		return err
	})
	if err != nil {
		b.log.Error("appointment book", "action", "catch up", "error", err)
	}
}

// eachScheduled calls the function with everybody who has a schedule, until it fails.
func (b *Book) eachScheduled(do func(consult.AccountID) error) error {
	for from := ""; ; {
		entries, err := b.kv.Range(schedulePrefix, from, workPage)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if err := do(consult.AccountID(entry.Key[len(schedulePrefix):])); err != nil {
				return err
			}
		}
		if len(entries) < workPage {
			return nil
		}
		from = kv.After(entries[len(entries)-1].Key)
	}
}

// follow brings an appointment to where its consultation is: arrived, in visit, interrupted, fulfilled when it ended after both had met,
// cancelled, and the patient told so, when somebody ended it before its time and without a call.
// What it says already is not said again, and what somebody has decided since (absent, cancelled) stands.
func (b *Book) follow(c consult.Consultation) error {
	a, err := b.OfConsultation(c.ID)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, action := range followed(a, c) {
		if action == ActionCancel {
			_, err = b.Cancel(a.ID, CancelRequest{By: Actor{Kind: BySystem}})
		} else {
			_, err = b.Act(a.ID, action, Actor{Kind: BySystem})
		}
		if err != nil && !errors.Is(err, ErrState) {
			return err
		}
	}
	return nil
}

// followed is what happened to the consultation that the appointment does not say yet.
func followed(a Appointment, c consult.Consultation) []Action {
	var actions []Action
	came := c.State == consult.StateWaiting || !c.CalledAt.IsZero()
	if came && a.State == StateBooked {
		actions = append(actions, ActionArrive)
	}
	met := !c.LiveAt.IsZero()
	if met && (a.State == StateBooked || a.State == StateArrived) || (c.State == consult.StateLive && a.State == StateInterrupted) {
		actions = append(actions, ActionBegin)
	}
	switch {
	case c.State == consult.StateInterrupted && a.State == StateInVisit:
		actions = append(actions, ActionInterrupt)
	case c.State == consult.StateEnded && met && (a.State == StateBooked || a.State == StateArrived || a.State == StateInVisit || a.State == StateInterrupted):
		actions = append(actions, ActionFulfil)
	case c.State == consult.StateEnded && c.CalledAt.IsZero() && a.State == StateBooked && c.EndedAt.Before(a.Start):
		actions = append(actions, ActionCancel)
	}
	return actions
}
