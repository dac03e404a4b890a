package bookingpage

import (
	"cmp"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/notify"
)

type timesPage struct {
	T              *words
	Heading        string
	Back, BackSays string
	Notice         string // what just happened
	Summary        summary
	Approval       bool
	Ways           []link
	Filters        *filters
	Action         string
	Days           []day
	Nothing        string // when there are no days
	Earlier, Later string
	Wait, Ask      string // "" when they are not for here
	zoneLine
}

// zoneLine says on which clocks the times are.
type zoneLine struct {
	Zone, ZoneSays     string
	ZoneBack, ZoneHref string
}

type link struct {
	Href, Name string
	Current    bool
}

type day struct {
	Name  string
	Times []timeButton
}

type timeButton struct{ Value, Clock string }

type pair struct{ Name, Value string }

type filters struct {
	Open      bool
	Action    string
	Keep      []pair
	Selects   []choice
	From, Min string
}

// choice is a question with its possible answers.
type choice struct {
	Name, Label string
	Options     []option
}

type option struct {
	Value, Label string
	Chosen       bool
}

const (
	daysShown  = 6
	manyTimes  = 40 // after a day with which there are so many, the others are the next page's
	timesAsked = 150
	window     = 62 * 24 * time.Hour // what booking looks at in one go
)

// offered is the service of the address if patients may book it.
func (p *Pages) offered(s state) (booking.Service, []booking.Schedule, error) {
	if s.Service == "" {
		return booking.Service{}, nil, booking.ErrNotFound
	}
	service, err := p.Book.Service(s.Service)
	if err != nil {
		return booking.Service{}, nil, err
	}
	givers, err := p.givers(service)
	if err == nil && (service.Hidden || len(givers) == 0) {
		err = booking.ErrNotFound
	}
	return service, givers, err
}

// timesPage shows the free times of a service.
func (p *Pages) timesPage(w http.ResponseWriter, r *http.Request) {
	s := stateOf(r)
	service, givers, err := p.offered(s)
	if err != nil {
		p.failed(w, r, err)
		return
	}
	lang := p.language(r, "")
	t := wordsIn(lang)
	if len(service.Modalities) > 0 && (s.Modality == "" || !slices.Contains(service.Modalities, s.Modality)) {
		s.Modality = service.Modalities[0]
	}
	zone := p.zoneFor(s, givers)
	now := p.Clock()
	page := timesPage{
		T: t, Heading: t.TimesHeading, Back: s.services(), BackSays: t.OtherService, Approval: service.Approval, Action: s.to("/book/hold"),
		Summary: summary{Label: service.LabelIn(lang), Details: t.factsOf(service, s.Modality, lang), Who: p.whoOf(t, s, givers)},
		Nothing: t.NoTimes, Wait: s.to("/book/wait"), Ask: s.to("/book/ask"),
		zoneLine: p.zoneLine(t, s, zone, givers, now),
	}
	if len(service.Modalities) > 1 {
		for _, m := range service.Modalities {
			to := s
			to.Modality = m
			page.Ways = append(page.Ways, link{to.times(), t.wayTitle(m), m == s.Modality})
		}
	}
	page.Filters = filtersOf(t, s, service, givers, now.In(zone), lang)
	q := booking.Query{Service: service.ID, Practitioner: s.With, Modality: s.Modality, Language: s.Speaks, Place: s.Place}
	found, err := p.freeDays(r, q, s.From, zone, now, service.Horizon)
	if err != nil {
		p.failed(w, r, err)
		return
	}
	page.Days = daysOf(found.times, zone, lang, now)
	p.turnPages(&page, s, found, zone, now)
	p.render(w, r, http.StatusOK, "times", t.TimesHeading, lang, page)
}

// turnPages sets the links to earlier and later days.
func (p *Pages) turnPages(page *timesPage, s state, found freeDays, zone *time.Location, now time.Time) {
	today := booking.DateOf(now.In(zone))
	if found.from > today {
		to := s
		if to.From = found.from - 7; to.From <= today {
			to.From = 0
		}
		page.Earlier = to.times()
	}
	if found.next != 0 {
		to := s
		to.From = found.next
		page.Later = to.times()
	}
}

// freeDays are the free times of the first few days that have some.
type freeDays struct {
	times []booking.FreeTime
	from  booking.Date // where the look began
	next  booking.Date // where the next look begins; 0: nowhere
}

// freeDays looks from a day on. Computing takes turns: media needs a processor at once.
func (p *Pages) freeDays(r *http.Request, q booking.Query, from booking.Date, zone *time.Location, now time.Time, horizon int) (found freeDays, err error) {
	gone := p.Compute(r.Context(), func() { found, err = p.lookFree(q, from, zone, now, horizon) })
	return found, errors.Join(gone, err)
}

func (p *Pages) lookFree(q booking.Query, from booking.Date, zone *time.Location, now time.Time, horizon int) (freeDays, error) {
	today := booking.DateOf(now.In(zone))
	last := today + booking.Date(horizon) + 1
	found := freeDays{from: min(max(from, today), last)}
	for begin := found.from; begin <= last; {
		q.From, _ = begin.At(0, zone)
		if q.From.Before(now) {
			q.From = now
		}
		q.To, q.Limit = q.From.Add(window), timesAsked
		times, err := p.Book.Free(q)
		if err != nil {
			return freeDays{}, err
		}
		end := booking.DateOf(q.To.In(zone))
		if len(times) == 0 {
			begin = end
			continue
		}
		found.times, found.next = firstDays(times, zone, len(times) == timesAsked)
		if found.next == 0 && end < last {
			found.next = end
		}
		if found.next > last {
			found.next = 0
		}
		return found, nil
	}
	return found, nil
}

