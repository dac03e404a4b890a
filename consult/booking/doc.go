// Package booking is the appointment book: what can be booked, when, and what was agreed. Free times are computed from rules and from
// what is taken, never stored; what is taken stands in one document for each owner and day, which all who want some of that
// day compare and write, so that two people cannot have one time. It knows no HTTP: api, calendar and others call it.
//
//	Service, Schedule ─┐                            Book, Hold, Move, Cancel, Approve …
//	day documents ─────┼─► free (pure) ─► FreeTime          │ one transaction
//	Busy (elsewhere) ──┘                                    ▼
//	                        day documents + Appointment + confirmation + indexes + what is due
//	                                                        │ due
//	                        worker ─► reminders, consultations of video appointments, offers to the wait list
//
// Types: Service, Schedule, Room and Holidays are the rules (revise.go: nothing is lost when two change one); Date and Clock are times on the wall, which become instants in clock.go alone.
// Query asks for FreeTimes. Hold keeps one for ten minutes. Appointment is what was agreed (state.go: its machine); Waiting is
// somebody on the wait list; Grid is a book as the practice looks at it, day by day; Figures is what became of a month's appointments; Drift is an appointment that a zone's new rules have moved. Book is the service; Deps says what it needs; who has left
// the practice is given nothing new (gives.go), nor is a room that is closed or an interpreter who has left; Lack is a coming appointment that has them (lack.go). Answer is what a patient's calendar program says of an invitation (answer.go): it is shown, and cancels nothing.
//
// An owner is a practitioner, an interpreter or a room; a day is one of UTC, so that no change of a schedule's zone can part those
// who want the same time. What crosses midnight stands in both days. Buffers are part of what is taken. Holds lapse by time.
//
// Event is what somebody put into a practitioner's calendar (event.go): it keeps its times free, and its text as it came. changes.go lists
// what changed in each book, for calendars that look again.
//
// What the patient is told waits in the outbox, and goes with what it is about (notices.go); of several that change at once, one text
// message tells (several.go).
// files.go says how long what patients gave with an appointment is kept, and where it is carried.
//
// record.go lists the keys: what a burst of bookings writes lies together. Import takes over what another book has kept; Forget takes a patient out, ForgetContact who was booked with a phone number or a mail address only; CancelFollowing ends the rest of a series, MoveFollowing moves it (series_move.go). Personal data is sealed, each appointment under a key of its own. A manage link's secret is made from the
// appointment's id with a key that only this program has: the same link for ever, and nothing of it in the store.
// docs/decisions tells why.
//
// Goroutines: "worker" (worker.go) and "follower" (follow.go: what becomes of consultations, their appointments say too), from Open
// to Close, which waits for them. Locks: eventing, while an
// event is put or deleted; seriesMoving, while a series is moved, before sharedLease.mu, while a lease is made; no others together; kv has its own.
//
// Errors: consult.Errors (errors.go); who comes too late for a time gets *TakenError with the next three. Causes from inside are
// logged and answered with consult.ErrInternal.
package booking
