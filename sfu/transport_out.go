package sfu

import (
	"github.com/pion/rtcp"
	"github.com/pion/rtp"
)

// The way out of a transport: lane -> outStream.write -> batch.

// outStream is the sending half of one lane.
type outStream struct {
	transport  *transport
	out        *outlet
	media, rtx srtpOut // guarded by the lane's lock
}

// write encrypts one packet into a batch, or, without one, sends it at once. It is called under the lane's lock.
func (o *outStream) write(to *batch, h *rtp.Header, payload []byte) error {
	t := o.transport
	keys, dest := t.send.Load(), t.to.Load()
	if keys == nil || dest == nil {
		return errNoKeys
	}
	if to == nil {
		to = t.socket.borrow()
		defer t.socket.giveBack(to)
		defer to.flush()
	}
	b := to.slot()
	n, err := h.MarshalTo(b)
	if err != nil {
		return err
	}
	if n+len(payload)+srtpExtra > len(b) {
		return errTooLong
	}
	state := &o.media
	if h.SSRC != o.out.ssrc {
		state = &o.rtx
	}
	if n, err = state.seal(keys, b, n, h, payload); err != nil {
		return err
	}
	to.add(n, dest)
	return nil
}

// gather has what f writes sent together. f's caller holds the lane's lock until it is, so nothing overtakes it.
func (t *transport) gather(f func(to *batch)) {
	to := t.socket.borrow()
	defer t.socket.giveBack(to)
	defer to.flush()
	f(to)
}

// writeRTCP encrypts and sends one compound packet.
func (t *transport) writeRTCP(packets []rtcp.Packet) error {
	keys, dest := t.send.Load(), t.to.Load()
	if keys == nil || dest == nil {
		return errNoKeys
	}
	plain, err := rtcp.Marshal(packets)
	if err != nil {
		return err
	}
	b, err := keys.sealRTCP(nil, plain)
	if err != nil {
		return err
	}
	_, err = t.socket.send(b, dest.addr)
	return err
}
