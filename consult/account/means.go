package account

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// MeansOf is how an account can sign in, as its person sees it.
type MeansOf struct {
	Password      bool // with one-time codes, always
	Passkeys      []Passkey
	Providers     []string // ids of the identity providers that know it
	RecoveryCodes int      // that are left
}

// Any reports whether there is one that needs no link.
func (m MeansOf) Any() bool { return m.Password || len(m.Passkeys) > 0 || len(m.Providers) > 0 }

// Passkey is one of an account's passkeys.
type Passkey struct {
	ID        string
	Name      string
	CreatedAt time.Time
	UsedAt    time.Time // zero: never
}

var (
	errNoMeans   error = &consult.Error{Code: consult.CodeConflict, Message: "There is no passkey or password yet."}
	errLastMeans error = &consult.Error{Code: CodeLastMeans, Message: "This is the last way to sign in: add another one first."}
	errNoPasskey error = &consult.Error{Code: consult.CodeNotFound, Message: "There is no such passkey."}
	errNoSignIn  error = &consult.Error{Code: consult.CodeNotFound, Message: "There is no such browser."}
	errMailTaken error = &consult.Error{Code: CodeMailTaken, Message: "Somebody else signs in with this mail address."}
	errMail      error = &consult.Error{Code: consult.CodeBadMessage, Message: "A password needs a mail address to sign in with."}
)

// MeansOf returns how the account can sign in.
func (a *Accounts) MeansOf(id consult.AccountID) (MeansOf, error) {
	r, err := load(a.store, a.master, id)
	if err != nil {
		return MeansOf{}, a.fail("means", err)
	}
	m := MeansOf{Password: r.Password != "", RecoveryCodes: len(r.Recovery)}
	for _, p := range r.Passkeys {
		m.Passkeys = append(m.Passkeys, Passkey{p.ID, p.Name, p.CreatedAt, p.UsedAt})
	}
	for _, s := range r.Subjects {
		m.Providers = append(m.Providers, s.Provider)
	}
	return m, nil
}

// AddPasskey gives the account the passkey that was made with PasskeyForAccount. With the first of all means come recovery
// codes, which are shown once.
func (a *Accounts) AddPasskey(id consult.AccountID, name, step string, answer []byte) (codes []string, err error) {
	return a.enrol("add passkey", id, func(_ kv.Txn, r *record) error { return a.addPasskey(r, newPasskey{name, step, answer}) })
}

// RenamePasskey gives a passkey another name.
func (a *Accounts) RenamePasskey(id consult.AccountID, passkey, name string) error {
	name, err := consult.CleanName(name)
	if err != nil {
		return err
	}
	return a.change("rename passkey", id, func(_ kv.Txn, r *record) error {
		for i := range r.Passkeys {
			if r.Passkeys[i].ID == passkey {
				r.Passkeys[i].Name = name
				return nil
			}
		}
		return errNoPasskey
	})
}

// RemovePasskey forgets a passkey. The last means stays.
func (a *Accounts) RemovePasskey(id consult.AccountID, remove string) error {
	return a.change("remove passkey", id, func(_ kv.Txn, r *record) error {
		before := len(r.Passkeys)
		r.Passkeys = slices.DeleteFunc(r.Passkeys, func(p passkey) bool { return p.ID == remove })
		if len(r.Passkeys) == before {
			return errNoPasskey
		}
		return lastStays(r)
	})
}

func lastStays(r *record) error {
	if !r.hasMeans() {
		return errLastMeans
	}
	return nil
}

// OfferCodes makes a secret for an authenticator app, to be proven when the password is set.
func (a *Accounts) OfferCodes(id consult.AccountID) (TOTPOffer, error) {
	who, err := a.Account(id)
	if err != nil {
		return TOTPOffer{}, err
	}
	return a.offerCodes(who)
}

// NewPassword is what somebody chooses to sign in with: a mail address, a password, and an app that shows one-time codes.
type NewPassword struct {
	Mail     string // "": the one that is known
	Password string
	Step     string // of the offer; "" to keep the app that is there
	Code     string // that the app shows
}

// SetPassword gives the account a password with one-time codes, or another one. With the first of all means come recovery codes.
func (a *Accounts) SetPassword(ctx context.Context, id consult.AccountID, p NewPassword) (codes []string, err error) {
	who, err := a.Account(id)
	if err != nil {
		return nil, err
	}
	set, err := a.preparePassword(ctx, who, p)
	if err != nil {
		return nil, err
	}
	return a.enrol("set password", id, set)
}

// preparePassword does what takes long, outside of the transaction.
func (a *Accounts) preparePassword(ctx context.Context, who Account, p NewPassword) (func(kv.Txn, *record) error, error) {
	mail := who.Mail
	if p.Mail != "" {
		var err error
		if mail, err = consult.CleanMail(p.Mail); err != nil {
			return nil, err
		}
	}
	if mail == "" {
		return nil, errMail
	}
	if err := checkPassword(p.Password, mail, who.Name, a.practice); err != nil {
		return nil, err
	}
	var fresh *oneTimeCodes
	if p.Step != "" {
		var err error
		if fresh, err = a.proven(who.ID, p.Step, p.Code); err != nil {
			return nil, err
		}
	}
	hash, err := a.hashPassword(ctx, p.Password)
	if err != nil {
		return nil, a.fail("set password", err)
	}
	return func(tx kv.Txn, r *record) error {
		if fresh != nil {
			r.Codes = fresh
		}
		if r.Codes == nil {
			return errWrongCode
		}
		r.Password = hash
		return a.setMail(tx, r, mail)
	}, nil
}

