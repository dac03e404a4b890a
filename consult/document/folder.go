package document

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// A folder is what a patient gives with a booking, when there is no consultation yet, and perhaps never one: they come in person, or are
// called. It is kept until an instant, which whoever booked moves on; what nobody booked goes by itself. In the store and on the disk it
// stands where a consultation's documents do, under the folder's id, and is scanned, sealed and erased as they are. When a consultation is
// made for the booking, copies go into it (carry.go).

// folderWithin is how long a document of a folder that was not given whole may lie, and how often is asked whether the others are kept.
const folderWithin = 2 * time.Hour

// The two who have to do with a folder.
const (
	folderPractice consult.ParticipantID = "practice"
	folderPatient  consult.ParticipantID = "patient"
)

// inFolder is a folder as the rules of access.go see it: an encounter of the practice and a patient that has not begun.
func inFolder(f consult.FolderID) consult.Consultation {
	return consult.Consultation{
		ID: consult.ConsultationID(f), State: consult.StateCreated,
		Participants: []consult.Participant{{ID: folderPractice, Role: consult.RolePractitioner}, {ID: folderPatient, Role: consult.RolePatient}},
	}
}

// isFolder reports whether what stands in the place of a consultation's id is a folder's.
func isFolder(id consult.ConsultationID) bool { return consult.FolderID(id).Valid() }

// encounter is the consultation of this id, or the folder.
func (d *Documents) encounter(id consult.ConsultationID) (consult.Consultation, error) {
	if isFolder(id) {
		return inFolder(consult.FolderID(id)), nil
	}
	return d.practice.Consultation(id)
}

// wake tells the practitioner's desk; a folder has none.
func wake(tx kv.Txn, c consult.Consultation) error {
	if c.Practitioner == "" {
		return nil
	}
	return consult.Wake(tx, c)
}

// FolderReader is whoever of the practice may see what a patient gave with a booking. Whether they may was decided before.
func FolderReader(f consult.FolderID) Viewer {
	c := inFolder(f)
	return Viewer{Consultation: c, Participant: c.Participants[0]}
}

func folderGiver(f consult.FolderID) Viewer {
	c := inFolder(f)
	return Viewer{Consultation: c, Participant: c.Participants[1]}
}

// Gift is a document that is put into a folder.
type Gift struct {
	For   string // what was asked for: a later gift for the same takes the place of the earlier
	Name  string
	Most  int64     // bytes that it may have
	Until time.Time // how long the folder is kept at least, if nobody books
}

// Given is a document of a folder, with what it was asked for.
type Given struct {
	Document
	For string
}

// Give puts a document into a folder while it comes, sealed from the first byte. How large it is shows at its end: ErrTooLarge, ErrBadType and
// ErrEmpty leave nothing behind. What returned without error is on disk, and being checked.
func (d *Documents) Give(f consult.FolderID, g Gift, content io.Reader) (Given, error) {
	if !f.Valid() {
		return Given{}, ErrNotFound
	}
	given, err := d.give(f, g, content)
	return given, d.fail("give", consult.ConsultationID(f), given.ID, err)
}

func (d *Documents) give(f consult.FolderID, g Gift, content io.Reader) (Given, error) {
	piece := make([]byte, pieceSize)
	n, last, err := readPiece(content, piece)
	switch {
	case err != nil:
		return Given{}, err
	case n == 0:
		return Given{}, ErrEmpty
	}
	if _, ok := detect(piece[:n]); !ok {
		return Given{}, ErrBadType
	}
	if err := d.keepFolder(f, g.Until, false); err != nil {
		return Given{}, err
	}
	v, most := folderGiver(f), min(g.Most, d.maxBytes())
	doc, _, err := d.create(v, New{Name: g.Name, Size: most}) // until its size is known, the largest that it may have
	if err != nil {
		return Given{}, err
	}
	size, err := d.fill(doc, piece, n, last, content)
	if err == nil {
		err = d.whole(v.Consultation, doc.ID, g.For, size)
	}
	if err != nil {
		if r, gone := d.load(doc.Consultation, doc.ID); gone == nil {
			err = errors.Join(err, d.erase(v.Consultation, r))
		}
		return Given{doc, g.For}, err
	}
	doc.Size, doc.State = size, StateChecking
	return Given{doc, g.For}, d.replace(v.Consultation, doc.ID, g.For)
}

