package api

import (
	"context"
	"net/http"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/document"
)

// The appointment book, as whoever may act for its practitioner sees it: what a grid of days needs, and one appointment with
// what happened to it. operations_appointments_change.go holds what changes appointments.
type (
	appointmentPersonBody struct {
		Name      string      `json:"name" maxLength:"400" doc:"1 to 100 characters."`
		BirthDate string      `json:"birth_date,omitempty" maxLength:"10" example:"1957-03-09"`
		Language  string      `json:"language,omitempty" maxLength:"100" doc:"BCP 47." example:"fr"`
		TimeZone  string      `json:"time_zone,omitempty" maxLength:"64" doc:"IANA. Left out: the practitioner's." example:"Indian/Reunion"`
		Contact   contactBody `json:"contact,omitempty"`
		Needs     []string    `json:"needs,omitempty" maxItems:"4" doc:"hearing, sight, interpreter, carer."`
	}
	proposedBody struct {
		State  booking.State   `json:"state"`
		Absent booking.Absence `json:"absent,omitempty"`
	}
	// AppointmentFields is what is known of an appointment, but what happened to it.
	AppointmentFields struct {
		ID               booking.AppointmentID  `json:"id"`
		State            booking.State          `json:"state" enum:"requested,booked,arrived,in-visit,interrupted,fulfilled,converted-to-phone,to-rebook,noshow,cancelled,refused,entered-in-error"`
		Service          booking.ServiceID      `json:"service"`
		Label            string                 `json:"label" doc:"Of the service, as it was agreed."`
		Practitioner     consult.AccountID      `json:"practitioner"`
		PractitionerName string                 `json:"practitioner_name"`
		Patient          consult.PatientID      `json:"patient,omitempty" doc:"Their record, when there is one."`
		Person           appointmentPersonBody  `json:"person" doc:"Copied when it was made."`
		Start            *time.Time             `json:"start,omitempty" doc:"Left out: a request without a time."`
		End              *time.Time             `json:"end,omitempty"`
		Wall             string                 `json:"wall,omitempty" doc:"As agreed, on clocks in time_zone." example:"2026-11-24T14:30"`
		TimeZone         string                 `json:"time_zone,omitempty" doc:"The practitioner's, IANA."`
		BeforeMinutes    int                    `json:"before_minutes,omitempty" doc:"Kept free before."`
		AfterMinutes     int                    `json:"after_minutes,omitempty"`
		Modality         booking.Modality       `json:"modality" enum:"video,phone,in-person"`
		Place            string                 `json:"place,omitempty"`
		Note             string                 `json:"note,omitempty"`
		Consultation     consult.ConsultationID `json:"consultation,omitempty" doc:"By video, from a day before."`
		Series           booking.SeriesID       `json:"series,omitempty"`
		Overbooked       bool                   `json:"overbooked,omitempty"`
		ArrivedAt        *time.Time             `json:"arrived_at,omitempty" doc:"The patient."`
		Absent           booking.Absence        `json:"absent,omitempty" doc:"Who did not come."`
		Proposed         *proposedBody          `json:"proposed,omitempty" doc:"What became of it, from who arrived; somebody says whether it is so."`
		Told             bool                   `json:"told" doc:"The last change was sent to the patient."`
		DeclinedAt       *time.Time             `json:"declined_at,omitempty" doc:"Since when the patient says, by their calendar program, that they won't come."`
		CanUndo          bool                   `json:"can_undo" doc:"What was noted last can be taken back."`
		CreatedAt        time.Time              `json:"created_at"`
		ChangedAt        time.Time              `json:"changed_at"`
	}
	changeBody struct {
		At       time.Time         `json:"at"`
		By       booking.ActorKind `json:"by" enum:"patient,practice,system"`
		ByName   string            `json:"by_name,omitempty" doc:"Of the account."`
		Action   booking.Action    `json:"action"`
		Reason   string            `json:"reason,omitempty"`
		Was      *time.Time        `json:"was,omitempty" doc:"Of a move: the start before."`
		FromName string            `json:"from_name,omitempty" doc:"Of a move: the practitioner before, when it was somebody else."`
		Who      booking.Absence   `json:"who,omitempty" doc:"Who did not come."`
	}
	answerBody struct {
		Question map[string]string    `json:"question" doc:"By language; empty when the service asks it no more."`
		Kind     booking.QuestionKind `json:"kind,omitempty" enum:"text,yes-no,choice,file"`
		Answer   string               `json:"answer" doc:"As it is kept: what was written, yes or no, the value of a choice."`
		Choice   map[string]string    `json:"choice,omitempty" doc:"What a choice says, by language."`
		File     *givenBody           `json:"file,omitempty" doc:"What the patient gave; left out once it is erased."`
	}
	givenBody struct {
		ID     consult.DocumentID `json:"id"`
		Name   string             `json:"name"`
		Kind   string             `json:"kind" doc:"Media type, by content; empty until it was looked at." example:"application/pdf"`
		Size   int64              `json:"size" doc:"Bytes."`
		State  document.State     `json:"state" enum:"checking,ready,refused"`
		Reason document.Reason    `json:"reason,omitempty" enum:"virus,unchecked,damaged" doc:"Why it was refused."`
	}
	givenInput struct {
		ID       booking.AppointmentID `path:"id" maxLength:"64"`
		Document consult.DocumentID    `path:"document" maxLength:"64"`
		Body     *noBody
	}
	wholeAppointmentBody struct {
		AppointmentFields
		InSeries *inSeriesBody `json:"in_series,omitempty"`
		Answers  []answerBody  `json:"answers" doc:"To the service's questions."`
		History  []changeBody  `json:"history" doc:"The oldest first."`
	}
	// IntervalFields is a time from an instant on until another.
	IntervalFields struct {
		From time.Time `json:"from"`
		To   time.Time `json:"to"`
	}
	openTimeBody struct {
		IntervalFields
		Place      string              `json:"place,omitempty"`
		Modalities []booking.Modality  `json:"modalities,omitempty" doc:"None: those of the service."`
		Services   []booking.ServiceID `json:"services,omitempty" doc:"None: all."`
	}
	gridDayBody struct {
		Date    string           `json:"date" example:"2026-11-24"`
		From    time.Time        `json:"from" doc:"When the day begins in the practitioner's zone."`
		To      time.Time        `json:"to"`
		Open    []openTimeBody   `json:"open" doc:"When they can be booked on that day; ranges may overlap. One that goes on past midnight is in both days."`
		Blocked []IntervalFields `json:"blocked" doc:"Busy by calendars."`
		Held    []IntervalFields `json:"held" doc:"Kept for somebody who fills in a form."`
	}
	gridBody struct {
		Practitioner consult.AccountID   `json:"practitioner"`
		Name         string              `json:"name"`
		TimeZone     string              `json:"time_zone" doc:"Of the days, IANA."`
		Bookable     bool                `json:"bookable" doc:"They have opening hours."`
		Days         []gridDayBody       `json:"days"`
		Appointments []AppointmentFields `json:"appointments" doc:"That start on these days, in order, cancelled ones too."`
	}
	gridsBody struct {
		Changed uint64     `json:"changed" doc:"As GET /appointments/changed says."`
		Books   []gridBody `json:"books" doc:"In the order in which they were asked for."`
	}
	changedBody struct {
		Changed uint64 `json:"changed" doc:"Grows with every change of these books."`
	}
	driftBody struct {
		Appointment AppointmentFields `json:"appointment"`
		Should      *time.Time        `json:"should,omitempty" doc:"The instant of its wall time by the rules of now: moving it there keeps what was agreed. Left out: clocks skip it."`
	}
	driftsBody struct {
		Drifted []driftBody `json:"drifted"`
	}
	// BooksQuery says whose books are asked for.
	BooksQuery struct {
		Practitioner []string `query:"practitioner,explode" maxItems:"50" doc:"May stand several times. Left out: all for whom the one who asks may act."`
	}
	gridsInput struct {
		BooksQuery
		From string `query:"from" maxLength:"10" doc:"YYYY-MM-DD. Left out: today in the practice's zone." example:"2026-11-23"`
		To   string `query:"to" maxLength:"10" doc:"The last day. Left out: the same." example:"2026-11-29"`
	}
	appointmentInput struct {
		ID booking.AppointmentID `path:"id" maxLength:"64"`
	}
)

