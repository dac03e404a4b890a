package bookingpage

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/api"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/document"
)

// A question for a file is answered in the form itself, as multipart/form-data (RFC 7578), and what is missing on the manage page afterwards. A
// file goes into a folder of consult/document while it comes, sealed from the first byte. A hidden field of the form, and then the draft, have
// the secret of the folder, so it survives a form that is to be mended and the code. Who does not book leaves nothing: the folder
// lapses with the draft.

const (
	maxFile    = 10 << 20        // bytes
	maxBody    = 300 << 20       // bytes of a form with its files: what is too large is read over, so that the answer can say so
	fileWithin = 3 * time.Minute // one file may take
	maxSending = 32              // forms with files at once
	checkWait  = 8 * time.Second // for the scanner, before a form is answered
	folderLife = draftLifetime + 5*time.Minute
	folderText = 16      // bytes of a secret's hash that name its folder
	dropName   = "drop-" // and the question's id: it is not to be sent after all
)

// folderOf is where the files of a form are, "" without a secret.
func folderOf(secret string) consult.FolderID {
	if _, ok := consult.HashSecret(secret); !ok {
		return ""
	}
	sum := sha256.Sum256([]byte("folder/" + secret))
	return consult.FolderID("f_" + base64.RawURLEncoding.EncodeToString(sum[:folderText]))
}

// filesSecret is that of the folder of a form, which is made from what makes the form another than all others.
func (p *Pages) filesSecret(of string) string {
	return base64.RawURLEncoding.EncodeToString(p.mac("files", []byte(of))[:secretBytes])
}

// filesAsked are the questions for a file.
func filesAsked(questions []booking.Question) []booking.Question {
	var asked []booking.Question
	for _, q := range questions {
		if q.Kind == booking.QuestionFile {
			asked = append(asked, q)
		}
	}
	return asked
}

// into is where the files of a form go, as its first fields say: nowhere when the form is none of ours, or there are too many.
type into struct {
	folder consult.FolderID
	asked  []booking.Question
}

// receive reads a form, also one with files, whose other fields are in r.PostForm afterwards. to is asked once, with the fields before the
// first file. What is to be said of a file stands by its question.
func (p *Pages) receive(w http.ResponseWriter, r *http.Request, t *words, to func() into) (map[string]string, error) {
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, nil // a form without files: post has read it
	}
	select {
	case p.sending <- struct{}{}:
		defer func() { <-p.sending }()
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
	r.PostForm = url.Values{}
	says := map[string]string{}
	room := int64(maxForm)
	var where *into
	for {
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(fileWithin)) // where it cannot be set, the server's own holds
		part, err := parts.NextPart()
		switch {
		case err == io.EOF:
			p.settle(r.Context(), where, says)
			return says, nil
		case err != nil:
			return nil, errBadForm
		case part.FileName() == "" && part.Header.Get("Content-Type") == "":
			text, err := io.ReadAll(io.LimitReader(part, room+1))
			if room -= int64(len(text)); err != nil || room < 0 {
				return nil, errBadForm
			}
			r.PostForm.Add(part.FormName(), string(text))
		case part.FileName() != "":
			if where == nil {
				one := to()
				where = &one
			}
			p.receiveFile(part, t, where, says)
		}
	}
}

var errBadForm = errors.New("bookingpage: not a form that can be read")

// receiveFile puts a file where it belongs, or says why not.
func (p *Pages) receiveFile(part *multipart.Part, t *words, where *into, says map[string]string) {
	for _, q := range where.asked {
		if part.FormName() != answerName+q.ID {
			continue
		}
		if where.folder == "" {
			says[q.ID] = t.FileAgain
			return
		}
		name := booking.TextIn(q.Label, t.Tag) + " – " + part.FileName()
		_, err := p.Documents.Give(where.folder, document.Gift{For: q.ID, Name: name, Most: maxFile, Until: p.Clock().Add(folderLife)}, part)
		says[q.ID] = t.ofFile(err)
		return
	}
}

// ofFile says what is to be said of a file that could not be taken; "" for nothing.
func (t *words) ofFile(err error) string {
	switch {
	case err == nil:
		return ""
	case errors.Is(err, document.ErrTooLarge):
		return fmt.Sprintf(t.FileLarge, maxFile>>20)
	case errors.Is(err, document.ErrBadType), errors.Is(err, document.ErrEmpty):
		return t.FileKind
	}
	return t.FileCut
}

// settle waits a moment for the scanner, so that who sends can be told at once.
func (p *Pages) settle(ctx context.Context, where *into, says map[string]string) {
	if where == nil || where.folder == "" || len(says) == 0 {
		return
	}
	ctx, stop := context.WithTimeout(ctx, checkWait)
	defer stop()
	_ = p.Documents.Checked(ctx, where.folder) // too slow: what it finds is told later
}

// given are the files of a folder by question: the newest of each. refused are those that the scanner did not let through.
type given struct {
	good    map[string]document.Given
	refused map[string]bool
}

func (p *Pages) givenIn(f consult.FolderID) (given, error) {
	g := given{map[string]document.Given{}, map[string]bool{}}
	all, err := p.Documents.GivenIn(f)
	for _, one := range all {
		if g.refused[one.For] = one.State == document.StateRefused; !g.refused[one.For] {
			g.good[one.For] = one
		}
	}
	return g, err
}

