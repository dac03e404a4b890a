// Package fhir is the appointment book as HL7 FHIR R4 (4.0.1) has it, for record software and portals that speak no other language:
// read and search over Practitioner, PractitionerRole, HealthcareService, Schedule, Slot and Appointment, and the operations $find, $hold and $book of
// the Argonaut Scheduling guide (fhir.org/guides/argonaut/scheduling, release 1.0). /fhir/metadata says what there is.
//
//	request ─► handler.go: token, scope, format ─► one of the resources ─► booking.Book ─► JSON
//
// It keeps nothing: a Slot is a free time and its id says which; a held Appointment is a hold, and its id is what books it. What belongs
// to practitioners for whom the token's account may not act does not exist. Ids are those of the program with "." for "_", which FHIR
// has no room for (id.go).
//
// Types: Deps, the handler; the structs of model.go are the parts of FHIR that are filled in. Errors: an OperationOutcome
// with the status that the API gives. No goroutines, no locks, no state.
package fhir
