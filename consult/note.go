package consult

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/colloque/colloque/consult/kv"
	"golang.org/x/text/unicode/norm"
)

// MaxNote bounds a private note: the record that holds it fits into a value of the store.
const MaxNote = 30_000 // characters

// Note is what a practitioner writes for themselves about one consultation. It is sealed with a key of its own, belongs to who wrote it,
// and is in no snapshot, event or answer for anybody else; writing it leaves no event and wakes nobody.
type Note struct {
	Text     string
	Revision int // how often it was written; 0: never
	At       time.Time
}

// sealedAlone is what has a key of its own as the store sees it: a note, an organisation.
type sealedAlone struct {
	Version int    `json:"v"`
	Key     []byte `json:"key"`
	Sealed  []byte `json:"sealed"`
}

// noteKey: v1/note/<consultation>/<account>, as record.go lists it.
func noteKey(id ConsultationID, of AccountID) string {
	return "v1/note/" + string(id) + "/" + string(of)
}

// mayNote says who keeps a note: who is the practitioner of the consultation, or was before it was passed on. Nobody acts for them in this.
func (c Consultation) mayNote(by AccountID) bool {
	return by != "" && (by == c.Practitioner || slices.ContainsFunc(c.Passes, func(p Pass) bool { return p.From == by }))
}

// Note returns this practitioner's note, the zero Note when there is none yet.
func (p *Practice) Note(by AccountID, id ConsultationID) (Note, error) {
	_, note, err := p.readNote(by, id)
	return note, p.fail("note", id, err)
}

// SetNote writes the note, also after the end. revision is that of the note as its writer saw it: when it was written elsewhere
// meanwhile, the answer is ErrNoteChanged and nothing is lost.
func (p *Practice) SetNote(by AccountID, id ConsultationID, text string, revision int) (Note, error) {
	text, err := cleanNote(text)
	if err != nil {
		return Note{}, err
	}
	entry, note, err := p.readNote(by, id)
	switch {
	case err != nil:
		return Note{}, p.fail("note", id, err)
	case note.Text == text && (note.Revision == revision || note.Revision == revision+1):
		return note, nil // sent again: the answer was lost
	case note.Revision != revision:
		return Note{}, ErrNoteChanged
	}
	note = Note{text, revision + 1, p.clock()}
	value, err := p.sealNote(noteKey(id, by), note)
	if err == nil {
		err = p.store.Update(func(tx kv.Txn) error {
			return errors.Join(tx.Compare(noteKey(id, by), entry.Revision), tx.Put(noteKey(id, by), value))
		})
	}
	if errors.Is(err, kv.ErrConflict) {
		return Note{}, ErrNoteChanged
	}
	if err != nil {
		return Note{}, p.fail("note", id, err)
	}
	return note, nil
}

func (p *Practice) readNote(by AccountID, id ConsultationID) (kv.Entry, Note, error) {
	r, err := p.load(id)
	if err == nil && !r.Consultation.mayNote(by) {
		err = ErrNotFound
	}
	if err != nil {
		return kv.Entry{}, Note{}, err
	}
	where := noteKey(id, by)
	entry, err := p.store.Get(where)
	if errors.Is(err, kv.ErrNotFound) {
		return kv.Entry{}, Note{}, nil
	}
	if err != nil {
		return kv.Entry{}, Note{}, err
	}
	var stored sealedAlone
	if err := json.Unmarshal(entry.Value, &stored); err != nil || stored.Version != recordVersion {
		return kv.Entry{}, Note{}, fmt.Errorf("consult: decode %s: version %d, %w", where, stored.Version, err)
	}
	key, err := p.master.OpenDataKey(where, stored.Key)
	if err != nil {
		return kv.Entry{}, Note{}, fmt.Errorf("consult: key of %s: %w", where, err)
	}
	plain, err := key.Open(where, stored.Sealed)
	if err != nil {
		return kv.Entry{}, Note{}, fmt.Errorf("consult: open %s: %w", where, err)
	}
	var note Note
	if err := json.Unmarshal(plain, &note); err != nil {
		return kv.Entry{}, Note{}, fmt.Errorf("consult: decode %s: %w", where, err)
	}
	return entry, note, nil
}

// sealNote seals every writing with a fresh key: what was erased from a note is not in a backup's key either.
func (p *Practice) sealNote(where string, note Note) ([]byte, error) {
	plain, err := json.Marshal(note)
	if err != nil {
		return nil, err
	}
	wrapped, key := p.master.NewDataKey(where)
	return json.Marshal(sealedAlone{recordVersion, wrapped, key.Seal(where, plain)})
}

func cleanNote(text string) (string, error) {
	if utf8.RuneCountInString(text) > MaxNote {
		return "", errNoteTooLong
	}
	if !utf8.ValidString(text) || strings.ContainsFunc(text, notInText) {
		return "", errBadNote
	}
	return norm.NFC.String(text), nil
}

// ErrNoteChanged says that the note was written elsewhere meanwhile.
var ErrNoteChanged error = &Error{CodeConflict, "The note was changed elsewhere meanwhile."}

var (
	errNoteTooLong error = &Error{CodeTooLarge, "A note has at most 30000 characters."}
	errBadNote     error = &Error{CodeBadMessage, "A note is text."}
)
