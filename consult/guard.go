package consult

import (
	"container/list"
	"context"
	"fmt"
	"net/netip"
	"sync"
	"time"
)

// GuardConfig says how guessing of secrets is slowed.
type GuardConfig struct {
	Allowance int           `yaml:"allowance"` // wrong guesses a minute from one address that cost nothing; default 20
	Step      time.Duration `yaml:"step"`      // what each one above that adds to the wait; default 250 ms
	MaxDelay  time.Duration `yaml:"max_delay"` // nobody ever waits longer; default 5 s
	Addresses int           `yaml:"addresses"` // how many addresses are remembered; default 16384, about 2 MB
}

// DefaultGuardConfig returns the defaults: who tries one secret after the other gets to 20 a minute.
func DefaultGuardConfig() GuardConfig {
	return GuardConfig{Allowance: 20, Step: 250 * time.Millisecond, MaxDelay: 5 * time.Second, Addresses: 16384}
}

// Validate says in one line what cannot work.
func (c GuardConfig) Validate() error {
	switch {
	case c.Allowance < 1:
		return fmt.Errorf("guard.allowance %d: must be 1 or more", c.Allowance)
	case c.Step <= 0 || c.MaxDelay < c.Step || c.MaxDelay > time.Minute:
		return fmt.Errorf("guard.step %s, guard.max_delay %s: must be above 0, and at most a minute", c.Step, c.MaxDelay)
	case c.Addresses < 1 || c.Addresses > 1<<20:
		return fmt.Errorf("guard.addresses %d: must be 1 to %d", c.Addresses, 1<<20)
	}
	return nil
}

// Guard slows the guessing of secrets. It counts wrong guesses per address (IPv4: one; IPv6: a /64) and lets
// whoever comes from an address with too many of them wait before the secret is looked at. It never refuses
// anybody: a whole hospital may share the address of one guesser, and its people wait a few seconds at most.
// What it remembers is bounded and forgotten within minutes. It is safe for concurrent use.
type Guard struct {
	cfg   GuardConfig
	clock func() time.Time

	mu       sync.Mutex // guards the following
	sources  map[netip.Prefix]*list.Element
	byLatest *list.List // of *source, the latest wrong guess in front
}

// source is an address that guessed wrong lately: a bucket that leaks Allowance guesses a minute.
type source struct {
	prefix  netip.Prefix
	guesses float64
	at      time.Time // when guesses was true
}

// NewGuard returns a guard that remembers nothing yet.
func NewGuard(cfg GuardConfig, clock func() time.Time) *Guard {
	return &Guard{cfg: cfg, clock: clock, sources: map[netip.Prefix]*list.Element{}, byLatest: list.New()}
}

// Wait returns when a secret from this address may be looked at: at once, unless the address guessed wrong
// too often. It returns ctx's error when that ends first.
func (g *Guard) Wait(ctx context.Context, from netip.Addr) error {
	delay := g.delay(from)
	if delay <= 0 {
		return ctx.Err()
	}
	timer := time.NewTimer(delay)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Wrong counts a wrong guess.
func (g *Guard) Wrong(from netip.Addr) {
	g.mu.Lock()
	defer g.mu.Unlock()
	prefix, now := SourceOf(from), g.clock()
	element, known := g.sources[prefix]
	if !known {
		if len(g.sources) >= g.cfg.Addresses {
			g.forgetLocked(g.byLatest.Back())
		}
		element = g.byLatest.PushFront(&source{prefix: prefix, at: now})
		g.sources[prefix] = element
	}
	g.byLatest.MoveToFront(element)
	s := element.Value.(*source)
	// More than what makes the longest delay is not remembered, so that an address recovers soon after an attack.
	most := float64(g.cfg.Allowance) + float64(g.cfg.MaxDelay)/float64(g.cfg.Step)
	s.guesses, s.at = min(g.leaked(s, now)+1, most), now
}

func (g *Guard) delay(from netip.Addr) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	element, known := g.sources[SourceOf(from)]
	if !known {
		return 0
	}
	left := g.leaked(element.Value.(*source), g.clock())
	if left <= 0 {
		g.forgetLocked(element)
		return 0
	}
	excess := left - float64(g.cfg.Allowance)
	return min(time.Duration(excess*float64(g.cfg.Step)), g.cfg.MaxDelay)
}

func (g *Guard) leaked(s *source, now time.Time) float64 {
	minutes := max(0, now.Sub(s.at).Minutes()) // a clock that was set back does not punish
	return max(0, s.guesses-minutes*float64(g.cfg.Allowance))
}

func (g *Guard) forgetLocked(element *list.Element) {
	delete(g.sources, element.Value.(*source).prefix)
	g.byLatest.Remove(element)
}

// SourceOf is what one person is assumed to have: an IPv4 address, or an IPv6 /64 (RFC 4291 §2.5.4).
func SourceOf(from netip.Addr) netip.Prefix {
	from = from.Unmap().WithZone("")
	bits := 64
	if from.Is4() {
		bits = 32
	}
	prefix, err := from.Prefix(bits)
	if err != nil {
		return netip.Prefix{} // no address at all: they share one
	}
	return prefix
}
