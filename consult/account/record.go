package account

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

const (
	firstKey      = "v1/account-first"
	accountPrefix = "v1/account/"
	unitPrefix    = "v1/unit/"
)

func accountKey(id consult.AccountID) string { return accountPrefix + string(id) }
func signInKey(hash string) string           { return "v1/sign-in/" + hash }
func unitKey(id consult.UnitID) string       { return unitPrefix + string(id) }
func memberPrefix(of consult.UnitID) string  { return "v1/unit-member/" + string(of) + "/" }

func memberKey(of consult.UnitID, id consult.AccountID) string { return memberPrefix(of) + string(id) }

func delegationPrefix(secretary consult.AccountID) string {
	return "v1/delegation/" + string(secretary) + "/"
}

func delegationKey(secretary, practitioner consult.AccountID) string {
	return delegationPrefix(secretary) + string(practitioner)
}

// record is an account with the references to what must go when it is too much, or no longer good.
type record struct {
	Account Account             `json:"account"`
	Tickets []consult.TicketRef `json:"tickets,omitempty"`  // sign-in links that were not used
	SignIns []consult.TicketRef `json:"sign_ins,omitempty"` // browsers, oldest first
	key     *consult.DataKey
	wrapped []byte
}

// signIn is a signed-in browser. Its key is the hash of the cookie.
type signIn struct {
	Account   consult.AccountID `json:"account"`
	CreatedAt time.Time         `json:"created_at"`
	ExpiresAt time.Time         `json:"expires_at"`
}

type sealedRecord struct {
	Version int    `json:"v"`
	Key     []byte `json:"key"`
	Sealed  []byte `json:"sealed"`
}

// Version 1 knew one role, practitioner, and nobody but the first account, which now is the operator's too.
const recordVersion = 2

func newRecord(master *consult.Keyring, a Account) *record {
	r := &record{Account: a}
	r.wrapped, r.key = master.NewDataKey(accountKey(a.ID))
	return r
}

func (r *record) put(tx kv.Txn) error {
	plain, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("account: encode %s: %w", r.Account.ID, err)
	}
	key := accountKey(r.Account.ID)
	value, err := json.Marshal(sealedRecord{recordVersion, r.wrapped, r.key.Seal(key, plain)})
	if err != nil {
		return fmt.Errorf("account: encode %s: %w", r.Account.ID, err)
	}
	return tx.Put(key, value)
}

// load gives errNoAccount when there is no such account.
func load(from consult.Getter, master *consult.Keyring, id consult.AccountID) (*record, error) {
	if id == "" {
		return nil, errNoAccount
	}
	entry, err := from.Get(accountKey(id))
	if errors.Is(err, kv.ErrNotFound) || errors.Is(err, kv.ErrBadKey) {
		return nil, errNoAccount
	}
	if err != nil {
		return nil, err
	}
	var stored sealedRecord
	if err := json.Unmarshal(entry.Value, &stored); err != nil {
		return nil, fmt.Errorf("account: decode %s: %w", id, err)
	}
	if stored.Version != 1 && stored.Version != recordVersion {
		return nil, fmt.Errorf("account: %s has version %d, want %d", id, stored.Version, recordVersion)
	}
	key, err := master.OpenDataKey(entry.Key, stored.Key)
	if err != nil {
		return nil, fmt.Errorf("account: key of %s: %w", id, err)
	}
	plain, err := key.Open(entry.Key, stored.Sealed)
	if err != nil {
		return nil, fmt.Errorf("account: open %s: %w", id, err)
	}
	r := &record{key: key, wrapped: stored.Key}
	if err := json.Unmarshal(plain, r); err != nil {
		return nil, fmt.Errorf("account: decode %s: %w", id, err)
	}
	if stored.Version == 1 {
		r.Account.Roles = firstRoles()
	}
	return r, nil
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
