package sfu

import (
	"net"
	"syscall"
)

// growBuffers asks for kernel buffers beyond net.core.rmem_max first (CAP_NET_ADMIN), then within it, and returns the
// receive buffer that was granted, in bytes.
func growBuffers(conn *net.UDPConn, receive, send int) int {
	raw, err := conn.SyscallConn()
	if err != nil {
		return 0
	}
	granted := 0
	_ = raw.Control(func(fd uintptr) {
		s := int(fd)
		if syscall.SetsockoptInt(s, syscall.SOL_SOCKET, syscall.SO_RCVBUFFORCE, receive) != nil {
			_ = syscall.SetsockoptInt(s, syscall.SOL_SOCKET, syscall.SO_RCVBUF, receive)
		}
		if syscall.SetsockoptInt(s, syscall.SOL_SOCKET, syscall.SO_SNDBUFFORCE, send) != nil {
			_ = syscall.SetsockoptInt(s, syscall.SOL_SOCKET, syscall.SO_SNDBUF, send)
		}
		if n, err := syscall.GetsockoptInt(s, syscall.SOL_SOCKET, syscall.SO_RCVBUF); err == nil {
			granted = n / 2 // socket(7): the kernel doubles what it was asked for
		}
	})
	return granted
}
