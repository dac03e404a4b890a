package api

import (
	"context"
	"net/http"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/account"
	"github.com/colloque/colloque/consult/patient"
)

// The people cared for, as whoever may act for their practitioner sees them. A search is a POST, so that no name stands in an
// address: those are logged by others.
type (
	// PatientFields is what a record says of a patient.
	PatientFields struct {
		FamilyName string           `json:"family_name" maxLength:"400" doc:"The one that is used. 1 to 99 characters." example:"Martin"`
		BirthName  string           `json:"birth_name,omitempty" maxLength:"400" doc:"Left out when it is the family name."`
		GivenNames string           `json:"given_names,omitempty" maxLength:"400" example:"Jeanne"`
		BirthDate  string           `json:"birth_date,omitempty" maxLength:"10" example:"1948-03-09"`
		Language   string           `json:"language,omitempty" maxLength:"100" example:"fr"`
		TimeZone   string           `json:"time_zone,omitempty" maxLength:"64" doc:"IANA. Left out: the practice's." example:"Indian/Reunion"`
		Contact    contactBody      `json:"contact,omitempty"`
		Needs      []string         `json:"needs,omitempty" maxItems:"4" doc:"hearing, sight, interpreter, carer."`
		Carer      carerBody        `json:"carer,omitempty"`
		IDs        []externalIDBody `json:"ids,omitempty" maxItems:"8" doc:"How other systems name this patient."`
	}
	carerBody struct {
		Name  string `json:"name,omitempty" maxLength:"400"`
		Phone string `json:"phone,omitempty" maxLength:"64"`
	}
	externalIDBody struct {
		System string `json:"system" maxLength:"160" example:"INS"`
		Value  string `json:"value" maxLength:"256"`
	}
	patientBody struct {
		ID           consult.PatientID `json:"id"`
		Practitioner consult.AccountID `json:"practitioner"`
		Revision     uint64            `json:"revision" doc:"Grows with every change."`
		PatientFields
	}
	newPatientBody struct {
		Practitioner consult.AccountID `json:"practitioner,omitempty" maxLength:"64" doc:"Whose patient; may be left out by the practitioner."`
		Anyway       bool              `json:"anyway,omitempty" doc:"Although there is somebody similar: without it the answer is then 409, similar."`
		PatientFields
	}
	changedPatientBody struct {
		Revision uint64 `json:"revision" doc:"That of the record which was changed. When it is not the newest any more, the answer is 409 and nothing is written."`
		PatientFields
	}
	similarBody struct {
		Practitioner consult.AccountID `json:"practitioner,omitempty" maxLength:"64"`
		ID           consult.PatientID `json:"id,omitempty" maxLength:"64" doc:"Who is not similar to themselves."`
		PatientFields
	}
	patientQueryBody struct {
		Practitioner consult.AccountID `json:"practitioner,omitempty" maxLength:"64" doc:"Left out: of all for whom the one who asks may act."`
		Words        string            `json:"words,omitempty" maxLength:"400" doc:"Names, a birth date, a phone number, an identifier, in any order. None: everybody." example:"martin 09/03/1948"`
		From         int               `json:"from,omitempty" minimum:"0" maximum:"1000000" doc:"How many to skip."`
		Limit        int               `json:"limit,omitempty" minimum:"1" maximum:"100" default:"20"`
	}
	patientsBody struct {
		Patients []patientBody `json:"patients"`
		Total    int           `json:"total" doc:"How many there are in all."`
	}
	patientConsultationsBody struct {
		Consultations []consultationBody `json:"consultations" doc:"The latest first."`
	}
	patientInput struct {
		ID consult.PatientID `path:"id" maxLength:"64"`
	}
	changePatientInput struct {
		ID   consult.PatientID `path:"id" maxLength:"64"`
		Body changedPatientBody
	}
)

