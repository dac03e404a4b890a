// Package calendar speaks iCalendar (RFC 5545) and iTIP (RFC 5546) for the appointment book. So far: one appointment as a file that
// mail programs and telephones put into their owner's calendar, and take out again.
//
//	booking.Appointment + Event (what may be told) ─► .ics: VCALENDAR(METHOD) ─ VTIMEZONE, VEVENT(UID, SEQUENCE)
//
// Types: Event, Method. The library go-ical writes the lines and escapes (§3.3.11); fold.go folds them (§3.1). No goroutines, no
// locks. Errors: ErrBadEvent.
package calendar
