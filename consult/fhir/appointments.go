package fhir

import (
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
)

// status is FHIR's word for a state (hl7.org/fhir/R4/valueset-appointmentstatus.html).
func status(a booking.Appointment) string {
	switch a.State {
	case booking.StateRequested:
		if a.Start.IsZero() {
			return "proposed" // only these may have no time
		}
		return "pending"
	case booking.StateBooked:
		return "booked"
	case booking.StateArrived:
		return "arrived"
	case booking.StateInVisit, booking.StateInterrupted:
		return "checked-in"
	case booking.StateFulfilled, booking.StateByPhone:
		return "fulfilled"
	case booking.StateNoShow:
		return "noshow"
	case booking.StateInError:
		return "entered-in-error"
	default: // cancelled, refused, to be made again
		return "cancelled"
	}
}

func (s *server) appointmentOf(a booking.Appointment) appointment {
	out := appointment{
		ResourceType: "Appointment", ID: toID(a.ID), Meta: &meta{strconv.FormatUint(a.Revision, 10), &a.ChangedAt},
		Identifier: []identifier{{System: "urn:ietf:rfc:5545", Value: a.UID}}, Status: status(a), ServiceType: s.serviceType(a.Service, a.Label),
		Description: a.Label, Created: &a.CreatedAt, Comment: a.Note,
	}
	if !a.Start.IsZero() {
		out.Start, out.End, out.MinutesDuration = &a.Start, &a.End, int(a.Duration()/time.Minute)
		free := booking.FreeTime{Start: a.Start, Practitioner: a.Practitioner}
		out.Slot = []reference{{Reference: "Slot/" + slotID(a.Service, free)}}
	}
	if out.Status == "cancelled" || out.Status == "noshow" {
		if n := len(a.History); n > 0 && a.History[n-1].Reason != "" {
			out.CancelationReason = &codeableConcept{Text: a.History[n-1].Reason}
		}
	}
	if a.Practitioner != "" {
		out.Participant = append(out.Participant, participant{
			Actor: &reference{Reference: "Practitioner/" + toID(a.Practitioner), Display: a.PractitionerName}, Status: "accepted",
		})
	}
	out.Contained = []patient{patientOf(a.Person)}
	out.Participant = append(out.Participant, participant{Actor: &reference{Reference: "#patient", Display: a.Person.Name}, Status: "accepted"})
	out.AppointmentType = modality(a.Modality)
	return out
}

// modality is a code of this program: FHIR R4 has none for how people meet.
func modality(m booking.Modality) *codeableConcept {
	if m == "" {
		return nil
	}
	return &codeableConcept{Text: string(m)}
}

func patientOf(p booking.Person) patient {
	out := patient{ResourceType: "Patient", ID: "patient", Name: []humanName{{Text: p.Name}}, BirthDate: p.BirthDate}
	if p.Contact.Phone != "" {
		out.Telecom = append(out.Telecom, contactPoint{"phone", p.Contact.Phone})
	}
	if p.Contact.Mail != "" {
		out.Telecom = append(out.Telecom, contactPoint{"email", p.Contact.Mail})
	}
	if p.Language != "" {
		out.Communication = []communication{{codeableConcept{Coding: []coding{{System: "urn:ietf:bcp:47", Code: p.Language}}}, true}}
	}
	return out
}

// personOf reads a contained Patient.
func personOf(p patient) booking.Person {
	person := booking.Person{BirthDate: p.BirthDate}
	if len(p.Name) > 0 {
		n := p.Name[0]
		if person.Name = n.Text; person.Name == "" {
			person.Name = strings.TrimSpace(strings.Join(n.Given, " ") + " " + n.Family)
		}
	}
	for _, t := range p.Telecom {
		switch {
		case t.System == "email" && person.Contact.Mail == "":
			person.Contact.Mail = t.Value
		case (t.System == "phone" || t.System == "sms") && person.Contact.Phone == "":
			person.Contact.Phone = t.Value
		}
	}
	if len(p.Communication) > 0 && len(p.Communication[0].Language.Coding) > 0 {
		person.Language = p.Communication[0].Language.Coding[0].Code
	}
	return person
}

func (s *server) readAppointment(rq *request, id string) (any, error) {
	a, err := s.deps.Book.Appointment(ownID[booking.AppointmentID](id))
	if errors.Is(err, booking.ErrNotFound) || err == nil && !rq.mayRead(a.Practitioner) {
		return nil, errNoSuch
	}
	return s.appointmentOf(a), err
}

