package bookingpage

import (
	"crypto/sha256"
	"net/netip"
	"slices"
	"sync"
	"time"

	"github.com/colloque/colloque/consult"
)

// What one address or one contact may do, and all together. Addresses of hospitals and of mobile networks stand for many people.
const (
	maxHoldsOfOne  = 10  // live, of one address
	maxHoldsOfAll  = 300 // live, chosen on these pages and not booked yet
	maxLapsedOfOne = 20  // of one address, that lapsed in the last hour: who keeps times for nothing, again and again
	maxFormsOfOne  = 60  // an hour, from one address
	maxCodesToOne  = 8   // a day, to one number or mail address
	maxCodesOfOne  = 30  // an hour, asked for from one address, to whomever
	maxCodesOfAll  = 300 // an hour: text messages cost money
	maxBookedOfOne = 40  // a day, from one address
	maxUnprovenOne = 12  // a day, from one address, without a code as nothing could send one
	maxGivesOfOne  = 30  // forms with files, an hour, from one address
	maxGivesOfAll  = 150 // an hour
	maxTallied     = 1 << 16
	formsWindow    = time.Hour
	contactsWindow = 24 * time.Hour
)

// limits is what the pages remember of who asks. It is lost with the program, and bounded.
type limits struct {
	forms    tally // by address
	contacts tally // by hash of number or mail address
	askers   tally // of codes, by address
	codes    tally // of all
	booked   tally // by address
	unproven tally // by address
	givers   tally // by address
	gifts    tally // of all
	holds    holds
}

func newLimits(clock func() time.Time) *limits {
	return &limits{
		forms:    tally{clock: clock, window: formsWindow, most: maxFormsOfOne, counts: map[[32]byte]int{}},
		contacts: tally{clock: clock, window: contactsWindow, most: maxCodesToOne, counts: map[[32]byte]int{}},
		askers:   tally{clock: clock, window: formsWindow, most: maxCodesOfOne, counts: map[[32]byte]int{}},
		codes:    tally{clock: clock, window: formsWindow, most: maxCodesOfAll, counts: map[[32]byte]int{}},
		booked:   tally{clock: clock, window: contactsWindow, most: maxBookedOfOne, counts: map[[32]byte]int{}},
		unproven: tally{clock: clock, window: contactsWindow, most: maxUnprovenOne, counts: map[[32]byte]int{}},
		givers:   tally{clock: clock, window: formsWindow, most: maxGivesOfOne, counts: map[[32]byte]int{}},
		gifts:    tally{clock: clock, window: formsWindow, most: maxGivesOfAll, counts: map[[32]byte]int{}},
		holds:    holds{clock: clock},
	}
}

// tally counts by name in windows that begin anew for all at once. It is safe for concurrent use.
type tally struct {
	clock  func() time.Time
	window time.Duration
	most   int

	mu     sync.Mutex // guards the following
	since  time.Time
	counts map[[32]byte]int
}

// allows counts one more, or says that it is one too many.
func (t *tally) allows(name string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	key := sha256.Sum256([]byte(name))
	if t.fullLocked(key) {
		return false
	}
	t.counts[key]++
	return true
}

// allowsFrom is allows for an address.
func (t *tally) allowsFrom(from netip.Addr) bool {
	return ofMany(from) || t.allows(consult.SourceOf(from).String())
}

// ofMany says that an address stands for everybody: that of a proxy which is not trusted (clientip), on this machine or in its network. Only
// the limits of all hold then.
func ofMany(from netip.Addr) bool {
	from = from.Unmap()
	return from.IsLoopback() || from.IsPrivate()
}

// full says whether one more would be one too many, and counts nothing.
func (t *tally) full(name string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.fullLocked(sha256.Sum256([]byte(name)))
}

func (t *tally) fullLocked(key [32]byte) bool {
	if now := t.clock(); now.Sub(t.since) >= t.window || now.Before(t.since) {
		t.since = now
		clear(t.counts)
	}
	return t.counts[key] >= t.most || len(t.counts) >= maxTallied
}

// held is a time that is kept for somebody at an address.
type held struct {
	from  netip.Prefix
	id    string // of the hold
	until time.Time
}

// lapsedFor is how long a time that was kept for nothing is remembered.
const lapsedFor = time.Hour

// holds are the times that are kept and not booked yet, and those that lapsed lately. It is safe for concurrent use.
type holds struct {
	clock func() time.Time

	mu  sync.Mutex // guards the following
	all []held
}

// room says whether one more may be kept for this address.
func (h *holds) room(from netip.Addr) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sweepLocked()
	now := h.clock()
	live, mine, lapsed := 0, 0, 0
	for _, one := range h.all {
		own := one.from == consult.SourceOf(from)
		switch {
		case !now.Before(one.until):
			if own {
				lapsed++
			}
		case own:
			mine++
			fallthrough
		default:
			live++
		}
	}
	return live < maxHoldsOfAll && (ofMany(from) || mine < maxHoldsOfOne && mine+lapsed < maxHoldsOfOne+maxLapsedOfOne)
}

func (h *holds) add(from netip.Addr, id string, until time.Time) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.sweepLocked()
	h.all = append(h.all, held{consult.SourceOf(from), id, until})
}

// done forgets a hold that was booked or given back.
func (h *holds) done(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.all = slices.DeleteFunc(h.all, func(one held) bool { return one.id == id })
}

func (h *holds) sweepLocked() {
	now := h.clock()
	h.all = slices.DeleteFunc(h.all, func(one held) bool { return now.Sub(one.until) >= lapsedFor })
}
