package api

import (
	"context"
	"net/http"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
)

// team is the area of the practice's accounts, units and delegation.
func (a *api) team() []operation {
	const read, write = account.ScopeAccountsRead, account.ScopeAccountsWrite
	return []operation{
		op(http.MethodGet, "/accounts", "accounts", "Who works here", http.StatusOK, read, a.accounts),
		op(http.MethodPost, "/accounts", "invite-account", "Invite somebody to work here", http.StatusCreated, write, a.inviteAccount).freshly(),
		op(http.MethodPatch, "/accounts/{id}", "change-account", "Change an account", http.StatusOK, write, a.changeAccount).freshly(),
		op(http.MethodPost, "/accounts/{id}/link", "account-link", "Make a fresh invitation, or a sign-in link for who lost everything", http.StatusCreated, write, a.accountLink).freshly(),
		op(http.MethodGet, "/units", "units", "The units of the practice", http.StatusOK, read, a.units),
		op(http.MethodPost, "/units", "create-unit", "Make a unit", http.StatusCreated, write, a.createUnit),
		op(http.MethodPatch, "/units/{id}", "change-unit", "Change a unit", http.StatusOK, write, a.changeUnit).freshly(),
		op(http.MethodPut, "/me/delegates", "delegate", "Say which secretaries act for this practitioner", http.StatusOK, inPerson, a.delegate),
	}
}

type (
	memberBody struct {
		ID        consult.AccountID `json:"id"`
		Name      string            `json:"name"`
		Roles     []account.Role    `json:"roles"`
		Units     []consult.UnitID  `json:"units"`
		Languages []string          `json:"languages" doc:"An interpreter's."`
		Mail      string            `json:"mail,omitempty" doc:"For operators."`
		Disabled  bool              `json:"disabled,omitempty" doc:"For operators: signs in no more."`
		SetUp     bool              `json:"set_up,omitempty" doc:"For operators: has a way to sign in of their own."`
		SeenAt    *time.Time        `json:"seen_at,omitempty" doc:"For operators: signed in last."`
	}
	membersBody struct {
		Accounts []memberBody `json:"accounts"`
	}
	inviteAccountBody struct {
		Name      string           `json:"name" maxLength:"400"`
		Mail      string           `json:"mail,omitempty" maxLength:"254" doc:"Left out: the link is handed over."`
		Language  string           `json:"language,omitempty" maxLength:"35" doc:"Of the invitation, as a BCP 47 tag."`
		Roles     []account.Role   `json:"roles" minItems:"1" maxItems:"4"`
		Units     []consult.UnitID `json:"units,omitempty" maxItems:"10"`
		Languages []string         `json:"languages,omitempty" maxItems:"20" doc:"An interpreter's."`
	}
	invitedToBody struct {
		Account memberBody `json:"account"`
		Link    string     `json:"link" doc:"For this person and nobody else. It cannot be shown again; a fresh one can be made."`
		Sent    bool       `json:"sent" doc:"It went by mail, too."`
	}
	changeAccountBody struct {
		Name      *string           `json:"name,omitempty" maxLength:"400"`
		Mail      *string           `json:"mail,omitempty" maxLength:"254"`
		Roles     *[]account.Role   `json:"roles,omitempty" maxItems:"4"`
		Units     *[]consult.UnitID `json:"units,omitempty" maxItems:"10"`
		Languages *[]string         `json:"languages,omitempty" maxItems:"20"`
		Disabled  *bool             `json:"disabled,omitempty"`
	}
	changeAccountInput struct {
		ID   consult.AccountID `path:"id" maxLength:"64"`
		Body changeAccountBody
	}
	accountLinkInput struct {
		ID   consult.AccountID `path:"id" maxLength:"64"`
		Body struct {
			Language string `json:"language,omitempty" maxLength:"35"`
		}
	}
	unitBody struct {
		ID             consult.UnitID `json:"id"`
		Name           string         `json:"name"`
		SharesPatients bool           `json:"shares_patients" doc:"Its practitioners and secretaries act for each of its practitioners."`
	}
	unitsBody struct {
		Units []unitBody `json:"units"`
	}
	newUnitBody struct {
		Name           string `json:"name" maxLength:"400"`
		SharesPatients bool   `json:"shares_patients,omitempty"`
	}
	changeUnitInput struct {
		ID   consult.UnitID `path:"id" maxLength:"64"`
		Body newUnitBody
	}
	delegateBody struct {
		Delegates []consult.AccountID `json:"delegates" maxItems:"20" doc:"All of them; an empty list takes the right back from all."`
	}
)