// appointments is the area of the appointment book, on the practice's side.
func (a *api) appointments() []operation {
	const at = "/appointments"
	const read, write = account.ScopeAppointmentsRead, account.ScopeAppointmentsWrite
	return []operation{
		op(http.MethodGet, at, "appointments", "The books of some practitioners on some days", http.StatusOK, read, computed(a.Turns, a.grids)),
		op(http.MethodGet, at+"/changed", "appointments-changed", "Whether these books have changed", http.StatusOK, read, a.booksChanged),
		op(http.MethodGet, at+"/drifted", "drifted-appointments", "Appointments whose instant no longer is what was agreed, as a zone's rules have changed", http.StatusOK, read, computed(a.Turns, a.drifted)),
		op(http.MethodGet, at+"/lacking", "lacking-appointments", "Coming appointments whose practitioner, interpreter or room cannot be booked any more", http.StatusOK, read, computed(a.Turns, a.lacking)),
		op(http.MethodGet, at+"/declined", "declined-appointments", "Coming appointments that the patient has declined in their calendar program", http.StatusOK, read, computed(a.Turns, a.declined)),
		op(http.MethodPost, at, "book", "Book on behalf of a patient", http.StatusCreated, write, a.book).upTo(maxAppointment),
		op(http.MethodPost, at+"/series", "book-series", "Book the same time again and again", http.StatusCreated, write, a.bookSeries).upTo(maxAppointment),
		op(http.MethodGet, at+"/{id}", "appointment", "One appointment, and what happened to it", http.StatusOK, read, computed(a.Turns, a.oneAppointment)),
		op(http.MethodPost, at+"/{id}/files/{document}/open", "open-given", "Open what a patient gave with an appointment, or with the request for one", http.StatusOK, account.ScopeDocumentsRead, a.openGiven),
		op(http.MethodGet, at+"/{id}/link", "manage-link", "The link with which the patient changes their appointment, to hand over", http.StatusOK, write, a.manageLink),
		op(http.MethodPost, at+"/{id}/move", "move-appointment", "Give an appointment another time, or another practitioner", http.StatusOK, write, a.moveAppointment),
		op(http.MethodPost, at+"/{id}/replace", "replace-resources", "Give an appointment another room or interpreter in place of what cannot be booked any more", http.StatusOK, write, a.replace),
		op(http.MethodPost, at+"/{id}/keep", "keep-appointment", "The patient who has declined comes after all", http.StatusOK, write, a.keep),
		op(http.MethodPost, at+"/{id}/cancel", "cancel-appointment", "Cancel an appointment", http.StatusOK, write, a.cancelAppointment),
		op(http.MethodPost, at+"/{id}/cancel-following", "cancel-following", "Cancel an appointment of a series and those of it that follow", http.StatusOK, write, a.cancelFollowing),
		op(http.MethodPost, at+"/{id}/move-following", "move-following", "Move an appointment of a series and those of it that follow, all or none", http.StatusOK, write, a.moveFollowing),
		op(http.MethodPost, at+"/{id}/arrive", "arrive", "The patient is there", http.StatusOK, write, a.acting(booking.ActionArrive)),
		op(http.MethodPost, at+"/{id}/absent", "absent", "Somebody did not come", http.StatusOK, write, a.absent),
		op(http.MethodPost, at+"/{id}/fulfil", "fulfil", "It has taken place", http.StatusOK, write, a.acting(booking.ActionFulfil)),
		op(http.MethodPost, at+"/{id}/phone", "went-on-by-phone", "It broke off and went on by telephone", http.StatusOK, write, a.acting(booking.ActionPhone)),
		op(http.MethodPost, at+"/{id}/rebook", "to-rebook", "It broke off and is to be made again", http.StatusOK, write, a.acting(booking.ActionRebook)),
		op(http.MethodPost, at+"/{id}/undo", "undo", "Take back what was noted last about the visit", http.StatusOK, write, a.undo),
		op(http.MethodPost, at+"/{id}/mistake", "mistake", "It was entered in error", http.StatusOK, write, a.mistake),
		op(http.MethodPost, at+"/{id}/open-now", "open-now", "Make the consultation of an appointment by video before its time", http.StatusOK, write, a.openNow),
	}
}

