package account

import (
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Member is an account as its operator sees it.
type Member struct {
	Account
	SeenAt time.Time // signed in last; zero: never
	SetUp  bool      // has a way to sign in of their own
}

// Members returns all accounts, by name.
func (a *Accounts) Members() ([]Member, error) {
	var members []Member
	for from := ""; ; {
		entries, err := a.store.Range(accountPrefix, from, kv.MaxRange)
		if err != nil {
			return nil, a.fail("members", err)
		}
		for _, entry := range entries {
			r, err := decodeRecord(a.master, entry)
			if err != nil {
				return nil, a.fail("members", err)
			}
			members = append(members, Member{r.Account, r.SeenAt, r.hasMeans()})
			from = kv.After(entry.Key)
		}
		if len(entries) < kv.MaxRange {
			break
		}
	}
	slices.SortStableFunc(members, func(x, y Member) int { return strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)) })
	return members, nil
}

// Change is what an operator changes of an account; nil leaves it as it is.
type Change struct {
	Name      *string
	Mail      *string
	Roles     *[]Role
	Units     *[]consult.UnitID
	Languages *[]string
	Disabled  *bool
}

// Update changes an account. Who loses or gains a role, or is disabled, is signed out everywhere: what a browser may do was decided when it
// signed in. One operator always stays.
func (a *Accounts) Update(id consult.AccountID, c Change) (Account, error) {
	if err := c.clean(); err != nil {
		return Account{}, err
	}
	after, err := a.changed("update", id, func(tx kv.Txn, r *record) error {
		wasOperator := r.Account.Has(RoleOperator) && !r.Account.Disabled
		end := c.Roles != nil && !slices.Equal(*c.Roles, r.Account.Roles) || c.Disabled != nil && *c.Disabled
		if err := a.apply(tx, r, c); err != nil {
			return err
		}
		if wasOperator && (r.Account.Disabled || !r.Account.Has(RoleOperator)) {
			if err := a.anotherOperator(tx, id); err != nil {
				return err
			}
		}
		if end {
			return endSignIns(tx, r)
		}
		return nil
	})
	if err == nil {
		a.log.Info("account changed", "account", id)
	}
	return after, err
}

func (c *Change) clean() (err error) {
	if c.Name != nil {
		var name string
		if name, err = consult.CleanName(*c.Name); err != nil {
			return err
		}
		c.Name = &name
	}
	if c.Mail != nil {
		var mail string
		if mail, err = consult.CleanMail(*c.Mail); err != nil {
			return err
		}
		c.Mail = &mail
	}
	if c.Roles != nil {
		var roles []Role
		if roles, err = cleanRoles(*c.Roles); err != nil {
			return err
		}
		c.Roles = &roles
	}
	if c.Languages != nil {
		var languages []string
		if languages, err = cleanLanguages(*c.Languages); err != nil {
			return err
		}
		c.Languages = &languages
	}
	if c.Units != nil && len(*c.Units) > maxUnitsOfAccount {
		return errTooManyUnits
	}
	return nil
}

// apply writes the change into the record and its indexes.
func (a *Accounts) apply(tx kv.Txn, r *record, c Change) error {
	if c.Name != nil {
		r.Account.Name = *c.Name
	}
	if c.Mail != nil {
		if *c.Mail == "" && r.Password != "" {
			return errMail
		}
		if err := a.setMail(tx, r, *c.Mail); err != nil {
			return err
		}
	}
	if c.Roles != nil {
		r.Account.Roles = *c.Roles
		if !r.Account.Has(RolePractitioner) {
			if err := undelegate(tx, r); err != nil {
				return err
			}
		}
	}
	if c.Units != nil {
		if err := setUnits(tx, r, *c.Units); err != nil {
			return err
		}
	}
	if c.Languages != nil {
		r.Account.Languages = *c.Languages
	}
	if c.Disabled != nil {
		r.Account.Disabled = *c.Disabled
	}
	return nil
}

// undelegate takes back what a practitioner who is none any more delegated.
func undelegate(tx kv.Txn, r *record) error {
	for _, secretary := range r.Account.Delegates {
		if err := tx.Delete(delegationKey(secretary, r.Account.ID)); err != nil {
			return err
		}
	}
	r.Account.Delegates = nil
	return nil
}

// anotherOperator fails when there is no operator besides this account: then nobody could make one.
func (a *Accounts) anotherOperator(tx kv.Txn, than consult.AccountID) error {
	entries, err := tx.Range(accountPrefix, "", kv.MaxRange)
	if err != nil {
		return err
	}
	for _, entry := range entries {
		r, err := decodeRecord(a.master, entry)
		if err != nil {
			return err
		}
		if r.Account.ID != than && r.Account.Has(RoleOperator) && !r.Account.Disabled {
			return nil
		}
	}
	return errLastOperator
}

var errLastOperator error = &consult.Error{Code: CodeLastOperator, Message: "This is the last operator: make another one first."}

// Find returns the account with this id, mail address or name, or an error of code not-found. It is for who operates the server: it reads
// all accounts.
func (a *Accounts) Find(who string) (Account, error) {
	members, err := a.Members()
	if err != nil {
		return Account{}, err
	}
	var found []Account
	for _, m := range members {
		if string(m.ID) == who || who != "" && (strings.EqualFold(m.Mail, who) || strings.EqualFold(m.Name, who)) {
			found = append(found, m.Account)
		}
	}
	switch len(found) {
	case 0:
		return Account{}, errNoAccount
	case 1:
		return found[0], nil
	default:
		return Account{}, errAmbiguous
	}
}

var errAmbiguous error = &consult.Error{Code: consult.CodeConflict, Message: "Several accounts have this name: give the id."}
