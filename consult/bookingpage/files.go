package bookingpage

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/document"
)

// A question for a file is answered after booking, on the manage page: there is a consultation by then, and the file is a document of it like
// all others, checked, encrypted and seen by the practitioner. There is no place where strangers could put files. Whoever comes in person
// brings them along.

const (
	maxFile    = 10 << 20 // bytes: held in memory, so that nothing lies on the disk in the clear
	fileWithin = 3 * time.Minute
	maxSending = 4 // files at once
)

// wanted are the files that a service asks for, and what came of them.
type wanted struct {
	Action string // "": they are not sent here
	Says   string
	Asked  []askedFile
	Got    []string // names of what came
}

type askedFile struct{ Field, Label string }

// wantedOf is what a service wants of somebody with this appointment; nil for nothing.
func (p *Pages) wantedOf(t *words, a booking.Appointment, secret string) *wanted {
	service, err := p.Book.Service(a.Service)
	if err != nil || (a.State != booking.StateBooked && a.State != booking.StateArrived) {
		return nil
	}
	w := &wanted{}
	var labels []string
	for _, q := range service.Questions {
		if q.Kind == booking.QuestionFile {
			label := booking.TextIn(q.Label, t.Tag)
			labels, w.Asked = append(labels, label), append(w.Asked, askedFile{answerName + q.ID, label})
		}
	}
	all := strings.Join(labels, ", ")
	switch {
	case len(labels) == 0:
		return nil
	case a.Modality == booking.ModalityInPerson:
		w.Says = fmt.Sprintf(t.FilesBring, all)
	case a.Modality == booking.ModalityPhone:
		w.Says = fmt.Sprintf(t.FilesNear, all)
	default:
		w.Action, w.Says = managePath(secret, "/files"), t.FilesSend
		w.Got = p.gotOf(a)
	}
	return w
}

// gotOf are the names of what the patient of an appointment has sent already.
func (p *Pages) gotOf(a booking.Appointment) []string {
	if a.Consultation == "" {
		return nil
	}
	v, err := p.viewerOf(a)
	if err != nil {
		return nil
	}
	list, err := p.Documents.List(v)
	if err != nil {
		return nil
	}
	var names []string
	for _, d := range list.Documents {
		if d.Mine && d.State != document.StateArriving && d.State != document.StateRefused {
			names = append(names, d.Name)
		}
	}
	return names
}

// viewerOf is the patient in the consultation of an appointment.
func (p *Pages) viewerOf(a booking.Appointment) (document.Viewer, error) {
	c, err := p.Practice.Consultation(a.Consultation)
	if err != nil {
		return document.Viewer{}, err
	}
	for _, who := range c.Participants {
		if who.Role == consult.RolePatient {
			return document.Viewer{Consultation: c, Participant: who, Marks: true}, nil
		}
	}
	return document.Viewer{}, consult.ErrNotFound
}

var errBadFile = errors.New("bookingpage: not a file that can be taken")

// sendFile takes a file that a service asks for.
func (p *Pages) sendFile(w http.ResponseWriter, r *http.Request) {
	a, err := p.find(r)
	if err != nil {
		p.linkGone(w, r, err)
		return
	}
	t := wordsIn(p.language(r, a.Person.Language))
	if wants := p.wantedOf(t, a, r.PathValue("appointment")); wants == nil || wants.Action == "" {
		p.showManaged(w, r, http.StatusConflict, a, "")
		return
	}
	select {
	case p.sending <- struct{}{}:
		defer func() { <-p.sending }()
	case <-r.Context().Done():
		return
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(fileWithin)) // where it cannot be set, the server's own holds
	name, content, err := p.readFile(w, r, a, t.Tag)
	if err == nil {
		err = p.putFile(a, name, content)
	}
	switch consult.CodeOf(err) {
	case consult.CodeUnavailable, consult.CodeInternal:
		if err != nil && !errors.Is(err, errBadFile) {
			p.failed(w, r, err)
			return
		}
	}
	if err != nil {
		p.showManaged(w, r, http.StatusUnprocessableEntity, a, t.FileBad)
		return
	}
	http.Redirect(w, r, address(managePath(r.PathValue("appointment"), ""), stateOf(r).common()), http.StatusSeeOther)
}

// readFile reads the one file of a form, and names it after what was asked for.
func (p *Pages) readFile(w http.ResponseWriter, r *http.Request, a booking.Appointment, lang string) (string, []byte, error) {
	service, err := p.Book.Service(a.Service)
	if err != nil {
		return "", nil, err
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxFile+maxForm)
	parts, err := r.MultipartReader()
	if err != nil {
		return "", nil, errBadFile
	}
	for {
		part, err := parts.NextPart()
		if err != nil {
			return "", nil, errBadFile
		}
		for _, q := range service.Questions {
			if q.Kind != booking.QuestionFile || part.FormName() != answerName+q.ID || part.FileName() == "" {
				continue
			}
			content, err := readPart(part)
			return booking.TextIn(q.Label, lang) + " – " + part.FileName(), content, err
		}
	}
}

func readPart(part *multipart.Part) ([]byte, error) {
	content, err := io.ReadAll(io.LimitReader(part, maxFile+1))
	if err != nil || len(content) == 0 || len(content) > maxFile {
		return nil, errBadFile
	}
	return content, nil
}

// putFile makes a file a document of the appointment's consultation, which is made when it is not there yet.
func (p *Pages) putFile(a booking.Appointment, name string, content []byte) error {
	a, err := p.Book.OpenNow(a.ID)
	if err != nil {
		return err
	}
	v, err := p.viewerOf(a)
	if err != nil {
		return err
	}
	doc, _, err := p.Documents.Create(v, document.New{Name: name, Size: int64(len(content))})
	if err != nil {
		return err
	}
	_, err = p.Documents.Append(v, doc.ID, 0, bytes.NewReader(content), func() {})
	return err
}
