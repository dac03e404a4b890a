package api

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
)

func serviceTrials() map[string]trial {
	const video = `"label":{"fr":"Consultation vidéo"},"duration_minutes":20,"horizon_days":60,"modalities":["video"]`
	own := func(w *world) string { return `"practitioners":["` + string(w.owner.ID) + `"]` }
	return map[string]trial{
		"services": {},
		"create-service": {body: func(w *world) string {
			return `{` + video + `,` + own(w) + `,"questions":[{"id":"first","label":{"fr":"Première fois ?"},"kind":"yes-no","required":true}],"reminders_minutes":[1440,60]}`
		}},
		"change-service": {path: func(w *world) string { return "/services/" + string(w.offered().ID) }, body: func(w *world) string {
			return fmt.Sprintf(`{"revision":%d,%s,%s}`, w.offered().Revision, video, own(w))
		}},
		"delete-service": {path: func(w *world) string { return "/services/" + string(w.offered().ID) }},
		"rooms":          {},
		"create-room":    {body: func(*world) string { return `{"name":"Cabinet 2"}` }},
		"change-room": {path: func(w *world) string { return "/rooms/" + string(w.room().ID) }, body: func(w *world) string {
			return fmt.Sprintf(`{"revision":%d,"name":"Cabinet bleu"}`, w.room().Revision)
		}},
		"delete-room": {path: func(w *world) string { return "/rooms/" + string(w.room().ID) }},
	}
}

func scheduleTrials() map[string]trial {
	own := func(w *world) string { return "/schedules/" + string(w.owner.ID) }
	return map[string]trial{
		"schedule": {path: own, theirs: true},
		"set-schedule": {path: own, theirs: true, body: func(w *world) string {
			return fmt.Sprintf(`{"revision":%d,"name":"Dr Claire Moreau","time_zone":"Europe/Paris","holidays":"fr","places":{"Cabinet":"1 rue de la Paix"},`+
				`"weekly":[{"weekday":1,"from":"09:00","to":"12:00","place":"Cabinet"}],"closed":[{"from":"2026-12-24","to":"2027-01-03"}]}`, w.hours().Revision)
		}},
		"holidays": {path: func(*world) string { return "/holidays/fr" }},
		"free-times": {theirs: true, path: func(w *world) string {
			return "/free-times?everything=true&service=" + string(w.offered().ID) + "&practitioner=" + string(w.owner.ID)
		}},
	}
}

// offered is the owner's one service, which is made when it is asked for.
func (w *world) offered() booking.Service {
	w.t.Helper()
	w.hours()
	all, err := w.book.Services()
	w.check(err)
	const label = "Consultation de suivi"
	for _, s := range all {
		if s.Label["fr"] == label || s.Label["fr"] == "Consultation vidéo" { // as the trials change it
			return s
		}
	}
	s, err := w.book.ReviseService(booking.Service{
		ID: booking.NewServiceID(), Label: map[string]string{"fr": label}, Duration: 30 * time.Minute, Horizon: 60,
		Modalities: []booking.Modality{booking.ModalityVideo}, Practitioners: []consult.AccountID{w.owner.ID},
	})
	w.check(err)
	return s
}

// hours is the owner's schedule, of every day from nine to ten.
func (w *world) hours() booking.Schedule {
	w.t.Helper()
	s, err := w.book.Schedule(w.owner.ID)
	if consult.CodeOf(err) != consult.CodeNotFound {
		w.check(err)
		return s
	}
	s = booking.Schedule{Practitioner: w.owner.ID, Name: "Dr Claire Moreau", TimeZone: "Europe/Paris"}
	for day := time.Sunday; day <= time.Saturday; day++ {
		s.Weekly = append(s.Weekly, booking.Rule{Weekday: day, Hours: booking.Hours{From: 9 * 60, To: 10 * 60}})
	}
	s, err = w.book.ReviseSchedule(s)
	w.check(err)
	return s
}

// room is the practice's one room.
func (w *world) room() booking.Room {
	w.t.Helper()
	all, err := w.book.Rooms()
	w.check(err)
	if len(all) > 0 {
		return all[0]
	}
	room, err := w.book.ReviseRoom(booking.Room{ID: booking.NewRoomID(), Name: "Cabinet 1"})
	w.check(err)
	return room
}

