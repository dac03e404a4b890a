package api

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
)

// wanted is what patients asked the practice for.
type wanted struct {
	service booking.ServiceID
	own     booking.AppointmentID // of the owner, next Tuesday at 9
	any     booking.AppointmentID // to be called back, by whomsoever
	waits   booking.WaitID        // for the owner
	past    booking.AppointmentID // an hour ago, nobody said what became of it
}

// want puts a service that owner and other give into the book, and what patients asked for.
func (w *world) want() {
	w.t.Helper()
	var hours []booking.Rule
	for day := time.Sunday; day <= time.Saturday; day++ {
		hours = append(hours, booking.Rule{Weekday: day, Hours: booking.Hours{From: 8 * 60, To: 18 * 60}})
	}
	for _, who := range []string{"owner", "other"} {
		w.check(w.book.SetSchedule(booking.Schedule{Practitioner: w.ids[who], Name: "The " + who, TimeZone: "Europe/Paris", Weekly: hours}))
	}
	service := booking.Service{
		ID: booking.NewServiceID(), Label: map[string]string{"fr": "Suivi", "en": "Follow-up"}, Duration: 30 * time.Minute, Horizon: 60, Approval: true,
		Modalities: []booking.Modality{booking.ModalityInPerson}, Practitioners: []consult.AccountID{w.ids["owner"], w.ids["other"]},
		Questions: []booking.Question{{ID: "first", Label: map[string]string{"fr": "Première fois ?"}, Kind: booking.QuestionYesNo}},
	}
	w.check(w.book.SetService(service))
	w.wanted.service = service.ID
	person := booking.Person{Name: "Jeanne Martin", Contact: consult.Contact{Phone: "+33639980010"}}
	patient := booking.Actor{Kind: booking.ByPatient}
	make := func(r booking.Request) booking.AppointmentID {
		r.Service, r.Person = service.ID, person
		made, err := w.book.Book(r)
		w.check(err)
		return made.Appointment.ID
	}
	w.wanted.own = make(booking.Request{By: patient, Practitioner: w.ids["owner"], Start: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC), Answers: map[string]string{"first": "yes"}})
	w.clock.Forward(time.Nanosecond) // the next is the younger one
	w.wanted.any = make(booking.Request{By: patient, Note: "Plutôt le matin"})
	w.wanted.past = make(booking.Request{By: booking.Actor{Kind: booking.ByPractice}, Practitioner: w.ids["owner"], Start: w.clock.Now().Add(-time.Hour), Quiet: true})
	waits, err := w.book.Wait(booking.WaitRequest{Service: service.ID, Practitioner: w.ids["owner"], From: w.clock.Now(), To: w.clock.Now().Add(240 * time.Hour), Person: person})
	w.check(err)
	w.wanted.waits = waits.ID
}

func requestTrials() map[string]trial {
	own := func(more string) func(*world) string {
		return func(w *world) string { return "/appointment-requests/" + string(w.wanted.own) + more }
	}
	at := func(path string) func(*world) string {
		return func(w *world) string { return path + "practitioner=" + string(w.owner.ID) }
	}
	return map[string]trial{
		"appointment-requests":        {},
		"count-appointment-requests":  {},
		"appointment-request-times":   {path: own("/times"), theirs: true},
		"approve-appointment-request": {path: own("/approve"), theirs: true},
		"refuse-appointment-request":  {path: own("/refuse"), body: func(*world) string { return `{"reason":"no time"}` }, theirs: true},
		"import-appointments":         {path: at("/appointments/import?"), body: func(*world) string { return "date;heure;nom\n2026-11-30;9:00;Petit\n" }, header: map[string]string{"Content-Type": "text/csv"}, theirs: true},
		"import-rules":                {path: at("/appointments/import-rules?"), body: func(*world) string { return `{"colloque_book":1,"services":[],"rooms":[]}` }, header: map[string]string{"Content-Type": "text/plain"}, theirs: true},
		"export-book":                 {path: at("/appointments/export?"), theirs: true},
		"import-progress":             {path: at("/appointments/import?"), theirs: true},
		"wish-book-mail":              {body: func(*world) string { return `{"wished":true}` }},
		"unsaid-appointments":         {path: at("/appointments/unsaid?"), theirs: true},
		"appointment-figures":         {path: at("/figures/appointments?from=2026-11&to=2026-11&"), theirs: true},
	}
}

