package outside

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/booking"
	"github.com/colloque/colloque/consult/kv"
)

// The keys of this package. They hold ids, never personal data:
//
//	v1/outside/<account>/<calendar>        Calendar, sealed with a key of its own
//	v1/outside-busy/<account>/<calendar>   when it keeps its owner busy, sealed likewise
const (
	recordPrefix = "v1/outside/"
	busyPrefix   = "v1/outside-busy/"
)

func recordKey(of consult.AccountID, id CalendarID) string {
	return recordPrefix + string(of) + "/" + string(id)
}

func busyKey(of consult.AccountID, id CalendarID) string {
	return busyPrefix + string(of) + "/" + string(id)
}

// CalendarID names a calendar that another program keeps: "x_…".
type CalendarID string

const idBytes = 16

func newCalendarID() CalendarID {
	var b [idBytes]byte
	_, _ = rand.Read(b[:]) // never fails
	return CalendarID("x_" + base64.RawURLEncoding.EncodeToString(b[:]))
}

// sealed is how a value lies in the store. The wrapped key stands beside it: who erases one erases both.
type sealed struct {
	Key    []byte `json:"key"`
	Sealed []byte `json:"sealed"`
}

func (s *Calendars) seal(key string, plain []byte) ([]byte, error) {
	wrapped, data := s.master.NewDataKey(key)
	return json.Marshal(sealed{wrapped, data.Seal(key, plain)})
}

func (s *Calendars) open(entry kv.Entry) ([]byte, error) {
	var stored sealed
	if err := json.Unmarshal(entry.Value, &stored); err != nil {
		return nil, fmt.Errorf("decode %s: %w", entry.Key, err)
	}
	data, err := s.master.OpenDataKey(entry.Key, stored.Key)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", entry.Key, err)
	}
	return data.Open(entry.Key, stored.Sealed)
}

// put writes a calendar, and when it keeps its owner busy unless that is nil. One that is known and not there any more was removed: it stays so.
func (s *Calendars) put(c Calendar, busy []booking.Interval, known bool) error {
	plain, err := json.Marshal(c)
	if err != nil {
		return err
	}
	record, err := s.seal(recordKey(c.Practitioner, c.ID), plain)
	if err != nil {
		return err
	}
	var times []byte
	if busy != nil {
		if times, err = s.seal(busyKey(c.Practitioner, c.ID), encodeBusy(busy)); err != nil {
			return err
		}
	}
	return s.store.Update(func(tx kv.Txn) error {
		if known {
			had, err := tx.Get(recordKey(c.Practitioner, c.ID))
			if errors.Is(err, kv.ErrNotFound) {
				return nil
			}
			if err := errors.Join(err, tx.Compare(recordKey(c.Practitioner, c.ID), had.Revision)); err != nil {
				return err
			}
		}
		if times != nil {
			if err := tx.Put(busyKey(c.Practitioner, c.ID), times); err != nil {
				return err
			}
		}
		return tx.Put(recordKey(c.Practitioner, c.ID), record)
	})
}

// load reads everything into memory. Nobody else is there yet.
func (s *Calendars) load() error {
	err := s.each(recordPrefix, func(plain []byte) error {
		var c Calendar
		if err := json.Unmarshal(plain, &c); err != nil {
			return err
		}
		s.all[c.ID] = &known{Calendar: c}
		return nil
	})
	if err != nil {
		return err
	}
	for id, k := range s.all {
		entry, err := s.store.Get(busyKey(k.Practitioner, id))
		if errors.Is(err, kv.ErrNotFound) {
			continue // never read
		}
		if err != nil {
			return err
		}
		plain, err := s.open(entry)
		if err != nil {
			return err
		}
		k.busy = decodeBusy(plain)
		s.join(k.Practitioner)
	}
	return nil
}

// each opens all values under a prefix.
func (s *Calendars) each(prefix string, do func(plain []byte) error) error {
	for from := ""; ; {
		entries, err := s.store.Range(prefix, from, kv.MaxRange)
		if err != nil {
			return err
		}
		for _, entry := range entries {
			plain, err := s.open(entry)
			if err == nil {
				err = do(plain)
			}
			if err != nil {
				return fmt.Errorf("calendars outside: %w", err)
			}
		}
		if len(entries) < kv.MaxRange {
			return nil
		}
		from = kv.After(entries[len(entries)-1].Key)
	}
}

// encodeBusy writes pairs of Unix seconds.
func encodeBusy(busy []booking.Interval) []byte {
	out := make([]byte, 0, 16*len(busy))
	for _, i := range busy {
		out = binary.BigEndian.AppendUint64(out, uint64(i.From.Unix()))
		out = binary.BigEndian.AppendUint64(out, uint64(i.To.Unix()))
	}
	return out
}

func decodeBusy(plain []byte) []booking.Interval {
	busy := make([]booking.Interval, 0, len(plain)/16)
	for ; len(plain) >= 16; plain = plain[16:] {
		at := func(b []byte) time.Time { return time.Unix(int64(binary.BigEndian.Uint64(b)), 0).UTC() }
		busy = append(busy, booking.Interval{From: at(plain), To: at(plain[8:])})
	}
	return busy
}
