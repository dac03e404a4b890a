package sfu

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"fmt"
	"io"
	"math/big"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/pion/dtls/v3"
	"github.com/pion/logging"
	"github.com/pion/srtp/v3"
)

// dtlsSession is one peer's DTLS, of which we are the server (RFC 5763). The handshake is pion/dtls', in goroutines beside
// the packet loop; it gives the SRTP keys by its exporter (RFC 5764 §4.2), and then it ends, for nothing is sent over DTLS
// any more. Three things are kept of it: its last flight, which is sent again as it was should the browser ask for it
// (RFC 6347 §4.2.4); its close_notify, made when it ended and sent at our end; and its state, to read the browser's
// close_notify with. Every record goes out under the number it was made with, so no nonce is used twice.
type dtlsSession struct {
	// Static after construction.
	wire        *socketWire
	fingerprint string // of the certificate, as SDP has it

	mu          sync.Mutex // guards the following
	certificate *tls.Certificate
	expected    []certificateHash
	state       dtlsState
	queue       *datagramQueue // to the handshake, or to the reader of alerts; nil: neither runs
	alerts      [][]byte       // sealed ones that came during the handshake
	cancel      context.CancelFunc
	path        *path  // that the peer's last record came along
	flight      []byte // our last flight
	farewell    []byte // our close_notify
	session     *dtls.State
}

type dtlsState uint8

const (
	dtlsIdle     dtlsState = iota
	dtlsShaking            // the handshake runs
	dtlsVerified           // it is over, and good
	dtlsOver               // it failed, or the wire is closed
)

const (
	// handshakePatience ends a handshake that does not come to an end: browsers give up at about the same time.
	handshakePatience = 30 * time.Second
	// flightInterval is the first pause before a flight is sent again; each is twice as long (RFC 6347 §4.2.4.1 suggests a
	// second to begin with; the way to a browser is known to be shorter).
	flightInterval = 400 * time.Millisecond
	// alertPatience is how long one who read a record that looks like an alert waits for another one.
	alertPatience = time.Second
	// dtlsQueue is how many records may wait: a browser's longest flight is a handful.
	dtlsQueue = 32
	// alertsKept are those of a browser that closes at once, and one or two that are not authentic.
	alertsKept = 4
)

var (
	errWrongCertificate = errors.New("sfu: the certificate is not the one of the offer")
	errClosedEarly      = errors.New("sfu: closed by the peer during the handshake")
	errNoProfile        = errors.New("sfu: no SRTP profile in common")
)

// newDTLSSession makes a session with a certificate of its own: none that expires under a server that runs for long, and
// none to recognise the server by.
func newDTLSSession(w *socketWire) (*dtlsSession, error) {
	certificate, err := newCertificate(time.Now())
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(certificate.Certificate[0])
	return &dtlsSession{wire: w, certificate: certificate, fingerprint: formatFingerprint(sum[:])}, nil
}

func newCertificate(now time.Time) (*tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("sfu: certificate: %w", err)
	}
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, fmt.Errorf("sfu: certificate: %w", err)
	}
	name := pkix.Name{CommonName: "WebRTC"}
	template := &x509.Certificate{
		SerialNumber: serial, Subject: name, Issuer: name, NotBefore: now.AddDate(0, 0, -1), NotAfter: now.AddDate(0, 1, 0),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return nil, fmt.Errorf("sfu: certificate: %w", err)
	}
	return &tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, nil
}

// expect takes the fingerprints of an offer. They can't change: the session is the call's only one.
func (d *dtlsSession) expect(list []certificateHash) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.expected == nil {
		d.expected = list
	}
	if !slices.Equal(d.expected, list) {
		return fmt.Errorf("%w: another certificate", ErrBadOffer)
	}
	return nil
}

func (d *dtlsSession) verify(certificates [][]byte, _ [][]*x509.Certificate) error {
	if len(certificates) > 0 {
		for _, h := range d.expected { // set before the first record could come, and never changed
			if h.names(certificates[0]) {
				return nil
			}
		}
	}
	return errWrongCertificate
}

