package document

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

const (
	maxKey   = 64               // characters of a sender's key
	lookHead = pieceSize        // bytes of the beginning that tell what kind a document is
	settle   = 10 * time.Second // how long an upload that is broken off may take to let go
)

// New is a document as it is announced.
type New struct {
	Name string
	Size int64 // bytes
	// Key is the sender's own name for this upload: announced again with the same key, size and sender, it is the same upload. May be "".
	Key string
	// To names for whom it is: of the practitioner only. nil: for the patient.
	To []consult.ParticipantID
	// LocationRemoved: the page took out where the photograph was taken.
	LocationRemoved bool
}

// Create announces a document and returns it with fresh saying whether it was not there before. Its bytes come with Append.
func (d *Documents) Create(v Viewer, n New) (doc Document, fresh bool, err error) {
	doc, fresh, err = d.create(v, n)
	return doc, fresh, d.fail("create", v.Consultation.ID, "", err)
}

func (d *Documents) create(v Viewer, n New) (Document, bool, error) {
	if err := v.mayComplete(); err != nil {
		return Document{}, false, err
	}
	if err := d.checkNew(n); err != nil {
		return Document{}, false, err
	}
	to, err := v.audience(n.To)
	if err != nil {
		return Document{}, false, err
	}
	records, err := d.all(v.Consultation.ID)
	if err != nil {
		return Document{}, false, err
	}
	for _, r := range records {
		if n.Key != "" && r.Key == n.Key && r.Document.From == v.Participant.ID && r.Document.Size == n.Size && r.Document.State != StateRefused {
			return r.Document, false, nil
		}
	}
	if err := v.maySend(); err != nil {
		return Document{}, false, err
	}
	if free, err := freeBytes(d.dir); err != nil {
		return Document{}, false, err
	} else if free-n.Size < int64(d.cfg.MinFreeMB)*mebibyte {
		d.log.Error("documents refused: the disk is full", "free_mb", free/mebibyte)
		return Document{}, false, ErrDiskFull
	}
	now := d.clock()
	r := newRecord(d.master, Document{
		ID: consult.NewDocumentID(), Consultation: v.Consultation.ID, From: v.Participant.ID, To: to, Name: cleanName(n.Name),
		Size: n.Size, LocationRemoved: n.LocationRemoved, State: StateArriving, SentAt: now,
	})
	within := d.cfg.UploadWithin
	if isFolder(v.Consultation.ID) {
		within = folderWithin
	}
	r.Key, r.Due = n.Key, dueKey(now.Add(within), r.Document)
	for range maxAttempts {
		err = d.store.Update(func(tx kv.Txn) error {
			if err := addToHead(tx, v.Consultation.ID, 1, n.Size, d.hasRoom); err != nil {
				return err
			}
			if err := tx.Put(r.Due, nil); err != nil {
				return err
			}
			if err := r.put(tx); err != nil {
				return err
			}
			return wake(tx, v.Consultation)
		})
		if !errors.Is(err, kv.ErrConflict) {
			break
		}
	}
	return r.Document, true, err
}

func (d *Documents) checkNew(n New) error {
	switch {
	case n.Size <= 0:
		return ErrEmpty
	case n.Size > d.maxBytes():
		return ErrTooLarge
	case len(n.Key) > maxKey || !isPrintable(n.Key):
		return errBadKey
	default:
		return nil
	}
}

func (d *Documents) hasRoom(h head) error {
	if h.Count > d.cfg.MaxCount || h.Bytes > int64(d.cfg.MaxConsultationMB)*mebibyte {
		return errFull
	}
	return nil
}

