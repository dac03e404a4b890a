package booking

import (
	"cmp"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
)

// Query asks for free times of a service.
type Query struct {
	Service      ServiceID
	Practitioner consult.AccountID // "": any who gives it, the least loaded that day
	From, To     time.Time         // starts lie in here; at most 62 days
	Modality     Modality          // "": any
	Language     string            // that the practitioner speaks; "": any
	Place        string            // "": any
	Around       time.Time         // nearest first; zero: earliest first
	Limit        int               // 0: all
	// Everything also offers what patients are not offered: hidden services, no notice, beyond the horizon, above the daily maximum.
	Everything bool
}

// FreeTime is a time that can be booked now.
type FreeTime struct {
	Start, End   time.Time         // UTC, without buffers
	Practitioner consult.AccountID // of any, the least loaded on their day
	TimeZone     string            // of the practitioner; Start in it is the wall time that is agreed
	Place        string
	Modalities   []Modality
}

// giver is one practitioner as the computation sees them.
type giver struct {
	schedule *Schedule
	zone     *time.Location
	days     []dayDoc // of the window and those beside it, in order; what crosses midnight once. Shared: nobody writes into them
	external []span   // busy elsewhere
}

// offer is a free time of one giver.
type offer struct {
	start int64
	giver int // index
	load  int // appointments on that day
	hours *Hours
}

// supply is all that free times follow from. It is read only.
type supply struct {
	service   *Service
	givers    []giver           // in the service's order
	resources map[OwnerID]spans // busy, by resource
	now       int64
	horizon   bool // patients are offered notice, horizon and daily maximum
}

// maxWindow is how much may be asked for at once.
const maxWindow = 62 * 24 * time.Hour

// free computes the times, in the order that the query wants. It is pure.
func (s supply) free(q Query) []FreeTime {
	window := span{q.From.Unix(), q.To.Unix()}
	if q.From.Unix() < q.From.Add(time.Nanosecond).Unix() {
		window.from = q.From.Add(time.Second - time.Nanosecond).Unix()
	}
	enough := 0
	if q.Around.IsZero() {
		enough = q.Limit
	}
	var offers []offer
	for i := range s.givers {
		if q.Practitioner != "" && s.givers[i].schedule.Practitioner != q.Practitioner || !s.givers[i].schedule.speaks(q.Language) {
			continue
		}
		offers = s.offersOf(i, q, window, enough, offers)
	}
	slices.SortFunc(offers, func(a, b offer) int {
		if a.start != b.start {
			return cmp.Compare(a.start, b.start)
		}
		return cmp.Or(cmp.Compare(a.load, b.load), cmp.Compare(a.giver, b.giver))
	})
	offers = slices.CompactFunc(offers, func(a, b offer) bool { return a.start == b.start })
	if !q.Around.IsZero() {
		around := q.Around.Unix()
		far := func(o offer) int64 { return max(o.start-around, around-o.start) }
		slices.SortStableFunc(offers, func(a, b offer) int { return cmp.Compare(far(a), far(b)) })
	}
	if q.Limit > 0 && len(offers) > q.Limit {
		offers = offers[:q.Limit]
	}
	times := make([]FreeTime, 0, len(offers))
	for _, o := range offers {
		times = append(times, s.time(o))
	}
	return times
}

func (s supply) time(o offer) FreeTime {
	g := s.givers[o.giver]
	start := time.Unix(o.start, 0).UTC()
	modalities := o.hours.Modalities
	if len(modalities) == 0 {
		modalities = s.service.Modalities
	} else {
		modalities = slices.DeleteFunc(slices.Clone(modalities), func(m Modality) bool { return !s.service.offers(m) })
	}
	return FreeTime{start, start.Add(s.service.Duration), g.schedule.Practitioner, g.schedule.TimeZone, o.hours.Place, modalities}
}

