package api

import (
	"encoding/hex"
	"errors"
	"io"
	"mime"
	"net/http"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/document"
)

// Bytes go up by the core of the tus protocol, version 1.0.0: HEAD asks for the offset, PATCH goes on from it. They come down as RFC 9110
// §14 says, in ranges.
const (
	tusVersion = "1.0.0"
	uploadType = "application/offset+octet-stream"
	maxUpload  = 20_000 << 20 // bytes of a PATCH; the document's own limit is less

	quietWithin = 30 * time.Second // an upload on which nothing comes for so long is over
)

func (a *api) uploadOffset(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Tus-Resumable", tusVersion)
	v, err := a.viewer(r.Context(), consult.ConsultationID(r.PathValue("id")), account.ScopeDocumentsWrite)
	var offset, size int64
	if err == nil {
		offset, size, err = a.Documents.Offset(v, consult.DocumentID(r.PathValue("document")))
	}
	if err != nil {
		problemOf(err).write(w)
		return
	}
	w.Header().Set("Upload-Offset", strconv.FormatInt(offset, 10))
	w.Header().Set("Upload-Length", strconv.FormatInt(size, 10))
	w.WriteHeader(http.StatusOK)
}

// upload answers with the offset that is on disk, whatever happened: the next PATCH goes on from there.
func (a *api) upload(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Tus-Resumable", tusVersion)
	if r.Header.Get("Tus-Resumable") != tusVersion { // tus 1.0 §"Tus-Resumable"
		w.Header().Set("Tus-Version", tusVersion)
		newProblem(http.StatusPreconditionFailed, consult.CodeBadMessage, "The header Tus-Resumable must say "+tusVersion+".").write(w)
		return
	}
	if r.URL.RawQuery != "" {
		newProblem(http.StatusBadRequest, consult.CodeBadMessage, "This address takes no query.").write(w)
		return
	}
	at, ok := parseOffset(r.Header)
	if !ok {
		newProblem(http.StatusBadRequest, consult.CodeBadMessage, "The header Upload-Offset must be one whole number.").write(w)
		return
	}
	v, err := a.viewer(r.Context(), consult.ConsultationID(r.PathValue("id")), account.ScopeDocumentsWrite)
	if err != nil {
		problemOf(err).write(w)
		return
	}
	body := newPacedBody(w, r.Body)
	offset, err := a.Documents.Append(v, consult.DocumentID(r.PathValue("document")), at, body, body.stop)
	if err == nil || errors.Is(err, document.ErrOffset) || errors.Is(err, document.ErrCut) || errors.Is(err, document.ErrDiskFull) {
		w.Header().Set("Upload-Offset", strconv.FormatInt(offset, 10))
	}
	betweenPieces := errors.Is(err, document.ErrCut) && body.whole // what was sent ended between two pieces: less is kept than came
	if err != nil && !betweenPieces {
		problemOf(err).write(w)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// parseOffset reads Upload-Offset: digits and nothing else, once.
func parseOffset(h http.Header) (int64, bool) {
	values := h.Values("Upload-Offset")
	if len(values) != 1 || values[0] == "" {
		return 0, false
	}
	for i := range len(values[0]) {
		if c := values[0][i]; c < '0' || c > '9' {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(values[0], 10, 64)
	return n, err == nil
}

// pacedBody reads a body for as long as something comes, however long that takes in all, and until somebody else goes on with the upload.
type pacedBody struct {
	body    io.Reader
	control *http.ResponseController
	stopped atomic.Bool
	whole   bool // the body came to its end
	at      time.Time
}

func newPacedBody(w http.ResponseWriter, body io.Reader) *pacedBody {
	return &pacedBody{body: body, control: http.NewResponseController(w)}
}

var errStopped = errors.New("api: the upload goes on elsewhere")

// Read implements io.Reader.
func (p *pacedBody) Read(b []byte) (int, error) {
	if now := time.Now(); now.Sub(p.at) > time.Second {
		p.at = now
		_ = p.control.SetReadDeadline(now.Add(quietWithin)) // not every connection has one: a test's
	}
	if p.stopped.Load() { // after the deadline was set: it must not undo what stop did
		return 0, errStopped
	}
	n, err := p.body.Read(b)
	p.whole = errors.Is(err, io.EOF)
	return n, err
}

// stop makes Read fail, also one that waits. Any goroutine may call it.
func (p *pacedBody) stop() {
	p.stopped.Store(true)
	_ = p.control.SetReadDeadline(time.Unix(1, 0))
}

// documentContent is for programs, which can say who they are. It does not count as seen: GET changes nothing.
func (a *api) documentContent(w http.ResponseWriter, r *http.Request) {
	v, err := a.viewer(r.Context(), consult.ConsultationID(r.PathValue("id")), account.ScopeDocumentsRead)
	var content document.Content
	if err == nil {
		content, err = a.Documents.Read(v, consult.DocumentID(r.PathValue("document")))
	}
	a.serveDocument(w, r, content, err)
}

// openedDocument is for the browser's own viewer and download.
func (a *api) openedDocument(w http.ResponseWriter, r *http.Request) {
	content, err := a.Documents.ReadAt(document.Address{
		Consultation: consult.ConsultationID(r.PathValue("consultation")), Document: consult.DocumentID(r.PathValue("document")),
		Right: r.PathValue("right"),
	})
	if errors.Is(err, document.ErrNotFound) {
		a.renderError(w, r, err, "link-gone", http.StatusNotFound)
		return
	}
	a.serveDocument(w, r, content, err)
}

// serveDocument answers so that nothing of a document ever runs in our origin: its type is ours to say and not the browser's to
// guess, only kinds that cannot run anything are shown, and those in a sandbox without scripts (CSP3 §6.4.3).
func (a *api) serveDocument(w http.ResponseWriter, r *http.Request, content document.Content, err error) {
	if err != nil {
		problemOf(err).write(w)
		return
	}
	defer content.Close()
	disposition := "attachment"
	if content.Shown() && r.URL.Query().Get("download") == "" {
		disposition = "inline"
	}
	h := w.Header()
	h.Set("Content-Type", content.Kind)
	h.Set("Content-Disposition", mime.FormatMediaType(disposition, map[string]string{"filename": content.Name}))
	h.Set("Content-Security-Policy", documentPolicy(content.Kind))
	h.Set("ETag", `"`+hex.EncodeToString(content.SHA256)+`"`)
	h.Set("Cache-Control", "private, no-store")
	http.ServeContent(w, r, "", time.Time{}, content)
}

// documentPolicy forbids everything. A PDF gets no sandbox: browsers show it in a viewer of their own, apart from our origin, which Chromium
// refuses to start in one.
func documentPolicy(kind string) string {
	if kind == "application/pdf" {
		return "default-src 'none'; style-src 'unsafe-inline'; object-src 'self'; plugin-types application/pdf; frame-ancestors 'none'"
	}
	return "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; frame-ancestors 'none'; sandbox"
}
