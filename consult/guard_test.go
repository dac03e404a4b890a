package consult

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"testing"
	"testing/synctest"
	"time"

	"github.com/colloque/colloque/consult/consulttest"
)

var guesser = netip.MustParseAddr("198.51.100.9")

// waits returns how long Wait takes. It runs in a bubble, where time is fake.
func waits(t *testing.T, g *Guard, from netip.Addr) time.Duration {
	t.Helper()
	before := time.Now()
	if err := g.Wait(t.Context(), from); err != nil {
		t.Fatal(err)
	}
	return time.Since(before)
}

func TestGuardSlowsOneGuesser(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := DefaultGuardConfig()
		g := NewGuard(cfg, time.Now)
		before := time.Now()
		for i := range cfg.Allowance {
			if d := waits(t, g, guesser); d != 0 {
				t.Fatalf("guess %d waits %v", i, d)
			}
			g.Wrong(guesser)
		}
		const guesses = 1000
		longest := time.Duration(0)
		for range guesses {
			longest = max(longest, waits(t, g, guesser))
			g.Wrong(guesser)
		}
		took := time.Since(before)
		if rate := float64(guesses) / took.Minutes(); rate > float64(cfg.Allowance)*1.2 {
			t.Errorf("%.1f guesses a minute, want about %d", rate, cfg.Allowance)
		}
		if longest > cfg.MaxDelay {
			t.Errorf("waited %v, the cap is %v", longest, cfg.MaxDelay)
		}
		if d := waits(t, g, here); d != 0 {
			t.Errorf("somebody else waits %v", d)
		}
		time.Sleep(3 * time.Minute)
		if d := waits(t, g, guesser); d != 0 {
			t.Errorf("three minutes later still %v", d)
		}
	})
}

// TestGuardNeverLocksOut: a hospital shares its address with a guesser who sends everything at once.
func TestGuardNeverLocksOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := DefaultGuardConfig()
		g := NewGuard(cfg, time.Now)
		for range 100_000 {
			g.Wrong(guesser)
		}
		for range 50 {
			if d := waits(t, g, guesser); d > cfg.MaxDelay {
				t.Fatalf("a right ticket waits %v", d)
			}
		}
		time.Sleep(time.Minute + cfg.MaxDelay)
		if d := waits(t, g, guesser); d != 0 {
			t.Errorf("a minute after the attack a right ticket still waits %v", d)
		}
	})
}

func TestGuardRespectsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := NewGuard(DefaultGuardConfig(), time.Now)
		for range 100 {
			g.Wrong(guesser)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		before := time.Now()
		if err := g.Wait(ctx, guesser); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("error %v", err)
		}
		if d := time.Since(before); d != time.Second {
			t.Errorf("gave up after %v", d)
		}
	})
}

func TestGuardSources(t *testing.T) {
	clock := consulttest.NewClock(t0)
	tests := []struct {
		a, b string
		same bool
	}{
		{"192.0.2.1", "192.0.2.1", true},
		{"192.0.2.1", "192.0.2.2", false},
		{"192.0.2.1", "::ffff:192.0.2.1", true},
		{"2001:db8:1:2::1", "2001:db8:1:2:ffff::9", true},
		{"2001:db8:1:2::1", "2001:db8:1:3::1", false},
		{"fe80::1%eth0", "fe80::2%eth1", true},
	}
	for _, test := range tests {
		g := NewGuard(DefaultGuardConfig(), clock.Now)
		for range 100 {
			g.Wrong(netip.MustParseAddr(test.a))
		}
		if got := g.delay(netip.MustParseAddr(test.b)) > 0; got != test.same {
			t.Errorf("%s slows %s: %v, want %v", test.a, test.b, got, test.same)
		}
	}
	g := NewGuard(DefaultGuardConfig(), clock.Now)
	for range 100 {
		g.Wrong(netip.Addr{})
	}
	if g.delay(netip.Addr{}) == 0 {
		t.Error("who has no address is not slowed")
	}
}

func TestGuardMemoryIsBounded(t *testing.T) {
	clock := consulttest.NewClock(t0)
	cfg := DefaultGuardConfig()
	cfg.Addresses = 100
	g := NewGuard(cfg, clock.Now)
	for range 60 {
		g.Wrong(guesser)
	}
	for i := range 10_000 {
		g.Wrong(netip.MustParseAddr(fmt.Sprintf("10.0.%d.%d", i/256, i%256)))
		g.Wrong(guesser)
		if g.delay(guesser) == 0 {
			t.Fatal("who goes on guessing was forgotten")
		}
	}
	if len(g.sources) != cfg.Addresses || g.byLatest.Len() != cfg.Addresses {
		t.Errorf("%d and %d addresses are remembered, want %d", len(g.sources), g.byLatest.Len(), cfg.Addresses)
	}
	clock.Forward(time.Hour)
	g.delay(guesser)
	if len(g.sources) != cfg.Addresses-1 {
		t.Error("who stopped guessing is still remembered")
	}
}

// TestRightTicketsNeverCount: a ward of a hundred people reloads all day long.
func TestRightTicketsNeverCount(t *testing.T) {
	h, by := newHouse(t), doctor()
	_, secret := h.mustStart(by)
	for range 500 {
		h.must1(h.Redeem(t.Context(), secret, here))
	}
	if d := h.guard.delay(here); d != 0 {
		t.Errorf("they wait %v", d)
	}
	for range 60 {
		if d := h.guard.delay(here); d > 0 {
			return
		}
		_, _ = h.Redeem(t.Context(), NewSecret(), here)
	}
	t.Error("wrong tickets do not count")
}