// TestWhoSeesRequests: of one's own practitioners, and of any.
func TestWhoSeesRequests(t *testing.T) {
	w := newWorld(t)
	for who, want := range map[string]int{"owner": 2, "delegate": 2, "colleague": 2, "secretary": 0, "other": 1} {
		seen := mustJSON[appointmentRequestsBody](w.site, request{method: "GET", path: "/api/v1/appointment-requests", cookie: w.cookies[who]}, 200)
		count := mustJSON[countBody](w.site, request{method: "GET", path: "/api/v1/appointment-requests/count", cookie: w.cookies[who]}, 200)
		if len(seen.Requests) != want || count.Requests != want {
			t.Errorf("%s sees %d, counts %d, want %d", who, len(seen.Requests), count.Requests, want)
		}
		waiting := mustJSON[waitListBody](w.site, request{method: "GET", path: "/api/v1/wait-list?service=" + string(w.wanted.service), cookie: w.cookies[who]}, 200)
		if len(waiting.Waiting) != max(0, want-1) {
			t.Errorf("%s sees %d who wait", who, len(waiting.Waiting))
		}
	}
	seen := mustJSON[appointmentRequestsBody](w.site, request{method: "GET", path: "/api/v1/appointment-requests", cookie: w.cookies["owner"]}, 200)
	first, second := seen.Requests[0], seen.Requests[1]
	if first.ID != w.wanted.own || first.Label["fr"] != "Suivi" || first.DurationMinutes != 30 || first.TimeZone != "Europe/Paris" || first.Start == nil ||
		len(first.Answers) != 1 || first.Answers[0].Answer != "yes" || first.Person.Contact.Phone != "+33639980010" {
		t.Errorf("%+v", first)
	}
	if second.ID != w.wanted.any || second.Start != nil || second.Note != "Plutôt le matin" || len(second.Practitioners) != 1 {
		t.Errorf("%+v", second)
	}
	if strings.Contains(w.log.String(), "artin") || strings.Contains(w.log.String(), "matin") {
		t.Error("the log says who asks, or what")
	}
}

// TestRequestsOfOthersServices: what is asked of any practitioner is for those who give the service, and for everybody who has a book when
// nobody gives it any more.
func TestRequestsOfOthersServices(t *testing.T) {
	w := newWorld(t)
	service, err := w.book.Service(w.wanted.service)
	w.check(err)
	service.Practitioners = []consult.AccountID{w.ids["owner"]}
	w.check(w.book.SetService(service))
	waits, err := w.book.Wait(booking.WaitRequest{Service: service.ID, From: w.clock.Now(), To: w.clock.Now().Add(time.Hour), Person: booking.Person{Name: "Paul", Contact: consult.Contact{Mail: "paul@example.org"}}})
	w.check(err)
	sees := func(who string) (requests, waiting int) {
		all := mustJSON[appointmentRequestsBody](w.site, request{method: "GET", path: "/api/v1/appointment-requests", cookie: w.cookies[who]}, 200)
		list := mustJSON[waitListBody](w.site, request{method: "GET", path: "/api/v1/wait-list", cookie: w.cookies[who]}, 200)
		return len(all.Requests), len(list.Waiting)
	}
	for who, want := range map[string][2]int{"owner": {2, 2}, "delegate": {2, 2}, "other": {0, 0}} {
		if requests, waiting := sees(who); [2]int{requests, waiting} != want {
			t.Errorf("%s sees %d and %d, want %v", who, requests, waiting, want)
		}
	}
	refuse := "/api/v1/appointment-requests/" + string(w.wanted.any) + "/refuse"
	mustJSON[Problem](w.site, request{method: "POST", path: refuse, body: "{}", cookie: w.cookies["other"]}, 404)
	mustJSON[Problem](w.site, request{method: "DELETE", path: "/api/v1/wait-list/" + string(waits.ID), cookie: w.cookies["other"]}, 404)
	w.check(w.book.DeleteService(service.ID))
	if requests, _ := sees("other"); requests != 1 {
		t.Errorf("of a service that is gone they see %d", requests)
	}
}

