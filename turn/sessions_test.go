package turn

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pion/stun/v3"
)

// inTime runs a test in synctest's time, with a server that has one media address.
func inTime(t *testing.T, cfg Config, run func(t *testing.T, s *Server, dial func(address, session string) *rawClient)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWire()
		cfg.MediaAddrs = []netip.AddrPort{media4}
		s := mustServe(t, cfg, w, &echo{})
		run(t, s, func(address, session string) *rawClient {
			return (&rawClient{t: t, end: w.dial(address)}).use(s.Credentials(session))
		})
	})
}

func TestCredentials(t *testing.T) {
	inTime(t, Config{}, func(t *testing.T, s *Server, dial func(string, string) *rawClient) {
		credentials := s.Credentials("s_1")
		if lives := time.Until(credentials.Expires); lives > 5*time.Minute || lives <= 5*time.Minute-time.Second {
			t.Errorf("lives %v", lives)
		}
		if len(credentials.URLs) != 1 || credentials.URLs[0] != "turn:203.0.113.7:3478?transport=udp" {
			t.Errorf("%q", credentials.URLs)
		}
		if credentials.Password == s.Credentials("s_2").Password || len(credentials.Password) < 40 {
			t.Error("weak password")
		}
		now := time.Now().Unix()
		for i, forged := range []Credentials{
			{Username: credentials.Username, Password: "guess"},
			{Username: credentials.Username, Password: ""},
			{Username: credentials.Username, Password: s.Credentials("s_2").Password},
			{Username: formatUsername(now+3600, "s_1"), Password: credentials.Password},
			{Username: formatUsername(credentials.Expires.Unix(), "s_2"), Password: credentials.Password},
			{Username: "s_1", Password: credentials.Password},
			{Username: "+" + credentials.Username, Password: credentials.Password},
			{Username: "0" + credentials.Username, Password: credentials.Password},
			{Username: "", Password: credentials.Password},
			{Username: formatUsername(now+3600, strings.Repeat("x", 400)), Password: credentials.Password},
		} {
			c := dial(fmt.Sprintf("198.51.100.1:%d", 100+i), "x").use(forged)
			wantCode(t, c.allocate(), stun.CodeBadRequest)
		}
		if stats := s.Stats(); stats.Refusals[RefusalCredential] != 10 || stats.AllocationsMade != 0 {
			t.Errorf("%+v", stats)
		}
		dial("198.51.100.1:99", "x").use(credentials).mustAllocate()
	})
}

// Credentials past their time open nothing, but an allocation that was made with them lives as long as the call.
func TestExpiredCredentialsKeepTheirAllocation(t *testing.T) {
	inTime(t, Config{}, func(t *testing.T, s *Server, dial func(string, string) *rawClient) {
		c := dial("198.51.100.1:1000", "s_1")
		old := Credentials{Username: c.username, Password: c.password}
		c.mustAllocate()
		other := dial("198.51.100.1:2000", "s_1").use(old)
		wantCode(t, other.ask(stun.MethodAllocate, udpTransport), stun.CodeUnauthorized)
		for range 3 * 60 / 4 { // three hours
			time.Sleep(4 * time.Minute) // synctest's: nobody waits
			wantSuccess(t, c.request(stun.MethodRefresh, lifetime(600)))
			wantSuccess(t, c.permit(media4))
			wantSuccess(t, c.bind(0x4000, media4))
		}
		c.sendChannel(0x4000, "still here")
		if got := c.receiveData(); got.bytes != "still here" {
			t.Fatalf("%+v", got)
		}
		other.nonce, other.realm = c.nonce, c.realm
		wantCode(t, other.allocate(), stun.CodeBadRequest)
		wantCode(t, other.request(stun.MethodRefresh), stun.CodeAllocMismatch)
		if stats := s.Stats(); stats.Refusals[RefusalExpired] != 1 || stats.Allocations != 1 {
			t.Fatalf("%+v", stats)
		}
		// Without a refresh it ends, and then there is no way back.
		time.Sleep(10*time.Minute + time.Second)
		synctest.Wait()
		if live := s.Stats().Allocations; live != 0 {
			t.Fatalf("%d allocations live on", live)
		}
		wantCode(t, c.allocate(), stun.CodeBadRequest)
		c.use(s.Credentials("s_1")).mustAllocate()
	})
}

