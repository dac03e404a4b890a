// Package table reads tables as practice software and spreadsheets write them: CSV with commas, semicolons or tabs, in UTF-8, UTF-16 or
// Windows-1252, one of the first lines naming the columns. What a column means is its caller's to know.
//
//	bytes ─► Read ─► Header, Lines (Number, Fields) ─► patient, transfer
//
// Place says what each column means, by a list that the caller keeps. Text reads any text file in these encodings. Harmless is for writing: a spreadsheet does not take the field for a formula. No goroutines, no locks. Errors: ErrNotTable,
// ErrManyLines, and for what is something else ErrSpreadsheet, ErrArchive, which may leave the server; a line that cannot be read is in the table, and says so (Line.Bad).
package table
