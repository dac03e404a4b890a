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
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Titles is what the appointments in an account's calendar programs are called: others look at their screens too.
type Titles string

// The titles.
const (
	TitlesName     Titles = "name"     // the patient's name, and what they come for
	TitlesInitials Titles = "initials" // of the patient
	TitlesNeutral  Titles = "neutral"  // "Appointment", no more
)

// AppPassword lets one calendar program in, and into calendars only. The sign-in password and its second factor stay out of programs
// that keep what they are told for years.
type AppPassword struct {
	ID        string
	Name      string
	User      string // to sign in with
	CreatedAt time.Time
	UsedAt    time.Time // by the hour; zero: never
}

// Calendars is how an account's appointments go into calendar programs.
type Calendars struct {
	Titles    Titles
	User      string // to sign in with, of a password that is made now
	Passwords []AppPassword
	FeedSince time.Time // zero: there is no feed
}

const (
	maxAppPasswords  = 20
	appPasswordBytes = 16
	usedGrain        = time.Hour // so that not every request writes
)

var (
	errTitles        error = &consult.Error{Code: consult.CodeBadMessage, Message: "Titles are name, initials or neutral."}
	errNoAppPassword error = &consult.Error{Code: consult.CodeNotFound, Message: "There is no such app password."}
	errNoCalendars   error = &consult.Error{Code: consult.CodeForbidden, Message: "Only who sees appointments has calendars."}
)

func appPasswordKey(hash string) string { return "v1/app-password/" + hash }
func feedKey(hash string) string        { return "v1/calendar-feed/" + hash }

// calendarsOf is what an account's record says of calendars.
type calendarsOf struct {
	Titles    Titles           `json:"titles,omitempty"`
	Passwords []appPasswordRef `json:"passwords,omitempty"`
	Feed      string           `json:"feed,omitempty"` // hash of its secret; "": there is none
	FeedSince time.Time        `json:"feed_since,omitzero"`
}

type appPasswordRef struct {
	Hash      string    `json:"hash"`
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	User      string    `json:"user"`
	CreatedAt time.Time `json:"created_at"`
}

// storedAppPassword is an app password under the hash of its secret.
type storedAppPassword struct {
	Account consult.AccountID `json:"account"`
	ID      string            `json:"id"`
	UsedAt  time.Time         `json:"used_at,omitzero"`
}

// titles is what was chosen, or the one that says least.
func (c calendarsOf) titles() Titles {
	if c.Titles == "" {
		return TitlesInitials
	}
	return c.Titles
}

// calendarUser is the name that an account signs in with in calendar programs: short to type where there is a mail address.
func (a Account) calendarUser() string {
	if a.Mail != "" {
		return a.Mail
	}
	return string(a.ID)
}

// Calendars returns how an account's appointments go into calendar programs.
func (a *Accounts) Calendars(id consult.AccountID) (Calendars, error) {
	r, err := load(a.store, a.master, id)
	if err != nil {
		return Calendars{}, a.fail("calendars", err)
	}
	c := Calendars{Titles: r.Calendars.titles(), User: r.Account.calendarUser(), FeedSince: r.Calendars.FeedSince}
	for _, ref := range r.Calendars.Passwords {
		stored, err := a.appPassword(ref.Hash)
		if err != nil {
			return Calendars{}, a.fail("calendars", err)
		}
		c.Passwords = append(c.Passwords, AppPassword{ref.ID, ref.Name, ref.User, ref.CreatedAt, stored.UsedAt})
	}
	return c, nil
}

// SetTitles says what appointments are called in calendar programs.
func (a *Accounts) SetTitles(id consult.AccountID, titles Titles) error {
	if titles != TitlesName && titles != TitlesInitials && titles != TitlesNeutral {
		return errTitles
	}
	return a.change("titles", id, func(_ kv.Txn, r *record) error {
		r.Calendars.Titles = titles
		return nil
	})
}

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

// NewFeed makes the link of the account's calendar feed, in place of the one that there was, and returns its secret, which nobody can
// show again.
func (a *Accounts) NewFeed(id consult.AccountID) (secret string, err error) {
	secret = consult.NewSecret()
	hash, _ := consult.HashSecret(secret)
	return secret, a.change("new feed", id, func(tx kv.Txn, r *record) error {
		if !slices.Contains(r.Account.Scopes(), ScopeAppointmentsRead) {
			return errNoCalendars
		}
		if err := endFeed(tx, r); err != nil {
			return err
		}
		r.Calendars.Feed, r.Calendars.FeedSince = hash, a.clock()
		return tx.Put(feedKey(hash), []byte(id))
	})
}

// EndFeed makes the link of the account's feed worthless. It is no error if there is none.
func (a *Accounts) EndFeed(id consult.AccountID) error {
	return a.change("end feed", id, endFeed)
}

func endFeed(tx kv.Txn, r *record) error {
	if r.Calendars.Feed == "" {
		return nil
	}
	old := r.Calendars.Feed
	r.Calendars.Feed, r.Calendars.FeedSince = "", time.Time{}
	return tx.Delete(feedKey(old))
}

// ActorByFeed returns whose feed has this secret, who may look at appointments with it and nothing else, or ErrSignedOut. Wrong ones
// are counted by address, and slowed.
func (a *Accounts) ActorByFeed(ctx context.Context, from netip.Addr, secret string) (Actor, Titles, error) {
	if err := a.guard.Wait(ctx, from); err != nil {
		return Actor{}, "", errGivenUp
	}
	k, err := a.feedOf(secret)
	if errors.Is(err, ErrSignedOut) {
		a.guard.Wrong(from)
	}
	if err != nil {
		return Actor{}, "", a.fail("feed", err)
	}
	actor := calendarActor(k)
	actor.Scopes = slices.DeleteFunc(actor.Scopes, func(s Scope) bool { return s != ScopeAppointmentsRead })
	return actor, k.calendars.titles(), nil
}

func (a *Accounts) feedOf(secret string) (known, error) {
	hash, ok := consult.HashSecret(secret)
	if !ok {
		return known{}, ErrSignedOut
	}
	entry, err := a.store.Get(feedKey(hash))
	if errors.Is(err, kv.ErrNotFound) {
		return known{}, ErrSignedOut
	}
	if err != nil {
		return known{}, err
	}
	k, err := a.known(consult.AccountID(entry.Value))
	if errors.Is(err, errNoAccount) || err == nil && (k.Account.Disabled || k.calendars.Feed != hash) {
		return known{}, ErrSignedOut
	}
	return k, err
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

func putJSON(tx kv.Txn, key string, value any) error {
	encoded, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("account: encode %s: %w", key, err)
	}
	return tx.Put(key, encoded)
}
