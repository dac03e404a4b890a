package account

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Means is how somebody signed in.
type Means string

// The means.
const (
	MeansLink     Means = "link"     // a one-time link
	MeansPassword Means = "password" // password and one-time code
	MeansPasskey  Means = "passkey"
	MeansProvider Means = "provider" // OpenID Connect
	MeansRecovery Means = "recovery" // a printed code
)

// Visitor is where a request comes from.
type Visitor struct {
	From    netip.Addr
	Browser string // in words, to be recognised in the list: "Firefox, Linux"

	provider string // that has identified them, while they sign in by one
}

// SignIn is a browser that is signed in.
type SignIn struct {
	ID        string
	Means     Means
	Browser   string
	CreatedAt time.Time
	ExpiresAt time.Time
	Here      bool // the one that asks
}

// maxSignIns is how many browsers an account is signed in with; one more signs the oldest out.
const maxSignIns = 20

// How long a sign-in counts as fresh: what changes how somebody signs in wants one.
const confirmedFor = 10 * time.Minute

// seenEvery is how exactly activity is remembered: each memory is a write.
const seenEvery = time.Minute

// ErrLocked is the answer to a browser that was left alone: its account must be confirmed first.
var ErrLocked error = &consult.Error{Code: consult.CodeLocked, Message: "This screen is locked: please show that it is you."}

// ErrWrong is the one answer to whatever signs nobody in, whatever the cause.
var ErrWrong error = &consult.Error{Code: consult.CodeBadTicket, Message: "That did not work: please check what you typed."}

// signIn is a signed-in browser as it is stored. Its key is the hash of the cookie.
type signIn struct {
	Account     consult.AccountID `json:"account"`
	ID          string            `json:"id"`
	CreatedAt   time.Time         `json:"created_at"`
	ExpiresAt   time.Time         `json:"expires_at"`
	SeenAt      time.Time         `json:"seen_at"`            // did something last, to a minute; zero: was locked by hand
	ConfirmedAt time.Time         `json:"confirmed_at"`       // showed last that it is them
	Provider    string            `json:"provider,omitempty"` // by which they signed in; "" for another means
}

func (a *Accounts) locked(s signIn, hasMeans bool) bool {
	return hasMeans && (s.SeenAt.IsZero() || a.cfg.IdleLock > 0 && a.clock().Sub(s.SeenAt) > a.cfg.IdleLock)
}

// NewSignInLink makes a one-time ticket that signs this account in, and returns its secret. Of more than five
// that were not used the oldest are revoked.
func (a *Accounts) NewSignInLink(id consult.AccountID) (string, error) {
	secret, now := consult.NewSecret(), a.clock()
	err := a.change("sign-in link", id, func(tx kv.Txn, r *record) (err error) {
		ticket := consult.Ticket{Purpose: consult.PurposeSignIn, Subject: string(id), ExpiresAt: now.Add(a.cfg.LinkLifetime)}
		r.Tickets, err = consult.IssueTicket(tx, secret, ticket, r.Tickets, now)
		return err
	})
	if err != nil {
		return "", err
	}
	return secret, nil
}

// PeekSignIn returns the account that a sign-in link is for, and changes nothing. Whatever is wrong with the
// link, the answer is consult.ErrBadTicket. Guessing is slowed by address.
func (a *Accounts) PeekSignIn(ctx context.Context, secret string, from netip.Addr) (Account, error) {
	return a.peek(ctx, secret, consult.PurposeSignIn, from)
}

// SignIn uses the link up and returns the secret for the cookie of the browser that is signed in now.
func (a *Accounts) SignIn(ctx context.Context, secret string, by Visitor) (cookie string, who Account, err error) {
	return a.signIn(ctx, by, MeansLink, func(tx kv.Txn) (*record, error) {
		r, err := a.subjectOf(tx, secret, consult.PurposeSignIn)
		if err != nil {
			return nil, err
		}
		hash, _ := consult.HashSecret(secret)
		r.Tickets = slices.DeleteFunc(r.Tickets, func(ref consult.TicketRef) bool { return ref.Hash == hash })
		return r, consult.RevokeTicket(tx, hash)
	})
}

