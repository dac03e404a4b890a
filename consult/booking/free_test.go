package booking

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
)

func hours(t testing.TB, text string) Hours {
	from, to, _ := strings.Cut(text, "-")
	return Hours{From: mustClock(t, from), To: mustClock(t, to)}
}

// everyDay has these hours on each day of the week.
func everyDay(t testing.TB, zone string, of ...string) Schedule {
	s := Schedule{Practitioner: consult.NewAccountID(), Name: "Dr Claire Moreau", TimeZone: zone}
	for day := time.Sunday; day <= time.Saturday; day++ {
		for _, h := range of {
			s.Weekly = append(s.Weekly, Rule{Weekday: day, Hours: hours(t, h)})
		}
	}
	return s
}

func visit(of ...Schedule) Service {
	s := Service{
		ID: NewServiceID(), Label: map[string]string{"fr": "Consultation", "en": "Consultation"}, Duration: 30 * time.Minute, Horizon: 60,
		Modalities: []Modality{ModalityVideo, ModalityPhone},
	}
	for _, schedule := range of {
		s.Practitioners = append(s.Practitioners, schedule.Practitioner)
	}
	return s
}

func supplyOf(t testing.TB, now string, service Service, of ...Schedule) supply {
	t.Helper()
	if err := service.Validate(); err != nil {
		t.Fatal(err)
	}
	s := supply{service: &service, now: mustTime(t, now).Unix(), horizon: true, resources: map[OwnerID]spans{}}
	for i := range of {
		if err := of[i].Validate(); err != nil {
			t.Fatal(err)
		}
		s.givers = append(s.givers, giver{schedule: &of[i], zone: mustZone(t, of[i].TimeZone)})
	}
	return s
}

