package notify

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"time"
)

// GatewayConfig describes a gateway for text messages: how it is told of one, how its answer reads, and how its delivery reports
// read. A preset fills in what is left empty; Settings is what a preset needs to know (keys, a sender).
type GatewayConfig struct {
	Name     string            `yaml:"name"`   // letters, figures and dashes; part of the address that takes its reports
	Preset   string            `yaml:"preset"` // ovh, twilio, smsmode, swisscom; "": all is described here
	Settings map[string]string `yaml:"settings"`
	Prefixes []string          `yaml:"prefixes"` // of the numbers it serves: "+33", or "!+33700" for not; none: all

	// The request. URL, headers and body are templates: see message in gateway.go for what they may name.
	URL     string            `yaml:"url"`
	Method  string            `yaml:"method"`
	Headers map[string]string `yaml:"headers"`
	Body    string            `yaml:"body"`
	Timeout time.Duration     `yaml:"timeout"`

	Success    SuccessConfig `yaml:"success"`
	MessageID  string        `yaml:"message_id"` // where in the answer the gateway says what it calls the message
	Retry      []int         `yaml:"retry"`      // statuses that mean: not taken, try later
	Idempotent bool          `yaml:"idempotent"` // it knows {{.ID}} and takes the same one only once: a doubtful one may be sent again
	Report     ReportConfig  `yaml:"report"`
}

// SuccessConfig says which answers mean that the gateway has taken the message.
type SuccessConfig struct {
	Status []int  `yaml:"status"`
	Source string `yaml:"source"` // where to look besides, "json:validReceivers.0"; "": nowhere
	Match  string `yaml:"match"`  // regular expression; "": it must be there
}

// ReportConfig says how a delivery report reads. No Method: the gateway sends none.
type ReportConfig struct {
	Method    string `yaml:"method"`     // POST, PUT or GET
	MessageID string `yaml:"message_id"` // where: json:a.b.0, form:name, query:name or header:name
	State     string `yaml:"state"`      // where
	Delivered string `yaml:"delivered"`  // regular expression of states
	Failed    string `yaml:"failed"`     // regular expression of states; what is neither changes nothing
}

// message is what the templates of a gateway may name.
type message struct {
	To        string            // +33639980010
	Digits    string            // 33639980010
	Text      string            // what is said
	UCS2      bool              // the text needs the 16-bit alphabet
	ID        string            // of the notice; the same whenever the same one is sent
	ReportURL string            // where reports are taken
	Set       map[string]string // Settings
	Timestamp int64             // seconds since 1970

	// In headers only: what has been made already, in order to sign it.
	Method, URL, Body string
}

// gateway is a GatewayConfig that was checked and prepared. It is read-only.
type gateway struct {
	cfg                      GatewayConfig
	set                      map[string]string
	url                      *template.Template
	headers                  map[string]*template.Template
	body                     *template.Template
	match, delivered, failed *regexp.Regexp
	client                   *http.Client
}

const defaultGatewayTimeout = 20 * time.Second

