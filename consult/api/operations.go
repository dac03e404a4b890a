package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
)

// The bodies of requests and answers. A field that is not here is refused.
type (
	signInBody struct {
		Ticket string `json:"ticket" maxLength:"100" doc:"From the one-time sign-in link."`
	}
	meBody struct {
		ID   consult.AccountID `json:"id"`
		Name string            `json:"name" doc:"Empty until it is said."`
		Role account.Role      `json:"role" enum:"practitioner"`
	}
	nameBody struct {
		Name string `json:"name" maxLength:"400" doc:"1 to 100 characters."`
	}
	startBody struct {
		PatientName     string            `json:"patient_name,omitempty" maxLength:"400" doc:"At most 100 characters; may be left out."`
		Patient         consult.PatientID `json:"patient,omitempty" maxLength:"64" doc:"Their record; may be left out."`
		BirthDate       string            `json:"birth_date,omitempty" maxLength:"10" example:"1957-03-09"`
		Language        string            `json:"language,omitempty" maxLength:"100" doc:"The patient's, as a BCP 47 tag; may be left out." example:"fr"`
		TimeZone        string            `json:"time_zone,omitempty" maxLength:"64" doc:"The patient's, an IANA name. Left out: the practice's." example:"Europe/Paris"`
		Contact         contactBody       `json:"contact,omitempty"`
		Needs           []string          `json:"needs,omitempty" maxItems:"4" doc:"hearing, sight, interpreter, carer."`
		ScheduledAt     time.Time         `json:"scheduled_at,omitempty" doc:"Left out: at once."`
		DurationMinutes int               `json:"duration_minutes,omitempty" minimum:"5" maximum:"480"`
	}
	startedBody struct {
		ID          consult.ConsultationID `json:"id"`
		Participant consult.ParticipantID  `json:"participant" doc:"The patient."`
		Link        string                 `json:"link" doc:"For the patient, and nobody else. It cannot be shown again; a fresh one can be made."`
	}
	inviteBody struct {
		Role consult.Role `json:"role" enum:"patient,interpreter,guest"`
		Name string       `json:"name,omitempty" maxLength:"400" doc:"At most 100 characters; may be left out."`
	}
	invitedBody struct {
		Participant consult.ParticipantID `json:"participant"`
		Link        string                `json:"link"`
	}
	linkBody struct {
		Link string `json:"link"`
	}
	// noBody is an empty object, or nothing at all.
	noBody struct{}
)

// The inputs and outputs of operations, in huma's form.
type (
	bodyOf[T any] struct{ Body T }
	noInput       struct {
		Body *noBody
	}
	consultationInput struct {
		ID   consult.ConsultationID `path:"id" maxLength:"64"`
		Body *noBody
	}
	inviteInput struct {
		ID   consult.ConsultationID `path:"id" maxLength:"64"`
		Body inviteBody
	}
	linkInput struct {
		ID          consult.ConsultationID `path:"id" maxLength:"64"`
		Participant consult.ParticipantID  `path:"participant" maxLength:"64"`
		Body        *noBody
	}
	signedInOutput struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
		Body      meBody
	}
	signedOutOutput struct {
		SetCookie http.Cookie `header:"Set-Cookie"`
	}
)

// register tells huma all operations.
func (a *api) register(h huma.API) {
	const base = "/api/v1"
	add(h, http.MethodPost, base+"/sign-in", "sign-in", "Use a sign-in link up", http.StatusOK, false, a.signIn)
	add(h, http.MethodPost, base+"/sign-out", "sign-out", "Sign this browser out", http.StatusNoContent, false, a.signOut)
	add(h, http.MethodGet, base+"/me", "me", "Who is signed in", http.StatusOK, true, a.me)
	add(h, http.MethodPatch, base+"/me", "change-me", "Change the own name", http.StatusOK, true, a.changeMe)
	add(h, http.MethodPost, base+"/consultations", "start", "Start a consultation with a patient", http.StatusCreated, true, a.start)
	add(h, http.MethodPost, base+"/consultations/{id}/participants", "invite", "Invite somebody into a consultation", http.StatusCreated, true, a.invite)
	add(h, http.MethodPost, base+"/consultations/{id}/participants/{participant}/link", "link", "Make a fresh link for a participant", http.StatusCreated, true, a.link)
	add(h, http.MethodPost, base+"/consultations/{id}/end", "end", "End a consultation for everybody", http.StatusNoContent, true, a.end)
	a.registerConsultations(h)
}

