package document

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Documents is the service: rules of access.go on a store and a folder. Its methods may be called at the same time. One that
// returns without error has what it did on disk.
type Documents struct {
	// Static after construction.
	cfg      Config
	dir      string
	store    kv.Store
	master   *consult.Keyring
	practice *consult.Practice
	outbox   consult.Outbox // sends codes; nil: they are told
	clock    func() time.Time
	log      *slog.Logger
	scanner  scanner // nil: none
	turns    turns

	ctx  context.Context // ends with Close
	stop context.CancelFunc
	work sync.WaitGroup
	wake chan struct{} // the checker has something to do

	mu      sync.Mutex // guards the following
	closed  bool
	uploads map[consult.DocumentID]*upload
}

// Open takes up the documents in the store and the folder, which is made when it is not there. What the last program was
// checking is checked again; files that belong to no document are swept out. Without an outbox (nil) codes are told.
func Open(cfg Config, dir string, store kv.Store, master *consult.Keyring, practice *consult.Practice, outbox consult.Outbox, clock func() time.Time, log *slog.Logger) (*Documents, error) {
	if err := cfg.Validate(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("document: %w", err)
	}
	d := &Documents{
		cfg: cfg, dir: dir, store: store, master: master, practice: practice, outbox: outbox, log: log,
		clock: func() time.Time { return clock().UTC().Round(0) },
		turns: newTurns(), wake: make(chan struct{}, 1), uploads: map[consult.DocumentID]*upload{},
	}
	if network, address, _ := splitClamd(cfg.Clamd); network != "" {
		d.scanner = clamd{network, address}
	}
	d.ctx, d.stop = context.WithCancel(context.Background())
	d.work.Go(d.checker)
	d.work.Go(d.keeper)
	return d, nil
}

// Close breaks uploads off, which go on after the next start, and waits for all that works here. It may be called again.
func (d *Documents) Close() error {
	d.mu.Lock()
	d.closed = true
	for _, u := range d.uploads {
		if u.interrupt != nil {
			u.interrupt()
		}
	}
	d.mu.Unlock()
	d.stop()
	d.work.Wait()
	return nil
}

// List returns what this person may know of the consultation's documents, in the order in which they were sent.
func (d *Documents) List(v Viewer) (List, error) {
	list := List{Documents: []View{}, Days: int(d.practice.KeepDocuments() / (24 * time.Hour)), MaxBytes: d.maxBytes()}
	records, err := d.all(v.Consultation.ID)
	if err != nil {
		return List{}, d.fail("list", v.Consultation.ID, "", err)
	}
	for _, r := range records {
		if v.maySee(r.Document) {
			list.Documents = append(list.Documents, viewOf(v, r.Document))
		}
	}
	if v.ended() {
		until := d.until(v.Consultation)
		list.Until = &until
	}
	if err := d.addMessages(v, &list); err != nil {
		return List{}, d.fail("list", v.Consultation.ID, "", err)
	}
	if v.Participant.Role == consult.RolePatient && (len(list.Documents) > 0 || list.Messages) {
		code, err := d.loadCode(v.Consultation.ID, v.Participant.ID)
		if err != nil && !errors.Is(err, ErrBadCode) {
			return List{}, d.fail("list", v.Consultation.ID, "", err)
		}
		if err == nil {
			list.Code = code.Code
		}
	}
	return list, nil
}

// Count returns how many documents of the consultation others sent the practitioner, and how many of those nobody opened yet.
func (d *Documents) Count(c consult.Consultation) (all, fresh int, err error) {
	records, err := d.all(c.ID)
	if err != nil {
		return 0, 0, d.fail("count", c.ID, "", err)
	}
	self := c.PractitionerParticipant().ID
	for _, r := range records {
		if r.Document.State != StateReady || r.Document.From == self {
			continue
		}
		all++
		if !r.Document.seenBy(self) {
			fresh++
		}
	}
	return all, fresh, nil
}

