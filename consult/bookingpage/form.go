package bookingpage

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/notify"
)

// kind is what a form asks for.
type kind string

const (
	kindHold kind = "hold" // the time that is kept
	kindAsk  kind = "ask"  // to be called back
	kindWait kind = "wait" // to be told when a time becomes free
)

// form is what was typed, as it was typed.
type form struct {
	Name             string
	Day, Month, Year string // of birth
	Phone, Mail      string
	Note             string
	Needs            []string
	Answers          map[string]string // by question
	From, To         string            // days on which somebody who waits could come
	Files            string            // secret of the folder with the files
}

const (
	maxLine    = 254  // bytes of a field of one line
	maxNote    = 500  // characters
	maxAnswer  = 2000 // characters, as in booking
	answerName = "q-" // and the question's id: name of a field
)

// parseForm takes what was typed out of a form. It keeps no more than forms can hold, and refuses nothing: checkForm does.
func parseForm(v url.Values, questions []booking.Question) form {
	line := func(name string) string {
		text := strings.Join(strings.Fields(strings.ToValidUTF8(v.Get(name), "")), " ")
		for len(text) > maxLine {
			_, size := utf8.DecodeLastRuneInString(text)
			text = text[:len(text)-size]
		}
		return text
	}
	figures := func(name string) string { return notify.LatinFigures(line(name)) }
	f := form{
		Name: line("name"), Day: figures("day"), Month: figures("month"), Year: figures("year"), Phone: figures("phone"), Mail: line("mail"),
		Note: lines(v.Get("note")), From: line("wait-from"), To: line("wait-to"),
	}
	for _, need := range v["need"] {
		if slices.Contains(consult.Needs(), need) && !slices.Contains(f.Needs, need) {
			f.Needs = append(f.Needs, need)
		}
	}
	if _, ok := consult.HashSecret(v.Get("files")); ok {
		f.Files = v.Get("files")
	}
	for _, q := range questions {
		if q.Kind == booking.QuestionFile {
			continue // files.go
		}
		if answer := lines(v.Get(answerName + q.ID)); answer != "" {
			if f.Answers == nil {
				f.Answers = map[string]string{}
			}
			f.Answers[q.ID] = answer
		}
	}
	return f
}

// lines is a text of several lines, as forms send it (HTML §4.10.22.4: with CRLF), kept to what an answer may have.
func lines(text string) string {
	text = strings.TrimSpace(strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\r\n", "\n"))
	text = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, text)
	if utf8.RuneCountInString(text) > maxAnswer {
		text = string([]rune(text)[:maxAnswer])
	}
	return text
}

// mistake is something to mend in a form.
type mistake struct {
	Field, Says string
	About       string // question of the service: in a list of mistakes it says which
}

type mistakes []mistake

func (m mistakes) of(field string) fieldState {
	for _, one := range m {
		if one.Field == field {
			return fieldState{field, one.Says}
		}
	}
	return fieldState{Field: field}
}

// fieldState is a field with what is wrong in it.
type fieldState struct{ Field, Error string }

// asked is what a form must hold besides.
type asked struct {
	kind      kind
	modality  booking.Modality
	questions []booking.Question
	files     map[string]string // what is to be said of them, by question
	country   string
	now       time.Time
	lang      string
}

// checkForm says what is to be mended, and returns who it is.
func checkForm(t *words, f form, a asked) (booking.Person, mistakes) {
	var wrong mistakes
	add := func(field, says string) { wrong = append(wrong, mistake{Field: field, Says: says}) }
	person := booking.Person{Language: a.lang, Needs: f.Needs}
	var err error
	if person.Name, err = consult.CleanName(f.Name); err != nil {
		add("name", t.NameWrong)
	}
	if f.Day+f.Month+f.Year == "" && a.kind == kindAsk {
		person.BirthDate = "" // it is asked on the telephone
	} else if person.BirthDate, err = birthDate(f, a.now); err != nil {
		add("birth", t.BirthWrong)
	}
	contact := consult.Contact{}
	if contact.Phone, err = consult.CleanPhone(f.Phone, a.country); err != nil {
		add("phone", t.PhoneWrong)
	}
	if contact.Mail, err = consult.CleanMail(f.Mail); err != nil {
		add("mail", t.MailWrong)
	}
	switch {
	case f.Phone == "" && ((a.modality == booking.ModalityPhone && a.kind != kindWait) || a.kind == kindAsk):
		add("phone", t.PhoneNeeded)
	case f.Phone == "" && f.Mail == "":
		add("phone", t.ContactNeeded)
	}
	if person.Contact, err = contact.Clean(a.country); err != nil && len(wrong) == 0 {
		add("phone", t.PhoneWrong)
	}
	for _, q := range a.questions {
		if says := first(a.files[q.ID], wrongAnswer(t, q, f.Answers[q.ID])); says != "" {
			wrong = append(wrong, mistake{answerName + q.ID, says, booking.TextIn(q.Label, a.lang)})
		}
	}
	if utf8.RuneCountInString(f.Note) > maxNote {
		add("note", fmt.Sprintf(t.NoteLong, maxNote))
	}
	if a.kind == kindWait {
		if _, _, err := booking.WaitDays(f.From, f.To, a.now, time.UTC); err != nil {
			add("wait-from", t.DatesWrong)
		}
	}
	return person, wrong
}

func wrongAnswer(t *words, q booking.Question, answer string) string {
	switch {
	case answer == "" && q.Required && q.Kind == booking.QuestionFile:
		return t.FileNeeded
	case answer == "" && q.Required:
		return t.AnswerNeeded
	case answer == "":
		return ""
	case q.Kind == booking.QuestionYesNo && answer != "yes" && answer != "no",
		q.Kind == booking.QuestionChoice && !slices.ContainsFunc(q.Choices, func(c booking.Choice) bool { return c.Value == answer }):
		return t.AnswerNeeded
	}
	return ""
}

var errBadBirth = errors.New("bookingpage: not a birth date")

// birthDate puts the three fields together.
func birthDate(f form, now time.Time) (string, error) {
	day, err1 := strconv.Atoi(f.Day)
	month, err2 := strconv.Atoi(f.Month)
	year, err3 := strconv.Atoi(f.Year)
	if err := errors.Join(err1, err2, err3); err != nil || year < 1000 || year > 9999 || day < 1 || day > 31 || month < 1 || month > 12 {
		return "", errBadBirth
	}
	return consult.CleanBirthDate(fmt.Sprintf("%04d-%02d-%02d", year, month, day), now)
}
