package consult

import (
	"bytes"
	"sync"
)

// writtenRecords is how many records that were written wait for their first reader: each is read at once by whoever watches.
const writtenRecords = 64

// written hands records from their writer to their first reader, who need not open and decode what was sealed a moment ago. Nobody knows
// the revision of what was written, so the bytes decide: a seal is never the same twice.
type written struct {
	mu      sync.Mutex // a leaf; guards the following
	records map[ConsultationID]writtenRecord
}

type writtenRecord struct {
	record record
	value  []byte
}

// put keeps a copy of a record that is on disk as this value.
func (w *written) put(r record, value []byte) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.records == nil || len(w.records) >= writtenRecords {
		w.records = make(map[ConsultationID]writtenRecord)
	}
	w.records[r.Consultation.ID] = writtenRecord{r, value}
}

// take returns the record that was written as this value, nil when that was another one.
func (w *written) take(id ConsultationID, value []byte) *record {
	w.mu.Lock()
	defer w.mu.Unlock()
	kept, ok := w.records[id]
	delete(w.records, id)
	if !ok || !bytes.Equal(kept.value, value) {
		return nil
	}
	return &kept.record
}
