package sfu

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// This file speaks to the kernel in batches: recvmmsg(2) in, sendmmsg(2) with UDP_SEGMENT out. The blocking call of the
// reading goroutine is made on purpose: a wake-up by the runtime's poller costs two more system calls and another thread.

const (
	readBatch  = 64   // datagrams
	readBuffer = 2048 // bytes of one: more than maxDatagram, so that a longer one is seen to be longer
)

// rawAddr is a socket address as the kernel wants it, for a socket of one family.
type rawAddr struct {
	b [unix.SizeofSockaddrInet6]byte
	n uint32
}

// sysSocket is what batches need to know of the socket.
type sysSocket struct {
	raw syscall.RawConn
	v6  bool // an IPv6 socket; it speaks to IPv4 by mapped addresses
}

func newSysSocket(conn *net.UDPConn) (s sysSocket, segments bool, err error) {
	if s.raw, err = conn.SyscallConn(); err != nil {
		return s, false, err
	}
	var inner error
	err = s.raw.Control(func(fd uintptr) {
		family, e := unix.GetsockoptInt(int(fd), unix.SOL_SOCKET, unix.SO_DOMAIN)
		if e != nil {
			inner = e
			return
		}
		s.v6 = family == unix.AF_INET6
		_, e = unix.GetsockoptInt(int(fd), unix.SOL_UDP, unix.UDP_SEGMENT)
		segments = e == nil // Linux 4.18
		inner = unix.SetNonblock(int(fd), false)
	})
	return s, segments, errors.Join(err, inner)
}

// wake makes the blocked reader return: it gets nothing any more.
func (s *sysSocket) wake() {
	_ = s.raw.Control(func(fd uintptr) { _ = unix.Shutdown(int(fd), unix.SHUT_RD) }) // ENOTCONN, and yet it wakes (shutdown(2))
}

func (s *sysSocket) address(a netip.AddrPort) (out rawAddr) {
	binary.BigEndian.PutUint16(out.b[2:], a.Port())
	if s.v6 {
		binary.NativeEndian.PutUint16(out.b[:], unix.AF_INET6)
		ip := a.Addr().As16()
		copy(out.b[8:], ip[:])
		out.n = unix.SizeofSockaddrInet6
		return out
	}
	binary.NativeEndian.PutUint16(out.b[:], unix.AF_INET)
	ip := a.Addr().Unmap()
	if ip.Is4() {
		four := ip.As4()
		copy(out.b[4:], four[:])
	}
	out.n = unix.SizeofSockaddrInet4
	return out
}

// reader reads batches of datagrams.
type reader struct {
	sys     *sysSocket
	headers [readBatch]unix.Mmsghdr
	vectors [readBatch]unix.Iovec
	names   [readBatch][unix.SizeofSockaddrInet6]byte
	buffers [readBatch][readBuffer]byte
	n       int
	err     error
	call    func(fd uintptr) bool
}

func newReader(s *Socket) *reader {
	r := &reader{sys: &s.sys}
	for i := range r.headers {
		r.vectors[i] = unix.Iovec{Base: &r.buffers[i][0]}
		r.vectors[i].SetLen(readBuffer)
		r.headers[i].Hdr.Iov = &r.vectors[i]
		r.headers[i].Hdr.SetIovlen(1)
		r.headers[i].Hdr.Name = &r.names[i][0]
	}
	r.call = r.receive
	return r
}

// read waits for datagrams and returns how many came.
func (r *reader) read() (int, error) {
	if err := r.sys.raw.Read(r.call); err != nil {
		return 0, err
	}
	return r.n, r.err
}

func (r *reader) receive(fd uintptr) bool {
	for i := range r.headers {
		r.headers[i].Hdr.Namelen = unix.SizeofSockaddrInet6
	}
	n, _, errno := unix.Syscall6(unix.SYS_RECVMMSG, fd, uintptr(unsafe.Pointer(&r.headers[0])), readBatch, unix.MSG_WAITFORONE, 0, 0)
	r.n, r.err = int(n), nil
	if errno != 0 {
		r.n, r.err = 0, errno
	}
	return true
}

