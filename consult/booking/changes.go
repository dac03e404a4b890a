package booking

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// The list of changes of each practitioner's book, so that a calendar that was looked at before is told what is new (RFC 6578). The
// latest ones stand in the row that every change of the book writes anyway; when it is full, it moves into a row of its own, and the
// oldest of those goes:
//
//	v1/appointment-touched/<account>          number of the last change, and the latest ones
//	v1/appointment-changes/<account>/<chunk>  changeChunk earlier ones
const (
	changeChunk  = 64 // changes of a row
	changeChunks = 32 // rows that are kept: some 2,000 changes, a month of a busy practice

	changeVersion = 1
	changeBytes   = 1 + idBytes // kind and id
	changeHeader  = 1 + 8       // version and number of the last one
)

// What a change is of.
const (
	changedAppointment byte = 'a'
	changedEvent       byte = 'e'
)

// ErrTooOld says that the list of changes does not reach back that far: everything must be read again.
var ErrTooOld error = &consult.Error{Code: consult.CodeConflict, Message: "The list of changes does not reach back that far."}

// Changed names what changed in a practitioner's book: an appointment, or an event of their calendar.
type Changed struct {
	Appointment AppointmentID
	Event       EventID
}

// changeLog is a row: changes in order, of which the last has the number last.
type changeLog struct {
	last    uint64
	changes []byte
}

func (l changeLog) count() int { return len(l.changes) / changeBytes }

func (l changeLog) encode() []byte {
	b := binary.BigEndian.AppendUint64(append(make([]byte, 0, changeHeader+len(l.changes)), changeVersion), l.last)
	return append(b, l.changes...)
}

func decodeChanges(entry kv.Entry) (changeLog, error) {
	b := entry.Value
	if len(b) < changeHeader || b[0] != changeVersion || (len(b)-changeHeader)%changeBytes != 0 {
		return changeLog{}, fmt.Errorf("booking: %s is damaged", entry.Key)
	}
	return changeLog{binary.BigEndian.Uint64(b[1:]), b[changeHeader:]}, nil
}

// bytes is a change as the list has it; what it names is known to be well formed.
func (c Changed) bytes() ([]byte, error) {
	kind, text := changedAppointment, strings.TrimPrefix(string(c.Appointment), appointmentLetters)
	if c.Event != "" {
		kind, text = changedEvent, strings.TrimPrefix(string(c.Event), eventLetters)
	}
	raw, err := base64.RawURLEncoding.DecodeString(text)
	if err != nil || len(raw) != idBytes {
		return nil, fmt.Errorf("booking: changed what has no id: %w", err)
	}
	return append([]byte{kind}, raw...), nil
}

func changedOf(b []byte) Changed {
	text := base64.RawURLEncoding.EncodeToString(b[1:])
	if b[0] == changedEvent {
		return Changed{Event: EventID(eventLetters + text)}
	}
	return Changed{Appointment: AppointmentID(appointmentLetters + text)}
}

func changeKey(of consult.AccountID, chunk uint64) string {
	return fmt.Sprintf("v1/appointment-changes/%s/%016x", of, chunk)
}

// noteChange adds to the list of changes of a practitioner's book. No change at all says that something else about it did. 3 operations, 5
// when a row is full.
func noteChange(tx kv.Txn, of consult.AccountID, changed ...Changed) error {
	key := touchedKey(of)
	var log changeLog
	entry, err := tx.Get(key)
	switch {
	case errors.Is(err, kv.ErrNotFound):
		err = tx.Compare(key, 0)
	case err != nil:
	case entry.Revision != 0: // 0: this transaction wrote it
		if err = tx.Compare(key, entry.Revision); err == nil {
			log, err = decodeChanges(entry)
		}
	default:
		log, err = decodeChanges(entry)
	}
	if err != nil {
		return err
	}
	for _, c := range changed {
		raw, err := c.bytes()
		if err != nil {
			return err
		}
		log.last++
		log.changes = append(slices.Clip(log.changes), raw...)
		if (log.last+1)%changeChunk != 0 {
			continue
		}
		chunk := log.last / changeChunk
		if err := tx.Put(changeKey(of, chunk), log.encode()); err != nil {
			return err
		}
		if chunk >= changeChunks {
			if err := tx.Delete(changeKey(of, chunk-changeChunks)); err != nil {
				return err
			}
		}
		log.changes = nil
	}
	return tx.Put(key, log.encode())
}

func (b *Book) changeLog(of consult.AccountID) (changeLog, error) {
	entry, err := b.kv.Get(touchedKey(of))
	if errors.Is(err, kv.ErrNotFound) || errors.Is(err, kv.ErrBadKey) {
		return changeLog{}, nil
	}
	if err != nil {
		return changeLog{}, err
	}
	return decodeChanges(entry)
}

// LastChange is the number of the last change of a practitioner's book: a calendar's ctag.
func (b *Book) LastChange(of consult.AccountID) (uint64, error) {
	log, err := b.changeLog(of)
	return log.last, b.fail("last change", "", err)
}

// Changes returns what changed in a practitioner's book after the change with this number, each once, and the number of the last
// change. ErrTooOld when the list does not reach back that far, or never came so far.
func (b *Book) Changes(of consult.AccountID, since uint64) ([]Changed, uint64, error) {
	log, err := b.changeLog(of)
	if err != nil {
		return nil, 0, b.fail("changes", "", err)
	}
	if since > log.last {
		return nil, 0, ErrTooOld
	}
	missing := log.last - since
	for changes, first := log.changes, log.last-uint64(log.count()); ; {
		if uint64(len(changes)/changeBytes) >= missing {
			return latest(changes[uint64(len(changes))-missing*changeBytes:]), log.last, nil
		}
		entry, err := b.kv.Get(changeKey(of, first/changeChunk))
		if errors.Is(err, kv.ErrNotFound) {
			return nil, 0, ErrTooOld
		}
		var earlier changeLog
		if err == nil {
			earlier, err = decodeChanges(entry)
		}
		if err != nil {
			return nil, 0, b.fail("changes", "", err)
		}
		if earlier.last != first || earlier.count() == 0 {
			return nil, 0, ErrTooOld
		}
		changes, first = slices.Concat(earlier.changes, changes), first-uint64(earlier.count())
	}
}

// latest are the changes without those of what changed again later.
func latest(raw []byte) []Changed {
	var all []Changed
	seen := map[string]bool{}
	for at := len(raw); at > 0; at -= changeBytes {
		if c := string(raw[at-changeBytes : at]); !seen[c] {
			seen[c] = true
			all = append(all, changedOf([]byte(c)))
		}
	}
	slices.Reverse(all)
	return all
}
