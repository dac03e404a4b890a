package document

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// The keys of this package. They hold ids and times, never personal data:
//
//	v1/document/<consultation>/<document>         record: all about it, sealed, and the wrapped key of its bytes
//	v1/document-folder/<folder>                   until when a folder is kept, which stands in place of a consultation in the keys beside: see folder.go
//	v1/document-carry/<consultation>              folder whose documents are to be copied into it
//	v1/document-head/<consultation>               how many there are, and how large they are together
//	v1/document-check/<consultation>/<document>   all bytes are here, and are to be looked at
//	v1/document-due/<instant>/<consultation>/<document>   when to ask whether it is to be erased; "codes": those that open messages only
//	v1/document-code/<consultation>/<participant> the code that opens documents and messages after the end, sealed
const (
	checkPrefix = "v1/document-check/"
	duePrefix   = "v1/document-due/"
)

func recordPrefix(c consult.ConsultationID) string { return "v1/document/" + string(c) + "/" }
func recordKey(c consult.ConsultationID, d consult.DocumentID) string {
	return recordPrefix(c) + string(d)
}
func headKey(c consult.ConsultationID) string { return "v1/document-head/" + string(c) }
func checkKey(c consult.ConsultationID, d consult.DocumentID) string {
	return checkPrefix + string(c) + "/" + string(d)
}
func codePrefix(c consult.ConsultationID) string { return "v1/document-code/" + string(c) + "/" }
func codeKey(c consult.ConsultationID, p consult.ParticipantID) string {
	return codePrefix(c) + string(p)
}

func dueKey(at time.Time, d Document) string { return dueAtKey(at, d.Consultation, string(d.ID)) }

func dueAtKey(at time.Time, c consult.ConsultationID, what string) string {
	return duePrefix + at.UTC().Format("20060102T150405Z") + "/" + string(c) + "/" + what
}

// record is what is stored of a document.
type record struct {
	Document Document `json:"document"`
	Key      string   `json:"key"` // the sender's own, to tell a repeated announcement
	Due      string   `json:"due"` // key of the index of what is to be looked at when
	// Carried is the consultation into which this document of a folder was copied.
	Carried consult.ConsultationID `json:"carried,omitempty"`

	entry       kv.Entry // as it was read; zero for a new one
	key         *consult.DataKey
	wrapped     []byte
	wrappedBlob []byte // wrapped key of the bytes; erasing it erases them, in backups too
}

// sealedRecord is a record as the store sees it.
type sealedRecord struct {
	Version int    `json:"v"`
	Key     []byte `json:"key"`
	BlobKey []byte `json:"blob_key,omitempty"`
	Sealed  []byte `json:"sealed"`
}

const recordVersion = 1

// blobContext binds the key of the bytes to the document.
func blobContext(d Document) string { return "blob/" + string(d.Consultation) + "/" + string(d.ID) }

func newRecord(master *consult.Keyring, d Document) *record {
	r := &record{Document: d}
	r.wrapped, r.key = master.NewDataKey(recordKey(d.Consultation, d.ID))
	r.wrappedBlob, _ = master.NewDataKey(blobContext(d))
	return r
}

// put writes the record where it was read, or gives kv.ErrConflict when it changed meanwhile. 2 operations.
func (r *record) put(tx kv.Txn) error {
	where := recordKey(r.Document.Consultation, r.Document.ID)
	plain, err := json.Marshal(r)
	if err != nil {
		return fmt.Errorf("document: encode %s: %w", r.Document.ID, err)
	}
	value, err := json.Marshal(sealedRecord{recordVersion, r.wrapped, r.wrappedBlob, r.key.Seal(where, plain)})
	if err != nil {
		return fmt.Errorf("document: encode %s: %w", r.Document.ID, err)
	}
	if err := tx.Compare(where, r.entry.Revision); err != nil {
		return err
	}
	return tx.Put(where, value)
}

