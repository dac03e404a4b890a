package account

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Unit is a part of the practice: people who work together. It is a value.
type Unit struct {
	ID             consult.UnitID `json:"id"`
	Name           string         `json:"name"`
	SharesPatients bool           `json:"shares_patients"` // its practitioners and secretaries act for each of its practitioners
}

// maxUnits bounds the units of a practice, and those of an account, so that a change of either fits into a transaction.
const (
	maxUnits          = 500
	maxUnitsOfAccount = 10
	maxDelegates      = 20
)

// Units returns the units of the practice, by name.
func (a *Accounts) Units() ([]Unit, error) {
	entries, err := a.store.Range(unitPrefix, "", maxUnits)
	if err != nil {
		return nil, a.fail("units", err)
	}
	units := make([]Unit, len(entries))
	for i, entry := range entries {
		if err := json.Unmarshal(entry.Value, &units[i]); err != nil {
			return nil, a.fail("units", fmt.Errorf("account: decode %s: %w", entry.Key, err))
		}
	}
	slices.SortFunc(units, func(x, y Unit) int { return strings.Compare(x.Name, y.Name) })
	return units, nil
}

// CreateUnit makes a unit without members.
func (a *Accounts) CreateUnit(name string, sharesPatients bool) (Unit, error) {
	name, err := consult.CleanName(name)
	if err != nil {
		return Unit{}, err
	}
	known, err := a.Units()
	if err != nil {
		return Unit{}, err
	}
	if len(known) >= maxUnits {
		return Unit{}, errTooManyUnits
	}
	u := Unit{ID: consult.NewUnitID(), Name: name, SharesPatients: sharesPatients}
	if err := a.store.Update(func(tx kv.Txn) error { return putUnit(tx, u) }); err != nil {
		return Unit{}, a.fail("create unit", err)
	}
	return u, nil
}

// ChangeUnit gives the unit another name, and says anew whether it shares its patients.
func (a *Accounts) ChangeUnit(id consult.UnitID, name string, sharesPatients bool) (Unit, error) {
	name, err := consult.CleanName(name)
	if err != nil {
		return Unit{}, err
	}
	u := Unit{ID: id, Name: name, SharesPatients: sharesPatients}
	err = a.store.Update(func(tx kv.Txn) error {
		if _, err := loadUnit(tx, id); err != nil {
			return err
		}
		return putUnit(tx, u)
	})
	if err != nil {
		return Unit{}, a.fail("change unit", err)
	}
	return u, nil
}

// SetUnits says to which units an account belongs.
func (a *Accounts) SetUnits(id consult.AccountID, units []consult.UnitID) (Account, error) {
	if len(units) > maxUnitsOfAccount {
		return Account{}, errTooManyUnits
	}
	return a.changed("units", id, func(tx kv.Txn, r *record) error { return setUnits(tx, r, units) })
}

// setUnits writes the membership into the account and into the index of each unit. At most 4 operations a unit.
func setUnits(tx kv.Txn, r *record, units []consult.UnitID) error {
	units = slices.Clone(units)
	slices.Sort(units)
	units = slices.Compact(units)
	for _, unit := range r.Account.Units {
		if err := tx.Delete(memberKey(unit, r.Account.ID)); err != nil {
			return err
		}
	}
	for _, unit := range units {
		if _, err := loadUnit(tx, unit); err != nil {
			return err
		}
		if err := tx.Put(memberKey(unit, r.Account.ID), []byte{}); err != nil {
			return err
		}
	}
	r.Account.Units = units
	return nil
}

// Delegate says which secretaries act for this practitioner. An empty list takes the right back from all.
func (a *Accounts) Delegate(practitioner consult.AccountID, to []consult.AccountID) (Account, error) {
	to = slices.Clone(to)
	slices.Sort(to)
	to = slices.Compact(to)
	if len(to) > maxDelegates {
		return Account{}, errDelegate
	}
	return a.changed("delegate", practitioner, func(tx kv.Txn, r *record) error {
		if !r.Account.Has(RolePractitioner) {
			return errDelegate
		}
		for _, secretary := range r.Account.Delegates {
			if err := tx.Delete(delegationKey(secretary, practitioner)); err != nil {
				return err
			}
		}
		for _, secretary := range to {
			s, err := load(tx, a.master, secretary)
			if err != nil {
				return err
			}
			if !s.Account.Has(RoleSecretary) || s.Account.Disabled {
				return errDelegate
			}
			if err := tx.Put(delegationKey(secretary, practitioner), []byte{}); err != nil {
				return err
			}
		}
		r.Account.Delegates = to
		return nil
	})
}

// delegators returns the practitioners who delegated to this secretary.
func (a *Accounts) delegators(secretary consult.AccountID) ([]consult.AccountID, error) {
	return a.lastParts(delegationPrefix(secretary))
}

// colleagues returns the practitioners of those of the account's units that share their patients.
func (a *Accounts) colleagues(of Account) ([]consult.AccountID, error) {
	var found []consult.AccountID
	for _, id := range of.Units {
		unit, err := loadUnit(a.store, id)
		if err != nil {
			return nil, err
		}
		if !unit.SharesPatients {
			continue
		}
		members, err := a.lastParts(memberPrefix(id))
		if err != nil {
			return nil, err
		}
		for _, member := range members {
			r, err := load(a.store, a.master, member)
			if err != nil {
				return nil, err
			}
			if r.Account.Has(RolePractitioner) {
				found = append(found, member)
			}
		}
	}
	return found, nil
}

// lastParts returns the account ids that the keys under prefix end with.
func (a *Accounts) lastParts(prefix string) ([]consult.AccountID, error) {
	entries, err := a.store.Range(prefix, "", kv.MaxRange)
	if err != nil {
		return nil, err
	}
	ids := make([]consult.AccountID, len(entries))
	for i, entry := range entries {
		ids[i] = consult.AccountID(strings.TrimPrefix(entry.Key, prefix))
	}
	return ids, nil
}

func putUnit(tx kv.Txn, u Unit) error {
	value, err := json.Marshal(u)
	if err != nil {
		return fmt.Errorf("account: encode %s: %w", u.ID, err)
	}
	return tx.Put(unitKey(u.ID), value)
}

// loadUnit gives errUnit when there is no such unit.
func loadUnit(from consult.Getter, id consult.UnitID) (Unit, error) {
	entry, err := from.Get(unitKey(id))
	if errors.Is(err, kv.ErrNotFound) || errors.Is(err, kv.ErrBadKey) {
		return Unit{}, errUnit
	}
	if err != nil {
		return Unit{}, err
	}
	var u Unit
	if err := json.Unmarshal(entry.Value, &u); err != nil {
		return Unit{}, fmt.Errorf("account: decode %s: %w", id, err)
	}
	return u, nil
}