func add[I, O any](h huma.API, method, path, id, summary string, status int, signedIn bool, do func(context.Context, *I) (*O, error)) {
	op := huma.Operation{
		Method: method, Path: path, OperationID: id, Summary: summary, DefaultStatus: status,
		MaxBodyBytes: maxBody, Responses: map[string]*huma.Response{"default": problemResponse(h)},
	}
	if signedIn {
		op.Security = []map[string][]string{{"cookie": {}}}
	}
	huma.Register(h, op, func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, in)
		if err != nil {
			return nil, problemOf(err)
		}
		return out, nil
	})
}

func (a *api) signIn(ctx context.Context, in *bodyOf[signInBody]) (*signedInOutput, error) {
	from := callerOf(ctx)
	cookie, who, err := a.Accounts.SignIn(ctx, in.Body.Ticket, from.from)
	if err != nil {
		return nil, err
	}
	// The browser's earlier sign-in ends here, so that no cookie from before is worth anything after.
	if err := a.Accounts.SignOut(from.cookie); err != nil {
		return nil, err
	}
	return &signedInOutput{*signInCookie(cookie, a.Accounts.SignInLifetime(), a.Secure), meOf(who)}, nil
}

func (a *api) signOut(ctx context.Context, _ *noInput) (*signedOutOutput, error) {
	if err := a.Accounts.SignOut(callerOf(ctx).cookie); err != nil {
		return nil, err
	}
	return &signedOutOutput{*noCookie(a.Secure)}, nil
}

func (a *api) me(ctx context.Context, _ *struct{}) (*bodyOf[meBody], error) {
	who, err := a.account(ctx)
	if err != nil {
		return nil, err
	}
	return &bodyOf[meBody]{meOf(who)}, nil
}

func (a *api) changeMe(ctx context.Context, in *bodyOf[nameBody]) (*bodyOf[meBody], error) {
	who, err := a.account(ctx)
	if err == nil {
		who, err = a.Accounts.SetName(who.ID, in.Body.Name)
	}
	if err != nil {
		return nil, err
	}
	return &bodyOf[meBody]{meOf(who)}, nil
}

func (a *api) start(ctx context.Context, in *bodyOf[startBody]) (*bodyOf[startedBody], error) {
	who, err := a.account(ctx)
	if err != nil {
		return nil, err
	}
	c, secret, err := a.Practice.Start(startRequest(who.Practitioner(), in.Body))
	if err != nil {
		return nil, err
	}
	patient := c.Participants[1] // Start makes the practitioner and the patient, in this order
	return &bodyOf[startedBody]{startedBody{c.ID, patient.ID, a.joinLink(secret)}}, nil
}

func startRequest(by consult.Practitioner, b startBody) consult.StartRequest {
	return consult.StartRequest{
		By: by, Patient: b.Patient, Name: b.PatientName, BirthDate: b.BirthDate, Language: b.Language, TimeZone: b.TimeZone,
		Contact: consult.Contact(b.Contact), Needs: b.Needs, ScheduledAt: b.ScheduledAt, Duration: time.Duration(b.DurationMinutes) * time.Minute,
	}
}

func (a *api) invite(ctx context.Context, in *inviteInput) (*bodyOf[invitedBody], error) {
	who, err := a.account(ctx)
	if err != nil {
		return nil, err
	}
	participant, secret, err := a.Practice.Invite(who.ID, in.ID, in.Body.Role, in.Body.Name)
	if err != nil {
		return nil, err
	}
	return &bodyOf[invitedBody]{invitedBody{participant.ID, a.joinLink(secret)}}, nil
}

func (a *api) link(ctx context.Context, in *linkInput) (*bodyOf[linkBody], error) {
	who, err := a.account(ctx)
	if err != nil {
		return nil, err
	}
	secret, err := a.Practice.Link(who.ID, in.ID, in.Participant)
	if err != nil {
		return nil, err
	}
	return &bodyOf[linkBody]{linkBody{a.joinLink(secret)}}, nil
}

func (a *api) end(ctx context.Context, in *consultationInput) (*struct{}, error) {
	who, err := a.account(ctx)
	if err == nil {
		_, err = a.Practice.End(who.ID, in.ID)
	}
	if err != nil {
		return nil, err
	}
	return nil, nil
}

func (a *api) joinLink(secret string) string { return a.BaseURL() + "/c/" + secret }

func meOf(who account.Account) meBody { return meBody{who.ID, who.Name, who.Role} }
