package account

import (
	"sync"
	"time"

	"github.com/colloque/colloque/consult"
)

// The patience with one account (or one mail address that is none's): so many guesses are free, then each must wait twice as long as
// the one before. A guesser who has the password gets to about 300 one-time codes of a million a day; the other ways
// to sign in stay open meanwhile.
const (
	freeGuesses  = 5
	firstPause   = time.Second
	longestPause = 5 * time.Minute
	forgiveAfter = time.Hour
	maxGuessed   = 1 << 16 // names that are remembered, some 10 MB
)

// errTooFast says to wait. It is the same for names that nobody has.
var errTooFast error = &consult.Error{Code: consult.CodeTooFast, Message: "Too many attempts: please wait a few minutes, or sign in another way."}

// patience counts guesses by name. It is in memory: a restart forgives, and nobody but the operator restarts. It is safe for
// concurrent use.
type patience struct {
	mu      sync.Mutex // guards the following
	guesses map[string]*guesses
}

type guesses struct {
	count int
	at    time.Time
	until time.Time // refused before
}

func newPatience() *patience { return &patience{guesses: map[string]*guesses{}} }

// take counts a guess before it is looked at, so that many at once count too, or refuses it with errTooFast.
func (p *patience) take(name string, now time.Time) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	g := p.guesses[name]
	if g == nil || now.Sub(g.at) > forgiveAfter {
		if len(p.guesses) >= maxGuessed {
			p.sweepLocked(now)
		}
		g = &guesses{}
		p.guesses[name] = g
	}
	if now.Before(g.until) {
		return errTooFast
	}
	g.count, g.at = g.count+1, now
	if more := g.count - freeGuesses; more >= 0 {
		g.until = now.Add(min(firstPause<<min(more, 20), longestPause))
	}
	return nil
}

// right forgets what was guessed wrong before.
func (p *patience) right(name string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.guesses, name)
}

// sweepLocked makes room: what would be forgiven goes, and when that is not enough, half of the rest.
func (p *patience) sweepLocked(now time.Time) {
	for name, g := range p.guesses {
		if now.Sub(g.at) > forgiveAfter {
			delete(p.guesses, name)
		}
	}
	for name := range p.guesses {
		if len(p.guesses) <= maxGuessed/2 {
			return
		}
		delete(p.guesses, name)
	}
}

// spent remembers the steps that may be taken once, until they expire. It is safe for concurrent use.
type spent struct {
	mu    sync.Mutex // guards the following
	until map[string]time.Time
}

func newSpent() *spent { return &spent{until: map[string]time.Time{}} }

// maxSpent bounds what is remembered: steps are spent by signing in, and live five minutes.
const maxSpent = 1 << 16

// spend fails when the step was taken before.
func (s *spent) spend(taken step, now time.Time) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, again := s.until[taken.ID]; again {
		return errCeremony
	}
	if len(s.until) >= maxSpent {
		for id, until := range s.until {
			if !now.Before(until) {
				delete(s.until, id)
			}
		}
	}
	if len(s.until) >= maxSpent {
		return consult.ErrBusy
	}
	s.until[taken.ID] = taken.Until
	return nil
}
