package booking

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/language"

	"github.com/colloque/colloque/consult"
)

// Modality is how people meet.
type Modality string

// The modalities.
const (
	ModalityVideo    Modality = "video"
	ModalityPhone    Modality = "phone"
	ModalityInPerson Modality = "in-person"
)

func (m Modality) valid() bool {
	return m == ModalityVideo || m == ModalityPhone || m == ModalityInPerson
}

// Service is what can be booked.
type Service struct {
	ID          ServiceID         `json:"id"`
	Label       map[string]string `json:"label"` // by language, BCP 47
	Description map[string]string `json:"description,omitempty"`
	Price       map[string]string `json:"price,omitempty"` // as text, by language
	Duration    time.Duration     `json:"duration"`
	Step        time.Duration     `json:"step,omitempty"` // between two times that are offered; 0: the duration
	Before      time.Duration     `json:"before,omitempty"`
	After       time.Duration     `json:"after,omitempty"`
	MinNotice   time.Duration     `json:"min_notice,omitempty"` // from now to the first time offered, in absolute time
	Horizon     int               `json:"horizon"`              // days ahead that are offered, in the practitioner's zone
	DailyMax    int               `json:"daily_max,omitempty"`  // of this service, for each practitioner and their day; 0: no limit
	Modalities  []Modality        `json:"modalities"`
	// Practitioners give the service. Of those that are equally loaded the first is chosen.
	Practitioners []consult.AccountID `json:"practitioners"`
	Resources     []Resource          `json:"resources,omitempty"` // what else is needed at the same time
	Questions     []Question          `json:"questions,omitempty"` // asked before booking
	Reminders     []time.Duration     `json:"reminders,omitempty"` // before the start; 0: when it starts
	CutOff        time.Duration       `json:"cut_off,omitempty"`   // before the start, from when patients cancel and move by phone only
	Approval      bool                `json:"approval,omitempty"`  // somebody says yes to each
	Hidden        bool                `json:"hidden,omitempty"`    // only the practice books it
	Revision      uint64              `json:"-"`                   // of the store; 0: it is not there yet
}

// Resource is one thing or person that an appointment also needs: any of these.
type Resource struct {
	AnyOf []OwnerID `json:"any_of"`
}

// Question is asked before booking.
type Question struct {
	ID       string            `json:"id"`
	Label    map[string]string `json:"label"`
	Kind     QuestionKind      `json:"kind"`
	Choices  []Choice          `json:"choices,omitempty"`
	Required bool              `json:"required,omitempty"`
}

// Choice is one of the answers that a question of the kind choice can have.
type Choice struct {
	Value string            `json:"value"`           // the answer as it is kept: it stays when the texts change
	Label map[string]string `json:"label,omitempty"` // by language; empty: the value says it
}

// UnmarshalJSON reads a choice, also as it was stored when it had one text only.
func (c *Choice) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		c.Label = nil
		return json.Unmarshal(b, &c.Value)
	}
	type stored Choice
	return json.Unmarshal(b, (*stored)(c))
}

// LabelIn is the text of a choice in the language, or else in the next best.
func (c Choice) LabelIn(wish string) string { return cmp.Or(TextIn(c.Label, wish), c.Value) }

func (q Question) offers(answer string) bool {
	return slices.ContainsFunc(q.Choices, func(c Choice) bool { return c.Value == answer })
}

// QuestionKind is the form of an answer.
type QuestionKind string

// The kinds of questions.
const (
	QuestionText   QuestionKind = "text"
	QuestionYesNo  QuestionKind = "yes-no" // "yes" or "no"
	QuestionChoice QuestionKind = "choice"
	QuestionFile   QuestionKind = "file" // an answer is the id of a document in Appointment.Files
)

// The bounds of a service.
const (
	MinDuration  = 5 * time.Minute
	MaxDuration  = 8 * time.Hour
	MaxBuffer    = 4 * time.Hour
	MaxNotice    = 90 * 24 * time.Hour
	MaxHorizon   = 500 // days
	MaxReminders = 4   // of one appointment, so that all of it goes into one transaction
	MaxResources = 2
	MaxGivers    = 200
	maxQuestions = 20
	maxReminder  = 14 * 24 * time.Hour
	maxText      = 500  // characters
	maxAnswer    = 2000 // characters
)

