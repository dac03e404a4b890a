package push

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/big"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pion/transport/v4/test"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// service is a push service on this machine, and the one browser behind it.
type service struct {
	*httptest.Server
	browser *ecdh.PrivateKey
	auth    []byte
	got     chan *http.Request
	bodies  chan []byte
	mu      sync.Mutex
	status  int
}

func newService(t *testing.T) *service {
	t.Helper()
	t.Cleanup(test.CheckRoutines(t))
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	s := &service{browser: key, auth: make([]byte, 16), got: make(chan *http.Request, 20), bodies: make(chan []byte, 20), status: 201}
	_, _ = rand.Read(s.auth)
	s.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		s.mu.Lock()
		w.WriteHeader(s.status)
		s.mu.Unlock()
		s.got <- r
		s.bodies <- body
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *service) subscription(n int) Subscription {
	return Subscription{
		Endpoint: fmt.Sprintf("%s/browser/%d", s.URL, n), Language: "fr",
		Key: base64.RawURLEncoding.EncodeToString(s.browser.PublicKey().Bytes()), Auth: base64.RawURLEncoding.EncodeToString(s.auth),
	}
}

// decrypt is RFC 8291 §3.4 and RFC 8188 §2 from the browser's side.
func (s *service) decrypt(t *testing.T, body []byte) []byte {
	t.Helper()
	text, err := s.open(body)
	must(t, err)
	return text
}

func (s *service) reads(body []byte) bool {
	_, err := s.open(body)
	return err == nil
}

