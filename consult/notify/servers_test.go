package notify

import (
	"bytes"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"io"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
)

// mailServer is a real SMTP server on this machine that keeps what it takes.
type mailServer struct {
	t    testing.TB
	port int
	ca   string // PEM file, when it does TLS

	mu      sync.Mutex
	mails   []receivedMail
	arrived chan struct{} // one per mail

	refuse func(step string) error // "rcpt", "data" or "taken": what to answer; nil: yes. "taken" comes after the whole mail is here
	drop   func() bool             // whether to cut the line instead of answering a whole mail
}

type receivedMail struct {
	to     string
	header mail.Header
	raw    string
	at     time.Time
	tls    bool
}

func newMailServer(t testing.TB, kind string) *mailServer {
	t.Helper()
	m := &mailServer{t: t, arrived: make(chan struct{}, 100_000)}
	s := smtp.NewServer(m)
	s.Domain, s.AllowInsecureAuth = "localhost", kind == TLSNone
	s.ReadTimeout, s.WriteTimeout = time.Minute, time.Minute
	var certificate tls.Certificate
	certificate, m.ca = newCertificate(t)
	var listener net.Listener
	var err error
	switch kind {
	case TLSImplicit:
		listener, err = tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{certificate}})
	default:
		if kind == TLSStart {
			s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{certificate}}
		}
		listener, err = net.Listen("tcp", "127.0.0.1:0")
	}
	if err != nil {
		t.Fatal(err)
	}
	m.port = listener.Addr().(*net.TCPAddr).Port
	ended := make(chan struct{})
	go func() { defer close(ended); _ = s.Serve(listener) }()
	t.Cleanup(func() { _ = s.Close(); <-ended })
	return m
}

// config is what an operator writes for this server.
func (m *mailServer) config(kind string) MailConfig {
	c := MailConfig{Host: "127.0.0.1", Port: m.port, TLS: kind, From: "rendez-vous@example.org"}
	if kind != TLSNone {
		c.CA, c.Username, c.Password = m.ca, "practice", "sesame-open"
	}
	return c
}

func (m *mailServer) received() []receivedMail {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]receivedMail{}, m.mails...)
}

func (m *mailServer) NewSession(c *smtp.Conn) (smtp.Session, error) {
	return &mailSession{server: m, conn: c}, nil
}

type mailSession struct {
	server *mailServer
	conn   *smtp.Conn
	to     string
}

func (s *mailSession) AuthMechanisms() []string { return []string{sasl.Plain} }

func (s *mailSession) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "practice" || password != "sesame-open" {
			return errors.New("535 no")
		}
		return nil
	}), nil
}

func (s *mailSession) Mail(string, *smtp.MailOptions) error { return nil }

func (s *mailSession) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return s.server.answer("rcpt")
}

func (s *mailSession) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if err := s.server.answer("data"); err != nil {
		return err
	}
	parsed, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return err
	}
	_, secure := s.conn.TLSConnectionState()
	s.server.mu.Lock()
	s.server.mails = append(s.server.mails, receivedMail{s.to, parsed.Header, string(raw), time.Now(), secure})
	drop := s.server.drop
	s.server.mu.Unlock()
	s.server.arrived <- struct{}{}
	if drop != nil && drop() {
		_ = s.conn.Conn().Close()
		return errors.New("dropped")
	}
	return s.server.answer("taken")
}

func (s *mailSession) Reset()        { s.to = "" }
func (s *mailSession) Logout() error { return nil }

func (m *mailServer) answer(step string) error {
	m.mu.Lock()
	refuse := m.refuse
	m.mu.Unlock()
	if refuse == nil {
		return nil
	}
	return refuse(step)
}

// newCertificate makes a certificate for 127.0.0.1 that signs itself, and returns it with its PEM file.
func newCertificate(t testing.TB) (tls.Certificate, string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return certify(t, key)
}

func certify(t testing.TB, key crypto.Signer) (tls.Certificate, string) {
	t.Helper()
	template := x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, &template, &template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, file
}

// smsServer is a real HTTP server in the place of a gateway.
type smsServer struct {
	*httptest.Server

	mu       sync.Mutex
	requests []receivedRequest
	arrived  chan struct{}
	respond  func(w http.ResponseWriter, r receivedRequest)
}

type receivedRequest struct {
	method, path, body string
	header             http.Header
	at                 time.Time
}

func newSMSServer(t testing.TB, respond func(http.ResponseWriter, receivedRequest)) *smsServer {
	t.Helper()
	s := &smsServer{arrived: make(chan struct{}, 100_000), respond: respond}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		received := receivedRequest{r.Method, r.URL.Path, string(body), r.Header.Clone(), time.Now()}
		s.mu.Lock()
		s.requests = append(s.requests, received)
		s.mu.Unlock()
		s.arrived <- struct{}{}
		s.respond(w, received)
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *smsServer) received() []receivedRequest {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]receivedRequest{}, s.requests...)
}

// accept answers as a gateway that takes everything, and calls each message by our own id with "sms-" before it.
func accept(w http.ResponseWriter, r receivedRequest) {
	id, _ := jsonValue([]byte(r.body), "id")
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"ok":true,"messages":[{"id":"sms-`+id+`"}]}`)
}

// gatewayFor describes the test's gateway as an operator would.
func gatewayFor(name, url string, prefixes ...string) GatewayConfig {
	return GatewayConfig{
		Name: name, URL: url + "/send", Headers: map[string]string{"Content-Type": "application/json", "X-Key": "{{.Set.key}}"},
		Settings: map[string]string{"key": "very-secret-key"}, Prefixes: prefixes,
		Body:      `{"to":{{json .To}},"text":{{json .Text}},"id":{{json .ID}},"report":{{json .ReportURL}}}`,
		Success:   SuccessConfig{Source: "json:ok", Match: "^true$"},
		MessageID: "json:messages.0.id",
		Report:    ReportConfig{Method: "POST", MessageID: "json:id", State: "json:status", Delivered: "^DELIVRD$", Failed: "^(UNDELIV|EXPIRED)$"},
	}
}

func smsOnly(gateways ...GatewayConfig) Config {
	cfg := DefaultConfig()
	cfg.SMS.Gateways = gateways
	return cfg
}