// Validate says what cannot work, as a *FieldError.
func (s Service) Validate() error {
	between := func(d, low, high time.Duration) bool { return d >= low && d <= high && d%time.Minute == 0 }
	switch {
	case !s.ID.Valid():
		return &FieldError{"id", "this is not the id of a service"}
	case !textsGood(s.Label, line) || len(s.Label) == 0:
		return &FieldError{"label", "give it in one language at least, in one line of at most 500 characters each"}
	case !textsGood(s.Description, lines):
		return &FieldError{"description", "write at most 500 characters in each language"}
	case !textsGood(s.Price, line):
		return &FieldError{"price", "write one line of at most 500 characters in each language"}
	case !between(s.Duration, MinDuration, MaxDuration):
		return &FieldError{"duration", "give it 5 minutes to 8 hours"}
	case s.Step != 0 && !between(s.Step, 5*time.Minute, 24*time.Hour):
		return &FieldError{"step", "offer times every 5 minutes to 24 hours"}
	case !between(s.Before, 0, MaxBuffer):
		return &FieldError{"before", "keep at most 4 hours free before"}
	case !between(s.After, 0, MaxBuffer):
		return &FieldError{"after", "keep at most 4 hours free after"}
	case !between(s.MinNotice, 0, MaxNotice):
		return &FieldError{"min_notice", "ask for at most 90 days"}
	case !between(s.CutOff, 0, MaxNotice):
		return &FieldError{"cut_off", "ask for at most 90 days"}
	case s.Horizon < 1 || s.Horizon > MaxHorizon:
		return &FieldError{"horizon", "offer 1 to 500 days"}
	case s.DailyMax < 0 || s.DailyMax > maxEntries:
		return &FieldError{"daily_max", fmt.Sprintf("take at most %d a day, or 0 for no limit", maxEntries)}
	case len(s.Modalities) == 0 || slices.ContainsFunc(s.Modalities, func(m Modality) bool { return !m.valid() }) || repeats(s.Modalities):
		return &FieldError{"modalities", "choose video, phone or in-person, each at most once"}
	case len(s.Practitioners) > MaxGivers || slices.ContainsFunc(s.Practitioners, func(a consult.AccountID) bool { return !OwnerOf(a).Valid() }) || repeats(s.Practitioners):
		return &FieldError{"practitioners", "name at most 200 accounts, each once"}
	case len(s.Resources) > MaxResources || slices.ContainsFunc(s.Resources, func(r Resource) bool { return !r.valid() }):
		return &FieldError{"resources", "name at most two, each any of 1 to 20 rooms or accounts"}
	case len(s.Reminders) > MaxReminders || slices.ContainsFunc(s.Reminders, func(d time.Duration) bool { return !between(d, 0, maxReminder) }) || repeats(s.Reminders):
		return &FieldError{"reminders", "send at most 4, at different times, at most 14 days ahead"}
	case len(s.Questions) > maxQuestions:
		return &FieldError{"questions", "ask at most 20"}
	}
	seen := map[string]bool{}
	for i, q := range s.Questions {
		if why := q.wrong(); why != "" || seen[q.ID] {
			return &FieldError{fmt.Sprintf("questions.%d", i), cmp.Or(why, "its id is another question's")}
		}
		seen[q.ID] = true
	}
	return nil
}

func repeats[T comparable](all []T) bool {
	seen := make(map[T]bool, len(all))
	for _, one := range all {
		if seen[one] {
			return true
		}
		seen[one] = true
	}
	return false
}

func (r Resource) valid() bool {
	const most = 20
	return len(r.AnyOf) > 0 && len(r.AnyOf) <= most && !slices.ContainsFunc(r.AnyOf, func(o OwnerID) bool { return !o.Valid() })
}

