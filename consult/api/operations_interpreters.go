package api

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/notify"
)

// Interpreters: who can be asked, the asking, and the page on which they answer, which works without scripts.
type (
	organisationBody struct {
		Name      string      `json:"name" maxLength:"400"`
		Contact   contactBody `json:"contact,omitempty"`
		Languages []string    `json:"languages,omitempty" maxItems:"60" doc:"BCP 47 tags; sign languages too: fsl is LSF."`
	}
	savedOrganisationBody struct {
		ID consult.OrganisationID `json:"id"`
		organisationBody
	}
	organisationsBody struct {
		Organisations []savedOrganisationBody `json:"organisations" doc:"By name."`
	}
	setOrganisationInput struct {
		ID   consult.OrganisationID `path:"organisation" maxLength:"64"`
		Body organisationBody
	}
	organisationInput struct {
		ID   consult.OrganisationID `path:"organisation" maxLength:"64"`
		Body *noBody
	}
	interpreterBody struct {
		ID        string   `json:"id" doc:"Of an organisation, or of an interpreter's account."`
		Name      string   `json:"name"`
		Languages []string `json:"languages"`
		Reachable bool     `json:"reachable" doc:"By mail or SMS; else the link is handed over."`
	}
	interpretersBody struct {
		Interpreters []interpreterBody `json:"interpreters" doc:"Organisations first, then accounts."`
	}
	askInterpreterInput struct {
		ID   consult.ConsultationID `path:"id" maxLength:"64"`
		Body struct {
			Of       string    `json:"of" maxLength:"64" doc:"Id of an organisation, or of an interpreter's account."`
			From     string    `json:"from" maxLength:"100" example:"fr"`
			Into     string    `json:"into" maxLength:"100" example:"fsl"`
			Deadline time.Time `json:"deadline" doc:"Until when they may answer."`
		}
	}
	askedBody struct {
		ID   consult.RequestID `json:"id"`
		Link string            `json:"link" doc:"To answer with."`
		Sent bool              `json:"sent" doc:"By mail or SMS; false: the link is to be handed over."`
	}
	withdrawInput struct {
		ID      consult.ConsultationID `path:"id" maxLength:"64"`
		Request consult.RequestID      `path:"request" maxLength:"64"`
		Body    *noBody
	}
	requestBody struct {
		ID       consult.RequestID    `json:"id"`
		Name     string               `json:"name" doc:"Of who was asked."`
		From     string               `json:"from"`
		Into     string               `json:"into"`
		Deadline time.Time            `json:"deadline"`
		State    consult.RequestState `json:"state" doc:"asked, accepted, refused, withdrawn, lapsed, or taken: another one was accepted."`
	}
)

// RequestData is what the page of a request for an interpreter is told. Nothing of the patient is in it.
type RequestData struct {
	State      consult.RequestState
	From, Into string // in words
	When       string // in words; "": now
	Deadline   string // in words
	Name       string // of who was asked
	Link       string // to join with, once they accepted just now
	Sent       bool   // it was sent to them, too
}

// answerPath is that of the page itself: its links to the other languages lead back to it, also after an answer.
const answerPath = "/r/{ticket}"

func (a *api) interpreters() []operation {
	const at = "/consultations/{id}/interpreter-requests"
	const read, write, settings = account.ScopeConsultationsRead, account.ScopeConsultationsWrite, account.ScopeSettingsWrite
	return []operation{
		op(http.MethodGet, "/interpreters", "interpreters", "Who can be asked to interpret", http.StatusOK, read, a.listInterpreters),
		op(http.MethodPost, at, "ask-interpreter", "Ask somebody to interpret", http.StatusCreated, write, a.askInterpreter),
		op(http.MethodPost, at+"/{request}/withdraw", "withdraw-interpreter", "Take a request back that nobody answered", http.StatusNoContent, write, a.withdrawInterpreter),
		op(http.MethodGet, "/organisations", "organisations", "The organisations that send interpreters", http.StatusOK, settings, a.organisations),
		op(http.MethodPost, "/organisations", "add-organisation", "Write an organisation down", http.StatusCreated, settings, a.addOrganisation),
		op(http.MethodPut, "/organisations/{organisation}", "set-organisation", "Change an organisation", http.StatusOK, settings, a.setOrganisation),
		op(http.MethodDelete, "/organisations/{organisation}", "remove-organisation", "Forget an organisation", http.StatusNoContent, settings, a.removeOrganisation),
		page(http.MethodPost, answerPath, "answer-request", "Accept or refuse to interpret, with the link of the request", a.answerRequest),
	}
}

