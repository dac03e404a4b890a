package api

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/document"
	"github.com/colloque/colloque/consult/notify"
	"github.com/colloque/colloque/consult/patient"
)

func appointmentTrials() map[string]trial {
	at := func(more string) func(*world) string {
		return func(w *world) string { return "/appointments/" + string(w.agreed.ID) + more }
	}
	of := func(which int, more string) func(*world) string {
		return func(w *world) string { return "/appointments/" + string(w.visits[which].ID) + more }
	}
	says := func(body string) func(*world) string { return func(*world) string { return body } }
	return map[string]trial{
		"appointments": {path: func(w *world) string {
			return "/appointments?from=2026-11-23&to=2026-11-29&practitioner=" + string(w.owner.ID)
		}, theirs: true},
		"appointments-changed":  {path: func(w *world) string { return "/appointments/changed?practitioner=" + string(w.owner.ID) }, theirs: true},
		"drifted-appointments":  {path: func(w *world) string { return "/appointments/drifted?practitioner=" + string(w.owner.ID) }, theirs: true},
		"lacking-appointments":  {path: func(w *world) string { return "/appointments/lacking?practitioner=" + string(w.owner.ID) }, theirs: true},
		"declined-appointments": {path: func(w *world) string { return "/appointments/declined?practitioner=" + string(w.owner.ID) }, theirs: true},
		"keep-appointment":      {path: at("/keep"), theirs: true},
		"replace-resources":     {path: at("/replace"), theirs: true},
		"book":                  {body: func(w *world) string { return w.booking("", `"tell":true`) }, theirs: true},
		"book-series":           {body: func(w *world) string { return w.booking("", `"tell":false,"every_weeks":1,"count":3`) }, theirs: true},
		"appointment":           {path: at(""), theirs: true},
		"open-given":            {path: func(w *world) string { return w.letter }, theirs: true},
		"manage-link":           {path: at("/link"), theirs: true},
		"move-appointment":      {path: at("/move"), body: says(`{"start":"2026-11-25T14:00:00Z","tell":true}`), theirs: true},
		"cancel-appointment":    {path: at("/cancel"), body: says(`{"tell":true,"reason":"the practitioner is ill"}`), theirs: true},
		"cancel-following": {path: func(w *world) string { return "/appointments/" + string(w.series[0].ID) + "/cancel-following" },
			body: says(`{"tell":true,"reason":"the practitioner is ill"}`), theirs: true},
		"move-following": {path: func(w *world) string { return "/appointments/" + string(w.series[0].ID) + "/move-following" },
			body: says(`{"start":"2026-12-11T10:00:00Z","tell":true}`), theirs: true},
		"arrive":           {path: at("/arrive"), theirs: true},
		"absent":           {path: at("/absent"), body: says(`{"who":"patient"}`), theirs: true},
		"fulfil":           {path: at("/fulfil"), theirs: true},
		"went-on-by-phone": {path: of(0, "/phone"), theirs: true},
		"to-rebook":        {path: of(0, "/rebook"), theirs: true},
		"undo": {path: of(1, "/undo"), body: func(w *world) string {
			return fmt.Sprintf(`{"changed_at":%q}`, w.visits[1].ChangedAt.Format(time.RFC3339Nano))
		}, theirs: true},
		"mistake":  {path: at("/mistake"), theirs: true},
		"open-now": {path: at("/open-now"), theirs: true},
	}
}

// books fills the owner's book: agreed is on the Wednesday at 10:00 in Paris by video; of visits, in person at 17:00 and 17:40, the first
// broke off and to the second the patient has come; series is on three Fridays of December.
func (w *world) books() {
	w.t.Helper()
	w.given = offered(w.site, w.owner.ID, w.ids["colleague"])
	w.agreed = w.mustBook(wednesday(10, 0), booking.ModalityVideo)
	w.visits = []booking.Appointment{w.mustBook(wednesday(17, 0), booking.ModalityInPerson), w.mustBook(wednesday(17, 40), booking.ModalityInPerson)}
	var err error
	for i, actions := range [][]booking.Action{{booking.ActionBegin, booking.ActionInterrupt}, {booking.ActionArrive}} {
		for _, action := range actions {
			w.visits[i], err = w.book.Act(w.visits[i].ID, action, booking.Actor{Kind: booking.ByPractice, Account: w.owner.ID})
			w.check(err)
		}
	}
	weekly, err := w.book.BookSeries(w.visit(time.Date(2026, 12, 11, 9, 0, 0, 0, time.UTC), booking.ModalityVideo), 1, 3)
	w.check(err)
	for _, date := range weekly {
		w.check(date.Err)
		w.series = append(w.series, date.Booked.Appointment)
	}
	w.letter = w.gave("q-letter")
}

