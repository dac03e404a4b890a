package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/transfer"
)

const calendarType = "text/calendar"

// Appointments that other software kept: a practice arrives with them.
type (
	takeOverInput struct {
		Practitioner   consult.AccountID `query:"practitioner" maxLength:"64" doc:"Whose book; may be left out by the practitioner."`
		Service        booking.ServiceID `query:"service" maxLength:"64" doc:"Of rows that name none that is known; left out: those are not taken over."`
		Overbook       bool              `query:"overbook" doc:"Take over what overlaps something, marked as overbooked; else it is left out."`
		CreatePatients bool              `query:"create_patients" doc:"Write down patients who are not known, by their name and birth date or phone; else their appointments stand without a record."`
		Remind         bool              `query:"remind" doc:"Remind these patients as others; else nobody is ever sent anything about these appointments."`
		DryRun         bool              `query:"dry_run" doc:"Only say what would be done."`
		ContentType    string            `header:"Content-Type"`
		RawBody        []byte            `contentType:"text/csv" doc:"A table (text/csv), whose first line names the columns: date, heure, durée or fin, nom and prénom or patient, date de naissance, téléphone, courriel, motif, note, uid; or a calendar (text/calendar)."`
	}
	takenOverBody struct {
		Rows    []takenRowBody `json:"rows" doc:"In the order of the file."`
		New     int            `json:"new" doc:"Taken over, or in a dry run: how many would be; those that are overbooked among them."`
		Known   int            `json:"known" doc:"Taken over before."`
		LeftOut int            `json:"left_out"`
		Created int            `json:"patients_created"`
		Unknown []string       `json:"unknown_columns" doc:"Columns that were not read."`
		Zone    string         `json:"time_zone" doc:"Of times that name none: the practitioner's."`
	}
	takenRowBody struct {
		Number  int              `json:"number" doc:"The line of a table, or the number of the event in a calendar, from 1."`
		Outcome transfer.Outcome `json:"outcome" doc:"new, overbooked, known or left-out."`
		Reason  transfer.Reason  `json:"reason,omitempty" doc:"Why it is left out, or what is to be known of it: unreadable, time, skipped-time, whole-day, length, cancelled, no-name, contact, service, taken, several, nothing-known, other."`
		Patient transfer.Record  `json:"patient" doc:"found, created or none: what became of the record."`
		Start   *time.Time       `json:"start,omitempty"`
		End     *time.Time       `json:"end,omitempty"`
		Name    string           `json:"name,omitempty"`
		Service string           `json:"service,omitempty" doc:"As the file says it."`
	}
)

// takeOver is the area of appointments of other software.
func (a *api) takeOver() []operation {
	return []operation{
		op(http.MethodPost, "/appointments/import", "import-appointments", "Take appointments over from a table (CSV) or a calendar (.ics); nobody is told", http.StatusOK, account.ScopeAppointmentsWrite, a.importAppointments).
			taking(maxTable, tableType, calendarType),
	}
}

func (a *api) importAppointments(ctx context.Context, in *takeOverInput) (*bodyOf[takenOverBody], error) {
	owner, err := a.owner(ctx, in.Practitioner)
	if err != nil {
		return nil, err
	}
	if in.CreatePatients && !a.actor(ctx).Has(account.ScopePatientsWrite) {
		return nil, errScope
	}
	schedule, err := a.Book.Schedule(owner.ID)
	if err != nil {
		return nil, err
	}
	zone, err := time.LoadLocation(schedule.TimeZone)
	if err != nil {
		return nil, err // rather none than all at another hour
	}
	out := takenOverBody{Rows: []takenRowBody{}, Unknown: []string{}, Zone: schedule.TimeZone}
	var rows []transfer.Row
	if strings.HasPrefix(strings.ToLower(in.ContentType), calendarType) {
		from, to := transfer.Window(a.Book.Now())
		rows, err = transfer.ReadCalendar(in.RawBody, zone, from, to)
	} else {
		var unknown []string
		rows, unknown, err = transfer.ReadTable(in.RawBody, zone)
		out.Unknown = append(out.Unknown, unknown...)
	}
	if err != nil {
		return nil, err
	}
	chosen := transfer.Options{
		By: a.practiceActor(ctx), Practitioner: owner.ID, Service: in.Service, CreatePatients: in.CreatePatients, Remind: in.Remind, DryRun: in.DryRun,
	}
	if in.Overbook {
		chosen.Overbook = "import"
	}
	importer := transfer.Importer{Book: a.Book, Patients: a.Patients, Country: a.Practice.Profile().Country}
	results, err := importer.Run(ctx, rows, chosen)
	if err != nil {
		return nil, err
	}
	for _, r := range results {
		out.count(r)
	}
	if !in.DryRun {
		a.Logger.Info("appointments taken over", "practitioner", owner.ID, "by", a.actor(ctx).Account.ID, "new", out.New, "known", out.Known, "left_out", out.LeftOut)
	}
	return &bodyOf[takenOverBody]{out}, nil
}

// count adds what came of a row.
func (b *takenOverBody) count(r transfer.Result) {
	switch r.Outcome {
	case transfer.OutcomeNew, transfer.OutcomeOverbooked:
		b.New++
	case transfer.OutcomeKnown:
		b.Known++
	default:
		b.LeftOut++
	}
	if r.Record == transfer.RecordCreated {
		b.Created++
	}
	b.Rows = append(b.Rows, takenRowBody{
		Number: r.Row.Number, Outcome: r.Outcome, Reason: r.Reason, Patient: r.Record, Start: timeOrNil(r.Row.Start), End: timeOrNil(r.Row.End),
		Name: r.Row.Shown(), Service: r.Row.Service,
	})
}
