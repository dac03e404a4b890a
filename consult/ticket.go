package consult

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// Purpose is the one thing that a ticket is good for.
type Purpose string

// The purposes.
const (
	PurposeJoin   Purpose = "join"    // to take a participant's seat; good again and again until it expires
	PurposeSignIn Purpose = "sign-in" // to sign an account in, once

	// PurposeAfter is what a patient's join ticket becomes when the consultation ends: with a code, it opens the
	// documents. Its subject is that of the join ticket.
	PurposeAfter Purpose = "after"
	// PurposeComplete is what the join ticket of a guest or an interpreter who came becomes then, for a day: it completes what they had begun
	// to send.
	PurposeComplete Purpose = "complete"
	// PurposeDocuments is what link and code together give for an hour: to read the documents.
	PurposeDocuments   Purpose = "documents"
	PurposeInterpreter Purpose = "interpreter" // to answer a request; its subject is "consultation/request"
	PurposeInvitation  Purpose = "invitation"  // to choose how an account signs in, once
)

const (
	secretBytes  = 20                      // 160 random bits in a ticket
	secretLength = (secretBytes*8 + 5) / 6 // 27 characters of base64url
	maxTickets   = 5                       // live tickets for one thing; a sixth revokes the oldest
)

// Ticket is a right that whoever knows its secret has. Only the hash of the secret is stored, and it holds no
// personal data. The secret of a join ticket is in the patient's link.
type Ticket struct {
	Purpose   Purpose   `json:"purpose"`
	Subject   string    `json:"subject"` // ids: of the account, or "consultation/participant"
	ExpiresAt time.Time `json:"expires_at"`
}

// TicketRef is how the record of what a ticket is for remembers it, in order to revoke it.
type TicketRef struct {
	Hash      string    `json:"hash"`
	ExpiresAt time.Time `json:"expires_at"`
}

// NewSecret returns a fresh secret of 160 random bits, in base64url.
func NewSecret() string { return randomText(secretBytes) }

// HashSecret returns the hash under which a secret is stored, and whether it has the form of a secret at all.
// A plain hash is enough: nobody can try 2^160 secrets.
func HashSecret(secret string) (hash string, ok bool) {
	if len(secret) != secretLength {
		return "", false
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(secret)
	if err != nil || len(raw) != secretBytes {
		return "", false
	}
	sum := sha256.Sum256(raw)
	return base64.RawURLEncoding.EncodeToString(sum[:]), true
}

// IssueTicket writes a ticket with this secret and returns the references that its subject must keep from now
// on. Expired ones are swept out, and of more than five the oldest are revoked. At most 6 operations.
func IssueTicket(tx kv.Txn, secret string, t Ticket, live []TicketRef, now time.Time) ([]TicketRef, error) {
	hash, ok := HashSecret(secret)
	if !ok {
		return nil, errors.New("consult: not a secret made by NewSecret")
	}
	value, err := json.Marshal(t)
	if err != nil {
		return nil, fmt.Errorf("consult: encode ticket: %w", err)
	}
	if err := tx.Put(ticketKey(hash), value); err != nil {
		return nil, err
	}
	refs := append(slices.Clone(live), TicketRef{hash, t.ExpiresAt})
	kept := refs[:0:0]
	for i, ref := range refs {
		if now.Before(ref.ExpiresAt) && i >= len(refs)-maxTickets {
			kept = append(kept, ref)
		} else if err := RevokeTicket(tx, ref.Hash); err != nil {
			return nil, err
		}
	}
	return kept, nil
}

// RevokeTicket makes the ticket unknown. It is no error when it is so already.
func RevokeTicket(tx kv.Txn, hash string) error { return tx.Delete(ticketKey(hash)) }

// completeWithin is how long after the end guests and interpreters may complete what they were sending.
const completeWithin = 24 * time.Hour

// closeTickets is what the end of a consultation does to its tickets: patients come back with theirs, to the documents,
// until the lease ends; guests and interpreters who came complete with theirs what they were sending; the others' are void. One operation each.
func closeTickets(tx kv.Txn, r *record, kept kv.LeaseID, until time.Time) error {
	for participant, refs := range r.Tickets {
		who, _ := r.Consultation.Participant(participant)
		after := Ticket{PurposeAfter, string(r.Consultation.ID) + "/" + string(participant), until}
		if who.Role != RolePatient {
			after.Purpose, after.ExpiresAt = PurposeComplete, r.Consultation.EndedAt.Add(completeWithin)
		}
		for _, ref := range refs {
			if who.Role != RolePatient && who.WaitingSince.IsZero() { // a request's, too
				if err := RevokeTicket(tx, ref.Hash); err != nil {
					return err
				}
			} else if err := putTicket(tx, ref.Hash, after, kept); err != nil {
				return err
			}
		}
	}
	return nil
}

// LeaseTicket writes a ticket with this secret that nobody needs to remember: it is swept out when the lease ends. One operation.
func LeaseTicket(tx kv.Txn, secret string, t Ticket, lease kv.LeaseID) error {
	hash, ok := HashSecret(secret)
	if !ok {
		return errors.New("consult: not a secret made by NewSecret")
	}
	return putTicket(tx, hash, t, lease)
}

func putTicket(tx kv.Txn, hash string, t Ticket, lease kv.LeaseID) error {
	value, err := json.Marshal(t)
	if err != nil {
		return fmt.Errorf("consult: encode ticket: %w", err)
	}
	return tx.PutLease(ticketKey(hash), value, lease)
}

// Getter is what FindTicket reads from: a kv.Store, or a kv.Txn.
type Getter interface {
	Get(key string) (kv.Entry, error)
}

// FindTicket returns the live ticket with this secret and purpose. Whatever is wrong with it, the answer is
// ErrBadTicket; other errors are the store's. It changes nothing.
func FindTicket(from Getter, secret string, purpose Purpose, now time.Time) (Ticket, error) {
	hash, ok := HashSecret(secret)
	if !ok {
		return Ticket{}, ErrBadTicket
	}
	entry, err := from.Get(ticketKey(hash))
	if errors.Is(err, kv.ErrNotFound) {
		return Ticket{}, ErrBadTicket
	}
	if err != nil {
		return Ticket{}, err
	}
	var t Ticket
	if err := json.Unmarshal(entry.Value, &t); err != nil {
		return Ticket{}, fmt.Errorf("consult: decode ticket: %w", err)
	}
	if t.Purpose != purpose || !now.Before(t.ExpiresAt) {
		return Ticket{}, ErrBadTicket
	}
	return t, nil
}

func ticketKey(hash string) string { return "v1/ticket/" + hash }
