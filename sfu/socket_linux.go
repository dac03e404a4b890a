package sfu

import (
	"encoding/binary"
	"errors"
	"net"
	"net/netip"
	"os"
	"syscall"

	"golang.org/x/sys/unix"
)

// sysSocket is the kernel's UDP socket. It is not in the runtime's poller: the goroutine that reads it blocks in the kernel, and
// so a datagram wakes one thread, with one system call. In the poller it would wake another one first.
type sysSocket struct {
	file *os.File
	raw  syscall.RawConn
	v6   bool // an IPv6 socket; it speaks to IPv4 by mapped addresses
}

// openSocket binds a socket. It reports the address that it got, whether the kernel cuts messages (UDP_SEGMENT), and the receive
// buffer that was granted, in bytes.
func openSocket(at *net.UDPAddr, receive, send int) (s sysSocket, local netip.AddrPort, segments bool, granted int, err error) {
	family, v4 := unix.AF_INET6, at.IP.To4()
	if v4 != nil && !v4.IsUnspecified() {
		family = unix.AF_INET
	}
	fd, err := unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	if errors.Is(err, unix.EAFNOSUPPORT) { // a kernel without IPv6
		family = unix.AF_INET
		fd, err = unix.Socket(family, unix.SOCK_DGRAM|unix.SOCK_CLOEXEC, 0)
	}
	if err != nil {
		return s, local, false, 0, os.NewSyscallError("socket", err)
	}
	s.v6 = family == unix.AF_INET6
	if err = bind(fd, s.v6, at); err != nil {
		return s, local, false, 0, errors.Join(err, unix.Close(fd))
	}
	name, err := unix.Getsockname(fd)
	if err != nil {
		return s, local, false, 0, errors.Join(os.NewSyscallError("getsockname", err), unix.Close(fd))
	}
	switch name := name.(type) {
	case *unix.SockaddrInet4:
		local = netip.AddrPortFrom(netip.AddrFrom4(name.Addr), uint16(name.Port))
	case *unix.SockaddrInet6:
		local = netip.AddrPortFrom(netip.AddrFrom16(name.Addr).Unmap(), uint16(name.Port))
	}
	_, e := unix.GetsockoptInt(fd, unix.SOL_UDP, unix.UDP_SEGMENT)
	granted = growBuffers(fd, receive, send)
	s.file = os.NewFile(uintptr(fd), "media")
	s.raw, err = s.file.SyscallConn()
	return s, local, e == nil, granted, err
}

func bind(fd int, v6 bool, at *net.UDPAddr) error {
	if !v6 {
		name := &unix.SockaddrInet4{Port: at.Port}
		copy(name.Addr[:], at.IP.To4())
		return os.NewSyscallError("bind", unix.Bind(fd, name))
	}
	only := 0 // every address: IPv4 too
	name := &unix.SockaddrInet6{Port: at.Port}
	if at.IP != nil && !at.IP.IsUnspecified() {
		copy(name.Addr[:], at.IP.To16())
		only = 1
		if zone, err := net.InterfaceByName(at.Zone); err == nil {
			name.ZoneId = uint32(zone.Index)
		}
	}
	if err := unix.SetsockoptInt(fd, unix.IPPROTO_IPV6, unix.IPV6_V6ONLY, only); err != nil {
		return os.NewSyscallError("setsockopt", err)
	}
	return os.NewSyscallError("bind", unix.Bind(fd, name))
}

// growBuffers asks for kernel buffers beyond net.core.rmem_max first (CAP_NET_ADMIN), then within it, and returns the
// receive buffer that was granted, in bytes.
func growBuffers(fd, receive, send int) int {
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUFFORCE, receive) != nil {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF, receive)
	}
	if unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUFFORCE, send) != nil {
		_ = unix.SetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_SNDBUF, send)
	}
	n, err := unix.GetsockoptInt(fd, unix.SOL_SOCKET, unix.SO_RCVBUF)
	if err != nil {
		return 0
	}
	return n / 2 // socket(7): the kernel doubles what it was asked for
}

// send sends one datagram.
func (s *sysSocket) send(b []byte, to netip.AddrPort) error {
	var name unix.Sockaddr
	if s.v6 {
		name = &unix.SockaddrInet6{Port: int(to.Port()), Addr: to.Addr().As16()}
	} else if !to.Addr().Unmap().Is4() {
		return unix.EAFNOSUPPORT
	} else {
		name = &unix.SockaddrInet4{Port: int(to.Port()), Addr: to.Addr().Unmap().As4()}
	}
	var inner error
	err := s.raw.Write(func(fd uintptr) bool {
		inner = unix.Sendto(int(fd), b, unix.MSG_DONTWAIT, name)
		return true
	})
	return errors.Join(err, inner)
}

// close makes the blocked reader return, and gives the socket back when nobody uses it any more.
func (s *sysSocket) close() error {
	_ = s.raw.Control(func(fd uintptr) { _ = unix.Shutdown(int(fd), unix.SHUT_RD) }) // ENOTCONN, and yet it wakes the reader
	return s.file.Close()
}

// rawAddr is a socket address as the kernel wants it.
type rawAddr struct {
	b [unix.SizeofSockaddrInet6]byte
	n uint32
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
	if ip := a.Addr().Unmap(); ip.Is4() {
		four := ip.As4()
		copy(out.b[4:], four[:])
	}
	out.n = unix.SizeofSockaddrInet4
	return out
}