func TestQuotaAndCapacity(t *testing.T) {
	cfg := Config{AllocationsPerSession: 2, MaxAllocations: 3}
	inTime(t, cfg, func(t *testing.T, s *Server, dial func(string, string) *rawClient) {
		first := dial("198.51.100.1:1", "s_1")
		first.mustAllocate()
		dial("198.51.100.1:2", "s_1").mustAllocate()
		wantCode(t, dial("198.51.100.1:3", "s_1").allocate(), stun.CodeAllocQuotaReached)
		dial("198.51.100.1:4", "s_2").mustAllocate()
		wantCode(t, dial("198.51.100.1:5", "s_2").allocate(), stun.CodeInsufficientCapacity)
		stats := s.Stats()
		if stats.Allocations != 3 || stats.Refusals[RefusalQuota] != 1 || stats.Refusals[RefusalCapacity] != 1 {
			t.Fatalf("%+v", stats)
		}
		// What is given back is there again.
		wantSuccess(t, first.request(stun.MethodRefresh, lifetime(0)))
		synctest.Wait()
		dial("198.51.100.1:3", "s_1").mustAllocate()
		s.Drop("s_1")
		synctest.Wait()
		for i := range 2 {
			dial(fmt.Sprintf("198.51.100.1:%d", 10+i), "s_3").mustAllocate()
		}
	})
}

func TestDrop(t *testing.T) {
	inTime(t, Config{}, func(t *testing.T, s *Server, dial func(string, string) *rawClient) {
		c, stays := dial("198.51.100.1:1000", "s_1"), dial("198.51.100.1:2000", "s_2")
		old := Credentials{Username: c.username, Password: c.password}
		relayed := c.mustAllocate()
		stays.mustAllocate()
		wantSuccess(t, c.bind(0x4000, media4))
		wantSuccess(t, stays.bind(0x4000, media4))
		s.Drop("s_1")
		s.Drop("unknown")
		synctest.Wait()
		before := s.Stats()
		if before.Allocations != 1 {
			t.Fatalf("%+v", before)
		}
		c.sendChannel(0x4000, "late")
		c.indicate("late", media4)
		s.deliver([]byte("late"), relayed)
		wantCode(t, c.request(stun.MethodRefresh), stun.CodeAllocMismatch)
		wantCode(t, c.bind(0x4000, media4), stun.CodeAllocMismatch)
		wantCode(t, c.allocate(), stun.CodeBadRequest) // the old credentials are barred, though their time is not over
		after := s.Stats()
		if after.PacketsToMedia != before.PacketsToMedia || len(c.data) != 0 || after.Refusals[RefusalStray] != 1 {
			t.Fatalf("a dropped allocation relays: %+v", after)
		}
		// New ones are good at once, and each Drop bars what came before it.
		for i := range 3 {
			fresh := s.Credentials("s_1")
			c.use(fresh).mustAllocate()
			s.Drop("s_1")
			synctest.Wait()
			wantCode(t, c.use(fresh).allocate(), stun.CodeBadRequest)
			wantCode(t, c.use(old).allocate(), stun.CodeBadRequest)
			if lives := time.Until(fresh.Expires); lives > 5*time.Minute+time.Duration(i+2)*time.Second {
				t.Fatalf("lives %v", lives)
			}
		}
		stays.sendChannel(0x4000, "on")
		if got := stays.receiveData(); got.bytes != "on" {
			t.Fatalf("%+v", got)
		}
		// The bars go once they are not needed.
		time.Sleep(6 * time.Minute)
		s.Drop("another")
		if s.mu.Lock(); len(s.barred) != 1 {
			t.Errorf("%d sessions are barred", len(s.barred))
		}
		s.mu.Unlock()
	})
}

// An allocation belongs to the credentials that made it, even towards somebody with the same source address.
func TestOtherSessionsCredentials(t *testing.T) {
	inTime(t, Config{}, func(t *testing.T, s *Server, dial func(string, string) *rawClient) {
		c := dial("198.51.100.1:1000", "s_1")
		c.mustAllocate()
		thief := &rawClient{t: t, end: c.end, nonce: c.nonce, realm: c.realm}
		thief.use(s.Credentials("s_2"))
		wantCode(t, thief.request(stun.MethodRefresh, lifetime(0)), stun.CodeWrongCredentials)
		wantCode(t, thief.permit(media4), stun.CodeWrongCredentials)
		wantCode(t, thief.bind(0x4000, media4), stun.CodeWrongCredentials)
		wantCode(t, thief.allocate(), stun.CodeAllocMismatch)
		wantCode(t, c.allocate(), stun.CodeAllocMismatch) // RFC 8656 §7.2: one allocation a 5-tuple
		if stats := s.Stats(); stats.Refusals[RefusalCredential] != 4 || stats.Allocations != 1 {
			t.Fatalf("%+v", stats)
		}
		wantSuccess(t, c.permit(media4))
	})
}

