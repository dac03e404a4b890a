package caldav

import (
	"bytes"
	"encoding/xml"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/calendar"
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
	if data := body.one(dav("prop")).one(cal("calendar-data")); err == nil && data != nil {
		want.shape, err = shapeOf(data)
	}
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
		return errTooMuch()
	}
	out, err := gather(names, func(n *node) (response, error) { return rq.describeHref(n.value(), want) })
	if err != nil {
		return err
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
	busy := map[string][]booking.Interval{} // by FBTYPE, RFC 5545 §3.2.9
	left := maxExpanded
	for _, o := range objects {
		err := o.each(from, to, func(i calendar.Instance) bool {
			switch {
			case i.Free:
			case i.Tentative:
				busy[";FBTYPE=BUSY-TENTATIVE"] = append(busy[";FBTYPE=BUSY-TENTATIVE"], booking.Interval{From: i.Start, To: i.End})
			default:
				busy[""] = append(busy[""], booking.Interval{From: i.Start, To: i.End})
			}
			left--
			return left > 0
		})
		if err != nil && !unreadable(err) {
			return err
		}
		if left <= 0 {
			return errTooMuch()
		}
	}
	var b bytes.Buffer
	line := func(parts ...string) { b.WriteString(strings.Join(parts, "") + "\r\n") }
	line("BEGIN:VCALENDAR")
	line("VERSION:2.0")
	line("PRODID:-//Colloque//Colloque//EN")
	line("BEGIN:VFREEBUSY")
	line("UID:", strings.Trim(etagOf(rq.at.path(), basic(from), basic(to)), `"`)) // RFC 5545 §3.6.4 wants one
	line("DTSTAMP:", basic(rq.deps.Clock()))
	line("DTSTART:", basic(from))
	line("DTEND:", basic(to))
	for _, kind := range slices.Sorted(maps.Keys(busy)) {
		for _, i := range booking.Merge(busy[kind]) {
			line("FREEBUSY", kind, ":", basic(i.From), "/", basic(i.To))
		}
	}
	line("END:VFREEBUSY")
	line("END:VCALENDAR")
	rq.w.Header().Set("Content-Type", calendarType)
	_, _ = rq.w.Write(b.Bytes()) // who is gone does not read it
	return nil
}

const basicForm = "20060102T150405Z"

func basic(t time.Time) string { return t.UTC().Format(basicForm) }
