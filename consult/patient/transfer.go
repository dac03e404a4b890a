package patient

import (
	"context"
	"fmt"
	"io"
	"slices"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Import is what came of a table.
type Import struct {
	Lines   int // with somebody on them
	Created int // or, in a dry run, how many would be
	Notes   []Note
	Unknown []string // names of columns that were not read
}

// Note says why a line was not taken over.
type Note struct {
	Line int
	Err  error // a *consult.Error
}

const (
	maxNotes      = 1000 // more are counted and not told
	operationsOf  = 3    // of put
	importAtATime = (kv.MaxOperations - 1) / operationsOf
)

// Import makes patients of the owner from a table (CSV). A line that is wrong, or whose patient is there already, is left out and told; all others are
// taken over, unless it is a dry run. The same table again adds nobody. When it fails on the way, what was taken over stays: import it again.
func (s *Patients) Import(ctx context.Context, owner consult.AccountID, table []byte, dryRun bool) (Import, error) {
	lines, unknown, err := readTable(table)
	if err != nil {
		return Import{}, err
	}
	s.creating.Lock()
	defer s.creating.Unlock()
	seen, room := newPeople(), maxPatients
	err = s.each(ctx, owner, func(p Patient) error {
		seen.add(p)
		room--
		return nil
	})
	if err != nil {
		return Import{}, s.fail("import", "", err)
	}
	result := Import{Lines: len(lines), Unknown: unknown}
	var batch []Patient
	for _, l := range lines {
		if ctx.Err() != nil {
			return result, errGivenUp
		}
		p, err := s.importable(owner, l, seen)
		if err == nil && room <= 0 {
			err = errFull
		}
		if err != nil {
			if len(result.Notes) < maxNotes {
				result.Notes = append(result.Notes, Note{l.number, err})
			}
			continue
		}
		room--
		result.Created++
		if batch = append(batch, p); len(batch) == importAtATime {
			if err := s.write(owner, batch, dryRun); err != nil {
				return result, s.fail("import", "", err)
			}
			batch = batch[:0]
		}
	}
	if err := s.write(owner, batch, dryRun); err != nil {
		return result, s.fail("import", "", err)
	}
	if !dryRun {
		s.log.Info("patients imported", "owner", owner, "created", result.Created, "left_out", len(lines)-result.Created)
	}
	return result, nil
}

// importable returns the patient of a line, or why the line is left out.
func (s *Patients) importable(owner consult.AccountID, l line, seen *people) (Patient, error) {
	if l.bad {
		return Patient{}, errBadLine
	}
	p, err := s.cleanNew(owner, l.patient)
	if err != nil {
		return Patient{}, err
	}
	if seen.has(p) {
		return Patient{}, ErrSimilar
	}
	seen.add(p)
	return p, nil
}

func (s *Patients) write(owner consult.AccountID, batch []Patient, dryRun bool) error {
	if len(batch) == 0 || dryRun {
		return nil
	}
	return s.store.Update(func(tx kv.Txn) error {
		for _, p := range batch {
			if err := put(tx, s.master, p, 0); err != nil {
				return err
			}
		}
		return touch(tx, owner)
	})
}

// people is who is there already: in the store, and on earlier lines of a table.
type people struct {
	byName map[string][]Patient // birth date and a family name
	byID   map[ExternalID]bool
}

func newPeople() *people {
	return &people{map[string][]Patient{}, map[ExternalID]bool{}}
}

func (o *people) has(p Patient) bool {
	similar := func(other Patient) bool { return similarTo(p, other) }
	for _, name := range familyNames(p) {
		if slices.ContainsFunc(o.byName[p.BirthDate+name], similar) {
			return true
		}
	}
	return slices.ContainsFunc(p.IDs, func(id ExternalID) bool { return o.byID[plain(id)] })
}

func (o *people) add(p Patient) {
	for _, name := range familyNames(p) {
		o.byName[p.BirthDate+name] = append(o.byName[p.BirthDate+name], p)
	}
	for _, id := range p.IDs {
		o.byID[plain(id)] = true
	}
}

// Export writes all patients of the owner as a table (CSV with commas, UTF-8) that Import reads, page by page. What changes meanwhile
// may be missing.
func (s *Patients) Export(ctx context.Context, owner consult.AccountID, w io.Writer) error {
	table, err := newTableWriter(w)
	if err != nil {
		return fmt.Errorf("patient: export: %w", err)
	}
	if err := s.each(ctx, owner, table.write); err != nil {
		return s.fail("export", "", err)
	}
	if err := table.flush(); err != nil {
		return fmt.Errorf("patient: export: %w", err)
	}
	s.log.Info("patients exported", "owner", owner)
	return nil
}

// each calls do for every patient of the owner, in the order of the store.
func (s *Patients) each(ctx context.Context, owner consult.AccountID, do func(Patient) error) error {
	for from := ""; ctx.Err() == nil; {
		page, err := s.store.Range(prefixOf(owner), from, kv.MaxRange)
		if err != nil {
			return err
		}
		for _, e := range page {
			if _, ok := idOf(e.Key); !ok {
				continue
			}
			p, err := decode(s.master, e.Key, e.Value)
			if err != nil {
				return err
			}
			if err := do(p); err != nil {
				return err
			}
		}
		if len(page) < kv.MaxRange {
			return nil
		}
		from = kv.After(page[len(page)-1].Key)
	}
	return errGivenUp
}
