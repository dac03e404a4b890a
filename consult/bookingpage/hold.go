package bookingpage

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/api"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/kv"
	"github.com/colloque/colloque/consult/notify"
)

func byPatient() booking.Actor { return booking.Actor{Kind: booking.ByPatient} }

// chosenStart is the time that somebody pressed; zero when there is none in the form.
func chosenStart(r *http.Request) time.Time {
	seconds, err := strconv.ParseInt(r.PostForm.Get("start"), 10, 64)
	if err != nil || seconds <= 0 || seconds > 1<<40 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// hold keeps the time that was chosen, and leads to the form.
func (p *Pages) hold(w http.ResponseWriter, r *http.Request) {
	s := stateOf(r)
	start := chosenStart(r)
	if _, _, err := p.offered(s); err != nil || start.IsZero() {
		p.gone(w, r)
		return
	}
	if s.Instead != "" {
		p.release(s.Instead)
	}
	kept, err := p.keep(r, s, start)
	if err != nil {
		p.notKept(w, r, s, err)
		return
	}
	http.Redirect(w, r, address("/book/hold/"+kept.Secret, s.common()), http.StatusSeeOther)
}

var errTooMany = errors.New("bookingpage: too many")

// keep makes a hold, if this address may have one more.
func (p *Pages) keep(r *http.Request, s state, start time.Time) (booking.Hold, error) {
	from := api.RemoteAddr(r)
	if !p.limits.holds.room(from) {
		return booking.Hold{}, errTooMany
	}
	kept, err := p.Book.Hold(booking.HoldRequest{
		Service: s.Service, Practitioner: s.With, Start: start, Modality: s.Modality, Language: s.Speaks, Place: s.Place, By: byPatient(),
	})
	if err == nil {
		p.limits.holds.add(from, kept.ID, kept.Until)
	}
	return kept, err
}

// release gives a hold back; what lapsed is back already.
func (p *Pages) release(secret string) {
	if held, _, err := p.Book.Offered(secret); err == nil && held.Wait != "" {
		return // an offer is answered on its own page
	}
	if held, err := p.Book.Held(secret); err == nil {
		p.limits.holds.done(held.ID)
		if err := p.Book.Release(secret); err != nil {
			p.Log.Error("a time that was kept is not given back", "hold", held.ID, "error", err)
		}
	}
}

// notKept answers who came too late for a time.
func (p *Pages) notKept(w http.ResponseWriter, r *http.Request, s state, err error) {
	var taken *booking.TakenError
	switch {
	case errors.Is(err, errTooMany):
		p.Log.Warn("booking page: too many times are kept")
		p.tooMany(w, r)
	case errors.As(err, &taken):
		s.Instead = ""
		p.taken(w, r, taken.Next, s, s.to("/book/hold"), s.times())
	default:
		p.failed(w, r, err)
	}
}

type takenPage struct {
	Heading, Notice string
	Days            []day
	Action, Other   string
	ZoneSays        string
}

// taken shows what is free instead.
func (p *Pages) taken(w http.ResponseWriter, r *http.Request, next []booking.FreeTime, s state, action, other string) {
	lang := p.language(r, "")
	t := wordsIn(lang)
	page := takenPage{Heading: t.TakenHeading, Notice: t.TakenFirst, Action: action, Other: other}
	if strings.HasPrefix(action, "/book/confirm/") { // they have filled in the form
		page.Notice = t.Taken
	}
	if len(next) > 0 {
		zone, now := loadZone(first(s.Zone, next[0].TimeZone)), p.Clock()
		page.Days = daysOf(next, zone, lang, now)
		page.ZoneSays = fmt.Sprintf(t.TimesIn, notify.ZoneName(now.In(zone), lang))
	}
	p.render(w, r, http.StatusConflict, "taken", t.TakenHeading, lang, page)
}

// asking is all that a form is about.
type asking struct {
	state
	kind    kind
	service booking.Service
	hold    booking.Hold // kindHold
	agreed  agreed
	country string
}

// askingOf finds out what a form is about. booking.ErrHoldLapsed: the time is not kept any more.
func (p *Pages) askingOf(r *http.Request, lang string) (asking, error) {
	a := asking{state: stateOf(r), country: p.Practice.Profile().Country}
	switch r.URL.Path {
	case "/book/ask":
		a.kind = kindAsk
	case "/book/wait":
		a.kind = kindWait
	default:
		a.kind = kindHold
		held, err := p.Book.Held(r.PathValue("hold"))
		if errors.Is(err, booking.ErrHoldLapsed) && r.Method == http.MethodPost {
			held, err = lapsedHold(r) // what was typed is not lost, and perhaps the time is still free
		}
		if err != nil {
			return a, err
		}
		if held.Wait != "" {
			return a, booking.ErrHoldLapsed // an offer has a page of its own
		}
		a.hold, a.Service, a.With, a.Modality, a.Place = held, held.Service, held.Practitioner, held.Modality, held.Place
	}
	service, givers, err := p.offered(a.state)
	if err != nil {
		return a, err
	}
	if a.service = service; a.Modality == "" {
		a.Modality = service.Modalities[0]
	}
	a.agreed = agreed{label: service.LabelIn(lang), zone: p.homeZone(a.state, givers), own: a.Zone, modality: a.Modality, start: a.hold.Start}
	for _, g := range givers {
		if g.Practitioner == a.With {
			a.agreed.practitioner, a.agreed.place = g.Name, placeName(g, a.hold.Place)
		}
	}
	return a, nil
}

// lapsedHold is what the form says of a time that is not kept any more.
func lapsedHold(r *http.Request) (booking.Hold, error) {
	hash, ok := consult.HashSecret(r.PathValue("hold"))
	h := booking.Hold{
		ID: "h_" + hash, Service: booking.ServiceID(r.PostForm.Get("service")), Practitioner: consult.AccountID(r.PostForm.Get("with")),
		Start: chosenStart(r), Modality: booking.Modality(r.PostForm.Get("modality")), Place: bounded(r.PostForm.Get("place"), maxPlace),
	}
	if !ok || !h.Service.Valid() || !booking.OwnerOf(h.Practitioner).Valid() || h.Start.IsZero() {
		return booking.Hold{}, booking.ErrHoldLapsed
	}
	return h, nil
}

// formPage shows an empty form, or one that is filled in again.
func (p *Pages) formPage(w http.ResponseWriter, r *http.Request) {
	lang := p.language(r, "")
	a, err := p.askingOf(r, lang)
	if err != nil {
		p.lapsed(w, r, err)
		return
	}
	var typed form
	if a.Draft != "" {
		if d, err := p.loadDraft(a.Draft); err == nil && !d.Confirmed {
			typed = d.Form
		}
	}
	p.showForm(w, r, http.StatusOK, a, typed, nil, "", lang)
}

// lapsed answers who comes to a form whose time is not kept any more.
func (p *Pages) lapsed(w http.ResponseWriter, r *http.Request, err error) {
	if !errors.Is(err, booking.ErrHoldLapsed) {
		p.failed(w, r, err)
		return
	}
	p.say(w, r, http.StatusGone, func(t *words) (string, string) { return t.LapsedHeading, t.Lapsed })
}

// fill takes a form: it becomes a draft, whose code is sent.
func (p *Pages) fill(w http.ResponseWriter, r *http.Request) {
	lang := p.language(r, "")
	t := wordsIn(lang)
	says, err := p.receive(w, r, t, func() into { return p.formFolder(r, lang) })
	if err != nil {
		p.say(w, r, http.StatusBadRequest, func(t *words) (string, string) { return t.SorryHeading, t.BadForm })
		return
	}
	stamp := r.PostForm.Get("stamp")
	if d, err := p.loadDraft(p.draftSecret(stamp)); err == nil && (d.Confirmed || d.Waiting) { // sent twice
		p.finish(w, r, d)
		return
	}
	a, err := p.askingOf(r, lang)
	if err != nil {
		p.lapsed(w, r, err)
		return
	}
	f := parseForm(r.PostForm, a.service.Questions)
	if says != nil {
		f.Files = first(f.Files, p.filesSecret(stamp))
		if err := p.answerFiles(&f, filesAsked(a.questions()), r.PostForm, says, t); err != nil {
			p.failed(w, r, err)
			return
		}
	}
	switch {
	case r.PostForm.Get("website") != "" || !p.filledInTime(stamp):
		var lost mistakes
		for _, q := range filesAsked(a.questions()) {
			if says[q.ID] != "" {
				lost = append(lost, mistake{answerName + q.ID, says[q.ID], booking.TextIn(q.Label, lang)})
			}
		}
		p.showForm(w, r, http.StatusUnprocessableEntity, a, f, lost, t.SendOnceMore, lang)
		return
	case !p.limits.forms.allowsFrom(api.RemoteAddr(r)), p.limits.booked.full(consult.SourceOf(api.RemoteAddr(r)).String()):
		p.tooMany(w, r)
		return
	}
	about := asked{kind: a.kind, modality: a.Modality, questions: a.questions(), files: says, country: a.country, now: p.Clock(), lang: lang}
	person, wrong := checkForm(t, f, about)
	if len(wrong) > 0 {
		p.showForm(w, r, http.StatusUnprocessableEntity, a, f, wrong, "", lang)
		return
	}
	person.TimeZone = a.Zone
	p.begin(w, r, a, f, person, stamp)
}

// formFolder is where the files of a form go: nowhere when it is not one of ours that people fill in, or too many come.
func (p *Pages) formFolder(r *http.Request, lang string) into {
	a, err := p.askingOf(r, lang)
	if err != nil {
		return into{}
	}
	stamp, asked := r.PostForm.Get("stamp"), filesAsked(a.questions())
	if !p.filledInTime(stamp) || !p.mayGive(r) {
		return into{asked: asked}
	}
	return into{folderOf(first(parseForm(r.PostForm, nil).Files, p.filesSecret(stamp))), asked}
}

// questions are those that this form asks. Who wants to be called back is asked again on the telephone, so none must be answered.
func (a asking) questions() []booking.Question {
	if a.kind == kindWait {
		return nil
	}
	all := slices.Clone(a.service.Questions)
	for i := range all {
		all[i].Required = all[i].Required && a.kind != kindAsk
	}
	return all
}

// begin writes the draft and sends its code.
func (p *Pages) begin(w http.ResponseWriter, r *http.Request, a asking, f form, person booking.Person, stamp string) {
	secret := p.draftSecret(stamp)
	for range maxAttempts {
		d, err := p.loadDraft(secret)
		if errors.Is(err, consult.ErrBadTicket) {
			d, err = &draft{secret: secret}, nil
		}
		if err != nil {
			p.failed(w, r, err)
			return
		}
		if d.Confirmed || d.Waiting { // since fill looked: what was confirmed stays as it was
			p.finish(w, r, d)
			return
		}
		d.Kind, d.Hold, d.HoldID, d.Until = a.kind, r.PathValue("hold"), a.hold.ID, a.hold.Until
		d.Service, d.With, d.Modality, d.Place, d.Start = a.service.ID, a.With, a.Modality, a.hold.Place, a.hold.Start
		d.Form, d.Person, d.Zone, d.Key = f, person, a.agreed.zone, "form/"+stamp
		if a.kind == kindHold {
			d.Key = "hold/" + a.hold.ID // however often the form of one hold is filled in, it is one appointment
		}
		if a.kind == kindWait {
			d.From, d.To, _ = booking.WaitDays(f.From, f.To, p.Clock(), loadZone(a.agreed.zone))
		}
		err = p.Documents.KeepLonger(folderOf(f.Files), p.Clock().Add(folderLife))
		if err == nil || f.Files == "" {
			err = p.sendCode(d, api.RemoteAddr(r))
		}
		if errors.Is(err, kv.ErrConflict) {
			continue // the same form at the same time
		}
		if errors.Is(err, errEnough) && d.SentTo == sentTo(person.Contact) {
			err = p.save(d, nil) // the code that was sent is still good
		}
		switch {
		case errors.Is(err, errEnough):
			p.tooMany(w, r)
		case err != nil:
			p.failed(w, r, err)
		case d.Confirmed:
			p.finish(w, r, d)
		default:
			http.Redirect(w, r, address("/book/confirm/"+secret, a.common()), http.StatusSeeOther)
		}
		return
	}
	p.failed(w, r, consult.ErrBusy)
}