const wholeService = `"label":{"fr":"Consultation vidéo","en":"Video visit"},"description":{"fr":"Pour les patients connus."},"price":{"fr":"30 €"},` +
	`"duration_minutes":20,"step_minutes":30,"before_minutes":5,"after_minutes":10,"min_notice_minutes":120,"horizon_days":60,"daily_max":8,` +
	`"modalities":["video","phone"],"reminders_minutes":[1440,60],"cut_off_minutes":1440,"approval":true,"hidden":false,` +
	`"questions":[{"id":"why","label":{"fr":"Pour quelle raison ?"},"kind":"choice","choices":[{"value":"Suivi","label":{"fr":"Suivi","en":"Follow-up"}},{"value":"Autre"}],"required":true}]`

func TestServicesAreEdited(t *testing.T) {
	w := newWorld(t)
	room := w.room()
	with := fmt.Sprintf(`%s,"practitioners":["%s"],"resources":[{"any_of":["%s"]}]`, wholeService, w.owner.ID, room.ID)
	post := func(body string) request {
		return request{method: "POST", path: "/api/v1/services", body: `{` + body + `}`, cookie: w.cookies["delegate"]}
	}
	made := mustJSON[serviceBody](w.site, post(with), 201)
	if made.Duration != 20 || made.Step != 30 || made.Before != 5 || made.After != 10 || made.MinNotice != 120 || made.CutOff != 1440 || len(made.Reminders) != 2 || made.Reminders[1] != 60 ||
		made.Questions[0].Choices[0].Label["en"] != "Follow-up" || made.Questions[0].Choices[1].Value != "Autre" || made.Resources[0].AnyOf[0] != room.ID || made.Price["fr"] != "30 €" || !made.Approval || made.DailyMax != 8 {
		t.Errorf("%+v", made)
	}
	list := mustJSON[servicesBody](w.site, request{method: "GET", path: "/api/v1/services", cookie: w.cookies["other"]}, 200)
	if !slices.ContainsFunc(list.Services, func(s serviceBody) bool { return s.ID == made.ID && s.Revision == made.Revision }) {
		t.Errorf("%+v", list)
	}
	put := func(revision uint64, fields string) request {
		return request{method: "PUT", path: "/api/v1/services/" + string(made.ID), body: fmt.Sprintf(`{"revision":%d,%s}`, revision, fields), cookie: w.cookies["delegate"]}
	}
	longer := strings.Replace(with, `"duration_minutes":20`, `"duration_minutes":40`, 1)
	changed := mustJSON[serviceBody](w.site, put(made.Revision, longer), 200)
	stale := mustJSON[Problem](w.site, put(made.Revision, with), 409)
	if changed.Duration != 40 || stale.Code != consult.CodeConflict {
		t.Errorf("%+v %+v", changed, stale)
	}
	if needed := mustJSON[Problem](w.site, request{method: "DELETE", path: "/api/v1/rooms/" + string(room.ID), cookie: w.cookies["owner"]}, 409); needed.Code != consult.CodeConflict {
		t.Errorf("%+v", needed)
	}
	for field, body := range map[string]string{
		"resources.0":      strings.Replace(with, string(room.ID), string(booking.NewRoomID()), 1),
		"duration_minutes": strings.Replace(with, `"duration_minutes":20`, `"duration_minutes":0`, 1),
		"practitioners":    strings.Replace(with, string(w.owner.ID), string(w.ids["operator"]), 1),
		"label":            strings.Replace(with, "Consultation vidéo", " ", 1),
		"questions.0":      strings.Replace(with, `,{"value":"Autre"}`, "", 1),
		"modalities":       strings.Replace(with, `["video","phone"]`, `["video","video"]`, 1),
	} {
		answer := w.do(post(body))
		if answer.Code < 400 || answer.Code >= 500 || !strings.Contains(answer.Body.String(), field) {
			t.Errorf("%s: %d %s", field, answer.Code, answer.Body)
		}
	}
	// Who has left stays in what they gave, so that others can still change it, and is not put into anything new.
	w.leaves("owner")
	mustJSON[serviceBody](w.site, put(changed.Revision, with), 200)
	if wrong := mustJSON[Problem](w.site, post(with), 400); wrong.Field != "practitioners" {
		t.Errorf("%+v", wrong)
	}
}

