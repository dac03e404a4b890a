package booking

import (
	"cmp"
	"errors"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Now is the time by which the book decides what lies ahead.
func (b *Book) Now() time.Time { return b.clock() }

// Answered closes a request that was answered otherwise, by telephone say: nobody is told. ErrState when it is none any more.
func (b *Book) Answered(id AppointmentID, by Actor, reason string) (Appointment, error) {
	reason, err := cleanText(reason, maxText)
	if err != nil {
		return Appointment{}, err
	}
	return b.change("answered", id, func(tx kv.Txn, c *changing) error {
		if c.after.State != StateRequested {
			return ErrState
		}
		return b.end(tx, c, ActionCancel, by, reason, "", nil)
	})
}

// NamedTime is a free time with the name of the practitioner, as patients see it.
type NamedTime struct {
	FreeTime
	Name string
}

const (
	daysFor  = 14 // that TimesFor looks at
	timesFor = 60 // that it returns at most
)

// TimesFor returns free times that would do for a request, the earliest first, of the practitioner who was asked for or of all of these;
// in the 14 days from a day (ISO 8601, in the zone of each practitioner) or, without one, from now on; at most 60.
func (b *Book) TimesFor(id AppointmentID, among []consult.AccountID, day string) ([]NamedTime, error) {
	var first Date
	if day != "" {
		var err error
		if first, err = ParseDate(day); err != nil {
			return nil, err
		}
	}
	r, service, givers, err := b.giversFor(id, among)
	if err != nil {
		return nil, b.fail("times for", id, err)
	}
	var times []NamedTime
	for _, schedule := range givers {
		some, err := b.timesOf(service, schedule, r.Modality, first)
		if err != nil {
			return nil, b.fail("times for", id, err)
		}
		times = append(times, some...)
	}
	slices.SortStableFunc(times, func(a, b NamedTime) int { return cmp.Compare(a.Start.Unix(), b.Start.Unix()) })
	return times[:min(len(times), timesFor)], nil
}

// GiversFor returns the schedules of those of these who could be given a request, free or not.
func (b *Book) GiversFor(id AppointmentID, among []consult.AccountID) ([]Schedule, error) {
	_, _, givers, err := b.giversFor(id, among)
	if err != nil {
		return nil, b.fail("givers for", id, err)
	}
	schedules := make([]Schedule, len(givers))
	for i, schedule := range givers {
		schedules[i] = *schedule
	}
	return schedules, nil
}

func (b *Book) giversFor(id AppointmentID, among []consult.AccountID) (r Appointment, service *Service, givers []*Schedule, err error) {
	if r, err = b.Appointment(id); err == nil && r.State != StateRequested {
		err = ErrState
	}
	if err == nil {
		service, err = b.offeredNow(r.Service)
	}
	if err != nil {
		return r, nil, nil, err
	}
	for _, of := range service.Practitioners {
		if !slices.Contains(among, of) || (r.Practitioner != "" && r.Practitioner != of) {
			continue
		}
		gives, err := b.stillGives(of)
		if err != nil {
			return r, nil, nil, err
		}
		if !gives {
			continue
		}
		schedule, err := b.scheduleOf(of)
		if errors.Is(err, ErrNotFound) {
			continue // no hours yet
		}
		if err != nil {
			return r, nil, nil, err
		}
		givers = append(givers, schedule)
	}
	return r, service, givers, nil
}

func (b *Book) timesOf(service *Service, schedule *Schedule, by Modality, first Date) ([]NamedTime, error) {
	zone, err := b.zone(schedule.TimeZone)
	if err != nil {
		return nil, err
	}
	from := b.clock()
	if begins := time.Unix(newWallDay(first, zone).start, 0); first != 0 && begins.After(from) {
		from = begins
	}
	free, err := b.freeOf(service, Query{
		Service: service.ID, Practitioner: schedule.Practitioner, From: from, To: from.Add(daysFor * 24 * time.Hour), Modality: by, Limit: timesFor, Everything: true,
	})
	times := make([]NamedTime, len(free))
	for i, f := range free {
		times[i] = NamedTime{f, schedule.Name}
	}
	return times, err
}

// Valid reports whether this could be an id.
func (id WaitID) Valid() bool { return wellFormed(string(id), "w_") }

// Waiter returns somebody on the wait list, or ErrNotFound.
func (b *Book) Waiter(id WaitID) (Waiting, error) {
	if !id.Valid() {
		return Waiting{}, ErrNotFound
	}
	at, err := b.kv.Get(waitIDKey(id))
	var entry kv.Entry
	if err == nil {
		entry, err = b.kv.Get(string(at.Value))
	}
	if errors.Is(err, kv.ErrNotFound) {
		return Waiting{}, ErrNotFound
	}
	var w Waiting
	if err == nil {
		err = unseal(b.master, entry, &w)
	}
	return w, b.fail("waiter", "", err)
}
