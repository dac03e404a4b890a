package caldav

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/colloque/colloque/consult/booking"
)

// report is the table of reports (RFC 3253 §3.6).
func (rq *request) report() error {
	body, err := rq.body()
	if err != nil {
		return err
	}
	if body == nil {
		return refuse(http.StatusBadRequest, none, "The request names no report.")
	}
	reports := map[xml.Name]func(*node) error{
		dav("expand-property"): rq.expand, dav("principal-search-property-set"): rq.searchProperties, dav("principal-property-search"): rq.searchPrincipals,
	}
	if rq.at.kind == kindCalendar {
		reports = map[xml.Name]func(*node) error{
			cal("calendar-query"): rq.query, cal("calendar-multiget"): rq.multiget, cal("free-busy-query"): rq.freeBusy, dav("sync-collection"): rq.sync,
			dav("expand-property"): rq.expand,
		}
	}
	if do := reports[body.name]; do != nil {
		return do(body)
	}
	return refuse(http.StatusForbidden, dav("supported-report"), "There is no such report of this.")
}

// reported is wantedOf for a report; which asks for nothing when it says nothing.
func reported(body *node) (wanted, error) {
	if body.one(dav("prop")) == nil && body.one(dav("allprop")) == nil && body.one(dav("propname")) == nil {
		return wanted{report: true}, nil
	}
	want, err := wantedOf(body)
	want.report = true
	return want, err
}

// query finds objects (RFC 4791 §7.8).
func (rq *request) query(body *node) error {
	want, err := reported(body)
	if err != nil {
		return err
	}
	f, err := filterOf(body.one(cal("filter")))
	if err != nil {
		return err
	}
	from, to := f.reach()
	objects, err := rq.objects(rq.at.practitioner, from, to)
	if err != nil {
		return err
	}
	var out multistatus
	for i := range objects {
		o := &objects[i]
		match, err := f.matches(o)
		if err != nil {
			return err
		}
		if !match {
			continue
		}
		r, err := rq.describe(subject{place: o.place, object: o}, want)
		if err != nil {
			return err
		}
		out = append(out, r)
	}
	return out.write(rq.w, nil)
}

// maxNames is how many objects one multiget names.
const maxNames = 5000

// multiget reads objects by their addresses (RFC 4791 §7.9).
func (rq *request) multiget(body *node) error {
	want, err := reported(body)
	if err != nil {
		return err
	}
	names := body.all(dav("href"))
	if len(names) > maxNames {
		return refuse(http.StatusForbidden, dav("number-of-matches-within-limits"), "That is more than is given at once.")
	}
	var out multistatus
	for _, n := range names {
		r, err := rq.describeHref(n.value(), want)
		if err != nil {
			return err
		}
		out = append(out, r)
	}
	return out.write(rq.w, nil)
}

func (rq *request) describeHref(name string, want wanted) (response, error) {
	at, ok := placeOfHref(name)
	if !ok || at.kind != kindObject || at.account != rq.at.account || at.practitioner != rq.at.practitioner {
		return response{path: name, status: http.StatusNotFound}, nil
	}
	o, err := rq.object(at)
	if err == nil {
		return rq.describe(subject{place: o.place, object: &o}, want)
	}
	if f := (*failure)(nil); errors.As(err, &f) {
		return response{path: at.path(), status: f.status}, nil
	}
	return response{}, err
}

// tokenStart makes of a number an URI, as RFC 6578 §3.2 wants it.
const tokenStart = "urn:x-colloque:sync:"

// token is the sync token, and the ctag, after a change: with the number goes how things are shown.
func (rq *request) token(last uint64) string {
	return fmt.Sprintf("%s%d:%s", tokenStart, last, rq.shown())
}

// shown is another text when this account is shown the same things otherwise.
func (rq *request) shown() string {
	sum := sha256.Sum256([]byte(strings.Join([]string{form, string(rq.titles), rq.deps.Profile.Language, rq.deps.BaseURL()}, "\x00")))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}

// readToken is the inverse; false when everything must be read again.
func (rq *request) readToken(text string) (uint64, bool) {
	rest, ok := strings.CutPrefix(text, tokenStart)
	number, shown, _ := strings.Cut(rest, ":")
	last, err := strconv.ParseUint(number, 10, 64)
	return last, ok && err == nil && shown == rq.shown()
}

