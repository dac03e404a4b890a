package api

import (
	"context"
	"errors"
	"io"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/patient"
	"github.com/colloque/colloque/consult/transfer"
)

const (
	tableType = "text/csv"
	maxTable  = 4 << 20 // bytes: 20,000 patients with all that can be said of them
)

// Tables of patients: a practice arrives with one, and may leave with one.
type (
	importInput struct {
		Practitioner consult.AccountID `query:"practitioner" maxLength:"64" doc:"Whose patients; may be left out by the practitioner."`
		DryRun       bool              `query:"dry_run" doc:"Only say what would be done."`
		RawBody      []byte            `contentType:"text/csv" doc:"With commas, semicolons or tabs, in UTF-8 or Windows-1252. The first line names the columns."`
	}
	importBody struct {
		Lines   int           `json:"lines" doc:"With somebody on them."`
		Created int           `json:"created" doc:"In a dry run: how many would be."`
		LeftOut []leftOutBody `json:"left_out" doc:"The first 1000 lines that were not taken over."`
		Unknown []string      `json:"unknown_columns" doc:"Columns that were not read."`
	}
	leftOutBody struct {
		Line   int          `json:"line" doc:"In the file, from 1."`
		Code   consult.Code `json:"code" doc:"similar: the patient is there already."`
		Field  string       `json:"field,omitempty" doc:"Which field is wrong." example:"birth_date"`
		Detail string       `json:"detail" doc:"One English sentence."`
	}
	exportInput struct {
		Practitioner consult.AccountID `query:"practitioner" maxLength:"64" doc:"Whose patients; may be left out by the practitioner."`
	}
)

func (a *api) importPatients(ctx context.Context, in *importInput) (*bodyOf[importBody], error) {
	owner, err := a.owner(ctx, in.Practitioner)
	if err != nil {
		return nil, err
	}
	done, err := a.Patients.Import(ctx, owner.ID, in.RawBody, in.DryRun)
	if err != nil {
		return nil, err
	}
	out := importBody{done.Lines, done.Created, make([]leftOutBody, 0, len(done.Notes)), append([]string{}, done.Unknown...)}
	for _, note := range done.Notes {
		left := leftOutBody{Line: note.Line, Code: consult.CodeOf(note.Err), Detail: note.Err.Error()}
		var field *patient.FieldError
		if errors.As(note.Err, &field) {
			left.Field = field.Field
		}
		out.LeftOut = append(out.LeftOut, left)
	}
	return &bodyOf[importBody]{out}, nil
}

func (a *api) exportPatients(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
	owner, err := a.owner(ctx, in.Practitioner)
	if err != nil {
		return nil, err
	}
	return &huma.StreamResponse{Body: func(h huma.Context) {
		h.SetHeader("Content-Type", tableType+"; charset=utf-8")
		h.SetHeader("Content-Disposition", `attachment; filename="patients.csv"`)
		if err := a.Patients.Export(ctx, owner.ID, h.BodyWriter()); err != nil {
			a.Logger.Warn("patients not exported to the end", "owner", owner.ID, "code", consult.CodeOf(err))
		}
	}}, nil
}

func (a *api) exporter() transfer.Exporter {
	return transfer.Exporter{Book: a.Book, Patients: a.Patients, Practice: a.Practice}
}

// exportBook gives everything that a practitioner's book holds, patients too.
func (a *api) exportBook(ctx context.Context, in *exportInput) (*huma.StreamResponse, error) {
	owner, err := a.owner(ctx, in.Practitioner)
	if err != nil {
		return nil, err
	}
	if !a.actor(ctx).Has(account.ScopePatientsRead) {
		return nil, errScope
	}
	return a.archive("agenda.zip", func(w io.Writer) error { return a.exporter().WriteBook(ctx, owner.ID, w) }, "practitioner", string(owner.ID), "by", string(a.actor(ctx).Account.ID)), nil
}

// exportPatient gives what is kept about one patient, for them.
func (a *api) exportPatient(ctx context.Context, in *patientInput) (*huma.StreamResponse, error) {
	p, err := a.patientRecord(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if !a.actor(ctx).Has(account.ScopeAppointmentsRead) {
		return nil, errScope
	}
	return a.archive("patient.zip", func(w io.Writer) error { return a.exporter().WritePatient(ctx, p.ID, w) }, "patient", string(p.ID), "by", string(a.actor(ctx).Account.ID)), nil
}

// archive answers with a file that is written while it is sent. One that breaks off ends the connection, so that it is not taken for whole.
func (a *api) archive(name string, write func(io.Writer) error, about ...any) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(h huma.Context) {
		h.SetHeader("Content-Type", "application/zip")
		h.SetHeader("Content-Disposition", `attachment; filename="`+name+`"`)
		if err := write(h.BodyWriter()); err != nil {
			a.Logger.Warn("not exported to the end", append(about, "code", consult.CodeOf(err))...)
			panic(http.ErrAbortHandler)
		}
		a.Logger.Info("exported", about...)
	}}
}
