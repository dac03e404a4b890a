package notify

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// Delivery is what became of one notice. It holds no personal data.
type Delivery struct {
	Notice      consult.NoticeID      `json:"notice"`
	Participant consult.ParticipantID `json:"participant,omitempty"`
	Kind        consult.NoticeKind    `json:"kind"`
	Channel     Channel               `json:"channel"`
	State       State                 `json:"state"`
	Reason      Reason                `json:"reason,omitempty"`
	CreatedAt   time.Time             `json:"created_at"`
	ChangedAt   time.Time             `json:"changed_at"`
	Due         time.Time             `json:"due"` // of a queued one: when it is tried next
}

// Deliveries returns what became of a consultation's notices, oldest first.
func (o *Outbox) Deliveries(of consult.ConsultationID) ([]Delivery, error) {
	prefix := ofPrefix(of)
	entries, err := o.store.Range(prefix, "", kv.MaxRange)
	if errors.Is(err, kv.ErrBadKey) {
		return nil, nil
	}
	if err != nil {
		return nil, o.fail("deliveries", err)
	}
	deliveries := make([]Delivery, 0, len(entries))
	for _, entry := range entries {
		r, err := loadRow(o.store, consult.NoticeID(strings.TrimPrefix(entry.Key, prefix)))
		if errors.Is(err, kv.ErrNotFound) {
			continue // swept meanwhile
		}
		if err != nil {
			return nil, o.fail("deliveries", err)
		}
		deliveries = append(deliveries, r.delivery())
	}
	slices.SortStableFunc(deliveries, func(a, b Delivery) int { return a.CreatedAt.Compare(b.CreatedAt) })
	return deliveries, nil
}

func (r *row) delivery() Delivery {
	return Delivery{r.id, r.Participant, r.Kind, r.Channel, r.State, r.Reason, r.CreatedAt, r.ChangedAt, r.Due}
}

// fail makes of any error one that may leave the package. What is not ours is logged and hidden.
func (o *Outbox) fail(what string, err error) error {
	var own *consult.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &own):
		return own
	case errors.Is(err, kv.ErrConflict):
		return consult.ErrBusy
	}
	o.log.Error("outbox", "action", what, "error", fmt.Sprint(err))
	return consult.ErrInternal
}
