package api

import (
	"fmt"
	"strings"
	"testing"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
)

func visitTrials() map[string]trial {
	at := func(more string) func(*world) string {
		return func(w *world) string { return "/consultations/" + string(w.started.ID) + more }
	}
	one := func(more string) func(*world) string {
		return func(w *world) string { return at("/participants/" + string(w.started.Participant) + more)(w) }
	}
	says := func(body string) func(*world) string { return func(*world) string { return body } }
	return map[string]trial{
		"identify":        {path: one("/identity"), body: says(`{"name":"Jeanne Martin","birth_date":"1957-03-09","place":"Grenoble","country":"FR","call_back":"0639980010"}`), theirs: true},
		"verify-identity": {path: one("/verified"), body: says(`{"how":"document"}`), theirs: true},
		"to-phone":        {path: one("/phone"), body: says(`{"number":"0639980010"}`), theirs: true},
		"to-video":        {path: at("/video"), theirs: true},
		"chat":            {path: at("/chat"), theirs: true, want: map[string]int{"secretary": 404, "other": 404, "interpreter": 403, "operator": 403, "": 401}},
		// Nobody reads a practitioner's notes, a colleague who shares the patients neither.
		"note":     {path: at("/note"), theirs: true, want: map[string]int{"colleague": 404}},
		"set-note": {path: at("/note"), body: says(`{"text":"Cough","revision":0}`), theirs: true, want: map[string]int{"colleague": 404}},
	}
}

func TestVisit(t *testing.T) {
	s := newSite(t)
	doctor, cookie := s.practitioner("Dr Claire Moreau")
	started := s.mustStart(cookie)
	at := "/api/v1/consultations/" + string(started.ID)
	one := at + "/participants/" + string(started.Participant)
	send := func(method, path, body string, want int) string {
		t.Helper()
		w := s.do(request{method: method, path: path, body: body, cookie: cookie})
		if w.Code != want {
			t.Fatalf("%s %s %s: %d %s, want %d", method, path, body, w.Code, w.Body, want)
		}
		return w.Body.String()
	}
	read := func() consultationBody {
		t.Helper()
		return mustJSON[consultationBody](s, request{method: "GET", path: at, cookie: cookie}, 200)
	}
	send("PUT", one+"/identity", `{"name":"Jeanne Martin","birth_date":"1957-03-09","place":"12 rue des Lilas","call_back":"06 39 98 00 10"}`, 204)
	send("PUT", one+"/verified", `{"how":"carer"}`, 204)
	c := read()
	if id := c.Participants[1].Identity; id == nil || id.Place != "12 rue des Lilas" || id.CallBack != "+33639980010" || id.Emergency != "15" || id.Verified != "carer" || id.VerifiedBy != doctor.Name || id.SaidBySelf {
		t.Errorf("%+v", id)
	}
	if c.Participants[0].Identity != nil {
		t.Error("the practitioner has an identity to be verified")
	}
	send("PUT", one+"/verified", `{}`, 204)
	if id := read().Participants[1].Identity; id.Verified != "" || id.VerifiedAt != nil {
		t.Errorf("%+v", id)
	}
	practitioner := at + "/participants/" + string(c.Participants[0].ID)
	send("PUT", practitioner+"/identity", `{}`, 409)
	send("PUT", one+"/verified", `{"how":"guess"}`, 422)
	send("PUT", one+"/identity", `{"call_back":"12"}`, 400)

	if body := send("POST", one+"/phone", `{}`, 200); !strings.Contains(body, `"number":"+33639980010"`) {
		t.Error(body)
	}
	if spans := read().Spans; len(spans) != 1 || spans[0].Medium != consult.MediumPhone || spans[0].To != nil {
		t.Errorf("%+v", spans)
	}
	send("POST", at+"/video", `{}`, 204)
	if spans := read().Spans; spans[0].To == nil {
		t.Errorf("%+v", spans)
	}
}

