package turn

import (
	"net"
	"net/netip"
	"time"

	"github.com/pion/stun/v3"
)

// A request is a STUN message on its way to pion. It is decoded by pion's own decoder, so that the gate and pion cannot
// understand it differently.
type request struct {
	gate    *gate
	message *stun.Message
	client  *client // nil without an allocation
	source  netip.AddrPort
}

// endMargin: an allocation about to end gets no new permission. pion v4.1.4 must not make one while its timer ends the
// allocation (see relay.ReadFrom); nor would it help anybody.
const endMargin = 2 * time.Second

const protocolUDP = 17 // RFC 8656 §18.8: the number of an IP protocol

// Values of REQUESTED-ADDRESS-FAMILY (RFC 8656 §18.9).
const familyIPv4 = 0x01

// check tells whether pion may see the request, and answers it if that is better.
func (r *request) check() bool {
	switch r.message.Type {
	case stun.BindingRequest:
		return r.checkBinding()
	case stun.NewType(stun.MethodAllocate, stun.ClassRequest):
		return r.checkLimit() && r.checkAllocate()
	case stun.NewType(stun.MethodRefresh, stun.ClassRequest):
		return r.checkLimit() && r.checkClient()
	case stun.NewType(stun.MethodCreatePermission, stun.ClassRequest),
		stun.NewType(stun.MethodChannelBind, stun.ClassRequest):
		return r.checkLimit() && r.checkClient() && r.checkTime() && r.checkPeers()
	case stun.NewType(stun.MethodSend, stun.ClassIndication):
		return r.checkSend()
	case stun.NewType(stun.MethodBinding, stun.ClassIndication):
		return false // a keep-alive: wants no answer (RFC 8489 §3)
	default:
		r.gate.server.refuse(RefusalUnsupported)
		return false
	}
}

func (r *request) authenticated() bool { return r.message.Contains(stun.AttrMessageIntegrity) }

// checkLimit slows down everybody who has no allocation, and whoever pretends to be somebody who has.
func (r *request) checkLimit() bool {
	if r.client != nil && r.authenticated() {
		return true
	}
	if r.gate.limiter.allow(r.source.Addr()) {
		return true
	}
	r.gate.server.refuse(RefusalRate)
	return false
}

// checkBinding answers plain STUN (RFC 8489 §6.3.1), which browsers ask of every TURN server. pion would add a
// FINGERPRINT; this is the smallest answer that there is.
func (r *request) checkBinding() bool {
	if !r.gate.limiter.allow(r.source.Addr()) {
		r.gate.server.refuse(RefusalRate)
		return false
	}
	setters := []stun.Setter{stun.BindingSuccess, &stun.XORMappedAddress{
		IP:   r.source.Addr().AsSlice(),
		Port: int(r.source.Port()),
	}}
	if r.message.Contains(stun.AttrFingerprint) {
		setters = append(setters, stun.Fingerprint)
	}
	r.send(setters...)
	return false
}

// checkAllocate refuses what pion would grant though it means nothing here (RFC 8656 §7.2).
func (r *request) checkAllocate() bool {
	transport, err := r.message.Get(stun.AttrRequestedTransport)
	if err != nil || len(transport) != 4 {
		return r.fail(RefusalMalformed, stun.CodeBadRequest)
	}
	if transport[0] != protocolUDP {
		return r.fail(RefusalUnsupported, stun.CodeUnsupportedTransProto)
	}
	if family, err := r.message.Get(stun.AttrRequestedAddressFamily); err == nil {
		if len(family) != 4 {
			return r.fail(RefusalMalformed, stun.CodeBadRequest)
		}
		if family[0] != familyIPv4 {
			return r.fail(RefusalUnsupported, stun.CodeAddrFamilyNotSupported)
		}
	}
	// Ports of synthetic addresses have no neighbours to reserve.
	if r.message.Contains(stun.AttrEvenPort) || r.message.Contains(stun.AttrReservationToken) {
		return r.fail(RefusalUnsupported, stun.CodeInsufficientCapacity)
	}
	if r.client != nil && !r.sameUser() {
		return r.fail(RefusalCredential, stun.CodeAllocMismatch)
	}
	return true
}