func (w *world) mustBook(start time.Time, how booking.Modality) booking.Appointment {
	w.t.Helper()
	made, err := w.book.Book(w.visit(start, how))
	w.check(err)
	return made.Appointment
}

// visit is Jeanne Martin's, to the owner.
func (w *world) visit(start time.Time, how booking.Modality) booking.Request {
	return booking.Request{
		By: booking.Actor{Kind: booking.ByPractice, Account: w.owner.ID}, Service: w.given.ID, Practitioner: w.owner.ID, Start: start, Modality: how,
		Person: booking.Person{Name: "Jeanne Martin", Contact: consult.Contact{Phone: "+33639980010", Reach: consult.ReachSMS}},
	}
}

// offered is what these practitioners give; the first has hours.
func offered(s *site, of ...consult.AccountID) booking.Service {
	s.t.Helper()
	service := booking.Service{
		ID: booking.NewServiceID(), Label: map[string]string{"fr": "Consultation", "en": "Visit"}, Duration: 30 * time.Minute, After: 10 * time.Minute, Horizon: 60,
		Modalities: []booking.Modality{booking.ModalityVideo, booking.ModalityInPerson}, Practitioners: of, Reminders: []time.Duration{24 * time.Hour, time.Hour},
	}
	s.check(s.book.SetService(service))
	opens(s, of[0])
	return service
}

// opens gives a practitioner hours, Mondays to Fridays from 9 to 12 and 14 to 18 in Paris.
func opens(s *site, of ...consult.AccountID) {
	s.t.Helper()
	for _, one := range of {
		who, err := s.accounts.Account(one)
		s.check(err)
		schedule := booking.Schedule{Practitioner: one, Name: who.Name, TimeZone: "Europe/Paris"}
		for day := time.Monday; day <= time.Friday; day++ {
			schedule.Weekly = append(schedule.Weekly, booking.Rule{Weekday: day, Hours: booking.Hours{From: 9 * 60, To: 12 * 60}}, booking.Rule{Weekday: day, Hours: booking.Hours{From: 14 * 60, To: 18 * 60}})
		}
		s.check(s.book.SetSchedule(schedule))
	}
}

// wednesday is a time on 2026-11-25 in Paris.
func wednesday(hour, minute int) time.Time {
	return time.Date(2026, 11, 25, hour-1, minute, 0, 0, time.UTC)
}

// booking is the body of a booking for the owner on the Wednesday at 15:00 in Paris.
func (w *world) booking(patient, more string) string {
	w.t.Helper()
	whom := `"person":{"name":"Paul Petit","contact":{"phone":"06 39 98 00 11","reach":"sms"}}`
	if patient != "" {
		whom = fmt.Sprintf(`"patient":%q`, patient)
	}
	return fmt.Sprintf(`{"service":%q,"practitioner":%q,"start":"2026-11-25T14:00:00Z",%s,%s}`, w.given.ID, w.owner.ID, whom, more)
}

func (w *world) post(path, body, who string) request {
	return request{method: "POST", path: base + path, body: body, cookie: w.cookies[who]}
}

// TestGrid: what a grid of days needs is there, in the practitioner's zone, for those who were named.
func TestGrid(t *testing.T) {
	w := newWorld(t)
	one := w.agreed
	_, _, err := w.book.PutEvent(w.owner.ID, booking.EventPut{Name: "x.ics", UID: "x", Busy: []booking.Interval{{From: wednesday(16, 0), To: wednesday(17, 0)}}})
	w.check(err)
	_, err = w.book.Hold(booking.HoldRequest{Service: w.given.ID, Practitioner: w.owner.ID, Start: wednesday(11, 0), By: booking.Actor{Kind: booking.ByPatient}})
	w.check(err)
	path := fmt.Sprintf("%s/appointments?from=2026-11-25&to=2026-11-26&practitioner=%s&practitioner=%s", base, w.ids["colleague"], w.owner.ID)
	got := mustJSON[gridsBody](w.site, request{method: "GET", path: path, cookie: w.cookies["delegate"]}, 404) // a delegate of the owner acts for nobody else
	_ = got
	got = mustJSON[gridsBody](w.site, request{method: "GET", path: path, cookie: w.cookies["owner"]}, 200)
	if len(got.Books) != 2 || got.Books[0].Practitioner != w.ids["colleague"] || got.Books[1].Practitioner != w.owner.ID || got.Changed == 0 {
		t.Fatalf("%+v", got)
	}
	mine := got.Books[1]
	day := mine.Days[0]
	switch {
	case mine.TimeZone != "Europe/Paris" || !mine.Bookable || len(mine.Days) != 2 || day.Date != "2026-11-25" || !day.From.Equal(wednesday(0, 0)) || !day.To.Equal(wednesday(24, 0)):
		t.Errorf("%+v", mine)
	case len(day.Open) != 1 || !day.Open[0].From.Equal(wednesday(8, 0)) || !day.Open[0].To.Equal(wednesday(18, 0)):
		t.Errorf("open: %+v", day.Open)
	case len(day.Blocked) != 1 || !day.Blocked[0].From.Equal(wednesday(16, 0)) || !day.Blocked[0].To.Equal(wednesday(17, 0)):
		t.Errorf("blocked: %+v", day.Blocked)
	case len(day.Held) != 1 || !day.Held[0].From.Equal(wednesday(11, 0)) || !day.Held[0].To.Equal(wednesday(11, 40)):
		t.Errorf("held: %+v", day.Held)
	case len(mine.Appointments) != 3 || mine.Appointments[0].ID != one.ID || mine.Appointments[0].AfterMinutes != 10 || mine.Appointments[0].Wall != "2026-11-25T10:00":
		t.Errorf("appointments: %+v", mine.Appointments)
	}
	if mine.Days[1].Blocked == nil || len(got.Books[0].Appointments) != 0 {
		t.Errorf("%+v", got)
	}
}

