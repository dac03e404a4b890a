//go:build !linux

package sfu

import "net"

// growBuffers asks for kernel buffers of these sizes. What was granted is not known here.
func growBuffers(conn *net.UDPConn, receive, send int) int {
	_ = conn.SetReadBuffer(receive)
	_ = conn.SetWriteBuffer(send)
	return 0
}
