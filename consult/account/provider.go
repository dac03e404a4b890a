package account

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/oauth2"
)

// ProviderConfig is an identity provider that people may sign in with: OpenID Connect Core 1.0, the code flow with PKCE.
type ProviderConfig struct {
	ID           string   `yaml:"id"`            // a word for addresses: "psc"
	Name         string   `yaml:"name"`          // on the button: "Pro Santé Connect"
	Preset       string   `yaml:"preset"`        // "", "pro-sante-connect" or "pro-sante-connect-test"
	Issuer       string   `yaml:"issuer"`        // "https://login.example.org"
	ClientID     string   `yaml:"client_id"`     // as registered there, with the redirect URI <our url>/provider/<id>/back
	ClientSecret string   `yaml:"client_secret"` // secret
	Scopes       []string `yaml:"scopes"`        // besides openid
	ACR          string   `yaml:"acr"`           // the level of assurance to ask for, and to insist on; "" for none
	Prompt       string   `yaml:"prompt"`        // "login": asks anew each time, for computers that several people use
	Endpoint     string   `yaml:"endpoint"`      // of authorization, when it is another than the provider's document says
	MatchMail    bool     `yaml:"match_mail"`    // an account with the mail address that the provider has verified is this person's
}

// presets is what is known of some providers.
func presets() map[string]ProviderConfig {
	psc := func(name, auth, wallet string) ProviderConfig {
		return ProviderConfig{
			ID: "psc", Name: name, Issuer: auth + "/auth/realms/esante-wallet", Endpoint: wallet + "/auth",
			Scopes: []string{"scope_all"}, ACR: "eidas1", Prompt: "login",
		}
	}
	return map[string]ProviderConfig{
		"pro-sante-connect":      psc("Pro Santé Connect", "https://auth.esw.esante.gouv.fr", "https://wallet.esw.esante.gouv.fr"),
		"pro-sante-connect-test": psc("Pro Santé Connect (test)", "https://auth.bas.psc.esante.gouv.fr", "https://wallet.bas.psc.esante.gouv.fr"),
	}
}

// filled returns the configuration with what its preset says where nothing is said.
func (c ProviderConfig) filled() ProviderConfig {
	preset, ok := presets()[c.Preset]
	if !ok {
		return c
	}
	for _, field := range []struct {
		into *string
		from string
	}{{&c.ID, preset.ID}, {&c.Name, preset.Name}, {&c.Issuer, preset.Issuer}, {&c.ACR, preset.ACR}, {&c.Prompt, preset.Prompt}, {&c.Endpoint, preset.Endpoint}} {
		if *field.into == "" {
			*field.into = field.from
		}
	}
	if len(c.Scopes) == 0 {
		c.Scopes = preset.Scopes
	}
	return c
}

// validate says in one line what cannot work. Tests and laboratories may have a provider on localhost without TLS.
func (c ProviderConfig) validate() error {
	if _, ok := presets()[c.Preset]; c.Preset != "" && !ok {
		return fmt.Errorf("preset %q: there is pro-sante-connect and pro-sante-connect-test", c.Preset)
	}
	c = c.filled()
	if c.ID == "" || len(c.ID) > 20 || len(c.ID) != len(url.PathEscape(c.ID)) {
		return fmt.Errorf("id %q: give it a short word of letters and digits", c.ID)
	}
	if c.Name == "" || c.ClientID == "" {
		return fmt.Errorf("%s: name and client_id are needed", c.ID)
	}
	for _, address := range []string{c.Issuer, c.Endpoint} {
		u, err := url.Parse(address)
		local := err == nil && isLocal(u)
		if address != "" && (err != nil || u.Host == "" || u.Scheme != "https" && !local) {
			return fmt.Errorf("%s: %q must be an https address", c.ID, address)
		}
	}
	if c.Issuer == "" {
		return fmt.Errorf("%s: issuer is needed", c.ID)
	}
	return nil
}

// isLocal says that an address is one of this machine, in the clear.
func isLocal(u *url.URL) bool {
	return u.Scheme == "http" && slices.Contains([]string{"localhost", "127.0.0.1", "::1"}, u.Hostname())
}

// providerTimeout bounds a request to a provider.
const providerTimeout = 10 * time.Second

// provider is an identity provider. What it says of itself is fetched when somebody first signs in with it, so that the server starts
// without it.
type provider struct {
	cfg    ProviderConfig
	client *http.Client

	mu    sync.Mutex // guards the following
	known *oidc.Provider
}

// maxProviderAnswer bounds what is read of one answer of a provider, in bytes: keys and tokens are some kilobytes.
const maxProviderAnswer = 1 << 20

var (
	errElsewhere error = errors.New("account: the provider sends us to another host")
	errTooLong   error = errors.New("account: the provider's answer is too long")
)

func newProvider(cfg ProviderConfig) *provider {
	return &provider{cfg: cfg.filled(), client: &http.Client{
		Timeout: providerTimeout, Transport: bounded{http.DefaultTransport}, CheckRedirect: staysThere,
	}}
}

// staysThere follows a provider within its host only: a request for tokens holds our secret and the code, and 307 would take them along.
func staysThere(next *http.Request, before []*http.Request) error {
	if first := before[0].URL; next.URL.Host != first.Host || next.URL.Scheme != first.Scheme || len(before) > 3 {
		return errElsewhere
	}
	return nil
}

// bounded reads at most maxProviderAnswer of an answer.
type bounded struct{ http.RoundTripper }

// RoundTrip is http.RoundTripper's.
func (b bounded) RoundTrip(r *http.Request) (*http.Response, error) {
	answer, err := b.RoundTripper.RoundTrip(r)
	if err == nil {
		answer.Body = &boundedBody{answer.Body, maxProviderAnswer}
	}
	return answer, err
}

type boundedBody struct {
	io.ReadCloser
	left int
}

// Read fails with errTooLong where an answer should have ended.
func (b *boundedBody) Read(into []byte) (int, error) {
	n, err := b.ReadCloser.Read(into)
	if b.left -= n; b.left < 0 {
		return 0, errTooLong
	}
	return n, err
}

// discovered returns the provider's document (OpenID Connect Discovery 1.0 §4). A failure is not remembered. Nobody waits for somebody
// else's question: of several at once, any answer is as good.
func (p *provider) discovered(ctx context.Context) (*oidc.Provider, error) {
	p.mu.Lock()
	known := p.known
	p.mu.Unlock()
	if known != nil {
		return known, nil
	}
	// The keys are fetched later, in the name of this context: it must not end with the request.
	known, err := oidc.NewProvider(oidc.ClientContext(context.WithoutCancel(ctx), p.client), p.cfg.Issuer)
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.known = known
	return known, nil
}

func (p *provider) oauth(known *oidc.Provider, back string) *oauth2.Config {
	endpoint := known.Endpoint()
	if p.cfg.Endpoint != "" {
		endpoint.AuthURL = p.cfg.Endpoint
	}
	return &oauth2.Config{
		ClientID: p.cfg.ClientID, ClientSecret: p.cfg.ClientSecret, Endpoint: endpoint, RedirectURL: back,
		Scopes: append([]string{oidc.ScopeOpenID}, p.cfg.Scopes...),
	}
}