// pion v4.1.4 would crash if a permission were made at the very moment in which its allocation ends.
func TestNoPermissionForAnAllocationThatEnds(t *testing.T) {
	inTime(t, Config{}, func(t *testing.T, s *Server, dial func(string, string) *rawClient) {
		c := dial("198.51.100.1:1000", "s_1")
		c.mustAllocate(lifetime(10))
		time.Sleep(8*time.Second + time.Millisecond)
		wantCode(t, c.permit(media4), stun.CodeAllocMismatch)
		wantCode(t, c.bind(0x4000, media4), stun.CodeAllocMismatch)
		wantSuccess(t, c.request(stun.MethodRefresh, lifetime(10)))
		wantSuccess(t, c.permit(media4))

		// A repeated Allocate gets the first answer again, but no more time.
		again := dial("198.51.100.1:2000", "s_1")
		wantCode(t, again.ask(stun.MethodAllocate, udpTransport), stun.CodeUnauthorized)
		again.nonce, again.realm = c.nonce, c.realm
		message := stun.MustBuild(append([]stun.Setter{stun.TransactionID,
			stun.NewType(stun.MethodAllocate, stun.ClassRequest), udpTransport, lifetime(10)}, again.signature()...)...)
		again.end.send(message.Raw)
		wantSuccess(t, again.read())
		time.Sleep(9 * time.Second)
		again.end.send(message.Raw)
		wantSuccess(t, again.read())
		wantCode(t, again.permit(media4), stun.CodeAllocMismatch)
		time.Sleep(time.Second + time.Millisecond)
		synctest.Wait()
		if live := s.Stats().Allocations; live != 0 {
			t.Fatalf("%d allocations live on", live)
		}
	})
}

// Drop at any moment of a client's requests; the race detector watches.
func TestDropWhileRequestsCome(t *testing.T) {
	w := newWire()
	s := mustServe(t, Config{MediaAddrs: []netip.AddrPort{media4}, UnauthenticatedRate: 100_000}, w, &echo{})
	var clients sync.WaitGroup
	for i := range 4 {
		session := fmt.Sprint("s_", i)
		c := &rawClient{t: t, end: w.dial(fmt.Sprintf("198.51.100.%d:1000", i))}
		clients.Go(func() {
			for range 100 {
				c.use(s.Credentials(session))
				for codeOf(c.allocate()) == stun.CodeAllocMismatch { // the last one has not quite ended
				}
				var dropping sync.WaitGroup
				dropping.Go(func() { s.Drop(session) })
				c.permit(media4)
				c.bind(0x4000, media4)
				c.sendChannel(0x4000, "data")
				dropping.Wait()
			}
		})
	}
	clients.Wait()
	if stats := s.Stats(); stats.Faults != 0 || stats.AllocationsMade != 4*100 {
		t.Fatalf("%+v", stats)
	}
}

// A session may be dropped after its credentials were found good, and before its allocation is on the books.
func TestDropBeforeTheAllocationIsKnown(t *testing.T) {
	inTime(t, Config{}, func(t *testing.T, s *Server, _ func(string, string) *rawClient) {
		username := s.Credentials("s_1").Username
		r := s.newRelay()
		if err := s.relays.add(r); err != nil {
			t.Fatal(err)
		}
		s.Drop("s_1")
		s.handleCreated(&net.UDPAddr{IP: net.IPv4(198, 51, 100, 1), Port: 1}, nil, "", username, "", r.local, 0)
		defer s.handleDeleted(nil, nil, "", "", "")
		if _, _, err := r.ReadFrom(nil); !errors.Is(err, net.ErrClosed) {
			t.Fatalf("the relay lives: %v", err)
		}
		if live := s.Stats().Allocations; live != 0 {
			t.Fatalf("%d allocations live", live)
		}
	})
}
