package sfu

import (
	"bytes"
	"crypto/sha256"
	"crypto/tls"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/srtp/v3"
	"github.com/pion/stun/v3"
)

// life keeps what a wire tells of its life, for tests to wait on.
type life struct {
	eventsOf
	up, gone chan struct{}
	panics   atomic.Int32
}

func (l *life) connected()           { l.up <- struct{}{} }
func (l *life) failed()              { l.gone <- struct{}{} }
func (l *life) panicked(string, any) { l.panics.Add(1) }

func waitOn(t *testing.T, what string, c <-chan struct{}) {
	t.Helper()
	select {
	case <-c:
	case <-time.After(waitFor):
		t.Fatalf("not within %v: %s", waitFor, what)
	}
}

// handshaker is a browser's DTLS on a path that a check opened. Its network can lose what goes through.
type handshaker struct {
	*testConn
	*life
	t           *testing.T
	wire        *socketWire
	to          net.Addr
	certificate *tls.Certificate
}

// newHandshaker makes one; other: the certificate that it shows is not the one of its offer.
func newHandshaker(t *testing.T, other bool) *handshaker {
	t.Helper()
	s := newSocket(t, "127.0.0.1:0")
	l := &life{eventsOf: eventsOf{&events{got: map[uint32][]inbound{}}}, up: make(chan struct{}, 4), gone: make(chan struct{}, 4)}
	w, err := newSocketWire(s, nil, l)
	must(t, err)
	t.Cleanup(func() { _ = w.close() })
	g, err := w.ice.offered("them", "their password, long enough")
	must(t, err)
	certificate, err := newCertificate(time.Now())
	must(t, err)
	sum := sha256.Sum256(certificate.Certificate[0])
	if other {
		sum[7]++
	}
	hash, ok := readFingerprint(formatFingerprint(sum[:]))
	if !ok {
		t.Fatal("no fingerprint")
	}
	must(t, w.dtls.expect([]certificateHash{hash}))
	conn, err := net.ListenPacket("udp4", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	h := &handshaker{testConn: &testConn{PacketConn: conn}, life: l, t: t, wire: w, to: net.UDPAddrFromAddrPort(s.LocalAddr()), certificate: certificate}
	_, err = h.WriteTo(iceCheck(t, g, useCandidate{}), h.to)
	must(t, err)
	got := make([]byte, maxDatagram)
	n, _, err := h.ReadFrom(got)
	if err != nil || !stun.IsMessage(got[:n]) {
		t.Fatalf("the check was answered by %x %v", got[:n], err)
	}
	return h
}

// shake shakes hands as a browser does, which prefers SHA-1.
func (h *handshaker) shake() (*dtls.Conn, error) {
	h.t.Helper()
	c, err := dtls.ClientWithOptions(h.testConn, h.to, dtls.WithCertificates(*h.certificate), dtls.WithInsecureSkipVerify(true),
		dtls.WithFlightInterval(50*time.Millisecond), dtls.WithLoggerFactory(silence()),
		dtls.WithSRTPProtectionProfiles(dtls.SRTP_AES128_CM_HMAC_SHA1_80, dtls.SRTP_AEAD_AES_128_GCM))
	must(h.t, err)
	h.t.Cleanup(func() { _ = c.Close() })
	return c, c.HandshakeContext(testContext(h.t))
}

// idle waits until nobody works on the session.
func (h *handshaker) idle() {
	h.t.Helper()
	eventually(h.t, "the session is at rest", waitFor, func() bool {
		h.wire.dtls.mu.Lock()
		defer h.wire.dtls.mu.Unlock()
		return h.wire.dtls.state == dtlsVerified && h.wire.dtls.queue == nil && h.wire.dtls.certificate == nil
	})
}

func TestTheHandshakeGivesTheKeys(t *testing.T) {
	checkGoroutines(t)
	h := newHandshaker(t, false)
	c, err := h.shake()
	must(t, err)
	waitOn(t, "connected", h.up)
	profile, _ := c.SelectedSRTPProtectionProfile()
	if profile != dtls.SRTP_AEAD_AES_128_GCM {
		t.Errorf("profile %x: the server's order should decide", profile)
	}
	state, _ := c.ConnectionState()
	cfg := srtp.Config{Profile: srtp.ProtectionProfile(profile)}
	must(t, cfg.ExtractSessionKeysFromDTLS(&state, true))
	theirs, err := srtp.CreateContext(cfg.Keys.RemoteMasterKey, cfg.Keys.RemoteMasterSalt, cfg.Profile)
	must(t, err)
	sealed, err := h.wire.media.send.Load().sealRTCP(nil, []byte{0x80, 201, 0, 1, 0, 0, 0, 9})
	must(t, err)
	if _, err := theirs.DecryptRTCP(nil, sealed, nil); err != nil {
		t.Errorf("the browser can't read what we seal: %v", err)
	}
	h.idle()
	// Our good-bye is the last that comes.
	must(t, h.wire.close())
	if _, err := c.Read(make([]byte, 100)); !errors.Is(err, io.EOF) {
		t.Errorf("after our end the browser reads %v", err)
	}
}

// TestALostFlightComesAgain: every flight of either side is lost once, our last one too, which nobody holds any more when
// it is asked for.
func TestALostFlightComesAgain(t *testing.T) {
	checkGoroutines(t)
	h := newHandshaker(t, false)
	var seen [2][]byte // by direction: the first bytes of what was lost
	lost := 0
	h.losing(func(out bool, b []byte) bool {
		at := 0
		if out {
			at = 1
		}
		if slices.Contains(seen[at], b[0]) { // by content type: handshake and change of cipher
			return false
		}
		seen[at] = append(seen[at], b[0])
		lost++
		return true
	})
	_, err := h.shake()
	must(t, err)
	waitOn(t, "connected", h.up)
	if lost < 3 {
		t.Errorf("only %d flights were lost", lost)
	}
}

// TestAHandshakeIsNeverLostForGood: whatever is lost of it, and however often, it comes to its end once the network lets through
// again. Each of these networks loses half of all datagrams, to and fro, until it has lost eight.
func TestAHandshakeIsNeverLostForGood(t *testing.T) {
	for seed := range uint64(seeds()) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			h := newHandshaker(t, false)
			var mu sync.Mutex // both directions ask
			random, lost := rand.New(rand.NewPCG(seed, 0)), 0
			h.losing(func(bool, []byte) bool {
				mu.Lock()
				defer mu.Unlock()
				if lost == 8 || random.IntN(2) == 0 {
					return false
				}
				lost++
				return true
			})
			_, err := h.shake()
			must(t, err)
			waitOn(t, "connected", h.up)
			h.idle()
		})
	}
}

