package api

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
)

// When a practitioner can be booked, and what is free.
type (
	// HoursFields are from one wall time to another.
	HoursFields struct {
		From       string              `json:"from" maxLength:"5" example:"09:00" doc:"On the clock of the schedule's zone."`
		To         string              `json:"to" maxLength:"5" example:"12:00" doc:"Not after from: it is the next day's. 24:00 is the end of the day."`
		Place      string              `json:"place,omitempty" maxLength:"2000" doc:"One of the places."`
		Modalities []string            `json:"modalities,omitempty" maxItems:"3" enum:"video,phone,in-person" doc:"None: those of the service."`
		Services   []booking.ServiceID `json:"services,omitempty" maxItems:"50" doc:"None: all."`
	}
	ruleBody struct {
		Weekday int    `json:"weekday" minimum:"0" maximum:"6" doc:"0 is Sunday."`
		Since   string `json:"since,omitempty" maxLength:"10" doc:"First day." example:"2026-11-23"`
		Until   string `json:"until,omitempty" maxLength:"10" doc:"Last day."`
		Every   int    `json:"every_weeks,omitempty" minimum:"0" maximum:"52" doc:"Counted from the week of since, which is needed above 1."`
		HoursFields
	}
	exceptionBody struct {
		Date  string        `json:"date" maxLength:"10" example:"2026-12-24"`
		Hours []HoursFields `json:"hours,omitempty" maxItems:"12" doc:"None: the day is closed."`
	}
	periodBody struct {
		From string `json:"from" maxLength:"10" example:"2026-12-24"`
		To   string `json:"to" maxLength:"10" doc:"The last day, closed too." example:"2027-01-03"`
	}
	sessionBody struct {
		Date string `json:"date" maxLength:"10" example:"2026-12-05"`
		HoursFields
	}
	// ScheduleFields is what there is to say of a schedule.
	ScheduleFields struct {
		Name       string            `json:"name" maxLength:"400" doc:"The practitioner's, as patients see it." example:"Dr Claire Moreau"`
		TimeZone   string            `json:"time_zone" maxLength:"64" doc:"IANA." example:"Europe/Paris"`
		Languages  []string          `json:"languages,omitempty" maxItems:"20" doc:"That the practitioner speaks, as BCP 47 tags; none: all are offered."`
		Weekly     []ruleBody        `json:"weekly,omitempty" maxItems:"200"`
		Exceptions []exceptionBody   `json:"exceptions,omitempty" maxItems:"1000" doc:"Each in place of all else that its day would have, but extra sessions."`
		Closed     []periodBody      `json:"closed,omitempty" maxItems:"1000"`
		Holidays   string            `json:"holidays,omitempty" enum:",fr,fr-alsace-moselle,fr-guadeloupe,fr-guyane,fr-martinique,fr-mayotte,fr-reunion" doc:"Whose public holidays are closed."`
		Extra      []sessionBody     `json:"extra,omitempty" maxItems:"1000" doc:"Hours beside all others, also on days that are closed."`
		Places     map[string]string `json:"places,omitempty" maxProperties:"20" doc:"Addresses by the place's name; an address may be empty."`
	}
	scheduleBody struct {
		Practitioner consult.AccountID `json:"practitioner"`
		Revision     uint64            `json:"revision" doc:"Grows with every change; 0: nothing was written yet."`
		ScheduleFields
	}
	scheduleInput struct {
		ID consult.AccountID `path:"account" maxLength:"64"`
	}
	changeScheduleInput struct {
		ID   consult.AccountID `path:"account" maxLength:"64"`
		Body struct {
			Revision uint64 `json:"revision" doc:"That of the schedule which was changed, 0 for the first. When it is not the newest any more, the answer is 409 and nothing is written."`
			ScheduleFields
		}
	}
	holidaysInput struct {
		Calendar string `path:"calendar" enum:"fr,fr-alsace-moselle,fr-guadeloupe,fr-guyane,fr-martinique,fr-mayotte,fr-reunion"`
		From     string `query:"from" maxLength:"10" doc:"A day. Left out: today, in the practice's zone."`
		Days     int    `query:"days" minimum:"1" maximum:"1500" default:"400" doc:"How far to look."`
	}
	holidayBody struct {
		Date string          `json:"date"`
		Name booking.Holiday `json:"name" doc:"A word to translate." example:"easter-monday"`
	}
	holidaysBody struct {
		Holidays []holidayBody `json:"holidays"`
	}
	freeTimesInput struct {
		Service      booking.ServiceID `query:"service" required:"true" maxLength:"64"`
		Practitioner consult.AccountID `query:"practitioner" maxLength:"64" doc:"Left out: any who gives it, the least loaded that day."`
		From         time.Time         `query:"from" doc:"Left out: now."`
		To           time.Time         `query:"to" doc:"Before this; at most 62 days after from. Left out: 30 days after."`
		Modality     string            `query:"modality" enum:"video,phone,in-person"`
		Language     string            `query:"language" maxLength:"35" doc:"That the practitioner speaks."`
		Place        string            `query:"place" maxLength:"2000"`
		Around       time.Time         `query:"around" doc:"The nearest first; left out: the earliest first."`
		Limit        int               `query:"limit" minimum:"1" maximum:"1000" default:"100"`
		Everything   bool              `query:"everything" doc:"For the practice, which may book more than patients are offered: hidden services, without notice, beyond the horizon, above the daily maximum. Of those for whom the one who asks may act."`
	}
	freeTimeBody struct {
		Start            time.Time         `json:"start"`
		End              time.Time         `json:"end"`
		Practitioner     consult.AccountID `json:"practitioner"`
		PractitionerName string            `json:"practitioner_name" doc:"As patients see it."`
		TimeZone         string            `json:"time_zone" doc:"Of the practitioner, IANA: on its clocks the time is agreed."`
		Place            string            `json:"place,omitempty"`
		Address          string            `json:"address,omitempty" doc:"Of the place."`
		Modalities       []string          `json:"modalities"`
	}
	freeTimesBody struct {
		Times []freeTimeBody `json:"times"`
	}
)

