package api

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/patient"
)

func patientTrials() map[string]trial {
	own := func(more string) func(*world) string {
		return func(w *world) string { return "/patients/" + string(w.known().ID) + more }
	}
	named := func(fields string) func(*world) string {
		return func(w *world) string { return `{"practitioner":"` + string(w.owner.ID) + `",` + fields + `}` }
	}
	at := func(path string) func(*world) string {
		return func(w *world) string { return path + "?practitioner=" + string(w.owner.ID) }
	}
	return map[string]trial{
		"create-patient":        {body: named(`"family_name":"Petit"`), theirs: true},
		"search-patients":       {body: named(`"words":"martin"`), theirs: true},
		"similar-patients":      {body: named(`"family_name":"Martin"`), theirs: true},
		"import-patients":       {path: at("/patients/import"), body: func(*world) string { return "nom\nPetit\n" }, header: map[string]string{"Content-Type": "text/csv"}, theirs: true},
		"export-patients":       {path: at("/patients/export"), theirs: true},
		"patient":               {path: own(""), theirs: true},
		"change-patient":        {path: own(""), body: func(*world) string { return `{"revision":1,"family_name":"Petit"}` }, theirs: true},
		"erase-patient":         {path: own(""), theirs: true},
		"forget-contact":        {body: func(*world) string { return `{"phone":"+33639980099","dry_run":true}` }},
		"export-patient":        {path: own("/export"), theirs: true},
		"patient-consultations": {path: own("/consultations"), theirs: true},
	}
}

// known is the owner's one patient.
func (w *world) known() patient.Patient {
	w.t.Helper()
	owners := []consult.AccountID{w.owner.ID}
	found, err := w.patients.Search(w.t.Context(), owners, "", 0, 1)
	w.check(err)
	if found.Total > 0 {
		return found.Patients[0]
	}
	p, err := w.patients.Create(w.t.Context(), w.owner.ID, patient.Patient{FamilyName: "Martin", GivenNames: "Jeanne", BirthDate: "1948-03-09"}, false)
	w.check(err)
	return p
}

const jeanne = `"family_name":"Martin","given_names":"Jeanne","birth_date":"1948-03-09","language":"fr","needs":["hearing"],` +
	`"contact":{"phone":"06 39 98 00 10","reach":"sms"},"carer":{"name":"Paul","phone":"01 99 00 12 34"},"ids":[{"system":"IPP","value":"77"}]`

func TestPatientRecord(t *testing.T) {
	s := newSite(t)
	_, cookie := s.practitioner("Dr Moreau")
	made := mustJSON[patientBody](s, request{method: "POST", path: "/api/v1/patients", body: `{` + jeanne + `}`, cookie: cookie}, 201)
	if made.Contact.Phone != "+33639980010" || made.Carer.Phone != "+33199001234" || made.Revision != 1 || made.IDs[0].Value != "77" {
		t.Errorf("%+v", made)
	}
	at := "/api/v1/patients/" + string(made.ID)
	// A double click, or an answer that was lost, makes nobody twice.
	twice := mustJSON[Problem](s, request{method: "POST", path: "/api/v1/patients", body: `{` + jeanne + `}`, cookie: cookie}, 409)
	if twice.Code != patient.CodeSimilar {
		t.Errorf("%+v", twice)
	}
	similar := mustJSON[patientsBody](s, request{method: "POST", path: "/api/v1/patients/similar", body: `{` + jeanne + `}`, cookie: cookie}, 200)
	if similar.Total != 1 || similar.Patients[0].ID != made.ID {
		t.Errorf("%+v", similar)
	}
	self := mustJSON[patientsBody](s, request{method: "POST", path: "/api/v1/patients/similar", body: `{"id":"` + string(made.ID) + `",` + jeanne + `}`, cookie: cookie}, 200)
	if self.Total != 0 {
		t.Errorf("similar to herself: %+v", self)
	}
	// Two tabs change the same record: the second is told, and may read what the first has written.
	change := func(revision uint64, family string) request {
		return request{method: "PUT", path: at, body: fmt.Sprintf(`{"revision":%d,"family_name":%q}`, revision, family), cookie: cookie}
	}
	changed := mustJSON[patientBody](s, change(1, "Petit"), 200)
	if changed.Revision != 2 || changed.FamilyName != "Petit" || changed.GivenNames != "" {
		t.Errorf("%+v", changed)
	}
	if stale := mustJSON[Problem](s, change(1, "Grand"), 409); stale.Code != consult.CodeConflict {
		t.Errorf("%+v", stale)
	}
	if again := mustJSON[patientBody](s, change(1, "Petit"), 200); again.Revision != 2 {
		t.Errorf("the same again: %+v", again)
	}
	if read := mustJSON[patientBody](s, request{method: "GET", path: at, cookie: cookie}, 200); read.FamilyName != "Petit" {
		t.Errorf("%+v", read)
	}
	wrong := mustJSON[Problem](s, request{method: "PUT", path: at, body: `{"revision":2,"family_name":"Petit","birth_date":"2048-01-01"}`, cookie: cookie}, 400)
	if wrong.Field != "birth_date" {
		t.Errorf("%+v", wrong)
	}
	if w := s.do(request{method: "DELETE", path: at, cookie: cookie}); w.Code != 204 {
		t.Errorf("erase: %d %s", w.Code, w.Body)
	}
	gone := mustJSON[Problem](s, request{method: "GET", path: at, cookie: cookie}, 404)
	if again := mustJSON[Problem](s, request{method: "DELETE", path: at, cookie: cookie}, 404); !reflect.DeepEqual(again, gone) {
		t.Errorf("%+v", again)
	}
}

