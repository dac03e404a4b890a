package patient

import (
	"context"
	"slices"

	"github.com/colloque/colloque/consult"
)

// maxWarm is how many practitioners' patients may wait to be loaded ahead of a search. What is over it is loaded when it is searched.
const maxWarm = 64

// Load loads what a search of these owners' patients needs, and waits for it.
func (s *Patients) Load(ctx context.Context, owners []consult.AccountID) error {
	for _, owner := range owners {
		if _, err := s.index(ctx, owner); err != nil {
			return s.fail("load", "", err)
		}
	}
	return nil
}

// Warm loads what a search of these owners' patients needs, without waiting for it: one owner after the other, so that it takes
// one processor at most.
func (s *Patients) Warm(owners []consult.AccountID) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return
	}
	for _, owner := range owners {
		if len(s.toWarm) < maxWarm && s.indexes[owner] == nil && !slices.Contains(s.toWarm, owner) {
			s.toWarm = append(s.toWarm, owner)
		}
	}
	if len(s.toWarm) > 0 && !s.warming {
		s.warming = true
		s.follows.Go(s.warm)
	}
}

// warm loads what is to be warmed until nothing is left.
func (s *Patients) warm() {
	for {
		s.mu.Lock()
		if len(s.toWarm) == 0 || s.closed {
			s.warming = false
			s.mu.Unlock()
			return
		}
		owner := s.toWarm[0]
		s.toWarm = s.toWarm[1:]
		s.mu.Unlock()
		if _, err := s.index(s.closing, owner); err != nil && s.closing.Err() == nil {
			s.log.Error("patients not loaded ahead of a search", "owner", owner, "error", err)
		}
	}
}
