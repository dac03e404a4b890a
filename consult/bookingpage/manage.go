package bookingpage

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/api"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/notify"
)

// find returns the appointment of a manage link. Guessing is slowed; whatever is wrong with a link, it is gone.
func (p *Pages) find(r *http.Request) (booking.Appointment, error) {
	from := api.RemoteAddr(r)
	if err := p.Practice.Guard().Wait(r.Context(), from); err != nil {
		return booking.Appointment{}, err
	}
	a, err := p.Book.Find(r.PathValue("appointment"))
	if errors.Is(err, consult.ErrBadTicket) {
		p.Practice.Guard().Wrong(from)
	}
	return a, err
}

// linkGone answers to a link that is none, or none any more.
func (p *Pages) linkGone(w http.ResponseWriter, r *http.Request, err error) {
	switch consult.CodeOf(err) {
	case consult.CodeBadTicket, consult.CodeNotFound:
		p.say(w, r, http.StatusNotFound, func(t *words) (string, string) { return t.LinkGoneHeading, t.LinkGone })
	default:
		p.failed(w, r, err)
	}
}

type bookedPage struct {
	Heading, Says, File, Manage, ManageSays, Keep, Wanted string
	Summary                                               summary
}

// bookedPage says what was agreed, right after it was.
func (p *Pages) bookedPage(w http.ResponseWriter, r *http.Request) {
	a, err := p.find(r)
	if err != nil {
		p.linkGone(w, r, err)
		return
	}
	lang := p.language(r, a.Person.Language)
	t, secret := wordsIn(lang), r.PathValue("appointment")
	page := bookedPage{Heading: t.BookedHeading, Says: t.Booked, Manage: managePath(secret, ""), ManageSays: t.ManageLink, Keep: t.KeepLink, Summary: p.summaryOf(t, p.agreedOf(a, lang))}
	switch {
	case a.State == booking.StateRequested && a.Start.IsZero():
		page.Heading, page.Says, page.Summary.How = t.AskedHeading, t.AskedCall, ""
	case a.State == booking.StateRequested:
		page.Heading, page.Says = t.AskedHeading, t.Asked
	case a.State != booking.StateBooked:
		http.Redirect(w, r, page.Manage, http.StatusSeeOther)
		return
	}
	if a.State == booking.StateRequested {
		page.ManageSays, page.Keep = t.ManageAsked, t.KeepAsked
	}
	if a.State == booking.StateBooked {
		page.File = managePath(secret, "/appointment.ics")
	}
	if a.Told {
		page.Keep = t.KeepLinkSent
	}
	if wants := p.wantedOf(t, a, secret, nil); wants != nil && wants.Missing {
		page.Wanted = t.FilesLater
	}
	p.render(w, r, http.StatusOK, "booked", page.Heading, lang, page)
}

func managePath(secret, what string) string { return "/a/" + secret + what }

type managePage struct {
	Wanted                                        *wanted
	Heading, Says                                 string
	Good                                          bool
	Summary                                       summary
	Join, JoinSays, JoinHint                      string
	Move, Cancel, CancelSays, CutOff, File, Again string
	Others                                        []other
}

// other is another appointment of the same series, by its link.
type other struct{ When, Path string }

// managePage shows an appointment as it is, and what can be done with it.
func (p *Pages) managePage(w http.ResponseWriter, r *http.Request) {
	a, err := p.find(r)
	if err != nil {
		p.linkGone(w, r, err)
		return
	}
	p.showManaged(w, r, http.StatusOK, a, "")
}

func (p *Pages) showManaged(w http.ResponseWriter, r *http.Request, status int, a booking.Appointment, notice string) {
	p.showManagedWith(w, r, status, a, notice, nil)
}

