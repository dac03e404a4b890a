package sfu

import "sync"

// Event is something that happened to a peer or in a room. Events are plain values: PeerUp, PeerLost, PeerFailed,
// LanesEvent, SpeakingEvent and QualityEvent.
type Event interface{ event() }

// PeerUp says that the peer's transport works; for the first time, or again after PeerLost.
type PeerUp struct{ Peer PeerID }

// PeerLost says that nothing came from the peer for Config.LostAfter. Its transport is kept, so that it may come back by itself
// or by an ICE restart.
type PeerLost struct{ Peer PeerID }

// PeerFailed says that the peer's transport is gone for good. The caller still has to Disconnect it.
type PeerFailed struct{ Peer PeerID }

// LaneUse says whose publication a lane carries.
type LaneUse struct {
	Mid    string
	Of     PeerID
	Source Source
}

// LanesEvent is what a peer's lanes carry now: a snapshot, in the order of the m-lines, audio first. A lane that is
// not named is silent. Missing counts the people and screen shares that found no lane: a peer that wants to see them
// offers as many more lanes of each kind (SFU.Renegotiate).
type LanesEvent struct {
	Peer    PeerID
	Lanes   []LaneUse
	Missing int
}

// SpeakingEvent is who speaks in a room now, in the order in which they began.
type SpeakingEvent struct {
	Room  RoomID
	Peers []PeerID
}

// Level is how well what a peer sends reaches the server.
type Level string

// The levels, by the share of packets that had to be asked for again (or never came) in the last two seconds.
const (
	LevelGood Level = "good" // under 3 %
	LevelWeak Level = "weak" // 3 % to 10 %
	LevelBad  Level = "bad"  // over 10 %
)

// QualityEvent says that the level of a peer's uplink changed. Every peer starts as good.
type QualityEvent struct {
	Peer  PeerID
	Level Level
}

func (PeerUp) event()        {}
func (PeerLost) event()      {}
func (PeerFailed) event()    {}
func (LanesEvent) event()    {}
func (SpeakingEvent) event() {}
func (QualityEvent) event()  {}

// eventQueue hands events to one function, in order, from one goroutine of its own. Putting never blocks, so it may be
// done under any lock.
type eventQueue struct {
	deliver func(Event)
	done    chan struct{}

	mu     sync.Mutex // guards the following
	wake   *sync.Cond
	queue  []Event
	closed bool
}

func newEventQueue(deliver func(Event)) *eventQueue {
	q := &eventQueue{deliver: deliver, done: make(chan struct{})}
	q.wake = sync.NewCond(&q.mu)
	go q.run()
	return q
}

func (q *eventQueue) put(e Event) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	q.queue = append(q.queue, e)
	q.wake.Signal()
}

// run is the goroutine "events". It ends when the queue is closed and empty.
func (q *eventQueue) run() {
	defer close(q.done)
	for {
		q.mu.Lock()
		for len(q.queue) == 0 && !q.closed {
			q.wake.Wait()
		}
		batch := q.queue
		q.queue = nil
		q.mu.Unlock()
		if len(batch) == 0 {
			return
		}
		for _, e := range batch {
			q.deliver(e)
		}
	}
}

// close delivers what is queued and waits for the goroutine.
func (q *eventQueue) close() {
	q.mu.Lock()
	q.closed = true
	q.wake.Broadcast()
	q.mu.Unlock()
	<-q.done
}
