package patient

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/colloque/colloque/consult"
)

// maxSimilar is how many similar patients are told.
const maxSimilar = 10

// Similar returns the owner's patients who may be the same person as p, to be shown before p is written: those with the same birth date
// and, but for accents and spelling marks, the same names; and those with the same external id.
func (s *Patients) Similar(ctx context.Context, owner consult.AccountID, p Patient) ([]Patient, error) {
	clean, err := p.clean(s.country, s.clock())
	if err != nil {
		return nil, err
	}
	clean.ID = p.ID
	x, err := s.index(ctx, owner)
	if err != nil {
		return nil, s.fail("similar", p.ID, err)
	}
	similar, err := s.similarIn(x, clean)
	if err != nil {
		return nil, s.fail("similar", p.ID, err)
	}
	return similar, nil
}

func (s *Patients) similarIn(x *index, p Patient) ([]Patient, error) {
	var similar []Patient
	for _, h := range x.candidates(p) {
		other, err := s.read(h.owner, h.id)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if other.ID != p.ID && similarTo(p, other) {
			similar = append(similar, other)
		}
		if len(similar) == maxSimilar {
			break
		}
	}
	return similar, nil
}

// candidates returns those with the same birth date and those in whose text an external id is found.
func (x *index) candidates(p Patient) []hit {
	var texts []string
	if day := digitsOf(p.BirthDate); day != "" {
		texts = append(texts, markISO+day)
	}
	for _, id := range p.IDs {
		texts = append(texts, " "+joined(folded(id.Value)))
	}
	name := " " + folded(p.FamilyName)
	x.mu.RLock()
	defer x.mu.RUnlock()
	var hits []hit
	for _, e := range x.entries {
		contains := func(text string) bool { return strings.Contains(e.text, text) }
		if slices.ContainsFunc(texts, contains) || p.BirthDate == "" && strings.HasPrefix(e.text, name) {
			hits = append(hits, hit{e, x.owner})
		}
	}
	return hits
}

// similarTo reports whether two records may be of one person: an external id in common; or the same birth date (or none, in
// both), a family or birth name in common, and given names that begin alike.
func similarTo(a, b Patient) bool {
	for _, id := range a.IDs {
		if slices.ContainsFunc(b.IDs, func(other ExternalID) bool { return sameID(id, other) }) {
			return true
		}
	}
	names := familyNames(b)
	return a.BirthDate == b.BirthDate && beginAlike(a.GivenNames, b.GivenNames) &&
		slices.ContainsFunc(familyNames(a), func(name string) bool { return slices.Contains(names, name) })
}

// beginAlike reports whether all words of one stand at the beginning of the other: some write all given names, some the usual one.
func beginAlike(a, b string) bool {
	short, long := strings.Fields(folded(a)), strings.Fields(folded(b))
	if len(short) > len(long) {
		short, long = long, short
	}
	return slices.Equal(short, long[:len(short)])
}

func sameID(a, b ExternalID) bool { return plain(a) == plain(b) }

// plain is an external id as ids are compared.
func plain(id ExternalID) ExternalID {
	return ExternalID{folded(id.System), joined(folded(id.Value))}
}

func familyNames(p Patient) []string {
	names := []string{joined(folded(p.FamilyName))}
	if p.BirthName != "" {
		names = append(names, joined(folded(p.BirthName)))
	}
	return names
}