func (a *api) listInterpreters(context.Context, *struct{}) (*bodyOf[interpretersBody], error) {
	all, err := a.Practice.Organisations()
	if err != nil {
		return nil, err
	}
	out := interpretersBody{[]interpreterBody{}}
	for _, o := range all {
		out.Interpreters = append(out.Interpreters, interpreterBody{string(o.ID), o.Name, append([]string{}, o.Languages...), o.Contact.Reach != consult.ReachHanded})
	}
	accounts, err := a.Accounts.Members()
	if err != nil {
		return nil, err
	}
	for _, member := range accounts {
		one := member.Account
		if one.Has(account.RoleInterpreter) && !one.Disabled {
			out.Interpreters = append(out.Interpreters, interpreterBody{string(one.ID), one.Name, append([]string{}, one.Languages...), one.Mail != ""})
		}
	}
	return &bodyOf[interpretersBody]{out}, nil
}

// interpreter is who is meant by an id: an organisation or an account.
func (a *api) interpreter(id string) (name string, to consult.Contact, err error) {
	if strings.HasPrefix(id, "o_") {
		o, err := a.Practice.Organisation(consult.OrganisationID(id))
		return o.Name, o.Contact, err
	}
	who, err := a.Accounts.Account(consult.AccountID(id))
	if err == nil && (!who.Has(account.RoleInterpreter) || who.Disabled) {
		err = errNoInterpreter
	}
	return who.Name, consult.Contact{Mail: who.Mail}, err
}

func (a *api) askInterpreter(ctx context.Context, in *askInterpreterInput) (*bodyOf[askedBody], error) {
	c, err := a.consultation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	b := in.Body
	name, to, err := a.interpreter(b.Of)
	if err != nil {
		return nil, err
	}
	asked, err := a.Practice.AskForInterpreter(c.Practitioner, c.ID, consult.AskInterpreter{
		Of: b.Of, Name: name, To: to, From: b.From, Into: b.Into, Deadline: b.Deadline,
	})
	if err != nil {
		return nil, err
	}
	link := a.BaseURL() + consult.NoticeInterpreterRequest.LinkPath() + asked.Secret
	return &bodyOf[askedBody]{askedBody{asked.Request.ID, link, asked.Sent}}, nil
}

func (a *api) withdrawInterpreter(ctx context.Context, in *withdrawInput) (*struct{}, error) {
	c, err := a.consultation(ctx, in.ID)
	if err == nil {
		err = a.Practice.WithdrawRequest(c.Practitioner, c.ID, in.Request)
	}
	return nil, err
}

func (a *api) organisations(context.Context, *struct{}) (*bodyOf[organisationsBody], error) {
	all, err := a.Practice.Organisations()
	out := organisationsBody{[]savedOrganisationBody{}}
	for _, o := range all {
		out.Organisations = append(out.Organisations, organisationOf(o))
	}
	return bodyOrError(out, err)
}

func (a *api) addOrganisation(_ context.Context, in *bodyOf[organisationBody]) (*bodyOf[savedOrganisationBody], error) {
	return a.saveOrganisation("", in.Body)
}

func (a *api) setOrganisation(_ context.Context, in *setOrganisationInput) (*bodyOf[savedOrganisationBody], error) {
	if in.ID == "" {
		return nil, consult.ErrNotFound
	}
	return a.saveOrganisation(in.ID, in.Body)
}

