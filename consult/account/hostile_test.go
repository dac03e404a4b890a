package account

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/colloque/colloque/consult"
)

// hostileProvider is an identity provider that answers as a test wants, with a real signature.
type hostileProvider struct {
	*httptest.Server
	t   *testing.T
	key *rsa.PrivateKey

	mu       sync.Mutex // guards the following
	nonce    string
	asked    url.Values // of the authorization request
	exchange url.Values // of the token request
	now      time.Time

	document func(map[string]any)                             // changes the discovery document
	claims   func(map[string]any)                             // changes the ID token
	sign     func(payload []byte) string                      // makes the ID token; nil: RS256 with the key in the set
	tokens   func(w http.ResponseWriter, idToken string) bool // answers itself
	keys     func(w http.ResponseWriter) bool                 // answers itself
	discover func(w http.ResponseWriter, r *http.Request) bool
	wrote    atomic.Int64 // bytes of an answer without end that somebody took
}

func newHostileProvider(t *testing.T) *hostileProvider {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	p := &hostileProvider{t: t, key: key, now: t0}
	mux := http.NewServeMux()
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, r *http.Request) {
		if p.discover != nil && p.discover(w, r) {
			return
		}
		d := map[string]any{
			"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"}, "response_types_supported": []string{"code"}, "subject_types_supported": []string{"public"},
		}
		if p.document != nil {
			p.document(d)
		}
		answerJSON(w, d)
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		if p.keys != nil && p.keys(w) {
			return
		}
		answerJSON(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: &key.PublicKey, KeyID: "k1", Algorithm: "RS256", Use: "sig"}}})
	})
	mux.HandleFunc("/token", func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil {
			t.Error(err)
		}
		p.mu.Lock()
		p.exchange = r.PostForm
		claims := map[string]any{
			"iss": p.URL, "sub": "1042", "aud": "colloque", "iat": p.now.Unix(), "exp": p.now.Add(time.Minute).Unix(), "nonce": p.nonce,
			"email": "claire@example.org", "email_verified": true,
		}
		p.mu.Unlock()
		if p.claims != nil {
			p.claims(claims)
		}
		payload, err := json.Marshal(claims)
		if err != nil {
			t.Error(err)
		}
		idToken := ""
		if p.sign != nil {
			idToken = p.sign(payload)
		} else {
			idToken = p.signed(payload, p.key, "k1")
		}
		if p.tokens == nil || !p.tokens(w, idToken) {
			answerJSON(w, map[string]any{"access_token": "x", "token_type": "Bearer", "id_token": idToken})
		}
	})
	p.Server = httptest.NewServer(mux)
	t.Cleanup(p.Close)
	return p
}

