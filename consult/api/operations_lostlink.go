package api

import (
	"errors"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/notify"
)

// The public pages for who has no link: "I lost my link", which sends one to the number or address that the practice knows, and "enter my
// code", for the printed sheet. They are forms that work before any script; GET shows them and changes nothing.
const (
	lostLinkPath = "/lost-link"
	codePath     = "/code"
)

// lostLinks is the area of these pages.
func (a *api) lostLinks() []operation {
	return []operation{
		page(http.MethodGet, lostLinkPath, "lost-link-page", "The page for who lost their link", a.lostLinkPage),
		page(http.MethodPost, lostLinkPath, "lost-link", "Send fresh links to a number or address, if it is known; the answer is always the same", a.lostLink),
		page(http.MethodGet, codePath, "code-page", "The page for who has a code on paper", a.codePage),
		page(http.MethodPost, codePath, "code", "Go to the waiting room that a code leads to", a.enterCode),
	}
}

// page is an operation that answers with a page, and takes a form.
func page(method, path, id, summary string, do http.HandlerFunc) operation {
	return operation{
		method: method, path: path, id: id, summary: summary, status: http.StatusOK, access: public, maxBody: maxForm, raw: true,
		accepts: []string{"application/x-www-form-urlencoded"},
		add:     func(a *api, h huma.API, row operation) { a.registerStream(h, row, do) },
	}
}

const maxForm = 2 << 10 // bytes

// What PageData.State says on these pages; "" is the empty form.
const (
	stateSent  = "sent"
	stateWrong = "wrong"
	stateWait  = "wait"
)

func (a *api) lostLinkPage(w http.ResponseWriter, r *http.Request) {
	a.render(w, r, http.StatusOK, "lost-link", PageData{})
}

func (a *api) codePage(w http.ResponseWriter, r *http.Request) {
	a.render(w, r, http.StatusOK, "code", PageData{})
}

// lostLinkTakes is how long the answer takes, whether or not anybody was found: so long that it cannot be told which.
const lostLinkTakes = 600 * time.Millisecond

// lostLinkEvery is how often a link is sent again to one person: who taps twice, or is plagued by somebody, gets one message.
const lostLinkEvery = 10 * time.Minute

func (a *api) lostLink(w http.ResponseWriter, r *http.Request) {
	began := time.Now()
	typed, ok := a.formValue(w, r, "address")
	if !ok {
		return
	}
	from := callerOf(r.Context()).from
	if err := a.Practice.Guard().Wait(r.Context(), from); err != nil {
		return // the other side is gone
	}
	a.Practice.Guard().Wrong(from) // each asking counts: nobody goes through a telephone book
	if address := a.addressOf(typed); address != "" {
		a.sendLostLinks(address, from)
	}
	select {
	case <-time.After(lostLinkTakes - time.Since(began)):
	case <-r.Context().Done():
		return
	}
	a.render(w, r, http.StatusOK, "lost-link", PageData{State: stateSent})
}

// addressOf is what was typed, as contacts are stored; "" when it is neither a number nor an address.
func (a *api) addressOf(typed string) string {
	if strings.Contains(typed, "@") {
		address, err := consult.CleanMail(typed)
		if err != nil {
			return ""
		}
		return address
	}
	number, err := consult.CleanPhone(typed, a.Practice.Profile().Country)
	if err != nil {
		return ""
	}
	return number
}

// maxLostLinks bounds how many links one asking sends.
const maxLostLinks = 3

// soonest and latest bound which consultations a lost link is sent for: what is planned for next month has its own invitation.
const (
	lostLinkAhead = 8 * 24 * time.Hour
	lostLinkBack  = 24 * time.Hour
)

func (a *api) sendLostLinks(address string, from netip.Addr) {
	seats, err := a.Notices.SeatsOf(address)
	if err != nil {
		return // logged already
	}
	now, sent := time.Now(), 0
	for _, seat := range seats {
		c, err := a.Practice.Consultation(seat.Consultation)
		if err != nil || c.State == consult.StateEnded || c.When().After(now.Add(lostLinkAhead)) || c.When().Before(now.Add(-lostLinkBack)) {
			continue
		}
		key := linkKey(seat.Consultation, seat.Participant, now, lostLinkEvery)
		if known, err := a.Notices.Known(key); err != nil || known {
			continue
		}
		if err := a.Practice.SendLink(seat.Consultation, seat.Participant, key); err == nil {
			a.Logger.Info("a lost link was sent again", "consultation", seat.Consultation, "participant", seat.Participant)
			if sent++; sent == maxLostLinks {
				return
			}
		}
	}
}

func (a *api) enterCode(w http.ResponseWriter, r *http.Request) {
	typed, ok := a.formValue(w, r, "code")
	if !ok {
		return
	}
	from := callerOf(r.Context()).from
	if err := a.Practice.Guard().Wait(r.Context(), from); err != nil {
		return // the other side is gone
	}
	secret, err := a.linkOfCode(typed, from)
	switch {
	case err == nil:
		http.Redirect(w, r, "/c/"+secret, http.StatusSeeOther)
	case errors.Is(err, notify.ErrTooManyCodes):
		a.render(w, r, http.StatusTooManyRequests, "code", PageData{State: stateWait})
	case errors.Is(err, notify.ErrBadCode):
		a.render(w, r, http.StatusNotFound, "code", PageData{State: stateWrong})
	default:
		a.sentence(w, problemOf(err))
	}
}

// linkOfCode makes a fresh link for the seat that a code leads to.
func (a *api) linkOfCode(typed string, from netip.Addr) (string, error) {
	seat, err := a.Notices.SeatOfCode(typed, from)
	if err != nil {
		return "", err
	}
	c, err := a.Practice.Consultation(seat.Consultation)
	if err != nil {
		return "", err
	}
	secret, err := a.Practice.Link(c.Practitioner, c.ID, seat.Participant)
	if errors.Is(err, consult.ErrEnded) || errors.Is(err, consult.ErrNotFound) {
		return "", notify.ErrBadCode
	}
	return secret, err
}

// formValue reads the one field of a form; when it cannot be read, it answers and says so.
func (a *api) formValue(w http.ResponseWriter, r *http.Request, field string) (string, bool) {
	if err := r.ParseForm(); err != nil {
		newProblem(http.StatusBadRequest, consult.CodeBadMessage, "The form cannot be read.").write(w)
		return "", false
	}
	if len(r.PostForm) != 1 || len(r.PostForm[field]) != 1 || len(r.URL.RawQuery) > 0 && r.URL.Query().Get("lang") == "" {
		newProblem(http.StatusBadRequest, consult.CodeBadMessage, "The form has one field, "+field+".").write(w)
		return "", false
	}
	return strings.TrimSpace(r.PostForm.Get(field)), true
}
