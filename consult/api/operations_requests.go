package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
)

// What patients ask the practice for: an appointment that somebody must say yes to, to be called back. What is for no practitioner in
// particular is seen, and answered, by those who act for somebody who gives the service (concerns).
type (
	askerBody struct {
		Patient   consult.PatientID `json:"patient,omitempty" doc:"Their record, when there is one."`
		Name      string            `json:"name"`
		BirthDate string            `json:"birth_date,omitempty" example:"1957-03-09"`
		Language  string            `json:"language,omitempty"`
		Contact   contactBody       `json:"contact"`
		Needs     []string          `json:"needs" doc:"hearing, sight, interpreter, carer."`
	}
	appointmentRequestBody struct {
		ID               booking.AppointmentID `json:"id"`
		Service          booking.ServiceID     `json:"service"`
		Label            map[string]string     `json:"label" doc:"Of the service, by language."`
		Practitioner     consult.AccountID     `json:"practitioner,omitempty" doc:"Left out: any."`
		PractitionerName string                `json:"practitioner_name,omitempty"`
		Practitioners    []consult.AccountID   `json:"practitioners" doc:"Who gives the service, of those for whom the one who asks may act."`
		Start            *time.Time            `json:"start,omitempty" doc:"Left out: call back, or offer a time."`
		DurationMinutes  int                   `json:"duration_minutes"`
		TimeZone         string                `json:"time_zone,omitempty" doc:"Of the practitioner."`
		Modality         booking.Modality      `json:"modality"`
		Note             string                `json:"note,omitempty" doc:"What the patient wrote."`
		Answers          []answerBody          `json:"answers"`
		CreatedAt        time.Time             `json:"created_at"`
		Person           askerBody             `json:"person"`
	}
	appointmentRequestsBody struct {
		Requests []appointmentRequestBody `json:"requests" doc:"The oldest first; at most 1000."`
	}
	countBody struct {
		Requests int `json:"requests"`
	}
	approveInput struct {
		ID   booking.AppointmentID `path:"id" maxLength:"64"`
		Body struct {
			Start        *time.Time        `json:"start,omitempty" doc:"Left out: as it was asked for."`
			Practitioner consult.AccountID `json:"practitioner,omitempty" maxLength:"64" doc:"Left out: as it was asked for, or the one who answers."`
			Overbook     string            `json:"overbook,omitempty" maxLength:"500" doc:"The reason to give a time over others."`
		}
	}
	refuseInput struct {
		ID   booking.AppointmentID `path:"id" maxLength:"64"`
		Body struct {
			Reason string `json:"reason,omitempty" maxLength:"2000" doc:"For the practice: the patient is told that it cannot be, not why."`
			Quiet  bool   `json:"quiet,omitempty" doc:"It was answered otherwise, by telephone say: the patient is sent nothing."`
		}
	}
	answeredBody struct {
		ID               booking.AppointmentID `json:"id"`
		State            booking.State         `json:"state"`
		Start            *time.Time            `json:"start,omitempty"`
		TimeZone         string                `json:"time_zone,omitempty"`
		Practitioner     consult.AccountID     `json:"practitioner,omitempty"`
		PractitionerName string                `json:"practitioner_name,omitempty"`
		Told             bool                  `json:"told" doc:"A message to the patient is on its way. False: somebody must tell them."`
	}
	requestTimesInput struct {
		ID           booking.AppointmentID `path:"id" maxLength:"64"`
		Practitioner consult.AccountID     `query:"practitioner" maxLength:"64" doc:"Left out: as it was asked for."`
		From         string                `query:"from" maxLength:"10" doc:"First day. Left out: now." example:"2026-11-24"`
	}
	requestTimesBody struct {
		Times         []requestTimeBody  `json:"times" doc:"Free ones of the next 14 days, at most 60."`
		Practitioners []requestGiverBody `json:"practitioners" doc:"Who could give it, of those for whom the one who asks may act: also at a time of which they are not free."`
	}
	requestGiverBody struct {
		ID       consult.AccountID `json:"id"`
		Name     string            `json:"name"`
		TimeZone string            `json:"time_zone" doc:"Of their clocks, IANA."`
	}
	requestTimeBody struct {
		Start            time.Time         `json:"start"`
		Practitioner     consult.AccountID `json:"practitioner"`
		PractitionerName string            `json:"practitioner_name"`
		TimeZone         string            `json:"time_zone"`
	}
	bookMailBody struct {
		Wished bool `json:"wished"`
	}
)

