package api

import (
	"context"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
)

// What starts a consultation, invites to it and ends it.
type (
	startBody struct {
		Practitioner    consult.AccountID `json:"practitioner,omitempty" maxLength:"64" doc:"On whose behalf; may be left out by the practitioner."`
		PatientName     string            `json:"patient_name,omitempty" maxLength:"400" doc:"At most 100 characters; may be left out."`
		Patient         consult.PatientID `json:"patient,omitempty" maxLength:"64" doc:"Their record; may be left out."`
		BirthDate       string            `json:"birth_date,omitempty" maxLength:"10" example:"1957-03-09"`
		Language        string            `json:"language,omitempty" maxLength:"100" doc:"The patient's, as a BCP 47 tag; may be left out." example:"fr"`
		TimeZone        string            `json:"time_zone,omitempty" maxLength:"64" doc:"The patient's, an IANA name. Left out: the practice's." example:"Europe/Paris"`
		Contact         contactBody       `json:"contact,omitempty"`
		Needs           []string          `json:"needs,omitempty" maxItems:"4" doc:"hearing, sight, interpreter, carer."`
		ScheduledAt     time.Time         `json:"scheduled_at,omitempty" doc:"Left out: at once."`
		DurationMinutes int               `json:"duration_minutes,omitempty" minimum:"5" maximum:"480"`
		Tell            bool              `json:"tell,omitempty" doc:"Send the patient the link, the way that their contact says. When there is no way, their reach becomes handed."`
	}
	startedBody struct {
		ID          consult.ConsultationID `json:"id"`
		Participant consult.ParticipantID  `json:"participant" doc:"The patient."`
		Link        string                 `json:"link" doc:"For the patient, and nobody else. It cannot be shown again; a fresh one can be made."`
	}
	inviteBody struct {
		Role consult.Role `json:"role" enum:"patient,interpreter,guest"`
		Name string       `json:"name,omitempty" maxLength:"400" doc:"At most 100 characters; may be left out."`

		As       string      `json:"as,omitempty" enum:"carer,expert" doc:"Of a guest; shown to everybody in the call."`
		Language string      `json:"language,omitempty" maxLength:"100" doc:"Theirs, as a BCP 47 tag."`
		Contact  contactBody `json:"contact,omitempty"`
		Tell     bool        `json:"tell,omitempty" doc:"Send them the link, the way that their contact says."`
	}
	invitedBody struct {
		Participant consult.ParticipantID `json:"participant"`
		Link        string                `json:"link"`
		Sent        bool                  `json:"sent" doc:"By mail or SMS; false: the link is to be handed over."`
	}
	linkBody struct {
		Link string `json:"link"`
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
)

func (a *api) start(ctx context.Context, in *bodyOf[startBody]) (*bodyOf[startedBody], error) {
	if err := a.fillIn(ctx, &in.Body); err != nil {
		return nil, err
	}
	who, err := a.owner(ctx, in.Body.Practitioner)
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

// fillIn says of the patient what their record says, where the request says nothing. Whose patient it is says on whose behalf
// somebody who is no practitioner starts.
func (a *api) fillIn(ctx context.Context, b *startBody) error {
	if b.Patient == "" {
		return nil
	}
	p, err := a.copiedRecord(ctx, b.Patient)
	if err != nil {
		return err
	}
	if b.Practitioner == "" && !a.actor(ctx).Account.Has(account.RolePractitioner) {
		b.Practitioner = p.Owner
	}
	who := appointmentPersonBody{b.PatientName, b.BirthDate, b.Language, b.TimeZone, b.Contact, b.Needs}.filled(p)
	b.PatientName, b.BirthDate, b.Language, b.TimeZone, b.Contact, b.Needs = who.Name, who.BirthDate, who.Language, who.TimeZone, who.Contact, who.Needs
	return nil
}

func startRequest(by consult.Practitioner, b startBody) consult.StartRequest {
	return consult.StartRequest{
		By: by, Patient: b.Patient, Name: b.PatientName, BirthDate: b.BirthDate, Language: b.Language, TimeZone: b.TimeZone,
		Contact: consult.Contact(b.Contact), Needs: b.Needs, ScheduledAt: b.ScheduledAt, Duration: time.Duration(b.DurationMinutes) * time.Minute, Tell: b.Tell,
	}
}

func (a *api) invite(ctx context.Context, in *inviteInput) (*bodyOf[invitedBody], error) {
	c, err := a.consultation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	b := in.Body
	made, err := a.Practice.InviteAs(c.Practitioner, c.ID, consult.Invitation{
		Role: b.Role, As: b.As, Name: b.Name, Language: b.Language, Contact: consult.Contact(b.Contact), Tell: b.Tell,
	})
	if err != nil {
		return nil, err
	}
	return &bodyOf[invitedBody]{invitedBody{made.Participant.ID, a.joinLink(made.Secret), made.Sent}}, nil
}

func (a *api) link(ctx context.Context, in *linkInput) (*bodyOf[linkBody], error) {
	c, err := a.consultation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	secret, err := a.Practice.Link(c.Practitioner, c.ID, in.Participant)
	if err != nil {
		return nil, err
	}
	return &bodyOf[linkBody]{linkBody{a.joinLink(secret)}}, nil
}

func (a *api) end(ctx context.Context, in *consultationInput) (*struct{}, error) {
	c, err := a.consultation(ctx, in.ID)
	if err == nil {
		_, err = a.Practice.End(c.Practitioner, c.ID)
	}
	if err != nil {
		return nil, err
	}
	return nil, nil
}

func (a *api) joinLink(secret string) string { return a.BaseURL() + "/c/" + secret }
