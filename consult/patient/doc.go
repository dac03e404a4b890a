// Package patient is the people cared for: their records, found as one types, warned about when they are there twice, taken over from a
// table and given back as one. It knows nothing of consultations, and leaves to its caller who may see whose patients.
//
//	Create, Update, Erase ──► record, sealed with a key of its own ──► store
//	                                                                     │ Watch
//	Search, Similar ──► index of one practitioner's patients ◄── follow ─┘
//	                    (memory; loaded when first asked for)
//
// Types: Patients (the service), Register (many who come in at once), Patient, Carer, ExternalID (values), Found, Import, Note. record.go lists the keys, fold.go says how names
// are compared, query.go what a search understands, mask.go passes over most records without reading them, similar.go who may be the same person, table.go how tables are read and written.
//
// The index is in memory only: nothing that is derived from a name is stored outside of the record, so that erasing a record
// erases all of it (docs/decisions/0009-patient-search.md has the figures). A search sees everything that was written before it
// began, on this machine or another: it waits until the index has reached the revision of the owner's touched key.
//
// What was read lately is kept opened, at most 8 MiB of it; an erased record is let go of at once.
//
// Goroutines: one follow per practitioner whose patients were searched for in the last hour, ended when that time is over or by Close; one warm
// while there is something to load ahead of a search (Warm, when a desk opens). Close waits for all of them. Locks: Patients.creating, held from looking for somebody similar until the store has written; Patients.mu and index.mu, taken
// after it, held briefly, never one within the other.
//
// Errors: every method fails with *consult.Error, in a *FieldError when one field is to blame; causes from inside are logged, with ids only. Export also gives what its writer gives.
package patient
