package account

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// NewAppPassword makes an app password and returns it as it is typed, which nobody can show again.
func (a *Accounts) NewAppPassword(id consult.AccountID, name string) (password string, made AppPassword, err error) {
	if name, err = consult.CleanName(name); err != nil {
		return "", AppPassword{}, err
	}
	raw := make([]byte, appPasswordBytes)
	_, _ = rand.Read(raw) // never fails: crypto/rand ends the program instead
	err = a.change("new app password", id, func(tx kv.Txn, r *record) error {
		if !slices.Contains(r.Account.Scopes(), ScopeAppointmentsRead) {
			return errNoCalendars
		}
		if len(r.Calendars.Passwords) >= maxAppPasswords {
			return errTooMany
		}
		ref := appPasswordRef{hashAppPassword(raw), newShortID("pw_"), name, r.Account.calendarUser(), a.clock()}
		r.Calendars.Passwords = append(r.Calendars.Passwords, ref)
		made = AppPassword{ID: ref.ID, Name: ref.Name, User: ref.User, CreatedAt: ref.CreatedAt}
		return putJSON(tx, appPasswordKey(ref.Hash), storedAppPassword{Account: id, ID: ref.ID})
	})
	if err != nil {
		return "", AppPassword{}, err
	}
	return writeAppPassword(raw), made, nil
}

// RevokeAppPassword makes an app password worthless.
func (a *Accounts) RevokeAppPassword(id consult.AccountID, password string) error {
	return a.change("revoke app password", id, func(tx kv.Txn, r *record) error {
		for i, ref := range r.Calendars.Passwords {
			if ref.ID == password {
				r.Calendars.Passwords = slices.Delete(r.Calendars.Passwords, i, i+1)
				return tx.Delete(appPasswordKey(ref.Hash))
			}
		}
		return errNoAppPassword
	})
}

// ActorByAppPassword returns who asks with this user name and app password, and what titles they want to see, or ErrSignedOut. It may
// read and write appointments, and nothing else. Wrong ones are counted by address, and slowed.
func (a *Accounts) ActorByAppPassword(ctx context.Context, from netip.Addr, user, password string) (Actor, Titles, error) {
	if err := a.guard.Wait(ctx, from); err != nil {
		return Actor{}, "", errGivenUp
	}
	actor, titles, err := a.actorByAppPassword(user, password)
	if errors.Is(err, ErrSignedOut) {
		a.guard.Wrong(from)
	}
	return actor, titles, a.fail("app password", err)
}

func (a *Accounts) actorByAppPassword(user, password string) (Actor, Titles, error) {
	raw, ok := readAppPassword(password)
	if !ok {
		return Actor{}, "", ErrSignedOut
	}
	hash := hashAppPassword(raw)
	stored, err := a.appPassword(hash)
	if err != nil {
		return Actor{}, "", err
	}
	k, err := a.known(stored.Account)
	if errors.Is(err, errNoAccount) || err == nil && k.Account.Disabled {
		return Actor{}, "", ErrSignedOut
	}
	if err != nil {
		return Actor{}, "", err
	}
	at := slices.IndexFunc(k.calendars.Passwords, func(ref appPasswordRef) bool { return ref.Hash == hash })
	if at < 0 || !slices.ContainsFunc([]string{k.calendars.Passwords[at].User, k.Account.Mail, string(k.Account.ID)}, func(name string) bool {
		return name != "" && strings.EqualFold(strings.TrimSpace(user), name)
	}) {
		return Actor{}, "", ErrSignedOut
	}
	if now := a.clock(); now.Sub(stored.UsedAt) >= usedGrain {
		stored.UsedAt = now.Truncate(usedGrain)
		if err := a.store.Update(func(tx kv.Txn) error {
			if _, err := tx.Get(appPasswordKey(hash)); err != nil {
				return err // revoked meanwhile
			}
			return putJSON(tx, appPasswordKey(hash), stored)
		}); errors.Is(err, kv.ErrNotFound) {
			return Actor{}, "", ErrSignedOut
		} else if err != nil {
			return Actor{}, "", err
		}
	}
	return calendarActor(k), k.calendars.titles(), nil
}

// calendarActor is an account as its calendar programs act for it.
func calendarActor(k known) Actor {
	scopes := slices.DeleteFunc(k.Account.Scopes(), func(s Scope) bool { return s != ScopeAppointmentsRead && s != ScopeAppointmentsWrite })
	return Actor{Account: k.Account, Scopes: scopes, Kind: KindCalendar}
}

// appPassword reads what stands under a hash, or ErrSignedOut.
func (a *Accounts) appPassword(hash string) (storedAppPassword, error) {
	entry, err := a.store.Get(appPasswordKey(hash))
	if errors.Is(err, kv.ErrNotFound) {
		return storedAppPassword{}, ErrSignedOut
	}
	if err != nil {
		return storedAppPassword{}, err
	}
	var stored storedAppPassword
	if err := json.Unmarshal(entry.Value, &stored); err != nil {
		return storedAppPassword{}, fmt.Errorf("account: decode app password: %w", err)
	}
	return stored, nil
}

// appPasswordLetters are small letters and digits without those that are taken for another.
func appPasswordLetters() *base32.Encoding {
	return base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)
}

// writeAppPassword is a password as people type it: "abcd-efgh-…".
func writeAppPassword(raw []byte) string {
	const group = 4
	text := appPasswordLetters().EncodeToString(raw)
	var parts []string
	for ; len(text) > group; text = text[group:] {
		parts = append(parts, text[:group])
	}
	return strings.Join(append(parts, text), "-")
}

// readAppPassword is the inverse, however it was typed.
func readAppPassword(text string) ([]byte, bool) {
	if len(text) > 100 {
		return nil, false
	}
	text = strings.ToLower(strings.Map(func(r rune) rune {
		if r == '-' || r == ' ' {
			return -1
		}
		return r
	}, text))
	raw, err := appPasswordLetters().DecodeString(text)
	return raw, err == nil && len(raw) == appPasswordBytes && appPasswordLetters().EncodeToString(raw) == text
}

// hashAppPassword is a plain hash: nobody can try 2^128 passwords.
func hashAppPassword(raw []byte) string {
	sum := sha256.Sum256(raw)
	return base64.RawURLEncoding.EncodeToString(sum[:])
}
