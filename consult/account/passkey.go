package account

import (
	"context"
	"encoding/json"
	"errors"
	"net/netip"
	"net/url"
	"slices"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

const (
	maxPasskeys  = 20
	proveWithin  = 5 * time.Minute  // for showing a passkey
	enrolWithin  = 30 * time.Minute // for making one, or for setting an app up: people look for their phone
	stepSignIn   = "passkey-sign-in"
	stepConfirm  = "passkey-confirm"
	stepRegister = "passkey-register"
)

var (
	errNoPasskeysHere error = &consult.Error{Code: consult.CodeConflict, Message: "Passkeys need a name for this server: they do not work at a bare IP address."}
	errPasskey        error = &consult.Error{Code: consult.CodeBadMessage, Message: "This passkey could not be added."}
	errPasskeyKnown   error = &consult.Error{Code: consult.CodeConflict, Message: "This passkey is there already."}
	errTooMany        error = &consult.Error{Code: consult.CodeConflict, Message: "There are as many of these as there can be: remove one first."}
)

// PasskeyOptions is what the browser is told to ask an authenticator for. Options is the JSON of WebAuthn §5.4 or §5.5; Step is to be
// sent back with the answer.
type PasskeyOptions struct {
	Options json.RawMessage
	Step    string
}

// owner is an account as the library sees it. Its handle is the account's id, which says nothing.
type owner struct{ r *record }

// WebAuthnID returns the user handle.
func (o owner) WebAuthnID() []byte { return []byte(o.r.Account.ID) }

// WebAuthnName returns what the authenticator shows to tell accounts apart.
func (o owner) WebAuthnName() string {
	if o.r.Account.Mail != "" {
		return o.r.Account.Mail
	}
	return o.WebAuthnDisplayName()
}

// WebAuthnDisplayName returns the name.
func (o owner) WebAuthnDisplayName() string {
	if o.r.Account.Name != "" {
		return o.r.Account.Name
	}
	return string(o.r.Account.ID)
}

// WebAuthnCredentials returns the passkeys.
func (o owner) WebAuthnCredentials() []webauthn.Credential {
	credentials := make([]webauthn.Credential, len(o.r.Passkeys))
	for i, p := range o.r.Passkeys {
		credentials[i] = p.Credential
	}
	return credentials
}

// relyingParty is this server, for authenticators. It fails at a bare IP address, to which no passkey can be bound
// (WebAuthn §5.1.3: the RP ID is a domain).
func (a *Accounts) relyingParty() (*webauthn.WebAuthn, error) {
	base, err := url.Parse(a.baseURL())
	if err != nil || base.Hostname() == "" {
		return nil, errNoPasskeysHere
	}
	if _, err := netip.ParseAddr(base.Hostname()); err == nil {
		return nil, errNoPasskeysHere
	}
	return webauthn.New(&webauthn.Config{
		RPID: base.Hostname(), RPDisplayName: a.practice, RPOrigins: []string{base.Scheme + "://" + base.Host},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired,
		},
	})
}

// PasskeysWork reports whether passkeys can be used at this server's address.
func (a *Accounts) PasskeysWork() bool {
	_, err := a.relyingParty()
	return err == nil
}

// PasskeyForSignIn returns what to ask for when it is not known who wants to sign in.
func (a *Accounts) PasskeyForSignIn() (PasskeyOptions, error) {
	rp, err := a.relyingParty()
	if err != nil {
		return PasskeyOptions{}, err
	}
	asked, session, err := rp.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return PasskeyOptions{}, a.fail("passkey", err)
	}
	return a.passkeyOptions(stepSignIn, "", proveWithin, asked.Response, session)
}

// SignInWithPasskey signs in with what an authenticator answered to PasskeyForSignIn.
func (a *Accounts) SignInWithPasskey(ctx context.Context, step string, answer []byte, by Visitor) (cookie string, who Account, err error) {
	rp, err := a.relyingParty()
	if err != nil {
		return "", Account{}, err
	}
	return a.signIn(ctx, by, MeansPasskey, func(tx kv.Txn) (*record, error) {
		var session webauthn.SessionData
		taken, err := a.secrets.openStep(stepSignIn, step, a.clock(), &session)
		if err != nil {
			return nil, err
		}
		parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
		if err != nil {
			return nil, ErrWrong
		}
		var r *record
		var failed error
		find := func(_, handle []byte) (webauthn.User, error) {
			if r, failed = load(tx, a.master, consult.AccountID(handle)); failed != nil {
				return nil, failed
			}
			return owner{r}, nil
		}
		_, credential, err := rp.ValidatePasskeyLogin(find, session, parsed)
		if failed != nil {
			return nil, failed
		}
		if err != nil || a.usePasskey(r, credential) != nil {
			return nil, ErrWrong
		}
		return r, a.spent.spend(taken, a.clock())
	})
}

