package caldav

import (
	"fmt"
	"net/http"
)

// response is what a multistatus says of one resource (RFC 4918 §14.24): its properties, or a status.
type response struct {
	path                    string
	status                  int // 0: with properties
	found, missing, refused []element
	condition               element // of a status
}

// multistatus is an answer about several resources (RFC 4918 §13).
type multistatus []response

// gather makes an answer of what is said of each.
func gather[T any](all []T, of func(T) (response, error)) (multistatus, error) {
	out := make(multistatus, 0, len(all))
	for _, one := range all {
		r, err := of(one)
		if err != nil {
			return nil, err
		}
		out = append(out, r)
	}
	return out, nil
}

func statusLine(code int) element {
	return text(dav("status"), fmt.Sprintf("HTTP/1.1 %d %s", code, http.StatusText(code)))
}

// write answers; with a token at the end when there is one.
func (m multistatus) write(w http.ResponseWriter, token *element) error {
	w.Header().Set("Content-Type", xmlType)
	w.WriteHeader(http.StatusMultiStatus)
	root := dav("multistatus")
	x := newXMLWriter(w, root)
	for _, r := range m {
		x.element(r.element())
	}
	if token != nil {
		x.element(*token)
	}
	_ = x.close(root) // who is gone does not read it
	return nil
}

func (r response) element() element {
	e := el(dav("response"), text(dav("href"), r.path))
	if r.status != 0 {
		e.children = append(e.children, statusLine(r.status))
		if r.condition.name.Local != "" {
			e.children = append(e.children, el(dav("error"), r.condition))
		}
		return e
	}
	for _, part := range []struct {
		status int
		props  []element
		always bool
	}{
		{http.StatusOK, r.found, len(r.missing)+len(r.refused) == 0},
		{http.StatusNotFound, r.missing, false},
		{http.StatusForbidden, r.refused, false},
	} {
		if len(part.props) > 0 || part.always {
			e.children = append(e.children, el(dav("propstat"), el(dav("prop"), part.props...), statusLine(part.status)))
		}
	}
	return e
}