// datagram is the i-th of the last batch, and where it came from.
func (r *reader) datagram(i int) ([]byte, netip.AddrPort) {
	name := &r.names[i]
	port := binary.BigEndian.Uint16(name[2:])
	b := r.buffers[i][:min(int(r.headers[i].Len), readBuffer)]
	switch binary.NativeEndian.Uint16(name[:]) {
	case unix.AF_INET:
		return b, netip.AddrPortFrom(netip.AddrFrom4([4]byte(name[4:8])), port)
	case unix.AF_INET6:
		return b, netip.AddrPortFrom(netip.AddrFrom16([16]byte(name[8:24])).Unmap(), port)
	}
	return b, netip.AddrPort{}
}

// sysBatch is what sendmmsg reads.
type sysBatch struct {
	headers []unix.Mmsghdr
	vectors []unix.Iovec
	control [][segmentControl]byte
	from    int // the next header to send
	sent    int
	errno   unix.Errno
	call    func(fd uintptr) bool
}

// segmentControl is the room of the control message that says UDP_SEGMENT.
const segmentControl = 24 // CMSG_SPACE(2)

// sendBatch hands a batch to the kernel. A message that is refused is dropped and counted; but where the kernel refuses to
// cut messages, or the network card can't, packets go out one by one from then on.
func (s *Socket) sendBatch(b *batch) {
	y := &b.sys
	if y.call == nil {
		y.headers, y.vectors = make([]unix.Mmsghdr, batchPackets), make([]unix.Iovec, batchPackets)
		y.control = make([][segmentControl]byte, batchPackets)
		y.call = y.send
	}
	b.prepare()
	for y.from < len(b.messages) {
		y.headers = y.headers[:len(b.messages)]
		if err := s.sys.raw.Write(y.call); err != nil {
			s.refused(b, len(b.messages)-y.from)
			break
		}
		for i := range y.sent {
			m := &b.messages[y.from+i]
			s.count.out.Add(uint64(m.count))
			s.count.outBytes.Add(uint64(m.bytes))
		}
		y.from += y.sent
		if y.errno == 0 || y.from == len(b.messages) {
			continue
		}
		if m := &b.messages[y.from]; m.count > 1 && (y.errno == unix.EINVAL || y.errno == unix.EIO || y.errno == unix.EMSGSIZE) {
			s.segments.Store(false)
			s.sendSingly(b, m)
		} else {
			s.refused(b, 1)
		}
		y.from++
	}
	y.headers = y.headers[:batchPackets]
}

func (s *Socket) refused(b *batch, messages int) {
	for _, m := range b.messages[b.sys.from:][:messages] {
		s.count.send.Add(uint64(m.count))
	}
}

// sendSingly sends the packets of one message without cutting.
func (s *Socket) sendSingly(b *batch, m *message) {
	for i, n := m.first, m.count; n > 0; n-- {
		p := &b.packets[i]
		_, _ = s.send(b.buf[p.at:p.at+p.n], m.to.addr) // counted there
		i = p.next
	}
}

// prepare writes the headers of all messages.
func (b *batch) prepare() {
	y := &b.sys
	y.from, y.headers = 0, y.headers[:batchPackets]
	vectors := 0
	for i := range b.messages {
		m := &b.messages[i]
		first := vectors
		for at, n := m.first, m.count; n > 0; n-- {
			p := &b.packets[at]
			v := &y.vectors[vectors]
			v.Base = &b.buf[p.at]
			v.SetLen(int(p.n))
			vectors++
			at = p.next
		}
		h := &y.headers[i].Hdr
		h.Name, h.Namelen = &m.to.raw.b[0], m.to.raw.n
		h.Iov = &y.vectors[first]
		h.SetIovlen(m.count)
		h.Control = nil
		h.SetControllen(0)
		if m.count > 1 {
			c := &y.control[i]
			header := (*unix.Cmsghdr)(unsafe.Pointer(&c[0]))
			header.Level, header.Type = unix.SOL_UDP, unix.UDP_SEGMENT
			header.SetLen(unix.CmsgLen(2))
			binary.NativeEndian.PutUint16(c[unix.CmsgLen(0):], uint16(m.segment))
			h.Control = &c[0]
			h.SetControllen(unix.CmsgSpace(2))
		}
	}
}

func (y *sysBatch) send(fd uintptr) bool {
	h := y.headers[y.from:]
	for {
		n, _, errno := unix.Syscall6(unix.SYS_SENDMMSG, fd, uintptr(unsafe.Pointer(&h[0])), uintptr(len(h)), unix.MSG_DONTWAIT, 0, 0)
		if errno == unix.EINTR {
			continue
		}
		y.sent, y.errno = int(n), errno
		if errno != 0 {
			y.sent = 0
		}
		return true
	}
}
