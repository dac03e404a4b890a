package account

import (
	"bytes"
	"errors"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

var (
	t0   = time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	here = netip.MustParseAddr("192.0.2.7")
	desk = Visitor{From: here, Browser: "Firefox, Linux"}
)

// office is Accounts on a real store, with a clock to turn and a log to read.
type office struct {
	*Accounts
	t     *testing.T
	dir   string
	store kv.Store
	now   atomic.Pointer[time.Time]
	log   bytes.Buffer
	base  string
}

func newOffice(t *testing.T, cfg Config) *office {
	t.Helper()
	o := &office{t: t, dir: t.TempDir(), base: "https://visio.example.org"}
	o.now.Store(&t0)
	clock := func() time.Time { return *o.now.Load() }
	master, err := consult.OpenKeyring(filepath.Join(o.dir, "master.key"))
	if err != nil {
		t.Fatal(err)
	}
	if o.store, err = kv.OpenBolt(filepath.Join(o.dir, "store.db"), kv.BoltConfig{Clock: clock}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := o.store.Close(); err != nil {
			t.Error(err)
		}
	})
	guard := consult.NewGuard(consult.GuardConfig{Allowance: 1000, Step: 1, MaxDelay: 1, Addresses: 10}, clock)
	deps := Deps{
		Store: o.store, Master: master, Guard: guard, Clock: clock, Log: slog.New(slog.NewTextHandler(&o.log, nil)),
		BaseURL: func() string { return o.base }, Practice: "Cabinet des Tilleuls",
	}
	if o.Accounts, err = Open(cfg, deps); err != nil {
		t.Fatal(err)
	}
	return o
}

func (o *office) forward(d time.Duration) {
	later := o.now.Load().Add(d)
	o.now.Store(&later)
}

func (o *office) mustLink(id consult.AccountID) string {
	o.t.Helper()
	secret, err := o.NewSignInLink(id)
	if err != nil {
		o.t.Fatal(err)
	}
	return secret
}

func (o *office) mustSignIn(id consult.AccountID) string {
	o.t.Helper()
	cookie, who, err := o.SignIn(o.t.Context(), o.mustLink(id), desk)
	if err != nil || who.ID != id {
		o.t.Fatalf("signed in as %q, %v", who.ID, err)
	}
	return cookie
}

func (o *office) mustCreate(name string) Account {
	o.t.Helper()
	who, err := o.Create(name, RolePractitioner)
	if err != nil {
		o.t.Fatal(err)
	}
	return who
}

func TestFirstIsMadeOnce(t *testing.T) {
	cfg := DefaultConfig()
	cfg.FirstName = "Cabinet des Tilleuls"
	o := newOffice(t, cfg)
	first, created, err := o.First()
	if err != nil || !created || first.Name != cfg.FirstName || !slices.Equal(first.Roles, []Role{RolePractitioner, RoleOperator}) {
		t.Fatalf("%+v, %v, %v", first, created, err)
	}
	if _, err := o.SetName(first.ID, "Dr Claire Moreau"); err != nil {
		t.Fatal(err)
	}
	again, created, err := o.First()
	if err != nil || created || again.ID != first.ID || again.Name != "Dr Claire Moreau" {
		t.Errorf("again: %+v, %v, %v", again, created, err)
	}
}

func TestFirstAtOnce(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	var made atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, created, err := o.First(); err != nil {
				t.Error(err)
			} else if created {
				made.Add(1)
			}
		})
	}
	wg.Wait()
	if made.Load() != 1 {
		t.Errorf("made %d times", made.Load())
	}
}

func TestSignIn(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	who := o.mustCreate("Dr Claire Moreau")
	link := o.mustLink(who.ID)
	before := o.store.Revision()
	for range 20 {
		if peeked, err := o.PeekSignIn(t.Context(), link, here); err != nil || peeked.ID != who.ID {
			t.Fatalf("peek: %+v, %v", peeked, err)
		}
	}
	if o.store.Revision() != before {
		t.Error("looking at a link changed something")
	}
	o.mustBeSignedIn(who.ID, false)
	cookie, signedIn, err := o.SignIn(t.Context(), link, desk)
	if err != nil || signedIn.ID != who.ID {
		t.Fatalf("sign in: %+v, %v", signedIn, err)
	}
	o.mustBeSignedIn(who.ID, true)
	if _, _, err := o.SignIn(t.Context(), link, desk); !errors.Is(err, consult.ErrBadTicket) {
		t.Errorf("second time: %v", err)
	}
	if _, err := o.PeekSignIn(t.Context(), link, here); !errors.Is(err, consult.ErrBadTicket) {
		t.Errorf("peek at a used link: %v", err)
	}
	if got, err := o.Authenticate(cookie); err != nil || got.Name != "Dr Claire Moreau" {
		t.Errorf("authenticate: %+v, %v", got, err)
	}
	for range 2 {
		if err := o.SignOut(cookie); err != nil {
			t.Errorf("sign out: %v", err)
		}
	}
	if _, err := o.Authenticate(cookie); !errors.Is(err, ErrSignedOut) {
		t.Errorf("after signing out: %v", err)
	}
	o.mustBeSignedIn(who.ID, false)
}

func (o *office) mustBeSignedIn(id consult.AccountID, want bool) {
	o.t.Helper()
	if got, err := o.SignedIn(id); err != nil || got != want {
		o.t.Errorf("signed in: %v, %v, want %v", got, err, want)
	}
}

