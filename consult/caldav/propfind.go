package caldav

import (
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
)

// maxProperties bounds what one request asks of each resource.
const maxProperties = 100

// subject is what properties are asked of.
type subject struct {
	place  place
	name   string // of a calendar
	object *object
}

// wanted are the properties that are asked for.
type wanted struct {
	all, names bool
	these      []xml.Name
	report     bool // objects may be asked for themselves (RFC 4791 §9.6)
	shape      *shape
}

// wantedOf reads what a PROPFIND or a REPORT asks for.
func wantedOf(body *node) (wanted, error) {
	prop := body.one(dav("prop"))
	switch {
	case body == nil || body.one(dav("allprop")) != nil:
		return wanted{all: true}, nil
	case body.one(dav("propname")) != nil:
		return wanted{names: true}, nil
	case prop == nil || len(prop.children) > maxProperties:
		return wanted{}, refuse(http.StatusBadRequest, none, "The request names no properties, or too many.")
	}
	var w wanted
	for _, c := range prop.children {
		w.these = append(w.these, c.name)
	}
	return w, nil
}

// body reads the request's body; nil when there is none.
func (rq *request) body() (*node, error) {
	root, err := parseXML(rq.r.Body)
	var tooLarge *http.MaxBytesError
	if errors.As(err, &tooLarge) {
		return nil, refuse(http.StatusRequestEntityTooLarge, none, "The request is larger than what this address takes.")
	}
	if err != nil {
		return nil, refuse(http.StatusBadRequest, none, "The request's body is not XML that can be read.")
	}
	return root, nil
}

func (rq *request) propfind() error {
	depth := rq.r.Header.Get("Depth")
	if depth != "" && depth != "0" && depth != "1" {
		return refuse(http.StatusForbidden, dav("propfind-finite-depth"), "Ask with depth 0 or 1.")
	}
	body, err := rq.body()
	if err != nil {
		return err
	}
	if body != nil && !body.is(dav("propfind")) {
		return refuse(http.StatusBadRequest, none, "The request's body is no propfind.")
	}
	want, err := wantedOf(body)
	if err != nil {
		return err
	}
	subjects, err := rq.subjects(depth == "1")
	if err != nil {
		return err
	}
	out, err := gather(subjects, func(s subject) (response, error) { return rq.describe(s, want) })
	if err != nil {
		return err
	}
	return out.write(rq.w, nil)
}

// subjects are the resource that was asked for and, with a depth, what is in it.
func (rq *request) subjects(deep bool) ([]subject, error) {
	self := subject{place: rq.at}
	var inside []subject
	var err error
	switch rq.at.kind {
	case kindObject:
		o, err := rq.object(rq.at)
		self.object = &o
		return []subject{self}, err
	case kindCalendar:
		if self.name, err = rq.calendarName(rq.at.practitioner); err != nil {
			return nil, err
		}
		if deep {
			inside, err = rq.objectSubjects()
		}
	case kindHome:
		if deep {
			inside, err = rq.calendars()
		}
	case kindPrincipal:
		inside = []subject{{place: place{kind: kindHome, account: rq.at.account}}}
	case kindRoot:
		inside = []subject{{place: place{kind: kindPrincipal, account: rq.at.account}}}
	}
	if !deep {
		inside = nil
	}
	return append([]subject{self}, inside...), err
}

func (rq *request) objectSubjects() ([]subject, error) {
	objects, err := rq.objects(rq.at.practitioner, time.Time{}, endOfTime())
	if err != nil {
		return nil, err
	}
	var all []subject
	for i := range objects {
		all = append(all, subject{place: objects[i].place, object: &objects[i]})
	}
	return all, nil
}

// calendars are those that this account may look at.
func (rq *request) calendars() ([]subject, error) {
	owners, err := rq.deps.Accounts.ActsFor(rq.actor.Account)
	if err != nil {
		return nil, err
	}
	var all []subject
	for _, of := range owners {
		name, err := rq.calendarName(of)
		if err != nil {
			return nil, err
		}
		all = append(all, subject{place: place{kindCalendar, rq.at.account, of, ""}, name: name})
	}
	return all, nil
}

// calendarName is what a practitioner's calendar is called.
func (rq *request) calendarName(of consult.AccountID) (string, error) {
	who, err := rq.deps.Accounts.Account(of)
	if err != nil {
		return "", err
	}
	if who.Name == "" || of == rq.actor.Account.ID {
		return strings.Trim(rq.words.appointments+" – "+rq.deps.Profile.Name, " –"), nil
	}
	return who.Name, nil
}

