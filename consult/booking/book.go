package booking

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Config is what the operator decides about appointments.
type Config struct {
	HoldLifetime  time.Duration `yaml:"hold_lifetime"`  // how long a time is kept while a form is filled in; default 10 min
	OfferLifetime time.Duration `yaml:"offer_lifetime"` // how long a freed time is kept for who waits, before the next is asked; default 2 h
	OpensBefore   time.Duration `yaml:"opens_before"`   // how long before its start an appointment by video has its consultation; default 24 h
	KeepLinks     time.Duration `yaml:"keep_links"`     // how long after its end an appointment's link still says what became of it; default 30 days

	Public    bool     `yaml:"public"`     // there is a page where patients book; default true
	EmbedFrom []string `yaml:"embed_from"` // sites whose pages may hold that page in a frame, as origins: https://www.example.org

	InitialsInMail bool `yaml:"initials_in_mail"` // mails to practitioners about their book hold the patient's initials; default false: nothing of the patient
}

// DefaultConfig returns the defaults.
func DefaultConfig() Config {
	return Config{HoldLifetime: 10 * time.Minute, OfferLifetime: 2 * time.Hour, OpensBefore: 24 * time.Hour, KeepLinks: 30 * 24 * time.Hour, Public: true, EmbedFrom: []string{}}
}

// Validate says in one line what cannot work.
func (c Config) Validate() error {
	for _, d := range []struct {
		name             string
		is, low, highest time.Duration
	}{
		{"hold_lifetime", c.HoldLifetime, time.Minute, time.Hour},
		{"offer_lifetime", c.OfferLifetime, 10 * time.Minute, 48 * time.Hour},
		{"opens_before", c.OpensBefore, time.Hour, 14 * 24 * time.Hour},
		{"keep_links", c.KeepLinks, time.Hour, 365 * 24 * time.Hour},
	} {
		if d.is < d.low || d.is > d.highest {
			return fmt.Errorf("booking.%s %s: must be %s to %s", d.name, d.is, d.low, d.highest)
		}
	}
	return validateSites(c.EmbedFrom)
}

// Busy is what a practitioner has elsewhere, in calendars that the book does not keep.
type Busy interface {
	Busy(of consult.AccountID, from, to time.Time) ([]Interval, error)
}

// Deps are what a Book needs. Practice may be nil: then no consultations are made. So may Outbox (nobody is told anything) and Busy.
type Deps struct {
	Store    kv.Store
	Master   *consult.Keyring
	Practice *consult.Practice
	Country  string // ISO 3166-1: where phone numbers without a + are dialled
	Outbox   consult.Outbox
	Busy     Busy
	Staff    Staff // nil: practitioners are told nothing
	Gives    Gives // nil: all practitioners of a service give it
	Attends  Gives // nil: all whom services need besides their practitioner, interpreters say, can be booked
	Files    Files // nil: nobody gives any
	Clock    func() time.Time
	Zones    func(name string) (*time.Location, error) // nil: time.LoadLocation
	Log      *slog.Logger
}

// Book is the appointment book. Its methods may be called at the same time; one that returned without error has what it did on disk.
type Book struct {
	// Static after construction.
	cfg       Config
	kv        kv.Store
	master    *consult.Keyring
	practice  *consult.Practice
	country   string
	outbox    consult.Outbox
	elsewhere Busy
	staff     Staff
	gives     Gives
	attends   Gives
	files     Files
	clock     func() time.Time
	zone      func(name string) (*time.Location, error)
	log       *slog.Logger
	secret    []byte

	services  *kv.Decoded[*Service] // as they were last read
	schedules *kv.Decoded[*Schedule]
	days      *kv.Decoded[dayDoc]
	holds     sharedLease // of holds
	onces     sharedLease // of idempotency keys
	preparing sync.Map    // the times that somebody prepares a booking of, of type preparing

	eventing     sync.Mutex // held while an event of a calendar is put or deleted: that may take several transactions
	seriesMoving sync.Mutex // held while a series is moved, for the same reason

	// Goroutine, see worker.go.
	stopping context.Context // ends with Close
	stop     context.CancelFunc
	tasks    sync.WaitGroup
}

