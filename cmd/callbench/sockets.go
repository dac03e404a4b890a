package main

import (
	"net"

	"github.com/pion/transport/v4"
	"github.com/pion/transport/v4/stdnet"
)

// receiveBuffer is what the simulated browsers' sockets ask for: what arrives while this process waits for a core must not be lost here
// and counted as the server's loss. The kernel gives net.core.rmem_max at most.
const receiveBuffer = 2 << 20 // bytes

// patientNet is the machine's network, with sockets that hold much.
type patientNet struct{ transport.Net }

func newPatientNet() (*patientNet, error) {
	n, err := stdnet.NewNet()
	if err != nil {
		return nil, err
	}
	return &patientNet{n}, nil
}

// ListenUDP opens such a socket.
func (n *patientNet) ListenUDP(network string, local *net.UDPAddr) (transport.UDPConn, error) {
	conn, err := n.Net.ListenUDP(network, local)
	if err == nil {
		_ = conn.SetReadBuffer(receiveBuffer) // udp_drops says when it was not enough
	}
	return conn, err
}
