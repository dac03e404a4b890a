package sfu

import (
	"net"
	"net/netip"
	"os"
	"sync"
	"time"
)

// maxDatagram is the longest datagram taken in. Browsers stay under 1,280 bytes; DTLS flights and TURN may come near an
// Ethernet frame.
const maxDatagram = 1600

// datagram is one received datagram, in a buffer that goes back to the pool.
type datagram struct {
	from    netip.AddrPort
	arrived time.Time // of media that came before its keys
	n       int
	b       [maxDatagram]byte
}

// datagramPool recycles buffers between the socket and the queues.
type datagramPool struct{ pool sync.Pool }

func (p *datagramPool) get() *datagram {
	if d, ok := p.pool.Get().(*datagram); ok {
		return d
	}
	return new(datagram)
}

func (p *datagramPool) put(d *datagram) { p.pool.Put(d) }

// datagramQueue is a bounded FIFO of received datagrams with the reading half of a net.PacketConn. A full queue refuses
// the newest: whoever puts never waits.
type datagramQueue struct {
	pool *datagramPool
	wake chan struct{} // holds one token while there may be something to do

	mu       sync.Mutex // guards the following
	ring     []*datagram
	head, n  int
	deadline time.Time
	closed   bool
}

func newDatagramQueue(pool *datagramPool, size int) *datagramQueue {
	return &datagramQueue{pool: pool, wake: make(chan struct{}, 1), ring: make([]*datagram, size)}
}

// put copies b into the queue; false when it is full or closed.
func (q *datagramQueue) put(b []byte, from netip.AddrPort) bool {
	if len(b) > maxDatagram {
		return false
	}
	q.mu.Lock()
	if q.closed || q.n == len(q.ring) {
		q.mu.Unlock()
		return false
	}
	d := q.pool.get()
	d.n, d.from = copy(d.b[:], b), from
	q.ring[(q.head+q.n)%len(q.ring)] = d
	q.n++
	q.mu.Unlock()
	q.signal()
	return true
}

func (q *datagramQueue) signal() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// read waits for a datagram, for the deadline or for the end of the queue.
func (q *datagramQueue) read(b []byte) (int, netip.AddrPort, error) {
	for {
		q.mu.Lock()
		if q.closed {
			q.mu.Unlock()
			q.signal() // for another reader
			return 0, netip.AddrPort{}, net.ErrClosed
		}
		if q.n > 0 {
			d := q.ring[q.head]
			q.ring[q.head] = nil
			q.head = (q.head + 1) % len(q.ring)
			q.n--
			more := q.n > 0
			q.mu.Unlock()
			if more {
				q.signal()
			}
			n, from := copy(b, d.b[:d.n]), d.from
			q.pool.put(d)
			return n, from, nil
		}
		deadline := q.deadline
		q.mu.Unlock()
		if err := q.wait(deadline); err != nil {
			return 0, netip.AddrPort{}, err
		}
	}
}

func (q *datagramQueue) wait(deadline time.Time) error {
	if deadline.IsZero() {
		<-q.wake
		return nil
	}
	left := time.Until(deadline)
	if left <= 0 {
		return os.ErrDeadlineExceeded
	}
	t := time.NewTimer(left)
	defer t.Stop()
	select {
	case <-q.wake:
		return nil
	case <-t.C:
		return os.ErrDeadlineExceeded
	}
}

func (q *datagramQueue) setDeadline(t time.Time) {
	q.mu.Lock()
	q.deadline = t
	q.mu.Unlock()
	q.signal()
}

// drain gives what is left in the queue to f.
func (q *datagramQueue) drain(f func(b []byte)) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for ; q.n > 0; q.n-- {
		d := q.ring[q.head]
		f(d.b[:d.n])
		q.pool.put(d)
		q.ring[q.head] = nil
		q.head = (q.head + 1) % len(q.ring)
	}
}

func (q *datagramQueue) close() {
	q.mu.Lock()
	q.closed = true
	for ; q.n > 0; q.n-- {
		q.pool.put(q.ring[q.head])
		q.ring[q.head] = nil
		q.head = (q.head + 1) % len(q.ring)
	}
	q.mu.Unlock()
	q.signal()
}
