package configs

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult/account"
	"github.com/goccy/go-yaml"
)

func TestExampleEqualsDefaults(t *testing.T) {
	var c Config
	if err := decode(Example, &c); err != nil {
		t.Fatal(err)
	}
	got, err := yaml.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	want, err := yaml.Marshal(Default())
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != string(want) {
		t.Errorf("example.yaml says\n%s\nthe defaults are\n%s", got, want)
	}
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
}

func TestExampleNamesEveryField(t *testing.T) {
	var tree map[string]any
	if err := yaml.Unmarshal(Example, &tree); err != nil {
		t.Fatal(err)
	}
	for name, path := range fieldPaths() {
		at, ok := any(tree), true
		for _, key := range path {
			var m map[string]any
			if m, ok = at.(map[string]any); !ok {
				break
			}
			if at, ok = m[key]; !ok {
				break
			}
		}
		if !ok {
			t.Errorf("example.yaml does not name %s (%s)", strings.Join(path, "."), name)
		}
	}
	if n := len(fieldPaths()); n < 25 {
		t.Errorf("only %d fields found", n)
	}
}

func TestLoad(t *testing.T) {
	cases := []struct {
		name    string
		file    string
		environ []string
		check   func(Config) bool
		fails   string // what the one line must say
	}{
		{name: "nothing", check: func(c Config) bool { return c.Listen == "localhost:8080" }},
		{name: "a file", file: "listen: :443\npractice:\n  profile:\n    name: Cabinet des Tilleuls\n", check: func(c Config) bool {
			return c.Listen == ":443" && c.Practice.Profile.Name == "Cabinet des Tilleuls" && c.Practice.Profile.Language == "fr"
		}},
		{name: "the environment over the file", file: "listen: :443\n", environ: []string{"COLLOQUE_LISTEN=:444", "HOME=/"}, check: func(c Config) bool { return c.Listen == ":444" }},
		{name: "a nested name with spaces", environ: []string{"COLLOQUE_PRACTICE_PROFILE_NAME=Cabinet des Tilleuls"}, check: func(c Config) bool { return c.Practice.Profile.Name == "Cabinet des Tilleuls" }},
		{name: "a list", environ: []string{"COLLOQUE_MEDIA_ADVERTISE=[203.0.113.7]"}, check: func(c Config) bool {
			return len(c.Media.Advertise) == 1 && c.Media.Advertise[0].String() == "203.0.113.7"
		}},
		{name: "a duration", environ: []string{"COLLOQUE_SIGNAL_RESUME_WITHIN=30s"}, check: func(c Config) bool { return c.Signal.ResumeWithin == 30*time.Second }},
		{name: "an unknown key", file: "lissen: :443\n", fails: "lissen"},
		{name: "an unknown nested key", file: "tls:\n  cert: x\n", fails: "line 2"},
		{name: "an unknown variable", environ: []string{"COLLOQUE_LISSEN=:1"}, fails: "COLLOQUE_LISSEN"},
		{name: "not an address", file: "listen: here\n", fails: "listen: \"here\""},
		{name: "a port out of range", file: "media:\n  listen: :99999\n", fails: "media.listen"},
		{name: "an address nobody can reach", file: "media:\n  advertise: [0.0.0.0]\n", fails: "media.advertise"},
		{name: "a word for an address", file: "media:\n  advertise: [home]\n", fails: "home"},
		{name: "proxies", file: "http:\n  trusted_proxies: [127.0.0.1, 10.0.0.0/8]\n", check: func(c Config) bool {
			return len(c.HTTP.TrustedProxies) == 2 && c.HTTP.TrustedProxies[0].String() == "127.0.0.1/32" && c.HTTP.TrustedProxies[1].String() == "10.0.0.0/8"
		}},
		{name: "proxies in the environment", environ: []string{"COLLOQUE_HTTP_TRUSTED_PROXIES=[\"::1\"]"}, check: func(c Config) bool { return len(c.HTTP.TrustedProxies) == 1 }},
		{name: "a name for a proxy", file: "http:\n  trusted_proxies:\n    - 127.0.0.1\n    - localhost\n", fails: "line 4: trusted_proxies: \"localhost\""},
		{name: "half of TLS", file: "tls:\n  key: a.pem\n", fails: "tls:"},
		{name: "a URL with a path", file: "url: https://example.org/visio\n", fails: "url:"},
		{name: "an unknown log level", file: "log:\n  level: loud\n", fails: "log.level"},
		{name: "an unknown log format", file: "log:\n  format: xml\n", fails: "log.format"},
		{name: "an unknown zone", file: "practice:\n  profile:\n    time_zone: Europe/Bourges\n", fails: "time_zone"},
		{name: "not YAML", file: "listen: [\n", fails: "line"},
		{name: "a list for a word", file: "listen: [1]\n", fails: "line 1"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			file := ""
			if c.file != "" {
				file = filepath.Join(t.TempDir(), "colloque.yaml")
				if err := os.WriteFile(file, []byte(c.file), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			got, err := Load(file, c.environ)
			switch {
			case c.fails == "" && err != nil:
				t.Fatal(err)
			case c.fails == "" && !c.check(got):
				t.Errorf("loaded %+v", got)
			case c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails) || strings.Contains(err.Error(), "\n")):
				t.Errorf("error is %q, want one line with %q", err, c.fails)
			}
		})
	}
}