// RemovePassword forgets the password and the app. The last means stays.
func (a *Accounts) RemovePassword(id consult.AccountID) error {
	return a.change("remove password", id, func(_ kv.Txn, r *record) error {
		r.Password, r.Codes = "", nil
		return lastStays(r)
	})
}

// setMail writes the address that the account signs in with. At most 3 operations.
func (a *Accounts) setMail(tx kv.Txn, r *record, mail string) error {
	if r.Account.Mail == mail {
		return nil
	}
	if r.Account.Mail != "" {
		if err := tx.Delete(mailKey(a.mailMark(r.Account.Mail))); err != nil {
			return err
		}
	}
	r.Account.Mail = mail
	if mail == "" {
		return nil
	}
	key := mailKey(a.mailMark(mail))
	entry, err := tx.Get(key)
	switch {
	case err == nil && string(entry.Value) != string(r.Account.ID):
		return errMailTaken
	case err != nil && !errors.Is(err, kv.ErrNotFound):
		return err
	}
	return tx.Put(key, []byte(r.Account.ID))
}

// enrol adds a means, in one transaction. The browsers that are signed in stay so; with the first means come recovery codes.
func (a *Accounts) enrol(what string, id consult.AccountID, add func(kv.Txn, *record) error) (codes []string, err error) {
	err = a.change(what, id, func(tx kv.Txn, r *record) (err error) {
		if err := add(tx, r); err != nil {
			return err
		}
		codes, err = a.firstCodes(tx, r)
		return err
	})
	if err != nil {
		return nil, err
	}
	a.log.Info("means changed", "account", id, "action", what)
	return codes, nil
}

func (a *Accounts) firstCodes(tx kv.Txn, r *record) ([]string, error) {
	if len(r.Recovery) > 0 {
		return nil, nil
	}
	return a.newRecoveryCodes(tx, r)
}

// SignInWithPassword signs in with all three at once, so that no answer says which one was wrong, nor whether anybody has this address.
// Guessing is slowed by address and by account.
func (a *Accounts) SignInWithPassword(ctx context.Context, mail, password, code string, by Visitor) (cookie string, who Account, err error) {
	if err := a.guard.Wait(ctx, by.From); err != nil {
		return "", Account{}, errGivenUp
	}
	name := a.mailMark(mail)
	if err := a.patience.take(name, a.clock()); err != nil {
		return "", Account{}, err
	}
	hash, err := a.passwordOf(name)
	if err != nil {
		return "", Account{}, a.fail("sign in", err)
	}
	right, err := a.passwordIs(ctx, hash, password)
	if err != nil {
		return "", Account{}, a.fail("sign in", err)
	}
	cookie, who, err = a.signIn(ctx, by, MeansPassword, func(tx kv.Txn) (*record, error) {
		entry, err := tx.Get(mailKey(name))
		if err != nil {
			return nil, wrongWhenMissing(err)
		}
		r, err := load(tx, a.master, consult.AccountID(entry.Value))
		if err != nil {
			return nil, err
		}
		if !right || r.Password != hash || r.Codes == nil || !r.Codes.take(code, a.clock()) {
			return nil, ErrWrong
		}
		return r, nil
	})
	if err == nil {
		a.patience.right(name)
	}
	return cookie, who, err
}

// passwordOf returns the hash of the account with this mail, "" when there is none.
func (a *Accounts) passwordOf(mark string) (string, error) {
	entry, err := a.store.Get(mailKey(mark))
	if errors.Is(err, kv.ErrNotFound) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	r, err := load(a.store, a.master, consult.AccountID(entry.Value))
	if errors.Is(err, errNoAccount) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return r.Password, nil
}

// ConfirmWithPassword unlocks the browser with this cookie and returns its new cookie. The cookie is the other factor.
func (a *Accounts) ConfirmWithPassword(ctx context.Context, cookie, password string, from Visitor) (fresh string, who Account, err error) {
	actor, err := a.ActorByCookie(cookie)
	if err != nil {
		return "", Account{}, err
	}
	if err := a.guard.Wait(ctx, from.From); err != nil {
		return "", Account{}, errGivenUp
	}
	name := "confirm/" + string(actor.Account.ID)
	if err := a.patience.take(name, a.clock()); err != nil {
		return "", Account{}, err
	}
	r, err := load(a.store, a.master, actor.Account.ID)
	if err != nil {
		return "", Account{}, a.fail("confirm", err)
	}
	right, err := a.passwordIs(ctx, r.Password, password)
	if err != nil {
		return "", Account{}, a.fail("confirm", err)
	}
	if !right {
		a.guard.Wrong(from.From)
		return "", Account{}, ErrWrong
	}
	hash := r.Password
	fresh, who, err = a.confirm(cookie, func(_ kv.Txn, r *record) error {
		if r.Password != hash {
			return ErrWrong
		}
		return nil
	})
	if err == nil {
		a.patience.right(name)
	}
	return fresh, who, err
}

// mailMark is what stands for a mail address in a key. What is no address has one too, which nobody has.
func (a *Accounts) mailMark(mail string) string {
	clean, err := consult.CleanMail(mail)
	if err != nil {
		clean = "\x00"
	}
	return a.secrets.mark("mail", strings.ToLower(clean))
}