// TestGridWithoutSchedule: who has no opening hours yet has a grid all the same.
func TestGridWithoutSchedule(t *testing.T) {
	w := newWorld(t)
	_, cookie := w.practitioner("Dr New")
	got := mustJSON[gridsBody](w.site, request{method: "GET", path: base + "/appointments", cookie: cookie}, 200)
	if len(got.Books) != 1 || got.Books[0].Bookable || len(got.Books[0].Days) != 1 || got.Books[0].Days[0].Date != "2026-11-22" || got.Books[0].TimeZone != "Europe/Paris" {
		t.Errorf("%+v", got)
	}
}

// TestGridAcrossClockChanges: a day of 25 hours, and one of 23, begin and end where the next one does.
func TestGridAcrossClockChanges(t *testing.T) {
	w := newWorld(t)
	for _, change := range []struct {
		from string
		want float64 // hours
	}{{"2027-03-28", 23}, {"2026-10-25", 25}} {
		path := base + "/appointments?practitioner=" + string(w.owner.ID) + "&from=" + change.from
		day := mustJSON[gridsBody](w.site, request{method: "GET", path: path, cookie: w.cookies["owner"]}, 200).Books[0].Days[0]
		if hours := day.To.Sub(day.From).Hours(); hours != change.want {
			t.Errorf("%s has %g hours, want %g", change.from, hours, change.want)
		}
	}
}

// TestChanged: the number grows with what others do, and not by itself.
func TestChanged(t *testing.T) {
	w := newWorld(t)
	ask := func() uint64 {
		t.Helper()
		return mustJSON[changedBody](w.site, request{method: "GET", path: base + "/appointments/changed", cookie: w.cookies["owner"]}, 200).Changed
	}
	before := ask()
	if again := ask(); again != before {
		t.Errorf("%d, then %d, and nothing was done", before, again)
	}
	made := mustJSON[bookedBody](w.site, w.post("/appointments", w.booking("", `"tell":false`), "delegate"), 201)
	after := ask()
	mustJSON[wholeAppointmentBody](w.site, w.post("/appointments/"+string(made.Appointment.ID)+"/arrive", "{}", "delegate"), 200)
	if last := ask(); before >= after || after >= last {
		t.Errorf("%d, booked %d, arrived %d", before, after, last)
	}
}

