package bookingpage

import (
	"bytes"
	"errors"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/document"
)

// upload is a file as a form sends it.
type upload struct {
	field, name string
	content     []byte
}

var letter = append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("x"), 40_000)...)

// send sends a form with files as browsers do, the fields of the page in its order, and follows the redirect.
func (s *site) send(path string, before, after url.Values, files ...upload) answer {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	write := func(values url.Values) {
		for _, name := range slices.Sorted(maps.Keys(values)) {
			for _, value := range values[name] {
				_ = form.WriteField(name, value)
			}
		}
	}
	write(before)
	for _, file := range files {
		part, err := form.CreateFormFile(file.field, file.name)
		if err != nil {
			s.t.Fatal(err)
		}
		_, _ = part.Write(file.content)
	}
	write(after)
	_ = form.Close()
	r := httptest.NewRequest(http.MethodPost, path, &body)
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Header.Set("Origin", baseURL)
	r.Header.Set("Accept-Language", "fr")
	r.RemoteAddr = s.from
	w := httptest.NewRecorder()
	s.handler.ServeHTTP(w, r)
	if w.Code == http.StatusSeeOther {
		return s.get(w.Header().Get("Location"))
	}
	return answer{w, path, textOf(w.Body.String())}
}

// fillWith sends the form of a page with files, as long after it came as a person takes. The note stands below the files.
func (s *site) fillWith(page answer, values url.Values, files ...upload) answer {
	s.t.Helper()
	s.clock.Forward(30 * time.Second)
	form, below := page.kept(), url.Values{}
	for name, all := range values {
		if name == "note" {
			below[name] = all
		} else {
			form[name] = all
		}
	}
	return s.send(page.action(s.t), form, below, files...)
}

func wantsAFile(way booking.Modality) func(*booking.Service, *booking.Schedule) {
	return func(service *booking.Service, _ *booking.Schedule) {
		service.Modalities = []booking.Modality{way}
		service.Questions = []booking.Question{
			{ID: "results", Label: map[string]string{"fr": "Dernières analyses"}, Kind: booking.QuestionFile, Required: true},
			{ID: "card", Label: map[string]string{"fr": "Carte"}, Kind: booking.QuestionFile},
		}
	}
}

// folders are all folders that hold something.
func (s *site) folders() []string {
	s.t.Helper()
	entries, err := s.store.Range("v1/document/f_", "", 100)
	if err != nil {
		s.t.Fatal(err)
	}
	var all []string
	for _, one := range entries {
		all = append(all, strings.Split(one.Key, "/")[2])
	}
	return all
}

func (s *site) given(a booking.Appointment) []string {
	s.t.Helper()
	all, err := s.documents.GivenIn(a.FolderOf())
	if err != nil {
		s.t.Fatal(err)
	}
	var names []string
	for _, one := range all {
		names = append(names, one.For+": "+one.Name)
	}
	return names
}

