package patient

import (
	"bytes"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/table"
)

func TestImport(t *testing.T) {
	h := newHouse(t)
	sheet := "Nom;Prénom;Date de naissance;Téléphone;E-mail;INS;Médecin\r\n" +
		"MARTIN;Jeanne;09/03/1948;06 39 98 00 10;jeanne@example.org;2 48 03;Dr Who\r\n" + // 2
		"Petit;Paul;1957-11-06;;;;\r\n" +
		";Sans nom;;;;;\r\n" + // 4
		"\r\n" +
		"Martin;Jeanne;9.3.1948;;;;\r\n" + // 6: as in line 2
		"Durand;Ève;31/02/1960;;;;\r\n" + // 7
		"Blanc;Zoé;;12;;;\r\n" + // 8
		"\"Le; Goff\";\"Ann\na\";;;;;\r\n" + // 9, 10: a line in a name
		"Goff;Anna;;;x;;\r\n" + // 11
		"Autre;Un;;;;248 03;\r\n" + // 12: the INS of line 2
		"Trop;de;champs;;;;;;;\r\n" + // 13
		"Bon;;;'+33 6 39 98 00 11;;;\r\n" // 14
	wrong := map[int]consult.Code{4: "bad-message", 6: "similar", 7: "bad-message", 8: "bad-message", 9: "bad-message", 11: "bad-message", 12: "similar", 13: "bad-message"}
	before := h.store.Revision()
	for round, dryRun := range []bool{true, false, false} {
		got, err := h.Import(t.Context(), h.doctor, []byte(sheet), dryRun)
		h.check(err)
		if round == 2 { // again: all there already
			for _, line := range []int{2, 3, 14} {
				wrong[line] = "similar"
			}
		}
		told := map[int]consult.Code{}
		for _, note := range got.Notes {
			told[note.Line] = consult.CodeOf(note.Err)
		}
		if !reflect.DeepEqual(told, wrong) || got.Created != got.Lines-len(wrong) || got.Lines != 11 || fmt.Sprint(got.Unknown) != "[Médecin]" {
			t.Errorf("round %d: %+v, told %v, want %v", round, got, told, wrong)
		}
		if dryRun && h.store.Revision() != before {
			t.Error("a dry run wrote something")
		}
	}
	if got := h.find(""); fmt.Sprint(got) != "[Bon Jeanne MARTIN Paul Petit]" {
		t.Errorf("%q", got)
	}
	if got := h.find("24803 martin 09/03/1948"); len(got) != 1 {
		t.Errorf("%q", got)
	}
}

func TestTables(t *testing.T) {
	latin1 := "nom,pr\xe9nom\nCr\xe9mieux,Ren\xe9\n"
	for text, want := range map[string]string{
		"\xef\xbb\xbfnom\tprenom\nMartin\tJeanne\n": "Jeanne Martin",
		"last name,First Name\nMartin,Jeanne":       "Jeanne Martin",
		latin1:                                      "René Crémieux",
		"Nom utilisé;Prénom(s)\nMartin;\"Jeanne\"":  "Jeanne Martin",
		"NOM\n'=1+1":                                "=1+1",
	} {
		lines, _, err := readTable([]byte(text))
		if err != nil || len(lines) != 1 || lines[0].patient.Name() != want {
			t.Errorf("%q: %+v, %v", text, lines, err)
		}
	}
	for text, want := range map[string]error{
		"":                                     errNotCSV,
		" \n ":                                 errNotCSV,
		"PK\x03\x04\x00":                       table.ErrArchive,
		"PK\x03\x04\x00xl/":                    table.ErrSpreadsheet,
		"\"nom":                                errNotCSV,
		"prenom\nJeanne":                       errNoNames,
		"Martin;Jeanne":                        errNoNames,
		"nom;name\na;b":                        errSameColumns,
		"nom\n" + strings.Repeat("a\n", 20001): errManyLines,
	} {
		if _, _, err := readTable([]byte(text)); !errors.Is(err, want) {
			t.Errorf("%.20q: %v, want %v", text, err, want)
		}
	}
}

func TestExport(t *testing.T) {
	h := newHouse(t)
	full := jeanne()
	full.IDs = append(full.IDs, ExternalID{"IPP", "B-78"}, ExternalID{"Labo", "1 2"})
	var want []Patient
	for _, p := range []Patient{full, {FamilyName: "=cmd|' /C calc'!A0"}, {FamilyName: "'t Hooft", GivenNames: "-"}, {FamilyName: "A\"b;c,d"}} {
		want = append(want, h.mustCreate(p))
	}
	var b bytes.Buffer
	h.check(h.Export(t.Context(), h.doctor, &b))
	for field := range strings.FieldsFuncSeq(b.String(), func(r rune) bool { return r == ',' || r == '\n' }) {
		if strings.ContainsAny(field[:1], "=+-@") {
			t.Errorf("a spreadsheet takes %q for a formula", field)
		}
	}
	other := newHouse(t)
	got, err := other.Import(t.Context(), other.doctor, b.Bytes(), false)
	if err != nil || got.Created != len(want) || len(got.Notes)+len(got.Unknown) != 0 {
		t.Fatalf("%+v, %v\n%s", got, err, b.String())
	}
	found, err := other.Search(t.Context(), []consult.AccountID{other.doctor}, "", 0, 10)
	h.check(err)
	for _, p := range want {
		same := false
		for _, q := range found.Patients {
			same = same || q.sameAs(p)
		}
		if !same {
			t.Errorf("%#v is not among what came back: %#v", p, found.Patients)
		}
	}
	if err := h.Export(canceled(), h.doctor, &b); consult.CodeOf(err) != consult.CodeUnavailable {
		t.Error(err)
	}
	if err := h.Export(t.Context(), h.doctor, full8{}); !errors.Is(err, errFullDisk) {
		t.Error(err)
	}
}

var errFullDisk = errors.New("full")

type full8 struct{}

func (full8) Write([]byte) (int, error) { return 0, errFullDisk }

// FuzzTable holds that any file is read or refused, and that what was read can be written and read again.
func FuzzTable(f *testing.F) {
	f.Add([]byte("nom;prenom;ddn\nMartin;Jeanne;09/03/1948\n"))
	f.Add([]byte("\xef\xbb\xbfnom,ins,autres identifiants\n\"a\"\"b\",1,x=1; y=2\n"))
	f.Add([]byte("nom\tprénom\r\n\xe9\t=1\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		lines, _, err := readTable(data)
		if err != nil {
			if consult.CodeOf(err) == consult.CodeInternal {
				t.Fatal(err)
			}
			return
		}
		for _, l := range lines {
			p, err := l.patient.clean("FR", t0)
			if l.bad || err != nil {
				continue
			}
			var b bytes.Buffer
			if err := exportOf(&b, p); err != nil {
				t.Fatal(err)
			}
			again, _, err := readTable(b.Bytes())
			if err != nil || len(again) != 1 {
				t.Fatalf("%q: %v, %v", b.String(), again, err)
			}
			read, err := again[0].patient.clean("FR", t0)
			if err != nil || !read.sameAs(p) {
				t.Fatalf("%#v became %#v, %v through %q", p, read, err, b.String())
			}
		}
	})
}

func exportOf(b *bytes.Buffer, p Patient) error {
	table, err := newTableWriter(b)
	if err != nil {
		return err
	}
	return errors.Join(table.write(p), table.flush())
}