// signIn remembers a browser for the account that find returns, in one transaction. Wrong guesses are counted by address.
func (a *Accounts) signIn(ctx context.Context, by Visitor, means Means, find func(kv.Txn) (*record, error)) (cookie string, who Account, err error) {
	if err := a.guard.Wait(ctx, by.From); err != nil {
		return "", Account{}, errGivenUp
	}
	cookie = consult.NewSecret()
	err = a.store.Update(func(tx kv.Txn) error {
		r, err := find(tx)
		if err != nil {
			return err
		}
		if r.Account.Disabled {
			return ErrWrong
		}
		if err := a.remember(tx, r, cookie, means, by); err != nil {
			return err
		}
		who = r.Account
		return r.put(tx)
	})
	if errors.Is(err, consult.ErrBadTicket) || errors.Is(err, ErrWrong) || errors.Is(err, errNoAccount) {
		a.guard.Wrong(by.From)
	}
	if errors.Is(err, errNoAccount) {
		err = ErrWrong
	}
	if err != nil {
		return "", Account{}, a.fail("sign in", err)
	}
	a.log.Info("signed in", "account", who.ID, "means", means)
	return cookie, who, nil
}

// peek returns the account that a live ticket is for.
func (a *Accounts) peek(ctx context.Context, secret string, purpose consult.Purpose, from netip.Addr) (Account, error) {
	if err := a.guard.Wait(ctx, from); err != nil {
		return Account{}, errGivenUp
	}
	r, err := a.subjectOf(a.store, secret, purpose)
	if errors.Is(err, consult.ErrBadTicket) {
		a.guard.Wrong(from)
	}
	if err != nil {
		return Account{}, a.fail("peek", err)
	}
	return r.Account, nil
}

// subjectOf returns the account that a live ticket is for, or consult.ErrBadTicket.
func (a *Accounts) subjectOf(from consult.Getter, secret string, purpose consult.Purpose) (*record, error) {
	ticket, err := consult.FindTicket(from, secret, purpose, a.clock())
	if err != nil {
		return nil, err
	}
	r, err := load(from, a.master, consult.AccountID(ticket.Subject))
	if errors.Is(err, errNoAccount) || err == nil && r.Account.Disabled {
		return nil, consult.ErrBadTicket
	}
	return r, err
}

// remember writes the sign-in of a browser, and forgets those that are expired or too many. At most 22 operations.
func (a *Accounts) remember(tx kv.Txn, r *record, cookie string, means Means, by Visitor) error {
	now := a.clock()
	s := signIn{r.Account.ID, newShortID("s_"), now, now.Add(a.cfg.SignInLifetime), now, now, by.provider}
	hash, _ := consult.HashSecret(cookie)
	refs := append(r.SignIns, signInRef{hash, s.ID, means, by.Browser, now, s.ExpiresAt})
	r.SignIns, r.SeenAt = nil, now
	for i, ref := range refs {
		if now.Before(ref.ExpiresAt) && i >= len(refs)-maxSignIns {
			r.SignIns = append(r.SignIns, ref)
		} else if err := tx.Delete(signInKey(ref.Hash)); err != nil {
			return err
		}
	}
	return putSignIn(tx, hash, s)
}

// Authenticate returns the account that the browser with this cookie is signed in to, or ErrSignedOut, or ErrLocked.
func (a *Accounts) Authenticate(cookie string) (Account, error) {
	who, err := a.ActorByCookie(cookie)
	if err == nil && who.Locked {
		err = ErrLocked
	}
	if err != nil {
		return Account{}, err
	}
	return who.Account, nil
}

