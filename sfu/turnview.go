package sfu

import (
	"fmt"
	"net"
	"time"
)

// turnView is the TURN server's half of a Socket, as the net.PacketConn that TURN servers want.
type turnView struct {
	socket *Socket
	queue  *datagramQueue
}

func (v *turnView) ReadFrom(b []byte) (int, net.Addr, error) {
	n, from, err := v.queue.read(b)
	if err != nil {
		return 0, nil, err
	}
	return n, net.UDPAddrFromAddrPort(from), nil
}

func (v *turnView) WriteTo(b []byte, to net.Addr) (int, error) {
	addr, ok := to.(*net.UDPAddr)
	if !ok {
		return 0, fmt.Errorf("sfu: TURN answers to %T", to)
	}
	return v.socket.send(b, addr.AddrPort())
}

// Close ends the view, not the socket.
func (v *turnView) Close() error { v.queue.close(); return nil }

func (v *turnView) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(v.socket.local) }

func (v *turnView) SetDeadline(t time.Time) error { return v.SetReadDeadline(t) }

func (v *turnView) SetReadDeadline(t time.Time) error { v.queue.setDeadline(t); return nil }

// SetWriteDeadline does nothing: a UDP write does not wait for the other side.
func (v *turnView) SetWriteDeadline(time.Time) error { return nil }
