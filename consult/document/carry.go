package document

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// What a patient gave with a booking belongs into its consultation too, where practitioner and patient look for it. Whoever makes the
// consultation says so in the same transaction, and the checker copies: after a kill -9 it goes on, and nothing is there twice.

const carryPrefix = "v1/document-carry/"

// Carry has what a folder holds copied into a consultation. 1 operation.
func (d *Documents) Carry(tx kv.Txn, f consult.FolderID, to consult.ConsultationID) error {
	if !f.Valid() || !to.Valid() {
		return ErrNotFound
	}
	return tx.Put(carryPrefix+string(to), []byte(f))
}

// watchCarries tells of what is to be copied from now on; nil when the store is closed.
func (d *Documents) watchCarries() <-chan kv.Event {
	changes, err := d.store.Watch(d.ctx, carryPrefix, 0)
	if err != nil {
		return nil
	}
	return changes
}

// carryAll copies what is to be copied, and reports whether something is left to be tried again.
func (d *Documents) carryAll() (failed bool) {
	entries, err := d.store.Range(carryPrefix, "", kv.MaxRange)
	if err != nil {
		return !errors.Is(err, kv.ErrClosed)
	}
	for _, entry := range entries {
		if d.ctx.Err() != nil {
			return true
		}
		if err := d.guardedCarry(entry); err != nil {
			d.log.Error("what was given with a booking is not in its consultation; it is tried again", "key", entry.Key, "error", err)
			failed = true
		}
	}
	return failed
}

func (d *Documents) guardedCarry(entry kv.Entry) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("document: panic: %v", p)
		}
	}()
	return d.carry(entry)
}

func (d *Documents) carry(entry kv.Entry) error {
	c, err := d.practice.Consultation(consult.ConsultationID(strings.TrimPrefix(entry.Key, carryPrefix)))
	if errors.Is(err, consult.ErrNotFound) || err == nil && c.State == consult.StateEnded {
		return d.strike(entry)
	}
	if err != nil {
		return err
	}
	i := slices.IndexFunc(c.Participants, func(p consult.Participant) bool { return p.Role == consult.RolePatient })
	all, err := d.all(consult.ConsultationID(entry.Value))
	if err != nil {
		return err
	}
	for _, r := range all {
		switch {
		case i < 0 || r.Document.State == StateRefused || r.Carried == c.ID: // copied, and perhaps removed there since
			continue
		case r.Document.State != StateReady:
			return nil // the checker comes back to it once it is
		}
		err := d.copyInto(Viewer{Consultation: c, Participant: c.Participants[i]}, r)
		if own := (*consult.Error)(nil); errors.As(err, &own) && own.Code == consult.CodeConflict { // there is no room in it for more
			d.log.Warn("what was given with a booking does not fit into its consultation", "consultation", c.ID)
			break
		}
		if err == nil {
			_, err = d.change(inFolder(consult.FolderID(entry.Value)), r.Document.ID, func(r *record) (bool, error) {
				r.Carried = c.ID
				return true, nil
			}, nil)
		}
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return d.strike(entry)
}

// strike says that this is done, unless more came meanwhile.
func (d *Documents) strike(entry kv.Entry) error {
	err := d.store.Update(func(tx kv.Txn) error {
		if err := tx.Compare(entry.Key, entry.Revision); err != nil {
			return err
		}
		return tx.Delete(entry.Key)
	})
	if errors.Is(err, kv.ErrConflict) {
		return nil
	}
	return err
}

// copyInto gives a document once more, as whoever gave it would have.
func (d *Documents) copyInto(v Viewer, r *record) error {
	doc, _, err := d.create(v, New{Name: r.Document.Name, Size: r.Document.Size, Key: "folder/" + string(r.Document.ID)})
	if err != nil || doc.State != StateArriving {
		return err
	}
	offset, _, err := d.append(v, doc.ID, -1, nil, func() {})
	if err != nil && !errors.Is(err, ErrCut) {
		return err
	}
	content, err := d.content(r)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	if _, err := content.Seek(offset, 0); err != nil {
		return err
	}
	_, _, err = d.append(v, doc.ID, offset, content, func() {})
	return err
}
