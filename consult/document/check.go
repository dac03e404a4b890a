package document

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

const checkAgain = 5 * time.Second // after the scanner did not answer

// checker looks at documents whose bytes are all here, one after the other, and copies those of folders (carry.go), until Close. What it does not finish is found again
// after the next start.
func (d *Documents) checker() {
	again := time.NewTimer(0)
	defer again.Stop()
	carries := d.watchCarries()
	for {
		select {
		case <-d.wake:
		case <-again.C:
		case _, more := <-carries:
			if !more {
				carries = d.watchCarries()
			}
		case <-d.ctx.Done():
			return
		}
		failed := d.checkAll()
		if failed = d.carryAll() || failed; failed && d.ctx.Err() == nil {
			again.Reset(checkAgain)
		}
	}
}

func (d *Documents) rouse() {
	select {
	case d.wake <- struct{}{}:
	default: // it will look anyway
	}
}

// checkAll reports whether something is left to be tried again.
func (d *Documents) checkAll() (failed bool) {
	for from := ""; ; {
		entries, err := d.store.Range(checkPrefix, from, kv.MaxRange)
		if err != nil {
			return !errors.Is(err, kv.ErrClosed)
		}
		for _, entry := range entries {
			if d.ctx.Err() != nil {
				return true
			}
			if err := d.guarded(entry.Key); err != nil {
				d.log.Error("a document could not be checked; it is tried again", "key", entry.Key, "error", err)
				failed = true
			}
			from = kv.After(entry.Key)
		}
		if len(entries) < kv.MaxRange {
			return failed
		}
	}
}

// guarded keeps a panic over one document from the others.
func (d *Documents) guarded(key string) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("document: panic: %v", p)
		}
	}()
	c, id, _ := strings.Cut(strings.TrimPrefix(key, checkPrefix), "/")
	return d.check(consult.ConsultationID(c), consult.DocumentID(id), key)
}

// check cleans the document if it is a photograph, reads it once, for its hash and for the scanner, and says what becomes of it.
func (d *Documents) check(cid consult.ConsultationID, id consult.DocumentID, key string) error {
	c, err := d.encounter(cid)
	var r *record
	if err == nil {
		r, err = d.load(cid, id)
	}
	if errors.Is(err, consult.ErrNotFound) || errors.Is(err, ErrNotFound) || err == nil && r.Document.State != StateChecking {
		return d.store.Update(func(tx kv.Txn) error { return tx.Delete(key) })
	}
	if err != nil {
		return err
	}
	located, err := d.clean(r)
	var found finding
	if err == nil {
		found, err = d.look(r)
		found.located = located
	}
	switch {
	case errors.Is(err, errDamaged):
		d.log.Error("a document's bytes are damaged", "document", id, "error", err)
		return d.refuse(c, id, ReasonDamaged)
	case err != nil:
		return err
	case found.verdict == infected:
		return d.refuse(c, id, ReasonVirus)
	case found.verdict == unscanned:
		return d.refuse(c, id, ReasonUnchecked)
	}
	twin, err := d.twin(r, found.sum)
	if err != nil {
		return err
	}
	if twin {
		return d.erase(c, r)
	}
	return d.accept(c, id, found)
}

// finding is what looking at a document told.
type finding struct {
	verdict verdict
	sum     []byte
	kind    kind
	located bool // it said where it was taken, before it was cleaned
}

func (d *Documents) look(r *record) (finding, error) {
	b, err := d.blobOf(r)
	if err != nil {
		return finding{}, err
	}
	content, err := b.open()
	if errors.Is(err, fs.ErrNotExist) { // the file's, not the scanner's socket
		return finding{}, fmt.Errorf("%w: %w", errDamaged, err)
	}
	if err != nil {
		return finding{}, err
	}
	defer func() { _ = content.Close() }()
	kind, err := kindAt(content, b.size)
	if err != nil {
		return finding{}, err
	}
	hash := sha256.New()
	verdict := clean
	hashed := io.TeeReader(content, hash)
	if d.scanner != nil {
		verdict, err = d.scanner.scan(d.ctx, hashed)
	}
	if err == nil && verdict == clean {
		_, err = io.Copy(io.Discard, hashed)
	}
	return finding{verdict: verdict, sum: hash.Sum(nil), kind: kind}, err
}

// kindAt says what kind a whole document is, and goes back to its beginning.
func kindAt(content io.ReadSeeker, size int64) (kind, error) {
	first := make([]byte, min(size, lookHead))
	if _, err := io.ReadFull(content, first); err != nil {
		return kind{}, err
	}
	k, ok := detect(first)
	if !ok {
		return kind{}, fmt.Errorf("%w: another kind than on arrival", errDamaged)
	}
	_, err := content.Seek(0, io.SeekStart)
	return k, err
}

// twin reports whether the same person sent the same bytes before.
func (d *Documents) twin(r *record, sum []byte) (bool, error) {
	if isFolder(r.Document.Consultation) { // each is the answer to a question of its own
		return false, nil
	}
	others, err := d.all(r.Document.Consultation)
	if err != nil {
		return false, err
	}
	for _, other := range others {
		o := other.Document
		if o.ID != r.Document.ID && o.State == StateReady && o.From == r.Document.From && bytes.Equal(o.SHA256, sum) {
			return true, nil
		}
	}
	return false, nil
}

// accept makes the document visible to whom it is for.
func (d *Documents) accept(c consult.Consultation, id consult.DocumentID, found finding) error {
	lease, err := d.lateLease(c)
	if err != nil {
		return err
	}
	_, err = d.change(c, id, func(r *record) (bool, error) {
		doc := &r.Document
		doc.State, doc.Kind, doc.SHA256, doc.Name = StateReady, found.kind.media, found.sum, nameFor(doc.Name, found.kind)
		doc.LocationRemoved = doc.LocationRemoved || found.located
		return true, nil
	}, func(tx kv.Txn, r *record) error {
		if err := d.settled(tx, c, r); err != nil {
			return err
		}
		return errors.Join(d.ensureCodes(tx, c, r.Document), d.tellLate(tx, c, r.Document, lease))
	})
	if err == nil {
		d.log.Info("document ready", "consultation", c.ID, "document", id, "kind", found.kind.media)
	}
	return ignoreGone(err)
}

// refuse erases the bytes, key first, and keeps the row that says why.
func (d *Documents) refuse(c consult.Consultation, id consult.DocumentID, why Reason) error {
	r, err := d.change(c, id, func(r *record) (bool, error) {
		r.Document.State, r.Document.Reason, r.wrappedBlob = StateRefused, why, nil
		return true, nil
	}, func(tx kv.Txn, r *record) error {
		if err := d.settled(tx, c, r); err != nil {
			return err
		}
		return addToHead(tx, c.ID, -1, -r.Document.Size, nil)
	})
	if err != nil {
		return ignoreGone(err)
	}
	d.log.Warn("document refused", "consultation", c.ID, "document", id, "reason", why)
	return d.unlink(r.Document)
}

// settled is for both: nothing to check any more, and kept for the time of documents. 3 operations.
func (d *Documents) settled(tx kv.Txn, c consult.Consultation, r *record) error {
	if err := tx.Delete(checkKey(c.ID, r.Document.ID)); err != nil {
		return err
	}
	return d.moveDue(tx, r, d.dueAt(c, d.clock()))
}

// ignoreGone: somebody removed it meanwhile, and that is that.
func ignoreGone(err error) error {
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}
