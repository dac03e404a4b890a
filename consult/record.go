package consult

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"

	"github.com/colloque/colloque/consult/kv"
)

// The keys of this package. They hold ids and times, never personal data:
//
//	v1/consultation/<consultation>          record: everything about it, sealed
//	v1/open/<account>/<created>/<consultation>   index of what is not ended, oldest first
//	v1/day/<account>/<yyyymmdd>/<instant>/<consultation>   index of all, by the day in the practice's zone on which it is to be
//	v1/of-patient/<patient>/<instant>/<consultation>   index of what was started from a patient's record
//	v1/here/<account>/<consultation>        index of those in which somebody waits or is in the call
//	v1/desk/<account>                       touched whenever that practitioner's desk looks different
//	v1/delay/<account>                      what the practitioner said about being late
//	v1/ticket/<hash>                        Ticket
//	v1/event/<consultation>/<revision>      Event
//	v1/chat-head/<consultation>             how many messages there are
//	v1/chat/<consultation>/<number>         message, sealed
//	v1/note/<consultation>/<account>        private note of that practitioner, sealed with a key of its own
//	v1/organisation/<organisation>          who sends interpreters, sealed with a key of its own
//	v1/erase/<instant>/<consultation>       its messages are to be erased then
//	v1/indexed                              all that is open is in the indexes, see indexAll
//	v1/keyring                              a wrapped key that tells whether the master key is the right one
const (
	deskPrefix  = "v1/desk/" // the consultation that changed last
	openPrefix  = "v1/open/"
	herePrefix  = "v1/here/"
	erasePrefix = "v1/erase/"
	indexedKey  = "v1/indexed"
	keyringKey  = "v1/keyring"
)

func consultationKey(id ConsultationID) string { return "v1/consultation/" + string(id) }
func deskKey(of AccountID) string              { return deskPrefix + string(of) }
func delayKey(of AccountID) string             { return "v1/delay/" + string(of) }
func chatHeadKey(id ConsultationID) string     { return "v1/chat-head/" + string(id) }
func chatPrefix(id ConsultationID) string      { return "v1/chat/" + string(id) + "/" }
func eventPrefix(id ConsultationID) string     { return "v1/event/" + string(id) + "/" }
func eraseKey(id ConsultationID, due time.Time) string {
	return erasePrefix + instant(due) + "/" + string(id)
}
func herePrefixOf(of AccountID) string { return herePrefix + string(of) + "/" }
func openPrefixOf(of AccountID) string { return openPrefix + string(of) + "/" }

func hereKey(of AccountID, id ConsultationID) string { return herePrefixOf(of) + string(id) }

func chatKey(id ConsultationID, number int) string { return chatPrefix(id) + ordered(uint64(number)) }

func eventKey(id ConsultationID, revision uint64) string { return eventPrefix(id) + ordered(revision) }

func openKey(c Consultation) string { return openKeyOf(c.Practitioner, c) }

func openKeyOf(of AccountID, c Consultation) string {
	return openPrefixOf(of) + instant(c.CreatedAt) + "/" + string(c.ID)
}

// instant writes a time so that the order of the text is that of the times.
func instant(t time.Time) string { return t.UTC().Format("20060102T150405.000000000Z") }

// ordered writes a number so that the order of the text is that of the numbers.
func ordered(n uint64) string {
	s := strconv.FormatUint(n, 10)
	return "0000000000"[:max(0, 10-len(s))] + s
}

// record is what is stored of a consultation.
type record struct {
	Consultation Consultation                  `json:"consultation"`
	Tickets      map[ParticipantID][]TicketRef `json:"tickets"`
	DayKey       string                        `json:"day_key,omitempty"` // where the day index has it; "" in records from before there was one
	Booked       bool                          `json:"booked,omitempty"`  // an appointment made it: the appointment book tells its patient
	entry        kv.Entry                      // as it was read; zero for a new one
	key          *DataKey                      // seals the record
	wrappedKey   []byte
	wrappedChat  []byte // wrapped key of the chat; erased when its time is over
}

// sealedRecord is a record as the store sees it.
type sealedRecord struct {
	Version int    `json:"v"`
	Key     []byte `json:"key"`
	ChatKey []byte `json:"chat_key,omitempty"`
	Sealed  []byte `json:"sealed"`
}

const recordVersion = 1

func newRecord(master *Keyring, c Consultation) *record {
	r := &record{Consultation: c, Tickets: map[ParticipantID][]TicketRef{}}
	r.wrappedKey, r.key = master.NewDataKey(consultationKey(c.ID))
	r.wrappedChat, _ = master.NewDataKey(chatPrefix(c.ID))
	return r
}

func (r *record) encode() ([]byte, error) {
	plain, err := json.Marshal(r)
	if err != nil {
		return nil, fmt.Errorf("consult: encode %s: %w", r.Consultation.ID, err)
	}
	sealed := r.key.Seal(consultationKey(r.Consultation.ID), plain)
	return json.Marshal(sealedRecord{recordVersion, r.wrappedKey, r.wrappedChat, sealed})
}

func decodeRecord(master *Keyring, id ConsultationID, entry kv.Entry) (*record, error) {
	var stored sealedRecord
	if err := json.Unmarshal(entry.Value, &stored); err != nil {
		return nil, fmt.Errorf("consult: decode %s: %w", id, err)
	}
	if stored.Version != recordVersion {
		return nil, fmt.Errorf("consult: %s has version %d, want %d", id, stored.Version, recordVersion)
	}
	key, err := master.OpenDataKey(consultationKey(id), stored.Key)
	if err != nil {
		return nil, fmt.Errorf("consult: key of %s: %w", id, err)
	}
	plain, err := key.Open(consultationKey(id), stored.Sealed)
	if err != nil {
		return nil, fmt.Errorf("consult: open %s: %w", id, err)
	}
	r := &record{entry: entry, key: key, wrappedKey: stored.Key, wrappedChat: stored.ChatKey}
	if err := json.Unmarshal(plain, r); err != nil {
		return nil, fmt.Errorf("consult: decode %s: %w", id, err)
	}
	return r, nil
}

// put writes the record where it was read, or gives kv.ErrConflict when it changed meanwhile, and wakes the
// desk. It returns what it wrote. 4 operations.
func (r *record) put(tx kv.Txn) (value []byte, err error) {
	if value, err = r.encode(); err != nil {
		return nil, err
	}
	key := consultationKey(r.Consultation.ID)
	if err := tx.Compare(key, r.entry.Revision); err != nil {
		return nil, err
	}
	if err := tx.Put(key, value); err != nil {
		return nil, err
	}
	here := hereKey(r.Consultation.Practitioner, r.Consultation.ID)
	if r.Consultation.somebodyHere() {
		err = tx.Put(here, []byte(r.Consultation.ID))
	} else {
		err = tx.Delete(here)
	}
	if err != nil {
		return nil, err
	}
	return value, tx.Put(deskKey(r.Consultation.Practitioner), []byte(r.Consultation.ID))
}

// maxEvents bounds what a consultation whose connection flaps for hours can write.
const maxEvents = 1000

// putEvent records what happened. One operation.
func putEvent(tx kv.Txn, c Consultation, action Action, participant ParticipantID, now time.Time) error {
	if c.Revision > maxEvents && action != ActionEnd {
		return nil
	}
	value, err := json.Marshal(Event{now, action, participant, c.State})
	if err != nil {
		return err
	}
	return tx.Put(eventKey(c.ID, c.Revision), value)
}
