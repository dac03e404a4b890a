package webclient

import (
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// asset is a file that pages load, as it is sent.
type asset struct {
	contentType string
	plain       []byte
	gzipped     []byte // nil: not worth it
}

// contentTypes is every kind of file that a build may hold. The system's own table is not asked: it differs between machines.
func contentTypes() map[string]string {
	return map[string]string{
		".js":          "text/javascript; charset=utf-8",
		".css":         "text/css; charset=utf-8",
		".svg":         "image/svg+xml",
		".png":         "image/png",
		".webp":        "image/webp",
		".ico":         "image/vnd.microsoft.icon",
		".json":        "application/json",
		".webmanifest": "application/manifest+json",
		".txt":         "text/plain; charset=utf-8",
		".mp3":         "audio/mpeg",
		".ogg":         "audio/ogg",
		".woff2":       "font/woff2",
	}
}

// readAssets reads everything under assets/, each with its .gz where there is one.
func readAssets(built fs.FS) (map[string]asset, error) {
	assets := map[string]asset{}
	types := contentTypes()
	err := fs.WalkDir(built, "assets", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || strings.HasSuffix(name, ".gz") {
			return err
		}
		contentType, ok := types[path.Ext(name)]
		if !ok {
			return fmt.Errorf("webclient: %s: no content type for it in assets.go", name)
		}
		a := asset{contentType: contentType}
		if a.plain, err = fs.ReadFile(built, name); err != nil {
			return err
		}
		gzipped, err := fs.ReadFile(built, name+".gz")
		switch {
		case err == nil && len(gzipped) < len(a.plain):
			a.gzipped = gzipped
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return err
		}
		assets["/"+name] = a
		return nil
	})
	if err != nil && !errors.Is(err, fs.ErrNotExist) { // a fresh clone has no assets
		return nil, fmt.Errorf("webclient: %w", err)
	}
	return assets, nil
}

// serveAsset answers GET and HEAD. Only files of the build exist: there is nothing to list and no path to climb.
func (c *Client) serveAsset(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("X-Content-Type-Options", "nosniff")
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
		return
	}
	a, ok := c.assets[r.URL.Path]
	if !ok {
		h.Set("Cache-Control", "no-store") // the next build may have it
		http.Error(w, "not found", http.StatusNotFound)
		return
	}
	body := a.plain
	if a.gzipped != nil {
		h.Set("Vary", "Accept-Encoding")
		if acceptsGzip(r.Header.Values("Accept-Encoding")) {
			h.Set("Content-Encoding", "gzip")
			body = a.gzipped
		}
	}
	h.Set("Content-Type", a.contentType)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "public, max-age=31536000, immutable") // a year; RFC 8246
	if r.Method == http.MethodGet {
		_, _ = w.Write(body) // the other side is gone: nothing to do
	}
}

// acceptsGzip reads Accept-Encoding, RFC 9110 §12.5.3: gzip by name, or by * when it is not named, with a weight over 0.
func acceptsGzip(fields []string) bool {
	others := false
	for _, field := range fields {
		for _, part := range strings.Split(field, ",") {
			coding, parameters, _ := strings.Cut(part, ";")
			accepted := weight(parameters) > 0
			switch strings.ToLower(strings.TrimSpace(coding)) {
			case "gzip", "x-gzip":
				return accepted
			case "*":
				others = accepted
			}
		}
	}
	return others
}

// weight is the q of a coding: 1 when it is not given, 0 when it can't be read.
func weight(parameters string) float64 {
	name, value, ok := strings.Cut(strings.TrimSpace(parameters), "=")
	if !ok || !strings.EqualFold(strings.TrimSpace(name), "q") {
		return 1
	}
	q, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
	if err != nil {
		return 0
	}
	return q
}
