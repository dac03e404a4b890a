package account

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

func TestScopes(t *testing.T) {
	patients := []Scope{ScopeConsultationsRead, ScopePatientsRead, ScopeDocumentsRead, ScopeNoticesRead}
	for _, test := range []struct {
		roles     []Role
		has, lack []Scope
	}{
		{[]Role{RolePractitioner}, append([]Scope{ScopeCall, ScopeNotes, ScopeAccountsRead}, patients...), []Scope{ScopeAccountsWrite, ScopeSettingsWrite}},
		{[]Role{RoleSecretary}, append([]Scope{ScopeConsultationsWrite, ScopePatientsWrite}, patients...), []Scope{ScopeCall, ScopeNotes, ScopeAccountsWrite}},
		{[]Role{RoleOperator}, []Scope{ScopeAccountsWrite, ScopeSettingsWrite}, append([]Scope{ScopeCall, ScopeNotes}, patients...)},
		{[]Role{RoleInterpreter}, nil, Scopes()},
		{[]Role{RolePractitioner, RoleOperator}, Scopes(), nil},
	} {
		got := Account{Roles: test.roles}.Scopes()
		for _, s := range test.has {
			if !slices.Contains(got, s) {
				t.Errorf("%v lacks %s", test.roles, s)
			}
		}
		for _, s := range test.lack {
			if slices.Contains(got, s) {
				t.Errorf("%v has %s", test.roles, s)
			}
		}
	}
}

func TestRolesThatAreTaken(t *testing.T) {
	for _, roles := range [][]Role{nil, {"emperor"}, {RoleOperator, RoleOperator}, {RoleOperator, "x"}} {
		if _, err := cleanRoles(roles); err == nil {
			t.Errorf("%v is taken", roles)
		}
	}
	if clean, err := cleanRoles([]Role{RoleOperator, RolePractitioner}); err != nil || clean[0] != RolePractitioner {
		t.Errorf("%v, %v", clean, err)
	}
}

// mustHave makes an account with these roles.
func (o *office) mustHave(name string, roles ...Role) Account {
	o.t.Helper()
	who, err := o.Create(name, roles...)
	if err != nil {
		o.t.Fatal(err)
	}
	return who
}

func TestActingForOthers(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	a, b, c := o.mustHave("Dr A", RolePractitioner), o.mustHave("Dr B", RolePractitioner), o.mustHave("Dr C", RolePractitioner)
	s, op := o.mustHave("S", RoleSecretary), o.mustHave("Op", RoleOperator)
	shared, err := o.CreateUnit("Shared", true)
	if err != nil {
		t.Fatal(err)
	}
	apart, err := o.CreateUnit("Apart", false)
	if err != nil {
		t.Fatal(err)
	}
	join := func(id consult.AccountID, units ...consult.UnitID) {
		if _, err := o.SetUnits(id, units); err != nil {
			t.Fatal(err)
		}
	}
	join(a.ID, shared.ID, apart.ID)
	join(b.ID, shared.ID)
	join(c.ID, apart.ID)
	join(op.ID, shared.ID)
	if _, err := o.Delegate(c.ID, []consult.AccountID{s.ID}); err != nil {
		t.Fatal(err)
	}
	check := func(who consult.AccountID, want ...consult.AccountID) {
		t.Helper()
		now, err := o.Account(who)
		if err != nil {
			t.Fatal(err)
		}
		got, err := o.ActsFor(now)
		slices.Sort(want)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%s acts for %v, want %v, %v", now.Name, got, want, err)
		}
		for _, owner := range []consult.AccountID{a.ID, b.ID, c.ID, s.ID, op.ID, ""} {
			if may, err := o.MayActFor(now, owner); err != nil || may != slices.Contains(want, owner) {
				t.Errorf("%s may act for %s: %v, %v", now.Name, owner, may, err)
			}
		}
	}
	check(a.ID, a.ID, b.ID)
	check(b.ID, a.ID, b.ID)
	check(c.ID, c.ID)
	check(s.ID, c.ID)
	check(op.ID)
	if _, err := o.Delegate(c.ID, nil); err != nil {
		t.Fatal(err)
	}
	join(s.ID, shared.ID)
	check(s.ID, a.ID, b.ID)
	if _, err := o.ChangeUnit(shared.ID, "Shared", false); err != nil {
		t.Fatal(err)
	}
	check(s.ID)
	check(a.ID, a.ID)
	for _, to := range []consult.AccountID{a.ID, op.ID, consult.NewAccountID()} {
		if _, err := o.Delegate(c.ID, []consult.AccountID{to}); err == nil {
			t.Errorf("delegated to %s", to)
		}
	}
	if _, err := o.SetUnits(a.ID, []consult.UnitID{consult.NewUnitID()}); !errors.Is(err, errUnit) {
		t.Errorf("a unit that is not: %v", err)
	}
}