func mustTime(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// walls are free times on a zone's clock.
func walls(free []FreeTime, zone *time.Location) string {
	var out []string
	for _, f := range free {
		out = append(out, f.Start.In(zone).Format("02T15:04"))
	}
	return strings.Join(out, " ")
}

func query(t testing.TB, from, to string) Query {
	return Query{From: mustTime(t, from), To: mustTime(t, to)}
}

func TestFreeAcrossClockChanges(t *testing.T) {
	for _, c := range []struct{ name, zone, hours, now, from, to, want string }{
		{"spring gap: half past two is not offered", "Europe/Paris", "01:00-04:00", "2026-03-28T08:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z",
			"29T01:00 29T01:30 29T03:00 29T03:30"},
		{"autumn fold: each time once, the first", "Europe/Paris", "01:00-04:00", "2026-10-24T08:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z",
			"25T01:00 25T01:30 25T02:00 25T02:30 25T03:00 25T03:30"},
		{"New York, spring", "America/New_York", "01:30-03:30", "2026-03-07T08:00:00Z", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z", "08T01:30 08T03:00"},
		{"New York, autumn", "America/New_York", "00:30-02:30", "2026-10-31T08:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z",
			"01T00:30 01T01:00 01T01:30 01T02:00"},
		{"Apia: the day that was skipped has no times", "Pacific/Apia", "09:00-10:00", "2011-12-28T00:00:00Z", "2011-12-29T10:00:00Z", "2012-01-01T09:59:00Z",
			"29T09:00 29T09:30 31T09:00 31T09:30 01T09:00 01T09:30"},
		{"hours across midnight and the gap", "Europe/Paris", "23:00-03:30", "2026-03-27T08:00:00Z", "2026-03-28T20:00:00Z", "2026-03-29T04:00:00Z",
			"28T23:00 28T23:30 29T00:00 29T00:30 29T01:00 29T01:30 29T03:00"},
		{"hours that end in the gap", "Europe/Paris", "01:00-02:30", "2026-03-28T08:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "29T01:00 29T01:30"},
		{"midnight itself is skipped", "America/Sao_Paulo", "00:00-02:00", "2018-11-03T08:00:00Z", "2018-11-04T02:00:00Z", "2018-11-05T01:59:00Z", "04T01:00 04T01:30"},
	} {
		t.Run(c.name, func(t *testing.T) {
			schedule := everyDay(t, c.zone, c.hours)
			free := supplyOf(t, c.now, visit(schedule), schedule).free(query(t, c.from, c.to))
			if got := walls(free, mustZone(t, c.zone)); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// TestFreeForSomebodyElsewhere: the practice keeps its own clock; the patient sees theirs.
func TestFreeForSomebodyElsewhere(t *testing.T) {
	schedule := everyDay(t, "Europe/Paris", "09:00-10:00")
	free := supplyOf(t, "2026-10-20T00:00:00Z", visit(schedule), schedule).free(query(t, "2026-10-24T00:00:00Z", "2026-10-26T00:00:00Z"))
	if got := walls(free, mustZone(t, "America/Martinique")); got != "24T03:00 24T03:30 25T04:00 25T04:30" {
		t.Error(got) // the practice put its clocks back, the patient did not
	}
}

func TestFreeRules(t *testing.T) {
	const now = "2026-11-23T07:00:00Z" // Monday, 08:00 in Paris
	monday, tuesday := query(t, "2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z"), query(t, "2026-11-23T23:00:00Z", "2026-11-24T23:00:00Z")
	tuesdayDate := mustDate(t, "2026-11-24")
	cases := []struct {
		name   string
		change func(*Service, *Schedule, *supply)
		query  Query
		want   string
	}{
		{"several ranges", nil, tuesday, "24T09:00 24T09:30 24T14:00 24T14:30"},
		{"the past is over", func(_ *Service, _ *Schedule, s *supply) { s.now += 2*3600 + 1 }, monday, "23T14:00 23T14:30"},
		{"minimum notice", func(s *Service, _ *Schedule, _ *supply) { s.MinNotice = 90 * time.Minute }, monday, "23T09:30 23T14:00 23T14:30"},
		{"horizon, today included", func(s *Service, _ *Schedule, _ *supply) { s.Horizon = 1 }, query(t, "2026-11-24T12:00:00Z", "2026-11-27T00:00:00Z"), "24T14:00 24T14:30"},
		{"a step of its own", func(s *Service, _ *Schedule, _ *supply) { s.Step = 15 * time.Minute }, tuesday,
			"24T09:00 24T09:15 24T09:30 24T14:00 24T14:15 24T14:30"},
		{"taken", func(_ *Service, _ *Schedule, s *supply) { s.take("2026-11-24T08:30:00Z", 30, entryAppointment) }, tuesday, "24T09:00 24T14:00 24T14:30"},
		{"buffers", func(s *Service, _ *Schedule, p *supply) {
			s.Before, s.After = 5*time.Minute, 10*time.Minute
			p.take("2026-11-24T08:30:00Z", 5, entryAppointment)
		}, tuesday, "24T14:00 24T14:30"},
		{"a buffer after, and a time right behind", func(s *Service, _ *Schedule, p *supply) {
			s.After = 15 * time.Minute
			p.take("2026-11-24T08:45:00Z", 15, entryAppointment)
		}, tuesday, "24T09:00 24T14:00 24T14:30"},
		{"held", func(_ *Service, _ *Schedule, s *supply) { s.take("2026-11-24T08:00:00Z", 30, entryHold) }, tuesday, "24T09:30 24T14:00 24T14:30"},
		{"a hold that has lapsed", func(_ *Service, _ *Schedule, s *supply) {
			s.take("2026-11-24T08:00:00Z", 30, entryHold)
			s.givers[0].days[0][0].until = s.now
		}, tuesday, "24T09:00 24T09:30 24T14:00 24T14:30"},
		{"daily maximum", func(s *Service, _ *Schedule, p *supply) {
			s.DailyMax = 1
			p.take("2026-11-24T08:00:00Z", 30, entryAppointment)
			p.givers[0].days[0][0].service = s.ID
		}, tuesday, ""},
		{"daily maximum of another service", func(s *Service, _ *Schedule, p *supply) {
			s.DailyMax = 1
			p.take("2026-11-24T08:00:00Z", 30, entryAppointment)
		}, tuesday, "24T09:30 24T14:00 24T14:30"},
		{"busy elsewhere", func(_ *Service, _ *Schedule, s *supply) {
			at := mustTime(t, "2026-11-24T08:10:00Z").Unix()
			s.givers[0].external = []span{{at, at + 60}}
		}, tuesday, "24T09:30 24T14:00 24T14:30"},
		{"a room is taken", func(s *Service, _ *Schedule, p *supply) {
			a, b := NewRoomID(), NewRoomID()
			s.Resources = []Resource{{AnyOf: []OwnerID{a, b}}}
			at := mustTime(t, "2026-11-24T08:00:00Z").Unix()
			p.resources[a], p.resources[b] = spans{{at, at + 3600}}, spans{{at, at + 600}}
		}, tuesday, "24T09:30 24T14:00 24T14:30"},
		{"another day's hours", func(_ *Service, s *Schedule, _ *supply) {
			s.Exceptions = []Exception{{tuesdayDate, []Hours{hours(t, "18:00-19:00")}}}
		}, tuesday, "24T18:00 24T18:30"},
		{"a closed day", func(_ *Service, s *Schedule, _ *supply) { s.Exceptions = []Exception{{Date: tuesdayDate}} }, tuesday, ""},
		{"a closed period", func(_ *Service, s *Schedule, _ *supply) {
			s.Closed = []Period{{tuesdayDate - 3, tuesdayDate}}
		}, query(t, "2026-11-23T23:00:00Z", "2026-11-25T10:00:00Z"), "25T09:00 25T09:30"},
		{"an extra session on a closed day", func(_ *Service, s *Schedule, _ *supply) {
			s.Closed = []Period{{tuesdayDate, tuesdayDate}}
			s.Extra = []Session{{tuesdayDate, hours(t, "20:00-20:30")}}
		}, tuesday, "24T20:00"},
		{"overlapping hours say a time once", func(_ *Service, s *Schedule, _ *supply) {
			s.Extra = []Session{{tuesdayDate, hours(t, "09:30-10:30")}}
		}, tuesday, "24T09:00 24T09:30 24T10:00 24T14:00 24T14:30"},
		{"every second week", func(_ *Service, s *Schedule, _ *supply) {
			s.Weekly = []Rule{{Weekday: time.Tuesday, Since: mustDate(t, "2026-11-19"), Every: 2, Hours: hours(t, "09:00-09:30")}}
		}, query(t, "2026-11-23T23:00:00Z", "2026-12-17T00:00:00Z"), "01T09:00 15T09:00"},
		{"rules end", func(_ *Service, s *Schedule, _ *supply) {
			for i := range s.Weekly {
				s.Weekly[i].Until = tuesdayDate
			}
		}, query(t, "2026-11-24T12:00:00Z", "2026-11-30T00:00:00Z"), "24T14:00 24T14:30"},
		{"a public holiday", func(_ *Service, s *Schedule, _ *supply) { s.Holidays = HolidaysFrance },
			query(t, "2026-12-24T12:00:00Z", "2026-12-26T09:00:00Z"), "24T14:00 24T14:30 26T09:00 26T09:30"},
		{"hours for one modality", func(_ *Service, s *Schedule, _ *supply) {
			s.Exceptions = []Exception{{tuesdayDate, []Hours{hours(t, "10:00-10:30"), hours(t, "11:00-11:30")}}}
			s.Exceptions[0].Hours[0].Modalities = []Modality{ModalityInPerson}
			s.Exceptions[0].Hours[1].Modalities = []Modality{ModalityVideo}
		}, tuesday, "24T11:00"},
		{"around a time", nil, Query{From: tuesday.From, To: tuesday.To, Around: mustTime(t, "2026-11-24T12:40:00Z"), Limit: 3}, "24T14:00 24T14:30 24T09:30"},
		{"the first two", nil, Query{From: tuesday.From, To: tuesday.To, Limit: 2}, "24T09:00 24T09:30"},
		{"one day's first", nil, Query{From: tuesday.From, To: tuesday.To.Add(240 * time.Hour), Limit: 5}, "24T09:00 24T09:30 24T14:00 24T14:30 25T09:00"},
		{"a language nobody speaks", func(_ *Service, s *Schedule, _ *supply) { s.Languages = []string{"fr", "ar"} },
			Query{From: tuesday.From, To: tuesday.To, Language: "de"}, ""},
		{"a language with its country", func(_ *Service, s *Schedule, _ *supply) { s.Languages = []string{"fr", "ar"} },
			Query{From: tuesday.From, To: tuesday.To, Language: "ar-DZ", Limit: 1}, "24T09:00"},
		{"another place", nil, Query{From: tuesday.From, To: tuesday.To, Place: "annexe"}, ""},
		{"another practitioner", nil, Query{From: tuesday.From, To: tuesday.To, Practitioner: consult.NewAccountID()}, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			schedule := everyDay(t, "Europe/Paris", "09:00-10:00", "14:00-15:00")
			service := visit(schedule)
			s := supplyOf(t, now, service, schedule)
			if c.change != nil {
				c.change(s.service, s.givers[0].schedule, &s)
			}
			if err := s.service.Validate(); err != nil {
				t.Fatal(err)
			}
			if err := s.givers[0].schedule.Validate(); err != nil {
				t.Fatal(err)
			}
			if got := walls(s.free(c.query), s.givers[0].zone); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

// take puts something into the first giver's day.
func (s *supply) take(at string, minutes int64, kind entryKind) {
	from, _ := time.Parse(time.RFC3339, at)
	e := entry{kind: kind, id: entryID("x" + at), span: span{from.Unix(), from.Unix() + minutes*60}, start: from.Unix()}
	if kind == entryHold {
		e.until = s.now + 600
	}
	s.givers[0].days = append(s.givers[0].days, dayDoc{e})
}

// TestAnyPractitioner: the least loaded that day, then the service's order.
func TestAnyPractitioner(t *testing.T) {
	a, b := everyDay(t, "Europe/Paris", "09:00-10:00"), everyDay(t, "Europe/Paris", "09:30-11:00")
	s := supplyOf(t, "2026-11-23T07:00:00Z", visit(a, b), a, b)
	q := query(t, "2026-11-23T23:00:00Z", "2026-11-25T12:00:00Z")
	s.take("2026-11-24T20:00:00Z", 30, entryAppointment) // loads a on the 24th
	var got []string
	for _, f := range s.free(q) {
		got = append(got, f.Start.Format("02T15:04")+map[consult.AccountID]string{a.Practitioner: "a", b.Practitioner: "b"}[f.Practitioner])
	}
	want := "24T08:00a 24T08:30b 24T09:00b 24T09:30b 25T08:00a 25T08:30a 25T09:00b 25T09:30b"
	if strings.Join(got, " ") != want {
		t.Errorf("got  %v\nwant %s", got, want)
	}
}

// TestSpans compares the arithmetic with minutes counted one by one.
func TestSpans(t *testing.T) {
	for seed := range uint64(300) {
		random := rand.New(rand.NewPCG(seed, 1))
		var taken [200]bool
		var all []span
		for range random.IntN(12) {
			from := random.Int64N(190)
			s := span{from, from + random.Int64N(10)}
			all = append(all, s)
			for i := s.from; i < s.to; i++ {
				taken[i] = true
			}
		}
		m := merged(all)
		if !slices.IsSortedFunc(m, func(a, b span) int { return int(a.to - b.from) }) {
			t.Fatalf("not merged: %v", m)
		}
		for range 100 {
			from := random.Int64N(190)
			s := span{from, from + 1 + random.Int64N(10)}
			if want := !slices.Contains(taken[s.from:min(s.to, 200)], true); m.free(s) != want {
				t.Fatalf("seed %d: %v in %v: %t", seed, s, m, !want)
			}
		}
	}
}

func TestDayDocument(t *testing.T) {
	day := mustDate(t, "2026-11-24")
	at := int64(day) * secondsPerDay
	d := dayDoc{}.
		with(entry{kind: entryHold, id: "h", service: "s", span: span{at + 3600, at + 5400}, start: at + 3900, until: at - 20*secondsPerDay}).
		with(entry{kind: entryAppointment, id: "a", span: span{at - 600, at + 60}, start: at - 300, over: true}).
		with(entry{kind: entryBlock, id: "b", span: span{at + 86300, at + 2*86400}, start: at + 86300})
	back, err := decodeDay(day, d.encode(day))
	if err != nil || !slices.Equal(back, d) || back[0].id != "a" {
		t.Fatalf("%v %v", back, err)
	}
	if d.free(span{at, at + 1}, nil, at) || !d.free(span{at, at + 1}, []entryID{"a"}, at) || !d.free(span{at + 60, at + 9000}, nil, at) {
		t.Error("free is wrong")
	}
	if got := d.without("a", at); len(got) != 1 || got[0].id != "b" { // the hold has lapsed
		t.Errorf("%v", got)
	}
}

func FuzzDayDocument(f *testing.F) {
	day := Date(20000)
	f.Add(dayDoc{{kind: entryAppointment, id: "ap_x", service: "s_x", span: span{20000 * 86400, 20000*86400 + 1800}, start: 20000 * 86400}}.encode(day))
	f.Fuzz(func(t *testing.T, b []byte) {
		d, err := decodeDay(day, b)
		if err != nil {
			return
		}
		again, err := decodeDay(day, d.encode(day))
		if err != nil || !slices.Equal(again, d) {
			t.Fatalf("%v\n%v %v", d, again, err)
		}
	})
}
