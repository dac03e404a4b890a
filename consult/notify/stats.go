package notify

import (
	"errors"
	"sync"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Outcome is something that became of notices, counted since the program began.
type Outcome struct {
	Channel Channel
	Gateway string // name in the configuration; "" for mail, and for a text message that no gateway was asked for
	What    string // a State (sent, delivered, failed, uncertain), or "retried": it was not taken, and is tried again
}

// outcomeRetried is an attempt that came to nothing.
const outcomeRetried = "retried"

// Stats is what operators watch. It names no person, no number and no address.
type Stats struct {
	Outcomes map[Outcome]uint64
	// Waiting is how many notices should be gone by now, and Oldest how long the first of them has waited; those that are planned for
	// later, or for the morning, do not count.
	Waiting map[Channel]int
	Oldest  map[Channel]time.Duration
}

// maxCounted bounds what Stats reads of each channel: more are as bad as these.
const maxCounted = 2000

// counts are the outcomes since the program began.
type counts struct {
	mu sync.Mutex // guards the following
	of map[Outcome]uint64
}

func (c *counts) add(channel Channel, gateway, what string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.of[Outcome{channel, gateway, what}]++
}

func (c *counts) snapshot() map[Outcome]uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := make(map[Outcome]uint64, len(c.of))
	for k, n := range c.of {
		all[k] = n
	}
	return all
}

// Stats counts what waits, and says what became of the others.
func (o *Outbox) Stats() (Stats, error) {
	s := Stats{Outcomes: o.counts.snapshot(), Waiting: map[Channel]int{}, Oldest: map[Channel]time.Duration{}}
	for _, channel := range []Channel{ChannelMail, ChannelSMS} {
		var err error
		if s.Waiting[channel], s.Oldest[channel], err = o.waiting(channel); err != nil {
			return s, o.fail("stats", err)
		}
	}
	return s, nil
}

// waiting reads what is due, and what waits for another attempt: that is at most the longest back-off away.
func (o *Outbox) waiting(channel Channel) (n int, oldest time.Duration, err error) {
	now := o.clock()
	horizon := now.Add(2 * longestBackOff)
	for from := ""; n < maxCounted; {
		entries, err := o.store.Range(duePrefixOf(channel), from, scanBatch)
		if err != nil {
			return n, oldest, err
		}
		for _, entry := range entries {
			due, err := dueOf(entry.Key)
			if err != nil {
				continue // the dispatcher says so
			}
			if due.After(horizon) {
				return n, oldest, nil
			}
			since, waits, err := o.waitsSince(noticeOf(entry.Key), now)
			if err != nil {
				return n, oldest, err
			}
			if waits {
				n, oldest = n+1, max(oldest, age(since, now))
			}
		}
		if len(entries) < scanBatch {
			return n, oldest, nil
		}
		from = kv.After(entries[len(entries)-1].Key)
	}
	return n, oldest, nil
}

// waitsSince says since when a notice should be gone, and whether that time has come.
func (o *Outbox) waitsSince(id consult.NoticeID, now time.Time) (time.Time, bool, error) {
	r, err := loadRow(o.store, id)
	if errors.Is(err, kv.ErrNotFound) {
		return time.Time{}, false, nil
	}
	if err != nil {
		return time.Time{}, false, err
	}
	since := r.Since
	if since.IsZero() { // written by a version that did not say
		since = r.Due
	}
	return since, !since.After(now), nil
}
