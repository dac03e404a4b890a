package bookingpage

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"math/big"
	"net/netip"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/kv"
)

// The key of this package is v1/booking-draft/<hash of its secret>: sealed, tied to a lease.
const (
	draftLifetime = 2 * time.Hour
	codeFigures   = 6
	maxTries      = 5                // wrong codes, after which only a new one counts
	maxSent       = 5                // codes for one draft
	sendAgain     = 45 * time.Second // between two
	maxAttempts   = 8                // of a change that others keep overtaking
)

// draft is a form that waits for its code.
type draft struct {
	Kind     kind
	Hold     string // secret; may have lapsed
	HoldID   string
	Until    time.Time // of the hold
	Service  booking.ServiceID
	With     consult.AccountID
	Modality booking.Modality
	Place    string
	Start    time.Time // zero: none
	Form     form
	Person   booking.Person
	Zone     string // of the practitioner
	From, To time.Time

	Code      string
	Tries     int
	Sent      []time.Time
	SentTo    string // sentTo of the code, so that a changed number gets one of its own
	Confirmed bool   // the code was right, or there is no way to send one
	Waiting   bool   // the wait list has it
	Booked    string // secret of the manage link
	Key       string // of idempotency
	Lease     kv.LeaseID

	secret string
	entry  kv.Entry
}

type sealedDraft struct {
	Version int    `json:"v"`
	Key     []byte `json:"key"`
	Sealed  []byte `json:"sealed"`
}

const draftVersion = 1

func draftKey(hash string) string { return "v1/booking-draft/" + hash }

// loadDraft returns consult.ErrBadTicket when there is none.
func (p *Pages) loadDraft(secret string) (*draft, error) {
	hash, ok := consult.HashSecret(secret)
	if !ok {
		return nil, consult.ErrBadTicket
	}
	entry, err := p.Store.Get(draftKey(hash))
	if errors.Is(err, kv.ErrNotFound) {
		return nil, consult.ErrBadTicket
	}
	if err != nil {
		return nil, err
	}
	var stored sealedDraft
	if err := json.Unmarshal(entry.Value, &stored); err != nil {
		return nil, fmt.Errorf("bookingpage: decode draft: %w", err)
	}
	if stored.Version != draftVersion {
		return nil, fmt.Errorf("bookingpage: draft has version %d, want %d", stored.Version, draftVersion)
	}
	key, err := p.Master.OpenDataKey(entry.Key, stored.Key)
	if err != nil {
		return nil, fmt.Errorf("bookingpage: key of draft: %w", err)
	}
	plain, err := key.Open(entry.Key, stored.Sealed)
	if err != nil {
		return nil, fmt.Errorf("bookingpage: open draft: %w", err)
	}
	d := &draft{}
	if err := json.Unmarshal(plain, d); err != nil {
		return nil, fmt.Errorf("bookingpage: decode draft: %w", err)
	}
	d.secret, d.entry = secret, entry
	return d, nil
}

// put writes a draft where it was read. 2 operations.
func (p *Pages) put(tx kv.Txn, d *draft) error {
	hash, ok := consult.HashSecret(d.secret)
	if !ok {
		return consult.ErrBadTicket
	}
	where := draftKey(hash)
	plain, err := json.Marshal(d)
	if err != nil {
		return err
	}
	wrapped, key := p.Master.NewDataKey(where)
	value, err := json.Marshal(sealedDraft{draftVersion, wrapped, key.Seal(where, plain)})
	if err != nil {
		return err
	}
	if err := tx.Compare(where, d.entry.Revision); err != nil {
		return err
	}
	return tx.PutLease(where, value, d.Lease)
}

// save writes a draft and reads it again, for its revision. consult.ErrBadTicket when it is too late.
func (p *Pages) save(d *draft, also func(kv.Txn) error) error {
	if d.Lease == 0 {
		lease, err := p.Store.Lease(draftLifetime)
		if err != nil {
			return err
		}
		d.Lease = lease
	}
	err := p.Store.Update(func(tx kv.Txn) error {
		if also != nil {
			if err := also(tx); err != nil {
				return err
			}
		}
		return p.put(tx, d)
	})
	if errors.Is(err, kv.ErrNoLease) { // its time is over, and it is gone in a moment
		return consult.ErrBadTicket
	}
	if err != nil {
		return err
	}
	again, err := p.loadDraft(d.secret)
	if err == nil {
		d.entry = again.entry
	}
	return err
}

// errEnough says that codes were sent often enough for now.
var errEnough = errors.New("bookingpage: codes were sent often enough")

// sentTo names what a code goes to: it confirms that and no other.
func sentTo(c consult.Contact) string { return c.Phone + " " + c.Mail }

// sendCode sends a code to the contact of a draft, by text message or mail, whichever there is a way for. When there is none, the draft is
// confirmed without: nobody is told.
func (p *Pages) sendCode(d *draft, from netip.Addr) error {
	now := p.Clock()
	to := sentTo(d.Person.Contact)
	d.Sent = slices.DeleteFunc(d.Sent, func(at time.Time) bool { return now.Sub(at) > draftLifetime })
	if n := len(d.Sent); n >= maxSent || (n > 0 && d.SentTo == to && now.Sub(d.Sent[n-1]) < sendAgain) {
		return errEnough
	}
	if p.limits.codes.full("") || !p.limits.askers.allowsFrom(from) || !p.limits.contacts.allows(to) || !p.limits.codes.allows("") {
		p.Log.Warn("booking page: too many codes are asked for")
		return errEnough
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return err
	}
	d.Code, d.Tries, d.SentTo = fmt.Sprintf("%0*d", codeFigures, n), 0, to
	d.Sent = append(d.Sent, now)
	for _, reach := range []consult.Reach{d.Person.Contact.Reach, consult.ReachMail} {
		if reach == consult.ReachMail && d.Person.Contact.Mail == "" {
			continue
		}
		d.Person.Contact.Reach = reach
		err = p.save(d, func(tx kv.Txn) error {
			return p.Outbox.Put(tx, consult.Notice{
				Kind: consult.NoticeConfirmCode, To: d.Person.Contact, Name: d.Person.Name, Language: d.Person.Language, Urgent: true, // somebody waits for it
				Fields: map[string]string{consult.FieldCode: d.Code},
			})
		})
		if !errors.Is(err, consult.ErrUnreachable) {
			return err
		}
	}
	if !p.limits.unproven.allowsFrom(from) {
		p.Log.Warn("booking page: too many book without a code from one address")
		d.SentTo = "" // nothing was sent
		return errEnough
	}
	d.Code, d.Confirmed = "", true
	if contact, err := (consult.Contact{Phone: d.Person.Contact.Phone, Mail: d.Person.Contact.Mail}).Clean(p.Practice.Profile().Country); err == nil {
		d.Person.Contact = contact
	}
	return p.save(d, nil)
}