// TestBookOnBehalf: the record's contact is copied, a repeated request makes nothing more, and the link is there to hand over.
func TestBookOnBehalf(t *testing.T) {
	w := newWorld(t)
	p, err := w.patients.Create(t.Context(), w.owner.ID, patient.Patient{
		FamilyName: "Petit", GivenNames: "Paul", Language: "fr", TimeZone: "Indian/Reunion", Needs: []string{"hearing"}, Contact: consult.Contact{Phone: "+33639980012", Reach: consult.ReachSMS},
	}, false)
	w.check(err)
	send := w.post("/appointments", w.booking(string(p.ID), `"tell":true,"key":"k1","modality":"in-person","note":"Back pain"`), "delegate")
	made := mustJSON[bookedBody](w.site, send, 201)
	one := made.Appointment
	if one.Person.Name != "Paul Petit" || one.Person.Contact.Phone != "+33639980012" || one.Person.TimeZone != "Indian/Reunion" || len(one.Person.Needs) != 1 || one.Patient != p.ID {
		t.Errorf("not what the record says: %+v", one.Person)
	}
	if one.State != booking.StateBooked || one.Modality != booking.ModalityInPerson || one.Note != "Back pain" || !one.Told || one.Wall != "2026-11-25T15:00" {
		t.Errorf("%+v", one)
	}
	if len(one.History) != 1 || one.History[0].Action != booking.ActionBook || one.History[0].ByName != "The delegate" {
		t.Errorf("%+v", one.History)
	}
	link := mustJSON[linkBody](w.site, request{method: "GET", path: base + "/appointments/" + string(one.ID) + "/link", cookie: w.cookies["owner"]}, 200)
	if link.Link != made.Link || !strings.HasPrefix(link.Link, "http://localhost:8080/a/") {
		t.Errorf("%q, and %q", link.Link, made.Link)
	}
	if again := mustJSON[bookedBody](w.site, send, 201); !again.Repeated || again.Appointment.ID != one.ID {
		t.Errorf("again: %+v", again)
	}
	// The same key of somebody else is another request: it finds the time taken.
	theirs := mustJSON[Problem](w.site, w.post("/appointments", w.booking(string(p.ID), `"tell":true,"key":"k1"`), "colleague"), 409)
	if len(theirs.Next) != 3 || !theirs.Next[0].Start.Equal(wednesday(16, 0)) || theirs.Next[0].TimeZone != "Europe/Paris" {
		t.Errorf("the next free times: %+v", theirs)
	}
	// A stranger's patient is nobody.
	if got := mustJSON[Problem](w.site, w.post("/appointments", fmt.Sprintf(`{"service":%q,"practitioner":%q,"start":"2026-11-25T14:00:00Z","patient":%q,"tell":false}`, w.given.ID, w.ids["other"], p.ID), "other"), 404); got.Code != consult.CodeNotFound {
		t.Errorf("%+v", got)
	}
}

func TestBadBookings(t *testing.T) {
	w := newWorld(t)
	service := string(w.given.ID)
	for _, bad := range []struct {
		body string
		want int
	}{
		{`{"tell":true}`, 400},
		{fmt.Sprintf(`{"service":%q,"person":{"name":"Paul"},"tell":true}`, service), 400},
		{fmt.Sprintf(`{"service":%q,"start":"2026-11-25T14:00:00Z","tell":true}`, service), 400},
		{fmt.Sprintf(`{"service":%q,"start":"2026-11-25T14:00:00Z","hold":"x","person":{"name":"Paul"},"tell":true}`, service), 400},
		{fmt.Sprintf(`{"service":%q,"start":"2026-11-25T14:00:00Z","person":{"name":"Paul"}}`, service), 422},
		{`{"hold":"nonsense","person":{"name":"Paul"},"tell":true}`, 404},
		{`{"service":"s_AAAAAAAAAAAAAAAAAAAAAA","start":"2026-11-25T14:00:00Z","person":{"name":"Paul"},"tell":true}`, 404},
		{w.booking("", `"tell":true,"modality":"phone"`), 400},
		{w.booking("", `"tell":true,"overbook":" "`), 400},
		{w.booking("pt_AAAAAAAAAAAAAAAAAAAAAA", `"tell":true`), 404},
		{strings.Replace(w.booking("", `"tell":true`), "2026-11-25", "0001-01-01", 1), 400},
		{strings.Replace(w.booking("", `"tell":true`), "T14:00", "T09:00", 1), 409},
		{strings.Replace(w.booking("", `"tell":true`), "T14:00", "T09:35", 1), 409}, // in the buffer
	} {
		if answer := w.do(w.post("/appointments", bad.body, "owner")); answer.Code != bad.want {
			t.Errorf("%s: %d %s, want %d", bad.body, answer.Code, answer.Body, bad.want)
		}
	}
}

