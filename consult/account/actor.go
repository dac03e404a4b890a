package account

import (
	"cmp"
	"slices"

	"github.com/colloque/colloque/consult"
)

// Kind is how an actor came in.
type Kind string

// The kinds.
const (
	KindBrowser Kind = "browser" // signed in, with a cookie
	KindToken   Kind = "token"   // a program, with an API token

	KindCalendar Kind = "calendar" // a calendar program, with an app password or the secret of a feed
)

// Actor is who asks for something: an account, with the scopes that count for this one request.
type Actor struct {
	Account Account
	Scopes  []Scope
	Kind    Kind

	// Of a browser.
	HasMeans  bool // the account can sign in again without a link
	Locked    bool // was left alone: everything is refused until it is confirmed
	Confirmed bool // showed lately that it is them

	Provider string // by which a browser signed in; "" for another means
}

// Has reports whether the actor may do this kind of thing.
func (a Actor) Has(scope Scope) bool { return slices.Contains(a.Scopes, scope) }

// ActsFor returns the practitioners on whose behalf this account may do something: itself, those who delegated to
// this secretary, and those of a unit that shares its patients. It is sorted, and empty for an operator or an
// interpreter.
func (a *Accounts) ActsFor(actor Account) ([]consult.AccountID, error) {
	var owners []consult.AccountID
	if actor.Has(RolePractitioner) {
		owners = append(owners, actor.ID)
	}
	if actor.Has(RoleSecretary) {
		delegated, err := a.delegators(actor.ID)
		if err != nil {
			return nil, a.fail("acts for", err)
		}
		owners = append(owners, delegated...)
	}
	if actor.Has(RolePractitioner) || actor.Has(RoleSecretary) {
		colleagues, err := a.colleagues(actor)
		if err != nil {
			return nil, a.fail("acts for", err)
		}
		owners = append(owners, colleagues...)
	}
	slices.SortFunc(owners, cmp.Compare[consult.AccountID])
	return slices.Compact(owners), nil
}

// MayActFor reports whether the owner is one of ActsFor's.
func (a *Accounts) MayActFor(actor Account, owner consult.AccountID) (bool, error) {
	if owner == "" {
		return false, nil
	}
	if actor.ID == owner {
		return actor.Has(RolePractitioner), nil
	}
	owners, err := a.ActsFor(actor)
	return slices.Contains(owners, owner), err
}