// appointment returns the appointment, if whoever asks may act for its practitioner, else booking.ErrNotFound.
func (a *api) appointment(ctx context.Context, id booking.AppointmentID) (booking.Appointment, error) {
	one, err := a.Book.Appointment(id)
	if err == nil {
		err = a.mayActFor(ctx, one.Practitioner)
	}
	if err != nil {
		if consult.CodeOf(err) == consult.CodeNotFound {
			err = booking.ErrNotFound
		}
		return booking.Appointment{}, err
	}
	return one, nil
}

// books returns whose books are asked for.
func (a *api) books(ctx context.Context, in BooksQuery) ([]account.Account, error) {
	owners, err := a.Accounts.ActsFor(a.actor(ctx).Account)
	if err != nil {
		return nil, err
	}
	if len(in.Practitioner) > 0 {
		owners = owners[:0]
		for _, named := range in.Practitioner {
			owners = append(owners, consult.AccountID(named))
		}
	}
	all := make([]account.Account, 0, len(owners))
	for _, owner := range owners {
		if err := a.mayActFor(ctx, owner); err != nil {
			return nil, err
		}
		who, err := a.Accounts.Account(owner)
		if err != nil {
			return nil, err
		}
		all = append(all, who)
	}
	return all, nil
}

func (a *api) grids(ctx context.Context, in *gridsInput) (*bodyOf[gridsBody], error) {
	whose, err := a.books(ctx, in.BooksQuery)
	if err != nil {
		return nil, err
	}
	if in.From == "" {
		in.From = a.Practice.Today()
	}
	if in.To == "" {
		in.To = in.From
	}
	from, err := booking.ParseDate(in.From)
	if err != nil {
		return nil, err
	}
	to, err := booking.ParseDate(in.To)
	if err != nil {
		return nil, err
	}
	out := gridsBody{Books: make([]gridBody, 0, len(whose))}
	if out.Changed, err = a.changedOf(whose); err != nil { // before the books are read: what changes meanwhile is read again
		return nil, err
	}
	for _, who := range whose {
		grid, err := a.Book.Grid(ctx, who.ID, from, to, a.Practice.Profile().TimeZone)
		if err != nil {
			return nil, err
		}
		out.Books = append(out.Books, a.gridOf(who, grid))
	}
	return &bodyOf[gridsBody]{out}, nil
}