func isPrintable(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// upload is a document whose bytes are coming: who brings them just now, and how far they are on disk.
type upload struct {
	turn chan struct{} // holds one element while somebody appends

	// owned by who has the turn
	done   bool
	offset int64 // on disk; −1: not known yet

	// guarded by Documents.mu
	interrupt func() // breaks off who has the turn
	latest    uint64 // the last who asked for the turn
	users     int
}

// take gives the turn to the latest who asks, and breaks off who had it: a phone that changed networks comes back while its
// old connection still hangs. The returned function gives the turn back.
func (d *Documents) take(id consult.DocumentID, interrupt func()) (*upload, func(), error) {
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil, nil, errClosed
	}
	u := d.uploads[id]
	if u == nil {
		u = &upload{turn: make(chan struct{}, 1), offset: -1}
		d.uploads[id] = u
	}
	u.users++
	u.latest++
	mine := u.latest
	if u.interrupt != nil {
		u.interrupt()
	}
	d.mu.Unlock()
	leave := func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if u.users--; u.users == 0 && u.done {
			delete(d.uploads, id)
		}
	}
	timer := time.NewTimer(settle)
	defer timer.Stop()
	select {
	case u.turn <- struct{}{}:
	case <-timer.C:
		leave()
		return nil, nil, errOvertaken
	case <-d.ctx.Done():
		leave()
		return nil, nil, errClosed
	}
	release := func() {
		d.mu.Lock()
		u.interrupt = nil
		d.mu.Unlock()
		<-u.turn
		leave()
	}
	d.mu.Lock()
	overtaken := u.latest != mine
	if !overtaken {
		u.interrupt = interrupt
	}
	d.mu.Unlock()
	if overtaken {
		release()
		return nil, nil, errOvertaken
	}
	return u, release, nil
}

// Offset returns how many bytes are on disk, and how many there are to be. An upload that is under way is broken off: whoever asks is
// about to go on from here.
func (d *Documents) Offset(v Viewer, id consult.DocumentID) (offset, size int64, err error) {
	offset, size, err = d.append(v, id, -1, nil, func() {})
	if errors.Is(err, ErrCut) {
		err = nil
	}
	return offset, size, d.fail("offset", v.Consultation.ID, id, err)
}

// Append adds bytes at the offset and returns the new one, which is on disk: also when it fails because the bytes end early
// (ErrCut), where it may be less than what came by up to 16 KiB. interrupt is called when somebody else goes on with this
// upload, and must make content fail. With the last byte the document is complete, and will be checked.
func (d *Documents) Append(v Viewer, id consult.DocumentID, offset int64, content io.Reader, interrupt func()) (int64, error) {
	if offset < 0 {
		return 0, errBadOffset
	}
	offset, _, err := d.append(v, id, offset, content, interrupt)
	return offset, d.fail("append", v.Consultation.ID, id, err)
}

func (d *Documents) append(v Viewer, id consult.DocumentID, at int64, content io.Reader, interrupt func()) (offset, size int64, err error) {
	if _, err := d.uploadable(v, id); err != nil {
		return 0, 0, err
	}
	u, release, err := d.take(id, interrupt)
	if err != nil {
		return 0, 0, err
	}
	defer release()
	r, err := d.uploadable(v, id) // again: it may have been completed while we waited
	if err != nil {
		u.done = true
		return 0, 0, err
	}
	size = r.Document.Size
	if r.Document.State != StateArriving { // complete: an answer that was lost is asked for again
		u.done = true
		if at >= 0 && at != size {
			return size, size, ErrOffset
		}
		return size, size, nil
	}
	if offset, err = d.appendBytes(u, r, at, content); err != nil && !errors.Is(err, ErrCut) {
		if errors.Is(err, ErrBadType) {
			u.done = true
			return offset, size, errors.Join(err, d.erase(v.Consultation, r))
		}
		return offset, size, err
	}
	if offset == size {
		u.done = true
		return offset, size, d.complete(v.Consultation, id)
	}
	return offset, size, err
}

// uploadable finds the document of who brings its bytes: nobody else's.
func (d *Documents) uploadable(v Viewer, id consult.DocumentID) (*record, error) {
	if v.ReadOnly {
		return nil, ErrNotFound
	}
	r, err := d.load(v.Consultation.ID, id)
	if err != nil {
		return nil, err
	}
	if r.Document.From != v.Participant.ID || r.Document.State == StateRefused {
		return nil, ErrNotFound
	}
	if r.Document.State == StateArriving {
		return r, v.mayComplete()
	}
	return r, nil
}