// leaves makes that somebody can sign in no more.
func (w *world) leaves(who string) {
	w.t.Helper()
	gone := true
	_, err := w.accounts.Update(w.ids[who], account.Change{Disabled: &gone})
	w.check(err)
}

const wholeSchedule = `"name":"Dr Claire Moreau","time_zone":"Europe/Paris","languages":["fr","en"],"holidays":"fr-alsace-moselle","places":{"Cabinet":"1 rue de la Paix","Annexe":""},` +
	`"weekly":[{"weekday":1,"from":"09:00","to":"12:00","place":"Cabinet","modalities":["video"]},{"weekday":3,"since":"2026-11-25","until":"2027-06-30","every_weeks":2,"from":"22:00","to":"01:00"}],` +
	`"exceptions":[{"date":"2026-12-07"},{"date":"2026-12-14","hours":[{"from":"10:00","to":"11:00"}]}],"closed":[{"from":"2026-12-24","to":"2027-01-03"}],` +
	`"extra":[{"date":"2026-12-05","from":"09:00","to":"12:00"}]`

func TestSchedulesAreEdited(t *testing.T) {
	w := newWorld(t)
	at := "/api/v1/schedules/" + string(w.ids["colleague"])
	empty := mustJSON[scheduleBody](w.site, request{method: "GET", path: at, cookie: w.cookies["owner"]}, 200)
	if empty.Revision != 0 || empty.Name != "The colleague" || empty.TimeZone != "Europe/Paris" {
		t.Errorf("%+v", empty)
	}
	put := func(revision uint64, fields string) request {
		return request{method: "PUT", path: at, body: fmt.Sprintf(`{"revision":%d,%s}`, revision, fields), cookie: w.cookies["colleague"]}
	}
	made := mustJSON[scheduleBody](w.site, put(0, wholeSchedule), 200)
	again := mustJSON[scheduleBody](w.site, put(0, wholeSchedule), 200)
	read := mustJSON[scheduleBody](w.site, request{method: "GET", path: at, cookie: w.cookies["owner"]}, 200)
	if !reflect.DeepEqual(made, read) || !reflect.DeepEqual(again, made) || made.Weekly[1].Every != 2 || made.Weekly[1].Since != "2026-11-25" || made.Weekly[1].To != "01:00" || made.Closed[0].To != "2027-01-03" ||
		made.Exceptions[0].Hours != nil || made.Exceptions[1].Hours[0].To != "11:00" || made.Extra[0].From != "09:00" || made.Places["Cabinet"] == "" || made.Weekly[0].Modalities[0] != "video" {
		t.Errorf("%+v", read)
	}
	other := strings.Replace(wholeSchedule, "Dr Claire", "Dr Clara", 1)
	mustJSON[scheduleBody](w.site, put(made.Revision, other), 200)
	if stale := mustJSON[Problem](w.site, put(made.Revision, wholeSchedule), 409); stale.Code != consult.CodeConflict {
		t.Errorf("%+v", stale)
	}
	for field, change := range map[string][2]string{
		"weekly.0.from":       {`"09:00","to":"12:00","place"`, `"9h","to":"12:00","place"`},
		"weekly.0.place":      {`"place":"Cabinet"`, `"place":"Ailleurs"`},
		"weekly.1.since":      {"2026-11-25", "25/11/2026"},
		"weekly.1":            {`"since":"2026-11-25",`, ``},
		"exceptions.1.date":   {"2026-12-14", "2026-13-14"},
		"exceptions.1":        {"2026-12-14", "2026-12-07"},
		"closed.0":            {"2027-01-03", "2026-12-01"},
		"extra.0.to":          {`"12:00"}]`, `"25:00"}]`},
		"exceptions.1.hours.": {`"11:00"`, `"1100"`},
		"time_zone":           {"Europe/Paris", "Europe/Atlantis"},
		"languages":           {`"en"`, `"?"`},
	} {
		bad := strings.Replace(wholeSchedule, change[0], change[1], 1)
		wrong := mustJSON[Problem](w.site, put(made.Revision, bad), 400)
		if bad == wholeSchedule || !strings.HasPrefix(wrong.Field, field) || !strings.HasPrefix(wrong.Detail, wrong.Field+": ") {
			t.Errorf("%s: %+v", field, wrong)
		}
	}
}

