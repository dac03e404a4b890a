package notify

import (
	"cmp"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// maxTroubles bounds what Undelivered reads of one owner.
const maxTroubles = 200

// Undelivered is a notice that did not arrive, or perhaps did not, and with which nobody has dealt yet.
type Undelivered struct {
	Delivery
	Owner        consult.AccountID
	Consultation consult.ConsultationID // "" when it is about none
	// Whom it was for. Empty when the notice was about a participant, whom the consultation knows, or when it came back after it was sent.
	Name string
	To   consult.Contact
	At   string // RFC 3339: the time that it told; "" when it told none
}

// troubled says that somebody should know: it did not arrive, or nobody can tell. A code to confirm an address with is no trouble of the
// practice's: a stranger asks for it, and stands before the page that says what to do.
func (r *row) troubled() bool {
	return r.Owner != "" && r.Kind != consult.NoticeConfirmCode && (r.State == StateFailed || r.State == StateUncertain)
}

func (r *row) troubleKey() string { return troublePrefix(r.Owner) + string(r.id) }

// noteTrouble keeps the index of what did not arrive true. 1 operation.
func (r *row) noteTrouble(tx kv.Txn) error {
	switch {
	case r.Owner == "":
		return nil
	case r.troubled():
		return tx.Put(r.troubleKey(), nil)
	default:
		return tx.Delete(r.troubleKey())
	}
}

// keepRecipient leaves of a notice that did not arrive whom it was for, if nothing else knows it: so that they can be told by phone.
func (o *Outbox) keepRecipient(r *row) error {
	n := r.recipient
	r.forget()
	if !r.troubled() || n == nil || r.Participant != "" {
		return nil
	}
	kept := consult.Notice{Kind: n.Kind, To: n.To, Name: n.Name}
	if at := n.Fields[consult.FieldAt]; at != "" {
		kept.Fields = map[string]string{consult.FieldAt: at}
	}
	return r.seal(o.master, kept)
}

// Undelivered returns what did not arrive of the notices of these accounts, oldest first. A link that was sent again since, and is not
// known to have failed, is no trouble any more.
func (o *Outbox) Undelivered(owners ...consult.AccountID) ([]Undelivered, error) {
	var found []Undelivered
	later := map[consult.ConsultationID][]Delivery{}
	for _, owner := range owners {
		prefix := troublePrefix(owner)
		entries, err := o.store.Range(prefix, "", maxTroubles)
		if err != nil {
			return nil, o.fail("undelivered", err)
		}
		for _, entry := range entries {
			u, open, err := o.undelivered(consult.NoticeID(strings.TrimPrefix(entry.Key, prefix)), later)
			if err != nil {
				return nil, o.fail("undelivered", err)
			}
			if open {
				found = append(found, u)
			}
		}
	}
	slices.SortStableFunc(found, func(a, b Undelivered) int {
		return cmp.Or(a.CreatedAt.Compare(b.CreatedAt), cmp.Compare(a.Notice, b.Notice))
	})
	return found, nil
}

// undelivered reads one, and whether it is still to be dealt with.
func (o *Outbox) undelivered(id consult.NoticeID, later map[consult.ConsultationID][]Delivery) (Undelivered, bool, error) {
	r, err := loadRow(o.store, id)
	if errors.Is(err, kv.ErrNotFound) {
		return Undelivered{}, false, nil // swept meanwhile
	}
	if err != nil {
		return Undelivered{}, false, err
	}
	u := Undelivered{Delivery: r.delivery(), Owner: r.Owner, Consultation: r.Consultation}
	if !r.troubled() {
		return u, false, nil
	}
	if bringsLink(r.Kind) && r.Participant != "" {
		all, read := later[r.Consultation]
		if !read {
			if all, err = o.Deliveries(r.Consultation); err != nil {
				return u, false, err
			}
			later[r.Consultation] = all
		}
		if slices.ContainsFunc(all, func(d Delivery) bool { return d.replaces(r) }) {
			return u, false, nil
		}
	}
	if r.sealed != nil {
		n, err := r.open(o.master)
		if err != nil {
			return u, false, err
		}
		u.Name, u.To, u.At = n.Name, n.To, n.Fields[consult.FieldAt]
	}
	return u, true, nil
}

// replaces says that a person has got, or will get, what an older notice should have brought.
func (d Delivery) replaces(r *row) bool {
	return d.Participant == r.Participant && bringsLink(d.Kind) && d.Notice != r.id && !d.CreatedAt.Before(r.CreatedAt) &&
		d.State != StateFailed && d.State != StateUncertain && d.State != StateCancelled
}

// BringsLink says that a fresh link to the person brings all that the notice should have brought.
func (d Delivery) BringsLink() bool { return bringsLink(d.Kind) }

// bringsLink says that a notice of this kind is good for nothing but its link into a consultation: a newer one replaces it.
func bringsLink(kind consult.NoticeKind) bool {
	return slices.Contains([]consult.NoticeKind{consult.NoticeInvitation, consult.NoticeStartsNow, consult.NoticeLinkAgain}, kind)
}

// Settle takes a notice from the list of what did not arrive: somebody has dealt with it. may says whether that is theirs to say, of the
// owner's notices. It fails with consult.ErrNotFound when it is not, or when there is no such notice.
func (o *Outbox) Settle(id consult.NoticeID, may func(owner consult.AccountID) (bool, error)) error {
	r, err := loadRow(o.store, id)
	if errors.Is(err, kv.ErrNotFound) || err == nil && r.Owner == "" {
		return consult.ErrNotFound
	}
	if err != nil {
		return o.fail("settle", err)
	}
	if ok, err := may(r.Owner); err != nil || !ok {
		return errors.Join(err, consult.ErrNotFound)
	}
	return o.fail("settle", o.store.Update(func(tx kv.Txn) error {
		r, err := loadRow(tx, id)
		if err != nil {
			return err
		}
		if err := tx.Delete(r.troubleKey()); err != nil {
			return err
		}
		if r.State.final() && r.sealed != nil { // whom it was for is needed no more
			r.forget()
			if err := r.put(tx); err != nil {
				return err
			}
		}
		return consult.TouchDesk(tx, r.Owner)
	}))
}

// age is how long ago something was, never less than nothing.
func age(since, now time.Time) time.Duration { return max(0, now.Sub(since)) }
