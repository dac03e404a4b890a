package api

import (
	"errors"
	"fmt"
	"log/slog"
	"mime"
	"net/http"
	"net/url"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/colloque/colloque/consult"
)

const maxBody = 8 << 10 // bytes of a request's body

// gate refuses what no operation should have to look at.
type gate struct {
	mux     *http.ServeMux
	rows    map[string]operation // by pattern
	baseURL func() string
	log     *slog.Logger
}

func newGate(mux *http.ServeMux, rows []operation, baseURL func() string, log *slog.Logger) *gate {
	g := &gate{mux: mux, rows: make(map[string]operation, len(rows)), baseURL: baseURL, log: log}
	for _, row := range rows {
		g.rows[row.pattern()] = row
	}
	return g
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer g.recoverPanic(w, r)
	pattern, refused := g.route(w, r)
	if refused != nil {
		refused.write(w)
		return
	}
	if !readsOnly(r.Method) {
		row := g.rows[pattern]
		if refused := g.checkChange(r, row); refused != nil {
			refused.write(w)
			return
		}
		most := max(maxBody, row.maxBody)
		if r.ContentLength > most {
			newProblem(http.StatusRequestEntityTooLarge, consult.CodeTooLarge, "The request is larger than what this address takes.").write(w)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, most)
	}
	g.mux.ServeHTTP(w, r)
}

// recoverPanic ends the one request that went wrong. http.ErrAbortHandler is how a handler gives up on purpose.
func (g *gate) recoverPanic(w http.ResponseWriter, r *http.Request) {
	cause := recover()
	if cause == nil {
		return
	}
	if err, ok := cause.(error); ok && errors.Is(err, http.ErrAbortHandler) {
		panic(cause)
	}
	g.log.Error("request failed", "path", LogPath(r), "panic", fmt.Sprint(cause), "stack", string(debug.Stack()))
	newProblem(http.StatusInternalServerError, consult.CodeInternal, consult.ErrInternal.Error()).write(w)
}

// route returns the pattern that answers, and refuses what nothing answers to: the mux would do so with a page of
// plain text.
func (g *gate) route(w http.ResponseWriter, r *http.Request) (string, *Problem) {
	if _, pattern := g.mux.Handler(r); pattern != "" {
		return pattern, nil
	}
	var allowed []string
	for _, method := range []string{http.MethodDelete, http.MethodGet, http.MethodHead, http.MethodPatch, http.MethodPost, http.MethodPut} {
		probe := &http.Request{Method: method, URL: r.URL, Host: r.Host}
		if _, pattern := g.mux.Handler(probe); pattern != "" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		return "", newProblem(http.StatusNotFound, consult.CodeNotFound, "There is nothing at this address.")
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	return "", newProblem(http.StatusMethodNotAllowed, consult.CodeBadMessage, "This address does not know the method "+methodName(r.Method)+".")
}

// checkChange lets pages of our own origin change something, and nobody else's. A form of another site cannot
// send JSON, a script of another site cannot hide where it comes from (Fetch §3.2, §4.5), and a program says
// where it believes to be.
func (g *gate) checkChange(r *http.Request, row operation) *Problem {
	if !row.elsewhere && !hasToken(r) && Foreign(r, g.baseURL()) {
		return newProblem(http.StatusForbidden, consult.CodeForbidden, "This may be asked only from a page of this server.")
	}
	accepts := row.accepts
	if len(accepts) == 0 {
		accepts = []string{"application/json"}
	}
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if r.Method == http.MethodDelete && r.ContentLength == 0 {
		return nil // has nothing to have a type
	}
	if err != nil || !slices.Contains(accepts, kind) {
		return newProblem(http.StatusUnsupportedMediaType, consult.CodeBadMessage, "The request must have the content type "+strings.Join(accepts, " or ")+".")
	}
	return nil
}

// Foreign says that a request comes from elsewhere than a page of ours. A request with a token is not asked: no
// browser adds one by itself, and no cookie counts beside it.
func Foreign(r *http.Request, baseURL string) bool {
	site, origin := r.Header.Get("Sec-Fetch-Site"), r.Header.Get("Origin")
	return site != "" && site != "same-origin" ||
		origin != "" && !sameOrigin(origin, baseURL) ||
		site == "" && origin == "" ||
		len(r.Header.Values("Origin")) > 1 || len(r.Header.Values("Sec-Fetch-Site")) > 1
}

// sameOrigin compares as RFC 6454 §4 does, for the schemes that we serve.
func sameOrigin(origin, baseURL string) bool {
	a, err := url.Parse(origin)
	if err != nil || a.Path != "" || a.RawQuery != "" || a.User != nil {
		return false
	}
	b, err := url.Parse(baseURL)
	if err != nil || a.Host == "" {
		return false
	}
	return a.Scheme == b.Scheme && strings.EqualFold(a.Hostname(), b.Hostname()) && portOf(a) == portOf(b)
}

func portOf(u *url.URL) string {
	switch {
	case u.Port() != "":
		return u.Port()
	case u.Scheme == "https":
		return "443"
	default:
		return "80"
	}
}

func readsOnly(method string) bool { return method == http.MethodGet || method == http.MethodHead }

// methodName keeps words of the other side's making out of our sentences.
func methodName(method string) string {
	known := []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE"}
	if slices.Contains(known, method) {
		return method
	}
	return "of this request"
}
