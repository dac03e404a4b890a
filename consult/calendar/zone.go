package calendar

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-ical"
)

// rulesHold is for how long after the last event the rules of a zone are compared with what the zone will do, as far as is known.
const rulesHold = 5 * 366 * 24 * time.Hour

// zoneOf describes a zone (RFC 5545 §3.6.5) for events between two instants; nil when that needs more than one STANDARD and one DAYLIGHT,
// each with a yearly rule. Outlook and Exchange read no more than that: of several they take one, and of changes that are listed and not
// ruled they make a zone without summer time, so that appointments are an hour off (MS-OXCICAL §2.1.3.1.1.19.2 and .3).
func zoneOf(zone *time.Location, from, to time.Time) *ical.Component {
	c := ical.NewComponent(ical.CompTimezone)
	c.Props.SetText(ical.PropTimezoneID, zone.String())
	all := changesOf(zone, from, to.Add(rulesHold))
	switch {
	case len(all) == 0: // it never was otherwise
		_, offset := from.In(zone).Zone()
		always := change{time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), offset, offset}
		c.Children = append(c.Children, always.observance(zone, ical.CompTimezoneStandard, ""))
		return c
	case len(all) == 1 && !all[0].at.After(from): // and it will not be
		c.Children = append(c.Children, all[0].observance(zone, ical.CompTimezoneStandard, ""))
		return c
	}
	back, forward := kindOf(all, false), kindOf(all, true)
	standard, daylight := ruleOf(back), ruleOf(forward)
	if standard == "" || daylight == "" || all[0].at.After(from) || back[0].then != forward[0].before || forward[0].then != back[0].before {
		return nil
	}
	c.Children = append(c.Children, back[0].observance(zone, ical.CompTimezoneStandard, standard), forward[0].observance(zone, ical.CompTimezoneDaylight, daylight))
	return c
}

// change is one of a zone's clocks; offsets are seconds east of UTC.
type change struct {
	at           time.Time
	before, then int
}

// changesOf lists a zone's changes from the last two before an instant until another; or the last alone, when none comes after it.
func changesOf(zone *time.Location, from, to time.Time) []change {
	var past, all []change
	begin, end := from.In(zone).ZoneBounds()
	for ; !end.IsZero() && end.Before(to); _, end = end.ZoneBounds() {
		if c := changeAt(end); c.before != c.then { // else of the name alone, or of nothing: files of zones have such
			all = append(all, c)
		}
	}
	for ; !begin.IsZero() && len(past) < 2; begin, _ = begin.Add(-time.Second).ZoneBounds() {
		if c := changeAt(begin); c.before != c.then {
			past = append([]change{c}, past...)
		}
	}
	if len(all) == 0 && len(past) > 0 {
		return past[len(past)-1:]
	}
	return append(past, all...)
}

func changeAt(at time.Time) change {
	_, then := at.Zone()
	_, before := at.Add(-time.Second).Zone()
	return change{at, before, then}
}

// kindOf are the changes by which clocks go forward, or back.
func kindOf(all []change, forward bool) []change {
	var some []change
	for _, c := range all {
		if (c.then > c.before) == forward {
			some = append(some, c)
		}
	}
	return some
}

// clock is what clocks show when the change comes, as if it were UTC.
func (c change) clock() time.Time { return c.at.UTC().Add(time.Duration(c.before) * time.Second) }

// ruleOf is the yearly rule that all these changes follow: on the same weekday of the same month, counted from its begin or its end, at
// the same time. "" when there is none, or too few to tell.
func ruleOf(all []change) string {
	if len(all) < 3 {
		return ""
	}
	var common []int // which of the month's weekdays: -1 is the last
	first := all[0].clock()
	for i, c := range all {
		at := c.clock()
		if c.before != all[0].before || c.then != all[0].then || at.Year() != first.Year()+i || at.Month() != first.Month() ||
			at.Weekday() != first.Weekday() || at.Format(time.TimeOnly) != first.Format(time.TimeOnly) {
			return ""
		}
		which := []int{(at.Day()-1)/7 + 1}
		if at.AddDate(0, 0, 7).Month() != at.Month() {
			which = append(which, -1)
		}
		if i == 0 {
			common = which
		}
		common = slices.DeleteFunc(common, func(n int) bool { return !slices.Contains(which, n) })
	}
	if len(common) == 0 {
		return ""
	}
	return fmt.Sprintf("FREQ=YEARLY;BYMONTH=%d;BYDAY=%d%s", first.Month(), common[0], strings.ToUpper(first.Weekday().String()[:2]))
}

// observance is the time that a zone keeps from a change on; each year from the same change on, by the rule.
func (c change) observance(zone *time.Location, kind, rule string) *ical.Component {
	o := ical.NewComponent(kind)
	start := ical.NewProp(ical.PropDateTimeStart)
	start.Value = c.clock().Format("20060102T150405")
	o.Props.Set(start)
	for prop, offset := range map[string]int{ical.PropTimezoneOffsetFrom: c.before, ical.PropTimezoneOffsetTo: c.then} {
		p := ical.NewProp(prop)
		p.Value = offsetText(offset)
		o.Props.Set(p)
	}
	if rule != "" {
		p := ical.NewProp(ical.PropRecurrenceRule)
		p.Value = rule
		o.Props.Set(p)
	}
	name, _ := c.at.In(zone).Zone()
	o.Props.SetText(ical.PropTimezoneName, name)
	return o
}

// shownTwice reports whether clocks in the zone show this time twice.
func shownTwice(at time.Time, zone *time.Location) bool {
	at = at.In(zone)
	_, offset := at.Zone()
	begin, end := at.ZoneBounds()
	for _, beside := range []time.Time{begin.Add(-time.Second), end} {
		_, other := beside.In(zone).Zone()
		twin := at.Add(time.Duration(offset-other) * time.Second)
		if _, is := twin.Zone(); !beside.IsZero() && other != offset && is == other {
			return true
		}
	}
	return false
}

// offsetText writes "+0100" (RFC 5545 §3.3.14).
func offsetText(seconds int) string {
	sign := '+'
	if seconds < 0 {
		sign, seconds = '-', -seconds
	}
	text := fmt.Sprintf("%c%02d%02d", sign, seconds/3600, seconds/60%60)
	if seconds%60 != 0 {
		text += fmt.Sprintf("%02d", seconds%60)
	}
	return text
}
