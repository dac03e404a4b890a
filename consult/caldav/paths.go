package caldav

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/colloque/colloque/consult"
)

// Where this server's resources are:
//
//	/caldav/                                          root
//	/caldav/<account>/                                principal (RFC 3744 §2)
//	/caldav/<account>/calendars/                      calendar home (RFC 4791 §6.2.1)
//	/caldav/<account>/calendars/<practitioner>/       calendar
//	/caldav/<account>/calendars/<practitioner>/<name> object
//
// The account is who looks: titles are as that account wants them, so what stands at an address is the same for everybody who may see it.
const (
	Root      = "/caldav/"
	WellKnown = "/.well-known/caldav" // RFC 6764 §5
	FeedRoot  = "/calendar/"

	homePart = "calendars"
	maxName  = 255 // bytes
)

type kind int

const (
	kindRoot kind = iota
	kindPrincipal
	kindHome
	kindCalendar
	kindObject
)

// place is what a path names.
type place struct {
	kind         kind
	account      consult.AccountID
	practitioner consult.AccountID // of calendar and object
	name         string            // of object
}

// placeOf reads a path, which is decoded already.
func placeOf(path string) (place, bool) {
	rest, ok := strings.CutPrefix(path+"/", Root)
	if !ok {
		return place{}, false
	}
	parts := strings.Split(strings.TrimRight(rest, "/"), "/")
	p := place{kind: kind(len(parts))}
	if parts[0] == "" {
		return place{kind: kindRoot}, len(parts) == 1
	}
	for i, part := range parts {
		switch {
		case part == "" || len(part) > maxName || !utf8.ValidString(part) || strings.ContainsFunc(part, unicode.IsControl):
			return place{}, false
		case i == 0:
			p.account = consult.AccountID(part)
		case i == 1 && part != homePart:
			return place{}, false
		case i == 2:
			p.practitioner = consult.AccountID(part)
		case i == 3:
			p.name = part
		case i > 3:
			return place{}, false
		}
	}
	return p, true
}

// path is the inverse, as it stands in answers.
func (p place) path() string {
	switch p.kind {
	case kindRoot:
		return Root
	case kindPrincipal:
		return Root + string(p.account) + "/"
	}
	path := Root + string(p.account) + "/" + homePart + "/"
	if p.kind >= kindCalendar {
		path += string(p.practitioner) + "/"
	}
	if p.kind == kindObject {
		path += url.PathEscape(p.name)
	}
	return path
}

// placeOfHref reads what a client names in a body: a path, or a whole address.
func placeOfHref(href string) (place, bool) {
	u, err := url.Parse(strings.TrimSpace(href))
	if err != nil {
		return place{}, false
	}
	return placeOf(u.Path)
}
