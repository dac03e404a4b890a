package account

import (
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Accounts is those who may sign in. Its methods may be called at the same time. One that returns without
// error has what it did on disk.
type Accounts struct {
	cfg      Config
	store    kv.Store
	master   *consult.Keyring
	guard    *consult.Guard
	clock    func() time.Time
	log      *slog.Logger
	baseURL  func() string
	practice string
	outbox   consult.Outbox

	secrets   *secrets
	patience  *patience
	spent     *spent
	providers []*provider
	lately    *kv.Decoded[known] // accounts that were asked for lately
	hashing   chan struct{}      // one element for each password that is being hashed
}

// Deps is what Accounts works with.
type Deps struct {
	Store   kv.Store
	Master  *consult.Keyring
	Guard   *consult.Guard // slows guessing; best the practice's, so that a guesser cannot change between kinds of secrets
	Clock   func() time.Time
	Log     *slog.Logger
	BaseURL func() string // "https://example.org": passkeys and identity providers are bound to it. Asked when they are used

	Practice string         // its name, as authenticators show it
	Outbox   consult.Outbox // nil: invitations are handed over
}

// Open returns the accounts in the store.
func Open(cfg Config, deps Deps) (*Accounts, error) {
	if err := cfg.Validate(); err != nil {
		return nil, fmt.Errorf("account: %w", err)
	}
	if deps.Store == nil || deps.Master == nil || deps.Guard == nil || deps.Clock == nil || deps.Log == nil || deps.BaseURL == nil {
		return nil, errors.New("account: a dependency is missing")
	}
	secrets, err := openSecrets(deps.Store, deps.Master)
	if err != nil {
		return nil, err
	}
	a := &Accounts{
		cfg: cfg, store: deps.Store, master: deps.Master, guard: deps.Guard, log: deps.Log, baseURL: deps.BaseURL,
		clock: func() time.Time { return deps.Clock().UTC().Round(0) }, practice: deps.Practice, outbox: deps.Outbox,
		secrets: secrets, patience: newPatience(), spent: newSpent(), lately: kv.NewDecoded[known](maxLately), hashing: make(chan struct{}, hashingAtOnce),
	}
	for _, p := range cfg.Providers {
		a.providers = append(a.providers, newProvider(p))
	}
	return a, nil
}

// SignInLifetime is how long a browser stays signed in.
func (a *Accounts) SignInLifetime() time.Duration { return a.cfg.SignInLifetime }

// IdleLock is after how long without anybody at it a browser locks; 0: never.
func (a *Accounts) IdleLock() time.Duration { return a.cfg.IdleLock }

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
	k, err := a.known(id)
	if err != nil {
		return Account{}, a.fail("account", err)
	}
	return k.Account, nil
}

func (a *Accounts) newRecord(name string, roles []Role) *record {
	return newRecord(a.master, Account{ID: consult.NewAccountID(), Name: name, Roles: roles, CreatedAt: a.clock()})
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
