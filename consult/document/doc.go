// Package document is what people give each other in a consultation: photographs, PDF, and other documents, both ways, with an upload that
// survives every loss. It keeps the rules (access.go) and the bytes (blob.go), and knows nothing of HTTP.
//
//	Create ─▶ arriving ──Append, Append …──▶ checking ──▶ ready ──Open──▶ Address ─▶ ReadAt
//	             │ not whole in 24 h            │ clamd       │ Share, Remove
//	             ▼                              ▼             ▼ keep_documents after the end of the consultation
//	           erased                        refused        erased
//
// Link and code open the documents after the end, and the messages of a patient who was in the call, which consult keeps (after.go). What
// comes after the end is told (late.go).
//
// What a patient gives with a booking stands in a folder (folder.go), for which there is no consultation yet: it is read once, while it comes, lapses unless
// somebody booked, and is copied into the consultation that is made (carry.go).
//
// Types: Documents (the service), Gift and Given (of a folder), Document, View and List (values), Viewer (who asks, and as whom), New (what is announced), Address (a
// right to read one document for an hour), Content (its bytes).
//
// Each document has two keys of its own, wrapped by the master key: one seals its record in the store, one its bytes in a file of the
// folder, piece by piece, from the first byte that comes. Erasing the record erases both. An offset that was answered is on
// disk: Append and Offset return after fsync. After a crash a file tells itself how far it is good, as far as its pieces open. A record is
// written before its file and erased before it, so a file without a record is swept at the start.
//
// A photograph loses where and with what it was taken before it is looked at: written anew beside its file, then put in its place (clean.go).
//
// What a document is, its first 16 KiB say (kind.go), never its name. Only kinds that cannot run in a browser are taken.
//
// Goroutines, from Open to Close, which waits for them: checker (photographs, hash, scanner, duplicates, what is carried), keeper (sweeps at the start, erases what is due).
// Appending runs on its caller's goroutine; the latest who asks gets the turn.
//
// Locks: Documents.mu guards the table of uploads; held for moments, never over disk or store. upload.turn is who appends. Documents.turns are
// taken for one piece each, so that uploads leave a processor to everybody else (blob.go).
//
// Errors: methods fail with a consult.Error, most of them in errors.go. What is inside is logged, with ids only.
package document