func answerJSON(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (p *hostileProvider) signed(payload []byte, key any, id string) string {
	algorithm := jose.RS256
	if _, symmetric := key.([]byte); symmetric {
		algorithm = jose.HS256
	}
	options := (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", id)
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, options)
	if err != nil {
		p.t.Fatal(err)
	}
	object, err := signer.Sign(payload)
	if err != nil {
		p.t.Fatal(err)
	}
	token, err := object.CompactSerialize()
	if err != nil {
		p.t.Fatal(err)
	}
	return token
}

// office is a practice that trusts this provider, with Claire, whom it finds by her mail address.
func (p *hostileProvider) office() *office {
	p.t.Helper()
	cfg := DefaultConfig()
	cfg.Providers = []ProviderConfig{{ID: "house", Name: "House", Issuer: p.URL, ClientID: "colloque", ClientSecret: "s", MatchMail: true}}
	o := newOffice(p.t, cfg)
	mail := "claire@example.org"
	if _, err := o.Update(o.mustCreate("Claire").ID, Change{Mail: &mail}); err != nil {
		p.t.Fatal(err)
	}
	return o
}

// setOut sends a browser to the provider: what it keeps, and the state that it comes back with.
func (p *hostileProvider) setOut(o *office) (keep, state string, err error) {
	address, keep, err := o.VisitProvider(p.t.Context(), "house", IntentSignIn, "")
	if err != nil {
		return "", "", err
	}
	u, err := url.Parse(address)
	if err != nil {
		p.t.Fatal(err)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.asked, p.nonce = u.Query(), u.Query().Get("nonce")
	return keep, p.asked.Get("state"), nil
}

func (p *hostileProvider) comeBack(o *office, keep, state string) (Return, error) {
	return o.ReturnFromProvider(p.t.Context(), "house", keep, state, "code", "", desk)
}

func set(name string, value any) func(map[string]any) {
	return func(m map[string]any) { m[name] = value }
}

// TestProviderThatIsGood is the way that the next test breaks at each step.
func TestProviderThatIsGood(t *testing.T) {
	p := newHostileProvider(t)
	o := p.office()
	keep, state, err := p.setOut(o)
	if err != nil {
		t.Fatal(err)
	}
	got, err := p.comeBack(o, keep, state)
	if err != nil || got.Who.Name != "Claire" || got.Cookie == "" {
		t.Fatalf("%+v, %v", got, err)
	}
	// RFC 7636: the challenge goes with the browser, and what it is made of with the code.
	if p.asked.Get("code_challenge_method") != "S256" || p.asked.Get("code_challenge") == "" || len(p.exchange.Get("code_verifier")) < 43 {
		t.Errorf("no PKCE: %v, %v", p.asked, p.exchange)
	}
	if strings.Contains(p.asked.Encode(), p.exchange.Get("code_verifier")) {
		t.Error("the verifier went with the browser")
	}
}

// TestHostileProvider: a provider, or who stands between, that answers wrongly gets nobody in, and its answer is in no log.
func TestHostileProvider(t *testing.T) {
	other, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	unsigned := func(payload []byte) string {
		encode := base64.RawURLEncoding.EncodeToString
		return encode([]byte(`{"alg":"none","typ":"JWT"}`)) + "." + encode(payload) + "."
	}
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("somebody else's server was asked") }))
	t.Cleanup(elsewhere.Close)
	toElsewhere := func(w http.ResponseWriter) bool {
		w.Header().Set("Location", elsewhere.URL+"/token")
		w.WriteHeader(http.StatusTemporaryRedirect) // with the body, and the secret in it
		return true
	}
	huge := func(p *hostileProvider, w http.ResponseWriter) bool {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"issuer":"`))
		filler := []byte(strings.Repeat("x", 64<<10))
		for range 512 { // 32 MiB
			if _, err := w.Write(filler); err != nil {
				return true
			}
			p.wrote.Add(int64(len(filler)))
		}
		_, _ = w.Write([]byte(`"}`))
		return true
	}
	claims := func(change func(map[string]any)) func(*hostileProvider) {
		return func(p *hostileProvider) { p.claims = change }
	}
	tests := map[string]func(*hostileProvider){
		"another issuer in the token":    claims(set("iss", "https://evil.example")),
		"for somebody else":              claims(set("aud", "another")),
		"for nobody":                     claims(func(m map[string]any) { delete(m, "aud") }),
		"another nonce":                  claims(set("nonce", "x")),
		"no nonce":                       claims(func(m map[string]any) { delete(m, "nonce") }),
		"no subject":                     claims(set("sub", "")),
		"expired":                        claims(set("exp", t0.Add(-time.Hour).Unix())),
		"without an end":                 claims(func(m map[string]any) { delete(m, "exp") }),
		"not valid yet":                  claims(set("nbf", t0.Add(time.Hour).Unix())),
		"claims of the wrong kind":       claims(set("email_verified", map[string]any{"a": 1})),
		"mail address not verified":      claims(set("email_verified", false)),
		"no mail address":                claims(func(m map[string]any) { delete(m, "email") }),
		"alg none":                       func(p *hostileProvider) { p.sign = unsigned },
		"signed with another key":        func(p *hostileProvider) { p.sign = func(b []byte) string { return p.signed(b, other, "k1") } },
		"signed with a key nobody knows": func(p *hostileProvider) { p.sign = func(b []byte) string { return p.signed(b, other, "k2") } },
		"the public key as a password": func(p *hostileProvider) {
			p.sign = func(b []byte) string { return p.signed(b, p.key.N.Bytes(), "k1") }
		},
		"the client's secret as a key": func(p *hostileProvider) {
			p.sign = func(b []byte) string { return p.signed(b, []byte(strings.Repeat("s", 32)), "k1") }
		},
		"no ID token":      func(p *hostileProvider) { p.sign = func([]byte) string { return "" } },
		"not a token":      func(p *hostileProvider) { p.sign = func([]byte) string { return "a.b.c" } },
		"a token of 3 MiB": func(p *hostileProvider) { p.claims = set("more", strings.Repeat("x", 3<<20)) },
		"tokens elsewhere": func(p *hostileProvider) {
			p.tokens = func(w http.ResponseWriter, _ string) bool { return toElsewhere(w) }
		},
		"keys elsewhere":   func(p *hostileProvider) { p.keys = toElsewhere },
		"keys without end": func(p *hostileProvider) { p.keys = func(w http.ResponseWriter) bool { return huge(p, w) } },
		"tokens without end": func(p *hostileProvider) {
			p.tokens = func(w http.ResponseWriter, _ string) bool { return huge(p, w) }
		},
		"no keys": func(p *hostileProvider) {
			p.keys = func(w http.ResponseWriter) bool { answerJSON(w, map[string]any{"keys": []any{}}); return true }
		},
		"the code refused": func(p *hostileProvider) {
			p.tokens = func(w http.ResponseWriter, _ string) bool {
				w.Header().Set("Content-Type", "application/json")
				w.WriteHeader(http.StatusBadRequest)
				_, _ = w.Write([]byte(`{"error":"invalid_grant","error_description":"canary used twice"}`))
				return true
			}
		},
		"a document of another issuer": func(p *hostileProvider) { p.document = set("issuer", "https://evil.example") },
		"a document that names nothing": func(p *hostileProvider) {
			p.document = func(m map[string]any) { maps.DeleteFunc(m, func(string, any) bool { return true }) }
		},
		"a document without end": func(p *hostileProvider) {
			p.discover = func(w http.ResponseWriter, _ *http.Request) bool { return huge(p, w) }
		},
		"a document elsewhere": func(p *hostileProvider) {
			p.discover = func(w http.ResponseWriter, _ *http.Request) bool { return toElsewhere(w) }
		},
		"a page instead of a document": func(p *hostileProvider) {
			p.discover = func(w http.ResponseWriter, _ *http.Request) bool { _, _ = w.Write([]byte("<html>")); return true }
		},
	}
	for name, hostile := range tests {
		t.Run(name, func(t *testing.T) {
			p := newHostileProvider(t)
			hostile(p)
			o := p.office()
			before := o.store.Revision()
			keep, state, err := p.setOut(o)
			if err == nil {
				var got Return
				got, err = p.comeBack(o, keep, state)
				if got.Cookie != "" {
					t.Error("somebody got in")
				}
			}
			if err == nil {
				t.Fatal("it was believed")
			}
			if own := (*consult.Error)(nil); !errors.As(err, &own) {
				t.Errorf("%v is for no page", err)
			}
			p.Close()                            // waits until nothing is written any more
			if n := p.wrote.Load(); n > 16<<20 { // what was taken, and what lies in the sockets' buffers
				t.Errorf("%d bytes were taken", n)
			}
			if now := o.store.Revision(); now != before {
				t.Errorf("%d things were written", now-before)
			}
			for _, secret := range []string{"canary", "claire@", p.nonce, "eyJ"} {
				if secret != "" && strings.Contains(o.log.String(), secret) {
					t.Errorf("%q is in the log: %s", secret, o.log.String())
				}
			}
		})
	}
}

