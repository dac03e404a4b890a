package api

import (
	"testing"

	"github.com/colloque/colloque/consult/account"
)

func meansTrials() map[string]trial {
	nothing := func(path string) func(*world) string { return func(*world) string { return path } }
	return map[string]trial{
		"means":               {},
		"passkey-options":     {},
		"add-passkey":         {body: body(`{"name":"a key","step":"x","credential":{}}`), answers: 400},
		"rename-passkey":      {path: nothing("/me/passkeys/k_nothing"), body: body(`{"name":"a key"}`), answers: 404},
		"remove-passkey":      {path: nothing("/me/passkeys/k_nothing"), answers: 404},
		"codes-offer":         {},
		"set-password":        {body: body(`{"mail":"x@example.org","password":"` + goodPassword + `"}`), answers: 400},
		"remove-password":     {answers: 409},
		"new-recovery-codes":  {answers: 409},
		"disconnect-provider": {path: nothing("/me/providers/psc"), answers: 404},
		"tokens":              {},
		"new-token":           {body: body(`{"name":"a program","scopes":["accounts:read"],"days":30}`), want: map[string]int{"interpreter": 400}},
		"revoke-token":        {path: nothing("/me/tokens/t_nothing"), answers: 404},
	}
}

func TestTokenOverHTTP(t *testing.T) {
	w := newWorld(t)
	made := mustJSON[madeTokenBody](w.site, request{method: "POST", path: "/api/v1/me/tokens", body: `{"name":"calendar","scopes":["consultations:read"],"days":1}`, cookie: w.cookies["owner"]}, 201)
	program := map[string]string{"Authorization": "Bearer " + made.Secret}
	me := mustJSON[meBody](w.site, request{method: "GET", path: "/api/v1/me", header: program}, 200)
	if me.ID != w.owner.ID || len(me.Scopes) != 1 || me.Scopes[0] != account.ScopeConsultationsRead {
		t.Errorf("%+v", me)
	}
	if day := w.do(request{method: "GET", path: "/api/v1/consultations", header: program}); day.Code != 200 {
		t.Errorf("day: %d", day.Code)
	}
	if answer := w.do(request{method: "DELETE", path: "/api/v1/me/tokens/" + made.Token.ID, cookie: w.cookies["owner"]}); answer.Code != 204 {
		t.Errorf("revoke: %d %s", answer.Code, answer.Body)
	}
	if day := w.do(request{method: "GET", path: "/api/v1/consultations", header: program}); day.Code != 401 {
		t.Errorf("revoked: %d", day.Code)
	}
}