// TestChatAfterTheEnd: the practitioner reads it with the consultation, the patient with link and code, and nobody with a link alone.
func TestChatAfterTheEnd(t *testing.T) {
	s := newSite(t)
	doctor, cookie := s.practitioner("Dr Claire Moreau")
	started := s.mustStart(cookie)
	seat := s.seatOf(started.ID, 1)
	practitioner := s.seatOf(started.ID, 0)
	for _, one := range []consult.Participant{practitioner.Participant, seat.Participant} {
		_, err := s.practice.Arrive(consult.Seat{Consultation: seat.Consultation, Participant: one}, consult.Devices{})
		s.check(err)
	}
	_, err := s.practice.Admit(doctor.ID, started.ID, started.Participant)
	s.check(err)
	for _, from := range []consult.ParticipantID{practitioner.Participant.ID, started.Participant} {
		_, err := s.practice.AppendChat(started.ID, from, "CanaryText")
		s.check(err)
	}
	s.sent(started.ID, 1, 1000)
	list, err := s.documents.List(s.seatOf(started.ID, 1))
	s.check(err)
	_, err = s.practice.End(doctor.ID, started.ID)
	s.check(err)
	at := "/api/v1/consultations/" + string(started.ID) + "/chat"
	got := mustJSON[chatBody](s, request{method: "GET", path: at, cookie: cookie}, 200)
	if len(got.Messages) != 2 || !got.Messages[0].Mine || got.Messages[1].Role != consult.RolePatient || got.Messages[1].Mine || got.KeptUntil == nil {
		t.Errorf("%+v", got)
	}
	alone := request{method: "GET", path: at, header: map[string]string{"Authorization": "Ticket " + ticketOf(started.Link)}}
	if w := s.do(alone); w.Code != 404 || strings.Contains(w.Body.String(), "Canary") {
		t.Errorf("the link alone: %d %s", w.Code, w.Body)
	}
	body := fmt.Sprintf(`{"ticket":%q,"code":%q}`, ticketOf(started.Link), list.Code)
	opened := mustJSON[unlockedBody](s, request{method: "POST", path: "/api/v1/documents/unlock", body: body}, 200)
	alone.header["Authorization"] = "Ticket " + opened.Ticket
	if mine := mustJSON[chatBody](s, alone, 200); len(mine.Messages) != 2 || !mine.Messages[1].Mine {
		t.Errorf("%+v", mine)
	}
	s.clock.Forward(s.practice.ChatKeptUntil(s.seatOf(started.ID, 0).Consultation).Sub(s.clock.Now()))
	if later := mustJSON[chatBody](s, request{method: "GET", path: at, cookie: s.signedInAgain(doctor.ID)}, 200); len(later.Messages) != 0 {
		t.Errorf("past its time: %+v", later)
	}
}

// signedInAgain is a cookie for later.
func (s *site) signedInAgain(id consult.AccountID) string {
	s.t.Helper()
	cookie, _, err := s.accounts.SignIn(s.t.Context(), s.mustSignInLink(id), account.Visitor{})
	s.check(err)
	return cookie
}

func TestNoteOverHTTP(t *testing.T) {
	s := newSite(t)
	_, cookie := s.practitioner("Dr Claire Moreau")
	started := s.mustStart(cookie)
	at := "/api/v1/consultations/" + string(started.ID) + "/note"
	put := func(text string, revision, status int) {
		t.Helper()
		w := s.do(request{method: "PUT", path: at, body: fmt.Sprintf(`{"text":%q,"revision":%d}`, text, revision), cookie: cookie})
		if w.Code != status {
			t.Fatalf("%d %s, want %d", w.Code, w.Body, status)
		}
	}
	if n := mustJSON[noteBody](s, request{method: "GET", path: at, cookie: cookie}, 200); n.Text != "" || n.Revision != 0 || n.At != nil {
		t.Errorf("%+v", n)
	}
	put("CanaryNote", 0, 200)
	put("Another tab", 0, 409)
	put(strings.Repeat("é", consult.MaxNote), 1, 200)
	put(strings.Repeat("é", consult.MaxNote+1), 2, 422)
	put("CanaryNote", 2, 200)
	if n := mustJSON[noteBody](s, request{method: "GET", path: at, cookie: cookie}, 200); n.Text != "CanaryNote" || n.Revision != 3 {
		t.Errorf("%+v", n)
	}
}

