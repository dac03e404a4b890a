package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// maxSignIns is how many browsers an account is signed in with; one more signs the oldest out.
const maxSignIns = 20

// Accounts is those who may sign in. Its methods may be called at the same time. One that returns without
// error has what it did on disk.
type Accounts struct {
	cfg    Config
	store  kv.Store
	master *consult.Keyring
	guard  *consult.Guard
	clock  func() time.Time
	log    *slog.Logger
}

// Open returns the accounts in the store. The guard slows the guessing of sign-in links; it is best the
// practice's, so that a guesser cannot change between kinds of links.
func Open(cfg Config, store kv.Store, master *consult.Keyring, guard *consult.Guard, clock func() time.Time, log *slog.Logger) (*Accounts, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("account: %w", err)
	}
	utc := func() time.Time { return clock().UTC().Round(0) }
	return &Accounts{cfg: cfg, store: store, master: master, guard: guard, clock: utc, log: log}, nil
}

// SignInLifetime is how long a browser stays signed in.
func (a *Accounts) SignInLifetime() time.Duration { return a.cfg.SignInLifetime }

// Create makes an account.
func (a *Accounts) Create(name string, roles ...Role) (Account, error) {
	name, err := consult.CleanName(name)
	if err != nil {
		return Account{}, err
	}
	if roles, err = cleanRoles(roles); err != nil {
		return Account{}, err
	}
	r := a.newRecord(name, roles)
	if err := a.store.Update(r.put); err != nil {
		return Account{}, a.fail("create", err)
	}
	return r.Account, nil
}

// firstRoles is what the first account may do: all there is to do in a practice of one.
func firstRoles() []Role { return []Role{RolePractitioner, RoleOperator} }

// First returns the first account, a practitioner's who is the operator too, and whether this call made it: it does
// so once in the life of a data folder.
func (a *Accounts) First() (first Account, created bool, err error) {
	fresh := a.newRecord(a.cfg.FirstName, firstRoles())
	err = a.store.Update(func(tx kv.Txn) error {
		first, created = fresh.Account, true
		entry, err := tx.Get(firstKey)
		if err == nil {
			r, err := load(tx, a.master, consult.AccountID(entry.Value))
			if err == nil {
				first, created = r.Account, false
			}
			return err
		}
		if !errors.Is(err, kv.ErrNotFound) {
			return err
		}
		return errors.Join(fresh.put(tx), tx.Put(firstKey, []byte(fresh.Account.ID)))
	})
	if err != nil {
		return Account{}, false, a.fail("first", err)
	}
	return first, created, nil
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

// SetName changes an account's name and returns the account. Consultations that were started keep the name that they
// were started with.
func (a *Accounts) SetName(id consult.AccountID, name string) (Account, error) {
	name, err := consult.CleanName(name)
	if err != nil {
		return Account{}, err
	}
	return a.changed("name", id, func(_ kv.Txn, r *record) error {
		r.Account.Name = name
		return nil
	})
}

// Account returns the account, or an error of code not-found.
func (a *Accounts) Account(id consult.AccountID) (Account, error) {
	r, err := load(a.store, a.master, id)
	if err != nil {
		return Account{}, a.fail("account", err)
	}
	return r.Account, nil
}

// PeekSignIn returns the account that a sign-in link is for, and changes nothing. Whatever is wrong with the
// link, the answer is consult.ErrBadTicket. Guessing is slowed by address.
func (a *Accounts) PeekSignIn(ctx context.Context, secret string, from netip.Addr) (Account, error) {
	return a.guarded(ctx, from, func() (Account, error) {
		r, err := a.subject(a.store, secret)
		if err != nil {
			return Account{}, err
		}
		return r.Account, nil
	})
}

// SignIn uses the link up and returns the secret for the cookie of the browser that is signed in now.
func (a *Accounts) SignIn(ctx context.Context, secret string, from netip.Addr) (cookie string, who Account, err error) {
	cookie = consult.NewSecret()
	who, err = a.guarded(ctx, from, func() (Account, error) {
		var r *record
		err := a.store.Update(func(tx kv.Txn) (err error) {
			if r, err = a.subject(tx, secret); err != nil {
				return err
			}
			if err := a.useUp(tx, r, secret); err != nil {
				return err
			}
			if err := a.remember(tx, r, cookie); err != nil {
				return err
			}
			return r.put(tx)
		})
		if err != nil {
			return Account{}, err
		}
		return r.Account, nil
	})
	if err != nil {
		return "", Account{}, err
	}
	a.log.Info("signed in", "account", who.ID)
	return cookie, who, nil
}

// Authenticate returns the account that the browser with this cookie is signed in to, or ErrSignedOut.
func (a *Accounts) Authenticate(cookie string) (Account, error) {
	s, _, err := findSignIn(a.store, cookie, a.clock())
	if err != nil {
		return Account{}, a.fail("authenticate", err)
	}
	r, err := load(a.store, a.master, s.Account)
	if errors.Is(err, errNoAccount) {
		return Account{}, ErrSignedOut
	}
	if err != nil {
		return Account{}, a.fail("authenticate", err)
	}
	if r.Account.Disabled {
		return Account{}, ErrSignedOut
	}
	return r.Account, nil
}

// ActorByCookie returns who asks with this cookie, with all scopes of the account, or ErrSignedOut.
func (a *Accounts) ActorByCookie(cookie string) (Actor, error) {
	who, err := a.Authenticate(cookie)
	if err != nil {
		return Actor{}, err
	}
	return Actor{Account: who, Scopes: who.Scopes(), Kind: KindBrowser}, nil
}

// SignedIn reports whether some browser is signed in to the account.
func (a *Accounts) SignedIn(id consult.AccountID) (bool, error) {
	r, err := load(a.store, a.master, id)
	if err != nil {
		return false, a.fail("signed in", err)
	}
	now := a.clock()
	return slices.ContainsFunc(r.SignIns, func(ref consult.TicketRef) bool { return now.Before(ref.ExpiresAt) }), nil
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
		r.SignIns = slices.DeleteFunc(r.SignIns, func(ref consult.TicketRef) bool { return ref.Hash == hash })
		return errors.Join(tx.Delete(signInKey(hash)), r.put(tx))
	})
	if errors.Is(err, ErrSignedOut) {
		return nil
	}
	return a.fail("sign out", err)
}