// readPiece reads until the piece is full or the content ends, which last says.
func readPiece(content io.Reader, piece []byte) (n int, last bool, err error) {
	for n < len(piece) {
		m, err := content.Read(piece[n:])
		n += m
		if err == io.EOF {
			return n, true, nil
		}
		if err != nil {
			return n, false, fmt.Errorf("%w: %w", ErrCut, err)
		}
	}
	return n, false, nil
}

// fill writes the bytes of a document, of which the first piece was read, and returns how many there are. They are on disk.
func (d *Documents) fill(doc Document, piece []byte, n int, last bool, content io.Reader) (size int64, err error) {
	r, err := d.load(doc.Consultation, doc.ID)
	if err != nil {
		return 0, err
	}
	b, err := d.blobOf(r)
	if err != nil {
		return 0, err
	}
	w, err := b.append(-1)
	if err != nil {
		return 0, err
	}
	defer func() { _ = w.close() }() // what counts was synced
	for unsynced := 0; ; {
		if n > 0 {
			if w.offset+int64(n) > doc.Size {
				return 0, ErrTooLarge
			}
			if err := w.write(piece[:n]); err != nil {
				return 0, err
			}
		}
		if last {
			return w.offset, w.sync()
		}
		if unsynced += n; unsynced >= syncEvery {
			if err := w.sync(); err != nil {
				return 0, err
			}
			unsynced = 0
		}
		if n, last, err = readPiece(content, piece); err != nil {
			return 0, err
		}
	}
}

// whole notes how large a document is that has come, and what it is for, and hands it to the checker.
func (d *Documents) whole(c consult.Consultation, id consult.DocumentID, what string, size int64) error {
	var announced int64
	_, err := d.change(c, id, func(r *record) (bool, error) {
		announced = r.Document.Size
		r.Document.Size, r.Document.State, r.Key = size, StateChecking, what
		return true, nil
	}, func(tx kv.Txn, _ *record) error {
		return errors.Join(addToHead(tx, c.ID, 0, size-announced, nil), tx.Put(checkKey(c.ID, id), nil))
	})
	if err == nil {
		d.rouse()
	}
	return err
}

// replace erases what was given for the same before.
func (d *Documents) replace(c consult.Consultation, by consult.DocumentID, what string) error {
	all, err := d.all(c.ID)
	if err != nil {
		return err
	}
	for _, r := range all {
		if r.Key == what && r.Document.ID != by {
			if err := d.erase(c, r); err != nil {
				return err
			}
		}
	}
	return nil
}

// TakeBack erases what was given for something.
func (d *Documents) TakeBack(f consult.FolderID, what string) error {
	if !f.Valid() {
		return nil
	}
	return d.fail("take back", consult.ConsultationID(f), "", d.replace(inFolder(f), "", what))
}

// GivenIn is what a folder holds, in the order in which it was given: also what is still being checked, and what was refused.
func (d *Documents) GivenIn(f consult.FolderID) ([]Given, error) {
	if !f.Valid() {
		return nil, nil
	}
	all, err := d.all(consult.ConsultationID(f))
	if err != nil {
		return nil, d.fail("given", consult.ConsultationID(f), "", err)
	}
	var given []Given
	for _, r := range all {
		if r.Document.State != StateArriving {
			given = append(given, Given{r.Document, r.Key})
		}
	}
	return given, nil
}

