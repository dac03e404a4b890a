package outside

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"

	"github.com/emersion/go-ical"
	"github.com/emersion/go-webdav"
	"golang.org/x/net/publicsuffix"

	"github.com/colloque/colloque/consult/calendar"
)

// wellKnown leads to a host's CalDAV server (RFC 6764 §5).
const wellKnown = "/.well-known/caldav"

// The properties that lead to a user's calendars (RFC 5397 §3, RFC 4791 §6.2.1), and by which the user is invited (RFC 6638 §2.4.1).
var (
	currentUserPrincipal   = xml.Name{Space: "DAV:", Local: "current-user-principal"}
	calendarHomeSet        = xml.Name{Space: "urn:ietf:params:xml:ns:caldav", Local: "calendar-home-set"}
	calendarUserAddressSet = xml.Name{Space: "urn:ietf:params:xml:ns:caldav", Local: "calendar-user-address-set"}
)

var errElsewhere = &troubleError{TroubleForbidden, errors.New("the calendars are said to be on somebody else's server")}

// collections finds the CalDAV collections (RFC 4791) at an address, or of the user who signs in there (RFC 6764 §6).
func (s *Calendars) collections(ctx context.Context, c Calendar) ([]Choice, error) {
	found, err := s.collectionsIn(ctx, c)
	if len(found) > 0 {
		return found, nil
	}
	at, parseErr := url.Parse(c.Address)
	if parseErr != nil {
		return nil, parseErr
	}
	for _, start := range []string{at.Path, wellKnown} {
		home, failed := s.home(ctx, c, at.ResolveReference(&url.URL{Path: start}))
		if failed == nil {
			c.Address = home.String()
			return s.collectionsIn(ctx, c)
		}
		if err == nil || tells(failed) {
			err = failed
		}
	}
	return nil, err
}

// tells reports whether an error says more than that there is no calendar at some address.
func tells(err error) bool {
	trouble := troubleOf(err)
	return trouble == TroubleRefused || trouble == TroubleForbidden
}

// collectionsIn lists the collections of events at an address and in what is there.
func (s *Calendars) collectionsIn(ctx context.Context, c Calendar) (found []Choice, err error) {
	defer calendar.Caught(&err)
	at, client, err := s.caldav(c)
	if err != nil {
		return nil, err
	}
	all, err := client.FindCalendars(ctx, at.Path)
	for _, one := range all {
		if len(one.SupportedComponentSet) == 0 || slices.Contains(one.SupportedComponentSet, ical.CompEvent) {
			found = append(found, Choice{at.ResolveReference(&url.URL{Path: one.Path}).String(), one.Name})
		}
	}
	return found, davError(err)
}

// home is where the calendars of the user are who signs in at an address. It may be on another host: iCloud has many.
func (s *Calendars) home(ctx context.Context, c Calendar, at *url.URL) (*url.URL, error) {
	do, err := s.doer(c)
	if err != nil {
		return nil, err
	}
	next := at
	for _, property := range []xml.Name{currentUserPrincipal, calendarHomeSet} {
		if next, err = follow(ctx, do, next, property); err != nil {
			return nil, err
		}
	}
	return next, nil
}

// addresses are those by which the user is invited who signs in to a collection, as the server gives them: "mailto:…" among others.
func (s *Calendars) addresses(ctx context.Context, c Calendar) ([]string, error) {
	at, err := url.Parse(c.Address)
	if err != nil {
		return nil, err
	}
	do, err := s.doer(c)
	if err != nil {
		return nil, err
	}
	principal, err := follow(ctx, do, at, currentUserPrincipal)
	if err != nil {
		return nil, err
	}
	found, _, err := ask(ctx, do, principal, calendarUserAddressSet)
	return found[:min(len(found), maxAddresses)], err
}

const maxAddresses = 50 // of one user, that are looked at

// follow asks for a property that is an address, on the same site: the password is for nobody else.
func follow(ctx context.Context, do webdav.HTTPClient, at *url.URL, property xml.Name) (*url.URL, error) {
	found, from, err := ask(ctx, do, at, property)
	if err != nil {
		return nil, err
	}
	next, err := from.Parse(found[0])
	if err != nil {
		return nil, err
	}
	if !sameSite(at, next) || at.Scheme == "https" && next.Scheme != "https" {
		return nil, errElsewhere
	}
	return next, nil
}

// ask asks for a property that is one or several addresses, and says who has answered. There is one at least, unless it fails.
func ask(ctx context.Context, do webdav.HTTPClient, at *url.URL, property xml.Name) (found []string, from *url.URL, err error) {
	body := fmt.Sprintf(`<?xml version="1.0" encoding="utf-8"?><propfind xmlns="DAV:"><prop><p:%s xmlns:p="%s"/></prop></propfind>`, property.Local, property.Space)
	r, err := http.NewRequestWithContext(ctx, "PROPFIND", at.String(), strings.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	r.Header.Set("Depth", "0")
	answer, err := do.Do(r)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusMultiStatus {
		return nil, nil, statusError(answer.StatusCode, errors.New(answer.Status))
	}
	for d := xml.NewDecoder(answer.Body); ; {
		token, err := d.Token()
		if err != nil {
			return nil, nil, &troubleError{TroubleNoCalendar, fmt.Errorf("no %s: %w", property.Local, err)}
		}
		start, ok := token.(xml.StartElement)
		if !ok || start.Name != property {
			continue
		}
		var value struct {
			Href []string `xml:"DAV: href"`
		}
		if err := d.DecodeElement(&value, &start); err != nil {
			return nil, nil, &troubleError{TroubleNoCalendar, err}
		}
		for _, href := range value.Href {
			if href = strings.TrimSpace(href); href != "" {
				found = append(found, href)
			}
		}
		if len(found) > 0 {
			return found, answer.Request.URL, nil
		}
	}
}

// sameSite reports whether two addresses are of one operator's, as far as names can tell.
func sameSite(a, b *url.URL) bool {
	if a.Hostname() == b.Hostname() {
		return true
	}
	site := func(u *url.URL) string {
		if _, err := netip.ParseAddr(u.Hostname()); err == nil {
			return ""
		}
		name, err := publicsuffix.EffectiveTLDPlusOne(strings.ToLower(u.Hostname()))
		if err != nil {
			return ""
		}
		return name
	}
	return site(a) != "" && site(a) == site(b)
}

// follower follows redirects of all methods as they are; http.Client makes a GET of a PROPFIND (RFC 9110 §15.4.2 allows it to). The
// password does not leave the site.
type follower struct{ client *http.Client }

// Do sends a request.
func (f follower) Do(r *http.Request) (*http.Response, error) {
	for range maxRedirects {
		answer, err := f.client.Do(r)
		if err != nil || answer.StatusCode < 300 || answer.StatusCode > 399 || r.Method == http.MethodGet {
			return answer, err
		}
		to, err := answer.Location()
		if err != nil || r.URL.Scheme == "https" && to.Scheme != "https" {
			return answer, nil
		}
		_ = answer.Body.Close() // what a redirect says is not read
		next := r.Clone(r.Context())
		next.URL, next.Host = to, ""
		if r.GetBody != nil {
			if next.Body, err = r.GetBody(); err != nil {
				return nil, err
			}
		}
		if !sameSite(r.URL, to) {
			next.Header.Del("Authorization")
		}
		r = next
	}
	return f.client.Do(r)
}