// schedules is the area of when practitioners can be booked.
func (a *api) schedules() []operation {
	const read, write = account.ScopeAppointmentsRead, account.ScopeServicesWrite
	return []operation{
		op(http.MethodGet, "/schedules/{account}", "schedule", "When a practitioner can be booked", http.StatusOK, read, a.schedule),
		op(http.MethodPut, "/schedules/{account}", "set-schedule", "Say when a practitioner can be booked; appointments that lie outside stay", http.StatusOK, write, a.setSchedule).upTo(maxScheduleBody),
		op(http.MethodGet, "/holidays/{calendar}", "holidays", "The public holidays that schedules can keep", http.StatusOK, read, a.holidays),
		op(http.MethodGet, "/free-times", "free-times", "What can be booked now, as a patient or as the practice", http.StatusOK, read, computed(a.Turns, a.freeTimes)),
	}
}

// schedule answers with an empty one, of revision 0, as long as nobody has written any.
func (a *api) schedule(ctx context.Context, in *scheduleInput) (*bodyOf[scheduleBody], error) {
	owner, err := a.owner(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	s, err := a.Book.Schedule(owner.ID)
	if consult.CodeOf(err) == consult.CodeNotFound {
		s, err = booking.Schedule{Practitioner: owner.ID, Name: owner.Name, TimeZone: a.Practice.Profile().TimeZone}, nil
	}
	if err != nil {
		return nil, err
	}
	return &bodyOf[scheduleBody]{scheduleBodyOf(s)}, nil
}

func (a *api) setSchedule(ctx context.Context, in *changeScheduleInput) (*bodyOf[scheduleBody], error) {
	owner, err := a.owner(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	s, err := in.Body.schedule()
	if err != nil {
		return nil, err
	}
	s.Practitioner, s.Revision = owner.ID, in.Body.Revision
	kept, err := a.Book.ReviseSchedule(s)
	if err != nil {
		return nil, err
	}
	return &bodyOf[scheduleBody]{scheduleBodyOf(kept)}, nil
}

func (a *api) holidays(_ context.Context, in *holidaysInput) (*bodyOf[holidaysBody], error) {
	from, err := booking.ParseDate(cmp.Or(in.From, a.Practice.Today()))
	if err != nil {
		return nil, err
	}
	out := holidaysBody{[]holidayBody{}}
	for d := from; d < from+booking.Date(in.Days); d++ {
		if name := booking.Holidays(in.Calendar).Of(d); name != "" {
			out.Holidays = append(out.Holidays, holidayBody{d.String(), name})
		}
	}
	return &bodyOf[holidaysBody]{out}, nil
}

func (a *api) freeTimes(ctx context.Context, in *freeTimesInput) (*bodyOf[freeTimesBody], error) {
	q := booking.Query{
		Service: in.Service, Practitioner: in.Practitioner, From: in.From, To: in.To, Modality: booking.Modality(in.Modality), Language: in.Language,
		Place: in.Place, Around: in.Around, Limit: in.Limit, Everything: in.Everything,
	}
	if q.From.IsZero() {
		q.From = a.Book.Now()
	}
	if q.To.IsZero() {
		q.To = q.From.Add(30 * 24 * time.Hour)
	}
	find := a.Book.Free
	if q.Everything {
		find = func(q booking.Query) ([]booking.FreeTime, error) { return a.freeForPractice(ctx, q) }
	}
	free, err := find(q)
	if err != nil {
		return nil, err
	}
	out := freeTimesBody{make([]freeTimeBody, 0, len(free))}
	schedules := map[consult.AccountID]booking.Schedule{}
	for _, f := range free {
		s, ok := schedules[f.Practitioner]
		if !ok {
			if s, err = a.Book.Schedule(f.Practitioner); err != nil {
				return nil, err
			}
			schedules[f.Practitioner] = s
		}
		out.Times = append(out.Times, freeTimeBody{f.Start, f.End, f.Practitioner, s.Name, f.TimeZone, f.Place, s.Places[f.Place], texts(f.Modalities)})
	}
	return &bodyOf[freeTimesBody]{out}, nil
}

// freeForPractice is what the one who asks could book for somebody: with those only for whom they may act.
func (a *api) freeForPractice(ctx context.Context, q booking.Query) ([]booking.FreeTime, error) {
	if q.Practitioner != "" {
		if err := a.mayActFor(ctx, q.Practitioner); err != nil {
			return nil, err
		}
		return a.Book.Free(q)
	}
	service, err := a.Book.Service(q.Service)
	if err != nil {
		return nil, err
	}
	owners, err := a.Accounts.ActsFor(a.actor(ctx).Account)
	if err != nil {
		return nil, err
	}
	givers := slices.DeleteFunc(slices.Clone(service.Practitioners), func(id consult.AccountID) bool { return !slices.Contains(owners, id) })
	if len(givers) == len(service.Practitioners) {
		return a.Book.Free(q)
	}
	var all []booking.FreeTime
	for _, q.Practitioner = range givers {
		free, err := a.Book.Free(q)
		if err != nil {
			return nil, err
		}
		all = append(all, free...)
	}
	far := func(f booking.FreeTime) time.Duration {
		if q.Around.IsZero() {
			return 0
		}
		return f.Start.Sub(q.Around).Abs()
	}
	slices.SortStableFunc(all, func(x, y booking.FreeTime) int { return cmp.Or(cmp.Compare(far(x), far(y)), x.Start.Compare(y.Start)) })
	all = slices.CompactFunc(all, func(x, y booking.FreeTime) bool { return x.Start.Equal(y.Start) })
	return all[:min(len(all), q.Limit)], nil
}

func (f ScheduleFields) schedule() (booking.Schedule, error) {
	var read reading
	s := booking.Schedule{Name: f.Name, TimeZone: f.TimeZone, Languages: f.Languages, Holidays: booking.Holidays(f.Holidays), Places: f.Places}
	for i, r := range f.Weekly {
		at := fmt.Sprintf("weekly.%d", i)
		s.Weekly = append(s.Weekly, booking.Rule{
			Weekday: time.Weekday(r.Weekday), Since: read.dateOrNone(at+".since", r.Since), Until: read.dateOrNone(at+".until", r.Until), Every: r.Every,
			Hours: read.hours(at, r.HoursFields, f.Places),
		})
	}
	for i, e := range f.Exceptions {
		at := fmt.Sprintf("exceptions.%d", i)
		one := booking.Exception{Date: read.date(at+".date", e.Date)}
		for j, h := range e.Hours {
			one.Hours = append(one.Hours, read.hours(fmt.Sprintf("%s.hours.%d", at, j), h, f.Places))
		}
		s.Exceptions = append(s.Exceptions, one)
	}
	for i, p := range f.Closed {
		at := fmt.Sprintf("closed.%d", i)
		s.Closed = append(s.Closed, booking.Period{From: read.date(at+".from", p.From), To: read.date(at+".to", p.To)})
	}
	for i, x := range f.Extra {
		at := fmt.Sprintf("extra.%d", i)
		s.Extra = append(s.Extra, booking.Session{
			Date: read.date(at+".date", x.Date), Hours: read.hours(at, x.HoursFields, f.Places),
		})
	}
	return s, read.err
}

// reading keeps the first that was wrong.
type reading struct{ err error }

func (r *reading) wrong(field, why string) {
	if r.err == nil {
		r.err = &booking.FieldError{Field: field, Why: why}
	}
}

func (r *reading) date(field, text string) booking.Date {
	d, err := booking.ParseDate(text)
	if year := text[:min(len(text), 4)]; err != nil || year < "1970" || d == 0 {
		r.wrong(field, "write a day such as 2026-11-22")
	}
	return d
}

func (r *reading) dateOrNone(field, text string) booking.Date {
	if text == "" {
		return 0
	}
	return r.date(field, text)
}

func (r *reading) clock(field, text string) booking.Clock {
	var c booking.Clock
	if err := c.UnmarshalText([]byte(text)); err != nil {
		r.wrong(field, "write a time such as 09:30")
	}
	return c
}

func (r *reading) hours(field string, h HoursFields, places map[string]string) booking.Hours {
	if _, ok := places[h.Place]; h.Place != "" && !ok {
		r.wrong(field+".place", "name one of the places of this schedule")
	}
	return booking.Hours{
		From: r.clock(field+".from", h.From), To: r.clock(field+".to", h.To), Place: h.Place, Modalities: modalities(h.Modalities), Services: h.Services,
	}
}

func scheduleBodyOf(s booking.Schedule) scheduleBody {
	f := ScheduleFields{Name: s.Name, TimeZone: s.TimeZone, Languages: s.Languages, Holidays: string(s.Holidays), Places: s.Places}
	for _, r := range s.Weekly {
		f.Weekly = append(f.Weekly, ruleBody{int(r.Weekday), dateText(r.Since), dateText(r.Until), r.Every, hoursBodyOf(r.Hours)})
	}
	for _, e := range s.Exceptions {
		one := exceptionBody{Date: e.Date.String()}
		for _, h := range e.Hours {
			one.Hours = append(one.Hours, hoursBodyOf(h))
		}
		f.Exceptions = append(f.Exceptions, one)
	}
	for _, p := range s.Closed {
		f.Closed = append(f.Closed, periodBody{p.From.String(), p.To.String()})
	}
	for _, x := range s.Extra {
		f.Extra = append(f.Extra, sessionBody{x.Date.String(), hoursBodyOf(x.Hours)})
	}
	return scheduleBody{s.Practitioner, s.Revision, f}
}

func hoursBodyOf(h booking.Hours) HoursFields {
	return HoursFields{h.From.String(), h.To.String(), h.Place, texts(h.Modalities), h.Services}
}

func dateText(d booking.Date) string {
	if d == 0 {
		return ""
	}
	return d.String()
}
