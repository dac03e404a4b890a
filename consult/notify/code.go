package notify

import (
	"crypto/rand"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// A six-figure code stands on the printed sheet, for who has neither phone nor mail. A million codes can be tried by a machine, so wrong
// ones are counted: from one address, and from everywhere. Who goes on from one address has 10 guesses a quarter of an hour. Who goes on from
// everywhere has 30 at once and one a minute after that, 1,470 a day: with 100 sheets that are good at a time they open one waiting room a
// week (1,470 × 100 / 1,000,000 = 0.15 a day), with 20 sheets one a month, and are seen there by a practitioner who does not know them. Who
// types the code of their sheet is let in meanwhile, as codeLimit says.

const (
	codeFigures  = 6
	codeAttempts = 20 // to find one that is not in use
)

// SeatRef names a participant's seat.
type SeatRef struct {
	Consultation consult.ConsultationID
	Participant  consult.ParticipantID
}

// NewCode makes a code that leads to a seat for a time.
func (o *Outbox) NewCode(seat SeatRef, lifetime time.Duration) (string, error) {
	lease, err := o.store.Lease(min(max(lifetime, kv.MinLease), kv.MaxLease))
	if err != nil {
		return "", o.fail("code", err)
	}
	for range codeAttempts {
		n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
		if err != nil {
			return "", o.fail("code", err)
		}
		code := fmt.Sprintf("%0*d", codeFigures, n)
		err = o.store.Update(func(tx kv.Txn) error {
			if err := tx.Compare(o.codeKey(code), 0); err != nil {
				return err
			}
			return tx.PutLease(o.codeKey(code), []byte(string(seat.Consultation)+"/"+string(seat.Participant)), lease)
		})
		if err == nil {
			return code, nil
		}
		if !errors.Is(err, kv.ErrConflict) {
			return "", o.fail("code", err)
		}
	}
	return "", consult.ErrBusy
}

// SeatOfCode returns the seat that a code leads to, ErrBadCode, or ErrTooManyCodes. Spaces and dashes in the code do not matter. It
// changes nothing in the store.
func (o *Outbox) SeatOfCode(code string, from netip.Addr) (SeatRef, error) {
	if !o.codes.allowed(from) {
		return SeatRef{}, ErrTooManyCodes
	}
	code = strings.NewReplacer(" ", "", "-", "", ".", "", "\u00a0", "", "\u202f", "").Replace(latinFigures(code))
	if len(code) != codeFigures || strings.Trim(code, "0123456789") != "" {
		return SeatRef{}, ErrBadCode // no guess: no such code can exist
	}
	entry, err := o.store.Get(o.codeKey(code))
	if errors.Is(err, kv.ErrNotFound) {
		if o.codes.wrong(from) {
			o.log.Warn("wrong codes from many addresses: they are slowed", "a guess every", codeRefill)
		}
		return SeatRef{}, ErrBadCode
	}
	if err != nil {
		return SeatRef{}, o.fail("code", err)
	}
	consultation, participant, _ := strings.Cut(string(entry.Value), "/")
	return SeatRef{consult.ConsultationID(consultation), consult.ParticipantID(participant)}, nil
}

func (o *Outbox) codeKey(code string) string { return "v1/code/" + o.keyedHash("code", code) }

// latinFigures reads the figures that Arabic and Persian keyboards write.
func latinFigures(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= '٠' && r <= '٩':
			return '0' + r - '٠'
		case r >= '۰' && r <= '۹':
			return '0' + r - '۰'
		default:
			return r
		}
	}, text)
}

// The budget of wrong codes in a window.
const (
	codeWindow      = 15 * time.Minute
	wrongPerAddress = 10          // mistakes of people behind one address
	wrongEverywhere = 30          // mistakes of all together, at once;
	codeRefill      = time.Minute // after that one more in this time
	keptForClean    = 10          // of these, for addresses without a mistake
	maxCodeSources  = 4096
)

// codeLimit counts wrong codes, per address (IPv4: one; IPv6: a /64) in a window, and in all as a bucket that is filled again slowly: so that
// guesses from everywhere are slowed, and nobody can shut the door for others. The last of the bucket is kept for addresses that have not
// been wrong: a guesser needs a new one for each. A right code costs nothing. It is safe for concurrent use.
type codeLimit struct {
	clock func() time.Time

	mu      sync.Mutex // guards the following
	since   time.Time  // of the window
	sources map[netip.Prefix]int
	left    int // mistakes that all together may make
	filled  time.Time
}

func newCodeLimit(clock func() time.Time) *codeLimit {
	return &codeLimit{clock: clock, sources: map[netip.Prefix]int{}, left: wrongEverywhere}
}

// allowed says whether a code from this address may be looked at.
func (l *codeLimit) allowed(from netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rollLocked()
	mistakes := l.sources[consult.SourceOf(from)]
	if mistakes > 0 || len(l.sources) >= maxCodeSources {
		return mistakes < wrongPerAddress && l.left > keptForClean
	}
	return l.left > 0
}

// wrong counts a wrong code, and says whether from now on only addresses without a mistake are looked at.
func (l *codeLimit) wrong(from netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rollLocked()
	if len(l.sources) < maxCodeSources {
		l.sources[consult.SourceOf(from)]++
	}
	if l.left == wrongEverywhere {
		l.filled = l.clock()
	}
	l.left--
	return l.left == keptForClean
}

func (l *codeLimit) rollLocked() {
	now := l.clock()
	if now.Sub(l.since) >= codeWindow || now.Before(l.since) {
		l.since = now
		clear(l.sources)
	}
	if now.Before(l.filled) { // the clock was set back
		l.filled = now
	}
	if more := int(now.Sub(l.filled) / codeRefill); more > 0 {
		l.left, l.filled = min(l.left+more, wrongEverywhere), l.filled.Add(time.Duration(more)*codeRefill)
	}
}
