package patient

import (
	"cmp"
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

const maxNotes = 1000 // more are counted and not told

// Import makes patients of the owner from a table (CSV). A line that is wrong, or whose patient is there already, is left out and told; all others are
// taken over, unless it is a dry run. The same table again adds nobody. When it fails on the way, what was taken over stays: import it again.
func (s *Patients) Import(ctx context.Context, owner consult.AccountID, table []byte, dryRun bool) (Import, error) {
	lines, unknown, err := readTable(table)
	if err != nil {
		return Import{}, err
	}
	known, err := s.Register(ctx, owner)
	if err != nil {
		return Import{}, err
	}
	result := Import{Lines: len(lines), Unknown: unknown}
	added := map[consult.PatientID]int{} // the line
	for _, l := range lines {
		if ctx.Err() != nil {
			return result, errGivenUp
		}
		p, err := Patient{}, errBadLine
		if !l.bad {
			p, err = known.Add(l.patient)
		}
		if err != nil {
			result.note(l.number, err)
			continue
		}
		added[p.ID] = l.number
	}
	if !dryRun {
		there, err := known.Write(ctx)
		if err != nil {
			return result, err
		}
		for _, id := range there {
			result.note(added[id], ErrSimilar)
			delete(added, id)
		}
	}
	result.Created = len(added)
	slices.SortFunc(result.Notes, func(a, b Note) int { return cmp.Compare(a.Line, b.Line) })
	if !dryRun {
		s.log.Info("patients imported", "owner", owner, "created", result.Created, "left_out", len(lines)-result.Created)
	}
	return result, nil
}

func (i *Import) note(line int, err error) {
	if len(i.Notes) < maxNotes {
		i.Notes = append(i.Notes, Note{line, err})
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
