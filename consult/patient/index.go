package patient

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// index is what can be searched for among one practitioner's patients. One goroutine, follow, loads it and keeps it
// at what the store says.
type index struct {
	owner  consult.AccountID
	cancel context.CancelFunc

	mu      sync.RWMutex
	entries []entry // in the order of entry.compare
	loaded  bool
	asOf    uint64        // revision of the store up to which entries has everything
	news    chan struct{} // closed and made anew when asOf grows
	failed  error         // follow has ended, why

	usedAt time.Time // guarded by Patients.mu
}

func newIndex(owner consult.AccountID, cancel context.CancelFunc) *index {
	return &index{owner: owner, cancel: cancel, news: make(chan struct{})}
}

// follow loads the index and applies what changes until ctx ends or the store does.
func (s *Patients) follow(ctx context.Context, x *index) {
	for ctx.Err() == nil {
		err := s.loadIndex(ctx, x)
		if err == nil {
			err = s.applyChanges(ctx, x)
		}
		if err != nil {
			x.fail(err)
			return
		}
	}
	x.fail(errClosed)
}

// loadIndex reads all patients of one practitioner. What changes meanwhile is watched from the revision at which it began.
func (s *Patients) loadIndex(ctx context.Context, x *index) error {
	revision := s.store.Revision()
	prefix := prefixOf(x.owner)
	var all []entry
	for from := ""; ; {
		page, err := s.store.Range(prefix, from, kv.MaxRange)
		if err != nil {
			return err
		}
		all = slices.Grow(all, len(page))
		for _, e := range page {
			if one, ok := s.entryFrom(e); ok {
				all = append(all, one)
			}
		}
		if len(page) < kv.MaxRange || ctx.Err() != nil {
			break
		}
		from = kv.After(page[len(page)-1].Key)
	}
	slices.SortFunc(all, entry.compare)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.entries, x.asOf, x.loaded = all, revision, true
	x.tellLocked()
	return nil
}

// applyChanges follows the store from where the index was loaded until the watch ends. The touched key is the last one of its
// revision, so an index that has seen it has seen that revision's records too.
func (s *Patients) applyChanges(ctx context.Context, x *index) error {
	events, err := s.store.Watch(ctx, prefixOf(x.owner), x.revision()+1)
	if errors.Is(err, kv.ErrCompacted) {
		return nil // too late: load again
	}
	if err != nil {
		return err
	}
	for event := range events {
		id, ok := idOf(event.Key)
		if !ok {
			x.reach(event.Revision)
			continue
		}
		if event.Deleted {
			x.replace(id, nil)
		} else if one, ok := s.entryFrom(event.Entry); ok {
			x.replace(id, &one)
		}
	}
	return nil
}

// entryFrom makes of a record what can be searched for. One that does not open is left out: it must not hide the others.
func (s *Patients) entryFrom(e kv.Entry) (entry, bool) {
	if _, ok := idOf(e.Key); !ok {
		return entry{}, false
	}
	p, err := decode(s.master, e.Key, e.Value)
	if err != nil {
		s.log.Error("patient left out of the search", "key", e.Key, "error", err)
		return entry{}, false
	}
	return entryOf(p), true
}

// replace puts a patient's entry where it belongs; nil takes it out.
func (x *index) replace(id consult.PatientID, with *entry) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if i := slices.IndexFunc(x.entries, func(e entry) bool { return e.id == id }); i >= 0 {
		x.entries = slices.Delete(x.entries, i, i+1)
	}
	if with != nil {
		at, _ := slices.BinarySearchFunc(x.entries, *with, entry.compare)
		x.entries = slices.Insert(x.entries, at, *with)
	}
}

func (x *index) revision() uint64 {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.asOf
}

func (x *index) reach(revision uint64) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.asOf = max(x.asOf, revision)
	x.tellLocked()
}

func (x *index) fail(err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.failed = err
	x.tellLocked()
}

func (x *index) tellLocked() {
	close(x.news)
	x.news = make(chan struct{})
}

// wait returns when the index has everything up to the revision, or ctx ends.
func (x *index) wait(ctx context.Context, revision uint64) error {
	for {
		x.mu.RLock()
		done, failed, news := x.loaded && x.asOf >= revision, x.failed, x.news
		x.mu.RUnlock()
		switch {
		case failed != nil:
			return failed
		case done:
			return nil
		}
		select {
		case <-news:
		case <-ctx.Done():
			return errGivenUp
		}
	}
}
