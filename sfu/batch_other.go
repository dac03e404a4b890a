//go:build !linux

package sfu

import (
	"net"
	"net/netip"
	"time"
)

// This file stands for batch_linux.go elsewhere: one datagram at a time.

// reader reads one datagram at a time.
type reader struct {
	conn *net.UDPConn
	b    [maxDatagram + 1]byte
	n    int
	from netip.AddrPort
}

func newReader(s *Socket) *reader { return &reader{conn: s.sys.conn} }

func (r *reader) read(time.Time) (int, error) {
	n, from, err := r.conn.ReadFromUDPAddrPort(r.b[:])
	r.n, r.from = n, netip.AddrPortFrom(from.Addr().Unmap(), from.Port())
	if err != nil {
		return 0, err
	}
	return 1, nil
}

func (r *reader) datagram(int) ([]byte, netip.AddrPort) { return r.b[:r.n], r.from }

type sysBatch struct{}

func (s *Socket) sendBatch(b *batch) {
	for i := range b.messages {
		m := &b.messages[i]
		for at, n := m.first, m.count; n > 0; n-- {
			p := &b.packets[at]
			_, _ = s.send(b.buf[p.at:p.at+p.n], m.to.addr) // counted there
			at = p.next
		}
	}
}
