package patient

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/colloque/colloque/consult"
)

func TestSearch(t *testing.T) {
	h := newHouse(t)
	h.mustCreate(jeanne())
	for _, p := range []Patient{
		{FamilyName: "Martin", GivenNames: "Jean-Marc", BirthDate: "1957-11-06", Contact: consult.Contact{Phone: "+41 78 123 45 67"}},
		{FamilyName: "Martínez", GivenNames: "Œdipe", BirthDate: "2001-12-31"},
		{FamilyName: "Jean", GivenNames: "Martin"},
		{FamilyName: "O’Brien", GivenNames: "Siân"},
		{FamilyName: "Łukasiewicz", GivenNames: "Bjørn", IDs: []ExternalID{{"IPP", "0042"}}},
		{FamilyName: "حداد", GivenNames: "فَاطِمَة أحمد"},
		{FamilyName: "Straße"},
	} {
		h.mustCreate(p)
	}
	const goff, jm, mz, jean, ob, luk, had, str = "Jeanne-Marie Françoise Le Goff", "Jean-Marc Martin", "Œdipe Martínez", "Martin Jean", "Siân O’Brien", "Bjørn Łukasiewicz", "فَاطِمَة أحمد حداد", "Straße"
	for text, want := range map[string][]string{
		"goff":               {goff},
		"GOFF jeanne":        {goff},
		"jeanne-marie":       {goff},
		"jeannemarie":        {goff},
		"francoise legoff":   {goff},
		"franÇ":              {goff},
		"d'etienne":          {goff},
		"detienne":           {goff},
		"etienne jeanne le":  {goff},
		"off":                nil,
		"jeanne martin":      nil,
		"martin":             {jm, mz, jean},
		"jean martin":        {jean, jm},
		"marti":              {jm, mz, jean},
		"martinez oedipe":    {mz},
		"œdi":                {mz},
		"obrien":             {ob},
		"o'brien sian":       {ob},
		"o brien":            {ob},
		"lukas bjorn":        {luk},
		"strasse":            {str},
		"فاطمة":              {had},
		"فاطمه احمد":         {had},
		"09/03/1948":         {goff},
		"9/3/1948":           {goff},
		"09.03.1948":         {goff},
		"09-03-1948":         {goff},
		"9/3/48":             {goff},
		"09/03/19":           {goff},
		"09/03":              {goff},
		"09/0":               {goff},
		"1948-03-09":         {goff},
		"1948-3-9":           {goff},
		"1948-03":            {goff},
		"1948-":              {goff},
		"1948":               {goff},
		"09031948":           {goff},
		"090348":             {goff},
		"31/12/2001":         {mz},
		"31/12/01":           {mz},
		"٠٩/٠٣/١٩٤٨":         {goff},
		"le goff 09/03/1948": {goff},
		"09/03/1948 Le Goff": {goff},
		"le goff 1957":       nil,
		"06 39 98 00 10":     {goff},
		"0639980010":         {goff},
		"06.39.98.00.10":     {goff},
		"06.39.98":           {goff},
		"06/39/98":           {goff},
		"06-39-98-00-10":     {goff},
		"+33 6 39 98 00 10":  {goff},
		"+33(0)639980010":    {goff},
		"+33 (0)6 39":        {goff},
		"0033 6 39 98 00 10": {goff},
		"33639980010":        {goff},
		"06 39":              {goff},
		"98 00 10":           {goff},
		"01 99 00 12":        {goff},
		"goff 06 39":         {goff},
		"078 123 45":         {jm},
		"+41 78":             {jm},
		"0042":               {luk},
		"2 48 03 29 019":     {goff},
		"248032901912345":    {goff},
		"a-77":               {goff},
		"A77":                {goff},
		"06/11/57 martin":    {jm},
		"'\"; DROP TABLE":    nil,
		"%":                  {jm, jean, mz, goff, ob, luk, had, str},
		"\xff\xfe":           {jm, jean, mz, goff, ob, luk, had, str},
		"  ":                 {jm, jean, mz, goff, ob, luk, had, str},
	} {
		got := h.find(text)
		if len(want) > 4 {
			slices.Sort(got)
			slices.Sort(want)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q: found %q, want %q", text, got, want)
		}
	}
	if _, err := h.Search(t.Context(), []consult.AccountID{h.doctor}, strings.Repeat("a", 101), 0, 1); !errors.Is(err, errLongQuery) {
		t.Error(err)
	}
	if got := h.find(strings.Repeat("é", 100)); got != nil {
		t.Error(got)
	}
}

