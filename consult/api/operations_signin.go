package api

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
)

// signingIn is the area of coming in, staying in and going out.
func (a *api) signingIn() []operation {
	return []operation{
		op(http.MethodGet, "/sign-in/ways", "sign-in-ways", "How people can sign in here", http.StatusOK, public, a.ways),
		op(http.MethodPost, "/sign-in", "sign-in", "Use a sign-in link up", http.StatusOK, public, a.signIn),
		op(http.MethodPost, "/sign-in/password", "sign-in-password", "Sign in with mail address, password and one-time code", http.StatusOK, public, a.signInPassword),
		op(http.MethodPost, "/sign-in/passkey/options", "sign-in-passkey-options", "What to ask an authenticator for", http.StatusOK, public, a.signInPasskeyOptions),
		op(http.MethodPost, "/sign-in/passkey", "sign-in-passkey", "Sign in with a passkey", http.StatusOK, public, a.signInPasskey).taking(maxCredential),
		op(http.MethodPost, "/sign-in/recovery", "sign-in-recovery", "Use a recovery code up", http.StatusOK, public, a.signInRecovery),
		op(http.MethodPost, "/sign-out", "sign-out", "Sign this browser out", http.StatusNoContent, public, a.signOut),
		op(http.MethodGet, "/me", "me", "Who is signed in", http.StatusOK, evenLocked, a.me),
		op(http.MethodPatch, "/me", "change-me", "Change the own name", http.StatusOK, inPerson, a.changeMe),
		op(http.MethodPost, "/me/here", "here", "Somebody is at this screen, or in a call: do not lock it", http.StatusNoContent, evenLocked, a.here),
		op(http.MethodPost, "/me/lock", "lock", "Lock this screen", http.StatusNoContent, inPerson, a.lock),
		op(http.MethodPost, "/me/confirm/password", "confirm-password", "Unlock with the password", http.StatusOK, evenLocked, a.confirmPassword),
		op(http.MethodPost, "/me/confirm/passkey/options", "confirm-passkey-options", "What to ask an authenticator for to unlock", http.StatusOK, evenLocked, a.confirmPasskeyOptions),
		op(http.MethodPost, "/me/confirm/passkey", "confirm-passkey", "Unlock with a passkey", http.StatusOK, evenLocked, a.confirmPasskey).taking(maxCredential),
		op(http.MethodGet, "/me/sign-ins", "sign-ins", "Where this account is signed in", http.StatusOK, inPerson, a.signIns),
		op(http.MethodDelete, "/me/sign-ins", "end-sign-ins", "Sign all other browsers out", http.StatusNoContent, inPerson, a.endSignIns),
		op(http.MethodDelete, "/me/sign-ins/{id}", "end-sign-in", "Sign one browser out", http.StatusNoContent, inPerson, a.endSignIn),
	}
}

// maxCredential is the size of what a browser sends of a passkey: attestations come with certificates.
const maxCredential = 32 << 10

