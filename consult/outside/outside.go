package outside

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sort"
	"strings"
	"sync"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/kv"
)

// Config is what the operator decides about calendars outside.
type Config struct {
	Every           time.Duration `yaml:"every"`            // how often each is read; default 15 min
	PrivateNetworks bool          `yaml:"private_networks"` // whether they may lie in this machine's own network
}

// DefaultConfig returns the defaults.
func DefaultConfig() Config { return Config{Every: 15 * time.Minute} }

// Validate says in one line what cannot work.
func (c Config) Validate() error {
	if c.Every < time.Minute || c.Every > 24*time.Hour {
		return fmt.Errorf("outside.every %s: must be 1m to 24h", c.Every)
	}
	return nil
}

// Deps are what Calendars need.
type Deps struct {
	Store  kv.Store
	Master *consult.Keyring
	Zone   func(consult.AccountID) *time.Location // of whole days and times without a zone
	Gives  booking.Gives                          // whose calendars are read: who has left the practice keeps theirs to themselves; nil: all
	Clock  func() time.Time
	Log    *slog.Logger
}

// Trouble is why a calendar could not be read: a word for programs.
type Trouble string

// The troubles.
const (
	TroubleUnreachable Trouble = "unreachable" // no answer, or one that says that the other side is in trouble
	TroubleRefused     Trouble = "refused"     // user or password are not right, or not enough
	TroubleNotFound    Trouble = "not-found"
	TroubleNoCalendar  Trouble = "no-calendar" // what is there is no calendar, or none that can be read
	TroubleTooLarge    Trouble = "too-large"
	TroubleForbidden   Trouble = "forbidden-address" // a private network, or a password without TLS
)

// Kind is how a calendar is read.
type Kind string

// The kinds; "" is not known yet.
const (
	KindFile       Kind = "file"       // an .ics file
	KindCollection Kind = "collection" // of CalDAV
)

// Calendar is a calendar that another program keeps for a practitioner. It is a value.
type Calendar struct {
	ID           CalendarID        `json:"id"`
	Practitioner consult.AccountID `json:"practitioner"`
	Name         string            `json:"name"`
	Address      string            `json:"address"` // a secret where an .ics is concerned: whoever has it reads the calendar
	User         string            `json:"user,omitempty"`
	Password     string            `json:"password,omitempty"`
	Kind         Kind              `json:"kind,omitempty"`
	AddedAt      time.Time         `json:"added_at"`
	ReadAt       time.Time         `json:"read_at,omitzero"` // the last time that it could be
	Trouble      Trouble           `json:"trouble,omitempty"`
	TroubleSince time.Time         `json:"trouble_since,omitzero"`
	Skipped      int               `json:"skipped,omitempty"` // events that could not be read
}

// String keeps address and password out of logs and messages that were not thought through.
func (c Calendar) String() string { return "calendar " + string(c.ID) }

// maxCalendars bounds the calendars of a practitioner.
const maxCalendars = 10

// Calendars is the service. Its methods may be called at the same time; one that returned without error has what it did on disk.
type Calendars struct {
	// Static after construction.
	cfg    Config
	store  kv.Store
	master *consult.Keyring
	zone   func(consult.AccountID) *time.Location
	gives  booking.Gives
	clock  func() time.Time
	log    *slog.Logger
	client *http.Client

	mu   sync.Mutex // guards the following
	all  map[CalendarID]*known
	busy map[consult.AccountID][]booking.Interval // of all of a practitioner's, sorted and joined; never written to, only replaced

	// Goroutines, see read.go.
	due      chan CalendarID
	stopping context.Context // ends with Close
	stop     context.CancelFunc
	tasks    sync.WaitGroup
}

// known is a calendar in memory.
type known struct {
	Calendar
	busy    []booking.Interval
	reading bool      // by a reader, or about to be
	again   bool      // to be read once more when that is done
	next    time.Time // to be read again
}