// showManagedWith also says what is wrong with files that came.
func (p *Pages) showManagedWith(w http.ResponseWriter, r *http.Request, status int, a booking.Appointment, notice string, files map[string]string) {
	lang := p.language(r, a.Person.Language)
	t, secret, now := wordsIn(lang), r.PathValue("appointment"), p.Clock()
	page := managePage{Summary: p.summaryOf(t, p.agreedOf(a, lang))}
	if a.Start.IsZero() {
		page.Summary.How = "" // they are called back first
	}
	page.Heading, page.Says = t.stateOf(a, now)
	page.Good = a.State == booking.StateBooked && r.URL.Query().Get("moved") != ""
	if page.Good {
		page.Says = t.Moved
	}
	open := a.State == booking.StateBooked || a.State == booking.StateRequested || a.State == booking.StateArrived
	if p.mayChange(a, now) {
		page.Cancel, page.CancelSays = managePath(secret, "/cancel"), t.Cancel
		if a.State == booking.StateRequested {
			page.CancelSays = t.TakeBack
		}
		if service, err := p.Book.Service(a.Service); err == nil && !a.Start.IsZero() {
			page.CutOff = fmt.Sprintf(t.CutOff, notify.Instant(a.Start.Add(-service.CutOff), first(a.Person.TimeZone, a.TimeZone), lang))
			if !service.Hidden {
				page.Move = managePath(secret, "/move")
			}
		}
	} else if open && now.Before(a.End) {
		page.CutOff = p.callUs(t)
	}
	if open && !a.Start.IsZero() && a.State != booking.StateRequested && now.Before(a.End) {
		page.File = managePath(secret, "/appointment.ics")
	}
	page.Wanted = p.wantedOf(t, a, secret, files)
	page.Others = p.othersOf(a, lang, now)
	if joins(a, now) {
		page.Join, page.JoinSays, page.JoinHint = managePath(secret, "/join"), t.TryCamera, t.TryCameraHint
		if a.Start.Sub(now) <= joinsBefore {
			page.JoinSays, page.JoinHint = t.Join, t.JoinHint
		}
	}
	if (!open || isOver(a, now)) && p.cfg.Public {
		s := state{Service: a.Service}
		if page.Again = (state{}).services(); a.State != booking.StateInError {
			if _, _, err := p.offered(s); err == nil {
				page.Again = s.times()
			}
		}
	}
	if notice != "" {
		page.Says, page.Good = notice, false
	}
	p.render(w, r, status, "manage", page.Heading, lang, page)
}

// othersOf are the others of the series that are to come: a message that tells of all has one link.
func (p *Pages) othersOf(a booking.Appointment, lang string, now time.Time) []other {
	all, err := p.Book.InSeries(a)
	if err != nil {
		return nil // which the book has logged; the page is about this one
	}
	var others []other
	for _, one := range all {
		if one.ID == a.ID || one.State != booking.StateBooked || !one.Start.After(now) {
			continue
		}
		if secret, err := p.Book.ManageSecret(one.ID); err == nil {
			others = append(others, other{notify.Instant(one.Start, first(one.Person.TimeZone, one.TimeZone), lang), managePath(secret, "")})
		}
	}
	return others
}

// joinsBefore is how long before its start somebody is asked to come in rather than to try their camera.
const joinsBefore = 30 * time.Minute

// joinsAfter is how long after the planned end of an appointment its consultation may still be going on.
const joinsAfter = 4 * time.Hour

func (p *Pages) callUs(t *words) string {
	if phone := p.Practice.Profile().Phone; phone != "" {
		return fmt.Sprintf(t.TooLateCall, ltr(groupPhone(phone)))
	}
	return t.TooLate
}

// mayChange says whether a patient may still cancel or move: booking decides, this is what is told before.
func (p *Pages) mayChange(a booking.Appointment, now time.Time) bool {
	if a.State != booking.StateBooked && a.State != booking.StateRequested && a.State != booking.StateArrived {
		return false
	}
	if a.Start.IsZero() {
		return true
	}
	service, err := p.Book.Service(a.Service)
	return now.Before(a.Start) && (err != nil || a.Start.Sub(now) >= service.CutOff)
}

// stateOf says in a heading and a sentence how far an appointment has come.
func (t *words) stateOf(a booking.Appointment, now time.Time) (heading, says string) {
	switch a.State {
	case booking.StateRequested:
		if a.Start.IsZero() {
			return t.StateAsked, t.AskedCall
		}
		return t.StateAsked, t.Asked
	case booking.StateCancelled:
		return t.StateCancelled, t.Cancelled
	case booking.StateInError:
		return t.StateCancelled, t.CancelledByUs
	case booking.StateRefused:
		return t.StateRefused, t.Refused
	case booking.StateFulfilled, booking.StateByPhone:
		return t.StateOver, t.Over
	case booking.StateToRebook:
		return t.StateToRebook, t.ToRebook
	case booking.StateNoShow:
		return t.StateOver, t.Past
	}
	if isOver(a, now) {
		return t.StateOver, t.Past
	}
	return t.StateBooked, ""
}

// isOver says whether the time of an appointment has passed; one by video may still be going on for a while.
func isOver(a booking.Appointment, now time.Time) bool {
	end := a.End
	if a.Modality == booking.ModalityVideo {
		end = end.Add(joinsAfter)
	}
	return !a.Start.IsZero() && now.After(end)
}

type cancelPage struct {
	Heading, Action, Back, Yes, No, Means string
	Summary                               summary
}