func (a *api) accounts(ctx context.Context, _ *struct{}) (*bodyOf[membersBody], error) {
	members, err := a.Accounts.Members()
	if err != nil {
		return nil, err
	}
	all := a.actor(ctx).Has(account.ScopeAccountsWrite)
	out := membersBody{[]memberBody{}}
	for _, m := range members {
		if all || !m.Disabled {
			out.Accounts = append(out.Accounts, memberOf(m, all))
		}
	}
	return &bodyOf[membersBody]{out}, nil
}

// memberOf tells an operator all, and a colleague who somebody is.
func memberOf(m account.Member, all bool) memberBody {
	body := memberBody{
		ID: m.ID, Name: m.Name, Roles: m.Roles, Units: append([]consult.UnitID{}, m.Units...), Languages: append([]string{}, m.Languages...),
	}
	if all {
		body.Mail, body.Disabled, body.SetUp, body.SeenAt = m.Mail, m.Disabled, m.SetUp, timeOrNil(m.SeenAt)
	}
	return body
}

func (a *api) inviteAccount(ctx context.Context, in *bodyOf[inviteAccountBody]) (*bodyOf[invitedToBody], error) {
	b := in.Body
	made, err := a.Accounts.Invite(a.actor(ctx).Account, account.NewAccount{
		Name: b.Name, Mail: b.Mail, Language: b.Language, Roles: b.Roles, Units: b.Units, Languages: b.Languages,
	})
	return bodyOrError(a.invitedTo(made), err)
}

func (a *api) invitedTo(made account.Invited) invitedToBody {
	return invitedToBody{memberOf(account.Member{Account: made.Account}, true), a.BaseURL() + consult.NoticeAccountInvitation.LinkPath() + made.Secret, made.Sent}
}

func (a *api) changeAccount(ctx context.Context, in *changeAccountInput) (*bodyOf[memberBody], error) {
	who, err := a.Accounts.Update(in.ID, account.Change(in.Body))
	return bodyOrError(memberOf(account.Member{Account: who}, true), err)
}

// accountLink makes an invitation for who never chose how to sign in, and a sign-in link for who did.
func (a *api) accountLink(ctx context.Context, in *accountLinkInput) (*bodyOf[invitedToBody], error) {
	means, err := a.Accounts.MeansOf(in.ID)
	if err != nil {
		return nil, err
	}
	if !means.Any() {
		made, err := a.Accounts.InviteAgain(a.actor(ctx).Account, in.ID, in.Body.Language)
		return bodyOrError(a.invitedTo(made), err)
	}
	who, err := a.Accounts.Account(in.ID)
	if err != nil {
		return nil, err
	}
	secret, err := a.Accounts.NewSignInLink(in.ID)
	if err != nil {
		return nil, err
	}
	a.Logger.Info("sign-in link made", "account", in.ID, "by", a.actor(ctx).Account.ID)
	return &bodyOf[invitedToBody]{invitedToBody{memberOf(account.Member{Account: who}, true), a.BaseURL() + "/sign-in/" + secret, false}}, nil
}

func (a *api) units(context.Context, *struct{}) (*bodyOf[unitsBody], error) {
	units, err := a.Accounts.Units()
	if err != nil {
		return nil, err
	}
	out := unitsBody{[]unitBody{}}
	for _, u := range units {
		out.Units = append(out.Units, unitBody(u))
	}
	return &bodyOf[unitsBody]{out}, nil
}

func (a *api) createUnit(_ context.Context, in *bodyOf[newUnitBody]) (*bodyOf[unitBody], error) {
	u, err := a.Accounts.CreateUnit(in.Body.Name, in.Body.SharesPatients)
	return bodyOrError(unitBody(u), err)
}

func (a *api) changeUnit(_ context.Context, in *changeUnitInput) (*bodyOf[unitBody], error) {
	u, err := a.Accounts.ChangeUnit(in.ID, in.Body.Name, in.Body.SharesPatients)
	return bodyOrError(unitBody(u), err)
}

func (a *api) delegate(ctx context.Context, in *bodyOf[delegateBody]) (*bodyOf[meBody], error) {
	actor := a.actor(ctx)
	who, err := a.Accounts.Delegate(actor.Account.ID, in.Body.Delegates)
	if err != nil {
		return nil, err
	}
	actor.Account = who
	return bodyOrError(a.meOf(actor))
}
