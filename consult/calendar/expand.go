package calendar

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-ical"
)

// Expand makes of a calendar one in which nothing comes again (RFC 4791 §9.6.5): each time between two instants is an event of its own,
// said in UTC, so that whoever reads it needs no rules and no zones. It fails with ErrTooMany when there are more than most.
func Expand(cal *ical.Calendar, zone *time.Location, from, to time.Time, most int) (*ical.Calendar, int, error) {
	var found []Instance
	err := Instances(cal, zone, from, to, func(i Instance) bool {
		found = append(found, i)
		return len(found) <= most
	})
	if err == nil && len(found) > most {
		err = ErrTooMany
	}
	if err != nil {
		return nil, 0, err
	}
	slices.SortStableFunc(found, func(a, b Instance) int { return cmp.Or(a.Start.Compare(b.Start), a.at.Compare(b.at)) })
	out := like(cal, func(c *ical.Component) bool { return c.Name != ical.CompEvent && c.Name != ical.CompTimezone })
	for _, i := range found {
		out.Children = append(out.Children, i.alone())
	}
	return out, len(found), nil
}

// Limit takes from a calendar the changed occurrences that do not matter between two instants: which neither take place then nor would
// have (RFC 4791 §9.6.6).
func Limit(cal *ical.Calendar, zone *time.Location, from, to time.Time) (_ *ical.Calendar, err error) {
	defer Caught(&err)
	r := reader{zones: zones{listed: cal.Children, own: zone}, to: to.AddDate(maxYears, 0, 0)}
	length := map[string]time.Duration{} // of what comes again, by UID
	for _, c := range cal.Children {
		if c.Name == ical.CompEvent && c.Props.Get(ical.PropRecurrenceID) == nil {
			_ = r.instances(c, nil, func(i Instance) bool { // one that cannot be read has no length
				length[uidOf(c)] = i.End.Sub(i.Start)
				return false
			})
		}
	}
	matters := func(c *ical.Component) bool {
		if c.Name != ical.CompEvent || c.Props.Get(ical.PropRecurrenceID) == nil {
			return true
		}
		keep := true // what cannot be read is not ours to hide
		_ = r.instances(c, nil, func(i Instance) bool {
			was := Instance{Start: i.at, End: i.at.Add(length[uidOf(c)])}
			keep = i.within(from, to) || was.within(from, to)
			return false
		})
		return keep
	}
	return like(cal, matters), nil
}

// maxYears is how far from what is asked about the first time of something that comes again may be.
const maxYears = 1000

// like is a calendar with some of the parts of another.
func like(cal *ical.Calendar, keep func(*ical.Component) bool) *ical.Calendar {
	out := ical.NewComponent(cal.Name)
	out.Props = cal.Props
	for _, c := range cal.Children {
		if keep(c) {
			out.Children = append(out.Children, c)
		}
	}
	return &ical.Calendar{Component: out}
}

// alone is this one time as an event that does not come again.
func (i Instance) alone() *ical.Component {
	c := ical.NewComponent(i.event.Name)
	c.Props, c.Children = maps.Clone(i.event.Props), i.event.Children
	for _, name := range []string{ical.PropRecurrenceRule, ical.PropRecurrenceDates, ical.PropExceptionDates, "EXRULE"} {
		c.Props.Del(name)
	}
	c.Props[ical.PropDateTimeStart] = i.said(ical.PropDateTimeStart, i.Start)
	if c.Props.Get(ical.PropDateTimeEnd) != nil {
		c.Props[ical.PropDateTimeEnd] = i.said(ical.PropDateTimeEnd, i.End)
	}
	if !i.at.IsZero() {
		c.Props[ical.PropRecurrenceID] = i.said(ical.PropRecurrenceID, i.at)
	}
	return c
}

// said is a time as the event says its own, but for the zone.
func (i Instance) said(name string, at time.Time) []ical.Prop {
	form := i.form
	if had := i.event.Props.Get(name); had != nil {
		form = formOf(had) // a whole day may have been put in place of an hour
	}
	prop := ical.NewProp(name)
	switch form {
	case formDate:
		prop.Value = at.Format("20060102")
		prop.Params.Set(ical.ParamValue, string(ical.ValueDate))
	case formFloating:
		prop.Value = at.Format("20060102T150405")
	default:
		prop.Value = at.UTC().Format("20060102T150405Z")
	}
	return []ical.Prop{*prop}
}

// Write writes a part of a calendar, whatever it lacks: who asks for some of its properties gets these.
func Write(c *ical.Component) []byte {
	var b strings.Builder
	write(&b, c)
	return fold([]byte(b.String()))
}

func write(b *strings.Builder, c *ical.Component) {
	b.WriteString("BEGIN:" + c.Name + "\r\n")
	for _, name := range slices.Sorted(maps.Keys(c.Props)) {
		for _, prop := range c.Props[name] {
			b.WriteString(name)
			for _, param := range slices.Sorted(maps.Keys(prop.Params)) {
				b.WriteString(";" + param + "=")
				for i, value := range prop.Params[param] {
					if i > 0 {
						b.WriteByte(',')
					}
					if strings.ContainsAny(value, ";:,") {
						value = `"` + value + `"`
					}
					b.WriteString(value)
				}
			}
			b.WriteString(":" + prop.Value + "\r\n")
		}
	}
	for _, child := range c.Children {
		write(b, child)
	}
	b.WriteString("END:" + c.Name + "\r\n")
}