// TestBookAny: somebody who acts for only some of those who give a service books only those; and the loser of a race sees what is next.
func TestBookAny(t *testing.T) {
	w := newWorld(t)
	opens(w.site, w.ids["colleague"])
	body := func(start string) string {
		return fmt.Sprintf(`{"service":%q,"start":%q,"person":{"name":"Paul Petit"},"tell":false}`, w.given.ID, start)
	}
	one := mustJSON[bookedBody](w.site, w.post("/appointments", body("2026-11-25T09:00:00Z"), "owner"), 201)
	if one.Appointment.Practitioner != w.ids["colleague"] {
		t.Errorf("the owner has one already, but it went to %s", one.Appointment.Practitioner)
	}
	problem := mustJSON[Problem](w.site, w.post("/appointments", body("2026-11-25T09:00:00Z"), "delegate"), 409)
	if len(problem.Next) != 3 || problem.Next[0].Practitioner != w.owner.ID {
		t.Errorf("%+v", problem)
	}
	two := mustJSON[bookedBody](w.site, w.post("/appointments", strings.Replace(body("2026-11-25T13:00:00Z"), `"tell"`, `"key":"x","tell"`, 1), "delegate"), 201)
	again := mustJSON[bookedBody](w.site, w.post("/appointments", strings.Replace(body("2026-11-25T13:00:00Z"), `"tell"`, `"key":"x","tell"`, 1), "delegate"), 201)
	if two.Appointment.Practitioner != w.owner.ID || !again.Repeated || again.Appointment.ID != two.Appointment.ID {
		t.Errorf("%+v, then %+v", two, again)
	}
	if got := w.do(w.post("/appointments", body("2026-11-25T13:30:00Z"), "other")); got.Code != 404 {
		t.Errorf("who gives nothing of it: %d", got.Code)
	}
}

// TestOverbook: over others only with a reason, which the history keeps.
func TestOverbook(t *testing.T) {
	w := newWorld(t)
	body := func(more string) string {
		return strings.Replace(w.booking("", `"tell":false`+more), "T14:00", "T09:00", 1)
	}
	mustJSON[Problem](w.site, w.post("/appointments", body(""), "owner"), 409)
	made := mustJSON[bookedBody](w.site, w.post("/appointments", body(`,"overbook":"Urgent"`), "owner"), 201).Appointment
	if !made.Overbooked || made.History[0].Reason != "Urgent" {
		t.Errorf("%+v", made)
	}
}

// TestMoveCancelUndo walks through what a day does to an appointment.
func TestMoveCancelUndo(t *testing.T) {
	w := newWorld(t)
	one := w.agreed
	at := "/appointments/" + string(one.ID)
	step := func(what, body string, want int) wholeAppointmentBody {
		t.Helper()
		answer := w.post(at+what, body, "delegate")
		if want != 200 {
			mustJSON[Problem](w.site, answer, want)
			return wholeAppointmentBody{}
		}
		return mustJSON[wholeAppointmentBody](w.site, answer, want)
	}
	last := func(a wholeAppointmentBody) changeBody { return a.History[len(a.History)-1] }

	step("/move", `{"tell":true}`, 400)
	step("/move", fmt.Sprintf(`{"tell":true,"start":"2026-11-25T10:00:00Z","practitioner":%q}`, w.ids["colleague"]), 404) // not theirs to fill
	moved := step("/move", `{"tell":true,"start":"2026-11-25T10:00:00Z"}`, 200)
	if was := last(moved); was.Action != booking.ActionMove || !was.Was.Equal(wednesday(10, 0)) || !moved.Start.Equal(wednesday(11, 0)) || !moved.Told {
		t.Errorf("%+v", moved)
	}
	quiet := step("/move", `{"tell":false,"start":"2026-11-25T10:10:00Z"}`, 200)
	if !quiet.Told {
		t.Error("what waited to be told is not true any more, and nothing came in its place")
	}
	here := step("/arrive", `{}`, 200)
	if here.State != booking.StateArrived || !here.CanUndo {
		t.Errorf("%+v", here)
	}
	step("/absent", `{"who":"practitioner"}`, 200)
	gone := step("/absent", `{"who":"patient"}`, 200) // corrected in one tap
	if gone.State != booking.StateNoShow || gone.Absent != booking.AbsentPatient || last(gone).Who != booking.AbsentPatient {
		t.Errorf("%+v", gone)
	}
	undo := func(a wholeAppointmentBody, want int) wholeAppointmentBody {
		t.Helper()
		w.clock.Forward(time.Second) // a change at the same instant cannot be told apart
		return step("/undo", fmt.Sprintf(`{"changed_at":%q}`, a.ChangedAt.Format(time.RFC3339Nano)), want)
	}
	back := undo(gone, 200)
	if back.State != booking.StateNoShow || back.Absent != booking.AbsentPractitioner {
		t.Errorf("%+v", back)
	}
	undo(gone, 409) // a second tap on what was seen takes nothing more back
	back = undo(back, 200)
	if back.State != booking.StateArrived || back.Absent != "" || back.ArrivedAt == nil {
		t.Errorf("%+v", back)
	}
	back = undo(back, 200)
	if back.State != booking.StateBooked || back.ArrivedAt != nil || back.CanUndo {
		t.Errorf("%+v", back)
	}
	undo(back, 409)
	opened := step("/open-now", `{}`, 200)
	if opened.Consultation == "" {
		t.Errorf("%+v", opened)
	}
	cancelled := step("/cancel", `{"tell":true,"reason":"ill"}`, 200)
	if again := step("/cancel", `{"tell":true}`, 200); cancelled.State != booking.StateCancelled || last(cancelled).Reason != "ill" || len(again.History) != len(cancelled.History) {
		t.Errorf("%+v, then %+v", cancelled, again)
	}
	step("/arrive", `{}`, 409)
	if wrong := step("/mistake", `{}`, 200); wrong.State != booking.StateInError {
		t.Errorf("%+v", wrong)
	}
}

