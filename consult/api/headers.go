package api

import (
	"net/http"
	"net/url"
	"strings"
)

// SecurityHeaders puts the headers that a browser is to hold us to on every answer of next: pages, assets,
// errors and the websocket's handshake. What next sets itself, such as Cache-Control of assets, holds.
// baseURL is asked at every request; secure says that we are served over TLS.
func SecurityHeaders(next http.Handler, baseURL func() string, secure bool) http.Handler {
	permissions := permissionsPolicy()
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", contentSecurityPolicy(baseURL()))
		h.Set("Permissions-Policy", permissions)
		h.Set("Referrer-Policy", "no-referrer") // links hold tickets
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Embedder-Policy", "require-corp")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY") // for browsers that do not know frame-ancestors
		h.Set("X-Robots-Tag", "noindex, nofollow")
		h.Set("Cache-Control", "no-store")
		if secure {
			h.Set("Strict-Transport-Security", "max-age=63072000") // two years
		}
		next.ServeHTTP(w, r)
	})
}

// contentSecurityPolicy allows our own origin and nothing inline, evaluated or foreign. The websocket is named
// because not every browser counts ws: as 'self' (CSP3 §6.7.2.8). Scripts that need HTML as text have
// the one Trusted Types policy "colloque".
func contentSecurityPolicy(baseURL string) string {
	connect := "connect-src 'self'"
	if u, err := url.Parse(baseURL); err == nil && u.Host != "" && !strings.ContainsAny(u.Host, "; ,'\"") {
		scheme := "ws"
		if u.Scheme == "https" {
			scheme = "wss"
		}
		connect += " " + scheme + "://" + u.Host
	}
	return strings.Join([]string{
		"default-src 'none'",
		"script-src 'self'",
		"style-src 'self'",
		"img-src 'self' blob:",
		"media-src 'self' blob:",
		"worker-src 'self'",
		"manifest-src 'self'",
		connect,
		"object-src 'none'",
		"base-uri 'none'",
		"form-action 'self'",
		"frame-ancestors 'none'",
		"require-trusted-types-for 'script'",
		"trusted-types colloque",
	}, "; ")
}

// permissionsPolicy gives our own pages what a call needs, and nobody anything else.
func permissionsPolicy() string {
	ours := []string{
		"autoplay", "camera", "clipboard-write", "display-capture", "fullscreen", "microphone",
		"picture-in-picture", "screen-wake-lock", "speaker-selection",
	}
	nobody := []string{
		"accelerometer", "browsing-topics", "clipboard-read", "geolocation", "gyroscope", "hid",
		"idle-detection", "magnetometer", "midi", "payment", "serial", "usb", "xr-spatial-tracking",
	}
	var rules []string
	for _, feature := range ours {
		rules = append(rules, feature+"=(self)")
	}
	for _, feature := range nobody {
		rules = append(rules, feature+"=()")
	}
	return strings.Join(rules, ", ")
}