// ActorByCookie returns who asks with this cookie, with all scopes of the account, or ErrSignedOut. It changes nothing.
func (a *Accounts) ActorByCookie(cookie string) (Actor, error) {
	s, _, err := findSignIn(a.store, cookie, a.clock())
	if err != nil {
		return Actor{}, a.fail("authenticate", err)
	}
	k, err := a.known(s.Account)
	if errors.Is(err, errNoAccount) || err == nil && k.Account.Disabled {
		return Actor{}, ErrSignedOut
	}
	if err != nil {
		return Actor{}, a.fail("authenticate", err)
	}
	return Actor{
		Account: k.Account, Scopes: k.Account.Scopes(), Kind: KindBrowser, HasMeans: k.hasMeans,
		Locked: a.locked(s, k.hasMeans), Confirmed: !k.hasMeans || a.clock().Sub(s.ConfirmedAt) < confirmedFor,
		Provider: s.Provider,
	}, nil
}

// Touch says that somebody is at the browser with this cookie, or in a call with it, so that it does not lock. A locked
// one stays locked.
func (a *Accounts) Touch(cookie string) error {
	now := a.clock()
	s, hash, err := findSignIn(a.store, cookie, now)
	if err != nil {
		return a.fail("touch", err)
	}
	k, err := a.known(s.Account)
	if err != nil {
		return a.fail("touch", err)
	}
	if a.locked(s, k.hasMeans) {
		return ErrLocked
	}
	if now.Sub(s.SeenAt) < seenEvery {
		return nil
	}
	return a.changeSignIn(cookie, func(s *signIn) { s.SeenAt = now }, hash)
}

// Lock locks the browser now. Without a means to unlock it, that is refused.
func (a *Accounts) Lock(cookie string) error {
	who, err := a.ActorByCookie(cookie)
	if err != nil {
		return err
	}
	if !who.HasMeans {
		return errNoMeans
	}
	hash, _ := consult.HashSecret(cookie)
	return a.changeSignIn(cookie, func(s *signIn) { s.SeenAt = time.Time{} }, hash)
}

func (a *Accounts) changeSignIn(cookie string, do func(*signIn), hash string) error {
	return a.fail("sign-in", a.store.Update(func(tx kv.Txn) error {
		s, _, err := findSignIn(tx, cookie, a.clock())
		if err != nil {
			return err
		}
		do(&s)
		return putSignIn(tx, hash, s)
	}))
}

// confirm unlocks a browser whose person showed that it is them, and gives it a new cookie: what somebody may have read while it
// lay about is worth nothing any more. prove may change the record.
func (a *Accounts) confirm(cookie string, prove func(kv.Txn, *record) error) (fresh string, who Account, err error) {
	fresh = consult.NewSecret()
	err = a.store.Update(func(tx kv.Txn) error {
		s, old, err := findSignIn(tx, cookie, a.clock())
		if err != nil {
			return err
		}
		r, err := load(tx, a.master, s.Account)
		if err != nil {
			return err
		}
		if r.Account.Disabled {
			return ErrSignedOut
		}
		if err := prove(tx, r); err != nil {
			return err
		}
		s.SeenAt, s.ConfirmedAt = a.clock(), a.clock()
		who = r.Account
		return errors.Join(a.rotate(tx, r, old, fresh, s), r.put(tx))
	})
	if err != nil {
		return "", Account{}, a.fail("confirm", err)
	}
	return fresh, who, nil
}

// rotate moves a sign-in to another cookie.
func (a *Accounts) rotate(tx kv.Txn, r *record, old, cookie string, s signIn) error {
	hash, _ := consult.HashSecret(cookie)
	for i, ref := range r.SignIns {
		if ref.Hash == old {
			r.SignIns[i].Hash = hash
		}
	}
	return errors.Join(tx.Delete(signInKey(old)), putSignIn(tx, hash, s))
}

// SignedIn reports whether some browser is signed in to the account.
func (a *Accounts) SignedIn(id consult.AccountID) (bool, error) {
	r, err := load(a.store, a.master, id)
	if err != nil {
		return false, a.fail("signed in", err)
	}
	now := a.clock()
	return slices.ContainsFunc(r.SignIns, func(ref signInRef) bool { return now.Before(ref.ExpiresAt) }), nil
}

