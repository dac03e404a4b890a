package notify

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// maxKey bounds Notice.Key, in bytes.
const maxKey = 200

// Outbox keeps notices in the store until they are sent. It is consult's Outbox. Its methods may be called at the same time.
type Outbox struct {
	// Static after construction.
	cfg      Config
	profile  consult.Profile
	store    kv.Store
	master   *consult.Keyring
	secret   []byte     // of keyed hashes
	gateways []*gateway // in the order in which they are tried
	clock    func() time.Time
	log      *slog.Logger

	calendar func(consult.CalendarEvent) ([]byte, error) // nil: none; set before Start
	replies  func(text []byte) error                     // nil: none are looked for; set before Start
	stumbled stumble                                     // owned by bounceLoop

	base   atomic.Pointer[string] // from Start on
	stuck  stuck
	codes  *codeLimit
	counts counts

	// Goroutines, see sending.go.
	stopping context.Context // ends with Close
	stop     context.CancelFunc
	tasks    sync.WaitGroup
	mu       sync.Mutex // guards the following
	running  bool
	closed   bool
	tests    []time.Time // when test messages were sent lately
}

// Open takes up the outbox in the store, which stays the caller's. Nothing is sent yet.
func Open(cfg Config, profile consult.Profile, store kv.Store, master *consult.Keyring, clock func() time.Time, log *slog.Logger) (*Outbox, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("notices: %w", err)
	}
	o := &Outbox{
		cfg: cfg, profile: profile, store: store, master: master, log: log,
		clock: func() time.Time { return clock().UTC().Round(0) },
	}
	o.stuck.ids = map[consult.NoticeID]bool{}
	o.codes = newCodeLimit(o.clock)
	o.counts.of = map[Outcome]uint64{}
	o.stopping, o.stop = context.WithCancel(context.Background())
	for _, c := range cfg.SMS.Gateways {
		g, err := newGateway(c)
		if err != nil {
			return nil, fmt.Errorf("notices.sms.gateways: %s: %w", c.Name, err)
		}
		o.gateways = append(o.gateways, g)
	}
	var err error
	if o.secret, err = openSecret(store, master); err != nil {
		return nil, err
	}
	return o, nil
}

// Put is consult.Outbox's.
func (o *Outbox) Put(tx kv.Txn, n consult.Notice) error {
	put, err := o.Prepare(n)
	if err != nil {
		return err
	}
	return put(tx)
}

// Prepare is consult.Outbox's.
func (o *Outbox) Prepare(n consult.Notice) (put func(tx kv.Txn) error, err error) {
	channel, err := o.channelFor(n.To)
	if err != nil {
		return nil, err
	}
	if !known(n.Kind) {
		return nil, errBadNotice
	}
	if len(n.Key) > maxKey {
		return nil, errBadKey
	}
	now := o.clock()
	r := &row{
		Kind: n.Kind, Channel: channel, Owner: n.Owner, Consultation: n.Consultation, Participant: n.Participant,
		State: StateQueued, CreatedAt: now, ChangedAt: now, Due: latest(now, n.NotBefore.UTC()), id: consult.NewNoticeID(now),
	}
	r.Since, r.NotAfter = r.Due, expiry(n, r.Due)
	if err := r.seal(o.master, n); err != nil {
		return nil, err
	}
	if n.Key != "" {
		r.Indexed = append(r.Indexed, keyKey(n.Key))
	}
	index := o.index(r, n.To)
	value, err := r.encode()
	if err != nil {
		return nil, err
	}
	return func(tx kv.Txn) error {
		if n.Key != "" {
			if _, err := tx.Get(keyKey(n.Key)); !errors.Is(err, kv.ErrNotFound) {
				return err // nil: it was put before
			}
			if err := tx.Put(keyKey(n.Key), []byte(r.id)); err != nil {
				return err
			}
		}
		for _, key := range index {
			if err := tx.Put(key, nil); err != nil {
				return err
			}
		}
		return tx.Put(noticeKey(r.id), value) // nobody else knows its id
	}, nil
}

// index are the keys that make the notice and its recipient findable: up to 5. The row notes those that go with it.
func (o *Outbox) index(r *row, to consult.Contact) []string {
	keys := []string{r.dueKey(), r.ageKey()}
	if r.Consultation != "" {
		keys = append(keys, ofPrefix(r.Consultation)+string(r.id))
	}
	if r.Participant != "" && r.Kind == consult.NoticeInvitation {
		for _, address := range []string{to.Phone, to.Mail} {
			if address != "" {
				key := contactPrefix(o.keyedHash("contact", address)) + string(r.Consultation) + "/" + string(r.Participant) + "/" + string(r.id)
				keys, r.Indexed = append(keys, key), append(r.Indexed, key)
			}
		}
	}
	return keys
}

// Cancel is consult.Outbox's.
func (o *Outbox) Cancel(tx kv.Txn, key string) (bool, error) {
	entry, err := tx.Get(keyKey(key))
	if errors.Is(err, kv.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	r, err := loadRow(tx, consult.NoticeID(entry.Value))
	if errors.Is(err, kv.ErrNotFound) {
		return false, nil
	}
	if err != nil || r.State != StateQueued {
		return false, err
	}
	if err := tx.Delete(r.dueKey()); err != nil {
		return false, err
	}
	r.State, r.ChangedAt = StateCancelled, o.clock()
	r.forget()
	return true, r.put(tx)
}

// channelFor chooses how a contact is sent something, or fails with consult.ErrUnreachable.
func (o *Outbox) channelFor(to consult.Contact) (Channel, error) {
	switch {
	case to.Reach == consult.ReachSMS && to.Phone != "" && o.cfg.SMS.serves(to.Phone):
		return ChannelSMS, nil
	case to.Reach == consult.ReachMail && to.Mail != "" && o.cfg.Mail.configured():
		return ChannelMail, nil
	default:
		return "", consult.ErrUnreachable
	}
}

// Reaches reports whether something can be sent to this contact.
func (o *Outbox) Reaches(to consult.Contact) bool {
	_, err := o.channelFor(to)
	return err == nil
}

func (o *Outbox) gatewayNamed(name string) *gateway {
	for _, g := range o.gateways {
		if g.cfg.Name == name {
			return g
		}
	}
	return nil
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
