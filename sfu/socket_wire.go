package sfu

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pion/rtcp"
)

// socketWire is a peer's wire on the Socket: an ICE-lite agent, a DTLS session, and the transport that gets its address
// from the one and its keys from the other. It has no goroutine of its own but during the handshake: what comes is handled
// by whoever reads the socket.
type socketWire struct {
	// Static after construction.
	events wireEvents
	socket *Socket
	addrs  []netip.AddrPort // the host candidates
	media  *transport
	ice    *iceAgent
	dtls   *dtlsSession

	// Owned by negotiate.
	session, answers uint64
	lanes            map[string]*outlet // by mid
	names            map[string]laneName

	mu     sync.Mutex // guards the following
	closed bool
	work   sync.WaitGroup // Add under mu, while not closed
	once   sync.Once
}

func newSocketWire(s *Socket, addrs []netip.AddrPort, events wireEvents) (*socketWire, error) {
	w := &socketWire{
		events: events, socket: s, addrs: addrs, session: uint64(randomSSRC()), lanes: map[string]*outlet{}, names: map[string]laneName{},
		media: newTransport(s, events, randomSSRC()),
	}
	w.ice = &iceAgent{wire: w, table: s.mux}
	var err error
	if w.dtls, err = newDTLSSession(w); err != nil {
		return nil, err
	}
	return w, nil
}

func randomSSRC() uint32 {
	var b [4]byte
	_, _ = rand.Read(b[:]) // it never fails
	return binary.BigEndian.Uint32(b[:])
}

func (w *socketWire) heard() uint64 { return w.media.heard.Load() }

func (w *socketWire) hush() { w.ice.hush() }

func (w *socketWire) writeRTCP(packets []rtcp.Packet) error { return w.media.writeRTCP(packets) }

func (w *socketWire) reports(now time.Time) []rtcp.ReceptionReport { return w.media.reports(now) }

// negotiate answers an offer.
func (w *socketWire) negotiate(_ context.Context, o *offer) (string, []*outlet, error) {
	if err := o.checkTransport(); err != nil {
		return "", nil, err
	}
	if err := w.dtls.expect(o.transport.fingerprints); err != nil {
		return "", nil, err
	}
	fresh := w.addLanes(o)
	credentials, err := w.ice.offered(strings.Clone(o.transport.ufrag), strings.Clone(o.transport.pwd))
	if err != nil {
		return "", nil, err
	}
	w.answers++
	a := answer{
		session: w.session, version: w.answers, ufrag: credentials.ufrag, pwd: credentials.pwd,
		fingerprint: w.dtls.fingerprint, addrs: w.addrs, lanes: w.lanes, names: w.names,
	}
	text, err := a.text(o)
	if err != nil {
		return "", nil, err
	}
	w.media.negotiated(numberingOf(o), fresh)
	return text, fresh, nil
}

// addLanes makes an outlet of every lane that is new, audio first. One with none of our codecs gets none: it is refused.
func (w *socketWire) addLanes(o *offer) (fresh []*outlet) {
	for _, k := range []kind{kindAudio, kindVideo} {
		index := 0
		for i := range o.lines {
			l := &o.lines[i]
			if l.sends || l.kind != k {
				continue
			}
			if _, known := w.names[l.mid]; !known {
				w.names[l.mid] = laneName(index)
				if out := w.newOutlet(l); out != nil {
					w.lanes[l.mid] = out
					fresh = append(fresh, out)
				}
			}
			index++
		}
	}
	return fresh
}

func (w *socketWire) newOutlet(l *mediaLine) *outlet {
	if len(l.codecs) == 0 {
		return nil
	}
	out := &outlet{mid: l.mid, kind: l.kind, ssrc: w.freeSSRC(), formats: l.formats(), levelID: l.extension(uriAudioLevel)}
	if slices.ContainsFunc(l.codecs, func(c lineCodec) bool { return c.rtx }) {
		out.rtxSSRC = w.freeSSRC()
	}
	return out
}

// freeSSRC is one that nothing else of ours has on this transport: the SRTP state of an SSRC has one owner.
func (w *socketWire) freeSSRC() uint32 {
	for {
		ssrc := randomSSRC()
		taken := ssrc == 0 || ssrc == w.media.ssrc
		for _, o := range w.lanes {
			taken = taken || ssrc == o.ssrc || ssrc == o.rtxSSRC
		}
		if !taken {
			return ssrc
		}
	}
}

// receiveCheck takes an ICE check for this peer, and answers it in out. Bytes that can't be borne end the peer.
func (w *socketWire) receiveCheck(b []byte, from netip.AddrPort, arrived time.Time, out *batch) {
	defer w.recover("ice")
	w.ice.receive(b, from, arrived, out)
}

// receiveDTLS takes a DTLS record that came along a path of this peer.
func (w *socketWire) receiveDTLS(b []byte, p *path) {
	defer w.recover("dtls")
	w.dtls.receive(b, p)
}

// recover is deferred by all that handles bytes of the network.
func (w *socketWire) recover(where string) {
	if v := recover(); v != nil {
		w.events.panicked(where, v)
	}
}

// connected is told by the handshake when it is verified.
func (w *socketWire) connected(keys *srtpKeys, p *path) error {
	if err := w.media.unlock(keys); err != nil {
		return fmt.Errorf("sfu: SRTP keys: %w", err)
	}
	w.ice.settle(p)
	w.events.connected()
	return nil
}

// spawn starts a goroutine of this transport, unless the transport is closed.
func (w *socketWire) spawn(name string, f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed {
		return
	}
	w.work.Go(func() {
		defer w.recover(name)
		f()
	})
}

// close ends the media, tells the browser, and waits for the goroutines.
func (w *socketWire) close() error {
	w.once.Do(func() {
		w.mu.Lock()
		w.closed = true
		w.mu.Unlock()
		w.media.close()
		w.dtls.close()
		w.ice.close()
		w.work.Wait()
	})
	return nil
}
