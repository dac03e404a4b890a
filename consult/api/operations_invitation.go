package api

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/colloque/colloque/consult/account"
)

// invitations is the area of who was invited and has no account's rights yet. The link's secret comes in the body: it is what allows.
func (a *api) invitations() []operation {
	return []operation{
		op(http.MethodPost, "/invitation", "invitation", "Whom an invitation is for", http.StatusOK, public, a.invitation),
		op(http.MethodPost, "/invitation/passkey/options", "invitation-passkey-options", "What to ask an authenticator for", http.StatusOK, public, a.invitationPasskeyOptions),
		op(http.MethodPost, "/invitation/codes", "invitation-codes", "A secret for an authenticator app", http.StatusOK, public, a.invitationCodes),
		op(http.MethodPost, "/invitation/accept", "accept", "Use an invitation up, and sign in", http.StatusOK, public, a.accept).taking(maxCredential),
	}
}

type (
	ticketBody struct {
		Ticket string `json:"ticket" maxLength:"100" doc:"From the invitation's link."`
	}
	invitedAccountBody struct {
		Name  string         `json:"name"`
		Mail  string         `json:"mail,omitempty"`
		Roles []account.Role `json:"roles"`
		Ways  waysBody       `json:"ways"`
	}
	codesOfferBody struct {
		Secret string `json:"secret" doc:"To type into the app."`
		URL    string `json:"url" doc:"To show as a QR code."`
		Step   string `json:"step" doc:"To be sent back with the first code."`
	}
	newPasskeyBody struct {
		Name       string          `json:"name" maxLength:"400" doc:"To know it again."`
		Step       string          `json:"step" maxLength:"8000"`
		Credential json.RawMessage `json:"credential" doc:"What navigator.credentials answered, in the JSON form of WebAuthn."`
	}
	newPasswordBody struct {
		Mail     string `json:"mail,omitempty" maxLength:"254" doc:"To sign in with; may be left out when there is one."`
		Password string `json:"password" maxLength:"1000" doc:"12 to 200 characters."`
		Step     string `json:"step,omitempty" maxLength:"8000" doc:"Left out to keep the app that is there."`
		Code     string `json:"code,omitempty" maxLength:"20" doc:"That the app shows."`
	}
	acceptBody struct {
		Ticket   string           `json:"ticket" maxLength:"100"`
		Name     string           `json:"name,omitempty" maxLength:"400" doc:"Left out: as the invitation says."`
		Passkey  *newPasskeyBody  `json:"passkey,omitempty"`
		Password *newPasswordBody `json:"password,omitempty"`
	}
	acceptedBody struct {
		Me    meBody   `json:"me"`
		Codes []string `json:"recovery_codes" doc:"To print: they cannot be shown again."`
	}
	acceptedOutput struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
		Body      acceptedBody
	}
)

func (a *api) peekInvitation(ctx context.Context, ticket string) (account.Account, error) {
	return a.Accounts.PeekInvitation(ctx, ticket, callerOf(ctx).from)
}

func (a *api) invitation(ctx context.Context, in *bodyOf[ticketBody]) (*bodyOf[invitedAccountBody], error) {
	who, err := a.peekInvitation(ctx, in.Body.Ticket)
	if err != nil {
		return nil, err
	}
	ways, err := a.ways(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &bodyOf[invitedAccountBody]{invitedAccountBody{who.Name, who.Mail, who.Roles, ways.Body}}, nil
}

func (a *api) invitationPasskeyOptions(ctx context.Context, in *bodyOf[ticketBody]) (*bodyOf[passkeyOptionsBody], error) {
	who, err := a.peekInvitation(ctx, in.Body.Ticket)
	if err != nil {
		return nil, err
	}
	return optionsOf(a.Accounts.PasskeyForAccount(who.ID))
}

func (a *api) invitationCodes(ctx context.Context, in *bodyOf[ticketBody]) (*bodyOf[codesOfferBody], error) {
	who, err := a.peekInvitation(ctx, in.Body.Ticket)
	if err != nil {
		return nil, err
	}
	return offerOf(a.Accounts.OfferCodes(who.ID))
}

func offerOf(o account.TOTPOffer, err error) (*bodyOf[codesOfferBody], error) {
	return bodyOrError(codesOfferBody(o), err)
}

func (a *api) accept(ctx context.Context, in *bodyOf[acceptBody]) (*acceptedOutput, error) {
	choice := account.Choice{Name: in.Body.Name}
	if p := in.Body.Passkey; p != nil {
		choice.Passkey = &account.NewPasskey{Name: p.Name, Step: p.Step, Answer: p.Credential}
	}
	if p := in.Body.Password; p != nil {
		choice.Password = &account.NewPassword{Mail: p.Mail, Password: p.Password, Step: p.Step, Code: p.Code}
	}
	cookie, _, codes, err := a.Accounts.Accept(ctx, in.Body.Ticket, choice, callerOf(ctx).visitor())
	signed, err := a.signedInNow(ctx, cookie, err)
	if err != nil {
		return nil, err
	}
	return &acceptedOutput{signed.SetCookie, acceptedBody{signed.Body, append([]string{}, codes...)}}, nil
}
