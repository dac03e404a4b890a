package api

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"time"

	"golang.org/x/text/language"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
)

// Pages renders pages: home, desk, signed-out, enter, sign-in, invitation, patient, documents, link-gone, lost-link, code, in fr, en and ar.
type Pages interface {
	Render(w io.Writer, page, language string, data any) error
}

// PageData is what a page is told. What does not concern it is "".
type PageData struct {
	Practice       consult.Profile
	Practitioner   string // name: on the pages patient, desk and sign-in
	Language       string // of this page
	Ticket         string // on the pages patient, documents and sign-in
	ConsultationID string
	ParticipantID  string
	State          string // of the consultation, when the page was made
	ScheduledAt    string // RFC 3339, "" for at once: on the page patient, as the next two
	RoomOpensAt    string // RFC 3339, "" when it is open from the start
	TimeZone       string // IANA, the participant's
	Base           string // where this server is: "https://example.org"

	// On the page documents, RFC 3339: when the documents and the messages are erased, "" for what there is none of.
	Until, MessagesUntil string

	Request *RequestData // on the page interpreter
}

func (a *api) home(w http.ResponseWriter, r *http.Request) {
	if _, err := a.account(r.Context()); err == nil {
		http.Redirect(w, r, "/desk", http.StatusSeeOther)
		return
	}
	a.render(w, r, http.StatusOK, "home", PageData{})
}

func (a *api) desk(w http.ResponseWriter, r *http.Request) {
	who, err := a.account(r.Context())
	if err != nil {
		a.renderError(w, r, err, "signed-out", http.StatusUnauthorized)
		return
	}
	if owners, err := a.Accounts.ActsFor(who); err == nil {
		a.Patients.Warm(owners) // the first search as one types is then as quick as the others
	}
	a.render(w, r, http.StatusOK, "desk", PageData{Practitioner: who.Name})
}

func (a *api) patient(w http.ResponseWriter, r *http.Request) {
	ticket := r.PathValue("ticket")
	seat, err := a.Practice.Redeem(r.Context(), ticket, callerOf(r.Context()).from)
	if errors.Is(err, consult.ErrBadTicket) {
		if after, kept, err := a.Documents.After(ticket); err == nil {
			a.render(w, r, http.StatusOK, "documents", PageData{
				Practitioner: after.Consultation.PractitionerName, Language: after.Participant.Language, Ticket: ticket,
				ConsultationID: string(after.Consultation.ID), Until: timeOrEmpty(kept.Documents), MessagesUntil: timeOrEmpty(kept.Messages),
			})
			return
		}
	}
	if err != nil {
		a.renderError(w, r, err, "link-gone", http.StatusNotFound)
		return
	}
	zone := seat.Participant.TimeZone
	if zone == "" {
		zone = a.Practice.Profile().TimeZone
	}
	a.render(w, r, http.StatusOK, "patient", PageData{
		Practitioner:   seat.Consultation.PractitionerName,
		Language:       seat.Participant.Language,
		Ticket:         ticket,
		ConsultationID: string(seat.Consultation.ID),
		ParticipantID:  string(seat.Participant.ID),
		State:          string(seat.Consultation.State),
		ScheduledAt:    timeOrEmpty(seat.Consultation.ScheduledAt),
		RoomOpensAt:    timeOrEmpty(a.Practice.RoomOpensAt(seat.Consultation)),
		TimeZone:       zone,
	})
}

func timeOrEmpty(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func (a *api) signInPage(w http.ResponseWriter, r *http.Request) {
	ticket := r.PathValue("ticket")
	who, err := a.Accounts.PeekSignIn(r.Context(), ticket, callerOf(r.Context()).from)
	if err != nil {
		a.renderError(w, r, err, "link-gone", http.StatusNotFound)
		return
	}
	a.render(w, r, http.StatusOK, "sign-in", PageData{Practitioner: who.Name, Ticket: ticket})
}

// enterPage is where people sign in who have a way of their own to do so.
func (a *api) enterPage(w http.ResponseWriter, r *http.Request) {
	a.render(w, r, http.StatusOK, "enter", PageData{})
}

// invitationPage is where people who were invited choose how they sign in.
func (a *api) invitationPage(w http.ResponseWriter, r *http.Request) {
	ticket := r.PathValue("ticket")
	who, err := a.Accounts.PeekInvitation(r.Context(), ticket, callerOf(r.Context()).from)
	if err != nil {
		a.renderError(w, r, err, "link-gone", http.StatusNotFound)
		return
	}
	a.render(w, r, http.StatusOK, "invitation", PageData{Practitioner: who.Name, Ticket: ticket})
}

// renderError shows the page for what went wrong with a person's doing, and a bare sentence for the rest.
func (a *api) renderError(w http.ResponseWriter, r *http.Request, err error, page string, status int) {
	if p := problemOf(err); p.Status != status {
		a.sentence(w, p)
		return
	}
	a.render(w, r, status, page, PageData{})
}

// render fills in what every page is told. Language: as asked with ?lang=, else that of the data, else the
// one chosen in this browser's settings, else the browser's, else the practice's.
func (a *api) render(w http.ResponseWriter, r *http.Request, status int, page string, data PageData) {
	data.Practice, data.Base = a.Practice.Profile(), a.BaseURL()
	data.Language = a.languageFor(r, data.Language)
	var body bytes.Buffer
	if err := a.Pages.Render(&body, page, data.Language, data); err != nil {
		a.Logger.Error("page not rendered", "page", page, "language", data.Language, "error", err)
		a.sentence(w, problemOf(consult.ErrInternal))
		return
	}
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", data.Language)
	h.Set("Content-Length", strconv.Itoa(body.Len()))
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // the other side is gone: nothing to do
}

func (a *api) sentence(w http.ResponseWriter, p *Problem) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(p.Status)
	_, _ = io.WriteString(w, p.Detail+"\n")
}

// chosenLanguage returns what the settings page keeps in a cookie, or "". It says nothing about who it is.
func chosenLanguage(r *http.Request) string {
	chosen, err := r.Cookie("language")
	if err != nil {
		return ""
	}
	return chosen.Value
}

// pageLanguage returns the first of the wishes (tags, or values of Accept-Language) that there are pages in.
func pageLanguage(wishes ...string) string {
	available := []language.Tag{language.French, language.English, language.Arabic}
	matcher := language.NewMatcher(available)
	for _, wish := range wishes {
		if len(wish) > maxLanguages {
			continue
		}
		tags, _, err := language.ParseAcceptLanguage(wish)
		if err != nil || len(tags) == 0 {
			continue
		}
		if _, index, confidence := matcher.Match(tags...); confidence > language.No {
			base, _ := available[index].Base()
			return base.String()
		}
	}
	return "en"
}

const maxLanguages = 256 // bytes of a language wish that are looked at

// languageFor is the language of a page whose reader's is known, or "".
func (a *api) languageFor(r *http.Request, known string) string {
	return PageLanguage(r, known, a.Practice.Profile().Language)
}

// PageLanguage is the language of a page: as asked with ?lang=, else the reader's when it is known, else the one chosen in this browser, else
// the browser's, else the practice's.
func PageLanguage(r *http.Request, known, practice string) string {
	return pageLanguage(r.URL.Query().Get("lang"), known, chosenLanguage(r), r.Header.Get("Accept-Language"), practice)
}

// account returns who is signed in in this browser, its screen locked or not, or account.ErrSignedOut.
func (a *api) account(ctx context.Context) (account.Account, error) {
	actor, err := a.Accounts.ActorByCookie(callerOf(ctx).cookie)
	return actor.Account, err
}
