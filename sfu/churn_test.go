package sfu

import (
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/rtp"
	"github.com/pion/srtp/v3"
	"github.com/pion/stun/v3"
)

// tabs makes light browser tabs, of which thousands can come and go: real offers, checks, handshakes and SRTP, and nothing
// else of a browser.
type tabs struct {
	*SFU
	t           *testing.T
	socket      *Socket
	certificate *tls.Certificate
	offer       string // of a real client, with the tabs' certificate
	ssrc        uint32 // of its microphone

	mu     sync.Mutex // guards the following
	events map[PeerID]chan Event
}

var (
	fingerprintLine = regexp.MustCompile(`a=fingerprint:[^\r]*`)
	ssrcLine        = regexp.MustCompile(`a=ssrc:(\d+) `)
	ufragLine       = regexp.MustCompile(`a=ice-ufrag:([^\r]*)`)
	pwdLine         = regexp.MustCompile(`a=ice-pwd:([^\r]*)`)
)

func newTabs(t *testing.T) *tabs {
	t.Helper()
	s := newSocket(t, "127.0.0.1:0")
	b := &tabs{t: t, socket: s, events: map[PeerID]chan Event{}}
	var err error
	b.SFU, err = New(Config{OnEvent: b.tell}, s, discardLog())
	must(t, err)
	t.Cleanup(func() { must(t, b.Close()) })
	b.certificate, err = newCertificate(time.Now())
	must(t, err)
	real := newClient(t, &testServer{SFU: b.SFU, socket: s, events: newEventLog()}, "template", clientConfig{})
	sum := sha256.Sum256(b.certificate.Certificate[0])
	b.offer = fingerprintLine.ReplaceAllString(real.offer(nil), "a=fingerprint:"+formatFingerprint(sum[:]))
	real.close()
	ssrc, err := strconv.ParseUint(ssrcLine.FindStringSubmatch(b.offer)[1], 10, 32)
	must(t, err)
	b.ssrc = uint32(ssrc)
	return b
}

// tell passes on what concerns the life of a tab.
func (b *tabs) tell(e Event) {
	var id PeerID
	switch e := e.(type) {
	case PeerUp:
		id = e.Peer
	case PeerFailed:
		id = e.Peer
	default:
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case b.events[id] <- e:
	default:
	}
}

// wait waits for an event of a tab.
func (b *tabs) wait(id PeerID, want Event) error {
	b.mu.Lock()
	c := b.events[id]
	b.mu.Unlock()
	deadline := time.After(waitFor)
	for {
		select {
		case e := <-c:
			if e == want {
				return nil
			}
		case <-deadline:
			return fmt.Errorf("%s: no %T within %v", id, want, waitFor)
		}
	}
}

// How a tab comes and goes.
const (
	stays      = iota // until it is disconnected
	closes            // with close_notify
	restarts          // ICE, and stays
	cutFirst          // gone after its first DTLS flight
	cutMiddle         // gone when the server's flight came
	neverComes        // no packet at all
	ways
)

// visit is one tab's whole life.
func (b *tabs) visit(i, way int) error {
	id := PeerID(fmt.Sprintf("p%d", i))
	b.mu.Lock()
	b.events[id] = make(chan Event, 8)
	b.mu.Unlock()
	defer func() {
		b.Disconnect(id)
		b.mu.Lock()
		delete(b.events, id)
		b.mu.Unlock()
	}()
	reply, err := b.Connect(b.t.Context(), ConnectRequest{Peer: id, Offer: b.offer, Publish: []PublishLine{{"0", SourceMicrophone}}})
	if err != nil || way == neverComes {
		return err
	}
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	network := &testConn{PacketConn: conn}
	if err := b.check(network, b.offer, reply.Answer); err != nil {
		return err
	}
	return b.shake(id, network, way)
}

// check opens a path.
func (b *tabs) check(network *testConn, offer, answer string) error {
	g := generation{ufrag: ufragLine.FindStringSubmatch(answer)[1], pwd: pwdLine.FindStringSubmatch(answer)[1], remote: ufragLine.FindStringSubmatch(offer)[1]}
	if _, err := network.WriteTo(iceCheck(b.t, g, useCandidate{}), net.UDPAddrFromAddrPort(b.socket.LocalAddr())); err != nil {
		return err
	}
	got := make([]byte, maxDatagram)
	n, _, err := network.ReadFrom(got)
	if err == nil && !stun.IsMessage(got[:n]) {
		err = fmt.Errorf("a check was answered by %x", got[:n])
	}
	return err
}

