package notify

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// maxKey bounds Notice.Key, in bytes.
const maxKey = 200

// Outbox keeps notices in the store until they are sent. It is consult's Outbox. Its methods may be called at the same time.
type Outbox struct {
	// Static after construction.
	cfg     Config
	profile consult.Profile
	store   kv.Store
	master  *consult.Keyring
	secret  []byte // of keyed hashes
	clock   func() time.Time
	log     *slog.Logger
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
	var err error
	if o.secret, err = openSecret(store, master); err != nil {
		return nil, err
	}
	return o, nil
}

// Put is consult.Outbox's.
func (o *Outbox) Put(tx kv.Txn, n consult.Notice) error {
	channel, err := o.channelFor(n.To)
	if err != nil {
		return err
	}
	if !known(n.Kind) {
		return errBadNotice
	}
	if len(n.Key) > maxKey {
		return errBadKey
	}
	id := consult.NewNoticeID()
	if n.Key != "" {
		if _, err := tx.Get(keyKey(hashOf(n.Key))); !errors.Is(err, kv.ErrNotFound) {
			return err // nil: it was put before
		}
		if err := tx.Put(keyKey(hashOf(n.Key)), []byte(id)); err != nil {
			return err
		}
	}
	now := o.clock()
	r := &row{
		Kind: n.Kind, Channel: channel, Owner: n.Owner, Consultation: n.Consultation, Participant: n.Participant,
		State: StateQueued, CreatedAt: now, ChangedAt: now, Due: latest(now, n.NotBefore.UTC()), id: id,
	}
	r.NotAfter = expiry(n, r.Due)
	if err := r.seal(o.master, n); err != nil {
		return err
	}
	if err := r.put(tx); err != nil {
		return err
	}
	if err := tx.Put(r.dueKey(), nil); err != nil {
		return err
	}
	return o.index(tx, r, n.To)
}

// index makes the notice and its recipient findable. Up to 3 operations.
func (o *Outbox) index(tx kv.Txn, r *row, to consult.Contact) error {
	if r.Consultation == "" {
		return nil
	}
	if err := tx.Put(ofPrefix(r.Consultation)+string(r.id), nil); err != nil {
		return err
	}
	if r.Participant == "" || r.Kind != consult.NoticeInvitation {
		return nil
	}
	for _, address := range []string{to.Phone, to.Mail} {
		if address == "" {
			continue
		}
		key := contactPrefix(o.keyedHash("contact", address)) + string(r.Consultation) + "/" + string(r.Participant)
		if err := tx.Put(key, nil); err != nil {
			return err
		}
	}
	return nil
}

// Cancel is consult.Outbox's.
func (o *Outbox) Cancel(tx kv.Txn, key string) error {
	entry, err := tx.Get(keyKey(hashOf(key)))
	if errors.Is(err, kv.ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	r, err := loadRow(tx, consult.NoticeID(entry.Value))
	if errors.Is(err, kv.ErrNotFound) {
		return nil
	}
	if err != nil || r.State != StateQueued {
		return err
	}
	if err := tx.Delete(r.dueKey()); err != nil {
		return err
	}
	r.State, r.ChangedAt = StateCancelled, o.clock()
	r.forget()
	return r.put(tx)
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

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