func TestMissingFile(t *testing.T) {
	if _, err := Load(filepath.Join(t.TempDir(), "none.yaml"), nil); err == nil {
		t.Error("a file that is not there was loaded")
	}
}

func TestPrintHidesSecrets(t *testing.T) {
	c := Default()
	c.Turn.Secret = []byte("0123456789abcdef0123")
	c.Accounts.Providers = []account.ProviderConfig{{ID: "psc", ClientSecret: "0123456789-client"}}
	b, err := Print(c)
	if err != nil || strings.Contains(string(b), "0123456789") || !strings.Contains(string(b), "listen: localhost:8080") {
		t.Errorf("printed %s, %v", b, err)
	}
}

func TestBaseURL(t *testing.T) {
	tls := TLS{Certificate: "c.pem", Key: "k.pem"}
	cases := []struct {
		c    Config
		port int
		want string
	}{
		{Config{Listen: "localhost:8080"}, 8080, "http://localhost:8080"},
		{Config{Listen: "localhost:0"}, 40001, "http://localhost:40001"},
		{Config{Listen: ":80"}, 80, "http://localhost"},
		{Config{Listen: "127.0.0.1:8080"}, 8080, "http://localhost:8080"},
		{Config{Listen: "[::]:443", TLS: tls, Domain: "visio.example.org"}, 443, "https://visio.example.org"},
		{Config{Listen: ":8443", TLS: tls, Domain: "visio.example.org"}, 8443, "https://visio.example.org:8443"},
		{Config{Listen: "192.0.2.7:8080"}, 8080, "http://192.0.2.7:8080"},
		{Config{Listen: ":8080", URL: "https://visio.example.org/"}, 8080, "https://visio.example.org"},
		{Config{Listen: "[2001:db8::7]:443", TLS: tls}, 443, "https://[2001:db8::7]"},
	}
	for _, c := range cases {
		if got := c.c.BaseURL(c.port); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.c.Listen, c.c.Domain, got, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(Example)
	f.Add([]byte("listen: [1]"))
	f.Fuzz(func(t *testing.T, b []byte) {
		c := Default()
		if err := decode(b, &c); err != nil && strings.Contains(err.Error(), "\n") {
			t.Errorf("error of several lines: %q", err)
		}
	})
}

func TestEnvironmentNamesAreUnique(t *testing.T) {
	var names []string
	walkFields(reflect.TypeFor[Config](), nil, func(path []string) { names = append(names, strings.ToUpper(strings.Join(path, "_"))) })
	slices.Sort(names)
	if len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("two fields share a variable: %v", names)
	}
}
