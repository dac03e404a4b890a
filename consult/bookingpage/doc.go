// Package bookingpage is what patients see of the appointment book: plain pages, rendered here, that work without any script and weigh less
// than 30 kB together with their one style sheet and one script.
//
//	GET /book ─▶ /book/{service} ─POST /book/hold─▶ /book/hold/{hold}: the form ─POST─▶ /book/confirm/{draft}: the code ─POST─▶ /book/booked/{appointment}
//	                │ nothing fits ─▶ /book/ask, /book/wait: the same form without a time ──────┘  ▲ somebody was quicker: three other times
//	/a/{appointment}: see it, move it, cancel it, join it      /o/{hold}: a time that was offered to who waits
//
// GET changes nothing: mail scanners open links. POST needs our own origin. No cookie is read or set but that of the language, so that the
// pages work in a frame; what there is to remember stands in the address.
//
// Types: Pages (the handler), Deps; state (what the address says), form (what was typed), draft (a form that waits for its code, sealed, in the
// store for two hours), tally and holds (limits). words is all that is said, in fr, en and ar. Only /book… may be framed, and only by
// the sites of the configuration.
//
// What is typed is checked by booking; a likely slip in a mail address (maildomain.go) is asked about beside the code, and is in nobody's way.
// Nothing here says who is a patient. Nothing goes into a message but times and codes.
//
// Files that a service asks for are part of the form, and are taken afterwards too, for all ways of meeting (files.go).
//
// Goroutines: none. Locks: tally.mu and holds.mu, each held briefly and alone. Errors: none leave the package; people read a sentence of
// words, and what is ours goes to the log without names, numbers or secrets.
package bookingpage
