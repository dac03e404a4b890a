package api

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/transfer"
)

const (
	calendarType = "text/calendar"
	maxTakenOver = 16 << 20 // bytes: 20,000 events with all that programs write into them
)

// Appointments that other software kept: a practice arrives with them.
type (
	takeOverInput struct {
		Practitioner   consult.AccountID `query:"practitioner" maxLength:"64" doc:"Whose book; may be left out by the practitioner."`
		Service        booking.ServiceID `query:"service" maxLength:"64" doc:"Of rows that name none that is known; left out: those are not taken over."`
		Overbook       bool              `query:"overbook" doc:"Take over what overlaps something, marked as overbooked; else it is left out."`
		CreatePatients bool              `query:"create_patients" doc:"Write down patients who are not known, by their name and birth date or phone; else their appointments stand without a record."`
		Remind         bool              `query:"remind" doc:"Remind these patients as others; else nobody is ever sent anything about these appointments."`
		DryRun         bool              `query:"dry_run" doc:"Only say what would be done."`
		RawBody        []byte            `contentType:"text/csv" doc:"A table (text/csv), whose first line names the columns: date, heure, durée or fin, nom and prénom or patient, date de naissance, téléphone, courriel, motif, praticien, état, note, uid; or a calendar (text/calendar). Which of them it is, it says itself."`
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
	takingOverInput struct {
		Practitioner consult.AccountID `query:"practitioner" maxLength:"64" doc:"Whose book; may be left out by the practitioner."`
	}
	takingOverBody struct {
		Rows int `json:"rows" doc:"Done with."`
		Of   int `json:"of" doc:"In the file; 0: nothing is being taken over."`
	}
	takeRulesInput struct {
		Practitioner consult.AccountID `query:"practitioner" maxLength:"64" doc:"Who is to have them; may be left out by the practitioner."`
		RawBody      []byte            `contentType:"text/plain" doc:"The book.json of an archive, as it is."`
	}
	takenRulesBody struct {
		Services int  `json:"services" doc:"That are new."`
		Shared   int  `json:"shared" doc:"That the practice had by that name, and the practitioner gives now."`
		Known    int  `json:"known" doc:"That the practitioner gave already: left as they are."`
		Rooms    int  `json:"rooms" doc:"That are new."`
		Hours    bool `json:"hours" doc:"Opening hours were taken over; false: the practitioner had some, which stay, or the file has none."`
	}
	takenRowBody struct {
		Number  int              `json:"number" doc:"The line of a table, or the number of the event in a calendar, from 1."`
		Outcome transfer.Outcome `json:"outcome" doc:"new, overbooked, known or left-out."`
		Reason  transfer.Reason  `json:"reason,omitempty" doc:"Why it is left out, or what is to be known of it: unreadable, time, skipped-time, whole-day, length, cancelled, no-name, phone, mail, birth-date, practitioner, service, taken, moved, several, nothing-known, other."`
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
		op(http.MethodPost, "/appointments/import", "import-appointments", "Take appointments over from a table (CSV) or a calendar (.ics); nobody is told. Patients are looked for: needs patients:read too", http.StatusOK, account.ScopeAppointmentsWrite, a.importAppointments).
			taking(maxTakenOver, tableType, calendarType),
		op(http.MethodGet, "/appointments/import", "import-progress", "How far the taking over of appointments is", http.StatusOK, account.ScopeAppointmentsWrite, a.importProgress),
		op(http.MethodPost, "/appointments/import-rules", "import-rules", "Take services, rooms and opening hours over from an archive; what is there stays", http.StatusOK, account.ScopeAppointmentsWrite, a.importRules).
			taking(maxTable, "text/plain"),
		op(http.MethodGet, "/appointments/export", "export-book", "All that a practitioner's book holds, as an archive (.zip): appointments by year as table, calendar and JSON, requests, wait list, services, hours, patients", http.StatusOK, account.ScopeAppointmentsRead, a.exportBook),
	}
}

// takings is how far the files are that are being taken over, one a practitioner.
type takings struct {
	mu sync.Mutex // guards what follows
	of map[consult.AccountID]takingOverBody
}

func (t *takings) say(of consult.AccountID, far takingOverBody) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if far.Of == 0 {
		delete(t.of, of)
	} else {
		t.of[of] = far
	}
}

func (t *takings) far(of consult.AccountID) takingOverBody {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.of[of]
}

func (a *api) importProgress(ctx context.Context, in *takingOverInput) (*bodyOf[takingOverBody], error) {
	owner, err := a.owner(ctx, in.Practitioner)
	if err != nil {
		return nil, err
	}
	return &bodyOf[takingOverBody]{a.takings.far(owner.ID)}, nil
}

func (a *api) importRules(ctx context.Context, in *takeRulesInput) (*bodyOf[takenRulesBody], error) {
	owner, err := a.owner(ctx, in.Practitioner)
	if err != nil {
		return nil, err
	}
	rules, err := transfer.ReadRules(in.RawBody)
	if err != nil {
		return nil, err
	}
	done, err := transfer.Importer{Book: a.Book}.TakeRules(owner.ID, owner.Name, rules)
	if err != nil {
		return nil, err
	}
	a.Logger.Info("rules taken over", "practitioner", owner.ID, "by", a.actor(ctx).Account.ID, "services", done.Services, "hours", done.Hours)
	return &bodyOf[takenRulesBody]{takenRulesBody(done)}, nil
}

func (a *api) importAppointments(ctx context.Context, in *takeOverInput) (*bodyOf[takenOverBody], error) {
	owner, err := a.owner(ctx, in.Practitioner)
	if err != nil {
		return nil, err
	}
	if actor := a.actor(ctx); !actor.Has(account.ScopePatientsRead) || in.CreatePatients && !actor.Has(account.ScopePatientsWrite) {
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
	rows, unknown, err := transfer.Read(in.RawBody, zone, a.Book.Now())
	if err != nil {
		return nil, err
	}
	out.Unknown = append(out.Unknown, unknown...)
	chosen := transfer.Options{
		By: a.practiceActor(ctx), Practitioner: owner.ID, Service: in.Service, CreatePatients: in.CreatePatients, Remind: in.Remind, DryRun: in.DryRun,
	}
	if in.Overbook {
		chosen.Overbook = "import"
	}
	importer := transfer.Importer{Book: a.Book, Patients: a.Patients, Country: a.Practice.Profile().Country}
	if !in.DryRun {
		chosen.Progress = func(done int) { a.takings.say(owner.ID, takingOverBody{done, len(rows)}) }
		chosen.Progress(0)
		defer a.takings.say(owner.ID, takingOverBody{})
	}
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
