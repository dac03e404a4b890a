// Package outside reads when practitioners are busy by calendars that other programs keep: CalDAV collections (RFC 4791) with user and
// password, and .ics files behind an address. Of what it reads it keeps from when until when somebody is busy, and nothing else: no
// title, no place, no name.
//
//	Add ──► record (sealed) ──► reader: fetch ─► calendar.Busy ─► busy times (sealed) ─► memory ──► Busy ──► booking: free times
//	                              ▲ every Config.Every, and at once after Add and Read
//
// Types: Calendars is the service; Calendar is one of a practitioner's; Choice is a calendar that Look found at an address. It implements
// booking.Busy. What was read last counts until it is read anew: a calendar that cannot be reached blocks what it blocked before, and says
// so (Calendar.Trouble). Events that this program itself gave out (their UID is an appointment's) are passed over, or a cancelled
// appointment would come back from the calendar that subscribes to it. What the owner has declined takes no time: who that is, the server says (RFC 6638 §2.4.1), or the
// user's name.
//
// Calendars are found from a host's name alone (discover.go): through redirects, and on another host of the same site, as iCloud has them.
//
// An address is somebody's word, so fetch.go does not go to addresses of private networks unless the operator allows it, follows
// few redirects, reads a bounded number of bytes, and sends a password over TLS only.
//
// Goroutines: "clock" and some "readers" (read.go), from Start to Close, which waits for them. Lock: Calendars.mu guards what is in memory.
// Errors: consult.Errors; what went wrong with a calendar is a Trouble, for its owner to see. Logs name calendars by their ids.
package outside
