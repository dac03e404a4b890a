package patient

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Register is one owner's patients as they were when it was read, and those who are being added. It is how many patients come in at once: it
// finds who is meant by what others wrote down, keeps somebody from being there twice, and writes dozens of new patients in one
// transaction. It belongs to one goroutine.
type Register struct {
	patients *Patients
	owner    consult.AccountID
	known    people
	fresh    []Patient // added, not written yet
	asOf     uint64    // of the touched key, when the store was read
	mark     string    // that this register has left at the touched key
}

const (
	operationsOf   = 3                                     // of put
	writtenAtATime = (kv.MaxOperations - 3) / operationsOf // patients; the touched key is read, compared and written
)

// errTouched says that somebody else has written a patient of this owner.
var errTouched = errors.New("patient: the register is not the newest")

// Register reads the owner's patients.
func (s *Patients) Register(ctx context.Context, owner consult.AccountID) (*Register, error) {
	r := &Register{patients: s, owner: owner}
	return r, s.fail("register", "", r.read(ctx))
}

// read reads the store anew. What is written meanwhile is seen when something is to be written.
func (r *Register) read(ctx context.Context) error {
	touched, err := r.patients.store.Get(touchedKey(r.owner))
	if err != nil && !errors.Is(err, kv.ErrNotFound) {
		return err
	}
	r.known, r.asOf, r.mark = newPeople(), touched.Revision, ""
	return r.patients.each(ctx, r.owner, func(p Patient) error {
		r.known.add(p)
		return nil
	})
}

// Match returns the patients who may be meant: those of the same name and birth date, or else those of the same name and phone number. One
// is the patient; several must be told apart by somebody; a birth date that is another one is another person.
func (r *Register) Match(n Named) []Patient { return r.known.match(n) }

// Add checks a new patient, gives them an id, and finds them from now on; Write writes them. It fails with ErrSimilar as Create does, and
// with a *FieldError.
func (r *Register) Add(p Patient) (Patient, error) {
	p, err := r.patients.cleanNew(r.owner, p)
	switch {
	case err != nil:
		return Patient{}, err
	case r.known.has(p):
		return Patient{}, ErrSimilar
	case len(r.known.all) >= maxPatients:
		return Patient{}, errFull
	}
	r.known.add(p)
	r.fresh = append(r.fresh, p)
	return p, nil
}

// Write writes those who were added: some dozens in a transaction, all of them or none. It returns those whom somebody else has written
// down since the register was read: they are not written, and Match finds the others in their place. When it fails on the way, what was written
// stays, and a new register knows it.
func (r *Register) Write(ctx context.Context) (there []consult.PatientID, err error) {
	for len(r.fresh) > 0 {
		if ctx.Err() != nil {
			return there, errGivenUp
		}
		some := r.fresh[:min(len(r.fresh), writtenAtATime)]
		err := r.writeSome(some)
		if errors.Is(err, errTouched) {
			var more []consult.PatientID
			if more, err = r.readAgain(ctx); err == nil {
				there = append(there, more...)
				continue
			}
		}
		if err != nil {
			return there, r.patients.fail("register", "", err)
		}
		r.fresh = r.fresh[len(some):]
	}
	r.fresh = nil
	return there, nil
}

// writeSome writes patients if nobody else has written one since the register was read: what it has written itself bears its mark.
func (r *Register) writeSome(some []Patient) error {
	r.patients.creating.Lock()
	defer r.patients.creating.Unlock()
	mark, key := string(some[len(some)-1].ID), touchedKey(r.owner)
	err := r.patients.store.Update(func(tx kv.Txn) error {
		touched, err := tx.Get(key)
		if err != nil && !errors.Is(err, kv.ErrNotFound) {
			return err
		}
		if touched.Revision != r.asOf && (r.mark == "" || string(touched.Value) != r.mark) {
			return errTouched
		}
		if err := tx.Compare(key, touched.Revision); err != nil {
			return err
		}
		for _, p := range some {
			if err := put(tx, r.patients.master, p, 0); err != nil {
				return err
			}
		}
		return tx.Put(key, []byte(mark))
	})
	if errors.Is(err, kv.ErrConflict) {
		return errTouched
	}
	if err == nil {
		r.mark = mark
	}
	return err
}

// readAgain reads the store anew and returns those to be written who are in it by now.
func (r *Register) readAgain(ctx context.Context) (there []consult.PatientID, err error) {
	if err := r.read(ctx); err != nil {
		return nil, err
	}
	fresh := r.fresh
	r.fresh = nil
	for _, p := range fresh {
		if r.known.has(p) {
			there = append(there, p.ID)
			continue
		}
		r.known.add(p)
		r.fresh = append(r.fresh, p)
	}
	return there, nil
}

// people is who is known, found by what identifies them: where many have one birth date (some software writes 01/01/1900 for none) or one
// telephone, names tell them apart.
type people struct {
	all      []Patient
	byFamily map[string][]int     // birth date and a family name, see familyNames
	byWord   map[string][]int     // birth date or phone, and the first word of a family name
	byID     map[ExternalID][]int // plain
}

func newPeople() people {
	return people{byFamily: map[string][]int{}, byWord: map[string][]int{}, byID: map[ExternalID][]int{}}
}

func (o *people) add(p Patient) {
	at := len(o.all)
	o.all = append(o.all, p)
	for _, name := range familyNames(p) {
		o.byFamily[p.BirthDate+name] = append(o.byFamily[p.BirthDate+name], at)
	}
	for _, id := range p.IDs {
		o.byID[plain(id)] = append(o.byID[plain(id)], at)
	}
	for _, name := range []string{p.FamilyName, p.BirthName} {
		word, _, _ := strings.Cut(folded(name), " ")
		for _, mark := range []string{p.BirthDate, p.Contact.Phone} {
			if key := mark + " " + word; mark != "" && word != "" && !slices.Contains(o.byWord[key], at) {
				o.byWord[key] = append(o.byWord[key], at)
			}
		}
	}
}

// has reports whether somebody similar is known, see similarTo.
func (o *people) has(p Patient) bool {
	similar := func(at int) bool { return similarTo(p, o.all[at]) }
	for _, name := range familyNames(p) {
		if slices.ContainsFunc(o.byFamily[p.BirthDate+name], similar) {
			return true
		}
	}
	return slices.ContainsFunc(p.IDs, func(id ExternalID) bool { return len(o.byID[plain(id)]) > 0 })
}

func (o *people) match(n Named) []Patient {
	words := strings.Fields(folded(n.Name))
	for _, mark := range []string{n.BirthDate, n.Phone} {
		if mark == "" {
			continue
		}
		var seen []int
		var found []Patient
		for _, word := range words {
			for _, at := range o.byWord[mark+" "+word] {
				if p := o.all[at]; !slices.Contains(seen, at) && p.named(words) && (n.BirthDate == "" || p.BirthDate == "" || p.BirthDate == n.BirthDate) {
					seen, found = append(seen, at), append(found, p)
				}
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}
