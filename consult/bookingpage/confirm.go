package bookingpage

import (
	"crypto/subtle"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/api"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/kv"
	"github.com/colloque/colloque/consult/notify"
)

type confirmPage struct {
	Action, Notice, SentTo, Meant, Kept, Change string
	CodeField                                   fieldState
	Summary                                     summary
}

// confirmPage asks for the code, or for another time when that which was chosen is gone.
func (p *Pages) confirmPage(w http.ResponseWriter, r *http.Request) {
	d, err := p.findDraft(r)
	switch {
	case err != nil:
		p.noDraft(w, r, err)
	case d.Booked != "":
		http.Redirect(w, r, address("/book/booked/"+d.Booked, stateOf(r).common()), http.StatusSeeOther)
	case d.Waiting:
		http.Redirect(w, r, address("/book/waiting", stateOf(r).common()), http.StatusSeeOther)
	case d.Confirmed:
		p.otherTimes(w, r, d)
	default:
		p.askCode(w, r, d)
	}
}

// findDraft slows who guesses.
func (p *Pages) findDraft(r *http.Request) (*draft, error) {
	from := api.RemoteAddr(r)
	if err := p.Practice.Guard().Wait(r.Context(), from); err != nil {
		return nil, err
	}
	d, err := p.loadDraft(r.PathValue("draft"))
	if errors.Is(err, consult.ErrBadTicket) {
		p.Practice.Guard().Wrong(from)
	}
	return d, err
}

// noDraft answers who comes too late, or with an address that is none: drafts go after two hours, those that were confirmed too.
func (p *Pages) noDraft(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, consult.ErrBadTicket) {
		p.say(w, r, http.StatusNotFound, func(t *words) (string, string) { return t.CodeLateHeading, t.CodeLate })
		return
	}
	p.failed(w, r, err)
}

// codeWas is what became of the code that was typed or asked for, in the address of the page that asks for it: so that *Back* and a reload
// send nothing again.
type codeWas string

const (
	codeSent   codeWas = "sent"    // another one
	codeNone   codeWas = "none"    // not six figures
	codeWrong  codeWas = "wrong"   //
	codeUsedUp codeWas = "used-up" // tried too often
	codeEnough codeWas = "enough"  // no other is sent now
	codeStays  codeWas = "stays"   // the address was mended; the one that went to the telephone is still good
)

func (p *Pages) askAgain(w http.ResponseWriter, r *http.Request, d *draft, was codeWas) {
	q := stateOf(r).common()
	q.Set("code", string(was))
	http.Redirect(w, r, address("/book/confirm/"+d.secret, q), http.StatusSeeOther)
}

func (p *Pages) askCode(w http.ResponseWriter, r *http.Request, d *draft) {
	lang := p.language(r, d.Person.Language)
	t, s := wordsIn(lang), stateOf(r)
	was := codeWas(r.URL.Query().Get("code"))
	page := confirmPage{
		Action: address("/book/confirm/"+d.secret, s.common()), Summary: p.draftSummary(t, d),
		Notice:    map[codeWas]string{codeSent: t.CodeSent, codeEnough: t.CodeEnough, codeStays: t.MailMended}[was],
		CodeField: fieldState{"code", map[codeWas]string{codeNone: t.CodeForm, codeWrong: t.CodeWrong, codeUsedUp: t.CodeUsedUp}[was]},
		SentTo:    fmt.Sprintf(t.CodeSentMail, ltr(d.Person.Contact.Mail)),
	}
	if d.Person.Contact.Reach == consult.ReachSMS {
		page.SentTo = fmt.Sprintf(t.CodeSentSMS, ltr(groupPhone(d.Person.Contact.Phone)))
	}
	if meant := meantMail(d.Person.Contact.Mail); meant != "" {
		page.Meant = fmt.Sprintf(t.MailMeant, ltr(meant))
	}
	back := s.common()
	back.Set("draft", d.secret)
	switch d.Kind {
	case kindHold:
		if d.Until.After(p.Clock()) {
			page.Kept = fmt.Sprintf(t.Kept, notify.Clock(d.Until.In(loadZone(first(d.Person.TimeZone, d.Zone))), lang))
			page.Change = address("/book/hold/"+d.Hold, back)
		}
	default:
		back.Set("service", string(d.Service))
		set(back, "with", string(d.With))
		set(back, "modality", string(d.Modality))
		page.Change = address("/book/"+string(d.Kind), back)
	}
	p.render(w, r, http.StatusOK, "confirm", t.CodeHeading, lang, page)
}