func TestALinkIsUsedOnceAtOnce(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	link := o.mustLink(o.mustCreate("Dr A").ID)
	var good atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if _, _, err := o.SignIn(t.Context(), link, desk); err == nil {
				good.Add(1)
			} else if !errors.Is(err, consult.ErrBadTicket) {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if good.Load() != 1 {
		t.Errorf("used %d times", good.Load())
	}
}

func TestSecretsThatAreNotGood(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	who := o.mustCreate("Dr A")
	link, cookie := o.mustLink(who.ID), o.mustSignIn(who.ID)
	for name, secret := range map[string]string{
		"empty": "", "unknown": consult.NewSecret(), "long": link + "A", "path": "../v1/account", "cookie as link": cookie,
	} {
		if _, _, err := o.SignIn(t.Context(), secret, desk); !errors.Is(err, consult.ErrBadTicket) {
			t.Errorf("sign in, %s: %v", name, err)
		}
	}
	for name, secret := range map[string]string{"empty": "", "unknown": consult.NewSecret(), "long": cookie + "A", "link as cookie": link} {
		if _, err := o.Authenticate(secret); !errors.Is(err, ErrSignedOut) {
			t.Errorf("authenticate, %s: %v", name, err)
		}
		if err := o.SignOut(secret); err != nil {
			t.Errorf("sign out, %s: %v", name, err)
		}
	}
	o.forward(DefaultConfig().LinkLifetime)
	if _, _, err := o.SignIn(t.Context(), link, desk); !errors.Is(err, consult.ErrBadTicket) {
		t.Errorf("expired link: %v", err)
	}
	if _, err := o.Authenticate(cookie); err != nil {
		t.Errorf("signed in for a day: %v", err)
	}
	o.forward(DefaultConfig().SignInLifetime)
	if _, err := o.Authenticate(cookie); !errors.Is(err, ErrSignedOut) {
		t.Errorf("expired sign-in: %v", err)
	}
}

func TestOldSignInsGo(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	who := o.mustCreate("Dr A")
	cookies := make([]string, maxSignIns+2)
	for i := range cookies {
		cookies[i] = o.mustSignIn(who.ID)
	}
	for i, cookie := range cookies {
		_, err := o.Authenticate(cookie)
		if gone := i < 2; errors.Is(err, ErrSignedOut) != gone {
			t.Errorf("browser %d: %v, want gone: %v", i, err, gone)
		}
	}
	o.forward(DefaultConfig().SignInLifetime)
	o.mustSignIn(who.ID)
	left, err := o.store.Range("v1/sign-in/", "", 100)
	if err != nil || len(left) != 1 {
		t.Errorf("%d sign-ins are left, %v", len(left), err)
	}
}

func TestNames(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	who := o.mustCreate("  Dr A ")
	if who.Name != "Dr A" {
		t.Errorf("%q", who.Name)
	}
	for _, name := range []string{"", "  ", "a\x00", strings.Repeat("a", 101)} {
		if _, err := o.SetName(who.ID, name); consult.CodeOf(err) != consult.CodeBadMessage {
			t.Errorf("name %q: %v", name, err)
		}
		if _, err := o.Create(name, RolePractitioner); consult.CodeOf(err) != consult.CodeBadMessage {
			t.Errorf("create %q: %v", name, err)
		}
	}
	if _, err := o.Create("Dr B", "emperor"); consult.CodeOf(err) != consult.CodeBadMessage {
		t.Errorf("role: %v", err)
	}
	for _, id := range []consult.AccountID{"", consult.NewAccountID(), "a b"} {
		if _, err := o.SetName(id, "Dr B"); consult.CodeOf(err) != consult.CodeNotFound {
			t.Errorf("nobody %q: %v", id, err)
		}
		if _, err := o.NewSignInLink(id); consult.CodeOf(err) != consult.CodeNotFound {
			t.Errorf("link of nobody %q: %v", id, err)
		}
	}
}

func TestNothingReadableIsStoredOrLogged(t *testing.T) {
	o := newOffice(t, DefaultConfig())
	who := o.mustCreate("DrCanaryQuercus")
	link, cookie := o.mustLink(who.ID), o.mustSignIn(who.ID)
	raw, err := os.ReadFile(filepath.Join(o.dir, "store.db"))
	if err != nil {
		t.Fatal(err)
	}
	for _, canary := range []string{"Canary", link, cookie} {
		if bytes.Contains(raw, []byte(canary)) || strings.Contains(o.log.String(), canary) {
			t.Errorf("%q is in the store or in the log", canary)
		}
	}
	if !bytes.Contains(raw, []byte(who.ID)) {
		t.Error("the id is not in the store: this test looks at the wrong thing")
	}
}

func TestConfig(t *testing.T) {
	if err := DefaultConfig().Validate(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*Config){
		"name":    func(c *Config) { c.FirstName = "a\nb" },
		"link":    func(c *Config) { c.LinkLifetime = 0 },
		"sign-in": func(c *Config) { c.SignInLifetime = 1e18 },
	} {
		cfg := DefaultConfig()
		change(&cfg)
		if err := cfg.Validate(); err == nil {
			t.Errorf("%s: a bad value is taken", name)
		}
	}
}
