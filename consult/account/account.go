package account

import (
	"fmt"
	"time"

	"github.com/colloque/colloque/consult"
)

// Account is somebody who signs in. It is a value: changing a copy changes nothing.
type Account struct {
	ID        consult.AccountID   `json:"id"`
	Name      string              `json:"name"` // "" until it is said
	Roles     []Role              `json:"roles"`
	Units     []consult.UnitID    `json:"units,omitempty"`
	Delegates []consult.AccountID `json:"delegates,omitempty"` // secretaries who act for this practitioner
	Languages []string            `json:"languages,omitempty"` // an interpreter's, as BCP 47 tags
	Mail      string              `json:"mail,omitempty"`      // where an invitation goes; "" when nobody said it
	BookMail  bool                `json:"book_mail,omitempty"` // wishes a mail when their appointment book changes
	Disabled  bool                `json:"disabled,omitempty"`  // signs in no more
	CreatedAt time.Time           `json:"created_at"`
}

// Practitioner returns the account as the one who starts consultations.
func (a Account) Practitioner() consult.Practitioner {
	return consult.Practitioner{ID: a.ID, Name: a.Name}
}

// Config is what the operator decides about signing in.
type Config struct {
	FirstName          string           `yaml:"first_name"`          // name of the account that First makes; may be ""
	LinkLifetime       time.Duration    `yaml:"link_lifetime"`       // of a one-time sign-in link; default 24 h
	InvitationLifetime time.Duration    `yaml:"invitation_lifetime"` // of an invitation; default 7 days
	SignInLifetime     time.Duration    `yaml:"sign_in_lifetime"`    // how long a browser stays signed in; default 7 days
	IdleLock           time.Duration    `yaml:"idle_lock"`           // without anybody at it, outside of a call, a browser locks; default 15 min; 0: never
	Providers          []ProviderConfig `yaml:"providers"`           // identity providers, OpenID Connect; default none
}

// DefaultConfig returns the defaults.
func DefaultConfig() Config {
	return Config{
		LinkLifetime: 24 * time.Hour, InvitationLifetime: 7 * 24 * time.Hour, SignInLifetime: 7 * 24 * time.Hour,
		IdleLock: 15 * time.Minute, Providers: []ProviderConfig{},
	}
}

// maxLifetime bounds both: what is forgotten somewhere must not open a door for ever.
const maxLifetime = 90 * 24 * time.Hour

// Validate says in one line what cannot work.
func (c Config) Validate() error {
	if c.FirstName != "" {
		if _, err := consult.CleanName(c.FirstName); err != nil {
			return fmt.Errorf("account.first_name %q: %w", c.FirstName, err)
		}
	}
	for _, l := range []struct {
		name string
		of   time.Duration
	}{{"link_lifetime", c.LinkLifetime}, {"invitation_lifetime", c.InvitationLifetime}, {"sign_in_lifetime", c.SignInLifetime}} {
		if l.of < time.Minute || l.of > maxLifetime {
			return fmt.Errorf("account.%s %s: must be 1m to %s", l.name, l.of, maxLifetime)
		}
	}
	if c.IdleLock != 0 && (c.IdleLock < 2*time.Minute || c.IdleLock > 24*time.Hour) {
		return fmt.Errorf("account.idle_lock %s: must be 2m to 24h, or 0 for never", c.IdleLock)
	}
	seen := map[string]bool{}
	for _, p := range c.Providers {
		if err := p.validate(); err != nil {
			return fmt.Errorf("account.providers: %w", err)
		}
		if id := p.filled().ID; seen[id] {
			return fmt.Errorf("account.providers: two have the id %q", id)
		} else {
			seen[id] = true
		}
	}
	return nil
}

// The codes that only this package answers with, where a page says something of its own.
const (
	CodePassword     consult.Code = "password"      // too short, or too easy to guess
	CodeWrongCode    consult.Code = "wrong-code"    // the one-time code is another
	CodeMailTaken    consult.Code = "mail-taken"    // somebody else signs in with it
	CodeLastMeans    consult.Code = "last-means"    // nothing would be left to sign in with
	CodeLastOperator consult.Code = "last-operator" // nobody would be left to look after the accounts
)

// The errors of this package; see consult.Error.
var (
	// ErrSignedOut is the one answer to every cookie that signs nobody in.
	ErrSignedOut error = &consult.Error{Code: consult.CodeForbidden, Message: "Please sign in first."}

	errNoAccount    error = &consult.Error{Code: consult.CodeNotFound, Message: "There is no such account."}
	errRole         error = &consult.Error{Code: consult.CodeBadMessage, Message: "An account has one or more of the roles practitioner, secretary, interpreter and operator, each once."}
	errUnit         error = &consult.Error{Code: consult.CodeNotFound, Message: "There is no such unit."}
	errTooManyUnits error = &consult.Error{Code: consult.CodeConflict, Message: "That is more units than there can be."}
	errDelegate     error = &consult.Error{Code: consult.CodeBadMessage, Message: "A practitioner can let a secretary act for them, and nobody else."}
	errGivenUp      error = &consult.Error{Code: consult.CodeUnavailable, Message: "The request was given up before it was answered."}
)
