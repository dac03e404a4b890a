package booking

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// TestRandomLives walks at random through what can happen to an appointment and checks what must always hold.
func TestRandomLives(t *testing.T) {
	actions := []Action{
		ActionRequest, ActionBook, ActionApprove, ActionRefuse, ActionMove, ActionCancel, ActionArrive, ActionBegin, ActionInterrupt, ActionFulfil,
		ActionPhone, ActionRebook, ActionAbsent, ActionMistake,
	}
	seen := map[State]bool{}
	for seed := range uint64(3000) {
		random := rand.New(rand.NewPCG(seed, 3))
		now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
		a := Appointment{Start: now.Add(time.Hour), End: now.Add(2 * time.Hour)}
		var way []string
		for range 40 {
			now = now.Add(time.Duration(random.IntN(20)) * time.Minute)
			action := actions[random.IntN(len(actions)-random.IntN(2))] // mistakes are final, and less often
			before := a
			err := a.step(action, Actor{Kind: ByPractice}, "", now)
			way = append(way, fmt.Sprintf("%s %v", action, err == nil))
			if problem := livesOn(before, a, action, err, now); problem != "" {
				t.Fatalf("seed %d: %s\n%v\n%+v", seed, problem, way, a)
			}
			seen[a.State] = true
		}
	}
	for _, state := range allStates() {
		if !seen[state] {
			t.Errorf("%s was not seen", state)
		}
	}
}

func allStates() []State {
	return []State{
		StateRequested, StateBooked, StateArrived, StateInVisit, StateInterrupted, StateFulfilled, StateByPhone, StateToRebook, StateNoShow,
		StateCancelled, StateRefused, StateInError,
	}
}

func livesOn(before, after Appointment, action Action, err error, now time.Time) string {
	if err != nil {
		if !errors.Is(err, ErrState) || after.State != before.State || len(after.History) != len(before.History) || after.Sequence != before.Sequence {
			return "a refused action changed something"
		}
		return ""
	}
	retimed := action == ActionMove || action == ActionCancel || action == ActionRefuse || action == ActionMistake || action == ActionApprove
	switch {
	case before.State == StateInError, before.State == "" && action != ActionBook && action != ActionRequest:
		return "that is not possible"
	case !before.State.takesTime() && before.State != "" && after.State.takesTime():
		return "it came back to life" // an old link never makes it anew
	case retimed != (after.Sequence == before.Sequence+1), after.Sequence < before.Sequence:
		return "the sequence is wrong"
	case len(after.History) != len(before.History)+1 || after.ChangedAt != now:
		return "the history is wrong"
	case (after.State == StateNoShow) != (after.Absent != "") && after.State.takesTime():
		return "absent without a no-show, or the other way round"
	case !after.State.takesTime() && after.Absent != "":
		return "somebody is absent from what is cancelled"
	case after.State == StateArrived && after.ArrivedAt.IsZero(), after.State == StateInVisit && (after.ArrivedAt.IsZero() || after.PractitionerAt.IsZero()):
		return "nobody arrived"
	case after.State == StateBooked && !after.ArrivedAt.IsZero() && action == ActionMove:
		return "moved, and arrived already"
	}
	return ""
}
