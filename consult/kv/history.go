package kv

import (
	"context"
	"fmt"
	"log/slog"
	"sort"
	"strings"
	"sync"
)

// historyBytes is how much of keys and values is kept, whatever their number: a watch that is so far behind reads everything again.
// A change of a consultation is some 5 kB.
const historyBytes = 4 << 20

// history keeps the latest changes in a ring, and the watches, each of which reads the ring at its own pace. A watch that
// the ring has overtaken is closed: nobody waits for a slow reader, and no reader misses a change without knowing.
type history struct {
	log *slog.Logger

	mu        sync.Mutex // guards the following
	ring      []Event    // event number n is at n modulo its length
	first     uint64     // number of the oldest event kept
	next      uint64     // number of the next event
	bytes     int
	revision  uint64 // of the store
	compacted uint64 // changes up to this revision are not all here
	watches   map[*watch]struct{}
	closed    bool

	closing chan struct{}  // closed with closed
	running sync.WaitGroup // watch goroutines
}

// watch is one reader.
type watch struct {
	prefix string
	from   uint64 // revision
	events chan Event
	wake   chan struct{} // one token: look again
	next   uint64        // number of the next event to look at; guarded by history.mu
}

func newHistory(size int, revision uint64, log *slog.Logger) *history {
	return &history{
		log: log, ring: make([]Event, size), revision: revision, compacted: revision,
		watches: map[*watch]struct{}{}, closing: make(chan struct{}),
	}
}

func (h *history) currentRevision() uint64 {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.revision
}

// publish adds what has reached the disk.
func (h *history) publish(revision uint64, events ...[]Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.revision = revision
	for _, of := range events {
		for _, e := range of {
			h.addLocked(e)
		}
	}
}

func (h *history) addLocked(e Event) {
	h.bytes += eventBytes(e)
	if h.next-h.first == uint64(len(h.ring)) {
		h.dropLocked()
	}
	for h.bytes > historyBytes && h.first < h.next {
		h.dropLocked()
	}
	*h.atLocked(h.next) = e
	for w := range h.watches {
		if w.next == h.next && !w.wants(e) {
			w.next++ // it has seen all so far and need not look at this one
			continue
		}
		select {
		case w.wake <- struct{}{}:
		default:
		}
	}
	h.next++
}

func (h *history) dropLocked() {
	oldest := h.atLocked(h.first)
	h.compacted = oldest.Revision
	h.bytes -= eventBytes(*oldest)
	*oldest = Event{}
	h.first++
}

func (h *history) atLocked(n uint64) *Event { return &h.ring[n%uint64(len(h.ring))] }

func eventBytes(e Event) int { return len(e.Key) + len(e.Value) }

func (w *watch) wants(e Event) bool {
	return e.Revision >= w.from && strings.HasPrefix(e.Key, w.prefix)
}

// watch starts a watch's goroutine, which ends with ctx, with close, or when the ring overtakes it.
func (h *history) watch(ctx context.Context, prefix string, from uint64) (<-chan Event, error) {
	if len(prefix) > MaxKey {
		return nil, fmt.Errorf("%w: prefix of %d bytes", ErrBadKey, len(prefix))
	}
	if err := checkPrintable(prefix); err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("kv: watch: %w", err)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return nil, ErrClosed
	}
	if from == 0 {
		from = h.revision + 1
	}
	if from <= h.compacted {
		return nil, fmt.Errorf("%w: %d, the oldest is %d", ErrCompacted, from, h.compacted+1)
	}
	w := &watch{prefix: prefix, from: from, events: make(chan Event), wake: make(chan struct{}, 1)}
	w.next = h.first + uint64(sort.Search(int(h.next-h.first), func(i int) bool {
		return h.atLocked(h.first+uint64(i)).Revision >= from
	}))
	h.watches[w] = struct{}{}
	h.running.Add(1)
	go h.send(ctx, w)
	return w.events, nil
}

// send is a watch's goroutine.
func (h *history) send(ctx context.Context, w *watch) {
	defer h.running.Done()
	defer close(w.events)
	defer h.remove(w)
	for {
		e, found, behind := h.take(w)
		switch {
		case behind:
			h.log.Warn("a watch was too slow and is closed", "prefix", w.prefix)
			return
		case found:
			select {
			case w.events <- e:
			case <-ctx.Done():
				return
			case <-h.closing:
				return
			}
		default:
			select {
			case <-w.wake:
			case <-ctx.Done():
				return
			case <-h.closing:
				return
			}
		}
	}
}

// take returns the next event that the watch wants.
func (h *history) take(w *watch) (e Event, found, behind bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if w.next < h.first {
		return Event{}, false, true
	}
	for w.next < h.next {
		e := h.atLocked(w.next)
		w.next++
		if w.wants(*e) {
			return *e, true, false
		}
	}
	return Event{}, false, false
}

func (h *history) remove(w *watch) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.watches, w)
}

// close ends all watches and waits for them.
func (h *history) close() {
	h.mu.Lock()
	if !h.closed {
		h.closed = true
		close(h.closing)
	}
	h.mu.Unlock()
	h.running.Wait()
}