type (
	waysBody struct {
		Passkeys  bool           `json:"passkeys" doc:"They need a name for the server."`
		Providers []providerBody `json:"providers" doc:"OpenID Connect; a visit begins at /provider/{id}."`
	}
	providerBody struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	}
	signInBody struct {
		Ticket string `json:"ticket" maxLength:"100" doc:"From the one-time sign-in link."`
	}
	passwordSignInBody struct {
		Mail     string `json:"mail" maxLength:"254"`
		Password string `json:"password" maxLength:"1000"`
		Code     string `json:"code" maxLength:"20" doc:"That the authenticator app shows."`
	}
	passkeyOptionsBody struct {
		Options json.RawMessage `json:"options" doc:"For navigator.credentials, in the JSON form of WebAuthn."`
		Step    string          `json:"step" doc:"To be sent back with the answer."`
	}
	passkeySignInBody struct {
		Step       string          `json:"step" maxLength:"8000"`
		Credential json.RawMessage `json:"credential" doc:"What navigator.credentials answered, in the JSON form of WebAuthn."`
	}
	recoveryBody struct {
		Code string `json:"code" maxLength:"100"`
	}
	confirmPasswordBody struct {
		Password string `json:"password" maxLength:"1000"`
	}
	meBody struct {
		ID          consult.AccountID   `json:"id"`
		Name        string              `json:"name" doc:"Empty until it is said."`
		Mail        string              `json:"mail,omitempty"`
		BookMail    bool                `json:"book_mail" doc:"Wishes a mail when their appointment book changes."`
		Roles       []account.Role      `json:"roles"`
		Scopes      []account.Scope     `json:"scopes" doc:"What may be done with this sign-in or token."`
		Units       []consult.UnitID    `json:"units"`
		Delegates   []consult.AccountID `json:"delegates" doc:"Secretaries who act for this practitioner."`
		ActsFor     []personBody        `json:"acts_for" doc:"The practitioners on whose behalf this account may do something."`
		HasMeans    bool                `json:"has_means" doc:"Can sign in again without a link."`
		Locked      bool                `json:"locked"`
		Confirmed   bool                `json:"confirmed" doc:"Showed lately that it is them."`
		Provider    string              `json:"provider,omitempty" doc:"The identity provider that this browser signed in by: /provider/{id}/sign-out leaves it too."`
		LockSeconds int                 `json:"lock_seconds" doc:"After how long without anybody at it the screen locks; 0: never."`
	}
	personBody struct {
		ID   consult.AccountID `json:"id"`
		Name string            `json:"name"`
	}
	nameBody struct {
		Name string `json:"name" maxLength:"400" doc:"1 to 100 characters."`
	}
	signInsBody struct {
		SignIns []signInListBody `json:"sign_ins"`
	}
	signInListBody struct {
		ID        string        `json:"id"`
		Means     account.Means `json:"means" enum:"link,password,passkey,provider,recovery"`
		Browser   string        `json:"browser" doc:"Empty when it is not known."`
		CreatedAt time.Time     `json:"created_at"`
		ExpiresAt time.Time     `json:"expires_at"`
		Here      bool          `json:"here" doc:"This one."`
	}
	idInput struct {
		ID string `path:"id" maxLength:"64"`
	}
	signedInOutput struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
		Body      meBody
	}
	signedOutOutput struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
	}
)

func (a *api) ways(context.Context, *struct{}) (*bodyOf[waysBody], error) {
	out := waysBody{Passkeys: a.Accounts.PasskeysWork(), Providers: []providerBody{}}
	for _, p := range a.Accounts.Providers() {
		out.Providers = append(out.Providers, providerBody(p))
	}
	return &bodyOf[waysBody]{out}, nil
}

func (a *api) signIn(ctx context.Context, in *bodyOf[signInBody]) (*signedInOutput, error) {
	cookie, _, err := a.Accounts.SignIn(ctx, in.Body.Ticket, callerOf(ctx).visitor())
	return a.signedInNow(ctx, cookie, err)
}

func (a *api) signInPassword(ctx context.Context, in *bodyOf[passwordSignInBody]) (*signedInOutput, error) {
	b := in.Body
	cookie, _, err := a.Accounts.SignInWithPassword(ctx, b.Mail, b.Password, b.Code, callerOf(ctx).visitor())
	return a.signedInNow(ctx, cookie, err)
}

func (a *api) signInPasskeyOptions(context.Context, *noInput) (*bodyOf[passkeyOptionsBody], error) {
	return optionsOf(a.Accounts.PasskeyForSignIn())
}

func (a *api) signInPasskey(ctx context.Context, in *bodyOf[passkeySignInBody]) (*signedInOutput, error) {
	cookie, _, err := a.Accounts.SignInWithPasskey(ctx, in.Body.Step, in.Body.Credential, callerOf(ctx).visitor())
	return a.signedInNow(ctx, cookie, err)
}

func (a *api) signInRecovery(ctx context.Context, in *bodyOf[recoveryBody]) (*signedInOutput, error) {
	cookie, _, err := a.Accounts.SignInWithRecoveryCode(ctx, in.Body.Code, callerOf(ctx).visitor())
	return a.signedInNow(ctx, cookie, err)
}

func optionsOf(o account.PasskeyOptions, err error) (*bodyOf[passkeyOptionsBody], error) {
	if err != nil {
		return nil, err
	}
	return &bodyOf[passkeyOptionsBody]{passkeyOptionsBody(o)}, nil
}

// signedInNow answers with the cookie. The browser's earlier sign-in ends here, so that no cookie from before is worth anything
// after.
func (a *api) signedInNow(ctx context.Context, cookie string, err error) (*signedInOutput, error) {
	if err != nil {
		return nil, err
	}
	if err := a.Accounts.SignOut(callerOf(ctx).cookie); err != nil {
		return nil, err
	}
	return a.withCookie(cookie)
}

// withCookie answers with a cookie and with who it signs in.
func (a *api) withCookie(cookie string) (*signedInOutput, error) {
	actor, err := a.Accounts.ActorByCookie(cookie)
	if err != nil {
		return nil, err
	}
	me, err := a.meOf(actor)
	if err != nil {
		return nil, err
	}
	return &signedInOutput{*signInCookie(cookie, a.Accounts.SignInLifetime(), a.Secure), me}, nil
}

