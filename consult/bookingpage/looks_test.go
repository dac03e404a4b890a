package bookingpage

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
)

// TestLookingChangesNothing: mail scanners and previews open links, also twice and with HEAD; nothing is written by it.
func TestLookingChangesNothing(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(wantsAFile(booking.ModalityInPerson))
	hold := s.choose(service)
	half := jeanne()
	half.Set("name", "")
	s.fillWith(hold, half, upload{"q-results", "x.pdf", letter})
	code := s.fillWith(s.choose(service), jeanne(), upload{"q-results", "x.pdf", letter}).says(t, 200, "Tapez le code")
	other := s.fillWith(s.choose(service), jeanne(), upload{"q-results", "x.pdf", letter})
	secret := "nothing"
	if err := s.documents.EraseDue(); err != nil {
		t.Fatal(err)
	}
	if other.Code == 200 && strings.HasPrefix(other.path, "/book/confirm/") {
		booked := s.post(other.action(t), url.Values{"code": {s.outbox.code(t)}}).says(t, 200, "est pris")
		secret, _, _ = strings.Cut(strings.TrimPrefix(booked.path, "/book/booked/"), "?")
	}
	before := s.store.Revision()
	for _, path := range []string{
		"/book", "/book/with/" + string(doctor), "/book/" + string(service.ID), "/book/" + string(service.ID) + "?from=2026-12-01&zone=America/New_York", hold.path, code.path,
		"/book/ask?service=" + string(service.ID), "/book/wait?service=" + string(service.ID), "/book/booked/" + secret, "/book/waiting",
		"/a/" + secret, "/a/" + secret + "/cancel", "/a/" + secret + "/move", "/a/" + secret + "/appointment.ics", "/a/" + secret + "/join", "/a/" + secret + "/files", "/o/" + consult.NewSecret(),
	} {
		for _, method := range []string{"GET", "HEAD", "GET"} {
			if a := s.do(method, path, nil, nil); a.Code >= 500 {
				t.Errorf("%s %s: %d", method, path, a.Code)
			}
		}
		if now := s.store.Revision(); now != before {
			t.Errorf("GET %s wrote something", path)
			before = now
		}
	}
	if a, err := s.book.Find(secret); err != nil || a.State != booking.StateBooked {
		t.Error(a.State, err)
	}
}

// TestClocksThatChangeApart: New York and Paris change their clocks on other days; each time is said on both.
func TestClocksThatChangeApart(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(func(service *booking.Service, _ *booking.Schedule) { service.Horizon = 200 })
	for _, c := range []struct{ day, york string }{{"2027-03-08", "03:00"}, {"2027-03-15", "04:00"}, {"2027-03-29", "03:00"}} {
		page := s.get("/book/"+string(service.ID)+"?zone=America%2FNew_York&from="+c.day).says(t, 200, "New York", c.york)
		seconds, err := strconv.ParseInt(page.times()[0], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if wall := time.Unix(seconds, 0).In(loadZone("Europe/Paris")).Format("2006-01-02 15:04"); wall != c.day+" 09:00" {
			t.Errorf("%s: %s in Paris", c.day, wall)
		}
		form := s.post(page.action(t), url.Values{"start": {page.times()[0]}})
		form.says(t, 200, "à 09:00 (heure de Paris)", "Chez vous", "à "+c.york+" (heure de New York)")
	}
}

// TestWaitFormAsksNothingForNobody: there is no field whose text nobody would read.
func TestWaitFormAsksNothingForNobody(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(nil)
	if page := s.get("/book/wait?service="+string(service.ID)).says(t, 200, "À partir du (facultatif)"); strings.Contains(page.Body.String(), `name="note"`) {
		t.Error("a note is asked for that nobody gets")
	}
}

// TestNoTwoButtonsReadTheSame: in the night in which the clocks are set back, an hour comes twice.
func TestNoTwoButtonsReadTheSame(t *testing.T) {
	for _, c := range []struct {
		zone, lang string
		from       time.Time
		want       []string
	}{
		{"Europe/Paris", "fr", time.Date(2026, 10, 24, 23, 30, 0, 0, time.UTC),
			[]string{"01:30", "02:00 (heure d'été)", "02:30 (heure d'été)", "02:00 (heure d'hiver)", "02:30 (heure d'hiver)", "03:00"}},
		{"America/New_York", "en", time.Date(2026, 11, 1, 4, 30, 0, 0, time.UTC),
			[]string{"00:30", "01:00 (summer time)", "01:30 (summer time)", "01:00 (winter time)", "01:30 (winter time)", "02:00"}},
		{"Europe/Paris", "fr", time.Date(2026, 10, 25, 23, 30, 0, 0, time.UTC), []string{"00:30", "01:00", "01:30", "02:00", "02:30", "03:00"}},
	} {
		var free []booking.FreeTime
		for i := range c.want {
			free = append(free, booking.FreeTime{Start: c.from.Add(time.Duration(i) * 30 * time.Minute)})
		}
		var got []string
		for _, day := range daysOf(free, loadZone(c.zone), c.lang, c.from) {
			for _, one := range day.Times {
				got = append(got, one.Clock)
			}
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.zone, got, c.want)
		}
	}
}