// patients is the area of patients' records; operations_transfer.go has tables of them, operations_forget.go is about who has none.
func (a *api) patients() []operation {
	const at = "/patients"
	const read, write = account.ScopePatientsRead, account.ScopePatientsWrite
	return []operation{
		op(http.MethodPost, at, "create-patient", "Write a new patient down", http.StatusCreated, write, a.createPatient),
		op(http.MethodPost, at+"/search", "search-patients", "Find patients while their name is typed", http.StatusOK, read, a.searchPatients),
		op(http.MethodPost, at+"/similar", "similar-patients", "Who may be the same person, before a record is written", http.StatusOK, read, a.similarPatients),
		op(http.MethodPost, at+"/import", "import-patients", "Take patients over from a table (CSV)", http.StatusOK, write, a.importPatients).taking(maxTable, tableType),
		op(http.MethodGet, at+"/export", "export-patients", "All patients of a practitioner as a table (CSV)", http.StatusOK, read, a.exportPatients),
		op(http.MethodPost, at+"/forget-contact", "forget-contact", "Erase who somebody without a record is, known by a phone number or a mail address, from appointments that are over, requests, the wait list and messages; or (dry_run) count them. Needs appointments:write too. 409 while an appointment is to come", http.StatusOK, write, a.forgetContact),
		op(http.MethodGet, at+"/{id}", "patient", "A patient's record", http.StatusOK, read, computed(a.Turns, a.onePatient)),
		op(http.MethodPut, at+"/{id}", "change-patient", "Change a patient's record", http.StatusOK, write, a.changePatient),
		op(http.MethodDelete, at+"/{id}", "erase-patient", "Erase a patient's record, and who they are from their appointments that are over; consultations keep what was said in them. 409 while one is to come", http.StatusNoContent, write, a.erasePatient),
		op(http.MethodGet, at+"/{id}/export", "export-patient", "What is kept about a patient, for them, as an archive (.zip)", http.StatusOK, read, a.exportPatient),
		op(http.MethodGet, at+"/{id}/consultations", "patient-consultations", "The consultations of a patient", http.StatusOK, read, computed(a.Turns, a.patientConsultations)),
	}
}

// patientRecord returns the record, if whoever asks may act for its practitioner, else patient.ErrNotFound.
func (a *api) patientRecord(ctx context.Context, id consult.PatientID) (patient.Patient, error) {
	p, err := a.Patients.Patient(id)
	if err != nil {
		return patient.Patient{}, err
	}
	if err := a.mayActFor(ctx, p.Owner); err != nil {
		if consult.CodeOf(err) == consult.CodeNotFound {
			err = patient.ErrNotFound
		}
		return patient.Patient{}, err
	}
	return p, nil
}

// copiedRecord is patientRecord where what it says is copied into something that the answer shows: a program that may not read records is
// not told them this way.
func (a *api) copiedRecord(ctx context.Context, id consult.PatientID) (patient.Patient, error) {
	if !a.actor(ctx).Has(account.ScopePatientsRead) {
		return patient.Patient{}, errScope
	}
	return a.patientRecord(ctx, id)
}

func (a *api) createPatient(ctx context.Context, in *bodyOf[newPatientBody]) (*bodyOf[patientBody], error) {
	owner, err := a.owner(ctx, in.Body.Practitioner)
	if err != nil {
		return nil, err
	}
	p, err := a.Patients.Create(ctx, owner.ID, in.Body.record(), in.Body.Anyway)
	if err != nil {
		return nil, err
	}
	return &bodyOf[patientBody]{patientBodyOf(p)}, nil
}