// PasskeyForConfirm returns what to ask for when the account is known: it unlocks, or shows that it is still them.
func (a *Accounts) PasskeyForConfirm(id consult.AccountID) (PasskeyOptions, error) {
	rp, err := a.relyingParty()
	if err != nil {
		return PasskeyOptions{}, err
	}
	r, err := load(a.store, a.master, id)
	if err != nil {
		return PasskeyOptions{}, a.fail("passkey", err)
	}
	if len(r.Passkeys) == 0 {
		return PasskeyOptions{}, errNoMeans
	}
	asked, session, err := rp.BeginLogin(owner{r}, webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return PasskeyOptions{}, a.fail("passkey", err)
	}
	return a.passkeyOptions(stepConfirm, id, proveWithin, asked.Response, session)
}

// ConfirmWithPasskey unlocks the browser with this cookie and returns its new cookie.
func (a *Accounts) ConfirmWithPasskey(cookie, step string, answer []byte) (fresh string, who Account, err error) {
	rp, err := a.relyingParty()
	if err != nil {
		return "", Account{}, err
	}
	return a.confirm(cookie, func(_ kv.Txn, r *record) error {
		var session webauthn.SessionData
		taken, err := a.secrets.openStep(stepConfirm, step, a.clock(), &session)
		if err != nil {
			return err
		}
		parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
		if err != nil || taken.Account != r.Account.ID {
			return ErrWrong
		}
		credential, err := rp.ValidateLogin(owner{r}, session, parsed)
		if err != nil || a.usePasskey(r, credential) != nil {
			return ErrWrong
		}
		return a.spent.spend(taken, a.clock())
	})
}

// usePasskey notes the use. A counter that went back is a copy of the authenticator (WebAuthn §6.1.1): it is refused.
func (a *Accounts) usePasskey(r *record, credential *webauthn.Credential) error {
	if credential.Authenticator.CloneWarning {
		a.log.Warn("a passkey's counter went back: it may have been copied", "account", r.Account.ID)
		return ErrWrong
	}
	for i, p := range r.Passkeys {
		if string(p.Credential.ID) == string(credential.ID) {
			r.Passkeys[i].Credential, r.Passkeys[i].UsedAt = *credential, a.clock()
			return nil
		}
	}
	return ErrWrong
}

// PasskeyForAccount returns what to ask for when the account gets a new passkey.
func (a *Accounts) PasskeyForAccount(id consult.AccountID) (PasskeyOptions, error) {
	rp, err := a.relyingParty()
	if err != nil {
		return PasskeyOptions{}, err
	}
	r, err := load(a.store, a.master, id)
	if err != nil {
		return PasskeyOptions{}, a.fail("passkey", err)
	}
	known := webauthn.Credentials(owner{r}.WebAuthnCredentials()).CredentialDescriptors()
	asked, session, err := rp.BeginRegistration(owner{r}, webauthn.WithExclusions(known))
	if err != nil {
		return PasskeyOptions{}, a.fail("passkey", err)
	}
	return a.passkeyOptions(stepRegister, id, enrolWithin, asked.Response, session)
}

// newPasskey is what a browser sends to add one.
type newPasskey struct {
	name   string
	step   string
	answer []byte
}

// addPasskey checks what an authenticator made and puts it into the record.
func (a *Accounts) addPasskey(r *record, made newPasskey) error {
	rp, err := a.relyingParty()
	if err != nil {
		return err
	}
	var session webauthn.SessionData
	taken, err := a.secrets.openStep(stepRegister, made.step, a.clock(), &session)
	if err != nil {
		return err
	}
	if taken.Account != r.Account.ID {
		return errCeremony
	}
	name, err := consult.CleanName(made.name)
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(made.answer)
	if err != nil {
		return errPasskey
	}
	credential, err := rp.CreateCredential(owner{r}, session, parsed)
	if err != nil {
		return errPasskey
	}
	if len(r.Passkeys) >= maxPasskeys {
		return errTooMany
	}
	if slices.ContainsFunc(r.Passkeys, func(p passkey) bool { return string(p.Credential.ID) == string(credential.ID) }) {
		return errPasskeyKnown
	}
	credential.Attestation = webauthn.CredentialAttestation{} // nobody looks at it again
	r.Passkeys = append(r.Passkeys, passkey{ID: newShortID("k_"), Name: name, CreatedAt: a.clock(), Credential: *credential})
	return nil
}

func (a *Accounts) passkeyOptions(kind string, id consult.AccountID, within time.Duration, asked any, session *webauthn.SessionData) (PasskeyOptions, error) {
	options, err := json.Marshal(asked)
	sealed, errStep := a.secrets.sealStep(kind, id, a.clock().Add(within), session)
	if err := errors.Join(err, errStep); err != nil {
		return PasskeyOptions{}, a.fail("passkey", err)
	}
	return PasskeyOptions{options, sealed}, nil
}