// seeds is how many networks are tried; TEST_SEEDS asks for more.
func seeds() int {
	if n, err := strconv.Atoi(os.Getenv("TEST_SEEDS")); err == nil {
		return n
	}
	return 6
}

func TestAnotherCertificateIsRefused(t *testing.T) {
	checkGoroutines(t)
	h := newHandshaker(t, true)
	if _, err := h.shake(); err == nil {
		t.Error("the handshake was good")
	}
	waitOn(t, "failed", h.gone)
	if h.wire.media.send.Load() != nil {
		t.Error("there are keys")
	}
}

func TestAForgedAlertEndsNobody(t *testing.T) {
	checkGoroutines(t)
	h := newHandshaker(t, false)
	c, err := h.shake()
	must(t, err)
	waitOn(t, "connected", h.up)
	h.idle()
	forged := append([]byte{contentAlert, versionDTLS, 0xfd, 0, 1, 0, 0, 0, 0, 0, 9, 0, 26}, make([]byte, 26)...)
	for range 3 {
		_, err := h.WriteTo(forged, h.to)
		must(t, err)
	}
	eventually(t, "somebody reads it", waitFor, func() bool {
		h.wire.dtls.mu.Lock()
		defer h.wire.dtls.mu.Unlock()
		return h.wire.dtls.queue != nil
	})
	h.idle()
	select {
	case <-h.gone:
		t.Fatal("a forged alert ended the peer")
	default:
	}
	must(t, c.Close()) // the true one
	waitOn(t, "failed", h.gone)
}

