package webclient

import (
	"bytes"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"net/http"
	"path"
	"slices"
)

// The errors of Render and New.
var (
	ErrUnknownPage     = errors.New("webclient: unknown page")
	ErrUnknownLanguage = errors.New("webclient: unknown language")
	ErrIncomplete      = errors.New("webclient: the build is incomplete; run make build")
)

// Pages and Languages are what every build holds, each page in each language.
func Pages() []string {
	return []string{"home", "desk", "signed-out", "sign-in", "patient", "link-gone", "documents", "lost-link", "code", "interpreter", "enter", "invitation"}
}

// Languages are BCP 47 tags; the first is the one that a server without a better idea should use.
func Languages() []string { return []string{"fr", "en", "ar"} }

// Client is the built client.
type Client struct {
	// static after New
	pages  map[string]*template.Template // "<page>.<language>"; empty on a fresh clone
	assets map[string]asset              // by path: "/assets/<name>"
}

// New reads the client that was built into the program.
func New() (*Client, error) {
	built, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, fmt.Errorf("webclient: %w", err)
	}
	return open(built)
}

// open reads a build. One without any page is a fresh clone; one with some pages but not all is an error.
func open(built fs.FS) (*Client, error) {
	c := &Client{pages: map[string]*template.Template{}}
	found, err := fs.Glob(built, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("webclient: %w", err)
	}
	if len(found) > 0 {
		for _, page := range Pages() {
			for _, language := range Languages() {
				if err := c.parse(built, page+"."+language); err != nil {
					return nil, err
				}
			}
		}
	}
	if c.assets, err = readAssets(built); err != nil {
		return nil, err
	}
	return c, nil
}

func (c *Client) parse(built fs.FS, name string) error {
	file := path.Join("pages", name+".html")
	text, err := fs.ReadFile(built, file)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%w: no %s", ErrIncomplete, file)
	}
	if err != nil {
		return fmt.Errorf("webclient: %w", err)
	}
	page, err := template.New(name).Option("missingkey=error").Parse(string(text))
	if err != nil {
		return fmt.Errorf("webclient: %s: %w", file, err)
	}
	c.pages[name] = page
	return nil
}

// Built says whether the client was built before the program was. When it was not, Render gives a page that says so.
func (c *Client) Built() bool { return len(c.pages) > 0 }

// Render writes a page in a language, with data escaped for where it stands (html/template). It writes the whole page or nothing.
func (c *Client) Render(w io.Writer, page, language string, data any) error {
	if !slices.Contains(Pages(), page) {
		return fmt.Errorf("%w: %q", ErrUnknownPage, page)
	}
	if !slices.Contains(Languages(), language) {
		return fmt.Errorf("%w: %q", ErrUnknownLanguage, language)
	}
	if !c.Built() {
		_, err := io.WriteString(w, notBuilt(language))
		return err
	}
	var whole bytes.Buffer
	if err := c.pages[page+"."+language].Execute(&whole, data); err != nil {
		return fmt.Errorf("webclient: page %s.%s: %w", page, language, err)
	}
	_, err := whole.WriteTo(w)
	return err
}

// Assets serves /assets/…. The names hold a hash of what is in them, so that browsers may keep them for ever.
func (c *Client) Assets() http.Handler { return http.HandlerFunc(c.serveAsset) }

// notBuilt is the page of a fresh clone. It needs no file, no style and no script.
func notBuilt(language string) string {
	title, text, after := "The web pages are not built yet", "Stop the server, run", "then start it again."
	direction := "ltr"
	switch language {
	case "fr":
		title, text, after = "Les pages web ne sont pas encore construites", "Arrêtez le serveur, lancez", "puis redémarrez-le."
	case "ar":
		title, text, after = "لم تُبنَ صفحات الويب بعد", "أوقفوا الخادم، ثم شغّلوا", "ثم أعيدوا تشغيله."
		direction = "rtl"
	}
	return `<!doctype html>
<html lang="` + language + `" dir="` + direction + `">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>` + title + `</title></head>
<body><main><h1>` + title + `</h1><p>` + text + ` <code>make build</code>, ` + after + `</p></main></body>
</html>
`
}
