package fhir

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/cases"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
)

// serviceSystem names the codes of services: they are those of this practice.
func (s *server) serviceSystem() string { return s.deps.BaseURL() + Root + "service" }

func (s *server) serviceType(id booking.ServiceID, label string) []codeableConcept {
	return []codeableConcept{{Coding: []coding{{System: s.serviceSystem(), Code: toID(id), Display: label}}, Text: label}}
}

func (s *server) label(service booking.Service) string {
	return service.LabelIn(s.deps.Profile.Language)
}

// scheduled calls the function with the schedule of each of these practitioners who has one.
func (s *server) scheduled(of []consult.AccountID, do func(booking.Schedule)) error {
	for _, id := range of {
		schedule, err := s.deps.Book.Schedule(id)
		if errors.Is(err, booking.ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		do(schedule)
	}
	return nil
}

// scheduleOf is the schedule of a practitioner that an id of FHIR's names.
func (s *server) scheduleOf(rq *request, id string) (booking.Schedule, error) {
	of := ownID[consult.AccountID](id)
	if !rq.mayRead(of) {
		return booking.Schedule{}, errNoSuch
	}
	found, err := s.deps.Book.Schedule(of)
	if errors.Is(err, booking.ErrNotFound) {
		return booking.Schedule{}, errNoSuch
	}
	return found, err
}

// named compares as names are compared: by how they begin, in any case (R4 §3.1.1.4.9).
func (rq *request) named(name string) bool {
	fold := cases.Fold()
	name = fold.String(name)
	parts := append(strings.Fields(name), name)
	return rq.fits("name", func(wanted string) bool {
		wanted = fold.String(wanted)
		return slices.ContainsFunc(parts, func(part string) bool { return strings.HasPrefix(part, wanted) })
	})
}

func (s *server) practitionerOf(from booking.Schedule) practitioner {
	p := practitioner{ResourceType: "Practitioner", ID: toID(from.Practitioner), Active: true, Name: []humanName{{Text: from.Name}}}
	for _, tag := range from.Languages {
		p.Communication = append(p.Communication, codeableConcept{Coding: []coding{{System: "urn:ietf:bcp:47", Code: tag}}})
	}
	return p
}

func (s *server) readPractitioner(rq *request, id string) (any, error) {
	found, err := s.scheduleOf(rq, id)
	return s.practitionerOf(found), err
}

func (s *server) searchPractitioners(rq *request) ([]any, error) {
	var found []any
	err := s.scheduled(rq.actsFor, func(one booking.Schedule) {
		p := s.practitionerOf(one)
		if rq.oneOf("_id", p.ID) && rq.oneOf("active", "true") && rq.named(one.Name) {
			found = append(found, p)
		}
	})
	return found, err
}

// days are FHIR's names, Sunday first (hl7.org/fhir/R4/valueset-days-of-week.html).
var days = [...]string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}

func (s *server) roleOf(from booking.Schedule, services []booking.Service) practitionerRole {
	r := practitionerRole{
		ResourceType: "PractitionerRole", ID: toID(from.Practitioner), Active: true,
		Practitioner: reference{Reference: "Practitioner/" + toID(from.Practitioner), Display: from.Name},
	}
	if name := s.deps.Profile.Name; name != "" {
		r.Organization = &reference{Display: name}
	}
	for _, service := range services {
		if slices.Contains(service.Practitioners, from.Practitioner) {
			r.HealthcareService = append(r.HealthcareService, reference{Reference: "HealthcareService/" + toID(service.ID), Display: s.label(service)})
		}
	}
	for _, rule := range from.Weekly {
		if rule.Every > 1 || rule.Since != 0 || rule.Until != 0 || rule.To <= rule.From {
			continue // FHIR has no words for it: Slots say what is free
		}
		end := rule.To.String() + ":00"
		if rule.To.String() == "24:00" {
			end = "23:59:59"
		}
		r.AvailableTime = append(r.AvailableTime, availableTime{[]string{days[rule.Weekday]}, rule.From.String() + ":00", end})
	}
	for _, closed := range from.Closed {
		n := notAvailable{Description: "Closed"}
		n.During.Start, n.During.End = closed.From.String(), closed.To.String()
		r.NotAvailable = append(r.NotAvailable, n)
	}
	return r
}

func (s *server) readRole(rq *request, id string) (any, error) {
	found, err := s.scheduleOf(rq, id)
	if err != nil {
		return nil, err
	}
	services, err := s.deps.Book.Services()
	return s.roleOf(found, services), err
}

func (s *server) searchRoles(rq *request) ([]any, error) {
	services, err := s.deps.Book.Services()
	if err != nil {
		return nil, err
	}
	var found []any
	err = s.scheduled(rq.practitioners("practitioner"), func(one booking.Schedule) {
		if rq.oneOf("_id", toID(one.Practitioner)) && rq.oneOf("active", "true") {
			found = append(found, s.roleOf(one, services))
		}
	})
	return found, err
}

func (s *server) serviceOf(from booking.Service) healthcareService {
	return healthcareService{
		ResourceType: "HealthcareService", ID: toID(from.ID), Active: !from.Hidden, Name: s.label(from), AppointmentRequired: true, Type: s.serviceType(from.ID, s.label(from)),
		Comment: from.Description[s.deps.Profile.Language],
	}
}

func (s *server) readService(_ *request, id string) (any, error) {
	found, err := s.deps.Book.Service(ownID[booking.ServiceID](id))
	if errors.Is(err, booking.ErrNotFound) {
		err = errNoSuch
	}
	return s.serviceOf(found), err
}

