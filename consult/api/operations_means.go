package api

import (
	"context"
	"net/http"
	"time"

	"github.com/colloque/colloque/consult/account"
)

// means is the area of how one's own account signs in, and what programs may do for it.
func (a *api) means() []operation {
	return []operation{
		op(http.MethodGet, "/me/means", "means", "How this account signs in", http.StatusOK, inPerson, a.myMeans),
		op(http.MethodPost, "/me/passkeys/options", "passkey-options", "What to ask an authenticator for", http.StatusOK, inPerson, a.passkeyOptions).freshly(),
		op(http.MethodPost, "/me/passkeys", "add-passkey", "Add a passkey", http.StatusCreated, inPerson, a.addPasskey).taking(maxCredential).freshly(),
		op(http.MethodPatch, "/me/passkeys/{id}", "rename-passkey", "Give a passkey another name", http.StatusNoContent, inPerson, a.renamePasskey),
		op(http.MethodDelete, "/me/passkeys/{id}", "remove-passkey", "Remove a passkey", http.StatusNoContent, inPerson, a.removePasskey).freshly(),
		op(http.MethodPost, "/me/codes", "codes-offer", "A secret for an authenticator app", http.StatusOK, inPerson, a.codesOffer).freshly(),
		op(http.MethodPost, "/me/password", "set-password", "Set password and authenticator app", http.StatusCreated, inPerson, a.setPassword).freshly(),
		op(http.MethodDelete, "/me/password", "remove-password", "Remove the password", http.StatusNoContent, inPerson, a.removePassword).freshly(),
		op(http.MethodPost, "/me/recovery-codes", "new-recovery-codes", "Replace the recovery codes", http.StatusCreated, inPerson, a.newRecoveryCodes).freshly(),
		op(http.MethodDelete, "/me/providers/{id}", "disconnect-provider", "Sign in with an identity provider no more", http.StatusNoContent, inPerson, a.disconnectProvider).freshly(),
		op(http.MethodGet, "/me/tokens", "tokens", "The API tokens of this account", http.StatusOK, inPerson, a.tokens),
		op(http.MethodPost, "/me/tokens", "new-token", "Make an API token", http.StatusCreated, inPerson, a.newToken).freshly(),
		op(http.MethodDelete, "/me/tokens/{id}", "revoke-token", "Make an API token worthless", http.StatusNoContent, inPerson, a.revokeToken),
	}
}

type (
	meansBody struct {
		Mail          string        `json:"mail"`
		Password      bool          `json:"password" doc:"With an authenticator app, always."`
		Passkeys      []passkeyBody `json:"passkeys"`
		Providers     []string      `json:"providers" doc:"Ids of the identity providers that know this account."`
		RecoveryCodes int           `json:"recovery_codes" doc:"That are left."`
		Ways          waysBody      `json:"ways" doc:"What there is here."`
	}
	passkeyBody struct {
		ID        string     `json:"id"`
		Name      string     `json:"name"`
		CreatedAt time.Time  `json:"created_at"`
		UsedAt    *time.Time `json:"used_at,omitempty"`
	}
	recoveryCodesBody struct {
		Codes []string `json:"recovery_codes" doc:"New ones, to print: they cannot be shown again. Empty when the old ones stay."`
	}
	renameInput struct {
		ID   string `path:"id" maxLength:"64"`
		Body nameBody
	}
	tokenBody struct {
		ID        string          `json:"id"`
		Name      string          `json:"name"`
		Scopes    []account.Scope `json:"scopes"`
		CreatedAt time.Time       `json:"created_at"`
		ExpiresAt time.Time       `json:"expires_at"`
	}
	tokensBody struct {
		Tokens []tokenBody `json:"tokens"`
	}
	newTokenBody struct {
		Name   string          `json:"name" maxLength:"400" doc:"To know it again."`
		Scopes []account.Scope `json:"scopes" minItems:"1" maxItems:"20"`
		Days   int             `json:"days" minimum:"1" maximum:"732" doc:"Until it expires."`
	}
	madeTokenBody struct {
		Token  tokenBody `json:"token"`
		Secret string    `json:"secret" doc:"For the header Authorization: Bearer. It cannot be shown again."`
	}
)

