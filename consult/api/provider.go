package api

import (
	"errors"
	"net/http"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
)

// A visit to an identity provider is two redirects: there with visitProvider, and back to returnFromProvider. What belongs to the visit is
// sealed in a cookie, so that nothing is stored for who never comes back, and nobody can come back from somebody else's visit.

func visitCookieName(secure bool) string { return CookieName(secure) + "-visit" }

// visitProvider sends the browser to the provider. It changes nothing here.
func (a *api) visitProvider(w http.ResponseWriter, r *http.Request) {
	intent := account.Intent(r.URL.Query().Get("for"))
	switch intent {
	case "":
		intent = account.IntentSignIn
	case account.IntentSignIn, account.IntentAccept, account.IntentConnect, account.IntentConfirm:
	default:
		a.sentence(w, newProblem(http.StatusBadRequest, consult.CodeBadMessage, "There is no such reason to visit a provider."))
		return
	}
	address, keep, err := a.Accounts.VisitProvider(r.Context(), r.PathValue("id"), intent, r.URL.Query().Get("invitation"))
	if err != nil {
		a.providerFailed(w, r, err)
		return
	}
	http.SetCookie(w, a.visitCookie(keep, int(account.VisitLifetime.Seconds())))
	http.Redirect(w, r, address, http.StatusSeeOther)
}

func (a *api) visitCookie(value string, maxAge int) *http.Cookie {
	return &http.Cookie{
		Name: visitCookieName(a.Secure), Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: a.Secure,
	}
}

// returnFromProvider ends a visit. It is a GET that signs in, as OpenID Connect wants it; what the browser kept makes sure that
// it was this browser that set out.
func (a *api) returnFromProvider(w http.ResponseWriter, r *http.Request) {
	query, from := r.URL.Query(), callerOf(r.Context())
	kept := r.CookiesNamed(visitCookieName(a.Secure))
	http.SetCookie(w, a.visitCookie("", -1))
	if len(kept) != 1 || query.Get("code") == "" {
		a.providerFailed(w, r, account.ErrWrong) // refused there, or came from nowhere
		return
	}
	came, err := a.Accounts.ReturnFromProvider(r.Context(), r.PathValue("id"), kept[0].Value, query.Get("state"), query.Get("code"), from.cookie, from.visitor())
	if err != nil {
		a.providerFailed(w, r, err)
		return
	}
	if came.Cookie != "" {
		if came.Intent != account.IntentConfirm { // then the old cookie is worth nothing already
			if err := a.Accounts.SignOut(from.cookie); err != nil {
				a.providerFailed(w, r, err)
				return
			}
		}
		http.SetCookie(w, signInCookie(came.Cookie, a.Accounts.SignInLifetime(), a.Secure))
	}
	to := "/desk"
	if came.Intent == account.IntentConnect {
		to = "/desk/settings/sign-in"
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

// providerFailed goes back to the sign-in page, which says in words what happened.
func (a *api) providerFailed(w http.ResponseWriter, r *http.Request, err error) {
	problem := "provider"
	switch {
	case errors.Is(err, account.ErrStranger):
		problem = "stranger"
	case consult.CodeOf(err) == consult.CodeNotFound:
		a.sentence(w, problemOf(err))
		return
	}
	http.Redirect(w, r, "/sign-in?problem="+problem, http.StatusSeeOther)
}

// leaveProvider sends a browser that has signed out here to the provider, to sign out there too. It changes nothing here.
func (a *api) leaveProvider(w http.ResponseWriter, r *http.Request) {
	to, err := a.Accounts.LeaveProvider(r.Context(), r.PathValue("id"))
	if consult.CodeOf(err) == consult.CodeNotFound {
		a.sentence(w, problemOf(err))
		return
	}
	if err != nil || to == "" {
		to = "/" // signed out here, which is what counts
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}
