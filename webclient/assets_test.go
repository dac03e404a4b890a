package webclient

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := io.WriteString(w, text); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestAssets(t *testing.T) {
	script := strings.Repeat("console.log('bonjour');\n", 100)
	c := mustOpen(t, fstest.MapFS{
		".keep":                         {},
		"pages/.keep":                   {},
		"assets/patient-Ab12.js":        {Data: []byte(script)},
		"assets/patient-Ab12.js.gz":     {Data: gzipped(t, script)},
		"assets/small-Cd34.css":         {Data: []byte("a{}")},
		"assets/small-Cd34.css.gz":      {Data: gzipped(t, "a{}")},
		"assets/icons/logo-Ef56.svg":    {Data: []byte("<svg/>")},
		"assets/site-Gh78.webmanifest":  {Data: []byte("{}")},
		"assets/arrival-Ij90.ogg":       {Data: []byte("OggS")},
		"secret.txt":                    {Data: []byte("not an asset")},
		"assets/only-zipped-Kl12.js.gz": {Data: gzipped(t, script)},
	})
	cases := []struct {
		name, method, path, accept string
		status                     int
		contentType, encoding      string
	}{
		{"script, gzip", "GET", "/assets/patient-Ab12.js", "gzip, deflate, br", 200, "text/javascript; charset=utf-8", "gzip"},
		{"script, plain", "GET", "/assets/patient-Ab12.js", "", 200, "text/javascript; charset=utf-8", ""},
		{"script, gzip refused", "GET", "/assets/patient-Ab12.js", "br, gzip;q=0, *", 200, "text/javascript; charset=utf-8", ""},
		{"script, any", "GET", "/assets/patient-Ab12.js", "*", 200, "text/javascript; charset=utf-8", "gzip"},
		{"script, identity", "GET", "/assets/patient-Ab12.js", "identity", 200, "text/javascript; charset=utf-8", ""},
		{"script, head", "HEAD", "/assets/patient-Ab12.js", "gzip", 200, "text/javascript; charset=utf-8", "gzip"},
		{"gzip is longer", "GET", "/assets/small-Cd34.css", "gzip", 200, "text/css; charset=utf-8", ""},
		{"in a folder", "GET", "/assets/icons/logo-Ef56.svg", "gzip", 200, "image/svg+xml", ""},
		{"manifest", "GET", "/assets/site-Gh78.webmanifest", "", 200, "application/manifest+json", ""},
		{"sound", "GET", "/assets/arrival-Ij90.ogg", "", 200, "audio/ogg", ""},
		{"not there", "GET", "/assets/patient-Zz99.js", "gzip", 404, "text/plain; charset=utf-8", ""},
		{"the gzip itself", "GET", "/assets/patient-Ab12.js.gz", "gzip", 404, "text/plain; charset=utf-8", ""},
		{"only a gzip", "GET", "/assets/only-zipped-Kl12.js", "gzip", 404, "text/plain; charset=utf-8", ""},
		{"the folder", "GET", "/assets/", "", 404, "text/plain; charset=utf-8", ""},
		{"an inner folder", "GET", "/assets/icons/", "", 404, "text/plain; charset=utf-8", ""},
		{"climbing", "GET", "/assets/../secret.txt", "", 404, "text/plain; charset=utf-8", ""},
		{"outside", "GET", "/secret.txt", "", 404, "text/plain; charset=utf-8", ""},
		{"a page", "GET", "/pages/patient.fr.html", "", 404, "text/plain; charset=utf-8", ""},
		{"posting", "POST", "/assets/patient-Ab12.js", "", 405, "text/plain; charset=utf-8", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			r := httptest.NewRequest(tc.method, "http://example.org/", nil)
			r.URL.Path = tc.path
			if tc.accept != "" {
				r.Header.Set("Accept-Encoding", tc.accept)
			}
			w := httptest.NewRecorder()
			c.Assets().ServeHTTP(w, r)
			h := w.Header()
			if w.Code != tc.status || h.Get("Content-Type") != tc.contentType || h.Get("Content-Encoding") != tc.encoding {
				t.Errorf("got %d %q %q", w.Code, h.Get("Content-Type"), h.Get("Content-Encoding"))
			}
			if h.Get("X-Content-Type-Options") != "nosniff" {
				t.Error("no nosniff")
			}
			cached := strings.Contains(h.Get("Cache-Control"), "immutable")
			if cached != (tc.status == http.StatusOK) {
				t.Errorf("Cache-Control: %q", h.Get("Cache-Control"))
			}
			if tc.method == "HEAD" && w.Body.Len() > 0 {
				t.Error("HEAD with a body")
			}
		})
	}
	t.Run("what is sent is what was built", func(t *testing.T) {
		r := httptest.NewRequest("GET", "/assets/patient-Ab12.js", nil)
		r.Header.Set("Accept-Encoding", "gzip")
		w := httptest.NewRecorder()
		c.Assets().ServeHTTP(w, r)
		z, err := gzip.NewReader(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(z)
		if err != nil || string(got) != script {
			t.Errorf("%v, %d bytes", err, len(got))
		}
		if w.Header().Get("Vary") != "Accept-Encoding" {
			t.Error("a cache would give gzip to everybody")
		}
	})
}
