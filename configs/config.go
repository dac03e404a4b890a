package configs

import (
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/clientip"
	"github.com/colloque/colloque/consult/document"
	"github.com/colloque/colloque/consult/notify"
	"github.com/colloque/colloque/consult/outside"
	"github.com/colloque/colloque/consult/push"
	"github.com/colloque/colloque/signal"
	"github.com/colloque/colloque/turn"
)

// Config is everything that an operator may set. example.yaml documents each field and holds the defaults.
type Config struct {
	// Listen is the TCP address of the pages, the API and the websocket.
	Listen string `yaml:"listen"`
	// URL is how browsers reach this server; empty: made from Listen, TLS and Domain.
	URL string `yaml:"url"`
	// Domain is the server's name, when it has one.
	Domain string `yaml:"domain"`
	TLS    TLS    `yaml:"tls"`
	HTTP   HTTP   `yaml:"http"`
	// Data is the folder of the database and its key.
	Data     string         `yaml:"data"`
	Log      Log            `yaml:"log"`
	Metrics  Metrics        `yaml:"metrics"`
	Memory   Memory         `yaml:"memory"`
	Practice consult.Config `yaml:"practice"`
	Accounts account.Config `yaml:"accounts"`
	Notices  notify.Config  `yaml:"notices"`
	Media    Media          `yaml:"media"`
	Turn     turn.Config    `yaml:"turn"`
	Signal   signal.Config  `yaml:"signal"`

	Documents document.Config `yaml:"documents"`
	Push      push.Config     `yaml:"push"`
	Booking   booking.Config  `yaml:"booking"`
	Outside   outside.Config  `yaml:"outside"`
}

// TLS names the certificate files (PEM); both empty: plain HTTP, for localhost or behind a proxy that does TLS.
type TLS struct {
	Certificate string `yaml:"certificate"`
	Key         string `yaml:"key"`
}

// Enabled reports whether this server does TLS itself.
func (t TLS) Enabled() bool { return t.Certificate != "" }

// HTTP says who stands between browsers and this server.
type HTTP struct {
	// TrustedProxies are the operator's reverse proxies: from them, and from nobody else, X-Forwarded-For is read.
	TrustedProxies clientip.Proxies `yaml:"trusted_proxies"`
}

// Log says what is written to standard error.
type Log struct {
	Level  string `yaml:"level"`
	Format string `yaml:"format"`
}

// Metrics says who may read /metrics.
type Metrics struct {
	Allow []netip.Prefix `yaml:"allow"`
}

// Memory says how much of the machine's the server may use before it takes trouble to use less.
type Memory struct {
	// GCPercent is how far the heap may grow over what is in use before it is collected, in percent.
	GCPercent int `yaml:"gc_percent"`
	// LimitMiB is what the collector works harder to stay under; 0: three quarters of what there is.
	LimitMiB int `yaml:"limit_mib"`
}

// Limits of what makes sense: less than a tenth collects all the time.
const (
	minGCPercent = 10
	minLimitMiB  = 64
)

// Validate says in one line what to change.
func (m Memory) Validate() error {
	if m.GCPercent < minGCPercent {
		return fmt.Errorf("memory.gc_percent: %d is less than %d", m.GCPercent, minGCPercent)
	}
	if m.LimitMiB != 0 && m.LimitMiB < minLimitMiB {
		return fmt.Errorf("memory.limit_mib: %d is less than %d; 0 is three quarters of what there is", m.LimitMiB, minLimitMiB)
	}
	return nil
}

// Media is the one UDP port: media, STUN and TURN.
type Media struct {
	// Listen is the UDP address; an empty host means every address of the machine, IPv4 and IPv6.
	Listen string `yaml:"listen"`
	// Advertise are the addresses that browsers reach it at, when they are not the machine's own (NAT 1:1).
	Advertise []netip.Addr `yaml:"advertise"`
}

// Validate says in one line what to change.
func (m Media) Validate() error {
	if _, _, err := splitAddress("media.listen", m.Listen); err != nil {
		return err
	}
	for _, a := range m.Advertise {
		if a.IsUnspecified() || a.IsMulticast() {
			return fmt.Errorf("media.advertise: %s is not an address that browsers can reach", a)
		}
	}
	return nil
}

