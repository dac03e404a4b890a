package clientip

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

var ours = Proxies{netip.MustParsePrefix("127.0.0.1/32"), netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fe80::/10"), netip.MustParsePrefix("2001:db8:1::/48")}

// ask is the address that a handler behind Handler sees.
func ask(t *testing.T, p Proxies, peer string, lines ...string) netip.Addr {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "/", nil)
	r.RemoteAddr = peer
	r.Header[header] = lines
	var got netip.Addr
	p.Handler(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = Of(r) })).ServeHTTP(nil, r)
	if r.RemoteAddr != peer {
		t.Errorf("the request itself was changed to %q", r.RemoteAddr)
	}
	return got
}

func TestHandler(t *testing.T) {
	const patient = "203.0.113.9"
	for _, c := range []struct {
		name  string
		peer  string
		lines []string
		want  string
	}{
		{"one proxy", "127.0.0.1:4000", []string{patient}, patient},
		{"two proxies", "127.0.0.1:4000", []string{patient + ", 10.1.2.3"}, patient},
		{"two lines", "127.0.0.1:4000", []string{patient, "10.1.2.3"}, patient},
		{"no blanks, many blanks", "127.0.0.1:4000", []string{"192.0.2.1,\t " + patient + " ,10.0.0.1"}, patient},
		{"what the patient wrote first", "127.0.0.1:4000", []string{"127.0.0.1, 192.0.2.66, " + patient}, patient},
		{"what the patient wrote in a line of its own", "127.0.0.1:4000", []string{"192.0.2.66", patient}, patient},
		{"the patient directly", patient + ":4000", []string{"192.0.2.66"}, patient},
		{"an unknown proxy", "192.0.2.5:80", []string{patient}, "192.0.2.5"},
		{"no header", "127.0.0.1:4000", nil, "127.0.0.1"},
		{"an empty header", "127.0.0.1:4000", []string{""}, "127.0.0.1"},
		{"nonsense last", "127.0.0.1:4000", []string{patient + ", unknown"}, "127.0.0.1"},
		{"nonsense before a proxy", "127.0.0.1:4000", []string{patient + ", _x, 10.0.0.1"}, "127.0.0.1"},
		{"nonsense first", "127.0.0.1:4000", []string{"<script>, " + patient}, patient},
		{"a comma at the end", "127.0.0.1:4000", []string{patient + ","}, "127.0.0.1"},
		{"proxies only", "127.0.0.1:4000", []string{"10.0.0.9, 10.0.0.1"}, "127.0.0.1"},
		{"nobody's address", "127.0.0.1:4000", []string{"0.0.0.0"}, "127.0.0.1"},
		{"with a port", "127.0.0.1:4000", []string{patient + ":51234"}, patient},
		{"IPv6", "127.0.0.1:4000", []string{"2001:db8:2::7"}, "2001:db8:2::7"},
		{"IPv6 in brackets", "127.0.0.1:4000", []string{"[2001:db8:2::7]"}, "2001:db8:2::7"},
		{"IPv6 with a port", "127.0.0.1:4000", []string{"[2001:db8:2::7]:443"}, "2001:db8:2::7"},
		{"IPv6 with a zone", "127.0.0.1:4000", []string{"2001:db8:2::7%eth0"}, "2001:db8:2::7"},
		{"IPv6 proxies", "[2001:db8:1::1]:80", []string{"2001:db8:2::7, 2001:db8:1:5::2"}, "2001:db8:2::7"},
		{"a proxy with a zone", "[fe80::1%eth0]:80", []string{patient}, patient},
		{"a mapped peer", "[::ffff:127.0.0.1]:4000", []string{patient}, patient},
		{"a mapped patient", "127.0.0.1:4000", []string{"::ffff:" + patient}, patient},
		{"a mapped proxy", "127.0.0.1:4000", []string{patient + ", ::ffff:10.0.0.1"}, patient},
		{"no peer at all", "@", []string{patient}, "invalid IP"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := ask(t, ours, c.peer, c.lines...); got.String() != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
	if got := ask(t, nil, "127.0.0.1:4000", patient); got.String() != "127.0.0.1" {
		t.Errorf("without proxies: %s", got)
	}
}

func TestSetting(t *testing.T) {
	for _, c := range []struct{ text, want, fails string }{
		{text: "[]", want: "[]"},
		{text: "[127.0.0.1, \"::1\", 10.1.2.3/8, \"2001:db8::/32\"]", want: "[127.0.0.1/32, ::1/128, 10.0.0.0/8, 2001:db8::/32]"},
		{text: "\n- \"::ffff:10.0.0.0/104\"\n- '::ffff:192.0.2.1'", want: "[10.0.0.0/8, 192.0.2.1/32]"},
		{text: "[127.0.0.1,\n  localhost]", fails: "[2:"},
		{text: "127.0.0.1", fails: "must be a list"},
		{text: "[10]", fails: "\"10\" is neither"},
		{text: "[10.0.0.0/33]", fails: "neither"},
		{text: "[fe80::1%eth0]", fails: "neither"},
		{text: "[0.0.0.0/0]", fails: "everybody"},
		{text: "['::/0']", fails: "everybody"},
		{text: "['::ffff:0:0/96']", fails: "everybody"},
		{text: "[{}]", fails: "neither"},
	} {
		var got Proxies
		err := yaml.Unmarshal([]byte(c.text), &got)
		switch {
		case c.fails != "" && (err == nil || !strings.Contains(err.Error(), c.fails)):
			t.Errorf("%s: error %v, want %q", c.text, err, c.fails)
		case c.fails == "" && err != nil:
			t.Errorf("%s: %v", c.text, err)
		case c.fails == "":
			words := []string{}
			for _, one := range got {
				words = append(words, one.String())
			}
			if "["+strings.Join(words, ", ")+"]" != c.want {
				t.Errorf("%s: %v, want %s", c.text, words, c.want)
			}
		}
	}
}

// FuzzForwarded: whatever stands before it, the address that the proxy wrote is the patient's; whatever a stranger writes, it stays itself.
func FuzzForwarded(f *testing.F) {
	f.Add("127.0.0.1", ",")
	f.Add("[::1]:80", "unknown\x00, ::%")
	f.Fuzz(func(t *testing.T, line, other string) {
		if got := ask(t, ours, "203.0.113.9:1", line, other).String(); got != "203.0.113.9" {
			t.Errorf("a stranger is %s", got)
		}
		if got := ask(t, ours, "127.0.0.1:1", line, other+", 203.0.113.9, 10.0.0.1").String(); got != "203.0.113.9" {
			t.Errorf("the patient is %s", got)
		}
		if got := ask(t, ours, "127.0.0.1:1", line, other); !got.IsValid() || got.Zone() != "" || got.Is4In6() || got != netip.MustParseAddr("127.0.0.1") && ours.trusts(got) {
			t.Errorf("%q, %q: %s", line, other, got)
		}
	})
}