func TestPages(t *testing.T) {
	h := newHouse(t)
	colleague := consult.NewAccountID()
	for i := range 25 {
		_, err := h.Create(t.Context(), []consult.AccountID{h.doctor, colleague}[i%2], Patient{FamilyName: fmt.Sprintf("Martin %02d", i)}, true)
		h.check(err)
	}
	owners := []consult.AccountID{h.doctor, colleague}
	var names []string
	for from := 0; ; from += 10 {
		page, err := h.Search(t.Context(), owners, "martin", from, 10)
		h.check(err)
		if page.Total != 25 {
			t.Errorf("%d in all", page.Total)
		}
		if len(page.Patients) == 0 {
			break
		}
		for _, p := range page.Patients {
			names = append(names, p.FamilyName)
		}
	}
	if len(names) != 25 || !slices.IsSorted(names) {
		t.Errorf("%v", names)
	}
	if alone, err := h.Search(t.Context(), []consult.AccountID{colleague}, "", -5, 1000); err != nil || alone.Total != 12 || len(alone.Patients) != 12 {
		t.Errorf("%d of %d, %v", len(alone.Patients), alone.Total, err)
	}
	if none, err := h.Search(t.Context(), nil, "", 0, 10); err != nil || none.Total != 0 {
		t.Errorf("without an owner: %v, %v", none, err)
	}
}

// TestSecondProgram lets another machine, as on etcd, write into the same store.
func TestSecondProgram(t *testing.T) {
	h := newHouse(t)
	other, err := Open("FR", h.store, h.master, h.clock, h.Patients.log)
	h.check(err)
	defer func() { h.check(other.Close()) }()
	h.mustCreate(Patient{FamilyName: "Martin"})
	owners := []consult.AccountID{h.doctor}
	for i := range 50 { // a search after a write sees it, whoever wrote
		made, err := h.Create(t.Context(), h.doctor, Patient{FamilyName: fmt.Sprint("Petit ", i)}, true)
		h.check(err)
		found, err := other.Search(t.Context(), owners, fmt.Sprint("petit ", i), 0, 1)
		if err != nil || found.Total == 0 {
			t.Fatalf("%d: not found, %v", i, err)
		}
		h.check(other.Erase(made.ID))
		if found, err = h.Search(t.Context(), owners, "petit", 0, 1); err != nil || found.Total != 0 {
			t.Fatalf("%d: still found, %v", i, err)
		}
	}
}

func TestIndexLeavesMemory(t *testing.T) {
	h := newHouse(t)
	h.mustCreate(jeanne())
	_, err := h.Search(t.Context(), []consult.AccountID{consult.NewAccountID()}, "", 0, 1)
	h.check(err)
	h.forward(forgetAfter + time.Second)
	h.find("x")
	h.Patients.mu.Lock()
	kept := len(h.indexes)
	h.Patients.mu.Unlock()
	if kept != 1 {
		t.Errorf("%d indexes", kept)
	}
}

func TestSearchEnds(t *testing.T) {
	h := newHouse(t)
	h.mustCreate(jeanne())
	h.check(h.Close())
	for _, err := range []error{
		second(h.Search(t.Context(), []consult.AccountID{h.doctor}, "", 0, 1)),
		second(h.Search(canceled(), []consult.AccountID{h.doctor}, "", 0, 1)),
		second(h.Create(t.Context(), h.doctor, jeanne(), false)),
	} {
		if !errors.Is(err, errClosed) {
			t.Error(err)
		}
	}
}

func second[T any](_ T, err error) error { return err }

func TestFolded(t *testing.T) {
	for text, want := range map[string]string{
		"": "", " -' ": "", "Élodie": "elodie", "Le Goff-D'Étienne": "le goff d etienne", "ŒUVRE": "oeuvre", "Ærø": "aero", "İstanbul": "istanbul", "ﬁ": "fi",
		"Nguyễn Thị": "nguyen thi", "مُحَمَّد": "محمد", "A1-b2": "a1 b2",
	} {
		if got := folded(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// FuzzSearch holds that everybody is found by what is written of them, and that no query breaks anything.
func FuzzSearch(f *testing.F) {
	f.Add("Le Goff", "Jeanne-Marie", "06 39")
	f.Add("O’Brien", "", "9/3/")
	f.Add("١", "1-1-", "+(")
	g := newGrammar("33")
	f.Fuzz(func(t *testing.T, family, given, text string) {
		if _, err := g.parse(text); err != nil && utf8.RuneCountInString(text) <= maxQuery {
			t.Fatal(err)
		}
		e := entryOf(Patient{FamilyName: family, GivenNames: given})
		if strings.ContainsAny(family+given, "0123456789٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹") || !utf8.ValidString(family+given) {
			return
		}
		q, err := g.parse(given + " " + family)
		if err == nil && !q.matches(&e) {
			t.Fatalf("%q %q is not found in %q by %+v", given, family, e.text, q.terms)
		}
	})
}