func (a *api) onePatient(ctx context.Context, in *patientInput) (*bodyOf[patientBody], error) {
	p, err := a.patientRecord(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &bodyOf[patientBody]{patientBodyOf(p)}, nil
}

func (a *api) changePatient(ctx context.Context, in *changePatientInput) (*bodyOf[patientBody], error) {
	if _, err := a.patientRecord(ctx, in.ID); err != nil {
		return nil, err
	}
	changed := in.Body.record()
	changed.ID, changed.Revision = in.ID, in.Body.Revision
	p, err := a.Patients.Update(changed)
	if err != nil {
		return nil, err
	}
	return &bodyOf[patientBody]{patientBodyOf(p)}, nil
}

func (a *api) erasePatient(ctx context.Context, in *patientInput) (*struct{}, error) {
	p, err := a.patientRecord(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := a.Book.Forget(ctx, in.ID); err != nil { // first: when the record is gone, nothing leads there any more
		return nil, err
	}
	notices, err := a.noticesTo(p.Contact, p.Name(), p.Owner)
	if err == nil {
		err = a.settleAll(notices)
	}
	if err != nil {
		return nil, err
	}
	return nil, a.Patients.Erase(in.ID)
}

func (a *api) searchPatients(ctx context.Context, in *bodyOf[patientQueryBody]) (*bodyOf[patientsBody], error) {
	owners, err := a.owners(ctx, in.Body.Practitioner)
	if err != nil {
		return nil, err
	}
	if err := a.Patients.Load(ctx, owners); err != nil { // before the turn: it waits
		return nil, err
	}
	return computed(a.Turns, func(ctx context.Context, in *bodyOf[patientQueryBody]) (*bodyOf[patientsBody], error) {
		found, err := a.Patients.Search(ctx, owners, in.Body.Words, in.Body.From, in.Body.Limit)
		if err != nil {
			return nil, err
		}
		return &bodyOf[patientsBody]{patientsBody{patientBodiesOf(found.Patients), found.Total}}, nil
	})(ctx, in)
}

func (a *api) similarPatients(ctx context.Context, in *bodyOf[similarBody]) (*bodyOf[patientsBody], error) {
	owner, err := a.owner(ctx, in.Body.Practitioner)
	if err != nil {
		return nil, err
	}
	p := in.Body.record()
	p.ID = in.Body.ID
	similar, err := a.Patients.Similar(ctx, owner.ID, p)
	if err != nil {
		return nil, err
	}
	return &bodyOf[patientsBody]{patientsBody{patientBodiesOf(similar), len(similar)}}, nil
}

// patientConsultations leaves out what was passed to somebody for whom the one who asks may not act.
func (a *api) patientConsultations(ctx context.Context, in *patientInput) (*bodyOf[patientConsultationsBody], error) {
	if _, err := a.patientRecord(ctx, in.ID); err != nil {
		return nil, err
	}
	all, err := a.Practice.OfPatient(in.ID)
	if err != nil {
		return nil, err
	}
	owners, err := a.Accounts.ActsFor(a.actor(ctx).Account)
	if err != nil {
		return nil, err
	}
	own := map[consult.AccountID]bool{}
	for _, owner := range owners {
		own[owner] = true
	}
	out := patientConsultationsBody{[]consultationBody{}}
	for _, c := range all {
		if own[c.Practitioner] {
			out.Consultations = append(out.Consultations, a.consultationOf(c))
		}
	}
	return &bodyOf[patientConsultationsBody]{out}, nil
}

// owners returns the practitioner who is named, if whoever asks may act for them, or all for whom they may.
func (a *api) owners(ctx context.Context, named consult.AccountID) ([]consult.AccountID, error) {
	if named == "" {
		return a.Accounts.ActsFor(a.actor(ctx).Account)
	}
	owner, err := a.owner(ctx, named)
	if err != nil {
		return nil, err
	}
	return []consult.AccountID{owner.ID}, nil
}

func (f PatientFields) record() patient.Patient {
	p := patient.Patient{
		FamilyName: f.FamilyName, BirthName: f.BirthName, GivenNames: f.GivenNames, BirthDate: f.BirthDate, Language: f.Language, TimeZone: f.TimeZone,
		Contact: consult.Contact(f.Contact), Needs: f.Needs, Carer: patient.Carer(f.Carer),
	}
	for _, id := range f.IDs {
		p.IDs = append(p.IDs, patient.ExternalID(id))
	}
	return p
}

func patientBodyOf(p patient.Patient) patientBody {
	body := patientBody{ID: p.ID, Practitioner: p.Owner, Revision: p.Revision, PatientFields: PatientFields{
		FamilyName: p.FamilyName, BirthName: p.BirthName, GivenNames: p.GivenNames, BirthDate: p.BirthDate, Language: p.Language, TimeZone: p.TimeZone,
		Contact: contactBody(p.Contact), Needs: p.Needs, Carer: carerBody(p.Carer),
	}}
	for _, id := range p.IDs {
		body.IDs = append(body.IDs, externalIDBody(id))
	}
	return body
}

func patientBodiesOf(patients []patient.Patient) []patientBody {
	bodies := make([]patientBody, 0, len(patients))
	for _, p := range patients {
		bodies = append(bodies, patientBodyOf(p))
	}
	return bodies
}
