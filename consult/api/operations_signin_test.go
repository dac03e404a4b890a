package api

import (
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
)

const goodPassword = "correct horse battery"

// lockable gives somebody a password, without which no screen locks, and returns the secret of their authenticator app.
func lockable(w *world, who string) string {
	w.t.Helper()
	offer, err := w.accounts.OfferCodes(w.ids[who])
	w.check(err)
	_, err = w.accounts.SetPassword(w.t.Context(), w.ids[who], account.NewPassword{
		Mail: who + "@example.org", Password: goodPassword, Step: offer.Step, Code: codeNow(w, offer.Secret),
	})
	w.check(err)
	return offer.Secret
}

// codeNow is what an authenticator app shows now.
func codeNow(w *world, secret string) string {
	w.t.Helper()
	code, err := totp.GenerateCode(secret, w.clock.Now())
	w.check(err)
	return code
}

func body(text string) func(*world) string { return func(*world) string { return text } }

func signingInTrials() map[string]trial {
	// A mail address that nobody tried before: after a few guesses with one, all are told to wait.
	stranger := func(*world) string {
		return `{"mail":"` + consult.NewSecret() + `@example.org","password":"x","code":"000000"}`
	}
	link := func(w *world) string { return `{"ticket":"` + w.mustSignInLink(w.ids["owner"]) + `"}` }
	return map[string]trial{
		"sign-in-ways":            {},
		"sign-in":                 {body: link},
		"sign-in-password":        {body: stranger, answers: 404},
		"sign-in-passkey-options": {},
		"sign-in-passkey":         {body: body(`{"step":"x","credential":{}}`), answers: 400},
		"sign-in-recovery":        {body: body(`{"code":"x"}`), answers: 404},
		"sign-out":                {},
		"me":                      {},
		"change-me":               {body: body(`{"name":"Dr New"}`)},
		"here":                    {},
		"lock":                    {answers: 409},
		"confirm-password":        {body: body(`{"password":"x"}`), answers: 404},
		"confirm-passkey-options": {answers: 409},
		"confirm-passkey":         {body: body(`{"step":"x","credential":{}}`), answers: 400},
		"sign-ins":                {},
		"end-sign-ins":            {},
		"end-sign-in":             {path: func(*world) string { return "/me/sign-ins/s_nothing" }, answers: 404},
	}
}

// TestPasswordOverHTTP is the whole way: choose, sign out, sign in, be left alone, unlock.
func TestPasswordOverHTTP(t *testing.T) {
	w := newWorld(t)
	cookie := w.cookies["owner"]
	offer := mustJSON[codesOfferBody](w.site, request{method: "POST", path: "/api/v1/me/codes", body: "{}", cookie: cookie}, 200)
	set := `{"mail":"owner@example.org","password":"` + goodPassword + `","step":"` + offer.Step + `","code":"` + codeNow(w, offer.Secret) + `"}`
	codes := mustJSON[recoveryCodesBody](w.site, request{method: "POST", path: "/api/v1/me/password", body: set, cookie: cookie}, 201)
	if len(codes.Codes) != 8 {
		t.Errorf("recovery codes %v", codes.Codes)
	}
	w.clock.Forward(time.Minute)
	signIn := func(password, code string) request {
		return request{method: "POST", path: "/api/v1/sign-in/password", body: `{"mail":"Owner@Example.org","password":"` + password + `","code":"` + code + `"}`}
	}
	for name, r := range map[string]request{"password": signIn("wrong horse battery", codeNow(w, offer.Secret)), "code": signIn(goodPassword, "000000")} {
		if answer := w.do(r); answer.Code != 404 {
			t.Errorf("wrong %s: %d %s", name, answer.Code, answer.Body)
		}
	}
	answer := w.do(signIn(goodPassword, codeNow(w, offer.Secret)))
	if answer.Code != 200 || len(answer.Result().Cookies()) != 1 {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	cookie = answer.Result().Cookies()[0].Value
	w.clock.Forward(16 * time.Minute)
	me := mustJSON[meBody](w.site, request{method: "GET", path: "/api/v1/me", cookie: cookie}, 200)
	if !me.Locked || me.ID != w.owner.ID {
		t.Errorf("left alone: %+v", me)
	}
	if here := w.do(request{method: "POST", path: "/api/v1/me/here", body: "{}", cookie: cookie}); here.Code != 423 {
		t.Errorf("a locked screen is unlocked by being there: %d", here.Code)
	}
	unlock := w.do(request{method: "POST", path: "/api/v1/me/confirm/password", body: `{"password":"` + goodPassword + `"}`, cookie: cookie})
	if unlock.Code != 200 || len(unlock.Result().Cookies()) != 1 || unlock.Result().Cookies()[0].Value == cookie {
		t.Fatalf("unlock: %d %s %v", unlock.Code, unlock.Body, unlock.Result().Cookies())
	}
	if old := w.do(request{method: "GET", path: "/api/v1/me", cookie: cookie}); old.Code != 401 {
		t.Errorf("the cookie from before the unlocking: %d", old.Code)
	}
	fresh := mustJSON[meBody](w.site, request{method: "GET", path: "/api/v1/me", cookie: unlock.Result().Cookies()[0].Value}, 200)
	if fresh.Locked || !fresh.Confirmed {
		t.Errorf("unlocked: %+v", fresh)
	}
}

func TestBrowserOf(t *testing.T) {
	for agent, want := range map[string]string{
		"": "", "curl/8": "",
		"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0":                                                           "Firefox, Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36 Edg/150.0":        "Edge, Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18 Mobile Safari/604.1":   "Safari, iPhone",
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537": "Samsung Internet, Android",
	} {
		if got := browserOf(agent); got != want {
			t.Errorf("%s: %q, want %q", agent, got, want)
		}
	}
}