func (a *api) saveOrganisation(id consult.OrganisationID, b organisationBody) (*bodyOf[savedOrganisationBody], error) {
	o, err := a.Practice.SaveOrganisation(consult.Organisation{ID: id, Name: b.Name, Contact: consult.Contact(b.Contact), Languages: b.Languages})
	return bodyOrError(organisationOf(o), err)
}

func (a *api) removeOrganisation(_ context.Context, in *organisationInput) (*struct{}, error) {
	return nil, a.Practice.RemoveOrganisation(in.ID)
}

func organisationOf(o consult.Organisation) savedOrganisationBody {
	return savedOrganisationBody{o.ID, organisationBody{o.Name, contactBody(o.Contact), append([]string{}, o.Languages...)}}
}

func (a *api) requestsOf(c consult.Consultation) []requestBody {
	all := make([]requestBody, 0, len(c.Requests))
	for _, r := range c.Requests {
		all = append(all, requestBody{r.ID, r.Name, r.From, r.Into, r.Deadline, a.Practice.RequestState(c, r)})
	}
	return all
}

// requestPage shows what an interpreter is asked for. It changes nothing: mail scanners look at it too.
func (a *api) requestPage(w http.ResponseWriter, r *http.Request) {
	a.showRequest(w, r, r.PathValue("ticket"), RequestData{}, http.StatusOK)
}

// showRequest renders the page as the request is now, with what was made just now.
func (a *api) showRequest(w http.ResponseWriter, r *http.Request, ticket string, made RequestData, status int) {
	c, asked, err := a.Practice.PeekRequest(r.Context(), ticket, callerOf(r.Context()).from)
	if err != nil {
		a.renderError(w, r, err, "link-gone", http.StatusNotFound)
		return
	}
	profile := a.Practice.Profile()
	in := a.languageFor(r, "")
	data := &RequestData{
		State: a.Practice.RequestState(c, asked), From: notify.LanguageName(asked.From, in), Into: notify.LanguageName(asked.Into, in),
		Deadline: notify.Instant(asked.Deadline, profile.TimeZone, in), Name: asked.Name, Link: made.Link, Sent: made.Sent,
	}
	if !asked.At.IsZero() {
		data.When = notify.Instant(asked.At, profile.TimeZone, in)
	}
	a.render(w, r, status, "interpreter", PageData{Ticket: ticket, Request: data})
}

func (a *api) answerRequest(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || len(r.PostForm["answer"]) != 1 {
		newProblem(http.StatusBadRequest, consult.CodeBadMessage, "The form cannot be read.").write(w)
		return
	}
	ticket, from := r.PathValue("ticket"), callerOf(r.Context()).from
	var made consult.Accepted
	var err error
	switch r.PostForm.Get("answer") {
	case "accept":
		made, err = a.Practice.AcceptRequest(r.Context(), ticket, consult.Acceptance{
			Name: r.PostForm.Get("name"), Language: a.languageFor(r, ""), TimeZone: r.PostForm.Get("time_zone"),
		}, from)
	case "refuse":
		err = a.Practice.RefuseRequest(r.Context(), ticket, from)
	default:
		err = errNoAnswer
	}
	switch {
	case err == nil && made.Secret != "":
		a.showRequest(w, r, ticket, RequestData{Link: a.joinLink(made.Secret), Sent: made.Sent}, http.StatusOK)
	case err == nil:
		a.showRequest(w, r, ticket, RequestData{}, http.StatusOK)
	case errors.Is(err, consult.ErrBadTicket):
		a.renderError(w, r, err, "link-gone", http.StatusNotFound)
	case errors.Is(err, consult.ErrRequestTaken), errors.Is(err, consult.ErrRequestLapsed), errors.Is(err, consult.ErrRequestAnswered):
		a.showRequest(w, r, ticket, RequestData{}, http.StatusConflict)
	default:
		problemOf(err).write(w)
	}
}

var (
	errNoInterpreter error = &consult.Error{Code: consult.CodeNotFound, Message: "There is no such interpreter."}
	errNoAnswer      error = &consult.Error{Code: consult.CodeBadMessage, Message: "The answer is accept or refuse."}
)