func (s *server) searchAppointments(rq *request) ([]any, error) {
	now := s.deps.Book.Now()
	usualFrom, usualTo := now.AddDate(0, 0, -1), now.AddDate(0, 0, usualDays)
	if rq.params.Get("_id") != "" { // whenever they are
		return s.namedAppointments(rq)
	}
	from, to, err := s.window(rq, "date", usualFrom, usualTo)
	if err != nil {
		return nil, err
	}
	var all []booking.Appointment
	for _, of := range rq.practitioners("practitioner", "actor") {
		err := s.deps.Book.Each(rq.Context(), of, from, to, func(a booking.Appointment) error {
			if rq.oneOf("_id", toID(a.ID)) && rq.oneOf("status", status(a)) && rq.oneOf("service-type", toID(a.Service)) {
				all = append(all, a)
			}
			return tooCostly(len(all))
		})
		if err != nil {
			return nil, err
		}
	}
	slices.SortStableFunc(all, func(a, b booking.Appointment) int { return a.Start.Compare(b.Start) })
	found := []any{}
	for _, a := range all {
		found = append(found, s.appointmentOf(a))
	}
	return found, nil
}

// namedAppointments are those of a search that names them: it need not say when.
func (s *server) namedAppointments(rq *request) ([]any, error) {
	from, to := time.Time{}, time.Time{}
	if len(rq.params["date"]) > 0 {
		var err error
		if from, to, err = s.window(rq, "date", from, s.deps.Book.Now().AddDate(100, 0, 0)); err != nil {
			return nil, err
		}
	}
	found := []any{}
	ids := strings.Split(rq.params.Get("_id"), ",")
	slices.Sort(ids)
	of := rq.practitioners("practitioner", "actor")
	for _, id := range slices.Compact(ids) {
		a, err := s.deps.Book.Appointment(ownID[booking.AppointmentID](id))
		if errors.Is(err, booking.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		then := to.IsZero() || !a.Start.Before(from) && a.Start.Before(to)
		if then && slices.Contains(of, a.Practitioner) && rq.oneOf("_id", toID(a.ID)) && rq.oneOf("status", status(a)) && rq.oneOf("service-type", toID(a.Service)) {
			found = append(found, s.appointmentOf(a))
		}
	}
	return found, nil
}

// findParams are those of $find that are looked at, and those that narrow nothing here.
var findParams = []string{
	"start", "end", "practitioner", "practitioner-reference", "service-type", "visit-type", "_count", "_format", "_pretty",
	"patient", "patient-reference", "patient-resource", "coverage", "coverage-reference", "coverage-resource", "appt-reason", "timezone",
}

// find answers with free times as proposed appointments (Argonaut Scheduling, $find).
func (s *server) find(rq *request) (any, error) {
	if rq.Method == "POST" {
		in, err := readParameters(rq)
		if err != nil {
			return nil, err
		}
		for _, p := range in.Parameter {
			rq.params.Set(p.Name, p.text())
		}
	}
	for name := range rq.params {
		if !slices.Contains(findParams, name) {
			return nil, &paramError{name, "This parameter is not known here: what it would leave out is not left out."}
		}
	}
	if named := rq.params["practitioner-reference"]; len(named) > 0 {
		rq.params["practitioner"] = append(rq.params["practitioner"], named...)
	}
	now := s.deps.Book.Now()
	from, to := now, now.AddDate(0, 0, usualDays)
	for name, into := range map[string]*time.Time{"start": &from, "end": &to} {
		text := rq.params.Get(name)
		if text == "" {
			continue
		}
		first, _, err := s.date(text)
		if err != nil {
			return nil, &paramError{name, "This is not a date such as 2026-11-24 or 2026-11-24T09:00:00Z."}
		}
		*into = first
	}
	if rq.params.Get("service-type") == "" {
		rq.params.Set("service-type", rq.params.Get("visit-type"))
	}
	count, err := number(rq.params, "_count", 100, 1000)
	if err != nil {
		return nil, err
	}
	free, err := s.free(rq, "practitioner", from, to)
	if err != nil {
		return nil, err
	}
	b := bundle{ResourceType: "Bundle", Type: "searchset"}
	for _, one := range free[:min(count, len(free))] {
		b.Entry = append(b.Entry, s.entryOf(s.proposed(one)))
	}
	total := len(b.Entry)
	b.Total = &total
	return b, nil
}

func (s *server) proposed(o offer) appointment {
	out := appointment{
		ResourceType: "Appointment", ID: slotID(o.service.ID, o.FreeTime), Status: "proposed", ServiceType: s.serviceType(o.service.ID, s.label(o.service)),
		Start: &o.Start, End: &o.End, MinutesDuration: int(o.End.Sub(o.Start) / time.Minute),
		Slot:        []reference{{Reference: "Slot/" + slotID(o.service.ID, o.FreeTime)}},
		Participant: []participant{{Actor: &reference{Reference: "Practitioner/" + toID(o.Practitioner)}, Status: "needs-action"}},
	}
	return out
}

// hold keeps the time of a proposed appointment for a while. What it answers has status pending, and until when as its requestedPeriod.
func (s *server) hold(rq *request) (any, error) {
	in, err := readParameters(rq)
	if err != nil {
		return nil, err
	}
	service, t, err := s.freeAt(rq, in.slot())
	if err != nil {
		return nil, err
	}
	held, err := s.deps.Book.Hold(booking.HoldRequest{Service: service.ID, Practitioner: t.Practitioner, Start: t.Start, By: booking.Actor{Kind: booking.ByPatient}})
	if err != nil {
		return nil, err
	}
	out := s.proposed(offer{t, service})
	now := s.deps.Book.Now()
	out.ID, out.Status = heldPrefix+toID(held.Secret), "pending"
	out.RequestedPeriod = []period{{&now, &held.Until}}
	out.Comment = "Held until the end of requestedPeriod: book it with $book."
	return s.one(out), nil
}

// book makes an appointment of one that is held, or of a time that is free, for the patient that it contains.
func (s *server) book(rq *request) (any, error) {
	in, err := readParameters(rq)
	if err != nil {
		return nil, err
	}
	who, ok := in.patient()
	if !ok {
		return nil, &paramError{"appt-resource", "The appointment contains no Patient with a name."}
	}
	ask := booking.Request{
		By: booking.Actor{Kind: booking.ByPractice, Account: rq.actor.Account.ID}, Key: rq.Header.Get("Idempotency-Key"), Person: personOf(who), Note: in.comment(),
	}
	if ask.Key != "" {
		ask.Key = "fhir/" + string(rq.actor.Account.ID) + "/" + ask.Key
	}
	if secret, held := strings.CutPrefix(in.id(), heldPrefix); held {
		ask.Hold = ownID[string](secret)
		hold, err := s.deps.Book.Held(ask.Hold)
		if err != nil {
			return nil, err
		}
		if !rq.mayRead(hold.Practitioner) {
			return nil, errNoSuch
		}
	} else {
		service, t, err := s.freeAt(rq, in.slot())
		if err != nil {
			return nil, err
		}
		ask.Service, ask.Practitioner, ask.Start = service.ID, t.Practitioner, t.Start
	}
	made, err := s.deps.Book.Book(ask)
	if err != nil {
		return nil, err
	}
	booked := made.Appointment
	if read, err := s.deps.Book.Appointment(booked.ID); err == nil { // with its version
		booked = read
	}
	return s.one(s.appointmentOf(booked)), nil
}

// one is a Bundle with one appointment, as the guide's operations answer.
func (s *server) one(a appointment) bundle {
	total := 1
	return bundle{ResourceType: "Bundle", Type: "searchset", Total: &total, Entry: []entry{s.entryOf(a)}}
}

func readParameters(rq *request) (parameters, error) {
	var in parameters
	if strings.Contains(rq.Header.Get("Content-Type"), "xml") { // many send JSON without saying so
		return in, errMedia
	}
	text, err := io.ReadAll(rq.Body)
	if err != nil {
		return in, &consult.Error{Code: consult.CodeTooLarge, Message: "The request is too large."}
	}
	if err := json.Unmarshal(text, &in); err != nil || in.ResourceType != "Parameters" {
		return in, errBody
	}
	return in, nil
}

// id is that of the appointment which the parameters name or hold.
func (in parameters) id() string {
	for _, p := range in.Parameter {
		switch {
		case p.Name == "appt-id" || p.Name == "appt-reference":
			return lastPart(p.text())
		case p.Name == "appt-resource" && p.Resource != nil && p.Resource.ID != "":
			return p.Resource.ID
		}
	}
	return ""
}

// slot is that of the appointment.
func (in parameters) slot() string {
	for _, p := range in.Parameter {
		if p.Name == "appt-resource" && p.Resource != nil && len(p.Resource.Slot) > 0 {
			return lastPart(p.Resource.Slot[0].Reference)
		}
	}
	return in.id() // a proposed appointment is named as its slot
}

func (in parameters) patient() (patient, bool) {
	for _, p := range in.Parameter {
		if p.Name != "appt-resource" || p.Resource == nil {
			continue
		}
		for _, c := range p.Resource.Contained {
			if c.ResourceType == "Patient" && personOf(c).Name != "" {
				return c, true
			}
		}
	}
	return patient{}, false
}

func (in parameters) comment() string {
	for _, p := range in.Parameter {
		if p.Resource != nil && p.Resource.Comment != "" {
			return p.Resource.Comment
		}
	}
	return ""
}
