package consult

import "sync"

// cachedRecords is how many decoded records are kept: more than the consultations of a day in a practice of twenty.
const cachedRecords = 512

// recordCache keeps records as they were decoded, because a record is read a dozen times for each change: by every desk and every
// call that the change wakes. What the store holds decides: a record is good for the revision that it was read at and no other.
// What is in here does not change, and neither does what its values point to: the machine clones what it changes (apply), and so
// does write.
type recordCache struct {
	mu      sync.Mutex // a leaf; guards the following
	records map[ConsultationID]*record
}

// get returns a record that is the caller's own, nil when there is none of this revision.
func (c *recordCache) get(id ConsultationID, revision uint64) *record {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept := c.records[id]
	if kept == nil || kept.entry.Revision != revision {
		return nil
	}
	r := *kept
	return &r
}

// put keeps a copy of a record that was just decoded. When there are too many, any other one goes.
func (c *recordCache) put(id ConsultationID, r record) {
	r.entry.Value = nil // sealed; nobody needs it any more
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.records == nil {
		c.records = make(map[ConsultationID]*record)
	}
	if _, known := c.records[id]; !known && len(c.records) >= cachedRecords {
		for other := range c.records {
			delete(c.records, other)
			break
		}
	}
	c.records[id] = &r
}

// forget is for what is not in the store any more.
func (c *recordCache) forget(id ConsultationID) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.records, id)
}