// describe gives a resource's properties.
func (rq *request) describe(s subject, want wanted) (response, error) {
	r := response{path: s.place.path()}
	table := properties()
	names := want.these
	if want.all || want.names {
		for _, p := range table {
			names = append(names, p.name)
		}
	}
	for _, name := range names {
		if name == cal("calendar-data") && want.report && s.object != nil {
			data, err := s.object.dataOf(want.shape)
			if f := (*failure)(nil); errors.As(err, &f) {
				return response{}, err
			}
			if err != nil {
				return response{}, fmt.Errorf("caldav: write an object: %w", err)
			}
			r.found = append(r.found, text(name, string(data)))
			continue
		}
		at := slices.IndexFunc(table, func(p property) bool { return p.name == name })
		if at < 0 {
			r.missing = append(r.missing, el(name))
			continue
		}
		value, err := table[at].of(rq, s)
		if err != nil {
			return response{}, err
		}
		switch {
		case value == nil && !want.all && !want.names:
			r.missing = append(r.missing, el(name))
		case value == nil:
		case want.names:
			r.found = append(r.found, el(name))
		default:
			r.found = append(r.found, *value)
		}
	}
	return r, nil
}

// property is one that resources have; of gives nil where they do not.
type property struct {
	name xml.Name
	of   func(*request, subject) (*element, error)
}

// properties is the table of all that can be asked for.
func properties() []property {
	return []property{
		{dav("resourcetype"), resourceType},
		{dav("displayname"), displayName},
		{dav("getetag"), ofObject(func(o *object) string { return o.etag }, "getetag")},
		{dav("getcontenttype"), ofObject(func(*object) string { return calendarType + "; component=vevent" }, "getcontenttype")},
		{dav("getcontentlength"), contentLength},
		{dav("getlastmodified"), ofObject(func(o *object) string { return o.modified.UTC().Format(http.TimeFormat) }, "getlastmodified")},
		{dav("current-user-principal"), always(func(rq *request) element { return href(dav("current-user-principal"), rq.principal()) })},
		{dav("owner"), always(func(rq *request) element { return href(dav("owner"), rq.principal()) })},
		{dav("principal-URL"), on(kindPrincipal, func(rq *request, _ subject) element { return href(dav("principal-URL"), rq.principal()) })},
		{dav("principal-collection-set"), always(func(*request) element { return href(dav("principal-collection-set"), Root) })},
		{dav("current-user-privilege-set"), privileges},
		{dav("supported-report-set"), on(kindCalendar, reportSet)},
		{dav("sync-token"), syncToken(dav("sync-token"))},
		{server("getctag"), syncToken(server("getctag"))},
		{cal("calendar-home-set"), calendarHome},
		{cal("calendar-user-address-set"), on(kindPrincipal, userAddress)},
		{cal("supported-calendar-component-set"), on(kindCalendar, func(*request, subject) element {
			return el(cal("supported-calendar-component-set"), element{name: cal("comp"), attrs: [][2]string{{"name", "VEVENT"}}})
		})},
		{cal("supported-calendar-data"), on(kindCalendar, func(*request, subject) element {
			return el(cal("supported-calendar-data"), element{name: cal("calendar-data"), attrs: [][2]string{{"content-type", "text/calendar"}, {"version", "2.0"}}})
		})},
		{cal("supported-collation-set"), on(kindCalendar, func(*request, subject) element { // RFC 4791 §7.5.1
			return el(cal("supported-collation-set"), text(cal("supported-collation"), "i;ascii-casemap"), text(cal("supported-collation"), "i;unicode-casemap"), text(cal("supported-collation"), "i;octet"))
		})},
		{cal("max-resource-size"), on(kindCalendar, func(*request, subject) element { return text(cal("max-resource-size"), strconv.Itoa(maxObject)) })},
		{xml.Name{Space: nsApple, Local: "calendar-color"}, on(kindCalendar, func(*request, subject) element {
			return text(xml.Name{Space: nsApple, Local: "calendar-color"}, "#0F766EFF")
		})},
	}
}

// maxObject is how many bytes an object may have.
const maxObject = booking.MaxEventText

func (rq *request) principal() string {
	return place{kind: kindPrincipal, account: rq.at.account}.path()
}

func always(value func(*request) element) func(*request, subject) (*element, error) {
	return func(rq *request, _ subject) (*element, error) {
		e := value(rq)
		return &e, nil
	}
}

