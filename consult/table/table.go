package table

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// The errors of Read.
var (
	ErrNotTable  = errors.New("table: not one that can be read")
	ErrManyLines = errors.New("table: too many lines")
)

// Table is what was read.
type Table struct {
	Header []string
	Lines  []Line // without those that are empty
}

// Line is one line of a table.
type Line struct {
	Number int      // in the file, from 1
	Fields []string // trimmed; not more than there are columns
	Bad    bool     // it cannot be read: a quotation mark that does not end, or more fields than columns
}

// Read reads a table with at most so many lines below the first.
func Read(data []byte, most int) (Table, error) {
	text, err := decode(data)
	if err != nil {
		return Table{}, err
	}
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.FieldsPerRecord, r.TrimLeadingSpace = separatorOf(text), -1, true
	header, err := r.Read()
	if err != nil {
		return Table{}, ErrNotTable
	}
	t := Table{Header: header}
	for {
		fields, err := r.Read()
		if err == io.EOF {
			return t, nil
		}
		var broken *csv.ParseError
		if errors.As(err, &broken) {
			t.Lines = append(t.Lines, Line{Number: broken.StartLine, Bad: true})
		} else if number, _ := r.FieldPos(0); slices.ContainsFunc(fields, NotEmpty) {
			t.Lines = append(t.Lines, lineOf(number, fields, len(header)))
		}
		if len(t.Lines) > most {
			return Table{}, ErrManyLines
		}
	}
}

// NotEmpty reports whether something stands in a field.
func NotEmpty(field string) bool { return strings.TrimSpace(field) != "" }

func lineOf(number int, fields []string, columns int) Line {
	l := Line{Number: number, Bad: len(fields) > columns}
	for _, field := range fields[:min(len(fields), columns)] {
		l.Fields = append(l.Fields, strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(field), "'")))
	}
	return l
}

// decode returns the table as UTF-8. What is not UTF-8 is what spreadsheets in western Europe write.
func decode(data []byte) (string, error) {
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.IndexByte(data, 0) >= 0 || len(bytes.TrimSpace(data)) == 0 { // a spreadsheet's own format, UTF-16, or nothing
		return "", ErrNotTable
	}
	if utf8.Valid(data) {
		return string(data), nil
	}
	text, err := charmap.Windows1252.NewDecoder().Bytes(data)
	if err != nil {
		return "", ErrNotTable
	}
	return string(text), nil
}

// separatorOf is the one that stands most often in the first line.
func separatorOf(text string) rune {
	first, _, _ := strings.Cut(text, "\n")
	best := ';'
	for _, separator := range []rune{',', '\t'} {
		if strings.Count(first, string(separator)) > strings.Count(first, string(best)) {
			best = separator
		}
	}
	return best
}

// Day brings a French date into ISO 8601's form; any other text stays as it is, to be checked.
func Day(text string) string {
	parts := strings.FieldsFunc(text, func(r rune) bool { return r == '/' || r == '.' || r == '-' || r == ' ' })
	if len(parts) != 3 || len(parts[0]) > 2 || len(parts[1]) > 2 || len(parts[2]) != 4 {
		return text
	}
	two := func(s string) string { return strings.Repeat("0", 2-len(s)) + s }
	return parts[2] + "-" + two(parts[1]) + "-" + two(parts[0])
}

// Harmless keeps a spreadsheet from taking a field for a formula, or a phone number for a sum.
func Harmless(field string) string {
	if field != "" && strings.ContainsRune("=+-@\t\r'", rune(field[0])) {
		return "'" + field
	}
	return field
}
