package outside

import (
	"context"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/emersion/go-ical"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/calendar"
)

const (
	readers   = 4 // calendars that are read at the same time
	lookBack  = 24 * time.Hour
	lookAhead = booking.EventReach // further than anybody can book
	tick      = time.Second
)

// Start starts the goroutines "clock", which says what is due, and "readers", which read it. Deps.Zone is not asked before.
func (s *Calendars) Start() {
	for range readers {
		s.tasks.Go(func() {
			for {
				select {
				case id := <-s.due:
					s.read(id)
				case <-s.stopping.Done():
					return
				}
			}
		})
	}
	s.tasks.Go(func() {
		ticker := time.NewTicker(tick)
		defer ticker.Stop()
		for {
			for _, id := range s.takeDue() {
				select {
				case s.due <- id:
				case <-s.stopping.Done():
					return
				}
			}
			select {
			case <-ticker.C:
			case <-s.stopping.Done():
				return
			}
		}
	})
}

// takeDue lists what is to be read now, and notes that it will be.
func (s *Calendars) takeDue() []CalendarID {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.clock()
	var due []CalendarID
	for id, k := range s.all {
		if !k.reading && !k.next.After(now) {
			k.reading = true
			due = append(due, id)
		}
	}
	return due
}

// read reads a calendar and keeps what came of it.
func (s *Calendars) read(id CalendarID) {
	s.mu.Lock()
	k := s.all[id]
	if k == nil {
		s.mu.Unlock()
		return // removed meanwhile
	}
	c := k.Calendar
	s.mu.Unlock()

	if gives, err := s.stillGives(c.Practitioner); err != nil || !gives {
		s.later(id, err)
		return
	}
	ctx, cancel := context.WithTimeout(s.stopping, fetchWithin)
	defer cancel()
	busy, skipped, err := s.fetch(ctx, &c)
	if s.stopping.Err() != nil {
		return
	}
	now := s.clock()
	if err != nil {
		busy = nil // what was read before counts
		if c.Trouble == "" {
			c.TroubleSince = now
			s.log.Warn("calendars outside: one can't be read", "calendar", id, "trouble", troubleOf(err))
		}
		c.Trouble = troubleOf(err)
	} else {
		c.ReadAt, c.Trouble, c.TroubleSince, c.Skipped = now, "", time.Time{}, skipped
	}
	// Without the lock: who asks for free times does not wait for the disk.
	err = s.put(c, busy, true)
	s.mu.Lock()
	defer s.mu.Unlock()
	if k = s.all[id]; k == nil {
		return
	}
	k.reading, k.next = false, now.Add(s.cfg.Every)
	if k.again {
		k.again, k.next = false, now
	}
	if err != nil {
		s.log.Error("calendars outside: can't keep what was read", "calendar", id, "error", err)
		return
	}
	k.Calendar = c
	if busy != nil {
		k.busy = busy
		s.join(c.Practitioner)
	}
}

func (s *Calendars) stillGives(of consult.AccountID) (bool, error) {
	if s.gives == nil {
		return true, nil
	}
	return s.gives(of)
}

// later leaves a calendar as it is until its next turn.
func (s *Calendars) later(id CalendarID, err error) {
	if err != nil {
		s.log.Error("calendars outside: can't know whether it is to be read", "calendar", id, "error", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if k := s.all[id]; k != nil {
		k.reading, k.again, k.next = false, false, s.clock().Add(s.cfg.Every)
	}
}

// fetch reads when a calendar keeps its owner busy, and notes what kind it is. The answer is never nil without an error.
func (s *Calendars) fetch(ctx context.Context, c *Calendar) ([]booking.Interval, int, error) {
	from, to := s.clock().Add(-lookBack), s.clock().Add(lookAhead)
	var all []*ical.Calendar
	var err error
	if c.Kind != KindFile {
		if all, err = s.collection(ctx, *c, from, to); err == nil {
			c.Kind = KindCollection
		}
	}
	if c.Kind != KindCollection {
		var one *ical.Calendar
		if one, err = s.file(ctx, *c); err == nil {
			c.Kind, all = KindFile, []*ical.Calendar{one}
		}
	}
	if err != nil {
		return nil, 0, err
	}
	owners := ownersOf(*c)
	if c.Kind == KindCollection && slices.ContainsFunc(all, hasDeclined) {
		if known, err := s.addresses(ctx, *c); err == nil { // most servers give them; else the name is all that is known
			owners = append(owners, known...)
		}
	}
	return busyIn(ctx, all, owners, s.zone(c.Practitioner), from, to)
}

// maxBusy bounds the times of one calendar, which lie in one value of the store: some 18 a day.
const maxBusy = 10_000

// busyIn is when calendars keep their owner busy, whose addresses these are; sorted and joined.
func busyIn(ctx context.Context, all []*ical.Calendar, owners []string, zone *time.Location, from, to time.Time) ([]booking.Interval, int, error) {
	busy, skipped := []booking.Interval{}, 0
	for _, cal := range all {
		if ctx.Err() != nil { // each may take seconds, and there may be many
			return nil, 0, errTooLarge
		}
		cal.Children = slices.DeleteFunc(cal.Children, ours)
		for _, c := range cal.Children {
			if declined(c, owners) { // it stays, in place of the occurrence that it may be of
				c.Props.SetText(ical.PropTransparency, "TRANSPARENT")
			}
		}
		some, bad, err := calendar.Busy(cal, zone, from, to)
		if err != nil {
			return nil, 0, err
		}
		if busy, skipped = append(busy, some...), skipped+bad; len(busy) > 2*maxBusy {
			busy = booking.Merge(busy)
		}
		if len(busy) > 2*maxBusy {
			return nil, 0, errTooLarge
		}
	}
	if busy = booking.Merge(busy); len(busy) > maxBusy {
		return nil, 0, errTooLarge
	}
	return busy, skipped, nil
}

// ours reports whether an event is one of this program's appointments.
func ours(c *ical.Component) bool {
	uid := c.Props.Get(ical.PropUID)
	return c.Name == ical.CompEvent && uid != nil && booking.AppointmentID(uid.Value).Valid()
}

// ownersOf are the addresses by which a calendar's owner may be invited, as far as its address and user tell: Google has one in the
// address of the file.
func ownersOf(c Calendar) []string {
	names := []string{c.User}
	if at, err := url.Parse(c.Address); err == nil {
		names = append(names, strings.Split(at.Path, "/")...)
	}
	var owners []string
	for _, name := range names {
		if strings.Contains(name, "@") {
			owners = append(owners, "mailto:"+name)
		}
	}
	return owners
}

// hasDeclined reports whether somebody has said no to an event of a calendar.
func hasDeclined(cal *ical.Calendar) bool {
	return slices.ContainsFunc(cal.Children, func(c *ical.Component) bool { return slices.ContainsFunc(c.Props.Values(ical.PropAttendee), saysNo) })
}

func saysNo(attendee ical.Prop) bool {
	return strings.EqualFold(attendee.Params.Get(ical.ParamParticipationStatus), "DECLINED")
}

// declined reports whether the owner has said no to an event (RFC 5545 §3.2.12): many programs keep those.
func declined(c *ical.Component, owners []string) bool {
	return slices.ContainsFunc(c.Props.Values(ical.PropAttendee), func(p ical.Prop) bool {
		return saysNo(p) && slices.ContainsFunc(owners, func(owner string) bool { return strings.EqualFold(owner, strings.TrimSpace(p.Value)) })
	})
}
