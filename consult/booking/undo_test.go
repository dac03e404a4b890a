package booking

import (
	"errors"
	"math/rand/v2"
	"testing"
	"time"
)

// TestUndoOfRandomLives: whatever happened before, undoing leads to where the appointment came from, and what is undone can be said again.
func TestUndoOfRandomLives(t *testing.T) {
	actions := []Action{ActionApprove, ActionMove, ActionArrive, ActionBegin, ActionInterrupt, ActionFulfil, ActionPhone, ActionRebook, ActionAbsent}
	kinds := []ActorKind{ByPractice, ByPractice, BySystem}
	undone := 0
	for seed := range uint64(2000) {
		random := rand.New(rand.NewPCG(seed, 5))
		now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		a := Appointment{Start: now, End: now.Add(time.Hour)}
		if err := a.step(ActionBook, byPractice(), "", now); err != nil {
			t.Fatal(err)
		}
		for range 30 {
			now = now.Add(time.Minute)
			before := a
			by := Actor{Kind: kinds[random.IntN(len(kinds))]}
			if a.step(actions[random.IntN(len(actions))], by, "", now) != nil {
				if err := a.undo(byPractice(), now); err != nil && !errors.Is(err, ErrState) {
					t.Fatal(err)
				}
				continue
			}
			last := &a.History[len(a.History)-1]
			last.Who = a.Absent
			if !a.CanUndo() || random.IntN(2) == 0 {
				continue
			}
			if by.Kind != ByPractice || last.Action == ActionMove || last.Action == ActionBegin {
				t.Fatalf("seed %d: %+v could be undone", seed, *last)
			}
			if err := a.undo(byPractice(), now); err != nil {
				t.Fatal(err)
			}
			undone++
			if a.State != before.State || a.Absent != before.Absent || !a.ArrivedAt.Equal(before.ArrivedAt) {
				t.Fatalf("seed %d: undone to %s %q %s, was %s %q %s", seed, a.State, a.Absent, a.ArrivedAt, before.State, before.Absent, before.ArrivedAt)
			}
		}
	}
	if undone < 1000 {
		t.Errorf("only %d were undone", undone)
	}
}

// TestUndoOfALongLife: of an appointment whose beginning is forgotten nothing is taken back by guessing.
func TestUndoOfALongLife(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	a := Appointment{Start: now, End: now.Add(time.Hour)}
	for i, action := range append([]Action{ActionBook, ActionArrive}, make([]Action, maxHistory)...) {
		if i > 1 {
			action = []Action{ActionAbsent, ActionArrive}[i%2]
		}
		if err := a.step(action, byPractice(), "", now); err != nil {
			t.Fatal(err)
		}
	}
	before := a.State
	if err := a.undo(byPractice(), now); err == nil && a.State == before || err != nil && !errors.Is(err, ErrState) {
		t.Errorf("%s after %s: %v", a.State, before, err)
	}
}
