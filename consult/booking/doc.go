// Package booking is the appointment book: what can be booked, when, and what was agreed. Free times are computed from rules and
// from what is taken, never stored; what is taken stands in one document for each practitioner and day, which everybody who
// wants some of that day compares and writes, so that two people cannot have one time.
//
//	Service, Schedule ─┐
//	day documents ─────┼──► free (pure) ──► FreeTime
//	busy elsewhere ────┘
package booking
