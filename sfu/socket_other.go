//go:build !linux

package sfu

import (
	"net"
	"net/netip"
)

// sysSocket stands for that of socket_linux.go elsewhere.
type sysSocket struct{ conn *net.UDPConn }

func openSocket(at *net.UDPAddr, receive, send int) (s sysSocket, local netip.AddrPort, segments bool, granted int, err error) {
	if s.conn, err = net.ListenUDP("udp", at); err != nil {
		return s, local, false, 0, err
	}
	_ = s.conn.SetReadBuffer(receive)
	_ = s.conn.SetWriteBuffer(send)
	return s, s.conn.LocalAddr().(*net.UDPAddr).AddrPort(), false, 0, nil
}

func (s *sysSocket) send(b []byte, to netip.AddrPort) error {
	_, err := s.conn.WriteToUDPAddrPort(b, to)
	return err
}

func (s *sysSocket) close() error { return s.conn.Close() }

type rawAddr struct{}

func (s *sysSocket) address(netip.AddrPort) rawAddr { return rawAddr{} }