func (a *api) booksChanged(ctx context.Context, in *BooksQuery) (*bodyOf[changedBody], error) {
	whose, err := a.books(ctx, *in)
	if err != nil {
		return nil, err
	}
	changed, err := a.changedOf(whose)
	if err != nil {
		return nil, err
	}
	return &bodyOf[changedBody]{changedBody{changed}}, nil
}

// changedOf is how many changes these books have seen together: it only grows.
func (a *api) changedOf(whose []account.Account) (uint64, error) {
	var all uint64
	for _, who := range whose {
		changed, err := a.Book.LastChange(who.ID)
		if err != nil {
			return 0, err
		}
		all += changed
	}
	return all, nil
}

func (a *api) drifted(ctx context.Context, in *BooksQuery) (*bodyOf[driftsBody], error) {
	whose, err := a.books(ctx, *in)
	if err != nil {
		return nil, err
	}
	out := driftsBody{[]driftBody{}}
	for _, who := range whose {
		drifted, err := a.Book.Drifted(who.ID)
		if err != nil {
			return nil, err
		}
		for _, one := range drifted {
			out.Drifted = append(out.Drifted, driftBody{appointmentOf(one.Appointment), timeOrNil(one.Should)})
		}
	}
	return &bodyOf[driftsBody]{out}, nil
}

func (a *api) oneAppointment(ctx context.Context, in *appointmentInput) (*bodyOf[wholeAppointmentBody], error) {
	one, err := a.appointment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &bodyOf[wholeAppointmentBody]{a.wholeAppointmentOf(ctx, one)}, nil
}

// openGiven gives the address of a document, as open-document does: a folder stands where a consultation would.
func (a *api) openGiven(ctx context.Context, in *givenInput) (*bodyOf[openedBody], error) {
	one, err := a.request(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return a.opened(document.FolderReader(one.Files), in.Document)
}

func (a *api) manageLink(ctx context.Context, in *appointmentInput) (*bodyOf[linkBody], error) {
	one, err := a.appointment(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	secret, err := a.Book.ManageSecret(one.ID)
	if err != nil {
		return nil, err
	}
	return &bodyOf[linkBody]{linkBody{a.BaseURL() + "/a/" + secret}}, nil
}
