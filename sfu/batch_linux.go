package sfu

import (
	"encoding/binary"
	"net/netip"
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// This file speaks to the kernel in batches: recvmmsg(2) in, sendmmsg(2) with UDP_SEGMENT out.

const (
	readBatch  = 64   // datagrams
	readBuffer = 2048 // bytes of one: more than maxDatagram, so that a longer one is seen to be longer
)

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
	yielded time.Time
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

// yieldEvery is less than the time after which the runtime takes a goroutine for one that does not yield, takes its thread's
// right to run away although it blocks in the kernel, and then looks for more of the kind 50,000 times a second.
const yieldEvery = 5 * time.Millisecond

// read waits for datagrams and returns how many came. last is when the ones before came.
func (r *reader) read(last time.Time) (int, error) {
	if last.Sub(r.yielded) > yieldEvery {
		r.yielded = last
		runtime.Gosched()
	}
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
// cut it, or the network card can't, packets go out one by one from then on.
func (s *Socket) sendBatch(b *batch) {
	y := &b.sys
	if y.call == nil {
		n := cap(b.packets)
		y.headers, y.vectors, y.control = make([]unix.Mmsghdr, n), make([]unix.Iovec, n), make([][segmentControl]byte, n)
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
		switch m := &b.messages[y.from]; {
		case m.count > 1 && y.errno == unix.EIO: // no checksums in hardware
			s.segments.Store(false)
			s.sendSingly(b, m)
		case m.count > 1 && (y.errno == unix.EINVAL || y.errno == unix.EMSGSIZE):
			m.to.singly.Store(true)
			s.sendSingly(b, m)
		default:
			s.refused(b, 1)
		}
		y.from++
	}
	y.headers = y.headers[:cap(y.headers)]
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
	y.from, y.headers = 0, y.headers[:cap(y.headers)]
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
