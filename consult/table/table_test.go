package table

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func known(name string) bool { return name == "nom" }

func TestRead(t *testing.T) {
	for name, c := range map[string]struct{ in, want string }{
		"semicolons":    {"nom;heure\r\nMartin;9:00\r\n", "[nom heure] 2[Martin 9:00]"},
		"tabs, BOM":     {"\xef\xbb\xbfnom\theure\nMartin\t9:00\n\n", "[nom heure] 2[Martin 9:00]"},
		"Windows-1252":  {"nom;pr\xe9nom\nL\xe9a;x\n", "[nom prénom] 2[Léa x]"},
		"quotes":        {"nom,note\n\"Martin, Jeanne\",\"a\nb\"\n'=1,x\n", "[nom note] 2[Martin, Jeanne a\nb] 4[=1 x]"},
		"one too many":  {"nom,heure\na,b,c\n", "[nom heure] 2bad[a b]"},
		"an open quote": {"nom,heure\n\"a,b\n", "[nom heure] 2bad[]"},
		"a title":       {"Agenda, semaine 48\n\nheure;nom\na;b\n", "[heure nom] 4[a b]"},
		"sep=":          {"sep=;\r\nnom;heure\r\na,1;b\r\n", "[nom heure] 3[a,1 b]"},
		"empty, tabs":   {"nom\theure\tnote\n\t9:00\t\nLéa\t\tx\n", "[nom heure note] 2[ 9:00 ] 3[Léa  x]"},
		"spaces before": {"nom, heure\na, \"b,c\"\n", "[nom heure] 2[a b,c]"},
		"one column":    {"nom\nMartin, Jeanne\n", "[nom] 2[Martin, Jeanne]"},
		"lines of CR":   {"nom;heure\ra;b\r", "[nom heure] 2[a b]"},
		"UTF-16":        {"\xff\xfen\x00o\x00m\x00\n\x00L\x00\xe9\x00a\x00", "[nom] 2[Léa]"},
		"UTF-16, large": {"\x00n\x00o\x00m\x00\n\x00L\x00\xe9\x00a", "[nom] 2[Léa]"},
	} {
		got, err := Read([]byte(c.in), 10, known)
		text := fmt.Sprint(got.Header)
		for _, l := range got.Lines {
			text += fmt.Sprintf(" %d%s%v", l.Number, map[bool]string{true: "bad"}[l.Bad], l.Fields)
		}
		if err != nil || text != c.want {
			t.Errorf("%s: %v %q, want %q", name, err, text, c.want)
		}
	}
	for in, want := range map[string]error{"": ErrNotTable, "a\x00b\x01c": ErrNotTable, "PK\x03\x04\x14\x00[Content_Types].xml PK\x03\x04xl/workbook.xml": ErrSpreadsheet, "\xd0\xcf\x11\xe0\xa1": ErrSpreadsheet,
		"PK\x03\x04\x00mimetypeapplication/vnd.oasis.opendocument.spreadsheet": ErrSpreadsheet, "PK\x03\x04\x14\x00agenda.ics": ErrArchive, "\x1f\x8b\x08": ErrArchive,
		"nom\n" + strings.Repeat("a\n", 11): ErrManyLines} {
		if _, err := Read([]byte(in), 10, known); !errors.Is(err, want) {
			t.Errorf("%.10q: %v", in, err)
		}
	}
	for in, want := range map[string]string{"9/3/1948": "1948-03-09", "09.03.1948": "1948-03-09", "1948-03-09": "1948-03-09", "March": "March", "1/2/48": "1/2/48"} {
		if got := Day(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
	for in, want := range map[string]string{"=1+1": "'=1+1", "+33": "'+33", "Martin": "Martin", "": "", "-x": "'-x"} {
		if got := Harmless(in); got != want {
			t.Errorf("%q: %q", in, got)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("nom;heure\n\"a\";b\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Read(data, 100, known)
		if err != nil {
			return
		}
		for _, l := range got.Lines {
			if len(l.Fields) > len(got.Header) || l.Number < 1 {
				t.Fatalf("%+v", l)
			}
		}
	})
}