// TestUndoPlansRemindersAnew: what was cancelled with the arrival is to come again.
func TestUndoPlansRemindersAnew(t *testing.T) {
	w := newWorld(t)
	one := w.agreed
	count := func() int {
		a, err := w.book.Appointment(one.ID)
		w.check(err)
		return len(a.Reminders)
	}
	before := count()
	here, err := w.book.Act(one.ID, booking.ActionArrive, booking.Actor{Kind: booking.ByPractice, Account: w.owner.ID})
	w.check(err)
	if before == 0 || count() != 0 {
		t.Fatalf("%d reminders, then %d", before, count())
	}
	if _, err := w.book.Undo(one.ID, here.ChangedAt, booking.Actor{Kind: booking.ByPractice, Account: w.owner.ID}); err != nil || count() != before {
		t.Errorf("%v, %d reminders, want %d", err, count(), before)
	}
}

// TestSeries: each date is booked or not by itself, and says so.
func TestSeries(t *testing.T) {
	w := newWorld(t)
	_, err := w.book.Book(booking.Request{
		By: booking.Actor{Kind: booking.ByPractice, Account: w.owner.ID}, Service: w.given.ID, Practitioner: w.owner.ID, Start: wednesday(15, 0).AddDate(0, 0, 7), Person: booking.Person{Name: "Somebody"},
	})
	w.check(err)
	made := mustJSON[seriesMadeBody](w.site, w.post("/appointments/series", w.booking("", `"tell":false,"every_weeks":1,"count":3`), "owner"), 201)
	if made.Booked != 2 || len(made.Dates) != 3 || made.Dates[1].Appointment != nil || made.Dates[1].Code != consult.CodeConflict || len(made.Dates[1].Next) == 0 || made.Dates[2].Appointment.Series == "" {
		t.Errorf("%+v", made)
	}
	if secret := strings.TrimPrefix(made.Link, w.base+"/a/"); secret == made.Link {
		t.Error("its link:", made.Link)
	} else if first, err := w.book.Find(secret); err != nil || first.ID != made.Dates[0].Appointment.ID {
		t.Error("its link leads to", first.ID, err)
	}
	for body, want := range map[string]int{
		w.booking("", `"tell":false,"every_weeks":1,"count":1`):                    422,
		w.booking("", `"tell":false,"every_weeks":0,"count":2`):                    422,
		w.booking("", `"tell":false,"every_weeks":1,"count":2,"modality":"phone"`): 400,
	} {
		if got := w.do(w.post("/appointments/series", body, "owner")); got.Code != want {
			t.Errorf("%s: %d %s, want %d", body, got.Code, got.Body, want)
		}
	}
}