func (a *Accounts) newRecord(name string, roles []Role) *record {
	return newRecord(a.master, Account{ID: consult.NewAccountID(), Name: name, Roles: roles, CreatedAt: a.clock()})
}

// guarded lets a guesser wait, and counts what was guessed wrong.
func (a *Accounts) guarded(ctx context.Context, from netip.Addr, do func() (Account, error)) (Account, error) {
	if err := a.guard.Wait(ctx, from); err != nil {
		return Account{}, errGivenUp
	}
	who, err := do()
	if errors.Is(err, consult.ErrBadTicket) {
		a.guard.Wrong(from)
	}
	return who, a.fail("sign in", err)
}

// subject returns the account that a live sign-in ticket is for.
func (a *Accounts) subject(from consult.Getter, secret string) (*record, error) {
	ticket, err := consult.FindTicket(from, secret, consult.PurposeSignIn, a.clock())
	if err != nil {
		return nil, err
	}
	r, err := load(from, a.master, consult.AccountID(ticket.Subject))
	if errors.Is(err, errNoAccount) {
		return nil, consult.ErrBadTicket
	}
	return r, err
}

func (a *Accounts) useUp(tx kv.Txn, r *record, secret string) error {
	hash, _ := consult.HashSecret(secret)
	r.Tickets = slices.DeleteFunc(r.Tickets, func(ref consult.TicketRef) bool { return ref.Hash == hash })
	return consult.RevokeTicket(tx, hash)
}

// remember writes the sign-in of a browser, and forgets those that are expired or too many.
func (a *Accounts) remember(tx kv.Txn, r *record, cookie string) error {
	now := a.clock()
	s := signIn{r.Account.ID, now, now.Add(a.cfg.SignInLifetime)}
	value, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("account: encode sign-in: %w", err)
	}
	hash, _ := consult.HashSecret(cookie)
	refs := append(r.SignIns, consult.TicketRef{Hash: hash, ExpiresAt: s.ExpiresAt})
	r.SignIns = nil
	for i, ref := range refs {
		if now.Before(ref.ExpiresAt) && i >= len(refs)-maxSignIns {
			r.SignIns = append(r.SignIns, ref)
		} else if err := tx.Delete(signInKey(ref.Hash)); err != nil {
			return err
		}
	}
	return tx.Put(signInKey(hash), value)
}

// change reads an account, changes it and writes it, in one transaction.
func (a *Accounts) change(what string, id consult.AccountID, do func(kv.Txn, *record) error) error {
	return a.fail(what, a.store.Update(func(tx kv.Txn) error {
		r, err := load(tx, a.master, id)
		if err != nil {
			return err
		}
		if err := do(tx, r); err != nil {
			return err
		}
		return r.put(tx)
	}))
}

// changed is change, and returns the account as it is then.
func (a *Accounts) changed(what string, id consult.AccountID, do func(kv.Txn, *record) error) (Account, error) {
	var after Account
	err := a.change(what, id, func(tx kv.Txn, r *record) error {
		err := do(tx, r)
		after = r.Account
		return err
	})
	if err != nil {
		return Account{}, err
	}
	return after, nil
}

// fail makes of any error one that may leave the package. What is not ours is logged and hidden.
func (a *Accounts) fail(what string, err error) error {
	var own *consult.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return own
	case errors.Is(err, kv.ErrConflict):
		return consult.ErrBusy
	}
	a.log.Error("account store", "action", what, "error", err)
	return consult.ErrInternal
}
