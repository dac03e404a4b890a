package patient

import (
	"context"
	"slices"
	"strings"

	"github.com/colloque/colloque/consult"
)

// Folded is a text as names are compared: without accents, in small letters, its words with one space between.
func Folded(text string) string { return folded(text) }

// Named is what somebody else wrote down of a patient: a name in any order, and what else they knew. All may be "".
type Named struct {
	Name      string
	BirthDate string // consult.BirthDateForm
	Phone     string // E.164
}

// Matcher finds one owner's patients by what others wrote down of them. It is how they were when it was made, and belongs to one goroutine.
type Matcher struct {
	byBirth map[string][]Patient
	byPhone map[string][]Patient
}

// Matcher reads the owner's patients.
func (s *Patients) Matcher(ctx context.Context, owner consult.AccountID) (*Matcher, error) {
	m := &Matcher{map[string][]Patient{}, map[string][]Patient{}}
	err := s.each(ctx, owner, func(p Patient) error {
		m.Add(p)
		return nil
	})
	return m, s.fail("match", "", err)
}

// Add takes up one more patient.
func (m *Matcher) Add(p Patient) {
	if p.BirthDate != "" {
		m.byBirth[p.BirthDate] = append(m.byBirth[p.BirthDate], p)
	}
	if p.Contact.Phone != "" {
		m.byPhone[p.Contact.Phone] = append(m.byPhone[p.Contact.Phone], p)
	}
}

// Match returns the patients who may be meant: those of the same name and birth date, or else those of the same name and phone number. One
// is the patient; several must be told apart by somebody; a birth date that is another one is another person.
func (m *Matcher) Match(n Named) []Patient {
	words := strings.Fields(folded(n.Name))
	if len(words) == 0 {
		return nil
	}
	named := func(among []Patient) (found []Patient) {
		for _, p := range among {
			if p.named(words) && (n.BirthDate == "" || p.BirthDate == "" || p.BirthDate == n.BirthDate) {
				found = append(found, p)
			}
		}
		return found
	}
	if n.BirthDate != "" {
		if found := named(m.byBirth[n.BirthDate]); len(found) > 0 {
			return found
		}
	}
	if n.Phone != "" {
		return named(m.byPhone[n.Phone])
	}
	return nil
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