// TestCancelFollowing: an appointment says where it stands in its series; the rest goes, what cannot be cancelled is named, and of
// practitioners for whom one does not act nothing is said nor done.
func TestCancelFollowing(t *testing.T) {
	w := newWorld(t)
	path := func(i int) string { return "/appointments/" + string(w.series[i].ID) }
	look := func(who string, i int) *inSeriesBody {
		t.Helper()
		return mustJSON[wholeAppointmentBody](w.site, request{method: "GET", path: base + path(i), cookie: w.cookies[who]}, 200).InSeries
	}
	if got := look("delegate", 1); got == nil || got.Number != 2 || got.Of != 3 || len(got.Dates) != 3 || got.Dates[1].ID != w.series[1].ID || !got.Dates[2].Start.Equal(w.series[2].Start) || got.Elsewhere != 0 {
		t.Fatalf("%+v", got)
	}
	if alone := mustJSON[wholeAppointmentBody](w.site, request{method: "GET", path: base + "/appointments/" + string(w.agreed.ID), cookie: w.cookies["owner"]}, 200); alone.InSeries != nil {
		t.Errorf("%+v", alone.InSeries)
	}
	// The last goes to a colleague, for whom the delegate does not act.
	opens(w.site, w.ids["colleague"])
	owner := booking.Actor{Kind: booking.ByPractice, Account: w.owner.ID}
	_, err := w.book.Move(w.series[2].ID, booking.MoveRequest{By: owner, Practitioner: w.ids["colleague"], Start: w.series[2].Start, Quiet: true})
	w.check(err)
	if got := look("delegate", 0); got.Of != 3 || len(got.Dates) != 2 || got.Elsewhere != 1 {
		t.Errorf("%+v", got)
	}
	for _, action := range []booking.Action{booking.ActionArrive, booking.ActionBegin} {
		_, err := w.book.Act(w.series[1].ID, action, owner)
		w.check(err)
	}
	cancel := func(who string, want int) cancelledFollowingBody {
		t.Helper()
		return mustJSON[cancelledFollowingBody](w.site, w.post(path(0)+"/cancel-following", `{"tell":true,"reason":"ill"}`, who), want)
	}
	got := cancel("delegate", 200)
	if len(got.Cancelled) != 1 || got.Cancelled[0].ID != w.series[0].ID || got.Cancelled[0].State != booking.StateCancelled {
		t.Errorf("%+v", got.Cancelled)
	}
	if len(got.Kept) != 1 || got.Kept[0].ID != w.series[1].ID || got.Kept[0].Code != consult.CodeConflict || got.Kept[0].State != booking.StateInVisit {
		t.Errorf("%+v", got.Kept)
	}
	if got := look("owner", 2); got.Number != 3 || got.Of != 3 || got.Dates[2].State != booking.StateBooked {
		t.Errorf("%+v", got)
	}
	if again := cancel("delegate", 200); len(again.Cancelled) != 0 || len(again.Kept) != 1 {
		t.Errorf("again: %+v", again)
	}
	if all := cancel("owner", 200); len(all.Cancelled) != 1 || all.Cancelled[0].ID != w.series[2].ID {
		t.Errorf("by who acts for both: %+v", all)
	}
	mustJSON[Problem](w.site, w.post("/appointments/"+string(w.agreed.ID)+"/cancel-following", `{"tell":true}`, "owner"), 400)
}

// TestMoveFollowing: the rest of a series moves together, or none of it with a list of why; nothing of practitioners for whom one does not act.
func TestMoveFollowing(t *testing.T) {
	w := newWorld(t)
	at := "/appointments/" + string(w.series[0].ID) + "/move-following"
	// 10:00 in Paris is 09:00Z; in the way of the second date, at 11:00, is somebody else.
	other, err := w.book.Book(w.visit(w.series[1].Start.Add(time.Hour), booking.ModalityVideo))
	w.check(err)
	refused := mustJSON[Problem](w.site, w.post(at, `{"start":"2026-12-11T10:00:00Z","tell":true}`, "delegate"), 409)
	if refused.Code != consult.CodeConflict || refused.Field != "start" || len(refused.Dates) != 1 || refused.Dates[0].ID != w.series[1].ID || refused.Dates[0].Wall != "2026-12-18T11:00" || refused.Dates[0].Skipped {
		t.Errorf("%+v", refused)
	}
	opens(w.site, w.ids["colleague"])
	owner := booking.Actor{Kind: booking.ByPractice, Account: w.owner.ID}
	_, err = w.book.Cancel(other.Appointment.ID, booking.CancelRequest{By: owner, Quiet: true})
	w.check(err)
	_, err = w.book.Move(w.series[2].ID, booking.MoveRequest{By: owner, Practitioner: w.ids["colleague"], Start: w.series[2].Start, Quiet: true})
	w.check(err)
	moved := mustJSON[movedFollowingBody](w.site, w.post(at, `{"start":"2026-12-11T10:00:00Z","tell":true}`, "delegate"), 200)
	if len(moved.Moved) != 2 || len(moved.Kept) != 0 || !moved.Moved[1].Start.Equal(w.series[1].Start.Add(time.Hour)) {
		t.Errorf("%+v", moved)
	}
	if stays, err := w.book.Appointment(w.series[2].ID); err != nil || !stays.Start.Equal(w.series[2].Start) {
		t.Errorf("%+v %v", stays, err)
	}
	mustJSON[Problem](w.site, w.post(at, `{"tell":true}`, "owner"), 422)
	mustJSON[Problem](w.site, w.post("/appointments/"+string(w.agreed.ID)+"/move-following", `{"start":"2026-12-11T10:00:00Z","tell":true}`, "owner"), 400)
}