// cancelPage asks once more; nothing is cancelled by opening it.
func (p *Pages) cancelPage(w http.ResponseWriter, r *http.Request) {
	a, err := p.find(r)
	if err != nil {
		p.linkGone(w, r, err)
		return
	}
	if !p.mayChange(a, p.Clock()) {
		p.showManaged(w, r, http.StatusOK, a, p.whyNot(r, a))
		return
	}
	lang, secret := p.language(r, a.Person.Language), r.PathValue("appointment")
	t := wordsIn(lang)
	page := cancelPage{
		Heading: t.CancelHeading, Yes: t.CancelYes, No: t.CancelNo, Means: t.CancelMeans, Action: address(managePath(secret, "/cancel"), stateOf(r).common()), Back: managePath(secret, ""),
		Summary: p.summaryOf(t, p.agreedOf(a, lang)),
	}
	if a.State == booking.StateRequested {
		page.Heading, page.Yes, page.No = t.TakeBackHeading, t.TakeBackYes, t.TakeBackNo
	}
	if a.Start.IsZero() {
		page.Summary.How, page.Means = "", ""
	}
	p.render(w, r, http.StatusOK, "cancel", page.Heading, lang, page)
}

// whyNot says kindly why a press came too late; "" when the state says it.
func (p *Pages) whyNot(r *http.Request, a booking.Appointment) string {
	if a.State == booking.StateBooked || a.State == booking.StateRequested || a.State == booking.StateArrived {
		return p.callUs(wordsIn(p.language(r, a.Person.Language)))
	}
	return ""
}

func (p *Pages) cancel(w http.ResponseWriter, r *http.Request) {
	a, err := p.find(r)
	if err != nil {
		p.linkGone(w, r, err)
		return
	}
	_, err = p.Book.Cancel(a.ID, booking.CancelRequest{By: byPatient()})
	switch {
	case errors.Is(err, booking.ErrTooLate), errors.Is(err, booking.ErrState):
		p.showManaged(w, r, http.StatusConflict, a, p.whyNot(r, a))
	case err != nil:
		p.failed(w, r, err)
	default:
		http.Redirect(w, r, address(managePath(r.PathValue("appointment"), ""), stateOf(r).common()), http.StatusSeeOther)
	}
}

// movePage shows the other times; one press moves.
func (p *Pages) movePage(w http.ResponseWriter, r *http.Request) {
	a, err := p.find(r)
	if err != nil {
		p.linkGone(w, r, err)
		return
	}
	now, secret := p.Clock(), r.PathValue("appointment")
	service, err := p.Book.Service(a.Service)
	if err != nil || a.Start.IsZero() || !p.mayChange(a, now) {
		p.showManaged(w, r, http.StatusOK, a, p.whyNot(r, a))
		return
	}
	lang, s := p.language(r, a.Person.Language), stateOf(r)
	t := wordsIn(lang)
	zone := loadZone(first(s.Zone, first(a.Person.TimeZone, a.TimeZone)))
	page := timesPage{
		T: t, Heading: t.MoveHeading, Back: managePath(secret, ""), BackSays: t.MoveNo, Summary: p.summaryOf(t, p.agreedOf(a, lang)), Nothing: t.NoTimes,
		Action: address(managePath(secret, "/move"), s.common()), zoneLine: zoneLine{Zone: zone.String(), ZoneSays: fmt.Sprintf(t.TimesIn, notify.ZoneName(now.In(zone), lang))},
	}
	found, err := p.freeDays(r, booking.Query{Service: a.Service, Practitioner: a.Practitioner, Modality: a.Modality}, s.From, zone, now, service.Horizon)
	if err != nil {
		p.failed(w, r, err)
		return
	}
	page.Days = daysOf(found.times, zone, lang, now)
	at := func(from booking.Date) string {
		q := s.common()
		if from > booking.DateOf(now.In(zone)) {
			q.Set("from", from.String())
		}
		return address(managePath(secret, "/move"), q)
	}
	if found.from > booking.DateOf(now.In(zone)) {
		page.Earlier = at(found.from - 7)
	}
	if found.next != 0 {
		page.Later = at(found.next)
	}
	p.render(w, r, http.StatusOK, "times", t.MoveHeading, lang, page)
}

func (p *Pages) move(w http.ResponseWriter, r *http.Request) {
	a, err := p.find(r)
	if err != nil {
		p.linkGone(w, r, err)
		return
	}
	start, path := chosenStart(r), managePath(r.PathValue("appointment"), "")
	if start.IsZero() {
		p.gone(w, r)
		return
	}
	_, err = p.Book.Move(a.ID, booking.MoveRequest{By: byPatient(), Start: start})
	var taken *booking.TakenError
	q := stateOf(r).common()
	switch {
	case errors.As(err, &taken):
		p.taken(w, r, taken.Next, stateOf(r), address(path+"/move", q), address(path+"/move", q))
	case errors.Is(err, booking.ErrTooLate), errors.Is(err, booking.ErrState):
		p.showManaged(w, r, http.StatusConflict, a, p.whyNot(r, a))
	case err != nil:
		p.failed(w, r, err)
	default:
		q.Set("moved", "1")
		http.Redirect(w, r, address(path, q), http.StatusSeeOther)
	}
}