// TestFilesInTheForm: a file that a service wants is part of the form, survives what is to be mended and the code, and is in the consultation.
func TestFilesInTheForm(t *testing.T) {
	s := newSite(t, nil)
	form := s.choose(s.offer(wantsAFile(booking.ModalityVideo))).says(t, 200, "Dernières analyses", "10 Mo au plus", "Carte (facultatif)")
	if !strings.Contains(form.Body.String(), `enctype="multipart/form-data"`) {
		t.Fatal("no file can be sent with this form")
	}
	page := s.fillWith(form, jeanne()).says(t, http.StatusUnprocessableEntity, "Dernières analyses – Joignez ce document")
	half := jeanne()
	half.Set("name", "")
	page = s.fillWith(page, half, upload{"q-results", "analyses.pdf", letter}, upload{"q-card", "carte.pdf", letter}).says(t, http.StatusUnprocessableEntity, "Écrivez le prénom et le nom", "Reçu\u00a0: Dernières analyses – analyses.pdf", "Carte – carte.pdf")
	if !strings.Contains(page.Body.String(), "Douleur au genou") {
		t.Error("what is written below the files is lost")
	}
	page = s.fillWith(page, jeanne()).says(t, 200, "Tapez le code reçu")
	again := s.get(page.href(t, "Corriger")).says(t, 200, "Reçu\u00a0: Dernières analyses – analyses.pdf")
	values := jeanne()
	values.Set("drop-card", "1")
	values.Set("phone", "06 39 98 00 11")
	page = s.fillWith(again, values, upload{"q-results", "mieux.pdf", append(letter, 'x')}).says(t, 200, "Tapez le code reçu")
	page = s.post(page.action(t), url.Values{"code": {s.outbox.code(t)}}).says(t, 200, "est pris")
	if strings.Contains(page.text, "On vous demande aussi") {
		t.Error("what is here is asked for again")
	}
	secret, _, _ := strings.Cut(strings.TrimPrefix(page.path, "/book/booked/"), "?")
	a, err := s.book.Find(secret)
	if err != nil || !consult.DocumentID(a.Answers["results"]).Valid() || a.Answers["card"] != "" || !slices.Equal(s.given(a), []string{"results: Dernières analyses – mieux.pdf"}) {
		t.Fatal(a.Answers, s.given(a), err)
	}
	s.get("/a/"+secret).says(t, 200, "Reçu\u00a0: Dernières analyses – mieux.pdf")
	s.inConsultation(a)

	// The same after it was moved, and long after the form has lapsed.
	other := s.get("/a/" + secret + "/move")
	times := other.times()
	s.post(other.action(t), url.Values{"start": {times[len(times)-1]}}).says(t, 200, "a changé d’horaire")
	s.clock.Forward(20 * time.Hour)
	if err := s.documents.EraseDue(); err != nil {
		t.Fatal(err)
	}
	if a, err = s.book.Find(secret); err != nil || a.Consultation != "" {
		t.Fatal(a, err)
	}
	s.inConsultation(a)
}

// inConsultation waits until what was given is among the documents of the consultation.
func (s *site) inConsultation(a booking.Appointment) {
	s.t.Helper()
	a, err := s.book.OpenNow(a.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		c, err := s.practice.Consultation(a.Consultation)
		if err != nil {
			s.t.Fatal(err)
		}
		list, err := s.documents.List(document.Viewer{Consultation: c, Participant: c.PractitionerParticipant()})
		if err != nil {
			s.t.Fatal(err)
		}
		if len(list.Documents) == 1 && list.Documents[0].State == document.StateReady && list.Documents[0].Name == "Dernières analyses – mieux.pdf" {
			return
		}
		if time.Now().After(deadline) {
			s.t.Fatalf("%+v", list.Documents)
		}
	}
}

// TestFilesThatCannotBe: what is wrong with a file is said beside it, in words, and nothing that was typed is lost.
func TestFilesThatCannotBe(t *testing.T) {
	for name, c := range map[string]struct {
		content []byte
		says    string
	}{
		"a page":     {[]byte("<!doctype html><script>x</script>"), "il faut une photo ou un PDF"},
		"nothing":    {nil, "il faut une photo ou un PDF"},
		"too large":  {append(letter, make([]byte, maxFile)...), "trop lourd\u00a0: 10 Mo au plus"},
		"much more":  {append(letter, make([]byte, 4*maxFile)...), "trop lourd\u00a0: 10 Mo au plus"},
		"not chosen": {nil, "Joignez ce document"},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t, nil)
			form := s.choose(s.offer(wantsAFile(booking.ModalityInPerson)))
			file := upload{"q-results", "analyses.pdf", c.content}
			if name == "not chosen" {
				file.field = "q-other"
			}
			page := s.fillWith(form, jeanne(), file).says(t, http.StatusUnprocessableEntity, c.says)
			if !strings.Contains(page.Body.String(), "Douleur au genou") || !strings.Contains(page.Body.String(), "Jeanne Martin") {
				t.Error("what was typed is lost")
			}
			if left := s.folders(); len(left) > 0 {
				t.Error(left)
			}
			s.fillWith(page, jeanne(), upload{"q-results", "analyses.pdf", letter}).says(t, 200, "Tapez le code reçu")
		})
	}
}

