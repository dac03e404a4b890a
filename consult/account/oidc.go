package account

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Intent is why somebody is sent to an identity provider.
type Intent string

// The intents.
const (
	IntentSignIn  Intent = "sign-in"
	IntentAccept  Intent = "accept"  // an invitation: the provider is how they sign in from now on
	IntentConnect Intent = "connect" // the account that is signed in gets the provider as another means
	IntentConfirm Intent = "confirm" // unlocks
)

// Provider is an identity provider as a page shows it.
type Provider struct {
	ID   string
	Name string
}

// visit is what the browser keeps for us, sealed, while it is at the provider.
type visit struct {
	Provider   string `json:"provider"`
	Intent     Intent `json:"intent"`
	Invitation string `json:"invitation,omitempty"`
	State      string `json:"state"`
	Nonce      string `json:"nonce"`
	Verifier   string `json:"verifier"` // RFC 7636
}

// VisitLifetime is how long somebody may take at the provider.
const VisitLifetime = 15 * time.Minute

const stepVisit = "provider"

var (
	errNoProvider   error = &consult.Error{Code: consult.CodeNotFound, Message: "There is no such identity provider."}
	errProviderDown error = &consult.Error{Code: consult.CodeUnavailable, Message: "The identity provider does not answer: please try again, or sign in another way."}
	// ErrStranger says that the provider knows the person, and no account does.
	ErrStranger     error = &consult.Error{Code: consult.CodeForbidden, Message: "No account of this practice belongs to this identity. Ask for an invitation."}
	errSubjectTaken error = &consult.Error{Code: consult.CodeConflict, Message: "This identity belongs to another account."}
)

// Providers returns the configured identity providers.
func (a *Accounts) Providers() []Provider {
	var list []Provider
	for _, p := range a.providers {
		list = append(list, Provider{p.cfg.ID, p.cfg.Name})
	}
	return list
}

func (a *Accounts) provider(id string) (*provider, error) {
	i := slices.IndexFunc(a.providers, func(p *provider) bool { return p.cfg.ID == id })
	if i < 0 {
		return nil, errNoProvider
	}
	return a.providers[i], nil
}

// VisitProvider returns where to send the browser, and what it must bring back as a cookie of VisitLifetime.
func (a *Accounts) VisitProvider(ctx context.Context, id string, intent Intent, invitation string) (address, keep string, err error) {
	p, err := a.provider(id)
	if err != nil {
		return "", "", err
	}
	known, err := p.discovered(ctx)
	if err != nil {
		a.log.Warn("identity provider", "provider", id, "error", err)
		return "", "", errProviderDown
	}
	v := visit{id, intent, invitation, consult.NewSecret(), consult.NewSecret(), oauth2.GenerateVerifier()}
	if keep, err = a.secrets.sealStep(stepVisit, "", a.clock().Add(VisitLifetime), v); err != nil {
		return "", "", a.fail("provider", err)
	}
	options := []oauth2.AuthCodeOption{oidc.Nonce(v.Nonce), oauth2.S256ChallengeOption(v.Verifier)}
	if p.cfg.ACR != "" {
		options = append(options, oauth2.SetAuthURLParam("acr_values", p.cfg.ACR))
	}
	prompt := p.cfg.Prompt
	if intent == IntentConfirm {
		prompt = "login"
	}
	if prompt != "" {
		options = append(options, oauth2.SetAuthURLParam("prompt", prompt))
	}
	return p.oauth(known, a.back(id)).AuthCodeURL(v.State, options...), keep, nil
}

// back is where the provider sends the browser back to.
func (a *Accounts) back(id string) string { return a.baseURL() + "/provider/" + id + "/back" }

// Return is what came of a visit.
type Return struct {
	Intent Intent
	Cookie string // of the browser that is signed in now, or unlocked; "" for IntentConnect
	Who    Account
}