// offersOf appends the free times of one giver, by day; it stops after the day on which there are enough (0: never).
func (s supply) offersOf(i int, q Query, window span, enough int, offers []offer) []offer {
	g := &s.givers[i]
	earliest, last := window.from, DateOf(time.Unix(window.to, 0).In(g.zone))
	if s.horizon {
		earliest = max(earliest, s.now+int64(s.service.MinNotice/time.Second))
		today := DateOf(time.Unix(s.now, 0).In(g.zone))
		last = min(last, today+Date(s.service.Horizon))
	} else {
		earliest = max(earliest, s.now)
	}
	busy := g.busy(s.now)
	had := len(offers)
	first := DateOf(time.Unix(earliest, 0).In(g.zone))
	for d := first - 1; d <= last; d++ { // yesterday's hours may go on past midnight
		hours := g.schedule.HoursOn(d)
		if len(hours) == 0 {
			continue
		}
		day := newWallDay(d, g.zone)
		loads := dayLoads{day: day, giver: g, supply: s}
		for n := range hours {
			if hours[n].suits(s.service, q) {
				offers = s.offersIn(i, &hours[n], &loads, span{earliest, window.to}, busy, offers)
			}
		}
		if enough > 0 && len(offers)-had >= 2*enough { // hours may overlap, so that some times are there twice
			break
		}
	}
	return offers
}

// offersIn appends the times that fit into these hours of one day. Times stand on the clock: from the beginning of the hours in
// steps; what clocks skip is no time, what they show twice is the first.
func (s supply) offersIn(i int, h *Hours, loads *dayLoads, window span, busy spans, offers []offer) []offer {
	step := s.service.Step
	if step == 0 {
		step = s.service.Duration
	}
	duration := int64(s.service.Duration / time.Second)
	to := h.until()
	end, _ := loads.day.instant(to)
	for c := h.From; c < to; c += Clock(step / time.Minute) {
		start, ok := loads.day.instant(c)
		if !ok || start < window.from || start >= window.to || start+duration > end {
			continue
		}
		taken := s.service.padded(start)
		if !busy.free(taken) || !s.resourcesFree(taken) {
			continue
		}
		all, own := loads.at(start)
		if s.horizon && s.service.DailyMax > 0 && own >= s.service.DailyMax {
			continue
		}
		offers = append(offers, offer{start, i, all, h})
	}
	return offers
}

// suits reports whether the hours are for what is asked.
func (h Hours) suits(s *Service, q Query) bool {
	if len(h.Services) > 0 && !slices.Contains(h.Services, s.ID) || (q.Place != "" && h.Place != q.Place) {
		return false
	}
	if q.Modality != "" {
		return s.offers(q.Modality) && (len(h.Modalities) == 0 || slices.Contains(h.Modalities, q.Modality))
	}
	return len(h.Modalities) == 0 || slices.ContainsFunc(h.Modalities, s.offers)
}

// busy is all that is taken, merged.
func (g *giver) busy(now int64) spans {
	count := len(g.external)
	for _, doc := range g.days {
		count += len(doc)
	}
	all := make([]span, 0, count)
	for _, doc := range g.days {
		for i := range doc {
			if doc[i].holds(now) {
				all = append(all, doc[i].span)
			}
		}
	}
	return merged(append(all, g.external...))
}

func (s supply) resourcesFree(taken span) bool {
	_, err := assign(s.service.Resources, nil, false, func(owner OwnerID) (bool, error) { return s.resources[owner].free(taken), nil })
	return err == nil
}

// dayLoads counts how much a giver has on the day, and on the next for hours that go on past midnight; once each.
type dayLoads struct {
	day    wallDay
	giver  *giver
	supply supply
	known  [2]bool
	all    [2]int
	own    [2]int
}

func (l *dayLoads) at(start int64) (all, own int) {
	i, in := 0, span{l.day.start, l.day.end()}
	if start >= in.to {
		i, in = 1, span{in.to, newWallDay(l.day.date+1, l.day.zone).end()}
	}
	if !l.known[i] {
		l.known[i] = true
		for _, doc := range l.giver.days {
			all, own := load(doc, in, l.supply.service.ID, l.supply.now)
			l.all[i], l.own[i] = l.all[i]+all, l.own[i]+own
		}
	}
	return l.all[i], l.own[i]
}
