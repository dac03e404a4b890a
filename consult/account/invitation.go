package account

import (
	"context"
	"errors"
	"net/netip"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Invited is what Invite made.
type Invited struct {
	Account Account
	Secret  string // of the link, to hand over
	Sent    bool   // by mail
}

// NewAccount is what is said of somebody who is invited.
type NewAccount struct {
	Name      string
	Mail      string // "": the link is handed over
	Language  string // of the invitation, BCP 47; "": the practice's
	Roles     []Role
	Units     []consult.UnitID
	Languages []string // an interpreter's
}

// Invite makes an account and a link with which its person chooses how to sign in. The link goes by mail when there is an address and a
// mail server, and is returned in any case.
func (a *Accounts) Invite(by Account, n NewAccount) (Invited, error) {
	name, err := consult.CleanName(n.Name)
	if err != nil {
		return Invited{}, err
	}
	roles, err := cleanRoles(n.Roles)
	if err != nil {
		return Invited{}, err
	}
	mail, err := consult.CleanMail(n.Mail)
	if err != nil {
		return Invited{}, err
	}
	languages, err := cleanLanguages(n.Languages)
	if err != nil {
		return Invited{}, err
	}
	if len(n.Units) > maxUnitsOfAccount {
		return Invited{}, errTooManyUnits
	}
	made := Invited{Secret: consult.NewSecret()}
	err = a.store.Update(func(tx kv.Txn) (err error) {
		r := a.newRecord(name, roles)
		r.Account.Languages = languages
		if err := a.setMail(tx, r, mail); err != nil {
			return err
		}
		if err := setUnits(tx, r, n.Units); err != nil {
			return err
		}
		if made.Sent, err = a.issueInvitation(tx, r, by, made.Secret, n.Language); err != nil {
			return err
		}
		made.Account = r.Account
		return r.put(tx)
	})
	if err != nil {
		return Invited{}, a.fail("invite", err)
	}
	a.log.Info("invited", "account", made.Account.ID, "by", by.ID)
	return made, nil
}

// InviteAgain makes a fresh invitation for an account whose person did not choose how to sign in yet. For one who did, who may have
// lost everything, it is a sign-in link's turn: NewSignInLink.
func (a *Accounts) InviteAgain(by Account, id consult.AccountID, language string) (Invited, error) {
	made := Invited{Secret: consult.NewSecret()}
	who, err := a.changed("invite again", id, func(tx kv.Txn, r *record) (err error) {
		if r.hasMeans() || r.Account.Disabled {
			return errInvited
		}
		made.Sent, err = a.issueInvitation(tx, r, by, made.Secret, language)
		return err
	})
	made.Account = who
	if err != nil {
		return Invited{}, err
	}
	return made, nil
}

// issueInvitation writes the ticket, and the notice when it can be sent. At most 13 operations.
func (a *Accounts) issueInvitation(tx kv.Txn, r *record, by Account, secret, language string) (sent bool, err error) {
	now := a.clock()
	ticket := consult.Ticket{Purpose: consult.PurposeInvitation, Subject: string(r.Account.ID), ExpiresAt: now.Add(a.cfg.InvitationLifetime)}
	if r.Invitations, err = consult.IssueTicket(tx, secret, ticket, r.Invitations, now); err != nil {
		return false, err
	}
	if a.outbox == nil || r.Account.Mail == "" {
		return false, nil
	}
	err = a.outbox.Put(tx, consult.Notice{
		Kind: consult.NoticeAccountInvitation, Owner: by.ID, To: consult.Contact{Mail: r.Account.Mail, Reach: consult.ReachMail},
		Name: r.Account.Name, Language: language, Secret: secret, Urgent: true,
	})
	if errors.Is(err, consult.ErrUnreachable) {
		return false, nil
	}
	return err == nil, err
}

// PeekInvitation returns the account that an invitation is for, and changes nothing. Whatever is wrong with the link, the answer
// is consult.ErrBadTicket.
func (a *Accounts) PeekInvitation(ctx context.Context, secret string, from netip.Addr) (Account, error) {
	return a.peek(ctx, secret, consult.PurposeInvitation, from)
}

// Choice is how somebody who was invited wants to sign in from now on: exactly one of the two.
type Choice struct {
	Name     string // their own, when the invitation had it wrong; "": as it is
	Password *NewPassword
	Passkey  *NewPasskey
}

// NewPasskey is what a browser made with PasskeyForAccount.
type NewPasskey struct {
	Name   string
	Step   string
	Answer []byte
}

// Accept uses an invitation up: the account gets what its person chose, the browser is signed in, and the recovery codes are returned,
// once.
func (a *Accounts) Accept(ctx context.Context, secret string, c Choice, by Visitor) (cookie string, who Account, codes []string, err error) {
	invited, err := a.PeekInvitation(ctx, secret, by.From)
	if err != nil {
		return "", Account{}, nil, err
	}
	if c.Name != "" {
		if c.Name, err = consult.CleanName(c.Name); err != nil {
			return "", Account{}, nil, err
		}
	}
	set, err := a.prepareChoice(ctx, invited, c)
	if err != nil {
		return "", Account{}, nil, err
	}
	means := MeansPasskey
	if c.Password != nil {
		means = MeansPassword
	}
	cookie, who, err = a.signIn(ctx, by, means, func(tx kv.Txn) (*record, error) {
		r, err := a.acceptIn(tx, secret)
		if err != nil {
			return nil, err
		}
		if c.Name != "" {
			r.Account.Name = c.Name
		}
		if err := set(tx, r); err != nil {
			return nil, err
		}
		codes, err = a.firstCodes(tx, r)
		return r, err
	})
	return cookie, who, codes, err
}

func (a *Accounts) prepareChoice(ctx context.Context, who Account, c Choice) (func(kv.Txn, *record) error, error) {
	switch {
	case c.Password != nil && c.Passkey == nil:
		return a.preparePassword(ctx, who, *c.Password)
	case c.Passkey != nil && c.Password == nil:
		return func(_ kv.Txn, r *record) error {
			return a.addPasskey(r, newPasskey{c.Passkey.Name, c.Passkey.Step, c.Passkey.Answer})
		}, nil
	default:
		return nil, errChoice
	}
}

// acceptIn uses all invitations of the account up. At most 8 operations.
func (a *Accounts) acceptIn(tx kv.Txn, secret string) (*record, error) {
	r, err := a.subjectOf(tx, secret, consult.PurposeInvitation)
	if err != nil {
		return nil, err
	}
	for _, ref := range r.Invitations {
		if err := consult.RevokeTicket(tx, ref.Hash); err != nil {
			return nil, err
		}
	}
	r.Invitations = nil
	return r, nil
}

func cleanLanguages(tags []string) ([]string, error) {
	var clean []string
	for _, tag := range tags {
		tag, err := consult.CleanLanguage(tag)
		if err != nil {
			return nil, err
		}
		if tag != "" {
			clean = append(clean, tag)
		}
	}
	if len(clean) > maxLanguages {
		return nil, errTooMany
	}
	return clean, nil
}

const maxLanguages = 20

var (
	errInvited error = &consult.Error{Code: consult.CodeConflict, Message: "This account is set up already: make a sign-in link instead."}
	errChoice  error = &consult.Error{Code: consult.CodeBadMessage, Message: "Choose a passkey or a password."}
)