// requests is the area of what patients ask for; operations_waitlist.go has who waits for a time, operations_outcomes.go what became of it, operations_takeover.go brings in
// appointments of other software.
func (a *api) requests() []operation {
	const at = "/appointment-requests"
	const read, write = account.ScopeAppointmentsRead, account.ScopeAppointmentsWrite
	return []operation{
		op(http.MethodGet, at, "appointment-requests", "What somebody must say yes or no to, and who is to be called back", http.StatusOK, read, computed(a.Turns, a.appointmentRequests)),
		op(http.MethodGet, at+"/count", "count-appointment-requests", "How many requests wait for an answer", http.StatusOK, read, computed(a.Turns, a.countRequests)),
		op(http.MethodGet, at+"/{id}/times", "appointment-request-times", "Free times that would do for a request", http.StatusOK, read, computed(a.Turns, a.requestTimes)),
		op(http.MethodPost, at+"/{id}/approve", "approve-appointment-request", "Say yes to a request, at its time or at another", http.StatusOK, write, a.approveRequest),
		op(http.MethodPost, at+"/{id}/refuse", "refuse-appointment-request", "Say no to a request", http.StatusOK, write, a.refuseRequest),
		op(http.MethodPut, "/me/book-mail", "wish-book-mail", "Say whether to be sent a mail, with a file for one's calendar, when one's appointment book changes", http.StatusOK, inPerson, a.wishBookMail),
	}
}

// practiceActor is whoever asks, as the book knows them.
func (a *api) practiceActor(ctx context.Context) booking.Actor {
	return booking.Actor{Kind: booking.ByPractice, Account: a.actor(ctx).Account.ID}
}

// seenRequests returns the requests that whoever asks may answer, and for whom they act.
func (a *api) seenRequests(ctx context.Context) ([]booking.Appointment, []consult.AccountID, error) {
	owners, err := a.Accounts.ActsFor(a.actor(ctx).Account)
	if err != nil {
		return nil, nil, err
	}
	all, err := a.Book.Requests()
	if err != nil {
		return nil, nil, err
	}
	seen := make([]booking.Appointment, 0, len(all))
	for _, r := range all {
		theirs, err := a.concerns(owners, r.Practitioner, r.Service)
		if err != nil {
			return nil, nil, err
		}
		if theirs {
			seen = append(seen, r)
		}
	}
	return seen, owners, nil
}

// concerns reports whether what is asked of a practitioner, or ("") of any who gives the service, is for those who act for these owners. When
// nobody gives the service any more it is for all of them: somebody waits for an answer.
func (a *api) concerns(owners []consult.AccountID, of consult.AccountID, id booking.ServiceID) (bool, error) {
	if of != "" {
		return slices.Contains(owners, of), nil
	}
	service, err := a.Book.Service(id)
	if err != nil && consult.CodeOf(err) != consult.CodeNotFound { // it may be gone
		return false, err
	}
	given := false
	for _, giver := range service.Practitioners {
		if slices.Contains(owners, giver) {
			return true, nil
		}
		gives, err := a.Book.Gives(giver)
		if err != nil {
			return false, err
		}
		given = given || gives
	}
	return !given && len(owners) > 0, nil
}

func (a *api) appointmentRequests(ctx context.Context, _ *struct{}) (*bodyOf[appointmentRequestsBody], error) {
	all, owners, err := a.seenRequests(ctx)
	if err != nil {
		return nil, err
	}
	out := appointmentRequestsBody{make([]appointmentRequestBody, 0, len(all))}
	for _, r := range all {
		service, err := a.Book.Service(r.Service)
		if err != nil && consult.CodeOf(err) != consult.CodeNotFound { // it may be gone
			return nil, err
		}
		out.Requests = append(out.Requests, a.requestBodyOf(r, service, owners))
	}
	return &bodyOf[appointmentRequestsBody]{out}, nil
}

func (a *api) requestBodyOf(r booking.Appointment, service booking.Service, owners []consult.AccountID) appointmentRequestBody {
	body := appointmentRequestBody{
		ID: r.ID, Service: r.Service, Label: labelOf(service, r), Practitioner: r.Practitioner, PractitionerName: r.PractitionerName,
		Practitioners: []consult.AccountID{}, Start: timeOrNil(r.Start), DurationMinutes: int(service.Duration / time.Minute), TimeZone: r.TimeZone,
		Modality: r.Modality, Note: r.Note, Answers: a.answersOf(r, service), CreatedAt: r.CreatedAt, Person: askerOf(r.Person, r.Patient),
	}
	if !r.Start.IsZero() {
		body.DurationMinutes = int(r.Duration() / time.Minute)
	}
	for _, one := range service.Practitioners {
		if slices.Contains(owners, one) {
			body.Practitioners = append(body.Practitioners, one)
		}
	}
	return body
}

// labelOf is what the service is called, or was when it is gone.
func labelOf(service booking.Service, a booking.Appointment) map[string]string {
	if len(service.Label) > 0 {
		return service.Label
	}
	return map[string]string{"und": a.Label}
}