// shake shakes hands and sends a little sound, as far as it comes.
func (b *tabs) shake(id PeerID, network *testConn, way int) error {
	cut := make(chan struct{}, 64)
	if way == cutFirst || way == cutMiddle {
		network.losing(func(out bool, _ []byte) bool {
			if out == (way == cutFirst) {
				cut <- struct{}{}
			}
			return !out
		})
	}
	c, err := dtls.ClientWithOptions(network, net.UDPAddrFromAddrPort(b.socket.LocalAddr()), dtls.WithCertificates(*b.certificate),
		dtls.WithInsecureSkipVerify(true), dtls.WithLoggerFactory(silence()), dtls.WithSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM))
	if err != nil {
		return err
	}
	if way == cutFirst || way == cutMiddle {
		done := make(chan struct{})
		go func() { defer close(done); _ = c.Handshake() }()
		<-cut
		b.Disconnect(id)
		_ = c.Close()
		<-done
		return nil
	}
	defer func() { _ = c.Close() }()
	if err := c.HandshakeContext(b.t.Context()); err != nil {
		return err
	}
	if err := b.wait(id, PeerUp{Peer: id}); err != nil {
		return err
	}
	if err := b.talk(id, c, network); err != nil {
		return err
	}
	switch way {
	case closes:
		if err := c.Close(); err != nil {
			return err
		}
		return b.wait(id, PeerFailed{Peer: id})
	case restarts:
		offer := ufragLine.ReplaceAllString(b.offer, "a=ice-ufrag:again")
		_, err := b.Renegotiate(b.t.Context(), RenegotiateRequest{Peer: id, Offer: offer})
		return err // no path of it is checked: two generations are there to be forgotten
	}
	return nil
}

// talk enters a room of two and sends some packets.
func (b *tabs) talk(id PeerID, c *dtls.Conn, network *testConn) error {
	if err := b.Enter(id, RoomID("r"+string(id[len(id)-1:]))); err != nil {
		return err
	}
	if err := b.Publish(id, SourceMicrophone); err != nil {
		return err
	}
	state, _ := c.ConnectionState()
	cfg := srtp.Config{Profile: srtp.ProtectionProfileAeadAes128Gcm}
	if err := cfg.ExtractSessionKeysFromDTLS(&state, true); err != nil {
		return err
	}
	out, err := srtp.CreateContext(cfg.Keys.LocalMasterKey, cfg.Keys.LocalMasterSalt, cfg.Profile)
	if err != nil {
		return err
	}
	for seq := range uint16(5) {
		p := rtp.Packet{Header: rtp.Header{Version: 2, PayloadType: ptOpus, SSRC: b.ssrc, SequenceNumber: seq}, Payload: []byte("sound")}
		raw, err := p.Marshal()
		if err != nil {
			return err
		}
		if raw, err = out.EncryptRTP(nil, raw, nil); err != nil {
			return err
		}
		if _, err := network.WriteTo(raw, net.UDPAddrFromAddrPort(b.socket.LocalAddr())); err != nil {
			return err
		}
	}
	return nil
}

// all has n tabs come and go, eight at a time.
func (b *tabs) all(from, n int) {
	b.t.Helper()
	var work sync.WaitGroup
	next := make(chan int)
	for range 8 {
		work.Go(func() {
			for i := range next {
				if err := b.visit(i, i%ways); err != nil {
					b.t.Errorf("visit %d: %v", i, err)
				}
			}
		})
	}
	for i := from; i < from+n && !b.t.Failed(); i++ {
		next <- i
	}
	close(next)
	work.Wait()
}

// held is what the process holds on to when nobody is there.
func held() (goroutines, descriptors int, heap uint64) {
	runtime.GC()
	runtime.GC() // what the first made free of pools
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	entries, _ := os.ReadDir("/proc/self/fd")
	return runtime.NumGoroutine(), len(entries), m.HeapAlloc
}

// TestJoinsAndLeavesLeakNothing: after any number of joins and leaves, handshakes that were cut among them, there are as
// many goroutines and descriptors as before, and the heap is as large. TEST_CHURN says how many; 5000 take ten seconds.
func TestJoinsAndLeavesLeakNothing(t *testing.T) {
	checkGoroutines(t)
	times := 20 * ways
	if n, err := strconv.Atoi(os.Getenv("TEST_CHURN")); err == nil && n > 0 {
		times = n
	}
	b := newTabs(t)
	b.all(0, 10*ways) // pools and tables have their sizes
	eventually(t, "the warm-up is over", waitFor, func() bool { return b.Stats().Peers == 0 })
	goroutines, descriptors, heap := held()
	begin := time.Now()
	b.all(10*ways, times)
	var goroutinesNow, descriptorsNow int
	var heapNow uint64
	const slack = 256 << 10 // bytes: pools, and tests' own
	eventually(t, "all is given back", waitFor, func() bool {
		goroutinesNow, descriptorsNow, heapNow = held()
		return goroutinesNow <= goroutines && descriptorsNow <= descriptors && heapNow <= heap+slack
	})
	b.socket.mux.mu.RLock()
	defer b.socket.mux.mu.RUnlock()
	if n, m := len(b.socket.mux.byUfrag), len(b.socket.mux.byAddr); n+m != 0 || len(b.rooms) != 0 {
		t.Errorf("%d fragments, %d addresses, %d rooms left", n, m, len(b.rooms))
	}
	t.Logf("%d visits in %v: goroutines %d → %d, descriptors %d → %d, heap %d → %d kB", times, time.Since(begin).Round(time.Millisecond),
		goroutines, goroutinesNow, descriptors, descriptorsNow, heap>>10, heapNow>>10)
}