// newGateway says in one line what cannot work.
func newGateway(c GatewayConfig) (*gateway, error) {
	c, err := withPreset(c)
	if err != nil {
		return nil, err
	}
	if !regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,31}$`).MatchString(c.Name) {
		return nil, fmt.Errorf("name %q: 1 to 32 small letters, figures and dashes", c.Name)
	}
	if err := c.validate(); err != nil {
		return nil, err
	}
	g := &gateway{cfg: c, headers: map[string]*template.Template{}}
	if g.set, err = readSettings(c.Settings); err != nil {
		return nil, err
	}
	if g.url, err = parseRequest("url", c.URL); err != nil {
		return nil, err
	}
	if g.body, err = parseRequest("body", c.Body); err != nil {
		return nil, err
	}
	for name, text := range c.Headers {
		if g.headers[name], err = parseRequest("headers."+name, text); err != nil {
			return nil, err
		}
	}
	for _, e := range []struct {
		field, text string
		to          **regexp.Regexp
	}{{"success.match", c.Success.Match, &g.match}, {"report.delivered", c.Report.Delivered, &g.delivered}, {"report.failed", c.Report.Failed, &g.failed}} {
		if *e.to, err = regexp.Compile(e.text); err != nil {
			return nil, fmt.Errorf("%s: %w", e.field, err)
		}
	}
	g.client = newGatewayClient(c.Timeout)
	sample := message{To: "+33639980010", Text: "test", ID: "n_test", ReportURL: "https://example.org/report"}
	if _, err := g.request(sample); err != nil {
		return nil, err
	}
	return g, nil
}

func (c GatewayConfig) validate() error {
	for _, prefix := range c.Prefixes {
		if !regexp.MustCompile(`^!?\+[0-9]{0,15}$`).MatchString(prefix) {
			return fmt.Errorf("prefixes: %q is not like +33 or !+33700", prefix)
		}
	}
	if !slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodGet}, c.Method) {
		return fmt.Errorf("method %q: must be POST, PUT or GET", c.Method)
	}
	if c.Report.Method != "" && !slices.Contains([]string{http.MethodPost, http.MethodPut, http.MethodGet}, c.Report.Method) {
		return fmt.Errorf("report.method %q: must be POST, PUT or GET", c.Report.Method)
	}
	for field, source := range map[string]string{
		"success.source": c.Success.Source, "message_id": c.MessageID, "report.message_id": c.Report.MessageID, "report.state": c.Report.State,
	} {
		if err := checkSource(source); err != nil {
			return fmt.Errorf("%s: %w", field, err)
		}
	}
	if c.Report.Method != "" && (c.Report.MessageID == "" || c.Report.State == "" || c.Report.Delivered == "" || c.MessageID == "") {
		return errors.New("report: needs message_id and report.message_id, report.state, report.delivered")
	}
	return nil
}

// serves decides by the longest prefix of the number that is named; one that none names is served only when all prefixes that
// there are exclude.
func (c GatewayConfig) serves(phone string) bool {
	best, served, includes := -1, false, false
	for _, p := range c.Prefixes {
		prefix, excluded := strings.CutPrefix(p, "!")
		includes = includes || !excluded
		if strings.HasPrefix(phone, prefix) && len(prefix) > best {
			best, served = len(prefix), !excluded
		}
	}
	if best >= 0 {
		return served
	}
	return !includes
}

// readSettings reads what is in files: a value "file:/run/credentials/sms-key" keeps a secret out of the configuration.
func readSettings(settings map[string]string) (map[string]string, error) {
	read := make(map[string]string, len(settings))
	for name, value := range settings {
		if file, ok := strings.CutPrefix(value, "file:"); ok {
			b, err := os.ReadFile(file)
			if err != nil {
				return nil, fmt.Errorf("settings.%s: %w", name, err)
			}
			value = strings.TrimSpace(string(b))
		}
		read[name] = value
	}
	return read, nil
}

// parseRequest prepares a template of the operator's, who describes a foreign interface: it may sign and encode.
func parseRequest(field, text string) (*template.Template, error) {
	t, err := template.New(field).Option("missingkey=error").Funcs(template.FuncMap{
		"json": func(v any) (string, error) {
			var b bytes.Buffer
			encoder := json.NewEncoder(&b)
			encoder.SetEscapeHTML(false)
			err := encoder.Encode(v)
			return strings.TrimSuffix(b.String(), "\n"), err
		},
		"query":  url.QueryEscape,
		"base64": func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
		"sha1":   func(s string) string { sum := sha1.Sum([]byte(s)); return hex.EncodeToString(sum[:]) },
		"hmac256": func(key, s string) string {
			mac := hmac.New(sha256.New, []byte(key))
			mac.Write([]byte(s))
			return hex.EncodeToString(mac.Sum(nil))
		},
	}).Parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", field, err)
	}
	return t, nil
}

// request makes the HTTP request for a message.
func (g *gateway) request(m message) (*http.Request, error) {
	m.Digits, m.Set, m.Method = strings.TrimPrefix(m.To, "+"), g.set, g.cfg.Method
	var address, body strings.Builder
	if err := g.url.Execute(&address, m); err != nil {
		return nil, fmt.Errorf("url: %w", missingSetting(err))
	}
	if err := g.body.Execute(&body, m); err != nil {
		return nil, fmt.Errorf("body: %w", missingSetting(err))
	}
	m.URL, m.Body = strings.TrimSpace(address.String()), strings.TrimSpace(body.String())
	if err := checkGatewayURL(m.URL); err != nil {
		return nil, err
	}
	r, err := http.NewRequest(m.Method, m.URL, strings.NewReader(m.Body))
	if err != nil {
		return nil, fmt.Errorf("url: %w", err)
	}
	for name, t := range g.headers {
		var value strings.Builder
		if err := t.Execute(&value, m); err != nil {
			return nil, fmt.Errorf("headers.%s: %w", name, missingSetting(err))
		}
		// Spelled as it was written: some gateways tell client_id from Client_id.
		r.Header[name] = []string{strings.TrimSpace(value.String())}
	}
	return r, nil
}

// missingSetting makes one plain sentence of what text/template says about a key that is not there.
func missingSetting(err error) error {
	if found := regexp.MustCompile(`map has no entry for key "([^"]+)"`).FindStringSubmatch(err.Error()); found != nil {
		return fmt.Errorf("settings: %s is missing", found[1])
	}
	return err
}

// checkGatewayURL keeps phone numbers and keys from going in the clear over a network.
func checkGatewayURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" {
		return errors.New("url: it is not an address such as https://sms.example.org/send")
	}
	ip, err := netip.ParseAddr(u.Hostname())
	local := u.Hostname() == "localhost" || err == nil && (ip.IsLoopback() || ip.IsPrivate())
	if u.Scheme == "https" || u.Scheme == "http" && local {
		return nil
	}
	return errors.New("url: it must be https, unless the gateway is on this network")
}

// newGatewayClient follows no redirection: what was sent to one address is not told to another.
func newGatewayClient(timeout time.Duration) *http.Client {
	return &http.Client{
		Timeout:       timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 10 * time.Second}).DialContext,
			TLSHandshakeTimeout:   10 * time.Second,
			IdleConnTimeout:       30 * time.Second,
			MaxIdleConnsPerHost:   senders,
			ForceAttemptHTTP2:     true,
			ResponseHeaderTimeout: timeout,
		},
	}
}
