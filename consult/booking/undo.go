package booking

import (
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// ActionUndo takes back what somebody of the practice said of the visit by mistake. It is no transition of state.go: where it
// leads is where the appointment came from.
const ActionUndo Action = "undo"

// Undo takes back the last that somebody of the practice noted about the visit: here, absent, taken place, by phone, to be made again.
// seen is the ChangedAt of what they looked at, so that a second tap, or a colleague's, takes nothing more back. ErrState otherwise.
func (b *Book) Undo(id AppointmentID, seen time.Time, by Actor) (Appointment, error) {
	return b.change("undo", id, func(tx kv.Txn, c *changing) error {
		if !seen.Equal(c.after.ChangedAt) {
			return ErrState
		}
		if err := c.after.undo(by, c.now); err != nil {
			return err
		}
		return b.replan(tx, &c.after, c.service, c.now)
	})
}

// lived is an appointment's state after one of its changes.
type lived struct {
	state State
	by    Change
}

// life replays the history, without what was undone; false when it does not begin at the beginning any more.
func (a *Appointment) life() ([]lived, bool) {
	life := []lived{{}}
	for _, c := range a.History {
		if c.Action == ActionUndo {
			if len(life) < 2 {
				return nil, false
			}
			life = life[:len(life)-1]
			continue
		}
		if c.Action == ActionReplace || c.Action == ActionDecline || c.Action == ActionKeep { // the same visit
			continue
		}
		was := life[len(life)-1].state
		next, err := was.After(c.Action)
		if was == StateNoShow && c.Action == ActionAbsent {
			next, err = StateNoShow, nil // somebody else did not come
		}
		if err != nil {
			return nil, false
		}
		life = append(life, lived{next, c})
	}
	return life, life[len(life)-1].state == a.State
}

// CanUndo reports whether the last change is one that Undo takes back.
func (a *Appointment) CanUndo() bool {
	life, whole := a.life()
	if !whole || len(life) < 3 || life[len(life)-1].by.By.Kind != ByPractice {
		return false
	}
	switch life[len(life)-1].by.Action {
	case ActionArrive, ActionAbsent, ActionFulfil, ActionPhone, ActionRebook:
		return true
	}
	return false
}

func (a *Appointment) undo(by Actor, now time.Time) error {
	if !a.CanUndo() {
		return ErrState
	}
	life, _ := a.life()
	last, before := life[len(life)-1].by, life[len(life)-2]
	a.State, a.Absent = before.state, ""
	if before.state == StateNoShow {
		a.Absent = before.by.Who
	}
	if last.Action == ActionArrive && a.ArrivedAt.Equal(last.At) {
		a.ArrivedAt = time.Time{}
	}
	if a.State.ahead() {
		a.Sequence++ // its reminders are new ones: what was cancelled is never sent
	}
	a.note(Change{At: now, By: by, Action: ActionUndo})
	return nil
}
