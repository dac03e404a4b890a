package bookingpage

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/notify"
)

type formPage struct {
	T                                                          *words
	Heading, Back, BackSays, Action, Notice, Kept, Intro       string
	Summary                                                    summary
	Mistakes                                                   mistakes
	Keep                                                       []pair
	Dates, Multipart                                           bool
	PhoneNeeded, BirthOptional                                 bool
	Form                                                       form
	NameField, BirthField, ContactField, PhoneField, MailField fieldState
	NoteField, FromField                                       fieldState
	ContactHint, NoteLabel, NoteHint                           string
	Questions                                                  []questionField
	Needs                                                      []option
	Consent, Submit                                            string
}

// questionField is a question of the service as the form asks it.
type questionField struct {
	Kind, Field, Label, Answer, Error, Optional, Hint string
	Got                                               gotFile
	Drop, Had                                         string // fields about it
	Required                                          bool
	Choices                                           []option
}

func (p *Pages) showForm(w http.ResponseWriter, r *http.Request, status int, a asking, f form, wrong mistakes, notice, lang string) {
	t := wordsIn(lang)
	have, err := p.givenIn(folderOf(f.Files))
	if err != nil {
		p.failed(w, r, err)
		return
	}
	page := formPage{
		T: t, Notice: notice, Summary: p.summaryOf(t, a.agreed), Mistakes: wrong, Form: f, BackSays: t.OtherTimes,
		NameField: wrong.of("name"), BirthField: wrong.of("birth"), ContactField: wrong.of("contact"), PhoneField: wrong.of("phone"),
		MailField: wrong.of("mail"), NoteField: wrong.of("note"), FromField: wrong.of("wait-from"),
		ContactHint: t.ContactHint, NoteLabel: t.Note, NoteHint: t.NoteHint, Consent: fmt.Sprintf(t.Consent, p.Practice.Profile().Name),
		Keep: []pair{{"stamp", p.newStamp()}}, Submit: t.Continue, Questions: questionsOf(t, a.questions(), f.Answers, have, wrong, lang), Multipart: len(filesAsked(a.questions())) > 0, Needs: needsOf(t, f.Needs),
	}
	if page.PhoneNeeded = (a.Modality == booking.ModalityPhone && a.kind != kindWait) || a.kind == kindAsk; page.PhoneNeeded {
		page.ContactHint = t.ContactHintPhone
	}
	if f.Files != "" {
		page.Keep = append(page.Keep, pair{"files", f.Files})
	}
	back := a.state
	if a.kind == kindHold {
		back.With, back.Place = "", ""
		page.Heading, page.Action = t.FormHeading, address("/book/hold/"+r.PathValue("hold"), a.common())
		back.Instead = r.PathValue("hold")
		if a.hold.Until.After(p.Clock()) {
			page.Kept = fmt.Sprintf(t.Kept, notify.Clock(a.hold.Until.In(loadZone(first(a.Zone, a.agreed.zone))), lang))
		}
		page.Keep = append(page.Keep, pair{"service", string(a.Service)}, pair{"with", string(a.With)}, pair{"modality", string(a.Modality)},
			pair{"place", a.hold.Place}, pair{"start", strconv.FormatInt(a.hold.Start.Unix(), 10)})
		if a.service.Approval {
			page.Intro, page.Submit = t.ApprovalLong, t.SendRequest
		}
	} else {
		page.Action = a.to(r.URL.Path)
		page.Heading, page.Intro, page.NoteLabel, page.NoteHint, page.ContactHint, page.Submit = t.AskHeading, t.AskIntro, t.AskNote, t.AskNoteHint, t.ContactHintPhone, t.SendRequest
		if a.kind == kindWait {
			page.Heading, page.Intro, page.NoteLabel, page.NoteHint, page.ContactHint, page.Submit = t.WaitHeading, t.WaitIntro, "", "", t.ContactHint, t.WaitSubmit // who offers a time reads no note
			page.Dates = true
		}
		page.Summary.How, page.BirthOptional = "", a.kind == kindAsk
	}
	page.Back = back.times()
	p.render(w, r, status, "form", page.Heading, lang, page)
}

// questionsOf are the questions of a service as fields.
func questionsOf(t *words, questions []booking.Question, answers map[string]string, have given, wrong mistakes, lang string) []questionField {
	var fields []questionField
	for _, q := range questions {
		name := answerName + q.ID
		f := questionField{
			Kind: string(q.Kind), Field: name, Label: booking.TextIn(q.Label, lang), Answer: answers[q.ID], Error: wrong.of(name).Error, Required: q.Required, Optional: t.Optional,
		}
		switch q.Kind {
		case booking.QuestionYesNo:
			f.Choices = []option{{Value: "yes", Label: t.Yes}, {Value: "no", Label: t.No}}
		case booking.QuestionFile:
			f.Answer, f.Hint = "", fmt.Sprintf(t.FileHint, maxFile>>20)
			if one, ok := have.good[q.ID]; ok {
				f.Got, f.Drop, f.Had = t.got(one), dropName+q.ID, hadName+q.ID
			}
		case booking.QuestionChoice:
			for _, c := range q.Choices {
				f.Choices = append(f.Choices, option{Value: c.Value, Label: c.LabelIn(lang)})
			}
		}
		fields = append(fields, f)
	}
	return fields
}

func needsOf(t *words, chosen []string) []option {
	says := map[string]string{consult.NeedHearing: t.NeedHearing, consult.NeedSight: t.NeedSight, consult.NeedInterpreter: t.NeedInterpreter, consult.NeedCarer: t.NeedCarer}
	var all []option
	for _, need := range consult.Needs() {
		is := false
		for _, c := range chosen {
			is = is || c == need
		}
		all = append(all, option{need, says[need], is})
	}
	return all
}
