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
	"golang.org/x/text/encoding/unicode"

	"github.com/colloque/colloque/consult"
)

// The errors of Read and Text.
var (
	ErrNotTable  = errors.New("table: not one that can be read")
	ErrManyLines = errors.New("table: too many lines")

	ErrSpreadsheet error = &consult.Error{Code: CodeSpreadsheet, Message: "This is a spreadsheet in its program's own format: open it there and save it as CSV (UTF-8)."}
	ErrArchive     error = &consult.Error{Code: CodeArchive, Message: "This is an archive (.zip): open it and choose the file in it, a calendar (.ics) or a table (.csv)."}
)

// The codes of files that are something else.
const (
	CodeSpreadsheet consult.Code = "spreadsheet"
	CodeArchive     consult.Code = "archive"
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

// Read reads a table with at most so many lines below the one that names the columns. That is the first with a name that is known, of the
// first few: some software writes a title above.
func Read(data []byte, most int, known func(name string) bool) (Table, error) {
	text, err := Text(data)
	if err != nil {
		return Table{}, err
	}
	text, separator, above := belowTitle(text, known)
	r := readerOf(text, separator)
	r.FieldsPerRecord = -1
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
			t.Lines = append(t.Lines, Line{Number: above + broken.StartLine, Bad: true})
		} else if number, _ := r.FieldPos(0); slices.ContainsFunc(fields, NotEmpty) {
			t.Lines = append(t.Lines, lineOf(above+number, fields, len(header)))
		}
		if len(t.Lines) > most {
			return Table{}, ErrManyLines
		}
	}
}

// maxTitle is how many lines may stand above the names of the columns.
const maxTitle = 10

// belowTitle returns the text from the names of the columns on, what parts them, and how many lines stood above.
func belowTitle(text string, known func(string) bool) (below string, separator rune, above int) {
	below = text
	for ; above <= maxTitle && below != ""; above++ {
		line, rest, _ := strings.Cut(below, "\n")
		separator = separatorOf(line)
		if fields, err := readerOf(line, separator).Read(); err == nil && slices.ContainsFunc(fields, known) {
			return below, separator, above
		}
		below = rest
	}
	line, _, _ := strings.Cut(text, "\n")
	return text, separatorOf(line), 0
}

// readerOf reads fields with or without a space before them; a tab that parts them is no such space, though csv takes it for one.
func readerOf(text string, separator rune) *csv.Reader {
	r := csv.NewReader(strings.NewReader(text))
	r.Comma, r.TrimLeadingSpace = separator, separator != '\t'
	return r
}

// Place says of each column of a header what it means: its number among those that are known, as find says, or -1, and the names of those of which
// nobody knows. Of one that comes again, repeated decides: whether it counts too, and what the one before (at[first]) means then.
func Place(header []string, find func(name string) int, repeated func(at []int, first int) (counts bool, err error)) (at []int, unknown []string, err error) {
	at = make([]int, 0, len(header))
	for _, name := range header {
		c, counts := find(name), true
		if first := slices.Index(at, c); c >= 0 && first >= 0 {
			if counts, err = repeated(at, first); err != nil {
				return nil, nil, err
			}
		}
		if c < 0 || !counts {
			c = -1
			if NotEmpty(name) {
				unknown = append(unknown, name)
			}
		}
		at = append(at, c)
	}
	return at, unknown, nil
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

// Text returns what a text file says, as UTF-8 with "\n" or "\r\n" at the end of lines: what is neither UTF-8 nor UTF-16 is what programs in western
// Europe write. It fails with ErrNotTable, ErrSpreadsheet or ErrArchive.
func Text(data []byte) (string, error) {
	if err := otherKind(data); err != nil {
		return "", err
	}
	if order, is := utf16Order(data); is {
		text, err := unicode.UTF16(order, unicode.UseBOM).NewDecoder().Bytes(data)
		if err != nil {
			return "", ErrNotTable
		}
		data = text
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if bytes.IndexByte(data, 0) >= 0 || len(bytes.TrimSpace(data)) == 0 {
		return "", ErrNotTable
	}
	if !utf8.Valid(data) {
		text, err := charmap.Windows1252.NewDecoder().Bytes(data)
		if err != nil {
			return "", ErrNotTable
		}
		data = text
	}
	if bytes.IndexByte(data, '\n') < 0 { // as the first Macintosh ended lines, and Excel for it still can
		data = bytes.ReplaceAll(data, []byte("\r"), []byte("\n"))
	}
	return string(data), nil
}

// utf16Order reports whether this is UTF-16: it says so in its first bytes, or every other one of them is 0.
func utf16Order(data []byte) (unicode.Endianness, bool) {
	switch {
	case len(data) < 4 || len(data)%2 != 0:
		return unicode.LittleEndian, false
	case bytes.HasPrefix(data, []byte("\xff\xfe")), data[0] != 0 && data[1] == 0 && data[2] != 0 && data[3] == 0:
		return unicode.LittleEndian, true
	case bytes.HasPrefix(data, []byte("\xfe\xff")), data[0] == 0 && data[1] != 0 && data[2] == 0 && data[3] != 0:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}

// otherKind tells a spreadsheet's own formats and archives apart: who chose one is told what to do.
func otherKind(data []byte) error {
	is := func(magic string) bool { return bytes.HasPrefix(data, []byte(magic)) }
	switch {
	case is("\xd0\xcf\x11\xe0"): // .xls
		return ErrSpreadsheet
	case is("PK\x03\x04"):
		for _, part := range []string{"xl/", "opendocument.spreadsheet", "Index/Document.iwa"} { // .xlsx, .ods, .numbers
			if bytes.Contains(data, []byte(part)) {
				return ErrSpreadsheet
			}
		}
		return ErrArchive
	case is("PK\x05\x06"), is("\x1f\x8b"), is("7z\xbc\xaf"), is("Rar!"):
		return ErrArchive
	}
	return nil
}

// separatorOf is the one that stands most often in a line.
func separatorOf(line string) rune {
	best := ';'
	for _, separator := range []rune{',', '\t'} {
		if strings.Count(line, string(separator)) > strings.Count(line, string(best)) {
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