func (s *service) open(body []byte) ([]byte, error) {
	salt, size, idLength := body[:16], binary.BigEndian.Uint32(body[16:20]), int(body[20])
	sender, sealed := body[21:21+idLength], body[21+idLength:]
	if size > 4096 || len(sealed) > int(size) {
		return nil, fmt.Errorf("record of %d in a size of %d", len(sealed), size)
	}
	public, err := ecdh.P256().NewPublicKey(sender)
	if err != nil {
		return nil, err
	}
	shared, err := s.browser.ECDH(public)
	if err != nil {
		return nil, err
	}
	derive := func(secret, salt []byte, info string, length int) []byte {
		key, failed := hkdf.Key(sha256.New, secret, salt, info, length)
		err = errors.Join(err, failed)
		return key
	}
	ikm := derive(shared, s.auth, "WebPush: info\x00"+string(s.browser.PublicKey().Bytes())+string(sender), 32)
	key := derive(ikm, salt, "Content-Encoding: aes128gcm\x00", 16)
	nonce := derive(ikm, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	plain, err := gcm.Open(nil, nonce, sealed, nil)
	if err != nil {
		return nil, err
	}
	text, last := bytes.CutSuffix(bytes.TrimRight(plain, "\x00"), []byte{2}) // RFC 8188 §2: what ends the last record
	if !last {
		return nil, errors.New("not the last record")
	}
	return text, nil
}

// checkVAPID is RFC 8292 §2 and §3: a token for this very service, signed with the key that is named.
func checkVAPID(t *testing.T, header, key, origin string) {
	t.Helper()
	fields, ok := strings.CutPrefix(header, "vapid ")
	if !ok {
		t.Fatalf("authorization %q", header)
	}
	var token, named string
	for _, field := range strings.Split(fields, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(field), "=")
		switch name {
		case "t":
			token = value
		case "k":
			named = value
		}
	}
	parts := strings.Split(token, ".")
	if named != key || len(parts) != 3 {
		t.Fatalf("authorization %q", header)
	}
	point, err := base64.RawURLEncoding.DecodeString(named)
	must(t, err)
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	must(t, err)
	signature, err := base64.RawURLEncoding.DecodeString(parts[2])
	must(t, err)
	sum := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !ecdsa.Verify(public, sum[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		t.Error("the signature is not ours")
	}
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	must(t, err)
	var claims struct {
		Aud, Sub string
		Exp      int64
	}
	must(t, json.Unmarshal(raw, &claims))
	if claims.Aud != origin || claims.Sub != "mailto:it@example.org" || claims.Exp > time.Now().Add(24*time.Hour).Unix() || claims.Exp < time.Now().Unix() {
		t.Errorf("claims %+v", claims)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

type house struct {
	*Push
	store  kv.Store
	master *consult.Keyring
	log    *bytes.Buffer
	dir    string
}

func newHouse(t *testing.T, s *service) *house {
	t.Helper()
	h := &house{log: &bytes.Buffer{}, dir: t.TempDir()}
	var err error
	h.master, err = consult.OpenKeyring(filepath.Join(h.dir, "master.key"))
	must(t, err)
	h.store, err = kv.OpenBolt(filepath.Join(h.dir, "store.db"), kv.BoltConfig{})
	must(t, err)
	cfg := Config{Enabled: true, Contact: "mailto:it@example.org", Services: []string{strings.TrimPrefix(s.URL, "https://")}}
	h.Push, err = Open(cfg, h.store, h.master, s.Client(), time.Now, slog.New(slog.NewTextHandler(h.log, nil)))
	must(t, err)
	t.Cleanup(func() {
		must(t, h.Close())
		must(t, h.Close())
		must(t, h.store.Close())
	})
	return h
}

func TestPushIsReadByTheBrowserAlone(t *testing.T) {
	s := newService(t)
	h := newHouse(t, s)
	of := consult.NewAccountID()
	must(t, h.Subscribe(of, s.subscription(1)))
	must(t, h.Subscribe(of, s.subscription(1)))
	h.Arrived(of, "Jeanne Martin")
	r, body := <-s.got, <-s.bodies
	if bytes.Contains(body, []byte("Jeanne")) {
		t.Error("the name is readable on the way")
	}
	var n notice
	must(t, json.Unmarshal(s.decrypt(t, body), &n))
	if !strings.Contains(n.Body, "Jeanne Martin") || n.Title != "Salle d'attente" {
		t.Errorf("%+v", n)
	}
	checkVAPID(t, r.Header.Get("Authorization"), h.Key(), s.URL)
	if r.Header.Get("Content-Encoding") != "aes128gcm" || r.Header.Get("TTL") != "300" || r.Header.Get("Urgency") != "high" || r.URL.Path != "/browser/1" {
		t.Errorf("%s %v", r.URL.Path, r.Header)
	}
	h.Arrived(consult.NewAccountID(), "Ahmed Benali") // nobody asked for that
	must(t, h.Unsubscribe(of, s.subscription(1).Endpoint))
	h.Arrived(of, "Ahmed Benali")
	must(t, h.Close())
	if len(s.got) != 0 {
		t.Error("a browser that has said no, or another's, was told")
	}
	if log := h.log.String(); strings.Contains(log, "Jeanne") || strings.Contains(log, "browser/1") {
		t.Errorf("log: %s", log)
	}
}

func TestABrowserThatIsGoneIsForgotten(t *testing.T) {
	s := newService(t)
	h := newHouse(t, s)
	of := consult.NewAccountID()
	must(t, h.Subscribe(of, s.subscription(1)))
	s.mu.Lock()
	s.status = http.StatusGone
	s.mu.Unlock()
	h.Arrived(of, "")
	<-s.got
	for end := time.Now().Add(30 * time.Second); ; time.Sleep(time.Millisecond) {
		browsers, err := h.browsers(of)
		must(t, err)
		if len(browsers) == 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("it is remembered")
		}
	}
}

func TestSubscriptionsAreChecked(t *testing.T) {
	s := newService(t)
	h := newHouse(t, s)
	of := consult.NewAccountID()
	for name, change := range map[string]func(*Subscription){
		"another host":    func(s *Subscription) { s.Endpoint = "https://10.0.0.1/x" },
		"another port":    func(s *Subscription) { s.Endpoint = "https://127.0.0.1:1/x" },
		"not encrypted":   func(s *Subscription) { s.Endpoint = strings.Replace(s.Endpoint, "https:", "http:", 1) },
		"with a password": func(s *Subscription) { s.Endpoint = strings.Replace(s.Endpoint, "https://", "https://a:b@", 1) },
		"no address":      func(s *Subscription) { s.Endpoint = "::" },
		"a long address":  func(s *Subscription) { s.Endpoint += strings.Repeat("x", maxEndpoint) },
		"no key":          func(s *Subscription) { s.Key = "" },
		"a key off the curve": func(s *Subscription) {
			s.Key = base64.RawURLEncoding.EncodeToString(append([]byte{4}, make([]byte, 64)...))
		},
		"a short secret": func(s *Subscription) { s.Auth = "AAAA" },
	} {
		one := s.subscription(1)
		change(&one)
		if err := h.Subscribe(of, one); consult.CodeOf(err) != consult.CodeBadMessage {
			t.Errorf("%s: %v", name, err)
		}
	}
	for n := range maxBrowsers + 3 {
		must(t, h.Subscribe(of, s.subscription(n)))
	}
	if browsers, err := h.browsers(of); err != nil || len(browsers) != maxBrowsers {
		t.Errorf("%d browsers, %v", len(browsers), err)
	}
}

func TestTheSigningKeyStays(t *testing.T) {
	s := newService(t)
	h := newHouse(t, s)
	again, err := Open(h.cfg, h.store, h.master, s.Client(), time.Now, h.Push.log)
	must(t, err)
	must(t, again.Close())
	if again.Key() == "" || again.Key() != h.Key() {
		t.Errorf("%q, and then %q", h.Key(), again.Key())
	}
}

func TestOff(t *testing.T) {
	p, err := Open(DefaultConfig(), nil, nil, nil, time.Now, slog.New(slog.DiscardHandler))
	must(t, err)
	p.Arrived(consult.NewAccountID(), "Jeanne Martin")
	if err := p.Subscribe(consult.NewAccountID(), Subscription{}); p.Key() != "" || !errors.Is(err, errOff) {
		t.Errorf("%q, %v", p.Key(), err)
	}
	must(t, p.Close())
}

func TestConfig(t *testing.T) {
	good := Config{Enabled: true, Contact: "mailto:it@example.org", Services: []string{"*.example.org"}}
	for name, change := range map[string]func(*Config){
		"no contact": func(c *Config) { c.Contact = "" }, "a word": func(c *Config) { c.Contact = "me" }, "no service": func(c *Config) { c.Services = nil },
		"any service": func(c *Config) { c.Services = []string{"*."} }, "a path": func(c *Config) { c.Services = []string{"example.org/x"} },
	} {
		c := good
		change(&c)
		if c.Validate() == nil {
			t.Errorf("%s is taken", name)
		}
	}
	if err := errors.Join(good.Validate(), DefaultConfig().Validate()); err != nil {
		t.Error(err)
	}
}
