// Package transfer takes over the appointments that other software kept, from a table (CSV) or a calendar (.ics): it says row by row what would
// happen, and then does it. Nobody is told anything. And it lets them go: Exporter writes a book, or what is kept about one patient, as an archive whose
// tables and calendars Read reads.
//
//	bytes ─► Read (calendar.go, table.go, clock.go) ─► Rows ─► Importer.Run ─► Result of each Row
//	                                                            │  ├─► patient.Register (who is meant: name and birth date, or name and phone; new ones)
//	                                                            │  └─► booking.Import (by UID once only, overlaps as the user chose)
//	                                                            └─ dry: nothing is written
//
// Types: Row (what the file says, or why it cannot be read), Options (what the user chose), Result (what came of it), Exporter, Rules (services and hours as an archive has them). A file
// without UIDs has them made of what a row says, so that the same file again makes nothing. Rows are written chunk by chunk, patients before
// appointments, so that what is killed on the way is made whole by the same file again.
//
// No goroutines, no locks: one Run is its caller's. Who may do it for whom is the caller's to know. Errors: *consult.Error; errors.go.
package transfer