// appendBytes writes whole pieces as they come. at −1 only measures.
func (d *Documents) appendBytes(u *upload, r *record, at int64, content io.Reader) (int64, error) {
	b, err := d.blobOf(r)
	if err != nil {
		return 0, err
	}
	w, err := b.append(u.offset)
	if err != nil {
		return 0, err
	}
	defer func() { _ = w.close() }() // what counts was synced
	start := w.offset
	if u.offset < 0 { // it was measured, perhaps in memory only
		if err := w.sync(); err != nil {
			return 0, err
		}
		u.offset = start
	}
	if at < 0 {
		return start, nil
	}
	if at != start {
		return start, ErrOffset
	}
	err = d.copyPieces(u, r, w, content)
	if synced := w.sync(); synced != nil {
		u.offset = -1 // nobody knows what the disk has: measure again
		return start, synced
	}
	u.offset = w.offset
	if errors.Is(err, io.ErrUnexpectedEOF) {
		err = ErrCut
		if w.offset == start {
			err = errTooShort
		}
	}
	return w.offset, err
}

// copyPieces ends with nil when the document is whole or the bytes end where a piece does, and with io.ErrUnexpectedEOF when they end elsewhere.
func (d *Documents) copyPieces(u *upload, r *record, w *blobWriter, content io.Reader) error {
	piece := make([]byte, pieceSize+1) // one more, to see whether there is more than announced
	for unsynced := 0; w.offset < w.size; {
		length := w.pieceLength(w.offset / pieceSize)
		last := w.offset+int64(length) == w.size
		want := piece[:length]
		if last {
			want = piece[:length+1]
		}
		n, err := io.ReadFull(content, want)
		switch {
		case last && err == nil:
			return errTooMuch
		case last && n == length && errors.Is(err, io.ErrUnexpectedEOF):
			err = nil
		case err == io.EOF:
			return nil
		case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
			d.log.Debug("an upload broke off", "document", r.Document.ID, "error", err)
			return io.ErrUnexpectedEOF
		}
		if err != nil {
			return err
		}
		if w.offset == 0 {
			if _, ok := detect(piece[:min(length, lookHead)]); !ok {
				return ErrBadType
			}
		}
		if err := w.write(piece[:length]); err != nil {
			return err
		}
		if unsynced += length; unsynced >= syncEvery {
			if err := w.sync(); err != nil {
				return err
			}
			u.offset = w.offset
			unsynced = 0
		}
	}
	return nil
}

// complete hands a document whose bytes are all on disk to the checker.
func (d *Documents) complete(c consult.Consultation, id consult.DocumentID) error {
	_, err := d.change(c, id, func(r *record) (bool, error) {
		if r.Document.State != StateArriving {
			return false, nil
		}
		r.Document.State = StateChecking
		return true, nil
	}, func(tx kv.Txn, _ *record) error { return tx.Put(checkKey(c.ID, id), nil) })
	if err == nil {
		d.rouse()
	}
	return err
}

// erase forgets the document: the record with the keys first, in one transaction, then the file.
func (d *Documents) erase(c consult.Consultation, r *record) error {
	doc := r.Document
	for range maxAttempts {
		err := d.store.Update(func(tx kv.Txn) error {
			if err := tx.Compare(r.entry.Key, r.entry.Revision); err != nil {
				return err
			}
			if doc.State != StateRefused {
				if err := addToHead(tx, doc.Consultation, -1, -doc.Size, nil); err != nil {
					return err
				}
			}
			for _, key := range []string{r.entry.Key, r.Due, checkKey(doc.Consultation, doc.ID)} {
				if err := tx.Delete(key); err != nil {
					return err
				}
			}
			return wake(tx, c)
		})
		if errors.Is(err, kv.ErrConflict) {
			if r, err = d.load(doc.Consultation, doc.ID); errors.Is(err, ErrNotFound) {
				return nil
			} else if err != nil {
				return err
			}
			doc = r.Document
			continue
		}
		if err != nil {
			return err
		}
		d.log.Info("document erased", "consultation", doc.Consultation, "document", doc.ID, "state", doc.State)
		return d.unlink(doc)
	}
	return consult.ErrBusy
}

// unlink removes the file, and its folder when that is empty. What is left after a crash is swept at the next start.
func (d *Documents) unlink(doc Document) error {
	for _, path := range []string{d.pathOf(doc), d.pathOf(doc) + cleanSuffix} {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("document: %w", err)
		}
	}
	_ = os.Remove(d.folderOf(doc.Consultation)) // fails while it holds others
	return nil
}

func isDiskFull(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}
