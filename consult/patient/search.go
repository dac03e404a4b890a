package patient

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

const (
	// MaxFound is how many patients one search returns at most.
	MaxFound = 100

	forgetAfter = time.Hour // an index that nobody searched for so long leaves memory
)

// Found is a page of what a search found.
type Found struct {
	Patients []Patient
	Total    int // how many there are in all
}

// Search returns the patients of these owners in whom every word of the query is found, in the order of their names; those whose
// family name begins with its first word come first. Words may stand in any order and need not be written to their end: names without
// accents, a birth date (09/03/1948, 1948-03-09), a phone number with or without +33, an external id. The empty query finds
// everybody. from skips so many; limit is 1 to MaxFound.
func (s *Patients) Search(ctx context.Context, owners []consult.AccountID, text string, from, limit int) (Found, error) {
	q, err := s.grammar.parse(text)
	if err != nil {
		return Found{}, err
	}
	from, limit = max(from, 0), min(max(limit, 1), MaxFound)
	var best, others []hit
	total := 0
	for _, owner := range owners {
		x, err := s.index(ctx, owner)
		if err != nil {
			return Found{}, s.fail("search", "", err)
		}
		n := x.search(&q, from+limit, &best, &others)
		total += n
	}
	if len(owners) > 1 {
		slices.SortFunc(best, hit.compare)
		slices.SortFunc(others, hit.compare)
	}
	hits := append(best, others...)
	hits = hits[min(from, len(hits)):]
	hits = hits[:min(limit, len(hits))]
	found := Found{Total: total}
	for _, h := range hits {
		p, err := s.read(h.owner, h.id)
		if errors.Is(err, ErrNotFound) { // erased since
			continue
		}
		if err != nil {
			return Found{}, s.fail("search", h.id, err)
		}
		found.Patients = append(found.Patients, p)
	}
	return found, nil
}

// hit is an entry that was found, with whose it is.
type hit struct {
	entry
	owner consult.AccountID
}

func (h hit) compare(other hit) int { return h.entry.compare(other.entry) }

// search adds at most limit entries to each list and returns how many there are.
func (x *index) search(q *query, limit int, best, others *[]hit) (total int) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	nBest, nOthers := 0, 0
	for i := range x.entries {
		e := &x.entries[i]
		if !q.matches(e) {
			continue
		}
		total++
		if q.first == "" || strings.HasPrefix(e.text, q.first) {
			if nBest++; nBest <= limit {
				*best = append(*best, hit{*e, x.owner})
			}
		} else if nOthers++; nOthers <= limit {
			*others = append(*others, hit{*e, x.owner})
		}
	}
	return total
}

func (x *index) len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return len(x.entries)
}

// index returns an owner's index, with everything that was written before this call.
func (s *Patients) index(ctx context.Context, owner consult.AccountID) (*index, error) {
	if owner == "" {
		return nil, ErrNotFound
	}
	touched, err := s.store.Get(touchedKey(owner))
	if err != nil && !errors.Is(err, kv.ErrNotFound) {
		return nil, err
	}
	x, err := s.opened(owner)
	if err != nil {
		return nil, err
	}
	err = x.wait(ctx, touched.Revision)
	if err != nil && !errors.Is(err, errGivenUp) {
		s.forget(x) // the next search tries anew
	}
	return x, err
}

// opened returns an owner's index, loaded or not, and lets go of those that nobody used for long.
func (s *Patients) opened(owner consult.AccountID) (*index, error) {
	now := s.clock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil, errClosed
	}
	for of, x := range s.indexes {
		if of != owner && now.Sub(x.usedAt) > forgetAfter {
			x.cancel()
			delete(s.indexes, of)
		}
	}
	x, ok := s.indexes[owner]
	if !ok {
		ctx, cancel := context.WithCancel(s.closing)
		x = newIndex(owner, cancel)
		s.indexes[owner] = x
		s.follows.Go(func() {
			defer cancel()
			s.follow(ctx, x)
		})
	}
	x.usedAt = now
	return x, nil
}

func (s *Patients) forget(x *index) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.indexes[x.owner] == x {
		x.cancel()
		delete(s.indexes, x.owner)
	}
}