// answers puts the files beside the other answers of a form, and says what is wrong with them besides says.
func (p *Pages) answerFiles(f *form, asked []booking.Question, typed url.Values, says map[string]string, t *words) error {
	folder := folderOf(f.Files)
	for _, q := range asked {
		if _, sent := says[q.ID]; !sent && typed.Has(dropName+q.ID) {
			if err := p.Documents.TakeBack(folder, q.ID); err != nil {
				return err
			}
		}
	}
	have, err := p.givenIn(folder)
	if err != nil {
		return err
	}
	for _, q := range asked {
		one, ok := have.good[q.ID]
		switch {
		case ok:
			if f.Answers == nil {
				f.Answers = map[string]string{}
			}
			f.Answers[q.ID] = string(one.ID)
		case have.refused[q.ID] && says[q.ID] == "":
			says[q.ID] = t.FileRefused
		case typed.Has(hadName+q.ID) && says[q.ID] == "" && !typed.Has(dropName+q.ID):
			says[q.ID] = t.FileAgain // it lay there for too long
		}
	}
	return nil
}

// hadName is, with the question's id, the field that says that the page has shown a file.
const hadName = "had-"

// stillGood leaves the answers whose files are there, which the scanner may have refused since.
func (p *Pages) stillGood(service booking.Service, f form) (map[string]string, consult.FolderID, error) {
	asked := filesAsked(service.Questions)
	if len(asked) == 0 || f.Files == "" {
		return f.Answers, "", nil
	}
	have, err := p.givenIn(folderOf(f.Files))
	if err != nil || len(have.good)+len(have.refused) == 0 {
		return without(f.Answers, asked), "", err
	}
	answers := without(f.Answers, asked)
	for _, q := range asked {
		if one, ok := have.good[q.ID]; ok {
			answers[q.ID] = string(one.ID)
		}
	}
	return answers, folderOf(f.Files), nil
}

func without(answers map[string]string, asked []booking.Question) map[string]string {
	left := map[string]string{}
	for id, answer := range answers {
		if !slices.ContainsFunc(asked, func(q booking.Question) bool { return q.ID == id }) {
			left[id] = answer
		}
	}
	return left
}

// gotFile is a file that has come, and what was done with it.
type gotFile struct{ Name, Says string }

func (t *words) got(one document.Given) gotFile {
	if one.LocationRemoved {
		return gotFile{one.Name, t.FilePlace}
	}
	return gotFile{Name: one.Name}
}

// wanted are the files that a service asks for of somebody with an appointment, and what came of them.
type wanted struct {
	Action, Says string
	Asked        []questionField // that are not here yet
	Got          []gotFile       // what is here
	Missing      bool            // something that is required
}

// wantedOf is what a service wants of somebody with this appointment; nil for nothing.
func (p *Pages) wantedOf(t *words, a booking.Appointment, secret string, says map[string]string) *wanted {
	service, err := p.Book.Service(a.Service)
	if err != nil || (a.State != booking.StateBooked && a.State != booking.StateRequested && a.State != booking.StateArrived) {
		return nil
	}
	asked := filesAsked(service.Questions)
	have, err := p.givenIn(a.FolderOf())
	if err != nil || len(asked) == 0 {
		return nil
	}
	w := &wanted{Action: managePath(secret, "/files"), Says: fmt.Sprintf(t.FilesSend, maxFile>>20)}
	if a.Modality == booking.ModalityInPerson {
		w.Says += " " + t.FilesBring
	}
	for _, q := range asked {
		if one, ok := have.good[q.ID]; ok {
			w.Got = append(w.Got, t.got(one))
		} else {
			says := says[q.ID]
			if says == "" && have.refused[q.ID] {
				says = t.FileRefused
			}
			w.Asked = append(w.Asked, questionField{Kind: string(q.Kind), Field: answerName + q.ID, Label: booking.TextIn(q.Label, t.Tag), Error: says, Required: q.Required, Optional: t.Optional})
			w.Missing = w.Missing || q.Required
		}
	}
	if len(w.Asked) == 0 {
		w.Says = ""
	}
	return w
}

// sendFile takes a file that a service asks for, after booking.
func (p *Pages) sendFile(w http.ResponseWriter, r *http.Request) {
	a, err := p.find(r)
	if err != nil {
		p.linkGone(w, r, err)
		return
	}
	t, secret := wordsIn(p.language(r, a.Person.Language)), r.PathValue("appointment")
	if p.wantedOf(t, a, secret, nil) == nil {
		p.showManaged(w, r, http.StatusConflict, a, "")
		return
	}
	service, err := p.Book.Service(a.Service)
	if err != nil {
		p.failed(w, r, err)
		return
	}
	asked := filesAsked(service.Questions)
	says, err := p.receive(w, r, t, func() into {
		if !p.mayGive(r) {
			return into{asked: asked}
		}
		return into{a.FolderOf(), asked}
	})
	if err == nil && len(says) == 0 {
		err = errBadForm
	}
	have, lost := p.givenIn(a.FolderOf())
	if err = errors.Join(err, lost); err != nil {
		p.say(w, r, http.StatusUnprocessableEntity, func(t *words) (string, string) { return t.SorryHeading, t.BadForm })
		return
	}
	wrong := false
	for id, trouble := range says {
		one, ok := have.good[id]
		if wrong = wrong || trouble != "" || !ok; trouble != "" || !ok || a.Answers[id] == string(one.ID) {
			continue
		}
		if a, err = p.Book.Attach(a.ID, id, one.ID); err != nil {
			p.failed(w, r, err)
			return
		}
	}
	if wrong {
		p.showManagedWith(w, r, http.StatusUnprocessableEntity, a, "", says)
		return
	}
	http.Redirect(w, r, address(managePath(secret, ""), stateOf(r).common()), http.StatusSeeOther)
}

// mayGive counts one more form with files: of one address, and of all together, so that nobody fills the disk.
func (p *Pages) mayGive(r *http.Request) bool {
	return p.limits.givers.allowsFrom(api.RemoteAddr(r)) && p.limits.gifts.allows("")
}
