package notify

import (
	"errors"
	"slices"
	"strings"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// maxSeats bounds the seats that one address is looked up for.
const maxSeats = 50

// SeatsOf returns the seats to which somebody was invited at this phone number (E.164) or mail address, ended consultations included.
func (o *Outbox) SeatsOf(address string) ([]SeatRef, error) {
	prefix := contactPrefix(o.keyedHash("contact", address))
	entries, err := o.store.Range(prefix, "", maxSeats)
	if err != nil {
		return nil, o.fail("seats", err)
	}
	seats := make([]SeatRef, 0, len(entries))
	for _, entry := range entries {
		parts := strings.Split(strings.TrimPrefix(entry.Key, prefix), "/") // consultation, participant, notice
		seat := SeatRef{consult.ConsultationID(parts[0]), consult.ParticipantID(parts[1])}
		if !slices.Contains(seats, seat) {
			seats = append(seats, seat)
		}
	}
	return seats, nil
}

// Known says whether a notice with this key was put already.
func (o *Outbox) Known(key string) (bool, error) {
	_, err := o.store.Get(keyKey(key))
	if errors.Is(err, kv.ErrNotFound) {
		return false, nil
	}
	return err == nil, o.fail("key", err)
}
