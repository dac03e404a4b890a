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
// ones are counted: from one address, and from everywhere. With the budget of codeLimit and 100 sheets that are good at a time, somebody
// who tries all day and from everywhere opens a waiting room every week, and is seen there by a practitioner who does not know them.

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
			o.log.Warn("wrong codes: everybody has to wait", "for", codeWindow)
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
	wrongPerAddress = 10 // mistakes of people behind one address
	wrongEverywhere = 30 // mistakes of all together
	maxCodeSources  = 4096
)

// codeLimit counts wrong codes, per address (IPv4: one; IPv6: a /64) and in all. It is safe for concurrent use.
type codeLimit struct {
	clock func() time.Time

	mu      sync.Mutex // guards the following
	since   time.Time
	sources map[netip.Prefix]int
	all     int
}

func newCodeLimit(clock func() time.Time) *codeLimit {
	return &codeLimit{clock: clock, sources: map[netip.Prefix]int{}}
}

// allowed says whether a code from this address may be looked at.
func (l *codeLimit) allowed(from netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rollLocked()
	return l.all < wrongEverywhere && l.sources[sourceOf(from)] < wrongPerAddress
}

// wrong counts a wrong code, and says whether this one used the budget of all up.
func (l *codeLimit) wrong(from netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.rollLocked()
	if len(l.sources) < maxCodeSources {
		l.sources[sourceOf(from)]++
	}
	l.all++
	return l.all == wrongEverywhere
}

func (l *codeLimit) rollLocked() {
	if now := l.clock(); now.Sub(l.since) >= codeWindow || now.Before(l.since) {
		l.since, l.all = now, 0
		clear(l.sources)
	}
}

// sourceOf is what one guesser is assumed to have.
func sourceOf(from netip.Addr) netip.Prefix {
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
