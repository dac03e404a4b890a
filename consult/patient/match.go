package patient

import (
	"slices"
	"strings"
)

// Folded is a text as names are compared: without accents, in small letters, its words with one space between.
func Folded(text string) string { return folded(text) }

// Named is what somebody else wrote down of a patient: a name in any order, and what else they knew. All may be "".
type Named struct {
	Name      string
	BirthDate string // consult.BirthDateForm
	Phone     string // E.164
}

// named reports whether these words, in any order, are a name of the patient: the family name or birth name whole, and the usual given name if
// there is any.
func (p Patient) named(words []string) bool {
	has := func(name string) bool {
		all := strings.Fields(folded(name))
		return len(all) > 0 && !slices.ContainsFunc(all, func(w string) bool { return !slices.Contains(words, w) })
	}
	given := strings.Fields(folded(p.GivenNames))
	return (has(p.FamilyName) || has(p.BirthName)) && (len(given) == 0 || slices.Contains(words, given[0]))
}