// receive takes one datagram. It is called by whoever reads the socket, so it does little.
func (d *dtlsSession) receive(b []byte, p *path) {
	kind := classifyRecord(b)
	if kind == recordJunk {
		d.wire.socket.count.junk.Add(1)
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.path = p
	switch d.state {
	case dtlsIdle:
		d.beginLocked()
		d.putLocked(b, p)
	case dtlsShaking:
		if kind != recordAlert {
			d.putLocked(b, p)
		} else if len(d.alerts) < alertsKept {
			// The browser may close as soon as its side is done. Pion would swallow it while it ends.
			d.alerts = append(d.alerts, bytes.Clone(b))
		}
	case dtlsVerified:
		d.lateLocked(kind, b, p)
	}
}

func (d *dtlsSession) putLocked(b []byte, p *path) {
	if d.queue == nil || !d.queue.put(b, p.target.addr) {
		d.wire.socket.count.queue.Add(1)
	}
}

// lateLocked takes what comes after the handshake.
func (d *dtlsSession) lateLocked(kind recordKind, b []byte, p *path) {
	switch kind {
	case recordHandshake: // our last flight was lost
		_, _ = d.wire.socket.send(d.flight, p.target.addr)
	case recordAlert:
		if d.queue == nil {
			d.queue = newDatagramQueue(d.wire.socket.pool, dtlsQueue)
			d.wire.spawn("alert", d.readAlert)
		}
		d.putLocked(b, p)
	}
}

func (d *dtlsSession) beginLocked() {
	d.state = dtlsShaking
	d.queue = newDatagramQueue(d.wire.socket.pool, dtlsQueue)
	var ctx context.Context
	ctx, d.cancel = context.WithTimeout(context.Background(), handshakePatience)
	d.wire.spawn("handshake", func() {
		if err := d.shake(ctx); err != nil {
			d.end()
			d.wire.events.failed()
		}
	})
}

// shake is the goroutine "handshake".
func (d *dtlsSession) shake(ctx context.Context) error {
	d.mu.Lock()
	defer d.cancel()
	conn := &dtlsConn{session: d, queue: d.queue}
	certificate := *d.certificate
	d.mu.Unlock()
	defer conn.queue.close()
	c, err := dtls.ServerWithOptions(conn, conn.LocalAddr(), serverOptions(certificate, d.verify)...)
	if err != nil {
		return err
	}
	defer func() { _ = c.Close() }()
	if err := c.HandshakeContext(ctx); err != nil {
		return err
	}
	keys, err := exportKeys(c)
	if err != nil {
		return err
	}
	d.mu.Lock()
	p := d.path
	d.mu.Unlock()
	if err := d.wire.connected(keys, p); err != nil {
		return err
	}
	return d.retire(c, conn)
}

// serverOptions: the roles of docs/decisions/0001-ice-lite.md.
func serverOptions(certificate tls.Certificate, verify func([][]byte, [][]*x509.Certificate) error) []dtls.ServerOption {
	return []dtls.ServerOption{
		dtls.WithCertificates(certificate),
		// The one cipher suite that all browsers have (RFC 8827 §6.5).
		dtls.WithCipherSuites(dtls.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256),
		// The server's order decides (RFC 5764 §4.1.1).
		dtls.WithSRTPProtectionProfiles(dtls.SRTP_AEAD_AES_128_GCM, dtls.SRTP_AEAD_AES_256_GCM, dtls.SRTP_AES128_CM_HMAC_SHA1_80),
		dtls.WithClientAuth(dtls.RequireAnyClientCert),
		dtls.WithInsecureSkipVerify(true), // of a chain: the offer's fingerprint tells
		dtls.WithVerifyPeerCertificate(verify),
		// Only addresses that passed a check with MESSAGE-INTEGRITY get here (see muxTable), so a cookie would prove nothing
		// more, and cost a round trip.
		dtls.WithInsecureSkipVerifyHello(true),
		dtls.WithFlightInterval(flightInterval),
		dtls.WithLoggerFactory(silence()),
	}
}

// silence: pion's logs hold addresses; what matters is counted and told by events.
func silence() logging.LoggerFactory {
	return &logging.DefaultLoggerFactory{Writer: io.Discard, DefaultLogLevel: logging.LogLevelDisabled}
}

// exportKeys takes the SRTP keys out of a finished handshake.
func exportKeys(c *dtls.Conn) (*srtpKeys, error) {
	profile, ok := c.SelectedSRTPProtectionProfile()
	if !ok {
		return nil, errNoProfile
	}
	state, ok := c.ConnectionState()
	if !ok {
		return nil, errNoProfile
	}
	cfg := srtp.Config{Profile: srtp.ProtectionProfile(profile)}
	if err := cfg.ExtractSessionKeysFromDTLS(&state, false); err != nil {
		return nil, fmt.Errorf("sfu: SRTP keys: %w", err)
	}
	k := cfg.Keys
	return &srtpKeys{
		profile: cfg.Profile, localKey: k.LocalMasterKey, localSalt: k.LocalMasterSalt, remoteKey: k.RemoteMasterKey, remoteSalt: k.RemoteMasterSalt,
	}, nil
}

// retire ends pion's part of a good handshake and keeps what is needed of it.
func (d *dtlsSession) retire(c *dtls.Conn, conn *dtlsConn) error {
	conn.mute()
	err := c.Close() // makes the close_notify
	state, ok := c.ConnectionState()
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.state != dtlsShaking {
		return net.ErrClosed
	}
	if err != nil || !ok || conn.last == nil {
		return errClosedEarly
	}
	state.PeerCertificates = nil // verified; nobody asks any more
	d.state, d.session, d.farewell, d.certificate = dtlsVerified, &state, conn.last, nil
	queue, alerts := d.queue, d.alerts
	d.queue, d.alerts = nil, nil
	queue.drain(func(b []byte) { d.lateLocked(classifyRecord(b), b, d.path) }) // what pion did not read
	for _, b := range alerts {
		d.lateLocked(recordAlert, b, d.path)
	}
	return nil
}

// readAlert is the goroutine "alert": it reads what looks like the browser's close_notify, with the state of the handshake.
// What it would send is thrown away.
func (d *dtlsSession) readAlert() {
	d.mu.Lock()
	conn := &dtlsConn{session: d, queue: d.queue, muted: true}
	state := d.session
	d.mu.Unlock()
	defer func() {
		d.mu.Lock()
		d.queue = nil
		d.mu.Unlock()
		conn.queue.close()
	}()
	c, err := dtls.ResumeWithOptions(state, conn, conn.LocalAddr(), dtls.WithLoggerFactory(silence()))
	if err != nil {
		return
	}
	defer func() { _ = c.Close() }()
	if c.SetReadDeadline(time.Now().Add(alertPatience)) != nil {
		return
	}
	if closedByPeer(c) {
		d.end()
		d.wire.events.failed()
	}
}

// closedByPeer reads until the peer's close_notify or fatal alert, or until nothing more comes.
func closedByPeer(c *dtls.Conn) bool {
	for b := make([]byte, maxDatagram); ; { // application data is nobody's
		_, err := c.Read(b)
		var ended *dtls.HandshakeError // so it is named, too, when the alert is the first that is read
		switch {
		case errors.Is(err, io.EOF), errors.As(err, &ended):
			return true
		case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, context.DeadlineExceeded), errors.Is(err, net.ErrClosed):
			return false
		}
	}
}

