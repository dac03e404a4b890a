package configs

import (
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"os"
	"slices"
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
	"github.com/goccy/go-yaml"
)

// Example is example.yaml: every field with its default and what it is for.
//
//go:embed example.yaml
var Example []byte

// EnvPrefix begins the name of every environment variable that is read: COLLOQUE_LISTEN, COLLOQUE_PRACTICE_NAME, …
const EnvPrefix = "COLLOQUE_"

// Default is a server on http://localhost:8080 that keeps its data in ./data.
func Default() Config {
	return Config{
		Listen:   "localhost:8080",
		HTTP:     HTTP{TrustedProxies: clientip.Proxies{}},
		Data:     "./data",
		Log:      Log{Level: "info", Format: "text"},
		Metrics:  Metrics{Allow: []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8"), netip.MustParsePrefix("::1/128")}},
		Memory:   Memory{GCPercent: 25},
		Practice: consult.DefaultConfig(),
		Accounts: account.DefaultConfig(),
		Notices:  notify.DefaultConfig(),
		Media:    Media{Listen: ":8080", Advertise: []netip.Addr{}},
		Turn:     turn.DefaultConfig(),
		Signal:   signal.DefaultConfig(),

		Documents: document.DefaultConfig(),
		Booking:   booking.DefaultConfig(),
		Outside:   outside.DefaultConfig(),
		Push:      push.DefaultConfig(),
	}
}

// Load reads the file, if one is named, over the defaults, and the environment over both. Flags are the caller's.
func Load(file string, environ []string) (Config, error) {
	c := Default()
	if file != "" {
		b, err := os.ReadFile(file)
		if err != nil {
			return c, fmt.Errorf("can't read the configuration: %w", err)
		}
		if err := decode(b, &c); err != nil {
			return c, fmt.Errorf("%s: %w", file, err)
		}
	}
	if err := fromEnviron(&c, environ); err != nil {
		return c, err
	}
	return c, c.Validate()
}

// decode reads YAML strictly: an unknown key, a key given twice or a value of the wrong kind is an error of one line.
func decode(b []byte, c *Config) error {
	err := yaml.UnmarshalWithOptions(b, c, yaml.Strict())
	if err == nil {
		return nil
	}
	var y yaml.Error
	if errors.As(err, &y) {
		if t := y.GetToken(); t != nil && t.Position != nil {
			return fmt.Errorf("line %d: %s", t.Position.Line, y.GetMessage())
		}
		return errors.New(y.GetMessage())
	}
	line, _, _ := strings.Cut(err.Error(), "\n")
	return errors.New(line)
}

// fromEnviron sets one field for each variable COLLOQUE_SECTION_FIELD; its value is read as YAML.
func fromEnviron(c *Config, environ []string) error {
	fields := fieldPaths()
	for _, kv := range environ {
		name, value, _ := strings.Cut(kv, "=")
		key, ours := strings.CutPrefix(name, EnvPrefix)
		if !ours {
			continue
		}
		path, known := fields[key]
		if !known {
			return fmt.Errorf("environment: there is no setting %s; see `colloque serve --print-config`", name)
		}
		if err := decode(asYAML(path, value), c); err != nil {
			return fmt.Errorf("environment: %s: %w", name, err)
		}
	}
	return nil
}

// asYAML writes value as a document that sets one field. A value that is plain text stays text.
func asYAML(path []string, value string) []byte {
	var b strings.Builder
	for i, p := range path {
		b.WriteString(strings.Repeat("  ", i) + p + ":")
		if i < len(path)-1 {
			b.WriteString("\n")
		}
	}
	b.WriteString(" " + value + "\n")
	return []byte(b.String())
}

// level is the slog level that Log names.
func (l Log) level() (slog.Level, error) {
	var v slog.Level
	if err := v.UnmarshalText([]byte(l.Level)); err != nil {
		return v, fmt.Errorf("log.level: %q is not debug, info, warn or error", l.Level)
	}
	return v, nil
}

// Handler writes what is logged to f, as configured. Validate has passed.
func (l Log) Handler(f *os.File) slog.Handler {
	v, _ := l.level()
	o := &slog.HandlerOptions{Level: v}
	if l.Format == "json" {
		return slog.NewJSONHandler(f, o)
	}
	return slog.NewTextHandler(f, o)
}

// Print is c as YAML, with secrets left out.
func Print(c Config) ([]byte, error) {
	c.Turn.Secret = nil
	c.Accounts.Providers = slices.Clone(c.Accounts.Providers)
	for i := range c.Accounts.Providers {
		c.Accounts.Providers[i].ClientSecret = ""
	}
	c.Notices = c.Notices.WithoutSecrets()
	return yaml.Marshal(c)
}