// TestFilesOfStrangers: nothing is stored for who does not come from one of our forms, or sends too much.
func TestFilesOfStrangers(t *testing.T) {
	s := newSite(t, nil)
	form := s.choose(s.offer(wantsAFile(booking.ModalityVideo)))
	file := upload{"q-results", "analyses.pdf", letter}
	s.send(form.action(t), form.kept(), jeanne(), file).says(t, http.StatusUnprocessableEntity, "Ce fichier n’a pas été gardé") // faster than people
	s.clock.Forward(time.Minute)
	values := form.kept()
	values.Set("stamp", values.Get("stamp")[1:]+"A")
	s.send(form.action(t), values, jeanne(), file).says(t, http.StatusUnprocessableEntity)
	s.send("/book/hold/"+consult.NewSecret(), nil, jeanne(), file)
	s.send("/book/ask", nil, jeanne(), file)
	if left := s.folders(); len(left) > 0 {
		t.Error(left)
	}
	wrong := jeanne()
	wrong.Set("name", "")
	for range maxGivesOfOne {
		s.fillWith(form, wrong, file)
	}
	s.fillWith(form, wrong, file).says(t, http.StatusUnprocessableEntity, "Ce fichier n’a pas été gardé")
	if all := s.folders(); len(all) != 1 { // the same form, however often it is sent
		t.Error(all)
	}
}

// TestFilesOfWhoDoesNotBook lapse with the draft, and a form that lay open for longer says so.
func TestFilesOfWhoDoesNotBook(t *testing.T) {
	s := newSite(t, nil)
	page := s.choose(s.offer(wantsAFile(booking.ModalityVideo)))
	wrong := jeanne()
	wrong.Set("name", "")
	page = s.fillWith(page, wrong, upload{"q-results", "analyses.pdf", letter}).says(t, http.StatusUnprocessableEntity, "Reçu")
	s.clock.Forward(folderLife + time.Minute)
	if err := s.documents.EraseDue(); err != nil || len(s.folders()) != 0 {
		t.Fatal(s.folders(), err)
	}
	s.fillWith(page, jeanne()).says(t, http.StatusUnprocessableEntity, "Ce fichier n’a pas été gardé")
}