// sync tells what changed since a token was given (RFC 6578 §3).
func (rq *request) sync(body *node) error {
	want, err := reported(body)
	if err != nil {
		return err
	}
	if level := body.one(dav("sync-level")).value(); level != "" && level != "1" {
		return refuse(http.StatusForbidden, dav("sync-traversal-supported"), "A calendar holds no calendars: ask with the level 1.")
	}
	var out multistatus
	var last uint64
	if given := body.one(dav("sync-token")).value(); given == "" {
		out, last, err = rq.everything(want)
	} else {
		since, ok := rq.readToken(given)
		if !ok {
			return errOldToken()
		}
		out, last, err = rq.since(since, want)
	}
	if err != nil {
		return err
	}
	if limit := body.one(dav("limit")).one(dav("nresults")).value(); limit != "" {
		if most, err := strconv.Atoi(limit); err != nil || len(out) > most {
			return refuse(http.StatusForbidden, dav("number-of-matches-within-limits"), "There is more than was asked for.")
		}
	}
	token := text(dav("sync-token"), rq.token(last))
	return out.write(rq.w, &token)
}

func errOldToken() *failure {
	return refuse(http.StatusForbidden, dav("valid-sync-token"), "This token is too old: read everything again.")
}

func (rq *request) everything(want wanted) (multistatus, uint64, error) {
	last, err := rq.deps.Book.LastChange(rq.at.practitioner) // before: what changes meanwhile is told twice
	if err != nil {
		return nil, 0, err
	}
	subjects, err := rq.objectSubjects()
	if err != nil {
		return nil, 0, err
	}
	var out multistatus
	for _, s := range subjects {
		r, err := rq.describe(s, want)
		if err != nil {
			return nil, 0, err
		}
		out = append(out, r)
	}
	return out, last, nil
}

func (rq *request) since(since uint64, want wanted) (multistatus, uint64, error) {
	changes, last, err := rq.deps.Book.Changes(rq.at.practitioner, since)
	if errors.Is(err, booking.ErrTooOld) {
		return nil, 0, errOldToken()
	}
	if err != nil {
		return nil, 0, err
	}
	var out multistatus
	for _, c := range changes {
		at := place{kindObject, rq.at.account, rq.at.practitioner, string(c.Appointment) + suffix}
		if c.Event != "" {
			e, err := rq.deps.Book.Event(rq.at.practitioner, c.Event)
			if errors.Is(err, booking.ErrNotFound) { // deleted so long ago that its name is forgotten
				return nil, 0, errOldToken()
			}
			if err != nil {
				return nil, 0, err
			}
			at.name = e.Name
		}
		r, err := rq.describeHref(at.path(), want)
		if err != nil {
			return nil, 0, err
		}
		out = append(out, r)
	}
	return out, last, nil
}

// maxFreeBusy is the longest time that a free-busy query asks about.
const maxFreeBusy = 750 * 24 * time.Hour

// freeBusy says when the practitioner is busy, and nothing else (RFC 4791 §7.10).
func (rq *request) freeBusy(body *node) error {
	from, to, err := timeRange(body.one(cal("time-range")))
	if err != nil {
		return err
	}
	if from.IsZero() || to.Sub(from) > maxFreeBusy {
		return refuse(http.StatusBadRequest, none, "A free-busy query asks about at most two years.")
	}
	objects, err := rq.objects(rq.at.practitioner, from, to)
	if err != nil {
		return err
	}
	var busy []booking.Interval
	for _, o := range objects {
		when, err := o.busy(from, to)
		if err != nil {
			return err
		}
		busy = append(busy, when...)
	}
	slices.SortFunc(busy, func(a, b booking.Interval) int { return a.From.Compare(b.From) })
	var b bytes.Buffer
	line := func(parts ...string) { b.WriteString(strings.Join(parts, "") + "\r\n") }
	line("BEGIN:VCALENDAR")
	line("VERSION:2.0")
	line("PRODID:-//Colloque//Colloque//EN")
	line("BEGIN:VFREEBUSY")
	line("DTSTAMP:", basic(rq.deps.Clock()))
	line("DTSTART:", basic(from))
	line("DTEND:", basic(to))
	for _, i := range busy {
		line("FREEBUSY:", basic(i.From), "/", basic(i.To))
	}
	line("END:VFREEBUSY")
	line("END:VCALENDAR")
	rq.w.Header().Set("Content-Type", calendarType)
	_, _ = rq.w.Write(b.Bytes()) // who is gone does not read it
	return nil
}

const basicForm = "20060102T150405Z"

func basic(t time.Time) string { return t.UTC().Format(basicForm) }