func askerOf(p booking.Person, id consult.PatientID) askerBody {
	return askerBody{id, p.Name, p.BirthDate, p.Language, contactBody(p.Contact), append([]string{}, p.Needs...)}
}

func (a *api) countRequests(ctx context.Context, _ *struct{}) (*bodyOf[countBody], error) {
	all, _, err := a.seenRequests(ctx)
	return bodyOrError(countBody{len(all)}, err)
}

// request returns what was asked for, if whoever asks may answer it, else booking.ErrNotFound.
func (a *api) request(ctx context.Context, id booking.AppointmentID) (booking.Appointment, error) {
	r, err := a.Book.Appointment(id)
	if err != nil {
		return r, err
	}
	if r.Practitioner == "" && r.State != booking.StateRequested {
		return r, booking.ErrNotFound // it is nobody's any more
	}
	return r, a.mayAnswer(ctx, r.Practitioner, r.Service)
}

// mayAnswer is booking.ErrNotFound for what does not concern whoever asks.
func (a *api) mayAnswer(ctx context.Context, of consult.AccountID, service booking.ServiceID) error {
	owners, err := a.Accounts.ActsFor(a.actor(ctx).Account)
	if err != nil {
		return err
	}
	theirs, err := a.concerns(owners, of, service)
	if err == nil && !theirs {
		err = booking.ErrNotFound
	}
	return err
}

func (a *api) requestTimes(ctx context.Context, in *requestTimesInput) (*bodyOf[requestTimesBody], error) {
	if _, err := a.request(ctx, in.ID); err != nil {
		return nil, err
	}
	owners, err := a.Accounts.ActsFor(a.actor(ctx).Account)
	if err != nil {
		return nil, err
	}
	if in.Practitioner != "" {
		if err := a.mayActFor(ctx, in.Practitioner); err != nil {
			return nil, err
		}
		owners = []consult.AccountID{in.Practitioner}
	}
	times, err := a.Book.TimesFor(in.ID, owners, in.From)
	if err != nil {
		return nil, err
	}
	givers, err := a.Book.GiversFor(in.ID, owners)
	if err != nil {
		return nil, err
	}
	out := requestTimesBody{make([]requestTimeBody, 0, len(times)), make([]requestGiverBody, 0, len(givers))}
	for _, s := range givers {
		out.Practitioners = append(out.Practitioners, requestGiverBody{s.Practitioner, s.Name, s.TimeZone})
	}
	for _, t := range times {
		out.Times = append(out.Times, requestTimeBody{t.Start, t.Practitioner, t.Name, t.TimeZone})
	}
	return &bodyOf[requestTimesBody]{out}, nil
}

var errPast error = &consult.Error{Code: consult.CodeBadMessage, Message: "A time that is offered lies ahead."}

func (a *api) approveRequest(ctx context.Context, in *approveInput) (*bodyOf[answeredBody], error) {
	r, err := a.request(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	who, start := in.Body.Practitioner, time.Time{}
	if who == "" && r.Practitioner == "" || who != "" {
		owner, err := a.owner(ctx, who)
		if err != nil {
			return nil, err
		}
		who = owner.ID
	}
	if in.Body.Start != nil {
		if start = *in.Body.Start; !start.After(a.Book.Now()) {
			return nil, errPast
		}
	}
	approved, err := a.Book.Approve(in.ID, booking.ApproveRequest{By: a.practiceActor(ctx), Practitioner: who, Start: start, Overbook: in.Body.Overbook})
	return answered(approved, err)
}

func (a *api) refuseRequest(ctx context.Context, in *refuseInput) (*bodyOf[answeredBody], error) {
	r, err := a.request(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if r.State != booking.StateRequested { // Cancel would do more than answer
		return nil, booking.ErrState
	}
	if in.Body.Quiet {
		return answered(a.Book.Answered(in.ID, a.practiceActor(ctx), in.Body.Reason))
	}
	return answered(a.Book.Refuse(in.ID, a.practiceActor(ctx), in.Body.Reason))
}

func answered(r booking.Appointment, err error) (*bodyOf[answeredBody], error) {
	return bodyOrError(answeredBody{r.ID, r.State, timeOrNil(r.Start), r.TimeZone, r.Practitioner, r.PractitionerName, r.Told}, err)
}

func (a *api) wishBookMail(ctx context.Context, in *bodyOf[bookMailBody]) (*bodyOf[meBody], error) {
	actor := a.actor(ctx)
	who, err := a.Accounts.SetBookMail(actor.Account.ID, in.Body.Wished)
	if err != nil {
		return nil, err
	}
	actor.Account = who
	return bodyOrError(a.meOf(actor))
}