func TestPatientSearch(t *testing.T) {
	w := newWorld(t)
	w.known()
	_, err := w.patients.Create(t.Context(), w.ids["other"], patient.Patient{FamilyName: "Martin"}, false)
	w.check(err)
	for who, want := range map[string]int{"owner": 1, "delegate": 1, "colleague": 1, "other": 1, "secretary": 0} {
		found := mustJSON[patientsBody](w.site, request{method: "POST", path: "/api/v1/patients/search", body: `{"words":"martin"}`, cookie: w.cookies[who]}, 200)
		if found.Total != want || len(found.Patients) != want || want == 1 && (found.Patients[0].Practitioner == w.ids["other"]) != (who == "other") {
			t.Errorf("%s finds %+v", who, found)
		}
	}
	if strings.Contains(w.log.String(), "artin") {
		t.Error("a name is in the log")
	}
}

func TestPatientTables(t *testing.T) {
	s := newSite(t)
	_, cookie := s.practitioner("Dr Moreau")
	table := request{
		method: "POST", path: "/api/v1/patients/import?dry_run=true", cookie: cookie, header: map[string]string{"Content-Type": "text/csv; charset=windows-1252"},
		body: "Nom;Pr\xe9nom;N\xe9(e) le;M\xe9decin\nMartin;Ren\xe9e;09/03/1948;X\nPetit;Paul;32/01/1950;X\nMartin;Ren\xe9e;09/03/1948;X\n",
	}
	for _, dry := range []bool{true, false} {
		done := mustJSON[importBody](s, table, 200)
		want := []leftOutBody{
			{3, "bad-message", "birth_date", "The birth date is not a day such as 1948-03-09, in the last 130 years."},
			{4, "similar", "", "There is a patient with the same name and birth date, or the same identifier."},
		}
		if done.Lines != 3 || done.Created != 1 || !slices.Equal(done.LeftOut, want) || !slices.Equal(done.Unknown, []string{"Médecin"}) {
			t.Errorf("%+v", done)
		}
		found := mustJSON[patientsBody](s, request{method: "POST", path: "/api/v1/patients/search", body: `{}`, cookie: cookie}, 200)
		if dry != (found.Total == 0) {
			t.Errorf("dry run %v: %+v", dry, found)
		}
		table.path = "/api/v1/patients/import"
	}
	w := s.do(request{method: "GET", path: "/api/v1/patients/export", cookie: cookie})
	if w.Code != 200 || !strings.Contains(w.Body.String(), "Martin,,Renée,1948-03-09") || !strings.HasPrefix(w.Header().Get("Content-Type"), "text/csv") {
		t.Errorf("%d %v %s", w.Code, w.Header(), w.Body)
	}
	table.body = strings.Repeat("a", maxTable+1)
	mustJSON[Problem](s, table, 413)
	table.body, table.header = "{}", nil
	mustJSON[Problem](s, table, 415)
}