// draftSummary is what a draft is about.
func (p *Pages) draftSummary(t *words, d *draft) summary {
	a := agreed{start: d.Start, zone: d.Zone, own: d.Person.TimeZone, modality: d.Modality, place: d.Place, phone: d.Person.Contact.Phone}
	if service, err := p.Book.Service(d.Service); err == nil {
		a.label = service.LabelIn(t.Tag)
	}
	if of, err := p.Book.Schedule(d.With); err == nil && d.With != "" {
		a.practitioner, a.place = of.Name, placeName(of, d.Place)
	}
	s := p.summaryOf(t, a)
	if d.Kind != kindHold {
		s.How = ""
	}
	return s
}

// confirm takes a code, sends one again, or takes another time for a draft whose own is gone.
func (p *Pages) confirm(w http.ResponseWriter, r *http.Request) {
	d, err := p.findDraft(r)
	if err != nil {
		p.noDraft(w, r, err)
		return
	}
	switch {
	case d.Booked != "" || d.Waiting:
		p.finish(w, r, d)
	case r.PostForm.Has("start") && d.Kind == kindHold:
		p.another(w, r, d)
	case d.Confirmed:
		p.finish(w, r, d)
	case r.PostForm.Has("meant"):
		p.mendMail(w, r, d)
	case r.PostForm.Has("again"):
		p.again(w, r, d)
	default:
		p.tryCode(w, r, d)
	}
}

func (p *Pages) again(w http.ResponseWriter, r *http.Request, d *draft) {
	switch err := p.sendCode(d, api.RemoteAddr(r)); {
	case errors.Is(err, errEnough), errors.Is(err, kv.ErrConflict):
		p.askAgain(w, r, d, codeEnough)
	case err != nil:
		p.noDraft(w, r, err)
	case d.Confirmed:
		p.finish(w, r, d)
	default:
		p.askAgain(w, r, d, codeSent)
	}
}

// mendMail takes the address that was meant. A code that went to the one with the slip is sent again; one that went to a telephone stays good.
func (p *Pages) mendMail(w http.ResponseWriter, r *http.Request, d *draft) {
	meant := meantMail(d.Person.Contact.Mail)
	if meant == "" { // pressed twice
		http.Redirect(w, r, address("/book/confirm/"+d.secret, stateOf(r).common()), http.StatusSeeOther)
		return
	}
	d.Person.Contact.Mail, d.Form.Mail = meant, meant
	if d.Person.Contact.Reach != consult.ReachSMS {
		p.again(w, r, d)
		return
	}
	d.SentTo = sentTo(d.Person.Contact)
	if err := p.save(d, nil); err != nil {
		p.noDraft(w, r, err)
		return
	}
	p.askAgain(w, r, d, codeStays)
}

// tryCode counts each try before it answers.
func (p *Pages) tryCode(w http.ResponseWriter, r *http.Request, d *draft) {
	code := strings.NewReplacer(" ", "", "-", "", ".", "", "\u00a0", "", "\u202f", "").Replace(notify.LatinFigures(r.PostForm.Get("code")))
	if len(code) != codeFigures || strings.Trim(code, "0123456789") != "" {
		p.askAgain(w, r, d, codeNone) // no guess: no such code can be
		return
	}
	for range maxAttempts {
		if d.Tries >= maxTries || d.Code == "" {
			p.askAgain(w, r, d, codeUsedUp)
			return
		}
		right := subtle.ConstantTimeCompare([]byte(code), []byte(d.Code)) == 1
		d.Tries++
		if right {
			d.Confirmed, d.Code = true, ""
		}
		err := p.save(d, nil)
		if errors.Is(err, kv.ErrConflict) {
			if d, err = p.loadDraft(d.secret); err == nil && !d.Confirmed {
				continue
			}
		}
		switch {
		case err != nil:
			p.noDraft(w, r, err)
		case d.Confirmed:
			p.finish(w, r, d)
		default:
			p.Practice.Guard().Wrong(api.RemoteAddr(r))
			p.askAgain(w, r, d, codeWrong)
		}
		return
	}
	p.failed(w, r, consult.ErrBusy)
}

// sameAs is the state of a page for a draft: what was read before the code was typed holds after it, whatever the address says; only the time
// may be another.
func (d *draft) sameAs(s state) state {
	s.Service, s.With, s.Modality, s.Place, s.Speaks, s.From = d.Service, d.With, d.Modality, d.Place, "", 0
	return s
}

