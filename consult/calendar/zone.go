package calendar

import (
	"fmt"
	"time"

	"github.com/emersion/go-ical"
)

// maxObservances bounds how many changes of clocks are listed for one file: eight years of them.
const maxObservances = 16

// zoneOf describes a zone (RFC 5545 §3.6.5) as far as events need it: what clocks show from the last change before it until after the
// next. Changes are listed, not ruled: a rule would be a guess about years that no parliament has decided on.
func zoneOf(zone *time.Location, from, to time.Time) *ical.Component {
	c := ical.NewComponent(ical.CompTimezone)
	c.Props.SetText(ical.PropTimezoneID, zone.String())
	at, _ := from.In(zone).ZoneBounds()
	if at.IsZero() { // it never was otherwise
		c.Children = append(c.Children, observance(zone, time.Date(1970, 1, 1, 0, 0, 0, 0, time.UTC), true))
	}
	for range maxObservances {
		if at.IsZero() {
			break
		}
		c.Children = append(c.Children, observance(zone, at, false))
		if at.After(to) {
			break
		}
		_, at = at.In(zone).ZoneBounds()
	}
	return c
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

// observance is one time that a zone keeps, from a change on.
func observance(zone *time.Location, at time.Time, always bool) *ical.Component {
	at = at.In(zone)
	name, after := at.Zone()
	_, before := at.Add(-time.Second).Zone()
	kind := ical.CompTimezoneStandard
	if at.IsDST() {
		kind = ical.CompTimezoneDaylight
	}
	if always {
		before = after
	}
	c := ical.NewComponent(kind)
	start := ical.NewProp(ical.PropDateTimeStart)
	start.Value = at.UTC().Add(time.Duration(before) * time.Second).Format("20060102T150405") // on clocks as they were before the change
	c.Props.Set(start)
	for prop, offset := range map[string]int{ical.PropTimezoneOffsetFrom: before, ical.PropTimezoneOffsetTo: after} {
		p := ical.NewProp(prop)
		p.Value = offsetText(offset)
		c.Props.Set(p)
	}
	c.Props.SetText(ical.PropTimezoneName, name)
	return c
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