func TestStartWithRecord(t *testing.T) {
	w := newWorld(t)
	p := mustJSON[patientBody](w.site, request{method: "POST", path: "/api/v1/patients", body: `{"anyway":true,` + jeanne + `}`, cookie: w.cookies["owner"]}, 201)
	start := request{method: "POST", path: "/api/v1/consultations", body: `{"patient":"` + string(p.ID) + `"}`, cookie: w.cookies["delegate"]}
	started := mustJSON[startedBody](w.site, start, 201)
	c := mustJSON[consultationBody](w.site, request{method: "GET", path: "/api/v1/consultations/" + string(started.ID), cookie: w.cookies["owner"]}, 200)
	seat := c.Participants[1]
	if c.Patient != p.ID || c.Practitioner != w.owner.ID || seat.Name != "Jeanne Martin" || seat.BirthDate != "1948-03-09" || seat.Language != "fr" ||
		seat.Contact.Phone != "+33639980010" || seat.Contact.Reach != consult.ReachSMS || !slices.Equal(seat.Needs, []string{"hearing"}) {
		t.Errorf("%+v", c)
	}
	start.cookie = w.cookies["other"]
	if refused := mustJSON[Problem](w.site, start, 404); refused.Code != consult.CodeNotFound {
		t.Errorf("with somebody else's patient: %+v", refused)
	}
	of := request{method: "GET", path: "/api/v1/patients/" + string(p.ID) + "/consultations", cookie: w.cookies["colleague"]}
	if all := mustJSON[patientConsultationsBody](w.site, of, 200); len(all.Consultations) != 1 || all.Consultations[0].ID != started.ID {
		t.Errorf("%+v", all)
	}
}

// TestEraseFromTheBook: who has an appointment to come is not erased; afterwards the book knows them no more, and their own data could be taken before.
func TestEraseFromTheBook(t *testing.T) {
	w := newWorld(t)
	p := w.known()
	table := "Date;Heure;Nom;Prénom;DDN;Motif\n30/11/2026;9:00;Martin;Jeanne;09/03/1948;Suivi\n"
	at := "/api/v1/appointments/import?practitioner=" + string(w.owner.ID)
	if done := mustJSON[takenOverBody](w.site, request{method: "POST", path: at, body: table, cookie: w.cookies["owner"], header: map[string]string{"Content-Type": "text/csv"}}, 200); done.New != 1 || done.Rows[0].Patient != "found" {
		t.Fatalf("%+v", done)
	}
	own := w.do(request{method: "GET", path: "/api/v1/patients/" + string(p.ID) + "/export", cookie: w.cookies["delegate"]})
	if own.Code != 200 || own.Header().Get("Content-Type") != "application/zip" || !strings.HasPrefix(own.Body.String(), "PK") {
		t.Errorf("%d %v", own.Code, own.Header())
	}
	book := w.do(request{method: "GET", path: "/api/v1/appointments/export?practitioner=" + string(w.owner.ID), cookie: w.cookies["owner"]})
	if book.Code != 200 || !strings.Contains(book.Body.String(), "appointments-2026.ics") || !strings.Contains(book.Header().Get("Content-Disposition"), "agenda.zip") {
		t.Errorf("%d %v", book.Code, book.Header())
	}
	erase := request{method: "DELETE", path: "/api/v1/patients/" + string(p.ID), cookie: w.cookies["owner"]}
	if problem := mustJSON[Problem](w.site, erase, 409); problem.Code != consult.CodeConflict {
		t.Errorf("%+v", problem)
	}
	all, err := w.book.AppointmentsOf(p.ID)
	w.check(err)
	for _, one := range all {
		_, err := w.book.Cancel(one.ID, booking.CancelRequest{By: booking.Actor{Kind: booking.ByPractice}, Quiet: true})
		w.check(err)
	}
	if answer := w.do(erase); answer.Code != 204 {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	for _, one := range all {
		left, err := w.book.Appointment(one.ID)
		if err != nil || left.Person.Name != booking.Nobody || left.Patient != "" {
			t.Errorf("%+v %v", left, err)
		}
	}
}
