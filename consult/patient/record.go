package patient

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// The keys of this package. They hold ids, never personal data:
//
//	v1/patient/<account>/<patient>   record: everything about a patient, sealed with a key of its own
//	v1/patient/<account>/touched     written with every record of this practitioner; sorts behind them, see index.go
//	v1/patient-owner/<patient>       the practitioner whose patient this is
const touchedName = "touched"

func prefixOf(owner consult.AccountID) string { return "v1/patient/" + string(owner) + "/" }

func patientKey(owner consult.AccountID, id consult.PatientID) string {
	return prefixOf(owner) + string(id)
}

func touchedKey(owner consult.AccountID) string { return prefixOf(owner) + touchedName }
func ownerKey(id consult.PatientID) string      { return "v1/patient-owner/" + string(id) }

// sealedRecord is a patient as the store sees them. The wrapped key stands in the record: who erases one erases both.
type sealedRecord struct {
	Version int    `json:"v"`
	Key     []byte `json:"key"`
	Sealed  []byte `json:"sealed"`
}

const recordVersion = 1

// encode seals a patient. A record that is written again gets a new key, so that what an older one said is gone with its key.
func encode(master *consult.Keyring, p Patient) ([]byte, error) {
	plain, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("patient: encode %s: %w", p.ID, err)
	}
	key := patientKey(p.Owner, p.ID)
	wrapped, data := master.NewDataKey(key)
	value, err := json.Marshal(sealedRecord{recordVersion, wrapped, data.Seal(key, plain)})
	if err != nil {
		return nil, fmt.Errorf("patient: encode %s: %w", p.ID, err)
	}
	return value, nil
}

func decode(master *consult.Keyring, key string, value []byte) (Patient, error) {
	var stored sealedRecord
	if err := json.Unmarshal(value, &stored); err != nil {
		return Patient{}, fmt.Errorf("patient: decode %s: %w", key, err)
	}
	if stored.Version != recordVersion {
		return Patient{}, fmt.Errorf("patient: %s has version %d, want %d", key, stored.Version, recordVersion)
	}
	data, err := master.OpenDataKey(key, stored.Key)
	if err != nil {
		return Patient{}, fmt.Errorf("patient: key of %s: %w", key, err)
	}
	plain, err := data.Open(key, stored.Sealed)
	if err != nil {
		return Patient{}, fmt.Errorf("patient: open %s: %w", key, err)
	}
	var p Patient
	if err := json.Unmarshal(plain, &p); err != nil {
		return Patient{}, fmt.Errorf("patient: decode %s: %w", key, err)
	}
	return p, nil
}

// put writes a record where it was read (revision 0: nowhere). 3 operations; touch belongs into the same transaction.
func put(tx kv.Txn, master *consult.Keyring, p Patient, revision uint64) error {
	value, err := encode(master, p)
	if err != nil {
		return err
	}
	key := patientKey(p.Owner, p.ID)
	if err := tx.Compare(key, revision); err != nil {
		return err
	}
	if err := tx.Put(ownerKey(p.ID), []byte(p.Owner)); err != nil {
		return err
	}
	return tx.Put(key, value)
}

// touch tells the indexes of this practitioner's patients, here and on other machines, that there is something to read.
func touch(tx kv.Txn, owner consult.AccountID) error { return tx.Put(touchedKey(owner), nil) }

// load reads a patient with the store's revision of their record.
func (s *Patients) load(id consult.PatientID) (Patient, uint64, error) {
	owner, err := s.ownerOf(id)
	if err != nil {
		return Patient{}, 0, err
	}
	entry, err := s.store.Get(patientKey(owner, id))
	if errors.Is(err, kv.ErrNotFound) { // erased since
		return Patient{}, 0, ErrNotFound
	}
	if err != nil {
		return Patient{}, 0, err
	}
	p, err := decode(s.master, entry.Key, entry.Value)
	return p, entry.Revision, err
}

// ownerOf returns whose patient this is, or ErrNotFound.
func (s *Patients) ownerOf(id consult.PatientID) (consult.AccountID, error) {
	if !id.Valid() {
		return "", ErrNotFound
	}
	owner, err := s.store.Get(ownerKey(id))
	if errors.Is(err, kv.ErrNotFound) {
		return "", ErrNotFound
	}
	return consult.AccountID(owner.Value), err
}

// read reads a patient's record that is not going to be changed.
func (s *Patients) read(owner consult.AccountID, id consult.PatientID) (Patient, error) {
	p, err := s.lately.Load(s.store, patientKey(owner, id), func(e kv.Entry) (Patient, error) { return decode(s.master, e.Key, e.Value) })
	if errors.Is(err, kv.ErrNotFound) {
		err = ErrNotFound
	}
	if err != nil {
		return Patient{}, err
	}
	p.Needs, p.IDs = slices.Clone(p.Needs), slices.Clone(p.IDs) // the caller's own
	return p, nil
}

// idOf returns whose record a key is, or false for the touched key.
func idOf(key string) (consult.PatientID, bool) {
	id := consult.PatientID(key[strings.LastIndexByte(key, '/')+1:])
	return id, id.Valid()
}
