package api

import (
	"context"
	"net/http"
	"net/netip"
	"path"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/clientip"
)

// CookieName is the name of the sign-in cookie. Over TLS its prefix makes browsers take it only from this
// very host (RFC 6265bis §4.1.3.2).
func CookieName(secure bool) string {
	if secure {
		return "__Host-colloque"
	}
	return "colloque"
}

// Cookie returns the sign-in secret that the request carries, or "". Two cookies of the name are none: one of
// them is somebody else's.
func Cookie(r *http.Request, secure bool) string {
	found := r.CookiesNamed(CookieName(secure))
	if len(found) != 1 {
		return ""
	}
	if _, ok := consult.HashSecret(found[0].Value); !ok {
		return ""
	}
	return found[0].Value
}

// signInCookie makes the cookie. Lax, not Strict: it must come along when a link in a mail is opened.
func signInCookie(secret string, lifetime time.Duration, secure bool) *http.Cookie {
	return &http.Cookie{
		Name: CookieName(secure), Value: secret, Path: "/", MaxAge: int(lifetime / time.Second),
		HttpOnly: true, SameSite: http.SameSiteLaxMode, Secure: secure,
	}
}

// noCookie makes the browser forget the cookie.
func noCookie(secure bool) *http.Cookie {
	c := signInCookie("", 0, secure)
	c.MaxAge = -1
	return c
}

const bearer = "Bearer " // RFC 6750 §2.1

// ticketScheme is how a participant's page says who it is outside of a call: never in an address, which is logged and shared.
const ticketScheme = "Ticket "

// hasToken says that the request comes with an API token. Then no cookie counts.
func hasToken(r *http.Request) bool { return len(r.Header.Values("Authorization")) > 0 }

// caller is what operations need to know of a request and huma does not tell them.
type caller struct {
	cookie string // "" when there is none, or when there is a token
	token  string // of the API; "" when there is none
	ticket string // of a participant, who has no account; "" when there is none
	from   netip.Addr
	agent  string // User-Agent
}

// visitor is the caller as account knows it.
func (c caller) visitor() account.Visitor {
	return account.Visitor{From: c.from, Browser: browserOf(c.agent)}
}

type callerKey struct{}

func withCaller(r *http.Request, secure bool) *http.Request {
	c := caller{from: RemoteAddr(r), agent: r.UserAgent()}
	if ticket, ok := strings.CutPrefix(r.Header.Get("Authorization"), ticketScheme); ok {
		c.ticket = ticket
	} else if hasToken(r) {
		c.token = strings.TrimPrefix(r.Header.Get("Authorization"), bearer)
	} else {
		c.cookie = Cookie(r, secure)
	}
	return r.WithContext(context.WithValue(r.Context(), callerKey{}, c))
}

func callerOf(ctx context.Context) caller {
	c, _ := ctx.Value(callerKey{}).(caller)
	return c
}

// RemoteAddr is where a request comes from; the zero address when nobody can tell.
func RemoteAddr(r *http.Request) netip.Addr {
	return clientip.Of(r)
}

const longestWord = 20 // characters of a part of a path that cannot be a ticket

// LogPath returns the path of a request as it may stand in a log: without query, and without anything that
// could be a ticket, wherever somebody pasted it.
func LogPath(r *http.Request) string {
	clean := path.Clean("/" + r.URL.Path)
	if strings.HasPrefix(clean, "/assets/") {
		return clean
	}
	parts := strings.Split(clean, "/")
	for i, part := range parts {
		if i > 0 && secretRoute(parts[i-1]) || len(part) > longestWord && !looksLikeID(part) {
			return strings.Join(parts[:i], "/") + "/…"
		}
	}
	return clean
}

// secretRoute says that what follows this part of a path is a ticket.
func secretRoute(part string) bool {
	switch strings.ToLower(part) {
	case "c", "d", "sign-in", "invitation", "r", "sms-report", "a", "o", "hold", "confirm", "booked":
		return true
	case "calendar", "caldav": // a feed's secret; names that calendar programs give to their events
		return true
	}
	return false
}

func looksLikeID(part string) bool {
	const idLength = 24                      // "c_" and 22 characters of base64url
	kind, _, found := strings.Cut(part, "_") // "pt_" and the like are a letter longer
	return found && len(kind) >= 1 && len(kind) <= 2 && len(part) == idLength+len(kind)-1 && strings.Contains(" a ap b c d n p pt r s sr u w ", " "+kind+" ")
}

// browserOf says in two words what a browser says of itself, so that people know it again in a list. What it does not know it
// leaves out: the text itself is never kept.
func browserOf(agent string) string {
	var found []string
	for _, words := range [][][2]string{
		{{"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser/", "Samsung Internet"}, {"Chrome/", "Chrome"}, {"CriOS/", "Chrome"}, {"Safari/", "Safari"}},
		{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"Windows", "Windows"}, {"Macintosh", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"}},
	} {
		for _, word := range words {
			if strings.Contains(agent, word[0]) {
				found = append(found, word[1])
				break
			}
		}
	}
	return strings.Join(found, ", ")
}