// TestNobodyIsToldWithoutAWay: booking tells the truth when nothing can be sent.
func TestNobodyIsToldWithoutAWay(t *testing.T) {
	s := newSiteWith(t, "http://localhost:8080", notify.DefaultConfig())
	who, cookie := s.practitioner("Dr Mine")
	service := offered(s, who.ID)
	body := fmt.Sprintf(`{"service":%q,"start":"2026-11-25T14:00:00Z","person":{"name":"Paul","contact":{"phone":"06 39 98 00 11"}},"tell":true}`, service.ID)
	made := mustJSON[bookedBody](s, request{method: "POST", path: base + "/appointments", body: body, cookie: cookie}, 201)
	if made.Appointment.Told || made.Link == "" {
		t.Errorf("%+v", made)
	}
}

// gave puts a document into the folder of the first visit, and returns where it is opened.
func (w *world) gave(question string) string {
	w.t.Helper()
	one := w.visits[1]
	given, err := w.documents.Give(one.FolderOf(), document.Gift{For: question, Name: "Lettre – lettre.pdf", Most: 1 << 20, Until: w.clock.Now().Add(time.Hour)}, strings.NewReader("%PDF-1.7\n a letter"))
	w.check(err)
	_, err = w.book.Attach(one.ID, question, given.ID)
	w.check(err)
	w.check(w.documents.Checked(w.t.Context(), one.FolderOf()))
	return "/appointments/" + string(one.ID) + "/files/" + string(given.ID) + "/open"
}

// TestAnswers: the practice reads questions and choices in its own language, and opens what the patient gave. Nobody else does.
func TestAnswers(t *testing.T) {
	w := newWorld(t)
	service := w.given
	service.Questions = []booking.Question{
		{ID: "q-letter", Label: map[string]string{"fr": "Lettre", "en": "Letter"}, Kind: booking.QuestionFile, Required: true},
		{ID: "q-side", Label: map[string]string{"fr": "Quel côté ?"}, Kind: booking.QuestionChoice, Choices: []booking.Choice{{Value: "g", Label: map[string]string{"fr": "Gauche", "en": "Left"}}, {Value: "d"}}},
	}
	w.check(w.book.SetService(service))
	open := base + w.letter
	booked, err := w.book.Book(booking.Request{
		By: booking.Actor{Kind: booking.ByPatient}, Service: service.ID, Practitioner: w.owner.ID, Answers: map[string]string{"q-side": "g", "q-letter": string(consult.NewDocumentID())},
		Person: booking.Person{Name: "Paul Petit", Contact: consult.Contact{Phone: "+33639980011", Reach: consult.ReachSMS}},
	})
	w.check(err)
	asked := mustJSON[appointmentRequestsBody](w.site, request{method: "GET", path: base + "/appointment-requests", cookie: w.cookies["delegate"]}, 200)
	i := slices.IndexFunc(asked.Requests, func(r appointmentRequestBody) bool { return r.ID == booked.Appointment.ID })
	if i < 0 || len(asked.Requests[i].Answers) != 2 || asked.Requests[i].Answers[1].Choice["en"] != "Left" || asked.Requests[i].Answers[0].File != nil {
		t.Fatalf("%+v", asked.Requests)
	}
	whole := mustJSON[wholeAppointmentBody](w.site, request{method: "GET", path: base + "/appointments/" + string(w.visits[1].ID), cookie: w.cookies["delegate"]}, 200)
	if len(whole.Answers) != 1 || whole.Answers[0].Question["en"] != "Letter" || whole.Answers[0].File == nil || whole.Answers[0].File.Name != "Lettre – lettre.pdf" || whole.Answers[0].File.State != document.StateReady {
		t.Fatalf("%+v", whole.Answers)
	}
	opened := mustJSON[openedBody](w.site, request{method: "POST", path: open, cookie: w.cookies["delegate"]}, 200)
	content := w.do(request{method: "GET", path: opened.URL})
	if content.Code != 200 || content.Body.String() != "%PDF-1.7\n a letter" || content.Header().Get("Content-Type") != "application/pdf" {
		t.Error(content.Code, content.Body)
	}
	if other := w.do(request{method: "POST", path: strings.Replace(open, string(w.visits[1].ID), string(w.visits[0].ID), 1), cookie: w.cookies["owner"]}); other.Code != 404 {
		t.Error(other.Code, other.Body)
	}
	service.Questions = nil
	w.check(w.book.SetService(service))
	whole = mustJSON[wholeAppointmentBody](w.site, request{method: "GET", path: base + "/appointments/" + string(w.visits[1].ID), cookie: w.cookies["delegate"]}, 200)
	if len(whole.Answers) != 1 || len(whole.Answers[0].Question) != 0 || whole.Answers[0].File == nil || whole.Answers[0].Kind != booking.QuestionFile {
		t.Errorf("%+v", whole.Answers)
	}
}