// TestAnswerRequests: as asked, at another time, no, and answered otherwise.
func TestAnswerRequests(t *testing.T) {
	w := newWorld(t)
	post := func(who string, id booking.AppointmentID, answer, body string) request {
		return request{method: "POST", path: "/api/v1/appointment-requests/" + string(id) + "/" + answer, body: body, cookie: w.cookies[who]}
	}
	yes := mustJSON[answeredBody](w.site, post("delegate", w.wanted.own, "approve", "{}"), 200)
	if yes.State != booking.StateBooked || !yes.Start.Equal(time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)) || !yes.Told {
		t.Errorf("%+v", yes)
	}
	if again := mustJSON[Problem](w.site, post("owner", w.wanted.own, "approve", "{}"), 409); again.Code != consult.CodeConflict {
		t.Errorf("%+v", again)
	}
	if late := mustJSON[Problem](w.site, post("owner", w.wanted.own, "refuse", `{"quiet":true}`), 409); late.Code != consult.CodeConflict {
		t.Errorf("an agreed appointment refused: %+v", late)
	}
	// Who is to be called back is offered a time: of those that are free.
	times := mustJSON[requestTimesBody](w.site, request{method: "GET", path: "/api/v1/appointment-requests/" + string(w.wanted.any) + "/times?from=2026-11-24", cookie: w.cookies["owner"]}, 200)
	if len(times.Times) != 60 || times.Times[0].Start.Format(time.RFC3339) != "2026-11-24T07:00:00Z" || times.Times[0].Practitioner != w.ids["owner"] || times.Times[0].PractitionerName != "The owner" {
		t.Fatalf("%d: %+v", len(times.Times), times.Times[0])
	}
	for _, one := range times.Times {
		if one.Start.Equal(*yes.Start) {
			t.Error("a time that is taken is offered")
		}
	}
	for body, want := range map[string]int{
		`{}`:                               409, // it has no time
		`{"start":"2026-11-21T08:00:00Z"}`: 400,
		`{"start":"2026-11-24T08:00:00Z"}`: 409, // taken
		`{"start":"2026-11-24T08:00:00Z","overbook":"` + strings.Repeat("x", 501) + `"}`:  422,
		fmt.Sprintf(`{"start":"2026-11-25T08:00:00Z","practitioner":%q}`, w.ids["other"]): 404,
	} {
		if got := w.do(post("owner", w.wanted.any, "approve", body)); got.Code != want {
			t.Errorf("%s: %d %s", body, got.Code, got.Body)
		}
	}
	if taken := mustJSON[Problem](w.site, post("owner", w.wanted.any, "approve", `{"start":"2026-11-24T08:00:00Z"}`), 409); taken.Field != "start" || len(taken.Next) != 3 {
		t.Errorf("no other times: %+v", taken)
	}
	offered := mustJSON[answeredBody](w.site, post("owner", w.wanted.any, "approve", `{"start":"2026-11-25T08:00:00Z"}`), 200)
	if offered.State != booking.StateBooked || offered.Practitioner != w.ids["owner"] || offered.TimeZone != "Europe/Paris" {
		t.Errorf("%+v", offered)
	}
	if hidden := w.do(post("other", w.wanted.any, "refuse", "{}")); hidden.Code != 404 {
		t.Errorf("what has become somebody's: %d", hidden.Code)
	}
	w2 := newWorld(t)
	w = w2
	no := mustJSON[answeredBody](w.site, post("owner", w.wanted.own, "refuse", `{"reason":"closed that day"}`), 200)
	if no.State != booking.StateRefused || !no.Told {
		t.Errorf("%+v", no)
	}
	called := mustJSON[answeredBody](w.site, post("delegate", w.wanted.any, "refuse", `{"reason":"by phone","quiet":true}`), 200)
	if called.State != booking.StateCancelled || called.Told {
		t.Errorf("%+v", called)
	}
}