// TestMayBeBooked: practitioners who may sign in can be given appointments, nobody else.
func TestMayBeBooked(t *testing.T) {
	d := newOffice(t, DefaultConfig())
	doctor, _ := d.Create("Dr Claire Moreau", RolePractitioner)
	check := func(id consult.AccountID, want bool) {
		t.Helper()
		if may, err := d.MayBeBooked(id); may != want || err != nil {
			t.Error(may, err)
		}
	}
	change := func(c Change) {
		t.Helper()
		if _, err := d.Update(doctor.ID, c); err != nil {
			t.Fatal(err)
		}
	}
	check(doctor.ID, true)
	change(Change{Disabled: new(true)})
	check(doctor.ID, false)
	change(Change{Disabled: new(false)})
	check(doctor.ID, true)
	change(Change{Roles: &[]Role{RoleSecretary}})
	check(doctor.ID, false)
	check(consult.NewAccountID(), false)
	check("", false)
}

func TestOneOperatorStays(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	first, _, err := o.First()
	if err != nil {
		t.Fatal(err)
	}
	cookie := o.mustSignIn(first.ID)
	for name, change := range map[string]Change{"disabled": {Disabled: new(true)}, "no operator": {Roles: &[]Role{RolePractitioner}}} {
		if _, err := o.Update(first.ID, change); consult.CodeOf(err) != CodeLastOperator {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := o.Authenticate(cookie); err != nil {
		t.Errorf("refused, and signed out: %v", err)
	}
	o.mustHave("Another", RoleOperator)
	if _, err := o.Update(first.ID, Change{Roles: &[]Role{RolePractitioner}}); err != nil {
		t.Error(err)
	}
	if _, err := o.Authenticate(cookie); !errors.Is(err, ErrSignedOut) {
		t.Errorf("other roles, the same cookie: %v", err)
	}
}

func TestTokens(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	who := o.mustCreate("Dr A")
	secret, made, err := o.NewToken(who.ID, "calendar", []Scope{ScopeConsultationsRead, ScopePatientsRead}, 48*time.Hour)
	if err != nil {
		t.Fatal(err)
	}
	actor, err := o.ActorByToken(secret)
	if err != nil || actor.Kind != KindToken || !slices.Equal(actor.Scopes, made.Scopes) {
		t.Fatalf("%+v, %v", actor, err)
	}
	for name, scopes := range map[string][]Scope{"none": nil, "unknown": {"all"}, "not the account's": {ScopeAccountsWrite}, "twice": {ScopeCall, ScopeCall}} {
		if _, _, err := o.NewToken(who.ID, "x", scopes, 48*time.Hour); !errors.Is(err, errTokenScope) {
			t.Errorf("%s: %v", name, err)
		}
	}
	cookie := o.mustSignIn(who.ID)
	for name, text := range map[string]string{"empty": "", "bare": strings.TrimPrefix(secret, tokenPrefix), "cookie": cookie, "prefixed cookie": tokenPrefix + cookie, "long": secret + "A"} {
		if _, err := o.ActorByToken(text); !errors.Is(err, ErrSignedOut) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := o.Update(who.ID, Change{Roles: &[]Role{RoleInterpreter}}); err != nil {
		t.Fatal(err)
	}
	if actor, err := o.ActorByToken(secret); err != nil || len(actor.Scopes) != 0 {
		t.Errorf("the account lost its role, the token has %v, %v", actor.Scopes, err)
	}
	o.forward(48 * time.Hour)
	if _, err := o.ActorByToken(secret); !errors.Is(err, ErrSignedOut) {
		t.Errorf("expired: %v", err)
	}
}

func TestInvitations(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	by := o.mustHave("Op", RoleOperator)
	made, err := o.Invite(by, NewAccount{Name: "Nadia", Mail: "nadia@example.org", Roles: []Role{RoleSecretary}})
	if err != nil || made.Sent {
		t.Fatalf("%+v, %v", made, err)
	}
	if _, err := o.Invite(by, NewAccount{Name: "Other", Mail: "NADIA@example.org", Roles: []Role{RoleSecretary}}); consult.CodeOf(err) != CodeMailTaken {
		t.Errorf("the same address: %v", err)
	}
	if _, _, err := o.SignIn(t.Context(), made.Secret, desk); !errors.Is(err, consult.ErrBadTicket) {
		t.Errorf("an invitation as a sign-in link: %v", err)
	}
	if _, _, _, err := o.Accept(t.Context(), made.Secret, Choice{}, desk); !errors.Is(err, errChoice) {
		t.Errorf("no choice: %v", err)
	}
	offer, err := o.OfferCodes(made.Account.ID)
	if err != nil {
		t.Fatal(err)
	}
	choice := Choice{Password: &NewPassword{Password: password, Step: offer.Step, Code: "000000"}}
	if _, _, _, err := o.Accept(t.Context(), made.Secret, choice, desk); !errors.Is(err, errWrongCode) {
		t.Errorf("wrong code: %v", err)
	}
	choice.Password.Code = o.code(offer.Secret)
	cookie, who, codes, err := o.Accept(t.Context(), made.Secret, choice, desk)
	if err != nil || who.ID != made.Account.ID || len(codes) != recoveryCodes {
		t.Fatalf("%+v, %v, %v", who, codes, err)
	}
	if _, err := o.Authenticate(cookie); err != nil {
		t.Error(err)
	}
	if _, _, _, err := o.Accept(t.Context(), made.Secret, choice, desk); !errors.Is(err, consult.ErrBadTicket) {
		t.Errorf("twice: %v", err)
	}
	if _, err := o.InviteAgain(by, who.ID, ""); !errors.Is(err, errInvited) {
		t.Errorf("set up already: %v", err)
	}
	raw, err := os.ReadFile(filepath.Join(o.dir, "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, canary := range append(codes, "nadia@example.org", "Nadia", offer.Secret, made.Secret, password) {
		if bytes.Contains(raw, []byte(canary)) || strings.Contains(o.log.String(), canary) {
			t.Errorf("%q is in the store or in the log", canary)
		}
	}
}

// FuzzStep: whatever a browser sends as what it kept for us is refused, unless it is what was sealed.
func FuzzStep(f *testing.F) {
	master, err := consult.OpenKeyring(filepath.Join(f.TempDir(), "master.key"))
	if err != nil {
		f.Fatal(err)
	}
	_, key := master.NewDataKey("test")
	s := &secrets{key: key}
	good, err := s.sealStep("totp", "a_x", t0.Add(time.Hour), "secret")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add(good[1:])
	f.Add("")
	f.Fuzz(func(t *testing.T, text string) {
		var data string
		if _, err := s.openStep("totp", text, t0, &data); text != good && !errors.Is(err, errCeremony) {
			t.Errorf("%q: %v", text, err)
		}
	})
}

func TestStepsAreOfAKind(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	text, err := o.secrets.sealStep("totp", "a_x", t0.Add(time.Hour), "secret")
	if err != nil {
		t.Fatal(err)
	}
	var data string
	if _, err := o.secrets.openStep(stepSignIn, text, t0, &data); !errors.Is(err, errCeremony) {
		t.Errorf("of another kind: %v", err)
	}
	taken, err := o.secrets.openStep("totp", text, t0, &data)
	if err != nil || data != "secret" {
		t.Fatalf("%q, %v", data, err)
	}
	if err := o.spent.spend(taken, t0); err != nil {
		t.Error(err)
	}
	if err := o.spent.spend(taken, t0); !errors.Is(err, errCeremony) {
		t.Errorf("twice: %v", err)
	}
}
