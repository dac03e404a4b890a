package turn

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"net"
	"strconv"
	"strings"
	"time"

	pionturn "github.com/pion/turn/v4"
)

// Credentials let one session make allocations for a short time. They go to the browser as an RTCIceServer.
type Credentials struct {
	URLs     []string
	Username string // expiry in Unix seconds, ':', session
	Password string
	Expires  time.Time // the last moment for a new allocation; live ones go on
}

// maxSession is in bytes. A STUN username holds fewer than 509 (RFC 8489 §14.3).
const maxSession = 256

// credentialLabel keeps these signatures apart from any other use of the same secret.
const credentialLabel = "colloque turn credential 1\x00"

// Credentials returns fresh credentials for session: 1 to 256 bytes of printable ASCII without spaces, or they will not
// be accepted. They travel in the clear, so session must be an id and never a secret such as a resume token.
func (s *Server) Credentials(session string) Credentials {
	expiry := time.Now().Add(s.cfg.CredentialLifetime).Unix()
	s.mu.Lock()
	if s.barredLocked(expiry, session) {
		expiry = s.barred[session] + 1 // issued after a Drop, within the same second
	}
	s.mu.Unlock()
	username := formatUsername(expiry, session)
	return Credentials{
		URLs:     append([]string(nil), s.cfg.URLs...),
		Username: username,
		Password: s.password(username),
		Expires:  time.Unix(expiry, 0),
	}
}

func (s *Server) password(username string) string {
	mac := hmac.New(sha256.New, s.cfg.Secret)
	mac.Write([]byte(credentialLabel))
	mac.Write([]byte(username))
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

func formatUsername(expiry int64, session string) string {
	return strconv.FormatInt(expiry, 10) + ":" + session
}

// parseUsername undoes formatUsername, and accepts nothing that formatUsername would not write.
func parseUsername(username string) (expiry int64, session string, ok bool) {
	digits, session, found := strings.Cut(username, ":")
	if !found || len(digits) > 11 || session == "" || len(session) > maxSession {
		return 0, "", false
	}
	expiry, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || expiry < 0 || strconv.FormatInt(expiry, 10) != digits {
		return 0, "", false
	}
	for i := range len(session) {
		if session[i] <= ' ' || session[i] > '~' {
			return 0, "", false
		}
	}
	return expiry, session, true
}

// authenticate is pion's AuthHandler: it returns the key with which pion checks MESSAGE-INTEGRITY (RFC 8489 §9.2.2).
// Credentials past their time are good for what concerns an allocation that was made with them, and nothing else.
func (s *Server) authenticate(username, _ string, from net.Addr) ([]byte, bool) {
	expiry, session, ok := parseUsername(username)
	if !ok {
		s.refuse(RefusalCredential)
		return nil, false
	}
	s.mu.Lock()
	ok = s.mayAllocateLocked(expiry, session)
	if c := s.clients[addrPort(from)]; c != nil && c.username == username {
		ok = true
	}
	s.mu.Unlock()
	if !ok {
		s.refuse(RefusalExpired)
		return nil, false
	}
	return pionturn.GenerateAuthKey(username, s.cfg.Realm, s.password(username)), true
}

// mayAllocateLocked tells whether credentials still open new allocations.
func (s *Server) mayAllocateLocked(expiry int64, session string) bool {
	return !s.barredLocked(expiry, session) && time.Now().Unix() <= expiry
}

// barredLocked tells whether credentials are from before a Drop.
func (s *Server) barredLocked(expiry int64, session string) bool {
	barred, ok := s.barred[session]
	return ok && expiry <= barred
}

// mayAllocate is pion's QuotaHandler, asked once for each new allocation, after authenticate.
func (s *Server) mayAllocate(username, _ string, _ net.Addr) bool {
	expiry, session, ok := parseUsername(username)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case !ok || !s.mayAllocateLocked(expiry, session):
		s.refuse(RefusalExpired)
		return false
	case len(s.sessions[session]) >= s.cfg.AllocationsPerSession:
		s.refuse(RefusalQuota)
		return false
	}
	return true
}