// checkClient wants an allocation, and the credentials with which it was made (RFC 8656 §5). pion v4.1.4 would take
// those of another session, and let anybody who has some end anybody's allocation from a forged address.
func (r *request) checkClient() bool {
	if r.client == nil {
		if r.authenticated() { // else the answer would be larger than the request
			return r.fail(RefusalNoAllocation, stun.CodeAllocMismatch)
		}
		r.gate.server.refuse(RefusalNoAllocation)
		return false
	}
	if !r.sameUser() {
		return r.fail(RefusalCredential, stun.CodeWrongCredentials)
	}
	return true
}

// sameUser is true, too, for a request without a user name, which pion answers with a challenge.
func (r *request) sameUser() bool {
	username, err := r.message.Get(stun.AttrUsername)
	return err != nil || string(username) == r.client.username
}

func (r *request) checkTime() bool {
	if time.Until(r.client.ends) > endMargin {
		return true
	}
	return r.fail(RefusalNoAllocation, stun.CodeAllocMismatch)
}

// checkPeers wants every peer to be one of our media addresses, port included: what could not be sent to needs no
// permission, and an allocation then has no more channels than there are media addresses.
func (r *request) checkPeers() bool {
	peers := 0
	refused := false
	err := r.message.ForEach(stun.AttrXORPeerAddress, func(m *stun.Message) error {
		peer, err := peerOf(m)
		if err != nil {
			return err
		}
		peers++
		refused = refused || r.gate.server.media.index(peer) < 0
		return nil
	})
	switch {
	case err != nil || peers == 0:
		return r.fail(RefusalMalformed, stun.CodeBadRequest)
	case refused:
		return r.fail(RefusalPeer, stun.CodeForbidden)
	}
	return true
}

// checkSend is for data without a channel (RFC 8656 §11.2). There are no answers to indications.
func (r *request) checkSend() bool {
	peer, err := peerOf(r.message)
	switch {
	case r.client == nil:
		r.gate.server.refuse(RefusalNoAllocation)
	case err != nil || !r.message.Contains(stun.AttrData):
		r.gate.server.refuse(RefusalMalformed)
	case r.gate.server.media.index(peer) < 0:
		r.gate.server.refuse(RefusalPeer)
	default:
		return true
	}
	return false
}

// peerOf reads the first XOR-PEER-ADDRESS, exactly as it was written: a mapped address stays one.
func peerOf(m *stun.Message) (netip.AddrPort, error) {
	var peer stun.XORMappedAddress
	if err := peer.GetFromAs(m, stun.AttrXORPeerAddress); err != nil {
		return netip.AddrPort{}, err
	}
	ip, _ := netip.AddrFromSlice(peer.IP)
	return netip.AddrPortFrom(ip, uint16(peer.Port)), nil
}

// fail counts the cause and answers with an error code, in 28 bytes; it returns false.
func (r *request) fail(cause Refusal, code stun.ErrorCode) bool {
	r.gate.server.refuse(cause)
	r.send(stun.NewType(r.message.Type.Method, stun.ClassErrorResponse), stun.ErrorCodeAttribute{Code: code})
	return false
}

func (r *request) send(setters ...stun.Setter) {
	id := &stun.Message{TransactionID: r.message.TransactionID}
	answer, err := stun.Build(append([]stun.Setter{id}, setters...)...)
	if err != nil {
		r.gate.server.refuse(RefusalMalformed)
		return
	}
	if _, err := r.gate.WriteTo(answer.Raw, net.UDPAddrFromAddrPort(r.source)); err != nil {
		r.gate.server.counters.dropped.Add(1)
	}
}