// Open takes up the calendars in the store, which stays the caller's. Start reads them.
func Open(cfg Config, deps Deps) (*Calendars, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	s := &Calendars{
		cfg: cfg, store: deps.Store, master: deps.Master, zone: deps.Zone, gives: deps.Gives, clock: func() time.Time { return deps.Clock().UTC().Round(0) }, log: deps.Log,
		client: newClient(cfg.PrivateNetworks),
		all:    map[CalendarID]*known{}, busy: map[consult.AccountID][]booking.Interval{}, due: make(chan CalendarID),
	}
	if err := s.load(); err != nil {
		return nil, err
	}
	s.stopping, s.stop = context.WithCancel(context.Background())
	return s, nil
}

// Close stops reading and waits. It may be called again.
func (s *Calendars) Close() error {
	s.stop()
	s.tasks.Wait()
	s.client.CloseIdleConnections()
	return nil
}

// Busy returns when a practitioner is busy by calendars outside, as it was read last: times that reach into from … to, in order and
// without overlaps. The slice is not to be written to.
func (s *Calendars) Busy(of consult.AccountID, from, to time.Time) ([]booking.Interval, error) {
	s.mu.Lock()
	all := s.busy[of]
	s.mu.Unlock()
	first := sort.Search(len(all), func(i int) bool { return all[i].To.After(from) })
	last := sort.Search(len(all), func(i int) bool { return !all[i].From.Before(to) })
	return all[first:max(first, last)], nil
}

// Of returns a practitioner's calendars, the oldest first.
func (s *Calendars) Of(of consult.AccountID) []Calendar {
	s.mu.Lock()
	defer s.mu.Unlock()
	var own []Calendar
	for _, k := range s.all {
		if k.Practitioner == of {
			own = append(own, k.Calendar)
		}
	}
	slices.SortFunc(own, func(a, b Calendar) int {
		if c := a.AddedAt.Compare(b.AddedAt); c != 0 {
			return c
		}
		return strings.Compare(string(a.ID), string(b.ID))
	})
	return own
}

// Add takes up a calendar and reads it as soon as there is a reader. Address, user and password are as Look found that they work.
func (s *Calendars) Add(c Calendar) (Calendar, error) {
	var err error
	if c.Address, err = normalAddress(c.Address); err != nil {
		return Calendar{}, err
	}
	if c.Name, err = normalName(c.Name); err != nil {
		return Calendar{}, err
	}
	if !validCredentials(c.User, c.Password) {
		return Calendar{}, errBadCredentials
	}
	c.ID, c.AddedAt, c.Kind = newCalendarID(), s.clock(), ""
	c.ReadAt, c.Trouble, c.TroubleSince, c.Skipped = time.Time{}, "", time.Time{}, 0
	s.mu.Lock()
	defer s.mu.Unlock()
	count := 0
	for _, k := range s.all {
		if k.Practitioner != c.Practitioner {
			continue
		}
		if count++; k.Address == c.Address {
			return Calendar{}, errKnown
		}
	}
	if count >= maxCalendars {
		return Calendar{}, errTooMany
	}
	if err := s.put(c, nil, false); err != nil {
		return Calendar{}, s.fail(c.ID, err)
	}
	s.all[c.ID] = &known{Calendar: c}
	return c, nil
}

// Remove forgets a calendar, and with it when it kept its owner busy.
func (s *Calendars) Remove(of consult.AccountID, id CalendarID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.all[id]
	if k == nil || k.Practitioner != of {
		return ErrNotFound
	}
	if err := s.store.Update(func(tx kv.Txn) error {
		return errors.Join(tx.Delete(recordKey(of, id)), tx.Delete(busyKey(of, id)))
	}); err != nil {
		return s.fail(id, err)
	}
	delete(s.all, id)
	s.join(of)
	return nil
}

// Read makes a calendar be read as soon as there is a reader.
func (s *Calendars) Read(of consult.AccountID, id CalendarID) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := s.all[id]
	if k == nil || k.Practitioner != of {
		return ErrNotFound
	}
	k.next, k.again = time.Time{}, k.reading
	return nil
}

// join makes of a practitioner's calendars one list. The lock is held.
func (s *Calendars) join(of consult.AccountID) {
	var all []booking.Interval
	for _, k := range s.all {
		if k.Practitioner == of {
			all = append(all, k.busy...)
		}
	}
	s.busy[of] = booking.Merge(all)
}
