package caldav

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"github.com/colloque/colloque/consult/calendar"
)

// filter is what a calendar-query looks for (RFC 4791 §9.7): a component, with conditions that all hold.
type filter struct {
	name     string // of the component
	absent   bool   // there is none
	ranged   bool   // an event takes place between from and to
	from, to time.Time
	inside   []filter
	props    []propFilter
}

type propFilter struct {
	name   string
	absent bool
	text   *textMatch
	params []paramFilter
}

type paramFilter struct {
	name   string
	absent bool
	text   *textMatch
}

type textMatch struct {
	text   string
	negate bool
	exact  bool // letters are compared as they are: i;octet
}

func errFilter() *failure {
	return refuse(http.StatusForbidden, cal("supported-filter"), "Calendars are not looked through for that.")
}

// filterOf reads a filter element.
func filterOf(n *node) (filter, error) {
	top := n.one(cal("comp-filter"))
	if top == nil || top.attr("name") != ical.CompCalendar {
		return filter{}, refuse(http.StatusBadRequest, cal("valid-filter"), "A filter begins with VCALENDAR.")
	}
	return compFilterOf(top)
}

func compFilterOf(n *node) (filter, error) {
	f := filter{name: strings.ToUpper(n.attr("name")), absent: n.one(cal("is-not-defined")) != nil}
	if tr := n.one(cal("time-range")); tr != nil {
		var err error
		if f.from, f.to, err = timeRange(tr); err != nil {
			return filter{}, err
		}
		if f.name != ical.CompEvent && f.name != ical.CompToDo && f.name != ical.CompJournal {
			return filter{}, errFilter()
		}
		f.ranged = true
	}
	for _, c := range n.all(cal("comp-filter")) {
		inside, err := compFilterOf(c)
		if err != nil {
			return filter{}, err
		}
		f.inside = append(f.inside, inside)
	}
	for _, c := range n.all(cal("prop-filter")) {
		p := propFilter{name: strings.ToUpper(c.attr("name")), absent: c.one(cal("is-not-defined")) != nil}
		if c.one(cal("time-range")) != nil {
			return filter{}, errFilter()
		}
		var err error
		if p.text, err = textMatchOf(c.one(cal("text-match"))); err != nil {
			return filter{}, err
		}
		for _, param := range c.all(cal("param-filter")) {
			q := paramFilter{name: strings.ToUpper(param.attr("name")), absent: param.one(cal("is-not-defined")) != nil}
			if q.text, err = textMatchOf(param.one(cal("text-match"))); err != nil {
				return filter{}, err
			}
			p.params = append(p.params, q)
		}
		f.props = append(f.props, p)
	}
	return f, nil
}

func textMatchOf(n *node) (*textMatch, error) {
	if n == nil {
		return nil, nil
	}
	m := &textMatch{text: n.text, negate: n.attr("negate-condition") == "yes"}
	switch n.attr("collation") {
	case "", "default", "i;ascii-casemap", "i;unicode-casemap":
		m.text = strings.ToLower(m.text)
	case "i;octet":
		m.exact = true
	default:
		return nil, refuse(http.StatusForbidden, cal("supported-collation"), "Texts are compared by i;ascii-casemap or i;octet.")
	}
	return m, nil
}

// timeRange reads a time-range (RFC 4791 §9.9): UTC, and open at one end when that is not said.
func timeRange(n *node) (from, to time.Time, err error) {
	bad := refuse(http.StatusBadRequest, cal("valid-filter"), "A time range has a start or an end, in UTC, and the end is later.")
	if n == nil {
		return from, to, bad
	}
	to = endOfTime()
	if text := n.attr("start"); text != "" {
		if from, err = time.Parse(basicForm, text); err != nil {
			return from, to, bad
		}
	}
	if text := n.attr("end"); text != "" {
		if to, err = time.Parse(basicForm, text); err != nil {
			return from, to, bad
		}
	}
	if !from.Before(to) {
		return from, to, bad
	}
	return from, to, nil
}

// reach is outside of which nothing can match.
func (f filter) reach() (from, to time.Time) {
	for _, inside := range f.inside {
		if inside.ranged && inside.name == ical.CompEvent {
			return inside.from, inside.to
		}
	}
	return time.Time{}, endOfTime()
}

// matches reports whether an object is what is looked for.
func (f filter) matches(o *object) (bool, error) {
	if f.absent {
		return false, nil
	}
	var cal *ical.Calendar
	for _, inside := range f.inside {
		if inside.name == ical.CompEvent && len(inside.inside)+len(inside.props) == 0 { // without reading it
			if match, err := inside.takesPlace(o); err != nil || !match {
				return false, err
			}
			continue
		}
		if cal == nil {
			data, err := o.data()
			if err != nil {
				return false, err
			}
			if cal, err = calendar.Read(bytes.NewReader(data)); err != nil {
				return false, err
			}
		}
		if match, err := inside.among(o, cal.Children); err != nil || !match {
			return false, err
		}
	}
	return true, nil
}

// takesPlace is the condition of events that they take place at some time. Every object here is one event.
func (f filter) takesPlace(o *object) (bool, error) {
	if f.absent || !f.ranged {
		return !f.absent, nil
	}
	match := false
	err := o.each(f.from, f.to, func(calendar.Instance) bool {
		match = true
		return false
	})
	if unreadable(err) {
		err = nil
	}
	return match, err
}

// unreadable reports whether nobody can say when an event takes place: it does not hide the others.
func unreadable(err error) bool {
	return errors.Is(err, calendar.ErrBadCalendar) || errors.Is(err, calendar.ErrTooMany)
}

// among reports whether one of the components is what is looked for.
func (f filter) among(o *object, all []*ical.Component) (bool, error) {
	for _, c := range all {
		if c.Name != f.name {
			continue
		}
		if f.absent {
			return false, nil
		}
		match, err := f.fits(o, c)
		if err != nil || match {
			return match, err
		}
	}
	return f.absent, nil
}

func (f filter) fits(o *object, c *ical.Component) (bool, error) {
	if f.ranged {
		if match, err := f.takesPlace(o); err != nil || !match {
			return false, err
		}
	}
	for _, p := range f.props {
		if !p.fits(c.Props[p.name]) {
			return false, nil
		}
	}
	for _, inside := range f.inside {
		if match, err := inside.among(o, c.Children); err != nil || !match {
			return false, err
		}
	}
	return true, nil
}

func (p propFilter) fits(values []ical.Prop) bool {
	for _, v := range values {
		if p.absent {
			return false
		}
		if p.fitsOne(v) {
			return true
		}
	}
	return p.absent
}

func (p propFilter) fitsOne(v ical.Prop) bool {
	value := v.Value
	if plain, err := v.Text(); err == nil {
		value = plain
	}
	if !p.text.fits(value) {
		return false
	}
	for _, param := range p.params {
		values := v.Params.Values(param.name)
		switch {
		case param.absent != (len(values) == 0):
			return false
		case !param.absent && !param.text.fits(strings.Join(values, ",")):
			return false
		}
	}
	return true
}

// fits compares; nil fits all.
func (m *textMatch) fits(value string) bool {
	if m == nil {
		return true
	}
	if !m.exact {
		value = strings.ToLower(value)
	}
	return strings.Contains(value, m.text) != m.negate
}
