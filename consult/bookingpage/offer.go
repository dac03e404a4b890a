package bookingpage

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/api"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/notify"
)

type offerPage struct {
	T             *words
	Action, Until string
	Mistakes      mistakes
	Summary       summary
	Questions     []questionField
	Multipart     bool
	Files         string
}

// offerPage shows a time that has become free to who waits for one. Opening it takes nothing.
func (p *Pages) offerPage(w http.ResponseWriter, r *http.Request) {
	p.showOffer(w, r, http.StatusOK, form{}, nil)
}

func (p *Pages) findOffer(r *http.Request) (booking.Hold, booking.Waiting, error) {
	from := api.RemoteAddr(r)
	if err := p.Practice.Guard().Wait(r.Context(), from); err != nil {
		return booking.Hold{}, booking.Waiting{}, err
	}
	h, who, err := p.Book.Offered(r.PathValue("hold"))
	if errors.Is(err, booking.ErrHoldLapsed) {
		p.Practice.Guard().Wrong(from)
	}
	return h, who, err
}

func (p *Pages) showOffer(w http.ResponseWriter, r *http.Request, status int, f form, wrong mistakes) {
	h, who, err := p.findOffer(r)
	var have given
	if err == nil {
		have, err = p.givenIn(folderOf(f.Files))
	}
	if err != nil {
		p.offerOver(w, r, err)
		return
	}
	lang := p.language(r, who.Person.Language)
	t := wordsIn(lang)
	service, err := p.Book.Service(h.Service)
	if err != nil {
		p.offerOver(w, r, booking.ErrHoldLapsed)
		return
	}
	about := agreed{label: service.LabelIn(lang), start: h.Start, own: who.Person.TimeZone, modality: first(who.Modality, h.Modality), phone: who.Person.Contact.Phone}
	if about.modality == "" {
		about.modality = service.Modalities[0]
	}
	if of, err := p.Book.Schedule(h.Practitioner); err == nil {
		about.practitioner, about.zone, about.place = of.Name, of.TimeZone, placeName(of, h.Place)
	}
	p.render(w, r, status, "offer", t.OfferHeading, lang, offerPage{
		T: t, Action: address("/o/"+r.PathValue("hold"), stateOf(r).common()), Mistakes: wrong, Summary: p.summaryOf(t, about),
		Until:     fmt.Sprintf(t.OfferUntil, notify.Instant(h.Until, first(who.Person.TimeZone, about.zone), lang)),
		Questions: questionsOf(t, service.Questions, f.Answers, have, wrong, lang), Multipart: len(filesAsked(service.Questions)) > 0, Files: f.Files,
	})
}

// offerOver answers to an offer that was answered, or is over.
func (p *Pages) offerOver(w http.ResponseWriter, r *http.Request, err error) {
	if !errors.Is(err, booking.ErrHoldLapsed) {
		p.failed(w, r, err)
		return
	}
	p.say(w, r, http.StatusGone, func(t *words) (string, string) { return t.OfferOverHeading, t.OfferOver })
}

// answerOffer takes the time, or gives it to whoever is next.
func (p *Pages) answerOffer(w http.ResponseWriter, r *http.Request) {
	secret := r.PathValue("hold")
	t := wordsIn(p.language(r, ""))
	says, err := p.receive(w, r, t, func() into { return p.offerFolder(r) })
	if err != nil {
		p.say(w, r, http.StatusBadRequest, func(t *words) (string, string) { return t.SorryHeading, t.BadForm })
		return
	}
	switch answer := r.PostForm.Get("answer"); answer {
	case "no", "leave":
		p.declineOffer(w, r, secret, answer == "leave")
	case "yes":
		p.acceptOffer(w, r, secret, says)
	default:
		p.gone(w, r)
	}
}

func (p *Pages) declineOffer(w http.ResponseWriter, r *http.Request, secret string, leave bool) {
	_, who, err := p.findOffer(r)
	if err != nil {
		p.offerOver(w, r, err)
		return
	}
	if err = p.Book.Decline(secret); err == nil && leave {
		err = p.Book.StopWaiting(who.ID)
	}
	if err != nil {
		p.failed(w, r, err)
		return
	}
	p.say(w, r, http.StatusOK, func(t *words) (string, string) {
		if leave {
			return t.OfferLeftHeading, t.OfferLeft
		}
		return t.OfferDeclinedHeading, t.OfferDeclined
	})
}

// offerFolder is where the files of somebody go who takes an offer.
func (p *Pages) offerFolder(r *http.Request) into {
	h, _, err := p.findOffer(r)
	if err != nil {
		return into{}
	}
	service, err := p.Book.Service(h.Service)
	if err != nil || !p.mayGive(r) {
		return into{asked: filesAsked(service.Questions)}
	}
	return into{folderOf(first(parseForm(r.PostForm, nil).Files, p.filesSecret(r.PathValue("hold")))), filesAsked(service.Questions)}
}

func (p *Pages) acceptOffer(w http.ResponseWriter, r *http.Request, secret string, says map[string]string) {
	hash, ok := consult.HashSecret(secret)
	if !ok {
		p.offerOver(w, r, booking.ErrHoldLapsed)
		return
	}
	request := booking.Request{Key: "offer/" + hash, By: byPatient(), Hold: secret}
	h, who, err := p.Book.Offered(secret)
	if err == nil {
		service, err := p.Book.Service(h.Service)
		if err != nil {
			p.offerOver(w, r, booking.ErrHoldLapsed)
			return
		}
		t := wordsIn(p.language(r, who.Person.Language))
		f := parseForm(r.PostForm, service.Questions)
		if says != nil {
			f.Files = first(f.Files, p.filesSecret(secret))
			if err := p.answerFiles(&f, filesAsked(service.Questions), r.PostForm, says, t); err != nil {
				p.failed(w, r, err)
				return
			}
		}
		var wrong mistakes
		for _, q := range service.Questions {
			if says := first(says[q.ID], wrongAnswer(t, q, f.Answers[q.ID])); says != "" {
				wrong = append(wrong, mistake{answerName + q.ID, says, booking.TextIn(q.Label, t.Tag)})
			}
		}
		if len(wrong) > 0 {
			p.showOffer(w, r, http.StatusUnprocessableEntity, f, wrong)
			return
		}
		if f.Answers, request.Files, err = p.stillGood(service, f); err != nil {
			p.failed(w, r, err)
			return
		}
		request.Person, request.Patient, request.Answers, request.Modality = who.Person, who.Patient, f.Answers, first(who.Modality, h.Modality)
	}
	booked, err := p.Book.Book(request) // who pressed twice has what they pressed for first
	var taken *booking.TakenError
	if errors.As(err, &taken) {
		err = booking.ErrHoldLapsed
	}
	if err != nil {
		p.offerOver(w, r, err)
		return
	}
	http.Redirect(w, r, address("/book/booked/"+booked.Secret, stateOf(r).common()), http.StatusSeeOther)
}
