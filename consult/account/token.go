package account

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Token is a program's right to use the API on behalf of an account.
type Token struct {
	ID        string
	Name      string
	Scopes    []Scope
	CreatedAt time.Time
	ExpiresAt time.Time
}

const (
	// tokenPrefix lets scanners of source code find tokens that should not be there.
	tokenPrefix   = "colloque_"
	maxTokens     = 20
	maxTokenYears = 2
)

var (
	errTokenScope  error = &consult.Error{Code: consult.CodeBadMessage, Message: "A token has at least one scope, and only scopes that its account has."}
	errTokenExpiry error = &consult.Error{Code: consult.CodeBadMessage, Message: "A token expires within 1 day to 2 years."}
	errNoToken     error = &consult.Error{Code: consult.CodeNotFound, Message: "There is no such token."}
)

// storedToken is a token under the hash of its secret.
type storedToken struct {
	Account   consult.AccountID `json:"account"`
	Scopes    []Scope           `json:"scopes"`
	ExpiresAt time.Time         `json:"expires_at"`
}

// NewToken makes an API token and returns its secret, which nobody can show again.
func (a *Accounts) NewToken(id consult.AccountID, name string, scopes []Scope, lifetime time.Duration) (secret string, made Token, err error) {
	name, err = consult.CleanName(name)
	if err != nil {
		return "", Token{}, err
	}
	if lifetime < 24*time.Hour || lifetime > maxTokenYears*366*24*time.Hour {
		return "", Token{}, errTokenExpiry
	}
	bare, now := consult.NewSecret(), a.clock()
	err = a.change("new token", id, func(tx kv.Txn, r *record) error {
		have := r.Account.Scopes()
		clean := slices.DeleteFunc(Scopes(), func(s Scope) bool { return !slices.Contains(scopes, s) })
		if len(clean) == 0 || len(clean) != len(scopes) || slices.ContainsFunc(clean, func(s Scope) bool { return !slices.Contains(have, s) }) {
			return errTokenScope
		}
		r.Tokens = slices.DeleteFunc(r.Tokens, func(ref tokenRef) bool { return !now.Before(ref.ExpiresAt) })
		if len(r.Tokens) >= maxTokens {
			return errTooMany
		}
		hash, _ := consult.HashSecret(bare)
		ref := tokenRef{hash, newShortID("t_"), name, clean, now, now.Add(lifetime)}
		r.Tokens = append(r.Tokens, ref)
		made = tokenOf(ref)
		value, err := json.Marshal(storedToken{id, clean, ref.ExpiresAt})
		if err != nil {
			return fmt.Errorf("account: encode token: %w", err)
		}
		return tx.Put(tokenKey(hash), value)
	})
	if err != nil {
		return "", Token{}, err
	}
	return tokenPrefix + bare, made, nil
}

func tokenOf(ref tokenRef) Token {
	return Token{ref.ID, ref.Name, ref.Scopes, ref.CreatedAt, ref.ExpiresAt}
}

// Tokens returns the account's tokens that have not expired, the oldest first.
func (a *Accounts) Tokens(id consult.AccountID) ([]Token, error) {
	r, err := load(a.store, a.master, id)
	if err != nil {
		return nil, a.fail("tokens", err)
	}
	var tokens []Token
	for _, ref := range r.Tokens {
		if a.clock().Before(ref.ExpiresAt) {
			tokens = append(tokens, tokenOf(ref))
		}
	}
	return tokens, nil
}

// RevokeToken makes a token worthless.
func (a *Accounts) RevokeToken(id consult.AccountID, token string) error {
	return a.change("revoke token", id, func(tx kv.Txn, r *record) error {
		for i, ref := range r.Tokens {
			if ref.ID == token {
				r.Tokens = slices.Delete(r.Tokens, i, i+1)
				return tx.Delete(tokenKey(ref.Hash))
			}
		}
		return errNoToken
	})
}

// ActorByToken returns who asks with this API token, with those of its scopes that the account still has, or ErrSignedOut.
func (a *Accounts) ActorByToken(secret string) (Actor, error) {
	bare, ok := strings.CutPrefix(secret, tokenPrefix)
	hash, good := consult.HashSecret(bare)
	if !ok || !good {
		return Actor{}, ErrSignedOut
	}
	entry, err := a.store.Get(tokenKey(hash))
	if errors.Is(err, kv.ErrNotFound) {
		return Actor{}, ErrSignedOut
	}
	if err != nil {
		return Actor{}, a.fail("token", err)
	}
	var t storedToken
	if err := json.Unmarshal(entry.Value, &t); err != nil {
		return Actor{}, a.fail("token", fmt.Errorf("account: decode token: %w", err))
	}
	if !a.clock().Before(t.ExpiresAt) {
		return Actor{}, ErrSignedOut
	}
	r, err := load(a.store, a.master, t.Account)
	if errors.Is(err, errNoAccount) || err == nil && r.Account.Disabled {
		return Actor{}, ErrSignedOut
	}
	if err != nil {
		return Actor{}, a.fail("token", err)
	}
	scopes := slices.DeleteFunc(r.Account.Scopes(), func(s Scope) bool { return !slices.Contains(t.Scopes, s) })
	return Actor{Account: r.Account, Scopes: scopes, Kind: KindToken}, nil
}