// Checked waits until no document of a folder is being checked, or the context ends: then a scanner is slow, and says later what it found.
func (d *Documents) Checked(ctx context.Context, f consult.FolderID) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	prefix := checkPrefix + string(f) + "/"
	changes, err := d.store.Watch(ctx, prefix, 0)
	for err == nil {
		var left []kv.Entry
		if left, err = d.store.Range(prefix, "", 1); err != nil || len(left) == 0 {
			break
		}
		if _, more := <-changes; !more {
			err = cmp.Or(ctx.Err(), error(errClosed))
		}
	}
	if errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return err
	}
	return d.fail("checked", consult.ConsultationID(f), "", err)
}

// The folder's own row is how long it is kept.
func folderKey(f consult.FolderID) string { return "v1/document-folder/" + string(f) }

type folderRow struct {
	Until time.Time `json:"until"`
}

// Keep says until when a folder is kept, in the transaction of whatever it belongs to. 1 operation.
func (d *Documents) Keep(tx kv.Txn, f consult.FolderID, until time.Time) error {
	if !f.Valid() {
		return ErrNotFound
	}
	value, err := json.Marshal(folderRow{until.UTC()})
	if err != nil {
		return err
	}
	return tx.Put(folderKey(f), value)
}

// KeepLonger keeps a folder until an instant at least.
func (d *Documents) KeepLonger(f consult.FolderID, until time.Time) error {
	if !f.Valid() {
		return ErrNotFound
	}
	return d.fail("keep", consult.ConsultationID(f), "", d.keepFolder(f, until, true))
}

// keepFolder writes until when, if that is later; with full, only when the folder is not empty. What others say at the same time counts too.
func (d *Documents) keepFolder(f consult.FolderID, until time.Time, full bool) error {
	for range maxAttempts {
		err := d.store.Update(func(tx kv.Txn) error {
			now, revision, err := folderUntil(tx, f)
			if err != nil || !until.After(now) || (full && now.IsZero()) {
				return err
			}
			return errors.Join(tx.Compare(folderKey(f), revision), d.Keep(tx, f, until))
		})
		if !errors.Is(err, kv.ErrConflict) {
			return err
		}
	}
	return consult.ErrBusy
}

// folderUntil is until when a folder is kept; zero: it is not.
func folderUntil(from consult.Getter, f consult.FolderID) (until time.Time, revision uint64, err error) {
	entry, err := from.Get(folderKey(f))
	if errors.Is(err, kv.ErrNotFound) {
		return time.Time{}, 0, nil
	}
	if err != nil {
		return time.Time{}, 0, err
	}
	var row folderRow
	if err := json.Unmarshal(entry.Value, &row); err != nil {
		return time.Time{}, 0, fmt.Errorf("document: decode %s: %w", entry.Key, err)
	}
	return row.Until, entry.Revision, nil
}

// lookAtFolder keeps or erases a document of a folder that is due, and the folder with its last.
func (d *Documents) lookAtFolder(r *record, now time.Time) error {
	f, c := consult.FolderID(r.Document.Consultation), inFolder(consult.FolderID(r.Document.Consultation))
	until, _, err := folderUntil(d.store, f)
	if err != nil {
		return err
	}
	if r.Document.State != StateArriving && until.After(now) {
		next := until
		if later := now.Add(openAgain); later.Before(until) {
			next = later
		}
		_, err := d.change(c, r.Document.ID, func(*record) (bool, error) { return true, nil }, func(tx kv.Txn, r *record) error { return d.moveDue(tx, r, next) })
		return ignoreGone(err)
	}
	if err := d.erase(c, r); err != nil {
		return err
	}
	left, err := d.all(c.ID)
	if err != nil || slices.ContainsFunc(left, func(one *record) bool { return one.Document.ID != r.Document.ID }) {
		return err
	}
	return d.store.Update(func(tx kv.Txn) error { return tx.Delete(folderKey(f)) })
}
