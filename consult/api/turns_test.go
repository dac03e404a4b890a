package api

import (
	"context"
	"errors"
	"runtime"
	"sync/atomic"
	"testing"
	"testing/synctest"
)

// TestTurns: no more compute at once than there are turns, and who goes away while waiting is let go.
func TestTurns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		turns := make(Turns, 2)
		var running, most atomic.Int32
		goOn := make(chan struct{})
		do := computed(turns, func(context.Context, *noBody) (*noBody, error) {
			most.Store(max(most.Load(), running.Add(1)))
			<-goOn
			running.Add(-1)
			return nil, nil
		})
		answered := make(chan error, 5)
		ctx, leave := context.WithCancel(t.Context())
		for range 4 {
			go func() { _, err := do(t.Context(), nil); answered <- err }()
		}
		synctest.Wait()
		go func() { _, err := do(ctx, nil); answered <- err }()
		synctest.Wait()
		leave()
		if err := <-answered; !errors.Is(err, errGone) {
			t.Errorf("who went away: %v", err)
		}
		close(goOn)
		for range 4 {
			if err := <-answered; err != nil {
				t.Error(err)
			}
		}
		if most.Load() != 2 || len(turns) != 0 {
			t.Errorf("%d at once, %d turns not given back", most.Load(), len(turns))
		}
	})
	if n := cap(NewTurns()); n < 1 || n >= runtime.GOMAXPROCS(0) && n != 1 {
		t.Errorf("%d turns", n)
	}
}
