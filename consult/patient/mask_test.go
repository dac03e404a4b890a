package patient

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/colloque/colloque/consult"
)

// in is what a search finds, without masks.
func (t term) in(e *entry) bool {
	found := false
	for _, text := range t.texts {
		found = found || strings.Contains(e.text, text)
	}
	for _, phone := range t.phones {
		found = found || strings.Contains(e.phones, phone)
	}
	return found
}

// TestMasks: masks pass over nobody who is to be found, and over most of the others.
func TestMasks(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var entries []entry
	var typed []string
	for _, p := range append(invented(r, 300), jeanne(), Patient{FamilyName: "Li", GivenNames: "É"}, Patient{FamilyName: "حداد", GivenNames: "كريم"}, Patient{}) {
		p.Contact.Phone, _ = consult.CleanPhone(p.Contact.Phone, "FR")
		entries = append(entries, entryOf(p))
		typed = append(typed, p.GivenNames+" "+p.FamilyName, p.BirthDate, p.Contact.Phone, "06"+strings.TrimPrefix(p.Contact.Phone, "+336"))
		if len(p.BirthDate) == 10 {
			typed = append(typed, p.BirthDate[8:]+"/"+p.BirthDate[5:7]+"/"+p.BirthDate[:4], p.BirthDate[8:]+p.BirthDate[5:7]+p.BirthDate[2:4])
		}
		for _, id := range p.IDs {
			typed = append(typed, id.Value)
		}
	}
	g := newGrammar("33")
	read, all := 0, 0
	for _, text := range typed {
		for n := range []rune(text) {
			q, err := g.parse(string([]rune(text)[:n+1]))
			if err != nil {
				t.Fatal(err)
			}
			for i := range entries {
				e := &entries[i]
				want := true
				for _, term := range q.terms {
					want = want && term.in(e)
				}
				if got := q.matches(e); got != want {
					t.Fatalf("%q in %q %q: %v", string([]rune(text)[:n+1]), e.text, e.phones, got)
				}
				for _, probes := range q.probes {
					for _, p := range probes {
						all++
						if e.bits.has(p.bits) {
							read++
						}
					}
				}
			}
		}
	}
	if read*3 > all {
		t.Errorf("%d of %d texts were read", read, all)
	}
}
