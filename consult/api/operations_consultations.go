package api

import (
	"context"
	"net/http"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/notify"
)

// The consultations of a day, and one of them, as whoever may act for the practitioner sees them.
type (
	contactBody struct {
		Phone string        `json:"phone,omitempty" maxLength:"254" doc:"E.164, or as it is dialled in the practice's country." example:"+33639980010"`
		Mail  string        `json:"mail,omitempty" maxLength:"254"`
		Reach consult.Reach `json:"reach,omitempty" enum:"sms,mail,handed" doc:"How the link goes to them."`
	}
	devicesBody struct {
		Camera     string `json:"camera,omitempty" doc:"ok, missing, refused or skipped."`
		Microphone string `json:"microphone,omitempty" doc:"ok, silent, missing, refused or skipped."`
		Sound      string `json:"sound,omitempty" doc:"heard, not-heard or skipped."`
	}
	participantBody struct {
		ID           consult.ParticipantID `json:"id"`
		Role         consult.Role          `json:"role"`
		As           string                `json:"as,omitempty" doc:"Of a guest: carer or expert."`
		Name         string                `json:"name" doc:"Empty when nobody said it."`
		Language     string                `json:"language,omitempty"`
		BirthDate    string                `json:"birth_date,omitempty" example:"1957-03-09"`
		TimeZone     string                `json:"time_zone,omitempty"`
		Contact      contactBody           `json:"contact"`
		Needs        []string              `json:"needs" doc:"hearing, sight, interpreter, carer."`
		Place        consult.Place         `json:"place"`
		WaitingSince *time.Time            `json:"waiting_since,omitempty"`
		Devices      devicesBody           `json:"devices" doc:"What their last device test found."`
		TestedAt     *time.Time            `json:"tested_at,omitempty"`
		AbsentAt     *time.Time            `json:"absent_at,omitempty" doc:"Marked as not having come."`
		Identity     *identityBody         `json:"identity,omitempty" doc:"Of a patient, for this consultation."`
	}
	consultationBody struct {
		ID               consult.ConsultationID `json:"id"`
		Practitioner     consult.AccountID      `json:"practitioner"`
		PractitionerName string                 `json:"practitioner_name"`
		Patient          consult.PatientID      `json:"patient,omitempty" doc:"Their record, when there is one."`
		State            consult.State          `json:"state"`
		CreatedAt        time.Time              `json:"created_at"`
		ScheduledAt      *time.Time             `json:"scheduled_at,omitempty" doc:"Left out: at once."`
		DurationMinutes  int                    `json:"duration_minutes,omitempty"`
		CalledAt         *time.Time             `json:"called_at,omitempty"`
		LateAt           *time.Time             `json:"late_at,omitempty" doc:"From then on the patient is late; left out when nobody is looked out for."`
		LiveAt           *time.Time             `json:"live_at,omitempty"`
		EndedAt          *time.Time             `json:"ended_at,omitempty"`
		EndReason        string                 `json:"end_reason,omitempty"`
		Spans            []spanBody             `json:"spans" doc:"When practitioner and patient talked, and by what."`
		Requests         []requestBody          `json:"requests" doc:"For interpreters."`
		Participants     []participantBody      `json:"participants" doc:"The practitioner first."`
		Deliveries       []notify.Delivery      `json:"deliveries" doc:"What became of the messages to these people, oldest first; for who may read notices."`
	}
	dayBody struct {
		Date          string             `json:"date" doc:"In the practice's time zone." example:"2026-11-22"`
		Consultations []consultationBody `json:"consultations" doc:"In the order in which they are to begin."`
	}
	dayInput struct {
		Practitioner consult.AccountID `query:"practitioner" maxLength:"64" doc:"Left out: the one who asks."`
		Date         string            `query:"date" maxLength:"10" doc:"YYYY-MM-DD in the practice's time zone. Left out: today." example:"2026-11-22"`
	}
	oneInput struct {
		ID consult.ConsultationID `path:"id" maxLength:"64"`
	}
)

// consultations is the area of consultations and those who are invited to them; operations_start.go holds what starts and
// ends them.
func (a *api) consultations() []operation {
	const at = "/consultations"
	const read, write = account.ScopeConsultationsRead, account.ScopeConsultationsWrite
	return []operation{
		op(http.MethodGet, at, "day", "The consultations of a day", http.StatusOK, read, computed(a.Turns, a.day)),
		op(http.MethodPost, at, "start", "Start a consultation with a patient", http.StatusCreated, write, a.start),
		op(http.MethodGet, at+"/{id}", "consultation", "One consultation", http.StatusOK, read, computed(a.Turns, a.oneConsultation)),
		op(http.MethodPost, at+"/{id}/participants", "invite", "Invite somebody into a consultation", http.StatusCreated, write, a.invite),
		op(http.MethodPost, at+"/{id}/participants/{participant}/link", "link", "Make a fresh link for a participant", http.StatusCreated, write, a.link),
		op(http.MethodPost, at+"/{id}/end", "end", "End a consultation for everybody", http.StatusNoContent, write, a.end),
	}
}

func (a *api) day(ctx context.Context, in *dayInput) (*bodyOf[dayBody], error) {
	owner, err := a.owner(ctx, in.Practitioner)
	if err != nil {
		return nil, err
	}
	if in.Date == "" {
		in.Date = a.Practice.Today()
	}
	day, err := a.Practice.Day(owner.ID, in.Date)
	if err != nil {
		return nil, err
	}
	out := dayBody{in.Date, make([]consultationBody, 0, len(day))}
	for _, c := range day {
		body, err := a.withDeliveries(ctx, a.consultationOf(c))
		if err != nil {
			return nil, err
		}
		out.Consultations = append(out.Consultations, body)
	}
	return &bodyOf[dayBody]{out}, nil
}

func (a *api) oneConsultation(ctx context.Context, in *oneInput) (*bodyOf[consultationBody], error) {
	c, err := a.consultation(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return bodyOrError(a.withDeliveries(ctx, a.consultationOf(c)))
}

func (a *api) consultationOf(c consult.Consultation) consultationBody {
	body := consultationBody{
		ID: c.ID, Practitioner: c.Practitioner, PractitionerName: c.PractitionerName, Patient: c.Patient, State: c.State,
		CreatedAt: c.CreatedAt, ScheduledAt: timeOrNil(c.ScheduledAt), DurationMinutes: int(c.Duration / time.Minute),
		CalledAt: timeOrNil(c.CalledAt), LiveAt: timeOrNil(c.LiveAt), EndedAt: timeOrNil(c.EndedAt), EndReason: c.EndReason,
		Participants: make([]participantBody, 0, len(c.Participants)), Deliveries: []notify.Delivery{},
		Spans: spansOf(c), Requests: a.requestsOf(c),
	}
	if at, expected := c.LateAt(); expected {
		body.LateAt = timeOrNil(at)
	}
	country := a.Practice.Profile().Country
	for _, p := range c.Participants {
		body.Participants = append(body.Participants, participantBody{
			ID: p.ID, Role: p.Role, As: p.As, Name: p.Name, Language: p.Language, BirthDate: p.BirthDate, TimeZone: p.TimeZone,
			Contact: contactBody(p.Contact), Needs: append([]string{}, p.Needs...), Place: p.Place,
			WaitingSince: timeOrNil(p.WaitingSince), Devices: devicesBody(p.Devices),
			TestedAt: timeOrNil(p.TestedAt), AbsentAt: timeOrNil(p.AbsentAt), Identity: identityOf(p, country),
		})
	}
	return body
}

// timeOrNil leaves out what has not happened.
func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}
