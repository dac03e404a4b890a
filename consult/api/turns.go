package api

import (
	"context"
	"runtime"

	"github.com/colloque/colloque/consult"
)

// turns bounds how many operations compute at once to one processor fewer than there are. The loop that forwards media wakes up when a
// packet comes, and then needs a processor at once: Go gives it one that has nothing to do, but takes none from an operation before
// 10 ms are over. Only what computes and waits for nobody takes a turn: not the disk, not a slow browser, not a guard.
type turns chan struct{}

func newTurns() turns { return make(turns, max(1, runtime.GOMAXPROCS(0)-1)) }

// computed calls an operation when its turn has come, or fails when whoever asked went away meanwhile.
func computed[I, O any](t turns, do func(context.Context, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (*O, error) {
		select {
		case t <- struct{}{}:
			defer func() { <-t }()
			return do(ctx, in)
		case <-ctx.Done():
			return nil, errGone
		}
	}
}

var errGone error = &consult.Error{Code: consult.CodeUnavailable, Message: "The connection ended before the answer."}
