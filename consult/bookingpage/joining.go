package bookingpage

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/calendar"
)

// joins says whether there is something to join: a video appointment that is not over. Whoever comes late finds the practitioner, or a kind word there.
func joins(a booking.Appointment, now time.Time) bool {
	switch a.State {
	case booking.StateBooked, booking.StateArrived, booking.StateInVisit, booking.StateInterrupted:
		return a.Modality == booking.ModalityVideo && now.Before(a.End.Add(joinsAfter))
	}
	return false
}

// join leads to the consultation of an appointment by video, and makes it when it is not there yet.
func (p *Pages) join(w http.ResponseWriter, r *http.Request) {
	a, err := p.find(r)
	if err != nil {
		p.linkGone(w, r, err)
		return
	}
	if !joins(a, p.Clock()) {
		p.showManaged(w, r, http.StatusConflict, a, "")
		return
	}
	secret, err := p.joinLink(a)
	switch {
	case errors.Is(err, consult.ErrEnded), errors.Is(err, booking.ErrState), errors.Is(err, consult.ErrNotFound):
		t := wordsIn(p.language(r, a.Person.Language))
		p.showManaged(w, r, http.StatusConflict, a, t.CallOver)
	case err != nil:
		p.failed(w, r, err)
	default:
		http.Redirect(w, r, "/c/"+secret, http.StatusSeeOther)
	}
}

func (p *Pages) joinLink(a booking.Appointment) (string, error) {
	a, err := p.Book.OpenNow(a.ID)
	if err != nil {
		return "", err
	}
	c, err := p.Practice.Consultation(a.Consultation)
	if err != nil {
		return "", err
	}
	for _, who := range c.Participants {
		if who.Role == consult.RolePatient {
			return p.Practice.Link(c.Practitioner, c.ID, who.ID)
		}
	}
	return "", consult.ErrNotFound
}

// file is the appointment for the patient's calendar. It is a copy, with the same UID for ever: put in once more it changes what is there.
func (p *Pages) file(w http.ResponseWriter, r *http.Request) {
	a, err := p.find(r)
	if err != nil {
		p.linkGone(w, r, err)
		return
	}
	lang, practice := p.language(r, a.Person.Language), p.Practice.Profile()
	t := wordsIn(lang)
	s := p.summaryOf(t, p.agreedOf(a, lang))
	link := p.BaseURL() + managePath(r.PathValue("appointment"), "")
	b, err := calendar.Encode(a, calendar.Event{
		Method: calendar.MethodPublish, Summary: fmt.Sprintf(t.EventName, practice.Name), Link: link, Name: practice.Name,
		Description: strings.Join([]string{s.When, s.Who, s.How, fmt.Sprintf(t.EventLink, link)}, "\n"), Location: eventPlace(a, s, practice),
	})
	if err != nil {
		p.gone(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/calendar; charset=utf-8; method=PUBLISH")
	h.Set("Content-Disposition", `attachment; filename="`+t.EventFile+`.ics"`)
	_, _ = w.Write(b) // the other side is gone: nothing to do
}

func eventPlace(a booking.Appointment, s summary, practice consult.Profile) string {
	if a.Modality == booking.ModalityInPerson {
		return first(a.Place, practice.Address)
	}
	return s.How
}