// TestACutHandshakeLeavesNothing: the browser is gone after its first flight, and so is the peer.
func TestACutHandshakeLeavesNothing(t *testing.T) {
	checkGoroutines(t)
	h := newHandshaker(t, false)
	begun := make(chan struct{}, 8)
	h.losing(func(out bool, _ []byte) bool {
		if !out {
			begun <- struct{}{}
		}
		return !out
	})
	go func() { _, _ = h.shake() }()
	waitOn(t, "the server's first flight", begun)
	must(t, h.wire.close())
	must(t, h.wire.close()) // once more is nothing
	_ = h.PacketConn.Close()
}

func TestClassifyRecord(t *testing.T) {
	record := func(content byte, epoch byte, n int) []byte {
		return append([]byte{content, versionDTLS, 0xfd, 0, epoch, 0, 0, 0, 0, 0, 0, 0, byte(n)}, make([]byte, n)...)
	}
	for name, c := range map[string]struct {
		b    []byte
		want recordKind
	}{
		"nothing":           {nil, recordJunk},
		"a hello":           {record(contentHandshake, 0, 30), recordHandshake},
		"a flight":          {append(record(contentHandshake, 0, 30), record(contentCipher, 0, 1)...), recordHandshake},
		"an open alert":     {record(contentAlert, 0, 2), recordOther},
		"a sealed alert":    {record(contentAlert, 1, 26), recordAlert},
		"data":              {record(contentApplication, 1, 30), recordOther},
		"empty":             {record(contentHandshake, 0, 0), recordJunk},
		"cut":               {record(contentHandshake, 0, 30)[:40], recordJunk},
		"only a header":     {record(contentHandshake, 0, 30)[:12], recordJunk},
		"something behind":  {append(record(contentAlert, 1, 26), 1), recordJunk},
		"another version":   {bytes.Replace(record(contentAlert, 1, 26), []byte{versionDTLS}, []byte{3}, 1), recordJunk},
		"of no known sort":  {record(60, 0, 2), recordJunk},
		"change of cipher":  {record(contentCipher, 0, 1), recordOther},
		"a later handshake": {record(contentHandshake, 1, 40), recordOther},
	} {
		if got := classifyRecord(c.b); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// FuzzRecords: whatever an open path brings as DTLS, before and during a handshake, ends no more than this one handshake.
func FuzzRecords(f *testing.F) {
	f.Add([]byte{contentHandshake, versionDTLS, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1})
	f.Add([]byte{contentAlert, versionDTLS, 0xfd, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 1, 0})
	s, err := Listen(SocketConfig{Address: "127.0.0.1:0"})
	if err != nil {
		f.Fatal(err)
	}
	f.Cleanup(func() { _ = s.Close() })
	f.Fuzz(func(t *testing.T, b []byte) {
		kind := classifyRecord(b)
		w, g := host(t, s)
		from := s.LocalAddr() // answers come back to ourselves, and are nobody's
		out := newBatch(s, lentBytes, lentPackets)
		s.mux.dispatch(iceCheck(t, g), from, time.Now(), out)
		for range 2 {
			s.mux.dispatch(b, from, time.Now(), out)
		}
		if begun := w.dtls.state != dtlsIdle; begun && kind == recordJunk {
			t.Fatalf("%x begins a handshake", b)
		}
		if err := w.close(); err != nil {
			t.Fatal(err)
		}
	})
}