// Validate says in one line what to change.
func (c Config) Validate() error {
	if _, _, err := splitAddress("listen", c.Listen); err != nil {
		return err
	}
	if c.URL != "" {
		u, err := url.Parse(c.URL)
		if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.Trim(u.Path, "/") != "" {
			return fmt.Errorf("url: %q is not like https://visio.example.org, without a path", c.URL)
		}
	}
	if strings.ContainsAny(c.Domain, "/: ") {
		return fmt.Errorf("domain: %q is not a name like visio.example.org", c.Domain)
	}
	if (c.TLS.Certificate == "") != (c.TLS.Key == "") {
		return fmt.Errorf("tls: certificate and key go together; set both or neither")
	}
	if c.Data == "" {
		return fmt.Errorf("data: name a folder for the database, such as ./data")
	}
	if _, err := c.Log.level(); err != nil {
		return err
	}
	if c.Log.Format != "text" && c.Log.Format != "json" {
		return fmt.Errorf("log.format: %q is neither text nor json", c.Log.Format)
	}
	if err := c.Memory.Validate(); err != nil {
		return err
	}
	if err := c.Media.Validate(); err != nil {
		return err
	}
	if err := c.Practice.Validate(); err != nil {
		return fmt.Errorf("practice.%w", err)
	}
	if err := c.Accounts.Validate(); err != nil {
		return err
	}
	if err := c.Notices.Validate(); err != nil {
		return fmt.Errorf("notices.%w", err)
	}
	if err := c.Documents.Validate(); err != nil {
		return err
	}
	if err := c.Push.Validate(); err != nil {
		return err
	}
	if err := c.Booking.Validate(); err != nil {
		return err
	}
	if err := c.Outside.Validate(); err != nil {
		return err
	}
	return c.Signal.Validate() // turn.New validates Turn, once the media addresses are known
}

func splitAddress(field, addr string) (host string, port int, err error) {
	host, p, err := net.SplitHostPort(addr)
	if err == nil {
		port, err = strconv.Atoi(p)
	}
	if err != nil || port < 0 || port > 65535 {
		return "", 0, fmt.Errorf("%s: %q is not an address like localhost:8080 or :443", field, addr)
	}
	return host, port, nil
}

// BaseURL is how browsers reach this server, without a slash at the end, given the TCP port that it really listens on.
func (c Config) BaseURL(port int) string {
	if c.URL != "" {
		return strings.TrimSuffix(c.URL, "/")
	}
	scheme, usual := "http", 80
	if c.TLS.Enabled() {
		scheme, usual = "https", 443
	}
	host, _, _ := splitAddress("listen", c.Listen)
	switch ip, err := netip.ParseAddr(host); {
	case c.Domain != "":
		host = c.Domain
	case host == "", err == nil && (ip.IsUnspecified() || ip.IsLoopback()):
		host = "localhost"
	}
	if port == usual {
		if strings.Contains(host, ":") {
			host = "[" + host + "]"
		}
		return scheme + "://" + host
	}
	return scheme + "://" + net.JoinHostPort(host, strconv.Itoa(port))
}

// Secure reports whether browsers reach this server over TLS, its own or a proxy's.
func (c Config) Secure() bool { return c.TLS.Enabled() || strings.HasPrefix(c.URL, "https://") }

// DatabaseFile and KeyFile are where the store and the master key are.
func (c Config) DatabaseFile() string { return filepath.Join(c.Data, "colloque.db") }

// DocumentFolder is where the bytes of documents are, encrypted.
func (c Config) DocumentFolder() string { return filepath.Join(c.Data, "documents") }

// KeyFile is where the master key is. Without it the personal data in the database can't be read.
func (c Config) KeyFile() string { return filepath.Join(c.Data, "master.key") }

// ControlSocket is where a running server answers the operator's subcommands.
func (c Config) ControlSocket() string { return filepath.Join(c.Data, "control.sock") }
