package clientip

import (
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// header is the one that proxies write; net/http gives it this form.
const header = "X-Forwarded-For"

// Proxies are the networks of the operator's own proxies.
type Proxies []netip.Prefix

// Of is the address that a request comes from, without zone, IPv4 as such; the zero address when nobody can tell (a Unix socket).
func Of(r *http.Request) netip.Addr {
	if from, err := netip.ParseAddrPort(r.RemoteAddr); err == nil {
		return plain(from.Addr())
	}
	from, _ := netip.ParseAddr(r.RemoteAddr) // the zero address when that is none either
	return plain(from)
}

// Forwarded says that a proxy, or somebody who would look like one, has written for whom it asks.
func Forwarded(r *http.Request) bool { return len(r.Header.Values(header)) > 0 }

// Handler gives next requests whose RemoteAddr is that of who asks.
func (p Proxies) Handler(next http.Handler) http.Handler {
	if len(p) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if peer := Of(r); p.trusts(peer) {
			if from := p.from(r.Header.Values(header), peer); from != peer {
				r = r.WithContext(r.Context()) // a copy
				r.RemoteAddr = netip.AddrPortFrom(from, 0).String()
			}
		}
		next.ServeHTTP(w, r)
	})
}

// from is the rightmost address of the header's lines that is not trusted, or else the peer, who is.
func (p Proxies) from(lines []string, peer netip.Addr) netip.Addr {
	for _, line := range slices.Backward(lines) { // several lines are one list (RFC 9110 §5.3)
		for rest, more := line, true; more; {
			word := rest
			at := strings.LastIndexByte(rest, ',')
			if more = at >= 0; more {
				rest, word = rest[:at], rest[at+1:]
			}
			from, ok := parse(strings.Trim(word, " \t"))
			if !ok {
				return peer
			}
			if !p.trusts(from) {
				return from
			}
		}
	}
	return peer
}

func (p Proxies) trusts(a netip.Addr) bool {
	return slices.ContainsFunc(p, func(one netip.Prefix) bool { return one.Contains(a) })
}

// parse reads 192.0.2.1, 192.0.2.1:443, 2001:db8::1, [2001:db8::1] and [2001:db8::1]:443, each perhaps with a zone.
func parse(word string) (netip.Addr, bool) {
	from, err := netip.ParseAddr(word)
	if err != nil {
		var ap netip.AddrPort
		ap, err = netip.ParseAddrPort(word)
		from = ap.Addr()
	}
	if inner, ok := strings.CutPrefix(word, "["); ok && err != nil {
		if inner, ok = strings.CutSuffix(inner, "]"); ok {
			from, err = netip.ParseAddr(inner)
		}
	}
	from = plain(from)
	return from, err == nil && !from.IsUnspecified() && !from.IsMulticast()
}

func plain(a netip.Addr) netip.Addr { return a.WithZone("").Unmap() }