// TestVisitsAreGoodOnce: what a browser kept, and what it came back with, work together and once.
func TestVisitsAreGoodOnce(t *testing.T) {
	p := newHostileProvider(t)
	o := p.office()
	must := func() (string, string) {
		t.Helper()
		keep, state, err := p.setOut(o)
		if err != nil {
			t.Fatal(err)
		}
		return keep, state
	}
	victim, _ := must()
	keep, state := must()
	for name, try := range map[string][2]string{
		"another's state":       {keep, "x"},
		"no state":              {keep, ""},
		"somebody else's visit": {victim, state},
		"nothing kept":          {"", state},
		"nonsense kept":         {"x" + keep, state},
	} {
		if got, err := p.comeBack(o, try[0], try[1]); err == nil || got.Cookie != "" {
			t.Errorf("%s: %+v, %v", name, got, err)
		}
	}
	if p.exchange != nil {
		t.Error("the provider was asked in the name of a visit that is none")
	}
	if _, err := p.comeBack(o, keep, state); err != nil {
		t.Fatal(err)
	}
	if got, err := p.comeBack(o, keep, state); err == nil || got.Cookie != "" {
		t.Errorf("a second time: %+v, %v", got, err)
	}
	keep, state = must()
	o.forward(VisitLifetime + time.Second)
	if got, err := p.comeBack(o, keep, state); err == nil || got.Cookie != "" {
		t.Errorf("too late: %+v, %v", got, err)
	}
}