// wrong says what cannot work, or "".
func (q Question) wrong() string {
	switch {
	case q.ID == "" || len(q.ID) > 40 || strings.ContainsFunc(q.ID, func(r rune) bool { return r <= ' ' || r > '~' }):
		return "its id has 1 to 40 characters of ASCII without spaces"
	case len(q.Label) == 0 || !textsGood(q.Label, line):
		return "write it in one language at least, in one line of at most 500 characters each"
	}
	switch q.Kind {
	case QuestionText, QuestionYesNo, QuestionFile:
		if len(q.Choices) > 0 {
			return "only the kind choice has choices"
		}
	case QuestionChoice:
		if len(q.Choices) < 2 || len(q.Choices) > 50 || slices.ContainsFunc(q.Choices, func(c Choice) bool { return !textGood(c.Value, line) || !textsGood(c.Label, line) }) {
			return "give it 2 to 50 choices, with texts of one line of at most 500 characters each"
		}
		values := make([]string, 0, len(q.Choices))
		for _, c := range q.Choices {
			values = append(values, c.Value)
		}
		if repeats(values) {
			return "the values of its choices must differ"
		}
	default:
		return "its kind is text, yes-no, choice or file"
	}
	return ""
}

// lines and line are whether a text may have more than one.
const (
	lines = true
	line  = false
)

func textsGood(texts map[string]string, many bool) bool {
	for tag, text := range texts {
		if _, err := language.Parse(tag); err != nil || tag == "" || !textGood(text, many) {
			return false
		}
	}
	return true
}

// textGood holds that a text says something and can be shown, in a calendar's title for instance.
func textGood(text string, many bool) bool {
	hidden := func(r rune) bool { return unicode.IsControl(r) && (!many || r != '\n' && r != '\r' && r != '\t') }
	return strings.TrimSpace(text) != "" && utf8.ValidString(text) && utf8.RuneCountInString(text) <= maxText && !strings.ContainsFunc(text, hidden)
}

// CheckAnswers says what is wrong with a patient's answers to the questions of the service, which are asked of who books a time.
func (s Service) CheckAnswers(answers map[string]string) error { return s.checkAnswers(answers, true) }

// checkAnswers holds that answers have the form that was asked for, and with all that required questions are answered: who asks to be called
// back is asked on the telephone.
func (s Service) checkAnswers(answers map[string]string, all bool) error {
	known := 0
	for _, q := range s.Questions {
		answer, given := answers[q.ID]
		if given {
			known++
		}
		if strings.TrimSpace(answer) == "" {
			if all && q.Required && q.Kind != QuestionFile { // programs that book cannot give any: the pages ask for it, before or afterwards
				return errAnswerMissing
			}
			continue
		}
		good := utf8.ValidString(answer) && utf8.RuneCountInString(answer) <= maxAnswer
		switch q.Kind {
		case QuestionYesNo:
			good = answer == "yes" || answer == "no"
		case QuestionChoice:
			good = q.offers(answer)
		case QuestionFile:
			good = consult.DocumentID(answer).Valid()
		}
		if !good {
			return errBadAnswer
		}
	}
	if known != len(answers) {
		return errBadAnswer
	}
	return nil
}

// LabelIn is the label in the language, or else in the next best.
func (s Service) LabelIn(wish string) string { return TextIn(s.Label, wish) }

// TextIn is the text in the language, or else in the next best that there is; "" when there is none.
func TextIn(texts map[string]string, wish string) string {
	if text, ok := texts[wish]; ok {
		return text
	}
	base, _, _ := strings.Cut(wish, "-")
	for _, tag := range []string{base, "fr", "en"} {
		if text, ok := texts[tag]; ok {
			return text
		}
	}
	tags := make([]string, 0, len(texts))
	for tag := range texts {
		tags = append(tags, tag)
	}
	if len(tags) == 0 {
		return ""
	}
	return texts[slices.Min(tags)]
}

// offers reports whether the service is offered in this way.
func (s Service) offers(m Modality) bool { return m == "" || slices.Contains(s.Modalities, m) }

// gives reports whether this practitioner gives the service.
func (s Service) gives(a consult.AccountID) bool { return slices.Contains(s.Practitioners, a) }

// padded is the time that an appointment takes with its buffers.
func (s Service) padded(start int64) span {
	return span{start - int64(s.Before/time.Second), start + int64((s.Duration+s.After)/time.Second)}
}
