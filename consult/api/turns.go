package api

import (
	"context"
	"runtime"

	"github.com/colloque/colloque/consult"
)

// Turns bounds how many requests compute at once to one processor fewer than there are. The loop that forwards media wakes up when a
// packet comes, and then needs a processor at once: Go gives it one that has nothing to do, but takes none from a request before
// 10 ms are over. Only what computes and waits for nobody takes a turn: not the disk, not a slow browser, not a guard.
type Turns chan struct{}

// NewTurns returns the turns of a program; it needs one for all that answers requests.
func NewTurns() Turns { return make(Turns, max(1, runtime.GOMAXPROCS(0)-1)) }

// Compute calls the function when its turn has come, or fails when whoever asked went away meanwhile.
func (t Turns) Compute(ctx context.Context, do func()) error {
	select {
	case t <- struct{}{}:
		defer func() { <-t }()
		do()
		return nil
	case <-ctx.Done():
		return errGone
	}
}

// computed calls an operation when its turn has come.
func computed[I, O any](t Turns, do func(context.Context, *I) (*O, error)) func(context.Context, *I) (*O, error) {
	return func(ctx context.Context, in *I) (out *O, err error) {
		if gone := t.Compute(ctx, func() { out, err = do(ctx, in) }); gone != nil {
			return nil, gone
		}
		return out, err
	}
}

var errGone error = &consult.Error{Code: consult.CodeUnavailable, Message: "The connection ended before the answer."}
