package api

import (
	"context"
	"net/http"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
)

// signingIn is the area of one's own account.
func (a *api) signingIn() []operation {
	return []operation{
		op(http.MethodPost, "/sign-in", "sign-in", "Use a sign-in link up", http.StatusOK, public, a.signIn),
		op(http.MethodPost, "/sign-out", "sign-out", "Sign this browser out", http.StatusNoContent, public, a.signOut),
		op(http.MethodGet, "/me", "me", "Who is signed in", http.StatusOK, signedIn, a.me),
		op(http.MethodPatch, "/me", "change-me", "Change the own name", http.StatusOK, inPerson, a.changeMe),
	}
}

type (
	signInBody struct {
		Ticket string `json:"ticket" maxLength:"100" doc:"From the one-time sign-in link."`
	}
	meBody struct {
		ID     consult.AccountID `json:"id"`
		Name   string            `json:"name" doc:"Empty until it is said."`
		Roles  []account.Role    `json:"roles"`
		Scopes []account.Scope   `json:"scopes" doc:"What this account may do."`
	}
	nameBody struct {
		Name string `json:"name" maxLength:"400" doc:"1 to 100 characters."`
	}
	signedInOutput struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
		Body      meBody
	}
	signedOutOutput struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
	}
)

func (a *api) signIn(ctx context.Context, in *bodyOf[signInBody]) (*signedInOutput, error) {
	from := callerOf(ctx)
	cookie, who, err := a.Accounts.SignIn(ctx, in.Body.Ticket, from.from)
	if err != nil {
		return nil, err
	}
	// The browser's earlier sign-in ends here, so that no cookie from before is worth anything after.
	if err := a.Accounts.SignOut(from.cookie); err != nil {
		return nil, err
	}
	return &signedInOutput{*signInCookie(cookie, a.Accounts.SignInLifetime(), a.Secure), meOf(who)}, nil
}

func (a *api) signOut(ctx context.Context, _ *noInput) (*signedOutOutput, error) {
	if err := a.Accounts.SignOut(callerOf(ctx).cookie); err != nil {
		return nil, err
	}
	return &signedOutOutput{*noCookie(a.Secure)}, nil
}

func (a *api) me(ctx context.Context, _ *struct{}) (*bodyOf[meBody], error) {
	return &bodyOf[meBody]{meOf(a.actor(ctx).Account)}, nil
}

func (a *api) changeMe(ctx context.Context, in *bodyOf[nameBody]) (*bodyOf[meBody], error) {
	who, err := a.Accounts.SetName(a.actor(ctx).Account.ID, in.Body.Name)
	if err != nil {
		return nil, err
	}
	return &bodyOf[meBody]{meOf(who)}, nil
}

func meOf(who account.Account) meBody { return meBody{who.ID, who.Name, who.Roles, who.Scopes()} }