// another keeps another time for a draft whose own was taken.
func (p *Pages) another(w http.ResponseWriter, r *http.Request, d *draft) {
	start := chosenStart(r)
	s := d.sameAs(stateOf(r))
	if start.IsZero() {
		p.gone(w, r)
		return
	}
	p.release(d.Hold)
	kept, err := p.keep(r, s, start)
	var taken *booking.TakenError
	switch {
	case errors.As(err, &taken):
		p.taken(w, r, taken.Next, s, address("/book/confirm/"+d.secret, s.common()), s.times())
		return
	case err != nil:
		p.notKept(w, r, s, err)
		return
	}
	d.Hold, d.HoldID, d.Until, d.With, d.Place, d.Start = kept.Secret, kept.ID, kept.Until, kept.Practitioner, kept.Place, kept.Start
	if of, err := p.Book.Schedule(kept.Practitioner); err == nil {
		d.Zone = of.TimeZone
	}
	if err := p.save(d, nil); err != nil {
		p.noDraft(w, r, err)
		return
	}
	if d.Confirmed {
		p.finish(w, r, d)
		return
	}
	http.Redirect(w, r, address("/book/confirm/"+d.secret, s.common()), http.StatusSeeOther)
}

// otherTimes shows what is free instead of the time of a draft.
func (p *Pages) otherTimes(w http.ResponseWriter, r *http.Request, d *draft) {
	s := d.sameAs(stateOf(r))
	from := d.Start
	if now := p.Clock(); from.Before(now) {
		from = now
	}
	next, err := p.Book.Free(booking.Query{Service: d.Service, Practitioner: d.With, Modality: d.Modality, Place: d.Place, From: from, To: from.Add(30 * 24 * time.Hour), Limit: 3})
	if err != nil {
		p.failed(w, r, err)
		return
	}
	p.taken(w, r, next, s, address("/book/confirm/"+d.secret, s.common()), s.times())
}

// finish does what a draft was made for, once, and leads to what came of it.
func (p *Pages) finish(w http.ResponseWriter, r *http.Request, d *draft) {
	q := stateOf(r).common()
	if d.Kind == kindWait {
		if err := p.putOnList(d); err != nil {
			p.failed(w, r, err)
			return
		}
		http.Redirect(w, r, address("/book/waiting", q), http.StatusSeeOther)
		return
	}
	if d.Booked == "" {
		booked, err := p.bookDraft(d)
		var taken *booking.TakenError
		if errors.As(err, &taken) {
			s := d.sameAs(stateOf(r))
			p.taken(w, r, taken.Next, s, address("/book/confirm/"+d.secret, q), s.times())
			return
		}
		if err != nil {
			p.failed(w, r, err)
			return
		}
		p.limits.holds.done(d.HoldID)
		p.limits.booked.allowsFrom(api.RemoteAddr(r)) // who has come to here is not sent away
		d.Booked = booked.Secret
		if err := p.save(d, nil); err != nil && !errors.Is(err, kv.ErrConflict) {
			p.Log.Error("a draft does not know that it was booked", "appointment", booked.Appointment.ID, "error", err)
		}
	}
	http.Redirect(w, r, address("/book/booked/"+d.Booked, q), http.StatusSeeOther)
}

// bookDraft books the time that is kept; when it is not kept any more, the same time, if it is still free.
func (p *Pages) bookDraft(d *draft) (booking.Booked, error) {
	service, err := p.Book.Service(d.Service)
	if err != nil {
		return booking.Booked{}, err
	}
	answers, files, err := p.stillGood(service, d.Form)
	if err != nil {
		return booking.Booked{}, err
	}
	request := booking.Request{
		Key: d.Key, By: byPatient(), Service: d.Service, Practitioner: d.With, Start: d.Start, Modality: d.Modality, Place: d.Place,
		Person: d.Person, Answers: answers, Files: files, Note: d.Form.Note,
	}
	if d.Kind == kindHold {
		request.Hold = d.Hold
	}
	booked, err := p.Book.Book(request)
	if errors.Is(err, booking.ErrHoldLapsed) {
		request.Hold = ""
		booked, err = p.Book.Book(request)
	}
	return booked, err
}

// putOnList puts somebody on the wait list; the draft's key stands for the place on it, so that the same form, sent twice, has one.
func (p *Pages) putOnList(d *draft) error {
	if d.Waiting {
		return nil
	}
	_, err := p.Book.Wait(booking.WaitRequest{Key: d.Key, Service: d.Service, Practitioner: d.With, From: d.From, To: d.To, Modality: d.Modality, Person: d.Person})
	if err != nil {
		return err
	}
	d.Waiting = true
	if err := p.save(d, nil); err != nil && !errors.Is(err, kv.ErrConflict) {
		p.Log.Error("a draft does not know that somebody waits", "error", err)
	}
	return nil
}

func (p *Pages) waitingPage(w http.ResponseWriter, r *http.Request) {
	lang := p.language(r, "")
	t := wordsIn(lang)
	p.render(w, r, http.StatusOK, "message", t.WaitingHeading, lang, messagePage{Heading: t.WaitingHeading, Says: t.Waiting})
}