// Share says who may see the document besides the practitioner and the sender, from now on. Only the practitioner does.
func (d *Documents) Share(v Viewer, id consult.DocumentID, to []consult.ParticipantID) (View, error) {
	to, err := v.checkTo(to)
	if err != nil {
		return View{}, err
	}
	lease, err := d.lateLease(v.Consultation)
	if err != nil {
		return View{}, d.fail("share", v.Consultation.ID, id, err)
	}
	r, err := d.change(v.Consultation, id, func(r *record) (bool, error) {
		if err := v.mayShare(r.Document); err != nil {
			return false, err
		}
		changed := !slices.Equal(r.Document.To, to)
		r.Document.To = to
		return changed, nil
	}, func(tx kv.Txn, r *record) error {
		return errors.Join(d.ensureCodes(tx, v.Consultation, r.Document), d.tellLate(tx, v.Consultation, r.Document, lease))
	})
	if err != nil {
		return View{}, d.fail("share", v.Consultation.ID, id, err)
	}
	return viewOf(v, r.Document), nil
}

// Remove erases the document: its key first, then its bytes.
func (d *Documents) Remove(v Viewer, id consult.DocumentID) error {
	r, err := d.load(v.Consultation.ID, id)
	if err == nil {
		err = v.mayRemove(r.Document)
	}
	if err == nil {
		err = d.erase(v.Consultation, r)
	}
	return d.fail("remove", v.Consultation.ID, id, err)
}

// Erase erases all documents of a consultation, and the codes that open them: for when its data is erased.
func (d *Documents) Erase(id consult.ConsultationID) error {
	if !id.Valid() {
		return ErrNotFound
	}
	records, err := d.all(id)
	if err != nil {
		return d.fail("erase", id, "", err)
	}
	for _, r := range records {
		if err := d.erase(consult.Consultation{ID: id}, r); err != nil {
			return d.fail("erase", id, r.Document.ID, err)
		}
	}
	return d.fail("erase", id, "", d.eraseCodes(id))
}

// until is when the documents of an ended consultation are erased.
func (d *Documents) until(c consult.Consultation) time.Time {
	return c.EndedAt.Add(d.practice.KeepDocuments()).UTC()
}

func (d *Documents) maxBytes() int64 { return int64(d.cfg.MaxMB) * mebibyte }

// blobOf gives ErrNotFound when the key is erased.
func (d *Documents) blobOf(r *record) (blob, error) {
	if r.wrappedBlob == nil {
		return blob{}, ErrNotFound
	}
	context := blobContext(r.Document)
	key, err := d.master.OpenDataKey(context, r.wrappedBlob)
	if err != nil {
		return blob{}, fmt.Errorf("document: key of the bytes of %s: %w", r.Document.ID, err)
	}
	return blob{d.pathOf(r.Document), context, key, r.Document.Size, d.turns}, nil
}

func (d *Documents) pathOf(doc Document) string {
	return filepath.Join(d.dir, string(doc.Consultation), string(doc.ID))
}

func sortBySent(records []*record) {
	slices.SortFunc(records, func(a, b *record) int {
		return cmp.Or(a.Document.SentAt.Compare(b.Document.SentAt), cmp.Compare(a.Document.ID, b.Document.ID))
	})
}

// fail makes of any error one that may leave the package. What is not ours is logged and hidden.
func (d *Documents) fail(what string, c consult.ConsultationID, id consult.DocumentID, err error) error {
	if err == nil {
		return nil
	}
	var own *consult.Error
	switch {
	case errors.As(err, &own):
		return own
	case errors.Is(err, kv.ErrConflict):
		return consult.ErrBusy
	case errors.Is(err, kv.ErrFull): // which the store has logged
		return consult.ErrNoRoom
	case errors.Is(err, kv.ErrClosed), errors.Is(err, kv.ErrFailed):
		return errClosed
	}
	d.log.Error("documents", "action", what, "consultation", c, "document", id, "error", err)
	if isDiskFull(err) {
		return ErrDiskFull
	}
	return consult.ErrInternal
}

func (d *Documents) folderOf(c consult.ConsultationID) string { return filepath.Join(d.dir, string(c)) }