// TestNoteAndIdentityStayWhereTheyAre asks every operation that reads, as everybody: the note is in no answer but its own to its author, and
// where the patient is in none to those who do not act for the practitioner.
func TestNoteAndIdentityStayWhereTheyAre(t *testing.T) {
	w := newWorld(t)
	seat, err := w.practice.Redeem(t.Context(), ticketOf(w.started.Link), callerOf(t.Context()).from)
	w.check(err)
	_, err = w.practice.SayWhere(seat, "CanaryPlace", "0639980010")
	w.check(err)
	_, err = w.practice.SetNote(w.owner.ID, w.started.ID, "CanaryNote", 0)
	w.check(err)
	known, foundNote, foundPlace := trials(), false, false
	for _, row := range (&api{}).operations() {
		if !readsOnly(row.method) {
			continue
		}
		for _, who := range append(people(), "") {
			answer := w.do(w.goodRequest(row, known[row.id], who)).Body.String()
			note, place := strings.Contains(answer, "CanaryNote"), strings.Contains(answer, "CanaryPlace")
			if note && (row.id != "note" || who != "owner") {
				t.Errorf("%s tells %q the note", row.id, who)
			}
			if place && !actsForOwner(who) {
				t.Errorf("%s tells %q where the patient is", row.id, who)
			}
			foundNote, foundPlace = foundNote || note, foundPlace || place
		}
	}
	page := w.do(request{method: "GET", path: "/c/" + ticketOf(w.started.Link)}).Body.String()
	if strings.Contains(page, "Canary") {
		t.Error("the patient's page tells it before anybody joined")
	}
	if !foundNote || !foundPlace {
		t.Error("nobody is told at all: this test looks at the wrong thing")
	}
	if strings.Contains(w.log.String(), "Canary") {
		t.Error("it is in the log")
	}
}

// TestInviteSomebodyMore: a carer by mail, an expert by hand, and what is no invitation.
func TestInviteSomebodyMore(t *testing.T) {
	s, _ := sending(t)
	_, cookie := s.practitioner("Dr Claire Moreau")
	started := s.mustStart(cookie)
	at := "/api/v1/consultations/" + string(started.ID)
	for body, want := range map[string]int{
		`{"role":"guest","as":"carer","name":"Paul","contact":{"phone":"0639980010"},"tell":true}`: 201,
		`{"role":"guest","as":"expert","name":"Ana"}`:                                              201,
		`{"role":"interpreter","as":"carer"}`:                                                      400,
		`{"role":"guest","as":"friend"}`:                                                           422,
		`{"role":"guest","contact":{"phone":"12"},"tell":true}`:                                    400,
	} {
		w := s.do(request{method: "POST", path: at + "/participants", body: body, cookie: cookie})
		if w.Code != want {
			t.Errorf("%s: %d %s, want %d", body, w.Code, w.Body, want)
		}
		if sent := strings.Contains(w.Body.String(), `"sent":true`); want == 201 && sent != strings.Contains(body, "tell") {
			t.Errorf("%s: %s", body, w.Body)
		}
	}
	c, err := s.practice.Consultation(started.ID)
	s.check(err)
	if len(c.Participants) != 4 {
		t.Errorf("%+v", c.Participants)
	}
	if w := s.do(request{method: "GET", path: at + "/deliveries", cookie: cookie}); !strings.Contains(w.Body.String(), "invitation") {
		t.Errorf("nothing is on its way: %s", w.Body)
	}
}