// SignIns returns where the account is signed in, the latest first. The cookie says which one asks.
func (a *Accounts) SignIns(id consult.AccountID, cookie string) ([]SignIn, error) {
	r, err := load(a.store, a.master, id)
	if err != nil {
		return nil, a.fail("sign-ins", err)
	}
	here, _ := consult.HashSecret(cookie)
	var list []SignIn
	for _, ref := range slices.Backward(r.SignIns) {
		if a.clock().Before(ref.ExpiresAt) {
			list = append(list, SignIn{ref.ID, ref.Means, ref.Browser, ref.CreatedAt, ref.ExpiresAt, ref.Hash == here})
		}
	}
	return list, nil
}

// EndSignIn signs one browser of the account out; id "" all of them but the one with this cookie.
func (a *Accounts) EndSignIn(of consult.AccountID, id, cookie string) error {
	here, _ := consult.HashSecret(cookie)
	return a.change("end sign-in", of, func(tx kv.Txn, r *record) error {
		known := id == ""
		var kept []signInRef
		for _, ref := range r.SignIns {
			if id == "" && ref.Hash == here || id != "" && ref.ID != id {
				kept = append(kept, ref)
				continue
			}
			known = true
			if err := tx.Delete(signInKey(ref.Hash)); err != nil {
				return err
			}
		}
		r.SignIns = kept
		if !known {
			return errNoSignIn
		}
		return nil
	})
}

// endSignIns signs an account out everywhere. At most 20 operations.
func endSignIns(tx kv.Txn, r *record) error {
	for _, ref := range r.SignIns {
		if err := tx.Delete(signInKey(ref.Hash)); err != nil {
			return err
		}
	}
	r.SignIns = nil
	return nil
}

// SignOut makes the cookie worthless. It is no error when it is so already.
func (a *Accounts) SignOut(cookie string) error {
	err := a.store.Update(func(tx kv.Txn) error {
		s, hash, err := findSignIn(tx, cookie, a.clock())
		if err != nil {
			return err
		}
		r, err := load(tx, a.master, s.Account)
		if err != nil {
			return err
		}
		r.SignIns = slices.DeleteFunc(r.SignIns, func(ref signInRef) bool { return ref.Hash == hash })
		return errors.Join(tx.Delete(signInKey(hash)), r.put(tx))
	})
	if errors.Is(err, ErrSignedOut) {
		return nil
	}
	return a.fail("sign out", err)
}

func putSignIn(tx kv.Txn, hash string, s signIn) error {
	value, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("account: encode sign-in: %w", err)
	}
	return tx.Put(signInKey(hash), value)
}

// findSignIn gives ErrSignedOut unless the cookie is that of a browser that is signed in.
func findSignIn(from consult.Getter, cookie string, now time.Time) (s signIn, hash string, err error) {
	hash, ok := consult.HashSecret(cookie)
	if !ok {
		return signIn{}, "", ErrSignedOut
	}
	entry, err := from.Get(signInKey(hash))
	if errors.Is(err, kv.ErrNotFound) {
		return signIn{}, "", ErrSignedOut
	}
	if err != nil {
		return signIn{}, "", err
	}
	if err := json.Unmarshal(entry.Value, &s); err != nil {
		return signIn{}, "", fmt.Errorf("account: decode sign-in: %w", err)
	}
	if !now.Before(s.ExpiresAt) {
		return signIn{}, "", ErrSignedOut
	}
	return s, hash, nil
}

// wrongWhenMissing makes ErrWrong of a key that is not there.
func wrongWhenMissing(err error) error {
	if errors.Is(err, kv.ErrNotFound) || errors.Is(err, kv.ErrBadKey) {
		return ErrWrong
	}
	return err
}

// newShortID returns a random id for something that is listed within one account.
func newShortID(prefix string) string {
	raw := make([]byte, 9)
	_, _ = rand.Read(raw) // never fails
	return prefix + base64.RawURLEncoding.EncodeToString(raw)
}