// firstDays keeps the times of the first few days, and says where the others begin. Of a list that was cut off the last day may lack times:
// it is the next page's.
func firstDays(times []booking.FreeTime, zone *time.Location, cut bool) ([]booking.FreeTime, booking.Date) {
	days, last := 0, booking.Date(0)
	lastBegins := 0
	for i, one := range times {
		date := booking.DateOf(one.Start.In(zone))
		if date == last {
			continue
		}
		if days == daysShown || (days > 0 && i >= manyTimes) {
			return times[:i], date
		}
		days, last, lastBegins = days+1, date, i
	}
	if !cut {
		return times, 0
	}
	if days > 1 {
		return times[:lastBegins], last
	}
	return times, last + 1
}

// daysOf groups times by day, on the clocks of a zone.
func daysOf(times []booking.FreeTime, zone *time.Location, lang string, now time.Time) []day {
	var days []day
	last := booking.Date(0)
	for _, one := range times {
		at := one.Start.In(zone)
		if date := booking.DateOf(at); date != last {
			name := notify.Day(at, lang)
			if at.Year() != now.In(zone).Year() {
				name += " " + strconv.Itoa(at.Year())
			}
			days, last = append(days, day{Name: name}), date
		}
		today := &days[len(days)-1]
		today.Times = append(today.Times, timeButton{strconv.FormatInt(one.Start.Unix(), 10), notify.Clock(at, lang)})
	}
	return days
}

// zoneFor is the zone in which times are shown: the reader's, or the practitioner's, or the practice's.
func (p *Pages) zoneFor(s state, givers []booking.Schedule) *time.Location {
	return loadZone(first(s.Zone, p.homeZone(s, givers)))
}

func (p *Pages) homeZone(s state, givers []booking.Schedule) string {
	for _, g := range givers {
		if s.With == "" || g.Practitioner == s.With {
			return g.TimeZone
		}
	}
	return p.Practice.Profile().TimeZone
}

func loadZone(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return zone
}

func (p *Pages) zoneLine(t *words, s state, zone *time.Location, givers []booking.Schedule, now time.Time) zoneLine {
	line := zoneLine{Zone: zone.String(), ZoneSays: fmt.Sprintf(t.TimesIn, notify.ZoneName(now.In(zone), t.Tag))}
	own := s
	own.Zone = "ZONE" // the script puts the browser's here
	line.ZoneHref = own.times()
	if home := p.homeZone(s, givers); s.Zone != "" && s.Zone != home {
		own.Zone = ""
		line.ZoneBack = own.times()
	}
	return line
}

// filtersOf are the questions by which times can be narrowed, as far as they have more than one answer.
func filtersOf(t *words, s state, service booking.Service, givers []booking.Schedule, now time.Time, lang string) *filters {
	f := &filters{
		Open: s.With != "" || s.Speaks != "" || s.Place != "" || s.From != 0, Action: "/book/" + string(service.ID),
		Min: now.Format(time.DateOnly),
	}
	if s.From != 0 {
		f.From = s.From.String()
	}
	keep := s.common()
	set(keep, "modality", string(s.Modality))
	set(keep, "instead", s.Instead)
	f.Keep = pairs(keep)
	who := choice{"with", t.Practitioner, []option{{"", t.AnyPractitioner, s.With == ""}}}
	places, tongues := map[string]string{}, map[string]bool{}
	for _, g := range givers {
		who.Options = append(who.Options, option{string(g.Practitioner), g.Name, s.With == g.Practitioner})
		for name, means := range g.Places {
			places[name] = first(means, name)
		}
		for _, tag := range g.Languages {
			tongues[tag] = true
		}
	}
	where := choice{"place", t.Place, []option{{"", t.AnyPlace, s.Place == ""}}}
	for name, means := range places {
		where.Options = append(where.Options, option{name, means, s.Place == name})
	}
	speaks := choice{"speaks", t.Speaks, []option{{"", t.AnyLanguage, s.Speaks == ""}}}
	for tag := range tongues {
		speaks.Options = append(speaks.Options, option{tag, notify.LanguageName(tag, lang), s.Speaks == tag})
	}
	if s.Modality != booking.ModalityInPerson {
		where.Options = nil
	}
	for _, c := range []choice{who, where, speaks} {
		if len(c.Options) > 2 {
			slices.SortStableFunc(c.Options[1:], func(a, b option) int { return cmp.Compare(a.Label, b.Label) })
			f.Selects = append(f.Selects, c)
		}
	}
	return f
}

// pairs are the fields of a query that a form hands on.
func pairs(q url.Values) []pair {
	var all []pair
	for name := range q {
		all = append(all, pair{name, q.Get(name)})
	}
	slices.SortFunc(all, func(a, b pair) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

func (p *Pages) whoOf(t *words, s state, givers []booking.Schedule) string {
	for _, g := range givers {
		if g.Practitioner == s.With || len(givers) == 1 {
			return t.withName(g.Name)
		}
	}
	return t.AnyPractitioner
}

func (t *words) wayTitle(m booking.Modality) string {
	return map[booking.Modality]string{booking.ModalityVideo: t.ByVideoTitle, booking.ModalityPhone: t.ByPhoneTitle, booking.ModalityInPerson: t.InPersonTitle}[m]
}

// factsOf is facts when the way has been chosen.
func (t *words) factsOf(s booking.Service, way booking.Modality, lang string) string {
	s.Modalities = []booking.Modality{way}
	return t.facts(s, lang)
}
