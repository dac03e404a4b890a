package patient

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strconv"
	"sync"
	"time"

	"github.com/nyaruka/phonenumbers"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

const (
	maxPatients = 100_000 // of one practitioner
	maxOpened   = 8 << 20 // bytes of records that are kept opened: about 5,000 of them
)

// Patients is the practice's patients. Its methods may be called at the same time. One that returns without error has what it did
// on disk. Who may see whose patients is the caller's to decide.
type Patients struct {
	// Static after construction.
	country string
	grammar grammar
	store   kv.Store
	master  *consult.Keyring
	clock   func() time.Time
	log     *slog.Logger
	lately  *kv.Decoded[Patient] // records that were read lately, opened

	creating sync.Mutex // held from looking for somebody similar until the new one is found, so that a double click makes one

	closing context.Context // ends with Close
	close   context.CancelFunc
	follows sync.WaitGroup

	mu      sync.Mutex // guards what follows
	closed  bool
	indexes map[consult.AccountID]*index
	toWarm  []consult.AccountID // whose are to be loaded, see warm.go
	warming bool                // warm runs
}

// Open returns the patients in the store. Phone numbers without + are of the country (ISO 3166-1). The store stays the caller's.
func Open(country string, store kv.Store, master *consult.Keyring, clock func() time.Time, log *slog.Logger) (*Patients, error) {
	code := phonenumbers.GetCountryCodeForRegion(country)
	if code == 0 {
		return nil, fmt.Errorf("patient: country %q: give it two letters such as FR", country)
	}
	s := &Patients{
		country: country, grammar: newGrammar(strconv.Itoa(code)), store: store, master: master, log: log,
		clock:   func() time.Time { return clock().UTC().Round(0) },
		lately:  kv.NewDecoded[Patient](maxOpened),
		indexes: map[consult.AccountID]*index{},
	}
	s.closing, s.close = context.WithCancel(context.Background())
	return s, nil
}

// Close ends what follows the store and waits for it. It may be called again.
func (s *Patients) Close() error {
	s.mu.Lock()
	s.closed = true
	s.mu.Unlock()
	s.close()
	s.follows.Wait()
	return nil
}

// Create writes a new patient of the owner, and returns them as they are stored. Unless anyway is said, it fails with ErrSimilar
// when the owner has somebody with the same name and birth date, or the same external id; see Similar.
func (s *Patients) Create(ctx context.Context, owner consult.AccountID, p Patient, anyway bool) (Patient, error) {
	p, err := s.cleanNew(owner, p)
	if err != nil {
		return Patient{}, err
	}
	s.creating.Lock()
	defer s.creating.Unlock()
	x, err := s.index(ctx, owner)
	if err != nil {
		return Patient{}, s.fail("create", p.ID, err)
	}
	if x.len() >= maxPatients {
		return Patient{}, errFull
	}
	if !anyway {
		similar, err := s.similarIn(x, p)
		if err != nil {
			return Patient{}, s.fail("create", p.ID, err)
		}
		if len(similar) > 0 {
			return Patient{}, ErrSimilar
		}
	}
	err = s.store.Update(func(tx kv.Txn) error {
		if err := put(tx, s.master, p, 0); err != nil {
			return err
		}
		return touch(tx, owner)
	})
	if err != nil {
		return Patient{}, s.fail("create", p.ID, err)
	}
	return p, nil
}

// cleanNew checks what is said of a new patient and gives them an id.
func (s *Patients) cleanNew(owner consult.AccountID, p Patient) (Patient, error) {
	now := s.clock()
	p, err := p.clean(s.country, now)
	if err != nil {
		return Patient{}, err
	}
	p.ID, p.Owner, p.CreatedAt, p.ChangedAt, p.Revision = consult.NewPatientID(), owner, now, now, 1
	return p, nil
}

// Patient returns a patient, or ErrNotFound.
func (s *Patients) Patient(id consult.PatientID) (Patient, error) {
	owner, err := s.ownerOf(id)
	if err != nil {
		return Patient{}, s.fail("read", id, err)
	}
	p, err := s.read(owner, id)
	if err != nil {
		return Patient{}, s.fail("read", id, err)
	}
	return p, nil
}

// Update writes all that is said of the patient with p.ID, and returns them as they are stored. p.Revision is that of the record which was
// changed: when it is no longer the newest, nothing is written and the answer is ErrStale. Saying again what is stored changes nothing.
func (s *Patients) Update(p Patient) (Patient, error) {
	stored, revision, err := s.load(p.ID)
	if err != nil {
		return Patient{}, s.fail("update", p.ID, err)
	}
	now := s.clock()
	if p, err = p.clean(s.country, now); err != nil {
		return Patient{}, err
	}
	if p.sameAs(stored) {
		return stored, nil
	}
	if p.Revision != stored.Revision {
		return Patient{}, ErrStale
	}
	p.Owner, p.CreatedAt, p.ChangedAt, p.Revision = stored.Owner, stored.CreatedAt, now, stored.Revision+1
	err = s.store.Update(func(tx kv.Txn) error {
		if err := put(tx, s.master, p, revision); err != nil {
			return err
		}
		return touch(tx, p.Owner)
	})
	if errors.Is(err, kv.ErrConflict) {
		return Patient{}, ErrStale
	}
	if err != nil {
		return Patient{}, s.fail("update", p.ID, err)
	}
	s.lately.Forget(patientKey(p.Owner, p.ID))
	return p, nil
}

// Erase removes a patient's record and its key. Consultations keep what was said in them. It is no error when there is no such patient
// any more, as long as there was none when it began.
func (s *Patients) Erase(id consult.PatientID) error {
	p, _, err := s.load(id)
	if err != nil {
		return s.fail("erase", id, err)
	}
	err = s.store.Update(func(tx kv.Txn) error {
		return errors.Join(tx.Delete(patientKey(p.Owner, id)), tx.Delete(ownerKey(id)), touch(tx, p.Owner))
	})
	if err != nil {
		return s.fail("erase", id, err)
	}
	s.lately.Forget(patientKey(p.Owner, id))
	s.log.Info("patient erased", "patient", id, "owner", p.Owner)
	return nil
}

// fail makes of any error one that may leave the package. What is not ours is logged and hidden.
func (s *Patients) fail(what string, id consult.PatientID, err error) error {
	var own *consult.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return own
	case errors.Is(err, kv.ErrConflict):
		return consult.ErrBusy
	case errors.Is(err, kv.ErrFull): // which the store has logged
		return consult.ErrNoRoom
	case errors.Is(err, kv.ErrClosed), errors.Is(err, kv.ErrFailed):
		return errClosed
	}
	s.log.Error("patient store", "action", what, "patient", id, "error", err)
	return consult.ErrInternal
}
