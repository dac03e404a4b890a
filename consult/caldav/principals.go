package caldav

import (
	"cmp"
	"encoding/xml"
	"net/http"
	"slices"
)

// The reports that programs, Apple's above all, ask of accounts and not of calendars, and give up a server without.

// expand tells properties, and in place of each address in them the properties of what is there (RFC 3253 §3.8).
func (rq *request) expand(body *node) error {
	subjects, err := rq.subjects(false)
	if err != nil {
		return err
	}
	r, err := rq.expanded(subjects[0], body)
	if err != nil {
		return err
	}
	return multistatus{r}.write(rq.w, nil)
}

func (rq *request) expanded(s subject, asked *node) (response, error) {
	all := asked.all(dav("property"))
	if len(all) > maxProperties {
		return response{}, refuse(http.StatusBadRequest, none, "The request names too many properties.")
	}
	nameOf := func(n *node) xml.Name {
		return xml.Name{Space: cmp.Or(n.attr("namespace"), nsDAV), Local: n.attr("name")}
	}
	var want wanted
	for _, n := range all {
		want.these = append(want.these, nameOf(n))
	}
	r, err := rq.describe(s, want)
	if err != nil {
		return response{}, err
	}
	for _, found := range r.found {
		inside := all[slices.IndexFunc(all, func(n *node) bool { return nameOf(n) == found.name })]
		if inside.one(dav("property")) == nil {
			continue
		}
		for i, c := range found.children {
			at, ok := placeOf(c.text)
			if c.name != dav("href") || !ok || at.kind >= kindCalendar {
				continue
			}
			at.account = rq.at.account
			there, err := rq.expanded(subject{place: at}, inside)
			if err != nil {
				return response{}, err
			}
			found.children[i] = there.element()
		}
	}
	return r, nil
}

// searchProperties says by what principals can be looked for (RFC 3744 §9.5): nothing. Who else works here is not told.
func (rq *request) searchProperties(*node) error {
	rq.w.Header().Set("Content-Type", xmlType)
	_, _ = rq.w.Write(document(el(dav("principal-search-property-set")))) // who is gone does not read it
	return nil
}

// searchPrincipals finds nobody (RFC 3744 §9.4).
func (rq *request) searchPrincipals(*node) error { return multistatus{}.write(rq.w, nil) }