func (a *api) signOut(ctx context.Context, _ *noInput) (*signedOutOutput, error) {
	if err := a.Accounts.SignOut(callerOf(ctx).cookie); err != nil {
		return nil, err
	}
	return &signedOutOutput{*noCookie(a.Secure)}, nil
}

func (a *api) me(ctx context.Context, _ *struct{}) (*bodyOf[meBody], error) {
	return bodyOrError(a.meOf(a.actor(ctx)))
}

func (a *api) changeMe(ctx context.Context, in *bodyOf[nameBody]) (*bodyOf[meBody], error) {
	actor := a.actor(ctx)
	who, err := a.Accounts.SetName(actor.Account.ID, in.Body.Name)
	if err == nil {
		err = a.Practice.Rename(who.Practitioner()) // patients who have a link see the new name
	}
	if err != nil {
		return nil, err
	}
	actor.Account = who
	return bodyOrError(a.meOf(actor))
}

func bodyOrError[T any](body T, err error) (*bodyOf[T], error) {
	if err != nil {
		return nil, err
	}
	return &bodyOf[T]{body}, nil
}

func (a *api) meOf(actor account.Actor) (meBody, error) {
	who := actor.Account
	owners, err := a.Accounts.ActsFor(who)
	if err != nil {
		return meBody{}, err
	}
	me := meBody{
		ID: who.ID, Name: who.Name, Mail: who.Mail, BookMail: who.BookMail, Roles: who.Roles, Scopes: append([]account.Scope{}, actor.Scopes...),
		Units: append([]consult.UnitID{}, who.Units...), Delegates: append([]consult.AccountID{}, who.Delegates...), ActsFor: []personBody{},
		HasMeans: actor.HasMeans, Locked: actor.Locked, Confirmed: actor.Confirmed, LockSeconds: int(a.Accounts.IdleLock() / time.Second),
		Provider: actor.Provider,
	}
	for _, id := range owners {
		owner, err := a.Accounts.Account(id)
		if err != nil {
			return meBody{}, err
		}
		me.ActsFor = append(me.ActsFor, personBody{owner.ID, owner.Name})
	}
	return me, nil
}

func (a *api) here(ctx context.Context, _ *noInput) (*struct{}, error) {
	if a.actor(ctx).Kind != account.KindBrowser {
		return nil, errInPerson
	}
	return nil, a.Accounts.Touch(callerOf(ctx).cookie)
}

func (a *api) lock(ctx context.Context, _ *noInput) (*struct{}, error) {
	return nil, a.Accounts.Lock(callerOf(ctx).cookie)
}

func (a *api) confirmPassword(ctx context.Context, in *bodyOf[confirmPasswordBody]) (*signedInOutput, error) {
	from := callerOf(ctx)
	fresh, _, err := a.Accounts.ConfirmWithPassword(ctx, from.cookie, in.Body.Password, from.visitor())
	if err != nil {
		return nil, err
	}
	return a.withCookie(fresh)
}

func (a *api) confirmPasskeyOptions(ctx context.Context, _ *noInput) (*bodyOf[passkeyOptionsBody], error) {
	return optionsOf(a.Accounts.PasskeyForConfirm(a.actor(ctx).Account.ID))
}

func (a *api) confirmPasskey(ctx context.Context, in *bodyOf[passkeySignInBody]) (*signedInOutput, error) {
	fresh, _, err := a.Accounts.ConfirmWithPasskey(callerOf(ctx).cookie, in.Body.Step, in.Body.Credential)
	if err != nil {
		return nil, err
	}
	return a.withCookie(fresh)
}

func (a *api) signIns(ctx context.Context, _ *struct{}) (*bodyOf[signInsBody], error) {
	list, err := a.Accounts.SignIns(a.actor(ctx).Account.ID, callerOf(ctx).cookie)
	if err != nil {
		return nil, err
	}
	out := signInsBody{[]signInListBody{}}
	for _, s := range list {
		out.SignIns = append(out.SignIns, signInListBody(s))
	}
	return &bodyOf[signInsBody]{out}, nil
}

func (a *api) endSignIns(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, a.Accounts.EndSignIn(a.actor(ctx).Account.ID, "", callerOf(ctx).cookie)
}

func (a *api) endSignIn(ctx context.Context, in *idInput) (*struct{}, error) {
	return nil, a.Accounts.EndSignIn(a.actor(ctx).Account.ID, in.ID, callerOf(ctx).cookie)
}
