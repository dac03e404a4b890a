package document

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

const (
	lookEvery = time.Minute    // how often what is due is looked for
	openAgain = 24 * time.Hour // when a consultation that is not over is asked after again
)

// keeper erases what is due, until Close. First it clears up what the last program left.
func (d *Documents) keeper() {
	if err := d.sweep(); err != nil && d.ctx.Err() == nil {
		d.log.Error("the folder of documents could not be swept", "error", err)
	}
	ticker := time.NewTicker(lookEvery)
	defer ticker.Stop()
	for {
		if err := d.eraseDue(d.clock()); err != nil && d.ctx.Err() == nil {
			d.log.Error("documents that are due could not be erased; it is tried again", "error", err)
		}
		select {
		case <-ticker.C:
		case <-d.ctx.Done():
			return
		}
	}
}

// dueAt is when to ask whether a document that is settled is to be erased: at the end of its time when the consultation is over, and
// again and again while it is not.
func (d *Documents) dueAt(c consult.Consultation, now time.Time) time.Time {
	if c.State == consult.StateEnded {
		if until := d.until(c); until.After(now) {
			return until
		}
		return now
	}
	if isFolder(c.ID) {
		return now.Add(folderWithin)
	}
	return now.Add(min(openAgain, d.practice.KeepDocuments()))
}

// moveDue notes when to look again. 2 operations.
func (d *Documents) moveDue(tx kv.Txn, r *record, at time.Time) error {
	old := r.Due
	r.Due = dueKey(at, r.Document)
	if old == r.Due {
		return nil
	}
	if err := tx.Delete(old); err != nil {
		return err
	}
	return tx.Put(r.Due, nil)
}

// EraseDue erases what is due by now, as the keeper does by itself every minute.
func (d *Documents) EraseDue() error { return d.eraseDue(d.clock()) }

// eraseDue looks at what is due by now.
func (d *Documents) eraseDue(now time.Time) error {
	end := duePrefix + now.UTC().Format("20060102T150405Z") + "0" // "0" comes after "/"
	for from := ""; ; {
		entries, err := d.store.Range(duePrefix, from, kv.MaxRange)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			if entry.Key >= end {
				return nil
			}
			if err := d.ctx.Err(); err != nil {
				return err
			}
			if err := d.lookAtDue(entry.Key, now); err != nil {
				return err
			}
			from = kv.After(entry.Key)
		}
		if len(entries) < kv.MaxRange {
			return nil
		}
	}
}

func (d *Documents) lookAtDue(key string, now time.Time) error {
	parts := strings.Split(strings.TrimPrefix(key, duePrefix), "/")
	if len(parts) != 3 {
		return d.store.Update(func(tx kv.Txn) error { return tx.Delete(key) })
	}
	if parts[2] == codesDue {
		return d.lookAtCodes(key, consult.ConsultationID(parts[1]), now)
	}
	id := consult.DocumentID(parts[2])
	r, err := d.load(consult.ConsultationID(parts[1]), id)
	if errors.Is(err, ErrNotFound) || err == nil && r.Due != key {
		return d.store.Update(func(tx kv.Txn) error { return tx.Delete(key) })
	}
	if err != nil {
		return err
	}
	if isFolder(r.Document.Consultation) {
		return d.lookAtFolder(r, now)
	}
	c, err := d.practice.Consultation(r.Document.Consultation)
	if errors.Is(err, consult.ErrNotFound) { // its data was erased
		return d.Erase(r.Document.Consultation)
	}
	if err != nil {
		return err
	}
	if r.Document.State == StateArriving { // it did not come in time
		return d.erase(c, r)
	}
	if r.Document.State == StateChecking || d.dueAt(c, now).After(now) {
		_, err := d.change(c, id, func(*record) (bool, error) { return true, nil }, func(tx kv.Txn, r *record) error {
			return d.moveDue(tx, r, laterOf(d.dueAt(c, now), now.Add(lookEvery)))
		})
		return ignoreGone(err)
	}
	if err := d.erase(c, r); err != nil {
		return err
	}
	return d.eraseCodesOfNothing(c.ID)
}

func laterOf(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// eraseCodesOfNothing erases the codes when the last document is gone, and the messages are too.
func (d *Documents) eraseCodesOfNothing(c consult.ConsultationID) error {
	left, err := d.store.Range(recordPrefix(c), "", 1)
	if err != nil || len(left) > 0 {
		return err
	}
	if some, err := d.practice.HasChat(c); err != nil || some {
		return err
	}
	return d.eraseCodes(c)
}

// sweep removes files that belong to no document, as their record is written before the file and erased before it, and completes uploads
// whose last byte was on disk when the program ended.
func (d *Documents) sweep() error {
	return filepath.WalkDir(d.dir, func(path string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if d.ctx.Err() != nil {
			return fs.SkipAll
		}
		if entry.IsDir() {
			return nil
		}
		c, id := consult.ConsultationID(filepath.Base(filepath.Dir(path))), consult.DocumentID(strings.TrimSuffix(entry.Name(), cleanSuffix))
		if filepath.Dir(filepath.Dir(path)) != filepath.Clean(d.dir) || (!c.Valid() && !isFolder(c)) || !id.Valid() {
			return nil // not ours
		}
		r, err := d.load(c, id)
		if errors.Is(err, ErrNotFound) || err == nil && r.Document.State == StateRefused {
			d.log.Info("swept", "consultation", c, "document", id)
			return d.unlink(Document{ID: id, Consultation: c})
		}
		if err != nil {
			return err
		}
		if filepath.Ext(path) == cleanSuffix {
			return d.sweepClean(r, path)
		}
		if info, err := os.Stat(path); err == nil && r.Document.State == StateArriving && !isFolder(c) && info.Size() == fileSize(r.Document.Size) {
			return d.takeUp(r)
		}
		return nil
	})
}

// sweepClean removes what cleaning left behind when the program ended, unless the checker is at it again.
func (d *Documents) sweepClean(r *record, path string) error {
	if r.Document.State == StateChecking {
		return nil // rename takes it away, or the next start
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// takeUp completes an upload that only lacks being called complete.
func (d *Documents) takeUp(r *record) error {
	c, err := d.practice.Consultation(r.Document.Consultation)
	if err != nil {
		return ignoreGone(err)
	}
	from, _ := c.Participant(r.Document.From)
	_, _, err = d.append(Viewer{Consultation: c, Participant: from}, r.Document.ID, -1, nil, func() {})
	if err != nil && d.ctx.Err() == nil {
		d.log.Info("an upload is not taken up", "document", r.Document.ID, "error", err)
	}
	return nil
}
