package bookingpage

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// asset is a file that pages load, as it is sent.
type asset struct {
	kind          string
	plain, packed []byte
	version       string // of the address, so that browsers may keep it for ever
}

func readAssets() (map[string]asset, error) {
	assets := map[string]asset{}
	for name, kind := range map[string]string{"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8", "embed.js": "text/javascript; charset=utf-8", "icon.svg": "image/svg+xml"} {
		plain, err := files.ReadFile("files/" + name)
		if err != nil {
			return nil, fmt.Errorf("bookingpage: %w", err)
		}
		packed, err := pack(plain)
		if err != nil {
			return nil, fmt.Errorf("bookingpage: %w", err)
		}
		sum := sha256.Sum256(plain)
		assets[name] = asset{kind, plain, packed, hex.EncodeToString(sum[:6])}
	}
	return assets, nil
}

func (p *Pages) asset(w http.ResponseWriter, r *http.Request) {
	name := path.Base(r.URL.Path)
	a, known := p.assets[name]
	if !known {
		p.gone(w, r)
		return
	}
	h, body := w.Header(), a.plain
	h.Set("Content-Type", a.kind)
	h.Set("Vary", "Accept-Encoding")
	switch {
	case name == "embed.js": // other sites load it, under an address that stays
		h.Set("Cross-Origin-Resource-Policy", "cross-origin")
		h.Set("Cache-Control", "public, max-age=3600")
	case r.URL.Query().Get("v") == a.version:
		h.Set("Cache-Control", "public, max-age=31536000, immutable") // a year; RFC 8246
	}
	if strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		h.Set("Content-Encoding", "gzip")
		body = a.packed
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // the other side is gone: nothing to do
	}
}

// allowFrames lets the sites of the configuration show the booking page inside theirs, and nobody else anything. What is behind a secret link
// is never framed.
func (p *Pages) allowFrames(h http.Header, path string) {
	if len(p.cfg.EmbedFrom) == 0 || !p.cfg.Public || (path != "/book" && !strings.HasPrefix(path, "/book/")) {
		return
	}
	sites := "frame-ancestors 'self' " + strings.Join(p.cfg.EmbedFrom, " ")
	h.Set("Content-Security-Policy", strings.Replace(h.Get("Content-Security-Policy"), "frame-ancestors 'none'", sites, 1))
	h.Del("X-Frame-Options") // it knows no lists; browsers that know frame-ancestors pass it over anyway
	h.Set("Cross-Origin-Resource-Policy", "cross-origin")
}