func on(k kind, value func(*request, subject) element) func(*request, subject) (*element, error) {
	return func(rq *request, s subject) (*element, error) {
		if s.place.kind != k {
			return nil, nil
		}
		e := value(rq, s)
		return &e, nil
	}
}

func ofObject(value func(*object) string, local string) func(*request, subject) (*element, error) {
	return func(_ *request, s subject) (*element, error) {
		if s.object == nil {
			return nil, nil
		}
		e := text(dav(local), value(s.object))
		return &e, nil
	}
}

func contentLength(_ *request, s subject) (*element, error) {
	if s.object == nil {
		return nil, nil
	}
	data, err := s.object.data()
	if err != nil {
		return nil, fmt.Errorf("caldav: write an object: %w", err)
	}
	e := text(dav("getcontentlength"), strconv.Itoa(len(data)))
	return &e, nil
}

func resourceType(_ *request, s subject) (*element, error) {
	e := el(dav("resourcetype"))
	switch s.place.kind {
	case kindPrincipal:
		e.children = []element{el(dav("collection")), el(dav("principal"))}
	case kindCalendar:
		e.children = []element{el(dav("collection")), el(cal("calendar"))}
	case kindRoot, kindHome:
		e.children = []element{el(dav("collection"))}
	}
	return &e, nil
}

func displayName(rq *request, s subject) (*element, error) {
	name := s.name
	if s.place.kind == kindPrincipal {
		name = rq.actor.Account.Name
	}
	if name == "" {
		return nil, nil
	}
	e := text(dav("displayname"), name)
	return &e, nil
}

func calendarHome(rq *request, s subject) (*element, error) {
	if s.place.kind > kindHome {
		return nil, nil
	}
	e := href(cal("calendar-home-set"), place{kind: kindHome, account: rq.at.account}.path())
	return &e, nil
}

func userAddress(rq *request, _ subject) element {
	e := href(cal("calendar-user-address-set"), rq.principal())
	if mail := rq.actor.Account.Mail; mail != "" {
		e.children = append(e.children, text(dav("href"), "mailto:"+mail))
	}
	return e
}

// privileges are what this account may do there (RFC 3744 §5.4). Appointments are read: what happens to them, patients are told of.
func privileges(rq *request, s subject) (*element, error) {
	may := []string{"read", "read-current-user-privilege-set"}
	if rq.actor.Has(account.ScopeAppointmentsWrite) && rq.writable(s) {
		may = append(may, "write", "write-content", "bind", "unbind")
	}
	e := el(dav("current-user-privilege-set"))
	for _, word := range may {
		e.children = append(e.children, el(dav("privilege"), el(dav(word))))
	}
	return &e, nil
}

// writable reports whether programs put something there.
func (rq *request) writable(s subject) bool {
	return s.place.kind == kindCalendar || s.object != nil && s.object.editable
}

func reportSet(*request, subject) element {
	e := el(dav("supported-report-set"))
	for _, name := range []xml.Name{cal("calendar-query"), cal("calendar-multiget"), cal("free-busy-query"), dav("sync-collection"), dav("expand-property")} {
		e.children = append(e.children, el(dav("supported-report"), el(dav("report"), el(name))))
	}
	return e
}

func syncToken(name xml.Name) func(*request, subject) (*element, error) {
	return func(rq *request, s subject) (*element, error) {
		if s.place.kind != kindCalendar {
			return nil, nil
		}
		last, err := rq.deps.Book.LastChange(s.place.practitioner)
		if err != nil {
			return nil, err
		}
		e := text(name, rq.token(mark{last: last}))
		return &e, nil
	}
}

// proppatch refuses to change any property, in the form that programs go on after (RFC 4918 §9.2).
func (rq *request) proppatch() error {
	body, err := rq.body()
	if err != nil {
		return err
	}
	if !body.is(dav("propertyupdate")) {
		return refuse(http.StatusBadRequest, none, "The request's body is no propertyupdate.")
	}
	r := response{path: rq.at.path()}
	for _, change := range body.children {
		if prop := change.one(dav("prop")); prop != nil {
			for _, c := range prop.children {
				r.refused = append(r.refused, el(c.name))
			}
		}
	}
	if len(r.refused) > maxProperties {
		return refuse(http.StatusBadRequest, none, "The request names too many properties.")
	}
	return multistatus{r}.write(rq.w, nil)
}
