package notify

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"log/slog"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/consulttest"
	"github.com/colloque/colloque/consult/kv"
)

// TestInviteReachesTheGateway measures from the transaction that causes an invitation (its beginning) to the moment at which a real server holds
// the whole of it: 100 one after the other, as a practice sends them. 95 of them must be there within 2 s.
func TestInviteReachesTheGateway(t *testing.T) {
	for _, kind := range []string{TLSStart, TLSImplicit, TLSNone, "sms"} {
		t.Run(kind, func(t *testing.T) {
			cfg := DefaultConfig()
			var arrived chan struct{}
			if kind == "sms" {
				gateway := newSMSServer(t, accept)
				cfg, arrived = smsOnly(gatewayFor("main", gateway.URL)), gateway.arrived
			} else {
				server := newMailServer(t, kind)
				cfg.Mail, arrived = server.config(kind), server.arrived
			}
			p := realTime(t, cfg)
			took := make([]time.Duration, 100)
			for i := range took {
				began := time.Now()
				p.check(p.put(numbered(i, kind == "sms")))
				select {
				case <-arrived:
				case <-time.After(30 * time.Second):
					t.Fatalf("%d has not arrived\n%s", i, p.log)
				}
				took[i] = time.Since(began)
			}
			slices.Sort(took)
			t.Logf("%s: p50 %v, p95 %v, longest %v", kind, took[49].Round(10*time.Microsecond), took[94].Round(10*time.Microsecond), took[99].Round(10*time.Microsecond))
			if took[94] > 2*time.Second {
				t.Errorf("p95 is %v, want at most 2 s", took[94])
			}
		})
	}
}

// TestThroughput measures how fast a full outbox empties.
func TestThroughput(t *testing.T) {
	const notices = 1000
	for _, kind := range []string{TLSStart, "sms"} {
		t.Run(kind, func(t *testing.T) {
			cfg := DefaultConfig()
			var arrived chan struct{}
			if kind == "sms" {
				gateway := newSMSServer(t, accept)
				cfg, arrived = smsOnly(gatewayFor("main", gateway.URL)), gateway.arrived
			} else {
				server := newMailServer(t, kind)
				cfg.Mail, arrived = server.config(kind), server.arrived
			}
			p := newRealTime(t, cfg)
			for i := range notices {
				p.check(p.put(numbered(i, kind == "sms")))
			}
			began := time.Now()
			p.check(p.Start(testBase))
			defer p.Close()
			for range notices {
				select {
				case <-arrived:
				case <-time.After(30 * time.Second):
					t.Fatal("the outbox stands still")
				}
			}
			took := time.Since(began)
			t.Logf("%s: %d in %v, %.0f a second", kind, notices, took.Round(time.Millisecond), notices/took.Seconds())
		})
	}
}

func numbered(i int, byPhone bool) consult.Notice {
	n := invitation()
	n.Key, n.Urgent = fmt.Sprint("speed/", i), true
	if byPhone {
		n.To.Reach = consult.ReachSMS
	}
	return n
}

// newRealTime is a post whose clock is the machine's.
func newRealTime(t *testing.T, cfg Config) *post {
	t.Helper()
	p := &post{t: t, dir: t.TempDir(), log: &consulttest.Log{}}
	master, err := consult.OpenKeyring(filepath.Join(p.dir, "master.key"))
	p.check(err)
	p.store, err = kv.OpenBolt(filepath.Join(p.dir, "store.db"), kv.BoltConfig{})
	p.check(err)
	t.Cleanup(func() { p.check(p.store.Close()) })
	p.Outbox, err = Open(cfg, consult.DefaultConfig().Profile, p.store, master, time.Now, slog.New(slog.NewTextHandler(p.log, nil)))
	p.check(err)
	return p
}

func realTime(t *testing.T, cfg Config) *post {
	t.Helper()
	p := newRealTime(t, cfg)
	p.check(p.Start(testBase))
	t.Cleanup(func() { p.check(p.Close()) })
	return p
}
