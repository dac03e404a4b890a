package account

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

const (
	firstKey      = "v1/account-first"
	secretsKey    = "v1/account-secrets"
	accountPrefix = "v1/account/"
	unitPrefix    = "v1/unit/"
)

func accountKey(id consult.AccountID) string { return accountPrefix + string(id) }
func signInKey(hash string) string           { return "v1/sign-in/" + hash }
func mailKey(mark string) string             { return "v1/account-mail/" + mark }
func recoveryKey(mark string) string         { return "v1/recovery/" + mark }
func subjectKey(mark string) string          { return "v1/account-subject/" + mark }
func tokenKey(hash string) string            { return "v1/api-token/" + hash }
func unitKey(id consult.UnitID) string       { return unitPrefix + string(id) }
func memberPrefix(of consult.UnitID) string  { return "v1/unit-member/" + string(of) + "/" }

func memberKey(of consult.UnitID, id consult.AccountID) string { return memberPrefix(of) + string(id) }

func delegationPrefix(secretary consult.AccountID) string {
	return "v1/delegation/" + string(secretary) + "/"
}

func delegationKey(secretary, practitioner consult.AccountID) string {
	return delegationPrefix(secretary) + string(practitioner)
}

// record is an account with all that signs it in, and the references to what must go when it is too much, or no longer good.
type record struct {
	Account     Account             `json:"account"`
	Tickets     []consult.TicketRef `json:"tickets,omitempty"`     // sign-in links that were not used
	Invitations []consult.TicketRef `json:"invitations,omitempty"` // that were not accepted
	SignIns     []signInRef         `json:"sign_ins,omitempty"`    // browsers, oldest first
	SeenAt      time.Time           `json:"seen_at,omitzero"`      // signed in last

	Password string        `json:"password,omitempty"` // hash; never without Codes
	Codes    *oneTimeCodes `json:"codes,omitempty"`
	Passkeys []passkey     `json:"passkeys,omitempty"`
	Subjects []subject     `json:"subjects,omitempty"` // at identity providers
	Recovery []string      `json:"recovery,omitempty"` // marks of the codes that are left
	Tokens   []tokenRef    `json:"tokens,omitempty"`

	Calendars calendarsOf `json:"calendars,omitzero"` // how appointments go into calendar programs

	key     *consult.DataKey
	wrapped []byte
}

type passkey struct {
	ID         string              `json:"id"` // for the list
	Name       string              `json:"name"`
	CreatedAt  time.Time           `json:"created_at"`
	UsedAt     time.Time           `json:"used_at,omitzero"`
	Credential webauthn.Credential `json:"credential"`
}

// subject is who an identity provider says that somebody is.
type subject struct {
	Provider  string    `json:"provider"` // id in the configuration
	Mark      string    `json:"mark"`     // of issuer and subject
	CreatedAt time.Time `json:"created_at"`
}

type signInRef struct {
	Hash      string    `json:"hash"`
	ID        string    `json:"id"`
	Means     Means     `json:"means"`
	Browser   string    `json:"browser,omitempty"` // "Firefox, Linux"
	CreatedAt time.Time `json:"created_at,omitzero"`
	ExpiresAt time.Time `json:"expires_at"`
}

type tokenRef struct {
	Hash      string    `json:"hash"`
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Scopes    []Scope   `json:"scopes"`
	CreatedAt time.Time `json:"created_at"`
	ExpiresAt time.Time `json:"expires_at"`
}

// hasMeans reports whether the account can sign in again without a link from the operator. Then its idle browsers lock.
func (r *record) hasMeans() bool {
	return r.Password != "" || len(r.Passkeys) > 0 || len(r.Subjects) > 0
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
	return decodeRecord(master, entry)
}

// known is what every request asks of an account, without anything that signs in.
type known struct {
	Account   Account
	hasMeans  bool
	calendars calendarsOf // not to be written into
}

// maxLately is how many bytes of accounts are kept opened: some hundreds of them.
const maxLately = 2 << 20

// known returns what is asked of an account that is not going to be changed, or errNoAccount.
func (a *Accounts) known(id consult.AccountID) (known, error) {
	if id == "" {
		return known{}, errNoAccount
	}
	k, err := a.lately.Load(a.store, accountKey(id), func(entry kv.Entry) (known, error) {
		r, err := decodeRecord(a.master, entry)
		if err != nil {
			return known{}, err
		}
		return known{r.Account, r.hasMeans(), r.Calendars}, nil
	})
	if errors.Is(err, kv.ErrNotFound) || errors.Is(err, kv.ErrBadKey) {
		return known{}, errNoAccount
	}
	if err != nil {
		return known{}, err
	}
	who := &k.Account // the caller's own
	who.Roles, who.Units = slices.Clone(who.Roles), slices.Clone(who.Units)
	who.Delegates, who.Languages = slices.Clone(who.Delegates), slices.Clone(who.Languages)
	return k, nil
}

func decodeRecord(master *consult.Keyring, entry kv.Entry) (*record, error) {
	var stored sealedRecord
	if err := json.Unmarshal(entry.Value, &stored); err != nil {
		return nil, fmt.Errorf("account: decode %s: %w", entry.Key, err)
	}
	if stored.Version != 1 && stored.Version != recordVersion {
		return nil, fmt.Errorf("account: %s has version %d, want %d", entry.Key, stored.Version, recordVersion)
	}
	key, err := master.OpenDataKey(entry.Key, stored.Key)
	if err != nil {
		return nil, fmt.Errorf("account: key of %s: %w", entry.Key, err)
	}
	plain, err := key.Open(entry.Key, stored.Sealed)
	if err != nil {
		return nil, fmt.Errorf("account: open %s: %w", entry.Key, err)
	}
	r := &record{key: key, wrapped: stored.Key}
	if err := json.Unmarshal(plain, r); err != nil {
		return nil, fmt.Errorf("account: decode %s: %w", entry.Key, err)
	}
	if stored.Version == 1 {
		r.Account.Roles = firstRoles()
	}
	return r, nil
}
