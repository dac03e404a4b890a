package account

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"slices"
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

func putJSON(tx kv.Txn, key string, value any) error {
	encoded, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("account: encode %s: %w", key, err)
	}
	return tx.Put(key, encoded)
}