// maxDecoded is how many bytes of services, of schedules, and of days, are remembered decoded, as they are in the store: of days, two months
// of fifty practitioners.
const maxDecoded = 8 << 20

// onceKept is at least how long a request may be repeated with its key.
const onceKept = 24 * time.Hour

// Open takes up the book in the store, which stays the caller's, and starts its goroutines. The practice is closed after the book.
func Open(cfg Config, deps Deps) (*Book, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	secret, err := openSecret(deps.Store, deps.Master)
	if err != nil {
		return nil, err
	}
	b := &Book{
		cfg: cfg, kv: deps.Store, master: deps.Master, practice: deps.Practice, country: deps.Country, outbox: deps.Outbox, elsewhere: deps.Busy, staff: deps.Staff, gives: deps.Gives, attends: deps.Attends, files: deps.Files,
		clock: func() time.Time { return deps.Clock().UTC().Round(0) }, zone: deps.Zones, log: deps.Log, secret: secret,
		holds: sharedLease{keep: cfg.HoldLifetime}, onces: sharedLease{keep: onceKept},
	}
	if b.outbox == nil {
		b.outbox = silent{}
	}
	if b.zone == nil {
		b.zone = loadZones()
	}
	if b.country == "" {
		b.country = "FR"
	}
	b.services, b.schedules = kv.NewDecoded[*Service](maxDecoded), kv.NewDecoded[*Schedule](maxDecoded)
	b.days = kv.NewDecoded[dayDoc](maxDecoded)
	b.stopping, b.stop = context.WithCancel(context.Background())
	if err := errors.Join(b.settleHalf(), b.settleMoves()); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	if err := errors.Join(b.startWorker(), b.startFollower()); err != nil {
		return nil, errors.Join(err, b.Close())
	}
	return b, nil
}

// Close ends the goroutines and waits for them. It may be called again.
func (b *Book) Close() error {
	b.stop()
	b.tasks.Wait()
	return nil
}

// silent is the outbox of a book that has none.
type silent struct{}

func (silent) Put(kv.Txn, consult.Notice) error { return consult.ErrUnreachable }
func (silent) Prepare(consult.Notice) (func(kv.Txn) error, error) {
	return nil, consult.ErrUnreachable
}
func (silent) Cancel(kv.Txn, string) (bool, error) { return false, nil }

// sharedLease ties what is to vanish by itself to one lease after another, each used for a while: a lease for each would be a write
// for each. What is tied to it lives for at least keep and at most twice that.
type sharedLease struct {
	keep time.Duration

	mu    sync.Mutex // guards the following, and is held while a lease is made
	id    kv.LeaseID
	until time.Time // a new one from then on
}

func (l *sharedLease) get(store kv.Store, now time.Time) (kv.LeaseID, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now.Before(l.until) && l.until.Sub(now) <= l.keep {
		return l.id, nil
	}
	id, err := store.Lease(2 * l.keep)
	if err == nil {
		l.id, l.until = id, now.Add(l.keep)
	}
	return id, err
}

// forget makes the next get make a new lease instead of this one, which has ended.
func (l *sharedLease) forget(ended kv.LeaseID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.id == ended {
		l.until = time.Time{}
	}
}

// maxAttempts bounds a change that others keep overtaking.
const maxAttempts = 8

// update runs a transaction, again when others were quicker.
func (b *Book) update(f func(kv.Txn) error) error {
	var err error
	for range maxAttempts {
		err = b.kv.Update(f)
		if !errors.Is(err, kv.ErrConflict) {
			return err
		}
	}
	return ErrBusy
}

// leased is update for what is tied to a shared lease, with another lease when that one has ended meanwhile.
func (b *Book) leased(l *sharedLease, f func(kv.Txn, kv.LeaseID) error) error {
	for range maxAttempts {
		lease, err := l.get(b.kv, b.clock())
		if err != nil {
			return err
		}
		err = b.update(func(tx kv.Txn) error { return f(tx, lease) })
		if !errors.Is(err, kv.ErrNoLease) {
			return err
		}
		l.forget(lease)
	}
	return ErrBusy
}