// TestFilesAfterBooking: what is missing is asked for on the manage page, however one meets.
func TestFilesAfterBooking(t *testing.T) {
	for _, way := range []booking.Modality{booking.ModalityVideo, booking.ModalityPhone, booking.ModalityInPerson} {
		s := newSite(t, nil)
		service := s.offer(wantsAFile(way))
		start, err := s.book.Free(booking.Query{Service: service.ID, From: s.clock.Now().Add(24 * time.Hour), To: s.clock.Now().Add(48 * time.Hour), Limit: 1})
		if err != nil || len(start) == 0 {
			t.Fatal(start, err)
		}
		booked, err := s.book.Book(booking.Request{By: byPatient(), Service: service.ID, Start: start[0].Start, Person: booking.Person{Name: "Jeanne Martin", Contact: consult.Contact{Reach: consult.ReachSMS, Phone: "+33639980010"}}})
		if err != nil {
			t.Fatal(err)
		}
		s.get("/book/booked/"+booked.Secret).says(t, 200, "On vous demande aussi des documents")
		page := s.get("/a/"+booked.Secret).says(t, 200, "Documents demandés", "Dernières analyses", "10 Mo au plus")
		if strings.Contains(page.text, "aussi les apporter") != (way == booking.ModalityInPerson) {
			t.Error(page.text)
		}
		files := "/a/" + booked.Secret + "/files"
		for name, file := range map[string]upload{
			"a page": {"q-results", "x.pdf", []byte("<!doctype html>")}, "nothing": {"q-results", "x.pdf", nil}, "too large": {"q-results", "x.pdf", append(letter, make([]byte, maxFile)...)},
			"not asked": {"q-other", "x.pdf", letter},
		} {
			if a := s.send(files, nil, nil, file); a.Code != http.StatusUnprocessableEntity {
				t.Errorf("%s: %d %s", name, a.Code, a.text)
			}
		}
		s.post(files, nil).says(t, http.StatusUnprocessableEntity)
		s.send(files, nil, nil, upload{"q-results", "analyses.pdf", letter}).says(t, 200, "Reçu\u00a0: Dernières analyses – analyses.pdf", "Carte")
		a, err := s.book.Find(booked.Secret)
		if err != nil || !consult.DocumentID(a.Answers["results"]).Valid() {
			t.Fatal(a.Answers, err)
		}
		s.clock.Forward(3 * time.Hour)
		if err := s.documents.EraseDue(); err != nil || len(s.given(a)) != 1 {
			t.Fatal(s.given(a), err)
		}
		s.post("/a/"+booked.Secret+"/cancel", nil)
		s.send(files, nil, nil, upload{"q-results", "analyses.pdf", letter}).says(t, http.StatusConflict, "Rendez-vous annulé")
		s.clock.Forward(25 * time.Hour)
		if err := s.documents.EraseDue(); err != nil || len(s.given(a)) != 0 {
			t.Error(s.given(a), err)
		}
	}
}

// TestFilesOfWhoIsForgotten go with everything else that says who it was.
func TestFilesOfWhoIsForgotten(t *testing.T) {
	s := newSite(t, nil)
	service := s.offer(wantsAFile(booking.ModalityInPerson))
	patient := consult.NewPatientID()
	booked, err := s.book.Book(booking.Request{
		By: byPatient(), Service: service.ID, Start: s.clock.Now().Add(time.Hour), Patient: patient,
		Person: booking.Person{Name: "Jeanne Martin", Contact: consult.Contact{Reach: consult.ReachSMS, Phone: "+33639980010"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	s.send("/a/"+booked.Secret+"/files", nil, nil, upload{"q-results", "analyses.pdf", letter}).says(t, 200, "Reçu")
	s.clock.Forward(24 * time.Hour)
	if err := errors.Join(s.documents.EraseDue(), s.book.Forget(t.Context(), patient)); err != nil || len(s.folders()) != 1 {
		t.Fatal(s.folders(), err)
	}
	s.clock.Forward(24 * time.Hour)
	if err := s.documents.EraseDue(); err != nil || len(s.folders()) != 0 {
		t.Error(s.folders(), err)
	}
}

// TestPhotographsTellNoPlace: a photograph out of a form keeps its picture and loses where it was taken, and the page says so of that one only.
func TestPhotographsTellNoPlace(t *testing.T) {
	picture, err := os.ReadFile("../photo/testdata/tells.jpg")
	if err != nil {
		t.Fatal(err)
	}
	s := newSite(t, nil)
	form := s.choose(s.offer(wantsAFile(booking.ModalityVideo)))
	half := jeanne()
	half.Set("name", "")
	page := s.fillWith(form, half, upload{"q-results", "plaie.jpg", picture}, upload{"q-card", "carte.pdf", letter})
	page.says(t, http.StatusUnprocessableEntity, "plaie.jpg (sans le lieu de prise de vue)", "carte.pdf")
	if n := strings.Count(page.text, "sans le lieu"); n != 1 {
		t.Errorf("it is said %d times", n)
	}
	folder := consult.FolderID(s.folders()[0])
	given, err := s.documents.GivenIn(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, one := range given {
		content, err := s.documents.Read(document.FolderReader(folder), one.ID)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(content)
		if err = errors.Join(err, content.Close()); err != nil || bytes.Contains(b, []byte("Fairphone")) {
			t.Error(one.Name, len(b), err)
		}
	}
}
