package bookingpage

import (
	"net/http"
	"net/netip"
	"testing"

	"github.com/colloque/colloque/consult/clientip"
)

// TestBehindATrustedProxy: each patient has limits of their own there, and what one writes into the header changes nothing.
func TestBehindATrustedProxy(t *testing.T) {
	const proxy = "127.0.0.1:4000"
	for _, c := range []struct {
		name   string
		peer   func(patient string) string // from whom the request comes
		header func(patient string) string
	}{
		{"through the proxy", func(string) string { return proxy }, func(patient string) string { return patient }},
		{"a header of one's own, through the proxy", func(string) string { return proxy }, func(patient string) string { return "127.0.0.1, 192.0.2.66, " + patient }},
		{"directly, as somebody else each time", func(patient string) string { return patient + ":5000" }, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newSite(t, nil)
			service := s.offer(many)
			behind := clientip.Proxies{netip.MustParsePrefix("127.0.0.1/32")}.Handler(s.handler)
			patient, other := "203.0.113.9", netip.MustParseAddr("198.51.100.1")
			s.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				r.RemoteAddr = c.peer(patient)
				if c.header != nil {
					r.Header.Set("X-Forwarded-For", c.header(patient))
				} else {
					other = other.Next()
					r.Header.Set("X-Forwarded-For", other.String())
				}
				behind.ServeHTTP(w, r)
			})
			for range maxHoldsOfOne {
				s.choose(service).says(t, http.StatusOK, "gardé pour vous")
			}
			if page := s.choose(service); !lacks(page, "gardé pour vous") {
				t.Error("one patient keeps one time more than one may")
			}
			patient = "203.0.113.10"
			s.choose(service).says(t, http.StatusOK, "gardé pour vous")
		})
	}
}
