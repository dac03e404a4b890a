package notify

import (
	"errors"
	"strings"
	"time"

	"github.com/colloque/colloque/consult"
	"github.com/colloque/colloque/consult/kv"
)

// sweepLoop is the goroutine that lets go of what is known of old notices. Start starts it, Close waits for it.
func (o *Outbox) sweepLoop() {
	timer := time.NewTimer(sweepEvery)
	defer timer.Stop()
	for {
		select {
		case <-o.stopping.Done():
			return
		case <-timer.C:
		}
		if n, err := o.sweep(); err != nil {
			o.log.Error("old notices not swept", "error", err)
		} else if n > 0 {
			o.log.Info("old notices swept", "notices", n)
		}
		timer.Reset(sweepEvery)
	}
}

// sweep deletes what is older than Config.Keep and over. The index by day says what is old, so it does not read all there is.
func (o *Outbox) sweep() (int, error) {
	limit := o.clock().Add(-o.cfg.Keep)
	swept := 0
	for {
		entries, err := o.store.Range(agePrefix, "", scanBatch)
		if err != nil {
			return swept, err
		}
		for _, entry := range entries {
			day, id, _ := strings.Cut(strings.TrimPrefix(entry.Key, agePrefix), "/")
			made, err := time.Parse(ageLayout, day)
			if err == nil && !made.AddDate(0, 0, 1).Before(limit) {
				return swept, nil
			}
			if err := o.sweepOne(entry.Key, consult.NoticeID(id)); err != nil {
				return swept, err
			}
			swept++
		}
		if len(entries) < scanBatch {
			return swept, nil
		}
	}
}

func (o *Outbox) sweepOne(ageKey string, id consult.NoticeID) error {
	return o.store.Update(func(tx kv.Txn) error {
		if err := tx.Delete(ageKey); err != nil {
			return err
		}
		r, err := loadRow(tx, id)
		if errors.Is(err, kv.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if !r.State.final() { // planned far ahead: look again later
			return tx.Put(agePrefix+o.clock().Format(ageLayout)+"/"+string(id), nil)
		}
		gone := []string{noticeKey(id)}
		if r.Consultation != "" {
			gone = append(gone, ofPrefix(r.Consultation)+string(id))
		}
		if r.MessageID != "" {
			gone = append(gone, sentKey(r.Gateway, r.MessageID))
		}
		if r.Owner != "" {
			gone = append(gone, r.troubleKey())
		}
		gone = append(gone, r.Indexed...)
		for _, key := range gone {
			if err := tx.Delete(key); err != nil {
				return err
			}
		}
		return nil
	})
}
