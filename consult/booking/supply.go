package booking

import (
	"cmp"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Free returns what can be booked now. The next reader may be told something else: only Hold and Book keep a time.
func (b *Book) Free(q Query) ([]FreeTime, error) {
	service, err := b.offeredNow(q.Service)
	if err != nil {
		return nil, b.fail("free", "", err)
	}
	free, err := b.freeOf(service, q)
	return free, b.fail("free", "", err)
}

func (b *Book) freeOf(service *Service, q Query) ([]FreeTime, error) {
	if !q.From.Before(q.To) || q.To.Sub(q.From) > maxWindow {
		return nil, errBadQuery
	}
	if service.Hidden && !q.Everything {
		return nil, nil
	}
	end, reach := q.To, firstReach
	for {
		if q.Limit > 0 && q.Around.IsZero() && q.From.Add(reach).Before(end) {
			q.To = q.From.Add(reach) // who asks for the first few rarely needs all days read
		} else {
			q.To = end
		}
		s, err := b.supply(service, q)
		if err != nil {
			return nil, err
		}
		if free := s.free(q); q.To.Equal(end) || len(free) >= q.Limit {
			return free, nil
		}
		reach *= 4
	}
}

// firstReach is how far the first few free times are looked for at first.
const firstReach = 2 * 24 * time.Hour

// supply reads what free times of the query follow from.
func (b *Book) supply(service *Service, q Query) (supply, error) {
	now := b.clock()
	s := supply{service: service, now: now.Unix(), horizon: !q.Everything, resources: map[OwnerID]spans{}}
	// A day more on both sides: local days begin before those of UTC, or after, and buffers reach over midnight.
	first, last := DateOf(q.From.UTC())-1, DateOf(q.To.UTC())+1
	for _, of := range service.Practitioners {
		if q.Practitioner != "" && q.Practitioner != of {
			continue
		}
		gives, err := b.stillGives(of)
		if err != nil {
			return supply{}, err
		}
		if !gives {
			continue
		}
		g, err := b.giver(of, first, last)
		if errors.Is(err, ErrNotFound) {
			continue // no schedule yet
		}
		if err != nil {
			return supply{}, err
		}
		s.givers = append(s.givers, g)
	}
	for _, r := range service.Resources {
		for _, owner := range r.AnyOf {
			days, err := b.daysOf(owner, first, last)
			if err != nil {
				return supply{}, err
			}
			busy := giver{days: days}
			s.resources[owner] = busy.busy(s.now)
		}
	}
	return s, nil
}

func (b *Book) giver(of consult.AccountID, first, last Date) (giver, error) {
	schedule, err := b.scheduleOf(of)
	if err != nil {
		return giver{}, err
	}
	zone, err := b.zone(schedule.TimeZone)
	if err != nil {
		return giver{}, err
	}
	days, err := b.daysOf(OwnerOf(of), first, last)
	if err != nil {
		return giver{}, err
	}
	g := giver{schedule: schedule, zone: zone, days: days}
	if b.elsewhere != nil {
		busy, err := b.elsewhere.Busy(of, first.utc(), (last + 1).utc())
		if err != nil {
			return giver{}, err
		}
		g.external = spansOf(busy)
	}
	return g, nil
}

// daysOf reads what is taken in the owner's days, in order; what crosses midnight is there once.
func (b *Book) daysOf(of OwnerID, first, last Date) ([]dayDoc, error) {
	stored, err := b.kv.Range(dayPrefix(of), dayKey(of, first), min(int(last-first)+1, kv.MaxRange))
	if err != nil {
		return nil, err
	}
	docs := make([]dayDoc, 0, len(stored))
	for _, e := range stored {
		day, err := dayOfKey(e.Key)
		if err != nil {
			return nil, err
		}
		if day > last {
			break
		}
		doc, err := b.days.Decode(e, func(e kv.Entry) (dayDoc, error) { return decodeDay(day, e.Value) })
		if err != nil {
			return nil, err
		}
		if day > first { // what began before stands in the day before as well
			begins, _ := slices.BinarySearchFunc(doc, int64(day)*secondsPerDay, func(e entry, from int64) int { return cmp.Compare(e.from, from) })
			doc = doc[begins:]
		}
		docs = append(docs, doc)
	}
	return docs, nil
}

func dayOfKey(key string) (Date, error) {
	n, err := strconv.Atoi(key[len(key)-8:])
	return Day(n/10000, time.Month(n/100%100), n%100), err
}

// next are the three free times from a start on, for who came too late.
func (b *Book) next(service *Service, want wish) error {
	start := want.start
	if now := b.clock(); start.Before(now) {
		start = now
	}
	const reach = 30 * 24 * time.Hour
	free, err := b.freeOf(service, Query{
		Service: service.ID, Practitioner: want.practitioner, From: start, To: start.Add(reach), Modality: want.modality, Language: want.language,
		Place: want.place, Limit: 3, Everything: want.by.Kind == ByPractice,
	})
	if err != nil {
		b.log.Error("next free times", "service", service.ID, "error", err)
	}
	return &TakenError{free}
}

// wish is a time that somebody wants.
type wish struct {
	by           Actor
	practitioner consult.AccountID // "": any
	start        time.Time
	modality     Modality
	language     string
	place        string
	over         bool // by the practice, knowingly over others
	open         bool // in opening hours, also where they need not be
}

// candidates are those who could give the service at that time, as far as is known before the transaction, the least loaded first.
// The practice may book whom it names also outside of their hours.
func (b *Book) candidates(service *Service, want wish) ([]candidate, error) {
	practice := want.by.Kind != ByPatient
	if service.Hidden && !practice {
		return nil, errNotOffered
	}
	if want.practitioner != "" && !service.gives(want.practitioner) {
		return nil, ErrNotFound
	}
	q := Query{
		Service: service.ID, Practitioner: want.practitioner, From: want.start, To: want.start.Add(time.Second), Modality: want.modality,
		Language: want.language, Place: want.place, Everything: practice,
	}
	s, err := b.supply(service, q)
	if err != nil {
		return nil, err
	}
	if practice && want.practitioner != "" {
		if len(s.givers) == 0 {
			return nil, ErrNotFound
		}
		g := &s.givers[0]
		if !want.over && !g.busy(s.now).free(service.padded(want.start.Unix())) {
			return nil, ErrTaken
		}
		if _, open := g.hoursAt(want.start, service.Duration, service, q); want.open && !open {
			return nil, ErrTaken
		}
		return []candidate{{schedule: g.schedule, zone: g.zone, place: g.placeAt(want.start, service, q)}}, nil
	}
	var found []candidate
	for i := range s.givers {
		if !s.givers[i].schedule.speaks(q.Language) {
			continue
		}
		if offers := s.offersOf(i, q, span{q.From.Unix(), q.To.Unix()}, 0, nil); len(offers) > 0 {
			g := &s.givers[i]
			found = append(found, candidate{g.schedule, g.zone, offers[0].load, offers[0].hours.Place})
		}
	}
	if len(found) == 0 {
		return nil, ErrTaken
	}
	slices.SortStableFunc(found, byLoad)
	return found, nil
}

// placeAt is where the practitioner is at that time by their schedule, or "".
func (g *giver) placeAt(at time.Time, service *Service, q Query) string {
	hours, _ := g.hoursAt(at, time.Second, service, q)
	return hours.Place
}

// hoursAt are the hours of the schedule that hold a time of this length, and are for what is asked; false when there are none.
func (g *giver) hoursAt(at time.Time, length time.Duration, service *Service, q Query) (Hours, bool) {
	d := DateOf(at.In(g.zone))
	for _, on := range []Date{d, d - 1} { // yesterday's hours may go on past midnight
		day := newWallDay(on, g.zone)
		for _, h := range g.schedule.HoursOn(on) {
			from, _ := day.instant(h.From)
			to, _ := day.instant(h.until())
			if at.Unix() >= from && at.Add(length).Unix() <= to && h.suits(service, q) {
				return h, true
			}
		}
	}
	return Hours{}, false
}