// fail makes of any error one that may leave the package. What is not ours is logged and hidden.
func (b *Book) fail(what string, id AppointmentID, err error) error {
	if err == nil {
		return nil
	}
	var taken *TakenError
	var own *consult.Error
	switch {
	case errors.As(err, &taken):
		return taken
	case errors.As(err, &own):
		return own
	case errors.Is(err, kv.ErrConflict):
		return ErrBusy
	case errors.Is(err, kv.ErrFull): // which the store has logged
		return consult.ErrNoRoom
	case errors.Is(err, kv.ErrClosed), errors.Is(err, kv.ErrFailed):
		return errClosed
	}
	b.log.Error("appointment book", "action", what, "appointment", id, "error", err)
	return consult.ErrInternal
}

// serviceOf returns a service, which nobody writes into, or ErrNotFound.
func (b *Book) serviceOf(id ServiceID) (*Service, error) {
	return loaded(b.services, b.kv, serviceKey(id), func(s *Service, revision uint64) { s.Revision = revision })
}

// scheduleOf returns a schedule, which nobody writes into, or ErrNotFound.
func (b *Book) scheduleOf(of consult.AccountID) (*Schedule, error) {
	return loaded(b.schedules, b.kv, scheduleKey(of), func(s *Schedule, revision uint64) { s.Revision = revision })
}

func loaded[T any](lately *kv.Decoded[*T], store kv.Store, key string, at func(*T, uint64)) (*T, error) {
	value, err := lately.Load(store, key, func(entry kv.Entry) (*T, error) {
		value := new(T)
		if err := json.Unmarshal(entry.Value, value); err != nil {
			return nil, fmt.Errorf("booking: decode %s: %w", key, err)
		}
		at(value, entry.Revision)
		return value, nil
	})
	if errors.Is(err, kv.ErrNotFound) || errors.Is(err, kv.ErrBadKey) {
		return nil, ErrNotFound
	}
	return value, err
}

// SetService checks a service and keeps it, whatever stood there: ReviseService is for who has read it before.
func (b *Book) SetService(s Service) error {
	if err := s.Validate(); err != nil {
		return err
	}
	return b.fail("service", "", b.update(func(tx kv.Txn) error { return putJSON(tx, serviceKey(s.ID), s) }))
}

// DeleteService removes a service. Its appointments stay.
func (b *Book) DeleteService(id ServiceID) error {
	return b.fail("service", "", b.update(func(tx kv.Txn) error { return tx.Delete(serviceKey(id)) }))
}

// Service returns a service.
func (b *Book) Service(id ServiceID) (Service, error) {
	s, err := b.serviceOf(id)
	if err != nil {
		return Service{}, b.fail("service", "", err)
	}
	return *s, nil
}

// Services returns all services, by id; at most 1,000.
func (b *Book) Services() ([]Service, error) {
	entries, err := b.kv.Range(servicePrefix, "", kv.MaxRange)
	if err != nil {
		return nil, b.fail("services", "", err)
	}
	services := make([]Service, len(entries))
	for i, entry := range entries {
		if err := json.Unmarshal(entry.Value, &services[i]); err != nil {
			return nil, b.fail("services", "", err)
		}
		services[i].Revision = entry.Revision
	}
	return services, nil
}

// SetSchedule checks a schedule and keeps it, whatever stood there: ReviseSchedule is for who has read it before. Appointments that lie outside of it from now on stay.
func (b *Book) SetSchedule(s Schedule) error {
	if err := s.Validate(); err != nil {
		return err
	}
	return b.fail("schedule", "", b.update(func(tx kv.Txn) error {
		if err := noteChange(tx, s.Practitioner); err != nil {
			return err
		}
		return putJSON(tx, scheduleKey(s.Practitioner), s)
	}))
}

// Schedule returns a practitioner's schedule.
func (b *Book) Schedule(of consult.AccountID) (Schedule, error) {
	s, err := b.scheduleOf(of)
	if err != nil {
		return Schedule{}, b.fail("schedule", "", err)
	}
	return *s, nil
}
