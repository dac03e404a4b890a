package notify

import (
	"crypto/x509"
	"fmt"
	"net/mail"
	"os"
	"slices"
	"time"
)

// Config says how notices leave the house. By default they do not: links are handed over.
type Config struct {
	Mail MailConfig    `yaml:"mail"`
	SMS  SMSConfig     `yaml:"sms"`
	Keep time.Duration `yaml:"keep"` // how long it is kept what became of a notice; default 90 days
}

// TLS of MailConfig.
const (
	TLSStart    = "starttls" // the connection begins in the clear and must turn to TLS (RFC 3207)
	TLSImplicit = "implicit" // TLS from the first byte (RFC 8314)
	TLSNone     = "none"     // in the clear: for a mail server on this machine or this network
)

// MailConfig is the mail server that takes our mails.
type MailConfig struct {
	Host     string `yaml:"host"` // "": no mail is sent
	Port     int    `yaml:"port"`
	TLS      string `yaml:"tls"`
	CA       string `yaml:"ca"` // PEM file of the authority that signed the server's certificate; "": those of the system
	Username string `yaml:"username"`
	Password string `yaml:"password"`
	From     string `yaml:"from"`     // address; the practice's name is put before it
	ReplyTo  string `yaml:"reply_to"` // address; "": none

	Bounces BouncesConfig `yaml:"bounces"`
}

// BouncesConfig is the mailbox (IMAP) that mails to MailConfig.From arrive in, where reports about mails that could not be delivered are
// looked for. Nothing else in it is touched.
type BouncesConfig struct {
	Host     string        `yaml:"host"` // "": nobody looks
	Port     int           `yaml:"port"`
	TLS      string        `yaml:"tls"`
	CA       string        `yaml:"ca"` // as MailConfig.CA
	Username string        `yaml:"username"`
	Password string        `yaml:"password"`
	Mailbox  string        `yaml:"mailbox"`
	Every    time.Duration `yaml:"every"`
}

func (c BouncesConfig) configured() bool { return c.Host != "" }

// The bounds of BouncesConfig.Every.
const (
	MinBouncesEvery = 10 * time.Second
	MaxBouncesEvery = 24 * time.Hour
)

// Validate says in one line what cannot work.
func (c BouncesConfig) Validate() error {
	if !c.configured() {
		return nil
	}
	switch {
	case c.Port < 1 || c.Port > 65535:
		return fmt.Errorf("port %d: must be 1 to 65535; 993 for implicit, 143 for starttls", c.Port)
	case !slices.Contains([]string{TLSStart, TLSImplicit, TLSNone}, c.TLS):
		return fmt.Errorf("tls %q: must be starttls, implicit or none", c.TLS)
	case c.Username == "" || c.Password == "":
		return fmt.Errorf("username and mail.bounces.password are both needed to read a mailbox")
	case c.Mailbox == "":
		return fmt.Errorf("mailbox: give it a name; the one that mails arrive in is INBOX")
	case c.Every < MinBouncesEvery || c.Every > MaxBouncesEvery:
		return fmt.Errorf("every %s: must be %s to %s", c.Every, MinBouncesEvery, MaxBouncesEvery)
	}
	_, err := authorities(c.CA)
	return err
}

func (c MailConfig) configured() bool { return c.Host != "" }

// SMSConfig is the gateways for text messages, in the order in which they are tried.
type SMSConfig struct {
	QuietHours QuietHours      `yaml:"quiet_hours"`
	Gateways   []GatewayConfig `yaml:"gateways"` // none: no text messages are sent
}

func (c SMSConfig) serves(phone string) bool {
	return slices.ContainsFunc(c.Gateways, func(g GatewayConfig) bool { return g.serves(phone) })
}

// The bounds of Config.Keep.
const (
	MinKeep = 24 * time.Hour
	MaxKeep = 3 * 366 * 24 * time.Hour
)