func TestHolidaysAreListed(t *testing.T) {
	s := newSite(t)
	_, cookie := s.practitioner("Dr Moreau")
	next := mustJSON[holidaysBody](s, request{method: "GET", path: "/api/v1/holidays/fr?days=60", cookie: cookie}, 200)
	if fmt.Sprint(next) != "{[{2026-12-25 christmas} {2027-01-01 new-year}]}" {
		t.Error(next)
	}
	mustJSON[Problem](s, request{method: "GET", path: "/api/v1/holidays/fr?from=demain", cookie: cookie}, 400)
}

// TestFreeTimesAreShown: patients are offered what the service says, the practice more, and nobody what is somebody else's to book.
func TestFreeTimesAreShown(t *testing.T) {
	w := newWorld(t)
	s := w.offered()
	s.MinNotice = 36 * time.Hour
	s.Practitioners = append(s.Practitioners, w.ids["other"])
	s, err := w.book.ReviseService(s)
	w.check(err)
	w.check(w.book.SetSchedule(booking.Schedule{Practitioner: w.owner.ID, Name: "Dr Claire Moreau", TimeZone: "Europe/Paris", Weekly: []booking.Rule{
		{Weekday: time.Monday, Hours: booking.Hours{From: 10 * 60, To: 11 * 60}}, {Weekday: time.Tuesday, Hours: booking.Hours{From: 10 * 60, To: 11 * 60}},
	}}))
	w.check(w.book.SetSchedule(booking.Schedule{Practitioner: w.ids["other"], Name: "Dr Other", TimeZone: "Europe/Paris", Weekly: []booking.Rule{
		{Weekday: time.Tuesday, Hours: booking.Hours{From: 14 * 60, To: 15 * 60}},
	}}))
	free := func(who, more string, status int) string {
		t.Helper()
		answer := w.do(request{method: "GET", path: "/api/v1/free-times?service=" + string(s.ID) + more, cookie: w.cookies[who]})
		if answer.Code != status {
			t.Fatalf("%s: %d %s", more, answer.Code, answer.Body)
		}
		var out []string
		var body freeTimesBody
		w.check(json.Unmarshal(answer.Body.Bytes(), &body))
		for _, f := range body.Times {
			out = append(out, f.Start.Format("2T15:04 ")+f.PractitionerName)
		}
		return strings.Join(out, ", ")
	}
	const until = "&to=2026-11-24T23:00:00Z" // now is Sunday 22, 09:00
	for _, c := range []struct{ who, more, want string }{
		{"other", "", "24T09:00 Dr Claire Moreau, 24T09:30 Dr Claire Moreau, 24T13:00 Dr Other, 24T13:30 Dr Other"},
		{"other", "&practitioner=" + string(w.owner.ID) + "&limit=1", "24T09:00 Dr Claire Moreau"},
		{"owner", "&everything=true", "23T09:00 Dr Claire Moreau, 23T09:30 Dr Claire Moreau, 24T09:00 Dr Claire Moreau, 24T09:30 Dr Claire Moreau"},
		{"other", "&everything=true&limit=1", "24T13:00 Dr Other"},
		{"secretary", "&everything=true", ""},
		{"owner", "&around=2026-11-24T13:10:00Z&limit=2", "24T13:00 Dr Other, 24T13:30 Dr Other"},
	} {
		if got := free(c.who, until+c.more, 200); got != c.want {
			t.Errorf("%s%s: %s, want %s", c.who, c.more, got, c.want)
		}
	}
	free("other", "&everything=true&practitioner="+string(w.owner.ID), 404)
	free("other", "&from=2026-11-24T00:00:00Z&to=2027-11-24T00:00:00Z", 400)
}
