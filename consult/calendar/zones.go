package calendar

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-ical"
	"github.com/teambition/rrule-go"
)

// zones finds what the times of a calendar mean. A TZID is a name of its own (RFC 5545 §3.2.19): where it is none that the IANA's
// database knows, the VTIMEZONE beside it says what clocks show; without one it may be Windows' name of a zone, and else the owner's zone is
// the best guess.
type zones struct {
	listed []*ical.Component
	own    *time.Location
	found  map[string]*time.Location
}

// time reads a date, or a date and time; whole says that it is a date. Without a zone it is the owner's.
func (z *zones) time(prop *ical.Prop) (at time.Time, whole bool, err error) {
	value := strings.TrimSpace(prop.Value)
	switch {
	case len(value) == len("20060102"):
		at, err = time.ParseInLocation("20060102", value, z.own)
		return at, true, badTime(err)
	case strings.HasSuffix(value, "Z"):
		at, err = time.Parse("20060102T150405Z", value)
		return at, false, badTime(err)
	}
	at, err = time.ParseInLocation("20060102T150405", value, z.named(prop.Params.Get(ical.ParamTimezoneID)))
	return at, false, badTime(err)
}

func badTime(err error) error {
	if err != nil {
		return fmt.Errorf("%w: %w", errBadTime, err)
	}
	return nil
}

// named is the zone that a TZID means.
func (z *zones) named(id string) *time.Location {
	if id == "" {
		return z.own
	}
	if zone := z.found[id]; zone != nil {
		return zone
	}
	zone := z.look(id)
	if z.found == nil {
		z.found = map[string]*time.Location{}
	}
	z.found[id] = zone
	return zone
}

func (z *zones) look(id string) *time.Location {
	if zone := ianaZone(id); zone != nil {
		return zone
	}
	for _, c := range z.listed {
		if prop := c.Props.Get(ical.PropTimezoneID); c.Name != ical.CompTimezone || prop == nil || prop.Value != id {
			continue
		}
		if prop := c.Props.Get("X-LIC-LOCATION"); prop != nil {
			if zone := ianaZone(prop.Value); zone != nil {
				return zone
			}
		}
		if zone, err := zoneFrom(c); err == nil {
			return zone
		}
	}
	if zone := windowsZone(id); zone != nil {
		return zone
	}
	return z.own
}

// ianaZone finds "Europe/Paris", also at the end of "/freeassociation.sourceforge.net/Europe/Paris"; or nil.
func ianaZone(id string) *time.Location {
	for parts := strings.Split(strings.TrimPrefix(id, "/"), "/"); len(parts) > 0; parts = parts[1:] {
		name := strings.Join(parts, "/")
		if zone, err := time.LoadLocation(name); err == nil && name != "" && name != "Local" {
			return zone
		}
	}
	return nil
}

// Zones that a calendar describes itself are worked out for these years. Rules older than that do not matter for what is free now.
const (
	firstYear, lastYear = 1990, 2060
	maxTransitions      = 1000
)

// transition is a change of clocks.
type transition struct {
	at           int64 // Unix seconds
	before, then int32 // seconds east of UTC
}

// zoneFrom makes a zone of a VTIMEZONE (RFC 5545 §3.6.5) by writing what Go reads zones from (RFC 8536).
func zoneFrom(c *ical.Component) (*time.Location, error) {
	var all []transition
	for _, o := range c.Children {
		some, err := transitionsOf(o)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	if len(all) == 0 || len(all) > maxTransitions {
		return nil, errBadTime
	}
	slices.SortFunc(all, func(a, b transition) int { return cmp.Compare(a.at, b.at) })
	var times, kinds, offsets bytes.Buffer
	offset := func(seconds int32) {
		_ = binary.Write(&offsets, binary.BigEndian, seconds)
		offsets.Write([]byte{0, 0})
	} // no summer time; first name
	known := map[int32]byte{all[0].before: 0}
	offset(all[0].before)
	for _, t := range all {
		if _, ok := known[t.then]; !ok {
			known[t.then] = byte(len(known))
			offset(t.then)
		}
		_ = binary.Write(&times, binary.BigEndian, t.at) // to memory: never fails
		kinds.WriteByte(known[t.then])
	}
	if len(known) > 250 {
		return nil, errBadTime
	}
	const name = "-\x00"
	header := func(transitions, types, chars int) []byte {
		h := append([]byte("TZif2"), make([]byte, 15+3*4)...)
		for _, n := range []int{transitions, types, chars} {
			h = binary.BigEndian.AppendUint32(h, uint32(n))
		}
		return h
	}
	file := slices.Concat(header(0, 0, 0), header(len(all), len(known), len(name)), times.Bytes(), kinds.Bytes(), offsets.Bytes(), []byte(name), []byte("\n\n"))
	return time.LoadLocationFromTZData(c.Props.Get(ical.PropTimezoneID).Value, file)
}

// transitionsOf are the changes that an observance describes, once, by dates or by a rule.
func transitionsOf(o *ical.Component) ([]transition, error) {
	before, err := offsetOf(o, ical.PropTimezoneOffsetFrom)
	if err != nil {
		return nil, err
	}
	then, err := offsetOf(o, ical.PropTimezoneOffsetTo)
	if err != nil {
		return nil, err
	}
	begin := o.Props.Get(ical.PropDateTimeStart)
	if begin == nil {
		return nil, errBadTime
	}
	clock := zones{own: time.UTC} // what clocks show before the change, as if it were UTC
	start, _, err := clock.time(begin)
	if err != nil {
		return nil, err
	}
	starts := []time.Time{start}
	if prop := o.Props.Get(ical.PropRecurrenceRule); prop != nil {
		option, err := rrule.StrToROption(prop.Value)
		if err != nil || option.Freq != rrule.YEARLY || neverComes(option) {
			return nil, errBadTime
		}
		// Many begin in 1601 or 1970: what is not needed is not worked out.
		if skip := firstYear - start.Year(); skip > 0 && option.Interval <= 1 && option.Count == 0 && len(option.Bymonth) > 0 {
			start = time.Date(firstYear, start.Month(), 1, start.Hour(), start.Minute(), start.Second(), 0, time.UTC)
		}
		option.Dtstart = start
		rule, err := rrule.NewRRule(*option)
		if err != nil {
			return nil, badTime(err)
		}
		starts = rule.Between(time.Date(firstYear, 1, 1, 0, 0, 0, 0, time.UTC), time.Date(lastYear, 1, 1, 0, 0, 0, 0, time.UTC), true)
	}
	for _, prop := range o.Props.Values(ical.PropRecurrenceDates) {
		for _, value := range strings.Split(prop.Value, ",") {
			prop.Value = value
			at, _, err := clock.time(&prop)
			if err != nil {
				return nil, err
			}
			starts = append(starts, at)
		}
	}
	all := make([]transition, 0, len(starts))
	for _, at := range starts {
		all = append(all, transition{at.Unix() - int64(before), before, then})
	}
	return all, nil
}

// offsetOf reads "+0100" or "-023045" (RFC 5545 §3.3.14).
func offsetOf(o *ical.Component, name string) (int32, error) {
	prop := o.Props.Get(name)
	if prop == nil {
		return 0, errBadTime
	}
	form := "-0700"
	if len(prop.Value) == len("-070000") {
		form = "-070000"
	}
	at, err := time.Parse(form, prop.Value)
	if err != nil {
		return 0, badTime(err)
	}
	_, offset := at.Zone()
	return int32(offset), nil
}
