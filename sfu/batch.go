package sfu

import (
	"net/netip"
	"sync/atomic"
	"time"
)

// Sizes of what goes out at once. A frame of five packets for a hundred viewers fits.
const (
	batchBytes   = 512 << 10
	batchPackets = 512
	lentBytes    = 32 << 10 // of a batch that is lent to a goroutine that is not the socket's
	lentPackets  = 32
	batchDests   = 256 // places to find the last message of a destination in; a power of two
)

// Limits of one message that the kernel cuts into datagrams (UDP_SEGMENT, udp(7)).
const (
	segmentsMax     = 64
	segmentBytesMax = 65000 // an IP packet's 65,535 less headers
)

// target is where a peer's media goes: the address that its ICE agent selected. A new address is a new target.
type target struct {
	addr    netip.AddrPort
	relayed bool
	raw     rawAddr     // as the kernel wants it
	singly  atomic.Bool // the kernel does not cut messages for this one: its path is too narrow
}

func newTarget(s *Socket, addr netip.AddrPort) *target {
	addr = netip.AddrPortFrom(addr.Addr().Unmap(), addr.Port())
	return &target{addr: addr, relayed: isRelayed(addr.Addr()), raw: s.sys.address(addr)}
}

// batch gathers the packets that one batch of received datagrams gives rise to, and sends them together. It belongs to one
// goroutine at a time. Packets of equal size for one destination that follow each other become one message.
type batch struct {
	socket   *Socket
	buf      []byte
	used     int
	packets  []outPacket
	messages []message
	last     [batchDests]int32 // 1 + the index of the last message of a destination with this hash; 0: none
	sys      sysBatch
	stun     stunScratch
}

// outPacket is one encrypted packet in the buffer.
type outPacket struct {
	at, n int32
	next  int32 // of the same message; 0: none
}

// message is what one sending call takes: the packets of one destination, all of the same size but for a shorter last one.
type message struct {
	to          *target
	first, tail int32 // packets
	count       int
	segment     int32 // bytes of every packet but the last
	bytes       int
	closed      bool // a shorter packet ended it
}

func newBatch(s *Socket, bytes, packets int) *batch {
	return &batch{socket: s, buf: make([]byte, bytes), packets: make([]outPacket, 0, packets), messages: make([]message, 0, packets), stun: newSTUNScratch()}
}

// slot is the place to write the next packet into. It is valid until add.
func (b *batch) slot() []byte {
	if len(b.packets) == cap(b.packets) || len(b.buf)-b.used < maxDatagram {
		b.flush()
	}
	return b.buf[b.used : b.used+maxDatagram : b.used+maxDatagram]
}

// add sends the first n bytes of the slot to a target when the batch is flushed; to a relayed one at once.
func (b *batch) add(n int, to *target) {
	if to.relayed {
		_, _ = b.socket.send(b.buf[b.used:b.used+n], to.addr) // counted there
		return
	}
	index := int32(len(b.packets))
	b.packets = append(b.packets, outPacket{at: int32(b.used), n: int32(n)})
	b.used += n
	place := &b.last[to.addr.Port()%batchDests]
	if *place > 0 && b.socket.segments.Load() && !to.singly.Load() {
		if m := &b.messages[*place-1]; m.takes(to, n) {
			b.packets[m.tail].next = index
			m.tail = index
			m.count++
			m.bytes += n
			m.closed = int32(n) < m.segment
			return
		}
	}
	b.messages = append(b.messages, message{to: to, first: index, tail: index, count: 1, segment: int32(n), bytes: n})
	*place = int32(len(b.messages))
}

func (m *message) takes(to *target, n int) bool {
	return m.to == to && !m.closed && int32(n) <= m.segment && m.count < segmentsMax && m.bytes+n <= segmentBytesMax
}

// flush sends everything.
func (b *batch) flush() {
	if len(b.messages) == 0 {
		return
	}
	b.socket.sendBatch(b)
	for i := range b.messages {
		b.last[b.messages[i].to.addr.Port()%batchDests] = 0
	}
	clear(b.messages) // they hold on to targets
	b.messages, b.packets, b.used = b.messages[:0], b.packets[:0], 0
}

// done flushes what a batch of datagrams received at a time gave rise to, and notes how long it took.
func (b *batch) done(arrived time.Time) {
	n := len(b.packets)
	b.flush()
	if n > 0 {
		b.socket.transit.observe(time.Since(arrived), uint64(n))
	}
}

// borrow lends a batch to a goroutine that is not the socket's.
func (s *Socket) borrow() *batch {
	if b, ok := s.lent.Get().(*batch); ok {
		return b
	}
	return newBatch(s, lentBytes, lentPackets)
}

// giveBack takes a flushed batch back.
func (s *Socket) giveBack(b *batch) { s.lent.Put(b) }
