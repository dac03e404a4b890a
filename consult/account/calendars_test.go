package account

import (
	"errors"
	"strings"
	"testing"
	"time"
)

func TestAppPassword(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	who, err := o.Create("Dr Ada", RolePractitioner)
	if err != nil {
		t.Fatal(err)
	}
	password, made, err := o.NewAppPassword(who.ID, "Thunderbird")
	if err != nil {
		t.Fatal(err)
	}
	in := func(user, password string) error {
		_, _, err := o.ActorByAppPassword(t.Context(), here, user, password)
		return err
	}
	for name, c := range map[string]struct {
		user, password string
		want           error
	}{
		"as shown":           {string(who.ID), password, nil},
		"typed by hand":      {" " + strings.ToUpper(string(who.ID)), strings.ToUpper(strings.ReplaceAll(password, "-", " ")), nil},
		"somebody else":      {"bob@example.org", password, ErrSignedOut},
		"no user":            {"", password, ErrSignedOut},
		"another password":   {string(who.ID), string(otherLetter(password[0])) + password[1:], ErrSignedOut},
		"cut short":          {string(who.ID), password[:20], ErrSignedOut},
		"nothing":            {string(who.ID), "", ErrSignedOut},
		"a long text":        {string(who.ID), strings.Repeat("a", 10_000), ErrSignedOut},
		"another last digit": {string(who.ID), password[:len(password)-1] + string(rune(password[len(password)-1]^1)), ErrSignedOut},
	} {
		if err := in(c.user, c.password); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	actor, titles, err := o.ActorByAppPassword(t.Context(), here, string(who.ID), password)
	if err != nil || len(actor.Scopes) != 2 || !actor.Has(ScopeAppointmentsRead) || !actor.Has(ScopeAppointmentsWrite) || titles != TitlesInitials {
		t.Errorf("%v %v %v", actor.Scopes, titles, err)
	}
	have, err := o.Calendars(who.ID)
	if err != nil || len(have.Passwords) != 1 || !have.Passwords[0].UsedAt.Equal(t0) {
		t.Errorf("%+v %v", have, err)
	}
	o.forward(90 * time.Minute)
	if err := in(string(who.ID), password); err != nil {
		t.Error(err)
	}
	if have, _ := o.Calendars(who.ID); !have.Passwords[0].UsedAt.Equal(t0.Add(time.Hour)) {
		t.Error("last used", have.Passwords[0].UsedAt)
	}
	if strings.Contains(o.log.String(), password) {
		t.Error("the password is in the log")
	}
	if err := o.RevokeAppPassword(who.ID, made.ID); err != nil {
		t.Fatal(err)
	}
	if err := in(string(who.ID), password); !errors.Is(err, ErrSignedOut) {
		t.Error("revoked:", err)
	}
}

func TestAppPasswordOfWhoIsGone(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	if _, _, err := o.First(); err != nil { // the operator stays
		t.Fatal(err)
	}
	who, err := o.Create("Bob", RoleSecretary)
	if err != nil {
		t.Fatal(err)
	}
	password, _, err := o.NewAppPassword(who.ID, "Thunderbird")
	if err != nil {
		t.Fatal(err)
	}
	feed, err := o.NewFeed(who.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.ActorByFeed(t.Context(), here, feed); err != nil {
		t.Fatal(err)
	}
	if _, err := o.Update(who.ID, Change{Disabled: new(true)}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.ActorByAppPassword(t.Context(), here, string(who.ID), password); !errors.Is(err, ErrSignedOut) {
		t.Error(err)
	}
	if _, _, err := o.ActorByFeed(t.Context(), here, feed); !errors.Is(err, ErrSignedOut) {
		t.Error(err)
	}
	operator, err := o.Create("Otto", RoleOperator)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.NewAppPassword(operator.ID, "Thunderbird"); !errors.Is(err, errNoCalendars) {
		t.Error("an operator:", err)
	}
}

func TestFeed(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	who, err := o.Create("Dr Ada", RolePractitioner)
	if err != nil {
		t.Fatal(err)
	}
	first, err1 := o.NewFeed(who.ID)
	second, err2 := o.NewFeed(who.ID)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	if _, _, err := o.ActorByFeed(t.Context(), here, first); !errors.Is(err, ErrSignedOut) {
		t.Error("the link before:", err)
	}
	actor, _, err := o.ActorByFeed(t.Context(), here, second)
	if err != nil || !actor.Has(ScopeAppointmentsRead) || actor.Has(ScopeAppointmentsWrite) {
		t.Errorf("%v %v", actor.Scopes, err)
	}
	if err := errors.Join(o.EndFeed(who.ID), o.EndFeed(who.ID)); err != nil {
		t.Error(err)
	}
	if _, _, err := o.ActorByFeed(t.Context(), here, second); !errors.Is(err, ErrSignedOut) {
		t.Error("ended:", err)
	}
}

// otherLetter is a letter of app passwords, but not this one.
func otherLetter(is byte) byte {
	if is == 'a' {
		return 'b'
	}
	return 'a'
}
