package main

import (
	"context"
	"io"
)

// searching looks for the largest number of consultations with tolerable latency and loss.
type searching struct{ from, step, limit int }

// What is tolerable.
const (
	tolerableP99  = 50. // ms
	tolerableLoss = .5  // percent
)

// tolerable says whether a run is good enough.
func tolerable(r *result) bool {
	return r.RefusedJoins == 0 && r.Missing == 0 && r.Delivered > 0 && r.LatencyP99 <= tolerableP99 && r.LossPercent <= tolerableLoss
}

// search does so for each server. A number that was not good is tried once more: one hiccup of the machine must not decide.
func (c *campaign) search(ctx context.Context, out io.Writer) ([]*result, error) {
	var results []*result
	printHeadings(out, c.cases[0].scenario)
	for _, s := range c.servers {
		var worst *result // the smallest number that was not good
		n, err := largest(c.limit.from, c.limit.step, c.limit.limit, func(n int) (bool, error) {
			p := c.cases[0]
			p.size, p.rooms = n, n
			for range 2 {
				r, err := c.once(ctx, p, s, out)
				if err != nil {
					return false, err
				}
				results = append(results, r)
				if tolerable(r) {
					return true, nil
				}
				if worst == nil || r.Size <= worst.Size {
					worst = r
				}
			}
			return false, nil
		})
		if err != nil {
			return results, err
		}
		say(out, "\n%s: %d consultations with p99 ≤ %.0f ms and loss ≤ %.1f %%", s.name, n, tolerableP99, tolerableLoss)
		if worst != nil {
			say(out, "; at %d: p99 %.1f ms, loss %.2f %%, server %.2f cores, callbench %.2f and %.1f ms late",
				worst.Size, worst.LatencyP99, worst.LossPercent, worst.ServerCores, worst.OwnCores, worst.PacerP99)
		}
		say(out, "\n\n")
	}
	return results, nil
}