// TestAnswerOverAnother: the practice may give a time that somebody has, knowingly, with a reason that the history keeps.
func TestAnswerOverAnother(t *testing.T) {
	w := newWorld(t)
	post := func(id booking.AppointmentID, body string) request {
		return request{method: "POST", path: "/api/v1/appointment-requests/" + string(id) + "/approve", body: body, cookie: w.cookies["delegate"]}
	}
	const at = `{"start":"2026-11-24T08:10:00Z","overbook":`
	if empty := w.do(post(w.wanted.any, at+`" "}`)); empty.Code != 409 {
		t.Errorf("an empty reason: %d %s", empty.Code, empty.Body)
	}
	over := mustJSON[answeredBody](w.site, post(w.wanted.any, fmt.Sprintf(at+`"urgent","practitioner":%q}`, w.ids["owner"])), 200)
	if over.State != booking.StateBooked || !over.Told {
		t.Errorf("%+v", over)
	}
	one := mustJSON[wholeAppointmentBody](w.site, request{method: "GET", path: "/api/v1/appointments/" + string(over.ID), cookie: w.cookies["owner"]}, 200)
	if last := one.History[len(one.History)-1]; !one.Overbooked || last.Action != booking.ActionApprove || last.Reason != "urgent" {
		t.Errorf("%v %+v", one.Overbooked, last)
	}
	// The one that it was put over stays, and is agreed at its own time.
	if yes := mustJSON[answeredBody](w.site, post(w.wanted.own, "{}"), 200); yes.State != booking.StateBooked {
		t.Errorf("%+v", yes)
	}
}

// TestFigures: from a request to what became of it, by month and service; what was only asked for counts nowhere.
func TestFigures(t *testing.T) {
	w := newWorld(t)
	unsaid := func() unsaidListBody {
		return mustJSON[unsaidListBody](w.site, request{method: "GET", path: "/api/v1/appointments/unsaid", cookie: w.cookies["delegate"]}, 200)
	}
	if list := unsaid(); len(list.Appointments) != 0 {
		t.Errorf("over when it was written down: %+v", list)
	}
	_, err := w.book.Approve(w.wanted.own, booking.ApproveRequest{By: booking.Actor{Kind: booking.ByPractice}})
	w.check(err)
	w.clock.Set(time.Date(2026, 11, 24, 9, 0, 0, 0, time.UTC))
	list := unsaid()
	if len(list.Appointments) != 1 || list.Appointments[0].Proposal != "" || list.Appointments[0].ID != w.wanted.own {
		t.Fatalf("%+v", list)
	}
	figures := func() string {
		answer := mustJSON[figuresBody](w.site, request{method: "GET", path: "/api/v1/figures/appointments?from=2026-10&to=2026-12", cookie: w.cookies["owner"]}, 200)
		text, err := json.Marshal(answer)
		w.check(err)
		return string(text)
	}
	if got := figures(); !strings.Contains(got, `"month":"2026-11"`) || !strings.Contains(got, `"booked":2,"fulfilled":0`) || !strings.Contains(got, `"unsaid":2`) {
		t.Error(got)
	}
	_, err = w.book.Absent(w.wanted.own, booking.AbsentPatient, booking.Actor{Kind: booking.ByPractice})
	w.check(err)
	if list := unsaid(); len(list.Appointments) != 0 {
		t.Errorf("%+v", list)
	}
	if got := figures(); !strings.Contains(got, `"no_show_patient":1`) || !strings.Contains(got, `"unsaid":1`) {
		t.Error(got)
	}
	for _, months := range []string{"from=2026-13&to=2026-12", "from=2026-12&to=2026-11", "from=2020-01&to=2026-11", "from=2026-11", "from=a&to=b"} {
		if got := w.do(request{method: "GET", path: "/api/v1/figures/appointments?" + months, cookie: w.cookies["owner"]}); got.Code != 400 && got.Code != 422 {
			t.Errorf("%s: %d", months, got.Code)
		}
	}
}

