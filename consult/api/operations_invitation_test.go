package api

import (
	"testing"

	"github.com/colloque/colloque/consult/account"
)

// mustInvite invites somebody and returns the secret of the link.
func mustInvite(w *world) string {
	w.t.Helper()
	made, err := w.accounts.Invite(w.owner, account.NewAccount{Name: "Somebody New", Roles: []account.Role{account.RoleSecretary}})
	w.check(err)
	return made.Secret
}

func invitationTrials() map[string]trial {
	ticket := func(w *world) string { return `{"ticket":"` + mustInvite(w) + `"}` }
	return map[string]trial{
		"invitation":                 {body: ticket},
		"invitation-passkey-options": {body: ticket},
		"invitation-codes":           {body: ticket},
		"accept":                     {body: ticket, answers: 400},
	}
}

func TestAcceptingOverHTTP(t *testing.T) {
	w := newWorld(t)
	secret := mustInvite(w)
	if page := w.do(request{method: "GET", path: "/invitation/" + secret}); page.Code != 200 {
		t.Errorf("page: %d %s", page.Code, page.Body)
	}
	offer := mustJSON[codesOfferBody](w.site, request{method: "POST", path: "/api/v1/invitation/codes", body: `{"ticket":"` + secret + `"}`}, 200)
	accept := `{"ticket":"` + secret + `","name":"Nadia Benali","password":{"mail":"nadia@example.org","password":"` + goodPassword + `","step":"` + offer.Step + `","code":"` + codeNow(w, offer.Secret) + `"}}`
	answer := mustJSON[acceptedBody](w.site, request{method: "POST", path: "/api/v1/invitation/accept", body: accept}, 200)
	if answer.Me.Name != "Nadia Benali" || !answer.Me.HasMeans || len(answer.Codes) != 8 {
		t.Errorf("%+v", answer)
	}
	if again := w.do(request{method: "POST", path: "/api/v1/invitation/accept", body: accept}); again.Code != 404 {
		t.Errorf("twice: %d %s", again.Code, again.Body)
	}
	if page := w.do(request{method: "GET", path: "/invitation/" + secret}); page.Code != 404 {
		t.Errorf("page of a used invitation: %d", page.Code)
	}
}