// DefaultConfig sends nothing.
func DefaultConfig() Config {
	return Config{
		Mail: MailConfig{Port: 587, TLS: TLSStart, Bounces: BouncesConfig{Port: 993, TLS: TLSImplicit, Mailbox: "INBOX", Every: time.Minute}},
		SMS:  SMSConfig{QuietHours: QuietHours{From: "21:00", To: "08:00"}, Gateways: []GatewayConfig{}},
		Keep: 90 * 24 * time.Hour,
	}
}

// WithoutSecrets is the configuration as it may be shown.
func (c Config) WithoutSecrets() Config {
	if c.Mail.Password != "" {
		c.Mail.Password = "…"
	}
	if c.Mail.Bounces.Password != "" {
		c.Mail.Bounces.Password = "…"
	}
	gateways := make([]GatewayConfig, len(c.SMS.Gateways))
	for i, g := range c.SMS.Gateways {
		settings := make(map[string]string, len(g.Settings))
		for name := range g.Settings {
			settings[name] = "…"
		}
		g.Settings, gateways[i] = settings, g
	}
	c.SMS.Gateways = gateways
	return c
}

// Validate says in one line what cannot work.
func (c Config) Validate() error {
	if c.Keep < MinKeep || c.Keep > MaxKeep {
		return fmt.Errorf("keep %s: must be %s to %s", c.Keep, MinKeep, MaxKeep)
	}
	if err := c.Mail.Validate(); err != nil {
		return fmt.Errorf("mail.%w", err)
	}
	if err := c.SMS.Validate(); err != nil {
		return fmt.Errorf("sms.%w", err)
	}
	return nil
}

// Validate says in one line what cannot work.
func (c MailConfig) Validate() error {
	if err := c.Bounces.Validate(); err != nil {
		return fmt.Errorf("bounces.%w", err)
	}
	if !c.configured() {
		return nil
	}
	switch {
	case c.Port < 1 || c.Port > 65535:
		return fmt.Errorf("port %d: must be 1 to 65535; 587 for starttls, 465 for implicit", c.Port)
	case !slices.Contains([]string{TLSStart, TLSImplicit, TLSNone}, c.TLS):
		return fmt.Errorf("tls %q: must be starttls, implicit or none", c.TLS)
	case c.TLS == TLSNone && c.Username != "":
		return fmt.Errorf("username: a password must not go over a connection without TLS; set tls, or leave username empty")
	case (c.Username == "") != (c.Password == ""):
		return fmt.Errorf("username and mail.password go together; set both or neither")
	}
	if _, err := bareAddress(c.From); err != nil {
		return fmt.Errorf("from %q: give it an address such as rendez-vous@example.org", c.From)
	}
	if c.ReplyTo != "" {
		if _, err := bareAddress(c.ReplyTo); err != nil {
			return fmt.Errorf("reply_to %q: give it an address such as secretariat@example.org", c.ReplyTo)
		}
	}
	_, err := authorities(c.CA)
	return err
}

// authorities returns the certificates of a PEM file, with which a mail server is checked; nil without a file: the system's.
func authorities(file string) (*x509.CertPool, error) {
	if file == "" {
		return nil, nil
	}
	pem, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("ca: can't read the file: %w", err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("ca: %s holds no certificate in PEM form", file)
	}
	return pool, nil
}

func bareAddress(text string) (string, error) {
	parsed, err := mail.ParseAddress(text)
	if err != nil {
		return "", err
	}
	if parsed.Name != "" || parsed.Address != text {
		return "", fmt.Errorf("notify: %q is more than an address", text)
	}
	return parsed.Address, nil
}

// Validate says in one line what cannot work.
func (c SMSConfig) Validate() error {
	if err := c.QuietHours.Validate(); err != nil {
		return err
	}
	names := map[string]bool{}
	for i, g := range c.Gateways {
		if names[g.Name] {
			return fmt.Errorf("gateways: two are named %q", g.Name)
		}
		names[g.Name] = true
		if _, err := newGateway(g); err != nil {
			return fmt.Errorf("gateways[%d]: %w", i, err)
		}
	}
	return nil
}
