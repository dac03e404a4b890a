package caldav

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"github.com/colloque/colloque/consult/calendar"
)

// shape is how a report wants objects (RFC 4791 §9.6): which parts of them, and what comes again expanded or limited to some time. nil is
// as they are.
type shape struct {
	expand, limit bool
	from, to      time.Time
	part          *part

	instances, bytes int // that may still be given in this answer
}

// Bounds of one answer in which times are expanded: a small rule makes a large text.
const (
	maxExpanded      = 20_000
	maxExpandedBytes = 32 << 20
)

// part is what is wanted of a component (RFC 4791 §9.6.1).
type part struct {
	name     string
	allProps bool
	props    map[string]bool // true: with the value
	allParts bool
	parts    []part
}

// shapeOf reads a calendar-data element; nil where it wants nothing particular.
func shapeOf(n *node) (*shape, error) {
	if kind, version := n.attr("content-type"), n.attr("version"); kind != "" && !strings.EqualFold(kind, "text/calendar") || version != "" && version != "2.0" {
		return nil, refuse(http.StatusForbidden, cal("supported-calendar-data"), "Objects are text/calendar of version 2.0.")
	}
	comp, expand, limit := n.one(cal("comp")), n.one(cal("expand")), n.one(cal("limit-recurrence-set"))
	if comp == nil && expand == nil && limit == nil {
		return nil, nil
	}
	s := &shape{expand: expand != nil, limit: limit != nil, instances: maxExpanded, bytes: maxExpandedBytes}
	if s.expand && s.limit {
		return nil, refuse(http.StatusBadRequest, none, "Times are expanded or limited, not both.")
	}
	for _, ranged := range []*node{expand, limit} {
		if ranged == nil {
			continue
		}
		var err error
		if s.from, s.to, err = timeRange(ranged); err != nil || ranged.attr("start") == "" || ranged.attr("end") == "" {
			return nil, refuse(http.StatusBadRequest, none, "Times are expanded or limited from a start to a later end, in UTC.")
		}
	}
	if comp != nil {
		p := partOf(comp)
		if p.name != ical.CompCalendar {
			return nil, refuse(http.StatusBadRequest, none, "What is wanted of an object begins with VCALENDAR.")
		}
		s.part = &p
	}
	return s, nil
}

// partOf reads a comp element. One that names nothing wants everything: the example of RFC 4791 §7.8.1 gets a VTIMEZONE whole so.
func partOf(n *node) part {
	p := part{name: strings.ToUpper(n.attr("name")), allProps: n.one(cal("allprop")) != nil, allParts: n.one(cal("allcomp")) != nil, props: map[string]bool{}}
	if len(n.children) == 0 {
		p.allProps, p.allParts = true, true
	}
	for _, prop := range n.all(cal("prop")) {
		p.props[strings.ToUpper(prop.attr("name"))] = prop.attr("novalue") != "yes"
	}
	for _, c := range n.all(cal("comp")) {
		p.parts = append(p.parts, partOf(c))
	}
	return p
}

// of is what is wanted of a component.
func (p part) of(c *ical.Component) *ical.Component {
	out := ical.NewComponent(c.Name)
	for name, values := range c.Props {
		value, named := p.props[name]
		if !named && !p.allProps {
			continue
		}
		for _, v := range values {
			if named && !value {
				v.Value = ""
			}
			out.Props[name] = append(out.Props[name], v)
		}
	}
	for _, child := range c.Children {
		if p.allParts {
			out.Children = append(out.Children, child)
			continue
		}
		for _, inside := range p.parts {
			if inside.name == child.Name {
				out.Children = append(out.Children, inside.of(child))
				break
			}
		}
	}
	return out
}

// dataOf is an object's text in the shape that is wanted.
func (o *object) dataOf(s *shape) ([]byte, error) {
	data, err := o.data()
	if err != nil || s == nil {
		return data, err
	}
	parsed, err := calendar.Read(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	shaped := parsed
	switch {
	case s.expand:
		n := 0
		shaped, n, err = calendar.Expand(parsed, o.zone, s.from, s.to, s.instances)
		s.instances -= n
	case s.limit:
		shaped, err = calendar.Limit(parsed, o.zone, s.from, s.to)
	}
	switch {
	case errors.Is(err, calendar.ErrTooMany):
		return nil, errTooMuch()
	case unreadable(err):
		shaped = parsed // one that nobody can read does not hide the others
	case err != nil:
		return nil, fmt.Errorf("shape an object: %w", err)
	}
	c := shaped.Component
	if s.part != nil {
		c = s.part.of(c)
	}
	data = calendar.Write(c)
	if s.bytes -= len(data); s.bytes < 0 {
		return nil, errTooMuch()
	}
	return data, nil
}

func errTooMuch() *failure {
	return refuse(http.StatusForbidden, dav("number-of-matches-within-limits"), "That is more than is given at once: ask for less time.")
}