func (s *server) searchServices(rq *request) ([]any, error) {
	all, err := s.services(rq, "_id")
	var found []any
	for _, one := range all {
		service := s.serviceOf(one)
		if rq.named(service.Name) && rq.oneOf("active", strconv.FormatBool(service.Active)) {
			found = append(found, service)
		}
	}
	return found, err
}

func (s *server) fhirSchedule(from booking.Schedule, services []booking.Service) schedule {
	out := schedule{
		ResourceType: "Schedule", ID: toID(from.Practitioner), Active: true,
		Actor: []reference{
			{Reference: "Practitioner/" + toID(from.Practitioner), Display: from.Name},
			{Reference: "PractitionerRole/" + toID(from.Practitioner)},
		},
	}
	horizon := 0
	for _, service := range services {
		if !service.Hidden && slices.Contains(service.Practitioners, from.Practitioner) {
			out.ServiceType = append(out.ServiceType, s.serviceType(service.ID, s.label(service))...)
			horizon = max(horizon, service.Horizon)
		}
	}
	now := s.deps.Book.Now()
	end := now.AddDate(0, 0, horizon)
	out.PlanningHorizon = &period{&now, &end}
	return out
}

func (s *server) readSchedule(rq *request, id string) (any, error) {
	found, err := s.scheduleOf(rq, id)
	if err != nil {
		return nil, err
	}
	services, err := s.deps.Book.Services()
	return s.fhirSchedule(found, services), err
}

func (s *server) searchSchedules(rq *request) ([]any, error) {
	services, err := s.deps.Book.Services()
	if err != nil {
		return nil, err
	}
	var found []any
	err = s.scheduled(rq.practitioners("actor"), func(one booking.Schedule) {
		out := s.fhirSchedule(one, services)
		gives := rq.params.Get("service-type") == "" || slices.ContainsFunc(out.ServiceType, func(c codeableConcept) bool { return rq.oneOf("service-type", c.Coding[0].Code) })
		if gives && rq.oneOf("_id", out.ID) && rq.oneOf("active", "true") {
			found = append(found, out)
		}
	})
	return found, err
}

func (s *server) slotOf(service booking.Service, t booking.FreeTime) slot {
	return slot{
		ResourceType: "Slot", ID: slotID(service.ID, t), ServiceType: s.serviceType(service.ID, s.label(service)),
		Schedule: reference{Reference: "Schedule/" + toID(t.Practitioner)}, Status: "free", Start: t.Start, End: t.End, Comment: t.Place,
	}
}

// readSlot finds out whether the time is free still. One that is not is busy.
func (s *server) readSlot(rq *request, id string) (any, error) {
	service, t, err := s.freeAt(rq, id)
	var taken *booking.TakenError
	busy := errors.As(err, &taken)
	if err != nil && !busy {
		return nil, err
	}
	out := s.slotOf(service, t)
	if busy {
		out.Status = "busy"
	}
	return out, nil
}

// freeAt is the free time that the id of a Slot names. *booking.TakenError when it is not free any more.
func (s *server) freeAt(rq *request, id string) (booking.Service, booking.FreeTime, error) {
	service, of, start, ok := parseSlotID(id)
	if !ok || !rq.mayRead(of) {
		return booking.Service{}, booking.FreeTime{}, errNoSuch
	}
	found, err := s.deps.Book.Service(service)
	if errors.Is(err, booking.ErrNotFound) {
		return booking.Service{}, booking.FreeTime{}, errNoSuch
	}
	if err != nil {
		return booking.Service{}, booking.FreeTime{}, err
	}
	free, err := s.deps.Book.Free(booking.Query{Service: service, Practitioner: of, From: start, To: start.Add(time.Second)})
	if err != nil {
		return booking.Service{}, booking.FreeTime{}, err
	}
	if len(free) == 0 {
		return found, booking.FreeTime{Start: start, End: start.Add(found.Duration), Practitioner: of}, &booking.TakenError{}
	}
	return found, free[0], nil
}

// usualDays is how far is looked when nobody says.
const usualDays = 14

func (s *server) searchSlots(rq *request) ([]any, error) {
	if status := rq.params.Get("status"); status != "" && !rq.oneOf("status", "free") {
		return nil, nil // what is busy is no Slot: it is an Appointment, or somebody else's business
	}
	now := s.deps.Book.Now()
	from, to, err := s.window(rq, "start", now, now.AddDate(0, 0, usualDays))
	if err != nil {
		return nil, err
	}
	free, err := s.free(rq, "schedule", from, to)
	found := make([]any, 0, len(free))
	for _, one := range free {
		found = append(found, s.slotOf(one.service, one.FreeTime))
	}
	return found, err
}

// offer is a free time of a service.
type offer struct {
	booking.FreeTime
	service booking.Service
}

// free lists the free times of all services and practitioners that a search wants, the earliest first.
func (s *server) free(rq *request, actor string, from, to time.Time) ([]offer, error) {
	from, to = clip(from, to)
	if !from.Before(to) {
		return nil, nil
	}
	services, err := s.services(rq, "service-type")
	if err != nil {
		return nil, err
	}
	var all []offer
	for _, service := range services {
		for _, of := range rq.practitioners(actor) {
			if service.Hidden || !slices.Contains(service.Practitioners, of) {
				continue
			}
			free, err := s.deps.Book.Free(booking.Query{Service: service.ID, Practitioner: of, From: from, To: to})
			if err != nil {
				return nil, err
			}
			for _, t := range free {
				all = append(all, offer{t, service})
			}
			if err := tooCostly(len(all)); err != nil {
				return nil, err
			}
		}
	}
	slices.SortStableFunc(all, func(a, b offer) int { return a.Start.Compare(b.Start) })
	return all, nil
}
