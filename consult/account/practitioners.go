package account

import (
	"cmp"
	"slices"
	"strings"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// MayBeBooked reports whether an account can be given appointments: it is a practitioner's who may sign in. It is quick: one look-up.
func (a *Accounts) MayBeBooked(id consult.AccountID) (bool, error) {
	who, err := a.Account(id)
	if consult.CodeOf(err) == consult.CodeNotFound {
		return false, nil
	}
	return err == nil && who.Has(RolePractitioner) && !who.Disabled, err
}

// MayAttend reports whether an account can be booked besides the practitioner: it is a practitioner's or an interpreter's who may sign in.
func (a *Accounts) MayAttend(id consult.AccountID) (bool, error) {
	who, err := a.Account(id)
	if consult.CodeOf(err) == consult.CodeNotFound {
		return false, nil
	}
	return err == nil && (who.Has(RolePractitioner) || who.Has(RoleInterpreter)) && !who.Disabled, err
}

// Practitioners returns those who can be given a consultation: the practice's practitioners who may sign in, by name.
func (a *Accounts) Practitioners() ([]Account, error) {
	var found []Account
	for from := ""; ; {
		entries, err := a.store.Range(accountPrefix, from, kv.MaxRange)
		if err != nil {
			return nil, a.fail("practitioners", err)
		}
		for _, entry := range entries {
			r, err := load(a.store, a.master, consult.AccountID(strings.TrimPrefix(entry.Key, accountPrefix)))
			if err != nil {
				return nil, a.fail("practitioners", err)
			}
			if r.Account.Has(RolePractitioner) && !r.Account.Disabled {
				found = append(found, r.Account)
			}
			from = kv.After(entry.Key)
		}
		if len(entries) < kv.MaxRange {
			break
		}
	}
	slices.SortFunc(found, func(x, y Account) int {
		return cmp.Or(strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)), cmp.Compare(x.ID, y.ID))
	})
	return found, nil
}