// end is for a peer that closed, or failed: nothing is sent to it any more.
func (d *dtlsSession) end() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.state, d.farewell = dtlsOver, nil
}

// close says good-bye and ends what runs.
func (d *dtlsSession) close() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.state == dtlsVerified && d.farewell != nil {
		if to := d.wire.media.to.Load(); to != nil {
			_, _ = d.wire.socket.send(d.farewell, to.addr)
		}
	}
	d.state, d.farewell = dtlsOver, nil
	if d.cancel != nil {
		d.cancel()
	}
	if d.queue != nil {
		d.queue.close()
	}
}

// dtlsConn is what pion/dtls takes for a socket.
type dtlsConn struct {
	session *dtlsSession
	queue   *datagramQueue

	muted bool   // guarded by session.mu
	last  []byte // what was written while muted; guarded by session.mu
}

// mute keeps what is written from now on, instead of sending it.
func (c *dtlsConn) mute() {
	c.session.mu.Lock()
	defer c.session.mu.Unlock()
	c.muted = true
}

func (c *dtlsConn) ReadFrom(b []byte) (int, net.Addr, error) {
	n, _, err := c.queue.read(b)
	return n, c.LocalAddr(), err
}

// WriteTo sends to where the peer's last record came from, whatever pion thinks.
func (c *dtlsConn) WriteTo(b []byte, _ net.Addr) (int, error) {
	d := c.session
	d.mu.Lock()
	defer d.mu.Unlock()
	if c.muted {
		c.last = bytes.Clone(b)
		return len(b), nil
	}
	d.flight = append(d.flight[:0], b...)
	return d.wire.socket.send(b, d.path.target.addr)
}

// Close does nothing: the queue is closed when nobody needs what is left in it.
func (c *dtlsConn) Close() error { return nil }

// LocalAddr stands for both ends: paths change, and pion need not know.
func (c *dtlsConn) LocalAddr() net.Addr { return net.UDPAddrFromAddrPort(c.session.wire.socket.local) }

func (c *dtlsConn) SetDeadline(t time.Time) error { return c.SetReadDeadline(t) }

func (c *dtlsConn) SetReadDeadline(t time.Time) error { c.queue.setDeadline(t); return nil }

// SetWriteDeadline does nothing: a UDP write does not wait for the other side.
func (c *dtlsConn) SetWriteDeadline(time.Time) error { return nil }
