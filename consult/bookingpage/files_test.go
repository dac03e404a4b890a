package bookingpage

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/colloque/colloque/consult/booking"
)

// send sends a file as a form does, and follows the redirect.
func (s *site) send(path, field, name string, content []byte) answer {
	s.t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile(field, name)
	if err != nil {
		s.t.Fatal(err)
	}
	_, _ = part.Write(content)
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

func wantsAFile(way booking.Modality) func(*booking.Service, *booking.Schedule) {
	return func(service *booking.Service, _ *booking.Schedule) {
		service.Modalities = []booking.Modality{way}
		service.Questions = []booking.Question{{ID: "results", Label: map[string]string{"fr": "Dernières analyses"}, Kind: booking.QuestionFile, Required: true}}
	}
}

func TestFilesAreGivenAfterBooking(t *testing.T) {
	s := newSite(t, nil)
	secret := s.booked(s.offer(wantsAFile(booking.ModalityVideo)))
	s.get("/book/booked/"+secret).says(t, 200, "On vous demande aussi des documents")
	page := s.get("/a/"+secret).says(t, 200, "Documents demandés", "Dernières analyses", "10 Mo au plus")
	pdf := append([]byte("%PDF-1.7\n"), bytes.Repeat([]byte("x"), 2000)...)
	files := "/a/" + secret + "/files"
	if !strings.Contains(page.Body.String(), `action="`+files+`"`) {
		t.Fatal(page.Body.String())
	}
	s.send(files, "q-results", "analyses.pdf", pdf).says(t, 200, "Reçu\u00a0: Dernières analyses – analyses.pdf")
	for name, wrong := range map[string]func() answer{
		"a page":       func() answer { return s.send(files, "q-results", "x.pdf", []byte("<!doctype html><script>x</script>")) },
		"nothing":      func() answer { return s.send(files, "q-results", "x.pdf", nil) },
		"too large":    func() answer { return s.send(files, "q-results", "x.pdf", append(pdf, make([]byte, maxFile)...)) },
		"not asked":    func() answer { return s.send(files, "q-other", "x.pdf", pdf) },
		"not a file":   func() answer { return s.post(files, nil) },
		"another size": func() answer { return s.send(files, "q-results", "x.pdf", make([]byte, maxFile+maxForm+1)) },
	} {
		if a := wrong(); a.Code != http.StatusUnprocessableEntity || !strings.Contains(a.text, "n’a pas pu être pris") {
			t.Errorf("%s: %d %s", name, a.Code, a.text)
		}
	}
	a, err := s.book.Find(secret)
	if err != nil || a.Consultation == "" {
		t.Fatal(a, err)
	}
	s.post("/a/"+secret+"/cancel", nil)
	s.send(files, "q-results", "analyses.pdf", pdf).says(t, http.StatusConflict, "Rendez-vous annulé")
}

func TestFilesAreBroughtAlong(t *testing.T) {
	s := newSite(t, nil)
	secret := s.booked(s.offer(wantsAFile(booking.ModalityInPerson)))
	s.get("/book/booked/"+secret).says(t, 200, "À apporter\u00a0: Dernières analyses")
	page := s.get("/a/"+secret).says(t, 200, "À apporter\u00a0: Dernières analyses")
	if strings.Contains(page.Body.String(), `type="file"`) {
		t.Error("a file is asked for where nobody could see it")
	}
}