func decodeRecord(master *consult.Keyring, entry kv.Entry) (*record, error) {
	var stored sealedRecord
	if err := json.Unmarshal(entry.Value, &stored); err != nil {
		return nil, fmt.Errorf("document: decode %s: %w", entry.Key, err)
	}
	if stored.Version != recordVersion {
		return nil, fmt.Errorf("document: %s has version %d, want %d", entry.Key, stored.Version, recordVersion)
	}
	key, err := master.OpenDataKey(entry.Key, stored.Key)
	if err != nil {
		return nil, fmt.Errorf("document: key of %s: %w", entry.Key, err)
	}
	plain, err := key.Open(entry.Key, stored.Sealed)
	if err != nil {
		return nil, fmt.Errorf("document: open %s: %w", entry.Key, err)
	}
	r := &record{entry: entry, key: key, wrapped: stored.Key, wrappedBlob: stored.BlobKey}
	if err := json.Unmarshal(plain, r); err != nil {
		return nil, fmt.Errorf("document: decode %s: %w", entry.Key, err)
	}
	return r, nil
}

// load gives ErrNotFound when there is no such document.
func (d *Documents) load(c consult.ConsultationID, id consult.DocumentID) (*record, error) {
	if (!c.Valid() && !isFolder(c)) || !id.Valid() {
		return nil, ErrNotFound
	}
	entry, err := d.store.Get(recordKey(c, id))
	if errors.Is(err, kv.ErrNotFound) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, err
	}
	return decodeRecord(d.master, entry)
}

// all returns the consultation's documents, in the order in which they were announced.
func (d *Documents) all(c consult.ConsultationID) ([]*record, error) {
	entries, err := d.store.Range(recordPrefix(c), "", kv.MaxRange)
	if err != nil {
		return nil, err
	}
	records := make([]*record, 0, len(entries))
	for _, entry := range entries {
		r, err := decodeRecord(d.master, entry)
		if err != nil {
			return nil, err
		}
		records = append(records, r)
	}
	sortBySent(records)
	return records, nil
}

// maxAttempts at a change that others keep overtaking; each time one of them got through.
const maxAttempts = 100

// change applies do to the record as it is now and writes it, with what else belongs into the same transaction. do says
// whether it changed anything.
func (d *Documents) change(c consult.Consultation, id consult.DocumentID, do func(*record) (bool, error), also func(kv.Txn, *record) error) (*record, error) {
	for range maxAttempts {
		r, err := d.load(c.ID, id)
		if err != nil {
			return nil, err
		}
		changed, err := do(r)
		if err != nil || !changed {
			return r, err
		}
		err = d.store.Update(func(tx kv.Txn) error {
			if also != nil {
				if err := also(tx, r); err != nil {
					return err
				}
			}
			if err := r.put(tx); err != nil {
				return err
			}
			return wake(tx, c)
		})
		if !errors.Is(err, kv.ErrConflict) {
			return r, err
		}
	}
	return nil, consult.ErrBusy
}

// head counts what a consultation holds, refused documents aside: announced bytes count, so that those who send at the same time
// cannot get over the limit together.
type head struct {
	Count int   `json:"count"`
	Bytes int64 `json:"bytes"`
}

// addToHead counts documents in or out. 3 operations.
func addToHead(tx kv.Txn, c consult.ConsultationID, count int, bytes int64, allow func(head) error) error {
	entry, err := tx.Get(headKey(c))
	var h head
	switch {
	case err == nil:
		if err := json.Unmarshal(entry.Value, &h); err != nil {
			return fmt.Errorf("document: decode %s: %w", entry.Key, err)
		}
	case !errors.Is(err, kv.ErrNotFound):
		return err
	}
	h.Count, h.Bytes = max(0, h.Count+count), max(0, h.Bytes+bytes)
	if allow != nil {
		if err := allow(h); err != nil {
			return err
		}
	}
	if err := tx.Compare(headKey(c), entry.Revision); err != nil {
		return err
	}
	if h == (head{}) {
		return tx.Delete(headKey(c))
	}
	value, err := json.Marshal(h)
	if err != nil {
		return err
	}
	return tx.Put(headKey(c), value)
}