// ReturnFromProvider ends a visit: keep is what the browser kept, state and code are what the provider sent it back with, cookie is
// that of the sign-in it has, if any.
func (a *Accounts) ReturnFromProvider(ctx context.Context, id, keep, state, code, cookie string, by Visitor) (Return, error) {
	var v visit
	taken, err := a.secrets.openStep(stepVisit, keep, a.clock(), &v)
	if err != nil {
		return Return{}, err
	}
	if v.Provider != id || subtle.ConstantTimeCompare([]byte(v.State), []byte(state)) != 1 {
		return Return{}, errCeremony
	}
	if err := a.spent.spend(taken, a.clock()); err != nil {
		return Return{}, err
	}
	p, err := a.provider(id)
	if err != nil {
		return Return{}, err
	}
	who, err := a.identify(ctx, p, v, code)
	if err != nil {
		a.log.Warn("identity provider", "provider", id, "error", err)
		return Return{}, errProviderDown
	}
	switch v.Intent {
	case IntentSignIn:
		return a.signInAs(ctx, who, by)
	case IntentAccept:
		return a.acceptAs(ctx, who, v.Invitation, by)
	case IntentConnect:
		return a.connectAs(who, cookie)
	case IntentConfirm:
		return a.confirmAs(who, cookie)
	default:
		return Return{}, errCeremony
	}
}

// identity is what a provider says of a person.
type identity struct {
	subject subject
	mail    string // verified, and only when accounts may be found by it
}

// identify gets and checks the ID token (OpenID Connect Core §3.1.3.7). Errors are for the log, and hold no token.
func (a *Accounts) identify(ctx context.Context, p *provider, v visit, code string) (identity, error) {
	known, err := p.discovered(ctx)
	if err != nil {
		return identity{}, err
	}
	ctx = oidc.ClientContext(ctx, p.client)
	tokens, err := p.oauth(known, a.back(p.cfg.ID)).Exchange(ctx, code, oauth2.VerifierOption(v.Verifier))
	if err != nil {
		var refused *oauth2.RetrieveError
		if errors.As(err, &refused) {
			return identity{}, fmt.Errorf("the code was refused: %s", refused.ErrorCode)
		}
		return identity{}, errors.New("the token endpoint does not answer")
	}
	raw, _ := tokens.Extra("id_token").(string)
	token, err := known.Verifier(&oidc.Config{ClientID: p.cfg.ClientID, Now: a.clock}).Verify(ctx, raw)
	if err != nil {
		return identity{}, errors.New("the ID token is not good")
	}
	var claims struct {
		ACR      string `json:"acr"`
		Mail     string `json:"email"`
		Verified bool   `json:"email_verified"`
	}
	if err := token.Claims(&claims); err != nil {
		return identity{}, errors.New("the ID token's claims are not readable")
	}
	switch {
	case subtle.ConstantTimeCompare([]byte(token.Nonce), []byte(v.Nonce)) != 1:
		return identity{}, errors.New("the nonce is another")
	case token.Subject == "":
		return identity{}, errors.New("there is no subject")
	case p.cfg.ACR != "" && claims.ACR != p.cfg.ACR:
		return identity{}, fmt.Errorf("the level of assurance is %q, want %q", claims.ACR, p.cfg.ACR)
	}
	who := identity{subject: subject{Provider: p.cfg.ID, Mark: a.secrets.mark("subject", token.Issuer+"\n"+token.Subject), CreatedAt: a.clock()}}
	if p.cfg.MatchMail && claims.Verified {
		who.mail = claims.Mail
	}
	return who, nil
}

func (a *Accounts) signInAs(ctx context.Context, who identity, by Visitor) (Return, error) {
	out := Return{Intent: IntentSignIn}
	by.provider = who.subject.Provider
	var err error
	out.Cookie, out.Who, err = a.signIn(ctx, by, MeansProvider, func(tx kv.Txn) (*record, error) {
		r, err := a.ownerOf(tx, who.subject.Mark)
		if err != nil || r != nil {
			return r, err
		}
		if strings.TrimSpace(who.mail) == "" {
			return nil, ErrStranger
		}
		entry, err := tx.Get(mailKey(a.mailMark(who.mail)))
		if errors.Is(err, kv.ErrNotFound) {
			return nil, ErrStranger
		}
		if err != nil {
			return nil, err
		}
		if r, err = load(tx, a.master, consult.AccountID(entry.Value)); err != nil {
			return nil, err
		}
		return r, a.connect(tx, r, who.subject)
	})
	return out, err
}