func (a *api) myMeans(ctx context.Context, _ *struct{}) (*bodyOf[meansBody], error) {
	who := a.actor(ctx).Account
	m, err := a.Accounts.MeansOf(who.ID)
	if err != nil {
		return nil, err
	}
	ways, err := a.ways(ctx, nil)
	if err != nil {
		return nil, err
	}
	out := meansBody{
		Mail: who.Mail, Password: m.Password, Passkeys: []passkeyBody{}, Providers: append([]string{}, m.Providers...),
		RecoveryCodes: m.RecoveryCodes, Ways: ways.Body,
	}
	for _, p := range m.Passkeys {
		out.Passkeys = append(out.Passkeys, passkeyBody{p.ID, p.Name, p.CreatedAt, timeOrNil(p.UsedAt)})
	}
	return &bodyOf[meansBody]{out}, nil
}

func (a *api) passkeyOptions(ctx context.Context, _ *noInput) (*bodyOf[passkeyOptionsBody], error) {
	return optionsOf(a.Accounts.PasskeyForAccount(a.actor(ctx).Account.ID))
}

func (a *api) addPasskey(ctx context.Context, in *bodyOf[newPasskeyBody]) (*bodyOf[recoveryCodesBody], error) {
	return codesOf(a.Accounts.AddPasskey(a.actor(ctx).Account.ID, in.Body.Name, in.Body.Step, in.Body.Credential))
}

func codesOf(codes []string, err error) (*bodyOf[recoveryCodesBody], error) {
	return bodyOrError(recoveryCodesBody{append([]string{}, codes...)}, err)
}

func (a *api) renamePasskey(ctx context.Context, in *renameInput) (*struct{}, error) {
	return nil, a.Accounts.RenamePasskey(a.actor(ctx).Account.ID, in.ID, in.Body.Name)
}

func (a *api) removePasskey(ctx context.Context, in *idInput) (*struct{}, error) {
	return nil, a.Accounts.RemovePasskey(a.actor(ctx).Account.ID, in.ID)
}

func (a *api) codesOffer(ctx context.Context, _ *noInput) (*bodyOf[codesOfferBody], error) {
	return offerOf(a.Accounts.OfferCodes(a.actor(ctx).Account.ID))
}

func (a *api) setPassword(ctx context.Context, in *bodyOf[newPasswordBody]) (*bodyOf[recoveryCodesBody], error) {
	return codesOf(a.Accounts.SetPassword(ctx, a.actor(ctx).Account.ID, account.NewPassword(in.Body)))
}

func (a *api) removePassword(ctx context.Context, _ *struct{}) (*struct{}, error) {
	return nil, a.Accounts.RemovePassword(a.actor(ctx).Account.ID)
}

func (a *api) newRecoveryCodes(ctx context.Context, _ *noInput) (*bodyOf[recoveryCodesBody], error) {
	return codesOf(a.Accounts.NewRecoveryCodes(a.actor(ctx).Account.ID))
}

func (a *api) disconnectProvider(ctx context.Context, in *idInput) (*struct{}, error) {
	return nil, a.Accounts.Disconnect(a.actor(ctx).Account.ID, in.ID)
}

func (a *api) tokens(ctx context.Context, _ *struct{}) (*bodyOf[tokensBody], error) {
	list, err := a.Accounts.Tokens(a.actor(ctx).Account.ID)
	if err != nil {
		return nil, err
	}
	out := tokensBody{[]tokenBody{}}
	for _, t := range list {
		out.Tokens = append(out.Tokens, tokenBody(t))
	}
	return &bodyOf[tokensBody]{out}, nil
}

func (a *api) newToken(ctx context.Context, in *bodyOf[newTokenBody]) (*bodyOf[madeTokenBody], error) {
	b := in.Body
	secret, made, err := a.Accounts.NewToken(a.actor(ctx).Account.ID, b.Name, b.Scopes, time.Duration(b.Days)*24*time.Hour)
	return bodyOrError(madeTokenBody{tokenBody(made), secret}, err)
}

func (a *api) revokeToken(ctx context.Context, in *idInput) (*struct{}, error) {
	return nil, a.Accounts.RevokeToken(a.actor(ctx).Account.ID, in.ID)
}
