// Package caldav is the practitioners' appointment books as calendars, for Thunderbird, Apple's and Google's phones, and whatever else
// speaks CalDAV (RFC 4791); and as a feed for what only reads.
//
//	Basic + app password ─▶ Server: discovery ─▶ principal ─▶ home ─▶ a calendar of each practitioner that the account acts for
//	secret in the path   ─▶ Feed: one .ics
//
//	PROPFIND (propfind.go), REPORT (report.go: query, multiget, free-busy; calendardata.go: expanded, in part; sync.go; principals.go), GET (object.go)
//	        └─▶ booking.Appointments, Events, Changes ─▶ calendar.Encode, or the text as it was put
//	PUT, DELETE (event.go) ─▶ calendar.Busy ─▶ booking.PutEvent: the times are kept free of appointments
//	expander (expander.go) ─▶ booking.ExpandEvent, as time goes on
//
// An appointment is a VEVENT that programs read. They cannot move or cancel it: the patient would not be told, or told of what was a slip
// of a finger. An event that a program puts is refused where a patient has an appointment. docs/decisions tells why, and why the server
// of go-webdav is not used.
//
// Types: Server; Deps says what it needs. place is what a path names, object a resource of a calendar, node and element are XML that
// comes and goes, filter is what a query looks for, shape how it wants it. A sync token, which is the ctag too, is the number of the last change of that book
// (booking.Changes) and how this account is shown it.
//
// Goroutine: "expander", from New to Close, which waits for it. No locks. Errors: failure, a status with the condition that standards
// have a word for; what is somebody else's is not found.
package caldav
