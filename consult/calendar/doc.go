// Package calendar speaks iCalendar (RFC 5545) and iTIP (RFC 5546) for the appointment book: one appointment as a file that mail programs
// and telephones put into their owner's calendar, and take out again; and when somebody is busy by a calendar that another program wrote.
//
//	booking.Appointment + Event (what may be told) ─► Encode ─► .ics: VCALENDAR(METHOD) ─ VTIMEZONE (zone.go), VEVENT(UID, SEQUENCE)
//	.ics of others ─► Read ─► Busy (recurrences expanded, zones found) ─► booking.Interval
//	                     ├──► Occurrences ─► transfer
//	                     └──► Instances, Expand, Limit ─► caldav (RFC 4791 §9.6)
//
// Types: Event, Method, Occurrence, Instance. The library go-ical reads and writes the lines and escapes (§3.3.11); fold.go folds them (§3.1); rrule-go expands
// what recurs. Both may panic on bytes that are no calendar: what is exported here catches it. No goroutines, no locks.
// Errors: ErrBadEvent, ErrBadCalendar, ErrTooMany.
package calendar