func (a *Accounts) acceptAs(ctx context.Context, who identity, invitation string, by Visitor) (Return, error) {
	out := Return{Intent: IntentAccept}
	by.provider = who.subject.Provider
	var err error
	out.Cookie, out.Who, err = a.signIn(ctx, by, MeansProvider, func(tx kv.Txn) (*record, error) {
		r, err := a.acceptIn(tx, invitation)
		if err != nil {
			return nil, err
		}
		return r, a.connect(tx, r, who.subject)
	})
	return out, err
}

func (a *Accounts) connectAs(who identity, cookie string) (Return, error) {
	actor, err := a.ActorByCookie(cookie)
	if err != nil {
		return Return{}, err
	}
	if actor.Locked || !actor.Confirmed {
		return Return{}, ErrLocked
	}
	out := Return{Intent: IntentConnect, Who: actor.Account}
	return out, a.change("connect provider", actor.Account.ID, func(tx kv.Txn, r *record) error { return a.connect(tx, r, who.subject) })
}

func (a *Accounts) confirmAs(who identity, cookie string) (Return, error) {
	out := Return{Intent: IntentConfirm}
	var err error
	out.Cookie, out.Who, err = a.confirm(cookie, func(_ kv.Txn, r *record) error {
		if !slices.ContainsFunc(r.Subjects, func(s subject) bool { return s.Mark == who.subject.Mark }) {
			return ErrWrong
		}
		return nil
	})
	return out, err
}

// ownerOf returns the account of a subject; nil when it is nobody's.
func (a *Accounts) ownerOf(from consult.Getter, mark string) (*record, error) {
	entry, err := from.Get(subjectKey(mark))
	if errors.Is(err, kv.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return load(from, a.master, consult.AccountID(entry.Value))
}

const maxSubjects = 5

// connect makes the subject the account's. At most 3 operations.
func (a *Accounts) connect(tx kv.Txn, r *record, s subject) error {
	has, err := a.ownerOf(tx, s.Mark)
	switch {
	case err != nil:
		return err
	case has != nil && has.Account.ID == r.Account.ID:
		return nil
	case has != nil:
		return errSubjectTaken
	case len(r.Subjects) >= maxSubjects:
		return errTooMany
	}
	r.Subjects = append(r.Subjects, s)
	return tx.Put(subjectKey(s.Mark), []byte(r.Account.ID))
}

// Disconnect takes a provider from the account's means. The last means stays.
func (a *Accounts) Disconnect(id consult.AccountID, provider string) error {
	return a.change("disconnect provider", id, func(tx kv.Txn, r *record) error {
		for _, s := range r.Subjects {
			if s.Provider == provider {
				if err := tx.Delete(subjectKey(s.Mark)); err != nil {
					return err
				}
			}
		}
		before := len(r.Subjects)
		r.Subjects = slices.DeleteFunc(r.Subjects, func(s subject) bool { return s.Provider == provider })
		if len(r.Subjects) == before {
			return errNoProvider
		}
		return lastStays(r)
	})
}

// LeaveProvider returns where to send a browser so that it is signed out at the provider too (OpenID Connect RP-Initiated Logout 1.0 §2), and
// from where it comes back to our first page; "" when the provider offers nothing of the kind. No ID token is kept for it: the provider asks
// the person, which is right on a computer that others use.
func (a *Accounts) LeaveProvider(ctx context.Context, id string) (string, error) {
	p, err := a.provider(id)
	if err != nil {
		return "", err
	}
	known, err := p.discovered(ctx)
	if err != nil {
		a.log.Warn("identity provider", "provider", id, "error", err)
		return "", errProviderDown
	}
	var offers struct {
		End string `json:"end_session_endpoint"`
	}
	if err := known.Claims(&offers); err != nil || offers.End == "" {
		return "", nil
	}
	end, err := url.Parse(offers.End)
	if err != nil || end.Host == "" || end.Scheme != "https" && !isLocal(end) {
		a.log.Warn("identity provider: its end_session_endpoint is no https address", "provider", id)
		return "", nil
	}
	query := end.Query()
	query.Set("client_id", p.cfg.ClientID)
	query.Set("post_logout_redirect_uri", a.baseURL()+"/")
	end.RawQuery = query.Encode()
	return end.String(), nil
}