// TestImportAppointments: a dry run says what would be, and changes nothing; then it is; a secretary does it for whom they act.
func TestImportAppointments(t *testing.T) {
	w := newWorld(t)
	send := func(who, query, kind, body string) request {
		return request{method: "POST", path: "/api/v1/appointments/import?practitioner=" + string(w.owner.ID) + query, body: body, cookie: w.cookies[who], header: map[string]string{"Content-Type": kind}}
	}
	table := "Date;Heure;Nom;Prénom;DDN;Motif;Salle\n30/11/2026;9:00;Martin;Jeanne;09/03/1948;Suivi;1\n24/11/2026;9:10;Petit;Paul;;Suivi;1\n24/11/2026;;X;;;;\n"
	before, sent := w.store.Revision(), w.log.String()
	dry := mustJSON[takenOverBody](w.site, send("delegate", "&dry_run=true", "text/csv", table), 200)
	if w.store.Revision() != before {
		t.Error("a dry run changed something")
	}
	if dry.New != 1 || dry.LeftOut != 2 || len(dry.Unknown) != 1 || dry.Rows[0].Patient != "found" || dry.Rows[1].Reason != "taken" || dry.Rows[2].Reason != "time" || dry.Zone != "Europe/Paris" {
		t.Errorf("%+v", dry)
	}
	if done := mustJSON[takenOverBody](w.site, send("delegate", "&overbook=true", "text/csv; charset=utf-8", table), 200); done.New != 2 || done.Rows[1].Outcome != "overbooked" {
		t.Errorf("%+v", done)
	}
	if again := mustJSON[takenOverBody](w.site, send("owner", "", "text/csv", table), 200); again.Known != 2 || again.New != 0 {
		t.Errorf("%+v", again)
	}
	calendar := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20261101T000000Z\r\nDTSTART:20261201T090000\r\nDURATION:PT30M\r\nSUMMARY:Jeanne Martin\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
	if done := mustJSON[takenOverBody](w.site, send("owner", "&service="+string(w.wanted.service), "text/calendar", calendar), 200); done.New != 1 || done.Rows[0].Start.Format(time.RFC3339) != "2026-12-01T08:00:00Z" {
		t.Errorf("%+v", done)
	}
	if again := mustJSON[takenOverBody](w.site, send("owner", "", "text/calendar", table), 200); again.Known != 2 { // whatever the file is called
		t.Errorf("%+v", again)
	}
	for body, code := range map[string]string{"a;b\n1;2\n": "bad-message", "PK\x03\x04xl/": "spreadsheet", "PK\x03\x04a.ics": "archive"} {
		if answer := w.do(send("owner", "", "text/csv", body)); answer.Code != 400 || !strings.Contains(answer.Body.String(), `"`+code+`"`) {
			t.Errorf("%q: %d %s", body, answer.Code, answer.Body)
		}
	}
	if answer := w.do(send("other", "", "text/csv", table)); answer.Code != 404 {
		t.Errorf("somebody else's book: %d", answer.Code)
	}
	if said := strings.TrimPrefix(w.log.String(), sent); strings.Contains(said, "artin") || strings.Contains(said, "etit") {
		t.Errorf("the log says who: %s", said)
	}
}

// TestImportProgress: who waits for a large file sees how far it is; before and after there is nothing to see.
func TestImportProgress(t *testing.T) {
	w := newWorld(t)
	at := "/api/v1/appointments/import?practitioner=" + string(w.owner.ID)
	look := request{method: "GET", path: at, cookie: w.cookies["delegate"]}
	if far := mustJSON[takingOverBody](w.site, look, 200); far.Of != 0 {
		t.Errorf("%+v", far)
	}
	const rows = 1500
	var table strings.Builder
	table.WriteString("Date;Heure;Durée;Nom;DDN;Motif\n")
	for i := range rows {
		fmt.Fprintf(&table, "%s;%d:%02d;10;Nom%d;09/03/1948;Suivi\n", time.Date(2027, 1, 4+i/48, 0, 0, 0, 0, time.UTC).Format("02/01/2006"), 8+i%48/6, i%6*10, i)
	}
	done := make(chan takenOverBody)
	go func() {
		done <- mustJSON[takenOverBody](w.site, request{method: "POST", path: at + "&create_patients=true", body: table.String(), cookie: w.cookies["owner"], header: map[string]string{"Content-Type": "text/csv"}}, 200)
	}()
	seen := map[int]bool{}
	for {
		select {
		case all := <-done:
			if all.New != rows || all.Created != rows || len(seen) < 2 {
				t.Errorf("%d new, %d patients, seen on the way: %v", all.New, all.Created, seen)
			}
			if far := mustJSON[takingOverBody](w.site, look, 200); far.Of != 0 {
				t.Errorf("%+v", far)
			}
			return
		default:
			if far := mustJSON[takingOverBody](w.site, look, 200); far.Of != 0 {
				if seen[far.Rows] = true; far.Of != rows || far.Rows > rows {
					t.Fatalf("%+v", far)
				}
			}
		}
	}
}