// TestSlowProvider: a provider that says nothing is given up, and somebody else's sign-in does not wait behind it for longer than that.
func TestSlowProvider(t *testing.T) {
	p := newHostileProvider(t)
	quiet := make(chan struct{})
	t.Cleanup(func() { close(quiet) })
	p.discover = func(http.ResponseWriter, *http.Request) bool { <-quiet; return true }
	o := p.office()
	o.providers[0].client.Timeout = time.Second
	began := time.Now()
	var all sync.WaitGroup
	for range 5 {
		all.Go(func() {
			if _, _, err := p.setOut(o); !errors.Is(err, errProviderDown) {
				t.Errorf("%v", err)
			}
		})
	}
	all.Wait()
	if took := time.Since(began); took > 4*time.Second { // 5 s behind one another
		t.Errorf("five people waited %s behind one another", took)
	}
}

// TestLeaveProvider: a browser that signed in by a provider is told where to sign out there, if the provider has such a place.
func TestLeaveProvider(t *testing.T) {
	for name, test := range map[string]struct{ offered, want string }{
		"offered":          {"https://login.example.org/end?a=1", "https://login.example.org/end?a=1&client_id=colloque&post_logout_redirect_uri=https%3A%2F%2Fvisio.example.org%2F"},
		"not offered":      {"", ""},
		"in the clear":     {"http://login.example.org/end", ""},
		"not an address":   {"javascript:alert(1)", ""},
		"not even a place": {"https://", ""},
	} {
		t.Run(name, func(t *testing.T) {
			p := newHostileProvider(t)
			p.document = func(m map[string]any) {
				if test.offered != "" {
					m["end_session_endpoint"] = test.offered
				}
			}
			o := p.office()
			keep, state, err := p.setOut(o)
			if err != nil {
				t.Fatal(err)
			}
			in, err := p.comeBack(o, keep, state)
			if err != nil {
				t.Fatal(err)
			}
			if actor, err := o.ActorByCookie(in.Cookie); err != nil || actor.Provider != "house" {
				t.Errorf("%+v, %v", actor.Provider, err)
			}
			if actor, err := o.ActorByCookie(o.mustSignIn(in.Who.ID)); err != nil || actor.Provider != "" {
				t.Errorf("by a link: %q, %v", actor.Provider, err)
			}
			if got, err := o.LeaveProvider(t.Context(), "house"); err != nil || got != test.want {
				t.Errorf("%q, %v; want %q", got, err, test.want)
			}
			if _, err := o.LeaveProvider(t.Context(), "nowhere"); !errors.Is(err, errNoProvider) {
				t.Errorf("%v", err)
			}
		})
	}
}
