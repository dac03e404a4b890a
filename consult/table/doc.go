// Package table reads tables as practice software and spreadsheets write them: CSV with commas, semicolons or tabs, in UTF-8 or
// Windows-1252, the first line naming the columns. What a column means is its caller's to know.
//
//	bytes ─► Read ─► Header, Lines (Number, Fields) ─► patient, transfer
//
// Harmless is for writing: a spreadsheet does not take the field for a formula. No goroutines, no locks. Errors: ErrNotTable,
// ErrManyLines; a line that cannot be read is in the table, and says so (Line.Bad).
package table
