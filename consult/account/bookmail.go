package account

import (
	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// SetBookMail says whether this account wishes a mail when its appointment book changes. Off unless somebody says so: each mail leaves the
// house, and who works with the book here does not need it.
func (a *Accounts) SetBookMail(id consult.AccountID, wished bool) (Account, error) {
	return a.changed("book mail", id, func(_ kv.Txn, r *record) error {
		r.Account.BookMail = wished
		return nil
	})
}

// BookContact is where the account wishes to be told what changes in its appointment book; the zero Contact: nowhere.
func (a *Accounts) BookContact(id consult.AccountID) (consult.Contact, error) {
	who, err := a.Account(id)
	if consult.CodeOf(err) == consult.CodeNotFound || (err == nil && (!who.BookMail || who.Mail == "" || who.Disabled)) {
		return consult.Contact{}, nil
	}
	return consult.Contact{Mail: who.Mail, Reach: consult.ReachMail}, err
}
