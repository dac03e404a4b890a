package account

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"

	"github.com/colloque/colloque/consult"
)

const password = "correct horse battery"

// withPassword gives somebody a password and returns the secret of their app and the recovery codes.
func (o *office) withPassword(id consult.AccountID, mail string) (app string, codes []string) {
	o.t.Helper()
	offer, err := o.OfferCodes(id)
	if err != nil {
		o.t.Fatal(err)
	}
	codes, err = o.SetPassword(o.t.Context(), id, NewPassword{Mail: mail, Password: password, Step: offer.Step, Code: o.code(offer.Secret)})
	if err != nil {
		o.t.Fatal(err)
	}
	return offer.Secret, codes
}

func (o *office) code(secret string) string {
	o.t.Helper()
	code, err := totp.GenerateCode(secret, *o.now.Load())
	if err != nil {
		o.t.Fatal(err)
	}
	return code
}

func TestPasswordAndCodes(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	who := o.mustCreate("Dr A")
	app, _ := o.withPassword(who.ID, "Claire@Example.org")
	in := func(mail, password, code string) error {
		_, _, err := o.SignInWithPassword(t.Context(), mail, password, code, desk)
		return err
	}
	if err := in("claire@example.org", password, o.code(app)); !errors.Is(err, ErrWrong) {
		t.Errorf("the code that set the app up, again: %v", err)
	}
	o.forward(time.Minute)
	for name, err := range map[string]error{
		"password": in("claire@example.org", "wrong horse battery", o.code(app)),
		"code":     in("claire@example.org", password, "000000"),
		"nobody":   in("nobody@example.org", password, o.code(app)),
		"no mail":  in("", password, o.code(app)),
	} {
		if !errors.Is(err, ErrWrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
	code := o.code(app)
	if err := in(" CLAIRE@example.ORG ", password, code); err != nil {
		t.Errorf("right: %v", err)
	}
	if err := in("claire@example.org", password, code); !errors.Is(err, ErrWrong) {
		t.Errorf("a code twice: %v", err)
	}
	o.forward(time.Minute)
	if _, err := o.Update(who.ID, Change{Disabled: new(true)}); err != nil {
		t.Fatal(err)
	}
	if err := in("claire@example.org", password, o.code(app)); !errors.Is(err, ErrWrong) {
		t.Errorf("disabled: %v", err)
	}
}

// TestGuessingOneAccount: from as many addresses as one likes, a guesser gets to a few hundred guesses a day.
func TestGuessingOneAccount(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	for _, mail := range []string{"claire@example.org", "nobody@example.org"} {
		if mail[0] == 'c' {
			o.withPassword(o.mustCreate("Dr A").ID, mail)
		}
		looked := 0
		for end := o.now.Load().Add(24 * time.Hour); o.now.Load().Before(end); o.forward(20 * time.Second) {
			if o.patience.take(o.mailMark(mail), *o.now.Load()) == nil {
				looked++
			}
		}
		if looked < 200 || looked > 320 {
			t.Errorf("%s: %d guesses in a day", mail, looked)
		}
		if _, _, err := o.SignInWithPassword(t.Context(), mail, password, "000000", desk); consult.CodeOf(err) != consult.CodeTooFast {
			t.Errorf("%s: %v", mail, err)
		}
	}
}

func TestPasswordsThatAreTaken(t *testing.T) {
	for text, want := range map[string]bool{
		"": false, "short": false, "elevenchars": false, "correct horse battery": true, "aaaaaaaaaaaaaaaa": false, "123456789012": false,
		"claire12345678": true, "claire@example.org": false, "clairemoreau1": false, strings.Repeat("ab c1", 41): false,
		"كلمة سر طويلة جدا": true, "azertyuiopqsdf": false, "motdepassemotdepasse": false, "\xff\xfe\xfd correct horse": false,
	} {
		if err := checkPassword(text, "claire@example.org", "Claire Moreau"); (err == nil) != want {
			t.Errorf("%q: %v, want taken: %v", text, err, want)
		}
	}
}

func TestHashes(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	hash, err := o.hashPassword(t.Context(), "e\u0301t\u00e9 horse battery")
	if err != nil || !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Fatalf("%q, %v", hash, err)
	}
	for text, want := range map[string]bool{"\u00e9te\u0301 horse battery": true, "été horse batterY": false, "": false} {
		if is, err := o.passwordIs(t.Context(), hash, text); err != nil || is != want {
			t.Errorf("%q: %v, %v", text, is, err)
		}
	}
	if is, err := o.passwordIs(t.Context(), "", ""); err != nil || is {
		t.Errorf("no password: %v, %v", is, err)
	}
	if _, err := o.passwordIs(t.Context(), "$argon2id$v=19$m=x$a$b", password); err == nil {
		t.Error("a hash of an unknown form is taken")
	}
}

func TestRecoveryCodes(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	who := o.mustCreate("Dr A")
	if _, err := o.NewRecoveryCodes(who.ID); !errors.Is(err, errNoMeans) {
		t.Errorf("codes for who signs in with links only: %v", err)
	}
	_, codes := o.withPassword(who.ID, "claire@example.org")
	if len(codes) != recoveryCodes || len(codes[0]) != 19 {
		t.Fatalf("%v", codes)
	}
	in := func(code string) error {
		_, _, err := o.SignInWithRecoveryCode(t.Context(), code, desk)
		return err
	}
	typed := strings.ToUpper(strings.NewReplacer("-", " ", "0", "O", "1", "l").Replace(codes[0]))
	if err := in(typed); err != nil {
		t.Errorf("as people type: %v", err)
	}
	for name, code := range map[string]string{"used": codes[0], "empty": "", "another": "aaaa-bbbb-cccc-dddd", "long": strings.Repeat("a", 1000)} {
		if err := in(code); !errors.Is(err, ErrWrong) {
			t.Errorf("%s: %v", name, err)
		}
	}
	fresh, err := o.NewRecoveryCodes(who.ID)
	if err != nil || slices.Contains(fresh, codes[1]) {
		t.Fatalf("%v, %v", fresh, err)
	}
	if err := in(codes[1]); !errors.Is(err, ErrWrong) {
		t.Errorf("replaced: %v", err)
	}
	if err := in(fresh[0]); err != nil {
		t.Errorf("fresh: %v", err)
	}
}

func TestIdleScreensLock(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	who, free := o.mustCreate("Dr A"), o.mustCreate("Dr Links Only")
	o.withPassword(who.ID, "claire@example.org")
	cookie, open := o.mustSignIn(who.ID), o.mustSignIn(free.ID)
	for range 10 {
		o.forward(14 * time.Minute)
		if err := o.Touch(cookie); err != nil {
			t.Fatalf("somebody is there: %v", err)
		}
	}
	o.forward(16 * time.Minute)
	if _, err := o.Authenticate(cookie); !errors.Is(err, ErrLocked) {
		t.Errorf("nobody was there: %v", err)
	}
	if err := o.Touch(cookie); !errors.Is(err, ErrLocked) {
		t.Errorf("being there unlocks: %v", err)
	}
	if _, err := o.Authenticate(open); err != nil {
		t.Errorf("who could not unlock is locked out: %v", err)
	}
	if _, _, err := o.ConfirmWithPassword(t.Context(), cookie, "wrong horse battery", desk); !errors.Is(err, ErrWrong) {
		t.Errorf("wrong password: %v", err)
	}
	fresh, _, err := o.ConfirmWithPassword(t.Context(), cookie, password, desk)
	if err != nil || fresh == cookie {
		t.Fatalf("unlock: %v", err)
	}
	if _, err := o.Authenticate(cookie); !errors.Is(err, ErrSignedOut) {
		t.Errorf("the cookie from before: %v", err)
	}
	if actor, err := o.ActorByCookie(fresh); err != nil || actor.Locked || !actor.Confirmed {
		t.Errorf("unlocked: %+v, %v", actor, err)
	}
	if err := errors.Join(o.Lock(fresh)); err != nil {
		t.Error(err)
	}
	if _, err := o.Authenticate(fresh); !errors.Is(err, ErrLocked) {
		t.Errorf("locked by hand: %v", err)
	}
	if err := o.Lock(open); !errors.Is(err, errNoMeans) {
		t.Errorf("locking what nobody could unlock: %v", err)
	}
}

func TestTheLastWayInStays(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	who := o.mustCreate("Dr A")
	o.withPassword(who.ID, "claire@example.org")
	if err := o.RemovePassword(who.ID); consult.CodeOf(err) != CodeLastMeans {
		t.Errorf("%v", err)
	}
	other := o.mustCreate("Dr B")
	offer, err := o.OfferCodes(other.ID)
	if err != nil {
		t.Fatal(err)
	}
	set := NewPassword{Mail: "CLAIRE@example.org", Password: password, Step: offer.Step, Code: o.code(offer.Secret)}
	if _, err := o.SetPassword(t.Context(), other.ID, set); consult.CodeOf(err) != CodeMailTaken {
		t.Errorf("somebody else's address: %v", err)
	}
	set.Mail = "b@example.org"
	if _, err := o.SetPassword(t.Context(), who.ID, set); !errors.Is(err, errCeremony) {
		t.Errorf("somebody else's offer: %v", err)
	}
	o.forward(enrolWithin)
	if _, err := o.SetPassword(t.Context(), other.ID, set); !errors.Is(err, errCeremony) {
		t.Errorf("an old offer: %v", err)
	}
}
